"""The truth table of a band requirement: layers, sources that disagree, aliases, policies, grades."""

from __future__ import annotations

from typing import Any

import pytest
from verdict_cases import (
    CAPABILITY,
    IN_SERVICE,
    OTHER,
    POLICY,
    POLICY_LIST,
    RF,
    alternative,
    band,
    cell,
    enabled,
    exchange,
    handset,
    identity,
    listed,
    modem,
    no_restriction,
    registered,
    selected,
    sheet,
    sim,
    verdict,
)

from harness.carriers.edition import Alias
from harness.observations import EnabledBands, Grade, NetworkMode, Source
from harness.probes.at.dialect import Dialect, Reader
from harness.probes.at.language.answer import Modem
from harness.probes.at.session import read_exchange
from harness.recording.exchange import Exchange, Interruption
from harness.verdicts.verdict import Outcome, worst

ALIAS = Alias(band=12, satisfied_by=17, since="2015", reason="MFBI")
ALL = (2, 4, 12)
WITHOUT = (2, 4)


@pytest.mark.parametrize(
    ("facts", "outcome", "words"),
    [
        ([listed(*ALL)], "PASS", "B12 measured: in hardware"),
        ([listed(*ALL, layer=None)], "PASS", "listed by the modem"),
        ([listed(*ALL, layer="policy")], "PASS", "left by the carrier policy"),
        ([listed(*ALL, layer="advertised")], "PASS", "told to the network"),
        ([listed(*ALL), listed(*ALL, layer="policy"), listed(*ALL, layer="advertised")], "PASS", "in hardware, left"),
        ([listed(*WITHOUT)], "FAIL", "B12 not supported (measured: not in hardware)"),
        ([listed(*WITHOUT, layer=None)], "FAIL", "not listed by the modem"),
        ([listed(*WITHOUT), listed(*WITHOUT, layer="policy")], "FAIL", "not supported"),
        ([listed()], "FAIL", "not supported"),
        ([no_restriction()], "INCONC", "no restriction"),
        ([no_restriction(), listed(*ALL, layer="policy")], "PASS", "left by the carrier policy"),
        ([no_restriction(), listed(*WITHOUT, layer="policy")], "FAIL", "removed by the carrier policy"),
        ([], "INCONC", "no source tells"),
    ],
)
def test_a_band_has_to_come_through_every_layer_that_is_told(facts: list[Any], outcome: str, words: str) -> None:
    found = verdict(modem(*IN_SERVICE, *facts))
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason
    assert found.grade == (Grade.MEASURED if outcome in {"PASS", "FAIL"} else None)


@pytest.mark.parametrize(
    "facts",
    [
        [listed(*ALL), listed(*WITHOUT)],
        [listed(*ALL), listed(*WITHOUT, layer=None)],
        [listed(*WITHOUT), listed(*ALL, layer="policy")],
        [listed(*WITHOUT), listed(*ALL, layer="advertised")],
        [listed(*ALL), listed(*WITHOUT, layer="policy"), listed(*ALL, layer="advertised")],
        [listed(*ALL), listed(*ALL, layer="policy"), listed(*WITHOUT, layer="policy")],
        [listed(*WITHOUT), cell(12, 5110)],
        [listed(*WITHOUT, layer=None), cell(12, 5110, role="scell", registered=None, active=True), cell(2, 850)],
    ],
)
@pytest.mark.parametrize("policy", ["strict", "service"])
def test_measured_sources_that_disagree_decide_nothing(facts: list[Any], policy: str) -> None:
    found = verdict(modem(*IN_SERVICE, *facts), policy=policy, declared=sheet(*ALL))
    assert found.outcome is Outcome.INCONC, found.reason
    assert found.evidence


def test_what_the_policy_of_the_carriers_sim_removes_is_missing_and_the_mbn_is_named() -> None:
    facts = (*IN_SERVICE, listed(*ALL), listed(*WITHOUT, layer="policy"), identity(carrier_config="ROW_Commercial"))
    found = verdict(modem(*facts))
    assert found.outcome is Outcome.FAIL
    assert "in hardware, removed by policy of MBN ROW_Commercial, so the network will never see it" in found.reason


