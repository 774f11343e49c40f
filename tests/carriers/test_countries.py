"""Countries by code and by name, territories by whoever serves them."""

from __future__ import annotations

from datetime import date

import pytest

from harness.carriers import countries
from harness.carriers.store import Profiles
from harness.errors import UnknownName

STORE = Profiles()
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),
        ("de", "DE"),
        ("DE", "DE"),
        (" germany ", "DE"),
        ("USA", "US"),
        ("the Netherlands", "NL"),
        ("Côte d'Ivoire", "CI"),
        ("cote divoire", "CI"),
        ("Reunion", "RE"),
        ("Réunion", "RE"),
        ("Bosnia & Herzegovina", "BA"),
        ("Timor-Leste", "TL"),
        ("UK", "GB"),
        ("Kosovo", "XK"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_has_a_code_by_any_of_its_names(text: str, code: str | None) -> None:
    assert countries.code_of(text) == code


def test_no_name_means_two_countries() -> None:
    for one in countries.table().values():
        for name in (one.name, *one.other_names):
            assert countries.code_of(name) == one.code, name


def test_every_carrier_is_in_a_country_that_has_a_name_and_people() -> None:
    for id_ in STORE.ids():
        group = id_.partition("/")[0]
        if group != "intl":
            assert countries.name_of(group) != group, id_
            assert countries.population_of(group) > 0, id_


@pytest.mark.parametrize("name", ["Germany", "de", "DE", "germany"])
def test_a_country_is_selected_by_name_and_by_code(name: str) -> None:
    found = [one.carrier.id for one in STORE.select([name], TODAY)]
    assert found == ["de/1and1", "de/o2", "de/telekom", "de/vodafone"]


def test_a_territory_is_served_by_the_carriers_of_another() -> None:
    assert [one.carrier.id for one in STORE.select(["Martinique"], TODAY)] == ["gp/orange", "gp/sfr", "gp/digicel"]
    mayotte = [one.carrier.id for one in STORE.select(["Mayotte"], TODAY)]
    assert {"yt/only", "re/orange", "re/sfr"} <= set(mayotte)


def test_territories_name_carriers_that_are_there() -> None:
    for territory in countries.territories().values():
        assert set(territory.carriers) <= set(STORE.ids()), territory.code
        assert territory.why


def test_a_country_that_is_none_is_told_with_what_may_be_meant() -> None:
    with pytest.raises(UnknownName) as refused:
        STORE.select(["Germny"], TODAY)
    assert "Germany" in str(refused.value)
    assert STORE.near_countries("Germny")[0] == "Germany"
