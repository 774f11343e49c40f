"""Who uses a band: the carriers whose edition of a day names it, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .confidence import sureness_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from .confidence import Sureness
    from .store import Profiles


@dataclass(frozen=True, slots=True)
class BandUser:
    """One carrier that a profile has on a band. `role` and `level` are those of its profile."""

    id: str
    name: str
    country: str
    edition: str
    role: str
    level: str
    sure: Sureness


def band_users(
    profiles: Profiles, rat: str, band: int, day: date, ids: Iterable[str] | None = None
) -> Iterator[BandUser]:
    """The carriers that use a band that day, by country and name; of these ids only, where they are given."""
    chosen = profiles.living(profiles.ids() if ids is None else ids, day)
    for one in sorted(chosen, key=lambda one: (one.carrier.country, one.carrier.name.casefold())):
        if one.carrier.nature != "carrier":
            continue
        for rule in one.edition.requirements:
            if rule.kind == "band" and (rat, band) in rule.bands:
                role = str(rule.particulars().get("role") or "")
                carrier = one.carrier
                yield BandUser(
                    carrier.id, carrier.name, carrier.country, one.edition.as_of, role, rule.level, sureness_of(rule)
                )
                break
