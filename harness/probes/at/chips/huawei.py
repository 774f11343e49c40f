"""Huawei (HiSilicon Balong) and rebrands: ^SYSCFGEX, ^HFREQINFO, ^MONSC, ^LCACELL, ^HCSQ.

Reference at-dialects.md sections 7 and 15.5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.observations import (
    EnabledBands,
    NetworkMode,
    NrState,
    Observation,
    Registration,
    Signal,
    Sim,
    Source,
    SupportedBands,
)
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import cell, enabled_by_mask, gsm_umts_of_mask, mask_bands, plmn, supported
from harness.probes.at.language.values import hexadecimal, integer, within
from harness.radio.bandwidths import LTE_WIDTHS_KHZ, NR_WIDTHS_KHZ
from harness.radio.masks import bands_of_mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat, RegistrationState, Role
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

_ORDER = {"00": "auto", "01": "gsm", "02": "umts", "03": "lte", "04": "cdma", "07": "cdma", "08": "nr"}
GW_ALL = 0x3FFFFFFF
GW_NO_CHANGE = 0x40000000


def read_syscfgex(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^SYSCFGEX: "<order>",<GSM/UTRA hex>,<roam>,<domain>,<LTE hex>`; NR has no mask here."""
    for record in answer.named("^SYSCFGEX"):
        if _is_test(record):
            continue
        fields = record.fields
        order, source = fields[0], Source(line=record.line)
        if re.fullmatch(r"(?:\d\d)+", order):
            words = tuple(_ORDER.get(order[i : i + 2], order[i : i + 2]) for i in range(0, len(order), 2))
            yield NetworkMode(source=source, rats=None if "auto" in words else words, raw=order)
        gw = hexadecimal(fields[1]) if len(fields) > 1 else None
        if gw == GW_ALL:
            yield EnabledBands(source=source, rat="gsm", bands=None, unlimited=True)
            yield EnabledBands(source=source, rat="umts", bands=None, unlimited=True)
        elif gw is not None and gw != GW_NO_CHANGE:
            gsm, umts = gsm_umts_of_mask(gw)
            yield EnabledBands(source=source, rat="gsm", bands=gsm)
            yield EnabledBands(source=source, rat="umts", bands=umts)
        lte = hexadecimal(fields[4]) if len(fields) > 4 else None
        if lte is None:
            yield f"line {record.line}: no LTE mask in ^SYSCFGEX"
        else:
            yield from enabled_by_mask("lte", lte, record.line)


def _is_test(record: AtRecord) -> bool:
    """Whether it answers the test form: in a joined answer both forms bear one name."""
    return record.text.lstrip().startswith("(") or "((" in record.text


def _is_alone(answer: AtAnswer) -> bool:
    return len(split_joined(answer.command)) == 1


_ENTRY = late(r"\(\s*(?:0x)?([0-9A-Fa-f]{1,32})\s*,\s*\"([^\"]{0,2000})\"\s*\)")


def read_syscfgex_test(answer: AtAnswer) -> Iterator[Observation | str]:
    """The entries `(<hex mask>,"<names>")`, lines rejoined; the "All bands" entry is no list of bands."""
    record = next((one for one in answer.named("^SYSCFGEX") if _is_test(one) or _is_alone(answer)), None)
    if record is None:
        return
    text = record.text + "".join(r.text for r in answer.bare if r.line > record.line)
    entries = [(int(mask, 16), names) for mask, names in _ENTRY.findall(text)]
    lte = [(mask, names) for mask, names in entries if re.search(r"LTE|E-?UTRA", names, re.IGNORECASE)]
    other = [mask for mask, names in entries if re.search(r"GSM|WCDMA|UMTS|PCS|DCS|EGSM", names, re.IGNORECASE)]
    if other:
        masks = [gsm_umts_of_mask(mask) for mask in other]
        yield supported("gsm", (b for gsm, _ in masks for b in gsm), record.line)
        yield supported("umts", (b for _, umts in masks for b in umts), record.line)
    if not lte:
        every = [mask for mask, names in entries if "ALL" in names.upper() and mask != GW_ALL]
        if every:
            yield SupportedBands(
                source=Source(line=record.line), rat="lte", bands=None, layer="hardware", unlimited=True
            )
        yield 'the modem names no LTE bands, only "All bands": supported bands unknown'
        return
    yield from _named_lte(lte, record.line)


_UP_TO = 64
"""The masks of ^SYSCFGEX have 64 bits: the bands behind them have no place in it."""
_MHZ_CLASSES: dict[int, frozenset[int]] = {
    2600: frozenset({7, 38, 41}),
    2100: frozenset({1, 4, 10, 66}),
    1900: frozenset({2, 25, 39}),
    1800: frozenset({3, 9}),
    1700: frozenset({4, 9, 10, 66}),
    1500: frozenset({11, 21, 32}),
    2300: frozenset({30, 40}),
    900: frozenset({8}),
    850: frozenset({5, 18, 19, 26}),
    800: frozenset({20, 27}),
    700: frozenset({12, 13, 14, 17, 28}),
    450: frozenset({31, 72}),
}
"""Bands that a name in MHz can stand for; the mask says which."""


