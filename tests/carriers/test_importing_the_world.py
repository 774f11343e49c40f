"""The importer on many lists: who cites whom, licences, merged rows, unpaired bands, networks that ended, history."""

from __future__ import annotations

import csv
import hashlib
import os
import random
import re
from datetime import date
from pathlib import Path

import pytest
from test_importing import FIRST, SECOND, SUNSETS, first, levels, made, run, second, sunset, table

from harness.carriers import files
from harness.carriers.edition import Carrier
from harness.carriers.importing import attribution, history, sims, tables, voice
from harness.carriers.importing.__main__ import gather, main
from harness.carriers.importing.profile import profile_text
from harness.carriers.publishers import independent
from harness.carriers.store import Profiles
from harness.requirements.band import BandRule

REFERENCE = Path(
    os.environ.get("BANDPROOF_REFERENCE", Path(__file__).resolve().parents[2].parent / "shared" / "reference")
)
ATLAS = "github.com/365724-ctrl/band-atlas-data data/network_bands.csv (@1) from "


def publishers(carrier: Carrier, band: int, rat: str = "lte") -> tuple[str, ...]:
    (rule,) = [
        r for r in carrier.editions[-1].requirements if isinstance(r, BandRule) and (r.rat, r.band) == (rat, band)
    ]
    return rule.publishers


def part(source: str, *lte: int, nr: tuple[int, ...] = ()) -> tables.ListPart:
    return tables.ListPart(lte, nr, source, "dataset")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (f"{ATLAS}kimovil.com frequency-checker/AT; ids pt-a1 mdb-at", ["kimovil.com", "pt-a1", "mdb-at"]),
        (f"{ATLAS}kimovil.com x; id wiki-lte-eu", ["kimovil.com", "Wikipedia"]),
        ("commsupdate.com 2013-10-14 (800 MHz; by operator), 2016-02-09", ["commsupdate.com"]),
        (
            "https://operatorwatch.com/2020/x; prepaid-data-sim-card.fandom.com/wiki/T",
            ["operatorwatch.com", "prepaid-data-sim-card wiki"],
        ),
    ],
)
def test_a_row_cites_publishers(source: str, names: list[str]) -> None:
    assert [one.name for one in attribution.cited(part(source, 3))] == names


def test_an_id_with_a_band_speaks_of_that_band_alone() -> None:
    (kimovil, prepaid) = attribution.cited(part(f"{ATLAS}kimovil.com x; ids prepaid-kw (B20)", 3, 20))
    assert kimovil.speaks_of("lte", 3)
    assert prepaid.speaks_of("lte", 20)
    assert not prepaid.speaks_of("lte", 3)


def test_publisher_names_are_carried_over(tmp_path: Path) -> None:
    row = second("Duo", lte_bands_2="3 20 28", recommended_mandatory="3 20", lte_recommended="28")
    row["source_2"] = f"{ATLAS}kimovil.com frequency-checker/ZZ; powertec duo"
    run(tmp_path, [first("Duo", lte_bands="3 20")], [row])
    carrier = made(tmp_path, "zz/duo")
    assert publishers(carrier, 3) == ("Wikipedia", "kimovil.com or powertec")
    assert publishers(carrier, 28) == ("kimovil.com", "powertec")


def test_a_list_that_copies_the_first_is_no_second_publisher(tmp_path: Path) -> None:
    row = second("Duo", lte_bands_2="3 20 38", recommended_mandatory="3 20")
    row["source_2"] = f"{ATLAS}kimovil.com x; ids wiki-lte-eu"
    run(tmp_path, [first("Duo", lte_bands="3 20 38")], [row])
    carrier = made(tmp_path, "zz/duo")
    assert publishers(carrier, 20) == ("Wikipedia", "kimovil.com")
    assert publishers(carrier, 38) == ("Wikipedia",)
    assert levels(carrier)["lte38"] == "informative"


def test_where_only_a_copy_is_cited_nothing_decides_whatever_the_row_proposes(tmp_path: Path) -> None:
    row = second("Duo", lte_bands_2="3 20", recommended_mandatory="3 20")
    row["source_2"] = f"{ATLAS}ids wiki-lte-africa"
    run(tmp_path, [first("Duo", lte_bands="3 20")], [row])
    assert levels(made(tmp_path, "zz/duo")) == {"lte3": "informative", "lte20": "informative"}


