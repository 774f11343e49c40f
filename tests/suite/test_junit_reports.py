"""JUnit as continuous integration reads it: valid, one word a case, the reason where people look for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from junit_schemas import COMMON, JENKINS

MIX2 = "--device=fixture:xiaomi-mi-mix-2-global"
NAME = "xiaomi-mi-mix-2-global"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=junit.xml", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def junit(folder: Path) -> ET.Element:
    return ET.parse(folder / "junit.xml").getroot()


def faults(folder: Path) -> list[str]:
    xmlschema = pytest.importorskip("xmlschema")
    return [
        f"{error.path}: {error.reason}"
        for schema in (JENKINS, COMMON)
        for error in xmlschema.XMLSchema(schema).iter_errors(str(folder / "junit.xml"))
    ]


OWN = "def test_own(survey):\n    assert survey.device\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (MIX2, "--carrier=us"),
        (MIX2, "--device=/dev/no-such-port", "--carrier=us/att"),
        (MIX2, "--carrier=us/att", "-n", "2"),
        (MIX2, "--carrier=us/att", "test_own.py"),
    ],
    ids=["a country", "a device that is not there", "workers", "own cases"],
)
def test_the_file_is_valid(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(OWN, encoding="utf-8")
    run(tmp_path, *arguments)
    assert faults(tmp_path) == []


def test_the_schemas_find_faults(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(record_property):\n    record_property('a', 'b')\n")
    run(tmp_path, "test_own.py")
    assert len(faults(tmp_path)) > 1


def test_a_case_is_device_carrier_and_requirement(tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, "--carrier=us/att@2024", "--require-grade=declared")
    assert result.returncode == 1
    cases = {(one.get("classname"), one.get("name")): one for one in junit(tmp_path).iter("testcase")}
    assert {classname for classname, _ in cases} == {f"{NAME}.us/att"}
    failure = cases[f"{NAME}.us/att", "ATT-LTE-B66"].find("failure")
    assert failure is not None
    assert failure.get("type") == "FAIL"
    assert failure.get("message", "").startswith("B66 not declared")
    volte = cases[f"{NAME}.us/att", "ATT-VOLTE"].find("failure")
    assert volte is not None
    assert volte.get("type") == "INCONC"
    skipped = cases[f"{NAME}.us/att", "ATT-NR-N5"].find("skipped")
    assert skipped is not None
    assert skipped.get("type") == "NA"


def test_two_editions_of_a_carrier_are_told_apart(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2024", "--carrier=us/att@2017-03")
    assert {one.get("classname") for one in junit(tmp_path).iter("testcase")} == {
        f"{NAME}.us/att@2024",
        f"{NAME}.us/att@2017-03",
    }


def test_an_absent_device_is_an_error_with_its_reason(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--device=/dev/no-such-port", "--carrier=us/att@2024")
    errors = [one for one in junit(tmp_path).iter("testcase") if one.get("classname") == "no-such-port.us/att"]
    assert len(errors) == 17
    for one in errors:
        (error,) = one
        assert (error.tag, error.get("type")) == ("error", "ERROR")
        assert "there is no port" in error.get("message", "")


def test_the_suite_tells_what_was_judged(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2024")
    suite = junit(tmp_path).find("testsuite")
    assert suite is not None
    told = {one.get("name"): one.get("value") for one in suite.iterfind("properties/property")}
    assert told["device"] == NAME
    assert told["build"] == "V12.0.1.0.PDEMIXM"
    assert told["edition"] == "us/att@2024"
    assert told["verdict"] == "FAIL"
    assert told["baseband"]
    lines = (suite.findtext("system-out") or "").splitlines()
    assert len(lines) == len(list(suite.iter("testcase"))) == 17
    assert any(line.startswith(f"{NAME}.us/att ATT-LTE-B12 PASS B12 seen in use") for line in lines)


def test_the_older_family_keeps_the_verdict_with_the_case(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--device=/dev/no-such-port", "--carrier=us/att@2024", "-o", "junit_family=xunit1")
    for case in junit(tmp_path).iter("testcase"):
        told = [one.get("name") for one in case.iterfind("properties/property")]
        assert told.count("verdict") == 1, ET.tostring(case)


@pytest.mark.parametrize(("word", "status", "tag"), [("fail", 1, "failure"), ("pass", 0, "skipped")])
def test_whether_inconc_fails_a_run_can_be_said(word: str, status: int, tag: str, tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, "--carrier=us/att@2017-03", "--require-grade=measured", f"--inconclusive={word}")
    assert result.returncode == status, result.stdout
    assert "inconclusive" in result.stdout
    undecided = [one for one in junit(tmp_path).iter() if one.get("type") == "INCONC"]
    assert undecided
    assert {one.tag for one in undecided} == {tag}


def test_a_prefix_stays_before_the_device(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2024", "--junitprefix=lab2", "-k", "B12")
    assert {one.get("classname") for one in junit(tmp_path).iter("testcase")} == {f"lab2.{NAME}.us/att"}


def test_without_the_plugin_a_run_needs_no_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:junitxml", MIX2, "--carrier=us/att@2017-03"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
