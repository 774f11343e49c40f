"""Answers of mmcli (ModemManager) -> facts: the table, `--output-keyvalue`, JSON (reference qmi-mbim.md section 3).

ModemManager lists supported bands (the DMS capability) and current ones (the preference), never the serving band. An
unquoted list has no closing sign: one that ends in a comma or without a line end is taken as cut off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harness.observations import Sim

from .cells import Claim
from .qmicli import plmn_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import Rat, RegistrationState

    from .facts import Facts

Fields = dict[str, tuple[str, int]]
"""Value and line by the key of `--output-keyvalue`."""

_KEYS = {
    ("Hardware", "manufacturer"): "modem.generic.manufacturer",
    ("Hardware", "model"): "modem.generic.model",
    ("Hardware", "revision"): "modem.generic.revision",
    ("Hardware", "firmware revision"): "modem.generic.revision",
    ("Hardware", "carrier config"): "modem.generic.carrier-configuration",
    ("Hardware", "equipment id"): "modem.generic.equipment-identifier",
    ("Status", "lock"): "modem.generic.unlock-required",
    ("Status", "state"): "modem.generic.state",
    ("Status", "failed reason"): "modem.generic.state-failed-reason",
    ("Status", "access tech"): "modem.generic.access-technologies",
    ("Modes", "current"): "modem.generic.current-modes",
    ("3GPP", "operator id"): "modem.3gpp.operator-code",
    ("3GPP", "registration"): "modem.3gpp.registration-state",
}
_BANDS = {"supported": "modem.generic.supported-bands", "current": "modem.generic.current-bands"}
_STATES: dict[str, RegistrationState] = {
    "home": "home",
    "roaming": "roaming",
    "searching": "searching",
    "denied": "denied",
    "idle": "not_registered",
    "emergency-only": "emergency",
}
_TECH: dict[str, Rat] = {
    "gsm": "gsm",
    "gprs": "gsm",
    "edge": "gsm",
    "umts": "umts",
    "hspa": "umts",
    "hspa-plus": "umts",
}
_ROW = re.compile(r"[ \t]*([\w /+-]{0,40}?)[ \t]*\|[ \t]*(.*)")
_PAIR = re.compile(r"([A-Za-z0-9][\w /.+-]{0,50}?)[ \t]*:[ \t]+(\S.*)")
_KEY_VALUE = re.compile(r"(modem\.[\w.-]{1,80}?)(?:\.(length|value\[\d{1,4}\]))?\s*:\s*(.*)")


def is_table_row(row: str) -> bool:
    """Whether a line can be of mmcli's table."""
    return "|" in row[:80] and _ROW.match(row[:400]) is not None


def read_table(rows: Sequence[tuple[int, str, bool]], facts: Facts) -> None:
    """Lines of the table with their numbers, and whether a line end closed each."""
    fields: Fields = {}
    lists: dict[str, tuple[list[str], int, bool]] = {}
    section = key = ""
    for line, row, closed in rows:
        match = _ROW.match(row[:4000])
        if match is None:
            continue
        if match[1] and match[1] != section:
            section, key = match[1], ""
        body = match[2].strip()
        if section == "Bands":
            key = _band_row(body, key, line, closed, lists)
            continue
        pair = _PAIR.match(body)
        if pair:
            key = _KEYS.get((section, pair[1]), "")
            if key and closed:
                fields.setdefault(key, (pair[2].strip("' "), line))
        elif key == "modem.generic.revision" and closed and key in fields:
            fields[key] = (f"{fields[key][0]} {body.strip(chr(39))}", fields[key][1])
    if key == "modem.generic.revision":
        # A revision may go on in the next line, which is not here.
        fields.pop(key, None)
    _lists(lists, facts)
    read_fields(fields, facts)


def _band_row(body: str, key: str, line: int, closed: bool, lists: dict[str, tuple[list[str], int, bool]]) -> str:
    """One line of the section Bands: a new list or the next line of one. Answers the key under way."""
    match = re.match(r"(supported|current):\s*(.*)", body)
    if match:
        key, body = _BANDS[match[1]], match[2]
        lists[key] = ([], line, False)
    if not key:
        return key
    names, first, _ = lists[key]
    quoted = body.startswith("'")
    whole = body.endswith("'") if quoted else closed and not body.rstrip().endswith(",")
    names += [name.strip("' ") for name in body.split(",")]
    lists[key] = (names, first, whole and bool(body.strip()))
    return key


def _lists(lists: dict[str, tuple[list[str], int, bool]], facts: Facts) -> None:
    for key, (names, line, whole) in lists.items():
        _list(facts, key, names, line, whole=whole)


