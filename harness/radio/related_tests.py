"""Conformance tests that a question of ours is related to, by the numbers that certification knows.

They are named as related only. Passing one takes a system simulator and a validated platform; what is read here does not.
Numbers: TS 36.523-1 and TS 38.523-1, as TS 36.523-2 table 4-1 and TS 38.523-2 table 4.1 list them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class RelatedTest:
    """One test, or a range of them, of a conformance specification; `about` in our own words."""

    spec: str
    clause: str
    about: str

    def __str__(self) -> str:
        return f"TS {self.spec} {self.clause} ({self.about})"


@cache
def _by_topic() -> Mapping[str, tuple[RelatedTest, ...]]:
    text = (Path(__file__).with_name("data") / "related_tests.csv").read_text(encoding="utf-8")
    found: dict[str, list[RelatedTest]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["topic"], []).append(RelatedTest(row["spec"], row["clause"], row["about"]))
    return MappingProxyType({topic: tuple(rows) for topic, rows in found.items()})


def topics() -> tuple[str, ...]:
    """What tests are known for: `band`, `lte_ca`, `mfbi`, `attach`, `cause_5` …"""
    return tuple(_by_topic())


def related_tests(asked: Iterable[str]) -> tuple[RelatedTest, ...]:
    """The tests of these topics, each once; none for a topic that has none."""
    return tuple(dict.fromkeys(test for topic in asked for test in _by_topic().get(topic, ())))


def topics_of(kind: str, *, rats: Iterable[str] = (), type_: str = "", cause: int | None = None) -> tuple[str, ...]:
    """The topics of a requirement: of its kind, the technologies of its bands, its combination's type, a reject cause."""
    found = []
    told = tuple(rats)
    if kind in {"band", "band_enabled"}:
        if "lte" in told or "lte_m" in told:
            found.append("band")
        if "nr" in told or "nr_sa" in told:
            found.append("band_nr")
        if "nr_nsa" in told:
            found.append("band_en_dc")
        if "nb_iot" in told:
            found.append("band_nb_iot")
    elif kind == "combination":
        found.append(type_)
    elif kind in {"attach", "registered"}:
        found.append(kind)
        if any(rat.startswith("nr") for rat in told):
            found.append("attach_nr")
    elif kind in {"ics", "ue_category"}:
        found.append("band")
    else:
        found.append(kind)
    if cause is not None:
        found.append(f"cause_{cause}")
    return tuple(one for one in found if one in _by_topic())


def related_words(tests: Iterable[RelatedTest]) -> str:
    """`related to TS 36.523-1 8.5.4.1 (UE capability transfer)`; empty where there is none."""
    words = "; ".join(str(one) for one in tests)
    return f"related to {words}" if words else ""
