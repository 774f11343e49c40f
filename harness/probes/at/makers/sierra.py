"""Sierra Wireless modules: !BAND tables, !GSTATUS, !LTEINFO, !LTECA (reference at-dialects.md sections 4 and 15.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.capability_facts import BandCombinations, CarrierComponent
from harness.observations import Identity, NetworkMode, NrState, Rat, Role
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import (
    cell,
    enabled_by_mask,
)
from harness.probes.at.language.values import hexadecimal, integer
from harness.radio.bandwidths import LTE_WIDTHS_KHZ, NR_WIDTHS_KHZ, lte_khz_of_index
from harness.radio.plmn import parse_plmn, plmn_of_numbers
from harness.radio.tables import is_band

from .sierra_bands import lines_of, read_band_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation
    from harness.probes.at.language.answer import AtAnswer, Modem
    from harness.probes.at.locking import Locking

_STATUS_KEY = late(
    r"(?<![A-Za-z0-9])(?P<rat>LTE|NR5G)[ \t]+(?P<cell>(?:S[SC]C[ \t]*\d|Scell)[ \t]+)?"
    r"(?P<key>band|bw|dl[ ]bw|ul[ ]bw|(?:Rx[ ])?chan|Tx[ ]chan|CA[ ]state|state|TAC|MCC-MNC)[ \t]*:",
    re.IGNORECASE,
)
_OTHER_KEY = late(r"[\t\n]|[ ]{2,}|(?<![A-Za-z0-9])(?:LTE|NR5G)[ ]|[A-Za-z()]+[ ]state[ ]?:")
_NONE = late(r"-+|NONE|")
_NOT_ASSIGNED = "NOT ASSIGNED"
"""The state of a carrier that is not there, whatever stands beside it; for any other key no value."""


def _may_follow(answer: AtAnswer, keys: dict[str, str]) -> bool:
    """Whether the channel, which corrects a wrong band label, may stand in lines that are missing."""
    return not answer.closed and "chan" not in keys


def read_nr_info(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT!NRINFO?`: the NR keys of !GSTATUS; `Connectivity Mode: SA|ENDC` tells the role. `Rx chan` is the downlink."""
    text = "\n".join(lines_of(answer))
    keys = _status(text).get(("NR5G", ""), {})
    mode = re.search(r"Connectivity Mode:[ \t]{0,8}(\S{1,10})", text, re.IGNORECASE)
    word = mode[1].upper().replace("-", "") if mode else ""
    if "band" not in keys and "chan" not in keys:
        return
    if word not in {"SA", "ENDC", "NSA"}:
        yield "!NRINFO: NR values without a connectivity mode: whether the cell is PCell or PSCell is open"
        return
    standalone = word == "SA"
    yield from cell(
        "nr_sa" if standalone else "nr_nsa",
        role="pcell" if standalone else "pscell",
        arfcn=integer(keys.get("chan")) or None,
        band=_band(keys.get("band")),
        khz=_khz(keys.get("dl bw") or keys.get("bw"), NR_WIDTHS_KHZ),
    )
    yield NrState(mode="sa" if standalone else "nsa_connected")


_KBNDCFG: dict[str, Rat] = {"0": "lte_m", "1": "nb_iot"}


