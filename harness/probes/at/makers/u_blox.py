"""u-blox: +UBANDMASK, +UACT, +UBANDSEL and +UCGED (reference at-dialects.md section 5)."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Grade, Identity, NetworkMode, Observation, Signal, Source, SupportedBands
from harness.probes.at.chips.intel import band_of_number, read_rsrp
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.bases import masks_in_base
from harness.probes.at.language.facts import (
    cell,
    enabled,
    enabled_by_mask,
    gsm_umts_of_mask,
    plmn,
    supported,
    supported_by_mask,
)
from harness.probes.at.language.values import hexadecimal, integer, within
from harness.radio.bandwidths import lte_khz_of_resource_blocks

from .u_blox_masks import rat_masks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

_RATS: dict[int, Rat] = {0: "lte_m", 1: "nb_iot", 2: "gsm"}
_MASK_MODELS = (r"SARA-[RN]4", r"SARA-R5")
_UACT_MODELS = (r"TOBY-L4", r"LARA-R6", r"LARA-L6")

_NEEDS_MODEL = "+UBANDMASK needs the modem's model: its masks are decimal or hexadecimal numbers without a sign of it"

_MHZ: dict[int, tuple[int, ...]] = {
    700: (12, 13, 14, 17, 28, 29),
    800: (20, 27),
    850: (5, 18, 19, 26),
    900: (8,),
    1700: (4, 10),
    1800: (3,),
    1900: (2, 25, 39),
    2100: (1,),
    2300: (40,),
    2500: (41,),
    2600: (7, 38),
}
_MODEL_LTE: dict[str, tuple[int, ...]] = {
    r"LARA-R202": (2, 4, 5, 12),
    r"LARA-R203": (2, 4, 12),
    r"LARA-R204": (4, 13),
    r"LARA-R211": (3, 7, 20),
    r"LARA-R280": (3, 8, 28),
    r"(?:TOBY|MPCI)-L200": (2, 4, 5, 7, 17),
    r"(?:TOBY|MPCI)-L201": (2, 4, 5, 13, 17),
    r"(?:TOBY|MPCI)-L210": (1, 3, 5, 7, 8, 20),
    r"(?:TOBY|MPCI)-L280": (1, 3, 5, 7, 8, 28),
}
"""LTE bands of the models that choose bands by MHz, from the maker's data sheets."""


def _number(text: str, base: int) -> int | None:
    """A 64-bit word; 0x makes it hexadecimal whatever the model."""
    marked = text.lower().startswith("0x")
    value = hexadecimal(text) if base == 16 or marked else integer(text)
    return value if value is not None and 0 <= value < 1 << 64 else None


def _needs_model(answer: AtAnswer, masks: Sequence[str]) -> bool:
    """Whether the digits do not tell their base and nothing else does."""
    return not answer.modem.model and not all(mask.lower().startswith("0x") for mask in masks)


