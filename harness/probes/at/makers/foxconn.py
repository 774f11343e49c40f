"""Foxconn modules: T99W175, T99W373, T77W968, Dell DW5821e and kin, Telit LN940/LN960, MV31-W.

Source: reference at-dialects.md section 10. The answers carry no record names, or not on every line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from harness.observations import CellLock
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import cell, of_list
from harness.probes.at.language.values import integer
from harness.radio.bandwidths import LTE_WIDTHS_KHZ, NR_WIDTHS_KHZ
from harness.radio.plmn import parse_plmn, plmn_of_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation, Rat, Role
    from harness.probes.at.language.answer import AtAnswer, Modem
    from harness.probes.at.locking import Locking

_RATS: dict[str, Rat] = {
    "WCDMA": "umts",
    "LTE": "lte",
    "NR5G_NSA": "nr_nsa",
    "NR5G_SA": "nr_sa",
    "NR5G": "nr",
}
_PREFERENCE = late(r"(WCDMA|LTE|NR5G_NSA|NR5G_SA|NR5G)\s*,\s*(Enable|Disable)d?\s*Bands?\s*:([\d,\s]*)", re.IGNORECASE)
_SLBAND = late(r"(WCDMA|LTE|NR5G_NSA|NR5G_SA|NR5G)\s*,\s*(?:(Enable|Disable)d?\s*,?)?([\d,\s]*)", re.IGNORECASE)
_CARRIER = late(
    r"(PCC|SCC)\s*\d*\s*info\s*:\s*Band\s+is\s+(LTE|NR5G|NR)_?[BN]?(\d{1,3})\s*"
    r"(?:,\s*Band_?width\s+is\s+(\d{1,3}(?:\.\d{1,2})?)\s*MHz)?",
    re.IGNORECASE,
)
_KEY = late(
    r"(?<![\w])(?:(pcell|scell)\s*\d?\s*:|(lte_band_width|lte_band|channel|pci|lte_tac|nr_band_width|nr_band|nr_channel"
    r"|nr_pci|nr_tac|mcc|mnc|rat)\s*:[ \t]*([^\s,]*))",
    re.IGNORECASE,
)
_MHZ = late(r"(\d{1,3}(?:\.\d{1,2})?)\s*MHz", re.IGNORECASE)
_OLD_KEY = late(r"\s*(EARFCN\(DL/UL\)|BAND|BW|PLMN|eNB ID\(PCI\)|STATUS|RAT)\s*:\s*(.*)", re.IGNORECASE)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(digits[:6]) for digits in re.findall(r"\d+", text))


def _khz(text: str | None, *, nr: bool = False) -> int | None:
    match = _MHZ.search(text or "")
    width = round(float(match[1]) * 1000) if match else None
    return width if width in (NR_WIDTHS_KHZ if nr else LTE_WIDTHS_KHZ) else None


def read_band_lists(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT^BAND_PREF?`, `AT^BAND_PREF_EXT?`, `AT^SLBAND?`: enabled bands, and supported ones where both lists came.

    Supported is enabled and disabled together; without the disabled list nothing is known of it.
    """
    pattern = _SLBAND if "SLBAND" in answer.command.upper() else _PREFERENCE
    lists: dict[tuple[Rat, bool], tuple[tuple[int, ...], int]] = {}
    twice: set[Rat] = set()
    for record in answer.records:
        match = pattern.fullmatch(record.text.strip())
        if match is None:
            continue
        is_enabled = (match[2] or "enable").lower() == "enable"
        key, bands = (_RATS[match[1].upper()], is_enabled), _numbers(match[3])
        if key in lists and lists[key][0] != bands:
            twice.add(key[0])
        lists[key] = (bands, record.line)
    if not lists:
        yield "no band list in the answer"
    for (rat, is_enabled), (bands, line) in lists.items():
        if rat in twice:
            yield f"the {rat} lists stand there twice and differ: not read"
            continue
        if not is_enabled:
            continue
        yield from of_list(rat, bands, line)
        disabled = lists.get((rat, False))
        if disabled is not None:
            yield from of_list(rat, bands + disabled[0], line, supports=True)


