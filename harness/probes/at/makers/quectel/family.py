"""Quectel modems (at-dialects.md sections 2, 15.1, 15.2): LTE modules by +QCFG="band", 5G modules by +QNWPREFCFG."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, Source
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.bases import masks_in_base
from harness.probes.at.language.facts import enabled_by_mask, with_primary
from harness.probes.at.language.values import hexadecimal, integer

from .aggregation import read_qcainfo
from .bands_5g import READERS_5G, UNISOC, read_qgmr
from .cells import read_qeng, read_qnwinfo, read_qspn
from .conditions import STATE_READERS
from .models import FIVE_G, IOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

_OURS = r"\b(?:BG\d{2}|BC\d{2}|E[CGMP]\d{2,3}(?!\d)|R[GM]\d{3}(?!\d)|AG\d{2}|UC\d{2}(?!\d))"

_GSM_BITS = {0x1: 900, 0x2: 1800, 0x4: 850, 0x8: 1900}
_UMTS_BITS = {0x10: 1, 0x20: 2, 0x40: 5, 0x80: 8}
_TDS_TOP = 0x3F
_IOT_GSM_TOP = 0xF
_LTE_FIELDS = 2


def _masks(fields: tuple[str, ...], base: int) -> list[tuple[Rat, int]] | None:
    """The masks in a base, of any width; 0x makes them hexadecimal whatever the base."""
    found: list[tuple[Rat, int]] = []
    for field in fields:
        value = hexadecimal(field) if base == 16 or field[:2].lower() == "0x" else integer(field)
        if value is None or value < 0:
            return None
        # The first and the last are no masks of bands by number: nothing can be held against them.
        found.append(("lte", value if len(found) == 1 else 0))
    return found


def read_qcfg_band(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+QCFG: "band",<gw>,<lte>,<tds>`; on BG9x and BG77 `<gsm>,<Cat-M>,<NB-IoT>[,<NTN>]`."""
    for record in answer.named("+QCFG"):
        fields = record.fields
        if fields[0].lower() != "band":
            continue
        known = [mask for field in fields[1:] if (mask := hexadecimal(field)) is not None]
        if len(known) < _LTE_FIELDS or len(known) != len(fields) - 1:
            yield f"line {record.line}: not the masks of +QCFG band: {record.text[:80]!r}"
            continue
        _, warning = masks_in_base(16, partial(_masks, fields[1:]), answer.modem)
        if warning:
            yield f"line {record.line}: {warning}"
            continue
        iot = _is_iot(answer.modem, known)
        if iot is None:
            yield f"line {record.line}: LTE or Cat-M and NB-IoT masks: the model is needed"
        elif iot:
            yield from _gsm(record, known[0])
            yield from enabled_by_mask("lte_m", known[1], record.line)
            if len(known) > _LTE_FIELDS:
                yield from enabled_by_mask("nb_iot", known[2], record.line)
        else:
            yield from _gsm(record, known[0])
            yield from _umts(record, known[0])
            yield from enabled_by_mask("lte", known[1], record.line)


def _is_iot(modem: Modem, masks: list[int]) -> bool | None:
    """Whether the masks are those of a Cat-M / NB-IoT module; by the model, else by what only one kind can print."""
    if modem.is_model(*IOT):
        return True
    if modem.is_model(_OURS):
        return False
    if len(masks) == _LTE_FIELDS or masks[0] > _IOT_GSM_TOP:
        return False
    return True if len(masks) > _LTE_FIELDS + 1 or masks[2] > _TDS_TOP else None


def _gsm(record: AtRecord, mask: int) -> Iterator[Observation | str]:
    bands = tuple(sorted(mhz for bit, mhz in _GSM_BITS.items() if mask & bit))
    yield EnabledBands(source=Source(line=record.line), rat="gsm", bands=bands)


def _umts(record: AtRecord, mask: int) -> Iterator[Observation | str]:
    """UMTS bits above 0x80 differ between modules (800 is B6 or B19, 1700 is B4 or B9): then no list is claimed."""
    if mask & ~(sum(_GSM_BITS) | sum(_UMTS_BITS)):
        yield f"line {record.line}: UMTS mask {mask:#x} has bits whose band depends on the module: not read"
        return
    bands = tuple(sorted(band for bit, band in _UMTS_BITS.items() if mask & bit))
    yield EnabledBands(source=Source(line=record.line), rat="umts", bands=bands)


