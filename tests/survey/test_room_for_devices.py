"""Devices read at the same time: who waits for whom, what a stop leaves, what ends a run, what a run leaves on disk."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness.errors import LinkError, RecordingError, UsageError
from harness.observations import Identity
from harness.recording.files import load_recording
from harness.survey import inhibiting, reading, together
from harness.survey.again import ATTEMPT
from harness.survey.inhibiting import inhibited, managed_device
from harness.survey.reading import read_device
from harness.survey.recorded_survey import evidence_writer
from harness.survey.survey import Survey
from harness.survey.targets import Target
from harness.survey.together import _Place, read_devices

PHONE, MODEM = Target("phone", ("R58M12ABCDE",)), Target("modem", ("/dev/ttyUSB2",))
SOON = 5.0


def place(room: threading.Semaphore, target: Target, seconds: float = SOON) -> _Place:
    return _Place(room, target, time.monotonic() + seconds)


def free(room: threading.Semaphore) -> int:
    return room._value  # type: ignore[attr-defined]


def test_a_handset_takes_a_place_until_it_is_asked_and_gives_it_back_once():
    room = threading.Semaphore(2)
    with place(room, PHONE) as one:
        assert free(room) == 1
        one.leave()
        assert free(room) == 2
        one.leave()
        assert free(room) == 2
    assert free(room) == 2


def test_a_place_that_was_not_left_is_given_back_at_the_end():
    room = threading.Semaphore(1)
    with place(room, PHONE):
        assert free(room) == 0
    assert free(room) == 1


def test_no_more_are_opened_at_once_than_half_of_what_an_adb_server_lets_wait():
    """Its listen backlog is 128, and each device needs a connection to find it and one to ask it."""
    assert together.MOST_AT_ONCE == 128 // 2


def test_a_modem_takes_no_place():
    room = threading.Semaphore(1)
    with place(room, MODEM):
        assert free(room) == 1
    assert free(room) == 1


def test_where_none_is_free_in_time_it_opens_all_the_same_and_gives_none_back():
    room = threading.Semaphore(0)
    started = time.monotonic()
    with place(room, PHONE, 0.05) as one:
        assert time.monotonic() - started < 2
        one.leave()
    with place(room, PHONE, -1.0):
        pass
    assert free(room) == 0


@pytest.fixture
def devices(monkeypatch):
    """Devices as they are read: `does` maps a name to what is done while it is read."""
    told = SimpleNamespace(does={}, how={})

    def read(target, **how):
        told.how[target.device] = how
        done = told.does.get(target.device, lambda how: None)(how)
        return done or Survey(target.device, target.address, "modem", (Identity(model="X"),))

    monkeypatch.setattr(together, "read_and_retry", read)
    return told


def test_surveys_come_in_the_order_of_targets_and_each_is_told_when_it_ends(devices):
    late = threading.Event()
    devices.does["phone"] = lambda how: late.wait(5) and None
    heard = []

    def told(survey):
        heard.append(survey.device)
        late.set()

    found = read_devices([PHONE, MODEM], told=told)
    assert list(found) == ["phone", "modem"]
    assert heard == ["modem", "phone"]


def test_who_asks_hears_device_and_request_and_a_handset_leaves_its_place(devices, monkeypatch):
    monkeypatch.setattr(together, "MOST_AT_ONCE", 1)
    first = threading.Event()

    def one(how):
        how["asking"]("getprop")
        first.wait(5)

    def other(how):
        first.set()

    devices.does |= {"phone": one, "other": other}
    heard = []
    read_devices([PHONE, replace(PHONE, device="other")], asking=lambda *words: heard.append(words))
    assert heard == [("phone", "getprop")]


def test_a_device_ends_at_its_own_deadline_or_the_runs(devices):
    start = time.monotonic()
    read_devices([replace(PHONE, deadline_s=7.0), replace(MODEM, deadline_s=70.0)], deadline_s=20.0)
    left = {name: how["deadline_s"] - start for name, how in devices.how.items()}
    assert 6.5 < left["phone"] < 7.5
    assert 19.5 < left["modem"] < 20.5


def test_each_device_has_its_own_folder_of_evidence(devices, tmp_path):
    read_devices([PHONE, MODEM], evidence=tmp_path)
    assert devices.how["phone"]["evidence"] == tmp_path / "phone"
    read_devices([PHONE])
    assert devices.how["phone"]["evidence"] is None


def test_wrong_usage_of_one_device_is_the_runs(devices):
    def wrong(how):
        raise UsageError("no such address")

    devices.does["phone"] = wrong
    with pytest.raises(UsageError):
        read_devices([MODEM, PHONE])


@pytest.fixture
def interruptible():
    """SIGINT is ignored by what a shell started in the background; here it is Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_a_stop_waits_for_the_question_that_a_device_is_at(devices, monkeypatch):
    monkeypatch.setattr(together, "STOP_S", 5.0)
    ended = []

    def quick(how):
        time.sleep(0.2)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        until = time.monotonic() + 5
        while not how["stopped"]() and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.1)
        ended.append("put back")

    devices.does["modem"] = quick
    with pytest.raises(KeyboardInterrupt):
        read_devices([MODEM])
    assert ended == ["put back"]


