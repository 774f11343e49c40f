"""Which data a run judged by: hashes over the profiles and sheets that it kept in its folder."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from .folder import carriers_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harness.carriers.store import Selected

_SHORT = 12


def profile_hashes(directory: Path, selected: Iterable[Selected]) -> dict[str, str]:
    """Carrier -> SHA-256 over its profile and those that it inherits from; a carrier whose file was not kept is absent."""
    found = {}
    for one in {one.carrier.id: one for one in selected}.values():
        names = dict.fromkeys(carriers_of(one))
        files = [directory / "profiles" / "carriers" / f"{name}.yaml" for name in names]
        if all(file.is_file() for file in files):
            found[one.carrier.id] = _hash(directory, files)
    return found


def data_version(directory: Path) -> str | None:
    """A short hash over all that was kept, `sha256:` before it; None where nothing was."""
    files = sorted((directory / "profiles").rglob("*.yaml"))
    return f"sha256:{_hash(directory, files)[:_SHORT]}" if files else None


def _hash(directory: Path, files: Iterable[Path]) -> str:
    """Over names and bytes. One file alone has the hash that `sha256sum` prints."""
    files = list(files)
    if len(files) == 1:
        return hashlib.sha256(files[0].read_bytes()).hexdigest()
    digest = hashlib.sha256()
    for file in files:
        own = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{own}  {file.relative_to(directory).as_posix()}\n".encode())
    return digest.hexdigest()
