"""Nordic nRF91 (reference at-dialects.md section 11; nRF91 AT Commands Reference Guide).

Band masks are strings of binary digits, the rightmost for band 1. The band list and the band lock are the modem's,
not one RAT's; %XCBAND does not tell LTE-M from NB-IoT, %XMONITOR does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import (
    EnabledBands,
    NetworkMode,
    Observation,
    Registration,
    ServingCell,
    Signal,
    Source,
    SupportedBands,
)
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.values import hexadecimal, integer, pci, tac, within
from harness.radio.channels import read_lte_band
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands
from harness.radio.plmn import parse_plmn
from harness.radio.tables import is_band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat, RegistrationState
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

MAX_LOCK_DIGITS = 88
_STATES: dict[int, RegistrationState] = {
    0: "not_registered",
    1: "home",
    2: "searching",
    3: "denied",
    4: "unknown",
    5: "roaming",
    8: "emergency",
    90: "not_registered",
}
"""<reg_status> of %XMONITOR; 90 is a failure of the UICC."""
_RATS: dict[int, Rat] = {7: "lte_m", 9: "nb_iot", 14: "nb_iot"}
"""<AcT> of %XMONITOR; 14 is NB-IoT by satellite (TS 27.007 clause 7.3)."""


def read_supported(answer: AtAnswer) -> Iterator[Observation | str]:
    """`%XCBAND: (1,2,...)`; written copies have `%XCBAND=? (...)`. One list of the modem, told of LTE-M."""
    for record in answer.named("%XCBAND"):
        match = re.search(r"\(([^()]*)\)", record.text)
        numbers = [integer(part) for part in match[1].split(",")] if match else []
        bands = tuple(sorted({n for n in numbers if n is not None}))
        if not bands or None in numbers or unknown_bands("lte", bands):
            yield f"line {record.line}: no list of bands: {record.raw[:80]!r}"
            continue
        yield SupportedBands(rat="lte_m", bands=bands, layer="hardware", source=Source(line=record.line))


def read_current_band(answer: AtAnswer) -> Iterator[Observation | str]:
    """`%XCBAND: 20`; 0 is none. Says neither LTE-M nor NB-IoT, so the RAT is `lte`."""
    for record in answer.named("%XCBAND"):
        band = integer(record.text)
        if band == 0:
            yield "%XCBAND names no band: the modem is not camped"
        elif band is None or not is_band("lte", band):
            yield f"line {record.line}: no band: {record.raw[:80]!r}"
        else:
            yield ServingCell(
                rat="lte", band=band, band_reported=band, band_source="reported", source=Source(line=record.line)
            )


def read_lock(answer: AtAnswer) -> Iterator[Observation | str]:
    """`%XBANDLOCK: "<permanent>","<run-time>"`; an empty string is no lock. The lock holds for both RATs."""
    for record in answer.named("%XBANDLOCK"):
        fields, satellite = record.fields[:2], record.fields[2:3]
        if satellite and satellite[0] and not any(fields):
            yield f"line {record.line}: the lock names bands by satellite alone: whether others are locked is open"
            continue
        if any(re.fullmatch(rf"[01]{{0,{MAX_LOCK_DIGITS}}}", field) is None for field in fields):
            yield f"line {record.line}: no binary band strings: {record.raw[:80]!r}"
            continue
        yield from _locked(record, [int(field, 2) for field in fields if field])


def _locked(record: AtRecord, masks: list[int]) -> Iterator[Observation | str]:
    where = Source(line=record.line)
    limits = [mask for mask in masks if not means_unlimited(mask)]
    strangers = [band for mask in limits for band in unknown_bands("lte", bands_of_mask(mask))]
    if strangers or 0 in limits:
        what = f"names {strangers}, which are no bands" if strangers else "allows no band at all"
        yield f"line {record.line}: the band lock {what}: unreadable"
        return
    if not limits:
        yield EnabledBands(rat="lte_m", bands=None, unlimited=True, source=where)
        yield EnabledBands(rat="nb_iot", bands=None, unlimited=True, source=where)
        return
    allowed = limits[0] & limits[-1]
    if limits[0] != limits[-1]:
        yield f"line {record.line}: permanent and run-time lock differ; only bands of both are taken as enabled"
        if not allowed:
            return
    yield EnabledBands(rat="lte_m", bands=bands_of_mask(allowed), source=where)
    yield EnabledBands(rat="nb_iot", bands=bands_of_mask(allowed), source=where)


def read_monitor(answer: AtAnswer) -> Iterator[Observation | str]:
    """`%XMONITOR: <reg>,"full","short","plmn","tac",<AcT>,<band>,"<ci>",<PCI>,<EARFCN>,<rsrp>,<snr>,..`.

    Only `<reg>` while not registered. RSRP in dBm is v - 140, SNR in dB v - 24.
    """
    for record in answer.named("%XMONITOR"):
        fields = record.fields
        status = integer(fields[0])
        if status not in _STATES:
            yield f"line {record.line}: unknown registration status: {record.raw[:80]!r}"
            continue
        if status == 90:
            yield "%XMONITOR tells a failure of the UICC (status 90)"
        plmn = parse_plmn(fields[3]) if len(fields) > 3 else None
        rat = _RATS.get(integer(fields[5]) or 0) if len(fields) > 5 else None
        yield Registration(
            domain="eps",
            state=_STATES[status],
            rat=rat,
            plmn=str(plmn) if plmn else None,
            source=Source(line=record.line),
        )
        if len(fields) > 9:
            yield from _monitored_cell(record, fields, rat, registered=status in {1, 5})


def _monitored_cell(
    record: AtRecord, fields: tuple[str, ...], rat: Rat | None, *, registered: bool
) -> Iterator[Observation | str]:
    where = Source(line=record.line)
    if rat is None:
        yield f"line {record.line}: access technology {fields[5]!r} is neither LTE-M (7) nor NB-IoT (9, 14)"
        return
    earfcn, band = within(integer(fields[9]), 0, 262143), integer(fields[6])
    reading = read_lte_band(earfcn, band or None)
    if reading.conflict:
        yield f"line {record.line}: EARFCN {earfcn} does not lie in band {band}"
    plmn = parse_plmn(fields[3])
    yield ServingCell(
        rat=rat,
        registered=registered,
        plmn=str(plmn) if plmn else None,
        arfcn=earfcn,
        band=reading.band,
        band_candidates=reading.candidates or None,
        band_reported=reading.reported,
        band_source=reading.source,
        pci=pci(integer(fields[8]), rat="lte"),
        tac=tac(hexadecimal(fields[4]), rat="lte"),
        source=where,
    )
    rsrp = within(integer(fields[10]), 0, 97) if len(fields) > 10 else None
    snr = within(integer(fields[11]), 0, 49) if len(fields) > 11 else None
    if rsrp is not None or snr is not None:
        yield Signal(
            rat=rat,
            rsrp_dbm=None if rsrp is None else float(rsrp - 140),
            sinr_db=None if snr is None else float(snr - 24),
            source=where,
        )


def read_levels(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CESQ: 99,99,255,255,<rsrq>,<rsrp>`: Nordic's RSRP is v - 140 dBm, one more than TS 27.007 clause 8.69 says."""
    record = answer.sole("+CESQ")
    if record is not None:
        fields = record.fields
        rsrq = within(integer(fields[4]), 0, 34) if len(fields) > 5 else None
        rsrp = within(integer(fields[5]), 0, 97) if len(fields) > 5 else None
        if rsrp is not None or rsrq is not None:
            yield Signal(
                rsrp_dbm=None if rsrp is None else float(rsrp - 140),
                rsrq_db=None if rsrq is None else rsrq / 2 - 20,
                source=Source(line=record.line),
            )


