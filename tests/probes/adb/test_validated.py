"""Android's own proof of data: a validated cellular network with the internet, and nothing that only looks like one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.probes.adb.validated import PROBES, CellularNetwork, cellular_networks, numbers_in, probes_are_on
from harness.recording.exchange import Exchange, Interruption
from harness.sweep.handset.proof import data_proof, validated_anew


def agent(
    number=101, *, ni="MOBILE[LTE] CONNECTED extra: internet", transports="CELLULAR", more="", sub=1, caps="VALIDATED&"
):
    return (
        f"  NetworkAgentInfo{{network{{{number}}}  handle{{4377973{number}}}  ni{{{ni}}} created=2026-01-01T00:00:00.000Z "
        f"Score(Policies : EVER_EVALUATED&EVER_VALIDATED&IS_VALIDATED ; KeepConnected : 0)  nc{{[ Transports: {transports} "
        f"Capabilities: SUPL&INTERNET&NOT_RESTRICTED&TRUSTED&NOT_VPN&{caps}NOT_ROAMING{more} "
        f"Specifier: <TelephonyNetworkSpecifier [mSubId = {sub}]> SubscriptionIds: {{{sub}}}]}}  factorySerialNumber=3}}\n"
    )


def test_a_validated_network_is_told_with_its_number_and_subscription():
    assert cellular_networks(agent()) == (CellularNetwork(101, 1, True),)


def test_as_android_9_writes_it():
    text = (
        "NetworkAgentInfo{ ni{[type: MOBILE[LTE], state: CONNECTED/CONNECTED, reason: connected, extra: internet]}  "
        "network{105}  nethandle{452}  lp{{}}  nc{[ Transports: CELLULAR Capabilities: "
        "SUPL&INTERNET&NOT_RESTRICTED&TRUSTED&NOT_VPN&VALIDATED Specifier: <2>]}  Score{50} }"
    )
    assert cellular_networks(text) == (CellularNetwork(105, None, True),)


@pytest.mark.parametrize(
    "text",
    [
        agent(caps=""),
        agent(transports="CELLULAR|VPN"),
        agent(transports="WIFI"),
        agent(more="&PARTIAL_CONNECTIVITY"),
        agent(more="&CAPTIVE_PORTAL"),
        agent(ni="MOBILE[LTE] CONNECTING extra: internet"),
        agent(ni="MOBILE[LTE] DISCONNECTED extra: internet"),
        agent().replace("&INTERNET&", "&"),
        agent().replace("SUPL&INTERNET", "IMS&MMTEL"),
        agent().replace("NOT_VPN&", ""),
        # The score alone says IS_VALIDATED and EVER_VALIDATED of networks that are not any more.
        agent(caps="").replace("NOT_ROAMING", "NOT_ROAMING&FOREGROUND"),
        agent() + agent(caps=""),
        "Network Requests:\n" + agent(),
        agent()[:120],
        "",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert not any(one.validated for one in cellular_networks(text))


@pytest.mark.parametrize(
    ("text", "on"), [("null\n", True), ("1\n", True), ("0\n", False), ("2", True), ("x", None), ("", None)]
)
def test_whether_android_probes(text, on):
    assert probes_are_on(text) is on


def told(text, request="dumpsys connectivity"):
    return Exchange(request, text.encode(), exit_code=0)


def test_only_a_network_that_was_not_there_before_is_new():
    assert validated_anew([told(agent(101))], [told(agent(103))], 1)
    assert not validated_anew([told(agent(103))], [told(agent(103))], 1)
    # The number was another network's: it is never given again.
    assert not validated_anew([told(agent(103, transports="WIFI"))], [told(agent(103))], 1)
    assert not validated_anew([], [told(agent(103))], 1)
    assert not validated_anew([told(agent(101))], [told(agent(103, sub=2))], 1)
    assert not validated_anew([told(agent(101))], [told(agent(103))], None)
    assert numbers_in(agent(101) + agent(7)) == {101, 7}


def test_where_android_does_not_probe_its_word_proves_nothing():
    before, after = [told(agent(101))], told(agent(103))
    probes = "settings get global captive_portal_mode"
    assert data_proof(before, [told("null\n", probes), after], 1) is True
    assert data_proof(before, [told("0\n", probes), after], 1) is False
    assert data_proof(before, [after], 1) is False
    assert data_proof(before, [told("null\n", probes)], 1) is False
    assert data_proof(before, [told("null\n", probes), told(agent(103, caps=""))], 1) is False


def test_less_that_is_told_is_no_better_proof():
    """An answer that was lost, or a list that was cut, leaves a trial that waited for data without its proof."""
    lost = replace(told(agent(103)), error=Interruption("AnswerTimeout", "late"))
    on = told("null\n", PROBES)
    assert data_proof([told(agent(101))], [on, told(agent(103))], 1) is True
    for before, after in (
        ([lost], [on, told(agent(103))]),
        ([told(agent(101))], [on, lost]),
        ([told(agent(101))], [replace(on, error=lost.error), told(agent(103))]),
    ):
        assert data_proof(before, after, 1) is False
