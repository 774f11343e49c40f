"""Who signed a run: the keys that are trusted, and an exit status of its own for a run that anyone can have made."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from test_verify import MIX2, files_of, resealed, run_pytest

from harness.cli import main
from harness.reports.run.seals import signing
from harness.reports.run.seals.trusted_keys import trusted_keys
from harness.reports.run.verify import examine, verify


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed run, and its key beside it."""
    folder = tmp_path_factory.mktemp("keys")
    signing.new_key(folder / "key.pem")
    return run_pytest(folder, f"--device=fixture:{MIX2}", "--carrier=us/sprint@2013-09", key=folder / "key.pem")


@pytest.fixture
def run(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it on a machine that knows no key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("BANDPROOF_KEY", raising=False)
    return Path(shutil.copytree(finished, tmp_path / "run"))


def key_of(run: Path) -> str:
    return json.loads((run / "manifest.json").read_text())["public_key"]


def test_a_run_by_an_unknown_key_agrees_but_anyone_can_have_made_it(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(run)]) == 6
    told = capsys.readouterr().out
    assert "a key that is not trusted here" in told
    assert f"bandproof keys trust {key_of(run)}" in told


def test_a_trusted_key_makes_it_good_until_it_is_distrusted(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    public = key_of(run)
    assert main(["keys", "trust", public, "Band", "lab", "2"]) == 0
    assert trusted_keys() == {public: "Band lab 2"}
    capsys.readouterr()
    assert main(["verify", str(run)]) == 0
    assert "(Band lab 2)" in capsys.readouterr().out
    assert main(["keys", "list"]) == 0
    assert capsys.readouterr().out.split()[0] == public
    assert main(["keys", "distrust", signing.fingerprint(public)]) == 0
    assert main(["verify", str(run)]) == 6
    assert main(["keys", "distrust", public]) == 2


def test_the_laboratory_trusts_its_own_key(run: Path, finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANDPROOF_KEY", str(finished.parent / "key.pem"))
    assert main(["verify", str(run)]) == 0


def test_the_key_that_is_named_is_trusted_and_no_other_will_do(run: Path, tmp_path: Path) -> None:
    other = signing.new_key(tmp_path / "other.pem")
    assert main(["verify", str(run), "--key", key_of(run)]) == 0
    assert main(["verify", str(run), "--key", other]) == 1
    assert main(["keys", "trust", key_of(run)]) == 0
    assert main(["verify", str(run), "--key", other]) == 1


def test_an_unsigned_run_fails_under_a_key(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    public = key_of(run)
    resealed(run)
    assert main(["verify", str(run), "--key", public]) == 1
    assert "manifest.json: is not signed" in capsys.readouterr().out
    assert main(["verify", str(run)]) == 6


def test_a_trusted_key_does_not_help_a_run_that_does_not_agree(run: Path) -> None:
    main(["keys", "trust", key_of(run)])
    (run / "run.json").write_text((run / "run.json").read_text().replace("strict", "service"))
    assert main(["verify", str(run)]) == 1


@pytest.mark.parametrize(
    "key", ["", "x", "AAAA", "A" * 44, "A" * 43 + "=" + "A", "B" * 43 + "=", "ä" * 44, "ssh-ed25519 AAAA"]
)
def test_what_is_no_key_is_wrong_usage(run: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(run), f"--key={key}"]) == 2
    assert main(["keys", "trust", key]) == 2
    assert "public key" in capsys.readouterr().err
    assert trusted_keys() == {}


def test_a_spoiled_list_of_keys_is_told_with_its_line(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config" / "bandproof").mkdir(parents=True)
    (tmp_path / "config" / "bandproof" / "trusted-keys").write_text(f"# ours\n\n{key_of(run)} lab\nnot-a-key lab\n")
    assert main(["verify", str(run)]) == 4
    assert "trusted-keys:4: this is no public key" in capsys.readouterr().err


@pytest.mark.parametrize("signature", ["", "{}", '{"signature": 1}', '{"signature": "AAAA"}', "[" * 100_000])
def test_a_signature_that_is_none_is_named(run: Path, signature: str) -> None:
    (run / "manifest.sig").write_text(signature)
    assert "manifest.sig" in files_of(verify(run))
    assert examine(run).signer is None


@pytest.mark.parametrize("key", [1, "", "x", ["x"], {"a": 1}, False])
def test_a_manifest_that_names_no_key_is_not_signed_by_it(run: Path, key: object) -> None:
    resealed(run)
    told = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps(told | {"public_key": key}, indent=1) + "\n")
    assert "manifest.sig" in files_of(verify(run))
    assert examine(run).signer is None


def test_a_signature_without_a_key_in_the_manifest_is_named(run: Path) -> None:
    kept = (run / "manifest.sig").read_bytes()
    resealed(run)
    (run / "manifest.sig").write_bytes(kept)
    assert "manifest.sig" in files_of(verify(run))


def test_a_run_rendered_again_without_the_key_is_unsigned_and_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key.pem"
    signing.new_key(key)
    folder = run_pytest(tmp_path, f"--device=fixture:{MIX2}", "--carrier=us/att@2017-03", key=key)
    assert (folder / "manifest.sig").exists()
    monkeypatch.setenv("BANDPROOF_KEY", str(tmp_path / "nowhere.pem"))
    assert main(["report", str(folder), "--format=html"]) == 0
    assert main(["verify", str(folder)]) == 6
    assert "not signed" in capsys.readouterr().out
