"""The modem of a journal among ports: by its IMEI alone, whatever is busy, silent or somebody else's is let go of."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from harness.errors import AnswerTimeout, DeviceAbsent, PortBusy
from harness.links.at import port as at_port
from harness.links.usb import serial_ports
from harness.recording.exchange import Exchange
from harness.state.journal import SCHEMA, ItemChange, JournalPage, device_key
from harness.survey.restoring import modem_finding
from harness.survey.restoring.modem_finding import find_modem, key_at, reopened

IMEI = "490154203237518"
KEY = device_key("at", IMEI)


def in_time(deadline_s: float) -> None:
    """A deadline lies ahead, no further than a question may take."""
    assert 0 < deadline_s - time.monotonic() <= modem_finding.ASK_S


class Port:
    """A port behind which something answers AT+CGSN."""

    def __init__(self, url: str, answer: str | Exception) -> None:
        self.url, self.answer = url, answer
        self.closed = 0
        self.asked: list[str] = []

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        in_time(deadline_s)
        self.asked.append(command)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Exchange(command, f"\r\n{self.answer}\r\n\r\nOK\r\n".encode())

    def close(self) -> None:
        self.closed += 1

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@pytest.fixture
def ports(monkeypatch):
    """Ports by name, and what was opened, in order."""
    told = SimpleNamespace(there={}, listed=[], opened=[], how=[])

    def opened(url, **how):
        told.opened.append(url)
        told.how.append(how)
        in_time(how["deadline_s"])
        found = told.there.get(url)
        if found is None:
            raise DeviceAbsent(f"{url} is not there")
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(at_port, "open_at", opened)
    monkeypatch.setattr(
        serial_ports,
        "list_serial_ports",
        lambda: [SimpleNamespace(device=name, takes_at=name.startswith("/dev/tty")) for name in told.listed],
    )

    def make(**answers):
        for name, answer in answers.items():
            url = f"/dev/{name}"
            told.there[url] = answer if isinstance(answer, PortBusy) else Port(url, answer)
            told.listed.append(url)
        return told

    return make


def test_it_is_looked_for_where_it_was_and_opened_for_changes(ports):
    told = ports(ttyUSB0=IMEI, ttyUSB2=IMEI)
    found = reopened("/dev/ttyUSB2", KEY, until_s=0)
    assert found is told.there["/dev/ttyUSB2"]
    assert told.opened == ["/dev/ttyUSB2"]
    assert told.how[0]["allow_changes"] is True
    assert found.closed == 0
    assert found.asked == ["AT+CGSN"]


def test_under_another_name_it_is_found_by_its_imei_and_the_others_are_let_go_of(ports):
    told = ports(
        ttyUSB0="490154203237519",
        ttyUSB1=PortBusy("somebody has it"),
        cu2=IMEI,
        ttyUSB3=AnswerTimeout("no answer"),
        ttyUSB4="no digits",
        ttyUSB5=IMEI,
    )
    found = reopened("/dev/ttyUSB9", KEY, until_s=0)
    assert found is told.there["/dev/ttyUSB5"]
    assert told.opened == [f"/dev/ttyUSB{n}" for n in (9, 0, 1, 3, 4, 5)]
    assert [told.there[f"/dev/ttyUSB{n}"].closed for n in (0, 3, 4, 5)] == [1, 1, 1, 0]


def test_the_port_where_it_was_is_asked_once(ports):
    told = ports(ttyUSB0="490154203237519")
    assert reopened("/dev/ttyUSB0", KEY, until_s=0) is None
    assert told.opened == ["/dev/ttyUSB0"]
    assert reopened("", KEY, until_s=0) is None
    assert told.opened == ["/dev/ttyUSB0"] * 2


def test_one_that_stays_away_is_waited_for_as_long_as_it_may_take(ports, monkeypatch):
    monkeypatch.setattr(modem_finding, "_LOOK_EVERY_S", 0.02)
    told = ports()
    started = time.monotonic()
    assert reopened("/dev/ttyUSB0", KEY, until_s=started + 0.1) is None
    assert 0.1 <= time.monotonic() - started < 1
    assert len(told.opened) >= 3


def test_one_that_comes_back_while_it_is_waited_for_is_found(ports, monkeypatch):
    monkeypatch.setattr(modem_finding, "_LOOK_EVERY_S", 0.01)
    told = ports()
    looks = []

    def listed():
        looks.append(1)
        if len(looks) == 3:
            told.there["/dev/ttyUSB7"] = Port("/dev/ttyUSB7", IMEI)
        return [SimpleNamespace(device="/dev/ttyUSB7", takes_at=True)]

    monkeypatch.setattr(serial_ports, "list_serial_ports", listed)
    found = reopened("", KEY, until_s=time.monotonic() + 5)
    assert found is told.there["/dev/ttyUSB7"]
    assert len(looks) == 3


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (IMEI, KEY),
        ("+CGSN: " + IMEI, KEY),
        ("1234567890123", ""),
        ("12345678901234567", ""),
        (AnswerTimeout("no answer"), ""),
        (PortBusy("somebody has it"), ""),
    ],
)
def test_the_key_behind_a_port(ports, answer, key):
    told = ports(ttyUSB0=answer)
    assert key_at("/dev/ttyUSB0") == key
    assert "allow_changes" not in told.how[0]
    if not isinstance(answer, PortBusy):
        assert told.there["/dev/ttyUSB0"].closed == 1


def page(*channels: str, reached: str = "/dev/ttyUSB0") -> JournalPage:
    changes = tuple(ItemChange(f"item{n}", one, "a", ("b",), "done", "") for n, one in enumerate(channels))
    return JournalPage(SCHEMA, KEY, "x", "A", "t", "t", changes=changes, reached=reached)


class Modem(Port):
    """A port of a Quectel modem."""

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        told = {"ATI": "Quectel\r\nEG25\r\nRevision: EG25GGBR07A08M2G", "AT+CGSN": IMEI, "AT+CGMM": "EG25",
                "AT+CGMR": "EG25GGBR07A08M2G"}  # fmt: skip
        return Exchange(command, f"\r\n{told[command]}\r\n\r\nOK\r\n".encode() if command in told else b"\r\nERROR\r\n")

    def allow_reads(self, forms) -> None:
        """All may be asked."""

    def learn_records(self, records) -> None:
        """Nothing is kept."""


def test_a_modem_is_reached_with_the_items_of_its_family(ports):
    told = ports()
    told.there["/dev/ttyUSB0"] = modem = Modem("/dev/ttyUSB0", IMEI)
    found = find_modem(page("adb", "at"), time.monotonic() + 5)
    assert found is not None
    assert "band_masks" in found.items
    assert found.firmware == "EG25GGBR07A08M2G"
    assert found.channels.keys() == {"at"}
    assert modem.closed == 0
    found.close()
    assert modem.closed == 1


def test_a_modem_of_no_family_has_nothing_that_could_be_put_back(ports):
    class Nobody(Modem):
        def ask(self, command: str, *, deadline_s: float) -> Exchange:
            return Exchange(command, f"\r\n{IMEI}\r\n\r\nOK\r\n".encode() if command == "AT+CGSN" else b"\r\nOK\r\n")

    told = ports()
    told.there["/dev/ttyUSB0"] = Nobody("/dev/ttyUSB0", IMEI)
    found = find_modem(page("at"), time.monotonic() + 5)
    assert found is not None
    assert found.items == {}


def test_a_journal_of_a_handset_opens_no_port(ports):
    told = ports(ttyUSB0=IMEI)
    assert find_modem(page("adb"), time.monotonic() + 5) is None
    assert find_modem(page(), time.monotonic() + 5) is None
    assert told.opened == []


def test_a_modem_that_goes_away_while_it_is_identified_is_let_go_of(ports, monkeypatch):
    from harness.probes.at import session

    def gone(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "identify", gone)
    told = ports(ttyUSB0=IMEI)
    with pytest.raises(KeyboardInterrupt):
        find_modem(page("at"), time.monotonic() + 5)
    assert told.there["/dev/ttyUSB0"].closed == 1
