"""GID1: a reseller's SIM is not its host's, and a guest's SIM on a host's PLMN is the guest's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harness.carriers.gid1 import TABLE, brand_of, sim_belongs
from harness.carriers.importing.tables import read_rows
from harness.carriers.store import Profiles

STORE = Profiles()
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("plmn", "gid1", "carriers"),
    [
        ("310410", None, ["us/att"]),
        ("310410", "", ["us/att"]),
        ("310410", "FFFF", ["us/att"]),
        ("310410", "53FF", ["us/att"]),
        ("310410", "53ff", ["us/att"]),
        ("310410", "DDFF", []),  # TracFone
        ("310410", "3432", ["us/boost"]),
        ("311180", "3446FF", ["us/boost"]),
        ("310410", "3430", []),  # Gen Mobile
        ("26201", "01FF", ["de/telekom"]),
        ("26201", "4400", []),  # congstar or fraenk: their names tell, and none is read here
        ("26207", "118004", ["de/1and1"]),
        ("23430", "EEFF", ["gb/ee"]),
        ("23430", "B2", []),  # BT
        ("44051", "10", ["jp/au"]),
        ("44051", "20", []),  # UQ mobile
        ("311480", "BA01450000000000", []),  # Xfinity
        ("311480", "BAE1000000000000", []),
        ("311480", None, ["us/verizon"]),
    ],
)
def test_a_sim_is_that_of_the_brand_its_gid1_tells(plmn: str, gid1: str | None, carriers: list[str]) -> None:
    assert STORE.by_sim(plmn, gid1, None, TODAY) == carriers


def test_no_sim_of_a_reseller_is_its_hosts() -> None:
    by_plmn = {plmn: id_ for id_ in STORE.ids() for plmn in STORE.carrier(id_).plmns}
    resellers = [row for row in read_rows(TABLE, "gid1") if not row["carrier"]]
    assert len(resellers) > 300
    for row in resellers:
        host = by_plmn.get(row["plmn"])
        assert host not in STORE.by_sim(row["plmn"], row["gid1"], None, TODAY), row
        if host is not None:
            assert not sim_belongs(STORE.carrier(host), row["plmn"], row["gid1"]), row


def test_the_longest_prefix_wins() -> None:
    brand = brand_of("23410", "508FFF")
    assert brand is not None
    assert brand.brand == "giffgaff"
    assert brand_of("23410", None) is None
    assert brand_of(None, "50") is None
    assert brand_of("99999", "50") is None


def test_owners_in_the_table_have_profiles() -> None:
    owners = {row["carrier"] for row in read_rows(TABLE, "gid1")} - {""}
    assert owners <= set(STORE.ids())
    assert {"us/att", "us/boost", "de/telekom", "gb/ee", "jp/au"} <= owners


def test_the_number_that_android_gives_a_reseller_is_not_its_hosts() -> None:
    assert STORE.by_sim("310410", None, 2022, TODAY) == []  # TracFone
    assert STORE.by_sim("310410", None, 1187, TODAY) == ["us/att"]
    assert STORE.by_sim("310410", None, 10021, TODAY) == ["us/att"]
    assert STORE.by_sim("310410", None, 2525, TODAY) == ["us/boost"]
    assert STORE.by_sim("310410", None, 99999, TODAY) == ["us/att"]


def test_a_sim_belongs_to_one_carrier_of_its_plmn() -> None:
    att, boost = STORE.carrier("us/att"), STORE.carrier("us/boost")
    assert sim_belongs(att, "310410", None)
    assert not sim_belongs(att, "310410", "3432")
    assert sim_belongs(boost, "310410", "3432")
    assert not sim_belongs(boost, "310410", None)
    assert not sim_belongs(att, "310410", None, 2022)
    assert sim_belongs(att, "310410", None, 10028)


def test_a_profile_of_ones_own_for_a_reseller_wins_over_the_table(tmp_path: Path) -> None:
    path = tmp_path / "carriers" / "us" / "tracfone.yaml"
    path.parent.mkdir(parents=True)
    text = STORE.paths["be/proximus"].read_text(encoding="utf-8").partition("\n")[2]
    text = (
        text.replace("be/proximus", "us/tracfone").replace("country: BE", "country: US").replace("BE-PROX", "US-TRAC")
    )
    text = text.replace('plmns: ["20601"]', 'plmns: ["310410"]\ngid1: ["DD"]').replace("android_carrier_id: 1365\n", "")
    path.write_text(text, encoding="utf-8")
    store = Profiles(extra=[tmp_path])
    assert store.by_sim("310410", "DDFF", None, TODAY) == ["us/tracfone"]
    assert store.by_sim("310410", "DDFF", 2022, TODAY) == ["us/tracfone"]
    assert sim_belongs(store.carrier("us/tracfone"), "310410", "DDFF")
    assert not sim_belongs(store.carrier("us/tracfone"), "310410", "44FF")
    assert not sim_belongs(store.carrier("us/att"), "310410", "DDFF")
