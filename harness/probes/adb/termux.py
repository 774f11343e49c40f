"""JSON of Termux:API on the handset itself: `termux-telephony-cellinfo` and `termux-telephony-deviceinfo`."""

from __future__ import annotations

import json
from typing import Any

from harness.observations import NrState, Reading, Registration, Sim
from harness.radio.plmn import parse_plmn, plmn_of_numbers

from .language.text import UNSET
from .language.words import rat_of
from .service.cell import AdbCell, valid_arfcn, valid_pci, valid_tac, valid_width
from .service.facts import observe
from .service.slots import Slot

MARKS = ('"registered"', '"network_operator"')
_RATS = {"lte": "lte", "nr": "nr", "wcdma": "umts", "gsm": "gsm"}
_LONGEST = 2_000_000


def has_termux(text: str) -> bool:
    """Whether the text is JSON with the keys of Termux:API."""
    return any(mark in text for mark in MARKS) and text.lstrip()[:1] in ("[", "{")


def read_termux(text: str) -> Reading:
    """The registered cells of a cell list, or network and SIM of the device information; empty for other JSON."""
    if len(text) > _LONGEST:
        return Reading()
    try:
        found, end = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return Reading()
    reading = _device(found) if isinstance(found, dict) and "network_operator" in found else _cells(found)
    rest = text.lstrip()[end:].strip()
    return reading + read_termux(rest) if rest and has_termux(rest) else reading


def _cells(found: object) -> Reading:
    items = found if isinstance(found, list) else [found]
    cells = [cell for item in items if isinstance(item, dict) and (cell := _cell(item))]
    return observe(Slot(cells=cells)) if cells else Reading()


def _cell(item: dict[str, Any]) -> AdbCell | None:
    rat = rat_of({"wcdma": "WCDMA"}.get(str(item.get("type")), str(item.get("type"))))
    if item.get("type") not in _RATS or rat is None or not isinstance(item.get("registered"), bool):
        return None
    arfcn = valid_arfcn(rat, _number(item.get("arfcn", item.get("nrarfcn"))))
    pci, warnings = valid_pci(rat, _number(item.get("pci")))
    bands = item.get("bands")
    width = _number(item.get("bandwidth"))
    return AdbCell(
        rat,
        plmn=_plmn(item.get("mcc"), item.get("mnc")),
        arfcn=arfcn,
        bands=tuple(dict.fromkeys(n for b in bands if (n := _number(b)))) if isinstance(bands, list) else (),
        pci=None if pci == 0 and arfcn is None else pci,
        tac=valid_tac(rat, _number(item.get("tac"))),
        width_khz=valid_width(rat, width),
        registered=item["registered"],
        warnings=warnings,
    )


def _number(value: object) -> int | None:
    """An integer, printed as a number or a string; None for unset values."""
    if isinstance(value, str) and value.isdigit() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0 or value in UNSET:
        return None
    return value


def _plmn(mcc: object, mnc: object) -> str | None:
    """Numbers have lost the leading zero of the MNC; strings have not."""
    if isinstance(mcc, str) and isinstance(mnc, str) and len(mnc) > 1:
        found = parse_plmn(mcc + mnc)
        return str(found) if found else None
    numbers = _number(mcc), _number(mnc)
    if numbers[0] is None or numbers[1] is None:
        return None
    told = plmn_of_numbers(numbers[0], numbers[1])
    return str(told) if told else None


def _device(found: dict[str, Any]) -> Reading:
    """What `termux-telephony-deviceinfo` says of the default SIM; it names no slot where the phone has two."""
    sim = parse_plmn(_word(found, "sim_operator"))
    network = parse_plmn(_word(found, "network_operator"))
    state = _word(found, "sim_state").lower()
    rat = rat_of(_word(found, "network_type").upper())
    out: list[Any] = []
    if state or sim:
        name = _word(found, "sim_operator_name")
        out.append(Sim(state=state or None, plmn=str(sim) if sim else None, operator=name or None))
    roaming = found.get("network_roaming")
    if network and rat and state == "ready" and isinstance(roaming, bool):
        word = "roaming" if roaming else "home"
        out.append(Registration(state=word, rat=rat, plmn=str(network)))  # type: ignore[arg-type]
        if rat == "nr":
            out.append(NrState(mode="sa"))
    return Reading(tuple(out))


def _word(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value.strip() if isinstance(value, str) else ""
