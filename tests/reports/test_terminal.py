"""The summary at the end of a run, on terminals of any width."""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

import pytest
from documents import typed
from msgspec.structs import replace

from harness.reports.document.entries import ReasonEntry
from harness.reports.terminal import lines, marked_lines
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome


def columns(line: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(width: int, document: Any) -> None:
    told = list(lines(typed(document), width, 1))
    assert max(map(columns, told)) <= width
    text = " ".join(" ".join(told).split())
    for part in ("us/att@2017-03", "PASS", "FAIL", "9/12", "12|17", "B14", "B66", "weakest evidence: declared"):
        assert part in text, part
    assert text.endswith("exit 1")


def test_a_wide_terminal_has_a_table_with_one_head(document: Any) -> None:
    told = list(lines(typed(document), 140))
    heads = ("device", "carrier", "bands asked", "met", "verdict", "why")
    assert [head for head in heads if head in told[0]] == list(heads)
    row = next(line for line in told if "us/att@2024" in line)
    assert told[0].index("verdict") == row.index("FAIL")
    assert "without B14 (public-safety coverage), B66 (capacity)" in " ".join(" ".join(told).split())


def test_a_narrow_terminal_has_blocks_that_begin_with_the_verdict(document: Any) -> None:
    told = list(lines(typed(document), 60))
    assert told[0].split()[0] == "PASS"
    assert not any("bands asked  met" in line for line in told)


def test_a_block_tells_the_bands_that_are_asked_where_there_are_any(document: Any) -> None:
    told = typed(document)
    assert any("bands asked" in line for line in lines(told, 60))
    papers = replace(told, results=[replace(one, bands_asked="") for one in told.results])
    assert not any("bands asked" in line for line in lines(papers, 60))


def test_colour_repeats_what_the_words_say(document: Any) -> None:
    for text, markup in marked_lines(typed(document), 140):
        if markup.get("red"):
            assert "FAIL" in text or "ERROR" in text
        if markup.get("green"):
            assert "PASS" in text
    assert "\x1b" not in "".join(lines(typed(document), 140))


def test_device_text_reaches_the_terminal_without_controls(make: Any) -> None:
    lost = Survey("gone", "x", None, trouble="gone\x1b]0;title\x07 \u202e\nand a second line")
    document, _ = make([lost], ["us/att@2024"])
    for width in (60, 120):
        told = "".join(lines(typed(document), width))
        assert "\x1b" not in told
        assert "\u202e" not in told
        assert "‹U+001B›" in told


def test_a_run_without_verdicts_says_so(make: Any, handset: Survey) -> None:
    document, _ = make([handset], ["us/att@2024"], verdicts=[])
    assert any("nothing was judged" in line for line in lines(typed(document), 80))


def test_one_note_on_several_bands_is_said_once(document: Any) -> None:
    told = typed(document)
    note = "the modem's carrier policy was read without a SIM of this carrier that is ready"
    reasons = [
        ReasonEntry(f"ATT-LTE-B{band}", Outcome.PASS_NOTE, f"B{band} measured: in hardware; {note}") for band in (2, 12)
    ]
    reasons.append(ReasonEntry("ATT-VOLTE", Outcome.PASS_NOTE, "VoLTE seen once; told by one source"))
    result = replace(told.results[0], verdict="PASS_NOTE", reasons=tuple(reasons), missing=(), missing_roles=())
    text = " ".join(" ".join(lines(replace(told, results=(result,)), 60)).split())
    assert f"B2, B12: {note}" in text
    assert text.count(note) == 1
    assert "VoLTE seen once; told by one source" in text
