"""`customisation`: the carrier's configuration, build and apps are on the device."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import Glob, GradeWord
from harness.observations import Service
from harness.yamlfiles.problem import Problem

from .answers import YES, Answer, all_of, named, told
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.edition import Edition
    from harness.survey.survey import Survey

    from .bound import CarrierBound


class CustomisationRule(Rule, frozen=True, kw_only=True, tag="customisation"):
    """The carrier's customisation is on the device: each of the named parts, by one of its names."""

    kind: ClassVar[str] = "customisation"
    needed: GradeWord = "observed"
    carrier_config: tuple[Glob, ...] = ()
    """Names of the modem's carrier configuration (MBN, PRI)."""
    build: tuple[Glob, ...] = ()
    """Names of the build, such as `*_TMO_*`."""
    apps: tuple[Glob, ...] = ()
    """Package names of the carrier's apps; every one of them must be there and enabled."""

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A rule that lists nothing would pass everything."""
        if not (self.carrier_config or self.build or self.apps):
            yield Problem((), f"{self.id} names no carrier_config, build or apps to look for")

    def asks(self) -> str:
        """`carrier configuration *ATT*; apps com.att.*`."""
        parts = {"carrier configuration": self.carrier_config, "build": self.build, "apps": self.apps}
        return "; ".join(f"{name} {' or '.join(globs)}" for name, globs in parts.items() if globs)

    def judge(self, bound: CarrierBound) -> Answer:
        """By the names that the device tells; with another SIM than expected the configuration may be that one's."""
        parts = []
        if self.carrier_config:
            part = named("carrier configuration", bound.survey, ("carrier_config",), self.carrier_config)
            if part.outcome is Outcome.FAIL and (wrong := bound.binding.sims.wrong):
                part = Answer(Outcome.INCONC, f"{part.reason}; {wrong}", None, part.evidence)
            parts.append(part)
        if self.build:
            parts.append(named("build", bound.survey, ("build", "fingerprint"), self.build))
        return all_of([*parts, *(_app(glob, bound.survey) for glob in self.apps)])


def _app(glob: str, survey: Survey) -> Answer:
    """A carrier app, by the services `app:<package>` that a package list tells."""
    seen = [
        service
        for service in survey.all(Service)
        if service.name.startswith("app:") and fnmatchcase(service.name.removeprefix("app:"), glob)
    ]
    present = [service for service in seen if service.state in YES]
    return told(f"app {glob}", present or seen)
