"""How often the question before a sweep says that memory is written, against what a sweep writes."""

from __future__ import annotations

import re

import pytest
from swept_modem import cells, sweep

from harness.suite.sweeps import _writes
from harness.sweep.bands import parse_bands


@pytest.mark.parametrize("family", ["quectel-5g", "simcom-5g"])
@pytest.mark.parametrize("bands", ["12", "12,2", "n71", "12,n71", "n79", "12,2,n71,n79", "n79,n41,12"])
def test_no_more_is_written_than_the_question_says(family, bands):
    found = sweep(family, bands, cells("12", "2", "n71", "e79", "e41"))
    told = _writes(parse_bands(bands))
    lists, mode = map(int, re.match(r"at most (\d+) writes of it, and (\d+) of the mode", told).groups())
    written = found.radio.memory.writes
    assert sum(number for key, number in written.items() if key.endswith("_band")) <= lists
    assert written.get("mode_pref", 0) + written.get("cnmp", 0) <= mode
    assert written.get("nr5g_disable_mode", 0) <= (2 if "switch of NR alone" in told else 0)
    assert found.changed == {}


def test_of_lte_alone_it_says_what_it_did():
    assert _writes(parse_bands("12,66")) == "at most 3 writes of it, and 2 of the mode"
