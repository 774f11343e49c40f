"""Requirements on a handset's software: the market of its ROM, Google's apps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.observations import Grade, Identity

from .verdict import Outcome, Verdict

if TYPE_CHECKING:
    from harness.carriers.edition import RomRegionRule
    from harness.survey.survey import Survey


def rom_verdict(blank: Verdict, survey: Survey, rule: RomRegionRule) -> Verdict:
    """The ROM is built for one of the regions asked; a region that was not observed is INCONC."""
    if survey.kind == "modem":
        return replace(blank, outcome=Outcome.NA, reason="a modem has no ROM region")
    told = [item for item in survey.all(Identity) if item.rom_region]
    evidence = tuple(item.source for item in told if item.source)
    regions = sorted({str(item.rom_region) for item in told})
    if not regions:
        return replace(blank, reason="ROM region not observed", evidence=evidence)
    if len(regions) > 1:
        return replace(blank, reason=f"sources disagree on the ROM region: {', '.join(regions)}", evidence=evidence)
    outcome = Outcome.PASS if regions[0] in rule.any_of else Outcome.FAIL
    return replace(blank, outcome=outcome, reason=f"ROM region {regions[0]}", grade=Grade.MEASURED, evidence=evidence)


def google_apps_verdict(blank: Verdict, survey: Survey) -> Verdict:
    """Google's services and store are there and enabled. A list that cannot tell is INCONC."""
    if survey.kind == "modem":
        return replace(blank, outcome=Outcome.NA, reason="a modem has no apps")
    apps = survey.google_apps
    if apps is None:
        return replace(blank, reason="package list not observed")
    states = {"services": apps.services, "store": apps.store, "framework": apps.framework}
    found = replace(blank, grade=apps.grade, evidence=(apps.source,) if apps.source else ())
    missing = [f"{name} {state}" for name, state in states.items() if state in {"absent", "disabled"}]
    if missing:
        return replace(found, outcome=Outcome.FAIL, reason=f"Google {', '.join(missing)}")
    if apps.services == "present" and apps.store == "present":
        return replace(found, outcome=Outcome.PASS, reason="Google services and store present")
    return replace(found, grade=None, reason="the package list cannot tell whether Google's apps are there")
