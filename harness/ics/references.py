"""How people name an item of an ICS -> the item. A bare number names none, and says so.

Forms: the mnemonic (`pc_eBand12_Supp`), table and item with the specification in front or known from the sheet
(`36.523-2#A.4.3.1-1/12`, `3GPP TS 36.523-2 A.4.3.1-1/12`), configurations with or without `CA_`
(`36.521-2#A.4.6.1-3/1C`, `A.4.6.3-3/CA_1A-3A`), a bandwidth combination set behind it (`…/CA_1A-3A_0`) and an uplink
(`…/CA_1A-3A+1A-3A`). Reference: TS 36.523-2 clause A.1.2 (table, solidus, item).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from harness.errors import ParseError
from harness.radio.ics import CONFIGURATIONS, IcsItem, items_by_key, items_by_mnemonic, specifications, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SPEC = re.compile(
    r"(?:3GPP\s*)?(?:TS\s*)?(\d\d\.\d{3}-\d)(?!\d)(?:\s*[vV]?(\d{1,2}\.\d{1,2}\.\d{1,2}))?", re.IGNORECASE
)
_TABLE = re.compile(
    r"(?:(?:3GPP\s*)?(?:TS\s*)?(?P<spec>\d\d\.\d{3}-\d)\s*[#\s:]?\s*)?(?:Table\s+)?(?P<table>A\.\d[\w.]*(?:-\d+[a-z]?)?)\s*/\s*(?P<item>.+)",
    re.IGNORECASE,
)
_WITHOUT_TABLE = re.compile(
    r"(?:(?:3GPP\s*)?(?:TS\s*)?\d\d\.\d{3}-\d\s*[#\s:/]\s*)?(?:item\s*)?\d{1,3}[a-z]?", re.IGNORECASE
)
_REMOVED = re.compile(r"\(\s*removed\b", re.IGNORECASE)
_LONGEST = 200


_OF_A_SUITE = re.compile(r"(?:pc|px|TSPC|tsc)_[A-Za-z0-9_.]+")
_OF_A_BAND = re.compile(r"(?:e|nr|_|TSPC_Type_\w*)Band[_ ]?\d|_Band\b", re.IGNORECASE)


class ReferenceRefused(ParseError):
    """A text that names no item, or more than one; the message says why."""


class ForeignItem(ReferenceRefused):
    """An item of an ICS that is not about bands, modes or configurations, or stands in no version known here."""

    of_known_table = False
    """Its table is one of bands, modes or configurations: an answer to it is not to be lost."""


class UnknownNumber(ForeignItem):
    """A number that a known table does not have."""

    of_known_table = True


@dataclass(frozen=True, slots=True)
class Reference:
    """An item, and what of it is asked: the whole, one bandwidth combination set, one uplink, one direction."""

    item: IcsItem
    bcs: int | None = None
    uplink: str = ""
    """`1A-3A`: the item asks for this uplink of the configuration."""
    direction: str = ""
    """`UL` or `DL`, where a tool asks for one alone."""

    @property
    def key(self) -> str:
        """The item's key with what is asked of it: `36.521-2#A.4.6.3-3/CA_1A-3A_0`."""
        bcs = "" if self.bcs is None else f"_{self.bcs}"
        return f"{self.item.key}{bcs}{f'+{self.uplink}' if self.uplink else ''}{f'_{self.direction}' if self.direction else ''}"

    @property
    def plain(self) -> bool:
        """Whether the item as a whole is meant."""
        return self.bcs is None and not (self.uplink or self.direction)


def spec_of(text: str) -> tuple[str, str] | None:
    """Specification and version that a text names (`3GPP TS 36.523-2 V18.8.0`); None where it names none or two."""
    found = _SPEC.findall(text[:_LONGEST])
    return found[0] if len({spec for spec, _ in found}) == 1 else None