@pytest.mark.parametrize("facts", [[sim(OTHER), registered()], [sim(None, state="absent")], []])
@pytest.mark.parametrize("hardware", [[listed(*ALL)], []])
def test_what_the_policy_of_another_sim_removes_is_not_known(facts: list[Any], hardware: list[Any]) -> None:
    found = verdict(modem(*facts, *hardware, listed(*WITHOUT, layer="policy")))
    assert found.outcome is Outcome.INCONC
    assert "the modem's carrier policy belongs to another SIM" in found.reason


def test_what_the_hardware_lacks_is_missing_under_any_sim() -> None:
    found = verdict(modem(sim(OTHER), registered(), listed(*WITHOUT), listed(*WITHOUT, layer="policy")))
    assert found.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("configured", "outcome", "words"),
    [
        ([enabled(*WITHOUT)], "INCONC", "not enabled, so not advertised: enable it and read again"),
        ([], "INCONC", "what is enabled was not observed"),
        ([enabled(*ALL)], "FAIL", "removed by what the modem advertises"),
    ],
)
@pytest.mark.parametrize("inner", [[listed(*ALL)], [listed(*ALL), listed(*ALL, layer="policy")], []])
def test_a_band_that_is_not_advertised_may_only_be_switched_off(
    configured: list[Any], outcome: str, words: str, inner: list[Any]
) -> None:
    found = verdict(modem(*IN_SERVICE, *inner, listed(*WITHOUT, layer="advertised"), *configured))
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason


NO_ANSWER = Interruption("AnswerTimeout", "no answer")
PREFERENCE = "qmicli --nas-get-system-selection-preference"
LOST = "whether B12 is enabled now could not be read"
NO_ENABLED = 'AT+QNWPREFCFG="lte_band"'


def query(request: str, response: bytes = b"", exit_code: int | None = 0, **more: Any) -> tuple[str, Exchange]:
    return "qmi", Exchange(request, response, exit_code, **more)


@pytest.mark.parametrize(
    ("asked", "lost"),
    [
        (query(PREFERENCE, b"\x07\x50"), True),
        (query(PREFERENCE, b"[/dev/cdc-wdm0] Succ", -9), True),
        (query(PREFERENCE, b"", 1, stderr=b"error: operation failed: Transaction was aborted"), True),
        (query(PREFERENCE, b"", None, error=NO_ANSWER), True),
        (
            query(
                PREFERENCE.replace(" ", " --device-open-mbim ", 1),
                b"",
                None,
                error=NO_ANSWER,
            ),
            True,
        ),
        # A silent modem is not asked any more.
        (query("qmicli --dms-get-model", b"", None, error=NO_ANSWER), True),
        (query(PREFERENCE, b"", 1, stderr=b"error: QMI protocol error (94): 'NotSupported'"), False),
        (query(PREFERENCE, b"", 1, stderr=b"error: QMI protocol error (71): 'InvalidQmiCommand'"), False),
        (query("qmicli --dms-get-model", b"", 1, stderr=b"error: operation failed"), False),
        (exchange(NO_ENABLED, '+QNWPREFCFG: "lte_ba'), True),
        (exchange(f'{NO_ENABLED};+QNWPREFCFG="gw_band"', "\x07\x50"), True),
        (exchange(NO_ENABLED, error=Interruption("AnswerGarbled", "no answer")), True),
        (exchange(NO_ENABLED, "+CME ERROR: 14"), True),
        (exchange(NO_ENABLED, "+CME ERROR: SIM busy"), True),
        (exchange(NO_ENABLED, "+CME ERROR: 40"), True),
        (exchange(NO_ENABLED, "ERROR"), False),
        (exchange(NO_ENABLED, "+CME ERROR: 4"), False),
        (exchange(NO_ENABLED, "+CME ERROR: 100"), False),
        (exchange(NO_ENABLED, "+CME ERROR: operation not supported"), False),
        (exchange('AT+QNWPREFCFG="nr5g_band"', "\x07\x50"), False),
    ],
)
def test_a_band_of_which_the_answer_whether_it_is_enabled_was_lost_passes_with_a_note(
    asked: tuple[str, Exchange], lost: bool
) -> None:
    """Of a modem that says that it is not enabled the PASS has a note, and so it has where that cannot be read."""
    found = verdict(modem(*IN_SERVICE, listed(*ALL, layer=None), exchanges=(asked,)))
    assert (found.outcome, LOST in found.reason) == (Outcome.PASS_NOTE if lost else Outcome.PASS, lost)


