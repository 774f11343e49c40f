"""`band`: the device supports a band of the carrier, or (as the policy allows) one that stands in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from harness.carriers import dates
from harness.carriers.band_faults import band_fault, part_faults
from harness.carriers.kinds import Rule
from harness.carriers.words import BandRat, BandRole, DateText, NrMode, Relation, Strict
from harness.radio import overlaps
from harness.radio.tables import band_label, bands_of
from harness.yamlfiles.problem import Problem

from .answers import Answer
from .bands.roles import effect_of_missing, role_words
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from harness.carriers.edition import Edition

    from .bands.layers import BandFact
    from .bound import CarrierBound

_WHICH = "the two are separate spectrum, and no source says which of them the carrier wants"


class Alternative(Strict, frozen=True, kw_only=True):
    """A band of the same RAT that may stand in for the required one (any-of group).

    `superset` and `subset` nest in spectrum (radio.overlaps); `legacy_alias` needs an `Alias` of the edition;
    `alternative` is separate spectrum, where the sources do not say which of the two the carrier wants.
    """

    band: int
    relation: Relation
    note: str = ""


class BandRule(Rule, frozen=True, kw_only=True, tag="band"):
    """The device supports this band, or (as the policy allows) one of `any_of`."""

    kind: ClassVar[str] = "band"
    decides_fit: ClassVar[bool] = True
    rat: BandRat
    band: int
    role: BandRole
    any_of: tuple[Alternative, ...] = ()
    nr_mode: NrMode | None = None
    """On NR alone: whether the band must serve standalone (`sa`), beside LTE (`nsa`) or either of the two.

    None: standalone where the edition says `nr_required` (there is no LTE to stand beside), elsewhere either.
    """
    ul_mhz: tuple[float, float] | None = None
    """The part of the band that the carrier uses, as its uplink; None = the whole, or not known."""
    listed_since: DateText | None = None
    """The first dated list, launch report or filing that has it on air: an upper bound of its first use."""
    listed_source: str = ""

    @property
    def bands(self) -> tuple[tuple[str, int], ...]:
        """The band alone: what stands in for it is not listed by the carrier."""
        return ((self.rat, self.band),)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The band and its alternatives, the band first."""
        return (self.band, *(alternative.band for alternative in self.any_of))

    @property
    def is_listed_lte(self) -> bool:
        """Whether it is one of the LTE bands that decide."""
        return self.rat == "lte" and self.level != "informative"

    def wanted_rat(self, edition: Edition) -> str:
        """What of NR is asked: `nr_sa` or `nr_nsa`, `nr` where either will do; of another technology its own word."""
        mode = self.nr_mode or ("sa" if edition.nr_required else "either")
        return f"nr_{mode}" if self.rat == "nr" and mode != "either" else self.rat

    def served_by_part(self, ul_mhz: tuple[float, float]) -> bool | None:
        """Whether hardware with this part of the band alone (uplink, MHz) serves the carrier.

        None where the carrier's part is not known, or lies only half inside: its cells may be wider than the filter.
        """
        if self.ul_mhz is None:
            return None
        if ul_mhz[0] <= self.ul_mhz[0] and self.ul_mhz[1] <= ul_mhz[1]:
            return True
        return False if self.ul_mhz[1] <= ul_mhz[0] or ul_mhz[1] <= self.ul_mhz[0] else None

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """Bands that do not exist, relations that are untrue, NR asked of phones without it."""
        fault = band_fault(self.rat, self.band)
        if fault:
            yield Problem(("band",), fault)
            return
        if self.ul_mhz is not None:
            yield from part_faults(self.rat, self.band, self.ul_mhz, ())
        if self.nr_mode is not None and self.rat != "nr":
            yield Problem(("nr_mode",), f"nr_mode is of NR bands; {self.id} asks {self.rat}")
        if self.nr_mode in {"nsa", "either"} and edition.nr_required and self.level != "informative":
            words = (
                f"{self.id} takes a band for {self.nr_mode} where nr_required says that there is no LTE to stand beside"
            )
            yield Problem(("nr_mode",), words, "warning")
        if self.listed_since is not None and not dates.is_date(self.listed_since):
            yield Problem(("listed_since",), f'listed_since "{self.listed_since}" is no date of the calendar')
        if self.listed_since is not None and not self.listed_source:
            yield Problem(("listed_since",), f"{self.id} is listed since a day, and listed_source is missing")
        if self.rat == "nr" and self.level != "informative" and not edition.nr_required and self.since is None:
            yield Problem(
                ("level",),
                f"{self.id} is {self.level}, so every phone without 5G would miss it; write informative, or "
                "nr_required: true in the edition of a carrier that has no LTE, or the day under since from which LTE is off",
                "warning",
            )
        for index, other in enumerate(self.any_of):
            yield from _alternative_faults(self, other, edition, index)
        numbers = [str(number) for number in self.numbers]
        if len(set(numbers)) < len(numbers):
            yield Problem(("any_of",), f"{self.id} names a band twice: {', '.join(numbers)}")

    def asks(self) -> str:
        """`B12 or B17 supported (main coverage)`: any of them, where a policy takes what stands in."""
        return self._asks(self.numbers)

    def asks_under(self, policy: str, edition: Edition) -> str:
        """Under `strict` nothing stands in but a legacy alias that the edition declares."""
        if policy == "service":
            return self._asks(self.numbers)
        named = [one.band for one in self.any_of if one.relation == "alternative"]
        aliases = [alias.satisfied_by for alias in edition.alias_for(self.rat, self.band)]
        return self._asks(dict.fromkeys((self.band, *named, *aliases)))

    def _asks(self, numbers: Iterable[int]) -> str:
        names = " or ".join(band_label(self.rat, band) for band in numbers)
        mode = {"sa": " standalone (SA)", "nsa": " beside LTE (NSA)"}.get(self.nr_mode or "", "")
        return f"{names} supported{mode} ({role_words(self.role)})"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the device's lists and cells and its maker's sheet; under `strict` only a declared alias stands in."""
        rat = self.wanted_rat(bound.edition)
        fact = fact_for(bound.fact(rat, self.band), self)
        others = _alternatives(self, bound)
        if fact.has is True:
            return _present(self, bound, fact, others)
        if (stand_in := _stand_in(self, bound)) is not None:
            return _stood_in(fact, *stand_in)
        if fact.has is None:
            return _open(fact, fact.why)
        if bound.policy == "service" and (undecided := next((one for one in others if one.has is not False), None)):
            return _open(fact, f"{fact.why}, but {undecided.why}: {_WHICH}")
        effect = "" if self.level == "informative" else effect_of_missing(self.role, self.note)
        reason = f"{fact.why}: {effect}" if effect else f"{fact.why} ({role_words(self.role)})"
        return Answer(Outcome.FAIL, "; ".join([reason, *_why_it_decides(self, bound)]), fact.grade, fact.evidence)

    def particulars(self) -> Mapping[str, Any]:
        """Role, RAT, the band and its any-of group."""
        mode = {"nr_mode": self.nr_mode} if self.nr_mode else {}
        alternatives = [{"band": a.band, "relation": a.relation, "note": a.note} for a in self.any_of]
        return {"role": self.role, "rat": self.rat, "bands": [self.band], "any_of": alternatives, **mode}


def lacks_every_lte_band(bound: CarrierBound) -> bool:
    """Whether the device has none of the LTE bands of an edition that lists recommended ones alone, nor a stand-in."""
    rules = [rule for rule in bound.edition.requirements if isinstance(rule, BandRule) and rule.is_listed_lte]
    return only_recommended(rules) and all(
        fact_for(bound.fact(rule.rat, rule.band), rule).has is False and _stand_in(rule, bound) is None
        for rule in rules
    )


def only_recommended(rules: Sequence[BandRule]) -> bool:
    """Whether there are rules and none is mandatory: then no one missing band decides, and all of them together do."""
    return bool(rules) and all(rule.level == "recommended" for rule in rules)


def fact_for(fact: BandFact, rule: BandRule) -> BandFact:
    """The fact as the rule needs it: hardware with a part of the band serves where the carrier's part lies in it."""
    if not fact.has or fact.part is None:
        return fact
    served = rule.served_by_part(fact.part)
    return fact if served else fact.only_in_part(served, rule.ul_mhz)


