"""A laboratory's own cases: their fixtures, their section in the report, their place in JUnit, without the certification."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from harness.observations import EnabledBands, Grade, ServingCell, SupportedBands
from harness.reports.run.verify import verify
from harness.survey.survey import Survey

MODEM = "--device=fixture:quectel-rm520n-gl"
PHONE = "--device=fixture:xiaomi-mi-mix-2-global"
PAGE = Path(__file__).parents[2] / "docs" / "own-cases.md"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--report-dir=out", *words]
    return subprocess.run(
        command, cwd=folder, env={**os.environ}, capture_output=True, text=True, timeout=120, check=False
    )


def report(folder: Path) -> dict:
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


CASES = '''
import pytest

def test_enabled(survey):
    """Our bands are switched on."""
    assert survey.bands("lte", "enabled") is None or {2} <= survey.bands("lte", "enabled")

def test_it_answers(at, device):
    assert "RM520N" in at.ask("ATI").text
    assert "RM520N" in at.text("ATI")
    assert at.ask("AT+NOTHELD?") is None

def test_the_model(adb):
    assert adb.shell("getprop") is not None

def test_below_1_ghz(survey, carrier):
    assert carrier.carrier.id == "us/att", "490154203237518 was here"

@pytest.mark.skip(reason="no chamber today")
def test_in_the_chamber(device):
    pass

def test_breaks(device, no_such_fixture):
    pass

def test_of_no_device():
    pass
'''


def test_the_cases_of_the_page_pass(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code
    (tmp_path / "test_ours.py").write_text(code[1], encoding="utf-8")
    done = run(tmp_path, MODEM, "--carrier=us/att", "test_ours.py")
    told = {one["text"]: one["outcome"] for one in report(tmp_path)["own_cases"]}
    assert told == {
        "The bands that our antenna is matched to are switched on.": "passed",
        "the firmware is the one that was ordered": "passed",
        "a band below 1 ghz is there": "passed",
    }, done.stdout
    assert verify(tmp_path / "out") == []


def test_own_cases_have_a_section_in_the_report_and_decide_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text(CASES, encoding="utf-8")
    run(tmp_path, MODEM, PHONE, "--carrier=us/att", "--junitxml=junit.xml", "-ojunit_family=xunit1", "test_ours.py")
    document = report(tmp_path)
    own = document["own_cases"]
    told = {(one["device"], one["case"].partition("::")[2].partition("[")[0]): one for one in own}
    modem, phone = "quectel-rm520n-gl", "xiaomi-mi-mix-2-global"
    assert told[modem, "test_enabled"]["text"] == "Our bands are switched on."
    assert told[modem, "test_it_answers"]["outcome"] == "passed"
    assert (told[phone, "test_it_answers"]["outcome"], told[phone, "test_it_answers"]["reason"]) == (
        "skipped",
        f"{phone} is no modem",
    )
    assert told[phone, "test_the_model"]["outcome"] == "passed"
    assert told[modem, "test_in_the_chamber"]["reason"] == "no chamber today"
    assert told[modem, "test_breaks"]["outcome"] == "error"
    assert told[modem, "test_below_1_ghz"]["carrier"] == "us/att@2024"
    assert not [one for one in own if "of_no_device" in one["case"]]
    assert {one["verdict"] for one in document["results"] if one["device"] == modem} == {"PASS_NOTE"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("The laboratory&#39;s own cases") + page.count("The laboratory's own cases") == 2
    assert verify(tmp_path / "out") == []
    cases = {one.get("name"): one for one in ET.parse(tmp_path / "junit.xml").iter("testcase")}
    properties = {one.get("name"): one.get("value") for one in cases[f"test_enabled[{modem}]"].iter("property")}
    assert properties == {"device": modem}


def test_what_a_case_says_loses_what_is_personal(tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text(CASES.replace('== "us/att"', '== "x"'), encoding="utf-8")
    run(tmp_path, MODEM, "--carrier=us/att", "test_ours.py")
    [failed] = [one for one in report(tmp_path)["own_cases"] if one["outcome"] == "failed"]
    assert "was here" in failed["reason"]
    assert "203237518" not in (tmp_path / "out" / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "judged"),
    [(("--carrier=us/att", "--own-cases-only"), False), (("--carrier=us/att",), True), (("--own-cases-only",), False)],
)
def test_the_certification_can_be_left_out(tmp_path: Path, words: tuple[str, ...], judged: bool) -> None:
    (tmp_path / "test_ours.py").write_text(CASES, encoding="utf-8")
    run(tmp_path, PHONE, *words, "test_ours.py")
    document = report(tmp_path)
    assert bool(document["verdicts"]) is judged
    assert document["own_cases"]
    if not judged:
        assert document["answer"].startswith("RF band fit: no carrier was judged.")
        assert [one["carrier"] for one in document["own_cases"] if "below_1_ghz" in one["case"]]
    assert verify(tmp_path / "out") == []


def test_a_carrier_of_which_no_case_was_chosen_is_verified(tmp_path: Path) -> None:
    run(tmp_path, MODEM, "--carrier=us/att", "--carrier=us/gci", "-k", "ATT-LTE-B12")
    assert len(report(tmp_path)["results"]) == 2
    assert verify(tmp_path / "out") == []


def listed(rat: str = "lte", *bands: int, layer: str | None = None) -> SupportedBands:
    return SupportedBands(rat=rat, bands=tuple(bands), layer=layer, grade=Grade.MEASURED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "layer", "expected"),
    [
        ((), "enabled", None),
        ((), "supported", None),
        ((), "attached", None),
        ((listed("lte", 2, 4),), "supported", {2, 4}),
        ((listed("lte", 2, 4, layer="hardware"),), "supported", {2, 4}),
        ((listed("lte", 2, 4, layer="hardware"),), "policy", None),
        ((listed("lte"),), "supported", set()),
        ((listed("lte", 2), listed("lte", 4)), "supported", None),
        ((listed("nr", 41),), "supported", None),
        ((EnabledBands(rat="lte", bands=(2,)),), "enabled", {2}),
        ((EnabledBands(rat="lte", bands=None, unlimited=True),), "enabled", None),
        ((EnabledBands(rat="lte", bands=(2,)), EnabledBands(rat="lte", bands=None)), "enabled", None),
        ((ServingCell(rat="lte", band=12, arfcn=5110, registered=True),), "attached", {12}),
        ((ServingCell(rat="lte", band=12, arfcn=5110, registered=False),), "attached", None),
        ((ServingCell(rat="lte", band=12, arfcn=5110, band_source="conflict"),), "attached", None),
    ],
)
def test_bands_of_a_layer_are_a_set_or_nothing(facts: tuple, layer: str, expected: set[int] | None) -> None:
    assert Survey("d", "a", "modem", facts).bands("lte", layer) == expected


def test_a_layer_that_there_is_not_is_told() -> None:
    with pytest.raises(ValueError, match="no layer 'enable'"):
        Survey("d", "a", "modem").bands("lte", "enable")
