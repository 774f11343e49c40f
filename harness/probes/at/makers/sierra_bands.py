"""Sierra: the band tables and blocks of `AT!BAND`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.patterns import late
from harness.probes.at.language.facts import (
    enabled,
    enabled_by_mask,
    gsm_umts_of_mask,
    of_list,
    supported_by_mask,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation, Rat
    from harness.probes.at.language.answer import AtAnswer

_COLUMN = late(r"\b(GW|LTE|L|TDS|NSA|SA|NR5G|NR)\s+Band\s+Mask(?:\s+(\d)\b)?", re.IGNORECASE)
_ROW = late(r"([0-9A-F]{2}),\s*(\S.*)", re.IGNORECASE)
_MASK = late(r"[0-9A-F]{16}", re.IGNORECASE)
_TABLE_RATS: dict[str, Rat] = {"L": "lte", "LTE": "lte", "NSA": "nr_nsa", "SA": "nr_sa", "NR": "nr", "NR5G": "nr"}


def lines_of(answer: AtAnswer) -> list[str]:
    """Lines without the record's own name; an answer flattened onto the name's line keeps its rest."""
    return [record.text if record.name else record.raw for record in answer.records]


def read_band_table(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT!BAND=?` (row 00 = all bands of the SKU) and `AT!BAND?` (the profile in force).

    A locked modem prints the table without mask columns: unknown, never an empty set.
    """
    is_test = answer.command.rstrip().endswith("=?")
    if any(_BLOCK_MASK.match(line) for line in lines_of(answer)):
        yield from _band_blocks(answer, is_test=is_test)
        return
    columns, table = _table(lines_of(answer))
    if not columns:
        names = any(_ROW.fullmatch(line.strip()) for line in lines_of(answer))
        yield (
            "the band table has rows without masks: a locked modem prints it so (AT!ENTERCND by its owner)"
            if names
            else "no band table in the answer"
        )
        return
    chosen = [row for row in table if not is_test or row[0] == "00"]
    if len(chosen) != 1:
        yield f"the band table has {len(chosen)} rows where one was looked for"
        return
    masks = chosen[0][1]
    if len(masks) != len(columns):
        yield f"the band table's row has {len(masks)} masks under {len(columns)} columns"
        return
    if not any(masks):
        yield "all masks of the band table are zero: unknown"
        return
    yield from _columns(columns, masks, is_test=is_test)


_BLOCK_MASK = late(r"\s{0,12}([0134]) - (GW|LTE|NRNSA|NRSA):\s{1,12}([0-9A-F]{16})(?:\s{1,8}([0-9A-F]{16}))?\s*$", re.I)
_BLOCK_RATS: dict[str, Rat] = {"LTE": "lte", "NRNSA": "nr_nsa", "NRSA": "nr_sa"}
_BLOCK_HEAD = late(r"\s{0,12}([0-9A-F]{2}), {0,4}\S", re.I)


def _band_blocks(answer: AtAnswer, *, is_test: bool) -> Iterator[Observation | str]:
    """EM91xx and EM92xx: under each index one line a RAT, `<n> - <RAT>: <low word> [<high word>]`.

    Of the test form block 00 is the set of the SKU; the read form has the block in force alone, where 0 is none. The
    tail `Available:` spells bits of the set out, and what it names must be in it.
    """
    blocks: dict[str, dict[str, int]] = {}
    narrow: set[str] = set()
    index, lines = "", iter(lines_of(answer))
    for line in lines:
        if line.strip().lower().startswith("available:"):
            break
        if head := _BLOCK_HEAD.match(line):
            index = head[1].upper()
        elif match := _BLOCK_MASK.match(line):
            mask = int(match[3], 16) | int(match[4] or "0", 16) << 64
            blocks.setdefault(index, {})[match[2].upper()] = mask
            narrow |= set() if match[4] else {match[2].upper()}
    chosen = blocks.get("00") if is_test else next(iter(blocks.values())) if len(blocks) == 1 else None
    if chosen is None:
        yield f"the band table has {len(blocks)} blocks where one was looked for"
        return
    spelled = _spelled_out(lines) if is_test else {}
    for name, mask in chosen.items():
        strangers = spelled.get(name, 0) & ~mask
        if strangers:
            yield f"the band table names bits of {name} beside its own set {mask:X}: not read"
        elif name == "GW":
            gsm, umts = gsm_umts_of_mask(mask)
            if gsm:
                yield from of_list("gsm", gsm, supports=is_test)
            yield from of_list("umts", umts, supports=is_test)
        elif is_test:
            yield from supported_by_mask(_BLOCK_RATS[name], mask, up_to=64 if name in narrow else None)
        else:
            yield from _enabled_block(_BLOCK_RATS[name], mask)


def _enabled_block(rat: Rat, mask: int) -> Iterator[Observation | str]:
    """A word of 0 under an index is a real "none"."""
    if mask == 0:
        yield enabled(rat, ())
    else:
        yield from enabled_by_mask(rat, mask)


_AVAILABLE = late(r"\s{0,12}(?:([12])/)?([0-9A-F]{16}) - (?:B|n)\d", re.I)
_AVAILABLE_HEAD = late(r"[0134] - (GW|LTE|NRNSA|NRSA):", re.I)


def _spelled_out(lines: Iterator[str]) -> dict[str, int]:
    """The bits by RAT of the lines behind `Available:`: `<word number>/<bit> - <band>`."""
    found: dict[str, int] = {}
    name = ""
    for line in lines:
        if head := _AVAILABLE_HEAD.match(line.strip()):
            name = head[1].upper()
        elif match := _AVAILABLE.match(line):
            found[name] = found.get(name, 0) | int(match[2], 16) << 64 * (int(match[1] or 1) - 1)
    return found


def _table(lines: list[str]) -> tuple[list[tuple[str, int]], list[tuple[str, list[int]]]]:
    """Columns as (name, word number from 0), rows as (index, masks); wrapped lines are joined to theirs."""
    head: list[str] = []
    table: list[tuple[str, list[int]]] = []
    for line in lines:
        words = line.split()
        row = _ROW.fullmatch(line.strip())
        if row:
            table.append((row[1], [int(word, 16) for word in row[2].split() if _MASK.fullmatch(word)]))
        elif table and words and all(_MASK.fullmatch(word) for word in words):
            table[-1][1].extend(int(word, 16) for word in words)
        elif not table:
            head.append(line)
    columns = [(m[1].upper(), int(m[2] or 1) - 1) for m in _COLUMN.finditer(" ".join(head))]
    return columns, table


def _columns(columns: list[tuple[str, int]], masks: list[int], *, is_test: bool) -> Iterator[Observation | str]:
    wide: dict[Rat, int] = {}
    last: dict[Rat, int] = {}
    for (name, word), mask in zip(columns, masks, strict=True):
        if name == "GW":
            gsm, umts = gsm_umts_of_mask(mask)
            if gsm:
                yield from of_list("gsm", gsm, supports=is_test)
            yield from of_list("umts", umts, supports=is_test)
        elif name in _TABLE_RATS and word >= 0:
            rat = _TABLE_RATS[name]
            wide[rat] = wide.get(rat, 0) | mask << 64 * word
            last[rat] = max(last.get(rat, 0), 64 * (word + 1))
    for rat, mask in wide.items():
        if is_test:
            yield from supported_by_mask(rat, mask, up_to=last[rat])
        else:
            yield from enabled_by_mask(rat, mask)
