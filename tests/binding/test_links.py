"""Links of one device held against each other: what binds them, what contradicts, and what verdicts make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_cases import OWN, attach, band, listed, selected, sheet

from harness.binding.binding import warnings_of
from harness.binding.links import hold_links, same_usb_device
from harness.observations import Grade, Identity, Registration, ServingCell, Sim, Source, SupportedBands
from harness.recording.exchange import Exchange, RecordingInfo
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import RecordingWriter
from harness.requirements.bound import Bound
from harness.requirements.registered import RegisteredRule
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.verdicts.fit.outlook import outlook
from harness.verdicts.judge import judge

HANDSET = {"manufacturer": "samsung", "model": "SM-G991U", "codename": "o1q", "baseband": "G991USQU4AUG"}
PAIRS = [("adb", "at"), ("adb", "qmi"), ("at", "qmi")]
REQUIRED = Registration(domain="eps", state="home", plmn=OWN)


def over(link: str, *facts):
    return tuple(replace(fact, source=Source(request=f"ask {link}", link=link, exchange=0)) for fact in facts)


def two(links=("adb", "at"), first=HANDSET, second=None, *, first_facts=(), second_facts=(), **more) -> Survey:
    one, other = links
    told = over(one, Identity(**first), *first_facts) + over(other, Identity(**(second or {})), *second_facts)
    kind = "handset" if one == "adb" else "modem"
    return Survey("d", "a", kind, told, dialect="quectel", **more)


def bond(survey: Survey):
    (found,) = hold_links(survey).bonds
    return found


@pytest.mark.parametrize("links", PAIRS)
@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"tac_imei": "35332609"}, {"tac_imei": "86012345"}, "TAC"),
        ({"manufacturer": "Xiaomi"}, {"manufacturer": "Quectel"}, "maker"),
        ({"manufacturer": "Sierra Wireless, Incorporated"}, {"manufacturer": "Telit"}, "maker"),
        ({"model": "SM-G991U"}, {"model": "SM-G991B"}, "model"),
        ({"model": "SM-G991U"}, {"model": "SM-G991U1"}, "model"),
        ({"model": "Pixel 6"}, {"model": "Pixel 7"}, "model"),
        ({"baseband": "MPSS.HE.1.0-00123"}, {"baseband": "MPSS.AT.2.0-00456"}, "baseband"),
        ({"tac_imei": "35332609", "model": "SM-G991U"}, {"tac_imei": "35332610", "model": "SM-G991U"}, "TAC"),
    ],
)
def test_links_that_name_a_sign_differently_are_of_two_devices(links, first, second, words):
    found = bond(two(links, first, second))
    assert found.standing == "contradicted"
    assert words in found.why
    assert "are of two devices" in str(found)


@pytest.mark.parametrize("links", PAIRS)
@pytest.mark.parametrize(
    ("first", "second", "by"),
    [
        ({"tac_imei": "35332609"}, {"tac_imei": "35332609"}, "TAC of the IMEI on both links"),
        ({"model": "SM-G991U"}, {"model": "SM-G991U"}, "model"),
        ({"model": "EM7565"}, {"model": "EM7565 Qualcomm Snapdragon X16 LTE-A"}, "model"),
        ({"baseband": "MPSS.HE.1.0-00123"}, {"baseband": "MPSS.HE.1.0-00123,1"}, "baseband"),
        # Cut short on either side.
        ({"baseband": "EM12GPAR01"}, {"baseband": "EM12GPAR01A21M4G"}, "baseband"),
        ({"baseband": "EM12GPAR01A21M4G"}, {"baseband": "EM12GPAR01"}, "baseband"),
        ({"baseband": "4.0.c2.6-00335-0914_2350"}, {"baseband": "MPSS.AT.4.0.c2.6-00335-SDM845_GEN"}, "baseband"),
    ],
)
def test_links_that_agree_in_a_sign_are_bound_by_it(links, first, second, by):
    found = bond(two(links, first, second))
    assert found.standing == "bound"
    assert by in str(found)


@pytest.mark.parametrize("links", PAIRS)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HANDSET, {}),
        ({}, {"model": "SM-G991U"}),
        ({"manufacturer": "samsung"}, {"manufacturer": "Samsung Electronics"}),
        ({"model": "Mi MIX 2", "manufacturer": "Xiaomi"}, {"model": "4082", "manufacturer": "QUALCOMM INCORPORATED"}),
        ({"baseband": "4.0.c2"}, {"baseband": "4.0.c3"}),
    ],
)
def test_links_with_nothing_in_common_are_bound_by_the_users_word_alone(links, first, second):
    survey = two(links, first, second)
    assert bond(survey).standing == "unbound"
    assert "by the user's word alone" in warnings_of(survey)[0]


def test_a_marketing_name_and_a_model_number_of_one_maker_deny_nothing():
    assert bond(two(second={"manufacturer": "Samsung", "model": "Galaxy S21"})).standing == "unbound"


@pytest.mark.parametrize("links", PAIRS)
def test_sims_of_two_networks_are_of_two_devices_and_one_network_binds_nothing(links):
    for plmn, standing in ((OWN, "unbound"), ("310260", "contradicted")):
        survey = two(links, {}, {}, first_facts=[Sim(plmn=OWN)], second_facts=[Sim(plmn=plmn)])
        assert bond(survey).standing == standing


@pytest.mark.parametrize("links", PAIRS)
def test_keys_of_the_imei_tell_pieces_of_one_model_apart(links):
    one, other = links
    same = two(links, {"tac_imei": "35332609"}, {"tac_imei": "35332609"}, imei_keys={one: ("a", "b"), other: ("b",)})
    assert (bond(same).standing, str(bond(same)).endswith("bound by IMEI on both links")) == ("bound", True)
    assert bond(replace(same, imei_keys={one: ("a",), other: ("c",)})).standing == "contradicted"


@pytest.mark.parametrize("links", PAIRS)
def test_the_place_on_usb_binds_and_denies(links):
    one, other = links
    assert bond(two(links, {}, {}, usb_places={one: "1-2", other: "1-2"})).standing == "bound"
    denied = bond(two(links, {"model": "X1"}, {"model": "X1"}, usb_places={one: "1-2", other: "1-3"}))
    assert denied.standing == "contradicted"
    assert "1-3" in denied.why


def test_what_was_asked_through_the_shell_is_the_handsets_own():
    told = two(second={"manufacturer": "Quectel"}, through_shell=frozenset({"at"}))
    assert "shell" in str(bond(told))
    assert bond(told).standing == "bound"


def test_a_third_link_is_bound_through_the_second_and_one_that_denies_a_bound_one_is_of_another():
    facts = over("adb", Identity(tac_imei="35332609")) + over("at", Identity(tac_imei="35332609", model="RM520N-GL"))
    bound = Survey("d", "a", "handset", facts + over("qmi", Identity(model="RM520N-GL")))
    assert hold_links(bound).unbound == frozenset()
    denied = replace(bound, observations=facts + over("qmi", Identity(model="EM7565")))
    assert hold_links(denied).contradicted == {"qmi"}
    loose = over("adb", Identity(codename="x")) + over("at", Identity(model="A1")) + over("qmi", Identity(model="B2"))
    assert hold_links(replace(bound, observations=loose)).contradicted == {"at", "qmi"}


def test_the_usb_tree_tells_whether_a_port_is_of_the_same_phone():
    assert same_usb_device("usb:1-2", "1-2:1.3") is True
    assert same_usb_device("usb:1-2", "1-3:1.3") is False
    assert same_usb_device("", "1-3:1.3") is None
    assert same_usb_device("usb:1-2", None) is None


# Verdicts

B12 = SupportedBands(rat="lte", bands=(2, 4, 12), layer="hardware")
NO_B12 = SupportedBands(rat="lte", bands=(2, 4), layer="hardware")
CELL = ServingCell(rat="lte", arfcn=5110, band=12, band_source="both", registered=True, plmn=OWN)
ATTACHED = (Sim(plmn=OWN, state="ready"), REQUIRED, CELL)
RULES = (band(12), attach(), RegisteredRule(id="T-HOME", level="mandatory"))


def outcome(survey: Survey, rule=None, declared=None, **more) -> tuple[str, str]:
    rule = rule or band(12)
    found = judge(Bound.of(survey, declared, **more), selected(rule), rule)
    return found.outcome.name, found.reason


@pytest.mark.parametrize("links", PAIRS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"tac_imei": "35332609"}, {"tac_imei": "35332609"}, "PASS"),
        ({"tac_imei": "35332609"}, {}, "PASS_NOTE"),
        ({"tac_imei": "35332609"}, {"tac_imei": "86012345"}, "ERROR"),
    ],
)
def test_what_only_the_other_link_told_counts_as_far_as_it_is_bound(links, rule, first, second, expected):
    survey = two(links, first, second, second_facts=(B12, *ATTACHED))
    word, reason = outcome(survey, rule)
    assert word == expected, reason
    assert ("user's word alone" in reason) is (expected == "PASS_NOTE")


@pytest.mark.parametrize("links", PAIRS)
def test_what_the_first_link_told_stands_beside_one_of_another_device_with_a_note(links):
    survey = two(links, {"tac_imei": "35332609"}, {"tac_imei": "86012345"}, first_facts=(B12,), second_facts=(NO_B12,))
    word, reason = outcome(survey)
    assert word == "PASS_NOTE"
    assert "are of two devices" in reason
    assert outcome(replace(survey, observations=survey.observations[:2]))[0] == "PASS"


def test_what_the_first_link_told_needs_no_note_beside_one_that_adds_nothing():
    assert outcome(two(("at", "qmi"), {"model": "A1"}, {}, first_facts=(B12,)))[0] == "PASS"


def test_a_sheet_does_not_stand_in_for_the_answer_of_a_port_of_another_device():
    survey = two(second={"manufacturer": "Quectel"}, second_facts=(NO_B12,))
    assert outcome(survey, declared=sheet(12))[0] == "ERROR"


@pytest.mark.parametrize("facts", [(NO_B12,), (B12,)])
def test_an_unbound_port_that_says_otherwise_than_the_sheet_decides_nothing(facts):
    survey = two(second={"manufacturer": "samsung"}, second_facts=facts)
    assert outcome(survey, declared=sheet(12) if facts == (NO_B12,) else sheet(2))[0] == "INCONC"
    assert outcome(survey)[0] == ("FAIL" if facts == (NO_B12,) else "PASS_NOTE")


def test_a_higher_grade_of_an_unbound_link_is_the_users_word():
    survey = two(second_facts=(B12,))
    rule = band(12, needed="measured")
    assert outcome(survey, rule, declared=sheet(12))[0] == "PASS_NOTE"


def test_the_facts_of_another_device_stand_nowhere_among_those_of_this_one():
    survey = two(second={"manufacturer": "Quectel", "model": "RM520N-GL"}, second_facts=(B12,))
    bound = Bound.of(survey)
    assert bound.survey.supported == ()
    assert bound.fact("lte", 12, own_sim=True).has is None


@pytest.mark.parametrize("second", [{}, {"manufacturer": "Quectel"}, {"model": "SM-G991U"}])
@pytest.mark.parametrize("bands", [B12, NO_B12])
def test_fit_says_what_judge_says_of_links_that_are_not_bound(second, bands):
    chosen = selected(band(12), band(2))
    for declared in (None, sheet(2, 12), sheet(2)):
        survey = two(second=second, second_facts=(bands,))
        told = outlook(Bound.of(survey, declared), chosen, "strict")
        outcomes = {judge(Bound.of(survey, declared), chosen, rule).outcome for rule in chosen.edition.requirements}
        assert {one.verdict.outcome for one in told.bands} == outcomes
        assert told.band_fit in outcomes


# Capability files


def with_file(*bands: int, loose=("mix.hex",), **more) -> Survey:
    told = over("adb", Identity(**HANDSET)) + over("uecap", SupportedBands(rat="lte", bands=bands, layer="advertised"))
    return Survey("d", "a", "handset", told, loose_files=loose, **more)


def test_a_file_that_the_users_word_alone_binds_passes_with_a_note_at_best():
    word, reason = outcome(with_file(2, 12))
    assert (word, "that mix.hex is of this device is known by the user's word alone" in reason) == ("PASS_NOTE", True)
    assert outcome(with_file(2, 12, loose=()))[0] == "PASS"


@pytest.mark.parametrize(
    ("bands", "variants", "expected"),
    [
        ((2, 12), ((2, 12),), "PASS_NOTE"),
        ((2, 12), ((2,), (2, 12)), "PASS_NOTE"),
        ((2, 12), ((2,), (2, 4)), "INCONC"),
        ((2, 12, 71), ((2, 12), (2, 4, 12)), "INCONC"),
        ((2, 12, 71), ((2, 12), (2, 12, 71)), "PASS_NOTE"),
        ((2, 12), (), "PASS_NOTE"),
    ],
)
def test_a_file_that_every_variant_of_the_sheet_denies_decides_nothing(bands, variants, expected):
    declared = tuple(sheet(*one) for one in variants)
    word, reason = outcome(with_file(*bands), variants=declared)
    assert word == expected, reason


def test_a_file_that_lacks_a_band_of_the_sheet_and_is_bound_by_nothing_decides_nothing():
    assert outcome(with_file(2), declared=sheet(2, 12), variants=(sheet(2, 12),))[0] == "INCONC"
    assert outcome(with_file(2, loose=()), declared=sheet(2, 12), variants=(sheet(2, 12),))[0] == "INCONC"


def test_measured_bands_of_the_device_need_no_file():
    survey = replace(with_file(2, 12), observations=(*with_file(2, 12).observations, *over("adb", B12)))
    assert outcome(survey)[0] == "PASS"


# As they are read


def recording(folder, extra=None, **links) -> str:
    writer = RecordingWriter(folder, RecordingInfo("both", "composed", sources=("a test",), extra=extra or {}))
    for kind, exchanges in links.items():
        for one in exchanges:
            writer.append(kind, one)
    writer.finish()
    return str(folder)


def links_of(fixture: str) -> dict:
    return dict(load_recording(resolve_recording(f"fixture:{fixture}")).links)


def test_a_handset_and_a_module_in_one_recording_are_of_two_devices(tmp_path):
    links = links_of("xiaomi-mi-mix-2-global") | links_of("quectel-rm520n-gl")
    survey = read_device(recording(tmp_path / "both", **links))
    assert bond(survey).standing == "contradicted"
    assert not Bound.of(survey).survey.supported
    assert survey.supported


def test_a_port_that_names_only_its_chip_is_bound_by_the_users_word(tmp_path):
    port = (
        Exchange("ATI", b"QUALCOMM INCORPORATED\r\n4082\r\nRevision: X\r\n\r\nOK\r\n"),
        Exchange("AT+CEREG?", b"+CEREG: 0,1\r\n\r\nOK\r\n"),
    )
    survey = read_device(recording(tmp_path / "both", adb=links_of("xiaomi-mi-mix-2-global")["adb"], at=port))
    assert bond(survey).standing == "unbound"


def test_what_a_run_knew_of_places_and_keys_is_known_to_its_replay(tmp_path):
    extra = {"usb_places": {"adb": "1-2", "at": "1-3"}, "imei_keys": {"adb": ["a"]}, "through_shell": ["qmi"]}
    links = {"adb": links_of("xiaomi-mi-mix-2-global")["adb"], "at": (Exchange("ATI", b"X\r\nOK\r\n"),)}
    survey = read_device(recording(tmp_path / "both", extra, **links), evidence=tmp_path / "run")
    again = read_device(str(tmp_path / "run"))
    for one in (survey, again):
        assert (dict(one.usb_places), dict(one.imei_keys)) == ({"adb": "1-2", "at": "1-3"}, {"adb": ("a",)})
        assert one.through_shell == {"qmi"}
        assert bond(one).standing == "contradicted"


def test_the_keys_of_imeis_are_kept_and_their_digits_are_not(tmp_path, monkeypatch):
    monkeypatch.setenv("BANDPROOF_SAMPLE_KEY", str(tmp_path / "secret"))
    writer = RecordingWriter(tmp_path / "run", RecordingInfo("both", "recorded"), live=True)
    imei = "490154203237518"
    writer.append("at", Exchange("AT+CGSN", f"\r\n{imei}\r\n\r\nOK\r\n".encode()))
    writer.append("adb", Exchange("getprop", f"[ro.ril.oem.imei]: [{imei}]\n".encode(), exit_code=0))
    writer.finish()
    assert writer.imei_keys["at"] == writer.imei_keys["adb"] != ()
    kept = load_recording(tmp_path / "run").info.extra["imei_keys"]
    assert kept["at"] == list(writer.imei_keys["at"])
    assert imei[8:] not in "".join(one.read_text() for one in (tmp_path / "run").iterdir())


def test_a_rooted_handsets_node_is_bound_by_its_shell():
    survey = read_device("fixture:xiaomi-redmi-note-8-pro-rooted")
    assert "shell" in str(bond(survey))
    fact = Bound.of(survey).fact("lte", 4, own_sim=True)
    assert (fact.has, fact.grade) == (True, Grade.MEASURED)


def test_one_link_has_no_bonds():
    assert hold_links(Survey("d", "a", "modem", (listed(12),))).bonds == ()
