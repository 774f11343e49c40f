"""CA and EN-DC configurations as 3GPP writes them, their bandwidth classes, and the peak rates of UE categories.

Notation: TS 36.101 clause 5.6A.1 (CA_2A-12A, CA_41C), TS 38.101-1 clause 5.5A (CA_n41A-n71A, CA_n41(2A)), TS 38.101-3
clause 5.5B (DC_2A-66A_n71A).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.radio.bandwidth_classes import CARRIERS, carriers_of, class_range
from harness.radio.tables import band_label, bands_of, is_band

if TYPE_CHECKING:
    from collections.abc import Iterator

CombinationType = Literal["lte_ca", "nr_ca", "en_dc"]

LTE_CLASSES = (("A", "B"), ("A", "C", "D", "E", "F", "I"))
"""Each row: a class may fall back to those before it by releasing carriers (TS 36.101 table 5.6A-1)."""
NR_FR1_CLASSES = (("A", "C", "D", "E"), ("A", "B", "G", "H", "I", "J", "K", "L"))
"""The fallback groups 1 and 2 of TS 38.101-1 table 5.3A.5-1: falling back is mandatory within a group only."""
NR_FR1_UNSURE = (("A", "B", "M", "N", "O"),)
"""Group 3 of that table (bands with shared access), whose members differ between its versions: it decides nothing."""
NR_FR2_CLASSES = (("A", "B", "C"), ("A", "D", "E", "F"), ("A", "G", "H", "I", "J", "K", "L", "M"), ("A", "O", "P", "Q"))
"""The fallback groups 1 to 4 of TS 38.101-2 table 5.3A.4-1."""
# Transport blocks of 100 resource blocks: TS 36.213 table 7.1.7.2.1-1, I_TBS 26 (64QAM), 33 and 34 (256QAM).
_64QAM, _256QAM_DL, _256QAM_UL = 75_376, 97_896, 105_528

DL_CATEGORY_BITS = (
    {1: 10_296, 2: 51_024, 3: 102_048, 5: 299_552}
    | {4: 2 * _64QAM, 6: 4 * _64QAM, 7: 4 * _64QAM, 9: 6 * _64QAM, 10: 6 * _64QAM, 11: 8 * _64QAM, 12: 8 * _64QAM}
    | {13: 4 * _256QAM_DL, 16: 10 * _256QAM_DL, 18: 12 * _256QAM_DL, 19: 16 * _256QAM_DL}
    | {22: 24 * _256QAM_DL, 24: 30 * _256QAM_DL, 25: 32 * _256QAM_DL}
)
"""DL-SCH bits in a subframe of the downlink categories: TS 36.306 tables 4.1-1 and 4.1A-1. Their order is not 1, 2, 3.

Blocks times layers and carriers, and the four first categories of release 8. Categories whose rate is not such a
product are in `DL_CATEGORIES` only: nothing is said of their place among the others.
"""
UL_CATEGORY_BITS = (
    {1: 5_160, 2: 25_456}
    | dict.fromkeys((3, 4, 6, 9, 11), 51_024)
    | dict.fromkeys((7, 10, 12), 102_048)
    | {5: _64QAM, 13: 2 * _64QAM, 15: 3 * _64QAM, 21: 4 * _64QAM, 16: _256QAM_UL, 18: 2 * _256QAM_UL}
    | {20: 3 * _256QAM_UL, **{21 + n: (3 + n) * _256QAM_UL for n in range(1, 6)}}
)
"""The same of the uplink (UL-SCH, tables 4.1-2 and 4.1A-2); 51,024 is I_TBS 21 of the same table of TS 36.213."""
DL_CATEGORIES = UL_CATEGORIES = range(27)
"""The numbers that a requirement may name (TS 36.306 clauses 4.1 and 4.1A)."""


@dataclass(frozen=True, slots=True)
class ConfigurationPart:
    """One band of a configuration with its class; `rat` is `lte` or `nr`."""

    rat: Literal["lte", "nr"]
    band: int
    letter: str

    @property
    def label(self) -> str:
        """B66A, n71A."""
        return f"{band_label(self.rat, self.band)}{self.letter}"

    @property
    def carriers(self) -> int:
        """How many carriers the class aggregates; 1 where the tables do not have it."""
        return carriers_of(class_range(self.rat, self.band), self.letter) or 1


@dataclass(frozen=True, slots=True)
class ConfigurationFault:
    """What is wrong in a requirement, and under which key it stands."""

    key: str
    words: str


_PART = re.compile(r"(n?)([1-9]\d{0,2})(?:([A-Z])|\(([1-9A-Z-]{2,20})\))")
_REPEATED = re.compile(r"([2-9])([A-Z])")


def parse_parts(text: str) -> tuple[ConfigurationPart, ...] | None:
    """`2A-66A_n71A` or `n41(2A)` -> its parts, repeated ones repeated; None where it is not written so."""
    found: list[ConfigurationPart] = []
    for piece in re.split(r"[-_](?![^(]*\))", text):
        match = _PART.fullmatch(piece)
        if not match:
            return None
        letters = _letters(match[3], match[4])
        if letters is None:
            return None
        found += [ConfigurationPart("nr" if match[1] else "lte", int(match[2]), letter) for letter in letters]
    return tuple(found)


def _letters(one: str | None, several: str | None) -> list[str] | None:
    """The classes of one band: `A`, or in brackets blocks that are not contiguous: `2A`, `A-C`."""
    if one:
        return [one]
    letters: list[str] = []
    for piece in (several or "").split("-"):
        match = _REPEATED.fullmatch(piece)
        if match:
            letters += [match[2]] * int(match[1])
        elif re.fullmatch(r"[A-Z]", piece):
            letters.append(piece)
        else:
            return None
    return letters


def parse_configuration(text: str) -> tuple[CombinationType, tuple[ConfigurationPart, ...]] | None:
    """The type and parts of `CA_2A-12A`, `CA_n41C`, `DC_2A_n71A`; None where it is none of the three."""
    prefix, _, rest = text.partition("_")
    parts = parse_parts(rest)
    if not parts:
        return None
    rats = {part.rat for part in parts}
    if prefix == "DC" and rats == {"lte", "nr"}:
        lte, nr = rest.partition("_n")[0], rest.partition("_n")[2]
        return ("en_dc", parts) if nr and "n" not in lte else None
    if prefix == "CA" and len(rats) == 1 and "_" not in rest:
        if rats == {"nr"} and any(_is_uplink_only(part.band) for part in parts):
            return None  # Supplementary uplink aggregates nothing on the downlink.
        return ("lte_ca" if rats == {"lte"} else "nr_ca"), parts
    return None


def _is_uplink_only(band: int) -> bool:
    row = bands_of("nr").get(band)
    return row is not None and row.duplex == "SUL"


def known_class(part: ConfigurationPart) -> bool:
    """Whether the tables have the part's bandwidth class for its band."""
    return part.letter in CARRIERS[class_range(part.rat, part.band)]


