"""The survey of one device as a person reads it: who it is, where it is attached, its bands side by side, what is odd."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from harness.binding.binding import warnings_of
from harness.binding.links import hold_links
from harness.binding.locks import locks_in_force
from harness.binding.service import attached
from harness.capability_facts import BandCombinations
from harness.commands.views.band_grid import draw_bands
from harness.commands.views.swept import FACTS, swept_rows
from harness.observations import EnabledBands, Identity, Observation, Registration, ServingCell, Sim, SupportedBands
from harness.radio.tables import band_label
from harness.recording.scrubbing.scrub import scrub_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.commands.views.page import Page
    from harness.observations import Reading
    from harness.survey.survey import Survey

_ROLES = {"pcell": 0, "pscell": 1, "scell": 2}
_HAVE_A_PLACE = (Identity, Sim, Registration, ServingCell, SupportedBands, EnabledBands)
_ABOUT = {"kind", "source", "grade", "slot"}
_DOMAINS = {"cs": "CS", "ps": "PS", "eps": "EPS", "5gs": "5GS", None: "domain not told"}


def draw(page: Page, survey: Survey) -> None:
    """Write the whole survey to a page."""
    kind = {"handset": "handset", "modem": "modem", None: "no answer"}[survey.kind]
    page.heading(
        f"{survey.label} ({', '.join(filter(None, (kind, survey.kind and (survey.provenance or 'recorded'))))})"
    )
    page.rows(
        [("address", scrub_address(survey.address), ""), *([("dialect", survey.dialect, "")] if survey.dialect else [])]
    )
    for bond in hold_links(survey).bonds:
        page.text(str(bond))
    if survey.trouble and not survey.exchanges and not survey.observations:
        page.text(f"could not be read: {survey.trouble}")
        return
    if survey.trouble:
        page.text(f"could not be read to the end: {survey.trouble}")
    _facts(page, "Identity", _identity(survey))
    _facts(page, "SIM", ((_slot(sim.slot), _sim(sim), where(sim)) for sim in survey.all(Sim)))
    _facts(page, "Registration", (_registration(item) for item in survey.registrations))
    _facts(page, "Serving cells", (_cell(item) for item in _in_order(survey.all(ServingCell))))
    for lock in locks_in_force(survey):
        page.text(f"lock in force: {lock}")
    draw_bands(page, survey)
    if swept := [(name, words, where(item)) for name, words, item in swept_rows(survey)]:
        _facts(page, "Band sweep", swept)
    _facts(page, "More", _more(survey))
    _odd(page, survey)


def draw_reading(page: Page, reading: Reading) -> None:
    """What a text told, as `draw` shows it, without what it said nothing of."""
    from harness.survey.survey import Survey

    survey = Survey("text", "text", None, reading.observations, reading.warnings)
    parts: tuple[tuple[str, Iterable[tuple[str, str, str]]], ...] = (
        ("Identity", _identity(survey)),
        ("SIM", ((_slot(sim.slot), _sim(sim), where(sim)) for sim in survey.all(Sim))),
        ("Registration", (_registration(item) for item in survey.registrations)),
        ("Serving cells", (_cell(item) for item in _in_order(survey.all(ServingCell)))),
    )
    for title, rows in parts:
        if told := list(dict.fromkeys(rows)):
            _facts(page, title, told)
    if survey.supported or survey.enabled or any(cell.band is not None for cell in survey.all(ServingCell)):
        draw_bands(page, survey)
    if more := list(_more(survey)):
        _facts(page, "More", more)
    if not reading.observations:
        page.text("nothing that bandproof knows was read in it", indent=0)
    _odd(page, survey)


def where(item: Observation) -> str:
    """Grade and source of a fact: `measured  at#3 AT+QNWPREFCFG="lte_band" line 2`."""
    return f"{item.grade.word}  {item.source or 'source not told'}"


def _facts(page: Page, title: str, rows: Iterable[tuple[str, str, str]]) -> None:
    page.heading(title)
    # One fact that several lines of one answer repeat is shown once.
    told = list(dict.fromkeys(rows))
    if told:
        page.rows(told)
    else:
        page.text("not observed")


def _identity(survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Every part; a part that two sources tell differently stands there twice."""
    for name in (part.name for part in fields(Identity) if part.name not in _ABOUT):
        told: set[str] = set()
        for item in survey.all(Identity):
            value = getattr(item, name)
            if value and value not in told:
                told.add(value)
                yield name.replace("_", " "), str(value), where(item)


