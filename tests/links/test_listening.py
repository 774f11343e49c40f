"""What comes unasked over an AT port: whole lines, as soon as there are some, and no later answer for an earlier one."""

from __future__ import annotations

import sys
import time

import pytest

from harness.errors import DeviceGone
from harness.links.at.port import open_at
from harness.recording.exchange import Exchange, Recording, RecordingInfo
from harness.simulation.kit import serve_modem

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")
RECORDING = Recording(
    RecordingInfo(id="m", provenance="composed"), {"at": (Exchange("AT+CSQ", b"\r\n+CSQ: 20,99\r\n\r\nOK\r\n"),)}
)


def soon(seconds=5.0):
    return time.monotonic() + seconds


@pytest.fixture
def modem():
    with serve_modem(RECORDING) as served:
        yield served


def test_it_is_heard_at_once_and_whole(modem):
    with open_at(modem.address) as port:
        modem.say(b"\r\n+CEREG: 1")
        modem.say(b',"2A3F"\r\n')
        start = time.monotonic()
        assert port.listen(deadline_s=soon()).strip() == b'+CEREG: 1,"2A3F"'
        assert time.monotonic() - start < 2


def test_nothing_until_the_deadline_is_nothing(modem):
    with open_at(modem.address) as port:
        start = time.monotonic()
        assert port.listen(deadline_s=soon(0.2)) == b""
        assert 0.15 < time.monotonic() - start < 2


def test_an_answer_that_comes_late_is_not_taken_for_the_next(modem):
    with open_at(modem.address) as port:
        assert "+CSQ" in port.ask("AT+CSQ", deadline_s=soon()).text
        modem.say(b"\r\nERROR\r\n")
        assert b"ERROR" in port.listen(deadline_s=soon())
        assert port.ask("AT+CSQ", deadline_s=soon()).text.strip().endswith("OK")


def test_a_port_that_goes_away_meanwhile_is_told(modem):
    with open_at(modem.address) as port:
        modem.call(modem.modem.unplug())
        with pytest.raises(DeviceGone):
            port.listen(deadline_s=soon())
