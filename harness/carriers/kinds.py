"""The registry of requirement kinds: their names and traits. What a kind asks, and how it judges, stands in the kind.

Ours stand in `BUILT_IN`; other packages name a subclass of `Rule` as an entry point of the group
`bandproof.requirements`, by the word that profiles write under `kind`. Both are found in one table.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar, Union

import msgspec

from harness.errors import UsageError
from harness.radio.related_tests import related_tests, topics_of

from . import dates
from .words import Authority, DateText, GradeWord, Level, RequirementId, Strict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from harness.radio.related_tests import RelatedTest
    from harness.yamlfiles.problem import Problem

    from .edition import Edition

_Told = TypeVar("_Told")
GROUP = "bandproof.requirements"
CONVERTING = threading.RLock()
"""Held while profiles and their rules become values: msgspec builds what it knows of a type at its first use, and a
second thread that meets it half built ends the process."""
_OURS = "harness.requirements"

BUILT_IN: dict[str, str] = {
    "band": f"{_OURS}.band:BandRule",
    "attach": f"{_OURS}.attach:AttachRule",
    "registered": f"{_OURS}.registered:RegisteredRule",
    "rom_region": f"{_OURS}.rom_region:RomRegionRule",
    "google_apps": f"{_OURS}.google_apps:GoogleAppsRule",
    "band_enabled": f"{_OURS}.band_enabled:BandEnabledRule",
    "combination": f"{_OURS}.combination:CombinationRule",
    "ue_category": f"{_OURS}.ue_category:UeCategoryRule",
    "mfbi": f"{_OURS}.mfbi:MfbiRule",
    "coverage": f"{_OURS}.coverage:CoverageRule",
    "volte": f"{_OURS}.volte:VolteRule",
    "customisation": f"{_OURS}.customisation:CustomisationRule",
    "firmware": f"{_OURS}.firmware:FirmwareRule",
    "model": f"{_OURS}.model:ModelRule",
    "ics": f"{_OURS}.ics:IcsRule",
    "grant": f"{_OURS}.grant:GrantRule",
    "sweep": f"{_OURS}.sweep:SweepRule",
    "held": f"{_OURS}.held:HeldRule",
}
"""Kind -> where its class is; a kind is loaded when a profile names it."""


class AnyRule:
    """A requirement of any kind: what the types of an edition name, and `rule_of` makes of the file's words."""

    __slots__ = ()

    @staticmethod
    def union() -> Any:
        """All kinds that there are, as one type: what the walk for faults and the JSON Schema go by."""
        return Union[rule_classes()]  # noqa: UP007 - made of a tuple


class Rule(Strict, AnyRule, frozen=True, kw_only=True, tag_field="kind"):
    """What every requirement has. `needed` is the lowest grade of evidence that can pass it.

    A kind is a subclass with a `tag` and the same word as `kind`; it tells its `faults`, what it `asks`, and `judge`s.
    """

    kind: ClassVar[str] = ""
    needs_sim: ClassVar[bool] = False
    """It applies where a SIM of the carrier is in a device, and nowhere else."""
    decides_fit: ClassVar[bool] = False
    """It is about bands: it decides whether a device's radio serves the carrier."""
    leaves_coverage_open: ClassVar[bool] = False
    """It says that no band below 1 GHz is confirmed, so nothing can pass it."""

    id: RequirementId
    level: Level
    needed: GradeWord = "declared"
    publishers: tuple[str, ...] = ()
    """Independent publishers that name it; lists that copy one page count once."""
    authority: Authority | None = None
    as_of: DateText | None = None
    since: DateText | None = None
    """The day from which it is asked; None = since its edition began."""
    until: DateText | None = None
    """The last day on which it is asked; None = until the next edition."""
    contradicted_by: tuple[str, ...] = ()
    """Publishers that say otherwise."""
    note: str = ""

    @property
    def evidence_count(self) -> int:
        """How many publishers name it, as they are written; `publishers.independent` knows who copies whom."""
        return sum(2 if name.startswith("two of ") else 1 for name in set(self.publishers))

    def holds_on(self, day: date) -> bool:
        """Whether it is asked that day."""
        begun = self.since is None or dates.first_day(self.since) <= day
        return begun and (self.until is None or day <= dates.last_day(self.until))

    @property
    def bands(self) -> tuple[tuple[str, int], ...]:
        """The bands (RAT, number) of the carrier that this rule lists; none for most kinds."""
        return ()

    @property
    def topics(self) -> tuple[str, ...]:
        """What it is about, as conformance tests are looked up by (`radio.related_tests`)."""
        return topics_of(self.kind, rats=dict.fromkeys(rat for rat, _ in self.bands))

    def related(self) -> tuple[RelatedTest, ...]:
        """The conformance tests that it is related to. Meeting it passes none of them."""
        return related_tests(self.topics)

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """What is wrong in it and the types cannot say, by paths from the rule."""
        return iter(())

    def asks(self) -> str:
        """What it asks, in words."""
        raise NotImplementedError

    def asks_under(self, policy: str, edition: Edition) -> str:
        """The same as it is judged under a policy: what stands in under one may not under the other."""
        return self.asks()

    def judge(self, bound: Any) -> Any:
        """`requirements.bound.CarrierBound` -> `requirements.answers.Answer`. Pure."""
        raise NotImplementedError

    def particulars(self) -> Mapping[str, Any]:
        """What only this kind has, as reports keep it."""
        return {}