def claims(modem: Modem) -> bool:
    """Quectel by its maker's name; by a model of its naming where no maker is known."""
    if modem.manufacturer:
        return "quectel" in modem.manufacturer.lower()
    return bool(re.match(_OURS, modem.model or "", re.IGNORECASE))


_SERVING_5G = 'AT+QENG="servingcell";+QCAINFO'
_REGISTRATION_5G = "AT+CEREG?;+C5GREG?;+CPIN?;+CIMI"
_STATES_5G = (
    'AT+QNWPREFCFG="mode_pref";+QNWPREFCFG="nr5g_disable_mode";+QMBNCFG="list";+QNWLOCK="common/4g";+QNWLOCK="common/5g"'
    ';+QNWCFG="lte_earfcn_lock";+QNWCFG="nr5g_earfcn_lock"'
)
"""What else decides: modes, the carrier's profile, locks. What older firmware lacks stands last."""


def locking(modem: Modem) -> Locking | None:
    """How a module is held to one band."""
    from .locks import locking as of_module

    return of_module(modem)


def plan(modem: Modem) -> tuple[str, ...]:
    """Reads of a module, most telling first. Lists that share their record names are never joined."""
    if modem.is_model(*UNISOC):
        configured = 'AT+QNWPREFCFG="lte_band";+QNWPREFCFG="nr5g_band"'
        locks = 'AT+QNWLOCK="common/lte";+QNWLOCK="common/5g"'
        return (_SERVING_5G, "AT+QNWPREFCFG=?", configured, _REGISTRATION_5G, locks)
    if modem.is_model(*FIVE_G):
        return (
            _SERVING_5G,
            'AT+QNWPREFCFG="lte_band";+QNWPREFCFG="nsa_nr5g_band";+QNWPREFCFG="nr5g_band";+QNWPREFCFG="gw_band"',
            'AT+QNWPREFCFG="rf_band"',
            'AT+QNWPREFCFG="policy_band"',
            'AT+QNWPREFCFG="ue_capability_band"',
            _REGISTRATION_5G,
            _STATES_5G,
        )
    registration = "AT+CEREG?;+CPIN?;+CIMI"
    if modem.is_model(*IOT):
        return ('AT+QCFG="band"', 'AT+QENG="servingcell"', "AT+QNWINFO", registration)
    lock = 'AT+QNWLOCK="common/lte"'
    return ('AT+QCFG="band"', 'AT+QENG="servingcell"', "AT+QNWINFO", "AT+QCAINFO", registration, lock)


DIALECT = Dialect(
    name="quectel",
    claims=claims,
    readers=(
        Reader(r"AT\+QNWINFO\??", read_qnwinfo, tells=("serving",)),
        Reader(r'AT\+QENG=(?i:"servingcell")\??', read_qeng, tells=("serving",)),
        Reader(r"AT\+QCAINFO\??", partial(with_primary, read_qcainfo), tells=()),
        Reader(r'AT\+QCFG=(?i:"band")\??', read_qcfg_band, tells=("enabled",)),
        Reader(r"AT\+QSPN\??", read_qspn, tells=()),
        Reader(r"AT\+QGMR", read_qgmr, tells=()),
        *READERS_5G,
        *STATE_READERS,
    ),
    plan=plan,
    locking=locking,
    read_forms=(
        r"AT\+(?:QNWINFO|QCAINFO|QSPN|QGMR|QGETCAPABILITY)",
        r'AT\+QENG=(?i:"servingcell"|"neighbourcell")',
        r'AT\+QCFG=(?i:"band"|"nwscanmode"|"nwscanseq"|"iotopmode")',
        r'AT\+QNWPREFCFG=(?i:"(?:gw|lte|nsa_nr5g|nr5g|nrdc_nr5g|policy|ue_capability|rf)_band")',
        r'AT\+QMBNCFG=(?i:"list")|AT\+QNWLOCK=(?i:"(?:common/(?:[45]g|lte)|save_ctrl)")|AT\+QNWCFG=(?i:"(?:lte|nr5g)_earfcn_lock")',
        r'AT\+QNWPREFCFG=(?i:"(?:mode_pref|nr5g_disable_mode)")',
    ),
    kinds=(
        ModemKind("LTE modules (EC2x, EG2x, EM, EP)", "EG25-G", ()),
        ModemKind("LTE-M and NB-IoT modules (BG9x, BG77)", "BG95-M3", ()),
        ModemKind("5G modules (RG50x, RM50x, RM52x)", "RM520N-GL", ()),
        ModemKind("5G modules of Unisoc make", "RM500U-CNV", ()),
    ),
)
