"""Sources of one device that say different things of the same fact, side by side. Nothing is decided here."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Identity, Registration, ServingCell, SupportedBands
from harness.radio.tables import band_label

from .entries import Disagreement, Said, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.observations import GradeWord, Observation, Rat

    from .entries import LayerBands, LayerName
    from .told_facts import ToldFacts

_IDENTITY = tuple(one.name for one in fields(Identity) if one.name not in {"source", "grade"})
_Lists = SupportedBands | EnabledBands


def disagreements(facts: ToldFacts, layers: LayerBands, sheet: str | None) -> list[Disagreement]:
    """The disagreements in a fixed order. `layers` is of `bands_by_layer`."""
    return [
        *_identities(facts),
        *_cells(facts),
        *_registrations(facts),
        *_same_layer(facts),
        *_between_layers(layers, sheet, _partial(facts)),
    ]


def _said(what: str, fact: Observation) -> Said:
    return Said(what, place_of(fact.source) if fact.source else None, fact.grade.word)


def _identities(facts: ToldFacts) -> Iterator[Disagreement]:
    told: dict[str, dict[str, Identity]] = {}
    for fact in facts.of(Identity):
        for name in _IDENTITY:
            value = getattr(fact, name)
            if isinstance(value, str) and value:
                told.setdefault(name, {}).setdefault(value, fact)
    for name, values in told.items():
        if len({value.casefold() for value in values}) > 1:
            says = tuple(_said(value, fact) for value, fact in values.items())
            yield Disagreement(f"identity: {name.replace('_', ' ')}", says)


def _cells(facts: ToldFacts) -> Iterator[Disagreement]:
    for cell in facts.of(ServingCell):
        if cell.band_source == "conflict":
            rat = cell.rat or "lte"
            named = [(f"channel {cell.arfcn}", cell.band), ("the device's own words", cell.band_reported)]
            says = tuple(_said(f"{who}: {band_label(rat, band)}", cell) for who, band in named if band is not None)
            yield Disagreement(f"band of the serving cell ({cell.role})", says)
    primary = [cell for cell in facts.of(ServingCell) if cell.role == "pcell" and cell.band]
    for slot in dict.fromkeys(cell.slot for cell in primary):
        of_slot = {(c.rat, c.band): c for c in primary if c.slot == slot and c.registered is not False}
        if len({rat for rat, _ in of_slot}) == 1 and len(of_slot) > 1:
            says = tuple(_said(band_label(str(rat), band or 0), cell) for (rat, band), cell in of_slot.items())
            yield Disagreement(f"band of the primary cell{_slot(slot)}", says)


def _registrations(facts: ToldFacts) -> Iterator[Disagreement]:
    told: dict[tuple[int | None, str | None], dict[str, Registration]] = {}
    for fact in facts.of(Registration):
        if fact.state != "unknown":
            told.setdefault((fact.slot, fact.domain), {}).setdefault(fact.state, fact)
    for (slot, domain), states in told.items():
        if len(states) > 1:
            says = tuple(_said(state, fact) for state, fact in states.items())
            yield Disagreement(f"registration, domain {domain or 'not told'}{_slot(slot)}", says)


def _same_layer(facts: ToldFacts) -> Iterator[Disagreement]:
    told: dict[tuple[str, Rat], dict[tuple[int, ...], _Lists]] = {}
    for fact in facts:
        if isinstance(fact, _Lists) and fact.bands is not None:
            told.setdefault((_kept_as(fact), fact.rat), {}).setdefault(tuple(sorted(fact.bands)), fact)
    for (what, rat), lists in told.items():
        if any(_denies(one, other) for one in lists.values() for other in lists.values()):
            says = tuple(_said(names(rat, bands), fact) for bands, fact in lists.items())
            yield Disagreement(f"{rat.upper()} bands {what}", says)


def _kept_as(fact: _Lists) -> str:
    return "enabled" if isinstance(fact, EnabledBands) else f"supported ({fact.layer or 'no layer named'})"


def _denies(one: _Lists, other: _Lists) -> bool:
    """Whether a list lacks a band of another that it would have shown: an answer to a filtered question may not."""
    lacking = set(other.bands or ()) - set(one.bands or ())
    return any(isinstance(one, EnabledBands) or one.could_show(band) for band in lacking)


def _partial(facts: ToldFacts) -> set[tuple[LayerName, Rat]]:
    """Layer and RAT of lists that answer a filtered question: what they lack tells nothing."""
    return {(fact.layer or "supported", fact.rat) for fact in facts.of(SupportedBands) if fact.complete is False}


def _between_layers(
    layers: LayerBands, sheet: str | None, partial: set[tuple[LayerName, Rat]]
) -> Iterator[Disagreement]:
    """What one layer has and another lacks. A narrower policy is no fault, but a reviewer wants to see it."""
    pairs: list[tuple[LayerName, LayerName]] = [
        ("hardware", "policy"),
        ("hardware", "advertised"),
        ("policy", "advertised"),
        ("enabled", "attached"),
    ]
    inside: tuple[LayerName, ...] = ("hardware", "supported", "policy", "advertised")
    measured = next((layer for layer in inside if layer in layers), None)
    if measured:
        pairs += [(measured, "declared"), (measured, "enabled"), (measured, "attached")]
    elif "declared" in layers:
        pairs += [("declared", "enabled"), ("declared", "attached")]
    for one, other in pairs:
        for rat in layers.get(one, {}):
            yield from _pair(layers, rat, one, other, sheet, partial)


def _pair(
    layers: LayerBands,
    rat: Rat,
    one: LayerName,
    other: LayerName,
    sheet: str | None,
    partial: set[tuple[LayerName, Rat]],
) -> Iterator[Disagreement]:
    first, second = layers[one][rat], layers.get(other, {}).get(rat)
    if isinstance(first, str) or second is None or isinstance(second, str):
        return
    extra = [] if (one, rat) in partial else [band for band in second if band not in first]
    # What is attached or enabled is a part by its nature; only what goes beyond contradicts.
    lacking = (
        []
        if other in {"enabled", "attached"} or (other, rat) in partial
        else [band for band in first if band not in second]
    )
    if not extra and not lacking:
        return
    says = tuple(
        Said(f"only {_named(layer, sheet)}: {names(rat, bands)}", None, _grade(layer))
        for layer, bands in ((one, lacking), (other, extra))
        if bands
    )
    yield Disagreement(f"{rat.upper()} bands, {_named(one, sheet)} and {_named(other, sheet)}", says)


def _named(layer: LayerName, sheet: str | None) -> str:
    return f"declared ({sheet})" if layer == "declared" and sheet else layer


def _grade(layer: LayerName) -> GradeWord:
    if layer == "declared":
        return "declared"
    return "observed" if layer == "attached" else "measured"


def names(rat: str, bands: Iterable[int]) -> str:
    """`B2 B4 B12`, or the word none."""
    return " ".join(band_label(rat, band) for band in bands) or "none"


def _slot(slot: int | None) -> str:
    return "" if slot is None else f", slot {slot}"
