"""A declaration held against a device: three columns, and silence never makes a band absent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_cases import IN_SERVICE, cell, exchange, handset, listed, modem, registered, sim

from harness.carriers.edition import Bands, DeviceSheet, Variant
from harness.carriers.sheets import SheetMatch, Sheets
from harness.observations import Grade, Identity, SupportedBands
from harness.requirements.bands.declared import declared_for, match_for
from harness.survey.survey import Survey
from harness.verdicts.listing import Listing, compare, survey_without_device, without_device
from harness.verdicts.verdict import Outcome


def match(**bands: tuple[int, ...] | None) -> SheetMatch:
    variant = Variant(id="us", sources=("a filing",), confidence="B", model_numbers=("N1",), bands=Bands(**bands))
    sheet = DeviceSheet(format="bandproof.sheet/1", id="maker/model", maker="Maker", model="M", variants=(variant,))
    return SheetMatch("found", ((sheet, variant),), ("model number N1",))


def states(listing: Listing) -> dict[str, str]:
    return {line.label: line.state for line in listing.lines}


def test_a_measured_list_confirms_refutes_and_finds_more() -> None:
    found = compare(modem(*IN_SERVICE, listed(2, 4, 13)), match(lte=(2, 4, 12)))
    assert states(found) == {"B2": "confirmed", "B4": "confirmed", "B12": "refuted", "B13": "not_declared"}
    assert {line.grade for line in found.lines} == {Grade.MEASURED}
    assert [line.label for line in found.declared_not_found] == ["B12"]
    assert [line.label for line in found.found_not_declared] == ["B13"]
    assert found.outcome is Outcome.FAIL
    assert "maker/model#us does not declare it" in found.found_not_declared[0].reason
    assert found.sentence == "B2 and B4 confirmed; B13 found but not declared; B12 declared but not in the device"


def test_an_unrooted_handset_never_makes_a_band_absent() -> None:
    found = compare(handset(*IN_SERVICE, cell(12, 5110)), match(lte=(2, 12)))
    assert states(found) == {"B2": "not_observed", "B12": "confirmed"}
    assert {line.label: line.grade for line in found.lines} == {"B2": None, "B12": Grade.OBSERVED}
    assert found.lines[0].found is None
    assert found.outcome is Outcome.INCONC
    assert not any("absent" in line.reason for line in found.lines)


def test_a_band_in_use_that_nobody_declared_fails_the_declaration() -> None:
    found = compare(handset(*IN_SERVICE, cell(13, 5230)), match(lte=(2, 12)))
    assert states(found)["B13"] == "not_declared"
    assert found.found_not_declared[0].grade is Grade.OBSERVED
    assert found.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "seen",
    [
        cell(3, 1275, band_source="conflict", band_reported=66),
        cell(13, None, band_source="reported"),
        cell(3, 1275, band_source="arfcn"),
        cell(13, 5230, registered=False),
    ],
)
def test_a_cell_that_proves_no_band_adds_no_line(seen: Any) -> None:
    assert states(compare(handset(*IN_SERVICE, seen), match(lte=(12,)))) == {"B12": "not_observed"}


def test_a_cell_without_registration_proves_nothing() -> None:
    assert states(compare(handset(sim(), registered("searching"), cell(13, 5230)), match(lte=(12,)))) == {
        "B12": "not_observed"
    }


def test_what_another_sims_policy_removes_is_left_open() -> None:
    found = compare(modem(*IN_SERVICE, listed(2, layer="policy")), match(lte=(2, 12)))
    assert states(found) == {"B2": "confirmed", "B12": "unclear"}
    assert found.outcome is Outcome.INCONC


def test_layers_that_contradict_each_other_are_left_open() -> None:
    found = compare(modem(*IN_SERVICE, listed(2), listed(2, 13)), match(lte=(2,)))
    assert states(found) == {"B2": "confirmed", "B13": "unclear"}
    assert found.outcome is Outcome.INCONC


def test_an_answer_that_could_not_be_read_refutes_nothing() -> None:
    silent = modem(*IN_SERVICE, exchanges=(exchange('AT+QNWPREFCFG="rf_band"', "%%%\r\nOK"),))
    assert states(compare(silent, match(lte=(2,)))) == {"B2": "not_observed"}


def test_a_technology_without_a_list_refutes_nothing() -> None:
    found = compare(modem(*IN_SERVICE, listed(78, rat="nr")), match(lte=(2,)))
    assert states(found) == {"B2": "not_observed", "n78": "no_declaration"}
    assert found.outcome is Outcome.INCONC


def test_a_technology_declared_as_none_is_refuted_by_what_is_found() -> None:
    assert states(compare(modem(*IN_SERVICE, listed(78, rat="nr")), match(nr=())))["n78"] == "not_declared"


def test_numbers_that_are_no_band_add_no_line() -> None:
    assert states(compare(modem(*IN_SERVICE, listed(2, 999)), match(lte=(2,)))) == {"B2": "confirmed"}


def test_a_listing_before_the_device_leaves_every_band_open() -> None:
    found = without_device(match(lte=(2, 12), nr=(71,)))
    assert set(states(found).values()) == {"not_observed"}
    assert (found.outcome, found.without_device) == (Outcome.INCONC, True)
    assert found.sentence == "declared by maker/model#us, and no device was read: B2, B12 and n71"
    assert all("no device was read" in line.reason for line in found.lines)


def test_no_declaration_is_no_pass() -> None:
    nothing = SheetMatch("none", reason="no sheet has this model number or codename")
    found = without_device(nothing)
    assert (found.lines, found.outcome) == ((), Outcome.INCONC)
    assert found.sentence == "nothing is declared: no sheet has this model number or codename"
    measured = compare(modem(*IN_SERVICE, listed(2)), nothing)
    assert states(measured) == {"B2": "no_declaration"}
    assert measured.outcome is Outcome.INCONC


def test_variants_that_differ_declare_nothing() -> None:
    found = without_device(Sheets().lookup("xiaomi/mi-note-2"))
    assert found.outcome is Outcome.INCONC
    assert "which declare different bands" in found.sentence


def test_the_comparison_is_json() -> None:
    document = compare(modem(*IN_SERVICE, listed(2, 13)), match(lte=(2, 12))).as_json()
    assert json.loads(json.dumps(document)) == document
    line = document["bands"][0]
    assert (line["label"], line["verdict"], line["grade"]) == ("B2", "PASS", "measured")
    assert line["evidence"][0]["request"] == 'AT+QNWPREFCFG="rf_band"'
    assert (document["verdict"], document["confidence"], document["sheets"]) == ("FAIL", "B", ["maker/model#us"])


_BANDS = st.frozensets(st.sampled_from((1, 2, 3, 4, 5, 7, 12, 13, 17, 20, 28, 41, 66, 71)))


@settings(max_examples=60)
@given(declared=_BANDS, measured=st.none() | _BANDS)
def test_every_band_of_either_side_has_one_line_and_only_agreement_passes(
    declared: frozenset[int], measured: frozenset[int] | None
) -> None:
    lists = [] if measured is None else [listed(*sorted(measured))]
    found = compare(modem(*IN_SERVICE, *lists), match(lte=tuple(declared)))
    assert [line.band for line in found.lines] == sorted(declared | (measured or frozenset()))
    passed = {line.band for line in found.lines if line.outcome is Outcome.PASS}
    assert passed == declared & (measured or frozenset())
    if measured is None:
        assert {line.outcome for line in found.lines} <= {Outcome.INCONC}


# --- which declaration a device has ---


def device(sheet: str | None = None, **identity: str) -> Survey:
    return replace(handset(Identity(manufacturer="Xiaomi", **identity)), sheet=sheet)


def test_a_named_sheet_fills_what_the_device_does_not_tell() -> None:
    found = match_for(device("xiaomi/mi-5#global", codename="gemini"), Sheets())
    assert found.refs == ("xiaomi/mi-5#global",)


@pytest.mark.parametrize(
    ("named", "identity"),
    [
        ("xiaomi/mi-mix-2#global", {"codename": "lithium", "model": "MIX"}),
        ("xiaomi/mi-note-2#global-edition", {"model": "2015211"}),
        ("xiaomi/mi-mix-2#global", {"hardware": "MDT5", "codename": "chiron", "rom_region": "china"}),
    ],
)
def test_the_list_of_another_device_is_not_lent(named: str, identity: dict[str, str]) -> None:
    declared, reason = declared_for(device(named, **identity), Sheets())
    assert declared is None
    assert f"the sheet {named} is named, but the device says that it is xiaomi/" in reason


def test_another_variant_with_the_same_list_may_be_named() -> None:
    declared, _ = declared_for(device("xiaomi/mi-mix-2#china", hardware="MDE5", rom_region="global"), Sheets())
    assert declared is not None
    assert declared.sheet == "xiaomi/mi-mix-2#china"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "B1"),
        (2, "B1 and B2"),
        (3, "B1, B2 and B3"),
        (6, "B1, B2, B3, B4, B5 and B6"),
        (7, "B1, B2, B3, B4, B5 and 2 more"),
        (20, "B1, B2, B3, B4, B5 and 15 more"),
    ],
)
def test_many_bands_are_counted(count: int, words: str) -> None:
    from harness.verdicts.listing import BandLine, _counted

    assert _counted(tuple(BandLine("lte", n, True, None, "not_observed", "") for n in range(1, count + 1))) == words


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("confirmed", Outcome.PASS),
        ("refuted", Outcome.FAIL),
        ("not_observed", Outcome.INCONC),
        ("not_declared", Outcome.FAIL),
        ("no_declaration", Outcome.INCONC),
        ("unclear", Outcome.INCONC),
    ],
)
def test_the_verdict_of_each_state(state: Any, outcome: Outcome) -> None:
    from harness.verdicts.listing import BandLine, Listing

    line = BandLine("lte", 12, True, None, state, "")
    assert line.outcome is outcome
    listing = Listing("d", ("m/m#v",), (), False, "B", (line,))
    assert listing.outcome is outcome
    assert listing.of(state) == listing.of(state, rat="lte") == (line,)
    assert listing.of(state, rat="nr") == ()
    assert Listing("d", (), (), False, None, ()).outcome is Outcome.INCONC


def test_only_where_no_device_was_read_a_declared_band_says_so() -> None:

    match = Sheets().lookup("xiaomi/mi-mix-2#global")
    alone = compare(survey_without_device(match), match)
    assert all("no device was read" in line.reason for line in alone.lines)
    read = compare(replace(survey_without_device(match), address="fixture:x"), match)
    assert all(line.reason.endswith("not observed on the device") for line in read.lines)
    beside = replace(
        survey_without_device(match), observations=(SupportedBands(rat="lte", bands=(2, 4), layer="hardware"),)
    )
    told = {line.label: (line.state, line.reason) for line in compare(beside, match).lines}
    assert told["B2"][0] == "confirmed"
    assert "no device was read" not in told["B2"][1]
