"""Who publishes bands of carriers, and who copies whom: two publishers of one origin are one.

The table `tables/publishers.yaml` holds what was found out by reading. A publisher that is not in it stands for itself.
A profile names publishers as text: `kimovil.com`; `kimovil.com or powertec` where a data set cites both and does not
say which of them names the band (one publisher); `two of kimovil.com, powertec, ow-no` where two of them do.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from harness.yamlfiles.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .edition import Carrier

_TABLE = Path(__file__).with_name("tables") / "publishers.yaml"
_TWO_OF = "two of "


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher. `rat` and `bands`: it speaks of these alone; `collects`: it has nothing of its own."""

    name: str
    as_: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    rat: str | None = None
    bands: tuple[int, ...] = ()
    collects: bool = False

    def speaks_of(self, rat: str, band: int) -> bool:
        """Whether this source can name the band at all."""
        return self.rat in {None, rat} and (not self.bands or band in self.bands)


@cache
def table() -> dict[str, Publisher]:
    """All known publishers by name. Raises FileError for a broken table."""
    from harness.yamlfiles import strict_yaml

    value, _ = strict_yaml.load(_TABLE.read_text(encoding="utf-8"), str(_TABLE), with_marks=False)
    rows = [msgspec.convert({**row, "as_": row.get("as", ())}, Publisher) for row in value["publishers"]]
    return {row.name: row for row in rows}


def identify(words: str) -> Publisher:
    """The publisher that a table's words mean: a source's address, a name, an id of band-atlas-data."""
    plain = words.strip().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    for known in table().values():
        if plain == known.name or any(fnmatchcase(plain.casefold(), one) for one in known.as_):
            return known
    host = plain.split("/", 1)[0].split(" ", 1)[0].rstrip(",")
    return Publisher(host if "." in host else plain)


@cache
def origins(name: str) -> frozenset[str]:
    """Whom this publisher has it from in the end: itself where it copies nobody."""
    found: set[str] = set()
    open_, seen = [name], set()
    while open_:
        one = open_.pop()
        if one in seen:
            continue
        seen.add(one)
        copied = table()[one].copies if one in table() else ()
        open_ += copied
        if not copied:
            found.add(one)
    return frozenset(found)


def independent(names: Iterable[str]) -> int:
    """How many publishers of different origin these names are, as profiles write them.

    Names whose origins overlap count once, and so does a name that may be one of several (`A or B`).
    """
    whole = [_parts(name) for name in names]
    groups: list[tuple[frozenset[str], int]] = []
    for parts, count in whole:
        roots = frozenset().union(*(origins(part) for part in parts))
        near = [group for group in groups if group[0] & roots]
        groups = [group for group in groups if not group[0] & roots]
        roots = roots.union(*(group[0] for group in near))
        groups.append((roots, min(len(roots), max([count, *(group[1] for group in near)]))))
    return sum(count for _, count in groups)


def one_in_two_names(carrier: Carrier) -> Iterator[Problem]:
    """Requirements that decide on two publishers who are one, a list and its copy."""
    for at, edition in enumerate(carrier.editions):
        for index, rule in enumerate(edition.requirements):
            if rule.authority == "two_sources" and independent(rule.publishers) < 2 <= rule.evidence_count:
                told = f"{rule.id}: {' and '.join(rule.publishers)} are one publisher, since one copies the other"
                yield Problem(("editions", at, "requirements", index, "publishers"), told)
        if edition.coverage is not None and independent(edition.coverage_publishers) < 2:
            told = f"{' and '.join(edition.coverage_publishers)} are one publisher, since one copies the other"
            yield Problem(("editions", at, "coverage_publishers"), told)


def _parts(name: str) -> tuple[tuple[str, ...], int]:
    """The publishers that a name may mean, and how many of them it says."""
    if name.startswith(_TWO_OF):
        return tuple(part.strip() for part in name.removeprefix(_TWO_OF).split(",")), 2
    return tuple(part.strip() for part in name.split(" or ")), 1
