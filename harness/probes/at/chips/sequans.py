"""Sequans Monarch and Monarch 2 (reference at-dialects.md section 12).

Bands are configured per RAT and operator profile, so the enabled list is that of the active profile (+SQNCTM).
+SQNMONI does not tell LTE-M from NB-IoT: its cells carry the RAT `lte`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Identity, Observation, ServingCell, Signal, Source, SupportedBands
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.values import decimal_number, integer, pci, tac, within
from harness.radio.bandwidths import LTE_WIDTHS_KHZ
from harness.radio.channels import read_lte_band
from harness.radio.masks import unknown_bands
from harness.radio.plmn import parse_plmn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

_RATS: dict[int, Rat] = {0: "lte_m", 1: "nb_iot"}
_KEY = late(r"(?<!\S)(Cc|Nc|RSRP|CINR|RSRQ|TAC|Id|EARFCN|PWR|PAGING|CID|BAND|BW):(\S*)", re.IGNORECASE)
_WIDEST_KHZ = {
    **dict.fromkeys((31, 72, 73, 87, 88), 5000),
    **dict.fromkeys((5, 6, 8, 11, 12, 13, 14, 17, 24, 27, 29, 30, 85), 10000),
    **dict.fromkeys((18, 19, 21, 26, 34, 68), 15000),
}
"""Widest channel of the bands that have none of 20 MHz (TS 36.101 table 5.6.1-1)."""


def _band_list(text: str) -> tuple[int, ...] | None:
    """Sorted bands of a comma list; None where a part is no number or no band."""
    numbers = [integer(part) for part in text.strip().strip('"').split(",")]
    bands = tuple(sorted({n for n in numbers if n is not None}))
    return None if None in numbers or unknown_bands("lte", bands) else bands


def read_supported(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+SQNBANDSEL: (rats),(profiles),(bands)`, sometimes broken over lines; one band list for all RATs named."""
    first = next(answer.named("+SQNBANDSEL"), None)
    if first is None:
        return
    text = " ".join([first.text, *(record.raw for record in answer.bare)])
    groups = re.findall(r"\(([^()]*)\)", text)
    bands = _band_list(groups[2]) if len(groups) == 3 else None
    rats = (
        [_RATS.get(number) for part in groups[0].split(",") if (number := integer(part)) is not None] if groups else []
    )
    if not bands or not rats or None in rats:
        yield f"line {first.line}: not (rats),(profiles),(bands), or numbers that are no bands"
        return
    for rat in rats:
        if rat is not None:
            yield SupportedBands(rat=rat, bands=bands, layer="hardware", source=Source(line=first.line))


