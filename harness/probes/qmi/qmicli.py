"""Answers of qmicli (libqmi) -> facts. The grammars are those of reference qmi-mbim.md section 2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.radio.plmn import parse_plmn, plmn_of_numbers

from .blocks import Block
from .cells import Claim, channel
from .component_carriers import read_aggregation, read_rf_bands
from .names import ALWAYS_NAMED, RADIO_INTERFACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.observations import Rat, RegistrationState

    from .blocks import Section
    from .facts import Facts


_SERVICES: dict[str, Rat] = {"GSM service": "gsm", "WCDMA service": "umts", "LTE service": "lte", "5G SA service": "nr"}
_STATES: dict[str, RegistrationState] = {
    "not-registered": "not_registered",
    "not-registered-searching": "searching",
    "registration-denied": "denied",
}
_SIM_STATES = {
    "ready": "ready",
    "pin1-or-upin-pin-required": "pin_required",
    "puk1-or-upin-puk-required": "puk_required",
}


def read_section(section: Section, facts: Facts) -> None:
    """Every reader on one answer: each takes what bears its labels."""
    for reader in _READERS:
        reader(section, facts)


def _identity(section: Section, facts: Facts) -> None:
    sentence = section.sentence.lower()
    parts = {"Manufacturer": "manufacturer", "Model": "model"}
    if "hardware" not in sentence and "firmware" not in sentence:
        parts["Revision"] = "build"
    for label, value, line in section.pairs():
        if label in parts:
            facts.name(parts[label], value, line)
            facts.understood = True
        elif label == "IMEI":
            facts.imei(value, line)
            facts.understood = True


def _band_lists(section: Section, facts: Facts) -> None:
    """`--dms-get-band-capabilities` and the lists of `--nas-get-system-selection-preference`.

    The list that is called extended beats the one of 64 bits, which passes through the tool's own table of names.
    """
    for supported, old, lte, nr in (
        (True, "Bands", "LTE bands", (("NR5G bands", "nr"),)),
        (
            False,
            "Band preference",
            "LTE band preference",
            (("NR5G SA band preference", "nr_sa"), ("NR5G NSA band preference", "nr_nsa")),
        ),
    ):
        if names := section.get(old):
            facts.understood = True
            facts.named_bands(names[0].split(","), names[1], supported=supported, only=("gsm", "umts"))
        _lte_list(section, facts, lte, supported=supported)
        for label, rat in nr:
            if found := section.get(label):
                facts.understood = True
                facts.bands(rat, facts.numbers(*found) or (), found[1], supported=supported)  # type: ignore[arg-type]
    if mode := section.get("Mode preference"):
        facts.understood = True
        facts.mode(*mode)


def _lte_list(section: Section, facts: Facts, label: str, *, supported: bool) -> None:
    whole, short = section.get(f"{label} (extended)"), section.get(label)
    found = whole or short
    if found is None:
        return
    facts.understood = True
    bands = facts.numbers(*found)
    if bands is None and whole and short:
        found, whole = short, None
        bands = facts.numbers(*found)
    short_only = supported and whole is None
    if bands and short_only:
        facts.warn(
            f"line {found[1]}: this list cannot show LTE bands above 64, nor those that the tool has no name for"
        )
    facts.bands("lte", bands or (), found[1], supported=supported, shows=ALWAYS_NAMED if short_only else None)


def plmn_of(block: Block, pcs_digit: str | None = None) -> str | None:
    """MCC and MNC of one block. Printed as numbers they lost their zeros; `MNC with PCS digit` says three digits."""
    mcc, mnc = block.get("MCC"), block.get("MNC")
    if mcc is None or mnc is None or not (mcc.isdecimal() and mnc.isdecimal() and len(mcc) <= 3 and len(mnc) <= 3):
        return None
    if pcs_digit == "yes" or len(mnc) == 3:
        plmn = plmn_of_numbers(int(mcc), int(mnc), mnc_digits=3)
    else:
        plmn = plmn_of_numbers(int(mcc), int(mnc))
    return None if plmn is None or int(mcc) == 0 else str(plmn)


def _serving_system(section: Section, facts: Facts) -> None:
    """`--nas-get-serving-system`: registration, RATs and PLMN."""
    state = section.get("Registration state")
    if state is None:
        return
    facts.understood = True
    rats = _interfaces(section)
    rat: Rat | None = "lte" if "lte" in rats else rats[0] if len(rats) == 1 else None
    detail = next(iter(section.all("detailed status")), None)
    limited = detail is not None and (detail.get("Status") or "").startswith("limited")
    full = next(iter(section.all("full operator code info")), None)
    pcs = full.get("MNC with PCS digit") if full else None
    plmn = next((p for b in section.all("current plmn") if (p := plmn_of(b, pcs))), None)
    word, line = state
    if word == "registered" and not limited:
        roaming = section.get("Roaming status")
        if roaming and roaming[0] in {"on", "off"}:
            facts.register("home" if roaming[0] == "off" else "roaming", rat, plmn, line)
        else:
            facts.warn(f"line {line}: registered; whether at home or roaming is not told")
        if rat is not None:
            area = section.get("LTE tracking area code") if rat == "lte" else None
            tac = channel(area[0], 0xFFFF) if area else None
            facts.claims.append(Claim(rat, plmn=plmn, tac=tac, registered=True, source=facts.source(line)))
        if {"lte", "nr"} <= set(rats):
            facts.nr("nsa_connected", line)
        elif rats == ["nr"]:
            facts.nr("sa", line)
    elif word in _STATES:
        facts.register(_STATES[word], rat, None, line)


def _interfaces(section: Section) -> list[Rat]:
    """The RATs behind `Radio interfaces: 'n'`; empty where not all n are there."""
    count = 0
    found: list[str] = []
    for label, value, _ in section.pairs():
        if label == "Radio interfaces":
            count = int(value) if value.isdecimal() and len(value) < 3 else 0
        elif label.startswith("[") and count > len(found):
            found.append(value)
        elif found or count:
            break
    return [RADIO_INTERFACES[word] for word in found if word in RADIO_INTERFACES] if len(found) == count else []


def _system_info(section: Section, facts: Facts) -> None:
    """`--nas-get-system-info`: one block a RAT; the LTE one tells whether EN-DC is there to be had."""
    blocks = [(rat, block) for name, rat in _SERVICES.items() for block in section.all(name.lower())]
    for rat, block in blocks:
        status = block.get("Status")
        if status is None:
            continue
        facts.understood = True
        if (
            status != "available"
            or block.get("True Status") not in {None, "available"}
            or block.get("Forbidden") == "yes"
        ):
            continue
        plmn, line = plmn_of(block), block.line_of("Status")
        area = channel(block.get("Tracking Area Code"), 0xFFFF)
        facts.claims.append(Claim(rat, plmn=plmn, tac=area, registered=True, source=facts.source(line)))
        roaming = block.get("Roaming status")
        if roaming in {"on", "off"}:
            facts.register("home" if roaming == "off" else "roaming", rat, plmn, line)
        if rat == "nr":
            facts.nr("sa", line)
    told = next((block for rat, block in blocks if rat == "lte" and block.get("5G NSA Available")), None)
    standalone = next((block.get("Status") for rat, block in blocks if rat == "nr"), None)
    if told and told.get("5G NSA Available") == "yes":
        facts.nr("nsa_available", told.line_of("5G NSA Available"))
    elif told and standalone == "none":
        facts.nr("none", told.line_of("5G NSA Available"))


def _location(section: Section, facts: Facts) -> None:
    """`--nas-get-cell-location-info`: only the serving cell; neighbours stand below headings of their own."""
    for block in section.blocks:
        heading = block.heading.lower()
        label = "EUTRA Absolute RF Channel Number"
        if block.get(label) and heading in {"intrafrequency lte info", ""}:
            _place(block, facts, "lte", label, "Serving Cell ID")
        elif heading == "umts info" and block.get("UTRA Absolute RF Channel Number"):
            _place(block, facts, "umts", "UTRA Absolute RF Channel Number", "Primary Scrambling Code")
    standalone = next(iter(section.all("5gnr cell information")), None)
    arfcn = section.get("5GNR ARFCN")
    if standalone or arfcn:
        facts.understood = True
        block = standalone or Block("", arfcn[1] if arfcn else section.line)
        facts.claims.append(
            Claim(
                "nr",
                arfcn=channel(arfcn[0]) if arfcn else None,
                pci=channel(block.get("Physical Cell ID"), 1007),
                plmn=plmn_of_nibbles(block.get("PLMN")),
                tac=channel(block.get("Tracking Area Code"), 0xFFFFFF),
                source=facts.source(arfcn[1] if arfcn else block.line),
            )
        )


def _place(block: Block, facts: Facts, rat: Rat, label: str, cell: str) -> None:
    facts.understood = True
    facts.claims.append(
        Claim(
            rat,
            arfcn=channel(block.get(label)),
            narrow=rat == "lte",
            pci=channel(block.get(cell), 511),
            plmn=plmn_of_nibbles(block.get("PLMN")),
            tac=channel(block.get("Tracking Area Code"), 0xFFFF) if rat == "lte" else None,
            source=facts.source(block.line_of(label)),
        )
    )


def plmn_of_nibbles(text: str | None) -> str | None:
    """A PLMN whose octets qmicli printed nibble by nibble: MCC, third digit of the MNC, its first two.

    TS 24.008 clause 10.5.1.13: the third digit stands before the others, so `311048` is 311-480. Of an MNC with two
    digits the filler is not printed, and the rest stands right.
    """
    digits = (text or "").strip()
    if len(digits) == 6 and digits.isdecimal():
        digits = digits[:3] + digits[4:] + digits[3]
    return plmn_text(digits)


def plmn_text(text: str | None) -> str | None:
    """A PLMN printed as text, its zeros kept."""
    plmn = parse_plmn(text or "")
    return None if plmn is None else str(plmn)


def _home_network(section: Section, facts: Facts) -> None:
    for block in section.all("home network"):
        plmn = plmn_of(block)
        facts.understood = True
        if plmn:
            facts.home = facts.home or (plmn, facts.source(block.line_of("MCC")))


def _card(section: Section, facts: Facts) -> None:
    """`--uim-get-card-status`: one slot after the other, each with its card and the applications on it."""
    from harness.observations import Sim

    slot: int | None = None
    for block in section.blocks:
        if match := re.fullmatch(r"Slot \[(\d{1,2})\]", block.heading):
            slot = int(match[1]) - 1
        card = block.get("Card state")
        if card is not None:
            facts.understood = True
            state = "absent" if card == "absent" else "error" if card.startswith("error") else None
            if card == "present":
                state = _application_state(section, block)
            facts.sims.append(Sim(slot=slot, state=state, source=facts.source(block.line_of("Card state"))))


def _application_state(section: Section, card: Block) -> str | None:
    """The state of the card's first SIM or USIM application; None where none is told."""
    start = next(n for n, block in enumerate(section.blocks) if block is card)
    for block in section.blocks[start:]:
        if block is not card and block.heading.startswith("Slot ["):
            break
        kind, state = block.get("Application type") or "", block.get("Application state")
        if state and kind.split(" ")[0] in {"sim", "usim"}:
            return _SIM_STATES.get(state, "not_ready")
    return None


def _signal(section: Section, facts: Facts) -> None:
    """`--nas-get-signal-info`: levels by RAT."""
    if "signal info" not in section.sentence.lower():
        return
    rats: dict[str, Rat] = {"LTE": "lte", "5G": "nr"}
    for block in section.blocks:
        if block.heading in rats:
            facts.understood = True
            levels = {
                name: _level(block.get(label))
                for name, label in (("rssi_dbm", "RSSI"), ("rsrp_dbm", "RSRP"), ("rsrq_db", "RSRQ"), ("sinr_db", "SNR"))
            }
            facts.signal(rats[block.heading], block.line, **levels)


def _level(text: str | None) -> float | None:
    match = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,2})?) dBm?", text or "")
    return float(match[1]) if match and -200 < float(match[1]) < 100 else None


_READERS: tuple[Callable[[Section, Facts], None], ...] = (
    _identity,
    _band_lists,
    read_rf_bands,
    read_aggregation,
    _serving_system,
    _system_info,
    _location,
    _home_network,
    _card,
    _signal,
)
