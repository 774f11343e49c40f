"""The carriers of the world: what the lists say, what they leave open, and what no phone may pass on."""

from __future__ import annotations

import csv
import os
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.carriers.band_faults import is_low_band
from harness.carriers.edition import NEVER_ASSESSED
from harness.carriers.importing.sims import missing_plmns
from harness.carriers.store import Profiles
from harness.errors import UsageError
from harness.requirements.band import BandRule

if TYPE_CHECKING:
    from harness.carriers.edition import Edition

REFERENCE = Path(
    os.environ.get("BANDPROOF_REFERENCE", Path(__file__).resolve().parents[2].parent / "shared" / "reference")
)
STORE = Profiles()
BY_HAND = {"us/att", "us/firstnet", "us/sprint", "us/t-mobile", "us/verizon"}
TODAY = date(2026, 11, 21)
IDS = STORE.ids()
CURRENT = tuple(id_ for id_ in IDS if STORE.carrier(id_).nature == "carrier" and STORE.carrier(id_).status == "current")


def now(id_: str) -> Edition:
    edition = STORE.edition(STORE.carrier(id_), TODAY)
    assert edition is not None
    return edition


def test_all_carriers_of_the_lists_have_a_profile() -> None:
    assert len(CURRENT) == 227 - 1 + 407  # of the first list one has ended since: ro/telekom
    assert len({id_.partition("/")[0] for id_ in CURRENT}) == 59 + 170


@pytest.mark.parametrize(
    ("carrier", "mandatory"),
    [
        ("ca/telus", {2, 12}),
        ("mx/att-mexico", {2}),
        ("it/iliad", {28}),
        ("es/yoigo", {20}),
        ("pl/orange", {20}),
        ("pl/t-mobile", {20}),
        ("sg/starhub", {8}),
        ("my/celcomdigi", {8}),
        ("my/maxis", {28}),
        ("il/cellcom", {28}),
        ("il/hot-mobile", {28}),
        ("il/partner", {28}),
        ("il/pelephone", {28}),
    ],
)
def test_a_phone_without_the_coverage_band_of_the_second_list_cannot_pass(carrier: str, mandatory: set[int]) -> None:
    assert mandatory <= set(now(carrier).bands("lte", "mandatory"))


def test_without_a_confirmed_band_below_1_ghz_a_coverage_rule_stays_open() -> None:
    for id_ in IDS:
        edition = now(id_)
        if STORE.carrier(id_).nature != "carrier":
            continue
        low = [
            rule
            for rule in edition.requirements
            if isinstance(rule, BandRule) and rule.level != "informative" and is_low_band(rule.rat, rule.band)
        ]
        kinds = {rule.kind for rule in edition.requirements}
        answered = edition.coverage == "none_on_air"
        assert [bool(low), "coverage" in kinds, answered].count(True) == 1, id_


def test_carriers_of_the_first_lists_that_two_publishers_leave_without_a_low_band() -> None:
    new = {row["country"].lower() for row in _rows("carriers-new-countries.csv")}
    found = {
        id_
        for id_ in IDS
        if any(rule.kind == "coverage" for rule in now(id_).requirements)
        and now(id_).bands("lte", "mandatory")
        and id_.partition("/")[0] not in new
    }
    assert found == {
        "kw/stc",
        "kw/zain",
        "ng/9mobile",
        "ng/airtel",
        "pk/jazz",
        "sa/mobily",
        "sg/m1",
        "vn/mobifone",
        "vn/viettel-mobile",
        "vn/vinaphone",
        "za/cell-c",
        "za/rain",
        "za/telkom",
    }


