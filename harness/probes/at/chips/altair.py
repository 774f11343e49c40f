"""Altair, Sony ALT (reference at-dialects.md section 12): `key: value` lines without a record name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, ServingCell, Source
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.values import integer, pci, tac, within
from harness.radio.bandwidths import lte_khz_of_index
from harness.radio.channels import read_lte_band
from harness.radio.masks import unknown_bands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer, Modem
    from harness.probes.at.locking import Locking

NO_EARFCN = 65535
_BANDS = late(r'(?:%GETCFG:\s*)?"?BANDS?"?\s*[:=]\s*"?([\d\s,]*)"?', re.IGNORECASE)


def read_enabled(answer: AtAnswer) -> Iterator[Observation | str]:
    """`Bands: 4,13` behind `AT%GETCFG="BAND"`."""
    for record in answer.records:
        match = _BANDS.fullmatch(record.raw)
        if match is None:
            continue
        bands = tuple(sorted({n for part in match[1].split(",") if (n := integer(part)) is not None}))
        if not bands or unknown_bands("lte", bands):
            yield f"line {record.line}: no list of bands: {record.raw[:80]!r}"
            continue
        yield EnabledBands(rat="lte", bands=bands, source=Source(line=record.line))


def read_connection(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT%PCONI`: `EARFCN` (or `DL EARFCN`, 65535 is none), `Physical Cell ID`, `Bandwidth` as index 0..5."""
    found: dict[str, str] = {}
    line = None
    for record in answer.records:
        key, colon, value = record.raw.partition(":")
        if colon:
            key = " ".join(key.lower().split())
            found.setdefault(key, value.strip())
            line = line or (record.line if key.endswith("earfcn") else None)
    earfcn = within(integer(found.get("earfcn", found.get("dl earfcn"))), 0, 262143)
    if earfcn == NO_EARFCN:
        yield "%PCONI names no cell (EARFCN 65535)"
        return
    reported = integer(found.get("band"))
    reading = read_lte_band(earfcn, reported)
    if reading.conflict:
        yield f"EARFCN {earfcn} does not lie in band {reported}"
    if reading.band is None:
        yield "%PCONI names no channel of a band"
        return
    width = integer(found.get("bandwidth"))
    khz = None if width is None else lte_khz_of_index(width)
    if width is not None and khz is None:
        yield f"bandwidth {width} is no index of 0..5"
    yield ServingCell(
        rat="lte",
        arfcn=earfcn,
        band=reading.band,
        band_candidates=reading.candidates or None,
        band_reported=reading.reported,
        band_source=reading.source,
        pci=pci(integer(found.get("physical cell id")), rat="lte"),
        tac=tac(integer(found.get("tac")), rat="lte"),
        bandwidth_khz=khz,
        source=Source(line=line),
    )


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return "altair" in maker or modem.is_model(r"\bALT[13]\d{3}", r"\bAltair")


def _locking(modem: Modem) -> Locking | None:
    from .altair_locks import locking

    return locking(modem)


DIALECT = Dialect(
    name="altair",
    claims=_claims,
    readers=(
        Reader(r'AT%GETCFG="(?i:BAND)"', read_enabled, tells=("enabled",), rats=("lte",)),
        Reader(r"AT%PCONI\??", read_connection, tells=("serving",)),
    ),
    plan=lambda _modem: ('AT%GETCFG="BAND"', "AT%PCONI"),
    read_forms=(r'AT%GETCFG="BAND"|AT%PCONI',),
    locking=_locking,
    kinds=(ModemKind("ALT1250, ALT3100", "ALT1250"),),
)
