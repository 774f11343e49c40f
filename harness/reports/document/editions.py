"""The editions that a run judged by, as the document keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from harness.carriers.kinds import asked, guarded

from .entries import AliasEntry, EditionEntry, RequirementEntry, VoiceEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harness.carriers.edition import Edition
    from harness.carriers.kinds import Requirement
    from harness.carriers.store import Selected


def editions_of(selected: Iterable[Selected], profiles: Mapping[str, str] | None = None) -> tuple[EditionEntry, ...]:
    """Each edition once, sorted by carrier and date. `profiles`: the hash of each carrier's profile."""
    by_ref = {one.ref: one for one in selected}
    return tuple(_edition(by_ref[ref], (profiles or {}).get(by_ref[ref].carrier.id)) for ref in sorted(by_ref))


def _edition(selected: Selected, profile_sha256: str | None) -> EditionEntry:
    carrier, edition = selected.carrier, selected.edition
    voice = edition.voice
    return EditionEntry(
        carrier=carrier.id,
        name=carrier.name,
        country=carrier.country,
        nature=carrier.nature,
        plmns=carrier.plmns,
        edition=edition.as_of,
        asked=selected.asked.isoformat(),
        stale=selected.stale(),
        ended=carrier.ended if selected.ended() else None,
        confidence=edition.confidence,
        sources=edition.sources,
        note=edition.note,
        not_assessed=edition.not_assessed,
        bands_asked=bands_asked(edition),
        requirements=tuple(map(_requirement, edition.requirements)),
        aliases=tuple(AliasEntry(a.rat, a.band, a.satisfied_by, a.since, a.reason) for a in edition.aliases),
        voice=VoiceEntry(voice.volte, voice.fallback, voice.note) if voice else None,
        profile_sha256=profile_sha256,
    )


def bands_asked(edition: Edition) -> str:
    """The bands that can decide, as people write them: `2 4 5 12|17 29 30 n41`."""
    marks = {"lte": "", "nr": "n", "umts": "U", "gsm": "G"}
    groups = [
        "|".join(f"{mark}{band}" for band in group)
        for rat, mark in marks.items()
        for group in edition.groups(rat, "mandatory", "recommended")
    ]
    return " ".join(groups)


def _requirement(rule: Requirement) -> RequirementEntry:
    told = {
        "id": rule.id,
        "kind": rule.kind,
        "text": asked(rule),
        "level": rule.level,
        "needed": rule.needed,
        "publishers": rule.publishers,
        "authority": rule.authority,
        "as_of": rule.as_of,
        "note": rule.note,
        "related": tuple(map(str, guarded(rule, rule.related, lambda _: ()))) or None,
    }
    return guarded(rule, lambda: _entry(told, rule.particulars()), lambda _: _entry(told, {}))


def _entry(told: Mapping[str, Any], particulars: Mapping[str, Any]) -> RequirementEntry:
    """With those particulars that the document knows."""
    more = {key: value for key, value in particulars.items() if key in RequirementEntry.__struct_fields__}
    return msgspec.convert({**more, **told}, RequirementEntry)
