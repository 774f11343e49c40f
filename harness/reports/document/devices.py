"""A surveyed device as the document keeps it: identity card, layers, facts, exchanges. Personal data is gone here."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from harness.binding.binding import warnings_of
from harness.binding.locks import locks_in_force
from harness.observations import Observation, Sim
from harness.recording.scrubbing.scrub import hide_address, scrub, scrub_address, scrub_exchange

from .band_layers import bands_by_layer
from .disagreements import disagreements
from .entries import ConnectionEntry, DeviceEntry, ExchangeEntry
from .firmware import firmware_of
from .told_facts import ToldFacts

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.observations import Rat
    from harness.recording.exchange import Exchange
    from harness.requirements.bands.facts import Declared
    from harness.requirements.bound import Bound
    from harness.survey.survey import Survey

_NOT_IDENTITY = {"kind", "grade", "source"}


def device_entry(bound: Bound, *, remark: str | None = None) -> DeviceEntry:
    """One entry of `devices`; `remark`: which sheet was taken, or why none."""
    survey, declared = bound.survey, bound.declared
    hide = _hider(survey)
    identity = survey.identity
    facts = ToldFacts(_hidden(item, survey.address, hide) for item in survey.observations)
    declared_bands = _declared_bands(declared)
    sheet = declared.sheet if declared else None
    layers = bands_by_layer(facts, declared_bands, bound.binding.attached)
    return DeviceEntry(
        device=survey.device,
        address=scrub_address(survey.address),
        kind=survey.kind,
        label=hide(survey.label),
        provenance=survey.provenance,  # type: ignore[arg-type]
        identity={k: hide(v) for k, v in identity.as_json().items() if v is not None and k not in _NOT_IDENTITY},
        sims=ToldFacts(facts.of(Sim)),
        connection=ConnectionEntry(
            links=tuple(dict.fromkeys(link for link, _ in survey.exchanges)),
            dialect=survey.dialect,
            elapsed_s=round(survey.elapsed_s, 3),
        ),
        declared_by=sheet,
        declared_bands=declared_bands,
        sheet_remark=remark or None,
        layers=layers,
        disagreements=tuple(disagreements(facts, layers, sheet)),
        trouble=hide(survey.trouble) if survey.trouble else None,
        warnings=tuple(hide(scrub(warning)[0]) for warning in warnings_of(survey, bound.binding.links)),
        declared_confidence=declared.confidence if declared else None,  # type: ignore[arg-type]
        declared_sources=declared.sources if declared else (),
        declared_own=declared.own if declared else False,
        locks=tuple(map(hide, locks_in_force(survey))),
        bonds=tuple(hide(str(bond)) for bond in bound.binding.links.bonds),
        observations=facts,
        exchanges=tuple(_exchange(n, link, exchange, hide) for n, (link, exchange) in enumerate(survey.exchanges)),
        sample=survey.sample,
        key=survey.sample or survey.key,
        firmware=firmware_of(identity.as_json()),
    )


def scrubbed_exchanges(survey: Survey) -> tuple[tuple[str, Exchange], ...]:
    """The exchanges of a survey as the evidence writer keeps them: without personal data, without the raw address."""
    hide = _hider(survey)
    return tuple((link, _scrubbed(exchange, hide)) for link, exchange in survey.exchanges)


def _scrubbed(exchange: Exchange, hide: Callable[[str], str]) -> Exchange:
    clean, _ = scrub_exchange(exchange)
    return replace(clean, error=clean.error.changed(hide)) if clean.error else clean


def without_address(survey: Survey, text: str) -> str:
    """Words about a device without its adb serial or IP address."""
    return _hider(survey)(text)


def _hider(survey: Survey) -> Callable[[str], str]:
    address = survey.address
    if scrub_address(address) == address:
        return lambda text: text
    return lambda text: hide_address(text, address)


def _hidden(fact: Observation, address: str, hide: Callable[[str], str]) -> Observation:
    """The fact without the raw address in any of its words."""
    told = {one.name: value for one in fields(fact) if isinstance(value := getattr(fact, one.name), str)}
    changed = {name: hide(value) for name, value in told.items() if address in value}
    return replace(fact, **changed) if changed else fact  # type: ignore[arg-type]


def _declared_bands(declared: Declared | None) -> dict[Rat, tuple[int, ...]]:
    if declared is None:
        return {}
    return {rat: tuple(bands) for rat, bands in declared.bands.items() if bands is not None}  # type: ignore[misc]


def _exchange(number: int, link: str, exchange: Exchange, hide: Callable[[str], str]) -> ExchangeEntry:
    return ExchangeEntry(
        number=number,
        link=link,  # type: ignore[arg-type]
        request=exchange.request,
        at=exchange.at,
        elapsed_ms=exchange.elapsed_ms,
        exit_code=exchange.exit_code,
        bytes=len(exchange.response),
        error=hide(str(exchange.error)) if exchange.error else None,
    )
