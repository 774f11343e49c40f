"""`combination`: a carrier aggregation or dual connectivity, or a larger one that has it as a fallback."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from harness.capability_facts import BandCombinations, CarrierComponent
from harness.carriers import configurations
from harness.carriers.configurations import parse_configuration, parse_parts
from harness.carriers.kinds import Rule
from harness.carriers.words import CombinationText, GradeWord, UplinkText
from harness.observations import Grade, ServingCell, Source
from harness.radio.rats import family
from harness.radio.related_tests import topics_of
from harness.yamlfiles.problem import Problem

from .answers import Answer, sources
from .capability import NOT_TOLD, ONCE, Said, WantedCarrier, carriers, combination_name, said_by, serves
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness.binding.binding import Binding
    from harness.carriers.edition import Edition
    from harness.survey.survey import Survey

    from .bound import CarrierBound

_UNSURE = "told with a bandwidth class of which it is not certain that it falls back to the one asked"
_SEEN = frozenset({"lte", "nr"})
"""The families whose cells can be carriers of a combination."""


class CombinationRule(Rule, frozen=True, kw_only=True, tag="combination"):
    """The device supports this carrier aggregation or dual connectivity, or a larger one that has it as a fallback.

    `configuration` as 3GPP writes it: CA_2A-12A, CA_n41C, DC_2A-66A_n71A. Without `uplink` any uplink will do.
    """

    kind: ClassVar[str] = "combination"
    needed: GradeWord = "measured"
    configuration: CombinationText
    uplink: UplinkText = ""

    @property
    def topics(self) -> tuple[str, ...]:
        """The tests of its type of combination."""
        found = configurations.parse_configuration(self.configuration)
        return topics_of(self.kind, type_=found[0]) if found else ()

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """What is no configuration, names unknown bands or classes, or an uplink outside it."""
        for one in configurations.faults(self.configuration, self.uplink):
            yield Problem((one.key,), one.words)

    def asks(self) -> str:
        """`CA_2A-12A supported, uplink 2A`."""
        return f"{self.configuration} supported{f', uplink {self.uplink}' if self.uplink else ''}"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the capability's lists, the cells in use together, and the bands. What it told once only is INCONC."""
        return _judged(self, bound)

    def particulars(self) -> Mapping[str, Any]:
        """Configuration and uplink."""
        return {"configuration": self.configuration, "uplink": self.uplink or None}


def wanted_of(rule: CombinationRule) -> tuple[str, tuple[WantedCarrier, ...]]:
    """Type and components of a requirement that passed the lint. Raises ValueError for another."""
    found, up = parse_configuration(rule.configuration), parse_parts(rule.uplink) if rule.uplink else ()
    if found is None or up is None:
        raise ValueError(f"{rule.configuration} {rule.uplink}")
    left = list(up)
    out = []
    for part in found[1]:
        own = next((one for one in left if (one.rat, one.band) == (part.rat, part.band)), None)
        if own is not None:
            left.remove(own)
        out.append(WantedCarrier(part, own.letter if own else None))
    return found[0], tuple(out)


def _judged(rule: CombinationRule, bound: CarrierBound) -> Answer:
    type_, wanted = wanted_of(rule)
    name = rule.configuration + (f" with uplink {rule.uplink}" if rule.uplink else "")
    # An EN-DC combination without its SCG is LTE CA; its list says nothing of what LTE alone lacks.
    types = {type_, *(["en_dc"] * (type_ == "lte_ca"))}
    lists = [one for one in bound.survey.all(BandCombinations) if one.type in types]
    said = _said(lists, type_, wanted)
    words = {word for _, word in said}
    read = sources(one for one, _ in said)
    found = Answer(Outcome.INCONC, "", None, read)
    lacking = _lacking(bound, wanted)
    seen = _observed(bound.survey, bound.binding, wanted)
    if "no" in words and (len(words) > 1 or seen):
        return replace(found, reason=f"{name}: {_sides(said, seen)}", evidence=(*read, *seen))
    if words & {"yes", "once"} and lacking:
        return replace(found, reason=f"{name}: {_sides(said, ())}, and yet {lacking.reason}")
    if "yes" in words:
        return Answer(Outcome.PASS, f"{name} measured{_how(said, wanted)}", Grade.MEASURED, read)
    if seen:
        return Answer(Outcome.PASS, f"{name} seen in use", Grade.OBSERVED, seen)
    if "once" in words:
        return replace(found, reason=f"{name}: {ONCE}")
    if "unsure" in words and not lacking:
        return replace(found, reason=f"{name}: {_UNSURE}")
    if lacking:
        return replace(lacking, reason=f"{name}: {lacking.reason}")
    if "no" not in words:
        return replace(found, reason=f"{name}: {_open(bound.survey, lists)}")
    if not bound.sim.is_in:
        reason = f"{name} not told to the network; the modem's carrier policy belongs to another SIM"
        return replace(found, reason=reason)
    return Answer(Outcome.FAIL, f"{name} not supported (measured)", Grade.MEASURED, read)


