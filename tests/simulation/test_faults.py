"""Faults as data, and what each does to those who read the device."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import OPERATOR, TELIT, at_answer, handset_recording, modem_recording

from harness.errors import AnswerTimeout, LinkError, UsageError
from harness.links.adb.shell import open_adb
from harness.links.at.port import open_at
from harness.simulation import kit
from harness.simulation.faults import KINDS, Fault, Strikes, check_faults, faults_for, garbage, parse_fault
from harness.simulation.rack import Rack, plan
from harness.survey.reading import read_device

QUICK = kit.ModemOptions(latency_s=0)
MIX = "fixture:xiaomi-mi-mix-2-global"
REGISTRY = "dumpsys telephony.registry"


def in_s(seconds):
    return time.monotonic() + seconds


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("rm520-1:late=2s@AT+COPS?", Fault("late", 2.0, "rm520-1", "AT+COPS?")),
        ("late=300ms", Fault("late", 0.3)),
        ("cut=64k@dumpsys telephony.registry", Fault("cut", 65536, "", REGISTRY)),
        ("unplug", Fault("unplug", times=1)),
        ('reset=1.5s,times=3@AT+QENG="servingcell"', Fault("reset", 1.5, "", 'AT+QENG="servingcell"', 3)),
        ("cme=10@AT+CPIN?", Fault("cme", 10, "", "AT+CPIN?")),
        ("mi.mix-2:garbage", Fault("garbage", 256, "mi.mix-2")),
        ("silent@cat /a@b,times=2", Fault("silent", 0, "", "cat /a@b,times=2")),
        ("*".replace("*", "trickle"), Fault("trickle", 0.05)),
    ],
)
def test_a_spec_is_a_fault_and_the_fault_writes_the_spec(spec, fault):
    assert parse_fault(spec) == fault
    assert parse_fault(str(fault)) == fault


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", "kinds are silent, late"),
        ("explode", "kinds are silent, late"),
        ("late=soon", "a time such as 2s or 300ms"),
        ("late=-1s", "a time such as 2s or 300ms"),
        ("cme=SIM", "a number"),
        ("unplug=3", "has no value"),
        ("late=2s,times=0", "once at least"),
    ],
)
def test_a_spec_that_is_none_says_what_can_be_written(spec, said):
    with pytest.raises(UsageError) as caught:
        parse_fault(spec)
    assert said in str(caught.value)


@given(st.text("abcdefghijklmnop:=,@.0123456789 -", max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_fault_or_a_usage_error(text):
    with suppress(UsageError):
        assert parse_fault(text).kind in KINDS


def test_a_fault_strikes_so_many_times_at_its_request_only():
    strikes = Strikes([parse_fault("late,times=2@AT+COPS?"), parse_fault("cme@AT+CPIN?")])
    assert [bool(strikes.at([request])) for request in ("ATI", "AT+COPS?", "AT+COPS?", "AT+COPS?")] == [0, 1, 1, 0]
    assert strikes.at(["ATI;+CPIN?", "ATI", "AT+CPIN?"]).kind == "cme"


def test_a_fault_that_would_never_strike_is_refused():
    served = [("mix", "adb"), ("rm520", "at"), ("both", "adb"), ("both", "at")]
    check_faults([parse_fault(s) for s in ("late", "mix:exit=3", "both:cme=10", "both:exit", "flood")], served)
    with pytest.raises(UsageError, match="no device here has that name"):
        check_faults([parse_fault("rm521:late")], served)
    with pytest.raises(UsageError, match="cme is a fault of at and not of adb"):
        check_faults([parse_fault("mix:cme=10")], served)
    assert faults_for([parse_fault("cme"), parse_fault("rm520:late")], "mix", "adb") == ()


def test_garbage_holds_no_answer():
    assert len(set(garbage(256))) > 200
    assert b"OK\r" not in garbage(4096)


AT_FAULTS = sorted(kind for kind in KINDS if "at" in KINDS[kind].links)
ADB_FAULTS = sorted(kind for kind in KINDS if "adb" in KINDS[kind].links)
MODEM = modem_recording("telit", TELIT, elapsed_ms=1, operator=OPERATOR)
JUDGED = {"supported_bands", "enabled_bands", "serving_cell", "band_combinations", "nr_state"}
"""What verdicts on bands rest on. Of other kinds a weaker source may stand in where the first was not read."""


@pytest.fixture(scope="module")
def healthy():
    with kit.serve_modem(MODEM, options=QUICK) as served:
        return read_device(served.address)


@pytest.mark.parametrize("where", ["", "@AT#BND?", "@ATI"])
@pytest.mark.parametrize("kind", AT_FAULTS)
def test_a_modem_with_a_fault_is_read_in_time_and_tells_nothing_that_is_not_so(simulated_modem, healthy, kind, where):
    served = simulated_modem(MODEM, options=QUICK, faults=[kind + ("=100ms" if kind == "late" else "") + where])
    start = time.monotonic()
    survey = read_device(served.address, deadline_s=in_s(0.6))
    assert time.monotonic() - start < 2.5
    known = _facts(healthy)
    assert _judged(survey) <= _judged(healthy)
    if _facts(survey) != known:
        assert survey.trouble or survey.warnings, "what is missing is said"


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        ("silent", "AnswerTimeout", "did not finish its answer"),
        ("half", "AnswerTimeout", "bytes came"),
        ("cut=9", "AnswerTimeout", "bytes came"),
        ("garbage", "AnswerTimeout", "bytes came"),
        ("trickle=100ms", "AnswerTimeout", "bytes came"),
        ("chatter", "AnswerTimeout", "bytes came"),
        ("late=2s", "AnswerTimeout", "did not finish its answer"),
        ("unplug", "DeviceGone", "went away"),
        ("reset", "DeviceGone", "went away"),
        ("move", "DeviceGone", "went away"),
    ],
)
@pytest.mark.parametrize("on", ["pty", "tcp"])
def test_a_lost_answer_has_its_own_error(simulated_modem, on, fault, error, said):
    served = simulated_modem(MODEM, on, options=QUICK, faults=[f"{fault}@AT#BND?"])
    with open_at(served.address) as port:
        port.ask("AT+CGMM", deadline_s=in_s(2))
        start = time.monotonic()
        with pytest.raises(LinkError) as caught:
            port.ask("AT#BND?", deadline_s=in_s(0.3))
    assert time.monotonic() - start < 2.5
    assert (type(caught.value).__name__, said in caught.value.message) == (error, True)
    assert caught.value.way_out


@pytest.mark.parametrize("number", [10, 14, 30])
def test_a_cme_error_is_an_answer(simulated_modem, number):
    served = simulated_modem(MODEM, options=QUICK, faults=[f"cme={number}@AT+CPIN?"])
    with open_at(served.address) as port:
        assert port.ask("AT+CPIN?", deadline_s=in_s(2)).text == f"\r\n+CME ERROR: {number}\r\n"
        assert port.ask("AT+CPIN?;+CIMI", deadline_s=in_s(2)).text == f"\r\n+CME ERROR: {number}\r\n"


@pytest.mark.parametrize("echo", [True, False])
def test_a_late_answer_is_never_taken_for_the_next(simulated_modem, echo):
    options = kit.ModemOptions(latency_s=0, echo=echo)
    served = simulated_modem(MODEM, options=options, faults=["late=400ms,times=1@AT+CPIN?"])
    with open_at(served.address) as port:
        with pytest.raises(AnswerTimeout):
            port.ask("AT+CPIN?", deadline_s=in_s(0.2))
        assert "+COPS: 0,0" in port.ask("AT+COPS?", deadline_s=in_s(3)).text
        assert "+CPIN: READY" in port.ask("AT+CPIN?", deadline_s=in_s(3)).text


def test_a_flood_and_a_doubled_ok_leave_the_answers_whole(simulated_modem):
    served = simulated_modem(MODEM, options=QUICK, faults=["flood=2000@AT#BND?", "duplicate@AT+CPIN?"])
    with open_at(served.address) as port:
        flooded = port.ask("AT#BND?", deadline_s=in_s(5))
        assert flooded.response.count(b"\r\n+CSQ: 21,99") == 400
        assert b"#BND: 0,11,2808" in flooded.response
        for _ in range(3):
            assert port.ask("AT+CPIN?", deadline_s=in_s(5)).response.strip().endswith(b"OK")
            assert b"+COPS: 0,0" in port.ask("AT+COPS?", deadline_s=in_s(5)).response


def test_a_tty_that_moved_answers_under_its_new_name(simulated_modem):
    served = simulated_modem(MODEM, options=QUICK, faults=["move=100ms@AT#BND?"])
    before = served.address
    assert "went away" in read_device(before, deadline_s=in_s(2)).trouble
    until = in_s(5)
    while served.address == before and time.monotonic() < until:
        time.sleep(0.01)
    assert served.address == f"{before}-moved"
    with open_at(served.address) as port:
        assert "+CPIN" in port.ask("AT+CPIN?", deadline_s=in_s(2)).text
    assert "there is no port" in read_device(before, deadline_s=in_s(2)).trouble


@pytest.mark.parametrize("kind", [kind for kind in ADB_FAULTS if kind != "kill-server"])
@pytest.mark.parametrize("where", ["", f"@{REGISTRY}"])
def test_a_handset_with_a_fault_is_read_in_time_and_tells_nothing_that_is_not_so(handset, kind, where):
    whole = read_device(MIX)
    value = "=100ms" if kind == "late" else "=500" if kind == "cut" else ""
    served = handset(MIX, faults=[kind + value + where])
    start = time.monotonic()
    survey = read_device(served.address, deadline_s=in_s(0.6))
    assert time.monotonic() - start < 2.5
    assert _judged(survey) <= _judged(whole)
    # An answer to another question cannot be told from a right one over a shell, and a failed command is no trouble.
    if _facts(survey) != _facts(whole) and kind not in ("swap", "exit"):
        assert survey.trouble or survey.warnings


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("silent", "AnswerTimeout"),
        ("half", "AnswerTimeout"),
        ("trickle", "AnswerTimeout"),
        ("chatter", "AnswerTimeout"),
        ("late=5s", "AnswerTimeout"),
        ("garbage", "AnswerGarbled"),
        ("cut=64k", "DeviceGone"),
        ("unplug", "DeviceGone"),
        ("reboot", "DeviceGone"),
        ("unauthorized", "DeviceGone"),
    ],
)
def test_a_command_cut_off_has_its_own_error_and_the_one_before_is_whole(handset, fault, error):
    answers = {"cat /a": b"whole\n", "cat /b": b"b" * 200_000, "cat /c": b"never\n"}
    served = handset(handset_recording("x", answers), faults=[f"{fault}@cat /b"])
    start = time.monotonic()
    first, second, third = open_adb(served.address).run(list(answers), deadline_s=in_s(0.7))
    assert time.monotonic() - start < 2.5
    assert (first.response, first.error) == (b"whole\n", None)
    assert second.error.kind == error
    assert third.error is not None
    assert third.response == b""


def test_a_handset_that_reboots_is_read_again(handset, adb_server):
    served = handset(MIX, faults=[f"reboot=100ms@{REGISTRY}"])
    assert "went away" in read_device(served.address, deadline_s=in_s(2)).trouble
    assert adb_server.wait_for(served.address, "device", 25)
    again = read_device(served.address, deadline_s=in_s(20))
    assert again.trouble is None
    assert _facts(again) == _facts(read_device(MIX))


def test_permission_taken_back_leaves_the_handset_unauthorized(handset, adb_server):
    served = handset(MIX, faults=[f"unauthorized@{REGISTRY}"])
    assert "went away" in read_device(served.address, deadline_s=in_s(2)).trouble
    assert adb_server.wait_for(served.address, "unauthorized", 25)
    assert "has not accepted" in read_device(served.address, deadline_s=in_s(2)).trouble


def test_a_failed_command_is_not_observed(handset):
    served = handset(MIX, faults=[f"exit=1@{REGISTRY}"])
    survey = read_device(served.address, deadline_s=in_s(5))
    assert "serving_cell" not in {fact[0] for fact in _facts(survey)}


@pytest.mark.parametrize("adb", sorted(kit.adb_binaries().values()))
def test_a_killed_adb_server_cuts_all_handsets_off_and_no_modem(adb):
    plans = plan([MIX], count=2) + plan([MODEM])
    faults = [parse_fault(f"xiaomi-mi-mix-2-global-1:kill-server@{REGISTRY}")]
    options = kit.HandsetOptions(latency_s=0)
    with Rack(plans, faults=faults, adb=adb, handset=options, modem=QUICK) as bench, kit.adb_environment(bench.server):
        first, second, modem = (one.address for one in bench.served)
        survey = read_device(first, deadline_s=in_s(5))
        assert survey.trouble
        assert "serving_cell" not in {fact[0] for fact in _facts(survey)}
        assert "adb server" in read_device(second, deadline_s=in_s(5)).trouble
        assert read_device(modem, deadline_s=in_s(5)).trouble is None


def test_an_answer_to_the_wrong_command_is_refused_where_it_can_be_told(simulated_modem):
    served = simulated_modem(
        modem_recording("m", {"AT#BND?": ("#BND: 0,0,8",), "AT+COPS?": ('+COPS: 0,0,"x",7',), "ATI": ("x",)}),
        options=QUICK,
        faults=["swap@AT+COPS?"],
    )
    with open_at(served.address) as port:
        assert port.ask("AT#BND?", deadline_s=in_s(2)).response == at_answer("#BND: 0,0,8")
        with pytest.raises(LinkError, match="answer to another command"):
            port.ask("AT+COPS?", deadline_s=in_s(2))


def _judged(survey):
    return {fact for fact in _facts(survey) if fact[0] in JUDGED}


def _facts(survey):
    from dataclasses import fields

    return [
        (item.kind, *((f.name, getattr(item, f.name)) for f in fields(item) if f.name != "source"))
        for item in survey.observations
    ]
