"""What `judge` makes of an answer, case by case: grade, level, day, loss, and links that are not this device's."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import msgspec
import pytest
from verdict_cases import OWN, band, handset, listed, modem, selected, sheet, sim, verdict

from harness.binding.links import FILES
from harness.carriers.store import Selected
from harness.observations import Grade, Source
from harness.recording.exchange import Exchange
from harness.requirements.answers import Answer
from harness.requirements.bound import Bound
from harness.trial_facts import BandTrial
from harness.verdicts.case import Case
from harness.verdicts.judge import _foretold, _graded, _leveled, judge
from harness.verdicts.linked import held_to_links
from harness.verdicts.plan import Run
from harness.verdicts.verdict import Outcome, Verdict

P, N, F, I, E, NA = (Outcome[name] for name in ("PASS", "PASS_NOTE", "FAIL", "INCONC", "ERROR", "NA"))  # noqa: E741
MEASURED, OBSERVED, DECLARED = Grade.MEASURED, Grade.OBSERVED, Grade.DECLARED


def of(outcome: Outcome, grade: Grade | None = MEASURED, level: str = "mandatory") -> Verdict:
    return Verdict("d", "us/test", "2024", "T-12", outcome, "told", level, grade)


@pytest.mark.parametrize("needed", list(Grade))
@pytest.mark.parametrize("grade", [None, *Grade])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_evidence_that_is_weaker_than_asked_decides_nothing(outcome, grade, needed):
    found = _graded(of(outcome, grade), needed)
    decides = outcome not in {P, N, F} or (grade is not None and grade >= needed)
    assert found.outcome is (outcome if decides else I)
    assert found.reason.startswith("told")
    if decides:
        assert found == of(outcome, grade)
    elif grade is None:
        assert "how it is known was not told" in found.reason
    else:
        assert f"only {grade.word}, {needed.word} is required" in found.reason


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_is_only_announced_is_noted_at_best(outcome):
    assert _foretold(of(outcome), "") == of(outcome)
    found = _foretold(of(outcome), "announced for 2030")
    assert found.outcome is (N if outcome is P else outcome)
    assert ("announced for 2030" in found.reason) is (outcome in {P, N, F})


@pytest.mark.parametrize("none", [False, True])
@pytest.mark.parametrize("policy", ["strict", "service"])
@pytest.mark.parametrize("level", ["mandatory", "recommended", "informative"])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_which_levels_decide(outcome, level, policy, none):
    found = _leveled(of(outcome, level=level), policy, lambda: none)
    expected = outcome
    if level == "informative" and outcome in {F, I}:
        expected = NA
    if level == "recommended" and policy == "service" and outcome is F and not none:
        expected = N
    assert found.outcome is expected
    if expected is not outcome:
        words = "informative, decides nothing" if expected is NA else "recommended only"
        assert found.reason == f"{words}: told"
    elif level == "recommended" and policy == "service" and outcome is F:
        assert found.reason == "told; the device has none of the carrier's LTE bands"
    else:
        assert found.reason == "told"


def test_a_device_that_was_never_read_is_an_error_with_its_trouble():
    lost = handset(trouble="the device went away")
    found = verdict(lost)
    assert (found.outcome, found.reason, found.grade, found.evidence) == (E, "the device went away", None, ())
    assert (found.level, found.text) == ("mandatory", band().asks())


def test_what_was_read_before_the_loss_counts_and_what_was_not_names_it():
    lost = modem(listed(2), trouble="it was pulled out")
    assert verdict(lost, band(2)).outcome is not E
    open_ = verdict(handset(sim(), trouble="it was pulled out"))
    assert open_.outcome is I
    assert open_.reason.endswith("(the device was lost: it was pulled out)")
    assert "lost" not in verdict(handset(sim())).reason


def test_a_verdict_names_what_it_is_of():
    found = verdict(modem(listed(12)), band(12, level="recommended"))
    assert (found.device, found.carrier, found.edition, found.requirement) == ("d", "us/test", "2024", "T-12")
    assert (found.outcome, found.level, found.grade) == (P, "recommended", MEASURED)
    assert found.evidence


def test_a_network_that_ended_is_not_applicable_even_of_a_device_that_was_lost():
    chosen = selected()
    carrier = msgspec.structs.replace(chosen.carrier, ended="2022-06-30")
    ended = Selected(carrier, chosen.edition, date(2024, 6, 1))
    for survey in (modem(listed(12)), handset(trouble="lost")):
        found = judge(Bound.of(survey), ended, band())
        assert found.outcome is NA
        assert "2022-06-30" in found.reason


def test_the_required_grade_is_the_higher_of_rule_and_run():
    declared = sheet(12)
    phone = handset(sim(OWN))
    for needed, asked, outcome in (
        ("declared", DECLARED, P),
        ("declared", OBSERVED, I),
        ("observed", DECLARED, I),
        ("measured", OBSERVED, I),
    ):
        found = judge(Bound.of(phone, declared), selected(), band(12, needed=needed), require_grade=asked)
        assert found.outcome is outcome, (needed, asked)


class _Bound:
    """As much of a `Bound` as links are held by: what it answers with, without some links and whole."""

    def __init__(self, *, own, without=None, whole=None, unbound=(), contradicted=(), denied=""):
        links = SimpleNamespace(
            unbound=frozenset(unbound),
            contradicted=frozenset(contradicted),
            loose=lambda links: f"{'+'.join(links)} by word alone",
            why=lambda link: f"{link} is of another device",
        )
        self.binding = SimpleNamespace(links=links)
        self.answer = own
        self._without = without or {}
        self.whole = None if whole is None else _Bound(own=whole)
        self.denied_by_sheet = denied

    def without(self, links):
        return _Bound(own=self._without.get(frozenset(links), self.answer))


def held(**told):
    return held_to_links(_Bound(**told), lambda bound: bound.answer)


def said(outcome, grade=MEASURED):
    return Answer(outcome, "told", grade)


@pytest.mark.parametrize("other", list(Outcome))
@pytest.mark.parametrize("grade", [None, *Grade])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_only_a_link_of_another_device_told_is_of_nobody(outcome, grade, other):
    found = held(own=said(outcome, grade), whole=said(other), contradicted=["at"])
    by_itself = outcome in {P, N, F} and grade in {OBSERVED, MEASURED}
    if outcome is not other and not by_itself:
        assert (found.outcome, found.grade) == (E, None)
        assert found.reason == "at is of another device; what only one of them told is of nobody"
    elif outcome in {P, N, F}:
        assert (found.outcome, found.grade) == (N if outcome is P else outcome, grade)
        assert found.reason == "told; at is of another device"
    else:
        assert found == said(outcome, grade)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_bound_links_change_nothing(outcome):
    assert held(own=said(outcome)) == said(outcome)


@pytest.mark.parametrize(
    ("own", "alone", "outcome", "words"),
    [
        (said(P), said(P), P, "told"),
        (said(P), said(P, OBSERVED), N, "at by word alone"),
        (said(P), said(I, None), N, "at by word alone"),
        (said(P), said(F), I, "says otherwise"),
        (said(F), said(P), I, "says otherwise"),
        (said(F), said(N), I, "says otherwise"),
        (said(F), said(I, None), F, "at by word alone"),
        (said(F), said(F, OBSERVED), F, "at by word alone"),
        (said(N), said(I, None), N, "at by word alone"),
        (said(P), said(N), N, "at by word alone"),
        (said(I, None), said(F), I, "told"),
        (said(E, None), said(F), E, "told"),
    ],
)
def test_what_rests_on_a_link_that_nothing_binds(own, alone, outcome, words):
    found = held(own=own, unbound=["at"], without={frozenset({"at"}): alone})
    assert found.outcome is outcome
    assert words in found.reason
    assert found.grade is (None if outcome is I else own.grade)


def test_only_the_links_that_it_rests_on_are_named():
    both = frozenset({"at", "qmi"})
    rests = {both: said(I, None), frozenset({"at"}): said(I, None), frozenset({"qmi"}): said(P)}
    assert held(own=said(P), unbound=both, without=rests).reason == "told; at by word alone"
    # Either of them alone would do: then it rests on both together.
    either = {both: said(I, None), frozenset({"at"}): said(P), frozenset({"qmi"}): said(P)}
    assert held(own=said(P), unbound=both, without=either).reason == "told; at+qmi by word alone"


def test_a_file_that_the_makers_sheet_denies_leaves_it_open():
    loose = {"own": said(P), "unbound": [FILES], "without": {frozenset({FILES}): said(I, None)}}
    assert held(**loose).outcome is N
    denied = held(**loose, denied="no variant has these bands")
    assert (denied.outcome, denied.grade) == (I, None)
    assert "no variant has these bands" in denied.reason
    two = held(
        own=said(P),
        unbound=["at", FILES],
        denied="no variant has these bands",
        without={
            frozenset({"at", FILES}): said(I, None),
            frozenset({"at"}): said(I, None),
            frozenset({FILES}): said(I, None),
        },
    )
    assert two.outcome is N


def test_an_answer_of_another_package_that_is_none_is_an_error():
    class Odd(type(band())):  # a kind whose code gives something else
        def judge(self, bound):
            return "PASS"

    odd = Odd(**{name: getattr(band(), name) for name in ("id", "level", "rat", "band", "role")})
    found = verdict(modem(listed(12)), odd)
    assert found.outcome is E
    assert "gave no Answer" in found.reason


def test_the_age_of_evidence_counts_to_the_day_of_the_run():
    read = Exchange("getprop", b"x", at="2020-01-10T10:00:00.000Z")
    survey = modem(listed(12), exchanges=(("at", read),))
    case = Case("d", selected(), band())
    for day, most, outcome in ((date(2020, 1, 20), 10, P), (date(2020, 1, 20), 9, I), (date(2020, 1, 9), 10, I)):
        run = Run(day=day, max_evidence_age=most, surveys={"d": survey}, bound={"d": Bound.of(survey)})
        assert run.verdict(case).outcome is outcome, (day, most)


def test_a_device_that_was_swept_is_judged_by_its_trials():
    trial = BandTrial(rat="lte", band=12, plan="refused", source=Source(link="sweep", exchange=0))
    survey = modem(trial)
    run = Run(day=date(2020, 1, 20), surveys={"d": survey}, bound={"d": Bound.of(survey)})
    run.add_papers("d")
    assert [(one.rule.id, one.selected.edition.as_of) for one in run.cases] == [("SWEEP-LTE-B12", "2020-01-20")]
    other = Run(surveys={"d": modem(listed(12))})
    other.add_papers("d")
    assert other.cases == []
