"""Each guard of `verify` by itself: times, photographs, names of files, versions, signatures, keys and tokens."""

from __future__ import annotations

import base64
import json
import shutil
import stat
import urllib.request
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from test_seals import faults, made, rewritten
from test_tampering import in_report, in_run
from test_verify import MIX2, resealed, run_pytest

from harness.errors import FileError, UsageError
from harness.reports.document.lab_entries import PhotographEntry
from harness.reports.run import verify
from harness.reports.run.seals import signing, time_token, trusted_keys
from harness.reports.run.seals.manifest import MANIFEST, SIGNATURE, TOKEN, ManifestFault, signer_of, write_manifest
from harness.reports.run.seals.time_token import TokenFound

START, END, LATER = "2026-11-21T14:03:11.000Z", "2026-11-21T14:05:00.000Z", "2026-11-21T14:05:00.001Z"


@pytest.mark.parametrize(
    ("asked", "end", "words"),
    [
        ([START, END, None], END, []),
        ([START, LATER], END, [f"d: `two` was asked at {LATER}, after the run's end ({END})"]),
        ([LATER, LATER], END, [f"d: `one` was asked at {LATER}, after the run's end ({END})"]),
        ([LATER], None, []),
        ([None], START, []),
        ([], "2026-11-21T14:03:10.999Z", [f"the run ends (2026-11-21T14:03:10.999Z) before it starts ({START})"]),
        ([], None, []),
    ],
)
def test_nothing_was_asked_after_the_runs_end(asked: list[str | None], end: str | None, words: list[str]) -> None:
    names = ("one", "two", "three")
    told = [("adb", SimpleNamespace(at=at, request=name)) for at, name in zip(asked, names, strict=False)]
    run: Any = SimpleNamespace(surveys={"c": SimpleNamespace(exchanges=[]), "d": SimpleNamespace(exchanges=told)})
    document: Any = SimpleNamespace(run=SimpleNamespace(started=START, finished=end))
    found = list(verify._time_faults(run, document))
    assert [one.message for one in found] == words
    assert {one.file for one in found} <= {"report.json"}


def test_photographs_of_the_report_and_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "attachments" / "d").mkdir(parents=True)
    for name in ("a.png", "a.page.jpg", "b.png", "c.png", "z.png"):
        (tmp_path / "attachments" / "d" / name).write_bytes(b"x")
    (tmp_path / "run.json").write_bytes(b"x")
    told = [
        PhotographEntry("d", "attachments/d/a.png", "data:x"),
        PhotographEntry("d", "attachments/d/b.png", "data:x"),
        PhotographEntry("d", "attachments/d/c.png"),
        PhotographEntry("d", "attachments/d/e.png"),
    ]
    document: Any = SimpleNamespace(photographs=told)
    assert list(verify._photograph_faults(tmp_path, document)) == [
        ManifestFault("attachments/d/z.png", "is a photograph that the report does not name"),
        ManifestFault("attachments/d/b.page.jpg", "is a photograph that is missing"),
        ManifestFault("attachments/d/e.png", "is a photograph that is missing"),
    ]
    document = SimpleNamespace(photographs=[])
    assert len(list(verify._photograph_faults(tmp_path, document))) == 5


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        *((name, True) for name in ("run.json", "told.ndjson", "report.json", "report.html", "report.xlsx")),
        *(
            (name, True)
            for name in ("waivers.yaml", "manifest.json", "manifest.sha256", "manifest.sig", "manifest.tsr")
        ),
        *((f"evidence/d/{name}.yaml", True) for name in ("recording", "adb", "at", "qmi", "uecap", "sweep")),
        *((name, True) for name in ("evidence/d/uecap.pcap", "declared/d/ics/x.xlsx", "declared/d/fcc/x")),
        *((name, True) for name in ("ics/d.xlsx", "ics/d.txt", "profiles/carriers/us/att.yaml")),
        *((name, True) for name in ("profiles/devices/x/y.yaml", "attachments/d/photograph-1.jpg")),
        *(
            (name, False)
            for name in ("run.json.bak", "x/run.json", "report", "report.HTML", "manifest.txt", "waivers.yml")
        ),
        *((name, False) for name in ("evidence/adb.yaml", "evidence/d/e/adb.yaml", "evidence/d/adb.yml", "ics/d.exe")),
        *((name, False) for name in ("attachments/x.jpg", "profiles/x.yaml", "declared/d/x/y", "sources/x/run.json")),
    ],
)
def test_files_that_a_run_leaves(tmp_path: Path, name: str, is_known: bool) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("x")
    found = [one for one in verify._folder_faults(tmp_path) if one.message == "is no file of a run"]
    assert [one.file for one in found] == ([] if is_known else [name])


