"""The sheet `Declared` of the workbook: proformas and grants held against the device, what needs work first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.reports.document.document import Document
    from harness.reports.document.entries import EvidencePlace
    from harness.reports.document.papers import GrantEntry, IcsEntry

COLUMNS = ("Device", "Paper", "Item", "About", "Stated", "Answer", "Grade", "Reason", "Place in the file", "Evidence")


def paper_rows(document: Document, place: Callable[[EvidencePlace], str]) -> list[tuple[Any, ...]]:
    """A row an item, a band and a row that was not read; none where nothing was declared."""
    rows: list[tuple[Any, ...]] = []
    for device in document.devices:
        papers = document.papers.get(device.device)
        if papers is None:
            continue
        for ics in papers.ics:
            rows += _ics(device.device, ics, place)
        if papers.grant is not None:
            rows += _grant(device.device, papers.grant, place)
    return rows


def _ics(device: str, ics: IcsEntry, place: Callable[[EvidencePlace], str]) -> Iterator[tuple[Any, ...]]:
    yield device, ics.source, "", "", "", "agrees" if ics.agrees else "", "", ics.sentence, "", ""
    for one in ics.items:
        where = "; ".join(place(source) for source in one.evidence)
        name = one.mnemonic or one.key
        yield device, ics.source, name, one.about, one.stated, one.answer, one.grade, one.reason, one.place, where
    for fault in ics.unread:
        yield device, ics.source, "", "", "", "not read", "", fault, "", ""


def _grant(device: str, grant: GrantEntry, place: Callable[[EvidencePlace], str]) -> Iterator[tuple[Any, ...]]:
    name = ", ".join(grant.names)
    yield device, name, "", "", "", "", "", grant.refused or grant.sentence, "", ""
    for one in grant.bands:
        where = "; ".join(place(source) for source in one.evidence)
        yield device, name, one.label, one.label, "enabled", one.answer, one.grade, one.reason, "", where
