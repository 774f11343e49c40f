"""The carriers of the world: what the lists say, what they leave open, and what no phone may pass on."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from harness.carriers.band_faults import is_low_band
from harness.carriers.edition import NEVER_ASSESSED
from harness.carriers.store import Profiles
from harness.requirements.band import BandRule

if TYPE_CHECKING:
    from harness.carriers.edition import Edition

STORE = Profiles()
BY_HAND = {"us/att", "us/firstnet", "us/sprint", "us/t-mobile", "us/verizon"}
TODAY = date(2026, 11, 21)
IDS = STORE.ids()


def now(id_: str) -> Edition:
    edition = STORE.edition(STORE.carrier(id_), TODAY)
    assert edition is not None
    return edition


def test_all_carriers_of_the_lists_have_a_profile() -> None:
    current = [id_ for id_ in IDS if STORE.carrier(id_).nature == "carrier" and STORE.carrier(id_).status == "current"]
    assert len(current) == 227
    assert len({id_.partition("/")[0] for id_ in current}) == 59


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
        assert bool(low) != ("coverage" in kinds), id_


def test_nine_carriers_with_two_lists_still_have_no_confirmed_low_band() -> None:
    found = {
        id_
        for id_ in IDS
        if any(rule.kind == "coverage" for rule in now(id_).requirements) and now(id_).bands("lte", "mandatory")
    }
    assert found == {
        "in/bsnl",
        "sa/mobily",
        "sg/m1",
        "vn/mobifone",
        "vn/viettel-mobile",
        "vn/vinaphone",
        "za/cell-c",
        "za/rain",
        "za/telkom",
    }


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
    (austria,) = STORE.select(["at/a1"], TODAY)
    (germany,) = STORE.select(["Deutsche Telekom@2024-06"])
    assert austria.stale()
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
        for id_ in store.ids():
            store.edition(store.carrier(id_), TODAY)
        took.append(time.process_time() - began)
    assert min(took) < 0.3
    store = Profiles()
    store.select(["fr"], TODAY)
    assert {id_.partition("/")[0] for id_ in store._read} == {"fr"}
