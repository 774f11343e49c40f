"""The editions that a run judged by, as the document keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.carriers.edition import (
    AttachRule,
    BandRule,
    CombinationRule,
    RegisteredRule,
    RomRegionRule,
    UeCategoryRule,
)
from harness.verdicts.judge import asks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harness.carriers.edition import Edition, Requirement
    from harness.carriers.store import Selected


def editions_of(selected: Iterable[Selected]) -> list[dict[str, Any]]:
    """Each edition once, sorted by carrier and date."""
    by_ref = {one.ref: one for one in selected}
    return [_edition(by_ref[ref]) for ref in sorted(by_ref)]


def _edition(selected: Selected) -> dict[str, Any]:
    carrier, edition = selected.carrier, selected.edition
    return {
        "carrier": carrier.id,
        "name": carrier.name,
        "country": carrier.country,
        "nature": carrier.nature,
        "plmns": list(carrier.plmns),
        "edition": edition.as_of,
        "asked": selected.asked.isoformat(),
        "stale": selected.stale(),
        "ended": carrier.ended if selected.ended() else None,
        "confidence": edition.confidence,
        "sources": list(edition.sources),
        "note": edition.note,
        "not_assessed": list(edition.not_assessed),
        "bands_asked": bands_asked(edition),
        "requirements": [_requirement(rule) for rule in edition.requirements],
        "aliases": [
            {
                "rat": alias.rat,
                "band": alias.band,
                "satisfied_by": alias.satisfied_by,
                "since": alias.since,
                "reason": alias.reason,
            }
            for alias in edition.aliases
        ],
        "voice": {"volte": edition.voice.volte, "fallback": list(edition.voice.fallback), "note": edition.voice.note}
        if edition.voice
        else None,
    }


def bands_asked(edition: Edition) -> str:
    """The bands that can decide, as people write them: `2 4 5 12|17 29 30 n41`."""
    marks = {"lte": "", "nr": "n", "umts": "U", "gsm": "G"}
    groups = [
        "|".join(f"{mark}{band}" for band in group)
        for rat, mark in marks.items()
        for group in edition.groups(rat, "mandatory", "recommended")
    ]
    return " ".join(groups)


def _requirement(rule: Requirement) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kind": rule.kind,
        "text": asks(rule),
        "level": rule.level,
        "needed": rule.needed,
        "publishers": list(rule.publishers),
        "authority": rule.authority,
        "as_of": rule.as_of,
        "note": rule.note,
        **_particulars(rule),
    }


def _particulars(rule: Requirement) -> Mapping[str, Any]:
    """What only this kind of requirement has."""
    if isinstance(rule, BandRule):
        alternatives = [{"band": a.band, "relation": a.relation, "note": a.note} for a in rule.any_of]
        return {"role": rule.role, "rat": rule.rat, "bands": [rule.band], "any_of": alternatives}
    if isinstance(rule, AttachRule):
        return {"serving": {rat: list(bands) for rat, bands in rule.any_of.items()}}
    if isinstance(rule, RegisteredRule):
        return {"states": list(rule.states)}
    if isinstance(rule, RomRegionRule):
        return {"regions": list(rule.any_of)}
    if isinstance(rule, CombinationRule):
        return {"configuration": rule.configuration, "uplink": rule.uplink or None}
    if isinstance(rule, UeCategoryRule):
        return {"dl_category": rule.dl, "ul_category": rule.ul}
    return {}
