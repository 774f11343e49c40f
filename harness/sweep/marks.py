"""What stands in a sweep's exchanges beside the device's own answers: where a part begins, and what witnesses said.

A mark is an exchange like any other: `request` is `sweep` and its words, `response` its lines. Nothing in a mark says
how a band came out; that is read from the device's answers between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.plain_text import one_line
from harness.recording.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD: Final = "sweep "
_NOTHING: Final = "-"
PLAN, STATE, BASELINE, BACK, AFTER, END = "plan", "state", "baseline", "back", "after", "end"
TRIAL, AIR, NETWORK, DATA, TROUBLE = "trial", "air", "network", "data", "trouble"
SCAN: Final = "scan"
VERSION: Final = "bandproof.sweep/1"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: its word, what stands behind it, its lines."""

    word: str
    rest: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def band(self) -> tuple[str, int] | None:
        """The band that it is of; None where it names none."""
        if len(self.rest) != 2 or not self.rest[1].isdigit():
            return None
        return self.rest[0], int(self.rest[1])


def mark(word: str, *rest: object, lines: Iterable[str] = (), at: str) -> Exchange:
    """A mark as it is kept. Lines lose what would break them; one without any has a dash, for no answer is empty."""
    text = "".join(f"{one_line(line)}\r\n" for line in lines if line) or f"{_NOTHING}\r\n"
    return Exchange(_WORD + " ".join(map(str, (word, *rest))), text.encode(), elapsed_ms=0.0, at=at)


def mark_of(exchange: Exchange) -> Mark | None:
    """The mark that an exchange is; None for one of the device."""
    if not exchange.request.startswith(_WORD):
        return None
    word, *rest = exchange.request.removeprefix(_WORD).split()
    return Mark(word, tuple(rest), tuple(line for line in exchange.text.splitlines() if line != _NOTHING))
