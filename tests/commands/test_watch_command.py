"""`bandproof watch` of modems on ttys and handsets behind adb: live lines, a whole recording, a picture."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from harness import cli
from harness.recording.files import hash_problems, load_recording
from harness.simulation import kit
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")
MIX = "fixture:xiaomi-mi-mix-2-global"


@pytest.fixture
def modem(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with serve_radio(TONGUES["quectel-5g"](), Air([cell_on("lte", 2), cell_on("lte", 12)])) as served:
        yield served


@pytest.fixture
def started(tmp_path):
    """started(words) -> `bandproof watch` in a process of its own, in a folder of its own."""
    running = []

    def start(*words, **more):
        line = [sys.executable, "-u", "-m", "harness.cli", "watch", *words]
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), **more}
        running.append(
            subprocess.Popen(
                line, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
            )
        )
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.communicate()


def wait_for(process, pattern, seconds=30.0):
    """Lines of a process until one fits."""
    read = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        line = process.stdout.readline()
        read.append(line)
        if re.search(pattern, line):
            return read
        if not line and process.poll() is not None:
            break
    raise AssertionError(f"{pattern} is not in {read}, {process.stderr.read() if process.poll() is not None else ''}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_with_a_whole_recording_and_the_modem_as_it_was(modem, started, tmp_path, number):
    process = started(modem.address, "-o", "seen", "--interval=2")
    wait_for(process, r"B2 \(EARFCN \d+\), home")
    assert modem.radio.memory.volatile["CEREG"] == "2"
    time.sleep(1.0)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert re.search(r"In service 100 % of .*: B2", out)
    assert re.search(r"Asked \d+ times", out)
    folder = tmp_path / "seen"
    assert load_recording(folder).info.complete
    assert hash_problems(folder) == ()
    assert modem.radio.memory.volatile["CEREG"] == "0"
    page = (folder / "watch.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert ">B2<" in page


def test_a_killed_watch_leaves_what_it_saw(modem, started, tmp_path):
    process = started(modem.address, "-o", "seen", "--interval=2")
    wait_for(process, r"B2 ")
    process.kill()
    process.wait(10)
    recording = load_recording(tmp_path / "seen")
    assert not recording.info.complete
    assert any("QENG" in one.request for one in recording.links["at"])


def test_an_unplugged_modem_is_told_and_waited_for(modem, started, tmp_path):
    process = started(modem.address, "-o", "seen", "--interval=2")
    wait_for(process, r"B2 ")
    modem.call(modem.modem.reset())
    wait_for(process, r"  gone$")
    wait_for(process, r"B2 ")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "it went away 1 time;" in out


def test_a_change_comes_at_once_though_the_next_look_is_far(modem, started):
    process = started(modem.address, "-o", "seen", "--interval=10min")
    wait_for(process, r"B2 ")
    time.sleep(5.0)  # Looks are no nearer to each other than that.
    del modem.radio.air.cells[0]
    modem.radio._leave()
    began = time.monotonic()
    wait_for(process, r"B12 ", seconds=20)
    assert time.monotonic() - began < 15


def test_it_ends_by_itself_and_tells_a_summary_as_json(modem, tmp_path, capsys):
    assert cli.main(["watch", modem.address, "-o", str(tmp_path / "a"), "--for=3s", "--interval=2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "bandproof.watch/1"
    assert told["looks"] >= 2
    assert set(told["seconds"]["serving"]) == {"B2"}
    # The recording alone draws the same again.
    assert cli.main(["watch", str(tmp_path / "a"), "-o", str(tmp_path / "b"), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert {**again, "picture": ""} == {**told, "picture": ""}
    assert (tmp_path / "b/watch.html").read_bytes() == (tmp_path / "a/watch.html").read_bytes()


def test_an_entry_of_the_bench_file_is_watched(modem, tmp_path, capsys):
    file = tmp_path / "bench.yaml"
    file.write_text(f"format: bandproof.bench/1\ndevices:\n  m1: {{at: {modem.address}}}\n")
    words = ["watch", "bench:m1", f"--bench={file}", "-o", str(tmp_path / "a"), "--for=2s", "--interval=2"]
    assert cli.main(words) == 0
    assert "B2" in capsys.readouterr().out
    assert cli.main(["watch", "bench:m2", f"--bench={file}", "-o", str(tmp_path / "b")]) == 2


@pytest.mark.skipif(not kit.adb_binaries(), reason="no adb here")
def test_a_handset_is_watched_and_missed_while_it_is_away(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    quick, reboot = kit.HandsetOptions(latency_s=0), "reboot=3s@dumpsys telephony.registry"
    with (
        kit.private_adb_server() as server,
        kit.adb_environment(server),
        kit.serve_handset(MIX, server=server, options=quick, faults=[reboot]) as served,
    ):
        words = ["watch", served.address, "-o", str(tmp_path / "seen"), "--for=15s", "--interval=2", "--json"]
        assert cli.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["looks"] >= 2
    assert set(told["seconds"]["serving"]) == {"B12"}
    assert told["losses"] == 1
    assert told["seconds"]["registration"]["gone"] >= 2
    recording = load_recording(tmp_path / "seen")
    assert recording.info.complete
    assert recording.info.device["model"] == "Mi MIX 2"


def test_what_cannot_be_watched_is_said_and_leaves_nothing(tmp_path, capsys):
    assert cli.main(["watch", "qmi:/dev/cdc-wdm9", "-o", str(tmp_path / "no")]) == 2
    assert cli.main(["watch", "/dev/ttyNOSUCH", "-o", str(tmp_path / "no")]) == 3
    assert not (tmp_path / "no").exists()
    assert cli.main(["watch", "fixture:quectel-rm520n-gl", "-o", str(tmp_path / "no")]) == 2
    assert "no recording of a watch" in capsys.readouterr().err
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").write_text("mine")
    assert cli.main(["watch", "/dev/ttyNOSUCH", "-o", str(tmp_path / "mine")]) == 2


@pytest.mark.parametrize("word", ["--interval=1", "--interval=x", "--for=0", "--for=2y", "--for=-1h", "--slot=7"])
def test_wrong_words_are_refused(word):
    with pytest.raises(SystemExit) as ended:
        cli.main(["watch", "/dev/ttyX", word])
    assert ended.value.code == 2