@pytest.mark.parametrize("told", [enabled(*ALL), EnabledBands(rat="lte", bands=None, unlimited=True)])
def test_what_is_enabled_is_known_where_any_source_tells_it(told: EnabledBands) -> None:
    asked = query(PREFERENCE, b"", None, error=NO_ANSWER)
    assert verdict(modem(*IN_SERVICE, listed(*ALL, layer=None), told, exchanges=(asked,))).outcome is Outcome.PASS


def test_an_answer_that_tells_the_mode_alone_was_read() -> None:
    asked = query(
        PREFERENCE, b"[/dev/cdc-wdm0] Successfully got system selection preference\n\tMode preference: 'lte'\n"
    )
    told = NetworkMode(rats=("lte",), raw="lte", source=Source(request=PREFERENCE, line=2))
    assert verdict(modem(*IN_SERVICE, listed(*ALL, layer=None), told, exchanges=(asked,))).outcome is Outcome.PASS


def test_supported_is_not_enabled_and_the_reason_says_so() -> None:
    found = verdict(modem(*IN_SERVICE, listed(*ALL), enabled(*WITHOUT)))
    assert found.outcome is Outcome.PASS_NOTE
    assert "B12 is not enabled now" in found.reason
    assert verdict(modem(*IN_SERVICE, listed(*WITHOUT), enabled(*ALL))).outcome is Outcome.FAIL
    assert verdict(modem(*IN_SERVICE, enabled(*ALL))).outcome is Outcome.INCONC


def test_one_mode_of_nr_suffices_but_not_half_of_each() -> None:
    rule = band(71, "nr")
    both = (listed(71, rat="nr_sa"), listed(rat="nr_nsa"), listed(71, layer="policy", rat="nr_sa"))
    assert verdict(modem(*IN_SERVICE, *both), rule).outcome is Outcome.PASS
    halves = (
        *(listed(71, rat="nr_sa"), listed(41, rat="nr_nsa")),
        *(listed(41, layer="policy", rat="nr_sa"), listed(71, layer="policy", rat="nr_nsa")),
    )
    assert verdict(modem(*IN_SERVICE, *halves), rule).outcome is Outcome.INCONC
    neither = (listed(71, rat="nr_sa"), listed(rat="nr_nsa"), listed(41, layer="policy", rat="nr_sa"))
    assert verdict(modem(*IN_SERVICE, *neither), rule).outcome is Outcome.FAIL


def test_lte_m_and_nb_iot_lists_say_nothing_of_lte() -> None:
    assert verdict(modem(*IN_SERVICE, listed(*ALL, rat="lte_m"), listed(*ALL, rat="nb_iot"))).outcome is Outcome.INCONC


@pytest.mark.parametrize("silent", [POLICY, RF, CAPABILITY, "AT#BND=?", "AT+GTACT=?", "AT!BAND=?"])
def test_a_layer_that_was_asked_and_cannot_be_read_may_remove_the_band(silent: str) -> None:
    survey = modem(*IN_SERVICE, listed(*ALL, layer="advertised"))
    left = (exchange(CAPABILITY), exchange(silent)) if silent != CAPABILITY else (exchange(CAPABILITY),)
    facts = survey.observations if silent != CAPABILITY else IN_SERVICE
    found = verdict(modem(*facts, exchanges=left), declared=sheet(*ALL))
    assert found.outcome is Outcome.INCONC
    assert silent in found.reason