def _lte_by_mhz(mask: int, classes: set[int], line: int) -> Iterator[Observation | str]:
    """Bands of a mask whose names are MHz: each name must fit a band of the mask, and each band a name."""
    bands, _, warning = mask_bands("lte", mask)
    if warning or bands is None:
        yield warning or f"line {line}: an LTE mask of all bands beside names in MHz: supported bands unknown"
    elif all(_MHZ_CLASSES[mhz] & set(bands) for mhz in classes) and set(bands) <= {
        band for mhz in classes for band in _MHZ_CLASSES[mhz]
    }:
        yield supported("lte", bands, line, up_to=_UP_TO)
    else:
        yield f"line {line}: LTE mask {mask:X} and the MHz beside it disagree: supported bands unknown"


def _named_lte(entries: list[tuple[int, str]], line: int) -> Iterator[Observation | str]:
    """Mask and names of the entries must agree (letters and blanks between them vary)."""
    mask, named, classes = 0, set[int](), set[int]()
    for value, names in entries:
        mask |= value
        named |= {int(n) for n in re.findall(r"(?:LTE|BC|BAND|/|_|B)\s*(\d{1,3})(?!\d)", names, re.IGNORECASE)}
        classes |= {int(n) for n in re.findall(r"(?<!\d)(\d{3,4})(?!\d)", names)} & set(_MHZ_CLASSES)
    if not named - set(_MHZ_CLASSES) and classes:
        yield from _lte_by_mhz(mask, classes, line)
        return
    bands, _, warning = mask_bands("lte", mask)
    if warning:
        yield warning
    elif named and named != set(bands_of_mask(mask)):
        yield f"line {line}: LTE mask {mask:X} and the names beside it disagree: supported bands unknown"
    elif bands is not None:
        yield supported("lte", bands, line, up_to=max(_UP_TO, mask.bit_length()))
    else:
        yield SupportedBands(source=Source(line=line), rat="lte", bands=None, layer="hardware", unlimited=True)


def _read_hfreqinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^HFREQINFO: <n>,<6 LTE|7 NR>,{band,dl channel,dl frequency,dl kHz,ul ..} × carriers`."""
    records = [r for r in answer.named("^HFREQINFO") if len(r.fields) >= 6]
    anchored = any(r.fields[1] == "6" for r in records)
    for record in records:
        fields = record.fields
        if fields[1] not in {"6", "7"}:
            yield f"line {record.line}: system mode {fields[1]} is neither LTE nor NR"
            continue
        rat: Rat = "lte" if fields[1] == "6" else "nr_nsa" if anchored else "nr"
        first: Role = "pscell" if rat == "nr_nsa" else "pcell"
        groups = [fields[start : start + 7] for start in range(2, len(fields), 7)]
        for index, group in enumerate(g for g in groups if len(g) >= 4):
            band, arfcn, khz = integer(group[0]), integer(group[1]), integer(group[3])
            if not band and not arfcn:
                continue
            widths = LTE_WIDTHS_KHZ if rat == "lte" else NR_WIDTHS_KHZ
            width = khz if khz in widths else None
            role: Role = first if index == 0 else "scell"
            active = True if index else None
            yield from cell(rat, arfcn, band, line=record.line, role=role, khz=width, active=active)


def _read_monsc(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^MONSC: LTE,MCC,MNC,EARFCN,CI,PCI,TAC,..`; `NR,MCC,MNC,NR-ARFCN,SCS,CI,PCI,TAC,..`: the rest is hex."""
    for record in answer.named("^MONSC"):
        fields = record.fields
        word = fields[0].upper()
        if word == "LTE" and len(fields) >= 7:
            yield from _monitored(record, "lte", fields[5], fields[6])
            yield from _levels(record, "lte", fields[7:9])
        elif word == "NR" and len(fields) >= 8:
            # In EN-DC this command shows the LTE anchor: NR here stands alone
            yield from _monitored(record, "nr_sa", fields[6], fields[7])
            yield from _levels(record, "nr_sa", fields[8:11])
        elif word == "WCDMA" and len(fields) >= 5:
            yield from _monitored(record, "umts", "", "")
        else:
            yield f"line {record.line}: no serving cell in {fields[0]!r}"


def _monitored(record: AtRecord, rat: Rat, pci: str, tac: str) -> Iterator[Observation | str]:
    fields = record.fields
    yield from cell(
        rat,
        integer(fields[3]),
        None,
        line=record.line,
        plmn=plmn(fields[1], fields[2]),
        pci=hexadecimal(pci),
        tac=hexadecimal(tac),
    )


def _levels(record: AtRecord, rat: Rat, texts: tuple[str, ...]) -> Iterator[Observation | str]:
    values = [integer(text) for text in (*texts, "", "", "")[:3]]
    rsrp, rsrq, sinr = within(values[0], -156, -31), within(values[1], -43, 20), within(values[2], -30, 50)
    if rsrp is not None:
        yield Signal(source=Source(line=record.line), rat=rat, rsrp_dbm=rsrp, rsrq_db=rsrq, sinr_db=sinr)


def _read_lcacell(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^LCACELL: <n>,<ul>,<dl>,<active>,<laa>,<band>,<width>,<EARFCN>`, one line a secondary carrier."""
    for record in answer.named("^LCACELL"):
        fields = record.fields
        if len(fields) < 8:
            continue
        active = {"0": False, "1": True}.get(fields[3])
        if not integer(fields[5]) and not integer(fields[7]):
            continue
        yield from cell("lte", integer(fields[7]), integer(fields[5]), line=record.line, role="scell", active=active)


