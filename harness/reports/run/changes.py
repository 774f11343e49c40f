"""What changed in a file of a run, where that can be told: exchanges that were dropped, requirements that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import BandproofError
from harness.recording.files import load_recording
from harness.reports.document.editions import editions_of

from .seals.manifest import ManifestFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from harness.reports.document.document import Document
    from harness.reports.document.entries import ExchangeEntry

_LISTED_CHANGES = 5


def explained(directory: Path, document: Document, faults: Iterable[ManifestFault]) -> Iterator[ManifestFault]:
    """The faults of files, each with what changed in its file."""
    for fault in faults:
        parts = (fault.file or "").split("/")
        more: list[str] = []
        if parts[0] == "evidence" and len(parts) > 2:
            more = [*_exchange_changes(directory, document, parts[1])]
        elif parts[:2] == ["profiles", "carriers"]:
            more = [*_edition_changes(directory, document, "/".join(parts[2:]).removesuffix(".yaml"))]
        yield ManifestFault(fault.file, "; ".join([fault.message, *more[:_LISTED_CHANGES]]))


def _exchange_changes(directory: Path, document: Document, device: str) -> Iterator[str]:
    """How the exchanges of a device differ from the report's index of them."""
    listed: tuple[ExchangeEntry, ...] = next((one.exchanges for one in document.devices if one.device == device), ())
    try:
        recording = load_recording(directory / "evidence" / device)
    except BandproofError as error:
        yield error.message
        return
    for link in dict.fromkeys(one.link for one in listed):
        index = [(one.request, one.bytes) for one in listed if one.link == link]
        held = [(one.request, len(one.response)) for one in recording.links.get(link, ())]
        if len(held) < len(index):
            gone = next((n for n, row in enumerate(index) if n >= len(held) or held[n] != row), 0)
            yield f"exchange {gone} of {link} (`{index[gone][0]}`) was dropped"
        elif len(held) > len(index):
            new = next((n for n, row in enumerate(held) if n >= len(index) or index[n] != row), 0)
            yield f"exchange {new} of {link} (`{held[new][0]}`) was added"


def _edition_changes(directory: Path, document: Document, carrier: str) -> Iterator[str]:
    """Which requirements of a carrier are no longer those that the report was written by."""
    from harness.carriers.store import Profiles

    told = [one for one in document.editions if one.carrier == carrier]
    try:
        profiles = Profiles([directory / "profiles"])
        now = {one.ref: one for one in editions_of(profiles.select([f"{one.carrier}@{one.edition}" for one in told]))}
    except BandproofError as error:
        yield f"profile {carrier}: {error.message}"
        return
    for edition in told:
        if edition.ref not in now:
            continue
        before, after = ({rule.id: rule for rule in one.requirements} for one in (edition, now[edition.ref]))
        for id_ in sorted(before.keys() | after.keys()):
            if before.get(id_) != after.get(id_):
                how = "was dropped" if id_ not in after else "was added" if id_ not in before else "was changed"
                yield f"profile {edition.carrier}@{edition.edition}: requirement {id_} {how}"
