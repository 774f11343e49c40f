"""Verdicts, their ways out, waivers, listings and fits: each word and count to either side of where it decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from verdict_cases import alternative, attach, band, cell, handset, listed, modem, selected

from harness.carriers.store import Selected
from harness.observations import Grade, Source, SupportedBands, Unread
from harness.recording.exchange import Exchange
from harness.requirements.answers import Answer
from harness.requirements.bands.layers import BandFact
from harness.requirements.coverage import CoverageRule
from harness.requirements.google_apps import GoogleAppsRule
from harness.requirements.registered import RegisteredRule
from harness.requirements.rom_region import RomRegionRule
from harness.requirements.volte import VolteRule
from harness.survey.survey import Survey
from harness.verdicts import ways_out
from harness.verdicts.evidence_age import in_time, oldest_day
from harness.verdicts.linked import held_to_links
from harness.verdicts.listing import BandLine, Listing, _counted, _named, _state
from harness.verdicts.profile_open import is_profile_open
from harness.verdicts.result import result_of, results_of
from harness.verdicts.verdict import Outcome, Verdict
from harness.verdicts.waivers import Waiver, _problems, require_matches, waived
from harness.verdicts.ways_out import with_ways_out

P, N, W, F, I, E, NA = (  # noqa: E741
    Outcome[name] for name in ("PASS", "PASS_NOTE", "WAIVED", "FAIL", "INCONC", "ERROR", "NA")
)


def of(kind: Any, **more: Any) -> Any:
    return kind(**{"id": "T", "level": "mandatory", **more})


def said(outcome: Outcome, reason: str = "told", grade: Grade | None = None, **more: Any) -> Verdict:
    return Verdict("d", "us/test", "2024", "T-12", outcome, reason, "mandatory", grade, **more)


# Ways out


class At:
    """As much of a bound device as ways out ask of it."""

    def __init__(self, survey: Survey, facts: dict[int, BandFact] | None = None, *, is_in: bool = True) -> None:
        self.survey, self.facts = survey, facts or {}
        self.sim = SimpleNamespace(is_in=is_in)
        self.carrier = SimpleNamespace(name="Test")

    def fact(self, rat: str, number: int) -> BandFact:
        return self.facts[number]


def ways(rule: Any, at: At, verdict: Verdict | None = None, needed: Grade = Grade.DECLARED) -> tuple[str, ...]:
    return with_ways_out(verdict or said(I), rule, at, needed).ways_out  # type: ignore[arg-type]


def open_(because: Any, number: int = 12, has: bool | None = None) -> BandFact:
    return BandFact(number, has, because, "open")


A, C, ANOTHER, D = ways_out.AT_PORT, ways_out.CAPABILITY, ways_out.OTHER_CAPTURE, ways_out.DECLARE
SIM = "put a SIM of Test into the device and read it again"
OF_BAND = [
    ("untold", (C, A, D)),
    ("refused", (C,)),
    ("not_asked", (ways_out.AGAIN,)),
    ("unread", (ways_out.AGAIN,)),
    ("lost", (ways_out.AGAIN,)),
    ("conflict", (ways_out.AGAIN, C)),
    ("layers", (ways_out.AGAIN, C)),
    ("contradicted", (ways_out.AGAIN, C)),
    ("unrestricted", (C,)),
    ("once", (ANOTHER,)),
    ("silent", (ANOTHER, A)),
    ("not_enabled", (ways_out.ENABLE,)),
    ("enabled_unknown", (A,)),
    ("not_listed", (C,)),
    ("unverified", (ways_out.SHEET, C, A)),
    ("in_part", (ways_out.CARRIERS_PART,)),
    ("removed", (SIM, ways_out.AGAIN)),
    ("sheet", (ways_out.SECOND_LIST,)),
]


@pytest.mark.parametrize(("because", "expected"), OF_BAND)
def test_the_ways_out_of_an_open_band(because: Any, expected: tuple[str, ...]) -> None:
    at = At(handset(), {12: open_(because)})
    assert ways(band(), at) == expected
    # A modem that was read over AT is not sent there again.
    asked = modem(exchanges=(("at", Exchange("ATI", b"OK")),))
    left = tuple(way for way in expected if way != A) or (ways_out.AGAIN,)
    assert ways(band(), At(asked, {12: open_(because)})) == left
    over_usb = modem(exchanges=(("qmi", Exchange("x", b"")), ("adb", Exchange("x", b""))))
    assert ways(band(), At(over_usb, {12: open_(because)})) == expected


def test_the_band_that_leaves_it_open_is_asked_for() -> None:
    rule = band(12, any_of=(alternative(17, "alternative"), alternative(5, "alternative")))
    facts = {12: open_("lists", 12, True), 17: open_("lists", 17, False), 5: open_("once", 5)}
    assert ways(rule, At(handset(), facts)) == (ANOTHER,)
    assert ways(rule, At(handset(), facts | {17: open_("in_part", 17)})) == (ways_out.CARRIERS_PART,)
    assert ways(rule, At(handset(), facts | {5: open_("lists", 5, True)})) == (ways_out.SECOND_LIST,)


@pytest.mark.parametrize(
    ("rule", "survey", "is_in", "expected"),
    [
        (attach(), handset(), False, (SIM,)),
        (attach(), handset(), True, (ways_out.REGISTER,)),
        (of(RegisteredRule), modem(), True, (ways_out.REGISTER,)),
        (of(VolteRule), handset(), False, (SIM,)),
        (of(VolteRule), handset(), True, (ways_out.CARRIER_CONFIG,)),
        (of(VolteRule), modem(), True, (ways_out.MODEM_VOLTE,)),
        (of(CoverageRule), handset(), True, (ways_out.SECOND_LIST,)),
        (of(RomRegionRule, any_of=("x",)), handset(), True, (ways_out._OF_KIND["rom_region"][0],)),
        (of(RomRegionRule, any_of=("x",)), modem(), True, (ways_out.AGAIN,)),
        (of(GoogleAppsRule), handset(), True, (ways_out._OF_KIND["google_apps"][0],)),
        (attach(), handset(trouble="gone"), False, (ways_out.AGAIN,)),
        (band(), modem(trouble="gone"), True, (ways_out.AGAIN,)),
    ],
)
def test_the_ways_out_of_each_kind(rule: Any, survey: Survey, is_in: bool, expected: Any) -> None:
    assert ways(rule, At(survey, {12: open_("once")}, is_in=is_in)) == expected


@pytest.mark.parametrize(
    ("grade", "needed", "expected"),
    [
        (Grade.DECLARED, Grade.OBSERVED, (C, A)),
        (Grade.OBSERVED, Grade.MEASURED, (C, A)),
        (Grade.OBSERVED, Grade.OBSERVED, (ANOTHER,)),
        (Grade.MEASURED, Grade.OBSERVED, (ANOTHER,)),
        (None, Grade.MEASURED, (ANOTHER,)),
    ],
)
def test_what_is_too_weak_is_measured(grade: Any, needed: Any, expected: Any) -> None:
    at = At(handset(), {12: open_("once")})
    assert ways(band(), at, said(I, grade=grade), needed) == expected


@pytest.mark.parametrize("outcome", [P, N, W, F, E, NA])
def test_only_what_is_open_has_a_way_out(outcome: Outcome) -> None:
    at: Any = At(handset(), {12: open_("once")})
    assert with_ways_out(said(outcome), band(), at, Grade.DECLARED) == said(outcome)


def test_a_way_out_stands_behind_the_reason_once() -> None:
    at: Any = At(handset(), {12: open_("untold")})
    found = with_ways_out(said(I, "why; read it over its AT port"), band(), at, Grade.DECLARED)
    assert found.reason == f"why; read it over its AT port; way out: {C}, or {D}"
    all_told = with_ways_out(said(I, f"{C} {A} {D}"), band(), at, Grade.DECLARED)
    assert all_told.reason == f"{C} {A} {D}"
    assert all_told.ways_out == (C, A, D)


# Waivers, age, links


def waiver(**more: Any) -> Waiver:
    told = {"id": "W", "carrier": "us/test", "requirement": "T-12", "owner": "lab", "reason": "agreed"}
    return Waiver(**{**told, "expires": "2026-06-30", **more})


EDITION = SimpleNamespace(ref="us/test@2024", carrier=SimpleNamespace(id="us/test"))
CASE: Any = SimpleNamespace(device="d", rule=SimpleNamespace(id="T-12"), selected=EDITION)


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({}, True),
        ({"device": "d"}, True),
        ({"device": "c"}, False),
        ({"device": "e"}, False),
        ({"device": ""}, False),
        ({"carrier": "us/test@2024"}, True),
        ({"carrier": "us/test@2023"}, False),
        ({"carrier": "us/test@2025"}, False),
        ({"carrier": "us/a"}, False),
        ({"carrier": "us/z"}, False),
        ({"requirement": "T-11"}, False),
        ({"requirement": "T-13"}, False),
    ],
)
def test_the_case_that_a_waiver_is_about(more: Any, fits: bool) -> None:
    assert waiver(**more).fits(CASE) is fits
    judged = waived(said(F), CASE, (waiver(requirement="X"), waiver(**more)), handset())
    assert judged.outcome is (W if fits else F)
    if fits:
        require_matches([waiver(**more)], [CASE], "w.yaml")
    else:
        with pytest.raises(Exception, match="fits no case of this run"):
            require_matches([waiver(), waiver(**more)], [CASE], "w.yaml")


@pytest.mark.parametrize(
    ("expires", "today", "words"),
    [
        ("2026-06-30", date(2026, 6, 30), []),
        ("2026-06-30", date(2026, 6, 29), []),
        ("2026-06-30", date(2026, 7, 1), ["waiver W expired on 2026-06-30"]),
        ("2026-06-31", date(2026, 6, 1), ['"2026-06-31" is no day']),
    ],
)
def test_the_last_day_of_a_waiver(expires: str, today: date, words: list[str]) -> None:
    assert [one.message for one in _problems([waiver(expires=expires)], today)] == words
    both = [waiver(expires=expires), waiver(expires="2020-01-01", id="V"), waiver(expires="2999-01-01")]
    found = [one.message for one in _problems(both, today)]
    assert found == [*words, "waiver V expired on 2020-01-01", 'the id "W" stands here twice']


@pytest.mark.parametrize(
    ("verdict", "facts", "outcome"),
    [
        (said(I, grade=Grade.OBSERVED), (), W),
        (said(I, evidence=(Source(link="at", exchange=3),)), (), W),
        (said(I), (), I),
        (said(F), (), W),
        (said(I, evidence=(Source(link="at", exchange=3),)), ((("at", 3)),), I),
        (said(I, evidence=(Source(link="at", exchange=3),)), ((("at", 2)),), W),
        (said(I, evidence=(Source(link="at", exchange=3),)), ((("at", 4)),), W),
        (said(I, evidence=(Source(link="at", exchange=3),)), ((("qmi", 3)),), W),
        (said(F, evidence=(Source(link="at", exchange=3),)), ((("at", 3)),), W),
    ],
)
def test_what_nobody_read_is_not_waived(verdict: Verdict, facts: Any, outcome: Outcome) -> None:
    lost = (Unread(what="enabled", request="x", why="y", source=Source(link=link, exchange=at)) for link, at in facts)
    assert waived(verdict, CASE, (waiver(),), modem(*lost)).outcome is outcome
    gone = waived(verdict, CASE, (waiver(),), modem(*lost, trouble="gone"))
    assert gone.outcome is (W if verdict.outcome is F else I)


@pytest.mark.parametrize(
    ("days", "most", "words"),
    [
        (0, 0, ""),
        (1, 1, ""),
        (1, 0, "1 day before, and this run takes evidence of at most 0 days"),
        (-1, 9, "after the day"),
    ],
)
def test_the_age_of_evidence_to_the_day(days: int, most: int, words: str) -> None:
    day = date(2026, 6, 15)
    read = Survey("d", "d", "modem", exchanges=(("at", Exchange("x", b"", at=f"2026-06-{15 - days:02d}T23:00:00Z")),))
    found = in_time(said(P), read, day=day, most_days=most)
    assert (found.outcome, words in found.reason) == (I if words else P, True)
    if days > 0 and words:
        assert in_time(said(P), read, day=day, most_days=1).outcome is P
    assert oldest_day(read) == date(2026, 6, 15 - days)


@pytest.mark.parametrize(
    ("outcome", "trouble", "leaves", "is_open"),
    [
        (I, None, True, True),
        (I, None, False, False),
        (F, None, True, False),
        (I, "gone", True, False),
        (E, None, True, False),
    ],
)
def test_what_is_the_profiles_to_close(outcome: Outcome, trouble: Any, leaves: bool, is_open: bool) -> None:
    case: Any = SimpleNamespace(rule=SimpleNamespace(leaves_coverage_open=leaves))
    assert is_profile_open(said(outcome), case, handset(trouble=trouble)) is is_open


# A listing


def line(number: int, state: Any = "confirmed", rat: str = "lte", **more: Any) -> BandLine:
    return BandLine(
        **{"rat": rat, "band": number, "declared": True, "found": True, "state": state, "reason": "r", **more}
    )


@pytest.mark.parametrize(
    ("count", "words"),
    [
        *((1, "B1"), (2, "B1 and B2"), (3, "B1, B2 and B3"), (6, "B1, B2, B3, B4, B5 and B6")),
        *((7, "B1, B2, B3, B4, B5 and 2 more"), (9, "B1, B2, B3, B4, B5 and 4 more")),
    ],
)
def test_six_bands_are_named(count: int, words: str) -> None:
    assert _counted(tuple(line(number) for number in range(1, count + 1))) == words


def test_lines_by_state_technology_and_what_was_found() -> None:
    lines = (
        line(2),
        line(4, "refuted", found=False),
        line(5, "not_observed", found=None),
        line(12, "not_declared", declared=False),
        line(71, "no_declaration", "nr", declared=None),
        line(41, "unclear", "nr", declared=False, found=None),
    )
    told = Listing("d", ("a/b#c",), (), False, "B", lines)
    assert [one.band for one in told.of("confirmed", "refuted")] == [2, 4]
    assert [one.band for one in told.of("no_declaration", "unclear", rat="nr")] == [71, 41]
    assert (
        told.of("no_declaration", rat="lte") == told.of("confirmed", rat="nr") == told.of("confirmed", rat="gsm") == ()
    )
    assert [one.band for one in told.declared_not_found] == [4, 5]
    assert [one.band for one in told.found_not_declared] == [12]
    assert told.outcome is F
    assert replace(told, lines=()).outcome is I
    assert replace(told, lines=lines[:1]).outcome is P
    assert replace(told, lines=(), remark="why").sentence == "nothing is declared: why"


@pytest.mark.parametrize(
    ("has", "declared", "lists", "state"),
    [
        (True, True, ("lte",), "confirmed"),
        (True, False, ("lte",), "not_declared"),
        (True, None, (), "no_declaration"),
        (False, True, ("lte",), "refuted"),
        (False, False, ("lte",), None),
        (False, None, ("lte",), None),
        (None, True, ("lte",), "unclear"),
        (None, False, ("lte",), "unclear"),
        (None, True, (), "not_observed"),
        (None, True, ("gsm", "nr", "umts"), "not_observed"),
        (None, False, ("nr",), None),
        (None, None, (), None),
    ],
)
def test_the_state_of_each_line(has: Any, declared: Any, lists: Any, state: Any) -> None:
    survey = modem(*(SupportedBands(rat=rat, bands=(1,)) for rat in lists))
    assert _state("lte", BandFact(12, has, "lists", "why"), declared, survey) == state


def test_bands_that_a_device_names() -> None:
    told = modem(listed(2, 15, 12), listed(41, rat="nr"), cell(4, 2175), cell(66, 431000, rat="nr"), cell(None, None))
    assert _named(told, "lte") == {2, 12, 4}
    assert _named(told, "nr") == {41, 66}
    assert _named(told, "gsm") == set()


# Results, links, sheets


def test_results_are_of_their_own_device_and_edition() -> None:
    chosen = selected(band(2), band(12))
    other = Selected(chosen.carrier, chosen.edition, date(2030, 1, 1))
    verdicts = [replace(said(P), requirement="T-2"), replace(said(F), requirement="T-12"), replace(said(F), device="e")]
    plan = [("d", chosen), ("e", chosen), ("d", other), ("c", chosen)]
    found = results_of(plan, verdicts)
    assert [(one.device, one.met, one.failed, one.open) for one in found] == [
        ("d", 1, 1, 0),
        ("e", 0, 1, 1),
        ("c", 0, 0, 2),
    ]
    (missing,) = result_of("d", chosen, verdicts[:2]).missing
    assert missing.label == "B12"


def test_a_verdict_judged_again_is_the_heavier_one() -> None:
    for first, second, outcome in ((P, F, F), (F, P, F), (P, N, N), (I, F, F), (E, F, E)):
        found = said(first, "one").again(said(second, "two"))
        assert (found.outcome, [one.reason for one in found.attempts]) == (outcome, ["one", "two"])
    assert said(P, "one").again(said(P, "two")).reason == "one"


def test_an_answer_at_another_grade_rests_on_the_loose_link() -> None:
    links = SimpleNamespace(unbound=frozenset({"at"}), loose=lambda names: f"{'+'.join(names)} loose")

    def bound(outcome: Outcome, grade: Any, alone: Any = None) -> Any:
        return SimpleNamespace(
            binding=SimpleNamespace(links=links), whole=None, said=replace_answer(outcome, grade),
            without=lambda links: alone, denied_by_sheet="",
        )  # fmt: skip

    for grade, alone, outcome in (
        (Grade.MEASURED, (P, Grade.MEASURED), P),
        (Grade.MEASURED, (P, Grade.OBSERVED), N),
        (Grade.OBSERVED, (P, Grade.MEASURED), N),
        (Grade.MEASURED, (I, None), N),
        (Grade.MEASURED, (F, Grade.MEASURED), I),
    ):
        found = held_to_links(bound(P, grade, bound(*alone)), lambda known: known.said)
        assert found.outcome is outcome, (grade, alone)


def replace_answer(outcome: Outcome, grade: Any) -> Any:
    return Answer(outcome, "told", grade)
