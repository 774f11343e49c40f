"""Sixty mistakes that people make, and what each is told: what is wrong, where, and the way out; the status; no more."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import main

MIX2 = "fixture:xiaomi-mi-mix-2-global"
CASE = "xiaomi-mi-mix-2-global::us/att@2024::ATT-LTE-B67"
BENCH = "format: bandproof.bench/1\ndevices:\n  mix2: {{recording: '" + MIX2 + "', {0}}}\n"
WAIVER = (
    "format: bandproof.waivers/1\nwaivers:\n"
    "  - {{id: W1, carrier: us/att, requirement: {0}, owner: me, reason: none, expires: {1}}}\n"
)
FILES = {
    "bench.yaml": BENCH.format("carriers: [us/att]"),
    "carrier.yaml": BENCH.format("carriers: [us/at]"),
    "sheet.yaml": BENCH.format("carriers: [us/att], sheet: xiaomi/mi-mix-9"),
    "key.yaml": BENCH.format("carriers: [us/att], notess: x"),
    "tabs.yaml": "format: bandproof.bench/1\ndevices:\n\tmix2: {}\n",
    "w-case.yaml": WAIVER.format("ATT-LTE-B99", "2099-01-01"),
    "w-old.yaml": WAIVER.format("ATT-LTE-B14", "2020-01-01"),
    "profile.yaml": "format: bandproof.profile/1\nid: us/own\nname: Own\ncountry: us\neditions: []\ncolour: red\n",
    "text.txt": "nothing that any device would say\n",
    "full/x": "taken\n",
    "empty.json": "{}\n",
}
NO_CLASS = re.compile(
    r"Traceback|harness\.[a-z]|[a-z]Error\b|_[a-z]+ value"
    r"|\b(?:UnknownName|DeviceAbsent|DeviceGone|NoAdbServer|PortBusy|NoPermission)\b"
)

COMMANDS = [
    (["surwey", MIX2], 2, "did you mean survey?"),
    (["band"], 2, "required: NAME"),
    (["band", "sixty"], 2, "write 66 or B66, n78, umts2, gsm850"),
    (["band", "999"], 2, "did you mean B256"),
    (["earfcn", "B66"], 2, "'B66' is no channel number"),
    (["earfcn", "99999999"], 2, "needs --nr"),
    (["profiles", "lst"], 2, "did you mean list, lint?"),
    (["profiles", "show", "us/at"], 2, "did you mean us/att"),
    (["profiles", "lint", "nofile.yaml"], 4, "nofile.yaml"),
    (["profiles", "lint", "profile.yaml"], 4, "profile.yaml:6:1"),
    (["survey"], 2, "required: address"),
    (["survey", "fixture:xiaomi-mi-mix2"], 2, "did you mean xiaomi-mi-mix-2"),
    (["survey", "./norec"], 2, "./norec does not exist"),
    (["survey", "/dev/ttyUSB99"], 3, "there is no port /dev/ttyUSB99"),
    (["survey", "socket://127.0.0.1:9"], 3, "start the program that serves the port"),
    (["survey", "nonsense://x"], 2, "an AT port can be socket://"),
    (["survey", "bench:mix2", "--bench=nobench.yaml"], 2, "there is no bench file nobench.yaml"),
    (["survey", "bench:mix3"], 2, "did you mean mix2?"),
    (["survey", "R58M12ABCDE"], 3, "no adb server answers"),
    (["survey", MIX2, "--deadline=soon"], 2, "'soon' is no number of seconds"),
    (["survey", MIX2, "--evidence=uecap=nofile"], 4, "nofile cannot be read"),
    (["survey", MIX2, "--evidence=capability.hex"], 2, "write --evidence uecap=FILE"),
    (["record", MIX2], 2, "required: -o/--output"),
    (["record", MIX2, "-o", "full"], 2, "name a new or an empty folder"),
    (["record", "/dev/ttyUSB99", "-o", "new"], 3, "nothing was recorded"),
    (["record", MIX2, "-o", "new", "--device-sheet=xiaomi/mi-mix-9"], 2, "did you mean xiaomi/mi-mix-2"),
    (["fit"], 2, "give an address, or --without-device=SHEET"),
    (["fit", MIX2, "--country=zz"], 2, "no country named 'zz'; did you mean"),
    (["fit", MIX2, "--policy=lenient"], 2, "there is service, strict"),
    (["fit", MIX2, "--as-of=soon"], 2, "write YYYY-MM-DD"),
    (["fit", "--without-device", "xiaomi/mi-mix-9"], 2, "did you mean xiaomi/mi-mix-2"),
    (["decode", "adb", "nofile"], 4, "cannot read nofile"),
    (["decode", "adb", "text.txt"], 4, "begins 'nothing that any device would say'); --command says what it answers"),
    (["decode", "qmi", "text.txt"], 4, "output of qmicli, mbimcli, mmcli and uqmi is read"),
    (["decode", "uecap", "text.txt"], 4, "text.txt: not a UE capability in a form that is known; hex, pcap"),
    (["ics", "fill", MIX2, "--format=xlsx"], 2, "-o ics.xlsx"),
    (["ics", "fill", MIX2, "--spec=36.101"], 2, "did you mean 36.523-2"),
    (["ics", "check", "text.txt", MIX2], 4, "known forms: "),
    (["report", "norun"], 4, "is no run's folder"),
    (["verify", "norun"], 4, "is no finished run"),
    (["diff", "a", "b"], 4, "a: is no finished run"),
    (["diff", "empty.json", "empty.json"], 4, "empty.json"),
    (["simulate", "fixture:quectel-rm520"], 2, "did you mean quectel-rm520n-gl"),
    (["simulate", MIX2, "--fault=explode"], 2, "explode"),
    (["bench", "check", "nobench.yaml"], 2, "there is no bench file nobench.yaml"),
    (["keys", "trust", "nokey", "lab"], 2, "take the line `public key` of `bandproof keys show`"),
    (["collect", "R58M12ABCDE", "-o", "new"], 3, "no adb server answers"),
]
"""Words of `bandproof`, status, part of what is told."""

RUNS = [
    ([f"--device={MIX2}", "--carrier=us/at"], "did you mean us/att"),
    (["--device=fixture:xiaomi-mi-mix2", "--carrier=us/att"], "did you mean xiaomi-mi-mix-2"),
    (["--device=", "--carrier=us/att"], "name an adb serial"),
    ([f"--divice={MIX2}"], "unrecognized arguments: --divice"),
    (["--carrier=us/att"], "name it with --device or --bench"),
    (["--evidence=uecap=x.hex"], "name it with --device or --bench"),
    (["--device=fixture:xiaomi-mi-mix-china"], "name it: --carrier=us or --carrier=us/att"),
    ([f"--device={MIX2}", "--as-of=soon", "--carrier=us/att"], "write YYYY-MM-DD"),
    ([f"--device={MIX2}", "--policy=lenient"], "choose from"),
    ([f"--device={MIX2}", "--max-evidence-age=-1"], "'-1' is no number of days"),
    ([f"--device={MIX2}", "--deadline=soon"], "'soon' is no number of seconds"),
    ([f"--device={MIX2}", "--carrier=us/att", "--report-dir=full"], "name a new or an empty folder"),
    ([f"--device={MIX2}", "--carrier=us/att", "--record=full"], "name a new or an empty folder"),
    ([f"--device={MIX2}", "--carrier=us/att", "--waivers=nofile.yaml"], "nofile.yaml: cannot be read"),
    ([f"--device={MIX2}", "--carrier=us/att", "--waivers=w-case.yaml"], "fits no case of this run"),
    ([f"--device={MIX2}", "--carrier=us/att", "--waivers=w-old.yaml"], "expired"),
    (
        [f"--device={MIX2}", "--carrier=us/att", "--evidence=other:uecap=text.txt"],
        "no device of this run named 'other'",
    ),
    ([f"--device={MIX2}", "--carrier=us/att", "--act"], "add --evidence uecap=live"),
    (["--bench=nobench.yaml"], "there is no bench file nobench.yaml"),
    (["--bench=carrier.yaml"], "did you mean us/att"),
    (["--bench=sheet.yaml"], "did you mean xiaomi/mi-mix-2"),
    (["--bench=key.yaml"], "key.yaml:3:"),
    (["--bench=tabs.yaml"], "tabs.yaml:3:"),
    (["--device=bench:mix3"], "did you mean mix2?"),
    (["--device=/dev/ttyUSB99"], "there is no port /dev/ttyUSB99"),
    (["--device=/dev/ttyUSB98", "--device=/dev/ttyUSB99"], "none of the 2 devices is there"),
    ([f"--device={MIX2}", "--carrier=us/att", CASE], "did you mean xiaomi-mi-mix-2-global::us/att@2024::ATT-LTE-B66"),
    ([f"--device={MIX2}", "--carrier=us/att", "test_nothing.py"], "not found: test_nothing.py"),
]
"""Words of `pytest`, part of what is told; its status for wrong usage is 4."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the mistakes name, on a machine whose adb server is nowhere."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "9")
    return tmp_path


