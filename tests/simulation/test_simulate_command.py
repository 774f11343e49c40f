"""`bandproof simulate`: a bench comes up, is read by pytest, and goes down without a trace."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from recordings import MODEM_FILES, write_recording

from harness.cli import main
from harness.simulation import kit
from harness.simulation.rack import plan

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not kit.adb_binaries(), reason="no adb here")
COMMAND = [sys.executable, "-m", "harness.cli", "simulate"]


@pytest.fixture
def simulate():
    """simulate("fixture:x", ...) -> the process and its first line of output, as JSON where it is."""
    running = []

    def start(*words):
        process = subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
        running.append(process)
        return process

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_everything_is_there_until_a_signal_and_nothing_after_it(simulate, tmp_path, end):
    folder = write_recording(tmp_path / "modem", MODEM_FILES)
    process = simulate("fixture:xiaomi-mi-mix-2-global", str(folder), "--count", "3", "--latency", "0", "--json")
    told = json.loads(process.stdout.readline())
    assert [(one["name"], one["link"]) for one in told["devices"]] == [
        *[(f"xiaomi-mi-mix-2-global-{n}", "adb") for n in (1, 2, 3)],
        *[(f"modem-{n}", "at") for n in (1, 2, 3)],
    ]
    links = [Path(one["address"]) for one in told["devices"] if one["link"] == "at"]
    assert all(link.is_char_device() for link in links)
    server = told["adb_server"]
    listing = [server["adb"], "-P", str(server["port"]), "devices"]
    assert subprocess.run(listing, capture_output=True, check=True).stdout.count(b"\tdevice\n") == 3
    process.send_signal(end)
    assert process.wait(10) == 0
    assert process.stderr.read() == b""
    assert not any(link.is_symlink() or link.parent.exists() for link in links)
    with pytest.raises(ProcessLookupError):
        os.kill(server["pid"], 0)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads have no numbers here")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_another_thread_gets_ends_it(simulate, tmp_path, end):
    process = simulate(str(write_recording(tmp_path / "modem", MODEM_FILES)), "--json")
    process.stdout.readline()
    others = [int(one.name) for one in Path(f"/proc/{process.pid}/task").iterdir() if int(one.name) != process.pid]
    assert others
    os.kill(others[0], end)  # to a thread's number: the kernel hands it to that thread
    assert process.wait(10) == 0


def test_a_killed_bench_leaves_no_process(simulate, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process = simulate("fixture:xiaomi-mi-mix-2-global", "--json")
    server = json.loads(process.stdout.readline())["adb_server"]["pid"]
    os.kill(server, 0)
    process.kill()
    process.wait()
    assert _ended(server)


def test_the_printed_line_reads_the_bench(simulate, tmp_path):
    folder = write_recording(tmp_path / "modem", MODEM_FILES)
    process = simulate("fixture:xiaomi-mi-mix-2-global", str(folder), "--latency", "0")
    lines = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        lines.append(process.stdout.readline().decode().rstrip("\n"))
    [line] = [text for text in lines if " pytest " in text]
    name, _, *devices = shlex.split(line)
    variable, port = name.split("=")
    assert variable == "ANDROID_ADB_SERVER_PORT"
    assert len(devices) == 2
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *devices,
            "--carrier=us/att",
            f"--report-dir={tmp_path / 'run'}",
            "-p",
            "no:cacheprovider",
            "-q",
        ],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, variable: port, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    text = run.stdout.decode() + run.stderr.decode()
    assert run.returncode in (0, 1), text
    assert len(re.findall(r"Mi MIX 2|LE910C1-NF", text)) >= 2
    assert (tmp_path / "run" / "report.json").is_file()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nothing-of-this-name"], 2, "no recording named"),
        (["fixture:xiaomi-mi-mix-2-global", "--fault", "explode"], 2, "no fault: 'explode'"),
        (["fixture:xiaomi-mi-mix-2-global", "--fault", "mix:late"], 2, "no device here has that name"),
        (["fixture:xiaomi-mi-mix-2-global", "--fault", "reset"], 2, "reset is a fault of at"),
        (["fixture:xiaomi-mi-mix-2-global", "--adb", "/nonexistent/adb"], 3, "/nonexistent/adb"),
    ],
)
def test_what_cannot_be_brought_up_is_said_in_one_line_and_leaves_nothing(capsys, words, status, said):
    assert main(["simulate", *words]) == status
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--count", "0"], "from 1 to 1000"), (["--latency", "soon"], "milliseconds")],
)
def test_wrong_options_are_said(capsys, words, said):
    with pytest.raises(SystemExit) as caught:
        main(["simulate", *words, *(["x"] if words else [])])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_the_devices_of_a_plan_have_names_of_their_own():
    mix = "fixture:xiaomi-mi-mix-2-global"
    assert [one.name for one in plan([mix])] == ["xiaomi-mi-mix-2-global"]
    assert [one.name for one in plan([mix, mix])] == ["xiaomi-mi-mix-2-global-1", "xiaomi-mi-mix-2-global-2"]
    assert [one.name[-2:] for one in plan([mix], 3)] == ["-1", "-2", "-3"]


def test_the_commands_parser_loads_nothing_of_the_simulation():
    code = (
        "import sys, argparse, harness.commands.simulate as s; s.add(argparse.ArgumentParser().add_subparsers());"
        "print([m for m in sys.modules if m.startswith('harness.sim')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT).stdout == b"[]\n"


def _ended(pid):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_a_handset_with_cells_hangs_on_usb_and_its_radio_is_alive(simulate):
    process = simulate("fixture:oneplus-nord-n300", "--cells=2,n71!6", "--misbehave=refuses", "--json")
    told = json.loads(process.stdout.readline())
    (one,) = told["devices"]
    assert one["address"] == "SIM00001"
    assert "--evidence" not in told["pytest"]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ADB_", "ANDROID_"))}
    line = [told["adb_server"]["adb"], "-s", one["address"], "shell"]
    ask = "cmd phone set-allowed-network-types-for-users -s 0 01000001000000000000; dumpsys telephony.registry"
    answer = subprocess.run(
        [*line, ask], env={**own, **told["environment"]}, capture_output=True, text=True, check=True
    )
    assert "set-allowed-network-types-for-users failed" in answer.stdout
    # NR is refused with cause 6, and LTE is not tried while NR is allowed.
    assert "rejectCause=6" in answer.stdout


@pytest.mark.parametrize(
    ("how", "words"), [("sulky", "misbehaviour of a handset"), ("springs_back_after_s=x", "takes a number")]
)
def test_a_misbehaviour_of_no_handset_is_told(capsys, how, words):
    assert main(["simulate", "fixture:oneplus-nord-n300", "--cells=2", f"--misbehave={how}"]) == 2
    assert words in capsys.readouterr().err
