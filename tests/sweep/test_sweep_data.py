"""Data over the bearer: bytes that the host received behind the attach, and nothing else."""

from __future__ import annotations

import stat

import pytest
from swept_modem import cells, sweep

from harness.errors import AnswerTimeout, UsageError
from harness.simulation.radio.clock import SimulatedClock
from harness.suite.sweeps import _bearers
from harness.sweep import marks
from harness.sweep.bearer import WITHIN_S, Bearer

RAW_IP, ETHERNET, UP, UP_NOARP = "519", "1", "0x1043", "0x10c3"


class Counted(SimulatedClock):
    """A clock at whose waits the network device counts on: `rates` bytes a wait, the last for ever."""

    def __init__(self, file, rates):
        super().__init__()
        self._file, self._rates = file, list(rates)

    def wait(self, seconds):
        super().wait(seconds)
        rate = self._rates.pop(0) if len(self._rates) > 1 else self._rates[0]
        if rate is None:
            self._file.unlink(missing_ok=True)
        elif isinstance(rate, str):
            self._file.write_text(rate)
        else:
            self._file.write_text(str(int(self._file.read_text()) + rate if self._file.exists() else rate))


@pytest.fixture
def net(tmp_path):
    def make(kind=RAW_IP, flags=UP, count="1000", name="wwan0"):
        place = tmp_path / name
        (place / "statistics").mkdir(parents=True)
        (place / "type").write_text(f"{kind}\n")
        (place / "flags").write_text(f"{flags}\n")
        (place / "statistics/rx_bytes").write_text(f"{count}\n")
        return Bearer(name, root=tmp_path), place / "statistics/rx_bytes"

    return make


@pytest.mark.parametrize(
    ("rates", "count"),
    [
        ([0, 0, 84], 84),
        ([0], 0),
        ([-500, 0], 0),
        ([None, "0", 0], 0),
        ([None, "0", 0, 60], 60),
        ([None], None),
        (["x"], None),
    ],
)
def test_only_bytes_that_are_new_count(net, rates, count):
    """A device that went and came again counts from 0: what it counted before is no data of now."""
    bearer, file = net()
    clock = Counted(file, rates)
    began = clock.monotonic()
    assert bearer.wait(clock).count == count
    assert clock.monotonic() - began <= WITHIN_S + 1


@pytest.mark.parametrize(
    ("kind", "flags", "proves"),
    [(RAW_IP, UP, True), ("65534", UP, True), ("512", UP, True), (ETHERNET, UP_NOARP, True), (ETHERNET, UP, False)],
)
def test_where_the_modem_itself_may_answer_nothing_is_proved(net, kind, flags, proves):
    bearer, file = net(kind, flags)
    came = bearer.wait(Counted(file, [500]))
    assert (came.count == 500) is proves
    assert came.count is not None or "proves no bearer" in came.words
    assert Bearer("wwan9", root=bearer.root).wait(SimulatedClock()).count is None


@pytest.mark.parametrize(
    ("kind", "rates", "outcome", "words"),
    [
        (RAW_IP, [64], "PASS", "bytes came"),
        (RAW_IP, [0], "PASS_NOTE", "no data was seen to come"),
        # What comes there proves nothing: that is no better than nothing.
        (ETHERNET, [64], "PASS_NOTE", "no data was seen to come"),
    ],
)
def test_a_sweep_says_whether_data_came(net, kind, rates, outcome, words):
    bearer, file = net(kind, UP)

    class Fed(Bearer):
        def wait(self, clock, within_s=WITHIN_S):
            return super().wait(Counted(file, rates), within_s)

    swept = sweep("quectel-lte", "12,66", cells("2", "12"), bearer=Fed("wwan0", root=bearer.root))
    assert swept.outcome("B12") == outcome
    assert words in swept.reason("B12")
    assert swept.outcome("B66") == "INCONC"
    # Where it did not attach, nothing is counted.
    assert [marks.mark_of(one).band for one in swept.exchanges if one.request.startswith("sweep data")] == [("lte", 12)]


def test_a_wait_for_data_that_was_cut_short_is_no_data(net):
    """Nothing is counted, and nothing tells that it was waited for but the order itself."""

    class Cut(Bearer):
        def wait(self, clock, within_s=WITHIN_S):
            raise AnswerTimeout("the host was busy")

    swept = sweep("quectel-lte", "12", cells("2", "12"), bearer=Cut("wwan0", root=net()[0].root))
    assert not any(one.request.startswith("sweep data") for one in swept.exchanges)
    assert swept.outcome("B12") == "PASS_NOTE"
    assert "no data was seen to come" in swept.reason("B12")


def test_data_makes_no_pass_of_a_cell_that_was_kept(net):
    from harness.simulation.radio.quirks import Quirks

    bearer, file = net()

    class Fed(Bearer):
        def wait(self, clock, within_s=WITHIN_S):
            return super().wait(Counted(file, [64]), within_s)

    swept = sweep(
        "quectel-lte", "12", cells("2", "12"), Quirks(not_in_force=True), bearer=Fed("wwan0", root=bearer.root)
    )
    assert swept.outcome("B12") == "INCONC"


def test_a_ping_that_is_asked_for_is_ended(net, tmp_path, monkeypatch):
    """What the ping says is never read: this one says that all is well, and nothing comes."""
    bearer, file = net()
    program = tmp_path / "bin/ping"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho $@ > {tmp_path}/asked\necho '4 received, 0% packet loss'\nexec sleep 60\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    import time

    class Slow(Counted):
        def wait(self, seconds):
            super().wait(seconds)
            time.sleep(0.05)

    began = time.monotonic()
    assert Bearer("wwan0", "192.0.2.1", bearer.root).wait(Slow(file, [0])).count == 0
    assert time.monotonic() - began < 30
    assert (tmp_path / "asked").read_text().split()[-3:] == ["-I", "wwan0", "192.0.2.1"]


@pytest.mark.parametrize("text", ["", "wwan0;x", "wwan0,-f", "../x", "wwan0,a b"])
def test_no_other_words_become_a_network_device(text):
    with pytest.raises(UsageError):
        Bearer.parse(text)


def test_each_device_has_a_network_device_of_its_own():
    found = _bearers(["m1:wwan0", "m2:wwan1,192.0.2.1"], ["m1", "m2"])
    assert (found["m1"].interface, found["m2"].target) == ("wwan0", "192.0.2.1")
    assert _bearers(["wwan0"], ["m1"])["m1"].interface == "wwan0"
    for texts in (["wwan0"], ["m1:wwan0", "m2:wwan0"], ["m3:wwan0"]):
        with pytest.raises(UsageError):
            _bearers(texts, ["m1", "m2"])