def _list(facts: Facts, key: str, names: Iterable[str], line: int | None, *, whole: bool) -> None:
    facts.understood = True
    if not whole:
        facts.warn(f"line {line}: the list of bands is cut off: not read")
        return
    known = [name.strip() for name in names if name.strip() not in {"", "--", "unknown"}]
    supported = key.endswith("supported-bands")
    if known == ["any"]:
        facts.warn(f"line {line}: the bands are `any`: no list")
        return
    facts.named_bands(known, line, supported=supported)


def read_keyvalue(rows: Sequence[tuple[int, str, bool]], facts: Facts) -> None:
    """`modem.generic.model : EM7455`; lists as `key.length : n` and `key.value[i] : x`, or on one line with commas."""
    fields: Fields = {}
    lengths: dict[str, int] = {}
    values: dict[str, list[tuple[str, int]]] = {}
    for line, row, closed in rows:
        match = _KEY_VALUE.match(row.strip()[:4000])
        if match is None or not closed:
            continue
        key, part, value = match[1], match[2], match[3].strip()
        if part == "length":
            lengths[key] = int(value) if value.isdecimal() and len(value) < 5 else -1
        elif part:
            values.setdefault(key, []).append((value, line))
        elif key in _BANDS.values():
            _list(facts, key, value.split(","), line, whole=True)
        else:
            fields.setdefault(key, (value, line))
    for key, items in values.items():
        whole = lengths.get(key) == len(items)
        if key in _BANDS.values():
            _list(facts, key, [value for value, _ in items], items[0][1], whole=whole)
        elif whole:
            fields.setdefault(key, (", ".join(value for value, _ in items), items[0][1]))
    read_fields(fields, facts)


def read_json(data: dict[str, Any], facts: Facts) -> None:
    """`mmcli -m N -J`."""
    fields: Fields = {}
    for room in ("generic", "3gpp"):
        part = data.get(room)
        for name, value in (part if isinstance(part, dict) else {}).items():
            key = f"modem.{room}.{name}"
            if key in _BANDS.values() and isinstance(value, list):
                _list(facts, key, [str(item) for item in value], None, whole=True)
            elif isinstance(value, list):
                fields[key] = (", ".join(str(item) for item in value), 0)
            elif isinstance(value, str):
                fields[key] = (value, 0)
    read_fields(fields, facts)


def read_fields(fields: Fields, facts: Facts) -> None:
    """Identity, SIM, registration and RAT from the fields, however they were printed."""
    if not fields:
        return
    facts.understood = True
    for name, part in (("manufacturer", "manufacturer"), ("model", "model"), ("revision", "build")):
        if found := fields.get(f"modem.generic.{name}"):
            facts.name(part, *_placed(found))
    if found := fields.get("modem.generic.carrier-configuration"):
        facts.name("carrier_config", *_placed(found))
    if found := fields.get("modem.generic.equipment-identifier"):
        facts.imei(*_placed(found))
    if found := fields.get("modem.generic.current-modes"):
        allowed = re.match(r"allowed: ([^;]*);", found[0])
        if allowed:
            facts.mode(allowed[1], _placed(found)[1])
    _sim(fields, facts)
    _registration(fields, facts)


def _placed(found: tuple[str, int]) -> tuple[str, int | None]:
    return found[0], found[1] or None


def _sim(fields: Fields, facts: Facts) -> None:
    lock, reason = fields.get("modem.generic.unlock-required"), fields.get("modem.generic.state-failed-reason")
    if reason and reason[0] == "sim-missing":
        facts.sims.append(Sim(state="absent", source=facts.source(_placed(reason)[1])))
    elif lock and lock[0] in {"sim-pin", "sim-puk"}:
        state = "pin_required" if lock[0] == "sim-pin" else "puk_required"
        facts.sims.append(Sim(state=state, source=facts.source(_placed(lock)[1])))
    elif lock and lock[0] in {"sim-pin2", "sim-puk2"}:
        facts.sims.append(Sim(state="ready", source=facts.source(_placed(lock)[1])))


def _registration(fields: Fields, facts: Facts) -> None:
    found = fields.get("modem.3gpp.registration-state")
    state = _STATES.get(found[0].removesuffix("-sms-only").removesuffix("-csfb-not-preferred")) if found else None
    if found is None or state is None:
        return
    line = _placed(found)[1]
    tech = fields.get("modem.generic.access-technologies", ("", 0))[0]
    words = {word.strip() for word in tech.split(",")}
    rats = {_TECH[word] for word in words if word in _TECH}
    rat: Rat | None = "lte" if "lte" in words else "nr" if "5gnr" in words else next(iter(rats), None)
    code = fields.get("modem.3gpp.operator-code")
    in_service = state in {"home", "roaming"}
    plmn = plmn_text(code[0]) if code and in_service else None
    facts.register(state, rat, plmn, line)
    if in_service and rat is not None:
        facts.claims.append(Claim(rat, plmn=plmn, registered=True, source=facts.source(line)))
        if {"lte", "5gnr"} <= words:
            facts.nr("nsa_connected", line)
        elif rat == "nr":
            facts.nr("sa", line)
