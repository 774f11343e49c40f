"""The bench as runs tell it: also those that die, that tell nonsense, or that are not there any more."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.processes import born
from harness.serve.board import Board
from harness.serve.feed import SUFFIX, Feed
from harness.serve.pages import part


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path, ["dut-1", "dut-2"])


def _told(folder: Path, key: str = "2026-11-30T08-00-00Z-aaaaaaaa") -> Feed:
    feed = Feed(key, folder)
    feed.begin(key, folder / "run", "Rack", ["dut-1"])
    return feed


def _end(feed: Feed, verdict: str = "PASS", **more: Any) -> None:
    told = {"answer": "All met.", "complete": True, "verdicts": {verdict: 3}, **more}
    feed.tell("end", results=[{"device": "dut-1", "carrier": "us/att", "edition": "2024", "verdict": verdict}], **told)


def test_a_run_from_its_beginning_to_its_end(board: Board, tmp_path: Path) -> None:
    feed = _told(tmp_path)
    board.follow()
    assert board.seats["dut-1"].state == "waits to be read"
    assert board.seats["dut-1"].run == "2026-11-30T08-00-00Z-aaaaaaaa"
    feed.tell("ask", device="dut-1", request="ATI")
    feed.tell("read", device="dut-1", label="X", firmware="B1", sim="310410", band="B12", trouble=None, seconds=1)
    feed.count(2, 3, {"PASS": 2}, now=True)
    board.follow()
    seat, (run,) = board.seats["dut-1"], board.runs.values()
    assert (seat.state, seat.firmware, seat.sim, seat.band) == ("read", "B1", "310410", "B12")
    assert (run.done, run.total, run.is_alive) == (2, 3, True)
    assert board.last is None
    _end(feed)
    board.follow()
    assert (run.outcome, run.is_over, seat.run) == ("PASS", True, "")
    assert board.last is run


def test_half_a_line_waits_for_its_other_half(board: Board, tmp_path: Path) -> None:
    file = tmp_path / f"key{SUFFIX}"
    begins = json.dumps(
        {"event": "run", "at": "2026-11-30T08:00:00.000Z", "folder": "", "bench": None, "devices": ["dut-2"]}
        | {"pid": 1, "born": "x", "by": ""}
    )
    file.write_text(begins[:40])
    board.follow()
    assert board.runs == {}
    file.write_text(begins + "\n")
    board.follow()
    assert list(board.runs) == ["key"]


@pytest.mark.parametrize(
    "line",
    [
        *("", "{", "[]", "null", '{"event": "run"}', '{"event": "nothing"}', '{"event": ["run"]}', '"x"', "\x00\xff"),
        '{"event": "count", "done": "x", "total": 1, "verdicts": {}}',
    ],
)
def test_nonsense_is_left_out(board: Board, tmp_path: Path, line: str) -> None:
    (tmp_path / f"odd{SUFFIX}").write_bytes(line.encode("latin-1") + b"\n")
    board.follow()
    board.bury()
    assert board.seats["dut-1"].state == "not read yet"


def test_a_run_that_was_killed_has_died_and_lets_its_devices_go(board: Board, tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom harness.serve.feed import Feed\n"
        f"feed = Feed('k', Path({str(tmp_path)!r}))\nfeed.begin('k', Path('run'), None, ['dut-1'])\nprint(flush=True)\n"
        "time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    board.follow()
    board.bury()
    assert board.runs["k"].is_alive
    child.kill()
    child.communicate()
    board.bury()
    assert board.runs["k"].outcome == "ERROR"
    assert board.seats["dut-1"].state == "its run was ended before it was done"
    html = part(board, "result", "")[1]
    assert "STOPPED" in html
    assert re.search(r"k, begun \d\d:\d\d:\d\d UTC</p>", html), "nobody knows when it ended"


def test_a_run_that_is_not_complete_is_no_pass(board: Board, tmp_path: Path) -> None:
    feed = _told(tmp_path)
    _end(feed, complete=False)
    board.follow()
    (run,) = board.runs.values()
    assert run.outcome == "INCONC"
    assert "INCOMPLETE" in part(board, "result", "")[1]


def test_a_run_that_judged_nothing_is_no_pass(board: Board, tmp_path: Path) -> None:
    feed = _told(tmp_path)
    feed.tell("end", answer="Nothing.", complete=True, verdicts={}, results=[])
    board.follow()
    assert board.last is not None
    assert board.last.outcome == "INCONC"


def test_the_last_result_tells_the_heaviest_first_and_what_it_leaves_out(board: Board, tmp_path: Path) -> None:
    feed = _told(tmp_path)
    words = ["PASS"] * 30 + ["FAIL", "INCONC"]
    results = [
        {"device": f"dut-{device}", "carrier": f"us/{number}", "edition": "2024", "verdict": word}
        for device in range(20)
        for number, word in enumerate(words)
    ]
    lost = [{"device": "dut-99", "verdict": "ERROR"}]
    feed.tell("end", answer="x", complete=True, verdicts={}, results=results, unjudged=lost)
    board.follow()
    html = part(board, "result", "")[1]
    lines = re.findall(r"<li>(?:<span[^>]*>(.+?)</span>)?(.+?)</li>", html)
    assert lines[0] == ("ERROR", " <bdi>dut-99</bdi>, judged by no carrier")
    assert [word for word, _ in lines[1:12]] == ["FAIL"] * 11, "one that fails is not cut off behind those that pass"
    assert "and 49 more" in lines[-1][1]
    (run,) = board.runs.values()
    assert run.outcome == "ERROR"
    assert run.lines[-1] == ("PASS", "dut-19", " at us/0@2024, us/1@2024, us/2@2024, us/3@2024, us/4@2024 and 25 more")


@pytest.mark.parametrize("word", ["FAIL", "INCONC", "ERROR"])
def test_a_case_of_ones_own_that_was_not_met_is_no_pass(board: Board, tmp_path: Path, word: str) -> None:
    _end(_told(tmp_path), own=[{"device": "dut-1", "case": "Is the display lit?", "verdict": word}])
    board.follow()
    (run,) = board.runs.values()
    assert run.outcome == word
    assert run.lines[0] == (word, "dut-1", ": Is the display lit?")


def test_a_line_of_many_carriers_says_how_many_more_there_are(board: Board, tmp_path: Path) -> None:
    results = [{"device": "d", "carrier": f"us/{n}", "edition": "2024", "verdict": "PASS_NOTE"} for n in range(30)]
    _told(tmp_path).tell("end", answer="x", complete=True, verdicts={}, results=results)
    board.follow()
    html = part(board, "result", "")[1]
    assert "us/4@2024 and 25 more</li>" in html
    assert "PASS with note</span> <bdi>d</bdi> at us/0@2024" in html


def test_the_last_result_stands_until_the_next_run_begins(board: Board, tmp_path: Path) -> None:
    _end(_told(tmp_path), "FAIL")
    board.follow()
    assert board.last is not None
    _told(tmp_path, "2026-11-30T09-00-00Z-bbbbbbbb")
    board.follow()
    assert board.last is None


def test_lines_of_long_ago_are_thrown_away(board: Board, tmp_path: Path) -> None:
    feed = _told(tmp_path)
    _end(feed)
    file = next(tmp_path.glob(f"*{SUFFIX}"))
    old = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    file.write_text(
        "".join(f"{json.dumps(json.loads(line) | {'at': old})}\n" for line in file.read_text().splitlines())
    )
    board.follow()
    board.bury()
    assert board.runs == {}
    assert not file.exists()


def test_hostile_text_is_text(board: Board, tmp_path: Path) -> None:
    feed = _told(tmp_path)
    hostile = "<script>alert(1)</script>\u202e"
    feed.tell("ask", device="dut-1", request=hostile)
    feed.tell(
        "read", device='"><img src=x>', label=hostile, firmware=hostile, sim="", band="", trouble=hostile, seconds=0
    )
    board.follow()
    for kind, key in board.changed:
        id_, html = part(board, kind, key)
        assert "<script" not in html
        assert "<img" not in html
        assert "\u202e" not in html
        assert not set(id_) & set("\"'<> ")


def test_where_nobody_watches_a_run_writes_nothing(tmp_path: Path) -> None:
    feed = Feed("k", tmp_path / "none")
    feed.begin("k", tmp_path, None, [])
    feed.tell("ask", device="x", request="y")
    feed.close()
    assert not feed.is_open
    assert not (tmp_path / "none").exists()


def test_a_process_id_that_is_used_again_is_another_process() -> None:
    ours = born(os.getpid())
    assert ours == born(os.getpid()) != ""
    # Not the parent: a shell that starts us at once is born in the same tick of the kernel's clock.
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as later:
        assert born(later.pid) not in {"", ours}
        later.kill()
    assert born(2**22 + 1) == ""
