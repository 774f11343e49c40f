"""What a bench file may not say: each fault once, at its place, beside a bench that has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import FileError, UnknownName
from harness.survey.bench import BenchDevice, bench_schema, check_bench, default_path, load_bench
from harness.survey.targets import plan_targets

HEAD = "format: bandproof.bench/1\n"
ONE = "devices:\n  a: {at: /dev/ttyUSB2, sweep: allowed}\n  b: {adb: R58M12ABCDE}\n"


def faults(folder: Path, text: str) -> list[tuple[tuple[int | None, int | None], str]]:
    (folder / "bench.yaml").write_text(HEAD + text)
    _, problems = check_bench(folder / "bench.yaml")
    return [(place, problem.message) for place, problem in problems]


GOOD = """\
name: bench 2
lab: {name: L, address: A, location: B, tester: T, approver: P, accreditation: {body: D, number: 1-2, scope: radio}}
customer: {name: C, contact: D}
plan: {id: P-1, version: "2"}
report: R-1
cells: [manual]
history: runs
hooks: {command: [prog, word], webhook: "https://lab.example/x", textfile: x.prom}
presets:
  quick: {devices: [a], carriers: [us/att], policy: service}
  swept: {devices: [a], sweep: "12,66,n71"}
  asked: {devices: [a], sweep: required}
