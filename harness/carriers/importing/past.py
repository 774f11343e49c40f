"""The edition before the lists of today: every band from the day on which something had it on air.

It rests on dated snapshots of one encyclopedia for the most part, so a band decides only where a second publisher
saw it. Lists lag networks: each day is an upper bound of the first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.carriers import dates
from harness.carriers.band_faults import is_low_band
from harness.carriers.publishers import independent

from . import text
from .bands import WantedBand, role_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .history import FirstSeen

_NOTE = "Bands from the day of their first dated list, launch report or filing on; lists lag networks."


def past_edition(prefix: str, listings: Sequence[FirstSeen], before: str) -> list[str]:
    """The lines of the edition that ends where the one of `before` begins; none where nothing is older."""
    end = dates.first_day(before)
    old = [one for one in listings if dates.first_day(one.since) < end]
    if not old:
        return []
    start = min((one.since for one in old), key=dates.first_day)
    asked = [_asked(one, start) for one in old]
    low = [one for one in asked if is_low_band(one.rat, one.band) and one.rat == "lte"]
    lines = [f"  - as_of: {text.quoted(start)}", "    confidence: C", f"    note: {text.quoted(_NOTE)}", "    sources:"]
    lines += [f"      - {text.quoted(source)}" for source in sorted({text.shorter(one.source) for one in old})]
    lines += ["    requirements:", *(text.band(prefix, one) for one in asked)]
    if not any(one.level != "informative" for one in low):
        lines.append(text.coverage(prefix, tuple(low)))
    return lines + text.network_rules(prefix, tuple(asked), sure=False)


def _asked(one: FirstSeen, start: str) -> WantedBand:
    sure = one.rat == "lte" and independent(one.publishers) > 1 and one.until is None
    return WantedBand(
        one.rat,
        one.band,
        role_of(one.rat, one.band, None),
        "recommended" if sure else "informative",
        one.publishers,
        one.since,
        since=None if one.since == start else one.since,
        until=one.until,
        listed_since=one.since,
        listed_source=text.shorter(one.source),
    )
