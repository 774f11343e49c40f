"""A carrier that is named by its file: the run keeps that file, and is derived again from it alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from test_plugin import MIX2, run, verdicts

from harness.carriers.store import Profiles
from harness.reports.run.verify import verify


def test_a_profile_of_the_users_own_is_kept_though_a_shipped_one_has_its_id(tmp_path: Path) -> None:
    (shipped,) = (path for id_, path in Profiles().paths.items() if id_ == "us/att")
    own = tmp_path / "own.yaml"
    shutil.copyfile(shipped, own)
    text = own.read_text(encoding="utf-8")
    assert "ATT-LTE-B12" in text
    own.write_text(text.replace("ATT-LTE-B12", "OWN-LTE-B12"), encoding="utf-8")
    run(tmp_path, MIX2, "--carrier=own.yaml@2017-03", "-k", "B12", "--report-dir=out")
    assert verdicts(tmp_path / "out") == {"us/att@2017-03/OWN-LTE-B12": "PASS"}
    kept = tmp_path / "out" / "profiles" / "carriers" / "us" / "att.yaml"
    assert kept.read_bytes() == own.read_bytes()
    own.unlink()
    assert verify(tmp_path / "out") == []
