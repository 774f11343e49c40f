"""What every fact can do, whatever it tells."""

from dataclasses import dataclass, fields, replace
from typing import ClassVar

import pytest

from harness import capability_facts, observations, trial_facts
from harness.observations import Observation, Reading, Source

SAMPLES = {
    "combinations": ((capability_facts.CarrierComponent("lte", 3),),),
    "bands": (3, 7),
    "rats": ("lte",),
    "state": "home",
    "mode": "sa",
    "type": "lte_ca",
    "rat": "lte",
    "supported": True,
    "power_class": 2.0,
    "name": "ims",
    "what": "supported",
    "request": "AT+CEREG?",
    "why": "lost",
    "place": "ro.product.vendor.model",
    "value": "X1",
    "locked": True,
    "band": 12,
    "plan": "tried",
    "item": "lte_bands",
    "words": "the list of LTE bands",
    "before": "1:3",
    "after": "1:3",
}
ROOMS = (observations, capability_facts, trial_facts)
KINDS = dict.fromkeys(
    one for room in ROOMS for one in vars(room).values() if isinstance(one, type) and issubclass(one, Observation)
)


@dataclass(frozen=True, kw_only=True)
class Foreign(Observation):
    """A fact as another package would add it: without slots."""

    kind: ClassVar[str] = "foreign"
    told: str
    more: int = 3


def fact(kind):
    return kind(**{field.name: SAMPLES[field.name] for field in fields(kind) if field.name in SAMPLES})


FACTS = [*(fact(kind) for kind in KINDS), Foreign(told="x", more=5)]


@pytest.mark.parametrize("one", FACTS, ids=lambda one: type(one).__name__)
def test_a_source_fills_gaps_and_changes_nothing_else(one):
    before = repr(one)
    sourced = one.from_(Source("dumpsys", 4))
    assert sourced == replace(one, source=Source("dumpsys", 4))
    assert type(sourced) is type(one)
    assert hash(sourced) == hash(replace(one, source=Source("dumpsys", 4)))
    placed = sourced.from_(Source("other", 9, "adb", 0))
    assert placed == replace(one, source=Source("dumpsys", 4, "adb", 0))
    assert repr(one) == before


def test_readings_add_up_in_order():
    one, other = Reading((FACTS[0],), ("a",)), Reading((FACTS[1],), ("b",))
    assert one + other == Reading((FACTS[0], FACTS[1]), ("a", "b"))
    assert Reading() + one == one + Reading() == one
    assert Reading((), ("a",)) + other == Reading((FACTS[1],), ("a", "b"))