def test_three_of_the_answers_that_were_lost_are_named_and_no_more() -> None:
    asked = tuple(exchange(silent) for silent in (POLICY, RF, CAPABILITY, "AT!BAND=?"))
    found = verdict(modem(*IN_SERVICE, exchanges=asked))
    assert found.outcome is Outcome.INCONC
    assert [one for one in (POLICY, RF, CAPABILITY, "AT!BAND=?") if one in found.reason] == [POLICY, RF, CAPABILITY]


@pytest.mark.parametrize("answer", ["ERROR", "+CME ERROR: 4", "+CME ERROR: operation not supported"])
def test_a_layer_that_was_refused_does_not_exist(answer: str) -> None:
    asked = (exchange(RF), exchange(POLICY, answer))
    assert verdict(modem(*IN_SERVICE, listed(*ALL), exchanges=asked)).outcome is Outcome.PASS


def test_a_request_that_timed_out_is_unread_too() -> None:
    asked = (exchange(RF), exchange(POLICY, "", error=Interruption("AnswerTimeout", "5 s")))
    assert verdict(modem(*IN_SERVICE, listed(*ALL), exchanges=asked)).outcome is Outcome.INCONC


def test_a_modem_that_was_lost_half_way_passes_nothing() -> None:
    lost = {"trouble": "gone"}
    assert verdict(modem(*IN_SERVICE, listed(*ALL), **lost)).outcome is Outcome.INCONC
    assert verdict(modem(*IN_SERVICE, **lost), declared=sheet(*ALL)).outcome is Outcome.INCONC
    assert verdict(modem(**lost)).outcome is Outcome.ERROR


def test_a_sheet_does_not_stand_in_for_a_modem_that_nobody_could_ask() -> None:
    assert verdict(modem(*IN_SERVICE, dialect=None), declared=sheet(*ALL)).outcome is Outcome.INCONC
    assert verdict(modem(*IN_SERVICE), declared=sheet(*ALL)).outcome is Outcome.PASS


# Seen in use, and declared


@pytest.mark.parametrize(
    ("seen", "counts"),
    [
        (cell(), True),
        (cell(registered=None), True),
        (cell(registered=False), False),
        (cell(band_source="conflict"), False),
        (cell(band_source="reported", arfcn=None), False),
        (cell(band_source="arfcn"), True),
        (cell(role="scell", registered=None, active=True), True),
        (cell(role="scell", registered=None, active=None), True),
        (cell(role="scell", registered=None, active=False), False),
        (cell(rat="lte_m"), False),
        (cell(rat="umts"), False),
        (cell(band=None), False),
    ],
)
def test_a_band_is_seen_in_use_where_a_cell_of_it_serves(seen: Any, counts: bool) -> None:
    found = verdict(handset(*IN_SERVICE, seen))
    assert found.outcome is (Outcome.PASS if counts else Outcome.INCONC)
    assert found.grade is (Grade.OBSERVED if counts else None)


@pytest.mark.parametrize("state", ["searching", "denied", "not_registered", "emergency", "unknown"])
def test_a_cell_without_service_shows_no_band(state: str) -> None:
    assert verdict(handset(sim(), registered(state), cell())).outcome is Outcome.INCONC
    assert verdict(handset(sim(), cell())).outcome is Outcome.INCONC


def test_the_service_of_one_slot_says_nothing_of_the_other() -> None:
    facts = (sim(slot=0), registered(slot=0), cell(slot=1))
    assert verdict(handset(*facts)).outcome is Outcome.INCONC


def test_an_earfcn_that_may_be_cut_to_16_bits_shows_no_band_alone() -> None:
    wrapped = cell(2, 1000, band_source="arfcn")  # 66536 is B66
    assert verdict(handset(*IN_SERVICE, wrapped), band(2)).outcome is Outcome.INCONC
    named = cell(2, 1000, band_source="both")
    assert verdict(handset(*IN_SERVICE, named), band(2)).outcome is Outcome.PASS


def test_seen_beats_a_sheet_that_does_not_list_it_with_a_note() -> None:
    found = verdict(handset(*IN_SERVICE, cell()), declared=sheet(*WITHOUT))
    assert found.outcome is Outcome.PASS_NOTE
    assert "maker/model#variant does not list it" in found.reason


