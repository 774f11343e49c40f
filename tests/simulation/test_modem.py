"""A simulated modem on its ports: what pyserial and the harness see, and the state behind the answers."""

import gc
import os
import select
import socket
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest
import serial
from recordings import COMMON, OPERATOR, TELIT, at_answer, modem_recording

from harness.errors import DeviceAbsent, DeviceGone, LinkError, RecordingError
from harness.links.at.port import open_at
from harness.recording.exchange import Exchange, Interruption, Recording, RecordingInfo
from harness.recording.files import find_recordings, load_recording
from harness.simulation import kit
from harness.survey.reading import read_device

QUICK = kit.ModemOptions(latency_s=0)
MODEM = {
    **COMMON,
    "ATI": ("Quectel", "RM520N-GL", "Revision: RM520NGLAAR03A03M4G"),
    "AT+CEREG?": ('+CEREG: 2,1,"1A2D","0105FF0B",7',),
    'AT+QNWPREFCFG="lte_band"': ('+QNWPREFCFG: "lte_band",2:4:12',),
    "AT+QNWINFO": ('+QNWINFO: "FDD LTE","310410","LTE BAND 4",2175',),
    "AT+CCID": at_answer(final="+CME ERROR: 10"),
}


def in_s(seconds):
    return time.monotonic() + seconds


@pytest.fixture
def ask(simulated_modem):
    """ask(recording or answers, command, ...) -> the answers' text, on one connection."""

    def run(answers, *commands, on="pty", options=QUICK, **how):
        recording = answers if isinstance(answers, Recording) else modem_recording("m", answers, operator=OPERATOR)
        served = simulated_modem(recording, on, options=options, **how)
        with open_at(served.address, allow_changes=True) as port:
            return [port.ask(command, deadline_s=in_s(5)).text for command in commands]

    return run


@pytest.mark.parametrize("on", ["pty", "tcp"])
def test_recorded_answers_come_byte_for_byte(ask, on):
    odd = {
        "ATI": b"\r\nQuectel\r\r\n\r\nOK\r\n",
        "AT+X?": b"+X: 1\nOK\n",
        "AT+Y?": b'\r\n+Y: "\xc3\xa9"\r\n\r\nERROR\r\n',
    }
    assert ask(odd, "ATI", "AT+X?", "at + y ?", on=on) == [odd[key].decode() for key in odd]


def test_the_tty_has_a_stable_name_that_goes_with_it(tmp_path):
    link = tmp_path / "modem0"
    with kit.serve_modem(modem_recording("m", MODEM), place=str(link), options=QUICK) as served:
        assert served.address == str(link)
        assert stat.S_ISCHR(link.stat().st_mode)
        with serial.Serial(served.address, timeout=2) as port:
            port.write(b"AT\r")
            assert port.read_until(b"OK\r\n") == b"AT\r\r\nOK\r\n"
    assert not link.is_symlink()


def test_a_name_that_is_taken_is_not_overwritten(tmp_path):
    (tmp_path / "modem0").write_text("mine")
    with pytest.raises(FileExistsError), kit.serve_modem(modem_recording("m", MODEM), place=str(tmp_path / "modem0")):
        pass
    assert (tmp_path / "modem0").read_text() == "mine"


def test_a_unix_socket_is_a_modem(simulated_modem):
    served = simulated_modem(modem_recording("m", MODEM), "unix", options=QUICK)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(served.address)
        client.sendall(b"ATE0\r\nATI\r\n")  # ModemManager ends its commands with CR LF.
        data = b""
        while data.count(b"OK") < 2:
            data += client.recv(4096)
    assert data.endswith(at_answer(*MODEM["ATI"]))


def test_echo_is_of_the_connection(simulated_modem):
    served = simulated_modem(modem_recording("m", MODEM), "tcp", options=QUICK)
    host, port = served.address.removeprefix("socket://").split(":")
    for _ in range(2):
        with socket.create_connection((host, int(port)), 5) as client:
            assert _talk(client, b"AT\r") == b"AT\r\r\nOK\r\n"
            assert _talk(client, b"ATE0\r") == b"ATE0\r\r\nOK\r\n"
            assert _talk(client, b"AT\r") == b"\r\nOK\r\n"


def test_numeric_result_codes_and_quiet(simulated_modem):
    served = simulated_modem(modem_recording("m", MODEM), "tcp", options=QUICK)
    host, port = served.address.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port)), 5) as client:
        _talk(client, b"ATE0\r")
        assert _talk(client, b"ATV0\r", b"\r") == b"0\r"
        assert _talk(client, b"AT+CIMI\r", b"0\r") == b"310410123456789\r\n0\r"
        assert _talk(client, b"AT+NONE\r", b"\r") == b"4\r"
        assert _talk(client, b"ATV1Q1\rATQ0\r") == b"\r\nOK\r\n"


