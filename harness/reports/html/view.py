"""What the HTML templates show, laid out of the document: no fact is added here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import Registration, ServingCell, Sim
from harness.radio.tables import band_label
from harness.reports.document import words
from harness.reports.document.band_table import band_rows, mhz, told_layers, worst_of
from harness.reports.document.combinations import combinations_view
from harness.reports.document.document import informative_words
from harness.reports.document.entries import declaration
from harness.reports.document.minute import carriers_in_words, compiled_from, lacks, open_points
from harness.reports.document.results import listed
from harness.reports.document.submission import missing
from harness.reports.figures.band_picture import legend, picture
from harness.reports.figures.heat_map import heat_map, heat_picture
from harness.reports.figures.timeline import timeline
from harness.verdicts.result import MET
from harness.verdicts.verdict import Outcome

from .evidence import Evidence
from .page import (
    BandView,
    CarrierView,
    DeviceView,
    DisagreementView,
    EditionView,
    KnownLayer,
    MetGroup,
    NotAssessed,
    PageView,
    RuleGroup,
    SaidView,
    SectionView,
    VerdictLine,
)
from .sweep_view import sweep_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.reports.document.band_table import BandRow
    from harness.reports.document.document import Document
    from harness.reports.document.entries import (
        CarrierResult,
        DeviceEntry,
        Disagreement,
        LayerName,
        RequirementEntry,
        VerdictEntry,
    )
    from harness.reports.document.lab_entries import SubmissionEntry
    from harness.reports.document.told_facts import ToldFacts
    from harness.reports.exchanges import Exchanges

_OPEN_DEVICES = 4
"""With more devices than this, each one is folded and the overview comes first."""
_CARD = (
    ("Hardware", "hardware"),
    ("Codename", "codename"),
    ("Android", "android"),
    ("Build", "build"),
    ("ROM version", "rom_version"),
    ("ROM region", "rom_region"),
    ("Fingerprint", "fingerprint"),
    ("Security patch", "security_patch"),
    ("Baseband", "baseband"),
    ("Carrier configuration", "carrier_config"),
    ("TAC of the IMEI", "tac_imei"),
    ("SVN", "svn"),
)
_HANDSET_ONLY = {"build", "codename", "android", "rom_version", "rom_region", "fingerprint", "security_patch"}
_MODEM_ONLY = {"carrier_config"}
_FEW_CASES = 2
"""Up to so many devices times carriers every requirement that is met has its row on paper."""
_MOST_ACROSS = 5
"""Columns of verdicts that a page has room for."""


def view(document: Document, exchanges: Exchanges) -> PageView:
    """The variables of `report.html.j2`."""
    from markupsafe import Markup

    cited = _cited(document.verdicts)
    devices = [_device(document, n, device, exchanges, cited) for n, device in enumerate(document.devices)]
    return PageView(
        doc=document,
        run=document.run,
        lab=document.lab,
        devices=devices,
        many=len(devices) > _OPEN_DEVICES,
        several=len(devices) > 1,
        editions=[EditionView(edition, _alike(edition.requirements)) for edition in document.editions],
        columns=list(dict.fromkeys((*one.ref, one.name) for one in document.results)),
        most_across=_MOST_ACROSS,
        compiled=compiled_from(document),
        lacks=lacks(document),
        open_points=open_points(document),
        named=carriers_in_words,
        day=document.run.as_of or document.run.started[:10],
        many_cases=len(document.results) > _FEW_CASES,
        shared_scope=_shared_scope(document),
        timeline=Markup(timeline(document)),  # noqa: S704 - escapes what it draws
        sections=_sections(document.submission),
        missing=missing(document.submission),
        words=words,
        listed=listed,
        waived=[one for one in document.verdicts if one.verdict is Outcome.WAIVED],
        accredited=document.lab.accreditation is not None,
    )


def _sections(rows: Iterable[SubmissionEntry]) -> list[SectionView]:
    """The submission checklist, section by section, in its order."""
    found: dict[str, list[SubmissionEntry]] = {}
    for row in rows:
        found.setdefault(row.section, []).append(row)
    return [SectionView(name, kept) for name, kept in found.items()]


def _shared_scope(document: Document) -> list[str]:
    """What none of the editions assesses: told once."""
    told = [set(one.not_assessed) for one in document.editions]
    first = document.editions[0].not_assessed if document.editions else ()
    return [one for one in first if all(one in each for each in told)]


def _alike(requirements: Iterable[RequirementEntry]) -> list[RuleGroup]:
    """The requirements of an edition, those of one level, grade, source and note together."""
    found: dict[tuple[object, ...], list[RequirementEntry]] = {}
    for rule in requirements:
        key = (rule.level, rule.needed, rule.publishers, rule.authority, rule.as_of, rule.note)
        found.setdefault(key, []).append(rule)
    return [
        RuleGroup(one.level, one.needed, one.publishers, one.authority, one.as_of, one.note, rules)
        for rules in found.values()
        for one in rules[:1]
    ]


def _cited(verdicts: Iterable[VerdictEntry]) -> dict[str, dict[int, set[int]]]:
    """Device -> exchange -> the lines that verdicts rest on."""
    found: dict[str, dict[int, set[int]]] = {}
    for verdict in verdicts:
        for place in verdict.evidence:
            if place.exchange is not None and place.line is not None:
                found.setdefault(verdict.device, {}).setdefault(place.exchange, set()).add(place.line)
    return found


def _device(
    document: Document,
    number: int,
    device: DeviceEntry,
    exchanges: Exchanges,
    cited: Mapping[str, Mapping[int, set[int]]],
) -> DeviceView:
    from markupsafe import Markup

    name, anchor = device.device, f"d{number}"
    evidence = Evidence(anchor, exchanges.get(name, ()), cited.get(name, {}), device.exchanges)
    results, verdicts = document.results_of(name), document.verdicts_of(name)
    rows, heat = band_rows(document, device), heat_map(document, device)
    return DeviceView(
        anchor=anchor,
        facts=device,
        card=card(device),
        declaration=declaration(device),
        now=_now(device.observations, device.locks),
        results={result.ref: result for result in results},
        # The picture's own module escapes what it draws.
        picture=Markup(picture(document, device, anchor)),  # noqa: S704
        legend=Markup(legend(anchor)),  # noqa: S704
        heat=heat,
        heat_picture=Markup(heat_picture(heat, f"{anchor}-heat") if heat else ""),  # noqa: S704
        layers=told_layers(device),
        bands=[_band(row) for row in rows],
        known=_known(device, rows),
        carriers=[_carrier(document, f"{anchor}-c{n}", one, verdicts, evidence) for n, one in enumerate(results)],
        combinations=combinations_view(device.observations, verdicts, _kinds(document)),
        sweep=sweep_view(document, device, evidence),
        disagreements=[_disagreement(item, evidence) for item in device.disagreements],
        not_assessed=not_assessed(results, verdicts),
        evidence=evidence,
    )


def _kinds(document: Document) -> dict[tuple[str, str, str], str]:
    """The kind of each requirement, by carrier, edition and id."""
    return {(*one.ref, rule.id): rule.kind for one in document.editions for rule in one.requirements}


def card(device: DeviceEntry) -> list[tuple[str, str | None]]:
    """The identity card: words and values, None where the device did not tell what a submission asks for."""
    identity = device.identity
    skipped = _HANDSET_ONLY if device.kind == "modem" else _MODEM_ONLY
    maker = identity.get("manufacturer") or identity.get("brand")
    model = identity.get("market_name") or identity.get("model")
    number = identity.get("model") if identity.get("market_name") else None
    rows: list[tuple[str, str | None]] = [("Sample", device.sample)] if device.sample else []
    rows += [("Maker", maker), ("Model", model)]
    rows += [("Model number", number)] if number else []
    rows += [(title, identity.get(key)) for title, key in _CARD if identity.get(key) is not None or key not in skipped]
    return rows + [("Links", bond) for bond in device.bonds]


def _now(facts: ToldFacts, locks: Sequence[str]) -> list[tuple[str, str]]:
    """SIM, registration and serving cells while the device was read."""
    rows = []
    for sim in facts.of(Sim):
        told = [sim.operator, sim.plmn and f"PLMN {sim.plmn}", sim.state]
        rows.append((f"SIM{_slot(sim.slot)}", " · ".join(part for part in told if part) or "not told"))
    for one in facts.of(Registration):
        if one.domain != "cs" and one.state != "unknown":
            network = f", PLMN {one.plmn}" if one.plmn else ""
            domain = f" {one.domain.upper()}" if one.domain else ""
            rows.append((f"Registration{domain}{_slot(one.slot)}", f"{one.state.replace('_', ' ')}{network}"))
    rows += [(_role(cell), _cell(cell)) for cell in facts.of(ServingCell)]
    rows += [("Lock in force", lock) for lock in locks]
    return list(dict.fromkeys(rows))


def _slot(slot: int | None) -> str:
    return "" if slot is None else f", slot {slot}"


def _role(cell: ServingCell) -> str:
    return {"pcell": "Serving cell", "scell": "SCell", "pscell": "PSCell"}[cell.role] + _slot(cell.slot)


def _cell(cell: ServingCell) -> str:
    rat = cell.rat or ""
    channel = "NR-ARFCN" if rat.startswith("nr") else {"umts": "UARFCN", "gsm": "ARFCN"}.get(rat, "EARFCN")
    parts = [
        band_label(rat, cell.band) if rat and cell.band is not None else "band not known",
        f"{channel} {cell.arfcn}" if cell.arfcn is not None else "",
        f"PCI {cell.pci}" if cell.pci is not None else "",
        f"{cell.bandwidth_khz / 1000:g} MHz" if cell.bandwidth_khz else "",
        "" if cell.registered is None else "registered" if cell.registered else "not registered",
        "configured only" if cell.active is False else "",
        "channel and reported band contradict" if cell.band_source == "conflict" else "",
    ]
    return ", ".join(part for part in parts if part)


def _band(row: BandRow) -> BandView:
    band = row.spectrum
    return BandView(
        label=row.label,
        downlink=mhz(band.dl_mhz) if band else "not a band of 3GPP",
        uplink=mhz(band.ul_mhz) if band else "–",
        duplex=band.duplex if band else "",
        asked=row.asked,
        worst=worst_of(row.asked),
        layers=row.layers,
    )


def _known(device: DeviceEntry, rows: Sequence[BandRow]) -> list[KnownLayer]:
    """What each layer has, lacks and does not tell; layers that are alike together."""
    asked = [row for row in rows if row.asked]
    found: dict[tuple[tuple[str, ...], ...], list[LayerName]] = {}
    for layer in told_layers(device):
        has = tuple(row.label for row in rows if row.layers[layer] is True)
        lacks = tuple(row.label for row in asked if row.layers[layer] is False)
        untold = tuple(row.label for row in asked if row.layers[layer] is None)
        found.setdefault((has, lacks, untold), []).append(layer)
    return [KnownLayer(names, has, lacks, untold) for (has, lacks, untold), names in found.items()]


def _carrier(
    document: Document, anchor: str, result: CarrierResult, verdicts: Iterable[VerdictEntry], evidence: Evidence
) -> CarrierView:
    edition = next(one for one in document.editions if one.ref == result.ref)
    rules = {rule.id: rule for rule in edition.requirements}
    own = [verdict for verdict in verdicts if verdict.ref == result.ref]
    own.sort(key=lambda verdict: words.READING_ORDER.index(verdict.verdict))
    lines = [VerdictLine(one, rules.get(one.requirement), evidence.links(one.evidence)) for one in own]
    return CarrierView(
        anchor=anchor,
        result=result,
        edition=edition,
        first=[line for line in lines if line.verdict.verdict not in {Outcome.PASS, Outcome.NA}],
        failing=[line for line in lines if line.verdict.verdict not in {Outcome.NA, *MET}],
        met=[line for line in lines if line.verdict.verdict is Outcome.PASS],
        rest=[line for line in lines if line.verdict.verdict is Outcome.NA],
        met_groups=_groups(own, Outcome.PASS),
        noted=[line for line in lines if line.verdict.verdict is Outcome.PASS_NOTE],
        noted_groups=_groups(own, Outcome.PASS_NOTE),
        informative=informative_words(own),
        not_assessed=[one for one in edition.not_assessed if one not in _shared_scope(document)],
    )


def _groups(verdicts: Iterable[VerdictEntry], outcome: Outcome) -> list[MetGroup]:
    """What is met, with a note or without, in groups that need one line each; whose note is its own stands alone."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for one in verdicts:
        if one.verdict is outcome:
            links = dict.fromkeys(place.link or "" for place in one.evidence)
            by = ", ".join(words.LINKS.get(link, link) for link in links if link)
            by = by or ("the declaration" if one.grade == "declared" else "no line of evidence")
            fact, _, note = one.reason.partition("; ") if outcome is Outcome.PASS_NOTE else ("", "", "")
            found.setdefault((one.level, one.grade or "none", by, note or fact), []).append(one.requirement)
    return [MetGroup(*shared, ids) for shared, ids in found.items()]


def _disagreement(item: Disagreement, evidence: Evidence) -> DisagreementView:
    says = [SaidView(said, evidence.link(said.source) if said.source else None) for said in item.says]
    return DisagreementView(item.about, says)


def not_assessed(results: Sequence[CarrierResult], verdicts: Sequence[VerdictEntry]) -> list[NotAssessed]:
    """What was not judged of a device, each reason once."""
    groups: dict[str, dict[tuple[str, str], list[str]]] = {}
    for verdict in verdicts:
        if verdict.verdict is Outcome.NA:
            informative = verdict.level == "informative"
            why = "informative: decides nothing" if informative else verdict.reason
            groups.setdefault(why, {}).setdefault(verdict.ref, []).append(verdict.requirement)
    for result in results:
        for id_ in result.not_run:
            why = "not judged in this run: left out by selection or cut short"
            groups.setdefault(why, {}).setdefault(result.ref, []).append(id_)
    return [
        NotAssessed(
            why,
            [f"{'@'.join(ref)}: {', '.join(ids)}" for ref, ids in what.items()],
            [f"{len(ids)} of {ref[0]}" for ref, ids in what.items()],
        )
        for why, what in groups.items()
    ]
