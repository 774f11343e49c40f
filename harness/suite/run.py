"""One run: devices read at the same time, carriers chosen, and the cases that follow. Knows no pytest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.carriers.store import Profiles
from harness.errors import UsageError
from harness.observations import Grade
from harness.survey.reading import read_device, unique_names
from harness.verdicts.declared import declared_for
from harness.verdicts.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from harness.carriers.model import Requirement
    from harness.carriers.store import Selected
    from harness.survey.model import Survey
    from harness.verdicts.facts import Declared
    from harness.verdicts.model import Policy, Verdict

MOST_AT_ONCE = 64
"""More new connections at once stall newer adb servers (listen backlog 128)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One requirement of one carrier's edition for one device."""

    device: str
    selected: Selected
    rule: Requirement

    @property
    def id(self) -> str:
        """`mi-mix-2/us/att@2017-03/ATT-LTE-B12`."""
        return f"{self.device}/{self.selected.ref}/{self.rule.id}"


@dataclass
class Run:
    """What was asked for, and what was read. `cases` are in the order of devices, carriers and requirements."""

    policy: Policy = "strict"
    require_grade: Grade = Grade.DECLARED
    as_of: date | None = None
    surveys: dict[str, Survey] = field(default_factory=dict)
    declared: dict[str, Declared | None] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    """Per device: which sheet was taken and why, or why none."""
    cases: list[Case] = field(default_factory=list)

    def verdict(self, case: Case) -> Verdict:
        """Judge one case."""
        return judge(
            self.surveys[case.device],
            case.selected,
            case.rule,
            declared=self.declared.get(case.device),
            policy=self.policy,
            require_grade=self.require_grade,
        )


def read_devices(
    addresses: Sequence[str], *, evidence: Path | None = None, told: Callable[[Survey], None] | None = None
) -> dict[str, Survey]:
    """Read all devices at the same time; a slow or dead one delays no other. Surveys come in the order of addresses."""
    names = unique_names(dict.fromkeys(addresses))

    def read(address: str) -> Survey:
        name = names[address]
        survey = read_device(address, device=name, evidence=evidence / name if evidence else None)
        if told is not None:
            told(survey)
        return survey

    with ThreadPoolExecutor(min(MOST_AT_ONCE, max(1, len(names)))) as pool:
        return {survey.device: survey for survey in pool.map(read, names)}


def plan_run(run: Run, carriers: Sequence[str], profiles: Profiles | None = None) -> None:
    """Choose carriers for each device and lay out the cases.

    Without names the SIM's PLMN decides. Raises UsageError where nothing decides for any device, UnknownName for a
    carrier that nobody profiles.
    """
    from harness.carriers.sheets import Sheets

    profiles = profiles or Profiles()
    sheets = Sheets()
    chosen = profiles.select(carriers, run.as_of) if carriers else None
    for name, survey in run.surveys.items():
        run.declared[name], run.remarks[name] = declared_for(survey, sheets)
        for selected in chosen if chosen is not None else _of_sim(survey, profiles, run.as_of):
            run.cases += [Case(name, selected, rule) for rule in selected.edition.requirements]
    if not run.cases:
        raise UsageError(
            "no carrier to judge by: no SIM tells one", way_out="name it: --carrier=us or --carrier=us/att"
        )


def _of_sim(survey: Survey, profiles: Profiles, as_of: date | None) -> list[Selected]:
    ids = [id_ for plmn in survey.sim_plmns for id_ in profiles.by_plmn(plmn, as_of)]
    return profiles.select(list(dict.fromkeys(ids)), as_of) if ids else []
