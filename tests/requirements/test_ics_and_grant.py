"""The kinds `ics` and `grant`: what a paper comes to as a verdict."""

from __future__ import annotations

from datetime import date

import pytest
from ics_values import BUILD, MODEL, attached, capability, enabled, hardware, power, survey

from harness.carriers.kinds import rule_class
from harness.ics.declaration import IcsDeclaration, IcsFault, IcsHead, SheetPlace, Statement
from harness.ics.grants import parse_grant
from harness.ics.references import find
from harness.observations import Grade
from harness.requirements.bound import Bound
from harness.requirements.papers import NO_PAPERS, Papers
from harness.verdicts.declared_papers import editions_of_papers, is_declared
from harness.verdicts.judge import judge

DAY = date(2026, 1, 2)
HEAD = IcsHead(model=MODEL, software=BUILD)


def ics(head=HEAD, faults=(), complete=(), **words):
    statements = tuple(
        Statement(find(f"pc_eBand{name[1:]}_Supp" if name[0] == "B" else name), word, SheetPlace(row=row))
        for row, (name, word) in enumerate(words.items(), 1)
    )
    return IcsDeclaration("ics.txt", "txt", head, statements, frozenset(complete), faults)


def verdicts(device, papers, **more):
    bound = Bound.of(device, None, papers)
    return [
        judge(bound, selected, rule, **more)
        for selected in editions_of_papers(papers, DAY)
        for rule in selected.edition.requirements
    ]


def outcome(device, *declared, grants=(), **more):
    (one,) = verdicts(device, Papers(declared, grants), **more)
    return one.outcome.name, one.reason, one.grade


FULL = survey(hardware(2, 4))


@pytest.mark.parametrize(
    ("device", "declared", "expected", "words"),
    [
        (FULL, ics(B2="true", B4="true"), "PASS", "2 items agree"),
        (FULL, ics(B2="true", B4="true", B12="true"), "FAIL", "B12 (contradiction)"),
        (FULL, ics(B2="true"), "FAIL", "B4 (undeclared)"),
        (FULL, ics(complete=("all",), B2="true", B4="false"), "FAIL", "B4 (contradiction)"),
        (survey(capability(2, 4)), ics(B2="true", B4="true", B12="true"), "INCONC", "give evidence that answers it"),
        (
            FULL,
            ics(faults=(IcsFault(SheetPlace(row=9), "bare number"),), B2="true", B4="true"),
            "INCONC",
            "mend the file",
        ),
        (FULL, ics(head=IcsHead(model="Other", software=BUILD), B12="true"), "INCONC", "does not speak"),
        (FULL, ics(head=IcsHead(model=MODEL, software="9.9"), B2="true", B4="true"), "INCONC", "does not speak"),
        (FULL, ics(head=IcsHead(model=MODEL), B2="true", B4="true"), "PASS_NOTE", "the user's word alone"),
        (survey(), ics(B2="true"), "INCONC", "give evidence"),
        (survey(capability(2)), ics(B12="blank", B2="blank"), "FAIL", "B2 (undeclared)"),
        (survey(capability()), ics(B12="blank"), "INCONC", "states nothing that the device tells"),
    ],
)
def test_a_proforma_as_a_verdict(device, declared, expected, words):
    name, reason, _ = outcome(device, declared)
    assert (name, words in reason) == (expected, True), reason


def test_what_is_told_once_is_less_than_measured():
    device = survey(capability(77, rat="nr"), power(77, 2, told_once=True))
    declared = ics(pc_nrBand77_Supp="true", pc_nrBand77_PC2_Supp="true")
    assert outcome(device, declared)[::2] == ("PASS", Grade.OBSERVED)
    assert outcome(device, declared, require_grade=Grade.MEASURED)[0] == "INCONC"


def test_the_weightiest_of_several_proformas_counts():
    assert outcome(FULL, ics(B2="true", B4="true"), ics(B2="true", B4="true", B12="true"))[0] == "FAIL"


@pytest.mark.parametrize("kind", ["ics", "grant"])
def test_a_profile_that_asks_for_a_paper_which_nobody_gave_is_inconclusive(kind):
    rule = rule_class(kind)(id="T-1", level="mandatory")
    bound = Bound.of(FULL)
    (selected,) = editions_of_papers(Papers((ics(B2="true"),)), DAY)
    found = judge(bound, selected, rule)
    assert (found.outcome.name, "--declared" in found.reason) == ("INCONC", True)


@pytest.mark.parametrize(
    ("row", "device", "expected", "words"),
    [
        ("27 1710.7-1779.3 1M10G7D", survey(enabled(66)), "PASS_NOTE", "the user's word alone"),
        ("27 1710.7-1779.3 1M10G7D", survey(enabled(71)), "FAIL", "enabled, and not in its lines: B71"),
        ("27 1710.7-1779.3 1M10G7D", survey(hardware(71)), "INCONC", "what is enabled on the device was not observed"),
        ("27 1710.7-1779.3 1M10G7D", survey(enabled(3)), "INCONC", "tell nothing"),
        ("15C 2402-2480", survey(enabled(66)), "INCONC", "other radios"),
        ("Contains FCC ID: X-1\n27 1710.7-1779.3", survey(enabled(71)), "INCONC", "a module's own"),
    ],
)
def test_a_grant_as_a_verdict(row, device, expected, words):
    name, reason, _ = outcome(device, grants=(parse_grant(row, "grant.txt"),))
    assert (name, words in reason) == (expected, True), reason


def test_a_grant_that_is_bound_and_leaves_nothing_open_passes():
    grant = parse_grant("FCC ID: 2ABCD-X1\n27 777-787", "grant.txt")
    (one,) = verdicts(survey(enabled(13)), Papers((), (grant,), "2ABCD-X1"))
    assert (one.outcome.name, one.grade) == ("PASS", Grade.MEASURED)
    assert "proves no support" in one.reason


def test_a_band_in_use_is_found_as_observed():
    grant = parse_grant("27 777-787", "grant.txt")
    (one,) = verdicts(survey(*attached(2, 900)), Papers((), (grant,)))
    assert (one.outcome.name, one.grade) == ("FAIL", Grade.OBSERVED)


def test_papers_are_editions_of_their_own():
    papers = Papers((ics(B2="true"),), (parse_grant("27 777-787"),))
    refs = [one.ref for one in editions_of_papers(papers, DAY)]
    assert refs == ["declared/ics@2026-01-02", "declared/fcc-grant@2026-01-02"]
    assert all(is_declared(ref) for ref in refs)
    assert not is_declared("us/att")
    assert list(editions_of_papers(NO_PAPERS, DAY)) == []
    assert not NO_PAPERS
