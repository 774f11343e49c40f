"""ModemManager kept off a modem: who holds it, that a killed run leaves it held, that it is let go of last."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.state.holding import let_go, still_held
from harness.state.journal import Journal, device_key, load_page
from harness.survey import inhibiting
from harness.survey.inhibiting import inhibited, managed_device

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")
DEVICE = "/sys/devices/pci0000:00/usb1/1-2"
TOOL = """#!{python}
import json, sys, time
words = sys.argv[1:]
if words == ["-L", "-J"]:
    print(json.dumps({{"modem-list": ["/org/freedesktop/ModemManager1/Modem/0", "/org/freedesktop/ModemManager1/Modem/3"]}}))
elif words[0] == "-m":
    ports = ["cdc-wdm0 (qmi)", "{port} (at)"] if words[1] == "3" else ["ttyUSB9 (at)"]
    print(json.dumps({{"modem": {{"generic": {{"device": "{device}", "ports": ports}}}}}}))
elif words[0] == "--inhibit-device={device}":
    print("{word} device with uid '{device}'", flush=True)
    if "{word}".startswith("success"):
        time.sleep(60)
"""


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """A mmcli that manages ttyUSB2, in front of any other."""

    def make(word="successfully inhibited"):
        tool = tmp_path / "bin" / "mmcli"
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(TOOL.format(python=sys.executable, port="ttyUSB2", device=DEVICE, word=word))
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")

    return make


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_device_is_found_by_its_port(manager):
    manager()
    assert managed_device("/dev/ttyUSB2") == DEVICE
    assert managed_device("/dev/ttyUSB5") == ""
    assert managed_device("socket://127.0.0.1:5000") == ""


def test_without_a_manager_nothing_is_held(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with inhibited("/dev/ttyUSB2") as holds:
        assert holds == ()


def test_it_is_held_as_long_as_the_work_lasts(manager):
    manager()
    with inhibited("/dev/ttyUSB2") as holds:
        ((words, pid),) = holds
        assert "ModemManager" in words
        assert is_alive(pid)
    assert not is_alive(pid)


def test_a_manager_that_refuses_holds_nothing(manager):
    manager(word="error: could not inhibit")
    with inhibited("/dev/ttyUSB2") as holds:
        assert holds == ()


KILLED = """
import os, signal, sys
from pathlib import Path
from harness.state.journal import Journal
from harness.survey.inhibiting import inhibited

with inhibited("/dev/ttyUSB2") as holds:
    journal = Journal({key!r}, words="a modem", firmware="A", opened_by="a test", folder=Path({folder!r}))
    journal.intend("radio", "at", "1", "4")
    for hold in holds:
        journal.hold(*hold)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_leaves_it_held_and_whoever_carries_on_lets_go_of_it(manager, tmp_path):
    manager()
    key = device_key("at", "490154203237518")
    source = KILLED.format(key=key, folder=str(tmp_path / "j"))
    subprocess.run([sys.executable, "-c", source], check=False, timeout=60)
    page = load_page(tmp_path / "j" / f"{key}.journal.json")
    (held,) = page.holds
    assert is_alive(held.pid)
    assert still_held(page) == (held,)
    journal = Journal.taken_over(tmp_path / "j" / f"{key}.journal.json")
    assert let_go(journal.page) == (held,)
    until = time.monotonic() + 10
    while is_alive(held.pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(held.pid)
    journal.close()


def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(tmp_path):
    key = device_key("at", "490154203237518")
    journal = Journal(key, words="a modem", firmware="A", opened_by="a test", folder=tmp_path)
    journal.intend("radio", "at", "1", "4")
    journal.hold("a hold", os.getpid())
    file = tmp_path / f"{key}.journal.json"
    told = json.loads(file.read_text())
    told["holds"][0]["started"] = "another boot 1"
    file.write_text(json.dumps(told))
    assert let_go(load_page(file)) == ()
    journal.close()


def test_no_answer_is_waited_for_no_longer_than_it_may_take(manager, monkeypatch):
    manager(word="")
    monkeypatch.setattr(inhibiting, "HOLD_S", 0.2)
    with inhibited("/dev/ttyUSB2") as holds:
        assert holds == ()