def _read_bandmask(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+UBANDMASK: <RAT>,<mask>[,<mask of B65..128>][,<RAT>,..]`, decimal 64-bit words; needs the model."""
    for record in answer.named("+UBANDMASK"):
        if _needs_model(answer, record.fields[1::2]):
            yield _NEEDS_MODEL
            continue
        masks, warning = masks_in_base(10, partial(_masks, record.fields), answer.modem)
        if warning:
            yield f"line {record.line}: +UBANDMASK: {warning}"
        for rat, mask in masks:
            if rat == "gsm":
                yield from _gsm(mask, record.line)
            else:
                yield from enabled_by_mask(rat, mask, record.line)


def _masks(fields: Sequence[str], base: int) -> list[tuple[Rat, int]] | None:
    """The masks by RAT in a base; None where the words are no numbers of it or can be cut in several ways or none."""
    values = [_number(text, base) for text in fields]
    known = [value for value in values if value is not None]
    readings = rat_masks(known) if len(known) == len(values) else []
    return [(_RATS[rat], mask) for rat, mask in readings[0]] if len(readings) == 1 else None


def _gsm(mask: int, line: int) -> Iterator[Observation | str]:
    """Qualcomm's bits, counted from 0 or from 1: read only where the bits that are set leave no doubt."""
    bits = {bit for bit in range(mask.bit_length()) if mask >> bit & 1}
    if bits and bits <= {7, 8, 9, 19, 21} and bits & {7, 19, 21}:
        yield enabled("gsm", gsm_umts_of_mask(mask)[0], line)
    else:
        yield f"line {line}: the bits of the GPRS mask {mask} are not documented alike: not read"


def _read_bandmask_test(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+UBANDMASK: (RATs),<mask>[,<mask2>]`; all ones say nothing of the hardware. A range ends in the mask."""
    for record in answer.named("+UBANDMASK"):
        rats, *texts = record.fields
        words = [text.strip("()").split("-")[-1].strip() for text in texts]
        names = [_RATS[int(digit)] for digit in re.findall(r"[01]", rats)]
        if not words or not names or not rats.startswith("("):
            yield f"line {record.line}: the test form of +UBANDMASK cannot be read"
            continue
        if _needs_model(answer, words):
            yield _NEEDS_MODEL
            continue
        masks, warning = masks_in_base(10, partial(_test_masks, names, words), answer.modem)
        if warning:
            yield f"line {record.line}: +UBANDMASK: {warning}"
        for rat, mask in masks:
            yield from supported_by_mask(rat, mask, record.line, up_to=64 * min(len(words), 2))


def _test_masks(names: Sequence[Rat], words: Sequence[str], base: int) -> list[tuple[Rat, int]] | None:
    values = [_number(text, base) for text in words[:2]]
    if None in values:
        return None
    mask = sum(value << 64 * index for index, value in enumerate(values) if value is not None)
    return [(rat, mask) for rat in dict.fromkeys(names)]


def _numbers(record: AtRecord) -> list[str]:
    return [text for text in re.split(r"[,()\s]+", record.text) if text]


def _read_uact(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+UACT: ,,,<n>,..`, bands numbered as in Intel's +XACT; in the test form in groups."""
    tests = answer.command.rstrip().endswith("=?") or "UACT=?" in answer.command.upper()
    for record in answer.named("+UACT"):
        groups: dict[Rat, set[int]] = {}
        for text in _numbers(record):
            if found := band_of_number(text):
                groups.setdefault(found[0], set()).add(found[1])
            else:
                yield f"line {record.line}: {text} is no band"
        for rat, bands in groups.items():
            yield supported(rat, bands, record.line) if tests else enabled(rat, bands, record.line)


def _read_bandsel(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+UBANDSEL: <MHz>,..`: frequencies, made LTE bands by the bands that the model has; 0 means automatic."""
    tests = "UBANDSEL=?" in answer.command.upper()
    has = next((bands for name, bands in _MODEL_LTE.items() if answer.modem.is_model(name)), None)
    for record in answer.named("+UBANDSEL"):
        frequencies = [integer(text) for text in _numbers(record)]
        source = Source(line=record.line)
        if frequencies == [0] and not tests:
            yield EnabledBands(source=source, rat="lte", bands=None, unlimited=True)
            continue
        if has is None:
            yield f"line {record.line}: +UBANDSEL gives MHz, which name no bands: a model with a known sheet is needed"
            continue
        listed = sorted({band for mhz in frequencies if mhz for band in _MHZ.get(mhz, ()) if band in has})
        make = SupportedBands if tests else EnabledBands
        # which band stands for the MHz is taken from the data sheet, hence the grade
        found: Observation = make(source=source, rat="lte", bands=tuple(listed), grade=Grade.DECLARED)
        yield found


_UNSET = (0xFFFF, 0xFF)
"""EARFCN and band of no cell in +UCGED; 255 beside a channel is a band of satellites."""


def _read_ucged(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+UCGED: 2`, `6,<n>,MCC,MNC`, `EARFCN,band,ul RB,dl RB,TAC,CI,PCI,..`: lines without a name, some broken."""
    yield from read_rsrp(answer)
    header = next(answer.named("+UCGED"), None)
    lines = [r for r in answer.bare if header is not None and r.line > header.line]
    if not lines:
        return
    first = lines[0].fields
    if first[0] != "6" or len(first) < 4:
        yield f"line {lines[0].line}: +UCGED of radio technology {first[0]!r} cannot be read"
        return
    fields = [text.strip() for text in "".join(r.text for r in lines[1:]).split(",")]
    if len(fields) < 8:
        yield f"line {lines[0].line}: no cell behind +UCGED"
        return
    channel, band, blocks = integer(fields[0]), integer(fields[1]), integer(fields[3])
    yield from cell(
        "lte",
        channel,
        None if (channel, band) == _UNSET else band,
        line=lines[1].line,
        plmn=plmn(first[2], first[3]),
        pci=integer(fields[6]),
        tac=hexadecimal(fields[4]),
        khz=lte_khz_of_resource_blocks(blocks) if blocks is not None else None,
    )
    level = within(integer(fields[10]) if len(fields) > 10 else None, 1, 97)
    if level is not None:
        yield Signal(source=Source(line=lines[1].line), rat="lte", rsrp_dbm=level - 141)


_URAT: dict[int, tuple[str, ...]] = {
    0: ("gsm",),
    1: ("gsm", "umts"),
    2: ("umts",),
    3: ("lte",),
    4: ("gsm", "umts", "lte"),
    5: ("gsm", "lte"),
    6: ("umts", "lte"),
    7: ("lte_m",),
    8: ("nb_iot",),
}


def _read_urat(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+URAT: <AcT>[,<AcT>..]`: what is allowed, in the order of preference; +UBANDMASK holds within it."""
    for record in answer.named("+URAT"):
        codes = [integer(text) for text in record.fields if text]
        known = [_URAT[code] for code in codes if code is not None and code in _URAT]
        rats = tuple(dict.fromkeys(rat for group in known for rat in group)) if len(known) == len(codes) else None
        yield NetworkMode(source=Source(line=record.line), rats=rats, raw=record.text)


def _read_profile(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+UMNOPROF: <n>`: the operator's profile, which brings its own band set."""
    for record in answer.named("+UMNOPROF"):
        if within(integer(record.fields[0]), 0, 999) is not None:
            yield Identity(source=Source(line=record.line), carrier_config=f"UMNOPROF {record.fields[0]}")


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return "u-blox" in maker or "ublox" in maker or modem.is_model(r"\b(?:SARA|TOBY|LARA|LISA|MPCI)-")


def _plan(modem: Modem) -> tuple[str, ...]:
    if modem.is_model(*_MASK_MODELS):
        return ("AT+UBANDMASK=?", "AT+UBANDMASK?", "AT+UCGED?", "AT+URAT?;+UMNOPROF?")
    if modem.is_model(*_UACT_MODELS):
        return ("AT+UACT=?", "AT+UACT?", "AT+UCGED?")
    return ("AT+UBANDSEL=?", "AT+UBANDSEL?", "AT+UCGED?")


def _locking(modem: Modem) -> Locking | None:
    from .u_blox_locks import locking

    return locking(modem)


DIALECT = Dialect(
    "u-blox",
    _claims,
    (
        Reader(r"AT\+UBANDMASK\?", _read_bandmask, tells=("enabled",)),
        Reader(r"AT\+UBANDMASK=\?", _read_bandmask_test, tells=("supported",)),
        Reader(r"AT\+UACT\?", _read_uact, tells=("enabled",)),
        Reader(r"AT\+UACT=\?", _read_uact, tells=("supported",)),
        Reader(r"AT\+UBANDSEL\?", _read_bandsel, tells=("enabled",)),
        Reader(r"AT\+UBANDSEL=\?", _read_bandsel, tells=("supported",)),
        Reader(r"AT\+URAT\?", _read_urat, tells=()),
        Reader(r"AT\+UMNOPROF\?", _read_profile, tells=()),
        Reader(r"AT\+UCGED\?", _read_ucged, ("+RSRP", "+RSRQ"), tells=("serving",)),
    ),
    _plan,
    locking=_locking,
    no_lock="bands are chosen by MHz (UBANDSEL) or by a form that is not documented for sure (UACT): no lock to one band",
    kinds=(
        ModemKind("SARA-R4, R5, N4", "SARA-R510S", ("AT+CGMR",)),
        ModemKind("TOBY-L4, LARA-R6, LARA-L6", "LARA-R6001", ("AT+CGMR",)),
        ModemKind("TOBY-L2, LARA-R2, LISA", "LARA-R211", ("AT+CGMR",)),
    ),
)