def read_kbndcfg(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+KBNDCFG: <0 Cat-M|1 NB-IoT|2 GSM>,<mask>` (HL78xx): 22 hexadecimal digits without 0x, bit 0 is band 1."""
    for record in answer.named("+KBNDCFG"):
        fields = record.fields
        rat = _KBNDCFG.get(fields[0])
        mask = hexadecimal(fields[1]) if len(fields) == 2 else None
        if mask is None:
            yield f"line {record.line}: no mask of +KBNDCFG: {record.raw[:80]!r}"
        elif rat is not None and mask == 0:
            yield f"line {record.line}: a mask of 0 is not documented: which {rat} bands are enabled is open"
        elif rat is not None:
            yield from enabled_by_mask(rat, mask, record.line)


def _status(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """Values by (LTE or NR5G, number of the SCell or empty), whatever the columns are separated by."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    matches = list(_STATUS_KEY.finditer(text))
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else match.end() + 80
        value = text[match.end() : min(end, match.end() + 80)].lstrip(" \t")
        value = _OTHER_KEY.split(value)[0].strip()
        where = (match["cell"] or "").strip().upper()
        number = re.sub(r"\D", "", where) or "1" if where else ""
        key = " ".join(match["key"].lower().split()).removeprefix("rx ")
        if not _NONE.fullmatch(value.upper()) and (key == "state" or value.upper() != _NOT_ASSIGNED):
            found.setdefault((match["rat"].upper(), number), {}).setdefault(key, value)
    return found


def _khz(text: str | None, widths: frozenset[int]) -> int | None:
    match = re.match(r"(\d{1,3}(?:\.\d)?)\s*MHz", text or "", re.IGNORECASE)
    khz = round(float(match[1]) * 1000) if match else None
    return khz if khz in widths else None


def _active(state: str | None) -> bool | None:
    """Whole words: INACTIVE contains ACTIVE."""
    return {"ACTIVE": True, "INACTIVE": False, "DEACTIVATED": False}.get((state or "").strip().upper())


def _band(text: str | None) -> int | None:
    match = re.fullmatch(r"[BbNn]?(\d{1,3})", (text or "").strip())
    return int(match[1]) if match else None


def _registered(text: str, name: str) -> bool | None:
    match = re.search(name + r"[ ]state[ ]*:[ \t]*(\w+)", text, re.IGNORECASE)
    return {"registered": True, "deregistered": False}.get(match[1].lower()) if match else None


_OUT = late(
    r"EMM state[ ]*:[ \t]*Registered[ \t]{1,40}(?:Limited|No cell|PLMN search|Update needed|Attempting to update(?!\s+MM))"
    r"|\bMode:[ \t]*(?:LOW POWER|OFFLINE|RESET|SHUT)",
    re.IGNORECASE,
)
"""A sub-state of EMM-REGISTERED without service (TS 24.301 clause 5.1.3.2.4), a radio that is off."""
_NOT_ATTACHED = late(r"System mode:[ \t]*LTE[ \t]{1,40}PS state:[ \t]*Not attached", re.IGNORECASE)
"""On LTE; beside a 5G core it is normal."""


def _is_out(text: str) -> bool:
    """Whether the modem says that it has no service, whatever cell it names."""
    return _OUT.search(text) is not None or _NOT_ATTACHED.search(text) is not None


def read_status(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT!GSTATUS?`: PCell, SCells (spelled SCC, SSC or Scell) and the NR cell. Channels decide over band labels."""
    text = "\n".join(lines_of(answer))
    found = _status(text)
    primary = found.get(("LTE", ""), {})
    tac = re.search(r"(?<!NR5G )\bTAC:[ \t]*([0-9A-F]{1,6})[ \t]*\((\d{1,8})\)", text, re.IGNORECASE)
    yield from cell(
        "lte",
        arfcn=integer(primary.get("chan")),
        band=_band(primary.get("band")),
        tac=int(tac[2]) if tac else None,
        khz=_khz(primary.get("bw"), LTE_WIDTHS_KHZ),
        registered=False if _is_out(text) else _registered(text, "EMM"),
    )
    for (rat, number), keys in found.items():
        if not number or keys.get("state", "").upper() == _NOT_ASSIGNED:
            continue
        state = keys.get("state") or (primary.get("ca state") if rat == "LTE" else None)
        is_lte = rat == "LTE"
        yield from cell(
            "lte" if is_lte else "nr",
            role="scell",
            arfcn=integer(keys.get("chan")) or None,
            band=None if _may_follow(answer, keys) else _band(keys.get("band")),
            khz=_khz(keys.get("bw") or keys.get("dl bw"), LTE_WIDTHS_KHZ if is_lte else NR_WIDTHS_KHZ),
            active=_active(state),
        )
    yield from _nr_status(text, found.get(("NR5G", ""), {}), has_lte="band" in primary or "chan" in primary)


def _nr_status(text: str, keys: dict[str, str], *, has_lte: bool) -> Iterator[Observation | str]:
    if "band" not in keys and "chan" not in keys:
        return
    match = re.search(r"System mode:[ \t]*(\S+)", text, re.IGNORECASE)
    mode = match[1].upper() if match else ""
    standalone = mode.startswith("NR") or (not has_lte and ("tac" in keys or "mcc-mnc" in keys))
    if not standalone and not has_lte and mode not in {"ENDC", "EN-DC", "LTE"}:
        yield "NR values without a system mode and without LTE values: whether the cell is PCell or PSCell is open"
        return
    plmn = parse_plmn(keys.get("mcc-mnc", ""))
    rat: Rat = "nr_sa" if standalone else "nr_nsa"
    role: Role = "pcell" if standalone else "pscell"
    yield from cell(
        rat,
        role=role,
        arfcn=integer(keys.get("chan")) or None,
        band=_band(keys.get("band")),
        tac=hexadecimal(keys.get("tac")) if standalone else None,
        plmn=str(plmn) if plmn and standalone else None,
        khz=_khz(keys.get("dl bw") or keys.get("bw"), NR_WIDTHS_KHZ),
        active=_active(keys.get("state")),
        registered=_registered(text, "MM5G") if standalone else None,
    )


def read_lte_info(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT!LTEINFO?` as one stream of words: routers re-wrap the table inside its rows."""
    words = " ".join(lines_of(answer)).split()
    if "Serving:" not in words:
        return
    words = words[words.index("Serving:") + 1 :]
    if "RXLV" not in words:
        yield "!LTEINFO: the header of the serving cell is not whole"
        return
    head = words[: words.index("RXLV") + 1]
    values = words[len(head) : 2 * len(head)]
    if len(values) < len(head) or any(word.endswith(":") for word in (*head, *values)):
        yield "!LTEINFO: the row of the serving cell is not whole"
        return
    row = dict(zip(head, values, strict=True))
    mcc, mnc = integer(row.get("MCC")), integer(row.get("MNC"))
    digits = 3 if len(row.get("MNC", "")) == 3 else None
    plmn = plmn_of_numbers(mcc, mnc, mnc_digits=digits) if mcc is not None and mnc is not None else None
    width = integer(row.get("D"))
    yield from cell(
        "lte",
        arfcn=integer(row.get("EARFCN")),
        band=integer(row.get("Bd")),
        pci=integer(row.get("PCI")),
        tac=integer(row.get("TAC")),
        plmn=str(plmn) if plmn else None,
        khz=lte_khz_of_index(width) if width is not None else None,
    )


def read_pairings(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT!LTECA?`: the pairs of bands that can be aggregated; not what is aggregated now."""
    pairs: list[tuple[CarrierComponent, ...]] = []
    for line in lines_of(answer):
        match = re.fullmatch(r"LTEB(\d{1,3})\s{0,8}:([B\d,\s]*)", line.strip(), re.IGNORECASE)
        if match is None:
            continue
        for second in re.findall(r"B(\d{1,3})", match[2], re.IGNORECASE):
            both = (int(match[1]), int(second))
            if all(is_band("lte", band) for band in both):
                pairs.append(tuple(CarrierComponent("lte", band) for band in both))
            else:
                yield f"!LTECA: B{both[0]} with B{both[1]} is no pair of LTE bands"
    if pairs and not answer.closed:
        yield "!LTECA: the answer has no end: pairs may be missing"
    elif pairs:
        yield BandCombinations(type="lte_ca", combinations=tuple(dict.fromkeys(pairs)))


def read_carrier_pri(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT!PRIID?`: the carrier's configuration, which changes the band set."""
    for line in lines_of(answer):
        match = re.match(r"\s*Carrier PRI:\s*(\S+)", line, re.IGNORECASE)
        if match:
            yield Identity(carrier_config=match[1])


def read_mode(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT!SELRAT?`: the selected RATs, in the modem's words."""
    for record in answer.named("!SELRAT"):
        yield NetworkMode(raw=record.text)


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return "sierra" in maker or modem.is_model(
        r"\b(?:EM|MC|AC)7[3-6]\d\d|\bEM9[12]\d[\dx]|\bHL78\d\d", r"DW581[16]", r"\bSWI\dX"
    )


def _plan(modem: Modem) -> tuple[str, ...]:
    if modem.is_model(r"\bHL78\d\d"):
        return ("AT+KBNDCFG?",)
    return ("AT!BAND=?", "AT!BAND?", "AT!GSTATUS?", "AT!LTEINFO?", "AT!PRIID?")


def _locking(modem: Modem) -> Locking | None:
    from .sierra_locks import locking

    return locking(modem)


DIALECT = Dialect(
    name="sierra",
    claims=_claims,
    readers=(
        Reader(r"AT!BAND\?", read_band_table, tells=("enabled",)),
        Reader(r"AT!BAND=\?", read_band_table, tells=("supported",)),
        Reader(r"AT!GSTATUS\?", read_status, tells=("serving",)),
        Reader(r"AT!NRINFO\?", read_nr_info, tells=()),
        Reader(r"AT\+KBNDCFG\?", read_kbndcfg, tells=("enabled",)),
        Reader(r"AT!LTEINFO\?", read_lte_info, tells=()),
        Reader(r"AT!LTECA\?", read_pairings, tells=()),
        Reader(r"AT!PRIID\?", read_carrier_pri, tells=()),
        Reader(r"AT!SELRAT\?", read_mode, tells=()),
    ),
    plan=_plan,
    nr_models=(r"\bEM9[12]",),
    locking=_locking,
    no_lock="the band sets of EM9x are kept a technology each, and cards of other makers' names have codes of their own: "
    "no documented lock of these here",
    kinds=(ModemKind("EM and MC", "EM7565", ()),),
)
