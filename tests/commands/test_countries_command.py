"""Countries by name at the prompt, fits by country and population, profiles by age."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from harness import cli

DEVICE = "--without-device=xiaomi/mi-mix-2#global"
DAY = "--as-of=2026-06-01"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = cli.main(list(words))
    out = capsys.readouterr()
    return status, out.out, out.err


@pytest.mark.parametrize("name", ["Germany", "de", "DE", "germany"])
def test_a_country_has_many_names_in_every_command(capsys: pytest.CaptureFixture[str], name: str) -> None:
    for words in (("profiles", "list", name), ("profiles", "show", name), ("fit", DEVICE, DAY, f"--country={name}")):
        status, out, err = said(capsys, *words)
        assert status == (1 if words[0] == "fit" else 0), err
        assert "de/telekom" in out
        assert "at/" not in out


def test_a_territory_has_the_carriers_that_serve_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "fit", DEVICE, DAY, "--country=Martinique")
    assert status == 1
    assert "gp/orange" in out


@pytest.mark.parametrize("words", [("profiles", "list", "Germny"), ("fit", DEVICE, "--country=Germny")])
def test_a_country_that_is_none_is_told(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    status, _, err = said(capsys, *words)
    assert status == 2
    assert "Germany" in err


def test_fits_by_population_begin_with_the_largest_country(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table, picture = tmp_path / "fit.csv", tmp_path / "fit.svg"
    countries = "--country=li,de,in,us,mx"
    status, out, err = said(
        capsys, "fit", DEVICE, DAY, countries, "--by=population", f"--csv={table}", f"--svg={picture}"
    )
    assert status == 1, err
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["country"] for row in rows] == ["IN", "US", "MX", "DE", "LI"]
    assert int(rows[0]["carriers"]) == 4
    assert "of 5 countries" in out
    names = [line.split("  ")[0] for line in out.splitlines()]
    assert names.index("India") < names.index("Germany") < names.index("Liechtenstein")
    drawn = picture.read_text(encoding="utf-8")
    assert "India" in drawn
    assert "in/jio" not in drawn.replace("(in/jio@", "")


def test_fits_by_country_stand_by_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "fit.csv"
    said(capsys, "fit", DEVICE, DAY, "--country=us,de,in", "--by=country", f"--csv={table}")
    names = [row["name"] for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())]
    assert names == ["Germany", "India", "United States"]


def test_a_regulator_is_no_carrier_of_a_country(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "fit.csv"
    said(capsys, "fit", DEVICE, DAY, "--country=mx", "--by=country", f"--csv={table}")
    (row,) = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    assert int(row["carriers"]) == 4


def test_one_list_is_told_in_every_form(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, _ = said(capsys, "fit", DEVICE, DAY, "--carrier=ge/silknet")
    assert status == 1
    assert "one list says: works (B20, B3, B40)" in out
    assert "one list says works at 1 carrier" in out
    _, out, _ = said(capsys, "fit", DEVICE, DAY, "--carrier=ge/silknet", "--json")
    (row,) = json.loads(out)["devices"][0]["carriers"]
    assert (row["fit"], row["confidence"]) == ("INCONC", "one_list")
    assert row["one_list"] == "one list says: works (B20, B3, B40)"


def test_age_is_told_and_fails_on_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "profiles", "lint", "--age", "--as-of=2026-11-21")
    assert status == 0
    assert "cn/china-mobile" in out
    assert "ro/telekom" in out
    status, out, _ = said(capsys, "profiles", "lint", "--age", "--json", "--as-of=2026-11-21")
    assert status == 0
    assert {row["kind"] for row in json.loads(out)} == {"stale", "passed", "ended"}
    status, _, err = said(capsys, "profiles", "lint", "--age", "--as-of=soon")
    assert status == 2
    assert "no date" in err
