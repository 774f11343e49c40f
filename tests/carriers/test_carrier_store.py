"""Choosing carriers and editions by name, country, PLMN and date."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.carriers import dates, files
from harness.carriers.store import Profiles
from harness.errors import FileError, UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STORE = Profiles()
TODAY = date(2026, 11, 21)


def refs(names: Sequence[str], as_of: date | None = TODAY) -> list[str]:
    return [selected.ref for selected in STORE.select(names, as_of)]


def profile(id_: str, editions: str, more: str = "") -> str:
    country = id_.partition("/")[0].upper()
    return f"format: bandproof.profile/1\nid: {id_}\nname: Test\ncountry: {country}\n{more}editions:\n{editions}"


def plain_edition(as_of: str) -> str:
    rule = f"{{kind: band, id: T-LTE-B{3}, rat: lte, band: 3, role: capacity, level: recommended}}"
    return f'  - {{as_of: "{as_of}", sources: [s], confidence: C, requirements: [{rule}]}}\n'


def put(root: Path, id_: str, text: str) -> Path:
    path = root / "carriers" / f"{id_}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["us/att", "att", "AT&T", "at&t mobility", "US/ATT", " att "])
def test_a_carrier_has_an_id_a_short_name_and_brands(name: str) -> None:
    assert refs([name]) == ["us/att@2024"]


def test_a_country_means_its_living_carriers() -> None:
    found = refs(["us"])
    assert {"us/att@2024", "us/firstnet@2023", "us/t-mobile@2024", "us/verizon@2024"} < set(found)
    assert not any("sprint" in ref for ref in found)
    assert all(ref.startswith("us/") for ref in found)
    assert found == sorted(found)


def test_a_country_at_an_old_date_has_the_carriers_of_that_time() -> None:
    assert refs(["US@2017-12"]) == [
        "us/appalachian-wireless@2013-06",
        "us/att@2017-03",
        "us/c-spire@2012-09",
        "us/gci@2012-11",
        "us/sprint@2013-09",
        "us/t-mobile@2017-10",
        "us/uscellular@2013-09",
        "us/verizon@2017-05",
        "us/viaero@2016-11-02",
    ]


def test_names_keep_their_order_and_count_once() -> None:
    assert refs(["verizon", "us/att", "att"]) == ["us/verizon@2024", "us/att@2024"]


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("att@2013-09", "us/att@2013-09"),
        ("att@2015-08-13", "us/att@2015-08"),
        ("att@2015-07", "us/att@2013-09"),
        ("att@2017", "us/att@2017-03"),
        ("att@2017-02", "us/att@2015-08"),
        ("att@2023-12-31", "us/att@2017-03"),
        ("verizon@2017", "us/verizon@2017-05"),
        ("att@2030", "us/att@2024"),
    ],
)
def test_the_latest_edition_begun_by_the_end_of_the_named_period_counts(name: str, ref: str) -> None:
    assert refs([name]) == [ref]


def test_as_of_chooses_for_names_without_a_date_only() -> None:
    assert refs(["att", "att@2024"], date(2016, 1, 1)) == ["us/att@2015-08", "us/att@2024"]


def test_a_date_before_the_first_edition_names_the_first() -> None:
    with pytest.raises(UsageError, match="us/att@2013-09"):
        STORE.select(["us/att"], date(2013, 8, 31))
    with pytest.raises(UsageError):
        STORE.select(["us"], date(2001, 1, 1))


@pytest.mark.parametrize(
    ("name", "nearest"), [("us/vorizon", "us/verizon"), ("vorizon", "us/verizon"), ("sprnt", "us/sprint")]
)
def test_an_unknown_name_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UnknownName) as caught:
        STORE.select([name])
    assert nearest in caught.value.nearest


@pytest.mark.parametrize("name", ["", "zz", "us/", "/", "att@yesterday", "att@2017-13", "att@2017-02-30"])
def test_a_bad_name_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError):
        STORE.select([name])


def test_a_name_of_two_carriers_is_refused(tmp_path: Path) -> None:
    for id_ in ("aa/one", "bb/one"):
        put(tmp_path, id_, profile(id_, plain_edition("2020")))
    with pytest.raises(UsageError, match="aa/one, bb/one"):
        Profiles([tmp_path]).select(["one"])


def test_an_own_directory_comes_before_the_shipped_one(tmp_path: Path) -> None:
    put(tmp_path, "us/att", profile("us/att", plain_edition("2025")))
    (selected,) = Profiles(extra=[tmp_path]).select(["att"], TODAY)
    assert selected.ref == "us/att@2025"


def test_a_profile_can_be_named_by_its_path(tmp_path: Path) -> None:
    path = put(tmp_path, "xx/lab", profile("xx/lab", plain_edition("2025")))
    assert [selected.ref for selected in STORE.select([f"{path}@2026"])] == ["xx/lab@2025"]


def test_a_file_whose_id_is_not_its_place_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "xx/lab", profile("xx/other", plain_edition("2025")))
    with pytest.raises(FileError, match="xx/lab"):
        Profiles([tmp_path]).carrier("xx/lab")


def test_plmn_finds_the_carriers_that_live() -> None:
    assert STORE.by_plmn("310410", TODAY) == ["us/att"]
    assert STORE.by_plmn("313100", TODAY) == ["us/firstnet"]
    assert STORE.by_plmn("312250", TODAY) == ["us/t-mobile"]
    assert STORE.by_plmn("312250", date(2020, 1, 1)) == ["us/sprint", "us/t-mobile"]
    assert STORE.by_plmn("31041", TODAY) == []
    assert STORE.by_plmn("00101", TODAY) == []
    assert STORE.by_android_carrier_id(1187) == ["us/att"]


def test_one_carrier_reads_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    real = files.read
    monkeypatch.setattr(files, "read", lambda path: read.append(path) or real(path))
    Profiles().select(["us/att"])
    assert [path.stem for path in read] == ["att"]


def test_an_edition_is_stale_after_twelve_months() -> None:
    (then,) = STORE.select(["att@2017-03"])
    assert not then.stale()
    assert then.stale(TODAY)
    (now,) = STORE.select(["att"], date(2025, 12, 31))
    assert not now.stale()
    assert now.stale(date(2026, 1, 1))


def test_sprint_has_ended() -> None:
    (last,) = STORE.select(["sprint"], TODAY)
    assert last.ended()
    assert last.ended(date(2022, 6, 30))
    assert not last.ended(date(2022, 6, 29))


def test_inheriting_from_what_is_not_there_is_a_fault_at_its_line(tmp_path: Path) -> None:
    host = put(tmp_path, "xx/host", profile("xx/host", plain_edition("2020")))
    guest = (
        "  - as_of: '2021'\n    sources: [s]\n    confidence: C\n"
        "    inherits: {carrier: xx/host, edition: '2019'}\n    requirements: []\n"
    )
    path = put(tmp_path, "xx/guest", profile("xx/guest", guest, "host: xx/hust\n"))
    store = Profiles([tmp_path])
    with pytest.raises(FileError, match="xx/host@2019"):
        store.select(["guest"], TODAY)
    found = {(finding.path, finding.line) for finding in store.lint() if finding.severity == "error"}
    assert found == {(str(path), 5), (str(path), 10)}
    assert str(host) not in {one for one, _ in found}


def test_all_profiles_load_fast() -> None:
    Profiles().select(["us"])  # the YAML parser is loaded
    took = []
    for _ in range(5):
        began = time.process_time()
        for id_ in (store := Profiles()).ids():
            store.carrier(id_)
        took.append(time.process_time() - began)
    assert min(took) < 0.8


_DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@st.composite
def _dated(draw: st.DrawFn) -> str:
    day = draw(_DAYS).isoformat()
    return day[: draw(st.sampled_from([4, 7, 10]))]


@given(_dated())
def test_a_period_is_ordered_and_named_by_its_days(text: str) -> None:
    first, last = dates.period(text)
    assert first <= last
    assert first.isoformat().startswith(text)
    assert last.isoformat().startswith(text)
    assert not (last + timedelta(days=1)).isoformat().startswith(text)


@given(
    st.sets(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, max_size=6),
    st.dates(date(1999, 1, 1), date(2031, 1, 1)),
)
def test_the_chosen_edition_has_begun_and_none_later_has(begins: set[date], asked: date) -> None:
    text = profile("xx/any", "".join(plain_edition(day.isoformat()) for day in sorted(begins)))
    carrier = files.carrier_from_text(text, "any.yaml")
    found = STORE.edition(carrier, asked)
    begun = [day for day in begins if day <= asked]
    assert (found.first_day if found else None) == (max(begun) if begun else None)
