"""On whose word a band stands: the publishers of the lists that name it, each origin once.

A second list often is a data set that cites its publishers carrier by carrier. Where it cites several, which of them
names a band is not told: `A or B`. A publisher that copies one who is counted already adds nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.carriers.publishers import Publisher, identify, independent, origins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .tables import Confirmed, ListPart

_ID = re.compile(r"\bids? (.+)$")
_LIMIT = re.compile(r"\s*\(B(\d+)\)")


def cited(part: ListPart) -> tuple[Publisher, ...]:
    """Whom one row of a second list cites; the row's own publisher where it cites nobody."""
    text = part.source
    if " from " in text and text.startswith("github.com/365724-ctrl/"):
        text = text.split(" from ", 1)[1]
    found: list[Publisher] = []
    for piece in _pieces(text):
        ids = _ID.match(piece)
        found += _ids(ids[1]) if ids else [identify(piece)]
    return tuple(dict.fromkeys(found))


def _pieces(text: str) -> list[str]:
    """The sources of a cell, parted by semicolons outside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == ";" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _ids(text: str) -> list[Publisher]:
    """Ids of the data set's sources: `ow-no`, `prepaid-kw (B20)`."""
    found = []
    for word, limit in re.findall(r"([\w.-]+)(\s*\(B\d+\))?", text):
        one = identify(word)
        bands = (int(match[1]),) if (match := _LIMIT.match(limit)) else one.bands
        found.append(Publisher(one.name, copies=one.copies, rat="lte" if match else one.rat, bands=bands))
    return found


def publishers(
    first: Iterable[str], confirmed: Confirmed | None, rat: str, band: int, *, counted: bool
) -> tuple[str, ...]:
    """Who names the band, `first` before those of the second list.

    `counted`: the second list's author counted two publishers band by band, so that at least one of those cited is
    not a copy of the first. Without it a row that also cites a copy of the first proves no second publisher.
    """
    names = list(dict.fromkeys(first))
    pool: list[str] = []
    for part in confirmed.parts if confirmed else ():
        if band not in (part.lte if rat == "lte" else part.nr):
            continue
        able = [one.name for one in cited(part) if one.speaks_of(rat, band)]
        fresh = [name for name in able if not _known(name, names)]
        pool += fresh
        if fresh and (counted or len(fresh) == len(able)):
            names.append(" or ".join(fresh))
    pool = list(dict.fromkeys(pool))
    if counted and independent(names) < 2 <= independent(pool):
        kept = [name for name in names if name in set(first)]
        names = [*kept, *pool] if len(pool) == 2 else [*kept, f"two of {', '.join(pool)}"]
    return tuple(names)


def _known(name: str, names: Iterable[str]) -> bool:
    """Whether the publisher has it from one who is counted."""
    return any(origins(name) & origins(other) for other in names)