def read_profile(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+SQNCTM: <profile>`: the active operator profile."""
    for record in answer.named("+SQNCTM"):
        if record.fields[0]:
            yield Identity(carrier_config=record.fields[0], source=Source(line=record.line))


def read_enabled(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+SQNBANDSEL: <rat>,<profile>,"<bands>"` lines; the active profile's counts, or all where they agree.

    Ask `AT+SQNCTM?;+SQNBANDSEL?` to know the active profile.
    """
    active = next((record.fields[0].lower() for record in answer.named("+SQNCTM") if record.fields[0]), None)
    records = [record for record in answer.named("+SQNBANDSEL") if len(record.fields) >= 3]
    if not records:
        yield "+SQNBANDSEL lists no bands: none are configured, or the answer is not whole"
    for number, rat in _RATS.items():
        rows = [record for record in records if integer(record.fields[0]) == number]
        mine = [row for row in rows if row.fields[1].lower() == active] if active else rows
        if mine and not active and not answer.closed:
            yield f"the answer has no end, so profiles with other {rat} bands may be missing"
        elif mine:
            yield from _enabled(rat, mine, by_profile=active is not None)
        elif rows:
            yield f"+SQNBANDSEL has no {rat} line of the active profile {active!r}"


def _enabled(rat: Rat, rows: list[AtRecord], *, by_profile: bool) -> Iterator[Observation | str]:
    lists = [(row, _band_list(",".join(row.fields[2:]))) for row in rows]
    for row, bands in lists:
        if bands is None:
            yield f"line {row.line}: profile {row.fields[1]!r} holds numbers that are no bands: unreadable"
    different = {bands for _, bands in lists}
    if len(different) > 1:
        what = "contradict each other" if by_profile else "differ by profile: name the active one with AT+SQNCTM?"
        yield f"the {rat} lines of +SQNBANDSEL {what}"
        return
    row, bands = lists[0]
    if bands is not None:
        yield EnabledBands(rat=rat, bands=bands, source=Source(line=row.line))


def read_monitor(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+SQNMONI: <name> Cc:204 Nc:08 RSRP:.. CINR:.. RSRQ:.. TAC:.. Id:.. EARFCN:..`: keys, blanks between, no commas.

    The name can hold blanks. `Id` is the PCI, TAC is decimal, `Nc` keeps its digits. Lines without a network are
    neighbours; with several networks nothing tells which one serves.
    """
    cells = [(record, {m[1].upper(): m[2] for m in _KEY.finditer(record.text)}) for record in answer.named("+SQNMONI")]
    own = [(record, keys) for record, keys in cells if {"CC", "NC", "EARFCN"} <= keys.keys()]
    if len(own) > 1:
        yield "+SQNMONI lists several networks and does not tell which one serves"
    elif own:
        yield from _cell(*own[0])
    else:
        yield "+SQNMONI names no serving cell"


def _cell(record: AtRecord, keys: dict[str, str]) -> Iterator[Observation | str]:
    where = Source(line=record.line)
    earfcn = within(integer(keys["EARFCN"]), 0, 262143)
    earfcn = None if earfcn == 65535 and "BAND" not in keys else earfcn
    reported = integer(keys.get("BAND"))
    reading = read_lte_band(earfcn, reported)
    if reading.conflict:
        yield f"line {record.line}: EARFCN {earfcn} does not lie in band {reported}"
    plmn = parse_plmn(keys["CC"] + keys["NC"])
    if reading.band is None and plmn is None:
        yield f"line {record.line}: neither a network nor a channel: {record.raw[:80]!r}"
        return
    width = integer(keys.get("BW"))
    fits = reading.band is not None and width in LTE_WIDTHS_KHZ and width <= _WIDEST_KHZ.get(reading.band, 20000)
    if width is not None and not fits:
        yield f"line {record.line}: BW:{width} cannot be the bandwidth of band {reading.band} in kHz"
    yield ServingCell(
        rat="lte",
        plmn=str(plmn) if plmn else None,
        arfcn=earfcn,
        band=reading.band,
        band_candidates=reading.candidates or None,
        band_reported=reading.reported,
        band_source=reading.source,
        pci=pci(integer(keys.get("ID")), rat="lte"),
        tac=tac(integer(keys.get("TAC")), rat="lte"),
        bandwidth_khz=width if fits else None,
        source=where,
    )
    yield from _levels(keys, where)


def _levels(keys: dict[str, str], where: Source) -> Iterator[Observation]:
    """Levels in dBm and dB; an RSRP of -1 means that nothing was measured."""
    rsrp = decimal_number(keys.get("RSRP"))
    if rsrp is None or not -150 <= rsrp <= -30:
        return
    rsrq, sinr = decimal_number(keys.get("RSRQ")), decimal_number(keys.get("CINR"))
    yield Signal(
        rat="lte",
        rsrp_dbm=rsrp,
        rsrq_db=rsrq if rsrq is not None and -40 <= rsrq <= 3 else None,
        sinr_db=sinr if sinr is not None and -30 <= sinr <= 50 else None,
        source=where,
    )


def _claims(modem: Modem) -> bool:
    return "sequans" in (modem.manufacturer or "").lower() or modem.is_model(r"\bGM0[12]S|\bMonarch|\bVZM20Q|\bLR5\.\d")


def _locking(_: Modem) -> Locking | None:
    from .sequans_locks import LOCKING

    return LOCKING


DIALECT = Dialect(
    name="sequans",
    claims=_claims,
    readers=(
        Reader(r"AT\+SQNBANDSEL=\?", read_supported, tells=("supported",)),
        Reader(r"AT\+SQNBANDSEL\?", read_enabled, tells=("enabled",)),
        Reader(r"AT\+SQNCTM\?", read_profile, tells=()),
        Reader(r"AT\+SQNMONI(?:=[079])?", read_monitor, tells=("serving",)),
    ),
    plan=lambda _modem: ("AT+SQNBANDSEL=?", "AT+SQNCTM?;+SQNBANDSEL?", "AT+SQNMONI=7"),
    read_forms=(r"AT\+SQNMONI(?:=[079])?",),
    locking=_locking,
    kinds=(ModemKind("Monarch", "GM02S"),),
)
