"""An FCC grant held against what is enabled on a device: a band whose uplink no line of the grant covers is a finding.

The reverse proves nothing: a line does not say which band transmits in it, a grant is silent on bands outside the United
States and on downlink-only ones, and a later permissive change or a module's own grant may name more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.observations import EnabledBands, Grade, ServingCell
from harness.radio.tables import band_label, bands_of
from harness.radio.us_rules import block_edges, joined, uplink_pieces, us_bands

from .known_bands import KnownBands

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.ics.grants import Grant, GrantLine
    from harness.observations import Source
    from harness.radio.us_rules import MHz
    from harness.survey.survey import Survey

GrantState = Literal["finding", "open", "covered"]
_SLACK_MHZ = 1.0
"""Designators tell the occupied bandwidth, which is a little less than the channel's."""
_UNTOLD_MHZ = 10.0
"""Half of the widest LTE channel: how far a line may reach beyond its range where no designator tells its bandwidth."""


@dataclass(frozen=True, slots=True)
class GrantedBand:
    """One enabled band held against the lines of a grant. `missing` is what of its uplink no line covers, in MHz."""

    rat: str
    band: int
    state: GrantState
    reason: str
    missing: tuple[MHz, ...] = ()
    like: tuple[str, ...] = ()
    """Other bands that the same lines cover: the range cannot tell them apart."""
    grade: Grade = Grade.MEASURED
    evidence: tuple[Source, ...] = ()

    @property
    def label(self) -> str:
        """B66, n77, UMTS 2, GSM 850."""
        return band_label(self.rat, self.band)

    def as_json(self) -> dict[str, Any]:
        """The shape of reports."""
        return {
            "rat": self.rat,
            "band": self.band,
            "label": self.label,
            "answer": self.state,
            "reason": self.reason,
            "missing_mhz": [list(one) for one in self.missing],
            "cannot_be_told_from": list(self.like),
            "grade": self.grade.word,
            "evidence": [
                {"link": s.link, "exchange": s.exchange, "request": s.request, "line": s.line} for s in self.evidence
            ],
        }


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """The grants of one device held against what is enabled on it; `refused` says why they decide nothing."""

    device: str
    grants: tuple[Grant, ...]
    bands: tuple[GrantedBand, ...]
    refused: str = ""
    not_judged: tuple[str, ...] = ()
    """Enabled bands of which a grant's silence tells nothing."""
    remarks: tuple[str, ...] = ()

    def of(self, state: GrantState) -> tuple[GrantedBand, ...]:
        """The bands with one answer."""
        return tuple(one for one in self.bands if one.state == state)

    @property
    def sentence(self) -> str:
        """The whole comparison in one sentence."""
        names = " and ".join(one.fcc_id or one.source for one in self.grants)
        if self.refused:
            return f"{names}: {self.refused}"
        findings = self.of("finding")
        if findings:
            return f"{names}: enabled, and not in its lines: {', '.join(_left_out(one) for one in findings)}"
        covered = " ".join(one.label for one in self.of("covered"))
        return f"{names}: every enabled band of the US rules lies in its lines ({covered}); that proves no support"


def hold_grants(survey: Survey, grants: Sequence[Grant], fcc_id: str = "") -> HeldGrant:
    """Hold the lines of all grants of a device against what is enabled on it.

    `fcc_id` is what the customer says of the item; a grant of another one does not speak of it.
    """
    lines = [line for grant in grants for line in grant.lines if line.licensed]
    strangers = [one.fcc_id for one in grants if fcc_id and one.fcc_id and _plain(one.fcc_id) != _plain(fcc_id)]
    if strangers:
        return HeldGrant(
            survey.device, tuple(grants), (), f"the item's FCC ID is {fcc_id}, the grant is of {strangers[0]}"
        )
    if not lines:
        return HeldGrant(
            survey.device, tuple(grants), (), "no line of a licensed service: it is a grant of other radios"
        )
    enabled = dict(_enabled(KnownBands(survey)))
    if not enabled:
        why = "what is enabled on the device was not observed, and it is attached on no band"
        return HeldGrant(survey.device, tuple(grants), (), why)
    module = any(one.refers_to_module for one in grants)
    judged = tuple(
        _judged(rat, band, source, grade, lines, module=module)
        for (rat, band), (source, grade) in enabled.items()
        if (rat, band) in us_bands()
    )
    left = tuple(band_label(rat, band) for rat, band in enabled if (rat, band) not in us_bands())
    remarks = (
        () if fcc_id and all(one.fcc_id for one in grants) else ("that it is of this device is the user's word alone",)
    )
    return HeldGrant(survey.device, tuple(grants), judged, "" if judged else _NOTHING, left, remarks)


_NOTHING = "no band of the US rules is enabled, so its lines tell nothing"


def _plain(fcc_id: str) -> str:
    return "".join(sign for sign in fcc_id.upper() if sign.isalnum())


_Told = tuple[tuple["Source", ...], Grade]


