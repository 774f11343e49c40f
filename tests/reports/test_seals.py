"""Manifest, signature, trusted keys and differences of two documents, each rule by itself and without a run."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.errors import FileError, UsageError
from harness.reports.run import agreement
from harness.reports.run.seals import signing, time_token, trusted_keys
from harness.reports.run.seals.manifest import (
    DIGEST,
    MANIFEST,
    SCHEMA,
    SIGNATURE,
    TOKEN,
    ManifestFault,
    check,
    seal_of,
    signer_of,
    write_manifest,
)
from harness.reports.run.seals.regular_files import NotRegular, kind_of, read_regular, walk

FILES = {"run.json": b"{}", "evidence/a/adb.yaml": b"x", "report.html": b"<p>"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return made(tmp_path / "run")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    signing.new_key(tmp_path / "own" / "keys" / "key.pem")
    return tmp_path / "own" / "keys" / "key.pem"


def made(folder: Path, key: Path | None = None) -> Path:
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    write_manifest(folder, run_id="7f3a90c2", tool="bandproof 1", key=key)
    return folder


def faults(folder: Path, **how: Any) -> list[str]:
    return [str(one) for one in check(folder, **how)[0]]


def rewritten(folder: Path, change: Any, *, digest: bool = True) -> None:
    told = json.loads((folder / MANIFEST).read_bytes())
    change(told)
    (folder / MANIFEST).write_text(json.dumps(told))
    if digest:
        line = f"{hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()}  {MANIFEST}\n"
        (folder / DIGEST).write_text(line)


def test_a_manifest_names_every_file_with_size_and_hash(run: Path) -> None:
    told = json.loads((run / MANIFEST).read_bytes())
    assert (told["schema"], told["run"], told["tool"], told["public_key"]) == (SCHEMA, "7f3a90c2", "bandproof 1", None)
    assert [one["file"] for one in told["files"]] == sorted(FILES)
    for one in told["files"]:
        data = FILES[one["file"]]
        assert (one["bytes"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    digest = hashlib.sha256((run / MANIFEST).read_bytes()).hexdigest()
    assert (run / DIGEST).read_text() == f"{digest}  {MANIFEST}\n"
    assert not (run / SIGNATURE).exists()
    assert faults(run) == []
    assert str(ManifestFault("a", "b")) == "a: b"
    assert str(ManifestFault(None, "b")) == "b"


CHANGES: dict[str, tuple[Any, str]] = {
    "changed": (lambda run: (run / "run.json").write_bytes(b"[]"), "run.json: was changed after the run"),
    "longer": (
        lambda run: (run / "run.json").write_bytes(b"{} "),
        "run.json: was changed after the run (2 bytes then, 3 now)",
    ),
    "missing": (lambda run: (run / "run.json").unlink(), "run.json: is missing"),
    "added": (lambda run: (run / "more").write_bytes(b""), "more: is not listed in the manifest"),
    "twice": (
        lambda run: rewritten(run, lambda told: told["files"].append(told["files"][0])),
        "manifest.json: lists a file twice",
    ),
    "schema": (
        lambda run: rewritten(run, lambda told: told.update(schema="x")),
        f"manifest.json: is not of the schema {SCHEMA}",
    ),
    "outside": (
        lambda run: rewritten(run, lambda told: told["files"].append({"file": "../x", "bytes": 1, "sha256": "0"})),
        "../x: cannot be read: is the name of no file of this folder",
    ),
    "manifest": (
        lambda run: rewritten(run, lambda told: told.update(run="0"), digest=False),
        "manifest.json: manifest.json and manifest.sha256 do not agree: one of them was changed",
    ),
    "no digest": (
        lambda run: (run / DIGEST).unlink(),
        "manifest.sha256: manifest.json and manifest.sha256 do not agree: one of them was changed",
    ),
    "signature": (
        lambda run: (run / SIGNATURE).write_bytes(b"{}"),
        "manifest.sig: is there although the manifest names no key",
    ),
    "link": (
        lambda run: ((run / "run.json").unlink(), (run / "run.json").symlink_to("/dev/null")),
        "run.json: is a link, not a regular file: it was not opened",
    ),
    "pipe": (lambda run: os.mkfifo(run / "p"), "p: is a pipe, not a regular file: it was not opened"),
}


@pytest.mark.parametrize("way", CHANGES)
def test_each_change_of_a_folder_is_one_fault(run: Path, way: str) -> None:
    change, words = CHANGES[way]
    change(run)
    assert faults(run) == [words]
    if way in {"schema", "manifest", "no digest", "signature"}:
        assert [str(one) for one in seal_of(run)[0]] == [words]
    else:
        assert seal_of(run)[0] == []


def test_an_unsigned_run_is_a_fault_under_a_key_alone(run: Path) -> None:
    assert faults(run, trusted="k") == ["manifest.json: is not signed"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": [{}]}', '{"files": 1}', '{"files": [{"file": 1}]}', "[" * 100_000]
)
def test_a_manifest_that_is_none_is_an_input_error(run: Path, text: str) -> None:
    (run / MANIFEST).write_text(text)
    for read in (check, seal_of):
        with pytest.raises(FileError, match=r"cannot be read|too deep"):
            read(run)


def test_no_manifest_is_no_finished_run(run: Path) -> None:
    (run / MANIFEST).unlink()
    with pytest.raises(FileError, match="is no finished run"):
        check(run)
    (run / MANIFEST).symlink_to("/dev/null")
    with pytest.raises(FileError, match="is a link"):
        check(run)


def test_a_signed_run_names_its_signer_and_no_other_will_do(tmp_path: Path, key: Path) -> None:
    run = made(tmp_path / "run", key)
    public = signing.public_key(key)
    assert (faults(run), faults(run, trusted=public)) == ([], [])
    assert signer_of(run, check(run)[1]) == public
    (found,) = faults(run, trusted="another")
    assert found == f"manifest.sig: is by another key: {signing.fingerprint(str(public))}"
    # Without the key that once signed it, what is rendered again is unsigned.
    write_manifest(run, run_id="7f3a90c2", tool="bandproof 1", key=None)
    assert not (run / SIGNATURE).exists()
    write_manifest(run, run_id="7f3a90c2", tool="bandproof 1", key=tmp_path / "none.pem")
    assert faults(run) == []


@pytest.mark.parametrize("change", ["gone", "other words", "other signature", "other key", "manifest"])
def test_a_signature_that_does_not_hold(tmp_path: Path, key: Path, change: str) -> None:
    run = made(tmp_path / "run", key)
    told = json.loads((run / SIGNATURE).read_bytes())
    if change == "gone":
        (run / SIGNATURE).unlink()
    elif change == "other words":
        (run / SIGNATURE).write_text(json.dumps(told))
    elif change == "other signature":
        raw = bytearray(base64.b64decode(told["signature"]))
        raw[0] ^= 1
        told["signature"] = base64.b64encode(bytes(raw)).decode()
        (run / SIGNATURE).write_text(json.dumps(told, indent=1) + "\n")
    elif change == "other key":
        signing.new_key(tmp_path / "other.pem")
        rewritten(run, lambda one: one.update(public_key=signing.public_key(tmp_path / "other.pem")))
    else:
        rewritten(run, lambda one: one.update(tool="bandproof 2"))
    assert faults(run) == ["manifest.sig: is not the signature of the manifest by the key that it names"]
    assert signer_of(run, json.loads((run / MANIFEST).read_bytes())) is None


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path, key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    with pytest.raises(UsageError, match="there is a key already"):
        signing.new_key(key)
    assert signing.public_key(tmp_path / "none.pem") is None
    assert signing.sign(b"x", tmp_path / "none.pem") is None
    (tmp_path / "odd.pem").write_text("x")
    with pytest.raises(FileError, match="is no private key"):
        signing.public_key(tmp_path / "odd.pem")
    with pytest.raises(FileError, match="cannot be read"):
        signing.public_key(tmp_path)


def test_a_key_of_another_kind_is_none(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "ec.pem").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(FileError, match="is no Ed25519 key"):
        signing.public_key(tmp_path / "ec.pem")


def test_only_one_writing_of_a_signature_is_the_right_one(key: Path) -> None:
    public, signature = signing.sign(b"data", key) or ("", "")
    assert signing.is_signed(b"data", public, signature)
    assert not signing.is_signed(b"date", public, signature)
    assert not signing.is_signed(b"data", public, "???")
    assert not signing.is_signed(b"data", public, f" {signature}")
    assert not signing.is_signed(b"data", f"{public[:4]} {public[4:]}", signature)
    assert not signing.is_signed(b"data", "AAAA", signature)
    idle = signature[:-3] + chr(ord(signature[-3]) + 1) + signature[-2:]
    assert base64.b64decode(idle) == base64.b64decode(signature) or not signing.is_signed(b"data", public, idle)
    assert not signing.is_signed(b"data", public, idle)


def test_a_public_key_as_people_pass_it_on(key: Path) -> None:
    public = str(signing.public_key(key))
    assert signing.require_public(f" {public}\n") == public
    for text in (
        "",
        "x",
        public[:-4],
        public + "AAAA",
        public[:-2] + "?=",
        "é" * 44,
        base64.b64encode(b"x" * 31).decode(),
    ):
        with pytest.raises(UsageError, match="this is no public key"):
            signing.require_public(text)
    digits = signing.fingerprint(public).split(" ")
    assert [len(one) for one in digits] == [4] * 8
    assert "".join(digits) == hashlib.sha256(public.encode()).hexdigest()[:32]


@pytest.mark.parametrize(
    ("module", "name", "file"),
    [(signing, "key_path", "signing-key.pem"), (trusted_keys, "trusted_path", "trusted-keys")],
)
def test_where_keys_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: Any, name: str, file: str
) -> None:
    monkeypatch.setenv(module.VARIABLE, "~/own")
    assert getattr(module, name)() == Path("~/own").expanduser()
    monkeypatch.delenv(module.VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert getattr(module, name)() == tmp_path / "bandproof" / file
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert getattr(module, name)() == Path.home() / ".config" / "bandproof" / file


def test_the_list_of_trusted_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: Path) -> None:
    monkeypatch.setenv(trusted_keys.VARIABLE, str(tmp_path / "list" / "trusted"))
    monkeypatch.setenv(signing.VARIABLE, str(key))
    public = str(signing.public_key(key))
    signing.new_key(tmp_path / "other.pem")
    other = str(signing.public_key(tmp_path / "other.pem"))
    assert trusted_keys.trusted_keys() == {}
    assert trusted_keys.own_key() == public
    assert trusted_keys.trust(f" {public} ", "Band   lab\n2") == public
    trusted_keys.trust(other, "")
    assert trusted_keys.trusted_keys() == {public: "Band lab 2", other: ""}
    lines = (tmp_path / "list" / "trusted").read_text().splitlines()
    assert lines[0].startswith("# ")
    assert lines[1:] == [f"{public} Band lab 2", other]
    trusted_keys.trust(public, "Lab 3")
    assert trusted_keys.trusted_keys()[public] == "Lab 3"
    assert trusted_keys.distrust(signing.fingerprint(public)) == public
    assert trusted_keys.trusted_keys() == {other: ""}
    with pytest.raises(UsageError, match="is not trusted here"):
        trusted_keys.distrust(public)
    (tmp_path / "list" / "trusted").write_text(f"# words\n\n{other} x\nspoiled y\n")
    with pytest.raises(FileError) as caught:
        trusted_keys.trusted_keys()
    assert caught.value.line == 4


def test_what_lies_in_a_folder(run: Path) -> None:
    (run / "link").symlink_to("/dev")
    assert dict(walk(run)) == {**dict.fromkeys((*FILES, MANIFEST, DIGEST)), "link": "a link"}
    kinds = {stat.S_IFREG: None, stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    kinds |= {stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFLNK: "a link", 0: "no regular file"}
    assert {mode: kind_of(mode | 0o600) for mode in kinds} == kinds
    assert read_regular(run, "evidence/a/adb.yaml") == b"x"
    for name in ("", ".", "..", "a/../run.json", "./run.json", "a//b", "run.json\0", "a\\b", "/etc/hostname"):
        with pytest.raises(NotRegular):
            read_regular(run, name)
    for name in ("link/null", "run.json/x"):
        with pytest.raises(OSError, match=r"lies in|Not a directory"):
            read_regular(run, name)
    for name in ("link", "evidence"):
        with pytest.raises(NotRegular, match="not a regular file"):
            read_regular(run, name)


@pytest.mark.parametrize(
    ("told", "again", "old", "words"),
    [
        (1, 1, False, []),
        (1, 2, False, ["p is 1 in the report, the run gives 2"]),
        (None, 2, False, ["p is None in the report, the run gives 2"]),
        (None, 2, True, []),
        (1, None, True, ["p is 1 in the report, the run gives None"]),
        ({"a": 1}, {"a": 2}, False, ["p.a is 1 in the report, the run gives 2"]),
        ({"a": 1, "b": 1}, {"a": 1}, False, ["p.b is 1 in the report, the run gives None"]),
        ({"a": 1}, {"a": 1, "b": 1}, False, ["p.b is None in the report, the run gives 1"]),
        ({"a": 1}, {"a": 1, "b": 1}, True, []),
        ([1, 2], [1, 3], False, ["p[1] is 2 in the report, the run gives 3"]),
        (
            [1, 2],
            [3, 4],
            False,
            ["p[0] is 1 in the report, the run gives 3", "p[1] is 2 in the report, the run gives 4"],
        ),
        ([1], [1, 2], False, ["p has 1 parts in the report, the run gives 2"]),
        ([1], {"a": 1}, False, ["p is [1] in the report, the run gives {'a': 1}"]),
        ("x" * 200, "y", False, [f"p is '{'x' * 159}… in the report, the run gives 'y'"]),
    ],
)
def test_differences_of_two_documents(told: Any, again: Any, old: bool, words: list[str]) -> None:
    assert list(agreement._differences("p", told, again, is_old=old)) == words


@pytest.mark.parametrize(
    ("told", "again", "words"),
    [
        ({"reason": "a", "verdict": "PASS"}, {"reason": "b", "verdict": "FAIL"}, {"reason": "b", "verdict": "PASS"}),
        ({"reason": "a"}, {}, {}),
        ({"v": 1}, {"v": 2, "text": "t"}, {"v": 1, "text": "t"}),
        ({"v": [{"reason": "a"}]}, {"v": [{"reason": "b"}]}, {"v": [{"reason": "b"}]}),
        ({"v": [{"reason": "a"}]}, {"v": []}, {"v": [{"reason": "a"}]}),
        ({"v": "x"}, None, {"v": "x"}),
    ],
)
def test_the_sentences_of_another_version_are_not_held_against_it(told: Any, again: Any, words: Any) -> None:
    assert agreement._reworded(told, again) == words


@pytest.mark.parametrize(
    ("told", "again", "kept"),
    [
        (None, "gone", "gone"),
        ("DeviceGone: gone", None, None),
        ("DeviceGone: gone", "gone", "DeviceGone: gone"),
        ("gone", "gone", "gone"),
        ("Another word: gone", "gone", "gone"),
        ("DeviceGone: lost", "gone", "gone"),
    ],
)
def test_troubles_of_older_runs_begin_with_a_class(told: str | None, again: str | None, kept: str | None) -> None:
    assert agreement._with_class(told, again) == kept


def verdict(requirement: str, word: str = "PASS") -> Any:
    from harness.reports.document.entries import VerdictEntry

    told = {"device": "d", "carrier": "us/att", "edition": "2024", "requirement": requirement, "verdict": word}
    told |= {"text": "", "level": "mandatory", "reason": "told", "grade": None, "evidence": ()}
    import msgspec

    return msgspec.convert(told, VerdictEntry)


@pytest.mark.parametrize(
    ("told", "again", "complete", "words"),
    [
        ("AB", "AB", True, []),
        ("BA", "AB", True, ["has its verdicts in another order"]),
        ("AAB", "AB", True, ["has two verdicts on one requirement"]),
        ("A", "AB", True, ["lacks the verdict on d/us/att@2024/B"]),
        ("A", "AB", False, []),
        ("ABC", "AB", True, ["has a verdict that no profile asks for: d/us/att@2024/C"]),
        ("Ab", "AB", True, ["d/us/att@2024/B: verdict is 'FAIL' in the report, the evidence gives 'PASS'"]),
        (
            "Ca",
            "AB",
            True,
            [
                "lacks the verdict on d/us/att@2024/B",
                "has a verdict that no profile asks for: d/us/att@2024/C",
                "d/us/att@2024/A: verdict is 'FAIL' in the report, the evidence gives 'PASS'",
            ],
        ),
    ],
)
def test_verdicts_of_two_documents(told: str, again: str, complete: bool, words: list[str]) -> None:
    def document(letters: str) -> Any:
        entries = tuple(verdict(one.upper(), "FAIL" if one.islower() else "PASS") for one in letters)
        return SimpleNamespace(verdicts=entries, run=SimpleNamespace(complete=complete))

    assert [one.message for one in agreement._verdict_faults(document(told), document(again))] == words


def test_devices_of_two_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "plain", vars)

    def document(*devices: tuple[str, int]) -> Any:
        found = tuple(SimpleNamespace(device=name, build=build) for name, build in devices)
        return SimpleNamespace(devices=found, schema="bandproof.report/9")

    def words(told: Any, again: Any) -> list[str]:
        return [one.message for one in agreement._device_faults(told, again)]

    assert words(document(("a", 1)), document(("a", 1))) == []
    assert words(document(("a", 1)), document(("a", 1), ("b", 1))) == ["does not tell of b"]
    order = "does not tell of its devices once each, in order"
    assert words(document(("b", 1), ("a", 1)), document(("a", 1), ("b", 1))) == [order]
    # One without evidence hides nothing of those behind it.
    assert words(document(("x", 1), ("a", 2)), document(("a", 1))) == [
        order,
        "tells of x, of which there is no evidence",
        "a: its build are not what the evidence gives (build is 2 in the report, the run gives 1)",
    ]


class Imprint:
    """As much of a time token as its words need."""

    def __init__(self, data: bytes, name: str, oid: str) -> None:
        self.message = hashlib.new(name, data).digest()
        self.hash_algorithm = SimpleNamespace(dotted_string=oid)


@pytest.mark.parametrize(
    ("name", "oid", "over"),
    [
        ("sha256", "2.16.840.1.101.3.4.2.1", True),
        ("sha384", "2.16.840.1.101.3.4.2.2", True),
        ("sha512", "2.16.840.1.101.3.4.2.3", True),
        ("sha1", "1.3.14.3.2.26", False),
        ("sha512", "2.16.840.1.101.3.4.2.1", False),
    ],
)
def test_a_token_is_over_the_hash_of_the_manifest(name: str, oid: str, over: bool) -> None:
    token = SimpleNamespace(tst_info=SimpleNamespace(message_imprint=Imprint(b"data", name, oid)))
    assert time_token._is_over(token, b"data") is over
    assert not time_token._is_over(token, b"date")


@pytest.fixture
def stamped(run: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A run with a token that says 14:05 UTC; what is granted and trusted is as the test says."""
    (run / TOKEN).write_bytes(b"token")
    imprint = Imprint((run / MANIFEST).read_bytes(), "sha256", "2.16.840.1.101.3.4.2.1")
    at = datetime(2026, 11, 21, 14, 5, 0, 999_000, tzinfo=UTC)
    told = SimpleNamespace(tst_info=SimpleNamespace(message_imprint=imprint, gen_time=at))
    state = SimpleNamespace(run=run, token=told, distrust="")
    monkeypatch.setattr(time_token, "_decoded", lambda answer: state.token)
    monkeypatch.setattr(time_token, "_certificates", lambda path: [])
    monkeypatch.setattr(time_token, "_distrust", lambda token, data, roots: state.distrust)
    return state


