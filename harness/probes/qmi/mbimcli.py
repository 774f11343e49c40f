"""Answers of mbimcli (libmbim) -> facts (reference qmi-mbim.md section 4).

The basic messages hold no band; device capabilities of the third Microsoft extension list band classes, and the base
stations of the second one name channels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Sim

from .cells import Claim, channel
from .qmicli import plmn_text

if TYPE_CHECKING:
    from harness.observations import Rat, RegistrationState

    from .blocks import Section
    from .facts import Facts


_STATES: dict[str, RegistrationState] = {
    "home": "home",
    "roaming": "roaming",
    "partner": "roaming",
    "searching": "searching",
    "denied": "denied",
    "deregistered": "not_registered",
}
_SIM_STATES = {
    "initialized": "ready",
    "sim-not-inserted": "absent",
    "device-locked": "pin_required",
    "bad-sim": "error",
    "failure": "error",
    "not-initialized": "not_ready",
    "not-activated": "ready",
}
_CLASSES: dict[str, Rat] = {
    "gprs": "gsm",
    "edge": "gsm",
    "umts": "umts",
    "hsdpa": "umts",
    "hsupa": "umts",
    "lte": "lte",
    "5g-sa": "nr",
}


def read_section(section: Section, facts: Facts) -> None:
    """Every reader on one answer: each takes what bears its labels."""
    _registration(section, facts)
    _capabilities(section, facts)
    _subscriber(section, facts)
    _base_stations(section, facts)


def _registration(section: Section, facts: Facts) -> None:
    found = section.get("Register state")
    if found is None:
        return
    facts.understood = True
    word, line = found
    state = _STATES.get(word)
    if state is None:
        return
    provider, classes = section.get("Provider ID"), section.get("Available data classes")
    plmn = plmn_text(provider[0]) if provider else None
    rats = _rats(classes[0]) if classes else set()
    rat = next(iter(rats)) if len(rats) == 1 else None
    in_service = state in {"home", "roaming"}
    facts.register(state, rat, plmn if in_service else None, line)
    if in_service and rat is not None:
        facts.claims.append(Claim(rat, plmn=plmn, registered=True, source=facts.source(line)))


def _rats(words: str) -> set[Rat]:
    """RATs of the data classes. `5g-nsa` rides on LTE and is not told to be connected."""
    names = {word.strip().lower() for word in words.split(",")}
    return {rat for name, rat in _CLASSES.items() if name in names} | ({"lte"} if "5g-nsa" in names else set())


def _capabilities(section: Section, facts: Facts) -> None:
    for label, part in (("Hardware info", "model"), ("Firmware info", "build")):
        if found := section.get(label):
            facts.understood = True
            facts.name(part, *found)
    if (device := section.get("Device ID")) and section.get("Device type"):
        facts.imei(*device)
    lists: tuple[tuple[str, Rat], ...] = (
        ("WCDMA band class", "umts"),
        ("LTE band class", "lte"),
        ("NR band class", "nr"),
    )
    for label, rat in lists:
        if found := section.get(label):
            facts.understood = True
            facts.bands(rat, facts.numbers(*found) or (), found[1], supported=True)


def _subscriber(section: Section, facts: Facts) -> None:
    """SIM state; the home provider (`Home provider:`) names the SIM's PLMN."""
    if found := section.get("Ready state"):
        facts.understood = True
        facts.sims.append(Sim(state=_SIM_STATES.get(found[0]), source=facts.source(found[1])))
    provider = section.get("Provider ID")
    if provider and "home provider" in section.sentence.lower() and section.get("Register state") is None:
        facts.understood = True
        plmn = plmn_text(provider[0])
        if plmn:
            facts.home = facts.home or (plmn, facts.source(provider[1]))


_BASE: tuple[tuple[str, Rat, str], ...] = (("lte serving cell", "lte", "EARFCN"), ("serving cell", "nr", "NRARFCN"))


def _base_stations(section: Section, facts: Facts) -> None:
    """`--ms-query-base-stations-info`: 32-bit channels; all ones print as n/a."""
    for block in section.blocks:
        heading = re.sub(r"(?: \[\d{1,3}\])$", "", block.heading.lower())
        for name, rat, label in _BASE:
            if heading != name or not block.get(label):
                continue
            facts.understood = True
            arfcn = channel(block.get(label))
            if arfcn is None:
                continue
            facts.claims.append(
                Claim(
                    rat,
                    arfcn=arfcn,
                    pci=channel(block.get("Physical cell id"), 1007),
                    plmn=plmn_text(block.get("Provider id")),
                    tac=channel(block.get("TAC"), 0xFFFFFF),
                    source=facts.source(block.line_of(label)),
                )
            )
