"""Countries and territories by code and by name, and who serves a territory that has no carriers of its own.

Codes are ISO 3166 alpha-2 (and XK, which Kosovo uses); names and populations are those of geonames.org (CC BY 4.0).
Whom a territory shares a network with is what the lists of carriers say.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).with_name("tables")


@dataclass(frozen=True, slots=True)
class Country:
    """One country or territory. `population` is that of the whole of it, for want of subscribers by carrier."""

    code: str
    name: str
    other_names: tuple[str, ...]
    population: int


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory that carriers of another country serve, and how that is known."""

    code: str
    carriers: tuple[str, ...]
    why: str


@cache
def table() -> dict[str, Country]:
    """All countries by their code in capitals."""
    with (_TABLES / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Country(
                row["code"], row["name"], tuple(filter(None, row["other_names"].split(";"))), int(row["population"])
            )
            for row in csv.DictReader(file)
        }


@cache
def territories() -> dict[str, Territory]:
    """The territories that are served from elsewhere, by their code in capitals."""
    with (_TABLES / "territories.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Territory(row["code"], tuple(row["carriers"].split()), row["why"])
            for row in csv.DictReader(file)
        }


@cache
def _by_name() -> dict[str, str]:
    return {_plain(name): one.code for one in table().values() for name in (one.name, *one.other_names)}


def code_of(text: str) -> str | None:
    """The code of "Germany", "de" or "DE"; None where the text names no country."""
    word = text.strip()
    if word.upper() in table():
        return word.upper()
    return _by_name().get(_plain(word))


def name_of(code: str) -> str:
    """The name of a country by its code; the code itself where it is none (`intl`)."""
    found = table().get(code.upper())
    return found.name if found else code


def population_of(code: str) -> int:
    """How many people live there; 0 where it is not known."""
    found = table().get(code.upper())
    return found.population if found else 0


def names() -> tuple[str, ...]:
    """All names by which a country may be called, for suggestions."""
    return tuple(name for one in table().values() for name in (one.name, *one.other_names))


def _plain(name: str) -> str:
    """A name in small letters without accents, dots, and "the"."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = bare.replace("&", " and ").replace("-", " ").replace("'", "").replace(".", "").split()
    return " ".join(word for word in words if word != "the")
