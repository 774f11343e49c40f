"""JSON of uqmi (OpenWrt) -> facts: system info, serving system, signal, carrier aggregation, cell location.

uqmi prints no band of the modem: it looks the channel of 16 bits up in a table of its own that ends at 46589. So its
`band` is no second witness, and is not read (reference qmi-mbim.md, uqmi's commands-nas.c).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harness.radio.plmn import parse_plmn, plmn_of_numbers

from .cells import Claim, bandwidth_khz

if TYPE_CHECKING:
    from harness.observations import Rat, RegistrationState

    from .facts import Facts

_RATS: dict[str, Rat] = {"gsm": "gsm", "wcdma": "umts", "lte": "lte", "5gnr": "nr"}
_STATES: dict[str, RegistrationState] = {
    "not_registered": "not_registered",
    "searching": "searching",
    "registering_denied": "denied",
    "registration_denied": "denied",
}


def read(data: dict[str, Any], facts: Facts) -> None:
    """One object of uqmi; what it answers is told by its keys."""
    _system_info(data, facts)
    _serving_system(data, facts)
    _signal(data, facts)
    _aggregation(data, facts)
    _location(data, facts)


def _whole(value: object, low: int, high: int) -> int | None:
    """A whole number in range, as number or as text; booleans are none."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 12:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None


def _plmn(mcc: object, mnc: object) -> str | None:
    """Texts keep their zeros; numbers lost them."""
    if isinstance(mcc, str) and isinstance(mnc, str) and len(mnc) in {2, 3}:
        plmn = parse_plmn(mcc + mnc)
    else:
        numbers = _whole(mcc, 1, 999), _whole(mnc, 0, 999)
        plmn = None if None in numbers else plmn_of_numbers(*numbers)  # type: ignore[arg-type]
    return None if plmn is None else str(plmn)


def _system_info(data: dict[str, Any], facts: Facts) -> None:
    for name, rat in _RATS.items():
        part = data.get(name)
        if not isinstance(part, dict) or "service_status" not in part:
            continue
        facts.understood = True
        if (part["service_status"], part.get("true_service_status", "available")) != ("available", "available"):
            continue
        if part.get("forbidden") is True:
            continue
        plmn = _plmn(part.get("mcc"), part.get("mnc"))
        tac = _whole(part.get("tracking_area_code"), 1, 0xFFFFFF)
        facts.claims.append(Claim(rat, plmn=plmn, tac=tac, registered=True, source=facts.source(None)))
        if part.get("roaming_status") in {"off", "on"}:
            facts.register("home" if part["roaming_status"] == "off" else "roaming", rat, plmn, None)
        if rat == "nr":
            facts.nr("sa", None)
    lte, standalone = data.get("lte"), data.get("5gnr")
    if isinstance(lte, dict) and lte.get("5g_nsa_available") is True:
        facts.nr("nsa_available", None)
    elif (
        isinstance(lte, dict)
        and lte.get("5g_nsa_available") is False
        and isinstance(standalone, dict)
        and standalone.get("service_status") == "none"
    ):
        facts.nr("none", None)


def _serving_system(data: dict[str, Any], facts: Facts) -> None:
    state = data.get("registration")
    if not isinstance(state, str):
        return
    facts.understood = True
    plmn = _plmn(data.get("plmn_mcc"), data.get("plmn_mnc"))
    if state == "registered" and isinstance(data.get("roaming"), bool):
        facts.register("roaming" if data["roaming"] else "home", None, plmn, None)
    elif state in _STATES:
        facts.register(_STATES[state], None, None, None)


def _signal(data: dict[str, Any], facts: Facts) -> None:
    kind = data.get("type")
    if isinstance(kind, str) and kind in _RATS and ("rsrp" in data or "rssi" in data):
        facts.understood = True
        facts.signal(_RATS[kind], None, **{field: _level(data.get(name)) for name, field in _LEVELS.items()})


_LEVELS = {"rssi": "rssi_dbm", "rsrp": "rsrp_dbm", "rsrq": "rsrq_db", "snr": "sinr_db"}


def _level(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and -200 < value < 100
    return float(value) if good else None  # type: ignore[arg-type]


def _aggregation(data: dict[str, Any], facts: Facts) -> None:
    """Tables `primary` and `secondary*`, each with channel and bandwidth. Channels have 16 bits."""
    for name, part in data.items():
        match = re.fullmatch(r"(primary|secondary)(?:[_ ]?(?:cell)?[_ ]?\d{0,2})", name)
        if match is None or not isinstance(part, dict):
            continue
        number = _whole(_first(part, "channel", "rx_channel", "earfcn"), 0, 0xFFFE)
        state = str(part.get("state", "activated"))
        if number is None or (match[1] == "secondary" and state not in {"activated", "deactivated"}):
            continue
        facts.understood = True
        facts.claims.append(
            Claim(
                "lte",
                role="pcell" if match[1] == "primary" else "scell",
                arfcn=number,
                narrow=True,
                pci=_whole(_first(part, "physical_cell_id", "pci", "cell_id"), 0, 503),
                khz=bandwidth_khz(str(_first(part, "bandwidth", "dl_bandwidth"))),
                active=None if match[1] == "primary" else state == "activated",
                source=facts.source(None),
            )
        )


def _location(data: dict[str, Any], facts: Facts) -> None:
    """`--get-cell-location-info`: the serving cell; `serving_cell_id` is the PCI, and channels have 16 bits."""
    part = data.get("intrafrequency_lte_info")
    if not isinstance(part, dict):
        return
    facts.understood = True
    facts.claims.append(
        Claim(
            "lte",
            arfcn=_whole(part.get("channel"), 0, 0xFFFE),
            narrow=True,
            pci=_whole(part.get("serving_cell_id"), 0, 503),
            tac=_whole(part.get("tracking_area_code"), 1, 0xFFFE),
            source=facts.source(None),
        )
    )


def _first(part: dict[str, Any], *names: str) -> object:
    return next((part[name] for name in names if part.get(name) is not None), None)