def test_what_a_token_shows(stamped: Any, tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    found = time_token.examine_token(stamped.run, roots, "2026-11-21T14:03:11.000Z")
    assert (found.faults, found.open, found.time) == ((), "", "2026-11-21T14:05:00")
    assert "nothing was made later" in found.words
    assert time_token.examine_token(stamped.run, roots, "2026-11-21T14:05:00.900Z").time == "2026-11-21T14:05:00"
    assert time_token.examine_token(stamped.run, roots, None).time == "2026-11-21T14:05:00"
    (early,) = time_token.examine_token(stamped.run, roots, "2026-11-21T14:05:01.000Z").faults
    assert "before the run's end" in early.message
    alone = time_token.examine_token(stamped.run, None, None)
    assert (alone.time, alone.faults) == (None, ())
    assert "it proves nothing" in alone.words
    stamped.distrust = "no chain"
    (strange,) = time_token.examine_token(stamped.run, roots, None).faults
    assert strange.message.endswith("trusted here: no chain")


def test_what_is_no_token_over_this_run(stamped: Any) -> None:
    rewritten(stamped.run, lambda told: told.update(tool="x"))
    (other,) = time_token.examine_token(stamped.run, None, None).faults
    assert other == ManifestFault(TOKEN, "is a time token over another manifest")
    with pytest.raises(FileError, match="is no granted time token over this run"):
        time_token.keep(stamped.run, b"token")
    stamped.token = None
    (none,) = time_token.examine_token(stamped.run, None, None).faults
    assert none == ManifestFault(TOKEN, "is no granted time token (RFC 3161)")
    (stamped.run / TOKEN).unlink()
    assert time_token.examine_token(stamped.run, None, None) == time_token.NO_TOKEN


def test_a_token_is_kept_with_the_run(stamped: Any) -> None:
    assert time_token.keep(stamped.run, b"answer") == "2026-11-21T14:05:00"
    assert (stamped.run / TOKEN).read_bytes() == b"answer"
    assert faults(stamped.run) == []


def test_roots_and_addresses_of_authorities(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(time_token.VARIABLE, raising=False)
    assert time_token.roots_path(None) is None
    assert time_token.roots_path("~/r.pem") == Path("~/r.pem").expanduser()
    monkeypatch.setenv(time_token.VARIABLE, "/r.pem")
    assert time_token.roots_path(None) == Path("/r.pem")
    assert time_token.roots_path("/other.pem") == Path("/other.pem")
    for url in ("ftp://x", "file:///etc/hostname", "x"):
        with pytest.raises(UsageError, match="is no address of a time stamping authority"):
            time_token.ask(url, b"")
    with pytest.raises(UsageError) as caught:
        time_token.ask("x" * 200, b"")
    assert caught.value.message.startswith(f"{'x' * 80} is no address")
    (tmp_path / "none.pem").write_text("x")
    for path in (tmp_path / "none.pem", tmp_path / "missing.pem"):
        with pytest.raises(FileError, match="holds no certificates"):
            time_token._certificates(path)
