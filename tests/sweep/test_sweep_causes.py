"""Causes of a refusal that a modem tells by a command of their own (+CEER): of this trial, or of before?"""

from __future__ import annotations

import pytest
from swept_modem import cells, sweep

from harness.simulation.modem.text import ScriptedAnswer

EMM = '+CEER: "EMM cause #{}"'


def told_by_ceer(before, after=None):
    """A modem that tells no cause with its registration; +CEER gives `before`, and `after` once a cell rejected it."""

    def setup(radio):
        answer = radio.tongue.answer
        radio.cause = lambda command, level: ""

        def answering(part, asked):
            if part != "AT+CEER":
                return answer(part, asked)
            cause = radio.memory.now.get("cause") or 0
            text = (EMM.format(cause) if after is None else after) if cause else before
            return ScriptedAnswer((text,)) if text else ScriptedAnswer((), "ERROR")

        radio.tongue.answer = answering

    return setup


def on_air(cause):
    return [*cells("2"), *cells("66", reject=cause)]


@pytest.mark.parametrize("cause", [5, 6])
def test_a_cause_that_speaks_of_the_device_fails_it(cause):
    swept = sweep("quectel-lte", "66,2", on_air(cause), setup=told_by_ceer("+CEER: No cause information available"))
    assert swept.trials["B66"].cause == cause
    assert swept.outcome("B66") == "FAIL", swept.reason("B66")
    assert swept.outcome("B2") == "PASS"


def test_a_cause_of_the_subscription_is_told_and_fails_nothing():
    swept = sweep("quectel-lte", "66,2", on_air(15), setup=told_by_ceer("+CEER: No cause information available"))
    assert swept.trials["B66"].cause == 15
    assert swept.outcome("B66") == "INCONC"


def test_a_cause_that_read_so_before_is_none_of_this_trial():
    """The report of an illegal ME from last week, and a network that refuses for another reason now."""
    old = EMM.format(6)
    swept = sweep("quectel-lte", "66,2", on_air(15), setup=told_by_ceer(old, after=old))
    assert swept.trials["B66"].denied
    assert swept.trials["B66"].cause is None
    assert swept.outcome("B66") == "INCONC"


def test_without_a_denied_registration_no_report_counts():
    """No cell answers at all: a report that changed meanwhile is no refusal of this band."""
    texts = iter(["+CEER: nothing", *[EMM.format(6)] * 9])

    def setup(radio):
        answer = radio.tongue.answer
        radio.tongue.answer = lambda part, asked: (
            ScriptedAnswer((next(texts),)) if part == "AT+CEER" else answer(part, asked)
        )

    swept = sweep("quectel-lte", "66,2", cells("2"), setup=setup)
    assert swept.trials["B66"].cause is None
    assert swept.outcome("B66") == "INCONC"


def test_a_modem_without_such_a_command_is_swept_as_ever():
    swept = sweep("quectel-lte", "66,2", on_air(15), setup=told_by_ceer("", after=""))
    assert swept.trials["B66"].cause is None
    assert swept.outcome("B2") == "PASS"
