"""The facts of a device as a document keeps them: written as `decode` prints them, read back as what they were."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from harness.observations import Grade, Observation, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_Told = TypeVar("_Told", bound=Observation)


class ToldFacts:
    """Facts in order, immutable; equal to others that say the same."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Iterable[Observation] = ()) -> None:
        self._facts = tuple(facts)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ToldFacts) and self.as_json() == other.as_json()

    def __hash__(self) -> int:
        return hash(self._facts)

    def __repr__(self) -> str:
        return f"ToldFacts({self._facts!r})"

    def of(self, kind: type[_Told]) -> Iterator[_Told]:
        """The facts of one kind."""
        return (fact for fact in self._facts if isinstance(fact, kind))

    def as_json(self) -> list[dict[str, Any]]:
        """Each as `Observation.as_json` gives it."""
        return [fact.as_json() for fact in self._facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownFact(Observation):
    """A fact of a kind, or with a field, that this version does not know: kept as it was told, read by nobody."""

    kind: ClassVar[str] = "unknown"
    told: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it was told."""
        return dict(self.told)


@cache
def fact_classes() -> dict[str, type[Observation]]:
    """Every kind of fact that is loaded, by its name."""
    found: dict[str, type[Observation]] = {}
    waiting = list(Observation.__subclasses__())
    while waiting:
        one = waiting.pop(0)
        waiting += one.__subclasses__()
        if one.kind and one is not UnknownFact and _is_current(one):
            found.setdefault(one.kind, one)
    return found


def _is_current(kind: type[Observation]) -> bool:
    """Whether its module knows it: `slots=True` makes a class anew, and the first one lives until garbage is collected."""
    return getattr(sys.modules.get(kind.__module__), kind.__name__, kind) is kind


def facts_of(told: Iterable[Mapping[str, Any]]) -> ToldFacts:
    """The facts that `as_json` told. One that this version does not know is an `UnknownFact`."""
    return ToldFacts(_fact(one) for one in told)


def _fact(told: Mapping[str, Any]) -> Observation:
    import msgspec

    kind = fact_classes().get(str(told.get("kind")))
    try:
        parts = {**told, "grade": Grade[str(told["grade"]).upper()].value}
        if kind is not None:
            fact = msgspec.convert(parts, kind)
            # What was read must say what was told: a field that is not known may change its meaning.
            if fact.as_json() == {"kind": kind.kind, **told}:
                return fact
        source = told.get("source")
        return UnknownFact(
            told=dict(told), grade=Grade(parts["grade"]), source=msgspec.convert(source, Source) if source else None
        )
    except (KeyError, msgspec.ValidationError):
        return UnknownFact(told=dict(told))
