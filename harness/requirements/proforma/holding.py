"""A maker's filled proforma held against the device in hand: four answers an item.

`agrees`, `contradiction` (the device refutes what is stated), `undeclared` (measured and not declared: the scope of a
certification by this proforma is too small), `open`. A blank and a FALSE that may be the template's default deny
nothing. What is told once only by a message without a checksum can support an answer and never refutes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.observations import Grade
from harness.radio.ics import IcsItem, items

from .configuration_facts import has_uplink
from .item_facts import DeviceItems
from .whose import Speaks, speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.ics.declaration import IcsDeclaration, Statement
    from harness.observations import Source
    from harness.survey.survey import Survey

    from .item_fact import ItemFact

State = Literal["agrees", "contradiction", "undeclared", "open"]
STATES: tuple[State, ...] = ("contradiction", "undeclared", "open", "agrees")
"""The answers, those that need work first."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of a proforma held against the device.

    `stated` is the file's word: `true`, `false` (a denial), `default` (a FALSE that may be the template's), `blank`,
    or `absent` where the item does not stand in the file.
    """

    key: str
    item: IcsItem
    stated: Literal["true", "false", "default", "blank", "absent"]
    state: State
    reason: str
    grade: Grade | None = None
    evidence: tuple[Source, ...] = ()
    place: str = ""

    @property
    def claimed(self) -> bool:
        """Whether the file states something of the item that an open answer leaves undecided."""
        return self.stated in {"true", "false"}

    def as_json(self) -> dict[str, Any]:
        """The shape of reports."""
        return {
            "key": self.key,
            "mnemonic": self.item.mnemonic or None,
            "about": self.item.label,
            "stated": self.stated,
            "answer": self.state,
            "grade": self.grade.word if self.grade else None,
            "reason": self.reason,
            "place": self.place or None,
            "evidence": [
                {"link": s.link, "exchange": s.exchange, "request": s.request, "line": s.line} for s in self.evidence
            ],
        }


@dataclass(frozen=True, slots=True)
class Held:
    """A whole proforma held against one device."""

    device: str
    source: str
    speaks: Speaks
    lines: tuple[ItemLine, ...]
    unread: tuple[str, ...] = ()
    """Rows of the file that were not read, with their places."""
    remarks: tuple[str, ...] = ()

    def of(self, state: State) -> tuple[ItemLine, ...]:
        """The lines with one answer."""
        return tuple(line for line in self.lines if line.state == state)

    def counts(self) -> dict[str, int]:
        """How many items have which answer; `undecided` are those of `open` of which the file states something."""
        return {
            **{state: len(self.of(state)) for state in STATES},
            "undecided": sum(line.claimed for line in self.of("open")),
            "unread": len(self.unread),
        }

    @property
    def agrees(self) -> bool:
        """Whether something is stated, all of it was read, and the device bears out every statement."""
        n = self.counts()
        unclear = n["contradiction"] or n["undeclared"] or n["undecided"] or n["unread"]
        return not self.speaks.refused and not unclear and any(line.claimed for line in self.of("agrees"))

    @property
    def all_remarks(self) -> tuple[str, ...]:
        """What a reader of the comparison should know beside it."""
        return tuple(one for one in (self.speaks.remark, *self.remarks) if one)

    @property
    def sentence(self) -> str:
        """The whole comparison in one sentence."""
        if self.speaks.refused:
            return f"{self.source}: {self.speaks.refused}"
        n = self.counts()
        agree = "1 item agrees" if n["agrees"] == 1 else f"{n['agrees']} items agree"
        against = "1 contradiction" if n["contradiction"] == 1 else f"{n['contradiction']} contradictions"
        words = [agree, against, f"{n['undeclared']} undeclared"]
        words.append(f"{n['open']} open ({n['undecided']} of them stated)")
        if n["unread"]:
            words.append("1 row not read" if n["unread"] == 1 else f"{n['unread']} rows not read")
        return f"{self.source}: {', '.join(words)}"


def hold(survey: Survey, declaration: IcsDeclaration) -> Held:
    """Every item that the file states, and every one in its reach that the device has and it does not declare."""
    speaks = speaks_of(declaration.head, survey.identity)
    lines = sorted(_lines(survey, declaration, speaks), key=lambda one: (STATES.index(one.state), _order(one.item)))
    return Held(
        survey.device,
        declaration.source,
        speaks,
        tuple(lines),
        tuple(str(one) for one in declaration.faults),
        declaration.remarks,
    )


def _order(item: IcsItem) -> int:
    return _PLACES[item.key]


_PLACES = {item.key: place for place, item in enumerate(items())}


def _lines(survey: Survey, declaration: IcsDeclaration, speaks: Speaks) -> Iterator[ItemLine]:
    told = DeviceItems(survey)
    for statement in declaration.statements:
        denied = declaration.denies(statement)
        stated: Literal["true", "false", "default", "blank"] = "default"
        if statement.word != "false" or denied:
            stated = statement.word
        line = _line(told, statement, stated)
        if speaks.refused:
            line = ItemLine(line.key, line.item, stated, "open", speaks.refused, place=line.place)
        yield line
    if not speaks.refused:
        yield from _unstated(told, declaration)


def _line(told: DeviceItems, statement: Statement, stated: Literal["true", "false", "default", "blank"]) -> ItemLine:
    reference = statement.reference
    fact = told.of(reference.item)
    state, reason = _held(fact, stated) if reference.plain else _held_part(told, statement, fact, stated)
    return ItemLine(
        statement.key, reference.item, stated, state, reason, _grade(fact, state), fact.evidence, str(statement.place)
    )


def _grade(fact: ItemFact, state: State) -> Grade | None:
    """How an answer is known: what is told once, or only implied, is less than measured."""
    if state == "open":
        return None
    return fact.grade if fact.firm or fact.grade is None else min(fact.grade, Grade.OBSERVED)


def _held(fact: ItemFact, stated: str) -> tuple[State, str]:
    """What one item comes to: the table of answers, row by row."""
    if stated == "true":
        if fact.value is True or fact.support:
            return "agrees", fact.reason
        return ("contradiction", f"declared, but {fact.reason}") if fact.value is False else ("open", fact.reason)
    if fact.value is False:
        return ("open" if stated in {"blank", "absent"} else "agrees"), fact.reason
    firm = fact.value is True and fact.firm
    if stated == "false" and (firm or fact.support == "seen"):
        return "contradiction", f"denied, but {fact.reason}: the scope of a certification is too small"
    if stated != "false" and firm:
        return "undeclared", f"{fact.reason}, and not declared"
    return "open", fact.reason


def _held_part(told: DeviceItems, statement: Statement, fact: ItemFact, stated: str) -> tuple[State, str]:
    """A bandwidth combination set, an uplink or one direction of a configuration."""
    reference = statement.reference
    if stated != "true":
        return "open", "nothing is stated of it"
    if fact.value is False:
        return "contradiction", f"declared, but {fact.reason}"
    if reference.direction == "DL":
        return _held(fact, stated)
    if reference.uplink or reference.direction == "UL":
        if fact.value is True and has_uplink(told.combinations, reference.item.name, reference.uplink):
            return "agrees", f"{fact.reason}, with this uplink"
        return "open", "no combination of that name is told with this uplink"
    return "open", "bandwidth combination sets are not read"


def _unstated(told: DeviceItems, declaration: IcsDeclaration) -> Iterator[ItemLine]:
    """What the device has of items that the file could state and does not.

    In reach are all band and mode items of a specification of which any stands in the file, and the other items of
    every table that stands there: an ICS is no full list of configurations.
    """
    stated = {one.reference.item.key for one in declaration.statements}
    specs = {one.reference.item.spec for one in declaration.statements if one.reference.item.kind in {"band", "mode"}}
    tables = {(one.reference.item.spec, one.reference.item.table) for one in declaration.statements}
    for item in items():
        in_reach = (item.spec in specs and item.kind == "band") or (item.spec, item.table) in tables
        if item.key in stated or not in_reach:
            continue
        fact = told.of(item)
        state, reason = _held(fact, "absent")
        if state == "undeclared":
            yield ItemLine(item.key, item, "absent", state, reason, _grade(fact, state), fact.evidence)
