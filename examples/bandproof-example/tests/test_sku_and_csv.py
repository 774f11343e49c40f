"""The question to handsets, and the form of the report."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace

import pytest
from harness.extending import ParseError, read_device

from bandproof_example.csv_report import write_csv
from bandproof_example.sku import read_sku

PHONE = Path(__file__).parent.parent / "recordings" / "nowhere-phone"


def test_the_board_of_a_handset_is_read_and_named_with_its_source():
    (fact,) = [item for item in read_device(str(PHONE)).observations if getattr(item, "hardware", None)]
    assert fact.hardware == "Nowhere board NA-2"
    assert fact.source.request == "getprop ro.boot.nowhere.sku"


@pytest.mark.parametrize("text", ["", "\n", "NA-2 x", "getprop: not found"])
def test_a_property_that_is_not_set_tells_nothing(text):
    with pytest.raises(ParseError):
        read_sku(text)


def test_a_line_a_verdict_and_no_formula(tmp_path):
    words = dict.fromkeys(("device", "carrier", "edition", "requirement", "level", "verdict"), "x")
    verdict = SimpleNamespace(**words, grade=None, reason='=1+1,"x"')
    write_csv(tmp_path / "report.csv", SimpleNamespace(verdicts=(verdict,)), {})
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["verdict"], row["grade"], row["reason"]) == ("x", "", '\'=1+1,"x"')