def _enabled(known: KnownBands) -> Iterator[tuple[tuple[str, int], _Told]]:
    """The bands (RAT as tables name it, number) that are enabled, or that the device is attached on."""
    found: dict[tuple[str, int], _Told] = {}
    for one in known.survey.all(EnabledBands):
        bands = one.bands if one.bands is not None else _supported(known, one.rat) if one.unlimited else ()
        for band in bands or ():
            found.setdefault((_table(one.rat), band), ((one.source,) if one.source else (), one.grade))
    for cell in known.survey.all(ServingCell):
        if cell.rat and cell.band is not None and (_table(cell.rat), cell.band) not in found:
            fact = known.fact(cell.rat, cell.band)
            if fact.has and cell.band_source != "conflict" and fact.grade == Grade.OBSERVED:
                found[_table(cell.rat), cell.band] = (fact.evidence, Grade.OBSERVED)
    yield from sorted(found.items(), key=lambda one: (list(_ORDER).index(one[0][0]), one[0][1]))


_ORDER = ("lte", "nr", "umts", "gsm")


def _table(rat: str) -> str:
    return "nr" if rat.startswith("nr") else "lte" if rat in {"lte_m", "nb_iot"} else rat


def _supported(known: KnownBands, rat: str) -> tuple[int, ...]:
    """Under "no restriction" what is enabled is what the device has, where its own lists say so."""
    named = {band for one in known.survey.supported if one.rat == rat for band in one.bands or ()}
    facts = {band: known.fact(rat, band) for band in named}
    return tuple(sorted(band for band, fact in facts.items() if fact.has and fact.grade == Grade.MEASURED))


def _judged(
    rat: str, band: int, evidence: tuple[Source, ...], grade: Grade, lines: Sequence[GrantLine], *, module: bool
) -> GrantedBand:
    need = uplink_pieces(rat, band)
    missing = _missing(need, lines, bands_of(rat)[band].ul_mhz)
    label = band_label(rat, band)
    width = sum(high - low for low, high in need)
    left = sum(high - low for low, high in missing)
    in_part = bands_of(rat)[band].ul_mhz != need[0]
    if not missing or (in_part and left < width - _SLACK_MHZ):
        like = _like(rat, band, lines)
        apart = f"; the range cannot tell it from {', '.join(like)}" if like else ""
        return GrantedBand(rat, band, "covered", f"{label} lies in the grant{apart}", missing, like, grade, evidence)
    part = "" if missing == tuple(need) else f"{_ranges(missing)} of "
    reason = f"{label} is enabled, and no line of the grant covers {part}its uplink ({_ranges(need)})"
    if module:
        return GrantedBand(
            rat,
            band,
            "open",
            f"{reason}; the grant refers to a module's own, which was not given",
            missing,
            (),
            grade,
            evidence,
        )
    return GrantedBand(rat, band, "finding", reason, missing, (), grade, evidence)


def _ranges(ranges: Sequence[MHz]) -> str:
    return f"{', '.join(f'{low:g} to {high:g}' for low, high in ranges)} MHz"


def _left_out(one: GrantedBand) -> str:
    """A finding in few words: `B7 (2500 to 2570 MHz)`."""
    return f"{one.label} ({_ranges(one.missing)})"


def _missing(need: Sequence[MHz], lines: Sequence[GrantLine], uplink: MHz | None) -> tuple[MHz, ...]:
    """What of the needed ranges no line covers, but for the slack at an edge."""
    width = uplink[1] - uplink[0] if uplink else 0.0
    slack = min(_SLACK_MHZ, width / 8)
    reach = min(_UNTOLD_MHZ, width / 3)
    covered = joined([_reached(line, reach) for line in lines])
    out: list[MHz] = []
    for low, high in need:
        at = low
        for begin, end in covered:
            if end <= at or begin >= high:
                continue
            if begin - at > slack:
                out.append((at, begin))
            at = max(at, end)
        if high - at > slack:
            out.append((at, high))
    return tuple(out)


def _reached(line: GrantLine, untold: float) -> MHz:
    """The line's range from the lowest channel's edge to the highest's. A block of the rules is told by its edges."""
    edges = block_edges()
    if _near(line.low_mhz, edges) and _near(line.high_mhz, edges):
        return line.low_mhz, line.high_mhz
    half = untold if line.bandwidth_mhz is None else line.bandwidth_mhz / 2
    return line.low_mhz - half, line.high_mhz + half


def _near(value: float, edges: frozenset[float]) -> bool:
    return any(abs(value - edge) < 0.051 for edge in edges)


def _like(rat: str, band: int, lines: Sequence[GrantLine]) -> tuple[str, ...]:
    """Other bands of the same RAT whose uplink overlaps this one and that the same lines cover whole."""
    own = uplink_pieces(rat, band)
    out = []
    for other_rat, other in us_bands():
        if other_rat != rat or other == band:
            continue
        need = uplink_pieces(rat, other)
        overlaps = any(low < end and begin < high for low, high in own for begin, end in need)
        if overlaps and not _missing(need, lines, bands_of(rat)[other].ul_mhz):
            out.append(band_label(rat, other))
    return tuple(out)