def test_none_found_is_no_second_list(tmp_path: Path) -> None:
    row = second("Solo", agrees_lte="none found", source_2=f"{ATLAS}id wiki-lte-africa: the encyclopedia again")
    run(tmp_path, [first("Solo", lte_bands="3 20")], [row])
    carrier = made(tmp_path, "zz/solo")
    assert set(levels(carrier).values()) == {"informative"}
    assert carrier.editions[-1].confidence == "C"


def test_a_licence_is_no_sighting(tmp_path: Path) -> None:
    row = second("Duo", lte_bands_2="3 20 28", recommended_mandatory="3 28", source_2="commsupdate.com 2015 (licences)")
    row["source_kind"] = "licence_lte"
    path = table(tmp_path / "second.csv", [*SECOND, "source_kind"], [row])
    firsts = table(tmp_path / "first.csv", FIRST, [first("Duo", lte_bands="3")])
    ends = table(tmp_path / "ends.csv", SUNSETS, [sunset("all", "2G", "2030", country="YY")])
    main(["--carriers", str(firsts), "--second-source", str(path), "--sunsets", str(ends), "--into", str(tmp_path)])
    assert levels(made(tmp_path, "zz/duo")) == {"lte3": "mandatory", "lte20": "informative", "lte28": "informative"}


def test_two_rows_of_second_lists_for_one_carrier_are_merged() -> None:
    one = tables.Confirmed((1, 3), (), "2026-10", ((1, 41),), (3,), (78,), "a", "", True, (part("a", 1, 3),))
    other = tables.Confirmed((28, 3), (), "2024-11", ((28,), (3,)), (), (), "b", "c", True, (part("b", 28, 3),))
    both = tables.merged(one, other)
    assert both.lte == (1, 3, 28)
    assert both.groups == ((1, 41), (28,), (3,))
    assert both.recommended == ()
    assert both.as_of == "2026-10"
    assert len(both.parts) == 2


@pytest.mark.parametrize(
    ("country", "second_has", "bands"),
    [
        ("BD", "", {"lte41"}),
        ("IN", "38", {"lte38"}),
        ("TH", "41", {"lte41"}),
        ("AT", "", {"lte7"}),
    ],
)
def test_the_class_2600_is_unpaired_where_the_country_has_it_so(
    tmp_path: Path, country: str, second_has: str, bands: set[str]
) -> None:
    rows = [first("Duo", country, lte_bands="7", raw_bands="GSM 900 / LTE 2600", derivation="mhz-inferred")]
    run(tmp_path, rows, [second("Duo", country, lte_bands_2=second_has)] if second_has else None)
    assert set(levels(made(tmp_path, f"{country.lower()}/duo"))) == bands


def test_a_band_that_the_list_names_by_number_stays(tmp_path: Path) -> None:
    rows = [first("Duo", "BD", lte_bands="7", raw_bands="LTE 2600", derivation="explicit")]
    run(tmp_path, rows)
    assert set(levels(made(tmp_path, "bd/duo"))) == {"lte7"}


@pytest.mark.parametrize(
    ("raw", "rows", "volte"),
    [
        ("LTE 800", [], "unknown"),
        ("LTE 800", [sunset("Duo", "3G", "2025", "done")], "unknown"),
        ("UMTS 2100 / LTE 800", [sunset("Duo", "3G", "2025", "done")], "required"),
        ("LTE 800", [sunset("Duo", "2G/3G", "2025", "done")], "required"),
        ("LTE 800", [sunset("Duo", "3G", "2025", "done") | {"note": "VoLTE needed"}], "required"),
    ],
)
def test_a_list_that_names_no_older_network_proves_nothing(
    tmp_path: Path, raw: str, rows: list[dict[str, str]], volte: str
) -> None:
    words = "yes: no GSM/UMTS voice network listed" if "UMTS" not in raw else "no: UMTS voice listed"
    other = second("Duo", lte_bands_2="3 20", recommended_mandatory="3 20")
    run(tmp_path, [first("Duo", lte_bands="3 20", raw_bands=raw, volte_required=words)], [other], rows or None)
    edition = made(tmp_path, "zz/duo").editions[0]
    assert edition.voice is not None
    assert edition.voice.volte == volte


