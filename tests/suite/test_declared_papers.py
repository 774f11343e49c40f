"""`pytest --declared ics=FILE`: the cases, JUnit, what the folder keeps, and that `verify` derives the same again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from harness.cli import main
from harness.errors import FileError, UnknownName, UsageError
from harness.suite.declared import declared_files
from harness.survey.targets import Target

MODEM = "fixture:quectel-rm520n-gl"
MAKER = (
    "# model: RM520N-GL\n# software: RM520NGLAAR03A03M4G\npc_eBand2_Supp BOOLEAN TRUE\npc_eBand11_Supp BOOLEAN TRUE\n"
)
GRANT = "FCC ID: 2ABCD-X1\n27 1710.7 - 1779.3 0.2 1M10G7D\n"


def run(place, *words, status):
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(("PYTEST", "BANDPROOF"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    done = subprocess.run(command, cwd=place, check=False, env=inherited, capture_output=True, text=True, timeout=100)
    assert done.returncode == status, (done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run with a maker's proforma that is wrong, and a grant that lacks bands."""
    place = tmp_path_factory.mktemp("papers")
    (place / "maker.txt").write_text(MAKER, encoding="utf-8")
    (place / "grant.txt").write_text(GRANT, encoding="utf-8")
    words = ("--declared", "ics=maker.txt", "--declared", f"{MODEM}:fcc=grant.txt", "--junitxml=junit.xml", "--ics")
    run(place, f"--device={MODEM}", "--carrier=us/att", *words, "--report-dir=run", status=1)
    return place


def verdicts(place):
    document = json.loads((place / "run" / "report.json").read_text(encoding="utf-8"))
    return {f"{one['carrier']}/{one['requirement']}": one for one in document["verdicts"]}


def test_each_paper_is_a_case_of_its_own(finished):
    told = verdicts(finished)
    assert told["declared/ics/ICS"]["verdict"] == "FAIL"
    assert "B11 (contradiction)" in told["declared/ics/ICS"]["reason"]
    assert told["declared/fcc-grant/FCC-GRANT"]["verdict"] == "FAIL"
    assert told["us/att/ATT-LTE-B12"]["verdict"] == "PASS_NOTE", "no carrier's verdict changes by it"


def test_junit_names_them(finished):
    cases = ElementTree.parse(finished / "junit.xml").iter("testcase")
    names = {case.get("classname", "").partition(".")[2] or case.get("name") for case in cases}
    assert any("ics" in str(name) for name in names)


def test_a_stranger_derives_the_same(finished, capsys):
    assert main(["verify", str(finished / "run")]) == 6
    assert "every verdict agree" in capsys.readouterr().out


def test_the_folder_keeps_the_papers_and_their_hashes(finished):
    manifest = json.loads((finished / "run" / "manifest.json").read_text(encoding="utf-8"))
    names = {one["name"] if "name" in one else one["file"] for one in manifest["files"]}
    assert {"declared/quectel-rm520n-gl/ics/maker.txt", "declared/quectel-rm520n-gl/fcc/grant.txt"} <= names
    assert {"ics/quectel-rm520n-gl.xlsx", "ics/quectel-rm520n-gl.txt"} <= names


def test_a_paper_that_was_changed_behind_the_run_is_found(finished, tmp_path, capsys):
    import shutil

    copy = tmp_path / "run"
    shutil.copytree(finished / "run", copy)
    paper = copy / "declared" / "quectel-rm520n-gl" / "ics" / "maker.txt"
    paper.write_text(MAKER.replace("11", "2"), encoding="utf-8")
    assert main(["verify", str(copy)]) == 1
    out = capsys.readouterr().out
    assert "maker.txt" in out
    assert "declared/ics" in out


def test_what_is_filled_by_the_run_agrees_with_it(finished, capsys):
    assert main(["ics", "check", str(finished / "run" / "ics" / "quectel-rm520n-gl.xlsx"), str(finished / "run")]) == 0
    assert "233 items agree" in capsys.readouterr().out


def test_the_submission_tells_how_many_items_are_answered(finished):
    text = (finished / "run" / "report.json").read_text(encoding="utf-8")
    rows = [row for row in json.loads(text)["submission"] if row["item"] == "ICS proforma"]
    assert "102 items TRUE, 125 FALSE" in rows[0]["value"]


def test_papers_alone_are_a_run(tmp_path):
    (tmp_path / "maker.txt").write_text(MAKER, encoding="utf-8")
    out = run(
        tmp_path,
        "--device=fixture:xiaomi-redmi-note-8-pro-rooted",
        "--declared=ics=maker.txt",
        "--carrier=us/att",
        status=1,
    )
    assert "does not speak of this device" in " ".join(out.split())


def test_a_bench_file_declares_papers(tmp_path):
    (tmp_path / "maker.txt").write_text(MAKER, encoding="utf-8")
    (tmp_path / "bench.yaml").write_text(
        f"format: bandproof.bench/1\ndevices:\n  modem: {{recording: '{MODEM}', carriers: [us/att], ics: maker.txt}}\n",
        encoding="utf-8",
    )
    out = run(tmp_path, "--bench=bench.yaml", "-k", "declared", "--report-dir=run", status=1)
    assert "declared/ics" in out
    assert (tmp_path / "run" / "declared" / "modem" / "ics" / "maker.txt").is_file()


def test_a_broken_paper_ends_the_run_before_a_device_is_asked(tmp_path):
    (tmp_path / "maker.txt").write_text("prose\n", encoding="utf-8")
    out = run(tmp_path, f"--device={MODEM}", "--declared=ics=maker.txt", "--report-dir=run", status=4)
    assert "no ICS in a form known here" in out
    assert not (tmp_path / "run").exists()


def test_a_paper_without_a_device(tmp_path):
    assert "--declared is of a device" in run(tmp_path, "--declared=ics=maker.txt", status=4)


TARGETS = (Target("one", ("fixture:one",)), Target("two", ("fixture:two",)))


@pytest.mark.parametrize(
    ("option", "error", "words"),
    [
        ("ics", UsageError, "names no paper and file"),
        ("pics=maker.txt", UsageError, "names no paper and file"),
        ("ics=maker.txt", UsageError, "which of the 2 devices"),
        ("three:ics=maker.txt", UnknownName, "three"),
        ("one:ics=none.txt", FileError, "cannot be read"),
    ],
)
def test_options_that_name_nothing(option, error, words):
    with pytest.raises(error, match=words):
        declared_files(TARGETS, [option])


def test_options_and_bench_entries_add_up(tmp_path):
    paper = tmp_path / "maker.txt"
    paper.write_text(MAKER, encoding="utf-8")
    targets = (Target("one", ("fixture:one",), declared={"ics": (paper,)}), TARGETS[1])
    found = declared_files(targets, [f"fixture:one:ics={paper}", f"bench:two:ics={paper}"])
    assert found == {"one": {"ics": (paper, paper)}, "two": {"ics": (paper,)}}
