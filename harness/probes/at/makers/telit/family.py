"""Telit modules: #BND, #RFSTS, #SERVINFO, #MONI (reference at-dialects.md sections 3 and 15.4).

LN940 and LN960 are Foxconn inside and answer that maker's commands. #CAINFO is not read: no public source has its
layout and its band classes for sure.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from harness.observations import Rat, Registration, Service, ServingCell, Source
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.answer import split_fields
from harness.probes.at.language.bases import masks_in_base
from harness.probes.at.language.facts import cell, enabled_by_mask, of_list, supported_by_mask
from harness.probes.at.language.values import hexadecimal, integer, within
from harness.probes.at.makers import foxconn
from harness.radio.bandwidths import NR_WIDTHS_KHZ
from harness.radio.channels import lte_band_of
from harness.radio.plmn import parse_plmn

from .bands import GSM_TABLE, BandForm, band_form, highest, number, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

_MASK_PARTS = (("lte", "lte_high"), ("nsa", "nsa_high"), ("sa", "sa_high"))
_HIGH_OF = {"nr_nsa": "nsa_high", "nr_sa": "sa_high"}
"""The part with the bands from 65 on, where it is not that of LTE. Without it a list can name none of them."""
_MONI_KEY = late(r"(?<!\S)([A-Z][A-Z0-9_]{1,11}|Id|Cc)\s*:\s*(\S+)")


def read_bands(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT#BND?` (enabled) and `AT#BND=?` (supported); needs the model for base and layout."""
    form = band_form(answer.modem)
    if form is None:
        yield (
            "AT#BND needs the modem's model: its masks are decimal or hexadecimal by model "
            "and the fourth field has two meanings"
        )
        return
    is_test = answer.command.rstrip().endswith("=?")
    for record in answer.named("#BND"):
        parts = split_fields(record.text)
        layout = form.layouts.get(len(parts))
        if layout is None:
            yield f"#BND with {len(parts)} fields: no such layout is known for {answer.modem.model or 'this firmware'}"
            continue
        named = {name: text for name, text in zip(layout, parts, strict=True) if name}
        masks, warning = masks_in_base(form.base, partial(_masks, form.rat, named, is_test), answer.modem)
        if warning:
            yield f"#BND: {warning}"
        for rat, mask in masks:
            if is_test:
                up_to = None if _HIGH_OF.get(rat, "lte_high") in named else 64
                yield from supported_by_mask(rat, mask, record.line, up_to=up_to)
            else:
                yield from enabled_by_mask(rat, mask, record.line)
        yield from _umts(form, named["umts"], record, is_test=is_test)
        yield from _gsm(named["gsm"], record, is_test=is_test)


def _masks(lte: Rat, named: dict[str, str], is_test: bool, base: int) -> list[tuple[Rat, int]] | None:
    """The masks of the record in a base, None where a field is no number of it or wider than 64 bits."""
    found: list[tuple[Rat, int]] = []
    rats: dict[str, Rat] = {"lte": lte, "nsa": "nr_nsa", "sa": "nr_sa"}
    read = highest if is_test else number
    for low, high in _MASK_PARTS:
        if low in named:
            first, second = read(named[low], base), read(named.get(high, "0"), base)
            if first is None or second is None or max(first, second) >> 64:
                return None
            found.append((rats[low], first | second << 64))
    return found


def _umts(form: BandForm, text: str, record: AtRecord, *, is_test: bool) -> Iterator[Observation | str]:
    """The UMTS field is a row of a table and not a mask."""
    if form.umts is None:
        return
    wanted = rows(text)
    if wanted is None or any(row >= len(form.umts) for row in wanted):
        yield f"#BND: UMTS row {text} is in no known table of the model"
        return
    bands = tuple(band for row in wanted for band in form.umts[row])
    yield from of_list("umts", bands, record.line, supports=is_test)


def _gsm(text: str, record: AtRecord, *, is_test: bool) -> Iterator[Observation | str]:
    """The GSM field is a row too. A module without GSM prints row 0 as well, so that row alone tells nothing."""
    wanted = rows(text)
    if not wanted or wanted == (0,) or any(row >= len(GSM_TABLE) for row in wanted):
        return
    yield from of_list("gsm", {mhz for row in wanted for mhz in GSM_TABLE[row]}, record.line, supports=is_test)


def _quoted(text: str) -> list[int]:
    """Numbers of the fields that begin with a quote."""
    found, index, inside = [], 0, False
    for position, sign in enumerate(text):
        if sign == '"':
            if not inside and text[:position].rstrip()[-1:] in {"", ","}:
                found.append(index)
            inside = not inside
        elif sign == "," and not inside:
            index += 1
    return found


def _identity_field(record: AtRecord, count: int) -> int | None:
    """Number of the field with the IMSI, which tells the layout: GSM 10, LTE 12 (LE910Cx 11), UMTS 15."""
    later = [index for index in _quoted(record.text[:1000]) if index > 0]
    if later:
        return later[0]
    return {14: 10, 16: 12}.get(count)


