"""A device that has no AT port: each band says why nothing is locked, and what would help."""

from __future__ import annotations

import pytest

from harness.recording.exchange import Exchange
from harness.survey.survey import Survey
from harness.survey.sweeping import _planned, _without_port
from harness.sweep.bands import parse_bands
from harness.sweep.plan import SweepPlan


@pytest.mark.parametrize(
    ("links", "words"),
    [
        (("qmi",), "no Python package speaks QMI: name the modem's AT port as well"),
        (("adb",), "without root nothing sets a handset's bands"),
        (("other",), "no documented lock of this family here yet"),
    ],
)
def test_each_band_says_why_it_is_not_locked(links, words):
    survey = Survey("m1", "fixture:m1", "modem", exchanges=tuple((link, Exchange("x", b"OK")) for link in links))
    found = _planned(SweepPlan(bands=parse_bands("12,n71")), survey)
    assert [one.plan for one in found] == ["not_applicable"] * 2
    assert all(words in one.why for one in found)
    assert (_without_port(survey) == "") == (links == ("other",))
