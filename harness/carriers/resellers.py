"""Brands without a network of their own: whose they use. A device that serves the host serves them, as far as bands go.

What a reseller lets in, and which of the host's features it buys, is its own affair.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLE = Path(__file__).with_name("tables") / "resellers.csv"


@dataclass(frozen=True, slots=True)
class Reseller:
    """A brand, and the profile of the carrier whose network it uses."""

    name: str
    carrier: str

    @property
    def words(self) -> str:
        """For people."""
        return f"{self.name} is a reseller on the network of {self.carrier}: its own rules may differ"


@cache
def _by_name() -> dict[str, Reseller]:
    found: dict[str, Reseller] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = Reseller(row["name"], row["carrier"])
            for word in (row["name"], *filter(None, row["other_names"].split(";"))):
                found[_plain(word)] = one
    return found


def reseller(name: str) -> Reseller | None:
    """The reseller of this name ("mint", "Mint Mobile", "us/mint"); None where it is none that is known."""
    country, slash, bare = name.partition("/")
    one = _by_name().get(_plain(bare if slash else country))
    return None if one is None or (slash and one.carrier.partition("/")[0] != country.casefold()) else one


def names() -> tuple[str, ...]:
    """The names that are known, for suggestions."""
    return tuple(dict.fromkeys((*_by_name(), *(one.name for one in _by_name().values()))))


def remarks(words: Iterable[str]) -> list[str]:
    """What a reader should know of those names that are resellers'."""
    return [one.words for word in words if (one := reseller(word.partition("@")[0])) is not None]


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
