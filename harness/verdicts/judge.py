"""One requirement of one edition against one survey. Pure: the same values in, the same verdict out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.carriers.model import AttachRule, BandRule, GoogleAppsRule, RegisteredRule, RomRegionRule
from harness.observations import Grade, Source
from harness.radio.tables import band_label

from .facts import NR_WORDS, BandFact, Declared, band_fact, enabled_note
from .model import Outcome, Policy, Verdict

if TYPE_CHECKING:
    from harness.carriers.model import Alias, Requirement
    from harness.carriers.store import Selected
    from harness.observations import Registration, ServingCell
    from harness.survey.model import Survey

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
    needed = max(GRADES[rule.needed], require_grade)
    if isinstance(rule, BandRule):
        found = _band(blank, survey, selected, rule, declared, policy)
    elif isinstance(rule, AttachRule | RegisteredRule):
        found = _network(blank, survey, selected, rule)
    elif isinstance(rule, RomRegionRule):
        found = _rom(blank, survey, rule)
    else:
        found = _google_apps(blank, survey, rule)
    found = _graded(found, needed)
    found = _leveled(found, policy)
    if survey.trouble and found.outcome is Outcome.INCONC:
        found = replace(found, reason=f"{found.reason} (the device was lost: {survey.trouble})")
    return found


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
    return "Google services and store present and enabled"


def _graded(found: Verdict, needed: Grade) -> Verdict:
    """A verdict on weaker evidence than asked decides nothing."""
    if found.outcome not in {Outcome.PASS, Outcome.PASS_NOTE, Outcome.FAIL} or found.grade is None:
        return found
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
    fact = band_fact(survey, declared, rule.rat, rule.band)
    found = replace(blank, reason=fact.why, grade=fact.grade, evidence=fact.evidence)
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
    return replace(found, outcome=Outcome.FAIL, reason=f"{fact.why} ({rule.role})")


def _stand_in(
    survey: Survey, selected: Selected, rule: BandRule, declared: Declared | None, policy: Policy
) -> tuple[BandFact, str] | None:
    """Another band that satisfies the rule: a legacy alias that the edition declares, under `service` any-of too."""
    aliases: tuple[Alias, ...] = selected.edition.alias_for(rule.rat, rule.band)
    choices = [(alias.satisfied_by, alias.reason) for alias in aliases]
    if policy == "service":
        choices += [(a.band, a.note or f"{a.relation} of {band_label(rule.rat, rule.band)}") for a in rule.any_of]
    for band, why in choices:
        fact = band_fact(survey, declared, rule.rat, band)
        if fact.has is True:
            return fact, why
    return None


def _network(blank: Verdict, survey: Survey, selected: Selected, rule: AttachRule | RegisteredRule) -> Verdict:
    """Attach and registration apply where a SIM of the carrier is in the device."""
    plmns = survey.sim_plmns
    if not plmns:
        states = {sim.state for sim in survey.sims} or {"not observed"}
        return replace(
            blank, outcome=Outcome.NA, reason=f"no SIM of the carrier seen (SIM: {', '.join(map(str, states))})"
        )
    own = [sim for sim in survey.sims if sim.plmn in selected.carrier.plmns]
    if not own:
        return replace(blank, outcome=Outcome.NA, reason=f"the SIM belongs to {', '.join(plmns)}, not to this carrier")
    slots = {sim.slot for sim in own}
    if isinstance(rule, AttachRule):
        return _attached(blank, survey, rule, slots)
    return _registered(blank, survey, rule, slots)


def _in_slots(slot: int | None, slots: set[int | None]) -> bool:
    return slot in slots or slot is None or slots == {None}


def _attached(blank: Verdict, survey: Survey, rule: AttachRule, slots: set[int | None]) -> Verdict:
    cells = [cell for cell in survey.primary_cells if _in_slots(cell.slot, slots)]
    registered = [cell for cell in cells if cell.registered is True or _home(survey, cell)]
    if not registered:
        why = "camped on a cell without registration" if cells else "no serving cell observed"
        return replace(blank, reason=why, evidence=_sources(cells))
    merged = _merge(registered)
    evidence = _sources(registered)
    if any(cell.band_source == "conflict" for cell in registered) or len({c.band for c in registered if c.band}) > 1:
        return replace(blank, reason="channel and reported band contradict each other", evidence=evidence)
    if merged.band is None or merged.rat is None:
        return replace(blank, reason="the band of the serving cell is not known", evidence=evidence)
    where = f"attached on {band_label(merged.rat, merged.band)}" + (
        f", {'NR-ARFCN' if merged.rat in NR_WORDS else 'EARFCN'} {merged.arfcn}" if merged.arfcn is not None else ""
    )
    where += f", PCI {merged.pci}" if merged.pci is not None else ""
    fits = any(_same(rat, merged.rat) and merged.band in bands for rat, bands in rule.any_of.items())
    return replace(
        blank,
        outcome=Outcome.PASS if fits else Outcome.FAIL,
        reason=where if fits else f"{where}: not one of the bands asked",
        grade=max(cell.grade for cell in registered),
        evidence=evidence,
    )


def _same(asked: str, told: str) -> bool:
    return asked == told or (asked == "nr" and told in NR_WORDS)


def _home(survey: Survey, cell: ServingCell) -> bool:
    """Whether a registration of the cell's slot says that the device is in service there."""
    return cell.registered is None and any(
        r.state in {"home", "roaming"} and _in_slots(r.slot, {cell.slot}) for r in survey.registrations
    )


