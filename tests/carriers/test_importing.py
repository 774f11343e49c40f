"""The importer: levels by evidence, files by hand left alone, a second run without effect."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from harness.carriers import files
from harness.carriers.edition import Carrier
from harness.carriers.importing import generated, profile, tables, voice
from harness.carriers.importing.__main__ import main
from harness.carriers.store import Profiles
from harness.errors import FileError
from harness.requirements.band import BandRule

FIRST = [
    "carrier",
    "brand",
    "country",
    "profile_status",
    "plmns",
    "lte_bands",
    "nr_bands",
    "band_roles",
    "volte_required",
    "as_of",
    "source",
    "derivation",
    "uncertain_bands",
    "raw_bands",
    "second_source_lte",
    "second_source_nr",
    "android_carrier_id",
    "notes",
]
SECOND = [
    "carrier",
    "country",
    "lte_bands_2",
    "nr_bands_2",
    "as_of_2",
    "source_2",
    "agrees_lte",
    "recommended_mandatory",
    "lte_recommended",
    "nr_two_source",
    "third_evidence",
]
SUNSETS = ["country", "carrier", "rat", "date", "status", "source", "note"]


def first(brand: str, country: str = "ZZ", **more: str) -> dict[str, str]:
    row = dict.fromkeys(FIRST, "") | {
        "carrier": f"{brand} Ltd",
        "brand": brand,
        "country": country,
        "profile_status": "current",
        "plmns": "90101",
        "as_of": "2024-06",
        "source": "Wikipedia codes",
        "volte_required": "no: GSM voice listed",
        "raw_bands": "GSM 900 / UMTS 2100",
    }
    return row | more


def second(brand: str, country: str = "ZZ", **more: str) -> dict[str, str]:
    row = dict.fromkeys(SECOND, "") | {
        "carrier": f"{brand} Ltd [{brand}]",
        "country": country,
        "as_of_2": "2026-10-02",
        "source_2": "github.com/365724-ctrl/band-atlas-data data/network_bands.csv from a.example; b.example",
        "agrees_lte": "superset",
    }
    return row | more


def table(path: Path, columns: list[str], rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(
    folder: Path,
    firsts: list[dict[str, str]],
    seconds: list[dict[str, str]] | None = None,
    sunsets: list[dict[str, str]] | None = None,
) -> int:
    return main(
        [
            "--carriers",
            str(table(folder / "carriers.csv", FIRST, firsts)),
            "--second-source",
            str(table(folder / "second.csv", SECOND, seconds or [second("Nobody")])),
            "--sunsets",
            str(table(folder / "sunsets.csv", SUNSETS, sunsets or [sunset("all", "2G", "2030", country="YY")])),
            "--into",
            str(folder),
        ]
    )


def sunset(carrier: str, rat: str, day: str, status: str = "planned", country: str = "ZZ") -> dict[str, str]:
    return dict(zip(SUNSETS, [country, carrier, rat, day, status, "a source", ""], strict=True))


def made(folder: Path, id_: str) -> Carrier:
    return files.load_carrier(folder / "carriers" / f"{id_}.yaml")


def levels(carrier: Carrier) -> dict[str, str]:
    return {
        f"{rule.rat}{rule.band}": rule.level for rule in carrier.editions[-1].requirements if isinstance(rule, BandRule)
    }


def test_one_list_alone_decides_nothing_and_leaves_coverage_open(tmp_path: Path) -> None:
    run(tmp_path, [first("Solo", lte_bands="3 20", nr_bands="n78")])
    edition = made(tmp_path, "zz/solo").editions[0]
    assert levels(made(tmp_path, "zz/solo")) == dict.fromkeys(("lte3", "lte20", "nr78"), "informative")
    assert [(rule.kind, rule.level) for rule in edition.requirements if not isinstance(rule, BandRule)] == [
        ("coverage", "mandatory"),
        ("attach", "informative"),
        ("registered", "mandatory"),
    ]


def test_levels_follow_the_second_list(tmp_path: Path) -> None:
    rows = [first("Duo", lte_bands="1 3 20", nr_bands="n78")]
    other = second(
        "Duo",
        lte_bands_2="3 20 28 32",
        nr_bands_2="n78",
        recommended_mandatory="3 20",
        lte_recommended="28",
        nr_two_source="n78",
    )
    run(tmp_path, rows, [other])
    carrier = made(tmp_path, "zz/duo")
    assert levels(carrier) == {
        "lte3": "mandatory",
        "lte20": "mandatory",
        "lte28": "recommended",
        "lte1": "informative",
        "lte32": "informative",
        "nr78": "informative",
    }
    rule = carrier.editions[0].requirement("ZZ-DUO-LTE-B28")
    assert rule.authority == "two_sources"
    assert rule.evidence_count == 2
    assert carrier.editions[0].checked == "2026-10-02"
    assert not any(rule.kind == "coverage" for rule in carrier.editions[0].requirements)


@pytest.mark.parametrize(
    ("group", "first_has", "second_has", "best", "other", "relation"),
    [
        ("4|66", "4", "4 66", 4, 66, "superset"),
        ("12|17", "12 17", "12 17", 12, 17, "subset"),
        ("38|41", "41", "38", 41, 38, "subset"),
        ("8|28", "8 28", "8 28", 8, 28, "alternative"),
    ],
)
def test_a_group_becomes_one_mandatory_band_with_alternatives(
    tmp_path: Path, group: str, first_has: str, second_has: str, best: int, other: int, relation: str
) -> None:
    run(
        tmp_path,
        [first("Duo", lte_bands=first_has)],
        [second("Duo", lte_bands_2=second_has, recommended_mandatory=group)],
    )
    rule = made(tmp_path, "zz/duo").editions[0].requirement(f"ZZ-DUO-LTE-B{best}")
    assert isinstance(rule, BandRule)
    assert rule.level == "mandatory"
    assert [(one.band, one.relation) for one in rule.any_of] == [(other, relation)]
    assert files.lint([tmp_path / "carriers"]) == []


def test_downlink_only_and_licence_assisted_bands_are_no_place_to_attach(tmp_path: Path) -> None:
    run(tmp_path, [first("Duo", lte_bands="3 20 29 32 46", nr_bands="n29 n78 n257")])
    (attach,) = [rule for rule in made(tmp_path, "zz/duo").editions[0].requirements if rule.kind == "attach"]
    assert attach.any_of == {"lte": (3, 20), "nr": (78,)}  # type: ignore[union-attr]


def test_a_second_run_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [first("Solo", lte_bands="3 20")]
    run(tmp_path, rows)
    path = tmp_path / "carriers/zz/solo.yaml"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    run(tmp_path, rows)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert capsys.readouterr().out.endswith("0 written, 1 unchanged, 0 kept\n")


@pytest.mark.parametrize("edit", ["mark removed", "mark left"])
def test_a_file_that_someone_edited_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: str
) -> None:
    run(tmp_path, [first("Solo", lte_bands="3 20")])
    path = tmp_path / "carriers/zz/solo.yaml"
    text = path.read_text(encoding="utf-8").replace("name: ", "name: My own ", 1).replace('"', "", 2)
    edited = text.partition("\n")[2] if edit == "mark removed" else text
    path.write_text(edited, encoding="utf-8")
    run(tmp_path, [first("Solo", lte_bands="3 7 20")])
    assert path.read_text(encoding="utf-8") == edited
    assert f"kept {path}: edited by hand" in capsys.readouterr().out


def test_the_mode_of_an_nr_band_comes_with_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {("ZZ", "Solo"): ((78,), "sa", "Standalone (a paper).")}
    monkeypatch.setattr(profile, "NR_MODES", told)
    run(tmp_path, [first("Solo", lte_bands="3 20", nr_bands="n28 n78")])
    rules = {rule.band: rule for rule in made(tmp_path, "zz/solo").editions[-1].requirements if rule.kind == "band"}
    assert (rules[78].nr_mode, rules[78].note) == ("sa", "Standalone (a paper).")
    assert (rules[28].nr_mode, rules[28].note) == (None, "")
    assert rules[3].nr_mode is None


def test_new_data_renews_an_untouched_file(tmp_path: Path) -> None:
    run(tmp_path, [first("Solo", lte_bands="3 20")])
    run(tmp_path, [first("Solo", lte_bands="3 7 20")])
    assert "lte7" in levels(made(tmp_path, "zz/solo"))


def test_a_file_that_no_row_makes_any_more_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, [first("Solo", lte_bands="3 20")])
    run(tmp_path, [first("Other", lte_bands="3 20")])
    assert "left over" in capsys.readouterr().out


def test_shipped_generated_files_are_as_the_importer_left_them() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Profiles().paths.values()]
    marked = [text for text in texts if text.startswith("# generated")]
    assert len(marked) > 200
    assert all(generated.is_ours(text) for text in marked)


@pytest.mark.parametrize(
    ("rows", "volte"),
    [
        ([], "not_required"),
        ([sunset("Duo", "2G", "2025-12-31", "done")], "not_required"),
        ([sunset("Duo", "2G/3G", "2025-12-31", "done")], "required"),
        ([sunset("all", "2G", "2025", "done"), sunset("Duo", "3G", "2026-01", "done")], "required"),
        ([sunset("Duo", "2G", "2025", "done"), sunset("Duo", "3G", "2026-08")], "unknown"),
        ([sunset("Duo", "2G", "2025", "done"), sunset("Duo", "3G", "2028-H2")], "not_required"),
        ([sunset("Duo", "2G", "2025", "done"), sunset("Duo", "3G", "", "planned")], "unknown"),
    ],
)
def test_voice_follows_the_shutdowns(tmp_path: Path, rows: list[dict[str, str]], volte: str) -> None:
    other = second("Duo", lte_bands_2="3 20", recommended_mandatory="3 20")
    run(tmp_path, [first("Duo", lte_bands="3 20")], [other], rows or None)
    edition = made(tmp_path, "zz/duo").editions[0]
    assert edition.voice is not None
    assert edition.voice.volte == volte
    assert any(rule.kind == "volte" for rule in edition.requirements) == (volte == "required")


def test_that_one_list_names_no_older_network_proves_nothing(tmp_path: Path) -> None:
    words = "yes: no GSM/UMTS voice network listed"
    run(tmp_path, [first("Solo", lte_bands="3 20", raw_bands="LTE 800", volte_required=words)])
    voiced = made(tmp_path, "zz/solo").editions[0].voice
    assert voiced is not None
    assert voiced.volte == "unknown"


def test_a_shutdown_of_nobody_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [first("Solo")], None, [sunset("Sola", "3G", "2025")]) == 4
    assert "SHUTDOWN_NAMES" in capsys.readouterr().err


def test_two_rows_of_one_name_are_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [first("Solo"), first("Solo")]) == 4
    assert "zz/solo" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_another_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError):
        tables.listed(path)
    with pytest.raises(FileError):
        tables.listed(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("brand", "slug"), [("Türk Telekom", "turk-telekom"), ("3", "three"), ("O2", "o2"), ("  zain KW ", "zain-kw")]
)
def test_a_brand_becomes_a_file_name(brand: str, slug: str) -> None:
    assert profile.slug_of(brand) == slug


def test_a_source_is_named_once_and_short() -> None:
    assert voice.short("github.com/x (@1) from lightreading.com (2023); other") == (
        "lightreading.com (2023), in band-atlas-data"
    )


def test_names_that_yaml_would_misread_are_quoted() -> None:
    from harness.carriers.importing import text

    assert text.word("Wikipedia") == "Wikipedia"
    assert text.word("a: b") == '"a: b"'
    assert text.word("- x") == '"- x"'
    assert text.word("kimovil.com or powertec") == "kimovil.com or powertec"
    assert text.word("two of a, b, c") == '"two of a, b, c"'
