"""The items of 3GPP's implementation conformance statements (ICS, "PICS") that name bands, modes and configurations.

An item is named by specification, table and item number, or by its mnemonic. An item number is not a band number:
item 9 of table A.4.3.1-2 of TS 36.523-2 is B41, and item 4 is B4 in TS 36.523-2 and n5 in TS 38.508-2. Texts of the
specifications hold errors (`errata`): where text and mnemonic differ, the mnemonic decides.

Data: `ics_items.csv`, `ics_errata.csv`, `ics_specifications.csv`; of TS 36.523-2 and 36.521-2 V18.8.0, TS 38.508-2
V19.0.0, and TS 34.123-2, 34.121-2 and 51.010-2 as a laboratory's sheet of 2025-09 numbers them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA = Path(__file__).with_name("data")

CONFIGURATIONS = ("lte_ca", "nr_ca", "en_dc", "nr_dc", "ne_dc", "sul")
"""Kinds of items whose number is the configuration itself: `A.4.6.3-3/CA_1A-3A`."""
POWER_CLASSES = MappingProxyType({"pc1": 1.0, "pc1.5": 1.5, "pc2": 2.0, "pc4": 4.0, "pc6": 6.0, "pc7": 7.0})
"""Kinds of items that ask for a power class of a band, and that class."""
SIDELINK_TABLE, SUL_TABLE = "A.4.3.1-9", "A.4.3.1-5"
"""Tables of TS 38.508-2 whose bands are used by other links than a cell's down- and uplink."""


@dataclass(frozen=True, slots=True)
class IcsItem:
    """One item. `name` is the band (12, n71, E-GSM900) or the configuration (CA_1A-3A); empty for a mode.

    `ul_mhz` and `dl_mhz` are the ranges of the specification's own text, which can be wrong (`errata`).
    """

    spec: str
    table: str
    item: str
    mnemonic: str
    kind: str
    rat: str
    name: str
    release: str = ""
    ul_mhz: str = ""
    dl_mhz: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """`36.523-2#A.4.3.1-2/9`: what tells it from all others."""
        return f"{self.spec}#{self.table}/{self.item}"

    @property
    def band(self) -> int | None:
        """The band number; None for a mode, a configuration and GSM bands, which have names."""
        found = re.fullmatch(r"n?(\d{1,3})", self.name)
        return int(found[1]) if found else None

    @property
    def label(self) -> str:
        """What the item is about, in words: B41, n77, UMTS 2, CA_1A-3A, E-UTRA FDD."""
        if self.kind == "mode":
            return self.note
        if self.rat == "lte" and self.band is not None:
            return f"B{self.band}"
        return f"UMTS {self.band}" if self.rat == "umts" else self.name


@dataclass(frozen=True, slots=True)
class Specification:
    """One ICS specification. `version` is empty where the items were not read from the specification itself."""

    spec: str
    title: str
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class Erratum:
    """A range in the text of a specification that the band's own definition contradicts."""

    key: str
    says: str
    true_range: str
    by: str


def _rows(name: str) -> list[list[str]]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]


@cache
def items() -> tuple[IcsItem, ...]:
    """All items, by specification and table in the order of the specifications."""
    return tuple(
        IcsItem(spec, table, item, mnemonic, kind, rat, name, release, ul, dl, note)
        for spec, table, item, mnemonic, kind, rat, name, release, ul, dl, note in _rows("ics_items.csv")
    )


@cache
def items_by_key() -> Mapping[str, IcsItem]:
    """Every item by its key, `36.523-2#A.4.3.1-2/9`."""
    return MappingProxyType({one.key: one for one in items()})


@cache
def items_by_mnemonic() -> Mapping[str, IcsItem]:
    """The items that have a mnemonic by it, in lower case; no two share one."""
    return MappingProxyType({one.mnemonic.lower(): one for one in items() if one.mnemonic})


@cache
def specifications() -> Mapping[str, Specification]:
    """The six specifications by number: 36.523-2, 36.521-2, 38.508-2, 34.123-2, 34.121-2, 51.010-2."""
    return MappingProxyType({row[0]: Specification(*row) for row in _rows("ics_specifications.csv")})


@cache
def tables() -> Mapping[str, tuple[IcsItem, ...]]:
    """The items of each table, by `36.523-2#A.4.3.1-1`."""
    found: dict[str, list[IcsItem]] = {}
    for one in items():
        found.setdefault(f"{one.spec}#{one.table}", []).append(one)
    return MappingProxyType({name: tuple(rows) for name, rows in found.items()})


@cache
def errata() -> Mapping[str, Erratum]:
    """The known errors of the specifications' own range texts, by the item's key."""
    return MappingProxyType(
        {f"{s}#{t}/{i}": Erratum(f"{s}#{t}/{i}", says, is_, by) for s, t, i, says, is_, by in _rows("ics_errata.csv")}
    )
