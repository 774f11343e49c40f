"""The band sweep of a device as the page shows it: a row a band, its course in time, and what was put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.reports.document.sweep_rows import sweep_rows
from harness.reports.figures.sweep_timeline import sweep_timeline

if TYPE_CHECKING:
    from markupsafe import Markup

    from harness.reports.document.document import Document
    from harness.reports.document.entries import DeviceEntry
    from harness.reports.document.sweep_rows import ComparedRow, SweepRows, TrialRow

    from .evidence import Evidence, PlaceLink


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One band, with the link to its evidence."""

    row: TrialRow
    link: PlaceLink | None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One thing that was changed or watched, with the link to its last reading."""

    row: ComparedRow
    link: PlaceLink | None


@dataclass(frozen=True, slots=True)
class SweepView:
    """The section of one device."""

    told: SweepRows
    lines: list[TrialLine]
    compared: list[ComparedLine]
    timeline: Markup


def sweep_view(document: Document, device: DeviceEntry, evidence: Evidence) -> SweepView | None:
    """The section of a device; None where it was not swept."""
    from markupsafe import Markup

    told = sweep_rows(document, device)
    if told is None:
        return None
    return SweepView(
        told=told,
        lines=[TrialLine(one, evidence.link(one.place) if one.place else None) for one in told.rows],
        compared=[ComparedLine(one, evidence.link(one.place) if one.place else None) for one in told.compared],
        timeline=Markup(sweep_timeline(told.trials, [one.label for one in told.rows])),  # noqa: S704 - escapes what it draws
    )