def test_declared_decides_where_nothing_is_measured_or_seen() -> None:
    assert verdict(handset(*IN_SERVICE), declared=sheet(*ALL)).outcome is Outcome.PASS
    missing = verdict(handset(*IN_SERVICE), declared=sheet(*WITHOUT))
    assert (missing.outcome, missing.grade) == (Outcome.FAIL, Grade.DECLARED)
    assert "B12 not declared" in missing.reason
    assert "a coverage band" in missing.reason
    assert verdict(handset(*IN_SERVICE), band(71, "nr"), declared=sheet(*ALL)).outcome is Outcome.INCONC


@pytest.mark.parametrize(
    ("survey", "known_as"),
    [
        (modem(*IN_SERVICE, listed(*ALL)), Grade.MEASURED),
        (handset(*IN_SERVICE, cell()), Grade.OBSERVED),
        (handset(*IN_SERVICE), Grade.DECLARED),
    ],
)
@pytest.mark.parametrize("asked", list(Grade))
@pytest.mark.parametrize("by", ["run", "rule"])
def test_weaker_evidence_than_asked_decides_nothing(survey: Any, known_as: Grade, asked: Grade, by: str) -> None:
    rule = band(needed=asked.word) if by == "rule" else band()
    more = {"require_grade": asked} if by == "run" else {}
    for declared, fits in ((sheet(*ALL), Outcome.PASS), (sheet(*WITHOUT), Outcome.FAIL)):
        if known_as is not Grade.DECLARED and fits is Outcome.FAIL:
            continue
        found = verdict(survey, rule, declared=declared, **more)
        assert found.outcome is (fits if known_as >= asked else Outcome.INCONC)
        assert known_as >= asked or f"only {known_as.word}, {asked.word} is required" in found.reason


# Aliases, any-of, levels


@pytest.mark.parametrize("policy", ["strict", "service"])
@pytest.mark.parametrize("rule", [band(), band(any_of=(alternative(17, "legacy_alias"),))])
def test_a_declared_alias_satisfies_under_every_policy_with_a_note(policy: str, rule: Any) -> None:
    found = verdict(modem(*IN_SERVICE, listed(2, 17)), rule, selected(rule, aliases=(ALIAS,)), policy=policy)
    assert found.outcome is Outcome.PASS_NOTE
    assert "MFBI" in found.reason
    assert found.grade is Grade.MEASURED


def test_nothing_else_satisfies_under_strict() -> None:
    rule = band(4, any_of=(alternative(66),))
    assert verdict(modem(*IN_SERVICE, listed(66)), rule).outcome is Outcome.FAIL
    assert verdict(modem(*IN_SERVICE, listed(66)), rule, policy="service").outcome is Outcome.PASS_NOTE
    assert verdict(modem(*IN_SERVICE, listed(2)), rule, policy="service").outcome is Outcome.FAIL


def test_an_alias_of_another_rat_or_band_is_none() -> None:
    wrong = (Alias(band=13, satisfied_by=17, since="2015", reason="x"),)
    assert verdict(modem(*IN_SERVICE, listed(17)), band(), selected(band(), aliases=wrong)).outcome is Outcome.FAIL
    of_nr = (Alias(band=12, satisfied_by=17, since="2015", reason="x", rat="nr"),)
    assert verdict(modem(*IN_SERVICE, listed(17)), band(), selected(band(), aliases=of_nr)).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "other",
    [[listed(2)], [listed(2, 17), listed(2)], [listed(2, 17), listed(2, layer="policy")], [enabled(17)]],
)
def test_an_alias_that_the_device_may_lack_does_not_satisfy(other: list[Any]) -> None:
    found = verdict(modem(*IN_SERVICE, *other), band(), selected(band(), aliases=(ALIAS,)))
    assert found.outcome in {Outcome.FAIL, Outcome.INCONC}


def test_an_alias_is_known_no_better_than_what_it_stands_for() -> None:
    facts = (*IN_SERVICE, cell(17, 5780))
    found = verdict(handset(*facts), band(), selected(band(), aliases=(ALIAS,)), declared=sheet(2))
    assert (found.outcome, found.grade) == (Outcome.PASS_NOTE, Grade.DECLARED)


