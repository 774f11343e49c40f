"""Names of configurations: every name of the specifications' tables, and what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.carriers.configuration_names import parse_name
from harness.carriers.configurations import faults, parse_configuration
from harness.errors import ParseError
from harness.radio.ics import CONFIGURATIONS, items

NAMES = [item for item in items() if item.kind in CONFIGURATIONS]


def test_all_names_of_the_proformas_are_read_as_what_their_table_says():
    assert len(NAMES) == 2007
    assert {item.name: parse_name(item.name).type for item in NAMES} == {item.name: item.kind for item in NAMES}


def test_reading_gives_the_parts_that_the_profiles_reader_gives():
    for item in NAMES:
        known = parse_configuration(item.name)
        if known is not None:
            found = parse_name(item.name)
            assert (found.type, found.parts) == known


@pytest.mark.parametrize(
    ("name", "bands"),
    [
        ("DC_(n)41AA", (41,)),
        ("DC_(n)71AA", (71,)),
        ("DC_2A-(n)71AA", (71,)),
        ("DC_66A-(n)71AA", (71,)),
        ("DC_2A-66A-(n)71AA", (71,)),
        ("DC_2A-66A_n71A", ()),
    ],
)
def test_carriers_side_by_side_are_marked(name, bands):
    found = parse_name(name)
    assert (found.type, found.contiguous) == ("en_dc", bands)
    assert {part.rat for part in found.parts} == {"lte", "nr"}


@pytest.mark.parametrize("name", ["CA_n78C-n80A", "SUL_n78A-n80A", "CA_n1A_n78A-n84A"])
def test_supplementary_uplink_is_not_nr_ca(name):
    assert parse_name(name).type == "sul"
    assert parse_configuration(name) is None
    assert list(faults(name, "")), "no requirement may ask for it as NR CA"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "names no configuration"),
        ("CA_", "names no configuration"),
        ("1A-3A", "begins with CA_"),
        ("CA_1A-n3A", "dual connectivity is written DC_"),
        ("CA_(n)71AA", "dual connectivity is written DC_"),
        ("DC_1A-3A", "carrier aggregation is written CA_"),
        ("DC_n78A", "one carrier only"),
        ("DC_1A_n78A-3A", "mixes LTE and NR"),
        ("CA_1A_3A", "underscore"),
        ("CA_1A-99A", "no such band"),
        ("CA_1Z-3A", "no bandwidth class"),
        ("SUL_n78A-n79A", "uplink-only band"),
        ("SUL_n80A", "uplink-only band"),
        ("CA_n80A-n81A", "uplink-only band"),
        ("CA_1A-3A_0", "is no band with its class"),
        ("CA_1A-" + "3A-" * 100 + "7A", "too long"),
        ("DC_(n)AA", "is no band with its class"),
    ],
)
def test_what_is_no_name_is_refused_by_name(name, why):
    with pytest.raises(ParseError, match=why.replace("(", r"\(")):
        parse_name(name)


@given(st.text(alphabet="CADSUL_n0123456789-()AB ", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse_name(text)
    except ParseError:
        return
    assert found.parts
