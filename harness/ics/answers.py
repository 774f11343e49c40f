"""A proforma filled from evidence, as a value: each item with its answer, or with the reason why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from harness.observations import Grade, Source
    from harness.radio.ics import IcsItem

    from .declaration import IcsHead

Basis = Literal["told", "told_once", "implied", ""]
"""`told_once`: at one place only of a message without a checksum. `implied`: a mode that follows from other items."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """The answer to one item. `value` None: it stays blank, and `reason` says why."""

    item: IcsItem
    value: bool | None
    reason: str
    grade: Grade | None = None
    basis: Basis = ""
    evidence: tuple[Source, ...] = ()
    sha256: tuple[str, ...] = ()
    """Of each exchange of the evidence, in the same order: the hash of its response as it was kept."""

    def as_json(self) -> dict[str, Any]:
        """The shape of the JSON form."""
        return {
            "key": self.item.key,
            "mnemonic": self.item.mnemonic or None,
            "about": self.item.label,
            "value": self.value,
            "basis": self.basis or None,
            "grade": self.grade.word if self.grade else None,
            "reason": self.reason,
            "evidence": [
                {"link": s.link, "exchange": s.exchange, "request": s.request, "sha256": digest}
                for s, digest in zip(self.evidence, self.sha256, strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class FilledIcs:
    """A whole proforma filled from what one device told. Every FALSE in it is an answer; blanks are none."""

    device: str
    head: IcsHead
    answers: tuple[ItemAnswer, ...]
    remarks: tuple[str, ...] = ()
    statement: str = (
        "Filled from measurements by bandproof. TRUE: the modem itself told it. FALSE: a complete list of the modem"
        " lacks it. Blank: not measured, for the maker to answer. A pre-check, not a submission."
    )

    def counts(self) -> dict[str, int]:
        """How many items are answered, and how; `implied` modes are counted apart from `true` and `false`."""
        direct = [one for one in self.answers if one.basis != "implied"]
        return {
            "items": len(self.answers),
            "true": sum(one.value is True for one in direct),
            "false": sum(one.value is False for one in direct),
            "implied": sum(one.value is not None for one in self.answers if one.basis == "implied"),
            "told_once": sum(one.basis == "told_once" for one in self.answers),
            "blank": sum(one.value is None for one in self.answers),
        }

    def sentence(self) -> str:
        """How many items are answered, in words."""
        n = self.counts()
        once = f" ({n['told_once']} of them told once only)" if n["told_once"] else ""
        return (
            f"{n['true']} items TRUE{once}, {n['false']} FALSE, {n['implied']} modes that follow, {n['blank']} blank"
            f" of {n['items']}"
        )
