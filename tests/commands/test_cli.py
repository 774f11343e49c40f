"""The command's contract: one JSON object, exit statuses, clear words and no traceback."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from harness.cli import main


def test_band_and_earfcn_answer_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["band", "66", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["downlink_channels"] == [66436, 67335]
    assert main(["earfcn", "5780", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["band"] == 17
    assert facts["same_carrier_as"]["B12"] == 5110
    assert main(["earfcn", "648768", "--nr", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["band_candidates"] == [77, 78]


@pytest.mark.parametrize(
    "arguments", [["band", "64"], ["band", "x9"], ["earfcn", "5400"], ["earfcn", "9999999", "--nr"]]
)
def test_a_name_that_nothing_carries_is_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("bandproof: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x00\x01" * 200, b"a" * 5_000_000, b"total 0\ndrwxr-xr-x root\n"])
def test_garbage_is_unreadable_in_one_line(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "text"
    file.write_bytes(content)
    assert main(["decode", "adb", str(file)]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_a_missing_file_is_unreadable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "adb", "no/such/file"]) == 4
    assert "no/such/file" in capsys.readouterr().err


def test_getprop_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = b"[ro.product.model]: [SM-G960F]\n[ro.build.version.release]: [10]\n[ro.product.device]: [starlte]\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(["decode", "adb", "--command", "getprop", "-"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["schema"] == "bandproof.decode/1"
    identity = next(item for item in out["observations"] if item["kind"] == "identity")
    assert identity["codename"] == "starlte"


def test_profiles_are_listed_shown_and_linted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profiles", "list", "us"]) == 0
    assert "us/att" in capsys.readouterr().out
    assert main(["profiles", "show", "us/att", "--as-of", "2017-03"]) == 0
    assert "us/att@2017-03" in capsys.readouterr().out
    assert main(["profiles", "lint"]) == 0
    capsys.readouterr()
    assert main(["profiles", "show", "us/at"]) == 2
    assert "us/att" in capsys.readouterr().err
    assert main(["profiles", "show", "us/att", "--as-of", "soon"]) == 2
    broken = tmp_path / "x.yaml"
    broken.write_text("format: nonsense\n")
    assert main(["profiles", "lint", str(broken)]) == 4
    assert f"{broken}:1" in capsys.readouterr().out
