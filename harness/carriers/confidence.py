"""How sure it is what a carrier asks: on whose word its bands stand.

`confirmed`: two independent publishers, or the carrier's or regulator's own document. `one_list`: one publisher.
`contradicted`: another publisher says otherwise. `unknown`: nobody names a band.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .edition import Edition
    from .kinds import Rule

Sureness = Literal["confirmed", "one_list", "contradicted", "unknown"]
NO_BAND_TO_LIVE_ON = frozenset({"supplementary-dl", "extended-laa", "legacy-alias", "millimetre-wave"})
"""Roles of bands that serve nobody by themselves, unless the edition asks for them."""


def sureness_of(rule: Rule) -> Sureness:
    """How sure one requirement is."""
    if rule.contradicted_by:
        return "contradicted"
    if rule.authority in {"carrier", "regulator"} or rule.evidence_count > 1:
        return "confirmed"
    return "one_list" if rule.publishers else "unknown"


def edition_sureness(edition: Edition, *, coverage_open: bool) -> Sureness:
    """How sure the answer on an edition's bands is; `coverage_open`: nothing below 1 GHz is confirmed, nor its absence."""
    bands = bands_to_live_on(edition)
    if not coverage_open and any(rule.level != "informative" for rule in bands):
        return "confirmed"
    words = {sureness_of(rule) for rule in bands}
    if words & {"confirmed", "one_list"}:
        return "one_list"
    return "contradicted" if "contradicted" in words else "unknown"


def bands_to_live_on(edition: Edition) -> tuple[Rule, ...]:
    """The bands on which a phone can live at this carrier: LTE, and NR where there is nothing else."""
    rats = {"lte", "nr"} if edition.nr_required else {"lte"}
    return tuple(
        rule
        for rule in edition.requirements
        if any(rat in rats for rat, _ in rule.bands)
        and (rule.level != "informative" or rule.particulars().get("role") not in NO_BAND_TO_LIVE_ON)
    )
