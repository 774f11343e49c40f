"""Check a finished run as a stranger would: hashes and signature, then every verdict again from the evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness.errors import BandproofError, FileError
from harness.recording.files import load_recording
from harness.recording.scrubbing.scrub import hide_address
from harness.reports.document.devices import device_part
from harness.reports.document.editions import editions_of

from .folder import RUN_FILE, read_asked, rederive
from .manifest import Fault, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from harness.verdicts.plan import Run

REPORT = "report.json"
_LISTED_CHANGES = 5


def verify(directory: Path, *, trusted: str | None = None) -> list[Fault]:
    """Everything that does not agree, what was changed first; empty where the run holds. Needs only the folder.

    Raises FileError where there is no run to check.
    """
    faults, _ = check(directory, trusted=trusted)
    try:
        document = json.loads((directory / REPORT).read_text(encoding="utf-8"))
        told = [*_explained(directory, document, faults)]
        run = rederive(directory, read_asked(directory))
        return [*told, *_verdict_faults(document, run), *_device_faults(document, run)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BandproofError) as error:
        words = error.message if isinstance(error, BandproofError) else f"{type(error).__name__}: {error}"
        where = REPORT if isinstance(error, (ValueError, KeyError, TypeError, AttributeError)) else None
        cannot = Fault(where, f"the verdicts cannot be derived again: {words}")
        return [*faults, cannot] if faults or where or isinstance(error, BandproofError) else [cannot]


def _explained(directory: Path, document: Mapping[str, Any], faults: list[Fault]) -> Iterator[Fault]:
    """Changed files with what changed in them, where that can be told."""
    for fault in faults:
        parts = (fault.file or "").split("/")
        more: list[str] = []
        if parts[0] == "evidence" and len(parts) > 2:
            more = [*_exchange_changes(directory, document, parts[1])]
        elif parts[:2] == ["profiles", "carriers"]:
            more = [*_edition_changes(directory, document, "/".join(parts[2:]).removesuffix(".yaml"))]
        yield Fault(fault.file, "; ".join([fault.message, *more[:_LISTED_CHANGES]]))


def _exchange_changes(directory: Path, document: Mapping[str, Any], device: str) -> Iterator[str]:
    """How the exchanges of a device differ from the report's index of them."""
    listed: list[dict[str, Any]] = next(
        (one["exchanges"] for one in document["devices"] if one["device"] == device), []
    )
    try:
        recording = load_recording(directory / "evidence" / device)
    except BandproofError as error:
        yield error.message
        return
    for link in dict.fromkeys(one["link"] for one in listed):
        index = [(one["request"], one["bytes"]) for one in listed if one["link"] == link]
        held = [(one.request, len(one.response)) for one in recording.links.get(link, ())]
        if len(held) < len(index):
            gone = next((n for n, row in enumerate(index) if n >= len(held) or held[n] != row), 0)
            yield f"exchange {gone} of {link} (`{index[gone][0]}`) was dropped"
        elif len(held) > len(index):
            new = next((n for n, row in enumerate(held) if n >= len(index) or index[n] != row), 0)
            yield f"exchange {new} of {link} (`{held[new][0]}`) was added"


def _edition_changes(directory: Path, document: Mapping[str, Any], carrier: str) -> Iterator[str]:
    """Which requirements of a carrier are no longer those that the report was written by."""
    from harness.carriers.store import Profiles

    try:
        profiles = Profiles([directory / "profiles"])
        refs = [f"{one['carrier']}@{one['edition']}" for one in document["editions"] if one["carrier"] == carrier]
        now = {f"{one['carrier']}@{one['edition']}": one for one in editions_of(profiles.select(refs))}
    except BandproofError as error:
        yield f"profile {carrier}: {error.message}"
        return
    for edition in document["editions"]:
        ref = f"{edition['carrier']}@{edition['edition']}"
        if ref not in now or edition["carrier"] != carrier:
            continue
        before, after = ({rule["id"]: rule for rule in one["requirements"]} for one in (edition, now[ref]))
        for id_ in sorted(before.keys() | after.keys()):
            if before.get(id_) != after.get(id_):
                how = "was dropped" if id_ not in after else "was added" if id_ not in before else "was changed"
                yield f"profile {ref}: requirement {id_} {how}"


def _verdict_faults(document: Mapping[str, Any], run: Run) -> Iterator[Fault]:
    """Verdicts of the report that the evidence and the profiles do not give."""
    told = {_key(one): one for one in document["verdicts"]}
    derived = {}
    for case in run.cases:
        verdict = run.verdict(case).as_json()
        survey = run.surveys[case.device]
        verdict["reason"] = hide_address(verdict["reason"], survey.address)
        derived[_key(verdict)] = verdict
    complete = document["run"].get("complete", True)
    for key in derived:
        if key not in told and complete:
            yield Fault(REPORT, f"lacks the verdict on {'/'.join(key)}")
    for key, one in told.items():
        again = derived.get(key)
        if again is None:
            yield Fault(REPORT, f"has a verdict that no profile asks for: {'/'.join(key)}")
        elif again != {name: value for name, value in one.items() if name != "attempts"}:
            part = next(name for name in again if again[name] != one.get(name))
            yield Fault(
                REPORT,
                f"{'/'.join(key)}: {part} is {one.get(part)!r} in the report, the evidence gives {again[part]!r}",
            )
    counts = {name: sum(one["verdict"] == name for one in document["verdicts"]) for name in document["summary"]}
    if counts != document["summary"]:
        yield Fault(REPORT, "its summary does not count its verdicts")


def _device_faults(document: Mapping[str, Any], run: Run) -> Iterator[Fault]:
    """Facts of the report that the evidence does not give."""
    for told in document["devices"]:
        survey = run.surveys.get(told["device"])
        if survey is None:
            yield Fault(REPORT, f"tells of {told['device']}, of which there is no evidence")
            continue
        again = device_part(survey, run.declared.get(told["device"]))
        for part in ("identity", "layers", "observations", "declared_bands"):
            if json.loads(json.dumps(again[part])) != told.get(part):
                yield Fault(REPORT, f"{told['device']}: its {part} are not what the evidence gives")


def _key(verdict: Mapping[str, Any]) -> tuple[str, str, str]:
    return verdict["device"], f"{verdict['carrier']}@{verdict['edition']}", verdict["requirement"]


def require_run(directory: Path) -> None:
    """Raises FileError where the folder is no run's."""
    if not (directory / RUN_FILE).is_file():
        raise FileError("is no run's folder: it has no run.json", path=str(directory))
