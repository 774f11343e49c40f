"""The example package, installed into an environment of its own: a dialect, an ADB probe and a form of the report."""

from __future__ import annotations

import ast
import csv
import importlib.util
import json
import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "bandproof-example"
MODEM = EXAMPLE / "recordings" / "nowhere-nw200-us"
PROFILE = EXAMPLE / "profiles" / "carriers" / "us" / "nowhere-mobile.yaml"
PHONE = EXAMPLE / "recordings" / "nowhere-phone"


class Environment:
    """A virtual environment that sees the packages of this one, and one more."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False)
        self.python = folder / "bin" / "python"
        (packages,) = folder.glob("lib/python*/site-packages")
        ours = [*site.getsitepackages(), str(EXAMPLE.parents[1])]
        lines = (f"import site; site.addsitedir({place!r})\n" for place in ours)
        (packages / "parent.pth").write_text("".join(lines), encoding="utf-8")

    def install(self, package: Path) -> None:
        # Without the build backend here, pip fetches it as it is configured to.
        at_hand = importlib.util.find_spec("hatchling") is not None
        isolation = ["--no-build-isolation", "--no-index"] if at_hand else []
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet", "--no-deps", *isolation]
        done = subprocess.run([*pip, package], check=False, capture_output=True, text=True, timeout=50)
        assert done.returncode == 0, done.stderr

    def run(self, *arguments: object, cwd: Path, status: int = 0) -> str:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST", "BANDPROOF"))
        }
        command = [str(self.python), "-m", *map(str, arguments)]
        done = subprocess.run(command, cwd=cwd, check=False, env=inherited, capture_output=True, text=True, timeout=50)
        assert done.returncode == status, (done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout


def test_the_example_imports_the_public_face_and_nothing_else_of_ours() -> None:
    modules = set()
    for file in EXAMPLE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                modules.add(node.module or "")
            elif isinstance(node, ast.Import):
                modules |= {name.name for name in node.names}
    assert {name for name in modules if name.split(".")[0] == "harness"} == {"harness.extending"}


def test_the_public_face_hands_out_what_it_names() -> None:
    from harness import extending

    assert sorted(extending.__all__) == sorted(extending._PLACES)
    for name in extending.__all__:
        assert getattr(extending, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = extending.nothing


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    pytest.importorskip("pip", reason="pip installs the package")
    made = Environment(tmp_path_factory.mktemp("venv"))
    made.install(EXAMPLE)
    return made


@pytest.fixture(scope="module")
def run_folder(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the example's modem for the carriers of the US."""
    place = tmp_path_factory.mktemp("run")
    # Without B13 it fails Verizon: 1 is the status of a whole run in which a verdict fails.
    installed.run(
        *("pytest", "-q", "-p", "no:cacheprovider", f"--device={MODEM}", "--carrier=us", "--report-dir=run"),
        cwd=place,
        status=1,
    )
    return place / "run"


def test_decode_reads_by_the_dialect(installed: Environment, tmp_path: Path) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_text("+NWBAND: LTE,2000000000000081A\r\n\r\nOK\r\n", encoding="utf-8")
    for name in ("nowhere", "Nowhere Wireless"):
        out = installed.run(
            *("harness.cli", "decode", "at", "--dialect", name, "--command", "AT+NWBAND=?", answer), cwd=tmp_path
        )
        (fact,) = json.loads(out)["observations"]
        assert (fact["kind"], fact["bands"], fact["grade"]) == ("supported_bands", [2, 4, 5, 12, 66], "measured")


def test_without_the_package_nobody_knows_the_dialect(tmp_path: Path) -> None:
    """Else the tests beside this one would prove nothing."""
    answer = tmp_path / "answer.txt"
    answer.write_text("+NWBAND: LTE,1A\r\n\r\nOK\r\n", encoding="utf-8")
    bare = Environment(tmp_path / "venv")
    arguments = ("harness.cli", "decode", "at", "--dialect", "nowhere", "--command", "AT+NWBAND=?", answer)
    bare.run(*arguments, cwd=tmp_path, status=2)


