"""`ue_category`: the LTE UE category is at least the one asked, by its peak rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from harness.capability_facts import UeCategory
from harness.carriers import configurations
from harness.carriers.configurations import DL_CATEGORY_BITS, UL_CATEGORY_BITS
from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord
from harness.observations import Grade
from harness.yamlfiles.problem import Problem

from .answers import Answer, sources
from .capability import NOT_TOLD, ONCE
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.carriers.edition import Edition

    from .bound import CarrierBound


class UeCategoryRule(Rule, frozen=True, kw_only=True, tag="ue_category"):
    """The LTE UE category is at least this one, by its peak rate (TS 36.306 table 4.1-1, 4.1A-1, 4.1A-2)."""

    kind: ClassVar[str] = "ue_category"
    needed: GradeWord = "measured"
    dl: int | None = None
    ul: int | None = None

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """No category at all, or one that TS 36.306 does not have."""
        for one in configurations.category_faults(dl=self.dl, ul=self.ul):
            yield Problem((one.key,), one.words)

    def asks(self) -> str:
        """`UE category at least DL 6, UL 5`."""
        asked = [f"{word} {n}" for word, n in (("DL", self.dl), ("UL", self.ul)) if n is not None]
        return f"UE category at least {', '.join(asked)}"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the categories of UE capabilities; captures that disagree, or one told once only, decide nothing."""
        told = [one for one in bound.survey.all(UeCategory) if one.rat == "lte"]
        evidence = sources(told)
        if not told:
            return Answer(Outcome.INCONC, f"UE category: {bound.survey.refused or NOT_TOLD}")
        answers = {_meets(one, self) for one in told}
        words = ", ".join(dict.fromkeys(_words(one) for one in told))
        if len(answers) > 1:
            return Answer(Outcome.INCONC, f"UE category: captures disagree: {words}", None, evidence)
        (answer,) = answers
        if answer is None:
            why = f"UE category {words} cannot be compared with what is asked"
            return Answer(Outcome.INCONC, why, None, evidence)
        if all(one.told_once or one.grade < Grade.MEASURED for one in told):
            return Answer(Outcome.INCONC, f"UE category {words}: {ONCE}", None, evidence)
        outcome = Outcome.PASS if answer else Outcome.FAIL
        return Answer(outcome, f"UE category {words} (measured)", Grade.MEASURED, evidence)

    def particulars(self) -> Mapping[str, Any]:
        """The categories asked."""
        return {"dl_category": self.dl, "ul_category": self.ul}


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


def _words(told: UeCategory) -> str:
    if told.name:
        return told.name
    dl, ul = (told.legacy if one is None else one for one in (told.dl, told.ul))
    return f"DL {dl} UL {ul}"
