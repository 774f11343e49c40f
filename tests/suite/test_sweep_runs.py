"""`pytest --device=… --sweep=…` as its users run it: a modem on a tty, the journal, the report, verify, the replay."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.reports.run.verify import verify
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")
QUICK = ("--sweep-settle=0.1", "--sweep-wait=1")


@pytest.fixture
def modem():
    with serve_radio(TONGUES["quectel-lte"](), Air([cell_on("lte", 12), cell_on("lte", 2)])) as served:
        yield served


def run(folder: Path, *arguments: str, out: str = "out") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", f"--report-dir={out}", *QUICK, *arguments],
        cwd=folder, env={**os.environ, "BANDPROOF_JOURNAL": str(folder / "journal")},
        capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def bench(folder: Path, address: str, *, allowed: bool = True) -> str:
    may = "    sweep: allowed\n" if allowed else ""
    (folder / "bench.yaml").write_text(f"format: bandproof.bench/1\ndevices:\n  m1:\n    at: {address}\n{may}")
    return "--bench=bench.yaml"


def verdicts(folder: Path) -> dict[str, str]:
    told = json.loads((folder / "report.json").read_text())["verdicts"]
    return {one["requirement"]: one["verdict"] for one in told if one["carrier"] == "swept/bands"}


def test_a_sweep_runs_reports_verifies_and_replays(tmp_path, modem):
    ran = run(tmp_path, bench(tmp_path, modem.address), "--sweep=12,66,29")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    told = {"SWEEP-LTE-B12": "PASS", "SWEEP-LTE-B66": "INCONC", "SWEEP-LTE-B29": "NA"}
    assert verdicts(tmp_path / "out") == told
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Put back: everything reads as before." in page
    assert "served on B12, EARFCN 5094" in page
    assert modem.radio.memory.nv == {key: modem.radio.memory.found[key] for key in modem.radio.memory.nv}
    assert not list((tmp_path / "journal").glob("*.json"))
    assert "490154203237518" not in (tmp_path / "out" / "evidence" / "m1" / "sweep.yaml").read_text()
    found = verify(tmp_path / "out")
    assert [str(one) for one in found] == []
    again = run(tmp_path, "--device=out/evidence/m1", "--sweep", "--carrier=us/att", out="again")
    assert verdicts(tmp_path / "again") == told, again.stdout + again.stderr


def test_a_leg_beside_an_lte_cell_is_proved_verified_and_replayed(tmp_path):
    air = Air([cell_on("lte", 2), cell_on("nr_nsa", 41), cell_on("nr_nsa", 79)])
    with serve_radio(TONGUES["quectel-5g"](), air) as served:
        ran = run(tmp_path, bench(tmp_path, served.address), "--sweep=n79")
        told = {"SWEEP-NR-N79": "PASS"}
        assert verdicts(tmp_path / "out") == told, ran.stdout + ran.stderr
        assert served.radio.memory.nv == {key: served.radio.memory.found[key] for key in served.radio.memory.nv}
    page = (tmp_path / "out" / "report.html").read_text()
    assert "n79 EN-DC" in page
    assert "served on n79, NR-ARFCN 713333 beside B2" in page
    assert [str(one) for one in verify(tmp_path / "out")] == []
    again = run(tmp_path, "--device=out/evidence/m1", "--sweep", "--carrier=us/att", out="again")
    assert verdicts(tmp_path / "again") == told, again.stdout + again.stderr


def test_a_modem_that_restarts_for_each_band_is_found_again(tmp_path):
    with serve_radio(TONGUES["altair"](), Air([cell_on("lte", 12), cell_on("lte", 2)])) as served:
        ran = run(tmp_path, bench(tmp_path, served.address), "--sweep=12")
        assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "PASS"}, ran.stdout + ran.stderr
        nv = served.radio.memory.nv
        assert nv == {key: served.radio.memory.found[key] for key in nv}
    assert not list((tmp_path / "journal").glob("*.json"))
    evidence = (tmp_path / "out" / "evidence" / "m1" / "sweep.yaml").read_text()
    assert evidence.count("- request: ATZ") == 2


MANAGER = """#!{python}
import json, sys, signal, time
from pathlib import Path
log = Path("{folder}/manager")
if sys.argv[1] == "-L":
    print(json.dumps({{"modem-list": ["/org/freedesktop/ModemManager1/Modem/0"]}}))
elif sys.argv[1] == "-m":
    print(json.dumps({{"modem": {{"generic": {{"device": "/sys/devices/1", "ports": ["{port} (at)"]}}}}}}))
elif sys.argv[1] == "--inhibit-device=/sys/devices/1":
    def leave(*_):
        left = sorted(one.name for one in Path("{folder}/journal").glob("*.json"))
        log.write_text(log.read_text() + f"let go, journals: {{left}}")
        sys.exit()
    signal.signal(signal.SIGTERM, leave)
    log.write_text("held; ")
    print("successfully inhibited device with uid '/sys/devices/1'", flush=True)
    time.sleep(100)