if TYPE_CHECKING:
    Requirement: TypeAlias = Rule
else:
    Requirement = AnyRule


def names() -> tuple[str, ...]:
    """All kinds that there are, ours first."""
    return (*BUILT_IN, *sorted(_foreign()))


@cache
def rule_class(kind: str) -> type[Rule] | None:
    """The class of a kind; None for a word that is none.

    Raises UsageError where another package offers the kind and it cannot be used.
    """
    if kind in BUILT_IN:
        module, _, name = BUILT_IN[kind].partition(":")
        ours: type[Rule] = getattr(import_module(module), name)
        return ours
    point = _foreign().get(kind)
    return None if point is None else _loaded(kind, point)


def trouble(kind: str) -> str:
    """Why a kind of another package cannot be used; empty where it can, and for a word that is none."""
    try:
        rule_class(kind)
    except UsageError as error:
        return error.message
    return ""


def rule_classes() -> tuple[type[Rule], ...]:
    """The classes of all kinds that can be loaded."""
    found = []
    for kind in names():
        try:
            found.append(rule_class(kind))
        except UsageError:
            continue
    return tuple(one for one in found if one is not None)


def rule_of(value: Any) -> Rule:
    """The requirement that a mapping of a profile writes. Raises msgspec.ValidationError."""
    word = value.get("kind") if isinstance(value, dict) else None
    class_ = rule_class(word) if isinstance(word, str) and not trouble(word) else None
    if class_ is None:
        raise msgspec.ValidationError(f"no kind of requirement: {word!r}")
    with CONVERTING:
        return msgspec.convert(value, class_)


def dec_hook(type_: type, value: Any) -> Any:
    """For `msgspec.convert` of an edition: requirements by their kinds."""
    if type_ is AnyRule:
        return rule_of(value)
    raise NotImplementedError(type_)


def guarded(rule: Rule, ask: Callable[[], _Told], otherwise: Callable[[str], _Told]) -> _Told:
    """What a kind answers; where the code of another package's fails, `otherwise` of why. Our own faults stay errors."""
    try:
        return ask()
    except Exception as error:
        if rule.kind in BUILT_IN:
            raise
        text = " ".join(str(error).split())[:300]
        return otherwise(f"requirement kind {rule.kind} failed ({type(error).__name__}: {text})")


def asked(rule: Rule) -> str:
    """What a requirement asks, in words."""
    return guarded(rule, lambda: str(rule.asks()), str)


def asked_under(rule: Rule, policy: str, edition: Edition) -> str:
    """What a requirement of this edition asks under a policy, in words."""
    return guarded(rule, lambda: str(rule.asks_under(policy, edition)), str)


@cache
def _foreign() -> dict[str, Any]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP) if point.name not in BUILT_IN}


def _loaded(kind: str, point: Any) -> type[Rule]:
    where = f"requirement kind {kind} of {point.value}"
    way_out = "mend or remove that package; profiles without this kind work without it"
    try:
        value = point.load()
    except Exception as error:
        raise UsageError(f"{where} cannot be loaded ({type(error).__name__}: {error})", way_out=way_out) from error
    if not (isinstance(value, type) and issubclass(value, Rule)):
        raise UsageError(f"{where} is no Rule", way_out=way_out)
    if value.kind != kind or value.__struct_config__.tag != kind:
        raise UsageError(f'{where}: its class says kind "{value.kind}"', way_out=way_out)
    return value
