"""Two runs compared: what a build lost is told, and what could not be read is not taken for lost."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from documents import completed, typed

from harness.cli import main
from harness.errors import UsageError
from harness.reports.run import diff


def verdict(requirement: str, outcome: str) -> dict[str, Any]:
    return {
        "device": "m",
        "carrier": "us/att",
        "edition": "2024",
        "requirement": requirement,
        "verdict": outcome,
        "reason": f"{requirement} because",
        "grade": "measured",
        "evidence": [{"link": "at", "exchange": 3, "request": "AT#BND=?", "line": 1}],
    }


BEFORE: dict[str, Any] = {
    "schema": "bandproof.report/2",
    "run": {"id": "aaaa", "started": "2026-11-01T10:00:00.000Z"},
    "devices": [
        {
            "device": "m",
            "identity": {"model": "LE910C1-NF", "build": "25.20.001"},
            "layers": {"hardware": {"lte": [2, 4, 12, 17]}, "enabled": {"lte": [2, 4]}, "attached": {"lte": [12]}},
        }
    ],
    "verdicts": [verdict("ATT-LTE-B17", "PASS"), verdict("ATT-LTE-B2", "PASS"), verdict("ATT-ATTACH", "PASS")],
}


def changed(**parts: Any) -> dict[str, Any]:
    after = copy.deepcopy(BEFORE)
    after["run"]["id"] = "bbbb"
    after["devices"][0].update(parts)
    return after


def diff_documents(before: dict[str, Any], after: dict[str, Any]) -> tuple[diff.DeviceDiff, ...]:
    return diff.diff_documents(typed(completed(before)), typed(completed(after)))


def write(folder: Path, name: str, document: dict[str, Any]) -> str:
    (folder / name).write_text(json.dumps(completed(document)), encoding="utf-8")
    return str(folder / name)


def test_a_build_that_lost_a_band_fails_and_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = changed(layers={**BEFORE["devices"][0]["layers"], "hardware": {"lte": [2, 4, 12, 66]}})
    after["verdicts"][0] = verdict("ATT-LTE-B17", "FAIL")
    page = tmp_path / "diff.html"
    status = main(["diff", write(tmp_path, "a", BEFORE), write(tmp_path, "b", after), "--html", str(page)])
    out = capsys.readouterr().out
    assert status == 1
    assert "LOST    LTE hardware: B17" in out
    assert "gained  LTE hardware: B66" in out
    assert "WORSE   us/att@2024 ATT-LTE-B17: PASS -> FAIL" in out
    text = page.read_text(encoding="utf-8")
    assert "The second run is worse" in text
    assert "at#3 AT#BND=? line 1" in text


def test_the_same_run_twice_differs_in_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", write(tmp_path, "a", BEFORE), write(tmp_path, "b", changed())]) == 0
    assert "no band and no verdict differs" in capsys.readouterr().out


def test_a_layer_that_was_not_read_is_not_lost() -> None:
    (pair,) = diff_documents(BEFORE, changed(layers={"enabled": {"lte": [2, 4]}}))
    assert pair.bands == ()
    assert pair.unread == (("hardware", "lte", "before"),)
    assert not pair.is_worse


def test_another_serving_band_is_no_loss() -> None:
    (pair,) = diff_documents(BEFORE, changed(layers={**BEFORE["devices"][0]["layers"], "attached": {"lte": [2]}}))
    assert pair.bands[0].lost == (12,)
    assert not pair.is_worse


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ("PASS", "INCONC", True),
        ("PASS", "PASS_NOTE", True),
        ("FAIL", "PASS", False),
        ("NA", "FAIL", False),
        ("FAIL", "ERROR", True),
    ],
)
def test_a_heavier_verdict_is_worse(before: str, after: str, worse: bool) -> None:
    one, other = copy.deepcopy(BEFORE), changed()
    one["verdicts"][0] = verdict("ATT-LTE-B17", before)
    other["verdicts"][0] = verdict("ATT-LTE-B17", after)
    (pair,) = diff_documents(one, other)
    assert pair.is_worse is worse


def test_a_requirement_that_is_no_longer_judged_is_worse() -> None:
    after = changed()
    del after["verdicts"][0]
    (pair,) = diff_documents(BEFORE, after)
    assert pair.is_worse


def test_runs_without_a_common_device_cannot_be_compared() -> None:
    one, other = copy.deepcopy(BEFORE), changed()
    for document, names in ((one, ("a", "b")), (other, ("c", "d"))):
        document["devices"] = [{**document["devices"][0], "device": name} for name in names]
    with pytest.raises(UsageError, match="no device of the same name"):
        diff_documents(one, other)


def named(document: dict[str, Any], *pieces: tuple[str, str | None]) -> dict[str, Any]:
    document["devices"] = [{**document["devices"][0], "device": name, "key": key} for name, key in pieces]
    return document


def pairs(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    return [(pair.before, pair.after) for pair in diff_documents(before, after)]


def test_a_piece_is_found_again_by_its_key_whatever_it_is_called() -> None:
    before = named(copy.deepcopy(BEFORE), ("mi-6", "aaa"), ("mi-6-2", "bbb"))
    assert pairs(before, named(changed(), ("mi-6", "bbb"), ("mi-6-2", "aaa"))) == [
        ("mi-6", "mi-6-2"),
        ("mi-6-2", "mi-6"),
    ]
    assert pairs(before, named(changed(), ("other", "bbb"), ("mi-6", None))) == [("mi-6", "mi-6"), ("mi-6-2", "other")]


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("PASS", "FAIL", "WORSE"),
        ("FAIL", "PASS", "better"),
        ("INCONC", "PASS_NOTE", "better"),
        ("FAIL", "INCONC", "other"),
        ("FAIL", "WAIVED", "other"),
        ("PASS", "NA", "other"),
        ("NA", "PASS", "other"),
    ],
)
def test_a_verdict_is_told_as_worse_better_or_other(
    before: str, after: str, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = copy.deepcopy(BEFORE), changed()
    first["verdicts"][0] = verdict("ATT-LTE-B17", before)
    second["verdicts"][0] = verdict("ATT-LTE-B17", after)
    main(["diff", write(tmp_path, "a", first), write(tmp_path, "b", second)])
    assert f"  {word:6}  us/att@2024 ATT-LTE-B17: {before} -> {after}" in capsys.readouterr().out


def test_another_sample_is_told_among_what_changed() -> None:
    before, after = copy.deepcopy(BEFORE), changed(sample="S-18")
    before["devices"][0]["sample"] = "S-17"
    (pair,) = diff_documents(before, after)
    assert pair.identity == {"sample": ("S-17", "S-18")}


@pytest.mark.parametrize(("one", "other"), [([2, 4], "unlimited"), ("unlimited", [2, 4]), ("unlimited", "unlimited")])
def test_a_layer_without_restriction_gains_and_loses_no_band(one: Any, other: Any) -> None:
    before, after = copy.deepcopy(BEFORE), changed(layers={"enabled": {"lte": other}})
    before["devices"][0]["layers"] = {"enabled": {"lte": one}}
    (pair,) = diff_documents(before, after)
    assert pair.bands == ()


def test_json_holds_it_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = changed(identity={"model": "LE910C1-NF", "build": "25.21.002"})
    assert main(["diff", "--json", write(tmp_path, "a", BEFORE), write(tmp_path, "b", after)]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["schema"] == "bandproof.diff/1"
    assert out["devices"][0]["identity"] == {"build": ["25.20.001", "25.21.002"]}


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "x"}', "\x00"])
def test_what_is_no_report_is_told(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").write_text(text, encoding="utf-8")
    assert main(["diff", str(tmp_path / "a"), str(tmp_path / "a")]) == 4
    assert "cannot be read" in capsys.readouterr().err


def test_device_text_in_a_page_is_only_text(tmp_path: Path) -> None:
    after = changed(identity={"model": "<script>alert(1)</script>\u202e", "build": "x"})
    page = tmp_path / "d.html"
    main(["diff", write(tmp_path, "a", BEFORE), write(tmp_path, "b", after), "--html", str(page)])
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\u202e" not in text


def test_a_device_that_the_second_run_lacks_is_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = named(copy.deepcopy(BEFORE), ("m", "aaa"), ("n", "bbb")), named(changed(), ("m", "aaa"))
    assert main(["diff", write(tmp_path, "a", before), write(tmp_path, "b", after)]) == 1
    out = capsys.readouterr().out
    assert "n · A phone · build 25.20.001" in out
    assert "WORSE   the second run lacks this device" in out
    assert main(["diff", write(tmp_path, "b", after), write(tmp_path, "a", before)]) == 0
    assert "only the second run has this device" in capsys.readouterr().out


def test_a_carrier_that_the_second_run_did_not_judge_is_one_line_and_worse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = copy.deepcopy(BEFORE)
    before["verdicts"] += [verdict(f"VZW-{number}", "PASS") | {"carrier": "us/verizon"} for number in range(12)]
    page = tmp_path / "d.html"
    words = ["diff", write(tmp_path, "a", before), write(tmp_path, "b", changed()), "--html", str(page)]
    assert main(words) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "verizon" in line]
    assert told == ["  WORSE   us/verizon@2024: not judged in the second run (12 requirements)"]
    assert "not judged in the second run (12 requirements)" in page.read_text(encoding="utf-8")
    (pair,) = diff_documents(changed(), before)
    assert not pair.is_worse
    assert [gap.only_in for gap in pair.carriers] == ["after"]


def test_another_edition_in_its_place_is_named() -> None:
    after = changed()
    for one in after["verdicts"]:
        one["edition"] = "2026"
    (pair,) = diff_documents(BEFORE, after)
    assert pair.carriers[0].sentence == (
        "us/att@2024: not judged in the second run, which judged by its edition 2026 (3 requirements)"
    )
    assert pair.verdicts == ()


def test_a_carrier_that_asked_nothing_is_no_loss() -> None:
    before = copy.deepcopy(BEFORE)
    before["verdicts"].append(verdict("GONE-1", "NA") | {"carrier": "us/sprint"})
    (pair,) = diff_documents(before, changed())
    assert not pair.is_worse


def test_the_page_opens_with_device_builds_and_what_was_lost_and_gained(tmp_path: Path) -> None:
    after = changed(
        identity={"model": "LE910C1-NF", "build": "25.21.002"},
        layers={**BEFORE["devices"][0]["layers"], "hardware": {"lte": [2, 4, 12, 66]}},
    )
    after["verdicts"][0] = verdict("ATT-LTE-B17", "FAIL")
    page = tmp_path / "d.html"
    main(["diff", write(tmp_path, "a", BEFORE), write(tmp_path, "b", after), "--html", str(page)])
    head = page.read_text(encoding="utf-8").partition("</header>")[0]
    assert "A phone" in head
    assert "build 25.20.001 -&gt; 25.21.002" in head
    assert "Lost B17 (hardware); gained B66 (hardware); 1 verdict is worse." in head
