"""The runs of several hosts as one: what each came to stays, its seal stays, and nobody changes either unseen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from harness.cli import main
from harness.reports.document.document import load_document, plain
from harness.reports.run.seals import signing
from harness.reports.run.seals.manifest import write_manifest
from harness.reports.run.verify import examine, verify

Told = pytest.CaptureFixture[str]


def _run(folder: Path, name: str, device: str, *options: str, key: Path | None = None) -> Path:
    out = folder / name
    variables = {**os.environ, "BANDPROOF_KEY": str(key or folder / "no-key")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--device={device}", *options]
    done = subprocess.run(
        [*command, f"--report-dir={out}"], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert (out / "manifest.json").exists(), done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs `one` (signed) and `two` (judged in part) of two hosts, and `again` of the device of the first."""
    folder = tmp_path_factory.mktemp("hosts")
    signing.new_key(folder / "key")
    _run(folder, "one", "fixture:xiaomi-mi-mix-2-global", "--carrier=us/att", "--note=seen twice", key=folder / "key")
    _run(folder, "two", "fixture:quectel-rm520n-gl", "--carrier=us/att", "--carrier=us/t-mobile", "-k", "B2")
    _run(folder, "again", "fixture:xiaomi-mi-mix-2-global", "--carrier=us/att")
    _run(folder, "service", "fixture:quectel-rm520n-gl", "--carrier=us/att", "--policy=service")
    return folder


@pytest.fixture
def joined(hosts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BANDPROOF_KEY", str(tmp_path / "no-key"))
    out = tmp_path / "joined"
    assert main(["merge", str(hosts / "one"), str(hosts / "two"), "-o", str(out)]) == 0
    return out


def test_every_verdict_is_that_of_its_run(hosts: Path, joined: Path) -> None:
    whole, one, two = (load_document(folder) for folder in (joined, hosts / "one", hosts / "two"))
    before = [plain(entry) for document in (one, two) for entry in document.verdicts]
    after = [plain(entry) for entry in whole.verdicts]
    assert sorted(map(repr, after)) == sorted(map(repr, before))
    assert len(after) > len(two.verdicts) > 0
    assert [device.device for device in whole.devices] == ["xiaomi-mi-mix-2-global", "quectel-rm520n-gl"]
    assert (whole.run.started, whole.run.finished) == (one.run.started, two.run.finished)
    texts = [note.text for note in whole.notes]
    assert any(one.run.key in text and two.run.key in text for text in texts if one.run.key and two.run.key)
    assert "seen twice" in texts
    assert "Joined from 2 runs" in (joined / "report.html").read_text()


def test_it_verifies_and_tells_who_sealed_each(hosts: Path, joined: Path, capsys: Told) -> None:
    found = examine(joined)
    assert found.faults == ()
    public = signing.public_key(hosts / "key")
    assert [one.signer for one in found.sources] == [public, None]
    assert main(["verify", str(joined)]) == 6
    told = capsys.readouterr().out
    assert "signed by" in told
    assert "not trusted here" in told
    assert ": not signed\n" in told
    assert main(["verify", str(joined), "--json"]) == 6
    sources = json.loads(capsys.readouterr().out)["sources"]
    assert [one["signed_by"] for one in sources] == [public, None]


def _source(joined: Path, number: int) -> Path:
    key = json.loads((joined / "run.json").read_text())["joined"][number]
    return joined / "sources" / key


def _sealed_again(joined: Path) -> list[str]:
    """What verifying says after the whole was sealed anew, as somebody would who changed it."""
    asked = json.loads((joined / "run.json").read_text())
    write_manifest(joined, run_id=asked["id"], tool=asked["tool"])
    return [str(one) for one in verify(joined)]


def test_evidence_that_is_changed_and_sealed_again_is_found(joined: Path) -> None:
    # A digit of the modem's answer; the run is rendered and sealed again as a whole.
    file = joined / "evidence" / "quectel-rm520n-gl" / "at.yaml"
    text = file.read_text()
    file.write_text(text.replace("RM520NGLAAR03", "RM520NGLAAR99", 1))
    assert file.read_text() != text
    faults = _sealed_again(joined)
    assert any("at.yaml" in one and "is not what the run" in one for one in faults)


def test_a_report_of_a_source_that_is_changed_is_found(joined: Path) -> None:
    file = _source(joined, 1) / "report.json"
    file.write_text(file.read_text().replace('"PASS"', '"FAIL"', 1))
    faults = _sealed_again(joined)
    assert any("report.json" in one and "is not what the run" in one for one in faults)


def test_a_source_that_is_taken_out_is_found(joined: Path) -> None:
    shutil.rmtree(_source(joined, 0))
    assert any("are not the runs that run.json names" in one for one in _sealed_again(joined))
    asked = json.loads((joined / "run.json").read_text())
    (joined / "run.json").write_text(json.dumps(asked | {"joined": asked["joined"][1:]}))
    assert any("does not tell of the devices of its runs" in one for one in _sealed_again(joined))


def test_a_source_whose_seal_is_another_is_found(joined: Path) -> None:
    source = _source(joined, 0)
    manifest = json.loads((source / "manifest.json").read_text())
    manifest["files"] = manifest["files"][1:]
    (source / "manifest.json").write_text(json.dumps(manifest))
    faults = _sealed_again(joined)
    assert any("do not agree" in one for one in faults)
    assert any("manifest.sig" in one and "not the signature" in one for one in faults)


def test_a_key_that_leads_out_of_the_folder_is_not_followed(joined: Path) -> None:
    asked = json.loads((joined / "run.json").read_text())
    (joined / "run.json").write_text(json.dumps(asked | {"joined": ["../../other", asked["joined"][1]]}))
    assert any("no such key" in one for one in _sealed_again(joined))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("one",), "nothing to join"),
        (("one", "again"), "is in"),
        (("one", "service"), "different policies"),
    ],
)
def test_runs_that_cannot_be_one(hosts: Path, tmp_path: Path, capsys: Told, names: tuple[str, ...], words: str) -> None:
    out = tmp_path / "out"
    assert main(["merge", *(str(hosts / name) for name in names), "-o", str(out)]) == 2
    assert words in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_a_run_that_does_not_verify_is_not_joined(hosts: Path, tmp_path: Path, capsys: Told) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(hosts / "two", bad)
    (bad / "report.html").write_text("<p>all passed</p>")
    assert main(["merge", str(hosts / "one"), str(bad), "-o", str(tmp_path / "out")]) == 2
    assert "does not verify" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


