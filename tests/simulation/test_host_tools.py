"""Modems behind tools of the host: qmicli, mbimcli and mmcli that answer from a recording, as processes."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.cli import main
from harness.errors import AnswerTimeout, DeviceAbsent, NoPermission, RecordingError, UsageError
from harness.links.host_tool import open_tools
from harness.probes.qmi.session import MBIM_PLAN, MODEM_LIST, QMI_PLAN, TUNNEL_PLAN
from harness.recording.exchange import Exchange, Interruption, Recording, RecordingInfo
from harness.recording.files import find_recordings, load_recording
from harness.simulation import kit
from harness.survey.reading import read_device

ROOT = Path(__file__).resolve().parents[2]
QMI, MBIM = "sierra-em7565", "quectel-em12-g-mbim"
MODEL = "qmicli --dms-get-model"
BOTH = pytest.mark.parametrize("name", [QMI, MBIM])


def recording(*exchanges, name="modem"):
    return Recording(RecordingInfo(name, "composed"), {"qmi": exchanges})


def in_s(seconds):
    return time.monotonic() + seconds


@pytest.fixture
def tools(monkeypatch):
    """tools(recording, ...): served while the block lasts, and first on this process's PATH."""

    @contextmanager
    def serve(source, **how):
        with kit.serve_tools(source, **how) as served, monkeypatch.context() as here:
            here.setenv("PATH", served.environment["PATH"])
            yield served

    return serve