def test_joined_commands_are_composed_where_they_were_not_recorded_as_one(ask):
    assert ask(MODEM, "AT+CPIN?;+CIMI") == [at_answer("+CPIN: READY", "310410123456789").decode()]
    assert ask({**MODEM, "AT+CPIN?;+CIMI": ("as recorded",)}, "AT+CPIN?;+CIMI") == [at_answer("as recorded").decode()]
    assert ask(MODEM, "AT+CPIN?;+CCID;+CIMI") == [at_answer("+CPIN: READY", final="+CME ERROR: 10").decode()]


def test_errors_are_written_as_cmee_has_it(ask):
    at_first, zero, number, words, unknown = (
        text
        for text in ask(
            MODEM, "AT+CCID", "AT+CMEE=0", "AT+CCID", "AT+CMEE=1", "AT+CCID", "AT+CMEE=2", "AT+CCID", "AT+NOPE?"
        )
        if "OK" not in text
    )
    assert "+CME ERROR: 10" in at_first, "as recorded"
    assert zero == "\r\nERROR\r\n"
    assert "+CME ERROR: 10" in number
    assert "+CME ERROR: SIM not inserted" in words
    assert "+CME ERROR: unknown" in unknown
    assert ask(MODEM, "AT+NOPE?") == ["\r\nERROR\r\n"]


def test_the_operators_name_comes_in_the_format_that_was_asked(ask):
    *_, numeric, _, long = ask(MODEM, "AT+COPS?", "AT+COPS=3,2", "AT+COPS?", "AT+COPS=3,0", "AT+COPS?")
    assert '+COPS: 0,2,"310410",7' in numeric
    assert '+COPS: 0,0,"AT&T",7' in long


def test_the_registration_level_decides_what_is_told(ask):
    assert [text.split("\r\n")[1] for text in ask(MODEM, "AT+CEREG=0", "AT+CEREG?", "AT+CEREG=2", "AT+CEREG?")] == [
        "OK",
        "+CEREG: 0,1",
        "OK",
        '+CEREG: 2,1,"1A2D","0105FF0B",7',
    ]


def test_flight_mode_takes_service_away_and_it_comes_back_after_a_delay(simulated_modem):
    served = simulated_modem(modem_recording("m", MODEM, registration_delay_ms=200), options=QUICK)
    with open_at(served.address, allow_changes=True) as port:

        def line(command):
            return port.ask(command, deadline_s=in_s(5)).text.split("\r\n")[1]

        assert line("AT+CEREG=1") == "OK"
        served.modem.state.reply("AT+CFUN=4", _manners())
        served.loop.call(_follow(served, "AT+CFUN=4"))
        assert line("AT+CEREG?") in ("+CEREG: 1,0", "+CEREG: 0")
        assert line("AT+COPS?") == "+COPS: 0"
        assert line("AT+CSQ") == "+CSQ: 99,99"
        assert line("AT+CFUN?") == "+CFUN: 4"
        served.loop.call(_follow(served, "AT+CFUN=1"))
        assert "2" in line("AT+CEREG?")
        until = in_s(3)
        while line("AT+CEREG?") != "+CEREG: 1,1" and time.monotonic() < until:
            pass
        assert line("AT+CEREG?") == "+CEREG: 1,1"


def test_a_modem_that_searches_registers_after_its_delay_and_says_so(simulated_modem):
    served = simulated_modem(
        modem_recording("m", MODEM), options=kit.ModemOptions(latency_s=0, searching=True, registration_delay_s=0.3)
    )
    with serial.Serial(served.address, timeout=2) as port:
        port.write(b"AT+CEREG=2\rAT+CEREG?\r")
        assert b"+CEREG: 2,2\r" in port.read_until(b"+CEREG: 2,2\r\n")
        assert port.read_until(b",7\r\n").endswith(b'\r\n+CEREG: 1,"1A2D","0105FF0B",7\r\n')


def test_a_band_lock_is_read_back_and_moves_the_modem_after_a_delay(simulated_modem):
    moved = '+QNWINFO: "FDD LTE","310410","LTE BAND 12",5110\n\nOK\n'
    lock = 'AT+QNWPREFCFG="lte_band",12'
    recording = modem_recording("m", MODEM, states=[{"when": lock, "delay_ms": 200, "answers": {"AT+QNWINFO": moved}}])
    served = simulated_modem(recording, options=QUICK)
    with open_at(served.address, allow_changes=True) as port:

        def ask(command):
            return port.ask(command, deadline_s=in_s(5)).text

        assert "OK" in ask(lock)
        assert '+QNWPREFCFG: "lte_band",12\r' in ask('AT+QNWPREFCFG="lte_band"')
        assert "LTE BAND 4" in ask("AT+QNWINFO")
        assert "+CEREG: 2,2\r" in ask("AT+CEREG?")
        until = in_s(3)
        while "LTE BAND 12" not in ask("AT+QNWINFO") and time.monotonic() < until:
            pass
        assert "LTE BAND 12" in ask("AT+QNWINFO")
        assert '+CEREG: 2,1,"1A2D"' in ask("AT+CEREG?")


