"""A filled proforma held against a device: four answers an item, and whose declaration it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ics_values import (
    BUILD,
    MODEL,
    attached,
    capability,
    combination,
    combinations,
    enabled,
    hardware,
    power,
    survey,
)

from harness.ics.declaration import IcsDeclaration, IcsFault, IcsHead, SheetPlace, Statement
from harness.ics.forms.known import forms, read_declaration
from harness.ics.references import find
from harness.observations import Grade, Identity
from harness.radio.ics import items
from harness.requirements.proforma.filling import fill
from harness.requirements.proforma.holding import hold
from harness.requirements.proforma.item_facts import DeviceItems
from harness.requirements.proforma.whose import speaks_of
from harness.survey.reading import read_device

HEAD = IcsHead(model=MODEL, software=BUILD)


def declared(complete=False, head=HEAD, faults=(), **words):
    """`B12="true"`: items of TS 36.523-2 by band, others by mnemonic or key."""
    names = {name: f"pc_eBand{name[1:]}_Supp" if name[0] == "B" and name[1:].isdigit() else name for name in words}
    statements = tuple(
        Statement(find(names[name]), word, SheetPlace(row=row)) for row, (name, word) in enumerate(words.items(), 1)
    )
    return IcsDeclaration("ics.txt", "txt", head, statements, frozenset({"all"} if complete else ()), faults)


def answers(survey_, declaration):
    return {line.item.mnemonic or line.key: line.state for line in hold(survey_, declaration).lines}


FULL = survey(hardware(2, 4, 66))
SHORT = survey(capability(2, 4, 66))


@pytest.mark.parametrize(
    ("word", "complete", "device", "band", "state"),
    [
        ("true", False, FULL, "B2", "agrees"),
        ("true", False, SHORT, "B2", "agrees"),
        ("true", False, FULL, "B12", "contradiction"),
        ("true", False, SHORT, "B12", "open"),
        ("false", True, FULL, "B12", "agrees"),
        ("false", True, SHORT, "B12", "open"),
        ("false", True, FULL, "B2", "contradiction"),
        ("false", True, SHORT, "B2", "contradiction"),
        ("false", False, FULL, "B2", "undeclared"),
        ("false", False, SHORT, "B2", "undeclared"),
        ("false", False, FULL, "B12", "agrees"),
        ("false", False, SHORT, "B12", "open"),
        ("blank", True, FULL, "B2", "undeclared"),
        ("blank", False, FULL, "B2", "undeclared"),
        ("blank", True, FULL, "B12", "open"),
    ],
)
def test_the_table_of_answers(word, complete, device, band, state):
    found = answers(device, declared(complete, **{band: word}))
    assert found[f"pc_eBand{band[1:]}_Supp"] == state


def test_a_band_that_does_not_stand_in_the_file_is_undeclared():
    found = answers(FULL, declared(B2="true", B4="true"))
    assert found["pc_eBand66_Supp"] == "undeclared"
    assert not hold(FULL, declared(B2="true", B4="true")).agrees


def test_a_tdd_band_is_in_reach_of_a_file_of_fdd_bands():
    assert answers(survey(hardware(2, 41)), declared(B2="true"))["pc_eBand41_Supp"] == "undeclared"


def test_other_specifications_and_tables_are_out_of_reach():
    device = survey(hardware(2), hardware(77, rat="nr"), combinations("lte_ca", combination("1A/A", "3A", "7A")))
    assert answers(device, declared(B2="true")) == {"pc_eBand2_Supp": "agrees"}


@pytest.mark.parametrize("word", ["true", "false", "blank"])
def test_what_is_told_once_refutes_nothing(word):
    device = survey(
        hardware(2, 3),
        capability(77, rat="nr"),
        power(77, 2, told_once=True),
        combinations("lte_ca", combination("3C/A"), told_once=(0,)),
    )
    for name in ("pc_nrBand77_PC2_Supp", "36.523-2#A.4.3.3.1-3/CA_3C"):
        held = hold(device, declared(complete=True, **{name: word}))
        (line,) = [one for one in held.lines if (one.item.mnemonic or one.key) == name]
        assert line.state == ("agrees" if word == "true" else "open")
        if word == "true":
            assert line.grade == Grade.OBSERVED, "told once is less than measured"


def test_a_fallback_supports_and_never_refutes():
    name = "36.523-2#A.4.3.3.3-3/CA_1A-7A"
    device = survey(combinations("lte_ca", combination("1A/A", "3A", "7A")))
    assert {
        word: answers(device, declared(complete=True, **{name: word}))[name] for word in ("true", "false", "blank")
    } == {
        "true": "agrees",
        "false": "open",
        "blank": "open",
    }


def test_a_band_in_use_is_held_as_observed():
    device = survey(*attached(2, 900))
    (line,) = hold(device, declared(B2="true")).of("agrees")
    assert line.grade == Grade.OBSERVED
    assert answers(device, declared(B2="blank"))["pc_eBand2_Supp"] == "open", "in use, and not measured"
    assert answers(device, declared(complete=True, B2="false"))["pc_eBand2_Supp"] == "contradiction"
    assert answers(survey(enabled(2)), declared(B2="true"))["pc_eBand2_Supp"] == "open"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("36.521-2#A.4.6.3-4/CA_1A-3A-7A", "agrees"),
        ("36.521-2#A.4.6.3-4/CA_1A-3A-7A_0", "open"),
        ("36.521-2#A.4.6.3-4/CA_1A-3A-7A+1A", "agrees"),
        ("36.521-2#A.4.6.3-4/CA_1A-3A-7A+1A-3A", "open"),
        ("36.521-2#A.4.6.3-4/CA_1A-3A-7A_DL", "agrees"),
        ("36.521-2#A.4.6.3-4/CA_1A-3A-7A_UL", "agrees"),
    ],
)
def test_parts_of_a_configuration(name, state):
    device = survey(combinations("lte_ca", combination("1A/A", "3A", "7A")))
    assert [line.state for line in hold(device, declared(**{name: "true"})).lines] == [state]


@pytest.mark.parametrize(
    ("head", "speaks"),
    [
        (IcsHead(model="NW-300", software=BUILD), False),
        (IcsHead(model=MODEL, software="NW200_09.00"), False),
        (IcsHead(model="nw 200", software="nw200-01.02.03"), True),
        (IcsHead(model=MODEL), True),
        (IcsHead(), True),
    ],
)
def test_another_model_or_build_does_not_speak(head, speaks):
    held = hold(FULL, declared(head=head, B2="true", B12="true"))
    assert (not held.speaks.refused) is speaks
    if not speaks:
        assert {line.state for line in held.lines} == {"open"}
        assert not held.agrees
        assert "does not speak of this device" in held.sentence


def test_what_nobody_can_compare_is_told():
    assert speaks_of(IcsHead(), Identity(model="X")).unbound == ("model", "software")
    assert speaks_of(IcsHead(model="X", software="1"), Identity(model="X")).unbound == ("software",)
    assert speaks_of(IcsHead(model="X", software="1"), Identity(model="X", build="1")).certain
    part = Identity(fingerprint="Maker/x/x:9/PKQ1.1/V12.0.1:user/release-keys", model="X")
    assert speaks_of(IcsHead(model="X", software="V12.0.1"), part).certain


def test_rows_that_were_not_read_leave_the_whole_undecided():
    fault = IcsFault(SheetPlace("3GPP TS 36.523-2", 7, 6), "'12' is a bare number")
    sound = declared(B2="true", B4="true", B66="true")
    assert hold(FULL, sound).agrees
    held = hold(FULL, replace(sound, faults=(fault,)))
    assert not held.agrees
    assert held.unread == ("sheet '3GPP TS 36.523-2', row 7, column 6: '12' is a bare number",)


def test_a_file_that_states_nothing_agrees_with_nothing():
    assert not hold(SHORT, declared(B12="blank")).agrees


FIXTURES = sorted(
    path.name
    for path in __import__("pathlib").Path(__file__).parents[3].joinpath("fixtures").iterdir()
    if path.is_dir()
)


@pytest.mark.parametrize("name", FIXTURES)
def test_what_fill_writes_check_agrees_with_in_every_form(name, tmp_path):
    device = read_device(f"fixture:{name}")
    filled = fill(device, date="2026-01-02")
    expected = {one.item.key for one in filled.answers if one.value is not None}
    for form in forms():
        if form.write is None or form.read is None:
            continue
        file = tmp_path / f"ics.{form.name}"
        file.write_bytes(form.write(filled))
        if not expected and form.name == "txt":
            continue  # A line form of nothing but comments holds no item.
        declaration = read_declaration(file)
        assert declaration.faults == ()
        held = hold(device, declaration)
        assert held.speaks.refused == ""
        assert {line.key for line in held.of("agrees")} == expected, form.name
        assert not held.of("contradiction")
        assert not held.of("undeclared")
        assert held.agrees is bool(expected)


_BANDS = st.lists(st.sampled_from([2, 4, 12, 17, 41, 66, 71]), max_size=5, unique=True).map(sorted)
_FACTS = st.builds(
    lambda bands, layer, complete, once: survey(
        (hardware if layer == "hardware" else capability)(
            *bands,
            **({} if layer == "hardware" else {"complete": complete, "told_once": tuple(bands[:1]) if once else ()}),
        )
    ),
    _BANDS,
    st.sampled_from(["hardware", "advertised"]),
    st.booleans(),
    st.booleans(),
)
_WORDS = st.dictionaries(
    st.sampled_from([item.mnemonic for item in items() if item.kind in {"band", "mode"} and item.mnemonic]),
    st.sampled_from(["true", "false", "blank"]),
    max_size=30,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_FACTS, _WORDS, st.booleans())
def test_no_blank_and_no_template_default_is_ever_a_contradiction(device, words, complete):
    held = hold(device, declared(complete, **words))
    for line in held.lines:
        if line.state == "contradiction":
            assert line.stated in {"true", "false"}
            assert line.stated == "true" or complete
        if line.state in {"contradiction", "undeclared"}:
            assert line.grade == Grade.MEASURED
            assert line.evidence
    assert {line.key for line in held.lines if line.stated != "absent"} == {find(name).key for name in words}


@settings(max_examples=100, deadline=None)
@given(_BANDS, st.none() | _BANDS.map(tuple), st.sampled_from(["advertised", "hardware", "policy", None]))
def test_a_filtered_list_is_never_called_complete(bands, asked, layer):
    device = survey(replace(capability(*bands, complete=False, filtered_by=asked), layer=layer))
    told = DeviceItems(device)
    assert not [item.key for item in items() if item.kind in {"band", "mode"} and told.of(item).value is False]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_FACTS, _WORDS, st.booleans())
def test_less_evidence_never_gives_a_better_answer(device, words, complete):
    """Without its lists nothing agrees, and what was stated is open."""
    bare = replace(device, observations=tuple(one for one in device.observations if isinstance(one, Identity)))
    held = hold(bare, declared(complete, **words))
    assert {line.state for line in held.lines} <= {"open"}
    assert not held.agrees