def processes_of(served):
    """The processes that run the tools of that folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            line = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(served.tools.folder) in line:
            found.append(int(place.name))
    return found


# What is served


@BOTH
def test_the_survey_of_the_served_modem_is_that_of_its_replay(tools, name, tmp_path):
    known = load_recording(find_recordings()[name])
    with tools(f"fixture:{name}") as served:
        live = read_device(served.address, evidence=tmp_path / "evidence")
    replayed = read_device(f"fixture:{name}")
    assert live.observations
    assert live.observations == replayed.observations
    assert (live.kind, live.warnings, live.trouble) == (replayed.kind, replayed.warnings, None)
    assert served.address.partition(":")[0] == ("qmi" if name == QMI else "mbim")
    heard = load_recording(tmp_path / "evidence").links["qmi"]
    assert [(e.request, e.response, e.exit_code, e.error) for e in heard] == [
        (e.request, e.response, e.exit_code, None)
        for e in sorted(known.links["qmi"], key=lambda e: [one.request for one in heard].index(e.request))
    ]


@BOTH
def test_what_bandproof_records_from_it_is_what_is_served(tools, name, tmp_path, capsys):
    with tools(f"fixture:{name}") as served:
        assert main(["record", served.address, "-o", str(tmp_path / "again")]) == 0
        asked = served.asked
    capsys.readouterr()
    known = load_recording(find_recordings()[name]).links["qmi"]
    again = load_recording(tmp_path / "again").links["qmi"]
    assert [e.request for e in again] == asked
    assert {e.request: (e.response, e.exit_code, e.stderr or b"") for e in again} == {
        e.request: (e.response, e.exit_code, e.stderr or b"") for e in known
    }


@pytest.mark.parametrize(("name", "verdict"), [(QMI, "FAIL"), (MBIM, "PASS")])
def test_pytest_measures_its_bands(name, verdict, tmp_path):
    """Of the bands that AT&T asks for the EM7565 lacks 14 alone, the EM12-G none."""
    with kit.serve_tools(f"fixture:{name}") as served:
        command = [sys.executable, "-m", "pytest", f"--device={served.address}", "--carrier=us/att"]
        run = subprocess.run(
            [*command, f"--report-dir={tmp_path / 'run'}", "-p", "no:cacheprovider", "-q"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **served.environment, "PYTHONPATH": str(ROOT)},
            check=False,
            timeout=120,
        )
        assert processes_of(served) == []
    text = run.stdout + run.stderr
    assert run.returncode == (0 if verdict == "PASS" else 1), text
    assert re.search(rf"   qmi  {len(load_recording(find_recordings()[name]).links['qmi'])} answers  ", text), text
    [result] = json.loads((tmp_path / "run" / "report.json").read_text())["results"]
    assert (result["verdict"], result["grade"]) == (verdict, "measured")
    assert ("B14 missing" in result["sentence"]) == (verdict == "FAIL")


def test_answers_come_in_their_order_with_errors_and_exit_code_and_then_the_last_one_again(tools):
    first, last = Exchange(MODEL, b"one\n", 0), Exchange(MODEL, b"\xff\x00two", 1, b"error: \xe9\n")
    with tools(recording(first, last)) as served:
        link = open_tools(served.address)
        heard = [link.query(MODEL, deadline_s=in_s(10)) for _ in range(3)]
        assert served.asked == [MODEL] * 3
    assert [(e.response, e.exit_code, e.stderr) for e in heard] == [
        (b"one\n", 0, b""),
        *[(b"\xff\x00two", 1, b"error: \xe9\n")] * 2,
    ]


def test_tools_that_run_at_once_take_turns(tools):
    answers = [Exchange(MODEL, b"%d" % number, 0) for number in range(6)]
    with tools(recording(*answers)) as served:
        words = ["qmicli", "-d", str(served.port), "-p", "--dms-get-model"]
        running = [subprocess.Popen(words, stdout=subprocess.PIPE) for _ in answers]
        heard = sorted(process.communicate(timeout=20)[0] for process in running)
    assert heard == [b"%d" % number for number in range(6)]


def test_a_tool_takes_as_long_as_was_recorded_or_as_is_asked_for(tools):
    slow = recording(Exchange(MODEL, b"x", 0, elapsed_ms=400.0))
    took = {}
    for latency in (None, 0.0):
        with tools(slow, latency_s=latency) as served:
            took[latency] = open_tools(served.address).query(MODEL, deadline_s=in_s(10)).elapsed_ms
    assert took[None] >= 400
    assert took[0.0] < took[None]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (QMI_PLAN[0], b"QMI protocol error (94): 'NotSupported'"),
        (TUNNEL_PLAN[0], b"QMI protocol error (94): 'NotSupported'"),
        (MBIM_PLAN[0], b"NoDeviceSupport"),
        (MODEM_LIST, b"couldn't find modem"),
    ],
)
def test_a_request_that_was_not_recorded_fails_as_the_tool_fails(tools, request_, said):
    with tools(recording(Exchange(MODEL, b"x", 0))) as served:
        heard = open_tools(served.address).query(request_, deadline_s=in_s(10))
    assert (heard.response, heard.exit_code) == (b"", 1)
    assert heard.stderr.startswith(b"error: ")
    assert said in heard.stderr


@pytest.mark.parametrize("tool", ["qmicli", "mbimcli"])
@pytest.mark.parametrize("words", [[], ["-d", "/dev/bandproof-no-such-port"], ["--device=/etc/hostname"]])
def test_a_port_that_is_not_served_is_refused_as_the_real_tool_does(tools, tool, words):
    with tools(recording(Exchange(MODEL, b"x", 0))) as served:
        line = [*words, "-p", "--dms-get-model" if tool == "qmicli" else "--query-device-caps"]
        heard = subprocess.run([tool, *line], capture_output=True, text=True, check=False, timeout=20)
        real = [place for place in ("/usr/bin", "/usr/local/bin") if (Path(place) / tool).exists()]
        if real:
            told = subprocess.run([f"{real[0]}/{tool}", *line], capture_output=True, text=True, check=False, timeout=20)
            assert (heard.stdout, heard.stderr, heard.returncode) == (told.stdout, told.stderr, told.returncode)
        assert served.asked == []
    assert (heard.stdout, heard.returncode) == ("", 1)
    assert heard.stderr.startswith("error: ")


def test_modem_manager_tells_of_one_modem_and_of_none_where_it_could_be_taken_for_another(tools):
    listed = recording(Exchange(MODEM_LIST, b'{"modem-list":[]}\n', 0))
    with tools(listed) as served:
        assert open_tools(served.address).query(MODEM_LIST, deadline_s=in_s(10)).response == b'{"modem-list":[]}\n'
        served.tools.add(recording(Exchange(MODEL, b"y", 0)))
        heard = open_tools(served.address).query(MODEM_LIST, deadline_s=in_s(10))
    assert (heard.response, heard.exit_code) == (b"", 1)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ("AnswerTimeout: qmi:/dev/cdc-wdm0: no answer to 'qmicli --dms-get-model' in time", AnswerTimeout),
        ("AnswerTimeout: qmi:/dev/cdc-wdm0: Transaction timed out", AnswerTimeout),
        ("NoPermission: qmi:/dev/cdc-wdm0: Permission denied", NoPermission),
        ("DeviceAbsent: qmi:/dev/cdc-wdm0: No such file or directory", DeviceAbsent),
    ],
)
def test_a_recorded_error_is_that_error_again(tools, told, error):
    with tools(recording(Exchange(MODEL, b"ha", error=Interruption.parse(told)))) as served:
        with pytest.raises(error) as caught:
            open_tools(served.address).query(MODEL, deadline_s=in_s(1.5))
        assert processes_of(served) == []
    assert caught.value.raw == b"ha"


def test_nothing_is_left_behind_and_a_recording_without_qmi_is_refused(tools):
    with tools(f"fixture:{QMI}") as served:
        assert served.port.is_file()
        places = [served.port, served.tools.folder]
    assert not any(place.exists() or place.parent.name.startswith("bandproof-") for place in places)
    with pytest.raises(RecordingError, match=r"qmi\.yaml"), tools("fixture:quectel-rm520n-gl"):
        pytest.fail("it was served")


def test_the_program_needs_nothing_of_this_package(tools):
    with tools(f"fixture:{QMI}") as served:
        words = [str(served.tools.programs / "qmicli"), "-d", str(served.port), "-p", "--dms-get-model"]
        heard = subprocess.run(words, capture_output=True, text=True, check=True, env={}, cwd="/", timeout=20)
        assert "harness" not in (served.tools.folder / "program.py").read_text().replace("harness.simulation.host", "")
    assert "Model: 'EM7565'" in heard.stdout


# What goes wrong


@pytest.mark.parametrize("kind", ["silent", "half", "chatter"])
def test_a_tool_that_hangs_ends_within_the_deadline_and_leaves_no_process(tools, kind):
    answer = b"[/dev/cdc-wdm0] Device model retrieved:\n\tModel: 'X'\n"
    with tools(recording(Exchange(MODEL, answer, 0)), faults=[f"{kind}@{MODEL}"]) as served:
        start = time.monotonic()
        with pytest.raises(AnswerTimeout) as caught:
            open_tools(served.address).query(MODEL, deadline_s=in_s(1.0))
        assert 0.9 < time.monotonic() - start < 2.5
        assert processes_of(served) == []
    raw = caught.value.raw
    assert raw == {"silent": b"", "half": answer[: len(answer) // 2]}.get(kind, raw)
    assert kind != "chatter" or raw.count(answer) > 1


def test_the_tool_of_a_silent_modem_tries_to_free_its_client_before_it_ends(tools):
    """As qmicli does: the first SIGTERM cancels what it does, the second ends it."""
    with tools(recording(Exchange(MODEL, b"x", 0)), faults=["silent"]) as served:
        process = subprocess.Popen(["qmicli", "-d", str(served.port), "--dms-get-model"], stderr=subprocess.PIPE)
        until = in_s(10)
        status = Path(f"/proc/{process.pid}/status")
        while time.monotonic() < until:
            caught = int(re.search(r"SigCgt:\s+(\w+)", status.read_text())[1], 16)
            if served.asked and caught >> (signal.SIGTERM - 1) & 1:
                break
            time.sleep(0.01)
        process.terminate()
        assert process.stderr.readline() == b"cancelling the operation...\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.4)
        process.terminate()
        assert process.wait(5) == -15
        process.stderr.close()


def test_a_tool_whose_simulation_has_ended_ends(tools):
    with tools(recording(Exchange(MODEL, b"x", 0)), faults=["silent"]) as served:
        process = subprocess.Popen(["qmicli", "-d", str(served.port), "--dms-get-model"], stdout=subprocess.PIPE)
        until = in_s(10)
        while not served.asked and time.monotonic() < until:
            time.sleep(0.01)
        assert process.poll() is None
    assert process.wait(5) == 1
    process.stdout.close()


def test_late_is_late_and_strikes_as_often_as_is_said(tools):
    with tools(recording(Exchange(MODEL, b"x", 0)), faults=["late=500ms,times=1"]) as served:
        link = open_tools(served.address)
        first, second = (link.query(MODEL, deadline_s=in_s(10)) for _ in range(2))
    assert (first.response, second.response) == (b"x", b"x")
    assert first.elapsed_ms >= 500 > second.elapsed_ms


def test_what_is_no_answer_what_breaks_off_and_what_fails(tools):
    faults = ["garbage=512,times=1", "cut=4,times=1", "exit=7,times=1"]
    with tools(recording(Exchange(MODEL, b"whole answer", 0)), faults=faults) as served:
        link = open_tools(served.address)
        heard = [link.query(MODEL, deadline_s=in_s(10)) for _ in range(4)]
    assert [(len(e.response), e.exit_code) for e in heard] == [(512, 0), (4, -9), (0, 7), (12, 0)]
    assert heard[2].stderr.startswith(b"error: ")


def test_an_unplugged_modem_is_gone_for_good(tools):
    with tools(f"fixture:{QMI}", faults=[f"unplug@{QMI_PLAN[1]}"]) as served:
        link = open_tools(served.address)
        assert link.query(QMI_PLAN[0], deadline_s=in_s(10)).exit_code == 0
        assert link.query(QMI_PLAN[1], deadline_s=in_s(10)).exit_code == 1
        with pytest.raises(DeviceAbsent):
            link.query(QMI_PLAN[0], deadline_s=in_s(10))
        with pytest.raises(DeviceAbsent):
            open_tools(served.address)


@pytest.mark.parametrize("kind", ["garbage", "cut=20", "exit", "late=10ms", "unplug"])
def test_no_fault_makes_a_band_that_the_modem_has_not(tools, kind):
    from harness.observations import SupportedBands

    known = {(o.rat, band) for o in _bands(read_device(f"fixture:{QMI}"), SupportedBands) for band in o.bands}
    with tools(f"fixture:{QMI}", faults=[f"{kind}@{QMI_PLAN[0]}"]) as served:
        live = read_device(served.address, deadline_s=in_s(20))
    assert {(o.rat, band) for o in _bands(live, SupportedBands) for band in o.bands} <= known


def test_a_fault_that_tools_cannot_have_is_refused():
    with (
        pytest.raises(UsageError, match="reset is a fault of at"),
        kit.serve_tools(f"fixture:{QMI}", faults=["reset"]),
    ):
        pytest.fail("it was served")


# A bench


def test_a_bench_serves_such_modems_beside_others_each_with_its_own_answers(monkeypatch):
    plans = kit.plan([f"fixture:{QMI}", f"fixture:{MBIM}", "fixture:quectel-rm520n-gl"])
    assert [(one.name, one.link) for one in plans] == [(QMI, "qmi"), (MBIM, "qmi"), ("quectel-rm520n-gl", "at")]
    faults = [kit.parse_fault(f"{MBIM}:exit=5@{MBIM_PLAN[0]}")]
    with kit.Rack(plans, faults=faults) as bench:
        monkeypatch.setenv("PATH", bench.environment["PATH"])
        first, second, third = (one.address for one in bench.served)
        assert open_tools(first).query(MODEL, deadline_s=in_s(10)).text.count("EM7565") == 1
        assert open_tools(second).query(MBIM_PLAN[0], deadline_s=in_s(10)).exit_code == 5
        assert open_tools(second).query(MBIM_PLAN[1], deadline_s=in_s(10)).exit_code == 0
        assert Path(third).exists()
    assert not Path(first.partition(":")[2]).exists()


def test_simulate_tells_the_environment_that_reads_them():
    command = [sys.executable, "-m", "harness.cli", "simulate", f"fixture:{QMI}", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    try:
        told = json.loads(process.stdout.readline())
        [device] = told["devices"]
        assert (device["link"], told["adb_server"]) == ("qmi", None)
        line = ["qmicli", f"--device={device['address'].partition(':')[2]}", "--dms-get-model"]
        environment = {**os.environ, **told["environment"]}
        heard = subprocess.run(line, capture_output=True, text=True, check=True, env=environment, timeout=20)
        assert "EM7565" in heard.stdout
        before, _, after = told["pytest"].partition(" pytest ")
        words = ["sh", "-c", f"{before} {shlex.join(line)}"]
        printed = subprocess.run(words, capture_output=True, check=True, timeout=20)
        assert (printed.stdout.decode(), after) == (heard.stdout, f"--device={device['address']}")
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, b"")
    assert not Path(device["address"].partition(":")[2]).parent.parent.exists()


def _bands(survey, kind):
    return [one for one in survey.observations if isinstance(one, kind)]
