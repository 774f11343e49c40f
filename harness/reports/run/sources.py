"""The runs that a joined run was made of: each keeps its own manifest, signature and report, and they still hold.

    RUN/sources/<run key>/manifest.json, manifest.sha256, manifest.sig     as the run was sealed
    RUN/sources/<run key>/run.json, report.json, …                         what each run has of its own
    RUN/evidence, profiles, declared, attachments, …                       of all runs, byte for byte as they were

A file that a manifest of a source names lies in the source's folder, or else at the same place in the joined run.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import BandproofError
from harness.reports.document.document import REPORT_FILE, load_document, plain

from .folder import read_asked
from .seals.manifest import ManifestFault, seal_of, signer_of
from .seals.regular_files import NotRegular, read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harness.reports.document.document import Document

    from .folder import AskedRun

SOURCES = "sources"
KEY = re.compile(r"[0-9TZ-]{20,24}-[0-9a-f]{4,16}")
OWN_FILES = re.compile(r"run\.json|report\.[a-z0-9]+|manifest\.(?:json|sha256|sig|tsr)")
"""What a source keeps of its own."""


@dataclass(frozen=True, slots=True)
class SourceRun:
    """A run that went into a joined one: its key, and who signed it (None: nobody, or not rightly)."""

    key: str
    signer: str | None


def sources_of(directory: Path, asked: AskedRun) -> tuple[SourceRun, ...]:
    """The sources that `run.json` names."""
    found = []
    for key in asked.joined:
        folder = directory / SOURCES / key
        try:
            _, manifest = seal_of(folder)
            found.append(SourceRun(key, signer_of(folder, manifest)))
        except (BandproofError, OSError):
            found.append(SourceRun(key, None))
    return tuple(found)


def source_faults(directory: Path, asked: AskedRun, document: Document) -> Iterator[ManifestFault]:
    """What of the sources does not hold any more, and what the joined report tells otherwise than they did."""
    there = {one.name for one in (directory / SOURCES).iterdir()} if (directory / SOURCES).is_dir() else set()
    if there != set(asked.joined):
        yield ManifestFault(SOURCES, "are not the runs that run.json names")
    told: list[str] = []
    for key in asked.joined:
        if not KEY.fullmatch(key):
            yield ManifestFault("run.json", f"names a run that has no such key: {key!r}")
            continue
        try:
            yield from _seal_faults(directory, key)
            source = load_document(directory / SOURCES / key / REPORT_FILE)
        except (BandproofError, OSError) as error:
            yield ManifestFault(f"{SOURCES}/{key}", f"cannot be read: {getattr(error, 'message', error)}")
            continue
        told += [one.device for one in source.devices]
        yield from _verdict_faults(key, source, document)
    if asked.joined and sorted(told) != sorted(one.device for one in document.devices):
        yield ManifestFault(REPORT_FILE, "does not tell of the devices of its runs once each")


def _seal_faults(directory: Path, key: str) -> Iterator[ManifestFault]:
    """The manifest of a source, and every file that it lists."""
    folder = directory / SOURCES / key
    faults, manifest = seal_of(folder)
    for fault in faults:
        yield ManifestFault(f"{SOURCES}/{key}/{fault.file}", fault.message)
    if read_asked(folder).key != key:
        yield ManifestFault(f"{SOURCES}/{key}/run.json", "is of another run")
    for one in manifest["files"]:
        name = str(one["file"])
        place = f"{SOURCES}/{key}/{name}" if OWN_FILES.fullmatch(name) else name
        try:
            data = read_regular(directory, place)
        except FileNotFoundError:
            yield ManifestFault(place, f"is missing, the run {key} had it")
        except (NotRegular, OSError) as error:
            yield ManifestFault(place, f"cannot be read: {error.strerror}")
        else:
            if len(data) != one["bytes"] or hashlib.sha256(data).hexdigest() != one["sha256"]:
                yield ManifestFault(place, f"is not what the run {key} had")


def _verdict_faults(key: str, source: Document, document: Document) -> Iterator[ManifestFault]:
    names = {one.device for one in source.devices}
    before = {(one.device, *one.ref, one.requirement): plain(one) for one in source.verdicts}
    after = {(one.device, *one.ref, one.requirement): plain(one) for one in document.verdicts if one.device in names}
    for case in before.keys() | after.keys():
        if before.get(case) != after.get(case):
            yield ManifestFault(REPORT_FILE, f"{'/'.join(case)} is not what the run {key} came to")