def test_volte_follows_the_newest_fact_and_holds_from_its_day(tmp_path: Path) -> None:
    """The second list is of 2024, the networks ended after it: the need is known, and asked from then on."""
    row = second("Duo", lte_bands_2="3 20", recommended_mandatory="3 20", as_of_2="2024-09")
    run(tmp_path, [first("Duo", lte_bands="3 20")], [row], [sunset("Duo", "2G/3G", "2025-12-31", "done")])
    store = Profiles([tmp_path])
    carrier = store.carrier("zz/duo")
    (rule,) = [rule for rule in carrier.editions[0].requirements if rule.kind == "volte"]
    assert rule.since == "2026-01-01"
    before, after = (store.edition(carrier, day) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert before is not None
    assert after is not None
    assert "volte" not in {r.kind for r in before.requirements}
    assert "volte" in {r.kind for r in after.requirements}


def test_the_day_of_a_network_without_a_last_day_is_not_told() -> None:
    assert voice.needed_since([]) is None


HISTORY = ["carrier_id", "name_in_source", "country", "rat", "band", "class_mhz", "event", "date", "precision"]
HISTORY += ["source", "confidence", "note"]


def dated(event: str, day: str, band: str = "", rat: str = "lte", source: str = "Wikipedia list") -> dict[str, str]:
    row = dict.fromkeys(HISTORY, "")
    return row | {"carrier_id": "zz/duo", "rat": rat, "band": band, "event": event, "date": day, "source": source}


def seen(tmp_path: Path, *rows: dict[str, str]) -> dict[int, history.FirstSeen]:
    events = history.events(table(tmp_path / "history.csv", HISTORY, list(rows)))
    return {one.band: one for one in history.listings(events.get("zz/duo", []))}


def test_a_band_is_listed_since_the_first_that_has_it_on_air(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        dated("planned", "2011", "20"),
        dated("trial", "2012", "20"),
        dated("listed_by", "2016-07-11", "20"),
        dated("launch", "2013-05", "20", source="GSA report"),
        dated("spectrum", "2010", "28"),
        dated("planned", "2014", "7"),
    )
    assert set(found) == {20}
    assert (found[20].since, found[20].source) == ("2013-05", "GSA report")
    assert found[20].publishers == ("Wikipedia", "GSA report")


def test_spectrum_counts_from_the_licence_on_where_the_band_was_seen(tmp_path: Path) -> None:
    rows = [
        dated("spectrum", "2013-11", "40"),
        dated("licence_tdd", "2013-12-04", source="reuters.com"),
        dated("licence_fdd", "2015-02-27"),
        dated("listed_by", "2016-07-11", "40"),
        dated("listed_by", "2016-07-11", "3"),
    ]
    found = seen(tmp_path, *rows)
    assert (found[40].since, found[40].source) == ("2013-12-04", "reuters.com")
    assert found[3].since == "2016-07-11"


def test_a_band_that_later_lists_do_not_have_ends(tmp_path: Path) -> None:
    rows = [dated("listed_by", "2016-07-11", "38"), dated("last_listed", "2016-10-03", "38")]
    assert seen(tmp_path, *rows)[38].until == "2016-10-03"
    assert seen(tmp_path, *rows, dated("first_listed", "2020", "38"))[38].until is None


def test_the_edition_of_the_past_asks_each_band_from_its_day_on_and_decides_nothing(tmp_path: Path) -> None:
    rows = [
        dated("launch", "2013-05", "20"),
        dated("first_listed", "2018-01-02", "3"),
        dated("listed_by", "2016-07-11", "38"),
        dated("last_listed", "2016-10-03", "38"),
        dated("first_listed", "2025-01-01", "7"),
    ]
    firsts = table(tmp_path / "first.csv", FIRST, [first("Duo", lte_bands="3 20")])
    seconds = table(tmp_path / "second.csv", SECOND, [second("Nobody")])
    ends = table(tmp_path / "ends.csv", SUNSETS, [sunset("all", "2G", "2030", country="YY")])
    past = table(tmp_path / "history.csv", HISTORY, rows)
    options = ["--carriers", str(firsts), "--second-source", str(seconds), "--sunsets", str(ends)]
    assert main([*options, "--history", str(past), "--into", str(tmp_path)]) == 0
    store = Profiles([tmp_path])
    assert store.lint() == []
    carrier = store.carrier("zz/duo")
    assert [edition.as_of for edition in carrier.editions] == ["2013-05", "2024-06"]
    days = {date(2014, 1, 1): (20,), date(2016, 8, 1): (20, 38), date(2019, 1, 1): (3, 20)}
    for day, bands in days.items():
        edition = store.edition(carrier, day)
        assert edition is not None
        assert edition.bands("lte") == bands
        assert edition.bands("lte", "mandatory", "recommended") == ()
    assert store.edition(carrier, date(2013, 4, 30)) is None


def _lists() -> tuple[list[Path], list[Path]]:
    firsts = [REFERENCE / name for name in ("carriers.csv", "carriers-new-countries.csv")]
    names = ("carriers-second-source.csv", "carriers-third-source.csv", "carriers-new-countries-second-source.csv")
    seconds = [REFERENCE / name for name in names]
    if not all(path.is_file() for path in (*firsts, *seconds)):
        pytest.skip("the lists are not beside this checkout")
    return firsts, seconds


def test_the_shipped_profiles_are_what_the_importer_makes_of_the_lists() -> None:
    firsts, seconds = _lists()
    rows = gather(firsts, seconds, REFERENCE / "sunsets.csv", REFERENCE / "carrier-history.csv")
    store = Profiles()
    rows = sims.sharing(rows, store.directories[-1])
    assert len(rows) == 636
    for one in rows:
        text = store.paths[one.id].read_text(encoding="utf-8")
        if text.startswith("# generated"):
            assert text.partition("\n")[2] == profile_text(one), one.id


SEED = 16


def test_40_carriers_of_seed_16_are_as_the_csvs_have_them() -> None:
    """Read anew and by other means than the importer's: PLMNs, bands, levels and publishers of each."""
    firsts, seconds = _lists()
    rows = [row for path in firsts for row in _dicts(path) if row["profile_status"] == "current"]
    proposals: dict[tuple[str, str], list[dict[str, str]]] = {}
    for path in seconds:
        for row in _dicts(path):
            proposals.setdefault((row["country"], row["carrier"]), []).append(row)
    by_hand = {"AT&T", "FirstNet", "T-Mobile", "Verizon", "Sprint"}
    rows = [row for row in rows if not (row["country"] == "US" and row["brand"] in by_hand)]
    for row in random.Random(SEED).sample(rows, 40):
        key = (row["country"], f"{row['carrier']} [{row['brand']}]")
        _compare(row, proposals.get(key, []))


def _dicts(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _compare(row: dict[str, str], proposals: list[dict[str, str]]) -> None:
    store = Profiles()
    plmns = re.findall(r"\b\d{5,6}\b", row["plmns"])
    (id_,) = [
        one
        for one in store.country_ids(row["country"])
        if one.startswith(row["country"].lower() + "/")
        and set(plmns) <= set(store.carrier(one).plmns)
        and row["brand"].split(",")[0].split(" / ")[0]
        in {store.carrier(one).name, *store.carrier(one).aliases, *_renamed(store.carrier(one))}
    ]
    carrier = store.carrier(id_)
    edition = next(one for one in carrier.editions if one.as_of == row["as_of"])
    rules = {r.band: r for r in edition.requirements if isinstance(r, BandRule) and r.rat == "lte"}
    asked = {
        int(band) for p in proposals for group in p["recommended_mandatory"].split() for band in group.split("|")
    } | {int(band) for p in proposals for band in p["lte_recommended"].split()}
    named = {int(band) for band in row["lte_bands"].split()} | {
        int(b) for p in proposals for b in p["lte_bands_2"].split()
    }
    if edition.inherits is not None:
        return
    assert named <= set(rules), id_
    for band, rule in rules.items():
        if band not in asked:
            assert rule.level == "informative", f"{id_} B{band}"
        if rule.level != "informative":
            assert independent(rule.publishers) > 1, f"{id_} B{band}"
            assert band in asked, f"{id_} B{band}"
    if not proposals or all(p["agrees_lte"] == "none found" for p in proposals):
        assert {rule.level for rule in rules.values()} <= {"informative"}, id_


def _renamed(carrier: Carrier) -> set[str]:
    """Names by which the table calls carriers whose brand there is none."""
    return {"Gt", "Sweden 2G"} if carrier.id in {"tw/asia-pacific-telecom", "se/net4mobility"} else set()


def test_a_file_of_hand_is_left_alone_by_the_lists_of_the_world(tmp_path: Path) -> None:
    run(tmp_path, [first("Solo", lte_bands="3 20")])
    path = tmp_path / "carriers/zz/solo.yaml"
    text = path.read_text(encoding="utf-8").partition("\n")[2]
    path.write_text(text, encoding="utf-8")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    run(tmp_path, [first("Solo", lte_bands="3 7 20")], [second("Solo", lte_bands_2="3", recommended_mandatory="3")])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert files.lint([path]) == []
