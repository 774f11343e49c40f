"""Recordings as links: a request answers with its recorded responses in order, then repeats the last."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from harness.at_commands import at_key, split_joined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.at_commands import FamilyRecords
    from harness.recording.exchange import Exchange, LinkKind, Recording


class RecordedAnswers:
    """Recorded exchanges by request, each with its own position."""

    def __init__(self, exchanges: Sequence[Exchange], same: Callable[[str], str]) -> None:
        self._same = same
        self._answers: dict[str, list[Exchange]] = {}
        self._next: dict[str, int] = {}
        self._lock = threading.Lock()
        for exchange in exchanges:
            self._answers.setdefault(same(exchange.request), []).append(exchange)

    @property
    def requests(self) -> tuple[str, ...]:
        """What was recorded, as it is compared."""
        return tuple(self._answers)

    def answer(self, request: str) -> Exchange | None:
        """The answer whose turn it is; None for a request that was never recorded."""
        key = self._same(request)
        with self._lock:
            answers = self._answers.get(key)
            if answers is None:
                return None
            position = min(self._next.get(key, 0), len(answers) - 1)
            self._next[key] = position + 1
            return answers[position]


class Replay:
    """A recorded link: what every kind of it is."""

    def __init__(self, recording: Recording, kind: LinkKind, same: Callable[[str], str]) -> None:
        self._recording = recording
        self._exchanges = recording.links.get(kind, ())
        self._answers = RecordedAnswers(self._exchanges, same)

    @property
    def address(self) -> str:
        """The recording's folder, else its name."""
        return self._recording.path or self._recording.info.id

    @property
    def recording(self) -> Recording:
        """What is replayed."""
        return self._recording

    def close(self) -> None:
        """Nothing to let go of."""


class ReplayShell(Replay):
    """A recorded ADB shell. Requests compare exactly, but for blanks around them. Deadlines never pass."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording, "adb", str.strip)

    def run(self, commands: Sequence[str], *, deadline_s: float) -> list[Exchange | None]:
        """The recorded answers, errors included; None for a command that was never recorded."""
        return [self._answers.answer(command) for command in commands]

    def allow_commands(self, commands: Sequence[str]) -> None:
        """Nothing is sent: what was recorded may be read."""


class ReplayAt(Replay):
    """A recorded AT port. Requests compare by `at_key`. Deadlines never pass."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording, "at", at_key)

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """The recorded answer, its error included; None for a command that was never recorded.

        Of a joined request that was never recorded, the answer to the largest part of it that was: what is asked of a
        modem has grown since, and an exchange names what it answers.
        """
        found = self._answers.answer(command)
        if found is None and len(wanted := set(split_joined(command))) > 1:
            parts = {key: set(split_joined(key)) for key in self._answers.requests}
            smaller = [key for key, some in parts.items() if len(some) > 1 and some < wanted]
            if smaller:
                found = self._answers.answer(max(smaller, key=lambda key: len(parts[key])))
        return found

    def allow_reads(self, forms: Sequence[str]) -> None:
        """Nothing is sent: what was recorded may be read."""

    def learn_records(self, records: FamilyRecords) -> None:
        """Nothing comes unasked here, and nothing is written."""