def _sim(sim: Sim) -> str:
    parts = [sim.state, sim.plmn and f"PLMN {sim.plmn}", sim.operator]
    parts += [f"carrier id {sim.carrier_id}" if sim.carrier_id is not None else None, sim.gid1 and f"GID1 {sim.gid1}"]
    return ", ".join(part for part in parts if part) or "not told"


def _registration(item: Registration) -> tuple[str, str, str]:
    parts = [item.state.replace("_", " "), item.rat and item.rat.upper(), item.plmn and f"PLMN {item.plmn}"]
    if item.cause is not None:
        parts.append(f"reject cause {item.cause}")
    return _joined(_slot(item.slot), _DOMAINS[item.domain]), ", ".join(p for p in parts if p), where(item)


def _in_order(cells: tuple[ServingCell, ...]) -> list[ServingCell]:
    """By slot; in each the PCell first, then the PSCell and the SCells."""
    return sorted(cells, key=lambda cell: (-1 if cell.slot is None else cell.slot, _ROLES[cell.role]))


def _cell(cell: ServingCell) -> tuple[str, str, str]:
    role = {"pcell": "PCell", "scell": "SCell", "pscell": "PSCell"}[cell.role]
    channel = (
        "NR-ARFCN"
        if (cell.rat or "").startswith("nr")
        else "UARFCN"
        if cell.rat == "umts"
        else ("ARFCN" if cell.rat == "gsm" else "EARFCN")
    )
    parts = [
        f"{cell.rat.upper() if cell.rat else 'RAT not told'} {_band(cell)}",
        f"{channel} {cell.arfcn}" if cell.arfcn is not None else f"{channel} not told",
        f"PCI {cell.pci}" if cell.pci is not None else "PCI not told",
        f"{cell.bandwidth_khz / 1000:g} MHz" if cell.bandwidth_khz is not None else "bandwidth not told",
        f"PLMN {cell.plmn}" if cell.plmn else "",
        f"TAC {cell.tac}" if cell.tac is not None else "",
        {True: "registered", False: "not registered", None: ""}[cell.registered if cell.role == "pcell" else None],
        {True: "active", False: "configured, not active", None: ""}[None if cell.role == "pcell" else cell.active],
    ]
    return _joined(_slot(cell.slot), role), ", ".join(part for part in parts if part), where(cell)


def _band(cell: ServingCell) -> str:
    rat = cell.rat or "lte"
    if cell.band_source == "conflict":
        told, named = (band_label(rat, b) if b is not None else "?" for b in (cell.band, cell.band_reported))
        return f"band in conflict: {told} by its channel, {named} by the device"
    if cell.band is not None:
        return band_label(rat, cell.band)
    if cell.band_candidates:
        return "band " + " or ".join(band_label(rat, band) for band in cell.band_candidates)
    return "band not told"


def _more(survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Everything that has no place of its own above."""
    for item in survey.observations:
        if isinstance(item, BandCombinations):
            kind = item.type.upper().replace("_", "-")
            yield "band combinations", f"{kind}: {len(item.combinations)}", where(item)
        elif not isinstance(item, (*_HAVE_A_PLACE, *FACTS)):
            told = item.as_json()
            parts = [
                _words(name, value)
                for name, value in told.items()
                if name not in _ABOUT and value is not None and value != []
            ]
            slot = _slot(told.get("slot"))
            yield (
                _joined(item.kind.replace("_", " "), "" if slot == "slot not told" else slot),
                ", ".join(parts),
                (where(item)),
            )


def _words(name: str, value: object) -> str:
    shown = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return shown if name in {"name", "mode"} else f"{name.replace('_', ' ')} {shown}"


def _odd(page: Page, survey: Survey) -> None:
    """Conflicts between sources, with each side; then what could not be read."""
    from harness.reports.document.band_layers import bands_by_layer
    from harness.reports.document.disagreements import disagreements
    from harness.reports.document.told_facts import ToldFacts

    facts = ToldFacts(survey.observations)
    conflicts = disagreements(facts, bands_by_layer(facts, {}, attached(survey)), None)
    page.heading("Conflicts and warnings")
    for conflict in conflicts:
        page.text(f"{conflict.about}:")
        for side in conflict.says:
            told = (side.source.link, side.source.request) if side.source else ()
            place = " ".join(part for part in told if part)
            page.text(side.what + (f"  ({place})" if place else ""), indent=6)
    warnings = warnings_of(survey)
    for warning in warnings:
        page.text(f"warning: {warning}")
    if not conflicts and not warnings:
        page.text("none")


def _slot(slot: object) -> str:
    return "slot not told" if slot is None else f"slot {slot}"


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word)
