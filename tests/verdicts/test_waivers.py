"""A waiver is for the case that it names, waives what was judged, and touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harness.errors import FileError
from harness.observations import Grade, Source, Unread
from harness.survey.survey import Survey
from harness.verdicts.case import Case
from harness.verdicts.verdict import Outcome, Verdict
from harness.verdicts.waivers import Waiver, load_waivers, waived

READ = Source("AT+QNWPREFCFG?", 1, "at", 3)
LOST = Unread(what="enabled", request="AT+QNWPREFCFG?", why="no answer", source=READ)


@dataclass(frozen=True)
class Named:
    """What a waiver asks of an edition and a rule."""

    id: str
    ref: str = ""
    carrier: Any = None


def case(device: str = "one", carrier: str = "us/att", edition: str = "2024", rule: str = "R-1") -> Case:
    selected: Any = Named("", f"{carrier}@{edition}", Named(carrier))
    return Case(device, selected, Named(rule))  # type: ignore[arg-type]


def waiver(**more: Any) -> Waiver:
    told = {"carrier": "us/att", "requirement": "R-1", **more}
    return Waiver(id="W-1", owner="lab", reason="agreed", expires="2999-12-31", **told)


def verdict(outcome: Outcome, **more: Any) -> Verdict:
    return Verdict("one", "us/att", "2024", "R-1", outcome, "because", **more)


def survey(*facts: Any, **more: Any) -> Survey:
    return Survey("one", "one", "modem", observations=facts, **more)


@pytest.mark.parametrize(
    "other",
    [
        waiver(requirement="R-2"),
        waiver(carrier="us/verizon"),
        waiver(carrier="us/att@2017"),
        waiver(carrier="us/att-prepaid"),
        waiver(device="two"),
        waiver(device="one-2"),
        waiver(requirement="R-11"),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.INCONC, Outcome.ERROR, Outcome.PASS])
def test_a_waiver_of_another_case_changes_nothing(other: Waiver, outcome: Outcome) -> None:
    before = verdict(outcome, grade=Grade.MEASURED, evidence=(READ,))
    assert waived(before, case(), (other,), survey()) is before


@pytest.mark.parametrize("one", [waiver(), waiver(device="one"), waiver(carrier="us/att@2024")])
@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.INCONC])
def test_what_was_judged_is_waived_and_keeps_its_reason(one: Waiver, outcome: Outcome) -> None:
    found = waived(verdict(outcome, grade=Grade.DECLARED), case(), (waiver(device="two"), one), survey())
    assert found.outcome is Outcome.WAIVED
    assert found.reason == f"{outcome.name} waived by W-1 until 2999-12-31 (lab: agreed); because"


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.PASS_NOTE, Outcome.NA, Outcome.ERROR])
def test_nothing_else_is_waived(outcome: Outcome) -> None:
    before = verdict(outcome, grade=Grade.MEASURED, evidence=(READ,))
    assert waived(before, case(), (waiver(),), survey()) is before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, survey()),
        ({"grade": Grade.MEASURED, "evidence": (READ,)}, survey(trouble="it was lost")),
        ({"grade": Grade.DECLARED}, survey(trouble="it was lost")),
        ({"evidence": (READ,)}, survey(LOST)),
        ({"grade": Grade.MEASURED, "evidence": (Source("ATI", 1, "at", 0), READ)}, survey(LOST)),
    ],
)
def test_what_was_not_read_is_not_waived(more: dict[str, Any], told: Survey) -> None:
    found = waived(verdict(Outcome.INCONC, **more), case(), (waiver(),), told)
    assert found.outcome is Outcome.INCONC
    assert found.reason.startswith("because; waiver W-1 does not apply: it waives what was judged")


def test_an_answer_that_was_lost_elsewhere_does_not_matter() -> None:
    other = Source("AT+QNWINFO", 1, "at", 4)
    found = waived(verdict(Outcome.INCONC, evidence=(other,)), case(), (waiver(),), survey(LOST))
    assert found.outcome is Outcome.WAIVED


def test_a_waivers_file_with_an_unknown_key_twice_an_id_or_no_day_is_refused(tmp_path: Any) -> None:
    from datetime import date

    from harness.errors import FileError
    from harness.verdicts.waivers import load_waivers

    one = "- {id: W-1, carrier: us/att, requirement: R-1, owner: lab, reason: agreed, expires: '2999-12-31'}\n"
    head = "format: bandproof.waivers/1\nwaivers:\n"
    file = tmp_path / "waivers.yaml"
    file.write_text(head + one)
    assert [waiver.id for waiver in load_waivers(file, date(2026, 1, 1))] == ["W-1"]
    for text, words in (
        (one.replace("owner: lab", "owner: lab, because: x"), "unknown key"),
        (one + one, "stands here twice"),
        (one.replace("2999-12-31", "soon"), "is not of its form"),
        (one.replace("2999-12-31", "2026-02-31"), "is no day"),
        (one.replace("2999", "2020"), "expired on 2020-12-31"),
    ):
        file.write_text(head + text)
        with pytest.raises(FileError, match=words):
            load_waivers(file, date(2026, 1, 1))
    file.write_text(head + one.replace("2999-12-31", "2026-01-01"))
    assert load_waivers(file, date(2026, 1, 1)), "it holds on its last day"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour: red\n", "colour"),
        ("waivers: []\nformat: bandproof.waivers/2\n", "waivers"),
    ],
)
def test_a_file_with_a_word_that_it_does_not_know_is_refused(tmp_path: Path, text: str, words: str) -> None:
    head = "" if "format" in text else "format: bandproof.waivers/1\nwaivers: []\n"
    file = tmp_path / "w.yaml"
    file.write_text(head + text)
    with pytest.raises(FileError, match=words):
        load_waivers(file, date(2026, 1, 1))


def test_the_first_fault_of_a_file_is_told_at_its_line(tmp_path: Path) -> None:
    line = "  - {{id: {}, carrier: us/att, requirement: R, owner: o, reason: r, expires: {}}}\n"
    file = tmp_path / "w.yaml"
    rows = line.format("A", "2025-12-31") + line.format("B", "2026-02-31") + line.format("A", "2026-12-31")
    file.write_text("format: bandproof.waivers/1\nwaivers:\n" + rows)
    with pytest.raises(FileError, match="waiver A expired on 2025-12-31") as caught:
        load_waivers(file, date(2026, 1, 1))
    assert caught.value.line == 3
    file.write_text(
        "format: bandproof.waivers/1\nwaivers:\n" + line.format("B", "2026-02-31") + line.format("B", "2026-12-31")
    )
    with pytest.raises(FileError, match='"2026-02-31" is no day'):
        load_waivers(file, date(2026, 1, 1))
    file.write_text("format: bandproof.waivers/1\nwaivers:\n" + line.format("A", "2026-01-01"))
    assert [one.id for one in load_waivers(file, date(2026, 1, 1))] == ["A"]