def find(text: str, spec: str = "") -> Reference:
    """The item that the text names; `spec` is that of the sheet it stands in. Raises ReferenceRefused."""
    name = " ".join(text.split())
    if len(name) > _LONGEST:
        raise ReferenceRefused(f"{name[:40]!r}… is too long for the name of an item")
    by_mnemonic = items_by_mnemonic().get(name.lower())
    if by_mnemonic is not None:
        return Reference(by_mnemonic)
    if _WITHOUT_TABLE.fullmatch(name):
        raise ReferenceRefused(_bare(name))
    found = _TABLE.fullmatch(name)
    if not found:
        near = _near(name)
        if _OF_A_SUITE.fullmatch(name) and not _OF_A_BAND.search(f"{name} {near}"):
            raise ForeignItem(f"{name[:60]!r} is not about bands, modes or configurations")
        meant = f"; did you mean {near}?" if near else ""
        raise ReferenceRefused(f"{name[:60]!r} names no item: write 36.523-2#A.4.3.1-1/12 or its mnemonic{meant}")
    return _in_table(_agreed(found["spec"] or "", spec, name), found["table"], found["item"].strip(), name)


def _bare(name: str) -> str:
    return (
        f"{name!r} is a bare number: an item's number is not a band's, and without its table it is ambiguous"
        " (item 9 is B41 in one table, item 4 is B4 in one specification and n5 in another); write"
        " 36.523-2#A.4.3.1-1/12 or the mnemonic"
    )


def _near(name: str) -> str:
    """The mnemonic that may have been meant, one that differs by a sign or two; empty where none does.

    Looked up, as a file can hold fifty thousand wrong names.
    """
    low = name.lower()
    known = _without_a_sign()
    likely = dict.fromkeys(one for left in (low, *_left(low)) for one in known.get(left, ()))
    near = get_close_matches(low, likely, 1, 0.85) if likely else ()
    return items_by_mnemonic()[near[0]].mnemonic if near else ""


@cache
def _without_a_sign() -> Mapping[str, tuple[str, ...]]:
    """The mnemonics by what is left of each where none or one of its signs is taken out."""
    found: dict[str, tuple[str, ...]] = {}
    for one in items_by_mnemonic():
        for left in {one, *_left(one)}:
            found[left] = (*found.get(left, ()), one)
    return MappingProxyType(found)


def _left(name: str) -> Iterator[str]:
    return (name[:at] + name[at + 1 :] for at in range(len(name)))


def _agreed(own: str, sheet: str, name: str) -> str:
    """The specification: the reference's own, which must be that of the sheet where both are known."""
    if own and sheet and own != sheet:
        raise ReferenceRefused(f"{name!r} is of TS {own} and stands in a sheet of TS {sheet}")
    spec = own or sheet
    if not spec:
        raise ReferenceRefused(
            f"{name!r} is ambiguous without its specification (A.4.3.1-1/4 is B4 in TS 36.523-2 and n5 in TS 38.508-2):"
            " write 36.523-2#A.4.3.1-1/4"
        )
    if spec not in specifications():
        raise ReferenceRefused(f"TS {spec} is not among the specifications known here: {', '.join(specifications())}")
    return spec


def _in_table(spec: str, table: str, number: str, name: str) -> Reference:
    if _REMOVED.search(number):
        raise UnknownNumber(f"{name[:80]!r} was removed from the specification")
    rows = tables().get(f"{spec}#{_table_case(table)}")
    if rows is None:
        raise ForeignItem(f"{name[:80]!r}: TS {spec} has no table {table} of bands, modes or configurations here")
    exact = items_by_key().get(f"{spec}#{_table_case(table)}/{number}")
    if exact is not None:
        return Reference(exact)
    if rows[0].kind in CONFIGURATIONS:
        found = _configuration(spec, _table_case(table), number)
        if found is not None:
            return found
    raise UnknownNumber(f"{name[:80]!r}: table {table} of TS {spec} has no item {number[:60]}")


def _table_case(table: str) -> str:
    return f"A{table[1:]}"


_ASKED = re.compile(r"(?P<name>.+?)(?:_(?P<bcs>\d{1,2}))?(?:\+(?P<uplink>[\w()_-]+?))?(?:_(?P<direction>UL|DL))?")


def _configuration(spec: str, table: str, number: str) -> Reference | None:
    """The configuration of a table with what is asked of it; None where the table has none of that name."""
    found = _ASKED.fullmatch(number)
    if not found:
        return None
    for prefix in ("", "CA_", "DC_", "SUL_"):
        item = items_by_key().get(f"{spec}#{table}/{prefix}{found['name']}")
        if item is not None:
            bcs = None if found["bcs"] is None else int(found["bcs"])
            uplink = re.sub(r"^(?:CA|DC)_", "", found["uplink"] or "")
            return Reference(item, bcs, uplink, found["direction"] or "")
    return None
