"""Many shell commands in one round trip: compose the script, split its output. Pure.

Around each command stands a marker that nobody can guess, printed from a variable: the script's own text, should a
command print it, holds no marker. Output is taken up to the marker exactly, with or without a line end.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SCRIPT = 60_000
"""A service name of adb ends at 65535 bytes."""
MAX_SCRIPT_V1 = 3_500
"""Handsets of before Android 7 take 4096 bytes in one message."""


@dataclass(frozen=True, slots=True)
class Script:
    """A composed script for the commands from number `first` on."""

    text: str
    nonce: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Finished:
    """One command's whole answer; `stderr` is None where it cannot be told from `stdout` (shell v1)."""

    index: int
    stdout: bytes
    stderr: bytes | None
    exit_code: int


def compose(commands: Sequence[str], *, separate: bool = True, limit: int = MAX_SCRIPT) -> list[Script]:
    """Scripts of at most `limit` bytes that run the commands in order, each in a subshell without input.

    `separate`: standard error has a stream of its own (shell v2). Raises ValueError for a command that does not fit.
    """
    nonces = ((new_nonce(), *one) for one in _bodies(tuple(commands), separate, limit))
    return [Script(_head(nonce) + body, nonce, first, count) for nonce, body, first, count in nonces]


@lru_cache(maxsize=16)
def _bodies(commands: tuple[str, ...], separate: bool, limit: int) -> tuple[tuple[str, int, int], ...]:
    """What stands behind the heads of the scripts, the number of the first command and how many; the same for a rack."""
    room = limit - len(_head(new_nonce()))
    bodies: list[tuple[str, int, int]] = []
    body, size, first = "", 0, 0
    for index, command in enumerate(commands):
        part = _part(command, index, separate=separate)
        length = len(part.encode())
        if length > room:
            raise ValueError(f"a command of {len(command)} characters does not fit into a script of {limit} bytes")
        if size + length > room:
            bodies.append((body, first, index - first))
            body, size, first = "", 0, index
        body, size = body + part, size + length
    if body:
        bodies.append((body, first, len(commands) - first))
    return tuple(bodies)


def new_nonce() -> str:
    """A marker that no output can hold by chance or on purpose."""
    return f"bp{secrets.token_hex(16)}"


def _head(nonce: str) -> str:
    return f"bp_m={nonce}\n"


def _part(command: str, index: int, *, separate: bool) -> str:
    # eval keeps a command with an open quote or bracket from swallowing the rest of the script.
    quoted = command.replace("'", "'\\''")
    part = f"(eval '{quoted}') </dev/null\necho \"$bp_m:{index}:$?:\"\n"
    return part + (f'echo "$bp_m:{index}:" >&2\n' if separate else "")


class Splitter:
    """Cuts the output of one script into the answers of its commands as it comes."""

    def __init__(self, script: Script, *, separate: bool = True) -> None:
        self._script = script
        self._separate = separate
        self._stdout = _Stream(script, _EXIT)
        self._stderr = _Stream(script, _PLAIN)
        self._next = script.first

    @property
    def next_index(self) -> int:
        """The number of the command whose answer is not whole yet."""
        return self._next

    @property
    def done(self) -> bool:
        """Whether all answers are whole."""
        return self._next >= self._script.first + self._script.count

    @property
    def held(self) -> int:
        """Bytes of answers that are not whole."""
        return self._stdout.held + self._stderr.held

    @property
    def partial(self) -> tuple[bytes, bytes | None]:
        """What came of the answer that is not whole."""
        stdout = self._stdout.unfinished(self._next)
        return stdout, self._stderr.unfinished(self._next) if self._separate else None

    def feed(self, stream: Literal["stdout", "stderr"], data: bytes) -> list[Finished]:
        """Take output; answer the commands that it finishes, in order."""
        (self._stdout if stream == "stdout" or not self._separate else self._stderr).feed(data)
        out = []
        while not self.done and (answer := self._stdout.answers.get(self._next)) is not None:
            errors = self._stderr.answers.get(self._next) if self._separate else None
            if self._separate and errors is None:
                break
            stdout, code, pty = answer
            # A pty writes CR LF for every LF; the marker's own line end tells whether one was between.
            stdout = stdout.replace(b"\r\n", b"\n") if pty else stdout
            out.append(Finished(self._next, stdout, None if errors is None else errors[0], int(code)))
            self._stdout.answers.pop(self._next)
            self._stderr.answers.pop(self._next, None)
            self._next += 1
        return out


_EXIT = re.compile(rb":(\d{1,3}):(\r?\n)")
_PLAIN = re.compile(rb":()(\r?\n)")
_LONGEST_TAIL = len(b":255:\r\n")


class _Stream:
    """One stream, cut at its markers. Only the marker expected next counts."""

    def __init__(self, script: Script, tail: re.Pattern[bytes]) -> None:
        self._nonce = script.nonce.encode()
        self._tail = tail
        self._expect = script.first
        self._last = script.first + script.count
        self._data = bytearray()
        self._searched = 0
        self.answers: dict[int, tuple[bytes, bytes, bool]] = {}

    def feed(self, data: bytes) -> None:
        self._data += data
        while self._data and self._expect < self._last and (found := self._marker()) is not None:
            start, match = found
            self.answers[self._expect] = bytes(self._data[:start]), match[1], match[2] == b"\r\n"
            del self._data[: match.end()]
            self._searched = 0
            self._expect += 1

    def _marker(self) -> tuple[int, re.Match[bytes]] | None:
        """Where the next marker stands and its whole tail; None where it has not come, or not all of it."""
        # A pattern of its own for each marker would have to be compiled: that costs more than all else here.
        marker = self._nonce + b":%d" % self._expect
        start = self._data.find(marker, self._searched)
        while start >= 0:
            end = start + len(marker)
            if (match := self._tail.match(self._data, end)) is not None:
                return start, match
            if len(self._data) - end < _LONGEST_TAIL:
                self._searched = start
                return None
            start = self._data.find(marker, start + 1)
        self._searched = max(0, len(self._data) - len(marker))
        return None

    @property
    def held(self) -> int:
        waiting = sum(len(answer[0]) for answer in self.answers.values()) if self.answers else 0
        return len(self._data) + waiting

    def unfinished(self, index: int) -> bytes:
        if index in self.answers:
            return self.answers[index][0]
        return bytes(self._data) if index == self._expect else b""
