"""`bandproof record`: what replays is what was asked; scrubbed; a lost device and Ctrl-C leave what came until then."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from made_up_machine import Tty, Vanish

from harness import cli
from harness.at_commands import at_key
from harness.recording.exchange import Exchange
from harness.recording.files import hash_problems, load_recording, resolve_recording
from harness.survey.reading import read_device

MODEM = "fixture:quectel-rm520n-gl"


@pytest.fixture(autouse=True)
def wired(monkeypatch, tmp_path):
    monkeypatch.setitem(cli.ROOMS, "record", "record")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def loaded(folder):
    return load_recording(folder)


def record(*arguments):
    return cli.main(["record", *map(str, arguments)])


class Played:
    """The modem of the fixture on a pseudo-terminal; from the command number `stop` on it does `then` instead."""

    def __init__(self, stop=None, then=None):
        exchanges = load_recording(resolve_recording(MODEM)).links["at"]
        self.answers = {at_key(one.request): one.response for one in exchanges}
        self.count, self.stop, self.then = 0, stop, then
        self.stopped = threading.Event()
        self.tty = Tty(self.behave)

    def behave(self, command):
        self.count += 1
        if self.stop is not None and self.count > self.stop:
            self.stopped.set()
            return self.then
        return self.answers.get(at_key(command), b"\r\nERROR\r\n")


@pytest.fixture
def played():
    made = []

    def make(*arguments):
        made.append(Played(*arguments))
        return made[-1]

    yield make
    for one in made:
        one.tty.close()


@pytest.mark.parametrize("name", ["quectel-rm520n-gl", "xiaomi-mi-mix-2-global", "samsung-galaxy-s21-5g-us"])
def test_a_recording_of_a_recording_holds_the_same_exchanges_and_provenance(name, tmp_path, capsys):
    assert record(f"fixture:{name}", "-o", tmp_path / "out") == 0
    source, copy = load_recording(resolve_recording(f"fixture:{name}")), loaded(tmp_path / "out")
    assert copy.links == source.links
    assert copy.info.provenance == source.info.provenance == "composed"
    assert copy.info.sources == source.info.sources
    assert copy.info.device_sheet == source.info.device_sheet
    assert copy.info.complete
    assert hash_problems(tmp_path / "out") == ()
    out = capsys.readouterr().out
    assert f"bandproof survey {tmp_path / 'out'}" in out
    assert "composed" in out


def test_a_modem_on_a_port_is_recorded_and_replays_as_it_was_read(played, tmp_path, capsys):
    modem = played()
    assert record(modem.tty.path, "-o", tmp_path / "out", "--device-sheet", "quectel/rm520n-gl") == 0
    recording = loaded(tmp_path / "out")
    assert recording.info.provenance == "recorded"
    assert recording.info.complete
    assert recording.info.device["model"] == "RM520N-GL"
    assert recording.info.device_sheet == "quectel/rm520n-gl"
    assert all(one.at and one.elapsed_ms for one in recording.links["at"])
    kept = [one.as_json() for one in read_device(MODEM).observations]
    assert [one.as_json() for one in read_device(str(tmp_path / "out")).observations] == kept
    assert "recorded, complete" in capsys.readouterr().out


def test_record_and_run_write_the_same_exchanges_of_a_modem(played, tmp_path):
    assert record(played().tty.path, "-o", tmp_path / "out") == 0
    read_device(played().tty.path, evidence=tmp_path / "run")
    mine, theirs = (
        [(one.request, one.response, one.error) for one in loaded(tmp_path / name).links["at"]]
        for name in ("out", "run")
    )
    assert mine == theirs


def test_record_and_run_ask_a_handset_the_same_root_paths_and_extensions_included(monkeypatch, tmp_path):
    from harness.links.adb import shell as adb_link
    from harness.observations import Reading
    from harness.probes.adb import extensions, rooted
    from harness.probes.adb.root_script import RootQuestion

    answers = {
        "getprop": "[ro.board.platform]: [mt6785]\n[ro.product.model]: [Redmi Note 8 Pro]\n",
        "id -u": "2000\n",
        "command -v su": "/sbin/su\n",
        "vendor_tool --bands": "1 3 7\n",
    }

    class Handset:
        address = "R58M000TEST"

        def allow_commands(self, commands): ...

        def run(self, commands, *, deadline_s):
            return [
                Exchange(c, answers[c].encode(), 0, b"") if c in answers else Exchange(c, b"", 127, b"not found")
                for c in commands
            ]

        def close(self):
            pass

    probe = extensions.AdbProbe("vendor_tool --bands", lambda text: Reading())
    monkeypatch.setattr(extensions, "installed", lambda: (probe,))
    monkeypatch.setattr(adb_link, "open_adb", lambda *_, **__: Handset())
    asked = [RootQuestion("at", "AT+EPBSE=?", b"\r\n+EPBSE: 154,155,134742239,160\r\n\r\nOK\r\n", True, "/dev/ttyC0")]
    monkeypatch.setattr(rooted, "read_output", lambda *_: (asked, []))
    assert record("R58M000TEST", "-o", tmp_path / "out") == 0
    read_device("R58M000TEST", evidence=tmp_path / "run")
    mine, theirs = (
        {kind: [(one.request, one.response) for one in held] for kind, held in loaded(tmp_path / name).links.items()}
        for name in ("out", "run")
    )
    assert mine == theirs
    requests = [request for request, _ in mine["adb"]]
    assert {"id -u", "command -v su", "vendor_tool --bands"} <= set(requests)
    assert mine["at"] == [("AT+EPBSE=?", asked[0].response)]


def test_a_device_that_cannot_be_opened_is_told_with_the_way_out(tmp_path, capsys):
    assert record("/dev/ttyNOSUCH7", "-o", tmp_path / "out") == 3
    err = capsys.readouterr().err
    assert "no port" in err
    assert "; " in err


def test_cell_ids_and_tracking_areas_go_on_request(played, tmp_path):
    assert record(played().tty.path, "-o", tmp_path / "plain") == 0
    assert record(played().tty.path, "-o", tmp_path / "blank", "--scrub-cells") == 0
    tacs = [
        {cell.tac for cell in read_device(str(tmp_path / name)).primary_cells if cell.tac}
        for name in ("plain", "blank")
    ]
    assert tacs[0] == {10815}
    assert 10815 not in tacs[1]
    assert "tac" in loaded(tmp_path / "blank").info.scrubbed


def test_a_device_that_is_lost_leaves_what_came_until_then(played, tmp_path, capsys):
    assert record(played(3, Vanish).tty.path, "-o", tmp_path / "out", "--json") == 3
    recording = loaded(tmp_path / "out")
    assert not recording.info.complete
    assert recording.info.device["model"] == "RM520N-GL"
    whole = [one for one in recording.links["at"] if one.error is None]
    assert len(whole) == 3
    captured = capsys.readouterr()
    out = json.loads(captured.out)
    assert (out["schema"], out["complete"], out["exchanges"]) == (
        "bandproof.record/1",
        False,
        len(recording.links["at"]),
    )
    assert "went away" in out["trouble"]
    assert "complete: false" in captured.err
    assert captured.err.count("\n") == 1


def test_ctrl_c_leaves_what_came_until_then_and_says_so(played, tmp_path):
    modem = played(3, None)
    code = "import sys; from harness import cli; cli.ROOMS['record'] = 'record'; sys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "record", modem.tty.path, "-o", str(tmp_path / "out")]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, cwd=root, env={**os.environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert modem.stopped.wait(20)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted; 3 exchanges kept" in err
    assert "Traceback" not in err
    recording = loaded(tmp_path / "out")
    assert not recording.info.complete
    assert len(recording.links["at"]) == 3
    assert read_device(str(tmp_path / "out")).identity.model == "RM520N-GL"


def test_of_a_device_that_never_answered_nothing_is_left(tmp_path, capsys):
    assert record("/dev/ttyNOSUCH7", "-o", tmp_path / "out") == 3
    assert not (tmp_path / "out").exists()
    assert "nothing was recorded" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert record("/dev/ttyNOSUCH7", "-o", tmp_path / "empty") == 3
    assert list((tmp_path / "empty").iterdir()) == []


def test_an_incomplete_source_does_not_become_a_complete_recording(tmp_path):
    shutil.copytree(resolve_recording(MODEM), tmp_path / "cut")
    info = tmp_path / "cut/recording.yaml"
    text = info.read_text().replace("complete: true\n", "")
    info.write_text(f"{text.rstrip()}\ncomplete: false\n")
    assert record(tmp_path / "cut", "-o", tmp_path / "out") == 0
    assert not loaded(tmp_path / "out").info.complete


def test_a_folder_that_is_not_empty_or_no_folder_is_wrong_usage(tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("keep")
    (tmp_path / "file").write_text("keep")
    for place in ("full", "file", "file/under"):
        assert record(MODEM, "-o", tmp_path / place) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert [one.name for one in (tmp_path / "full").iterdir()] == ["mine.txt"]
    assert (tmp_path / "file").read_text() == "keep"


def test_unknown_sheets_and_addresses_are_wrong_usage_and_touch_nothing(tmp_path, capsys):
    assert record(MODEM, "-o", tmp_path / "out", "--device-sheet", "quectel/rm520n") == 2
    assert "quectel/rm520n-gl" in capsys.readouterr().err
    assert record("fixture:nobody", "-o", tmp_path / "out") == 2
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/recording.yaml").write_text("schema: nonsense\n")
    assert record(tmp_path / "broken", "-o", tmp_path / "out") == 4
    assert not (tmp_path / "out").exists()