deadlines: {device_s: 30, run_s: 100}
evidence: shared
photographs: as_taken
devices:
  a:
    at: /dev/ttyUSB2
    sweep: allowed
    supplied: {model_number: M, tac: "35693803", svn: "07"}
    ics: one.csv
    fcc: [one.csv, two.csv]
    evidence: {uecap: [one.csv]}
    photographs: [one.csv]
    sample: S-1
    sim: {plmn: "26201", note: x}
  b: {adb: R58M12ABCDE, qmi: qmi:/dev/cdc-wdm0, uecap: live, sample: S-2}
  c: {labgrid: "kind=handset"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("x")
    return tmp_path


def test_a_whole_bench_has_no_fault_and_every_word_of_it_is_taken(folder: Path) -> None:
    assert faults(folder, GOOD) == []
    bench, path = load_bench(str(folder / "bench.yaml"))
    a, b, c = plan_targets([], (bench, path))
    assert (a.may_sweep, b.may_sweep) == (True, False)
    assert (a.live, b.live is not None) == (None, True)
    assert a.declared == {"ics": (folder / "one.csv",), "fcc": (folder / "one.csv", folder / "two.csv")}
    assert a.evidence == {"uecap": (folder / "one.csv",)}
    assert a.photographs == (folder / "one.csv",)
    assert a.supplied == {"model_number": "M", "tac": "35693803", "svn": "07"}
    assert (a.sim_plmn, b.sim_plmn, a.sample) == ("26201", None, "S-1")
    assert b.addresses == ("R58M12ABCDE", "qmi:/dev/cdc-wdm0")
    assert c.addresses == ("labgrid:kind=handset",)
    assert bench.presets["swept"].sweep == "12,66,n71"
    assert bench.deadlines.run_s == 100


@pytest.mark.parametrize(
    "line",
    [
        "lab: {name: L, nme: x}", "lab: {name: L, accreditation: {body: D, number: N, scope: S, x: 1}}",
        "customer: {name: C, x: 1}", "plan: {id: P, x: 1}", "hooks: {comand: x}", "presets: {q: {device: [a]}}",
        "deadlines: {dev_s: 1}", "benchname: x", "devices: {a: {at: /dev/ttyUSB2, sim: {plmn: \"26201\", x: 1}}}",
        "devices: {a: {at: /dev/ttyUSB2, supplied: {modl: x}}}", "devices: {a: {at: /dev/ttyUSB2, x: 1}}",
    ],
)  # fmt: skip
def test_a_key_that_is_none_is_a_fault_and_never_passed_over(tmp_path: Path, line: str) -> None:
    text = line if line.startswith("devices") else f"{line}\n{ONE}"
    assert any("unknown key" in message for _, message in faults(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("devices: {}\n", [((2, 1), "the bench has no device")]),
        (f"presets:\n  q: {{devices: [a, x, y]}}\n{ONE}", [((3, 20), "x is no device"), ((3, 23), "y is no device")]),
        (f"presets:\n  q: {{devices: [a], sweep: bands}}\n{ONE}", [((3, 21), "bands")]),
        (f"presets:\n  q: {{devices: [b], sweep: '12'}}\n{ONE}", [((3, 21), "b has no `sweep: allowed`")]),
        # Without names a preset is of all devices.
        (f"presets:\n  q: {{sweep: required}}\n{ONE}", [((3, 7), "b has no `sweep: allowed`")]),
        (f"presets:\n  q: {{devices: [b]}}\n  r: {{devices: [b], sweep: required}}\n{ONE}",
         [((4, 21), "b has no `sweep: allowed`")]),
        (f"cells: [manual, nothing-of-it]\n{ONE}", [((2, 17), "nothing-of-it")]),
        (f"cells: nothing-of-it\n{ONE}", [((2, 1), "nothing-of-it")]),
        ("devices:\n  a: {labgrid: x, at: /dev/ttyUSB2}\n", [((3, 7), "says itself how it is reached")]),
        ("devices:\n  a: {recording: one.csv, adb: R58M12ABCDE}\n",
         [((3, 7), "no live address beside it"), ((3, 7), "is no recording")]),
        ("devices:\n  a: {at: /dev/ttyUSB2, sample: S}\n  b: {at: /dev/ttyUSB3, sample: S}\n",
         [((4, 25), "S is already the sample a")]),
        ("devices:\n  a: {at: /dev/ttyUSB2}\n  b: {at: /dev/ttyUSB2}\n  c: {at: /dev/ttyUSB2}\n",
         [((4, 7), "already the address of a"), ((5, 7), "already the address of a")]),
        ('devices:\n  a: {at: /dev/ttyUSB2, sim: {plmn: "00001"}}\n', [((3, 31), '"00001" is no PLMN')]),
        ("devices:\n  a.attempt-1: {at: /dev/ttyUSB2}\n", [((3, 3), '".attempt-" ends the names')]),
        (f"devices:\n  {'a' * 101}: {{at: /dev/ttyUSB2}}\n", [((3, 3), "this one has 101")]),
        ("devices:\n  a: {at: /dev/ttyUSB2, ics: gone.csv, fcc: [one.csv, gone.pdf]}\n",
         [((3, 25), "gone.csv"), ((3, 55), "gone.pdf")]),
        ("devices:\n  a: {at: qmi:/dev/cdc-wdm0}\n", [((3, 7), "it reads as qmi")]),
        ("devices:\n  a: {qmi: /dev/ttyUSB2}\n", [((3, 7), "it reads as at")]),
        (f"devices:\n  a: {{at: /dev/{'x' * 1020}}}\n", [((3, 7), "this one has 1025")]),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place_and_alone(folder: Path, text: str, found: list[tuple[object, str]]) -> None:
    told = faults(folder, text)
    assert [place for place, _ in told] == [place for place, _ in found], told
    for (_, message), (_, words) in zip(told, found, strict=True):
        assert words in message


def test_a_name_of_a_hundred_signs_and_an_address_of_a_thousand_are_none(tmp_path: Path) -> None:
    assert faults(tmp_path, f"devices:\n  {'a' * 100}: {{at: /dev/{'x' * 1019}}}\n") == []


def test_a_recording_beside_a_live_one_may_be_in_a_preset_that_sweeps(folder: Path) -> None:
    (folder / "rec").mkdir()
    (folder / "rec" / "recording.yaml").write_text("format: 1\n")
    assert faults(folder, "presets: {q: {sweep: '12'}}\ndevices:\n  a: {recording: rec}\n") == []


def test_of_several_faults_the_first_by_its_place_stops_a_run_and_the_rest_are_counted(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(HEAD + "devices:\n  a: {carriers: [x]}\n  b: {carriers: [x]}\n")
    with pytest.raises(FileError) as caught:
        load_bench(str(tmp_path / "bench.yaml"))
    assert (caught.value.line, caught.value.column) == (3, 3)
    assert "all 2 faults" in caught.value.way_out


def test_one_fault_needs_no_list(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(HEAD + "devices:\n  a: {carriers: [x]}\n")
    with pytest.raises(FileError) as caught:
        load_bench(str(tmp_path / "bench.yaml"))
    assert caught.value.way_out == ""


def test_the_file_is_the_variables_or_the_one_here() -> None:
    assert default_path({"BANDPROOF_BENCH": "x/y.yaml"}) == Path("x/y.yaml")
    assert default_path({}) == Path("bench.yaml")


def test_a_device_has_all_its_addresses_the_shell_first() -> None:
    device = BenchDevice(adb="A", at="B", qmi="C", labgrid="p")
    assert device.addresses == ("A", "B", "C", "labgrid:p")
    assert device.declared == {}


def test_names_near_a_wrong_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(HEAD + ONE)
    bench, _ = load_bench(str(tmp_path / "bench.yaml"))
    with pytest.raises(UnknownName):
        bench.device("c")
    assert bench.device("a").sweep == "allowed"


def test_the_schema_for_editors_is_of_this_format() -> None:
    schema = bench_schema()
    assert schema["title"] == "bandproof bench file"
    assert "Bench" in schema["$ref"]