def test_evidence_whose_recording_is_none_is_named_and_that_behind_it_too(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "evidence" / name).mkdir(parents=True)
    (tmp_path / "evidence" / "a" / "recording.yaml").write_text("- 1\n")
    (tmp_path / "evidence" / "c").write_text("x")
    found = [one for one in verify._folder_faults(tmp_path) if "cannot be read" in one.message]
    assert [one.file for one in found] == [f"evidence/{name}/recording.yaml" for name in "abc"]


def test_a_manifest_is_of_the_run(tmp_path: Path) -> None:
    asked: Any = SimpleNamespace(id="7f", tool="bandproof 1")
    assert list(verify._manifest_faults({"run": "7f", "tool": "bandproof 1"}, asked)) == []
    for told in ({"run": "6f", "tool": "bandproof 1"}, {"run": "8f", "tool": "bandproof 1"}, {"tool": "bandproof 1"}):
        (found,) = verify._manifest_faults(told, asked)
        assert found.message == f"its run is {told.get('run')!r}, that of run.json '7f'"
    for tool in ("bandproof 0", "bandproof 2", None):
        (found,) = verify._manifest_faults({"run": "7f", "tool": tool}, asked)
        assert found.message == f"its tool is {tool!r}, that of run.json 'bandproof 1'"


def test_only_what_is_nested_too_deep_is_refused_before_it_is_read(tmp_path: Path) -> None:
    for text in ("{}", "no json", "[" * 90 + "]" * 90):
        (tmp_path / "run.json").write_text(text)
        verify._require_shallow(tmp_path, "run.json")
    verify._require_shallow(tmp_path, "report.json")
    (tmp_path / "run.json").write_text("[" * 100_000)
    with pytest.raises(FileError, match="nested too deep"):
        verify._require_shallow(tmp_path, "run.json")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_pytest(tmp_path_factory.mktemp("guards"), f"--device=fixture:{MIX2}", "--carrier=us/sprint@2013-09")


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "run"))


def _other_words(run: Path) -> None:
    in_report(lambda told: told["verdicts"][0].update(reason="put otherwise"))(run)


@pytest.mark.parametrize("tool", ["bandproof 0", "bandproof 99", "bandproof a"])
def test_sentences_of_another_version_are_left_open_and_values_are_not(run: Path, tool: str) -> None:
    in_run(lambda told: told.update(tool=tool))(run)
    in_report(lambda told: told["run"].update(tool=tool))(run)
    (run / "report.html").unlink()
    _other_words(run)
    resealed(run)
    found = verify.examine(run)
    assert found.faults == ()
    (words,) = found.open
    assert words == f"its sentences are those of {tool} (bandproof.run/4): values were checked, words were not"
    in_report(lambda told: told["run"].update(policy="service"))(run)
    resealed(run)
    assert any("run.policy is 'service'" in one.message for one in verify.examine(run).faults)


def test_sentences_of_this_version_are_held(run: Path) -> None:
    _other_words(run)
    resealed(run)
    assert any("reason is 'put otherwise'" in one.message for one in verify.examine(run).faults)


