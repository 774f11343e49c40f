"""Check a finished run as a stranger would: hashes and signature, then every verdict again from the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from harness.errors import BandproofError, FileError
from harness.observations import Unread
from harness.recording.files import load_recording
from harness.recording.scrubbing.scrub import hide_address
from harness.reports.document.build import verdict_entry
from harness.reports.document.devices import device_entry
from harness.reports.document.document import REPORT_FILE, load_document, plain, summary_of
from harness.reports.document.editions import editions_of
from harness.reports.document.papers import papers_entry
from harness.reports.document.told_facts import ToldFacts

from .folder import RUN_FILE, read_asked, rederive
from .manifest import Fault, check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harness.reports.document.document import Document
    from harness.reports.document.entries import ExchangeEntry, VerdictEntry
    from harness.verdicts.plan import Run

_LISTED_CHANGES = 5


def verify(directory: Path, *, trusted: str | None = None) -> list[Fault]:
    """Everything that does not agree, what was changed first; empty where the run holds. Needs only the folder.

    Raises FileError where there is no run to check.
    """
    faults, _ = check(directory, trusted=trusted)
    try:
        document = load_document(directory)
    except FileError as error:
        return [*faults, Fault(REPORT_FILE, f"the verdicts cannot be derived again: {error.message}")]
    told = [*_explained(directory, document, faults)]
    try:
        run = rederive(directory, read_asked(directory))
        return [*told, *_verdict_faults(document, run), *_device_faults(document, run), *_paper_faults(document, run)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BandproofError) as error:
        words = error.message if isinstance(error, BandproofError) else f"{type(error).__name__}: {error}"
        return [*told, Fault(None, f"the verdicts cannot be derived again: {words}")]


def _explained(directory: Path, document: Document, faults: list[Fault]) -> Iterator[Fault]:
    """Changed files with what changed in them, where that can be told."""
    for fault in faults:
        parts = (fault.file or "").split("/")
        more: list[str] = []
        if parts[0] == "evidence" and len(parts) > 2:
            more = [*_exchange_changes(directory, document, parts[1])]
        elif parts[:2] == ["profiles", "carriers"]:
            more = [*_edition_changes(directory, document, "/".join(parts[2:]).removesuffix(".yaml"))]
        yield Fault(fault.file, "; ".join([fault.message, *more[:_LISTED_CHANGES]]))


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


def _verdict_faults(document: Document, run: Run) -> Iterator[Fault]:
    """Verdicts of the report that the evidence and the profiles do not give."""
    told = {_key(one): one for one in document.verdicts}
    derived = {}
    for case in run.cases:
        verdict = run.verdict(case)
        reason = hide_address(verdict.reason, run.surveys[case.device].address)
        again = replace(verdict_entry(verdict), reason=reason)
        derived[_key(again)] = again
    for key in derived:
        if key not in told and document.run.complete:
            yield Fault(REPORT_FILE, f"lacks the verdict on {'/'.join(key)}")
    for key, one in told.items():
        if key not in derived:
            yield Fault(REPORT_FILE, f"has a verdict that no profile asks for: {'/'.join(key)}")
        elif derived[key] != replace(one, attempts=None):
            yield Fault(REPORT_FILE, f"{'/'.join(key)}: {_difference(one, derived[key])}")
    if summary_of(document.verdicts) != document.summary:
        yield Fault(REPORT_FILE, "its summary does not count its verdicts")


def _difference(told: VerdictEntry, again: VerdictEntry) -> str:
    """The first part of a verdict that differs, both ways."""
    one, other = plain(told), plain(again)
    part = next(name for name in other if one.get(name) != other[name])
    return f"{part} is {one.get(part)!r} in the report, the evidence gives {other[part]!r}"


def _device_faults(document: Document, run: Run) -> Iterator[Fault]:
    """Facts of the report that the evidence does not give."""
    for told in document.devices:
        bound = run.bound.get(told.device)
        if bound is None:
            yield Fault(REPORT_FILE, f"tells of {told.device}, of which there is no evidence")
            continue
        again = device_entry(bound)
        if document.schema == "bandproof.report/1":
            # What could not be read was no fact then.
            again = replace(again, observations=ToldFacts(f for f in again.observations if not isinstance(f, Unread)))
        facts = told.observations
        identity = {name: value for name, value in again.identity.items() if facts.knew("identity", name)}
        agree = {
            "identity": told.identity == identity,
            "layers": told.layers == again.layers,
            "observations": facts.agrees(again.observations),
            "declared_bands": told.declared_bands == again.declared_bands,
        }
        for part in (part for part, agrees in agree.items() if not agrees):
            yield Fault(REPORT_FILE, f"{told.device}: its {part} are not what the evidence gives")


def _paper_faults(document: Document, run: Run) -> Iterator[Fault]:
    """What the report tells of declared papers and the folder's papers and evidence do not give."""
    for name, bound in run.bound.items():
        if papers_entry(bound) != document.papers.get(name):
            yield Fault(REPORT_FILE, f"{name}: what was declared of it is not what the papers and the evidence give")


def _key(verdict: VerdictEntry) -> tuple[str, str, str]:
    return verdict.device, f"{verdict.carrier}@{verdict.edition}", verdict.requirement


def require_run(directory: Path) -> None:
    """Raises FileError where the folder is no run's."""
    if not (directory / RUN_FILE).is_file():
        raise FileError("is no run's folder: it has no run.json", path=str(directory))