@pytest.mark.parametrize(
    ("level", "policy", "has", "outcome"),
    [
        ("mandatory", "strict", True, "PASS"),
        ("mandatory", "strict", False, "FAIL"),
        ("mandatory", "strict", None, "INCONC"),
        ("mandatory", "service", True, "PASS"),
        ("mandatory", "service", False, "FAIL"),
        ("mandatory", "service", None, "INCONC"),
        ("recommended", "strict", True, "PASS"),
        ("recommended", "strict", False, "FAIL"),
        ("recommended", "strict", None, "INCONC"),
        ("recommended", "service", True, "PASS"),
        ("recommended", "service", False, "PASS_NOTE"),
        ("recommended", "service", None, "INCONC"),
        ("informative", "strict", True, "PASS"),
        ("informative", "strict", False, "NA"),
        ("informative", "strict", None, "NA"),
        ("informative", "service", True, "PASS"),
        ("informative", "service", False, "NA"),
        ("informative", "service", None, "NA"),
    ],
)
def test_levels_decide_as_the_policy_says(level: str, policy: str, has: bool | None, outcome: str) -> None:
    lists = {True: [listed(*ALL)], False: [listed(*WITHOUT)], None: []}[has]
    rule = band(level=level)
    found = verdict(modem(*IN_SERVICE, *lists), rule, selected(rule, band(2, level=level)), policy=policy)
    assert found.outcome.name == outcome
    assert found.level == level


def test_a_downlink_only_band_is_judged_by_lists_and_secondary_cells() -> None:
    rule = band(29, role="supplementary-dl")
    assert verdict(modem(*IN_SERVICE, listed(29)), rule).outcome is Outcome.PASS
    assert verdict(modem(*IN_SERVICE, listed(2)), rule).outcome is Outcome.FAIL
    second = cell(29, 9680, role="scell", registered=None, active=True)
    assert verdict(handset(*IN_SERVICE, cell(2, 850), second), rule).outcome is Outcome.PASS
    assert verdict(handset(*IN_SERVICE, cell(2, 850)), rule).outcome is Outcome.INCONC


@pytest.mark.parametrize(("rat", "number"), [("umts", 5), ("gsm", 850)])
def test_other_technologies_are_judged_by_their_own_lists(rat: str, number: int) -> None:
    rule = band(number, rat)
    assert verdict(modem(*IN_SERVICE, listed(number, rat=rat)), rule).outcome is Outcome.PASS
    assert verdict(modem(*IN_SERVICE, listed(number, rat="lte")), rule).outcome is Outcome.INCONC
    assert verdict(handset(*IN_SERVICE), rule, declared=sheet(2, **{rat: (number,)})).outcome is Outcome.PASS


def test_the_heaviest_verdict_is_that_of_a_group() -> None:
    assert worst([Outcome.PASS, Outcome.INCONC, Outcome.FAIL, Outcome.NA]) is Outcome.FAIL
    assert worst([Outcome.PASS, Outcome.PASS_NOTE]) is Outcome.PASS_NOTE
    assert worst([]) is Outcome.NA


# What a modem was asked and did not tell


@pytest.mark.parametrize("tells", [("supported",), None])
def test_no_sheet_stands_in_for_a_list_that_another_package_s_modem_lost(tells: Any) -> None:
    reader = Reader(r"AT\+ACMELIST", lambda _: (), tells=tells)
    acme = Dialect("acme", lambda _: True, (reader,), lambda _: ("AT+ACMELIST",))
    read = read_exchange(exchange("AT+ACMELIST", "garbage OK")[1], acme, Modem())
    survey = modem(*IN_SERVICE, *read.observations, dialect="acme")
    found = verdict(survey, declared=sheet(*ALL))
    assert found.outcome is Outcome.INCONC
    assert "AT+ACMELIST" in found.reason


