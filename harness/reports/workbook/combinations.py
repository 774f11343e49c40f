"""The workbook's sheet of carrier combinations: what a carrier asks and misses first, then what each device tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.capability_facts import BandCombinations, CarrierComponent
from harness.carriers.configurations import ConfigurationPart, parse_configuration
from harness.reports.document.combinations import TYPES, order_of, uplink_of
from harness.reports.document.entries import place_of
from harness.requirements.capability import combination_name, serves
from harness.requirements.combination import CombinationRule, wanted_of
from harness.verdicts.result import READING_ORDER
from harness.verdicts.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harness.reports.document.document import Document
    from harness.reports.document.entries import DeviceEntry, EvidencePlace, RequirementEntry, VerdictEntry
    from harness.requirements.capability import WantedCarrier

COLUMNS = (
    *("Device", "Kind", "Combination", "Uplink", "Carriers", "Asked by", "There", "Verdict"),
    *("Source", "Grade", "Note"),
)
MOST = 2_000
"""Combinations of one device that the sheet lists beyond those asked for; a modem tells thousands."""
MOST_IN_ALL = 20_000
_LEAST = 100
_THERE = {Outcome.FAIL: "no", Outcome.PASS: "yes", Outcome.PASS_NOTE: "yes"}
_Row = tuple[Any, ...]


def combination_rows(document: Document, place: Callable[[EvidencePlace], str]) -> list[_Row]:
    """The rows, device by device; none where nothing is asked and nothing told. `place` writes a source."""
    devices = document.devices
    most = max(_LEAST, min(MOST, MOST_IN_ALL // max(1, len(devices))))
    rows = []
    for device in devices:
        asked = _asked(document, device.device)
        rows += [_wanted_row(device.device, rule, verdict, place) for rule, verdict in asked]
        rows += _told_rows(device, asked, most, place)
    return rows


def _asked(document: Document, device: str) -> list[tuple[RequirementEntry, VerdictEntry]]:
    """Requirement and verdict of each combination that is asked of the device, what is missing first."""
    rules = {
        (*edition.ref, rule.id): rule
        for edition in document.editions
        for rule in edition.requirements
        if rule.kind == "combination"
    }
    found = [
        (rules[ref], verdict)
        for verdict in document.verdicts
        if verdict.device == device and (ref := (*verdict.ref, verdict.requirement)) in rules
    ]
    return sorted(found, key=lambda pair: READING_ORDER.index(pair[1].verdict))


def _wanted_row(
    device: str, rule: RequirementEntry, verdict: VerdictEntry, place: Callable[[EvidencePlace], str]
) -> _Row:
    parsed = parse_configuration(rule.configuration or "")
    return (
        device,
        TYPES[parsed[0]] if parsed else None,
        rule.configuration,
        rule.uplink,
        sum(part.carriers for part in parsed[1]) if parsed else None,
        _by(verdict),
        _THERE.get(verdict.verdict, "not known"),
        verdict.verdict,
        "; ".join(place(source) for source in verdict.evidence) or None,
        verdict.grade,
        verdict.reason,
    )


def _by(verdict: VerdictEntry) -> str:
    return f"{verdict.carrier}@{verdict.edition} {verdict.requirement} ({verdict.level})"


def _told_rows(
    device: DeviceEntry,
    asked: Sequence[tuple[RequirementEntry, VerdictEntry]],
    most: int,
    place: Callable[[EvidencePlace], str],
) -> Iterator[_Row]:
    """One row a combination and uplink: those that answer what is asked first, then in the order of their bands."""
    wanted = [(_by(verdict), *_wanted(rule)) for rule, verdict in asked]
    rows: dict[_Row, list[_Row]] = {}
    for item in device.observations.of(BandCombinations):
        for row in _list_rows(device.device, item, wanted, place):
            rows.setdefault((row[1], row[2], row[3], row[8]), []).append(row)
    # Said twice in one list, a combination is there although one of the two was told once.
    merged = [min(alike, key=lambda row: row[6] != "yes") for alike in rows.values()]
    merged.sort(key=lambda row: (row[5] is None, list(TYPES.values()).index(row[1]), order_of(row[2]), row[3] or ""))
    yield from merged[:most]
    if len(merged) > most:
        left = f"{len(merged) - most} more combinations of this device are left out here; report.json holds all"
        yield (device.device, *(None,) * 9, left)


def _wanted(rule: RequirementEntry) -> tuple[set[str], tuple[WantedCarrier, ...]]:
    """The types of list that answer a requirement, and its components."""
    asked = CombinationRule(
        id=rule.id, level=rule.level, configuration=rule.configuration or "", uplink=rule.uplink or ""
    )
    type_, components = wanted_of(asked)
    # An EN-DC combination without its SCG is LTE CA.
    return {type_, *(["en_dc"] * (type_ == "lte_ca"))}, components


def _list_rows(
    device: str,
    item: BandCombinations,
    wanted: Sequence[tuple[str, set[str], tuple[WantedCarrier, ...]]],
    place: Callable[[EvidencePlace], str],
) -> Iterator[_Row]:
    once = set(item.told_once)
    source = place(place_of(item.source)) if item.source else None
    answers = [(by, components) for by, types, components in wanted if item.type in types]
    for number, parts in enumerate(item.combinations):
        yield (
            device,
            TYPES[item.type],
            combination_name(parts),
            uplink_of(parts) or None,
            sum(map(_carriers, parts)),
            "; ".join(by for by, components in answers if serves(parts, components)) or None,
            "told once" if number in once else "yes",
            None,
            source,
            item.grade.word,
            "told once only, by a message without a checksum: it decides nothing" if number in once else None,
        )


def _carriers(part: CarrierComponent) -> int:
    return ConfigurationPart("nr" if part.rat == "nr" else "lte", part.band, (part.dl_class or "A").upper()).carriers