def _merge(cells: list[ServingCell]) -> ServingCell:
    """The first cell, its gaps filled from the other readings of the same cell."""
    merged = cells[0]
    for cell in cells[1:]:
        if merged.arfcn in {None, cell.arfcn} or cell.arfcn is None:
            gaps = {n: getattr(cell, n) for n in ("band", "arfcn", "pci", "rat") if getattr(merged, n) is None}
            merged = replace(merged, **gaps)
    return merged


def _registered(blank: Verdict, survey: Survey, rule: RegisteredRule, slots: set[int | None]) -> Verdict:
    data = [r for r in survey.registrations if _in_slots(r.slot, slots) and r.domain != "cs"]
    states = {r.state for r in data} - {"unknown"}
    evidence = _sources(data)
    if not states:
        return replace(blank, reason="no registration observed", evidence=evidence)
    in_service = states & {"home", "roaming"}
    if len(in_service) > 1:
        return replace(blank, reason="sources disagree: home and roaming", evidence=evidence)
    grade = max(r.grade for r in data)
    if in_service:
        state = next(iter(in_service))
        fits = state in rule.states
        return replace(
            blank,
            outcome=Outcome.PASS if fits else Outcome.FAIL,
            reason=f"registered: {state}",
            grade=grade,
            evidence=evidence,
        )
    if "denied" in states:
        causes = {str(r.cause) for r in data if r.cause}
        reason = "registration denied" + (f", cause {', '.join(sorted(causes))}" if causes else "")
        return replace(blank, outcome=Outcome.FAIL, reason=reason, grade=grade, evidence=evidence)
    return replace(blank, reason=f"not in service: {', '.join(sorted(states))}", evidence=evidence)


def _sources(items: list[ServingCell] | list[Registration]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(item.source for item in items if item.source))


def _rom(blank: Verdict, survey: Survey, rule: RomRegionRule) -> Verdict:
    if survey.kind == "modem":
        return replace(blank, outcome=Outcome.NA, reason="a modem has no ROM region")
    identity = survey.identity
    region = identity.rom_region
    evidence = tuple(i.source for i in survey.all(type(identity)) if i.source and i.rom_region)
    if region is None:
        return replace(blank, reason="ROM region not observed", evidence=evidence)
    outcome = Outcome.PASS if region in rule.any_of else Outcome.FAIL
    return replace(blank, outcome=outcome, reason=f"ROM region {region}", grade=Grade.MEASURED, evidence=evidence)


def _google_apps(blank: Verdict, survey: Survey, rule: GoogleAppsRule) -> Verdict:
    del rule
    if survey.kind == "modem":
        return replace(blank, outcome=Outcome.NA, reason="a modem has no apps")
    apps = survey.google_apps
    if apps is None:
        return replace(blank, reason="package list not observed")
    states = {"services": apps.services, "store": apps.store, "framework": apps.framework}
    evidence = (apps.source,) if apps.source else ()
    missing = [f"{name} {state}" for name, state in states.items() if state in {"absent", "disabled"}]
    if missing:
        return replace(
            blank, outcome=Outcome.FAIL, reason=f"Google {', '.join(missing)}", grade=apps.grade, evidence=evidence
        )
    if apps.services == "present" and apps.store == "present":
        reason = "Google services and store present"
        return replace(blank, outcome=Outcome.PASS, reason=reason, grade=apps.grade, evidence=evidence)
    return replace(blank, reason="the package list cannot tell whether Google's apps are there", evidence=evidence)
