"""The recipes of docs/ci.md and docs/bench-host.md: their lines run here, and the tools that read them take them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CI = ROOT / "examples" / "ci"
HOST = ROOT / "examples" / "bench-host"


def recipe(name: str) -> dict[str, Any]:
    # YAML 1.1 takes the word `on` for a truth.
    told: dict[Any, Any] = yaml.safe_load((CI / name).read_text(encoding="utf-8"))
    return {str(key): value for key, value in told.items()}


def github_lines() -> tuple[str, list[str], str]:
    steps = recipe("github-actions.yml")["jobs"]["simulated"]["steps"]
    by_name = {step.get("name"): step for step in steps}
    script = "\n".join(step["run"] for step in steps if "run" in step)
    shown = by_name["Show the cases"]["with"]["report_paths"]
    kept = by_name["Keep the report and its evidence"]["with"]["path"]
    return script, [shown], kept


def gitlab_lines() -> tuple[str, list[str], str]:
    job = recipe("gitlab-ci.yml")["simulated"]
    script = "\n".join((*job["before_script"], *job["script"]))
    return script, [job["artifacts"]["reports"]["junit"]], job["artifacts"]["paths"][0]


@pytest.mark.parametrize("lines", [github_lines, gitlab_lines], ids=["GitHub Actions", "GitLab"])
def test_the_job_runs_and_keeps_what_it_names(lines: Any, tmp_path: Path) -> None:
    script, shown, kept = lines()
    assert "pip install bandproof" in script
    # It is installed; and the devices that the job leaves are taken down with this shell.
    script = "trap 'kill $(jobs -p)' EXIT\n" + script.replace("pip install bandproof", "bandproof --version")
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in shown:
        assert "<testcase" in (tmp_path / name).read_text(encoding="utf-8")
    assert (tmp_path / kept / "report.html").is_file()
    assert (tmp_path / kept / "evidence").is_dir()


def test_results_are_kept_whatever_comes_of_the_run() -> None:
    for step in recipe("github-actions.yml")["jobs"]["simulated"]["steps"]:
        if "upload-artifact" in step.get("uses", "") or "junit" in step.get("uses", ""):
            assert step["if"] == "always()"
    for job in ("simulated", "bench"):
        assert recipe("gitlab-ci.yml")[job]["artifacts"]["when"] == "always"


def test_one_job_at_a_time_has_the_bench_and_no_fork() -> None:
    bench = recipe("github-actions.yml")["jobs"]["bench"]
    assert bench["concurrency"] == {"group": "bench-1", "cancel-in-progress": False}
    assert bench["if"] == "github.event_name == 'schedule'"
    assert recipe("gitlab-ci.yml")["bench"]["resource_group"] == "bench-1"


def test_udev_rules_are_one_rule_a_line() -> None:
    name = HOST / "78-bandproof-bench.rules"
    part = re.compile(
        r'[A-Z]+(?:\{[A-Za-z_]+\})?(?:==|!=)"[^"]*"|(?:ENV\{[A-Z_]+\}|GROUP|MODE)="[^"]*"|SYMLINK\+="[^"]*"'
    )
    rules = [line for line in name.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert len(rules) == 6
    for rule in rules:
        assert all(part.fullmatch(one) for one in rule.split(", ")), rule
    assert int(name.name[:2]) > 77
    if (
        shutil.which("udevadm")
        and b"verify" in subprocess.run(["udevadm", "--help"], capture_output=True, check=False).stdout
    ):
        assert subprocess.run(["udevadm", "verify", name], check=False).returncode == 0


@pytest.mark.parametrize("unit", ["bandproof-bench.service", "bandproof-bench.timer"])
def test_systemd_takes_the_units(unit: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed here")
    for file in HOST.glob("bandproof-bench.*"):
        text = file.read_text(encoding="utf-8").replace("/opt/bandproof/bin/pytest", sys.executable)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", str(tmp_path / unit)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "bandproof" not in done.stderr, done.stderr


def test_the_container_is_built_of_what_is_there() -> None:
    text = (HOST / "Containerfile").read_text(encoding="utf-8")
    assert "constraints.txt" in text
    extras = re.search(r"/src\[([a-z,]+)\]", text)
    assert extras is not None
    known = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.optional-dependencies]")[2]
    for extra in extras[1].split(","):
        assert re.search(rf"^{extra} = ", known, re.MULTILINE), extra