def test_the_suite_judges_the_modem_by_its_measured_bands(run_folder: Path) -> None:
    document = json.loads((run_folder / "report.json").read_text(encoding="utf-8"))
    (device,) = document["devices"]
    assert device["connection"]["dialect"] == "nowhere"
    assert device["layers"]["hardware"]["lte"] == [2, 4, 5, 12, 14, 17, 25, 26, 30, 41, 46, 48, 66, 71]
    told = {(one["carrier"], one["requirement"]): one for one in document["verdicts"]}
    passed = told["us/att", "ATT-LTE-B12"]
    assert (passed["verdict"], passed["grade"]) == ("PASS", "measured")
    failed = [one for one in told.values() if one["verdict"] == "FAIL"]
    assert {one["grade"] for one in failed} == {"measured"}
    attached = told["us/att", "ATT-ATTACH"]
    assert attached["verdict"] == "PASS"
    assert "EARFCN 5110" in attached["reason"]


def test_the_fact_of_the_adb_probe_appears(installed: Environment, tmp_path: Path) -> None:
    survey = json.loads(installed.run("harness.cli", "survey", "--json", PHONE, cwd=tmp_path))
    (fact,) = [one for one in survey["observations"] if one.get("hardware")]
    assert fact["hardware"] == "Nowhere board NA-2"
    assert fact["source"]["request"] == "getprop ro.boot.nowhere.sku"


def test_a_device_is_named_by_its_place_in_the_packages_rack(
    installed: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOWHERE_RACK", str(EXAMPLE / "recordings"))
    survey = json.loads(installed.run("harness.cli", "survey", "--json", "nowhere:nw200-us", cwd=tmp_path))
    assert any(one["kind"] == "supported_bands" for one in survey["observations"])
    # 3: no such device.
    assert not installed.run("harness.cli", "survey", "nowhere:nw9", cwd=tmp_path, status=3)


def test_the_report_is_written_in_the_packages_form(installed: Environment, run_folder: Path, tmp_path: Path) -> None:
    installed.run("harness.cli", "report", run_folder, "--format=csv", "-o", tmp_path, cwd=tmp_path)
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    document = json.loads((run_folder / "report.json").read_text(encoding="utf-8"))
    assert [row["verdict"] for row in rows] == [one["verdict"] for one in document["verdicts"]]
    assert {row["device"] for row in rows} == {document["devices"][0]["device"]}


def test_a_kind_of_the_package_is_linted_judged_reported_and_verified(installed: Environment, tmp_path: Path) -> None:
    installed.run("harness.cli", "profiles", "lint", PROFILE, cwd=tmp_path)
    shown = installed.run("harness.cli", "profiles", "show", PROFILE, cwd=tmp_path)
    assert "security patch of 2026-03 or later" in shown
    # Nothing tells the bands of the made-up handset, so the run is not whole: status 1.
    installed.run(
        *("pytest", "-q", "-p", "no:cacheprovider", f"--device={PHONE}", f"--carrier={PROFILE}", "--report-dir=run"),
        cwd=tmp_path,
        status=1,
    )
    document = json.loads((tmp_path / "run" / "report.json").read_text(encoding="utf-8"))
    (told,) = [one for one in document["verdicts"] if one["requirement"] == "NW-PATCH"]
    assert (told["verdict"], told["grade"]) == ("PASS", "measured")
    assert told["reason"] == "security patch 2026-05-01"
    assert told["evidence"]
    installed.run("harness.cli", "verify", "run", cwd=tmp_path, status=6)


def test_without_the_package_its_kind_is_a_fault_with_its_place(tmp_path: Path) -> None:
    bare = Environment(tmp_path / "venv")
    told = bare.run("harness.cli", "profiles", "lint", PROFILE, cwd=tmp_path, status=4)
    assert 'unknown kind "security_patch"' in told
    assert f"{PROFILE}:13:" in told


def test_the_packages_own_tests_pass(installed: Environment, tmp_path: Path) -> None:
    installed.run("pytest", "-q", "-p", "no:cacheprovider", EXAMPLE, cwd=tmp_path)