"""


def test_modem_manager_is_kept_off_until_everything_is_put_back(tmp_path, modem, monkeypatch):
    tool = tmp_path / "bin" / "mmcli"
    tool.parent.mkdir()
    port = Path(os.path.realpath(modem.address)).name
    tool.write_text(MANAGER.format(python=sys.executable, folder=tmp_path, port=port))
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    run(tmp_path, bench(tmp_path, modem.address), "--sweep=12")
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "PASS"}
    assert (tmp_path / "manager").read_text() == "held; let go, journals: []"


def test_a_verdict_that_the_exchanges_do_not_give_is_found(tmp_path, modem):
    run(tmp_path, bench(tmp_path, modem.address), "--sweep=12")
    file = tmp_path / "out" / "report.json"
    file.write_text(file.read_text().replace('"band":12', '"band":13').replace("on B12", "on B13"))
    assert verify(tmp_path / "out")


def test_nothing_is_changed_without_the_bench_files_or_a_persons_word(tmp_path, modem):
    ran = run(tmp_path, bench(tmp_path, modem.address, allowed=False), "--sweep=12")
    assert ran.returncode == 4, ran.stdout
    assert "nobody allowed it" in ran.stdout + ran.stderr
    assert "sweep: allowed" in ran.stdout + ran.stderr
    assert modem.radio.memory.writes == {}
    assert not any("=4" in one or "QCFG" in one for one in modem.modem.state.asked)


def test_required_takes_the_bands_of_the_carriers(tmp_path, modem):
    ran = run(tmp_path, bench(tmp_path, modem.address), "--sweep=required", "--carrier=us/att@2017-03")
    found = verdicts(tmp_path / "out")
    assert found["SWEEP-LTE-B12"] == "PASS", ran.stdout
    assert {"SWEEP-LTE-B2", "SWEEP-LTE-B4", "SWEEP-LTE-B5"} <= found.keys()
    assert found["SWEEP-LTE-B2"] == "PASS"


def test_required_by_nobody_is_wrong_usage(tmp_path, modem):
    ran = run(tmp_path, bench(tmp_path, modem.address), "--sweep")
    assert ran.returncode == 4
    assert "required by whom" in ran.stdout + ran.stderr


def test_a_recording_without_a_sweep_leaves_its_bands_open(tmp_path):
    ran = run(tmp_path, "--device=fixture:quectel-rm520n-gl", "--sweep=12", "--carrier=us/t-mobile")
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "INCONC"}, ran.stdout + ran.stderr


def test_a_handset_is_no_trial(tmp_path):
    run(tmp_path, "--device=fixture:xiaomi-mi-mix-2-global", "--sweep=12", "--carrier=us/att")
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "NA"}


def test_a_lock_that_is_not_kept_passes_nothing(tmp_path):
    air = Air([cell_on("lte", 2), cell_on("lte", 12)])
    with serve_radio(TONGUES["quectel-5g"](), air, quirks=Quirks(not_in_force=True)) as served:
        ran = run(tmp_path, bench(tmp_path, served.address), "--sweep=12")
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "INCONC"}, ran.stdout


def test_devices_are_swept_at_the_same_time(tmp_path, modem):
    with serve_radio(TONGUES["quectel-5g"](), Air([cell_on("lte", 12)])) as second:
        bench(tmp_path, modem.address)
        with (tmp_path / "bench.yaml").open("a") as file:
            file.write(f"  m2:\n    at: {second.address}\n    sweep: allowed\n")
        second.radio.memory.nv["imei"] = "356938035643809"
        ran = run(tmp_path, "--bench=bench.yaml", "--sweep=12")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = json.loads((tmp_path / "out" / "report.json").read_text())["verdicts"]
    assert [(one["device"], one["verdict"]) for one in told] == [("m1", "PASS"), ("m2", "PASS")]


def at_a_terminal(folder: Path, answers: dict[str, str], *arguments: str) -> str:
    """A run whose standard input is a terminal, at which somebody answers questions by a word that they hold."""
    import pty
    import select

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--report-dir=out", *QUICK, *arguments]
    env = {**os.environ, "BANDPROOF_JOURNAL": str(folder / "journal")}
    said, left = "", ""
    with subprocess.Popen(command, cwd=folder, env=env, stdin=theirs, stdout=subprocess.PIPE, text=False) as process:
        assert process.stdout is not None
        while select.select([process.stdout], [], [], 60)[0] and (data := os.read(process.stdout.fileno(), 4096)):
            said += (text := data.decode())
            left += text
            word = next((word for word in answers if word in left and "] " in left[left.index(word) :]), None)
            if word is not None:
                os.write(ours, answers[word].encode() + b"\n")
                left = ""
        process.wait(60)
    os.close(ours)
    os.close(theirs)
    return said


def test_a_person_at_the_terminal_is_asked_and_says_yes(tmp_path, modem):
    said = at_a_terminal(tmp_path, {"Sweep it?": "y"}, f"--device={modem.address}", "--sweep=12")
    assert f"{modem.address}: it is locked to one band; each writes" in said.replace("\r\n", "")
    assert "at most 2 writes of it" in said
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "PASS"}, said


def test_a_person_who_says_no_has_nothing_changed(tmp_path, modem):
    said = at_a_terminal(tmp_path, {"Sweep it?": ""}, f"--device={modem.address}", "--sweep=12")
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "INCONC"}, said
    assert modem.radio.memory.writes == {}


def test_whoever_switches_the_cells_is_the_second_witness(tmp_path, modem):
    answers = {"did the network": "y", "is it?": "y"}
    said = at_a_terminal(tmp_path, answers, bench(tmp_path, modem.address), "--sweep=12", "--cells=manual")
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "PASS"}, said
    assert "on air (the operator" in (tmp_path / "out" / "report.html").read_text().replace("&#39;", "'")


def test_without_a_terminal_nobody_can_be_asked(tmp_path, modem):
    ran = run(tmp_path, bench(tmp_path, modem.address), "--sweep=12", "--cells=manual")
    assert ran.returncode == 4
    assert "no terminal" in ran.stdout + ran.stderr


def started(folder: Path, served, *arguments: str) -> subprocess.Popen[bytes]:
    """A run that waits for an attach that never comes, with its lock on."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--report-dir=out", *arguments]
    env = {**os.environ, "BANDPROOF_JOURNAL": str(folder / "journal")}
    ran = subprocess.Popen(
        [*command, bench(folder, served.address), "--sweep=66", "--sweep-wait=60", "--sweep-settle=0.1"],
        cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while served.radio.memory.nv["band"] == served.radio.memory.found["band"] and time.monotonic() < until:
        time.sleep(0.05)
    return ran


def lists(served) -> dict[str, str]:
    return {key: served.radio.memory.nv[key] for key in ("band", "nwscanmode")}


def test_ctrl_c_puts_the_device_back_before_the_run_ends(tmp_path, modem):
    before = lists(modem)
    ran = started(tmp_path, modem)
    assert lists(modem) != before
    ran.send_signal(signal.SIGINT)
    assert ran.wait(60) == 2
    assert lists(modem) == before
    assert not list((tmp_path / "journal").glob("*.json"))


@pytest.mark.parametrize("command", ["devices", "restore"])
def test_what_a_killed_run_left_is_put_back_by_the_next_command(tmp_path, modem, command):
    before = lists(modem)
    ran = started(tmp_path, modem)
    ran.kill()
    ran.wait(60)
    assert lists(modem) != before
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", command], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "BANDPROOF_JOURNAL": str(tmp_path / "journal")}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "put back to" in done.stdout
    assert lists(modem) == before
    assert not list((tmp_path / "journal").glob("*.json"))


def test_what_a_killed_run_left_is_put_back_by_the_next_run_before_it_reads(tmp_path, modem):
    before = lists(modem)
    ran = started(tmp_path, modem)
    ran.kill()
    ran.wait(60)
    again = run(tmp_path, bench(tmp_path, modem.address), "--sweep=12", out="again")
    assert "put back to" in again.stdout
    assert verdicts(tmp_path / "again") == {"SWEEP-LTE-B12": "PASS"}, again.stdout
    assert lists(modem) == before


def test_a_device_that_is_not_put_back_is_told_loudly(tmp_path):
    air = Air([cell_on("lte", 2), cell_on("lte", 12)])
    with serve_radio(TONGUES["quectel-5g"](), air, quirks=Quirks(unreadable=True)) as served:
        ran = run(tmp_path, bench(tmp_path, served.address), "--sweep=12")
    assert ran.returncode == 5, ran.stdout + ran.stderr
    assert "m1 is NOT put back: the list of LTE bands (lte_band); run `bandproof restore`" in ran.stdout
    assert "NOT put back" in (tmp_path / "out" / "report.html").read_text()
    assert len(list((tmp_path / "journal").glob("*.json"))) == 1
    # Of the recording nothing can be put back: it is judged, and told in the report.
    again = run(tmp_path, "--device=out/evidence/m1", "--sweep", "--carrier=us/att", out="again")
    assert again.returncode == 1


def test_a_sweep_is_of_a_device(tmp_path):
    ran = run(tmp_path, "--sweep=12")
    assert ran.returncode == 4
    assert "--sweep is of a device" in ran.stdout + ran.stderr


def test_what_an_earlier_run_left_and_nobody_may_write_ends_a_run_with_its_status(tmp_path, modem):
    ran = started(tmp_path, modem)
    ran.kill()
    ran.wait(60)
    # Somebody else has written the list meanwhile: it is not overwritten.
    modem.radio.memory.nv["band"] = "f0,40,0"
    again = run(tmp_path, "--device=fixture:xiaomi-mi-mix-2-global", "--carrier=us/att", out="again")
    assert again.returncode == 5, again.stdout + again.stderr
    assert again.stdout.count("somebody else changed it") >= 2
    assert modem.radio.memory.nv["band"] == "f0,40,0"
    assert len(list((tmp_path / "journal").glob("*.json"))) == 1