def _read_hcsq(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^HCSQ: "LTE",rssi,rsrp,sinr,rsrq`, `"NR",rsrp,sinr,rsrq` as indices; NR has no known RSRQ scale."""
    record = answer.sole("^HCSQ")
    if record is None:
        yield "^HCSQ: no levels, or several that differ"
    else:
        word, *texts = record.fields
        values = [within(integer(text), 0, 254) for text in (*texts, "", "", "", "")]
        source = Source(line=record.line)
        if word.upper() == "LTE":
            rssi, rsrp, sinr, rsrq = values[:4]
            yield Signal(
                source=source,
                rat="lte",
                rssi_dbm=None if rssi is None else rssi - 121,
                rsrp_dbm=None if rsrp is None else rsrp - 141,
                sinr_db=None if sinr is None else (sinr - 100) / 5,
                rsrq_db=None if rsrq is None else rsrq / 2 - 19.5,
            )
        elif word.upper() == "NR":
            rsrp, sinr = values[:2]
            yield Signal(
                source=source,
                rat="nr",
                rsrp_dbm=None if rsrp is None else rsrp - 141,
                sinr_db=None if sinr is None else (sinr - 100) / 5,
            )
        elif word.upper() == "WCDMA" and values[0] is not None:
            yield Signal(source=source, rat="umts", rssi_dbm=values[0] - 121)


_SYSTEM_RATS: dict[int, Rat] = {1: "gsm", 3: "umts", 6: "lte", 11: "nr"}


def _read_sysinfoex(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^SYSINFOEX: <service>,<domain>,<roaming>,<SIM>,<lock>,<mode>,..`: service 2 is full, 0 none; mode 6 LTE, 11 NR."""
    record = answer.sole("^SYSINFOEX")
    values = [integer(text) for text in record.fields[:6]] if record else []
    if record is None or len(values) < 6:
        yield "^SYSINFOEX: no state, or several that differ"
        return
    source = Source(line=record.line)
    service, roams, sim, mode = values[0], values[2], values[3], values[5]
    if service == 2 and roams in {0, 1}:
        state: RegistrationState = "roaming" if roams else "home"
        yield Registration(source=source, state=state, rat=_SYSTEM_RATS.get(mode if mode is not None else -1))
    elif service == 0:
        yield Registration(source=source, state="not_registered")
    if sim == 255:
        yield Sim(source=source, state="absent")


def _read_lendc(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^LENDC: <n>,<n>,<PSCell>,..`: the third value 1 says that an NR PSCell is there (at-dialects.md 15.5)."""
    record = answer.sole("^LENDC")
    if record is not None and len(record.fields) > 2 and record.fields[2] == "1":
        yield NrState(source=Source(line=record.line), mode="nsa_connected")


READERS = (
    Reader(r"AT\^SYSINFOEX", _read_sysinfoex, tells=()),
    Reader(r"AT\^LENDC\?", _read_lendc, tells=()),
    Reader(r"AT\^SYSCFGEX\?", read_syscfgex, tells=("enabled",)),
    Reader(r"AT\^SYSCFGEX=\?", read_syscfgex_test, tells=("supported",)),
    Reader(r"AT\^HFREQINFO\?", _read_hfreqinfo, tells=("serving",)),
    Reader(r"AT\^MONSC", _read_monsc, tells=("serving",)),
    Reader(r"AT\^LCACELL\?", _read_lcacell, tells=()),
    Reader(r"AT\^HCSQ\?", _read_hcsq, tells=()),
)


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return any(word in maker for word in ("huawei", "hisilicon", "td tech")) or modem.is_model(
        r"\b(?:ME909|ME906|MU709|E3372|E3276|E8372|E5573|MH5000|MT5700)"
    )


def _locking(modem: Modem) -> Locking | None:
    from .huawei_locks import locking

    return locking(modem)


DIALECT = Dialect(
    "huawei",
    _claims,
    READERS,
    lambda _modem: ("AT^SYSCFGEX=?", "AT^SYSCFGEX?", "AT^HFREQINFO?", "AT^MONSC", "AT^LCACELL?"),
    (r"AT\^MONSC",),
    nr_models=(r"\bMT5700", r"\bMH5000"),
    locking=_locking,
    kinds=(ModemKind("Balong", "ME909s-120", ()),),
)
