"""INCONC that is the profile's: no device and no evidence could close it, only another publisher can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .verdict import Outcome

if TYPE_CHECKING:
    from harness.survey.survey import Survey

    from .case import Case
    from .verdict import Verdict


def is_profile_open(verdict: Verdict, case: Case, survey: Survey) -> bool:
    """Whether the verdict is open because of what no publisher says of the carrier.

    Of a device that could not be read whole, INCONC stays the device's: what is missing may be more than the profile.
    """
    if verdict.outcome is not Outcome.INCONC or survey.trouble:
        return False
    return case.rule.leaves_coverage_open