def _said(
    lists: Sequence[BandCombinations], type_: str, wanted: Sequence[WantedCarrier]
) -> list[tuple[BandCombinations, Said]]:
    """What each list says. A reading in two parts is silent in the one of what it tells in the other."""
    said = [(one, word) for one in lists if (word := said_by(one, wanted, own_type=one.type == type_))]
    told = {(one.type, one.source) for one, word in said if word != "no"}
    return [(one, word) for one, word in said if word != "no" or (one.type, one.source) not in told]


def _lacking(bound: CarrierBound, wanted: Sequence[WantedCarrier]) -> Answer | None:
    """FAIL by the first band of the combination that the device lacks; None where it may have all."""
    for one in wanted:
        fact = bound.fact(one.part.rat, one.part.band)
        if fact.has is False:
            return Answer(Outcome.FAIL, fact.why, fact.grade, fact.evidence)
    return None


def _how(said: Sequence[tuple[BandCombinations, Said]], wanted: Sequence[WantedCarrier]) -> str:
    """` as a fallback of CA_2A-12A-66A` where the combination itself does not stand in the list."""
    for told, word in said:
        if word != "yes":
            continue
        fitting = sorted((one for one in told.combinations if serves(one, wanted)), key=carriers)
        if carriers(fitting[0]) == sum(one.part.carriers for one in wanted) and len(fitting[0]) == len(wanted):
            return ""
        return f" as a fallback of {combination_name(fitting[0])}"
    return ""


def _sides(said: Sequence[tuple[BandCombinations, Said]], seen: Sequence[Source]) -> str:
    words = {"yes": "has it", "once": "has it once", "unsure": "may have it", "no": "has it not"}
    told = [f"{one.source or one.type} ({one.type.replace('_', '-').upper()}) {words[word]}" for one, word in said]
    told += [f"seen in use ({source})" for source in seen[:1]]
    return ", ".join(dict.fromkeys(told)) if len(told) < 2 else f"sources disagree: {', '.join(dict.fromkeys(told))}"


def _open(survey: Survey, lists: Sequence[BandCombinations]) -> str:
    if survey.refused:
        return survey.refused
    if lists:
        return "the network did not ask for it, or what it asked for is not known, so its absence tells nothing"
    return NOT_TOLD


def _observed(survey: Survey, binding: Binding, wanted: Sequence[WantedCarrier]) -> tuple[Source, ...]:
    """Sources of the cells that serve the device together, where they are this combination: a lower bound.

    Two cells of one band count once: whether they are contiguous is not told.
    """
    attached = [cell for cell in binding.proving if family(cell.rat) in _SEEN]
    for slot in dict.fromkeys(cell.slot for cell in survey.all(ServingCell)):
        cells: dict[tuple[str, int], tuple[CarrierComponent, ServingCell]] = {}
        for cell in sorted(attached, key=lambda one: one.role == "scell"):
            if cell.slot != slot or cell.band is None:
                continue
            rat = str(family(cell.rat))
            part = CarrierComponent(rat, cell.band, "A", None if cell.role == "scell" else "A")
            cells.setdefault((rat, cell.band), (part, cell))
        if serves(tuple(part for part, _ in cells.values()), wanted):
            return tuple(dict.fromkeys(cell.source or Source() for _, cell in cells.values()))
    return ()
