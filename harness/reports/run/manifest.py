"""The manifest of a run: name, size and hash of every file, its own hash, and the lab's signature where it has a key.

`manifest.json` lists every other file of the folder; `manifest.sha256` is its hash as `sha256sum -c` reads it;
`manifest.sig` the Ed25519 signature. A byte that differs in any of them, or in any file listed, is found by `check`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import FileError
from harness.recording.writer import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = "bandproof.manifest/1"
MANIFEST, DIGEST, SIGNATURE = "manifest.json", "manifest.sha256", "manifest.sig"
_OWN = {MANIFEST, DIGEST, SIGNATURE}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree: the file it is in (None: the run as a whole), and what is wrong, in words."""

    file: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}" if self.file else self.message


def write_manifest(directory: Path, *, run_id: str, tool: str, key: Path | None = None) -> None:
    """Hash every file of the folder; sign where there is a key. Raises OSError, FileError for a key that is none."""
    from . import signing

    public = signing.public_key(key) if key is not None and key.exists() else None
    document = {
        "schema": SCHEMA,
        "run": run_id,
        "tool": tool,
        "public_key": public,
        "files": [_entry(directory, path) for path in sorted(_files(directory))],
    }
    data = _bytes(document)
    write_atomically(directory / DIGEST, _digest_line(data))
    if public is not None and key is not None:
        signed = signing.sign(data, key)
        if signed is not None:
            write_atomically(directory / SIGNATURE, _signature(*signed))
    # The last of all: a run that was killed before has no manifest, and so is not finished.
    write_atomically(directory / MANIFEST, data)


def check(directory: Path, *, trusted: str | None = None) -> tuple[list[Fault], dict[str, Any]]:
    """Every file that is missing, changed or not listed; and the manifest. With `trusted` only that key will do.

    Raises FileError where there is no manifest or it cannot be read at all.
    """
    path = directory / MANIFEST
    try:
        data = path.read_bytes()
        document = json.loads(data)
        files: list[dict[str, Any]] = document["files"]
        listed = {str(one["file"]): (one["bytes"], one["sha256"]) for one in files}
    except FileNotFoundError:
        raise FileError("is no finished run: it has no manifest.json", path=str(directory)) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"cannot be read: {error}", path=str(path)) from None
    faults = [*_own_faults(directory, data, document, trusted)]
    for name, (size, digest) in listed.items():
        faults += _file_faults(directory, name, size, digest)
    present = {one.relative_to(directory).as_posix() for one in _files(directory)}
    faults += [Fault(name, "is not listed in the manifest") for name in sorted(present - listed.keys())]
    return faults, document


def _own_faults(directory: Path, data: bytes, document: dict[str, Any], trusted: str | None) -> Iterator[Fault]:
    from . import signing

    try:
        told = (directory / DIGEST).read_bytes()
    except OSError:
        told = b""
    if told != _digest_line(data):
        changed = MANIFEST if len(told) == len(_digest_line(data)) else DIGEST
        yield Fault(changed, f"{MANIFEST} and {DIGEST} do not agree: one of them was changed")
    public = document.get("public_key")
    if public is None:
        if (directory / SIGNATURE).exists():
            yield Fault(SIGNATURE, "is there although the manifest names no key")
        if trusted is not None:
            yield Fault(MANIFEST, "is not signed")
        return
    try:
        raw = (directory / SIGNATURE).read_bytes()
        signature = str(json.loads(raw)["signature"])
        good = raw == _signature(public, signature) and signing.is_signed(data, public, signature)
    except (OSError, ValueError, KeyError, TypeError):
        good = False
    if not good:
        yield Fault(SIGNATURE, "is not the signature of the manifest by the key that it names")
    elif trusted is not None and trusted != public:
        yield Fault(SIGNATURE, f"is by another key: {signing.fingerprint(public)}")


def _file_faults(directory: Path, name: str, size: int, digest: str) -> Iterator[Fault]:
    path = directory / name
    try:
        path.resolve().relative_to(directory.resolve())
        data = path.read_bytes()
    except FileNotFoundError:
        yield Fault(name, "is missing")
    except (OSError, ValueError) as error:
        yield Fault(name, f"cannot be read: {error}")
    else:
        if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
            more = "" if len(data) == size else f" ({size} bytes then, {len(data)} now)"
            yield Fault(name, f"was changed after the run{more}")


def _entry(directory: Path, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"file": path.relative_to(directory).as_posix(), "bytes": path.stat().st_size, "sha256": digest}


def _files(directory: Path) -> Iterator[Path]:
    for path in directory.rglob("*"):
        if path.is_file() and not (path.parent == directory and path.name in _OWN):
            yield path


def _bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _signature(public: str, signature: str) -> bytes:
    return _bytes({"algorithm": "Ed25519", "public_key": public, "signature": signature})


def _digest_line(data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode()
