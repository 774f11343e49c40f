"""One item of an ICS as a device told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from harness.ics.answers import Basis
    from harness.observations import Grade, Source


@dataclass(frozen=True, slots=True)
class ItemFact:
    """`value` is what may be written into the item; None with the reason why nothing may.

    `support` is evidence that it has the item and that writes no answer: `seen` in use, the `fallback` of what it told.
    """

    value: bool | None
    reason: str
    grade: Grade | None = None
    basis: Basis = ""
    evidence: tuple[Source, ...] = ()
    support: Literal["", "seen", "fallback"] = ""

    @property
    def firm(self) -> bool:
        """Whether the value rests on more than one statement of a message without a checksum."""
        return self.value is not None and self.basis != "told_once"
