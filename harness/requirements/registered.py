"""`registered`: the device is registered for data, at home or roaming as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from harness.binding.service import disputed, for_sms_alone, may_be_of
from harness.binding.slot import of_the_slots
from harness.binding.unread import unread
from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord
from harness.observations import Grade
from harness.yamlfiles.problem import Problem

from .answers import Answer, sources
from .network import SERVING, is_foreign, out_of_service, without_sim
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from harness.carriers.edition import Edition
    from harness.observations import Registration, ServingCell

    from .bound import CarrierBound


class RegisteredRule(Rule, frozen=True, kw_only=True, tag="registered"):
    """The device is registered for data in one of these states. NA unless the SIM belongs to the carrier."""

    kind: ClassVar[str] = "registered"
    needs_sim: ClassVar[bool] = True
    needed: GradeWord = "observed"
    states: tuple[Literal["home", "roaming"], ...] = ("home",)

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A rule that lists nothing would pass everything."""
        if not self.states:
            yield Problem(("states",), "states must name home, roaming or both")

    def asks(self) -> str:
        """`registered for data: home`."""
        return f"registered for data: {' or '.join(self.states)}"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the registrations of the carrier's SIM that are not for voice alone."""
        if not bound.sim.is_in:
            return without_sim(bound)
        told = [r for r in bound.survey.registrations if r.domain != "cs"]
        data = of_the_slots(told, bound.sim.slots, lambda item: item.state in SERVING)
        if data is None:
            why = "registrations with and without a slot contradict each other: which is the SIM's is not told"
            return Answer(Outcome.INCONC, why, None, sources(told))
        if disputed(data):
            why = "sources disagree whether the device is registered: " + ", ".join(sorted({r.state for r in data}))
            return Answer(Outcome.INCONC, why.replace("_", " "), None, sources(data))
        states = {r.state for r in data} - {"unknown"}
        evidence = sources(data)
        if not states and not any(r.cause for r in data):
            return Answer(Outcome.INCONC, "no registration observed", None, evidence)
        serving = [r for r in data if r.state in SERVING]
        if len({r.state for r in serving}) > 1:
            return Answer(Outcome.INCONC, "sources disagree: home and roaming", None, evidence)
        if serving and (denied_by := _denied_by_cell(bound, serving)):
            why = (
                "sources disagree whether the device is registered: its serving cell is told as none of a registration"
            )
            return Answer(Outcome.INCONC, why, None, evidence + sources(denied_by))
        if serving:
            return _serving(self, bound, serving, data)
        denied = [r for r in data if r.state == "denied"]
        if denied:
            return Answer(Outcome.FAIL, out_of_service(data), _best(denied), evidence)
        return Answer(Outcome.INCONC, out_of_service(data), None, evidence)

    def particulars(self) -> Mapping[str, Any]:
        """The states asked."""
        return {"states": list(self.states)}


def _serving(
    rule: RegisteredRule, bound: CarrierBound, serving: Sequence[Registration], data: Sequence[Registration]
) -> Answer:
    (state,) = {r.state for r in serving}
    evidence = sources(data)
    if state not in rule.states:
        where = next((f" on {r.plmn}" for r in serving if r.plmn), "") if state == "roaming" else ""
        if state == "roaming":
            why = f"roaming{where}: abroad nothing is told of registration at home; ask again on the carrier's own network"
            return Answer(Outcome.INCONC, why, None, evidence)
        return Answer(Outcome.FAIL, f"registered: {state}{where}", _best(serving), evidence)
    foreign = [plmn for plmn in _networks(bound, serving) if is_foreign(plmn, bound.carrier)]
    if state == "home" and foreign:
        why = f"registered on {foreign[0]}, which is not the carrier's network"
        return Answer(Outcome.INCONC, why, None, evidence)
    if all(for_sms_alone(bound.survey, r) for r in serving):
        return Answer(
            Outcome.INCONC, f"registered: {state}, for SMS only: that it is for data is not told", None, evidence
        )
    if lost := unread(bound.survey, "registration"):
        why = f"registered: {state}, but the answer to {lost[0]} could not be read"
        return Answer(Outcome.INCONC, why, None, evidence)
    if not _networks(bound, serving) and (lost := unread(bound.survey, "serving")):
        why = f"registered: {state}, but on whose network is not told: the answer to {lost[0]} could not be read"
        return Answer(Outcome.INCONC, why, None, evidence)
    if _best(serving) < Grade.MEASURED:
        why = f"registered: {state} by what the phone last published alone, which it also does while it only camps"
        return Answer(Outcome.INCONC, why, None, evidence)
    alone = ", on 5G standalone only" if {r.domain for r in serving} == {"5gs"} else ""
    return Answer(Outcome.PASS, f"registered: {state}{alone}", _best(serving), evidence)


def _denied_by_cell(bound: CarrierBound, serving: Sequence[Registration]) -> tuple[ServingCell, ...]:
    """Cells of the SIM that are told as camped on, of a technology in which the device is said to be registered."""
    domains = {r.domain for r in serving}
    return tuple(
        cell
        for cell in bound.survey.primary_cells
        if cell.registered is False
        and cell.arfcn is not None
        and bound.sim.slots.hold(cell.slot)
        and any(may_be_of(cell, domain) for domain in domains)
    )


def _networks(bound: CarrierBound, serving: Sequence[Registration]) -> tuple[str, ...]:
    """The networks that registrations name; of a modem, whose +CEREG names none, those of its serving cells."""
    named = [r.plmn for r in serving if r.plmn]
    cells = [] if named else [c.plmn for c in bound.survey.primary_cells if bound.sim.slots.hold(c.slot) and c.plmn]
    return (*named, *cells)


def _best(items: Iterable[Registration]) -> Grade:
    return max(item.grade for item in items)
