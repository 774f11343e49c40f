"""Old evidence decides nothing where a run limits its age, and evidence without a day is not taken for new."""

from __future__ import annotations

from datetime import date

import pytest

from harness.recording.exchange import Exchange
from harness.survey.survey import Survey
from harness.verdicts.evidence_age import in_time, oldest_day
from harness.verdicts.verdict import Outcome, Verdict

DAY = date(2026, 6, 30)


def read_at(*times: str | None) -> Survey:
    return Survey("one", "one", "modem", exchanges=tuple(("at", Exchange("ATI", b"OK", at=at)) for at in times))


OLD = "because; the evidence was read on 2026-05-30, 31 days before, and this run takes evidence of at most 30 days"


@pytest.mark.parametrize(
    ("times", "outcome", "words"),
    [
        (["2026-06-30T10:00:00.000Z"], "PASS", "because"),
        (["2026-05-31T23:59:59.000Z"], "PASS", "because"),
        (
            ["2026-05-30T00:00:00.000Z"],
            "INCONC",
            "; the evidence was read on 2026-05-30, 31 days before, and this run takes evidence of at most 30 days",
        ),
        (["2026-06-30T10:00:00.000Z", "2020-01-01T00:00:00.000Z"], "INCONC", "read on 2020-01-01"),
        (["2026-06-30T10:00:00.000Z", None], "INCONC", "does not tell when it was read"),
        (["yesterday"], "INCONC", "does not tell when it was read"),
        ([], "INCONC", "does not tell when it was read"),
        (["2027-01-01T00:00:00.000Z"], "INCONC", "after the day of the run (2026-06-30)"),
    ],
)
def test_only_evidence_of_known_and_young_age_decides(times: list[str | None], outcome: str, words: str) -> None:
    found = in_time(
        Verdict("one", "us/att", "2024", "R", Outcome.PASS, "because"), read_at(*times), day=DAY, most_days=30
    )
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize("outcome", [Outcome.PASS_NOTE, Outcome.FAIL, Outcome.WAIVED])
def test_every_verdict_that_decides_is_held_back(outcome: Outcome) -> None:
    assert in_time(Verdict("a", "b", "c", "d", outcome, "x"), read_at(), day=DAY, most_days=1).outcome is Outcome.INCONC


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.NA, Outcome.INCONC])
def test_what_decides_nothing_stays(outcome: Outcome) -> None:
    before = Verdict("a", "b", "c", "d", outcome, "x")
    assert in_time(before, read_at(), day=DAY, most_days=1) is before


def test_the_oldest_answer_counts() -> None:
    assert oldest_day(read_at("2026-06-30T10:00:00.000Z", "2021-02-03T10:00:00.000Z")) == date(2021, 2, 3)
    assert oldest_day(read_at("2026-06-30T10:00:00.000Z", None)) is None
