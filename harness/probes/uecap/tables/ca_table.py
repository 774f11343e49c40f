"""Tables of carrier aggregation as text, their columns told by the heading: Qualcomm 0xB0CD and 0xB826 as QCAT prints."""

from __future__ import annotations

import re

from harness.capability_facts import CarrierComponent
from harness.errors import ParseError
from harness.probes.uecap.account import Account, Combination, CombinationType, distinct

from .confusable import shaky
from .consistency import order_habits

_BAND = re.compile(r"(?:(?P<rat>[nNbB]|NR|LTE|EUTRA)[ _-]?)?(?P<band>\d{1,4})")
_RULE = re.compile(r"[\s|+=-]+\Z")


def is_table(text: str) -> bool:
    """Whether the text holds a table with columns for a band and its bandwidth classes."""
    return _heading([line for line in text.splitlines()[:200] if "|" in line]) is not None


def read_table(text: str, origin: str) -> Account:
    """The account of such a table. Raises ParseError where a row breaks it: half a table is no evidence."""
    rows = [line for line in text.splitlines() if line.count("|") >= 3 and not _RULE.match(line)]
    columns = _heading(rows)
    if columns is None:
        raise ParseError(f"{origin}: no table of band combinations")
    found: list[list[CarrierComponent]] = []
    numbers: list[int] = []
    heights: list[int] = []
    for row in rows:
        cells = _cells(row)
        if not any(_whole(cell) for cell in cells):
            continue
        if len(cells) != columns["width"]:
            raise ParseError(f"{origin}: a row of the table has {len(cells)} cells, not {columns['width']}")
        if cells[0]:
            if not _whole(cells[0]):
                raise ParseError(f"{origin}: a row of the table begins with {cells[0][:20]!r}")
            numbers.append(int(cells[0]))
            heights.append(0)
            found.append([])
        part = _part(cells, columns, origin)
        if not found:
            raise ParseError(f"{origin}: the table begins in the middle of a combination")
        heights[-1] += 1
        if part is not None:
            found[-1].append(part)
    doubts = []
    if numbers != list(range(len(numbers))):
        doubts.append("the numbers of the combinations are not in sequence")
    spare = any(len(combo) < height for combo, height in zip(found, heights, strict=True))
    if spare and heights[-1] < min(heights[:-1], default=0):
        doubts.append("the last combination has fewer rows than the others: is the table whole?")
    return account_of([tuple(combo) for combo in found], origin, tuple(doubts))


def account_of(
    found: list[Combination], origin: str, doubts: tuple[str, ...] = (), loose: tuple[str, ...] = ()
) -> Account:
    """The account of bare combinations: their type follows from their RATs (NR only: NR-CA)."""
    by_type: dict[CombinationType, list[Combination]] = {}
    for combo in found:
        if combo:
            by_type.setdefault(type_of(combo), []).append(combo)
    told = [combo for combo in found if combo]
    return Account(
        "table",
        origin,
        combinations={kind: distinct(combos) for kind, combos in by_type.items()},
        doubts=doubts,
        loose=(*loose, *order_habits(told)),
        shaky=frozenset() if _in_order(told) else shaky(told, decimal=True),
    )


def _in_order(combos: list[Combination]) -> bool:
    """Whether a table is sorted, as Qualcomm's are: then what is wrong in one entry breaks that, or repeats another."""
    keys = [[(part.rat, part.band) for part in combo] for combo in combos]
    return keys in (sorted(keys), sorted(keys, reverse=True)) and len(set(combos)) == len(combos)


def type_of(combo: Combination) -> CombinationType:
    """LTE-CA, NR-CA or EN-DC by the RATs of its components."""
    rats = {part.rat for part in combo}
    return "en_dc" if len(rats) == 2 else "nr_ca" if rats == {"nr"} else "lte_ca"


def letter(cell: str, origin: str = "") -> str | None:
    """A bandwidth class from its letter, its number (0 none, 1 A, 2 B ...) or QCAT's word (`CA_BW_CLASS_A`).

    Raises ParseError for anything else.
    """
    cell = cell.removeprefix("CA_BW_CLASS_")
    if cell in {"", "0", "-", "None", "NONE", "NA", "N/A"}:
        return None
    if _whole(cell) and len(cell) <= 2 and int(cell) <= 26:
        return chr(ord("A") + int(cell) - 1)
    if len(cell) == 1 and cell.isascii() and cell.isalpha():
        return cell.upper()
    raise ParseError(f"{origin}: {cell[:20]!r} is no bandwidth class")


def _whole(cell: str) -> bool:
    """Whether a cell is a whole number; a superscript is a digit to Python, and no number."""
    return cell.isascii() and cell.isdigit() and len(cell) <= 9


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _heading(rows: list[str]) -> dict[str, int] | None:
    """Columns by meaning, from the words that stand above each other in the heading's rows; `width` is their number."""
    words: list[str] = []
    for row in rows:
        cells = _cells(row)
        if any(_whole(cell) for cell in cells):
            break
        if len(cells) == len(words) or not words:
            words = [f"{a} {b}".strip() for a, b in zip(words or [""] * len(cells), cells, strict=True)]
    found = {"width": len(words)}
    for place, text in enumerate(" ".join(word.lower().split()) for word in words):
        name = _meaning(text)
        if name:
            found.setdefault(name, place)
    return found if {"band", "dl", "ul"} <= set(found) else None


def _meaning(text: str) -> str:
    if "band" in text and not re.search(r"class|num|width|antenna", text):
        return "band"
    if re.search(r"\b(?:rat|nr|type)\b", text):
        return "rat"
    if "class" in text and "dl" in text:
        return "dl"
    return "ul" if "class" in text and "ul" in text else ""


def _part(cells: list[str], columns: dict[str, int], origin: str) -> CarrierComponent | None:
    cell = cells[columns["band"]]
    if not cell or cell == "0":
        return None
    match = _BAND.fullmatch(cell)
    if not match:
        raise ParseError(f"{origin}: {cell[:20]!r} is no band")
    words = (match["rat"] or "").lower() + " " + (cells[columns["rat"]].lower() if "rat" in columns else "")
    rat = "nr" if re.search(r"\bn\b|nr|5g", words) or words.strip() == "1" else "lte"
    down = letter(cells[columns["dl"]], origin)
    up = letter(cells[columns["ul"]], origin)
    if down is None and up is None:
        raise ParseError(f"{origin}: band {match['band']} has no class")
    return CarrierComponent(rat, int(match["band"]), down, up)
