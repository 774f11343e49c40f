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

    __slots__ = ("_facts", "_fields")

    def __init__(self, facts: Iterable[Observation] = (), fields: Mapping[str, frozenset[str]] | None = None) -> None:
        self._facts = tuple(facts)
        self._fields = fields

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

    def knew(self, kind: str, name: str) -> bool:
        """Whether the version that told these facts told that field of that kind in any of them."""
        return self._fields is None or name in self._fields.get(kind, ())

    def agrees(self, derived: ToldFacts) -> bool:
        """Whether the evidence gives these facts: all that was told of each; a field that came later was not told."""
        return self._knowing(self) == self._knowing(derived)

    def _knowing(self, facts: ToldFacts) -> list[dict[str, Any]]:
        return [{name: value for name, value in one.items() if self.knew(one["kind"], name)} for one in facts.as_json()]

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
    """Every kind of fact that is loaded, by its name; ours are all loaded."""
    from harness import capability_facts, trial_facts  # noqa: F401 - their classes are found by their base

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
    known: dict[str, set[str]] = {}
    facts = list(told)
    for one in facts:
        known.setdefault(str(one.get("kind")), set()).update(one)
    return ToldFacts(map(_fact, facts), {kind: frozenset(names) for kind, names in known.items()})


def _fact(told: Mapping[str, Any]) -> Observation:
    import msgspec

    kind = fact_classes().get(str(told.get("kind")))
    try:
        parts = {**told, "grade": Grade[str(told["grade"]).upper()].value}
        if kind is not None:
            fact = msgspec.convert(parts, kind)
            # It must say all that was told: a field that is not known here may change its meaning.
            says = fact.as_json()
            if all(name in says and says[name] == value for name, value in told.items()):
                return fact
        source = told.get("source")
        return UnknownFact(
            told=dict(told), grade=Grade(parts["grade"]), source=msgspec.convert(source, Source) if source else None
        )
    except (KeyError, msgspec.ValidationError):
        return UnknownFact(told=dict(told))