def read_carriers(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT^CA_INFO?`: band and width of PCell and SCells; no channel, no PCI."""
    nr_anchor = False
    nr_seen = False
    for record in answer.records:
        match = _CARRIER.match(record.text.strip())
        if match is None:
            continue
        primary = match[1].upper() == "PCC"
        is_nr = match[2].upper() != "LTE"
        nr_anchor |= primary and is_nr
        rat: Rat = "lte" if not is_nr else "nr" if nr_anchor else "nr_nsa"
        role: Role = "pcell" if primary else "pscell" if is_nr and not nr_anchor and not nr_seen else "scell"
        nr_seen |= is_nr
        khz = _khz(f"{match[4]} MHz" if match[4] else None, nr=is_nr)
        yield from cell(rat, role=role, band=integer(match[3]), khz=khz, line=record.line)


def read_debug(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT^DEBUG?` in its layouts: keys in capitals (T77W968, LN960), or pcell/scell/nr_ keys (T99W175, T99W373)."""
    if any(record.text.lstrip().upper().startswith("EARFCN(") for record in answer.records):
        yield from _old_debug(answer)
    else:
        yield from _new_debug(answer)


def _old_debug(answer: AtAnswer) -> Iterator[Observation | str]:
    """TAC is left out: whether it is decimal or hexadecimal cannot be told in this layout."""
    keys: dict[str, str] = {}
    line = None
    for record in answer.records:
        match = _OLD_KEY.match(record.text)
        if match is None:
            continue
        keys.setdefault(match[1].upper(), match[2].strip())
        if match[1].upper().startswith("EARFCN"):
            line = line or record.line
    if not keys.get("RAT", "LTE").upper().startswith("LTE"):
        yield f"unknown layout of AT^DEBUG? for {keys['RAT']}"
        return
    pci = re.search(r"\((\d{1,4})\)\s*$", keys.get("ENB ID(PCI)", ""))
    plmn = parse_plmn(keys.get("PLMN", ""))
    yield from cell(
        "lte",
        arfcn=integer(keys["EARFCN(DL/UL)"].split("/")[0].strip()) if "EARFCN(DL/UL)" in keys else None,
        band=integer(keys.get("BAND")),
        pci=integer(pci[1]) if pci else None,
        plmn=str(plmn) if plmn else None,
        khz=_khz(keys.get("BW")),
        registered=True if keys.get("STATUS", "").upper().endswith("/REGISTERED") else None,
        line=line,
    )


Part = dict[str, str]
Section = Literal["pcell", "scell"]


def _sections(answer: AtAnswer) -> tuple[Part, list[tuple[Section, Part, int]], list[tuple[Part, int]]]:
    """Common keys, LTE cells with their section, NR cells, each with the line it begins on."""
    common: Part = {}
    lte: list[tuple[Section, Part, int]] = []
    nr: list[tuple[Part, int]] = []
    for record in answer.records:
        for match in _KEY.finditer(record.text):
            if match[1]:
                lte.append(("pcell" if match[1].lower() == "pcell" else "scell", {}, record.line))
                continue
            key, value = match[2].lower(), match[3]
            if key in {"mcc", "mnc", "rat", "lte_tac", "nr_tac"}:
                common.setdefault(key, value)
            elif key.startswith("nr_"):
                if not nr or key[3:] in nr[-1][0]:
                    nr.append(({}, record.line))
                nr[-1][0][key[3:]] = value
            else:
                if not lte:
                    lte.append(("pcell", {}, record.line))
                lte[-1][1].setdefault(key.removeprefix("lte_"), value)
    return common, lte, nr


def _new_debug(answer: AtAnswer) -> Iterator[Observation | str]:
    common, lte, nr = _sections(answer)
    mcc, mnc = integer(common.get("mcc")), integer(common.get("mnc"))
    digits = len(common.get("mnc", ""))
    plmn = (
        plmn_of_numbers(mcc, mnc, mnc_digits=digits if digits in {2, 3} else None) if mcc and mnc is not None else None
    )
    rat_word = common.get("rat", "").upper()
    for section, keys, line in lte:
        yield from cell(
            "lte",
            role=section,
            arfcn=integer(keys.get("channel")),
            band=integer(keys.get("band", "").upper().lstrip("B")),
            pci=integer(keys.get("pci")),
            tac=integer(common.get("lte_tac")) if section == "pcell" else None,
            plmn=str(plmn) if plmn and section == "pcell" else None,
            khz=_khz(keys.get("band_width")),
            line=line,
        )
    standalone = "SA" in re.split(r"[^A-Z0-9]+", rat_word) or ("nr_tac" in common and not lte)
    if nr and not standalone and not lte and "NSA" not in rat_word:
        yield "NR keys without RAT and without an LTE cell: whether the cell is PCell or PSCell is open"
        return
    for index, (keys, line) in enumerate(nr):
        first: Role = "pcell" if standalone else "pscell"
        yield from cell(
            "nr_sa" if standalone else "nr_nsa",
            role=first if index == 0 else "scell",
            arfcn=integer(keys.get("channel")),
            band=integer(keys.get("band", "").upper().lstrip("N")),
            pci=integer(keys.get("pci")),
            tac=integer(common.get("nr_tac")) if standalone and index == 0 else None,
            plmn=str(plmn) if plmn and standalone and index == 0 else None,
            khz=_khz(keys.get("band_width"), nr=True),
            line=line,
        )


def read_rfsts(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT^RFSTS?` (T77W676): the fields of Telit's #RFSTS, below the name or behind it; the band third behind the IMSI.

    The TAC is left out: whether it is decimal or hexadecimal is not known.
    """
    for record in answer.records:
        fields = record.fields
        subscriber = next((i for i, text in enumerate(fields) if re.fullmatch(r"\d{14,16}", text)), None)
        if subscriber is None or subscriber < 3 or len(fields) < subscriber + 4:
            if record.text:
                yield f"line {record.line}: ^RFSTS has no known layout"
            continue
        who = parse_plmn(fields[0])
        band = integer(fields[subscriber + 3])
        yield from cell("lte", integer(fields[1]), band, line=record.line, plmn=str(who) if who else None)


def read_lock(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^LTE_LOCK:(<PCI>,<EARFCN>),..`, PCI first, up to eight; `Have not set cell lock before`. NR's pairs are not known."""
    rat: Rat = "nr" if "NR5G" in answer.command.upper() else "lte"
    text = " ".join(record.raw for record in answer.records)[:2000]
    pairs = [(int(pci), int(arfcn)) for pci, arfcn in re.findall(r"\((\d{1,4}),(\d{1,7})\)", text)]
    if re.search(r"LOCK\s{0,4}:\s{0,4}Have not set", text, re.IGNORECASE):
        yield CellLock(rat=rat, locked=False)
    elif rat == "lte" and pairs:
        yield CellLock(rat=rat, locked=True, arfcns=tuple(a for _, a in pairs), pcis=tuple(p for p, _ in pairs))
    elif answer.records:
        yield "a cell may be locked: the serving band may say nothing of the network"


READERS = (
    Reader(r"AT\^RFSTS\?", read_rfsts, tells=("serving",)),
    Reader(r"AT[+^](?:LTE|NR5G)_LOCK\?", read_lock, tells=()),
    Reader(
        r"AT[+^]BAND_PREF(?:_EXT)?\?",
        read_band_lists,
        ("^BAND_PREF", "^BAND_PREF_EXT", "+BAND_PREF", "+BAND_PREF_EXT"),
        tells=("supported", "enabled"),
    ),
    Reader(r"AT\^SLBAND\?", read_band_lists, tells=("supported", "enabled")),
    Reader(r"AT[+^]CA_INFO\?", read_carriers, tells=()),
    Reader(r"AT[+^]DEBUG\?", read_debug, tells=("serving",)),
)
"""Also part of the Telit dialect: LN940 and LN960 are of this make."""

PLUS_MODELS = (r"T99W64\d",)
"""The same commands with AT+ for AT^."""
OLDER_MODELS = (r"T77W", r"DW5821", r"DW5829", r"LN9[46]0")


def plan(modem: Modem) -> tuple[str, ...]:
    """Band lists, then the serving cells."""
    if modem.is_model(*PLUS_MODELS):
        return ("AT+BAND_PREF?", "AT+DEBUG?", "AT+CA_INFO?")
    lists = ("AT^SLBAND?",) if modem.is_model(*OLDER_MODELS) else ("AT^BAND_PREF_EXT?", "AT^BAND_PREF?")
    # T77W676 alone has no AT^DEBUG? that tells PLMN and channel.
    serving = "AT^RFSTS?" if modem.is_model(r"T77W676") else "AT^DEBUG?"
    lock = "" if modem.is_model(*OLDER_MODELS) else ";^LTE_LOCK?"
    return (*lists, serving, f"AT^CA_INFO?{lock}")


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return "foxconn" in maker or modem.is_model(r"T99W\d", r"T77W\d", r"DW5821", r"DW5829", r"DW593[04]", r"MV31-?W")


def _locking(modem: Modem) -> Locking | None:
    from .foxconn_locks import locking

    return locking(modem)


DIALECT = Dialect(
    name="foxconn",
    claims=_claims,
    locking=_locking,
    readers=READERS,
    plan=plan,
    nr_models=(r"T99W\d", r"MV31-?W", r"DW593[04]"),
    kinds=(
        ModemKind("T77W968, DW5821e", "T77W968"),
        ModemKind("T77W676", "T77W676"),
        ModemKind("T99W640", "T99W640"),
        ModemKind("T99W175, T99W373, MV31-W", "T99W175"),
    ),
)
