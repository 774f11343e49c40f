"""Output of real modems against what is known of them: by the judge beside the captures, and what it does not look at."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from harness import cli

FOLDERS = ("qmi", "qmi-2")


@pytest.fixture(scope="module")
def judge(captures_dir: Path) -> ModuleType:
    script = captures_dir.parent / "tools" / "judge_captures.py"
    if not script.is_file():
        pytest.skip("no judge beside the captures")
    spec = importlib.util.spec_from_file_location("judge_of_qmi", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


def decode(file: Path) -> tuple[list[dict[str, Any]] | None, str]:
    """As the judge's own `decode`: observations or None, and what was wrong."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main(["decode", "qmi", str(file)])
    if status not in (0, 4):
        return None, f"exit {status}: {err.getvalue().strip()}"
    return ([] if status == 4 else json.loads(out.getvalue())["observations"]), ""


def captures(place: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for name in FOLDERS:
        manifest = place / name / "manifest.yaml"
        if manifest.is_file():
            for capture in yaml.safe_load(manifest.read_text(encoding="utf-8"))["captures"]:
                yield manifest.parent, capture


def told(place: Path, capture: dict[str, Any]) -> list[dict[str, Any]]:
    files = [place / capture["id"] / name for name in capture["files"]]
    return [one for file in files if file.is_file() for one in decode(file)[0] or ()]


def test_every_fact_of_every_capture_is_right(
    judge: ModuleType, captures_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: str, __: list[str], text: str) -> tuple[list[dict[str, Any]] | None, str]:
        file = tmp_path / "output.txt"
        file.write_text(text, encoding="utf-8", newline="")
        return decode(file)

    monkeypatch.setattr(judge, "decode", read)
    score = judge.Score()
    for place, capture in captures(captures_dir):
        judge.judge_qmi_capture("bandproof", place, capture, score)
    assert score.lines == []
    assert score.right >= 76


_WORDS = {"lte": "lte", "5gnr": "nr", "umts": "umts"}


def test_what_the_judge_does_not_look_at(captures_dir: Path) -> None:
    """Modes, EN-DC, the state of the cell, lists without a restriction, GSM, lists that a text does not have."""
    looked = 0
    for place, capture in captures(captures_dir):
        want, facts, who = capture["expected"], told(place, capture), capture["id"]
        of = {kind: [one for one in facts if one["kind"] == kind] for kind in {one["kind"] for one in facts}}
        if "mode_preference" in want:
            (mode,) = of["network_mode"]
            assert mode["rats"] == [_WORDS[word] for word in want["mode_preference"]], who
        if "endc_available" in want:
            modes = [one["mode"] for one in of.get("nr_state", ())]
            free = want["endc_available"] and not want.get("dcnr_restricted")
            assert modes == (["nsa_available"] if free else ["none"]), who
        for name in ("enabled_nr_sa", "enabled_nr_nsa", "supported_nr"):
            if name in want and want[name] is None:
                kind, _, rat = name.partition("_")
                assert not [one for one in of.get(f"{kind}_bands", ()) if one["rat"].startswith(rat)], who
        if want.get("registered") is False:
            assert not [one for one in of.get("registration", ()) if one["state"] in {"home", "roaming"}], who
            assert not [one for one in of.get("serving_cell", ()) if one["registered"]], who
        if want.get("registration") in {"home", "registered"}:
            assert all(one["registered"] for one in of["serving_cell"]), who
        if want.get("bands_2g3g_present"):
            assert {one["rat"] for one in of["supported_bands"]} >= {"gsm", "umts"}, who
        for rat, levels in (want.get("signal") or {}).items():
            assert levels.items() <= next(one for one in of["signal"] if one["rat"] == rat).items(), who
        if want.get("state") == "locked":
            assert [one["state"] for one in of["sim"]] == ["pin_required"], who
        if want.get("access_tech") == ["lte"]:
            assert {one["rat"] for one in of["registration"]} == {"lte"}, who
        looked += 1
    if not looked:
        pytest.skip("no QMI captures")
    assert looked >= 29


def test_a_list_of_everything_is_no_restriction_and_no_list(captures_dir: Path) -> None:
    capture = next(
        ((place, one) for place, one in captures(captures_dir) if "enabled_lte_preference" in one["expected"]), None
    )
    if capture is None:
        pytest.skip("no QMI captures")
    lists = [one for one in told(*capture) if one["kind"] == "enabled_bands" and one["rat"] == "lte"]
    assert any(one["unlimited"] and one["bands"] is None for one in lists)
    assert not any(one["bands"] == capture[1]["expected"]["enabled_lte_preference"] for one in lists)
