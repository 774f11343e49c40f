"""What was declared of a device beside its sheet, held against it: a maker's ICS, an FCC grant. Contradictions first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from harness.observations import GradeWord

from .entries import Count, EvidencePlace, Words, place_of

if TYPE_CHECKING:
    from harness.requirements.bound import Bound
    from harness.requirements.proforma.granting import GrantedBand, HeldGrant
    from harness.requirements.proforma.holding import Held, ItemLine

AnswerWord = Literal["contradiction", "undeclared", "open", "agrees"]


class IcsItemEntry(Struct, frozen=True):
    """One item of a proforma: what the file states, what the device says to it."""

    key: Words
    mnemonic: str | None
    about: str
    stated: Literal["true", "false", "default", "blank", "absent"]
    """`default`: a FALSE that may be the template's; `absent`: the item does not stand in the file."""
    answer: AnswerWord
    grade: GradeWord | None
    reason: str
    place: str | None
    evidence: tuple[EvidencePlace, ...]


class IcsEntry(Struct, frozen=True, kw_only=True):
    """One filled proforma held against the device. Items that nobody states and nobody measured are counted only."""

    source: Words
    speaks: bool
    """Whether it is of this model and software configuration, as far as can be compared."""
    agrees: bool
    sentence: Words
    counts: dict[str, Count]
    remarks: tuple[str, ...]
    unread: tuple[str, ...]
    """Rows that were not read, with sheet, row and column."""
    items: tuple[IcsItemEntry, ...]


class GrantBandEntry(Struct, frozen=True):
    """One enabled band against the lines of a grant."""

    label: Words
    answer: Literal["finding", "open", "covered"]
    reason: str
    missing_mhz: tuple[tuple[float, float], ...]
    cannot_be_told_from: tuple[str, ...]
    grade: GradeWord
    evidence: tuple[EvidencePlace, ...]


class GrantEntry(Struct, frozen=True, kw_only=True):
    """The grants of a device held against what is enabled on it."""

    names: Annotated[tuple[str, ...], Meta(min_length=1)]
    sentence: Words
    refused: str | None
    bands: tuple[GrantBandEntry, ...]
    not_judged: tuple[str, ...]
    remarks: tuple[str, ...]


class PapersEntry(Struct, frozen=True):
    """The papers of one device."""

    ics: tuple[IcsEntry, ...] = ()
    grant: GrantEntry | None = None


def papers_entry(bound: Bound) -> PapersEntry | None:
    """The papers of one device as the document keeps them; None where none was declared."""
    if not bound.papers:
        return None
    held = bound.held_grant
    return PapersEntry(tuple(map(_ics, bound.held_ics)), _grant(held) if held is not None else None)


def _ics(held: Held) -> IcsEntry:
    shown = [line for line in held.lines if line.state != "open" or line.claimed]
    return IcsEntry(
        source=held.source,
        speaks=not held.speaks.refused,
        agrees=held.agrees,
        sentence=held.sentence,
        counts=held.counts(),
        remarks=held.all_remarks,
        unread=held.unread,
        items=tuple(map(_item, shown)) if not held.speaks.refused else (),
    )


def _item(line: ItemLine) -> IcsItemEntry:
    return IcsItemEntry(
        key=line.key,
        mnemonic=line.item.mnemonic or None,
        about=line.item.label,
        stated=line.stated,
        answer=line.state,
        grade=line.grade.word if line.grade else None,
        reason=line.reason,
        place=line.place or None,
        evidence=tuple(map(place_of, line.evidence)),
    )


def _grant(held: HeldGrant) -> GrantEntry:
    return GrantEntry(
        names=tuple(one.fcc_id or one.source or "a grant" for one in held.grants),
        sentence=held.sentence,
        refused=held.refused or None,
        bands=tuple(map(_band, held.bands)),
        not_judged=held.not_judged,
        remarks=held.remarks,
    )


def _band(one: GrantedBand) -> GrantBandEntry:
    return GrantBandEntry(
        label=one.label,
        answer=one.state,
        reason=one.reason,
        missing_mhz=one.missing,
        cannot_be_told_from=one.like,
        grade=one.grade.word,
        evidence=tuple(map(place_of, one.evidence)),
    )
