"""The recorded answers of one link, as a device gives them: in order, then the last one again and again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.simulation.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from harness.recording.exchange import Exchange


class Tape:
    """Recorded exchanges by request, each request with its own position. `key` makes equal requests equal."""

    def __init__(self, exchanges: Iterable[Exchange], key: Callable[[str], str]) -> None:
        self._key = key
        self._answers: dict[str, list[Exchange]] = {}
        self._next: dict[str, int] = {}
        for exchange in exchanges:
            self._answers.setdefault(key(exchange.request), []).append(exchange)

    def __contains__(self, request: str) -> bool:
        return self._key(request) in self._answers

    def __iter__(self) -> Iterator[Exchange]:
        """All exchanges, those of one request together."""
        for answers in self._answers.values():
            yield from answers

    def take(self, request: str) -> Exchange | None:
        """The answer whose turn it is; None for a request that was never recorded."""
        key = self._key(request)
        answers = self._answers.get(key)
        if answers is None:
            return None
        position = min(self._next.get(key, 0), len(answers) - 1)
        self._next[key] = position + 1
        return answers[position]

    def look(self, request: str) -> Exchange | None:
        """The answer whose turn it is, without taking it."""
        key = self._key(request)
        answers = self._answers.get(key)
        return answers[min(self._next.get(key, 0), len(answers) - 1)] if answers else None

    def put(self, exchange: Exchange) -> None:
        """From now on this is the only answer to its request."""
        self._answers[self._key(exchange.request)] = [exchange]

    def rewind(self) -> None:
        """Begin again with the first answers, as after a reboot."""
        self._next.clear()


def shell_key(command: str) -> str:
    """What makes two shell commands the same: all but the blanks around them."""
    return command.strip()


@remembered
def at_key(command: str) -> str:
    """What makes two AT commands the same (V.250 clause 5.2.1): case and blanks count only between quotes."""
    pieces = re.split(r'("[^"]*"?)', command.strip())
    return "".join(piece if piece.startswith('"') else re.sub(r"\s+", "", piece).upper() for piece in pieces)
