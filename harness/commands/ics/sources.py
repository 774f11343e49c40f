"""What `bandproof ics` reads of a device: a run's folder, an address, a recording, or capability files alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, LinkError, UnknownName, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from harness.survey.survey import Survey


@dataclass(frozen=True, slots=True)
class IcsSource:
    """One device as it was read, and what the head of a proforma says beside it."""

    survey: Survey
    date: str = ""
    """The day of the reading, where it is not today."""
    laboratory: str = ""


def read_source(words: Sequence[str], options: argparse.Namespace) -> IcsSource:
    """The device that the words name. Raises UsageError, UnknownName, InputError; LinkError where it did not answer."""
    files = [Path(word) for word in words]
    if all(one.is_file() for one in files):
        return IcsSource(_of_files(files, options))
    if len(words) > 1:
        raise UsageError(
            "more than one device is named", way_out="name one run, address or recording, or capability files only"
        )
    if (files[0] / "run.json").is_file():
        return _of_run(files[0], options.device)
    return _of_address(words[0], options)


def _of_files(files: Sequence[Path], options: argparse.Namespace) -> Survey:
    """A survey of capability files alone: whose they are is the user's word."""
    from harness.observations import Grade, Identity
    from harness.survey.evidence_files import Given, keep, read_kept
    from harness.survey.survey import Survey

    kept = keep([Given(one, model=options.model or "", build=options.build or "") for one in files])
    reading = read_kept(kept)
    if not reading.observations:
        raise FileError(
            reading.warnings[0] if reading.warnings else "tells no capability",
            path=", ".join(one.name for one in files),
        )
    said = Identity(model=options.model, build=options.build, grade=Grade.DECLARED)
    return Survey(
        device=options.model or "device",
        address=files[0].name,
        kind=None,
        observations=(*((said,) if options.model or options.build else ()), *reading.observations),
        warnings=(*reading.warnings, "whose capability it is, is the user's word alone"),
        exchanges=tuple(("uecap", one) for one in kept),
        provenance="recorded",
    )


def _of_run(folder: Path, wanted: str | None) -> IcsSource:
    from harness.reports.run.folder import read_asked, rederive

    asked = read_asked(folder)
    surveys = rederive(folder, asked).surveys
    if wanted is None and len(surveys) != 1:
        raise UsageError(f"the run has {len(surveys)} devices", way_out=f"--device={' or '.join(surveys)}")
    name = wanted or next(iter(surveys))
    if name not in surveys:
        raise UnknownName("device of this run", name, tuple(surveys))
    return IcsSource(surveys[name], asked.started[:10], asked.lab.name or "")


def _of_address(address: str, options: argparse.Namespace) -> IcsSource:
    from harness.survey.bench import load_bench
    from harness.survey.evidence_files import with_evidence
    from harness.survey.reading import read_device
    from harness.survey.targets import plan_targets

    bench = load_bench(options.bench) if options.bench or address.startswith("bench:") else None
    targets = with_evidence(plan_targets([address], bench), options.evidence)
    heard: list[LinkError] = []
    survey = read_device(targets[0], hears=heard.append)
    if survey.trouble and not survey.observations:
        ways = dict.fromkeys(error.way_out for error in heard if error.way_out)
        raise LinkError(survey.trouble, way_out="; ".join(ways))
    lab = bench[0].lab.name if bench and bench[0].lab else ""
    return IcsSource(replace(survey, device=options.device or survey.device), laboratory=lab)
