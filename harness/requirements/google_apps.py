"""`google_apps`: Google's services and store are on the device and enabled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord

from .answers import Answer, sources
from .outcomes import Outcome

if TYPE_CHECKING:
    from .bound import CarrierBound


class GoogleAppsRule(Rule, frozen=True, kw_only=True, tag="google_apps"):
    """Google's services and store are on the device and enabled."""

    kind: ClassVar[str] = "google_apps"
    needed: GradeWord = "observed"

    def asks(self) -> str:
        """In words."""
        return "Google services and store present and enabled"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the package list. One that cannot tell is INCONC."""
        if bound.survey.kind == "modem":
            return Answer(Outcome.NA, "a modem has no apps")
        apps = bound.survey.google_apps
        if apps is None:
            return Answer(Outcome.INCONC, "package list not observed")
        evidence = sources([apps])
        states = {"services": apps.services, "store": apps.store, "framework": apps.framework}
        missing = [f"{name} {state}" for name, state in states.items() if state in {"absent", "disabled"}]
        if missing:
            return Answer(Outcome.FAIL, f"Google {', '.join(missing)}", apps.grade, evidence)
        if apps.services == "present" and apps.store == "present":
            return Answer(Outcome.PASS, "Google services and store present", apps.grade, evidence)
        return Answer(Outcome.INCONC, "the package list cannot tell whether Google's apps are there", None, evidence)