@pytest.mark.parametrize(
    ("request_", "answer"),
    [("AT+GTACT?", "\x07"), ("AT#BND?", "#BND: 0,"), ("AT!BAND?", "Index, Na"), ("AT+UBANDMASK?", "+UBAN")],
)
def test_less_evidence_of_what_is_enabled_gives_no_better_verdict(request_: str, answer: str) -> None:
    without = verdict(modem(*IN_SERVICE, listed(*ALL, layer=None), enabled(*WITHOUT)))
    lost = verdict(modem(*IN_SERVICE, listed(*ALL, layer=None), exchanges=(exchange(request_, f"{answer}\r\nOK"),)))
    assert (without.outcome, lost.outcome) == (Outcome.PASS_NOTE, Outcome.PASS_NOTE)
    assert LOST in lost.reason


def test_a_modem_that_lists_other_technologies_leaves_this_one_to_no_sheet() -> None:
    survey = modem(*IN_SERVICE, listed(*ALL))
    found = verdict(survey, band(71, "nr"), declared=sheet(*ALL, nr=(71,)))
    assert found.outcome is Outcome.INCONC
    assert "names no band of NR" in found.reason


@pytest.mark.parametrize(
    ("policy", "any_of", "aliases", "asks"),
    [
        ("strict", (alternative(4, "subset"),), (), "B66 supported (coverage)"),
        ("service", (alternative(4, "subset"),), (), "B66 or B4 supported (coverage)"),
        ("strict", (alternative(1, "alternative"),), (), "B66 or B1 supported (coverage)"),
        ("strict", (), (Alias(band=66, satisfied_by=4, since="2015", reason="x"),), "B66 or B4 supported (coverage)"),
    ],
)
def test_a_title_names_what_the_policy_takes(policy: Any, any_of: Any, aliases: Any, asks: str) -> None:
    rule = band(66, any_of=any_of)
    found = verdict(modem(*IN_SERVICE, listed(2, 66)), rule, selected(rule, aliases=aliases), policy=policy)
    assert found.text == asks


@pytest.mark.parametrize(
    ("number", "other", "relation", "words"),
    [
        (66, 4, "subset", "B4, which is there, covers its lower part only"),
        (4, 66, "superset", "B66, which is there, covers it, but policy strict takes no stand-in"),
    ],
)
def test_a_recommended_band_says_why_it_decides(number: int, other: int, relation: Any, words: str) -> None:
    rule = band(number, level="recommended", any_of=(alternative(other, relation),))
    found = verdict(modem(*IN_SERVICE, listed(2, other)), rule, policy="strict")
    assert found.outcome is Outcome.FAIL
    assert "recommended by this edition, and policy strict asks for every listed band" in found.reason
    assert words in found.reason
    without = verdict(modem(*IN_SERVICE, listed(2)), rule, policy="strict")
    assert "which is there" not in without.reason
    mandatory = verdict(modem(*IN_SERVICE, listed(2)), band(number), policy="strict")
    assert "recommended" not in mandatory.reason


@pytest.mark.parametrize(
    ("sims", "outcome"),
    [
        ((sim(),), "PASS"),
        ((sim(OTHER),), "PASS_NOTE"),
        ((sim(state="pin_required"),), "PASS_NOTE"),
        ((sim(None),), "PASS_NOTE"),
        ((sim(None, state="absent"),), "PASS"),
        ((), "PASS_NOTE"),
    ],
)
def test_a_policy_that_was_read_under_another_sim_passes_with_a_note(sims: tuple, outcome: str) -> None:
    lists = (listed(12), listed(12, layer=POLICY_LIST))
    found = verdict(modem(*sims, *lists), band())
    assert (found.outcome.name, "read without a SIM of this carrier" in found.reason) == (outcome, outcome != "PASS")
    assert verdict(modem(*sims, listed(12)), band()).outcome.name == "PASS"
    other = listed(71, layer=POLICY_LIST, rat="nr")
    assert verdict(modem(*sims, listed(12), other), band()).outcome.name == "PASS"
    removed = verdict(modem(*sims, listed(12), listed(2, layer=POLICY_LIST)), band())
    assert removed.outcome.name == ("FAIL" if sims == (sim(),) else "INCONC")