def _why_it_decides(rule: BandRule, bound: CarrierBound) -> Iterator[str]:
    """Why a band that is only recommended decides under `strict`, and why what is there does not stand in for it."""
    if bound.policy != "strict" or rule.level == "informative":
        return
    if rule.level == "recommended":
        yield "recommended by this edition, and policy strict asks for every listed band"
    for other in rule.any_of:
        if other.relation in {"subset", "superset"} and bound.fact(rule.rat, other.band).has:
            name = band_label(rule.rat, other.band)
            if other.relation == "subset":
                yield f"{name}, which is there, covers {_part(rule.rat, rule.band, other.band)} only"
            else:
                yield f"{name}, which is there, covers it, but policy strict takes no stand-in that is not declared"


def _part(rat: str, band: int, other: int) -> str:
    """Which part of a band another one covers: `its lower part`."""
    table = bands_of(rat)
    whole, part = (table[one].dl_mhz or table[one].ul_mhz if one in table else None for one in (band, other))
    if whole is None or part is None or (whole[0] == part[0]) == (whole[1] == part[1]):
        return "a part of it"
    return "its lower part" if whole[0] == part[0] else "its upper part"


def _open(fact: BandFact, why: str) -> Answer:
    return Answer(Outcome.INCONC, why, fact.grade, fact.evidence)


