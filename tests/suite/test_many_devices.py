"""Many devices in one run: none delays another, two runs never share one, and a hundred of each kind fit in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.errors import RecordingError
from harness.recording.files import load_recording
from harness.simulation import kit
from harness.suite.session import Session, _replayed
from harness.survey import together
from harness.survey.survey import Survey
from harness.survey.targets import Target
from harness.survey.together import read_devices

ROOT = Path(__file__).resolve().parents[2]
RM520 = "fixture:quectel-rm520n-gl"
MIX = "fixture:xiaomi-mi-mix-2-global"
BANDS = 'AT+QNWPREFCFG="lte_band"'
REGISTRY = "dumpsys telephony.registry"
MOST_MB = 300
EACH = 100
needs_adb = pytest.mark.skipif(not kit.adb_binaries(), reason="no adb here")


@pytest.fixture(autouse=True)
def own_locks(tmp_path, monkeypatch):
    (tmp_path / "locks").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "locks"))


@pytest.fixture
def modem():
    with ExitStack() as stack:
        quick = kit.ModemOptions(latency_s=0.0)
        yield lambda *faults: stack.enter_context(kit.serve_modem(RM520, options=quick, faults=faults))


@pytest.fixture
def handset():
    with ExitStack() as stack:
        server = stack.enter_context(kit.private_adb_server())
        stack.enter_context(kit.adb_environment(server))
        quick = kit.HandsetOptions(latency_s=0.0)
        yield lambda *faults: stack.enter_context(kit.serve_handset(MIX, server=server, options=quick, faults=faults))


def in_time(targets, **how):
    """Surveys, and when each device ended."""
    start, ends = time.monotonic(), {}
    surveys = read_devices(targets, told=lambda one: ends.update({one.device: time.monotonic() - start}), **how)
    return surveys, ends, time.monotonic() - start


@pytest.mark.parametrize("fault", ["silent", "trickle", "chatter", "unplug"])
def test_one_dead_or_slow_device_delays_no_other(modem, tmp_path, fault):
    targets = [Target("dead", (modem(f"{fault}@{BANDS}").address,), deadline_s=4.0)]
    targets += [Target(f"quick-{n}", (modem().address,)) for n in range(4)]
    surveys, ends, took = in_time(targets, evidence=tmp_path / "evidence")
    assert [one.trouble for one in surveys.values()][1:] == [None] * 4
    assert max(seconds for name, seconds in ends.items() if name != "dead") < 3.5 <= ends["dead"] <= took < 6


@needs_adb
def test_handsets_that_are_slow_to_answer_take_no_place_from_those_that_wait(handset, tmp_path, monkeypatch):
    monkeypatch.setattr(together, "MOST_AT_ONCE", 2)
    dead = [Target(f"dead-{n}", (handset(f"silent@{REGISTRY}").address,), deadline_s=5.0) for n in range(3)]
    surveys, ends, _ = in_time([*dead, Target("quick", (handset().address,))])
    assert surveys["quick"].trouble is None
    assert ends["quick"] < 4 < min(ends[one.device] for one in dead)


def test_no_device_outlives_the_run(modem):
    targets = [Target(f"dead-{n}", (modem(f"silent@{BANDS}").address,), deadline_s=60.0) for n in range(3)]
    surveys, _, took = in_time([*targets, Target("quick", (modem().address,))], deadline_s=2.0)
    assert took < 4
    assert surveys["quick"].trouble is None
    assert all(any("in time" in text for text in surveys[one.device].warnings) for one in targets)


def run(folder, *words, report="out", **how):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", f"--report-dir={report}"]
    return subprocess.Popen(
        [*command, "--carrier=us/t-mobile", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **how,
    )


def outcomes(folder):
    document = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {one["verdict"] for one in document["verdicts"]}, document["devices"][0]["trouble"]


def wait_until_asked(served, request):
    state = served.handset.state if isinstance(served, kit.ServedHandset) else served.modem.state
    until = time.monotonic() + 30
    while not any(request in one for one in state.asked):
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("link", ["at", pytest.param("adb", marks=needs_adb)])
def test_two_runs_never_use_one_device_and_a_killed_run_lets_go_at_once(request, tmp_path, link):
    request_ = BANDS if link == "at" else REGISTRY
    served = request.getfixturevalue("modem" if link == "at" else "handset")(f"silent,times=1@{request_}")
    first = run(tmp_path, f"--device={served.address}", report="first")
    try:
        wait_until_asked(served, request_)
        second = run(tmp_path, f"--device={served.address}", report="second")
        told, _ = second.communicate(timeout=60)
        verdicts, trouble = outcomes(tmp_path / "second")
        assert verdicts == {"ERROR"}, told
        assert f"({first.pid})" in trouble, "it names who holds the device"
        assert "held by" in trouble
    finally:
        first.kill()
        first.communicate()
    third = run(tmp_path, f"--device={served.address}", report="third")
    told, _ = third.communicate(timeout=60)
    verdicts, trouble = outcomes(tmp_path / "third")
    assert trouble is None, told
    assert "ERROR" not in verdicts


def test_a_disk_that_takes_no_more_is_the_trouble_of_that_device_alone(modem, tmp_path, monkeypatch):
    from harness.recording.writer import RecordingWriter

    real = RecordingWriter.append

    def full(self, kind, exchange):
        if self.folder.name == "unlucky" and "lte_band" in exchange.request:
            raise RecordingError("cannot write at.yaml: No space left on device")
        return real(self, kind, exchange)

    monkeypatch.setattr(RecordingWriter, "append", full)
    targets = [Target(name, (modem().address,)) for name in ("unlucky", "lucky")]
    surveys = read_devices(targets, evidence=tmp_path / "evidence")
    assert surveys["lucky"].trouble is None
    assert surveys["unlucky"].trouble == "cannot write at.yaml: No space left on device"
    assert surveys["unlucky"].observations == ()
    kept = load_recording(tmp_path / "evidence" / "unlucky")
    assert not kept.info.complete
    assert kept.links["at"]


def test_a_recording_that_cannot_be_replayed_is_still_an_error_of_the_run(monkeypatch):
    def broken(*_, **__):
        raise RecordingError("recording x holds no link")

    monkeypatch.setattr(together, "read_and_retry", broken)
    with pytest.raises(RecordingError):
        read_devices([Target("x", (RM520,))])


def test_a_worker_reads_no_facts_that_the_first_process_dropped(tmp_path):
    read_devices([Target("one", (RM520,))], evidence=tmp_path / "evidence")
    dropped = Survey("one", "addr", "modem", (), trouble="another device came back: model was A, is B")
    node = SimpleNamespace(workerinput={})
    started = datetime(2026, 6, 1, tzinfo=UTC)
    session = SimpleNamespace(directory=tmp_path, started=started, run=SimpleNamespace(surveys={"one": dropped}))
    Session.pytest_configure_node(session, node)
    again = _replayed(tmp_path, node.workerinput["bandproof_evidence"])["one"]
    assert again.observations == ()
    assert again.trouble == dropped.trouble


PEAK = """
def pytest_unconfigure():
    # Not ru_maxrss: that begins with what the process had that started this one.
    with open("/proc/self/status") as status, open("peak", "w") as out:
        out.write(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


@needs_adb
def test_a_hundred_handsets_and_a_hundred_modems_at_once(tmp_path, monkeypatch):
    with kit.Rack(kit.plan([MIX, RM520], EACH)) as bench:
        for name, value in bench.environment.items():
            monkeypatch.setenv(name, value)
        lines = [f'  {one.name}: {{{one.link}: "{one.address}"}}' for one in bench.served]
        text = "\n".join(["format: bandproof.bench/1", "devices:", *lines, ""])
        (tmp_path / "bench.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "conftest.py").write_text(PEAK, encoding="utf-8")
        process = run(tmp_path, "--bench=bench.yaml", "-q", f"--confcutdir={tmp_path}", "-p", "conftest")
        told, _ = process.communicate()
        assert process.returncode == 1, told[-2000:]
    document = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert len(document["devices"]) == 2 * EACH
    assert [one["device"] for one in document["devices"] if one["trouble"]] == []
    verdicts = {}
    for one in document["verdicts"]:
        verdicts.setdefault(one["device"].rpartition("-")[0], {}).setdefault(one["device"], []).append(one["verdict"])
    for devices in verdicts.values():
        assert len(devices) == EACH
        assert len({tuple(row) for row in devices.values()}) == 1, "copies of one device have the same verdicts"
    assert int((tmp_path / "peak").read_text()) / 1024 < MOST_MB
