"""The bench file: what it says, and how its faults are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import FileError, UnknownName, UsageError
from harness.observations import Identity
from harness.survey.bench import check_bench, load_bench
from harness.survey.survey import Survey
from harness.survey.targets import final_names, plan_targets, unique_names

WHOLE = """\
format: bandproof.bench/1
lab:
  name: Band lab 2
  accreditation: {body: DAkkS, number: D-PL-1, scope: radio}
devices:
  mix2-1:
    adb: R58M12ABCDE
    at: /dev/ttyUSB2
    sheet: xiaomi/mi-mix-2#global
    sim: {plmn: "310410"}
    carriers: [us/att]
    deadline_s: 20
  rm520-2:
    at: socket://192.0.2.7:5000
deadlines: {device_s: 30}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "bench.yaml"
    path.write_text(text)
    return path


def test_a_bench_names_devices_lab_and_deadlines(tmp_path: Path) -> None:
    bench, path = load_bench(str(write(tmp_path, WHOLE)))
    assert bench.lab is not None
    assert bench.lab.name == "Band lab 2"
    targets = plan_targets([], (bench, path))
    assert [(one.device, one.addresses, one.deadline_s) for one in targets] == [
        ("mix2-1", ("R58M12ABCDE", "/dev/ttyUSB2"), 20),
        ("rm520-2", ("socket://192.0.2.7:5000",), 30),
    ]
    assert targets[0].sheet == "xiaomi/mi-mix-2#global"
    assert targets[0].carriers == ("us/att",)


def test_a_bench_name_and_its_address_are_one_device(tmp_path: Path) -> None:
    found = load_bench(str(write(tmp_path, WHOLE)))
    targets = plan_targets(["bench:rm520-2", "R58M12ABCDE", "bench:mix2-1", "OTHER1"], found)
    assert [one.device for one in targets] == ["rm520-2", "mix2-1", "handset"]


def test_a_wrong_bench_name_tells_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="mix2-1"):
        plan_targets(["bench:mix-2-1"], load_bench(str(write(tmp_path, WHOLE))))


def test_a_bench_name_without_a_bench_file_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--bench"):
        plan_targets(["bench:mix2-1"])


def test_paths_start_from_the_bench_files_folder(tmp_path: Path) -> None:
    (tmp_path / "rec").mkdir()
    (tmp_path / "rec" / "recording.yaml").write_text("format: 1\n")
    text = "format: bandproof.bench/1\ndevices:\n  a: {recording: rec}\n"
    assert plan_targets([], load_bench(str(write(tmp_path, text))))[0].addresses == (str(tmp_path / "rec"),)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (("adb:", "adbb:"), (7, 5), 'unknown key "adbb"; did you mean "adb"?'),
        (("deadline_s: 20", "deadline_s: soon"), (12, 5), "deadline_s must be a number"),
        (("/dev/ttyUSB2", "R58M12ABCDE"), (8, 5), "no address of that kind"),
        (("at: socket://192.0.2.7:5000", "at: /dev/ttyUSB2"), (14, 5), "already the address of mix2-1"),
        (("at: socket://192.0.2.7:5000", "carriers: [us]"), (13, 3), "rm520-2 has no address"),
        (('"310410"', "310410"), (10, 11), "plmn must be text"),
        (("rm520-2:", "rm 520:"), (13, 3), "letters, digits, dots and dashes"),
        (("bench/1", "bench/9"), (1, 1), "bandproof.bench/1"),
        (("    deadline_s: 20", "    photographs: [gone.jpg]"), (12, 19), "there is no file"),
        (("    deadline_s: 20", "    evidence: {ucap: [x]}"), (12, 16), 'unknown evidence "ucap"'),
    ],
)
def test_every_fault_has_its_place_and_says_what_was_expected(
    tmp_path: Path, change: tuple[str, str], place: tuple[int, int], words: str
) -> None:
    assert change[0] in WHOLE
    _, problems = check_bench(write(tmp_path, WHOLE.replace(*change)))
    assert any(at == place and words in problem.message for at, problem in problems), problems


def test_the_first_fault_stops_a_run(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"bench.yaml:13:3: rm520-2 has no address"):
        load_bench(str(write(tmp_path, WHOLE.replace("at: socket://192.0.2.7:5000", "carriers: [us]"))))


def test_no_bench_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no bench file"):
        load_bench(str(tmp_path / "none.yaml"))


def test_names_are_unique_and_each_address_stands_once() -> None:
    addresses = ["/dev/ttyUSB2", "R58M12ABCDE", "192.0.2.7:5555", "R58M12ABCDE", "socket://192.0.2.7:5000"]
    assert unique_names(addresses) == {
        "/dev/ttyUSB2": "ttyUSB2",
        "192.0.2.7:5555": "handset",
        "R58M12ABCDE": "handset-2",
        "socket://192.0.2.7:5000": "modem",
    }


def test_a_device_that_nobody_named_is_called_by_its_model() -> None:
    targets = [*plan_targets(["R58M12ABCDE", "R58M12ABCDF", "192.0.2.7:5555"])]
    told = [
        Survey(t.device, t.address, "handset", (Identity(model=m),))
        for t, m in zip(targets, ["Pixel 5"] * 2 + [None], strict=True)
    ]
    # Addresses in order: the one on the network is the first.
    assert final_names(list(zip(targets, told, strict=True))) == {
        "handset": "handset",
        "handset-2": "pixel-5",
        "handset-3": "pixel-5-2",
    }


def test_a_late_name_never_takes_the_folder_of_another_device() -> None:
    targets = plan_targets(["R58M12ABCDE", "R58M12ABCDF"])
    told = [
        Survey(t.device, t.address, "handset", (Identity(model=m),))
        for t, m in zip(targets, ["handset-2", "x"], strict=True)
    ]
    assert final_names(list(zip(targets, told, strict=True))) == {"handset": "handset-2-2", "handset-2": "x"}


@pytest.mark.parametrize("line", ["adb: {}", "at: /dev/{}", "at: socket://{}:1", "qmi: qmi:/dev/{}", "recording: {}"])
def test_an_address_of_three_megabytes_is_a_fault_of_one_line(tmp_path: Path, line: str) -> None:
    text = f"format: bandproof.bench/1\ndevices:\n  a: {{{line.format('A' * 3_000_000)}}}\n"
    _, problems = check_bench(write(tmp_path, text))
    assert problems
    assert all(len(problem.message) < 500 for _, problem in problems)


def test_a_name_that_no_folder_can_have_is_a_fault(tmp_path: Path) -> None:
    text = f"format: bandproof.bench/1\ndevices:\n  {'a' * 400}: {{at: /dev/ttyUSB2}}\n"
    _, problems = check_bench(write(tmp_path, text))
    assert any("at most 100 signs" in problem.message for _, problem in problems)