def test_a_plain_write_is_read_back_and_an_unknown_one_refused(ask):
    found = ask(TELIT, "AT#BND=0,11,8", "AT#BND?", "AT#NONE=1", "AT#BND=?")
    assert [text.split("\r\n")[1] for text in found] == ["OK", "#BND: 0,11,8", "ERROR", TELIT["AT#BND=?"][0]]
    scfg = {"AT^SCFG?": ('^SCFG: "Radio/Band/3G","99"', '^SCFG: "Radio/Band/4G","0a"', '^SCFG: "Tcp","x"')}
    *_, lines = ask(scfg, 'AT^SCFG="Radio/Band/4G","0b"', "AT^SCFG?")
    assert lines == at_answer(
        '^SCFG: "Radio/Band/3G","99"', '^SCFG: "RADIO/BAND/4G","0b"', '^SCFG: "Tcp","x"'
    ).decode() or ('^SCFG: "Radio/Band/4G","0b"' in lines)


def test_a_reset_takes_the_port_away_brings_it_back_and_forgets_settings(simulated_modem):
    served = simulated_modem(modem_recording("m", MODEM), options=kit.ModemOptions(latency_s=0, reset_s=0.2))
    port = open_at(served.address, allow_changes=True)
    port.ask("AT+CEREG=0", deadline_s=in_s(5))
    served.loop.call(_follow(served, "AT+CFUN=1,1"))
    with pytest.raises(DeviceGone):
        _ask_without_end(port)
    port.close()
    with pytest.raises(LinkError) as caught:
        open_at(served.address)
    assert isinstance(caught.value, DeviceAbsent)
    assert _until(lambda: Path(served.address).exists(), 5)
    with open_at(served.address) as again:
        assert "+CEREG: 2,1" in again.ask("AT+CEREG?", deadline_s=in_s(5)).text


def test_thinking_time_is_as_recorded_unless_it_is_given(simulated_modem):
    recording = modem_recording("m", {"ATI": ("x",)}, elapsed_ms=200)
    took = []
    for options in (None, QUICK):
        with open_at(simulated_modem(recording, options=options).address) as port:
            took.append(port.ask("ATI", deadline_s=in_s(5)).elapsed_ms)
    assert took[1] < 195 <= took[0]


def test_an_answer_that_was_cut_off_when_recorded_is_cut_off_again(simulated_modem):
    exchanges = (
        Exchange("ATI", b"\r\nQuec", error=Interruption("AnswerTimeout", "x")),
        Exchange("AT+CPIN?", at_answer("+CPIN: READY")),
    )
    served = simulated_modem(Recording(RecordingInfo("m", "composed"), {"at": exchanges}), options=QUICK)
    with open_at(served.address) as port:
        with pytest.raises(LinkError) as caught:
            port.ask("ATI", deadline_s=in_s(0.2))
        assert b"Quec" in caught.value.raw
        assert "+CPIN: READY" in port.ask("AT+CPIN?", deadline_s=in_s(5)).text


def test_a_description_of_behaviour_in_another_shape_is_said():
    for extra in ({"states": {}}, {"operator": "AT&T"}, {"registration_delay_ms": "soon"}, {"state": []}):
        with pytest.raises(RecordingError, match=r"extra\.simulation"):
            kit.SimulatedModem(modem_recording("m", MODEM, **extra))


@pytest.mark.parametrize("on", ["pty", "tcp"])
@pytest.mark.parametrize("name", [n for n, p in find_recordings().items() if set(load_recording(p).links) == {"at"}])
def test_what_is_read_and_recorded_is_what_is_served(simulated_modem, tmp_path, name, on):
    """The survey equals that of the replay, and the evidence holds the served exchanges, byte for byte."""
    recording = load_recording(find_recordings()[name])
    served = simulated_modem(recording, on, options=QUICK)
    live = read_device(served.address, evidence=tmp_path / "evidence")
    replayed = read_device(f"fixture:{name}")
    assert live.trouble is None
    assert live.observations == replayed.observations
    assert live.dialect == replayed.dialect
    heard = load_recording(tmp_path / "evidence").links["at"]
    told = {e.request: (e.response, e.error) for e in recording.links["at"]}
    assert {e.request for e in heard if e.request in told}
    for exchange in heard:
        assert (exchange.response, exchange.error) == told.get(exchange.request, (b"\r\nERROR\r\n", None))


