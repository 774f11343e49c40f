"""A report against the one that its evidence gives again: each allowance for older runs, and nothing beyond it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from harness.observations import Identity, Source, Unread
from harness.reports.document.document import Document, load_document
from harness.reports.document.entries import AttemptEntry
from harness.reports.document.told_facts import ToldFacts
from harness.reports.run import agreement
from harness.reports.run.agreement import as_kept, document_faults, worded_otherwise
from harness.reports.run.folder import AskedRun
from harness.verdicts.verdict import Outcome

RUNS = Path(__file__).with_name("older_runs")
NEW, SECOND, FIRST = "bandproof.report/3", "bandproof.report/2", "bandproof.report/1"


@pytest.fixture(scope="module")
def document() -> Document:
    """A document of the schema of today."""
    return replace(load_document(RUNS / "report-2"), schema=NEW)


def asked(schema: str = "bandproof.run/4") -> AskedRun:
    return AskedRun(
        schema=schema,  # type: ignore[arg-type]
        id="7f3a90c2",
        started="2026-11-30T09:15:17.131Z",
        tool="bandproof 0",
        policy="strict",
        require_grade="declared",
        as_of=None,
    )


def words(told: Document, again: Document) -> list[str]:
    return [one.message for one in document_faults(told, again)]


def with_verdict(document: Document, at: int, **more: Any) -> Document:
    found = list(document.verdicts)
    found[at] = replace(found[at], **more)
    return replace(document, verdicts=tuple(found))


def with_device(document: Document, **more: Any) -> Document:
    return replace(document, devices=(replace(document.devices[0], **more), *document.devices[1:]))


def test_a_document_that_is_given_again_has_no_fault(document: Document) -> None:
    assert words(document, document) == []
    assert as_kept(document, document, asked()) == document


def test_a_summary_that_does_not_count_the_verdicts_is_a_fault(document: Document) -> None:
    for change in (1, -1):
        counts = replace(document.summary, PASS=document.summary.PASS + change)
        assert "its summary does not count its verdicts" in words(replace(document, summary=counts), document)


CHANGES: dict[str, tuple[Callable[[Document], Document], str]] = {
    "a run's number": (lambda d: replace(d, run=replace(d.run, id="00000000")), "run.id is '00000000' in the report"),
    "a result": (
        lambda d: replace(d, results=(replace(d.results[0], met=7), *d.results[1:])),
        "results[0].met is 7 in the report, the run gives 0",
    ),
    "a result more": (
        lambda d: replace(d, results=(*d.results, d.results[0])),
        "results has 5 parts in the report, the run gives 4",
    ),
    "a note": (lambda d: replace(d, submission=d.submission[1:]), "submission has"),
    "a device's fact": (lambda d: with_device(d, label="x"), "its label are not what the evidence gives"),
    "a verdict": (lambda d: with_verdict(d, 10, verdict=Outcome.PASS), "verdict is 'PASS' in the report, the evidence"),
    "a reason": (lambda d: with_verdict(d, 10, reason="x"), "reason is 'x' in the report, the evidence gives"),
    "a grade": (lambda d: with_verdict(d, 10, grade="measured"), "grade is 'measured' in the report"),
    "attempts": (lambda d: with_verdict(d, 10, attempts=(AttemptEntry(Outcome.PASS, "x"),)), "attempts is"),
}


@pytest.mark.parametrize("way", CHANGES)
@pytest.mark.parametrize("schema", [NEW, SECOND, FIRST])
def test_each_part_that_is_not_given_again_is_named(document: Document, way: str, schema: str) -> None:
    change, said = CHANGES[way]
    told = replace(document, schema=schema)
    found = words(change(told), told)
    assert any(said in one for one in found), found
    assert words(told, told) == []


def test_what_the_first_schema_did_not_hold_is_no_difference(document: Document) -> None:
    untold = replace(document, run=replace(document.run, bench=None))
    again = replace(document, run=replace(document.run, bench="one"))
    given = with_device(document, sample="S-1")
    for schema, faults in ((NEW, 1), (SECOND, 1), (FIRST, 0)):
        assert len(words(replace(untold, schema=schema), replace(again, schema=schema))) == faults
        assert len(words(replace(with_device(document, sample=None), schema=schema), given)) == faults
        # But what it tells and the run does not give is one.
        assert len(words(replace(again, schema=schema), replace(untold, schema=schema))) == 1


def test_five_differences_of_a_part_are_named(document: Document) -> None:
    told = replace(document, results=tuple(replace(one, met=90, asked=91) for one in document.results))
    assert len([one for one in words(told, document) if one.startswith("results[")]) == 5
    few = replace(document, results=(*(replace(one, met=90) for one in document.results[:2]), *document.results[2:]))
    assert len(words(few, document)) == 2


@pytest.mark.parametrize(("length", "cut"), [(157, False), (158, False), (159, True)])
def test_a_long_value_is_cut(length: int, cut: bool) -> None:
    shown = agreement._short("x" * length)
    assert shown.endswith("…") is cut
    assert len(shown) == min(length + 2, 161 if cut else 160)


def test_sentences_of_another_version_are_taken_from_the_evidence_and_values_are_not(document: Document) -> None:
    told = with_verdict(document, 10, reason="put otherwise", verdict=Outcome.PASS)
    again = with_verdict(document, 10, reason="as of today")
    found = worded_otherwise(told, again).verdicts[10]
    assert (found.reason, found.verdict) == ("as of today", Outcome.PASS)
    assert worded_otherwise(document, document) == document
    short = replace(again, verdicts=again.verdicts[:-1])
    assert worded_otherwise(told, short).verdicts[10].reason == "put otherwise"


def attempts(*pairs: tuple[Outcome, str]) -> tuple[AttemptEntry, ...]:
    return tuple(AttemptEntry(*pair) for pair in pairs)


def test_attempts_are_kept_where_each_came_to_what_the_evidence_gives(document: Document) -> None:
    one = document.verdicts[10]
    same = (one.verdict, one.reason)
    other = (Outcome.PASS, one.reason)
    for told, kept in (
        (attempts(same), True),
        (attempts(same, same), True),
        (attempts(other), False),
        (attempts(same, other), False),
        (attempts(other, same), False),
        (attempts((one.verdict, "x")), False),
        ((), False),
        (None, False),
    ):
        report = with_verdict(document, 10, attempts=told)
        again = as_kept(report, document, asked())
        assert again.verdicts[10].attempts == (told if kept else None)
        assert [v.attempts for v in again.verdicts[:10]] == [None] * 10
    # A verdict that the report does not have has none.
    again = as_kept(replace(document, verdicts=document.verdicts[1:]), document, asked())
    assert again.verdicts[0].attempts is None


def test_what_could_not_be_read_was_no_fact_of_the_first_schema(document: Document) -> None:
    lost = Unread(request="AT", what="enabled", why="late", source=Source(request="AT"))
    facts = ToldFacts((Identity(model="X"), lost))
    again = with_device(document, observations=facts)
    for schema, count in ((NEW, 2), (SECOND, 2), (FIRST, 1)):
        told = replace(document, schema=schema)
        found = as_kept(told, replace(again, schema=schema), asked())
        assert len(found.devices[0].observations) == count
        assert len(found.devices) == len(document.devices)


def counted(document: Document, schema: str, run: str) -> Any:
    results = tuple(replace(one, met=90, asked=91, failed=3, open=4, not_applicable=5) for one in document.results)
    again = as_kept(replace(document, schema=schema), replace(document, results=results), asked(run))
    return [(one.met, one.asked, one.failed, one.open, one.not_applicable) for one in again.results]


@pytest.mark.parametrize(
    ("schema", "run", "rows"),
    [
        # Of report/2 what is informative, and of both what does not apply, is not counted.
        (SECOND, "bandproof.run/3", [(0, 1, 0, 0, 0), (1, 1, 0, 0, 0), (0, 1, 0, 0, 0), (0, 1, 0, 0, 0)]),
        (SECOND, "bandproof.run/2", [(0, 1, 0, 0, 0), (1, 1, 0, 0, 0), (0, 1, 0, 0, 0), (0, 1, 0, 0, 0)]),
        (FIRST, "bandproof.run/2", [(5, 6, 0, 0, 0), (1, 1, 0, 0, 0), (4, 5, 0, 0, 0), (0, 1, 0, 0, 0)]),
        # A report that calls itself older than its run is not counted as such.
        (SECOND, "bandproof.run/4", [(90, 91, 3, 4, 5)] * 4),
        (FIRST, "bandproof.run/4", [(90, 91, 3, 4, 5)] * 4),
        (FIRST, "bandproof.run/3", [(90, 91, 3, 4, 5)] * 4),
        (NEW, "bandproof.run/4", [(90, 91, 3, 4, 5)] * 4),
        (NEW, "bandproof.run/2", [(90, 91, 3, 4, 5)] * 4),
    ],
)
def test_results_are_counted_as_the_reports_schema_did(document: Document, schema: str, run: str, rows: Any) -> None:
    assert counted(document, schema, run) == rows


SINCE = {
    "declared_confidence": "B",
    "declared_sources": ("a list",),
    "declared_own": True,
    "bonds": ("a bond",),
    "locks": ("a lock",),
}


@pytest.mark.parametrize("part", SINCE)
def test_what_older_reports_do_not_tell_of_a_device_is_not_held_against_them(document: Document, part: str) -> None:
    empty = {"declared_confidence": None, "declared_own": False}.get(part, ())
    told = replace(with_device(document, **{part: empty}), schema=SECOND)
    again = with_device(document, **{part: SINCE[part]})
    assert getattr(as_kept(told, again, asked("bandproof.run/3")).devices[0], part) == empty
    assert getattr(as_kept(told, again, asked()).devices[0], part) == SINCE[part]
    other = replace(with_device(document, **{part: "C" if part == "declared_confidence" else ("x",)}), schema=SECOND)
    assert getattr(as_kept(other, again, asked("bandproof.run/3")).devices[0], part) == SINCE[part]
    gone = replace(told, devices=told.devices[1:])
    assert getattr(as_kept(gone, again, asked("bandproof.run/3")).devices[0], part) == SINCE[part]


def test_troubles_of_an_older_report_may_begin_with_a_class(document: Document) -> None:
    first, *rest = document.devices[0].exchanges
    told = with_device(
        document, trouble="DeviceGone: gone", exchanges=(replace(first, error="AnswerTimeout: 5 s"), *rest)
    )
    again = with_device(document, trouble="gone", exchanges=(replace(first, error="5 s"), *rest))
    found = as_kept(replace(told, schema=SECOND), again, asked("bandproof.run/3")).devices[0]
    assert (found.trouble, found.exchanges[0].error) == ("DeviceGone: gone", "AnswerTimeout: 5 s")
    assert len(found.exchanges) == len(rest) + 1
    # Exchanges that the report lacks stay as the evidence gives them.
    few = with_device(told, exchanges=told.devices[0].exchanges[:1])
    behind = with_device(again, exchanges=(replace(first, error="5 s"), *(replace(one, error="x") for one in rest)))
    found = as_kept(replace(few, schema=SECOND), behind, asked("bandproof.run/3")).devices[0]
    assert [one.error for one in found.exchanges] == ["AnswerTimeout: 5 s", *["x"] * len(rest)]
    found = as_kept(told, again, asked()).devices[0]
    assert (found.trouble, found.exchanges[0].error) == ("gone", "5 s")


OLD_RUN = "bandproof.run/2"


def test_times_that_the_report_of_an_older_run_alone_keeps(document: Document) -> None:
    end = "2026-11-30T09:15:18.168Z"
    told = replace(document, schema=FIRST)
    again = replace(document, run=replace(document.run, finished=None, complete=False))
    again = with_device(again, connection=replace(document.devices[0].connection, elapsed_s=9.0))
    kept = as_kept(told, again, asked(OLD_RUN))
    assert (kept.run.finished, kept.run.complete) == (end, True)
    assert [one.connection for one in kept.devices] == [one.connection for one in document.devices]
    now = as_kept(replace(document, schema=NEW), again, asked())
    assert (now.run.finished, now.run.complete, now.devices[0].connection.elapsed_s) == (None, False, 9.0)
    # Complete is a run that ended and told each verdict.
    stopped = replace(told, run=replace(told.run, finished=None))
    assert as_kept(stopped, again, asked(OLD_RUN)).run.complete is False
    lacking = replace(told, verdicts=told.verdicts[1:])
    assert as_kept(lacking, again, asked(OLD_RUN)).run.complete is False
    unknown = replace(told, devices=told.devices[1:])
    found = as_kept(unknown, again, asked(OLD_RUN))
    assert found.devices[0].connection.elapsed_s == 9.0
    assert len(found.devices) == len(document.devices)


def test_of_a_submission_the_dates_alone_are_the_reports(document: Document) -> None:
    told = replace(document, schema=FIRST, submission=tuple(replace(one, value="told") for one in document.submission))
    found = as_kept(told, document, asked(OLD_RUN)).submission
    dates = {"dates of the tests", "dates of the judgement", "date of issue"}
    assert {one.item for one in found if one.value == "told"} == dates
    assert [one.item for one in found] == [one.item for one in document.submission]
    none = as_kept(replace(told, submission=()), document, asked(OLD_RUN)).submission
    assert none == document.submission


def test_facts_of_an_older_run_are_the_reports_where_the_evidence_gives_them(document: Document) -> None:
    knew = {"identity": frozenset({"kind", "model"})}
    told = replace(
        with_device(document, observations=ToldFacts((Identity(model="X"),), knew), identity={"model": "X"}),
        schema=FIRST,
    )
    again = with_device(
        document, observations=ToldFacts((Identity(model="X", build="B"),)), identity={"model": "X", "build": "B"}
    )
    found = as_kept(told, again, asked(OLD_RUN)).devices[0]
    assert (len(found.observations), found.identity) == (1, {"model": "X"})
    assert next(iter(found.observations)) == Identity(model="X")
    wrong = with_device(again, observations=ToldFacts((Identity(model="Y", build="B"),)))
    found = as_kept(told, wrong, asked(OLD_RUN)).devices[0]
    assert next(iter(found.observations)) == Identity(model="Y", build="B")
    silent = with_device(again, kind=None, exchanges=())
    assert as_kept(told, silent, asked(OLD_RUN)).devices[0].kind == "handset"
    assert as_kept(told, with_device(again, kind=None), asked(OLD_RUN)).devices[0].kind is None
