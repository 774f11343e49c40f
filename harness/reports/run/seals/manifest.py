"""The manifest of a run: name, size and hash of every file, its own hash, and the lab's signature where it has a key.

`manifest.json` lists every other file of the folder; `manifest.sha256` is its hash as `sha256sum -c` reads it;
`manifest.sig` the Ed25519 signature, `manifest.tsr` a time token (RFC 3161), where there are any. A byte that differs in
any of them, or in any file listed, is found by `check` (in the token: by `time_token`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import FileError
from harness.recording.writer import write_atomically

from .regular_files import NotRegular, read_regular, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = "bandproof.manifest/1"
MANIFEST, DIGEST, SIGNATURE, TOKEN = "manifest.json", "manifest.sha256", "manifest.sig", "manifest.tsr"
_OWN = {MANIFEST, DIGEST, SIGNATURE, TOKEN}


@dataclass(frozen=True, slots=True)
class ManifestFault:
    """One thing that does not agree: the file it is in (None: the run as a whole), and what is wrong, in words."""

    file: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}" if self.file else self.message


def write_manifest(directory: Path, *, run_id: str, tool: str, key: Path | None = None) -> None:
    """Hash every file of the folder; sign where there is a key. Raises OSError, FileError for a key that is none."""
    from . import signing

    public = None if key is None else signing.public_key(key)
    document = {
        "schema": SCHEMA,
        "run": run_id,
        "tool": tool,
        "public_key": public,
        "files": [_entry(directory, path) for path in sorted(_files(directory))],
    }
    data = _bytes(document)
    write_atomically(directory / DIGEST, _digest_line(data))
    signed = None if key is None else signing.sign(data, key)
    if signed is None:
        # Of who rendered the run again without the key: it was somebody else's word on other files.
        (directory / SIGNATURE).unlink(missing_ok=True)
    else:
        write_atomically(directory / SIGNATURE, _signature(*signed))
    # The last of all: a run that was killed before has no manifest, and so is not finished.
    write_atomically(directory / MANIFEST, data)


def check(directory: Path, *, trusted: str | None = None) -> tuple[list[ManifestFault], dict[str, Any]]:
    """Every file that is missing, changed, not listed or no regular file; and the manifest. With `trusted` only that
    key will do.

    Raises FileError where there is no manifest or it cannot be read at all.
    """
    data, document = _manifest(directory)
    files: list[dict[str, Any]] = document["files"]
    listed = {str(one["file"]): (one["bytes"], one["sha256"]) for one in files}
    found = dict(walk(directory))
    faults = [
        ManifestFault(name, f"is {kind}, not a regular file: it was not opened") for name, kind in found.items() if kind
    ]
    faults += _own_faults(directory, data, document, trusted)
    if len(listed) < len(files):
        faults.append(ManifestFault(MANIFEST, "lists a file twice"))
    for name, (size, digest) in listed.items():
        if not found.get(name):
            faults += _file_faults(directory, name, size, digest)
    added = found.keys() - listed.keys() - _OWN
    faults += [ManifestFault(name, "is not listed in the manifest") for name in sorted(added) if not found[name]]
    return faults, document


def seal_of(directory: Path) -> tuple[list[ManifestFault], dict[str, Any]]:
    """What is wrong with the manifest itself (its digest, its signature), and the manifest; its files are not looked at.

    Raises FileError where there is none, or it cannot be read at all.
    """
    data, document = _manifest(directory)
    return list(_own_faults(directory, data, document, None)), document


def _manifest(directory: Path) -> tuple[bytes, dict[str, Any]]:
    path = directory / MANIFEST
    try:
        data = read_regular(directory, MANIFEST)
        document = json.loads(data)
        for one in document["files"]:
            one["file"], one["bytes"], one["sha256"]
    except FileNotFoundError:
        raise FileError("is no finished run: it has no manifest.json", path=str(directory)) from None
    except NotRegular as error:
        raise FileError(str(error.strerror), path=str(path)) from None
    except RecursionError:
        raise FileError("is nested too deep", path=str(path)) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"cannot be read: {error}", path=str(path)) from None
    return data, document


def signer_of(directory: Path, document: dict[str, Any]) -> str | None:
    """The public key by which the manifest is signed; None where it is not, or where the signature does not hold."""
    from . import signing

    public = document.get("public_key")
    try:
        raw = read_regular(directory, SIGNATURE)
        signature = str(json.loads(raw)["signature"])
        data = read_regular(directory, MANIFEST)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(public, str) or raw != _signature(public, signature):
        return None
    return public if signing.is_signed(data, public, signature) else None


def _own_faults(directory: Path, data: bytes, document: dict[str, Any], trusted: str | None) -> Iterator[ManifestFault]:
    from . import signing

    try:
        told = read_regular(directory, DIGEST)
    except OSError:
        told = b""
    if told != _digest_line(data):
        changed = MANIFEST if len(told) == len(_digest_line(data)) else DIGEST
        yield ManifestFault(changed, f"{MANIFEST} and {DIGEST} do not agree: one of them was changed")
    if document.get("schema") != SCHEMA:
        yield ManifestFault(MANIFEST, f"is not of the schema {SCHEMA}")
    public = document.get("public_key")
    if public is None:
        if (directory / SIGNATURE).exists():
            yield ManifestFault(SIGNATURE, "is there although the manifest names no key")
        if trusted is not None:
            yield ManifestFault(MANIFEST, "is not signed")
        return
    if signer_of(directory, document) is None:
        yield ManifestFault(SIGNATURE, "is not the signature of the manifest by the key that it names")
    elif trusted is not None and trusted != public:
        yield ManifestFault(SIGNATURE, f"is by another key: {signing.fingerprint(public)}")


def _file_faults(directory: Path, name: str, size: int, digest: str) -> Iterator[ManifestFault]:
    try:
        data = read_regular(directory, name)
    except FileNotFoundError:
        yield ManifestFault(name, "is missing")
    except OSError as error:
        yield ManifestFault(name, f"cannot be read: {error.strerror}")
    else:
        if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
            more = "" if len(data) == size else f" ({size} bytes then, {len(data)} now)"
            yield ManifestFault(name, f"was changed after the run{more}")


def _entry(directory: Path, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"file": path.relative_to(directory).as_posix(), "bytes": path.stat().st_size, "sha256": digest}


def _files(directory: Path) -> Iterator[Path]:
    """All regular files but the manifest's own."""
    return (directory / name for name, kind in walk(directory) if kind is None and name not in _OWN)


def _bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _signature(public: str, signature: str) -> bytes:
    return _bytes({"algorithm": "Ed25519", "public_key": public, "signature": signature})


def _digest_line(data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode()
