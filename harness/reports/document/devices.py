"""A surveyed device as the document keeps it: identity card, layers, facts, exchanges. Personal data is gone here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.recording.scrubbing.scrub import scrub, scrub_address, scrub_exchange

from .band_layers import bands_by_layer
from .disagreements import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.recording.exchange import Exchange
    from harness.survey.survey import Survey
    from harness.verdicts.facts import Declared

_NOT_IDENTITY = {"kind", "grade", "source"}


def device_part(survey: Survey, declared: Declared | None, remark: str | None = None) -> dict[str, Any]:
    """One entry of `devices`."""
    hide = _hider(survey)
    identity = survey.identity.as_json()
    observations = [_hidden(item.as_json(), hide) for item in survey.observations]
    declared_bands = (
        {rat: list(bands) for rat, bands in declared.bands.items() if bands is not None} if declared else {}
    )
    sheet = declared.sheet if declared else None
    layers = bands_by_layer(observations, declared_bands)
    return {
        "device": survey.device,
        "address": scrub_address(survey.address),
        "kind": survey.kind,
        "label": hide(survey.label),
        "provenance": survey.provenance,
        "identity": {k: hide(v) for k, v in identity.items() if v is not None and k not in _NOT_IDENTITY},
        "sims": [item for item in observations if item["kind"] == "sim"],
        "connection": {
            "links": list(dict.fromkeys(link for link, _ in survey.exchanges)),
            "dialect": survey.dialect,
            "elapsed_s": round(survey.elapsed_s, 3),
        },
        "declared_by": sheet,
        "declared_bands": declared_bands,
        "sheet_remark": remark or None,
        "layers": layers,
        "disagreements": disagreements(observations, layers, sheet),
        "trouble": hide(survey.trouble) if survey.trouble else None,
        "warnings": [hide(scrub(warning)[0]) for warning in survey.warnings],
        "observations": observations,
        "exchanges": [_exchange(n, link, exchange, hide) for n, (link, exchange) in enumerate(survey.exchanges)],
    }


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
    shown = scrub_address(survey.address)
    if shown == survey.address or len(survey.address) < 4:
        return lambda text: text
    return lambda text: text.replace(survey.address, shown)


def _hidden(item: dict[str, Any], hide: Callable[[str], str]) -> dict[str, Any]:
    return {key: hide(value) if isinstance(value, str) else value for key, value in item.items()}


def _exchange(number: int, link: str, exchange: Exchange, hide: Callable[[str], str]) -> Mapping[str, Any]:
    """The index entry of one exchange; its text is in the evidence."""
    return {
        "number": number,
        "link": link,
        "request": exchange.request,
        "at": exchange.at,
        "elapsed_ms": exchange.elapsed_ms,
        "exit_code": exchange.exit_code,
        "bytes": len(exchange.response),
        "error": hide(str(exchange.error)) if exchange.error else None,
    }