def _rows(name: str) -> list[dict[str, str]]:
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip("the lists are not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_publisher_decides_nothing() -> None:
    for id_ in IDS:
        for edition in STORE.carrier(id_).editions:
            for rule in edition.requirements:
                if isinstance(rule, BandRule) and rule.authority == "one_source" and id_ not in BY_HAND:
                    assert rule.level == "informative", f"{id_} {rule.id}"


def test_every_band_rule_says_on_whose_word_and_when() -> None:
    for id_ in IDS:
        for edition in STORE.carrier(id_).editions:
            for rule in edition.requirements:
                if isinstance(rule, BandRule):
                    assert rule.publishers, rule.id
                    assert rule.authority, rule.id
                    assert rule.as_of, rule.id


def test_nr_decides_only_where_a_carrier_has_nothing_else() -> None:
    deciding = {
        (id_, edition.as_of)
        for id_ in IDS
        for edition in STORE.carrier(id_).editions
        if edition.bands("nr", "mandatory", "recommended")
    }
    assert deciding == {("us/boost", "2024-06"), ("cn/china-broadnet", "2024-11")}


@pytest.mark.parametrize(
    ("guest", "host"),
    [
        ("us/firstnet", "us/att"),
        ("us/uscellular", "us/t-mobile"),
        ("us/boost", "us/att"),
        ("mx/movistar", "mx/att-mexico"),
        ("es/yoigo", "es/orange"),
        ("my/digi", "my/celcomdigi"),
        ("th/dtac", "th/truemove-h"),
        ("tw/asia-pacific-telecom", "tw/fareastone"),
        ("tw/t-star", "tw/taiwan-mobile"),
        ("id/three", "id/indosat"),
        ("id/smartfren", "id/xl"),
        ("il/golan-telecom", "il/cellcom"),
        ("cn/china-broadnet", "cn/china-mobile"),
    ],
)
def test_a_hosted_carrier_asks_what_its_host_asks(guest: str, host: str) -> None:
    assert STORE.carrier(guest).host == host
    assert set(now(host).bands("lte", "mandatory")) <= set(now(guest).bands("lte", "mandatory", "recommended"))


@pytest.mark.parametrize(
    "carrier",
    [
        "au/optus ch/sunrise ch/swisscom il/cellcom il/golan-telecom il/hot-mobile il/partner il/pelephone jp/docomo",
        "nz/2degrees nz/one-nz nz/spark se/three se/tele2 se/net4mobility sg/m1 sg/singtel sg/starhub",
        "us/att us/verizon us/t-mobile",
    ],
)
def test_calls_need_volte_where_the_last_older_network_is_off(carrier: str) -> None:
    for id_ in carrier.split():
        assert STORE.carrier(id_).volte(now(id_), TODAY) == "required", id_


def test_a_network_counts_until_its_last_day_and_a_passed_plan_is_unknown() -> None:
    optus = STORE.carrier("au/optus")
    assert optus.volte(now("au/optus"), date(2024, 10, 28)) == "not_required"
    assert optus.volte(now("au/optus"), date(2024, 10, 29)) == "required"
    odido = STORE.carrier("nl/odido")
    assert odido.volte(now("nl/odido"), date(2026, 7, 31)) == "not_required"
    assert odido.volte(now("nl/odido"), TODAY) == "unknown"
    att = STORE.carrier("us/att")
    assert att.volte(now("us/att"), date(2022, 2, 28)) == "not_required"
    assert att.volte(now("us/att"), date(2022, 3, 1)) == "required"


def test_salt_keeps_3g_until_the_end_of_2026() -> None:
    assert STORE.carrier("ch/salt").volte(now("ch/salt"), TODAY) == "not_required"


def test_every_edition_names_what_no_reading_can_show() -> None:
    for id_ in IDS:
        for edition in STORE.carrier(id_).editions:
            assert edition.not_assessed[: len(NEVER_ASSESSED)] == NEVER_ASSESSED


def test_lists_without_a_second_grow_stale_and_checked_ones_do_not() -> None:
    (ethiopia,) = STORE.select(["et/ethio-telecom"], TODAY)
    (germany,) = STORE.select(["Deutsche Telekom@2024-06"])
    assert ethiopia.stale()
    assert germany.ref == "de/telekom@2024-06"
    assert not germany.stale(TODAY)


def test_mexico_has_its_regulator_as_a_profile() -> None:
    refs = [selected.ref for selected in STORE.select(["mx"], TODAY)]
    assert "mx/regulator-band-28@2018" in refs
    kinds = [rule.kind for rule in now("mx/regulator-band-28").requirements]
    assert kinds == ["band", "band_enabled"]


def test_a_sim_is_found_by_carrier_id_gid1_or_plmn() -> None:
    assert STORE.by_sim("26201", None, None, TODAY) == ["de/telekom"]
    assert STORE.by_sim(None, None, 2395, TODAY) == ["de/telekom"]
    assert STORE.by_sim("26201", "FF", 99999, TODAY) == ["de/telekom"]
    assert STORE.by_sim("310410", None, None, TODAY) == ["us/att"]
    assert STORE.by_sim("310410", "3432", None, TODAY) == ["us/boost"]
    assert STORE.by_sim(None, None, None, TODAY) == []


def test_the_part_of_band_28_is_known_where_a_licence_tells_it() -> None:
    (rule,) = [r for r in now("br/claro").requirements if r.id == "BR-CLARO-LTE-B28"]
    assert isinstance(rule, BandRule)
    assert rule.ul_mhz == (738, 748)
    assert rule.served_by_part((703, 733)) is False
    assert rule.served_by_part((718, 748)) is True


@pytest.mark.parametrize(
    ("carrier", "lower_part"), [("br/tim", True), ("th/ais", None), ("th/truemove-h", True), ("tw/taiwan-mobile", None)]
)
def test_a_filter_for_the_lower_part_of_band_28_serves_some_carriers(carrier: str, lower_part: bool | None) -> None:
    (rule,) = [r for r in now(carrier).requirements if isinstance(r, BandRule) and (r.rat, r.band) == ("lte", 28)]
    assert rule.served_by_part((703, 733)) is lower_part


def test_all_carriers_load_in_a_moment_and_a_country_reads_its_own_files() -> None:
    took = []
    for _ in range(5):
        store = Profiles()
        began = time.process_time()
        store.living(store.ids(), TODAY)
        took.append(time.process_time() - began)
    assert min(took) < 0.35
    store = Profiles()
    store.select(["fr"], TODAY)
    assert {id_.partition("/")[0] for id_ in store._read} == {"fr"}


def test_one_carrier_is_read_without_a_look_at_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Profiles()
    monkeypatch.setattr("harness.carriers.store.yaml_files", lambda *_: pytest.fail("all directories were listed"))
    assert [one.ref for one in store.select(["us/att"], TODAY)] == ["us/att@2024"]
    assert list(store._read) == ["us/att"]


@pytest.mark.parametrize(
    ("carrier", "day", "bands", "not_yet"),
    [
        ("cn/china-mobile", "2013-12-04", {39, 40, 41}, {38}),
        ("cn/china-mobile", "2016-08", {38, 39, 40, 41}, set()),
        ("cn/china-telecom", "2014", {40, 41}, {1, 3}),
        ("cn/china-unicom", "2014", {40, 41}, {1}),
        ("de/telekom", "2012", {3, 20}, {7, 8, 28}),
        ("us/att", "2015-09-01", {4, 12, 17, 30}, set()),
        ("us/att", "2015-08-31", {4, 12, 17}, {30}),
        ("us/t-mobile", "2017-09", {4, 71}, {66}),
    ],
)
def test_history_has_each_band_from_its_first_listing_on(
    carrier: str, day: str, bands: set[int], not_yet: set[int]
) -> None:
    (selected,) = STORE.select([f"{carrier}@{day}"])
    found = set(selected.edition.bands("lte"))
    assert bands <= found
    assert not not_yet & found


@pytest.mark.parametrize(
    ("carrier", "band", "before", "since"),
    [
        ("us/att", 77, "2022-01-18", "2022-01-19"),
        ("us/verizon", 261, "2019-04-02", "2019-04-03"),
        ("us/verizon", 77, "2022-01-18", "2022-01-19"),
        ("us/t-mobile", 71, "2019-11-30", "2019-12-01"),
    ],
)
def test_nr_of_the_united_states_has_its_first_day(carrier: str, band: int, before: str, since: str) -> None:
    (early,), (late,) = STORE.select([f"{carrier}@{before}"]), STORE.select([f"{carrier}@{since}"])
    assert band not in early.edition.bands("nr")
    assert band in late.edition.bands("nr")


def test_what_is_listed_since_a_day_names_who_says_so() -> None:
    dated = [
        rule
        for id_ in IDS
        for edition in STORE.carrier(id_).editions
        for rule in edition.requirements
        if isinstance(rule, BandRule) and rule.listed_since
    ]
    assert len(dated) > 1500
    assert all(rule.listed_source for rule in dated)


def test_a_day_before_the_first_edition_is_refused_with_the_first_day() -> None:
    with pytest.raises(UsageError) as refused:
        STORE.select(["cn/china-mobile@2013-12-03"])
    assert "cn/china-mobile@2013-12-04" in refused.value.way_out


@pytest.mark.parametrize(
    ("carrier", "without", "needed"),
    [
        ("us/att", "2022-02-28", "2022-03-01"),
        ("us/verizon", "2022-12-31", "2023-01-01"),
        ("us/t-mobile", "2020-08-03", "2020-08-04"),
        ("au/telstra", "2024-10-28", "2024-10-29"),
        ("jp/docomo", "2026-03-31", "2026-04-01"),
    ],
)
def test_volte_is_asked_from_the_day_after_the_last_circuit_switched_network(
    carrier: str, without: str, needed: str
) -> None:
    kinds = [
        {rule.kind for rule in STORE.select([f"{carrier}@{day}"])[0].edition.requirements} for day in (without, needed)
    ]
    assert ["volte" in found for found in kinds] == [False, True]


@pytest.mark.parametrize("guest", ["us/firstnet", "us/boost", "us/uscellular"])
def test_guests_need_volte_as_their_host_does(guest: str) -> None:
    assert "volte" in {rule.kind for rule in now(guest).requirements}


def test_what_nothing_can_read_is_told_by_name() -> None:
    for id_ in ("au/telstra", "au/optus", "au/vodafone"):
        assert any("emergency calls over VoLTE" in told for told in now(id_).not_assessed), id_
    for id_ in ("us/att", "us/firstnet", "us/boost"):
        assert any("AT&T's list of phones" in told for told in now(id_).not_assessed), id_


@pytest.mark.parametrize(
    ("carrier", "day", "successor"),
    [
        ("ro/telekom", "2025-10-01", "ro/vodafone"),
        ("mo/smartone", "2024-10-31", "mo/ctm"),
        ("pa/claro", "2022-07", "pa/movil"),
    ],
)
def test_an_ended_network_names_its_successor(carrier: str, day: str, successor: str) -> None:
    found = STORE.carrier(carrier)
    assert (found.status, found.ended, found.successor) == ("historical", day, successor)
    assert carrier not in {one.carrier.id for one in STORE.select([carrier.partition("/")[0]], TODAY)}


def test_wrong_bands_decide_nothing_and_say_who_contradicts() -> None:
    (vi,) = [r for r in now("in/vi").requirements if isinstance(r, BandRule) and (r.rat, r.band) == ("lte", 40)]
    assert (vi.level, vi.contradicted_by) == ("informative", ("IRLtools/IRLbox",))
    assert 7 not in now("bd/robi").bands("lte")
    assert 41 in now("bd/robi").bands("lte")


def test_every_plmn_that_a_list_of_android_gives_to_a_carrier_is_known_as_its_own() -> None:
    for id_, plmns in missing_plmns().items():
        for plmn in plmns:
            assert id_ in STORE.by_sim(plmn, on=TODAY), (id_, plmn)


def test_cells_of_a_shared_radio_network_are_the_carriers_own() -> None:
    for id_, plmn in [("ca/telus", "302880"), ("dk/telia", "23866"), ("fi/dna", "24436"), ("pl/orange", "26034")]:
        carrier = STORE.carrier(id_)
        assert carrier.broadcasts(plmn), id_
        assert plmn not in carrier.plmns
        assert id_ not in STORE.by_plmn(plmn, TODAY)
