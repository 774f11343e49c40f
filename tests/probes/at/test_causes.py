"""Why a network refused, as modems tell it; a cause is no state of registration, and a chip's own word is no cause."""

from __future__ import annotations

import pytest

from harness.observations import Registration
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import dialect


def causes(command: str, text: str, name: str | None = None) -> list[tuple[str, int | None]]:
    found = read_parts(f"{text}\r\nOK\r\n", command, dialect(name) if name else None, Modem()).observations
    return [(item.state, item.cause) for item in found if isinstance(item, Registration)]


@pytest.mark.parametrize(
    ("report", "cause"),
    [
        ("No suitable cells in tracking area", 15),
        ("No Suitable Cells In Tracking Area", 15),
        ("Roaming not allowed in tracking area", 13),
        ("EMM_CAUSE: 11", 11),
        ("EMM cause #15", 15),
        ('"EMM cause",8,"EPS services and non-EPS services not allowed"', 8),
        ("EPS services and non-EPS services not allowed", 8),
        ("EPS services not allowed in this PLMN", 14),
        ("EPS service not allowed", 7),
        ("Tracking area not allowed", 12),
        ("5GMM cause 27", 27),
        # The chip's own reasons for the end of a call, and no report at all.
        ("EMM attach failed", None),
        ("EMM detached", None),
        ("EMM_CAUSE_ESM_FAILURE", None),
        ('"No report available",0,"No cause information available"', None),
        ("ESM cause 33", None),
        ("Normal call clearing", None),
        ("0", None),
        ("EMM cause 0", None),
        ("EMM cause 300", None),
        ("EMM cause 11, EMM cause 15", None),
    ],
)
def test_a_report_names_the_networks_cause_or_none(report: str, cause: int | None) -> None:
    assert causes("AT+CEER", f"+CEER: {report}") == ([] if cause is None else [("unknown", cause)])


@pytest.mark.parametrize(
    ("command", "text", "cause"),
    [
        ("AT+QCAUSE?", "+QCAUSE: 15", 15),
        ("AT+QCAUSE?", "+QCAUSE: 0", None),
        ("AT+QCAUSE?", "+QCAUSE: 15,8", None),
        ('AT+QCFG="emmcause"', '+QCFG: "emmcause",15', 15),
        ('AT+QCFG="emmcause"', '+QCFG: "emmcause",0', None),
        ('AT+QCFG="emmcause"', '+QCFG: "band",15', None),
    ],
)
def test_quectels_number_of_the_cause(command: str, text: str, cause: int | None) -> None:
    assert causes(command, text, "quectel") == ([] if cause is None else [("unknown", cause)])


def test_two_reports_that_differ_tell_nothing() -> None:
    assert causes("AT+CEER", "+CEER: EMM cause 11\r\n+CEER: EMM cause 15") == []