def read_system_mode(answer: AtAnswer) -> Iterator[Observation | str]:
    """`%XSYSTEMMODE: <LTE-M>,<NB-IoT>,<GNSS>,<preference>[,<NTN>]`, 0 or 1 each."""
    for record in answer.named("%XSYSTEMMODE"):
        fields = record.fields
        if len(fields) < 3 or not set(fields[:3]) <= {"0", "1"}:
            yield f"line {record.line}: no system mode: {record.raw[:80]!r}"
            continue
        by_satellite = fields[4:5] == ("1",) and fields[1] != "1"
        rats = tuple(rat for rat, on in zip(("lte_m", "nb_iot"), fields[:2], strict=True) if on == "1")
        rats = (*rats, "nb_iot") if by_satellite else rats
        yield NetworkMode(rats=rats, raw=record.text, source=Source(line=record.line))


def _claims(modem: Modem) -> bool:
    return modem.is_model(r"\bnRF9\d|\bmfw_nrf9") or "nordic" in (modem.manufacturer or "").lower()


def _locking(_: Modem) -> Locking:
    from .nordic_locks import LOCKING

    return LOCKING


DIALECT = Dialect(
    name="nordic",
    claims=_claims,
    locking=_locking,
    readers=(
        Reader(r"AT%XCBAND=\?", read_supported, tells=("supported",), rats=("lte_m",)),
        Reader(r"AT%XCBAND", read_current_band, tells=()),
        Reader(r"AT%XBANDLOCK\?", read_lock, tells=("enabled",), rats=("lte_m", "nb_iot")),
        Reader(r"AT%XMONITOR", read_monitor, tells=("registration",)),
        Reader(r"AT%XSYSTEMMODE\?", read_system_mode, tells=()),
        Reader(r"AT\+CESQ", read_levels, tells=()),
    ),
    plan=lambda _modem: ("AT%XCBAND=?", "AT%XBANDLOCK?", "AT%XMONITOR", "AT%XSYSTEMMODE?"),
    read_forms=(r"AT%(?:XCBAND|XMONITOR)",),
    cell_records={"%NCELLMEAS": (1, 3)},
    kinds=(ModemKind("nRF91", "nRF9160-SICA"),),
)