@pytest.mark.usefixtures("interruptible")
def test_a_stop_asks_no_more_and_waits_no_longer_than_it_may(devices, monkeypatch):
    monkeypatch.setattr(together, "STOP_S", 0.2)
    asked, ended = [], threading.Event()
    hangs, begun = threading.Event(), threading.Event()

    class Begun(threading.Thread):
        def start(self) -> None:
            super().start()
            begun.set()

    monkeypatch.setattr(together.threading, "Thread", Begun)

    def slow(how):
        # As Ctrl-C at the terminal, once the run waits for its devices.
        begun.wait(5)
        time.sleep(0.1)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        until = time.monotonic() + 5
        while not how["stopped"]() and time.monotonic() < until:
            time.sleep(0.01)
        try:
            how["asking"]("ATI")
        except LinkError as error:
            asked.append(error.message)
        ended.set()
        hangs.wait(5)

    devices.does["modem"] = slow
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        read_devices([MODEM])
    assert time.monotonic() - started < 3
    assert ended.wait(2)
    assert asked == ["stopped by the user"]
    # What still hangs is no thread that the end of the program waits for.
    assert all(one.daemon for one in threading.enumerate() if one.name == "modem")
    hangs.set()


def test_evidence_that_could_not_be_written_is_that_devices_trouble_without_facts(devices, tmp_path):
    def full(how):
        raise RecordingError("no space left")

    devices.does["phone"] = full
    found = read_devices([PHONE, MODEM], evidence=tmp_path)
    assert (found["phone"].trouble, found["phone"].observations) == ("no space left", ())
    assert 0 <= found["phone"].elapsed_s < 60
    assert found["modem"].trouble is None
    devices.does["r"] = full
    with pytest.raises(RecordingError):
        read_devices([Target("r", ("fixture:quectel-rm520n-gl",))])


def test_the_evidence_of_a_device_that_is_named_late_goes_with_it_and_its_first_attempt_too(devices, tmp_path):
    for name in ("handset", "handset" + ATTEMPT):
        (tmp_path / name).mkdir()
    target = Target("handset", ("R58M12ABCDE",), named=False)
    (found,) = read_devices([target], evidence=tmp_path).values()
    assert found.device == "x"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["x", "x" + ATTEMPT]


def test_a_reading_that_fails_leaves_no_recording_that_says_it_is_whole(tmp_path, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("a fault of ours")

    whole = read_device("fixture:quectel-rm520n-gl", evidence=tmp_path / "whole")
    assert whole.trouble is None
    assert load_recording(tmp_path / "whole").info.complete
    monkeypatch.setattr(reading, "_with_files", fails)
    with pytest.raises(RuntimeError):
        read_device("fixture:quectel-rm520n-gl", evidence=tmp_path / "cut")
    assert not load_recording(tmp_path / "cut").info.complete


def test_evidence_begins_as_not_complete(tmp_path):
    assert evidence_writer(None, PHONE, None) is None
    writer = evidence_writer(tmp_path / "e", replace(PHONE, sample="S-1", sim_plmn="26201"), None)
    assert writer is not None
    info = load_recording(tmp_path / "e").info
    assert not info.complete
    assert (info.extra["sample"], info.extra["expected_sim"], info.id) == ("S-1", "26201", "phone")
    writer.close()


@pytest.mark.parametrize(
    ("answer", "device"),
    [
        (b"not json", ""), (b"[1]", ""), (b'{"modem-list": null}', ""), (b'{"modem-list": ["/x/Modem/a"]}', ""),
    ],
)  # fmt: skip
def test_a_manager_that_answers_nonsense_manages_nothing(monkeypatch, answer, device):
    asked = []

    def run(words, **how):
        asked.append((words, how))
        return SimpleNamespace(stdout=answer, returncode=1)

    monkeypatch.setattr(inhibiting.subprocess, "run", run)
    assert managed_device("/dev/ttyUSB2") == device
    assert asked[0][0] == ["mmcli", "-L", "-J"]
    # A status that is not 0 is an answer like others.
    assert asked[0][1]["check"] is False
    assert asked[0][1]["timeout"] == inhibiting.ASK_S


@pytest.mark.parametrize("error", [FileNotFoundError("mmcli"), subprocess.TimeoutExpired("mmcli", 5.0)])
def test_a_manager_that_is_not_there_or_does_not_answer_manages_nothing(monkeypatch, error):
    def run(words, **how):
        raise error

    monkeypatch.setattr(inhibiting.subprocess, "run", run)
    assert managed_device("/dev/ttyUSB2") == ""


def test_an_address_that_is_no_port_of_this_machine_is_not_asked_for(monkeypatch):
    monkeypatch.setattr(inhibiting.subprocess, "run", None)
    assert managed_device("socket://192.0.2.7:5000") == ""
    assert managed_device("COM7") == ""


def test_what_holds_the_modem_is_no_part_of_this_run(monkeypatch):
    """A Ctrl-C at the terminal is for the run, not for what keeps the manager off; nor does a listener hold the end."""
    told, threads = {}, []

    class Process:
        pid = 7
        stdout = None

        def terminate(self) -> None:
            told["terminated"] = True

        def wait(self) -> None:
            told["waited"] = True

    def start(words, **how):
        told.update(how, words=words)
        return Process()

    def thread(**how):
        threads.append(how)
        return SimpleNamespace(start=lambda: how["args"][1].put(True), join=lambda: None)

    monkeypatch.setattr(inhibiting, "managed_device", lambda url: "/sys/x")
    monkeypatch.setattr(inhibiting.subprocess, "Popen", start)
    monkeypatch.setattr(inhibiting.threading, "Thread", thread)
    with inhibited("/dev/ttyUSB2") as holds:
        assert holds == ((inhibiting.WORDS, 7),)
        assert "terminated" not in told
    assert told["words"] == ["mmcli", "--inhibit-device=/sys/x"]
    assert told["start_new_session"] is True
    assert threads[0]["daemon"] is True
    assert told["terminated"]
    assert told["waited"]