def test_what_an_examination_tells(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = verify.examine(run)
    listed = len(json.loads((run / MANIFEST).read_text())["files"])
    assert (found.faults, found.open, found.signer, found.files) == ((), (), None, listed)
    assert verify.verify(run, trusted="x") == [ManifestFault(MANIFEST, "is not signed")]
    token = TokenFound(faults=(ManifestFault(TOKEN, "is wrong"),), open="why")
    monkeypatch.setattr(verify, "examine_token", lambda directory, roots, end: token)
    found = verify.examine(run)
    assert (found.faults, found.open, found.token) == (token.faults, ("why",), token)
    (run / "link").symlink_to("/dev/null")
    (link, more) = verify.examine(run).faults
    assert (link.file, more.file) == ("link", None)
    assert "nothing was derived again" in more.message


CONTENTS = [bytes([byte]) * 2 for byte in range(8)]


@pytest.mark.parametrize("data", CONTENTS)
def test_each_other_content_of_the_same_size_is_a_change(tmp_path: Path, data: bytes) -> None:
    run = made(tmp_path / "run")
    (run / "run.json").write_bytes(data)
    assert faults(run) == ["run.json: was changed after the run"]
    rewritten(run, lambda told: told.update(public_key=None, tool=data.hex()), digest=False)
    assert f"{MANIFEST} and manifest.sha256 do not agree" in faults(run)[0]


def test_names_of_files_are_written_as_people_read_them(tmp_path: Path) -> None:
    run = made(tmp_path / "run")
    (run / "p\u00f3t\u2713.txt").write_bytes(b"x")
    write_manifest(run, run_id="7f3a90c2", tool="bandproof 1")
    assert '"p\u00f3t\u2713.txt"'.encode() in (run / MANIFEST).read_bytes()
    assert (run / MANIFEST).read_bytes().endswith(b"}\n")
    assert faults(run) == []


def test_where_no_key_can_lie_a_run_is_unsigned(tmp_path: Path) -> None:
    for key in ("/dev/null/.config/bandproof/signing-key.pem", str(tmp_path / "none" / "key.pem")):
        run = made(tmp_path / "run", Path(key))
        (run / SIGNATURE).write_bytes(b"another's")
        made(tmp_path / "run", Path(key))
        assert not (run / SIGNATURE).exists()
        assert faults(run) == []


def test_a_long_file_of_the_same_size_is_told_without_its_size(tmp_path: Path) -> None:
    run = made(tmp_path / "run")
    (run / "run.json").write_bytes(b"a" * 5000)
    write_manifest(run, run_id="7f3a90c2", tool="bandproof 1")
    assert faults(run) == []
    (run / "run.json").write_bytes(b"b" * 5000)
    assert faults(run) == ["run.json: was changed after the run"]


def test_sizes_schemas_and_digests_to_either_side(tmp_path: Path) -> None:
    run = made(tmp_path / "run")
    (run / "run.json").write_bytes(b"{")
    assert faults(run) == ["run.json: was changed after the run (2 bytes then, 1 now)"]
    (run / "run.json").write_bytes(b"{}")
    for size in (1, 3):
        rewritten(run, lambda told, size=size: told["files"][2].update(bytes=size))
        assert faults(run) == [f"run.json: was changed after the run ({size} bytes then, 2 now)"]
    rewritten(run, lambda told: told["files"][2].update(bytes=2))
    for schema in ("a", "z", None, 1):
        rewritten(run, lambda told, schema=schema: told.update(schema=schema))
        assert faults(run) == ["manifest.json: is not of the schema bandproof.manifest/1"]
    rewritten(run, lambda told: told.update(schema="bandproof.manifest/1"))
    line = (run / "manifest.sha256").read_bytes()
    for told, file in ((line + b"\n", "manifest.sha256"), (line[:-1], "manifest.sha256"), (b"g" + line[1:], MANIFEST)):
        (run / "manifest.sha256").write_bytes(told)
        assert faults(run) == [f"{file}: manifest.json and manifest.sha256 do not agree: one of them was changed"]


def test_a_signature_has_one_writing_and_one_key(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    public = signing.new_key(key)
    run = made(tmp_path / "run", key)
    raw = (run / SIGNATURE).read_bytes()
    for told in (b" " + raw, raw + b"\n", raw.replace(b"\n", b"\r\n"), b"{" + raw[1:].replace(b"Ed25519", b"RSA")):
        (run / SIGNATURE).write_bytes(told)
        assert signer_of(run, json.loads((run / MANIFEST).read_bytes())) is None
    (run / SIGNATURE).write_bytes(raw)
    assert signer_of(run, json.loads((run / MANIFEST).read_bytes())) == public
    for other in ("!", "~", public[:-1], public + "x"):
        assert faults(run, trusted=other) == [f"manifest.sig: is by another key: {signing.fingerprint(public)}"]


def test_idle_bits_of_base64_are_no_other_signature_or_key(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    public = signing.new_key(key)
    for number in range(60):
        data = bytes([number])
        _, signature = signing.sign(data, key) or ("", "")
        idle = {"A": "B", "Q": "R", "g": "h", "w": "0"}[signature[-3]]
        other = f"{signature[:-3]}{idle}=="
        assert base64.b64decode(other) == base64.b64decode(signature)
        assert signing.is_signed(data, public, signature)
        assert not signing.is_signed(data, public, other)
        assert not signing.is_signed(data, public, f"{signature[:4]}\n{signature[4:]}")
    for size in (31, 33):
        with pytest.raises(UsageError, match="no public key"):
            signing.require_public(base64.b64encode(bytes(size)).decode())
    # 43 signs and one of filling: two idle bits.
    for last, idle in (("A", "B"), ("8", "9"), ("w", "z"), ("0", "1"), ("4", "/"), ("s", "t")):
        told = "A" * 42 + last + "="
        if base64.b64encode(base64.b64decode(told)).decode() == told:
            assert signing.require_public(told) == told
            with pytest.raises(UsageError, match="no public key"):
                signing.require_public("A" * 42 + idle + "=")


class Status(Enum):
    GRANTED = 0
    REJECTED = 2


class Wrong(Exception):
    pass


def client(*, status: Status = Status.GRANTED, info: Any = "info", good: frozenset[str] = frozenset()) -> Any:
    """As much of rfc3161-client as is used."""

    def decoded(answer: bytes) -> Any:
        if answer != b"token":
            raise ValueError
        return SimpleNamespace(status=status, tst_info=info)

    class Builder:
        def add_root_certificate(self, root: str) -> Any:
            def verified(token: Any, data: bytes) -> None:
                if root not in good:
                    raise Wrong(root)

            return SimpleNamespace(build=lambda: SimpleNamespace(verify_message=verified))

    return SimpleNamespace(
        decode_timestamp_response=decoded, PKIStatus=Status, VerifierBuilder=Builder, VerificationError=Wrong
    )


def test_only_a_granted_token_that_tells_something_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_token, "_client", client)
    assert time_token._decoded(b"token").tst_info == "info"
    assert time_token._decoded(b"other") is None
    monkeypatch.setattr(time_token, "_client", lambda: client(status=Status.REJECTED))
    assert time_token._decoded(b"token") is None
    monkeypatch.setattr(time_token, "_client", lambda: client(info=None))
    assert time_token._decoded(b"token") is None


@pytest.mark.parametrize(
    ("roots", "why"),
    [([], "no root certificate is named"), (["x"], "x"), (["x", "y"], "y"), (["a"], ""), (["x", "a", "y"], "")],
)
def test_one_trusted_root_that_vouches_is_enough(monkeypatch: pytest.MonkeyPatch, roots: Any, why: str) -> None:
    monkeypatch.setattr(time_token, "_client", lambda: client(good=frozenset({"a"})))
    assert time_token._distrust("token", b"data", roots) == why


def test_a_token_that_cannot_be_checked_or_kept_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = made(tmp_path / "run")
    (run / TOKEN).write_bytes(b"token")

    def missing() -> Any:
        raise UsageError("needs x", way_out="install x")

    monkeypatch.setattr(time_token, "_client", missing)
    found = time_token.examine_token(run, None, None)
    assert (found.open, found.faults) == (f"the time token {TOKEN}: needs x; install x", ())

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(time_token, "_decoded", lambda answer: SimpleNamespace())
    monkeypatch.setattr(time_token, "_is_over", lambda token, data: True)
    monkeypatch.setattr(time_token, "write_atomically", full)
    with pytest.raises(FileError, match="cannot be written: No space left"):
        time_token.keep(run, b"token")


def test_an_authority_has_30_seconds_and_a_mebibyte(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    class Opened:
        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self, most: int) -> bytes:
            seen.append(most)
            return b"answer"

    def opened(request: Any, timeout: float) -> Opened:
        seen.extend((request.full_url, request.data, timeout))
        return Opened()

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    for url in ("http://x/", "https://x/"):
        assert time_token.ask(url, b"query") == b"answer"
        assert seen[-4:] == [url, b"query", 30.0, 1024 * 1024]


def test_the_list_of_trusted_keys_is_its_owners_and_loses_one_key_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a" / "b" / "trusted"
    monkeypatch.setenv(trusted_keys.VARIABLE, str(path))
    keys = sorted(signing.new_key(tmp_path / f"{number}.pem") for number in range(3))
    for gone in keys:
        for key in keys:
            trusted_keys.trust(key, "x")
        assert trusted_keys.distrust(gone) == gone
        assert sorted(trusted_keys.trusted_keys()) == [key for key in keys if key != gone]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.write_text(f"\n  # words\n{keys[0]}\n  {keys[1]}  two  words \n")
    assert trusted_keys.trusted_keys() == {keys[0]: "", keys[1]: "two  words"}
    path.write_bytes(b"\xff")
    with pytest.raises(FileError, match="cannot be read"):
        trusted_keys.trusted_keys()