def left(place: Path) -> set[str]:
    return {one.relative_to(place).as_posix() for one in place.rglob("*") if one.is_file()} - set(FILES)


def test_there_are_at_least_sixty() -> None:
    assert len(COMMANDS) + len(RUNS) >= 60


@pytest.mark.parametrize(("words", "status", "told"), COMMANDS, ids=[" ".join(one[0]) for one in COMMANDS])
def test_a_mistake_in_a_command(
    words: list[str], status: int, told: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        got = main(words)
    except SystemExit as ended:
        got = int(ended.code or 0)
    out, err = capsys.readouterr()
    assert got == status, err
    assert told in err + out
    assert not NO_CLASS.search(err), err
    # What reads a device or a file shows what there is, and says on one line why it ended so.
    assert len(err.splitlines()) <= 2, err
    assert err or out
    assert not left(place)


@pytest.mark.parametrize(("words", "told"), RUNS, ids=[" ".join(one[0]) for one in RUNS])
def test_a_mistake_in_a_run(words: list[str], told: str, place: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ)
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert told in done.stderr
    assert not NO_CLASS.search(done.stdout + done.stderr), done.stdout + done.stderr
    errors = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("usage: ")]
    assert len(errors) <= 4, done.stderr  # pytest's own add where its settings are.
    assert not [one for one in left(place) if one.endswith(("report.html", "report.json"))]
