"""u-blox: +UBANDMASK, +UACT, +UBANDSEL and +UCGED (reference at-dialects.md section 5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Grade, Observation, Signal, Source, SupportedBands
from harness.radio.bandwidths import lte_khz_of_resource_blocks
from harness.radio.tables import is_band

from .answer import Answer, Modem, Record, hexadecimal, integer, within
from .building import cell, enabled, enabled_by_mask, plmn, supported, supported_by_mask
from .dialect import Dialect, Reader
from .intel import read_rsrp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Rat

_RATS: dict[int, Rat] = {0: "lte_m", 1: "nb_iot", 2: "gsm"}
_MASK_MODELS = (r"SARA-[RN]4", r"SARA-R5")
_UACT_MODELS = (r"TOBY-L4", r"LARA-R6", r"LARA-L6")

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


def _mask(text: str) -> int | None:
    value = hexadecimal(text) if text.lower().startswith("0x") else integer(text)
    return value if value is not None and 0 <= value < 1 << 64 else None


def rat_masks(values: Sequence[int], words: tuple[int, ...] = (1, 2)) -> list[tuple[tuple[int, int], ...]]:
    """All readings of `RAT,mask[,mask2],RAT,..` as (RAT, mask) pairs; a 1 can be a RAT or a mask of B65.

    Every RAT (0, 1, 2) occurs once and has as many words as its fellows; GPRS (2) has one.
    """
    found = []
    for width in words:
        reading = _cut(values, width)
        if reading and reading not in found:
            found.append(reading)
    return found


def _cut(values: Sequence[int], width: int) -> tuple[tuple[int, int], ...] | None:
    pairs: dict[int, int] = {}
    position = 0
    while position < len(values):
        rat = values[position]
        size = 1 if rat == 2 and width == 2 and len(values) - position == 2 else width
        masks = values[position + 1 : position + 1 + size]
        if rat not in _RATS or rat in pairs or len(masks) < size:
            return None
        pairs[rat] = masks[0] | (masks[1] << 64 if size == 2 else 0)
        position += 1 + size
    return tuple(pairs.items()) or None


def _read_bandmask(answer: Answer) -> Iterator[Observation | str]:
    """`+UBANDMASK: <RAT>,<mask>[,<mask of B65..128>][,<RAT>,..]`, decimal 64-bit words."""
    for record in answer.named("+UBANDMASK"):
        values = [_mask(text) for text in record.fields]
        known = [value for value in values if value is not None]
        readings = rat_masks(known) if len(known) == len(values) else []
        if len(readings) != 1:
            yield f"line {record.line}: +UBANDMASK cannot be cut into RATs and masks in one way"
            continue
        for rat, mask in readings[0]:
            if rat == 2:
                yield f"line {record.line}: the bits of the GPRS mask {mask} are not documented alike: not read"
            else:
                yield from enabled_by_mask(_RATS[rat], mask, record.line)


def _read_bandmask_test(answer: Answer) -> Iterator[Observation | str]:
    """`+UBANDMASK: (RATs),<mask>[,<mask2>]`; all ones say nothing of the hardware. A range ends in the mask."""
    for record in answer.named("+UBANDMASK"):
        rats, *texts = record.fields
        values = [_mask(text.strip("()").split("-")[-1].strip()) for text in texts]
        names = [_RATS[int(digit)] for digit in re.findall(r"[012]", rats) if int(digit) in {0, 1}]
        if not values or None in values or not names or not rats.startswith("("):
            yield f"line {record.line}: the test form of +UBANDMASK cannot be read"
            continue
        mask = sum(value << 64 * index for index, value in enumerate(values[:2]) if value is not None)
        for rat in dict.fromkeys(names):
            yield from supported_by_mask(rat, mask, record.line)


def _numbers(record: Record) -> list[str]:
    return [text for text in re.split(r"[,()\s]+", record.text) if text]


def _read_uact(answer: Answer) -> Iterator[Observation | str]:
    """`+UACT: ,,,<n>,..`: n UTRA, 100 + n LTE, GSM by MHz; in the test form in groups."""
    tests = answer.command.rstrip().endswith("=?") or "UACT=?" in answer.command.upper()
    for record in answer.named("+UACT"):
        groups: dict[Rat, set[int]] = {}
        for text in _numbers(record):
            number = integer(text) or 0
            rat: Rat = "umts" if number < 100 else "lte" if number < 300 else "gsm"
            band = number - 100 if rat == "lte" else number
            if is_band(rat, band):
                groups.setdefault(rat, set()).add(band)
            else:
                yield f"line {record.line}: {text} is no band"
        for rat, bands in groups.items():
            yield supported(rat, bands, record.line) if tests else enabled(rat, bands, record.line)


def _read_bandsel(answer: Answer) -> Iterator[Observation | str]:
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


def _read_ucged(answer: Answer) -> Iterator[Observation | str]:
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
    blocks = integer(fields[3])
    yield from cell(
        "lte",
        integer(fields[0]),
        integer(fields[1]),
        line=lines[1].line,
        plmn=plmn(first[2], first[3]),
        pci=integer(fields[6]),
        tac=hexadecimal(fields[4]),
        khz=lte_khz_of_resource_blocks(blocks) if blocks is not None else None,
    )
    level = within(integer(fields[10]) if len(fields) > 10 else None, 1, 97)
    if level is not None:
        yield Signal(source=Source(line=lines[1].line), rat="lte", rsrp_dbm=level - 141)


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return "u-blox" in maker or "ublox" in maker or modem.is_model(r"\b(?:SARA|TOBY|LARA|LISA|MPCI)-")


def _plan(modem: Modem) -> tuple[str, ...]:
    if modem.is_model(*_MASK_MODELS):
        return ("AT+UBANDMASK=?", "AT+UBANDMASK?", "AT+UCGED?")
    if modem.is_model(*_UACT_MODELS):
        return ("AT+UACT=?", "AT+UACT?", "AT+UCGED?")
    return ("AT+UBANDSEL=?", "AT+UBANDSEL?", "AT+UCGED?")


DIALECT = Dialect(
    "u-blox",
    _claims,
    (
        Reader(r"AT\+UBANDMASK\?", _read_bandmask),
        Reader(r"AT\+UBANDMASK=\?", _read_bandmask_test),
        Reader(r"AT\+UACT(?:=\?|\?)", _read_uact),
        Reader(r"AT\+UBANDSEL(?:=\?|\?)", _read_bandsel),
        Reader(r"AT\+UCGED\?", _read_ucged),
    ),
    _plan,
    (),
    ("ublox",),
)
