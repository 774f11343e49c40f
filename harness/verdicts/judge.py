"""One requirement of one edition against one survey. Pure: the same values in, the same verdict out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.carriers.edition import (
    AttachRule,
    BandRule,
    CombinationRule,
    GoogleAppsRule,
    MfbiRule,
    RegisteredRule,
    RomRegionRule,
    UeCategoryRule,
)
from harness.observations import Grade
from harness.radio.tables import band_label

from . import conditions
from .combinations import capability_asks, capability_verdict
from .facts import BandFact, Declared, band_fact, enabled_note, fact_for
from .handset import google_apps_verdict, rom_verdict
from .network import network_verdict, own_sims
from .roles import effect_of_missing
from .verdict import Outcome, Policy, Verdict

if TYPE_CHECKING:
    from harness.carriers.edition import Alias, Requirement
    from harness.carriers.store import Selected
    from harness.survey.survey import Survey

GRADES = {grade.word: grade for grade in Grade}


def judge(
    survey: Survey,
    selected: Selected,
    rule: Requirement,
    *,
    declared: Declared | None = None,
    policy: Policy = "strict",
    require_grade: Grade = Grade.DECLARED,
) -> Verdict:
    """The verdict on one requirement. What was not observed is INCONC with its reason, never PASS."""
    blank = Verdict(
        device=survey.device,
        carrier=selected.carrier.id,
        edition=selected.edition.as_of,
        requirement=rule.id,
        outcome=Outcome.INCONC,
        reason="",
        level=rule.level,
        text=asks(rule),
    )
    if survey.trouble and not survey.observations:
        return replace(blank, outcome=Outcome.ERROR, reason=survey.trouble)
    found = _found(blank, survey, selected, rule, declared, policy)
    found = _graded(found, max(GRADES[rule.needed], require_grade))
    found = _leveled(found, policy)
    if survey.trouble and found.outcome is Outcome.INCONC:
        found = replace(found, reason=f"{found.reason} (the device was lost: {survey.trouble})")
    return found


def _found(
    blank: Verdict,
    survey: Survey,
    selected: Selected,
    rule: Requirement,
    declared: Declared | None,
    policy: Policy,
) -> Verdict:
    """What the kind of the requirement makes of the survey, before grades and levels."""
    if isinstance(rule, BandRule):
        return _band(blank, survey, selected, rule, declared, policy)
    if isinstance(rule, AttachRule | RegisteredRule):
        return network_verdict(blank, survey, selected, rule)
    if isinstance(rule, RomRegionRule):
        return rom_verdict(blank, survey, rule)
    if isinstance(rule, GoogleAppsRule):
        return google_apps_verdict(blank, survey)
    if isinstance(rule, CombinationRule | UeCategoryRule | MfbiRule):
        own = bool(own_sims(survey, selected.carrier))
        return capability_verdict(blank, survey, rule, declared, own_sim=own)
    part = conditions.condition(rule, survey, selected.carrier)
    return replace(blank, outcome=part.outcome, reason=part.reason, grade=part.grade, evidence=part.evidence)


def asks(rule: Requirement) -> str:
    """What a requirement asks, in words."""
    if isinstance(rule, BandRule):
        names = " or ".join(band_label(rule.rat, band) for band in rule.bands)
        return f"{names} supported ({rule.role})"
    if isinstance(rule, AttachRule):
        bands = " ".join(band_label(rat, band) for rat, numbers in rule.any_of.items() for band in numbers)
        return f"attached on one of {bands}"
    if isinstance(rule, RegisteredRule):
        return f"registered for data: {' or '.join(rule.states)}"
    if isinstance(rule, RomRegionRule):
        return f"ROM built for {' or '.join(rule.any_of)}"
    if isinstance(rule, GoogleAppsRule):
        return "Google services and store present and enabled"
    if isinstance(rule, CombinationRule | UeCategoryRule | MfbiRule):
        return capability_asks(rule)
    return conditions.asks(rule)


def _graded(found: Verdict, needed: Grade) -> Verdict:
    """A verdict on weaker evidence than asked decides nothing, and neither does one of which no grade is known."""
    if found.outcome not in {Outcome.PASS, Outcome.PASS_NOTE, Outcome.FAIL}:
        return found
    if found.grade is None:
        return replace(found, outcome=Outcome.INCONC, reason=f"{found.reason}; how it is known was not told")
    if found.grade >= needed:
        return found
    return replace(
        found, outcome=Outcome.INCONC, reason=f"{found.reason}; only {found.grade.word}, {needed.word} is required"
    )


def _leveled(found: Verdict, policy: Policy) -> Verdict:
    """Which levels decide: informative never; a recommended one is only noted under `service`."""
    if found.level == "informative" and found.outcome in {Outcome.FAIL, Outcome.INCONC}:
        return replace(found, outcome=Outcome.NA, reason=f"informative, decides nothing: {found.reason}")
    if found.level == "recommended" and policy == "service" and found.outcome is Outcome.FAIL:
        return replace(found, outcome=Outcome.PASS_NOTE, reason=f"recommended only: {found.reason}")
    return found


def _band(
    blank: Verdict, survey: Survey, selected: Selected, rule: BandRule, declared: Declared | None, policy: Policy
) -> Verdict:
    own = bool(own_sims(survey, selected.carrier))
    fact = fact_for(band_fact(survey, declared, rule.rat, rule.band, own_sim=own), rule)
    found = replace(blank, reason=fact.why, grade=fact.grade, evidence=fact.evidence)
    others = _alternatives(survey, rule, declared, own=own)
    if fact.has is True and (undecided := next((one for one in others if one.has is not True), None)):
        return replace(found, reason=f"{fact.why}, but {undecided.why}: {_WHICH}")
    if fact.has is True:
        notes = [note for note in (fact.note, enabled_note(survey, rule.rat, rule.band)) if note]
        if notes:
            return replace(found, outcome=Outcome.PASS_NOTE, reason="; ".join([fact.why, *notes]))
        return replace(found, outcome=Outcome.PASS)
    stand_in = _stand_in(survey, selected, rule, declared, policy)
    if stand_in is not None:
        other, why = stand_in
        # The note rests on both facts: that the band is missing, and that the other is there.
        grade = min(g for g in (fact.grade, other.grade) if g is not None) if fact.has is False else other.grade
        return replace(
            found,
            outcome=Outcome.PASS_NOTE,
            reason=f"{fact.why}; {other.why}: {why}",
            grade=grade,
            evidence=fact.evidence + other.evidence,
        )
    if fact.has is None:
        return found
    if policy == "service" and (undecided := next((one for one in others if one.has is not False), None)):
        return replace(found, reason=f"{fact.why}, but {undecided.why}: {_WHICH}")
    effect = "" if rule.level == "informative" else effect_of_missing(rule)
    reason = f"{fact.why} ({rule.role})" + (f": {effect}" if effect else "")
    return replace(found, outcome=Outcome.FAIL, reason=reason)


_WHICH = "the two are separate spectrum, and no source says which of them the carrier wants"


def _alternatives(survey: Survey, rule: BandRule, declared: Declared | None, *, own: bool) -> list[BandFact]:
    """The bands of which no source says whether the carrier wants them or the rule's own: one alone proves nothing."""
    return [
        fact_for(band_fact(survey, declared, rule.rat, other.band, own_sim=own), rule)
        for other in rule.any_of
        if other.relation == "alternative"
    ]


def _stand_in(
    survey: Survey, selected: Selected, rule: BandRule, declared: Declared | None, policy: Policy
) -> tuple[BandFact, str] | None:
    """Another band that satisfies the rule: a legacy alias that the edition declares, under `service` any-of too."""
    own = bool(own_sims(survey, selected.carrier))
    aliases: tuple[Alias, ...] = selected.edition.alias_for(rule.rat, rule.band)
    choices = [(alias.satisfied_by, alias.reason) for alias in aliases]
    if policy == "service":
        label = band_label(rule.rat, rule.band)
        accepted = [a for a in rule.any_of if a.relation != "alternative"]
        choices += [(a.band, a.note or f"{a.relation} of {label}") for a in accepted]
    for band, why in choices:
        fact = fact_for(band_fact(survey, declared, rule.rat, band, own_sim=own), rule)
        if fact.has is True:
            return fact, why
    return None
