"""ZTE and Gosuncn: +ZNLOCKBAND?, +ZCELLINFO?, +ZCAINFO (reference at-dialects.md sections 12 and 15.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, Source
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import cell, enabled_by_mask, gsm_umts_of_mask
from harness.probes.at.language.values import hexadecimal, integer
from harness.radio.channels import lte_band_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, Modem
    from harness.probes.at.locking import Locking


def _read_lock(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+ZNLOCKBAND: <LTE hex>,<GSM/UTRA hex>`, no 0x."""
    for record in answer.named("+ZNLOCKBAND"):
        masks = [hexadecimal(text) for text in (*record.fields, "")]
        lte, other = masks[0], masks[1]
        if lte is None:
            yield f"line {record.line}: no LTE mask in +ZNLOCKBAND"
            continue
        yield from enabled_by_mask("lte", lte, record.line)
        if other is not None:
            gsm, umts = gsm_umts_of_mask(other)
            yield EnabledBands(source=Source(line=record.line), rat="gsm", bands=gsm)
            yield EnabledBands(source=Source(line=record.line), rat="umts", bands=umts)


def _read_cellinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`<TAC>,<cell id>,<?>,LTE B<n>,<EARFCN>`; all ones in TAC and cell id say that the modem is not registered."""
    for record in answer.named("+ZCELLINFO"):
        fields = record.fields
        place = next(
            (i for i, text in enumerate(fields) if re.search(r"LTE\s*B\d|^band\s*:", text, re.IGNORECASE)), None
        )
        if place is None:
            yield f"line {record.line}: +ZCELLINFO names no LTE band"
            continue
        match = re.search(r"(\d{1,3})\s*$", fields[place])
        band = int(match[1]) if match else None
        earfcn = integer(fields[place + 1]) if len(fields) > place + 1 else None
        tac, ci = hexadecimal(fields[0]), hexadecimal(fields[1]) if place > 1 else None
        out = tac in {0xFFFE, 0xFFFF} and ci is not None and ci & 0xFFFFFFF == 0xFFFFFFF
        keyed = next((text.partition(":")[2] for text in fields if text.lower().startswith("pci:")), None)
        yield from cell(
            "lte",
            earfcn,
            band,
            line=record.line,
            pci=integer(keyed),
            tac=tac,
            registered=False if out else None,
        )


def _read_cainfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`PCI,band,?,EARFCN,width;..` by hearsay: taken only where band and EARFCN agree."""
    for record in answer.named("+ZCAINFO"):
        for group in record.text.split(";"):
            fields = [text.strip() for text in group.split(",")]
            if len(fields) < 4:
                continue
            band, earfcn = integer(fields[1]), integer(fields[3])
            if earfcn is not None and band is not None and lte_band_of(earfcn) == band:
                yield from cell("lte", earfcn, band, line=record.line, role="scell", pci=integer(fields[0]))
            else:
                yield f"line {record.line}: carrier {group.strip()!r} cannot be read"


_ZBAND: dict[str, Rat] = {"LTE": "lte", "WCDMA": "umts", "UMTS": "umts", "TDSCDMA": "umts", "NR": "nr", "NR5G": "nr"}


def _read_zband(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+ZBAND: <AcT>,<band>` (ML7820): the band that serves. Gosuncn's +ZBAND is a list of many and is not read."""
    for record in answer.named("+ZBAND"):
        fields = record.fields
        word = re.sub(r"[\s_-]", "", fields[0].upper())
        rat = _ZBAND.get(word)
        match = re.fullmatch(r"(?:(?:LTE|NR|WCDMA)?[ _]?BAND[ _]?|[BN])?(\d{1,3})", fields[-1].upper())
        if len(fields) != 2 or rat is None or match is None:
            yield f"line {record.line}: +ZBAND is not technology and band: not read"
            continue
        yield from cell(rat, None, int(match[1]), line=record.line)


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return "zte" in maker.split() or "gosuncn" in maker or modem.is_model(r"\b(?:MF\d{3}|ME3630|GM[58]\d\d)")


def _locking(modem: Modem) -> Locking | None:
    from .zte_locks import locking

    return locking(modem)


DIALECT = Dialect(
    "zte",
    _claims,
    (
        Reader(r"AT\+ZNLOCKBAND\?", _read_lock, tells=("enabled",)),
        Reader(r"AT\+ZCELLINFO\??", _read_cellinfo, tells=("serving",)),
        Reader(r"AT\+ZBAND\?", _read_zband, tells=()),
        Reader(r"AT\+ZCAINFO\??", _read_cainfo, tells=()),
    ),
    lambda _modem: ("AT+ZNLOCKBAND?", "AT+ZCELLINFO?", "AT+ZCAINFO?"),
    locking=_locking,
    kinds=(ModemKind("ZTE, Gosuncn", "ME3630", ()),),
)
