"""`volte`: calls over LTE, as the carrier's configuration on the device and the network tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord, VolteState
from harness.observations import Service
from harness.yamlfiles.problem import Problem

from .answers import Answer, all_of, told
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.edition import Edition

    from .bound import CarrierBound

_SERVICES = {"available": "volte_available", "provisioned": "volte_provisioned", "registered": "ims"}
"""The service by which each state of VoLTE is observed."""
_ONLY = "VoLTE shows only with a SIM of this carrier"
_WITHOUT = {
    "not_told": f"{_ONLY}, and whose SIM is in is not known",
    "none": f"{_ONLY}, and none is in",
    "other": f"{_ONLY}, and none is in",
}


class VolteRule(Rule, frozen=True, kw_only=True, tag="volte"):
    """Calls over LTE: the carrier's configuration offers VoLTE, it is provisioned, the device is registered for IMS.

    NA unless the SIM belongs to the carrier: the configuration on the device is that of the SIM.
    """

    kind: ClassVar[str] = "volte"
    needs_sim: ClassVar[bool] = True
    needed: GradeWord = "observed"
    states: tuple[VolteState, ...] = ("available",)

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A rule that lists nothing would pass everything."""
        if not self.states:
            yield Problem(("states",), "states must name at least one of available, provisioned, registered")

    def asks(self) -> str:
        """`VoLTE available and provisioned`."""
        return f"VoLTE {' and '.join(self.states)}"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the services of the carrier's SIM."""
        sim = bound.sim
        if not sim.is_in:
            why = _WITHOUT.get(sim.standing, f"{_ONLY}: {sim.why}")
            return Answer(Outcome.NA if sim.not_applicable else Outcome.INCONC, why)
        services = [service for service in bound.survey.all(Service) if sim.slots.hold(service.slot)]
        return all_of(
            [
                told(f"VoLTE {state}", [service for service in services if service.name == _SERVICES[state]])
                for state in self.states
            ]
        )