def faults(configuration: str, uplink: str) -> Iterator[ConfigurationFault]:
    """What is wrong in a requirement's configuration and uplink."""
    found = parse_configuration(configuration)
    if found is None:
        yield ConfigurationFault(
            "configuration", f'"{configuration}" is no configuration; write CA_2A-12A, CA_n41C, DC_2A_n71A'
        )
        return
    type_, parts = found
    yield from _unknown(parts, "configuration")
    if type_ != "en_dc" and sum(part.carriers for part in parts) < 2:
        yield ConfigurationFault("configuration", f'"{configuration}" is one carrier only: ask for the band instead')
    if not uplink:
        return
    up = parse_parts(uplink)
    if up is None:
        yield ConfigurationFault("uplink", f'"{uplink}" is no list of carriers; write 2A, or 66A_n71A')
        return
    yield from _unknown(up, "uplink")
    bands = {(part.rat, part.band) for part in parts}
    for part in up:
        if (part.rat, part.band) not in bands:
            yield ConfigurationFault("uplink", f"{part.label} is not in {configuration}")
    if type_ == "en_dc" and {part.rat for part in up} != {"lte", "nr"}:
        yield ConfigurationFault("uplink", f"{configuration} needs an uplink on LTE and one on NR, such as 66A_n71A")


def category_faults(**asked: int | None) -> Iterator[ConfigurationFault]:
    """What is wrong in a requirement's `dl` and `ul` category."""
    known = {"dl": DL_CATEGORIES, "ul": UL_CATEGORIES}
    if not any(number is not None for number in asked.values()):
        yield ConfigurationFault("dl", "no category is named: write dl, ul or both")
    for key, number in asked.items():
        if number is not None and number not in known[key]:
            yield ConfigurationFault(key, f"{key.upper()} category {number} is not in TS 36.306")


def _unknown(parts: tuple[ConfigurationPart, ...], key: str) -> Iterator[ConfigurationFault]:
    for part in dict.fromkeys(parts):
        if not is_band(part.rat, part.band):
            yield ConfigurationFault(key, f"{part.rat.upper()} band {part.band}: no such band in 3GPP")
        elif not known_class(part):
            yield ConfigurationFault(key, f"{part.label}: there is no bandwidth class {part.letter} for it")


def at_least(rat: str, band: int, has: str | None, asked: str, *, unsure: bool = False) -> bool:
    """Whether a carrier block of class `has` can fall back to one of class `asked` (see the class tables here).

    `unsure`: or may be able to.
    """
    if has is None:
        return False
    groups = {"lte": LTE_CLASSES, "fr1": NR_FR1_CLASSES, "fr2": NR_FR2_CLASSES}[class_range(rat, band)]
    if unsure and class_range(rat, band) == "fr1":
        groups += NR_FR1_UNSURE
    has, asked = has.upper(), asked.upper()
    return has == asked or any(
        has in group and asked in group and group.index(asked) < group.index(has) for group in groups
    )
