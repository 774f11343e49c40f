"""Who copies whom: two names of one publisher are one, and nothing that ships decides on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.carriers.publishers import identify, independent, origins, table
from harness.carriers.store import Profiles
from harness.requirements.band import BandRule

STORE = Profiles()


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ([], 0),
        (["Wikipedia"], 1),
        (["Wikipedia", "Wikipedia"], 1),
        (["Wikipedia", "kimovil.com"], 2),
        (["Wikipedia", "P1sec/MCC_MNC"], 1),
        (["P1sec/MCC_MNC", "pbakondy/mcc-mnc-list"], 1),
        (["frequencycheck.com", "aiotrf.com (US)"], 1),
        (["kimovil.com or powertec"], 1),
        (["kimovil.com or powertec", "powertec"], 1),
        (["kimovil.com or powertec", "kimovil.com"], 1),
        (["kimovil.com or powertec", "Wikipedia"], 2),
        (["two of kimovil.com, powertec, ow-no"], 2),
        (["two of kimovil.com, powertec, ow-no", "ow-no"], 2),
        (["two of commsupdate.com, TeleGeography"], 1),
        (["commsupdate.com", "gtigroup.org (after TeleGeography)", "Wikipedia"], 2),
    ],
)
def test_publishers_of_one_origin_count_once(names: list[str], count: int) -> None:
    assert independent(names) == count
    assert independent(reversed(names)) == count


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("https://www.commsupdate.com/articles/2014/10/14/800mhz", "commsupdate.com"),
        ("kimovil.com frequency-checker/AR", "kimovil.com"),
        ("prepaid-data-sim-card.fandom.com/wiki/Tanzania (2018)", "prepaid-data-sim-card wiki"),
        ("prepaid-data-sim-card wiki Brazil", "prepaid-data-sim-card wiki"),
        ("wiki-lte-eu", "Wikipedia"),
        ("Wikipedia List of LTE networks, snapshot 2013-09-15", "Wikipedia"),
        ("ow-no", "ow-no"),
        ("nobody.example/page, 2019", "nobody.example"),
    ],
)
def test_words_of_a_table_mean_one_publisher(words: str, name: str) -> None:
    assert identify(words).name == name


def test_the_table_copies_only_what_it_knows_and_in_no_circle() -> None:
    known = table()
    for one in known.values():
        assert set(one.copies) <= set(known), one.name
        assert origins(one.name), one.name


def test_no_carrier_decides_on_one_publisher_told_under_two_names() -> None:
    for id_ in STORE.ids():
        for edition in STORE.carrier(id_).editions:
            for rule in edition.requirements:
                if rule.level != "informative" and rule.authority == "two_sources":
                    assert independent(rule.publishers) > 1, f"{id_} {rule.id}: {rule.publishers}"
            if edition.coverage is not None:
                assert independent(edition.coverage_publishers) > 1, id_


def test_a_source_of_one_band_speaks_of_no_other() -> None:
    gsma = table()["GSMA"]
    assert gsma.speaks_of("lte", 28)
    assert not gsma.speaks_of("lte", 3)
    assert not gsma.speaks_of("nr", 28)


def test_lint_names_a_list_and_its_copy(tmp_path: Path) -> None:
    path = tmp_path / "carriers" / "xx" / "one.yaml"
    path.parent.mkdir(parents=True)
    text = Profiles().paths["be/proximus"].read_text(encoding="utf-8").partition("\n")[2]
    text = text.replace("be/proximus", "xx/one").replace("country: BE", "country: XX").replace("BE-PROXIMUS", "XX-ONE")
    (rule,) = [r for r in STORE.carrier("be/proximus").editions[-1].requirements if r.id == "BE-PROXIMUS-LTE-B3"]
    assert isinstance(rule, BandRule)
    written = f"publishers: [{', '.join(rule.publishers)}]"
    assert written in text
    path.write_text(text.replace(written, "publishers: [Wikipedia, P1sec/MCC_MNC]"), encoding="utf-8")
    told = [one.message for one in Profiles().lint_files([path]) if "copies the other" in one.message]
    assert told
    assert "Wikipedia and P1sec/MCC_MNC are one publisher" in told[0]
