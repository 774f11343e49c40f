"""A device opened for a watch: known again by what it is, let go of in any case, nothing kept of what identifies it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from harness.errors import AnswerTimeout, DeviceGone, LinkError, UsageError
from harness.links.adb import shell
from harness.links.addresses import Address
from harness.links.at import port as at_port
from harness.probes.adb.plan import GETPROP
from harness.recording.exchange import Exchange, Interruption, Recording, RecordingInfo
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import Unwritten
from harness.simulation.radio.clock import SimulatedClock
from harness.state.journal import device_key
from harness.survey import watched
from harness.survey.restoring import modem_finding
from harness.survey.watched import followed, open_watched, watched_handset, watched_modem
from harness.watch.course import GONE
from harness.watch.following import LEVELS

IMEI = "490154203237518"
CELL = '+QNWINFO: "FDD LTE","26201","LTE BAND 3",1650'


def in_time(deadline_s: float) -> None:
    """A deadline lies ahead of the simulated clock, or of the true one."""
    assert 0 < deadline_s - 1000.0 <= 60 or 0 < deadline_s - time.monotonic() <= watched.OPEN_S


class Port:
    """A port of an EC25, or of something that says nothing of itself."""

    def __init__(self, **answers: str | Exception) -> None:
        self.answers = {"ATI": "Quectel\r\nEC25\r\nRevision: EC25EFAR06A06M4G", "AT+CGSN": IMEI, "AT+QNWINFO": CELL,
                        "AT+CEREG?": "+CEREG: 0,1"}  # fmt: skip
        self.answers |= answers
        self.closed = 0
        self.asked: list[str] = []
        self.address = "port"

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        in_time(deadline_s)
        self.asked.append(command)
        answer = self.answers.get(command)
        if isinstance(answer, Exception):
            raise answer
        if command.startswith("AT+CEREG="):
            answer = ""
        text = b"\r\nERROR\r\n" if answer is None else f"\r\n{answer}\r\n\r\nOK\r\n".encode()
        return Exchange(command, text, at="2026-01-01T10:00:00.000Z")

    def listen(self, *, deadline_s: float) -> bytes:
        return b""

    def allow_reads(self, forms) -> None:
        """All may be asked."""

    def learn_records(self, records) -> None:
        self.records = records

    def close(self) -> None:
        self.closed += 1


class Writer(Unwritten):
    """Keeps in memory what would be written, and whose records it was told of."""

    def __init__(self) -> None:
        super().__init__("x")
        self.kept: list[Exchange] = []
        self.records = None

    def append(self, kind, exchange):
        self.kept.append(exchange)
        return exchange

    def learn_records(self, records) -> None:
        self.records = records


def opened(port: Port, again=lambda key: None, writer=None):
    return watched_modem(port, writer or Writer(), SimulatedClock(), again=again)


def test_a_modem_is_told_in_words_and_followed_by_its_family():
    writer = Writer()
    one = opened(Port(), writer=writer)
    assert one.words == "Quectel EC25"
    assert one.identity == {"manufacturer": "Quectel", "model": "EC25", "build": "EC25EFAR06A06M4G"}
    assert one.follower.family.name == "quectel"
    assert "AT+QNWINFO" in one.follower.requests
    assert writer.records is not None
    assert not any(IMEI in exchange.text for exchange in writer.kept)


def test_a_modem_of_no_family_is_a_modem():
    writer = Writer()
    one = opened(Port(ATI="x", **{"AT+CGSN": "x"}), writer=writer)
    assert one.words == "modem"
    assert writer.records is None


@pytest.mark.parametrize(
    ("answer", "key"),
    [(IMEI, device_key("at", IMEI)), ("12345", ""), (AnswerTimeout("no answer"), "")],
)
def test_it_is_waited_for_by_its_imei_where_it_tells_one(answer, key):
    keys = []
    one = opened(Port(**{"AT+CGSN": answer}), again=keys.append)
    assert one.regain() is False
    assert keys == [key]


def test_it_comes_back_behind_another_port_and_is_made_to_tell_again():
    first, second = Port(), Port()
    one = opened(first, again=lambda key: second)
    assert first.asked.count("AT+CEREG=2") == 1
    assert one.regain() is True
    assert (first.closed, second.closed) == (1, 0)
    assert second.asked == ["AT+CEREG?", "AT+CEREG=2"]
    one.device.close()
    assert second.closed == 1
    # What it was before is set again.
    assert second.asked[-1] == "AT+CEREG=0"


def test_one_that_goes_away_again_is_not_back():
    gone = Port(**{"AT+CEREG?": DeviceGone("it went away")})
    assert opened(Port(), again=lambda key: gone).regain() is False


def test_where_no_level_is_told_the_standards_command_is_asked_from_then_on():
    one = opened(Port())
    one.device.look()
    assert LEVELS not in one.device.requests
    one.follow()
    assert one.device.requests[-1] == LEVELS
    assert one.follower.requests == one.device.requests
    one.device.look()
    one.follow()
    assert one.device.requests.count(LEVELS) == 1


def test_where_a_level_is_told_or_no_cell_nothing_more_is_asked():
    level = '+QENG: "servingcell","NOCONN","LTE","FDD",262,01,1A2B301,318,1650,3,5,5,1A2B,-93,-10,-63,15,42'
    for answers in ({'AT+QENG="servingcell"': level}, {"AT+QNWINFO": "+QNWINFO: No Service"}):
        one = opened(Port(**answers))
        one.device.look()
        one.follow()
        assert LEVELS not in one.device.requests


def test_a_device_that_is_away_at_the_end_is_missed_in_the_recording():
    writer = Writer()
    one = opened(Port(), writer=writer)
    one.device.look()
    one.follow()
    before = len(writer.kept)
    one.close()
    assert all(exchange.error is None for exchange in writer.kept[before:])
    port, writer = Port(), Writer()
    one = opened(port, writer=writer)
    one.keep(Exchange("", b"", at="2026-01-01T10:00:01.000Z", error=Interruption("DeviceGone", "it went away")))
    assert one.follower.course.away == GONE
    one.close()
    assert writer.kept[-1].error is not None or writer.kept[-2].error is not None
    (away,) = [e for e in writer.kept if e.error and "to the end of the watch" in e.error.message]
    assert (away.elapsed_ms, away.response) == (0.0, b"")
    assert port.closed == 1


def test_ports_are_opened_by_kind_and_closed_where_that_fails(monkeypatch):
    port = Port()
    monkeypatch.setattr(at_port, "open_at", lambda url, **how: in_time(how["deadline_s"]) or port)
    one = open_watched(Address("at", "/dev/ttyUSB2", "/dev/ttyUSB2"), Writer())
    assert one.words == "Quectel EC25"
    assert port.closed == 0

    def gone(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(watched, "watched_modem", gone)
    with pytest.raises(KeyboardInterrupt):
        open_watched(Address("at", "/dev/ttyUSB2", "/dev/ttyUSB2"), Writer())
    assert port.closed == 1
    with pytest.raises(UsageError, match="cannot be watched"):
        open_watched(Address("qmi", "qmi:/dev/cdc-wdm0", "qmi:/dev/cdc-wdm0"), Writer())


def test_a_lost_port_is_looked_for_by_its_key_and_else_where_it_was(monkeypatch):
    looked, tried = [], []
    monkeypatch.setattr(
        modem_finding, "reopened", lambda url, key, *, until_s: in_time(until_s) or looked.append((url, key)) or "found"
    )
    clock = SimulatedClock()
    monkeypatch.setattr(watched, "REAL_CLOCK", clock)
    address = Address("at", "/dev/ttyUSB2", "/dev/ttyUSB2")
    assert watched._port_again(address, "KEY") == "found"
    assert looked == [("/dev/ttyUSB2", "KEY")]
    monkeypatch.setattr(
        at_port, "open_at", lambda url, **how: in_time(how["deadline_s"]) or tried.append(url) or "port"
    )
    assert watched._port_again(address, "") == "port"
    assert tried == ["/dev/ttyUSB2"]
    # Not at once again and again.
    assert clock.at == 1001.0

    def gone(*_, **__):
        raise DeviceGone("it is not there")

    monkeypatch.setattr(at_port, "open_at", gone)
    assert watched._port_again(address, "") is None


PROPS = "[ro.product.manufacturer]: [Xiaomi]\n[ro.product.model]: [{}]\n[ro.build.id]: [A]\n"


class Shell:
    def __init__(self, model: str | Exception | None) -> None:
        self.model = model
        self.closed = 0

    def run(self, commands, *, deadline_s):
        in_time(deadline_s)
        if isinstance(self.model, Exception):
            raise self.model
        return [None if self.model is None else Exchange(commands[0], PROPS.format(self.model).encode(), exit_code=0)]

    def close(self) -> None:
        self.closed += 1


def handset(*shells, clock=None):
    told = list(shells)

    def opened():
        found = told.pop(0)
        if isinstance(found, LinkError):
            raise found
        return found

    return watched_handset(opened, Writer(), clock or SimulatedClock())


def test_a_handset_is_told_in_words_and_comes_back_as_the_same():
    first, second = Shell("Mi MIX 2"), Shell("Mi MIX 2")
    clock = SimulatedClock()
    one = handset(first, second, clock=clock)
    assert one.words == "Xiaomi Mi MIX 2"
    assert one.identity["model"] == "Mi MIX 2"
    assert one.regain() is True
    assert first.closed == 1
    assert one.device.link is second
    assert clock.at == 1001.0


@pytest.mark.parametrize("second", [Shell("Pixel 5"), Shell(DeviceGone("gone")), Shell(None), DeviceGone("not there")])
def test_another_one_or_none_behind_its_address_is_not_back(second):
    assert handset(Shell("Mi MIX 2"), second).regain() is False


@pytest.mark.parametrize("model", [None, DeviceGone("gone")])
def test_one_that_does_not_tell_what_it_is_is_let_go_of(model):
    first = Shell(model)
    with pytest.raises(LinkError):
        handset(first)
    assert first.closed == 1


def test_a_handset_is_opened_for_itself_alone(monkeypatch):
    how = {}
    monkeypatch.setattr(
        shell, "open_adb", lambda serial, **given: how.update(given, serial=serial) or Shell("Mi MIX 2")
    )
    assert open_watched(Address("adb", "SERIAL1", "SERIAL1"), Writer()).words == "Xiaomi Mi MIX 2"
    assert how["exclusive"] is True
    in_time(how["deadline_s"])
    assert how["serial"] == "SERIAL1"


def test_an_answer_that_was_cut_tells_no_identity():
    class Cut(Shell):
        def run(self, commands, *, deadline_s):
            (told,) = super().run(commands, deadline_s=deadline_s)
            return [Exchange(told.request, told.response, error=Interruption("AnswerTimeout", "late"))]

    with pytest.raises(LinkError, match="what it is"):
        handset(Cut("Mi MIX 2"))
    assert GETPROP == "getprop"


def looked(count: int, *, levels: bool = False) -> Recording:
    requests = [("ATI", "Quectel\r\nEC25\r\nRevision: EC25EFAR06A06M4G")]
    for _ in range(count):
        requests += [('AT+QENG="servingcell"', ""), ("AT+QNWINFO", CELL), ("AT+CEREG?", "+CEREG: 0,1")]
        requests += [(LEVELS, "+CESQ: 99,99,255,255,20,48")] if levels else []
    exchanges = tuple(
        Exchange(request, f"\r\n{text}\r\n\r\nOK\r\n".encode(), at=f"2026-01-01T10:00:{n:02d}.000Z")
        for n, (request, text) in enumerate(requests)
    )
    return Recording(RecordingInfo("x", "recorded"), {"at": exchanges})


@pytest.mark.parametrize("levels", [False, True])
def test_a_recorded_watch_tells_its_course_again(levels):
    told = followed(looked(2, levels=levels))
    assert told.course.looks == 2
    assert (LEVELS in told.requests) is levels
    assert told.course.moment.band == "B3"


def test_one_look_is_no_watch():
    with pytest.raises(UsageError, match="no recording of a watch"):
        followed(looked(1))
    with pytest.raises(UsageError, match="no recording of a watch"):
        followed(load_recording(resolve_recording("fixture:xiaomi-mi-mix-2-global")))


def test_a_recording_of_a_handset_is_followed_by_its_registry():
    whole = load_recording(resolve_recording("fixture:xiaomi-mi-mix-2-global"))
    (one,) = [e for e in whole.links["adb"] if e.request == "dumpsys telephony.registry"]
    thrice = tuple(replace(one, at=f"2026-01-01T10:00:0{n}.000Z", number=n) for n in range(3))
    told = followed(Recording(whole.info, {"adb": thrice}), 0)
    assert told.course.looks == 3
    assert told.slot == 0
