"""AT ports on a pty and on TCP: whole answers, total deadlines, no answer to another command, errors by name."""

import os
import socket
import subprocess
import sys
import termios
import threading
import time

import pytest
import serial

from harness.errors import (
    AnswerGarbled,
    AnswerTimeout,
    CommandRefused,
    DeviceAbsent,
    DeviceGone,
    NoPermission,
    PortBusy,
)
from harness.links import port_lock
from harness.links.at import opening as at_open
from harness.links.at import port as at
from harness.links.at.port import open_at
from harness.links.at.volatile import volatile
from harness.links.base import AtLink


@pytest.fixture(autouse=True)
def own_locks(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def ok(*lines):
    """An answer in the usual framing."""
    return b"".join(b"\r\n" + line.encode() + b"\r\n" for line in (*lines, "OK"))


def within(seconds):
    return time.monotonic() + seconds


def answers(command):
    return (
        ok(f"+{command[3:].rstrip('?')}: 1")
        if command.endswith("?")
        else ok("Model X")
        if command.startswith("AT+CG")
        else ok()
    )


@pytest.mark.parametrize("echo", [True, False])
def test_answers_come_without_echo_and_with_their_final_code(modem, echo):
    with open_at(modem(answers, echo=echo).path) as port:
        assert isinstance(port, AtLink)
        exchange = port.ask("AT+CEREG?", deadline_s=within(2))
        assert exchange.response == b"\r\n+CEREG: 1\r\n\r\nOK\r\n"
        assert exchange.error is None
        assert exchange.elapsed_ms > 0
        assert exchange.at.endswith("Z")
        assert port.ask("AT+CGMM", deadline_s=within(2)).response == b"\r\nModel X\r\n\r\nOK\r\n"


def test_many_commands_cost_no_waiting(modem):
    with open_at(modem(answers).path) as port:
        start = time.monotonic()
        for _ in range(50):
            port.ask("AT+CEREG?", deadline_s=within(2))
        assert time.monotonic() - start < 1.0


def test_a_port_that_takes_a_command_in_parts_gets_all_of_it(modem, monkeypatch):
    real, sizes, own = os.write, [], []

    def slow(file, data):
        if file in own and bytes(data).startswith(b"AT+CEREG"):
            sizes.append(len(data))
            return real(file, data[:4])
        return real(file, data)

    with open_at(modem(answers).path) as port:
        own.append(port._descriptor)
        monkeypatch.setattr(at.os, "write", slow)
        assert port.ask("AT+CEREG?", deadline_s=within(2)).response == ok("+CEREG: 1")
    assert sizes == [len(b"AT+CEREG?\r")]


def test_a_port_that_is_full_is_written_to_by_pyserial(modem, monkeypatch):
    real, full, own = os.write, [BlockingIOError()], []

    def write(file, data):
        if file in own and full:
            raise full.pop()
        return real(file, data)

    with open_at(modem(answers).path) as port:
        own.append(port._descriptor)
        monkeypatch.setattr(at.os, "write", write)
        assert port.ask("AT+CEREG?", deadline_s=within(2)).response == ok("+CEREG: 1")
    assert not full


def test_errors_of_the_modem_are_answers(modem):
    with open_at(modem(lambda _: b"\r\n+CME ERROR: 10\r\n").path) as port:
        assert port.ask("AT+CPIN?", deadline_s=within(2)).response == b"\r\n+CME ERROR: 10\r\n"


def test_a_trickle_without_end_meets_the_total_deadline(modem):
    with open_at(modem(lambda _: [(0.02, b"x")] * 200).path) as port:
        start = time.monotonic()
        with pytest.raises(AnswerTimeout) as caught:
            port.ask("AT+CEREG?", deadline_s=within(0.3))
        assert 0.25 < time.monotonic() - start < 0.6
        assert caught.value.raw.startswith(b"AT+CEREG?\rx")
        assert caught.value.command == "AT+CEREG?"


def test_a_flood_of_unsolicited_codes_meets_the_deadline(modem):
    with open_at(modem(lambda _: [(0.0, b"\r\n+CREG: 1\r\n" * 20)] * 100_000).path) as port:
        start = time.monotonic()
        with pytest.raises(AnswerTimeout):
            port.ask("AT+CEREG?", deadline_s=within(0.4))
        assert time.monotonic() - start < 1.0


@pytest.mark.parametrize("echo", [True, False])
def test_a_late_answer_is_never_taken_for_the_next_one(modem, echo):
    def slow_once(command):
        if command == "AT+CPIN?":
            return [(0.5, ok("+CPIN: READY"))]
        return answers(command)

    device = modem(slow_once, echo=echo)
    with open_at(device.path) as port:
        port.ask("AT+CGMM", deadline_s=within(2))
        with pytest.raises(AnswerTimeout):
            port.ask("AT+CPIN?", deadline_s=within(0.2))
        for command in ("AT+COPS?", "AT+CEREG?", "AT+CREG?"):
            assert port.ask(command, deadline_s=within(3)).response == ok(f"+{command[3:-1]}: 1")
        assert "+CPIN" not in port.ask("AT+COPS?", deadline_s=within(2)).text
    assert device.echo == echo


@pytest.mark.parametrize("echo", [True, False])
def test_a_late_answer_that_came_before_the_next_command_is_thrown_away(modem, echo):
    device = modem(
        lambda command: [(0.3, ok("+CPIN: READY"))] if command == "AT+CPIN?" else answers(command), echo=echo
    )
    with open_at(device.path) as port:
        port.ask("AT+CGMM", deadline_s=within(2))
        with pytest.raises(AnswerTimeout):
            port.ask("AT+CPIN?", deadline_s=within(0.1))
        time.sleep(0.4)
        assert port.ask("AT+COPS?", deadline_s=within(2)).response == ok("+COPS: 1")


def test_a_modem_that_stays_out_of_step_is_garbled_and_the_command_is_not_sent(modem):
    device = modem(lambda command: [(5, b"")] if command == "AT+CPIN?" else ok())
    with open_at(device.path) as port:
        with pytest.raises(AnswerTimeout):
            port.ask("AT+CPIN?", deadline_s=within(0.1))
        with pytest.raises(AnswerGarbled, match="out of step"):
            port.ask("AT+COPS?", deadline_s=within(0.3))
        assert "AT+COPS?" not in device.commands


def test_an_answer_that_comes_unasked_brings_the_stream_into_step_first(modem):
    device = modem(answers)
    with open_at(device.path) as port:
        port.ask("AT+CEREG?", deadline_s=within(2))
        device.say(ok("+COPS: 9"))
        time.sleep(0.05)
        assert port.ask("AT+COPS?", deadline_s=within(2)).response == ok("+COPS: 1")
        assert "AT" in device.commands


def test_crosstalk_is_asked_again_once(modem):
    wrong = [ok("+COPS: 7")]
    device = modem(lambda command: wrong.pop() if command == "AT+CNMP?" and wrong else answers(command))
    with open_at(device.path) as port:
        port.ask("AT+COPS?", deadline_s=within(2))
        assert port.ask("AT+CNMP?", deadline_s=within(2)).response == ok("+CNMP: 1")
        assert device.commands.count("AT+CNMP?") == 2


def test_crosstalk_that_stays_is_garbled(modem):
    device = modem(lambda command: ok("+COPS: 7") if command == "AT+CNMP?" else answers(command))
    with open_at(device.path) as port:
        port.ask("AT+COPS?", deadline_s=within(2))
        with pytest.raises(AnswerGarbled, match="another command"):
            port.ask("AT+CNMP?", deadline_s=within(2))


def test_unsolicited_codes_around_and_within_an_answer_do_not_end_it(modem):
    talk = b"\r\n+CREG: 5\r\n"

    def chatty(_):
        return [(0, talk), (0.01, b'\r\n+COPS: 0,0,"X",7\r\n'), (0.01, talk), (0.01, b"\r\nOK\r\n" + talk)]

    device = modem(chatty)
    with open_at(device.path) as port:
        for _ in range(3):
            device.say(talk)
            exchange = port.ask("AT+COPS?", deadline_s=within(2))
            assert b'+COPS: 0,0,"X",7' in exchange.response
            assert exchange.response.endswith(b"\r\nOK\r\n")


def test_a_final_code_without_line_end_is_taken_after_a_short_grace(modem):
    with open_at(modem(lambda _: b"\r\n+COPS: 0\r\n\r\nOK").path) as port:
        start = time.monotonic()
        assert port.ask("AT+COPS?", deadline_s=within(5)).response.endswith(b"OK")
        assert time.monotonic() - start < 1


def test_bare_cr_framing_needs_no_grace(modem):
    with open_at(modem(lambda _: b"+COPS: 0\rOK\r", echo=False).path) as port:
        start = time.monotonic()
        assert port.ask("AT+COPS?", deadline_s=within(5)).response == b"+COPS: 0\rOK\r"
        assert time.monotonic() - start < at.GRACE_S


def test_an_unplugged_modem_is_gone(modem):
    device = modem(lambda _: [(5, b"")])
    with open_at(device.path) as port:
        threading.Timer(0.1, device.unplug).start()
        with pytest.raises(DeviceGone, match="went away") as caught:
            port.ask("AT+COPS?", deadline_s=within(5))
        assert caught.value.command == "AT+COPS?"
        with pytest.raises(DeviceGone):
            port.ask("AT+COPS?", deadline_s=within(1))


def test_changing_commands_are_refused_and_not_sent(modem):
    device = modem(answers)
    with open_at(device.path) as port:
        for command in ("AT+CFUN=0", "AT^BAND_PREF", "AT+COPS=?", "AT+CGMM\rATZ", "hello"):
            with pytest.raises(CommandRefused):
                port.ask(command, deadline_s=within(1))
    assert device.commands == []


def test_permission_opens_changes_and_scans_apart(modem):
    device = modem(lambda command: ok())
    with open_at(device.path, allow_scans=True) as port:
        port.ask("AT+COPS=?", deadline_s=within(1))
        with pytest.raises(CommandRefused):
            port.ask("AT+CFUN=0", deadline_s=within(1))
    with open_at(device.path, allow_changes=True) as port:
        port.ask("AT+CFUN=0", deadline_s=within(1))
        with pytest.raises(CommandRefused):
            port.ask("AT+COPS=?", deadline_s=within(1))


def test_no_time_left_sends_nothing(modem):
    device = modem(answers)
    with open_at(device.path) as port, pytest.raises(AnswerTimeout):
        port.ask("AT+COPS?", deadline_s=within(-1))
    with pytest.raises(AnswerTimeout):
        open_at(device.path, deadline_s=within(-1))
    assert device.commands == []


def test_one_run_a_port(modem):
    device = modem(answers)
    with open_at(device.path), pytest.raises(PortBusy, match=str(os.getpid())):
        open_at(device.path)
    with open_at(device.path) as port:
        assert port.ask("AT+COPS?", deadline_s=within(1))


def test_a_killed_run_releases_the_port(modem):
    device = modem(answers)
    code = (
        "from harness.links.port_lock import PortLock; import sys; "
        f"PortLock({device.path!r}); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(PortBusy, match=str(other.pid)):
            open_at(device.path)
        other.kill()
        other.wait()
    open_at(device.path).close()


def test_a_port_locked_by_another_program_names_it(modem):
    device = modem(answers)
    code = (
        f"import fcntl, sys; f = open({device.path!r}, 'rb+', buffering=0); "
        "fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(PortBusy, match=rf"\({other.pid}\)"):
            open_at(device.path)
        other.stdin.close()


def test_modemmanager_is_named_with_the_way_out(monkeypatch):
    monkeypatch.setattr(port_lock, "holders", lambda _: ("ModemManager (812)",))
    error = at_open.open_error("/dev/ttyUSB2", OSError(16, "Device or resource busy"))
    assert isinstance(error, PortBusy)
    assert "ModemManager (812)" in error.message
    assert "mmcli" in error.way_out


@pytest.mark.parametrize(
    ("number", "kind"), [(13, NoPermission), (2, DeviceAbsent), (16, PortBusy), (6, DeviceAbsent), (5, DeviceAbsent)]
)
def test_errors_at_opening_say_what_to_do(number, kind):
    error = at_open.open_error("/dev/ttyUSB2", OSError(number, os.strerror(number)))
    assert isinstance(error, kind)
    assert error.way_out


def test_an_absent_port_is_absent():
    with pytest.raises(DeviceAbsent, match="no port"):
        open_at("/dev/ttyUSB98")


def test_a_refused_socket_is_absent():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(DeviceAbsent, match="refused"):
            open_at(f"socket://127.0.0.1:{taken.getsockname()[1]}")


def test_tcp_modems_answer_and_hang_up():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            stream, _ = server.accept()
            with stream:
                stream.recv(100)
                stream.sendall(ok("+COPS: 0"))
                stream.recv(100)

        thread = threading.Thread(target=serve)
        thread.start()
        port = open_at(f"socket://127.0.0.1:{server.getsockname()[1]}")
        assert port.ask("AT+COPS?", deadline_s=within(2)).response == ok("+COPS: 0")
        with pytest.raises(DeviceGone):
            port.ask("AT+COPS?", deadline_s=within(2))
        thread.join()
        port.close()


def test_ports_without_descriptor_read_through_pyserial():
    port = open_at("loop://", allow_changes=True)
    with pytest.raises(AnswerTimeout) as caught:
        port.ask("AT+COPS?", deadline_s=within(0.3))
    assert caught.value.raw == b"AT+COPS?\r"
    port.close()
    port.close()


class Port:
    """A serial port whose calls at the end fail as they are told to; it knows whether it was closed."""

    def __init__(self, flushing=None, closing=None):
        self.flushing, self.closing, self.closed = flushing, closing, False

    def fileno(self):
        raise OSError("no descriptor")

    def reset_output_buffer(self):
        if self.flushing is not None:
            raise self.flushing

    def close(self):
        self.closed = True
        if self.closing is not None:
            raise self.closing


GONE = [
    OSError(5, "Input/output error"),
    serial.SerialException("write failed"),
    serial.PortNotOpenError(),
    termios.error(5, "Input/output error"),
]


@pytest.mark.parametrize("error", GONE, ids=repr)
def test_a_port_whose_cable_is_gone_closes_quietly(error):
    port, lock = Port(error, error), port_lock.PortLock("/dev/ttyUSB97")
    at.AtPort(port, "/dev/ttyUSB97", lock=lock).close()
    assert port.closed
    port_lock.PortLock("/dev/ttyUSB97").release()


def test_a_modem_that_is_unplugged_closes_quietly(modem):
    device = modem(answers)
    port = open_at(device.path)
    assert port.ask("AT+COPS?", deadline_s=within(1))
    device.unplug()
    port.close()


@pytest.mark.parametrize("place", ["flushing", "closing"])
def test_a_fault_of_our_own_is_not_hidden_at_closing_and_the_lock_is_let_go(place):
    port, lock = Port(**{place: TypeError("a bug")}), port_lock.PortLock("/dev/ttyUSB97")
    with pytest.raises(TypeError, match="a bug"):
        at.AtPort(port, "/dev/ttyUSB97", lock=lock).close()
    port_lock.PortLock("/dev/ttyUSB97").release()


class Settings:
    """A link that keeps settings."""

    address = "test"

    def __init__(self, fail=""):
        self.sent, self.state, self.fail = [], {"+CMEE": "1", "+CREG": "0,1", "+COPS": '0,0,"X",7'}, fail

    def ask(self, command, *, deadline_s):
        from harness.recording.exchange import Exchange

        self.sent.append(command)
        if command == self.fail:
            raise AnswerTimeout("x")
        name, _, _value = command[2:].partition("=")
        if name.endswith("?"):
            known = self.state.get(name[:-1])
            return Exchange(command, f"\r\n{name[:-1]}: {known}\r\n\r\nOK\r\n".encode() if known else b"\r\nERROR\r\n")
        return Exchange(command, b"\r\nOK\r\n")

    def close(self):
        pass


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        ("AT+CMEE=2", ["AT+CMEE?", "AT+CMEE=2", "AT+CMEE=1"]),
        ("AT+CMEE=1", ["AT+CMEE?"]),
        ("AT+CREG=2", ["AT+CREG?", "AT+CREG=2", "AT+CREG=0"]),
        ("AT+COPS=3,2", ["AT+COPS?", "AT+COPS=3,2", "AT+COPS=3,0"]),
        ("AT+UNKNOWN=1", ["AT+UNKNOWN?"]),
    ],
)
def test_volatile_settings_are_put_back(command, sent):
    link = Settings()
    with volatile(link, command, deadline_s=within(1)) as in_force:
        assert in_force == (command != "AT+UNKNOWN=1")
    assert link.sent == sent


def test_volatile_settings_are_put_back_after_an_error():
    link = Settings()
    with pytest.raises(KeyError), volatile(link, "ATE0", restore="ATE1", deadline_s=within(1)):
        raise KeyError
    assert link.sent == ["ATE0", "ATE1"]


def test_a_setting_whose_answer_did_not_come_is_put_back_too():
    link = Settings(fail="AT+CMEE=2")
    with pytest.raises(AnswerTimeout), volatile(link, "AT+CMEE=2", deadline_s=within(1)):
        pass
    assert link.sent[-1] == "AT+CMEE=1"
