"""The values that the HTML templates show, as `view` lays them out of the document."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from harness.reports.document.band_table import AskedBand
from harness.reports.document.combinations import CombinationsView
from harness.reports.document.document import Document
from harness.reports.document.entries import (
    CarrierResult,
    DeviceEntry,
    EditionEntry,
    LayerName,
    RequirementEntry,
    RunEntry,
    Said,
    VerdictEntry,
)
from harness.reports.document.lab_entries import LabEntry, SubmissionEntry
from harness.reports.document.minute import Lack, OpenPoint
from harness.reports.figures.heat_map import HeatMap
from harness.verdicts.verdict import Outcome

from .evidence import Evidence, PlaceLink
from .sweep_view import SweepView


class PageView(Struct, frozen=True):
    """The variables of `report.html.j2`."""

    doc: Document
    run: RunEntry
    lab: LabEntry
    devices: list[DeviceView]
    many: bool
    several: bool
    editions: list[EditionView]
    columns: list[tuple[str, str, str]]
    most_across: int
    compiled: list[str]
    """Whose word the requirements are."""
    lacks: list[Lack]
    open_points: list[OpenPoint]
    named: Any
    day: str
    """The day as of which was judged."""
    many_cases: bool
    """More devices and carriers than a page can tell one by one: on paper what is met is told in groups."""
    shared_scope: list[str]
    """What none of the editions assesses."""
    timeline: Markup
    sections: list[SectionView]
    missing: int
    words: ModuleType
    listed: Any
    waived: list[VerdictEntry]
    accredited: bool

    def variables(self) -> dict[str, Any]:
        """By name, as a template takes them."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class DeviceView(Struct, frozen=True):
    """One device. `card` are words and values, `now` is what it was doing while it was read."""

    anchor: str
    facts: DeviceEntry
    card: list[tuple[str, str | None]]
    now: list[tuple[str, str]]
    declaration: str
    """The sheet that declares, with its confidence and sources."""
    results: dict[tuple[str, str], CarrierResult]
    picture: Markup
    legend: Markup
    heat: HeatMap | None
    heat_picture: Markup
    layers: list[LayerName]
    bands: list[BandView]
    known: list[KnownLayer]
    carriers: list[CarrierView]
    combinations: CombinationsView | None
    sweep: SweepView | None
    disagreements: list[DisagreementView]
    not_assessed: list[NotAssessed]
    evidence: Evidence


class CarrierView(Struct, frozen=True):
    """One carrier's requirements: what a reviewer must see first, the rest to be folded."""

    anchor: str
    result: CarrierResult
    edition: EditionEntry
    first: list[VerdictLine]
    failing: list[VerdictLine]
    """Of the first those that are not met."""
    met: list[VerdictLine]
    rest: list[VerdictLine]
    met_groups: list[MetGroup]
    noted: list[VerdictLine]
    """Of the first those that are met with a note; `noted_groups` says the same in few lines."""
    noted_groups: list[MetGroup]
    informative: str
    """What the informative requirements came to, in words; empty where there is none."""
    not_assessed: list[str]
    """What this edition does not assess beside what none does."""


class VerdictLine(Struct, frozen=True):
    """One verdict with the links to its evidence. `rule` is None where the edition has no such requirement."""

    verdict: VerdictEntry
    rule: RequirementEntry | None
    links: list[PlaceLink]


class BandView(Struct, frozen=True):
    """One band in words."""

    label: str
    downlink: str
    uplink: str
    duplex: str
    asked: tuple[AskedBand, ...]
    worst: Outcome | None
    layers: dict[LayerName, bool | None]


class KnownLayer(Struct, frozen=True):
    """What some layers have, and of the bands that a carrier asks for, what they lack and do not tell."""

    names: list[LayerName]
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    untold: tuple[str, ...]


class SaidView(Struct, frozen=True):
    """One side of a disagreement, with the link to where it was said."""

    said: Said
    link: PlaceLink | None


class DisagreementView(Struct, frozen=True):
    """A disagreement with its links."""

    about: str
    says: list[SaidView]


class NotAssessed(Struct, frozen=True):
    """What was not judged of a device for one reason."""

    why: str
    what: list[str]
    brief: list[str]
    """The same by numbers."""


class RuleGroup(Struct, frozen=True):
    """Requirements of one level, grade, source and note."""

    level: str
    needed: str
    publishers: tuple[str, ...]
    authority: str | None
    as_of: str | None
    note: str
    rules: list[RequirementEntry]


class EditionView(Struct, frozen=True):
    """An edition, its requirements in groups."""

    edition: EditionEntry
    groups: list[RuleGroup]


class MetGroup(Struct, frozen=True):
    """Requirements of one carrier that are met, of one level, by evidence of one grade from one link, with one note."""

    level: str
    grade: str
    by: str
    note: str
    ids: list[str]


class SectionView(Struct, frozen=True):
    """One section of the submission checklist."""

    name: str
    rows: list[SubmissionEntry]
