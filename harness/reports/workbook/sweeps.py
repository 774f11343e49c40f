"""The sheets `Sweep` and `Put back` of the workbook: a row a band, a row a thing that was changed or watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.reports.document.sweep_rows import sweep_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.reports.document.document import Document
    from harness.reports.document.entries import EvidencePlace

SWEEP_COLUMNS = (
    *("Device", "Band", "Verdict", "Cell", "Lock", "Attach", "Proof", "Attach s", "RSRP dBm", "RSRQ dB", "SINR dB"),
    *("Found", "Evidence"),
)
BACK_COLUMNS = ("Device", "What", "Before", "After", "As before", "Writes", "Evidence")


def swept_rows(document: Document, place: Callable[[EvidencePlace], str]) -> list[tuple[Any, ...]]:
    """A row a band of each device that was swept; none where none was."""
    return [
        (
            *(device.device, one.label, one.verdict.verdict if one.verdict else None, one.air, one.lock, one.attach),
            *(one.proof, one.attach_s, one.rsrp_dbm, one.rsrq_db, one.sinr_db, one.why),
            place(one.place).strip() if one.place else "",
        )
        for device in document.devices
        if (swept := sweep_rows(document, device)) is not None
        for one in swept.rows
    ]


def back_rows(document: Document, place: Callable[[EvidencePlace], str]) -> list[tuple[Any, ...]]:
    """First the sentence of each device, then a row a thing; what was only looked at says so."""
    rows: list[tuple[Any, ...]] = []
    for device in document.devices:
        swept = sweep_rows(document, device)
        if swept is None:
            continue
        rows.append((device.device, swept.sentence, None, None, None, None, ""))
        rows += [
            (
                device.device,
                f"{one.words} (only looked at)" if one.watched else one.words,
                *(one.before, one.after, "yes" if one.is_back else "NO", one.written),
                place(one.place).strip() if one.place else "",
            )
            for one in swept.compared
        ]
    return rows
