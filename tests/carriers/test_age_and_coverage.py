"""What time has overtaken, and the page of what is covered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harness.carriers.age import age_lines, aged, people
from harness.carriers.countries import population_of
from harness.carriers.coverage import coverage_page
from harness.carriers.store import Profiles

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)
HEAD = """format: bandproof.profile/1
id: {id}
name: "{name}"
country: {country}
{more}
editions:
  - as_of: "2024-06"
    checked: "{checked}"
    confidence: B
    sources: [x]
    requirements:
      - {{id: A-REGISTERED, kind: registered, level: mandatory}}
"""


def profiles(tmp_path: Path, **files: tuple[str, str]) -> Profiles:
    for name, (checked, more) in files.items():
        country = name[:2]
        path = tmp_path / "carriers" / country / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = HEAD.format(id=f"{country}/{name}", name=name, country=country.upper(), checked=checked, more=more)
        path.write_text(text, encoding="utf-8")
    return Profiles([tmp_path])


def test_what_is_stale_stands_by_the_size_of_its_country(tmp_path: Path) -> None:
    store = profiles(tmp_path, lione=("2025-01", ""), deone=("2025-01", ""), inone=("2025-01", ""), fr1=("2026-09", ""))
    found = [one for one in aged(store, TODAY) if one.kind == "stale"]
    assert [one.carrier for one in found] == ["in/inone", "de/deone", "li/lione"]
    assert "last checked 2025-01" in found[0].words


def test_a_planned_end_counts_from_the_day_after_it(tmp_path: Path) -> None:
    plan = 'networks: [{rat: umts, status: planned, until: "2026-11-21"}, {rat: gsm, status: closed, until: "2020"}]'
    store = profiles(tmp_path, deone=("2026-09", plan))
    assert aged(store, TODAY) == []
    (found,) = aged(store, date(2026, 11, 22))
    assert (found.kind, found.carrier) == ("passed", "de/deone")
    assert "UMTS" in found.words


def test_an_ended_network_tells_who_goes_on(tmp_path: Path) -> None:
    end = 'status: historical\nended: "2025-10-01"\n'
    store = profiles(
        tmp_path,
        deone=("2026-09", end + "successor: de/detwo"),
        detwo=("2026-09", end + "successor: de/dethree"),
        dethree=("2026-09", ""),
        defour=("2026-09", end),
        defive=("2026-09", end + "successor: de/nobody"),
    )
    told = {one.carrier: one.words for one in aged(store, TODAY)}
    assert told["de/deone"] == "ended 2025-10-01; its successor de/detwo ended 2025-10-01"
    assert told["de/detwo"] == "ended 2025-10-01; its successor de/dethree goes on"
    assert told["de/defour"].endswith("without a successor that is known")
    assert told["de/defive"].endswith("has no profile")
    assert "de/dethree" not in told


def test_the_shipped_world_lists_what_has_passed() -> None:
    found = aged(Profiles(), TODAY)
    kinds = {one.kind: [row for row in found if row.kind == one.kind] for one in found}
    assert {"cn/china-mobile", "nl/odido"} <= {one.carrier for one in kinds["passed"]}
    assert {"ro/telekom", "us/sprint", "mo/smartone"} <= {one.carrier for one in kinds["ended"]}
    sizes = [one.population for one in kinds["stale"]]
    assert sizes == sorted(sizes, reverse=True)
    lines = list(age_lines(found))
    assert len(lines) == len(found) + 3


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1_411_778_724, "1.4 billion people"),
        (82_927_922, "83 million people"),
        (1_500, "1.5 thousand people"),
        (46, "46 people"),
        (0, "people not counted"),
    ],
)
def test_people_are_told_in_round_numbers(count: int, words: str) -> None:
    assert people(count) == words


def test_the_page_of_coverage_is_what_the_profiles_make() -> None:
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == coverage_page(Profiles())


def test_the_page_names_every_country_once_covered_or_not() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    for name, code in (("Germany", "DE"), ("Martinique", "MQ"), ("Eritrea", "ER"), ("Kosovo", "XK")):
        assert text.count(f"| {name} | {code} |") == 1
        assert f"{population_of(code):,}" in text
