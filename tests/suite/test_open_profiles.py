"""INCONC that is the profile's: a run over a country can be green, and the rest of INCONC still is not."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MIX2 = "--device=fixture:xiaomi-mi-mix-2-global"
OPEN = "--carrier=us/gci"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", MIX2, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_what_only_the_profile_leaves_open_sets_no_status_and_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, OPEN, "--carrier=us/viaero", "--junitxml=junit.xml")
    assert result.returncode == 0, result.stdout
    assert "profile open: 2 carriers (us/gci@2024-06, us/viaero@2024-06)" in result.stdout
    assert "2 profile open" in result.stdout
    assert 'type="INCONC"' in (tmp_path / "junit.xml").read_text(encoding="utf-8")


def test_strict_profiles_counts_it(tmp_path: Path) -> None:
    result = run(tmp_path, OPEN, "--strict-profiles")
    assert result.returncode == 1
    assert "1 inconclusive" in result.stdout
    assert "profile open" not in result.stdout


def test_any_other_inconc_fails_the_run_beside_it(tmp_path: Path) -> None:
    result = run(tmp_path, OPEN, "--carrier=us/att@2024", "-k", "GCI or VOLTE", "-n", "2")
    assert result.returncode == 1, result.stdout
    assert "1 inconclusive" in result.stdout
    assert "1 profile open" in result.stdout


def test_of_a_lost_device_nothing_is_the_profiles() -> None:
    from types import SimpleNamespace

    from harness.verdicts.profile_open import is_profile_open
    from harness.verdicts.verdict import Outcome

    case = SimpleNamespace(rule=SimpleNamespace(leaves_coverage_open=True))
    open_, failed = SimpleNamespace(outcome=Outcome.INCONC), SimpleNamespace(outcome=Outcome.FAIL)
    whole, lost = SimpleNamespace(trouble=None), SimpleNamespace(trouble="it went away")
    assert is_profile_open(open_, case, whole)  # type: ignore[arg-type]
    assert not is_profile_open(open_, case, lost)  # type: ignore[arg-type]
    assert not is_profile_open(failed, case, whole)  # type: ignore[arg-type]
