"""Requirements that only a capability answers: carrier combinations, UE category, MFBI.

A combination that is supported has its fallbacks with it. TS 38.306 clause 3.1 (and TS 36.306 clause 4.3.5.2 for LTE):
a fallback band combination results from another one by releasing an SCell, the uplink of an SCell, or the SCG; an
intra-band non-contiguous one is no fallback of a contiguous one. Bandwidth classes fall back within their group
(`carriers.configurations`). The PCell, and with EN-DC the PSCell, keep their uplink.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from harness.carriers.configurations import (
    DL_CATEGORY_BITS,
    UL_CATEGORY_BITS,
    ConfigurationPart,
    at_least,
    parse_configuration,
    parse_parts,
)
from harness.carriers.edition import CombinationRule, MfbiRule, UeCategoryRule
from harness.observations import BandCombinations, CarrierComponent, Grade, MfbiSupport, ServingCell, Source, UeCategory
from harness.radio.tables import band_label

from .facts import band_fact, band_is_certain, in_service
from .verdict import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.survey.survey import Survey

    from .facts import Declared

CapabilityRule = CombinationRule | UeCategoryRule | MfbiRule
Combination = tuple[CarrierComponent, ...]
Answer = Literal["yes", "once", "unsure", "no"]

_ONCE = "told once only by a capability without a checksum; give another capture of it"
_UNSURE = "told with a bandwidth class of which it is not certain that it falls back to the one asked"
_NOT_TOLD = "no source tells it: give a UE capability (--evidence uecap=FILE)"


def capability_asks(rule: CapabilityRule) -> str:
    """What a requirement asks, in words."""
    if isinstance(rule, CombinationRule):
        return f"{rule.configuration} supported{f', uplink {rule.uplink}' if rule.uplink else ''}"
    if isinstance(rule, MfbiRule):
        return "multi-frequency band indicator (MFBI) followed on LTE"
    asked = [f"{word} {n}" for word, n in (("DL", rule.dl), ("UL", rule.ul)) if n is not None]
    return f"UE category at least {', '.join(asked)}"


def capability_verdict(
    blank: Verdict, survey: Survey, rule: CapabilityRule, declared: Declared | None, *, own_sim: bool
) -> Verdict:
    """The verdict before grades and levels. What nobody asked the device for, or it told once only, is INCONC."""
    if isinstance(rule, CombinationRule):
        return _combination(blank, survey, rule, declared, own_sim=own_sim)
    if isinstance(rule, MfbiRule):
        return _mfbi(blank, survey)
    return _category(blank, survey, rule)


@dataclass(frozen=True, slots=True)
class Asked:
    """A required component: its classes; `ul` None where no uplink is asked on it."""

    part: ConfigurationPart
    ul: str | None = None


def wanted_of(rule: CombinationRule) -> tuple[str, tuple[Asked, ...]]:
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
        out.append(Asked(part, own.letter if own else None))
    return found[0], tuple(out)


def serves(combination: Combination, wanted: Sequence[Asked], *, unsure: bool = False) -> bool:
    """Whether the combination is the wanted one or has it as a fallback (see the module's head).

    `unsure`: or may have it, by classes of which it is not certain that they fall back.
    """
    if not any(part.ul_class for part in combination):
        # A table without uplinks does not say which carrier may be released: only its own components count.
        return len(combination) == len(wanted) and any(True for _ in _assignments(combination, wanted, unsure=unsure))
    rats = {one.part.rat for one in wanted}
    return any(
        rats <= {part.rat for part in chosen if part.ul_class} if len(rats) > 1 else any(p.ul_class for p in chosen)
        for chosen in _assignments(combination, wanted, unsure=unsure)
    )


def _assignments(
    combination: Combination, wanted: Sequence[Asked], *, unsure: bool
) -> Iterator[tuple[CarrierComponent, ...]]:
    """Every way to give each wanted component one of its own that is as large."""
    if not wanted:
        yield ()
        return
    first, rest = wanted[0], wanted[1:]
    for place, part in enumerate(combination):
        if _covers(part, first, unsure=unsure):
            for others in _assignments(combination[:place] + combination[place + 1 :], rest, unsure=unsure):
                yield (part, *others)


def _covers(part: CarrierComponent, asked: Asked, *, unsure: bool) -> bool:
    rat, band = asked.part.rat, asked.part.band
    if (part.rat, part.band) != (rat, band):
        return False
    return at_least(rat, band, part.dl_class, asked.part.letter, unsure=unsure) and (
        asked.ul is None or at_least(rat, band, part.ul_class, asked.ul, unsure=unsure)
    )


def _answer(told: BandCombinations, wanted: Sequence[Asked], *, own_type: bool) -> Answer | None:
    """What one list says; None where its silence tells nothing."""
    found = [place for place, one in enumerate(told.combinations) if serves(one, wanted)]
    certain = told.grade >= Grade.MEASURED
    if found:
        # Two combinations that imply it are two statements: one wrong bit cannot have made both. That a carrier has
        # an uplink is told by few bits, and combinations differ by it alone: two messages must say so.
        if any(one.ul for one in wanted):
            sure = bool(set(found) - set(told.uplink_once) - set(told.told_once))
        else:
            sure = len(found) > 1 or bool(set(found) - set(told.told_once))
        return "yes" if certain and sure else "once"
    if any(serves(one, wanted, unsure=True) for one in told.combinations):
        return "unsure"
    return "no" if certain and own_type and _could_show(told, wanted) else None


def _could_show(told: BandCombinations, wanted: Sequence[Asked]) -> bool:
    """Whether the list would hold the combination if the device had it.

    The enquiry may also have limited how many carriers the answer names, which a capture without it does not tell:
    what is larger than all that was told is not known.
    """
    labels = {band_label(one.part.rat, one.part.band) for one in wanted}
    if told.complete is not True and not (told.filtered_by is not None and labels <= set(told.filtered_by)):
        return False
    if not any(part.ul_class for one in told.combinations for part in one):
        return False
    return sum(one.part.carriers for one in wanted) <= max(map(_carriers, told.combinations), default=0)


def _carriers(combination: Combination) -> int:
    return sum(
        ConfigurationPart("nr" if p.rat == "nr" else "lte", p.band, (p.dl_class or "A").upper()).carriers
        for p in combination
    )


def _combination(
    blank: Verdict, survey: Survey, rule: CombinationRule, declared: Declared | None, *, own_sim: bool
) -> Verdict:
    type_, wanted = wanted_of(rule)
    name = rule.configuration + (f" with uplink {rule.uplink}" if rule.uplink else "")
    # An EN-DC combination without its SCG is LTE CA; its list says nothing of what LTE alone lacks.
    lists = [one for one in survey.all(BandCombinations) if one.type in {type_, *(["en_dc"] * (type_ == "lte_ca"))}]
    said = [(one, word) for one in lists if (word := _answer(one, wanted, own_type=one.type == type_))]
    # A reading in two parts is silent in the one of what it tells in the other.
    told = {(one.type, one.source) for one, word in said if word != "no"}
    said = [(one, word) for one, word in said if word != "no" or (one.type, one.source) not in told]
    words = {word for _, word in said}
    sources = tuple(dict.fromkeys(one.source for one, _ in said if one.source))
    found = replace(blank, evidence=sources)
    lacking = _lacking(survey, declared, wanted, own_sim=own_sim)
    seen = _observed(survey, wanted)
    if "no" in words and (len(words) > 1 or seen):
        return replace(found, reason=f"{name}: {_sides(said, seen)}", evidence=(*sources, *seen))
    if words & {"yes", "once"} and lacking:
        return replace(found, reason=f"{name}: {_sides(said, ())}, and yet {lacking.reason}")
    if "yes" in words:
        return replace(found, outcome=Outcome.PASS, grade=Grade.MEASURED, reason=f"{name} measured{_how(said, wanted)}")
    if seen:
        return replace(found, outcome=Outcome.PASS, grade=Grade.OBSERVED, reason=f"{name} seen in use", evidence=seen)
    if "once" in words:
        return replace(found, reason=f"{name}: {_ONCE}")
    if "unsure" in words and not lacking:
        return replace(found, reason=f"{name}: {_UNSURE}")
    if lacking:
        return replace(lacking, reason=f"{name}: {lacking.reason}")
    if "no" in words:
        if not own_sim:
            reason = f"{name} not told to the network; the modem's carrier policy belongs to another SIM"
            return replace(found, reason=reason)
        return replace(found, outcome=Outcome.FAIL, grade=Grade.MEASURED, reason=f"{name} not supported (measured)")
    return replace(found, reason=f"{name}: {_open(survey, lists)}")


def _lacking(survey: Survey, declared: Declared | None, wanted: Sequence[Asked], *, own_sim: bool) -> Verdict | None:
    """A verdict's part for the first band of the combination that the device lacks; None where it may have all."""
    for one in wanted:
        fact = band_fact(survey, declared, one.part.rat, one.part.band, own_sim=own_sim)
        if fact.has is False:
            return Verdict(survey.device, "", "", "", Outcome.FAIL, fact.why, grade=fact.grade, evidence=fact.evidence)
    return None


def _how(said: Sequence[tuple[BandCombinations, Answer]], wanted: Sequence[Asked]) -> str:
    """` as a fallback of CA_2A-12A-66A` where the combination itself does not stand in the list."""
    for told, word in said:
        if word != "yes":
            continue
        fitting = sorted((one for one in told.combinations if serves(one, wanted)), key=_carriers)
        if _carriers(fitting[0]) == sum(one.part.carriers for one in wanted) and len(fitting[0]) == len(wanted):
            return ""
        return f" as a fallback of {combination_name(fitting[0])}"
    return ""


def combination_name(combination: Combination) -> str:
    """The configuration as 3GPP writes it: `CA_2A-12A`, `DC_2A-66A_n71A`."""
    parts = sorted(combination, key=lambda part: (part.rat, part.band, part.dl_class or ""))
    lte = "-".join(f"{p.band}{(p.dl_class or '?').upper()}" for p in parts if p.rat == "lte")
    nr = "-".join(f"n{p.band}{(p.dl_class or '?').upper()}" for p in parts if p.rat != "lte")
    return f"DC_{lte}_{nr}" if lte and nr else f"CA_{lte or nr}"


def _sides(said: Sequence[tuple[BandCombinations, Answer]], seen: Sequence[Source]) -> str:
    words = {"yes": "has it", "once": "has it once", "unsure": "may have it", "no": "has it not"}
    told = [f"{one.source or one.type} ({one.type.replace('_', '-').upper()}) {words[word]}" for one, word in said]
    told += [f"seen in use ({source})" for source in seen[:1]]
    return ", ".join(dict.fromkeys(told)) if len(told) < 2 else f"sources disagree: {', '.join(dict.fromkeys(told))}"


def _open(survey: Survey, lists: Sequence[BandCombinations]) -> str:
    if survey.refused:
        return survey.refused
    if lists:
        return "the network did not ask for it, or what it asked for is not known, so its absence tells nothing"
    return _NOT_TOLD


def _observed(survey: Survey, wanted: Sequence[Asked]) -> tuple[Source, ...]:
    """Sources of the cells that serve the device together, where they are this combination: a lower bound.

    Two cells of one band count once: whether they are contiguous is not told.
    """
    for slot in dict.fromkeys(cell.slot for cell in survey.all(ServingCell)):
        cells: dict[tuple[str, int], tuple[CarrierComponent, ServingCell]] = {}
        for cell in sorted(survey.all(ServingCell), key=lambda one: one.role == "scell"):
            if cell.slot != slot or not _serving(survey, cell) or cell.band is None:
                continue
            rat = "nr" if (cell.rat or "").startswith("nr") else str(cell.rat)
            part = CarrierComponent(rat, cell.band, "A", None if cell.role == "scell" else "A")
            cells.setdefault((rat, cell.band), (part, cell))
        if serves(tuple(part for part, _ in cells.values()), wanted):
            return tuple(dict.fromkeys(cell.source or Source() for _, cell in cells.values()))
    return ()


def _serving(survey: Survey, cell: ServingCell) -> bool:
    named = cell.rat == "lte" or (cell.rat or "").startswith("nr")
    live = cell.active is not False and cell.registered is not False and in_service(survey, cell.slot)
    return named and live and band_is_certain(cell)


def _category(blank: Verdict, survey: Survey, rule: UeCategoryRule) -> Verdict:
    told = [one for one in survey.all(UeCategory) if one.rat == "lte"]
    found = replace(blank, evidence=tuple(dict.fromkeys(one.source for one in told if one.source)))
    if not told:
        return replace(found, reason=f"UE category: {survey.refused or _NOT_TOLD}")
    answers = {_meets(one, rule) for one in told}
    words = ", ".join(dict.fromkeys(_category_words(one) for one in told))
    if len(answers) > 1:
        return replace(found, reason=f"UE category: captures disagree: {words}")
    (answer,) = answers
    if answer is None:
        return replace(found, reason=f"UE category {words} cannot be compared with what is asked")
    if all(one.told_once or one.grade < Grade.MEASURED for one in told):
        return replace(found, reason=f"UE category {words}: {_ONCE}")
    outcome = Outcome.PASS if answer else Outcome.FAIL
    return replace(found, outcome=outcome, grade=Grade.MEASURED, reason=f"UE category {words} (measured)")


def _meets(told: UeCategory, rule: UeCategoryRule) -> bool | None:
    """Whether a category is at least the one asked, by peak rate; None where it has no number or no known rate."""
    answers = []
    for asked, newest, rates in ((rule.dl, told.dl, DL_CATEGORY_BITS), (rule.ul, told.ul, UL_CATEGORY_BITS)):
        if asked is None:
            continue
        own = told.legacy if newest is None and told.name is None else newest
        if own != asked and (own not in rates or asked not in rates):
            return None
        answers.append(own == asked or rates[own] >= rates[asked])
    return all(answers)


def _category_words(told: UeCategory) -> str:
    if told.name:
        return told.name
    dl, ul = (told.legacy if one is None else one for one in (told.dl, told.ul))
    return f"DL {dl} UL {ul}"


def _mfbi(blank: Verdict, survey: Survey) -> Verdict:
    told = [one for one in survey.all(MfbiSupport) if one.rat == "lte"]
    found = replace(blank, evidence=tuple(dict.fromkeys(one.source for one in told if one.source)))
    if not told:
        return replace(found, reason=f"MFBI: {survey.refused or _NOT_TOLD}")
    if len({one.supported for one in told}) > 1:
        return replace(found, reason="MFBI: captures disagree")
    word = "supported" if told[0].supported else "not supported"
    if all(one.told_once or one.grade < Grade.MEASURED for one in told):
        return replace(found, reason=f"MFBI {word}: {_ONCE}")
    outcome = Outcome.PASS if told[0].supported else Outcome.FAIL
    return replace(found, outcome=outcome, grade=Grade.MEASURED, reason=f"MFBI {word} (measured)")
