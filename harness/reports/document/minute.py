"""What a reader of a report needs in its first minute: what fails and why, what is open and what closes it, by whose word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.requirements.bands.roles import EFFECTS, role_words
from harness.verdicts.declared_papers import is_declared
from harness.verdicts.verdict import Outcome

from .results import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .document import Document
    from .entries import CarrierResult, VerdictEntry

_OWN = "A"
_BY = {
    _OWN: "compiled from documents of the carrier, the maker or a regulator (confidence A)",
    "B": "compiled from public lists that agree (confidence B)",
    "C": "compiled from one public list or a forum (confidence C)",
    "D": "written from memory and not confirmed (confidence D)",
}
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a device fails by, and the carriers that ask for it."""

    device: str
    what: str
    why: str
    carriers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Requirements that are open for one device and would be closed by the same: any one of `ways`."""

    device: str
    count: int
    carriers: tuple[str, ...]
    what: tuple[str, ...]
    """What the requirements ask, each once."""
    ways: tuple[str, ...]


def lacks(document: Document) -> list[Lack]:
    """What fails, device by device: bands first, each with the carriers that miss it."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for result in document.results:
        if result.verdict is Outcome.FAIL:
            for what, why in _of_result(result):
                found.setdefault((result.device, what, why), []).append(result.name)
    order = {device.device: place for place, device in enumerate(document.devices)}
    made = [Lack(device, what, why, tuple(dict.fromkeys(names))) for (device, what, why), names in found.items()]
    return sorted(made, key=lambda one: order[one.device])


def _of_result(result: CarrierResult) -> Iterator[tuple[str, str]]:
    for label, role in zip(result.missing, result.missing_roles, strict=True):
        yield f"{label} missing", EFFECTS.get(role) or role_words(role)
    bands = tuple(f"{label} " for label in result.missing)
    for one in result.reasons:
        if one.verdict is Outcome.FAIL and not (bands and one.reason.startswith(bands)):
            yield one.reason, ""


def open_points(document: Document) -> list[OpenPoint]:
    """What is open, by what would close it; of each device those first that close most."""
    names = {one.ref: one.name for one in document.results}
    found: dict[tuple[str, tuple[str, ...]], list[VerdictEntry]] = {}
    for verdict in document.verdicts:
        if verdict.verdict is Outcome.INCONC:
            # The SIM of each carrier closes the same for that carrier.
            ways = tuple(way.replace(names.get(verdict.ref, "\0"), "the carrier") for way in verdict.ways_out)
            found.setdefault((verdict.device, ways), []).append(verdict)
    order = {device.device: place for place, device in enumerate(document.devices)}
    made = [
        OpenPoint(
            device,
            len(group),
            tuple(dict.fromkeys(names.get(one.ref, one.carrier) for one in group)),
            tuple(dict.fromkeys(one.text for one in group if one.text)),
            ways,
        )
        for (device, ways), group in found.items()
    ]
    return sorted(made, key=lambda one: (order[one.device], -one.count))


def compiled_from(document: Document) -> list[str]:
    """Whose word the requirements are, one sentence a confidence: no reader shall take a list for the carrier's own."""
    found: dict[str, dict[str, str]] = {}
    carriers = [one for one in document.editions if not is_declared(one.carrier)]
    named = Counter(one.name for one in carriers)
    for edition in carriers:
        called = edition.name if named[edition.name] == 1 else f"{edition.name} (edition {edition.edition})"
        found.setdefault(edition.confidence, {})[called] = edition.name
    several = len(found) > 1
    return [_sentence(_BY[confidence], found[confidence], named=several) for confidence in sorted(found)]


def _sentence(words: str, editions: dict[str, str], *, named: bool) -> str:
    """`editions`: what each is called here -> its carrier's name."""
    carriers = set(editions.values())
    whose = f"{carriers.pop()}'s" if len(carriers) == 1 else "the carriers'"
    denied = "" if words == _BY[_OWN] else f", not {whose} own documents"
    return f"Requirements{f' of {_few(list(editions))}' if named else ''} {words}{denied}."


def _few(names: list[str]) -> str:
    return listed(names) if len(names) <= _MOST_NAMES else f"{len(names)} carriers"


def carriers_in_words(names: Iterable[str]) -> str:
    """`AT&T Mobility and Verizon Wireless`; only how many, where they are many."""
    return _few(list(names))