def test_a_joined_run_is_not_joined_again(hosts: Path, joined: Path, tmp_path: Path, capsys: Told) -> None:
    assert main(["merge", str(joined), str(hosts / "service"), "-o", str(tmp_path / "out")]) == 2
    assert "is itself joined" in capsys.readouterr().err


def test_runs_by_different_profiles_are_not_joined(hosts: Path, tmp_path: Path, capsys: Told) -> None:
    other = tmp_path / "other"
    shutil.copytree(hosts / "two", other)
    profile = other / "profiles" / "carriers" / "us" / "att.yaml"
    profile.write_text(profile.read_text() + "\n# of another day\n")
    document = json.loads((other / "report.json").read_text())
    asked = json.loads((other / "run.json").read_text())
    write_manifest(other, run_id=asked["id"], tool=asked["tool"])
    # The hashes of profiles stand in the report: it is made again, as the tool would have made it.
    assert document["run"]["complete"] is True
    from harness.reports.run.folder import read_asked, rederive
    from harness.reports.run.render import write_reports

    told = read_asked(other)
    run = rederive(other, told)
    write_reports(other, run, told, [run.verdict(case) for case in run.cases], finished=told.finished)
    write_manifest(other, run_id=told.id, tool=told.tool)
    assert verify(other) == []
    assert main(["merge", str(hosts / "one"), str(other), "-o", str(tmp_path / "out")]) == 2
    assert "judged by different files: profiles/carriers/us/att.yaml" in capsys.readouterr().err


def test_what_persons_told_stays_told_when_runs_are_joined() -> None:
    from harness.reports.run.folder import AskedRun
    from harness.reports.run.joining import _joined
    from harness.reports.run.render import _notes

    def asked(id_: str, **more: Any) -> AskedRun:
        started, tool = "2026-11-21T14:03:11.000Z", "bandproof 0"
        base = AskedRun(id=id_, started=started, tool=tool, policy="strict", require_grade="declared", as_of=None)
        return replace(base, **more)

    runs = [asked("1" * 8, told={"a": ("lit",)}, notes={"a": ("scratched",)}), asked("2" * 8, told={"a": ("dark",)})]
    joined = _joined([Path("one"), Path("two")], runs, "3" * 8)
    assert [(one.about, one.text, one.grade) for one in _notes(joined)][1:] == [
        ("a", "scratched", None),
        ("a", "lit", "told"),
        ("a", "dark", "told"),
    ]
