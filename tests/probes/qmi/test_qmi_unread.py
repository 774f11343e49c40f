"""What a modem was asked over QMI and did not tell is a fact; what another answer tells, or it does not know, is none."""

from __future__ import annotations

import time

import pytest

from harness.links.host_tool import ReplayTools
from harness.observations import EnabledBands, Registration, ServingCell, SupportedBands, Unread
from harness.probes.qmi.session import QMI_PLAN, read_modem
from harness.recording.exchange import Exchange, Interruption, Recording, RecordingInfo

CAPABILITIES, PREFERENCE = QMI_PLAN[0], QMI_PLAN[4]
RF_BAND, SERVING, SYSTEM, LOCATION = QMI_PLAN[5:9]
D = "[/dev/cdc-wdm0]"
ANSWERS = {
    CAPABILITIES: f"{D} Device band capabilities retrieved:\n\tLTE bands (extended): '3, 20'\n",
    PREFERENCE: f"{D} Successfully got system selection preference\n\tLTE band preference (extended): '3, 20'\n",
    RF_BAND: (
        f"{D} Successfully got RF band info\nBand Information:\n\tRadio Interface:   'lte'\n"
        "\tActive Band Class: 'eutran-3'\n\tActive Channel:    '1300'\n"
    ),
    SERVING: (
        f"{D} Successfully got serving system:\n\tRegistration state: 'registered'\n\tCS: 'attached'\n"
        "\tPS: 'attached'\n\tSelected network: '3gpp'\n\tRadio interfaces: '1'\n\t\t[0]: 'lte'\n"
        "\tRoaming status: 'off'\n\tCurrent PLMN:\n\t\tMCC: '1'\n\t\tMNC: '1'\n\t\tDescription: 'Test'\n"
    ),
}


def asked(**changed: Exchange | None) -> list[object]:
    """The facts of the modem, with other exchanges for some requests; None: it was never asked."""
    exchanges = {request: Exchange(request, text.encode(), exit_code=0) for request, text in ANSWERS.items()}
    for name, exchange in changed.items():
        request = {"capabilities": CAPABILITIES, "preference": PREFERENCE, "rf": RF_BAND, "serving": SERVING}[name]
        exchanges.pop(request)
        if exchange is not None:
            exchanges[request] = exchange
    recording = Recording(RecordingInfo("x", "composed"), {"qmi": tuple(exchanges.values())})
    return list(read_modem(ReplayTools(recording), deadline_s=time.monotonic() + 5).observations)


def late(request: str) -> Exchange:
    return Exchange(request, b"", error=Interruption("AnswerTimeout", "qmicli did not answer in time"))


def refused(request: str, words: str) -> Exchange:
    return Exchange(request, b"", stderr=f"error: QMI protocol error (1): '{words}'".encode(), exit_code=1)


def lost(facts: list[object]) -> list[tuple[str, str]]:
    return [(one.what, one.request) for one in facts if isinstance(one, Unread)]


def test_a_modem_that_answers_all_lost_nothing() -> None:
    facts = asked()
    assert lost(facts) == []
    for kind in (SupportedBands, EnabledBands, ServingCell, Registration):
        assert any(isinstance(one, kind) for one in facts), kind


@pytest.mark.parametrize(
    ("name", "request_", "what"),
    [
        ("capabilities", CAPABILITIES, "supported"),
        ("preference", PREFERENCE, "enabled"),
        ("rf", RF_BAND, "serving"),
        ("serving", SERVING, "registration"),
    ],
)
def test_an_answer_that_was_lost_is_told_by_what_it_would_have_told(name: str, request_: str, what: str) -> None:
    assert lost(asked(**{name: late(request_)})) == [(what, request_)]
    assert lost(asked(**{name: None})) == []
    assert lost(asked(**{name: refused(request_, "InvalidQmiCommand")})) == []


@pytest.mark.parametrize("words", ["DeviceNotReady", "NoMemory"])
def test_a_refusal_for_a_passing_state_is_a_loss_but_no_cell_is_none(words: str) -> None:
    assert lost(asked(capabilities=refused(CAPABILITIES, words))) == [("supported", CAPABILITIES)]
    assert lost(asked(serving=refused(SERVING, words))) == [("registration", SERVING)]
    assert lost(asked(rf=refused(RF_BAND, "InformationUnavailable"))) == []


def test_an_answer_that_cannot_be_read_is_a_loss() -> None:
    garbled = Exchange(CAPABILITIES, b"[/dev/cdc-wdm0] Device band capab", exit_code=0)
    assert lost(asked(capabilities=garbled)) == [("supported", CAPABILITIES)]
