"""Registration answers of the radio HAL as RILJ logs them: positional arrays, HIDL structs, AIDL parcelables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from harness.radio.plmn import parse_plmn

from .language.text import closing, integer, integers
from .language.words import HAL_STATES, RIL_STATES, cause_of, rat_of
from .service.cell import AdbCell, valid_arfcn, valid_pci, valid_tac, valid_width
from .service.servicestate import DomainReg

if TYPE_CHECKING:
    from harness.observations import Rat, RegistrationState

_ANSWER = re.compile(r"(?:DATA|VOICE|CS|PS)_?REGISTRATION_?STATE(?:_1_\d)?\s{0,4}(?=[{\[R])")
_RESULT = re.compile(r"(?:RegStateResult|DataRegStateResult|VoiceRegStateResult)\s?\{")
_POSITIONAL = re.compile(r"[{\[]\s?(\d{1,2}|null)\s?,([^{}\[\]]*)[}\]]")
_PAIR = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z0-9_]{1,64})(?: = |: |=)(\[[^\[\]{}]*\]|[^\s,;\[\]{}()]*)")
_CELLS: dict[str, Rat] = {"Lte": "lte", "Nr": "nr", "Wcdma": "umts", "Gsm": "gsm"}
_HIDL_CELL = re.compile(r"\.cellIdentity(Lte|Nr|Wcdma|Gsm)\s?=\s?\[\s?\{")
_UNION_CELL = re.compile(r"(?:\.(lte|nr|wcdma|gsm)\s?=\s?\{|CellIdentity(Lte|Nr|Wcdma|Gsm)\s?\{)")
_ARFCN_KEYS: dict[str, tuple[str, ...]] = {
    "lte": ("earfcn",),
    "nr": ("nrarfcn", "nrArfcn"),
    "umts": ("uarfcn",),
    "gsm": ("arfcn",),
}


def has_answer(text: str) -> bool:
    """Whether a registration answer stands in the text."""
    return _ANSWER.search(text) is not None


def registration_in(text: str) -> DomainReg | None:
    """The registration that one RILJ line answers, or None. `<` lines answer; a `>` request has no value."""
    match = _ANSWER.search(text)
    if match is None:
        return None
    name = match[0].upper()
    domain: Literal["cs", "ps"] = "cs" if name.startswith(("VOICE", "CS")) else "ps"
    body = text[match.end() :]
    array = _POSITIONAL.match(body)
    if array:
        return _positional(domain, array)
    result = _RESULT.match(body)
    start = result.end() if result else 1
    if not result and body[:1] != "{":
        return None
    return _struct(domain, body[start : closing(body, start, len(body))])


def _positional(domain: Literal["cs", "ps"], array: re.Match[str]) -> DomainReg | None:
    """Before HIDL: state, LAC, CID (hex), RAT, ..; reject cause at 13 of voice, at 4 of data. No channel (ril.h)."""
    if array[1] == "null":
        return None
    items = [array[1], *(item.strip() for item in array[2].split(","))]
    state = RIL_STATES.get(int(items[0]))
    place = 13 if domain == "cs" else 4
    cause = cause_of(items[place]) if state == "denied" and len(items) > place else None
    up = state in ("home", "roaming")
    rat = rat_of(items[3]) if up and len(items) > 3 else None
    return DomainReg(domain=domain, state=state, rat=rat, cause=cause, emergency=int(items[0]) >= 10)


def _state(word: str | None) -> RegistrationState | None:
    if not word:
        return None
    return RIL_STATES.get(int(word)) if word.isdigit() and len(word) < 3 else HAL_STATES.get(word)


def _struct(domain: Literal["cs", "ps"], body: str) -> DomainReg | None:
    found: dict[str, str] = {}
    for match in _PAIR.finditer(body):
        found.setdefault(match[1], match[2])
    state = _state(found.get("regState"))
    if state is None:
        return None
    up = state in ("home", "roaming")
    cell = _cell(body) if up else None
    registered = parse_plmn(found.get("registeredPlmn", "").strip('"'))
    cause = cause_of(found.get("reasonForDenial", found.get("reasonDataDenied"))) if state == "denied" else None
    return DomainReg(
        domain=domain,
        state=state,
        rat=(rat_of(found.get("rat")) or (cell.rat if cell else None)) if up else None,
        plmn=str(registered) if registered else cell.plmn if cell else None,
        cause=cause,
        cell=cell,
        emergency=found.get("regState", "").endswith("_EM") or None,
        endc_available=_flag(found.get("isEndcAvailable")),
        dcnr_restricted=_flag(found.get("isDcNrRestricted")),
    )


def _flag(word: str | None) -> bool | None:
    return True if word == "true" else False if word == "false" else None


def _cell(body: str) -> AdbCell | None:
    """The cell identity of a struct. Operator names stand behind the physical fields and are cut away."""
    match = _HIDL_CELL.search(body) or _UNION_CELL.search(body)
    if match is None:
        return None
    name = next(group for group in match.groups() if group)
    rat = _CELLS[name.capitalize()]
    piece = body[match.end() : closing(body, match.end(), len(body))]
    found: dict[str, str] = {}
    for pair in _PAIR.finditer(_without_names(piece)):
        found.setdefault(pair[1], pair[2])
    arfcn = valid_arfcn(rat, next((integer(found[key]) for key in _ARFCN_KEYS[rat] if key in found), None))
    pci, warnings = valid_pci(rat, integer(found.get("pci")))
    plmn = parse_plmn(found.get("mcc", "").strip('"') + found.get("mnc", "").strip('"'))
    return AdbCell(
        rat,
        plmn=str(plmn) if plmn else None,
        arfcn=arfcn,
        bands=tuple(band for band in integers(found.get("bands")) if band),
        pci=None if pci == 0 and arfcn is None else pci,
        tac=valid_tac(rat, integer(found.get("tac"))),
        width_khz=valid_width(rat, integer(found.get("bandwidth"))),
        warnings=warnings,
    )


_NAMES = re.compile(r"operatorNames(?: = |: )(?:OperatorInfo)?\s?\{")


def _without_names(piece: str) -> str:
    match = _NAMES.search(piece)
    if match is None:
        return piece
    return piece[: match.start()] + piece[closing(piece, match.end(), len(piece)) :]
