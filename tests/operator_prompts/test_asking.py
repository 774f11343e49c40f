"""Questions to a person: the first answer counts, none in time is none, and none of them is a measurement."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.operator import Testimony, Unanswered, answer, ask, prompts_folder, standing
from harness.reports.document.document import load_document
from harness.serve.board import Board

CASE = """
def test_display(device, operator):
    assert operator.ask("Is the display lit?", within_s=SECONDS, choices=("lit", "dark")) == "lit"
"""


@pytest.fixture(autouse=True)
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BANDPROOF_PROMPTS", str(tmp_path / "prompts"))
    # No terminal of the developer's takes part.
    monkeypatch.setattr("harness.operator.os.open", _no_terminal(os.open))
    return tmp_path / "prompts"


def _no_terminal(real: object) -> object:
    def opened(path: object, *more: object, **named: object) -> int:
        if path == "/dev/tty":
            raise OSError("there is no terminal")
        return real(path, *more, **named)  # type: ignore[operator, no-any-return]

    return opened


def _asked(found: list[object], **more: object) -> threading.Thread:
    def run() -> None:
        try:
            found.append(ask("Is it lit?", choices=("lit", "dark"), device="dut", **more))  # type: ignore[arg-type]
        except Unanswered as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _standing(seconds: float = 10) -> str:
    end = time.monotonic() + seconds
    while not (found := standing()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found[0].id


def test_an_answer_is_testimony() -> None:
    found: list[object] = []
    thread = _asked(found, within_s=20.0)
    assert answer(_standing(), "lit", by="lab 2", where="page, 192.0.2.5") == "taken"
    thread.join(10)
    (told,) = found
    assert isinstance(told, Testimony)
    assert (told.choice, told.by, told.where, told.grade, told.device) == (
        "lit",
        "lab 2",
        "page, 192.0.2.5",
        "told",
        "dut",
    )
    assert told.sentence.startswith("Is it lit? — lit (told by lab 2, 20")
    assert list(prompts_folder().iterdir()) == []


def test_the_second_answer_is_told_that_it_is_second() -> None:
    found: list[object] = []
    thread = _asked(found, within_s=20.0)
    id_ = _standing()
    given: list[str] = []
    gate = threading.Barrier(8)

    def give(number: int) -> None:
        gate.wait()
        given.append(answer(id_, ("lit", "dark")[number % 2], by=str(number), where="page"))

    givers = [threading.Thread(target=give, args=(number,)) for number in range(8)]
    for one in givers:
        one.start()
    for one in (*givers, thread):
        one.join(20)
    assert given.count("taken") == 1
    assert set(given) <= {"taken", "second", "over"}
    assert len(found) == 1


def test_no_answer_in_time_is_none() -> None:
    found: list[object] = []
    thread = _asked(found, within_s=0.3)
    id_ = _standing()
    thread.join(10)
    assert isinstance(found[0], Unanswered)
    assert answer(id_, "lit", by="", where="page") == "over"


def test_what_is_no_choice_is_not_taken() -> None:
    found: list[object] = []
    thread = _asked(found, within_s=1.0)
    with pytest.raises(UsageError):
        answer(_standing(), "perhaps", by="", where="page")
    thread.join(10)
    assert isinstance(found[0], Unanswered)


@pytest.mark.parametrize("id_", ["../../etc/passwd", "", "x" * 16])
def test_a_question_that_nobody_asked(id_: str) -> None:
    assert answer(id_, "lit", by="", where="page") == "over"


def test_the_question_of_a_process_that_died_does_not_stand() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", "from harness.operator import ask; ask('Lit?', within_s=60)"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    _standing(20)
    child.kill()
    child.wait()
    assert standing() == []


def test_a_question_needs_choices() -> None:
    with pytest.raises(UsageError):
        ask("?", within_s=1, choices=("a", "a"))


def _case(folder: Path, seconds: float) -> list[str]:
    (folder / "test_own.py").write_text(CASE.replace("SECONDS", str(seconds)))
    options = ["-p", "no:cacheprovider", "--device=fixture:xiaomi-mi-mix-2-global", "--carrier=us/att@2017-03"]
    return [sys.executable, "-m", "pytest", "-q", *options, "--report-dir=run", "test_own.py", f"--rootdir={folder}"]


def test_a_case_that_nobody_answers_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "live").mkdir()
    monkeypatch.setenv("BANDPROOF_LIVE", str(tmp_path / "live"))
    done = subprocess.run(
        _case(tmp_path, 0.5),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "1 inconclusive" in done.stdout
    assert "nobody answered in 0.5 s: Is the display lit?" in done.stdout
    assert "Traceback" not in done.stdout
    board = Board(tmp_path / "live", [])
    board.follow()
    (run,) = board.runs.values()
    assert {one["verdict"] for one in run.results} == {"PASS"}
    assert (run.outcome, run.lines[0][0]) == ("INCONC", "INCONC"), "all carriers are met, and still it is no PASS"


TAKES_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_case_is_answered_at_the_terminal_under_capture_and_the_report_says_who(tmp_path: Path) -> None:
    command = _case(tmp_path, 60)
    # Not by `pty.fork`: threads of the libraries that other tests have loaded do not outlive a fork.
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TAKES_THE_TERMINAL, *command],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said, answered, end = b"", False, time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                said += os.read(terminal, 4096)
            except OSError:
                break
        if b"within" in said and not answered:
            os.write(terminal, b"maybe\n2\n" if b"never" in said else b"maybe\nlit\n")
            answered = True
    status = process.wait(30)
    os.close(terminal)
    assert status == 0, said.decode()
    assert b"is none of them" in said
    (note,) = [one for one in load_document(tmp_path / "run").notes if one.about == "xiaomi-mi-mix-2-global"]
    assert note.text.startswith("Is the display lit? — lit (told by ")
    assert note.text.endswith("terminal)")
    assert note.grade == "told"
    (kept,) = [one for one in json.loads((tmp_path / "run" / "report.json").read_text())["notes"] if "grade" in one]
    assert kept["grade"] == "told"
    verified = subprocess.run(
        [sys.executable, "-m", "harness.cli", "verify", "run", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(verified.stdout)["agrees"] is True, verified.stdout