def test_the_client_adds_less_than_a_tenth_of_a_millisecond_a_command(simulated_modem):
    """CPU of one command on a tty beyond that of a bare write and read of the same bytes, alternating in one run."""
    served = simulated_modem(modem_recording("m", MODEM), options=QUICK)
    with open_at(served.address) as port:
        port.ask("AT+CPIN?", deadline_s=in_s(5))
        rounds = [
            _cpu_of(lambda: port.ask("AT+CPIN?", deadline_s=in_s(5)), 200)
            - _cpu_of(lambda: _bare(port._descriptor, b"AT+CPIN?\r"), 200)
            for _ in range(10)
        ]
    assert min(rounds) < 0.1e-3


def _bare(descriptor, command):
    os.write(descriptor, command)
    answer = b""
    while not answer.endswith(b"OK\r\n"):
        select.select([descriptor], [], [])
        answer += os.read(descriptor, 4096)


@pytest.mark.parametrize("latency_s", [0, 0.01])
def test_commands_that_come_at_once_are_answered_in_order_whatever_befalls_one(simulated_modem, latency_s):
    options = kit.ModemOptions(latency_s=latency_s, echo=False)
    served = simulated_modem(
        modem_recording("m", MODEM), "tcp", options=options, faults=["late=30ms@AT+CPIN?", "silent@ATI"]
    )
    host, port = served.address.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port)), 5) as client:
        told = _talk(client, b"AT\rAT+CPIN?\rATI\rA/\rAT+NOPE\r", b"ERROR\r\n")
        assert told.split() == [b"OK", b"+CPIN:", b"READY", b"OK", b"ERROR"]
        assert served.modem.state.asked == ["AT", "AT+CPIN?", "ATI", "ATI", "AT+NOPE"]
        assert _talk(client, b"AT\r") == b"\r\nOK\r\n"


def test_echo_and_answer_at_once_come_in_order_and_whole(simulated_modem):
    served = simulated_modem(modem_recording("m", MODEM), options=QUICK)
    asked = [b"AT+CPIN?\r"] * 200
    file = os.open(served.address, os.O_RDWR | os.O_NOCTTY)
    try:
        told = b""
        for command in asked:
            os.write(file, command)
        while told.count(b"OK\r\n") < len(asked):
            assert select.select([file], [], [], 5)[0], told[-200:]
            told += os.read(file, 65536)
    finally:
        os.close(file)
    assert told.count(b"+CPIN: READY") == told.count(b"AT+CPIN?\r") == len(asked)
    assert told.startswith(b"AT+CPIN?\r")


def test_sixty_four_modems_answer_as_fast_as_one(simulated_modem):
    served = [
        simulated_modem(modem_recording(f"m{n}", MODEM), options=kit.ModemOptions(latency_s=0.02)) for n in range(64)
    ]
    seconds = {}

    def read(n):
        with open_at(served[n].address) as port:
            start = time.monotonic()
            for _ in range(5):
                port.ask("AT+CPIN?", deadline_s=in_s(10))
            seconds[n] = time.monotonic() - start

    threads = [threading.Thread(target=read, args=(n,)) for n in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seconds) == 64
    assert max(seconds.values()) < 3.0, "5 commands of 20 ms each; one modem after the other would take 6.4 s"


def test_importing_the_kit_loads_no_terminal_modules():
    names = ("pty", "tty", "termios", "serial", "pytest", "yaml", "adbutils")
    code = f"import sys, harness.simulation.kit; print([m for m in {names} if m in sys.modules])"
    done = subprocess.run(["python", "-c", code], capture_output=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout == b"[]\n"


def _ask_without_end(port):
    for _ in range(10_000):
        port.ask("AT", deadline_s=in_s(5))


def _manners():
    from harness.simulation.modem.state import Manners

    return Manners()


async def _follow(served, command):
    """A command that the harness would never send."""

    class Deaf:
        alive, waiting = True, 0

        def write(self, data):
            pass

    reply, fault = served.modem.take(command, _manners())
    assert fault is None
    served.modem.give(reply, Deaf())


def _talk(client, data, end=b"OK\r\n"):
    client.sendall(data)
    out = b""
    while not out.endswith(end):
        chunk = client.recv(4096)
        assert chunk, out
        out += chunk
    return out


def _cpu_of(work, count):
    # What thousands of tests before this one have left behind is not the client's to look through for garbage.
    gc.collect()
    gc.disable()
    try:
        start = time.thread_time()
        for _ in range(count):
            work()
        return (time.thread_time() - start) / count
    finally:
        gc.enable()


def _until(condition, seconds):
    until = in_s(seconds)
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
