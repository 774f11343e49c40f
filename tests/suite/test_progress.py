"""What a person sees while devices are read: by which name, for how long, in how many columns."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.suite.progress import Progress, as_typed, device_line
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.survey.targets import Target

if TYPE_CHECKING:
    from pathlib import Path

MIX2 = read_device("fixture:xiaomi-mi-mix-2-global")


def progress(*targets: Target, width: int = 100) -> tuple[Progress, list[str]]:
    lines: list[str] = []
    return Progress(lines.append, targets, width=width), lines


def test_a_device_that_nobody_named_has_its_later_name_as_soon_as_it_is_read() -> None:
    shown, lines = progress(Target("handset", ("R58M12ABCDE",), named=False), Target("rm520-1", ("/dev/ttyUSB2",)))
    read = replace(MIX2, device="handset", address="R58M12ABCDE")
    shown.told(read)
    assert lines[0].startswith("  mi-mix-2 ")
    shown.named([replace(read, device="mi-mix-2"), replace(MIX2, device="rm520-1")])
    assert len(lines) == 1


def test_of_several_a_changed_name_is_told() -> None:
    both = [Target(name, (f"R58M12ABCD{name[-1]}",), named=False) for name in ("handset", "handset-2")]
    shown, lines = progress(*both)
    shown.named([replace(MIX2, device="mi-mix-2-3fa91c"), replace(MIX2, device="mi-mix-2-7c0f11")])
    assert lines == [
        "  R58M12ABCDt is called mi-mix-2-3fa91c",
        "  R58M12ABCD2 is called mi-mix-2-7c0f11",
    ]


def test_of_several_each_stands_as_it_was_typed_until_all_are_read() -> None:
    both = [Target(name, (f"R58M12ABCD{name[-1]}",), named=False) for name in ("handset", "handset-2")]
    shown, lines = progress(*both)
    shown.asking("handset", "getprop")
    assert shown._below().plain.startswith("  R58M12ABCDt ")
    shown.told(replace(MIX2, device="handset-2", address="R58M12ABCD2"))
    assert lines[0].startswith("  R58M12ABCD2   Xiaomi Mi MIX 2")
    shown.told(Survey("handset", "R58M12ABCDt", None, trouble="went away during 'getprop'"))
    assert lines[1].startswith("  R58M12ABCDt   went away during 'getprop'")
    assert not [line for line in lines if "handset" in line]


def test_how_long_a_device_is_waited_for_stands_beside_it_and_lines_are_wrapped() -> None:
    shown, _ = progress(Target("mix2-1", ("R58M12ABCDE",), deadline_s=90.0), width=40)
    shown.asking("mix2-1", "getprop; dumpsys telephony.registry; dumpsys isub; settings")
    lines = shown._below().plain.splitlines()
    assert lines[0].startswith("  mix2-1        0 of 90 s  getprop")
    assert len(lines) > 1
    assert max(map(len, lines)) <= 40


def test_one_answer_is_one() -> None:
    assert "   adb  1 answer  " in device_line(replace(MIX2, exchanges=MIX2.exchanges[:1]))
    assert f"{len(MIX2.exchanges)} answers" in device_line(MIX2)


def test_an_address_stands_as_it_was_typed() -> None:
    gone = Survey("handset", "192.168.1.5:5555", None, trouble="0.0.0.0:5555 went away during 'getprop'")
    assert "192.168.1.5:5555 went away" in device_line(gone)
    assert "0.0.0.0" not in device_line(gone)
    absent = replace(gone, absent=("adb knows no handset 192.168.1.5:5555", "here are R58M12ABCDE (Pixel 5, device)"))
    assert device_line(absent).endswith("here are R58M12ABCDE (Pixel 5, device)")


def test_two_addresses_that_look_alike_when_hidden_stay_hidden() -> None:
    text = "0.0.0.0:5555 went away"
    assert as_typed(text, ["192.168.1.5:5555", "/dev/ttyUSB2"]) == "192.168.1.5:5555 went away"
    assert as_typed(text, ["192.168.1.5:5555", "192.168.1.6:5555"]) == text


def test_the_summary_names_what_was_typed(tmp_path: Path) -> None:
    words = ["--device=127.0.0.1:9", "--device=fixture:xiaomi-mi-mix-2-global", "--carrier=us/att@2017-03"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--report-dir=out", *words]
    nowhere = {**os.environ, "ANDROID_ADB_SERVER_PORT": "9"}
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False, env=nowhere)
    assert result.returncode == 1
    assert "0.0.0.0" not in result.stdout
    assert "127.0.0.1:9: no adb server answers" in result.stdout
