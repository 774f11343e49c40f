"""What the options of a run ask for, checked before any device is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.errors import UsageError
from harness.suite.declared import DeclaredFiles, declared_files
from harness.suite.options import option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from harness.carriers.store import Profiles
    from harness.requirements.papers import Papers
    from harness.survey.bench import Bench
    from harness.survey.targets import Target


_PERSONAL = {"--device", "--dut", "--evidence", "--declared", "--note", "--bands-source", "--cells", "--sweep-data"}


def command_words(config: pytest.Config) -> list[str]:
    """The command line; `--device X` and its like in one word, so that what is personal in it can be hidden."""
    words = [str(word) for word in config.invocation_params.args]
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _PERSONAL:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def with_evidence_of(targets: tuple[Target, ...], config: pytest.Config) -> tuple[Target, ...]:
    """The targets with their evidence; what cannot be read or captured is told before a device is asked."""
    options: list[str] = option(config, "evidence")
    if not options and not any(one.evidence or one.live for one in targets):
        if option(config, "act"):
            raise UsageError("--act is for a live capture", way_out="add --evidence uecap=live or bands=live")
        return targets
    from harness.survey.evidence_files import with_evidence
    from harness.survey.live.plan import LivePlan

    return with_evidence(targets, options, live=LivePlan(option(config, "act"), option(config, "scat")))


def with_sweeps_of(
    targets: tuple[Target, ...], config: pytest.Config, profiles: Profiles, as_of: date | None, bench: Bench | None
) -> tuple[Target, ...]:
    """The targets with the sweep that was asked for."""
    if not (option(config, "sweep") or option(config, "resume")):
        return targets
    from harness.suite.sweeps import with_sweeps
    from harness.survey.bench import listed

    return with_sweeps(targets, config, profiles, as_of, listed(bench.cells) if bench else ())


def papers_of(targets: Sequence[Target], config: pytest.Config) -> DeclaredFiles:
    """The papers that were declared; what a filled ICS lacks is told before a device is asked."""
    if option(config, "ics"):
        from harness.reports.run.filled_ics import require_forms

        require_forms()
    return declared_files(targets, option(config, "declared"))


def papers_again(directory: Path, names: Iterable[str], targets: Sequence[Target]) -> dict[str, Papers]:
    """The papers that the first process kept, for a worker."""
    from harness.reports.run.declared_files import kept_papers

    pairs = zip(names, targets, strict=True)
    return {name: kept_papers(directory, name, target.supplied.get("fcc_id", "")) for name, target in pairs}


def require_names(targets: Sequence[Target], profiles: Profiles, day: date | None) -> None:
    """What a bench file names of carriers and sheets is there. Raises UnknownName."""
    for one in targets:
        if one.carriers:
            profiles.select(one.carriers, day)
        if one.sheet:
            from harness.carriers.sheets import Sheets

            Sheets().lookup(one.sheet)


def is_shared(bench: Bench | None) -> bool:
    """Whether the laboratory lets others read the evidence."""
    return bench is not None and bench.evidence == "shared"


def wants_bench(named: str | None, devices: Sequence[str]) -> bool:
    """Whether a bench file is needed: it is named, or one of its devices is."""
    return named is not None or any(one.strip().startswith("bench:") for one in devices)


def new_folder(name: str, option: str) -> Path:
    """The folder of that name, made now. Raises UsageError where it holds something."""
    folder = Path(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{option} {folder} is not empty", way_out="name a new or an empty folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{option} {folder} cannot be made: {error.strerror}") from error
    return folder


def asked_day(text: str | None) -> date | None:
    """The day of `--as-of`: the last one of the period that it names."""
    if text is None:
        return None
    from harness.carriers.dates import last_day

    try:
        return last_day(text)
    except ValueError as error:
        raise pytest.UsageError(f"--as-of {text!r} is no date\n  write YYYY-MM-DD, YYYY-MM or YYYY") from error
