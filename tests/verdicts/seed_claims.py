"""Published claims about phones and carriers (`seed_claims.yaml`), and how they are put to the profiles and sheets."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from verdict_cases import judged, outlooked, sheet

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles, Selected
from harness.requirements.bands.declared import declared_of
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.verdicts.fit.outlook import Outlook
from harness.verdicts.listing import survey_without_device
from harness.verdicts.verdict import Outcome

CLAIMS = yaml.safe_load(Path(__file__).with_name("seed_claims.yaml").read_text(encoding="utf-8"))["claims"]
PROFILES, SHEETS = Profiles(), Sheets()
NUMBERS = (1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, *range(20, 27), 30, 31, 32, *range(40, 48))
US_2024 = ("us/att@2024", "us/verizon@2024", "us/t-mobile@2024", "us/firstnet@2023")


def at(ref: str) -> Selected:
    return PROFILES.select([ref])[0]


def by_sheet(ref: str, carrier: str, policy: Any = "strict") -> Outlook:
    """A device that is known by its declaration alone."""
    match = SHEETS.lookup(ref)
    return outlooked(survey_without_device(match), at(carrier), declared_of(match), policy)


def synthetic(carrier: str, *lte: int, policy: Any = "strict") -> Outlook:
    return outlooked(Survey("synthetic", "without device", None), at(carrier), sheet(*lte), policy)


@cache
def recorded(name: str) -> Survey:
    return read_device(f"fixture:{name}")


def of_rules(survey: Survey, ref: str) -> dict[str, Outcome]:
    chosen = at(ref)
    return {rule.id: judged(survey, chosen, rule).outcome for rule in chosen.edition.requirements}
