"""Runs that somebody changed, with every hash written anew: each change is named. One test a way to cheat."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_verify import files_of, resealed, run_pytest

from harness.cli import main
from harness.errors import FileError
from harness.reports.run.verify import examine, verify

NAME = "mix2-1"
CASE = "us/att@2024"
BENCH = f"""\
format: bandproof.bench/1
lab: {{name: Band lab 2}}
devices:
  {NAME}:
    recording: "fixture:xiaomi-mi-mix-2-global"
    carriers: [us/att@2024, us/sprint@2013-09]
    sample: S-1
    supplied: {{fcc_id: ABC-X1}}
    notes: [display cracked]
"""
WAIVERS = """\
format: bandproof.waivers/1
waivers:
  - {id: W-1, carrier: us/att, requirement: ATT-LTE-B14, owner: acceptance, reason: agreed, expires: 2999-12-31}
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An honest run of one device by two editions, with a failure, a waiver, a note and a laboratory; not signed."""
    folder = tmp_path_factory.mktemp("tampering")
    (folder / "bench.yaml").write_text(BENCH)
    (folder / "w.yaml").write_text(WAIVERS)
    return run_pytest(folder, "--bench=bench.yaml", "--waivers=w.yaml")


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "run"))


def in_report(change: Callable[[Any], object]) -> Callable[[Path], None]:
    return lambda run: _in_json(run / "report.json", change)


def in_run(change: Callable[[Any], object]) -> Callable[[Path], None]:
    return lambda run: _in_json(run / "run.json", change)


def _in_json(file: Path, change: Callable[[Any], object]) -> None:
    told = json.loads(file.read_text())
    before = json.dumps(told)
    change(told)
    assert json.dumps(told) != before
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def in_page(old: str, new: str) -> Callable[[Path], None]:
    return lambda run: _in_text(run / "report.html", old, new)


def _in_text(file: Path, old: str, new: str) -> None:
    before = file.read_text()
    assert old in before
    file.write_text(before.replace(old, new))


def in_evidence(old: str, new: str) -> Callable[[Path], None]:
    """Change the evidence, and its own hash with it."""

    def change(run: Path) -> None:
        file = run / "evidence" / NAME / "adb.yaml"
        before = hashlib.sha256(file.read_bytes()).hexdigest()
        _in_text(file, old, new)
        _in_text(file.with_name("recording.yaml"), before, hashlib.sha256(file.read_bytes()).hexdigest())

    return change


def first(told: Any, verdict: str = "FAIL") -> Any:
    return next(one for one in told["verdicts"] if one["verdict"] == verdict)


def failures_pass(told: Any) -> None:
    for one in told["verdicts"]:
        one["verdict"] = one["verdict"].replace("FAIL", "PASS")
    told["summary"]["PASS"] += told["summary"]["FAIL"]
    told["summary"]["FAIL"] = 0


def one_more_verdict(told: Any) -> None:
    told["verdicts"].append(first(told) | {"requirement": "ATT-LTE-B99", "verdict": "PASS"})
    told["summary"]["PASS"] += 1


def one_verdict_less(told: Any) -> None:
    told["verdicts"].remove(first(told))
    told["summary"]["FAIL"] -= 1


def two_verdicts_on_one(told: Any) -> None:
    told["verdicts"].append(first(told))
    told["summary"]["FAIL"] += 1


def row(told: Any, item: str) -> Any:
    return next(one for one in told["submission"] if one["item"] == item)


def another_device(told: Any) -> None:
    told["devices"].append(told["devices"][0] | {"device": "other"})


IN_REPORT: dict[str, tuple[Callable[[Any], object], str]] = {
    "every failure passes": (failures_pass, "ATT-LTE-B66: verdict is 'PASS' in the report, the evidence gives 'FAIL'"),
    "a waived failure passes": (lambda told: first(told, "WAIVED").update(verdict="PASS"), "ATT-LTE-B14: verdict is"),
    "a reason": (lambda told: first(told).update(reason="B66 is there"), "reason is 'B66 is there'"),
    "a grade": (lambda told: first(told).update(grade="measured"), "grade is 'measured'"),
    "a level": (lambda told: first(told).update(level="informative"), "level is 'informative'"),
    "what is asked": (lambda told: first(told).update(text="nothing"), "text is 'nothing'"),
    "evidence of a verdict": (lambda told: first(told, "PASS")["evidence"].append({"link": "at"}), "evidence is"),
    "an attempt": (
        lambda told: first(told).update(
            attempts=[{"verdict": "PASS", "reason": "x"}, {"verdict": "FAIL", "reason": "y"}]
        ),
        "attempts is",
    ),
    "a verdict is dropped": (one_verdict_less, "lacks the verdict on"),
    "a verdict is added": (one_more_verdict, "has a verdict that no profile asks for: mix2-1/us/att@2024/ATT-LTE-B99"),
    "a verdict is doubled": (two_verdicts_on_one, "has two verdicts on one requirement"),
    "the order of verdicts": (lambda told: told["verdicts"].reverse(), "has its verdicts in another order"),
    "the counts": (lambda told: told["summary"].update(FAIL=0), "its summary does not count its verdicts"),
    "the statement": (lambda told: told.update(statement="An accredited report."), "statement is 'An accredited"),
    "the answer": (lambda told: told.update(answer="RF band fit: meets all."), "answer is 'RF band fit: meets all.'"),
    "a result": (lambda told: told["results"][0].update(verdict="PASS"), "results[0].verdict is 'PASS'"),
    "how many are met": (lambda told: told["results"][0].update(met=99), "results[0].met is 99"),
    "a sentence": (lambda told: told["results"][0].update(sentence="meets"), "results[0].sentence is 'meets'"),
    "bands that are missing": (lambda told: told["results"][0].update(missing=[]), "results[0].missing has 0 parts"),
    "a result is dropped": (lambda told: told["results"].pop(), "results has 1 parts in the report, the run gives 2"),
    "the laboratory": (lambda told: told["lab"].update(name="Another"), "lab.name is 'Another'"),
    "an accreditation": (
        lambda told: told["lab"].update(accreditation={"body": "X", "number": "1", "scope": "s", "standard": "s"}),
        "lab.accreditation is",
    ),
    "a requirement": (lambda told: told["editions"][0]["requirements"].pop(), "editions[0].requirements has"),
    "confidence of an edition": (lambda told: told["editions"][0].update(confidence="D"), "editions[0].confidence is"),
    "sources of an edition": (lambda told: told["editions"][0].update(sources=["x"]), "editions[0].sources"),
    "the day of an edition": (lambda told: told["editions"][0].update(asked="2001-01-01"), "editions[0].asked is"),
    "a submission's item": (lambda told: row(told, "FCC ID").update(value="NEW"), "value is 'NEW'"),
    "who told an item": (lambda told: row(told, "FCC ID").update(by="run"), "by is 'run'"),
    "an item is dropped": (lambda told: told["submission"].pop(), "submission has"),
    "when it started": (lambda told: told["run"].update(started="2001-01-01T00:00:00.000Z"), "run.started is"),
    "when it ended": (lambda told: told["run"].update(finished="2999-01-01T00:00:00.000Z"), "run.finished is"),
    "the policy": (lambda told: told["run"].update(policy="service"), "run.policy is 'service'"),
    "the day": (lambda told: told["run"].update(as_of="2017-01-01"), "run.as_of is '2017-01-01'"),
    "the command": (lambda told: told["run"].update(command=["pytest"]), "run.command has 1 parts"),
    "the tool": (lambda told: told["run"].update(tool="bandproof 9"), "run.tool is 'bandproof 9'"),
    "the number": (lambda told: told["run"].update(report="R-1"), "run.report is 'R-1'"),
    "the id": (lambda told: told["run"].update(id="00000000"), "run.id is '00000000'"),
    "it is whole": (lambda told: told["run"].update(complete=False), "run.complete is False"),
    "the data's version": (lambda told: told["run"].update(data="sha256:0"), "run.data is 'sha256:0'"),
    "where it comes from": (
        lambda told: told["devices"][0].update(provenance="recorded"),
        "mix2-1: its provenance are not what the evidence gives",
    ),
    "a device's name": (lambda told: told["devices"][0].update(label="Phone"), "its label"),
    "a device's identity": (lambda told: told["devices"][0]["identity"].update(build="X"), "its identity"),
    "a device's kind": (lambda told: told["devices"][0].update(kind="modem"), "its kind"),
    "a device's layers": (lambda told: told["devices"][0]["layers"]["declared"]["lte"].append(71), "its layers"),
    "a fact": (lambda told: told["devices"][0]["observations"].pop(), "its observations"),
    "declared bands": (lambda told: told["devices"][0]["declared_bands"]["lte"].append(71), "its declared_bands"),
    "who declares": (lambda told: told["devices"][0].update(declared_by="lab/own"), "its declared_by"),
    "what the sheet is": (lambda told: told["devices"][0].update(sheet_remark="right"), "its sheet_remark"),
    "a trouble": (lambda told: told["devices"][0].update(trouble="it was lost"), "its trouble"),
    "a warning": (lambda told: told["devices"][0]["warnings"].append("x"), "its warnings"),
    "how long it took": (lambda told: told["devices"][0]["connection"].update(elapsed_s=0.0), "its connection"),
    "an exchange": (lambda told: told["devices"][0]["exchanges"][0].update(request="x"), "its exchanges"),
    "the sample": (lambda told: told["devices"][0].update(sample="S-2"), "its sample"),
    "the firmware": (lambda told: told["devices"][0].update(firmware="X"), "its firmware"),
    "a device without evidence": (another_device, "tells of other, of which there is no evidence"),
    "a note": (lambda told: told["notes"][0].update(text="flawless"), "notes[0].text is 'flawless'"),
    "a note is dropped": (lambda told: told["notes"].pop(), "notes has 0 parts"),
    "a photograph": (
        lambda told: told["photographs"].append({"device": NAME, "file": "attachments/x.jpg"}),
        "photographs has 1 parts",
    ),
    "hashes of the evidence": (lambda told: told["files"][0].update(bytes=1), "files[0].bytes is 1"),
    "an older schema": (lambda told: told.update(schema="bandproof.report/1"), "is of bandproof.report/1, its run of"),
}


@pytest.mark.parametrize("way", IN_REPORT)
def test_a_change_in_the_document_is_named(run: Path, way: str) -> None:
    change, words = IN_REPORT[way]
    in_report(change)(run)
    resealed(run)
    faults = verify(run)
    assert files_of(faults) - {"attachments/x.jpg"} == {"report.json"}
    assert any(words in fault.message for fault in faults), [str(fault) for fault in faults]


def _drop_exchange(run: Path) -> None:
    file = run / "evidence" / NAME / "adb.yaml"
    parts = file.read_text().split("- request:")
    in_evidence("- request:" + parts[2], "")(run)


ELSEWHERE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "every failure of the page passes": (in_page("v-FAIL", "v-PASS"), "report.html", "is not the page of this run"),
    "a word of the page": (in_page("not met", "met"), "report.html", "where the run gives"),
    "a heading of the page": (
        lambda run: (run / "report.html").write_text(
            re.sub(r"<h1>.*</h1>", "<h1>Accepted.</h1>", (run / "report.html").read_text())
        ),
        "report.html",
        "it says 'Accepted.' where the run gives 'RF band fit",
    ),
    "a row that the page hides": (in_page("</style>", ".v-FAIL{display:none}</style>"), "report.html", "where the run"),
    "a script in the page": (in_page("</body>", "<script>x</script></body>"), "report.html", "it says 'x'"),
    "a mark without words": (in_page("<main>", '<main class="x">'), "report.html", "what is around them was changed"),
    "an answer of the device": (in_evidence("mChannelNumber=5110", "mChannelNumber=66786"), "report.json", "files[0]"),
    "an exchange is dropped": (
        _drop_exchange,
        "report.json",
        "its exchanges are not what the evidence gives",
    ),
    "evidence without its own hash": (
        lambda run: _in_text(run / "evidence" / NAME / "adb.yaml", "310410", "311480"),
        f"evidence/{NAME}/recording.yaml",
        "adb.yaml was changed after the recording was finished",
    ),
    "where the evidence comes from": (
        lambda run: _in_text(
            run / "evidence" / NAME / "recording.yaml", "provenance: composed", "provenance: recorded"
        ),
        "report.json",
        "its provenance",
    ),
    "evidence of a device is lost": (lambda run: shutil.rmtree(run / "evidence" / NAME), "report.json", "ERROR"),
    "evidence of another device": (
        lambda run: shutil.copytree(run / "evidence" / NAME, run / "evidence" / "other"),
        "report.json",
        "does not tell of other",
    ),
    "a profile": (
        lambda run: _in_text(run / "profiles/carriers/us/att.yaml", "public-safety-coverage", "coverage-rural"),
        "report.json",
        "profile_sha256 is",
    ),
    "a comment of a profile": (
        lambda run: _in_text(run / "profiles/carriers/us/att.yaml", "format:", "# new\nformat:"),
        "report.json",
        "run.data is",
    ),
    "a waiver is put in": (
        lambda run: _in_text(run / "waivers.yaml", "reason: agreed", "reason: agreed by the carrier"),
        "report.json",
        "ATT-LTE-B14: reason is",
    ),
    "the waivers are gone": (lambda run: (run / "waivers.yaml").unlink(), "report.json", "ATT-LTE-B14: verdict is"),
    "the policy of the run": (in_run(lambda told: told.update(policy="service")), "report.json", "run.policy is"),
    "the grade of the run": (
        in_run(lambda told: told.update(require_grade="measured")),
        "report.json",
        "run.require_grade is",
    ),
    "the laboratory of the run": (in_run(lambda told: told["lab"].update(name="X")), "report.json", "lab.name is"),
    "what the customer said": (
        in_run(lambda told: told["devices"][NAME]["supplied"].update(fcc_id="X")),
        "report.json",
        "value is 'ABC-X1'",
    ),
    "an edition of the plan": (
        in_run(lambda told: told["plan"][NAME].pop()),
        "report.json",
        "that no profile asks for",
    ),
    "the cases of the run": (
        in_run(lambda told: told.update(cases=[f"{NAME}/{CASE}/ATT-LTE-B12"])),
        "report.json",
        "that no profile asks for",
    ),
    "the id of the run": (in_run(lambda told: told.update(id="00000000")), "report.json", "run.id is"),
    "a file that no run leaves": (lambda run: (run / "readme.html").write_text("x"), "readme.html", "no file of a run"),
    "a file among the evidence": (
        lambda run: (run / "evidence" / NAME / "more.yaml").write_text("x"),
        f"evidence/{NAME}/more.yaml",
        "no file of a run",
    ),
    "a photograph that nobody took": (
        lambda run: (
            (run / "attachments" / NAME).mkdir(parents=True)
            or (run / "attachments" / NAME / "photograph-1.jpg").write_bytes(b"x")
        ),
        f"attachments/{NAME}/photograph-1.jpg",
        "is a photograph that the report does not name",
    ),
}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_a_change_beside_the_document_is_named(run: Path, way: str) -> None:
    change, file, words = ELSEWHERE[way]
    change(run)
    resealed(run)
    faults = verify(run)
    assert any(words in fault.message for fault in faults if fault.file == file), [str(fault) for fault in faults]


def test_the_honest_run_agrees_and_says_what_it_cannot_prove(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert examine(run).faults == ()
    assert examine(run).open == ()
    assert main(["verify", str(run)]) == 6
    told = capsys.readouterr().out
    assert "not signed: it agrees with itself, but anyone can have made it" in told
    assert "nothing proves who read the devices, or when" in told
    assert main(["verify", str(run), "--json"]) == 6
    out = json.loads(capsys.readouterr().out)
    assert (out["agrees"], out["trusted"], out["signed_by"], out["faults"]) == (True, False, None, [])
    assert "anyone can have made it" in out["shows"]


@pytest.mark.parametrize(("part", "value"), [("run", "00000000"), ("tool", "bandproof 9"), ("schema", "x")])
def test_a_manifest_of_another_run_is_named(run: Path, part: str, value: str) -> None:
    in_manifest(run, lambda told: told.update({part: value}))
    assert any(fault.file == "manifest.json" and part in fault.message for fault in verify(run))


def in_manifest(run: Path, change: Callable[[Any], object]) -> None:
    _in_json(run / "manifest.json", change)
    digest = hashlib.sha256((run / "manifest.json").read_bytes()).hexdigest()
    (run / "manifest.sha256").write_text(f"{digest}  manifest.json\n")


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/hostname", "a/../../secret.txt", "./run.json", "", "a\\b", "a\0b"]
)
def test_a_manifest_that_names_a_file_outside_is_told_and_the_file_not_read(run: Path, name: str) -> None:
    secret = run.parent / "secret.txt"
    secret.write_text("x")
    entry = {"file": name, "bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    in_manifest(run, lambda told: told["files"].append(entry))
    (found,) = [fault for fault in verify(run) if fault.file == name]
    assert "is the name of no file of this folder" in found.message


def test_a_file_that_the_manifest_lists_twice_is_told(run: Path) -> None:
    in_manifest(run, lambda told: told["files"].append(told["files"][0]))
    assert any("lists a file twice" in fault.message for fault in verify(run))


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # The name of a socket may be 107 bytes long.
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(("make", "kind"), [(_pipe, "a pipe"), (_link, "a link"), (_socket, "a socket")])
@pytest.mark.parametrize(
    "name", ["extra.txt", "run.json", "report.html", f"evidence/{NAME}/adb.yaml", f"evidence/{NAME}/recording.yaml"]
)
def test_what_is_no_regular_file_is_named_and_never_opened(
    run: Path, name: str, make: Callable[[Path], None], kind: str
) -> None:
    (run / name).unlink(missing_ok=True)
    make(run / name)
    faults = verify(run)
    assert any(fault.file == name and f"is {kind}" in fault.message for fault in faults)
    assert main(["report", str(run), "--format=html"]) == 4


def test_a_link_to_a_folder_is_named_and_not_followed(run: Path, tmp_path: Path) -> None:
    shutil.move(run / "evidence" / NAME, tmp_path / "elsewhere")
    (run / "evidence" / NAME).symlink_to(tmp_path / "elsewhere")
    assert any(f"evidence/{NAME}" == fault.file and "is a link" in fault.message for fault in verify(run))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["manifest.json", "manifest.sha256"])
def test_a_pipe_in_place_of_the_manifest_is_not_opened(run: Path, name: str) -> None:
    (run / name).unlink()
    os.mkfifo(run / name)
    try:
        told = " ".join(map(str, verify(run)))
    except FileError as error:
        told = str(error)
    assert name in told


@pytest.mark.parametrize("name", ["manifest.json", "report.json", "run.json"])
@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_json_nested_deep_is_one_line_and_exit_4(
    run: Path, name: str, deep: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (run / name).write_text(deep)
    assert main(["verify", str(run)]) == 4
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert name in told
    assert "nested too deep" in told


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileError("is broken", path="run.json"), "the verdicts cannot be derived again: run.json: is broken"),
        (KeyError("plan"), "the verdicts cannot be derived again: KeyError: 'plan'"),
    ],
)
def test_why_nothing_could_be_derived_again_is_told(
    run: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fails(_: Path) -> None:
        raise error

    monkeypatch.setattr("harness.reports.run.verify.read_asked", fails)
    assert [str(fault) for fault in verify(run)] == [words]