def _present(rule: BandRule, bound: CarrierBound, fact: BandFact, others: list[BandFact]) -> Answer:
    if undecided := next((one for one in others if one.has is not True), None):
        return _open(fact, f"{fact.why}, but {undecided.why}: {_WHICH}")
    notes = [note for note in (fact.note, bound.enabled_note(rule.wanted_rat(bound.edition), rule.band)) if note]
    outcome = Outcome.PASS_NOTE if notes else Outcome.PASS
    return Answer(outcome, "; ".join([fact.why, *notes]), fact.grade, fact.evidence)


def _stood_in(fact: BandFact, other: BandFact, why: str) -> Answer:
    """The note rests on both facts: that the band is missing, and that the other is there."""
    grades = [fact.grade, other.grade] if fact.has is False else [other.grade]
    grade = min((one for one in grades if one is not None), default=None)
    return Answer(Outcome.PASS_NOTE, f"{fact.why}; {other.why}: {why}", grade, fact.evidence + other.evidence)


def _alternatives(rule: BandRule, bound: CarrierBound) -> list[BandFact]:
    """The bands of which no source says whether the carrier wants them or the rule's own: one alone proves nothing."""
    rat = rule.wanted_rat(bound.edition)
    return [fact_for(bound.fact(rat, other.band), rule) for other in rule.any_of if other.relation == "alternative"]


def _stand_in(rule: BandRule, bound: CarrierBound) -> tuple[BandFact, str] | None:
    """Another band that satisfies the rule: a legacy alias that the edition declares, under `service` any-of too."""
    choices = [(alias.satisfied_by, alias.reason) for alias in bound.edition.alias_for(rule.rat, rule.band)]
    if bound.policy == "service":
        label = band_label(rule.rat, rule.band)
        accepted = [one for one in rule.any_of if one.relation != "alternative"]
        choices += [(one.band, one.note or f"{one.relation} of {label}") for one in accepted]
    for band, why in choices:
        fact = fact_for(bound.fact(rule.wanted_rat(bound.edition), band), rule)
        if fact.has is True:
            return fact, why
    return None


def _alternative_faults(rule: BandRule, other: Alternative, edition: Edition, index: int) -> Iterator[Problem]:
    fault = band_fault(rule.rat, other.band)
    if fault:
        yield Problem(("any_of", index, "band"), fault)
    elif untrue := _relation_fault(rule, other, edition):
        yield Problem(("any_of", index, "relation"), untrue)


def _relation_fault(rule: BandRule, alternative: Alternative, edition: Edition) -> str | None:
    band, other, relation = rule.band, alternative.band, alternative.relation
    if relation == "alternative":
        return None
    if rule.rat != "lte":
        return f'relation "{relation}" is known for LTE bands only; write "alternative"'
    if relation == "legacy_alias":
        if any(alias.satisfied_by == other for alias in edition.alias_for(rule.rat, band)):
            return None
        return f"B{other} for B{band} is no alias of this edition; declare it under aliases, with its date"
    fits = overlaps.supersets(band) if relation == "superset" else overlaps.subsets(band)
    if other in fits:
        return None
    if other in overlaps.supersets(band) or other in overlaps.subsets(band):
        right = "superset" if relation == "subset" else "subset"
        return f"B{other} is no {relation} of B{band} in TS 36.101 but its {right}: write relation: {right}"
    return f"B{other} is no {relation} of B{band} in TS 36.101; its {relation}s: {', '.join(map(str, fits)) or 'none'}"