def read_rfsts(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT#RFSTS`. Field 7 (255) of the LTE form is the RAC; the band is ABND, three behind the IMSI."""
    for record in answer.named("#RFSTS"):
        parts = record.fields
        where = _identity_field(record, len(parts))
        arfcn = integer(parts[1]) if len(parts) > 1 else None
        if where not in {10, 11, 12, 15} or len(parts) < where + 3 or arfcn is None:
            yield "#RFSTS has no known layout"
            continue
        plmn = parse_plmn(parts[0])
        domain = integer(parts[where + 2])
        code = str(plmn) if plmn else None
        attached = None if domain is None else domain in {1, 2, 3}
        if where in {11, 12}:
            # Without the field of the transmit power on LE910Cx.
            band = integer(parts[where + 3]) if len(parts) > where + 3 else None
            tac = hexadecimal(parts[5])
            yield from cell("lte", arfcn=arfcn, band=band, tac=tac, plmn=code, registered=attached, line=record.line)
        elif where == 15:
            yield from cell("umts", arfcn=arfcn, plmn=code, registered=attached, line=record.line)
        else:
            source = Source(line=record.line)
            yield ServingCell(rat="gsm", arfcn=arfcn, plmn=code, registered=attached, source=source)


def read_servinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT#SERVINFO` in its LTE form (nine fields). Field 5 is the cell id or the PCI by model: not read."""
    for record in answer.named("#SERVINFO"):
        parts = record.fields
        arfcn = integer(parts[0])
        is_lte = len(parts) == 9 and re.fullmatch(r"[0-9A-Fa-f]{5,8}", parts[4]) is not None
        if not is_lte or arfcn is None or lte_band_of(arfcn) is None:
            yield "#SERVINFO: only the LTE form of nine fields is read"
            continue
        plmn = parse_plmn(parts[3])
        domain = integer(parts[7])
        yield from cell(
            "lte",
            arfcn=arfcn,
            tac=hexadecimal(parts[5]),
            plmn=str(plmn) if plmn else None,
            registered=None if domain is None else domain in {1, 2, 3},
            line=record.line,
        )


def read_moni(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT#MONI`: the first line is the serving cell, further ones are neighbours.

    `Id` is the global cell id where the line has a TAC, and the PCI (hexadecimal) where it has none.
    """
    record = next(answer.named("#MONI"), None)
    if record is None:
        return
    keys: dict[str, str] = {}
    for match in _MONI_KEY.finditer(record.text):
        keys.setdefault(match[1], match[2])
    if "EARFCN" in keys:
        code = hexadecimal(keys.get("PCI") or keys.get("Id")) if "TAC" not in keys else None
        yield from cell(
            "lte", arfcn=integer(keys["EARFCN"]), pci=code, tac=hexadecimal(keys.get("TAC")), line=record.line
        )
    elif "UARFCN" in keys:
        yield from cell("umts", arfcn=integer(keys["UARFCN"]), line=record.line)
    if "NR_BAND" in keys or "NR_CH" in keys:
        leg = "EARFCN" in keys
        mhz = integer(keys.get("NR_BW"))
        khz = mhz * 1000 if mhz is not None and mhz * 1000 in NR_WIDTHS_KHZ else None
        yield from cell(
            "nr_nsa" if leg else "nr",
            role="pscell" if leg else "pcell",
            arfcn=integer(keys.get("NR_CH")),
            band=integer(keys.get("NR_BAND")),
            pci=integer(keys.get("NR_PCI")),
            khz=khz,
            line=record.line,
        )


def read_network_cause(answer: AtAnswer) -> Iterator[Observation | str]:
    """`#CEERNET: <cause>`: why the network last refused, in decimal (TS 24.301 clause 9.9.3.9). It is no state."""
    record = answer.sole("#CEERNET")
    cause = within(integer(record.fields[0]), 1, 255) if record else None
    if record is not None and cause is not None:
        yield Registration(source=Source(line=record.line), state="unknown", cause=cause)


def read_5g_control(answer: AtAnswer) -> Iterator[Observation | str]:
    """`#5GCTL: <n>`: whether 5G is on; only 0, off, is sure in the sources."""
    for record in answer.named("#5GCTL"):
        if record.fields[0] == "0":
            yield Service(source=Source(line=record.line), name="nr", state="off")
        else:
            yield f"#5GCTL {record.fields[0]}: which of SA and NSA it allows is not known"


def _is_foxconn_inside(modem: Modem) -> bool:
    return modem.is_model(r"LN9[46]0")


def _plan(modem: Modem) -> tuple[str, ...]:
    if _is_foxconn_inside(modem):
        return foxconn.plan(modem)
    return ("AT#BND=?", "AT#BND?", "AT#RFSTS", "AT#MONI")


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    if "cinterion" in maker:
        return False
    return "telit" in maker or modem.is_model(r"\b(?:[LMF][EMN]9[1-9]0|LE86[06]|ME310|ME866|LN9[246]0)")


def _locking(modem: Modem) -> Locking | None:
    from .locks import locking

    return locking(modem)


DIALECT = Dialect(
    name="telit",
    claims=_claims,
    readers=(
        Reader(r"AT#BND\?", read_bands, tells=("enabled",)),
        Reader(r"AT#BND=\?", read_bands, tells=("supported",)),
        Reader(r"AT#RFSTS\??", read_rfsts, tells=("serving",)),
        Reader(r"AT#SERVINFO\??", read_servinfo, tells=("serving",)),
        Reader(r"AT#CEERNET", read_network_cause, tells=()),
        Reader(r"AT#5GCTL\?", read_5g_control, tells=()),
        Reader(r"AT#MONI\??", read_moni, tells=("serving",)),
        *foxconn.READERS,
    ),
    plan=_plan,
    read_forms=(r"AT#CEERNET", r"AT#RFSTS", r"AT#MONI", r"AT#SERVINFO"),
    nr_models=(r"\bFN9[89]0", r"\bFE9[19]0"),
    on_denial="AT#CEERNET",
    locking=_locking,
    kinds=(
        ModemKind("LE, ME, LM, FN", "LM960"),
        ModemKind("LN940, LN960 (Foxconn inside)", "LN960"),
    ),
)
