"""The first minute of a report: what fails, what is open and what closes it, by whose word the requirements are."""

from __future__ import annotations

from typing import Any

from documents import completed, page_of, typed

from harness.reports.document.minute import carriers_in_words, compiled_from, lacks, open_points

SIM = "put a SIM of {} into the device and read it again"


def result(carrier: str, verdict: str = "FAIL", **more: Any) -> dict[str, Any]:
    return {"carrier": f"us/{carrier.casefold()}", "name": carrier, "verdict": verdict, **more}


def test_what_fails_is_told_once_with_all_carriers_that_ask_for_it() -> None:
    b66 = {"missing": ["B66"], "missing_roles": ["capacity"]}
    reasons = [
        {"requirement": "R1", "verdict": "FAIL", "reason": "B66 not supported"},
        {"requirement": "R2", "verdict": "FAIL", "reason": "ROM region china"},
    ]
    found = lacks(
        typed(completed({"results": [result("A", **b66, reasons=reasons), result("B", **b66), result("C", "PASS")]}))
    )
    assert [(one.what, one.carriers) for one in found] == [("B66 missing", ("A", "B")), ("ROM region china", ("A",))]
    assert found[0].why.startswith("a capacity band, so slower")


def test_what_is_open_is_told_by_what_closes_it() -> None:
    def verdict(carrier: str, number: int, *ways: str) -> dict[str, Any]:
        told = {"requirement": f"R{number}", "verdict": "INCONC", "text": f"thing {number}"}
        return {"carrier": f"us/{carrier.casefold()}", **told, "ways_out": [way.format(carrier) for way in ways]}

    verdicts = [verdict("A", 1, SIM), verdict("A", 2, SIM), verdict("B", 3, SIM), verdict("B", 4, "another list")]
    made = typed(completed({"results": [result("A", "INCONC"), result("B", "INCONC")], "verdicts": verdicts}))
    sims, lists = open_points(made)
    assert (sims.count, sims.carriers, sims.ways) == (3, ("A", "B"), (SIM.format("the carrier"),))
    assert (lists.count, lists.what, lists.ways) == (1, ("thing 4",), ("another list",))


def test_whose_word_the_requirements_are() -> None:
    def told(*editions: tuple[str, str]) -> list[str]:
        parts = [
            {"carrier": f"us/{n}", "name": name, "edition": f"201{n}", "confidence": c, "requirements": [{}]}
            for n, (name, c) in enumerate(editions)
        ]
        return compiled_from(typed(completed({"editions": parts})))

    assert told(("AT&T", "B")) == [
        "Requirements compiled from public lists that agree (confidence B), not AT&T's own documents."
    ]
    assert told(("AT&T", "A")) == [
        "Requirements compiled from documents of the carrier, the maker or a regulator (confidence A)."
    ]
    own, lists = told(("AT&T", "A"), ("X", "C"))
    assert own.startswith("Requirements of AT&T compiled from documents of the carrier")
    assert lists == "Requirements of X compiled from one public list or a forum (confidence C), not X's own documents."
    then, now = told(("AT&T", "C"), ("AT&T", "B"))[::-1]
    assert then.startswith("Requirements of AT&T (edition 2010) compiled from one public list or a forum")
    assert now.startswith("Requirements of AT&T (edition 2011) compiled")
    assert {one.partition("), ")[2] for one in (then, now)} == {"not AT&T's own documents."}
    assert told(("AT&T", "D"))[0].startswith("Requirements written from memory and not confirmed")
    paper = {"carrier": "declared/ics", "name": "its ICS", "requirements": [{}]}
    assert compiled_from(typed(completed({"editions": [paper]}))) == []


def test_many_carriers_are_counted() -> None:
    assert carriers_in_words(["a", "b"]) == "a and b"
    assert carriers_in_words(list("abcde")) == "5 carriers"


def test_they_stand_before_the_result(made: Any) -> None:
    page = page_of(*made)
    places = [
        page.index(words) for words in ("compiled from", "What fails, and why", "B14 missing", '<h2 id="result">')
    ]
    assert places == sorted(places)
