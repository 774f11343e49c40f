"""Requirements that are no bands: coverage left open, VoLTE, customisation, firmware, model, an enabled band.

Each judge is a pure function of a rule and a survey. What was not observed is INCONC; nothing here passes on silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from harness.carriers.edition import (
    BandEnabledRule,
    CoverageRule,
    CustomisationRule,
    FirmwareRule,
    ModelRule,
    VolteRule,
)
from harness.observations import Grade, Identity, Service, Sim, Source
from harness.radio.tables import band_label

from .network import own_sims, wrong_sim
from .verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.carriers.edition import Carrier
    from harness.survey.survey import Survey

Condition = BandEnabledRule | CoverageRule | VolteRule | CustomisationRule | FirmwareRule | ModelRule
CONDITIONS = (BandEnabledRule, CoverageRule, VolteRule, CustomisationRule, FirmwareRule, ModelRule)

_VOLTE = {"available": "volte_available", "provisioned": "volte_provisioned", "registered": "ims"}
"""The service by which each state of VoLTE is observed."""
_YES = frozenset({"on", "registered", "present", "enabled"})
_NO = frozenset({"off", "not_registered", "absent", "disabled"})


@dataclass(frozen=True, slots=True)
class Part:
    """What a verdict takes over: outcome, reason in words, grade and evidence of the deciding facts."""

    outcome: Outcome
    reason: str
    grade: Grade | None = None
    evidence: tuple[Source, ...] = ()


def condition(rule: Condition, survey: Survey, carrier: Carrier) -> Part:
    """The judgement of one requirement that is no band list; `carrier` tells whose SIM counts."""
    match rule:
        case CoverageRule():
            return _coverage(rule)
        case VolteRule():
            return _volte(rule, survey, carrier)
        case CustomisationRule():
            return _customisation(rule, survey)
        case FirmwareRule():
            return _firmware(rule, survey)
        case ModelRule():
            return _model(rule, survey)
        case BandEnabledRule():
            return _enabled(rule, survey)


def asks(rule: Condition) -> str:
    """What the requirement asks, in words."""
    match rule:
        case CoverageRule():
            return "a band below 1 GHz, which no two publishers name"
        case VolteRule():
            return f"VoLTE {' and '.join(rule.states)}"
        case CustomisationRule():
            parts = {"carrier configuration": rule.carrier_config, "build": rule.build, "apps": rule.apps}
            return "; ".join(f"{name} {' or '.join(globs)}" for name, globs in parts.items() if globs)
        case FirmwareRule():
            parts = {"baseband": rule.baseband, "build": rule.build}
            return "; ".join(f"{name} {' or '.join(globs)}" for name, globs in parts.items() if globs)
        case ModelRule():
            return f"model number {' or '.join(rule.any_of)}"
        case BandEnabledRule():
            return f"{band_label(rule.rat, rule.band)} enabled"


def _coverage(rule: CoverageRule) -> Part:
    named = [band_label(rat, number) for rat, numbers in rule.candidates.items() for number in numbers]
    told = f"one publisher names {', '.join(named)}" if named else "none is named"
    return Part(
        Outcome.INCONC,
        f"coverage_band_unconfirmed: no band below 1 GHz of this carrier has two publishers ({told}), "
        "so coverage indoors and far out is not known",
    )


def _volte(rule: VolteRule, survey: Survey, carrier: Carrier) -> Part:
    sims = own_sims(survey, carrier)
    if not sims:
        return _without_sim(survey, carrier)
    slots = {sim.slot for sim in sims}
    told = [
        _told(
            f"VoLTE {state}",
            [s for s in survey.all(Service) if s.name == _VOLTE[state] and (s.slot in slots or s.slot is None)],
        )
        for state in rule.states
    ]
    return _all_of(told)


def _without_sim(survey: Survey, carrier: Carrier) -> Part:
    if wrong := wrong_sim(survey, carrier):
        return Part(Outcome.INCONC, f"VoLTE shows only with a SIM of this carrier: {wrong}")
    if not survey.all(Sim) or any(sim.plmn is None for sim in survey.sims):
        return Part(Outcome.INCONC, "VoLTE shows only with a SIM of this carrier, and whose SIM is in is not known")
    return Part(Outcome.NA, "VoLTE shows only with a SIM of this carrier, and none is in")


def _told(what: str, services: Sequence[Service]) -> Part:
    """One yes-or-no fact from the services that tell it; sources that disagree decide nothing."""
    words = {service.state for service in services if service.state in _YES | _NO}
    evidence = tuple(dict.fromkeys(service.source for service in services if service.source))
    if not words:
        return Part(Outcome.INCONC, f"{what}: not observed", None, evidence)
    if words & _YES and words & _NO:
        return Part(Outcome.INCONC, f"{what}: sources disagree ({', '.join(sorted(map(str, words)))})", None, evidence)
    grade = max(service.grade for service in services)
    word = ", ".join(sorted(map(str, words)))
    return Part(Outcome.PASS if words <= _YES else Outcome.FAIL, f"{what}: {word}", grade, evidence)


def _all_of(parts: Sequence[Part]) -> Part:
    """The weightiest of several judgements; its grade is the weakest of those that decided it."""
    worst = max(parts, key=lambda part: part.outcome.weight).outcome
    deciding = [part for part in parts if part.outcome is worst]
    grades = [part.grade for part in deciding if part.grade is not None]
    evidence = tuple(dict.fromkeys(source for part in parts for source in part.evidence))
    reason = "; ".join(part.reason for part in deciding)
    return Part(worst, reason, min(grades) if len(grades) == len(deciding) else None, evidence)


def _customisation(rule: CustomisationRule, survey: Survey) -> Part:
    parts = []
    if rule.carrier_config:
        part = _named("carrier configuration", survey, ("carrier_config",), rule.carrier_config)
        if part.outcome is Outcome.FAIL and survey.wrong_sim:
            part = Part(Outcome.INCONC, f"{part.reason}; {survey.wrong_sim}", None, part.evidence)
        parts.append(part)
    if rule.build:
        parts.append(_named("build", survey, ("build", "fingerprint"), rule.build))
    parts += [_app(glob, survey) for glob in rule.apps]
    return _all_of(parts)


def _app(glob: str, survey: Survey) -> Part:
    """A carrier app, by the services `app:<package>` that a package list tells."""
    seen = [
        service
        for service in survey.all(Service)
        if service.name.startswith("app:") and fnmatchcase(service.name.removeprefix("app:"), glob)
    ]
    present = [service for service in seen if service.state in _YES]
    return _told(f"app {glob}", present or seen)


def _firmware(rule: FirmwareRule, survey: Survey) -> Part:
    parts = []
    if rule.baseband:
        parts.append(_named("baseband", survey, ("baseband",), rule.baseband))
    if rule.build:
        parts.append(_named("build", survey, ("build", "fingerprint"), rule.build))
    return _all_of(parts)


def _model(rule: ModelRule, survey: Survey) -> Part:
    """The model number; a marketing name is none, so it is never looked at."""
    return _named("model number", survey, ("model",), rule.any_of)


def _named(what: str, survey: Survey, names: tuple[str, ...], globs: tuple[str, ...]) -> Part:
    """Whether a part of the identity fits one of the patterns, letters of either case alike."""
    facts = [(item, value) for item in survey.all(Identity) for name in names if (value := getattr(item, name))]
    evidence = tuple(dict.fromkeys(item.source for item, _ in facts if item.source))
    if not facts:
        return Part(Outcome.INCONC, f"{what}: not observed")
    fits = [any(fnmatchcase(value.casefold(), glob.casefold()) for glob in globs) for _, value in facts]
    values = ", ".join(dict.fromkeys(value for _, value in facts))
    grade = max(item.grade for item, _ in facts)
    if any(fits) and not all(fits) and len(names) == 1:
        return Part(Outcome.INCONC, f"{what}: sources disagree ({values})", None, evidence)
    if any(fits):
        return Part(Outcome.PASS, f"{what} {values}", grade, evidence)
    return Part(Outcome.FAIL, f"{what} {values}: none of {', '.join(globs)}", grade, evidence)


def _enabled(rule: BandEnabledRule, survey: Survey) -> Part:
    label = band_label(rule.rat, rule.band)
    words = {rule.rat, "nr_sa", "nr_nsa"} if rule.rat == "nr" else {rule.rat}
    lists = [item for item in survey.enabled if item.rat in words]
    evidence = tuple(dict.fromkeys(item.source for item in lists if item.source))
    if any(item.bands is None for item in lists) or not lists:
        why = "not restricted, which names no band" if lists else "not observed"
        return Part(Outcome.INCONC, f"{label}: the enabled bands are {why}", None, evidence)
    answers = {rule.band in (item.bands or ()) for item in lists}
    grade = max(item.grade for item in lists)
    if answers == {True}:
        return Part(Outcome.PASS, f"{label} is enabled", grade, evidence)
    if answers == {False}:
        return Part(Outcome.FAIL, f"{label} is not enabled", grade, evidence)
    return Part(Outcome.INCONC, f"{label}: sources disagree whether it is enabled", None, evidence)
