"""What commands write: whole lines into a pipe, wrapped ones on a terminal."""

from __future__ import annotations

import os
import re
import sys

import pytest

from harness.cli import main
from harness.commands.views.page import fitted, tell

SAMPLE = "reports/sample"
COMMANDS = (
    ["fixtures"],
    ["profiles", "list"],
    ["profiles", "sheets"],
    ["profiles", "show", "us/att"],
    ["profiles", "show", "xiaomi/mi-mix-2"],
    ["band", "12", "--carriers", "--country=us"],
    ["earfcn", "5110"],
    ["survey", "fixture:quectel-rm520n-gl"],
    ["fit", "fixture:xiaomi-mi-mix-2-global", "--country=us"],
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("width", [80, 50])
def test_no_line_is_wider_than_the_terminal(words, width, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_: os.terminal_size((width, 24)))
    main(words)
    out = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out)
    assert out
    assert not [line for line in out.splitlines() if len(line) > width]


def test_a_pipe_has_whole_lines(capsys):
    tell([f"{'name':<20}  {'x ' * 100}".rstrip()])
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_columns_are_kept_and_the_rest_stands_in():
    lines = fitted("  one       two three four five six seven eight", 30, 6).splitlines()
    assert lines[0].startswith("  one       two")
    assert all(line.startswith("      ") for line in lines[1:])
    assert " ".join(" ".join(lines).split()) == "one two three four five six seven eight"
