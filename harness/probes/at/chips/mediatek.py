"""MediaTek modems (reference at-dialects.md sections 12 and 15.6): +EPBSE band words, +ECELL cell list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, ServingCell, Signal, Source, SupportedBands
from harness.probes.at.chips.mediatek_masks import read_enabled_masks, read_supported_masks
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.values import hexadecimal, integer, pci, tac, within
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands
from harness.radio.plmn import plmn_of_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem

WORD_BITS = 32
CELL_VALUES = range(13, 18)
"""Values of one cell of +ECELL: 13, on newer firmware up to 17."""
_LTE = 7


def read_supported(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+EPBSE: <gsm>,<umts>,<lte 1-32>,<lte 33-64>[,<lte 65-96>[,<nr>..]]` behind the test form."""
    yield from _band_words(answer, supported=True)


def read_enabled(answer: AtAnswer) -> Iterator[Observation | str]:
    """The same words behind the read form: what is configured."""
    yield from _band_words(answer, supported=False)


def _band_words(answer: AtAnswer, *, supported: bool) -> Iterator[Observation | str]:
    for record in answer.named("+EPBSE"):
        words = [within(integer(field), 0, (1 << WORD_BITS) - 1) for field in record.fields]
        known = [word for word in words if word is not None]
        if len(words) < 4 or len(known) != len(words):
            yield f"line {record.line}: not the decimal 32-bit words of +EPBSE: {record.raw[:80]!r}"
            continue
        lte = sum(word << WORD_BITS * index for index, word in enumerate(known[2:5]))
        yield from _bands(record, "umts", known[1], supported=supported)
        yield from _bands(record, "lte", lte, supported=supported)
        if any(known[5:]):
            yield f"line {record.line}: words behind the fifth are for NR; their order is not known: NR unread"


def _bands(record: AtRecord, rat: Rat, mask: int, *, supported: bool) -> Iterator[Observation | str]:
    where = Source(line=record.line)
    if means_unlimited(mask, rat):
        if supported:
            yield SupportedBands(rat=rat, bands=None, layer="hardware", unlimited=True, source=where)
        else:
            yield EnabledBands(rat=rat, bands=None, unlimited=True, source=where)
        return
    bands = bands_of_mask(mask)
    if not bands:
        # Real modems answer 0 for a RAT that they do have: it is no "none".
        yield f"line {record.line}: the {rat} words are 0: not told"
        return
    strangers = unknown_bands(rat, bands)
    if strangers:
        yield f"line {record.line}: the {rat} words name {strangers}, which are no bands: unreadable"
    elif supported:
        yield SupportedBands(rat=rat, bands=bands, layer="hardware", source=where)
    else:
        yield EnabledBands(rat=rat, bands=bands, source=where)


def read_cells(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+ECELL: <count>,` then 13 to 17 values a cell; the first is the serving cell. No EARFCN and no band.

    A cell: AcT (7 LTE), "<cell id>", "<TAC>", MCC, MNC, PCI, two indices, RSRP and RSRQ in quarter dBm and dB, ...;
    268435455 is none.
    """
    for record in answer.named("+ECELL"):
        count, *values = record.fields
        cells = integer(count) or 0
        size, rest = divmod(len(values), cells) if cells > 0 else (0, 0)
        if cells == 0 and count.strip() == "0":
            yield "+ECELL lists no cell"
        elif size not in CELL_VALUES or rest:
            yield f"line {record.line}: {len(values)} values are not {cells} cells of 13 to 17"
        elif integer(values[0]) != _LTE:
            yield f"line {record.line}: access technology {values[0]!r} of +ECELL is not known"
        else:
            yield from _serving(record, values[:size])


def _serving(record: AtRecord, values: list[str]) -> Iterator[Observation | str]:
    where = Source(line=record.line)
    mcc, mnc = integer(values[3]), integer(values[4])
    plmn = plmn_of_numbers(mcc, mnc) if mcc is not None and mnc is not None else None
    if plmn is None:
        yield f"line {record.line}: the first cell of +ECELL names no network: no serving cell"
        return
    yield ServingCell(
        rat="lte",
        plmn=str(plmn),
        pci=pci(integer(values[5]), rat="lte"),
        tac=tac(hexadecimal(values[2]), rat="lte"),
        source=where,
    )
    yield "+ECELL tells neither EARFCN nor band"
    rsrp, rsrq = (
        within(integer(value), low, high) for value, low, high in ((values[8], -624, -120), (values[9], -136, 12))
    )
    if rsrp is not None or rsrq is not None:
        yield Signal(
            rat="lte",
            rsrp_dbm=None if rsrp is None else rsrp / 4,
            rsrq_db=None if rsrq is None else rsrq / 4,
            source=where,
        )


def _claims(modem: Modem) -> bool:
    return re.search(r"mediatek|\bmtk\b", modem.manufacturer or "", re.IGNORECASE) is not None or modem.is_model(
        r"\bMTK\d|\bMOLY\."
    )


DIALECT = Dialect(
    name="mediatek",
    claims=_claims,
    readers=(
        Reader(r"AT\+EPBSE=\?", read_supported, tells=("supported",)),
        Reader(r"AT\+EPBSE\?", read_enabled, tells=("enabled",)),
        Reader(r"AT\+EPBSEH=\?", read_supported_masks, tells=("supported",)),
        Reader(r"AT\+EPBSEH\?", read_enabled_masks, tells=("enabled",)),
        Reader(r"AT\+ECELL\??", read_cells, tells=("serving",)),
    ),
    # The two generations of one command: a modem has one of them, or both.
    plan=lambda _modem: ("AT+EPBSE=?;+EPBSEH=?", "AT+EPBSE?;+EPBSEH?", "AT+ECELL"),
    read_forms=(r"AT\+ECELL",),
    nr_models=(r"\bMT68[789]\d", r"\bT[78][05]0"),
    no_lock="its serving cell's command (+ECELL) names neither channel nor band, so no attach on a band could be proved",
    kinds=(ModemKind("with the maker's own commands", "MT6879"),),
)
