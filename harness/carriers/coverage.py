"""The page of what is covered and what is not: `python -m harness.carriers.coverage FILE`, `docs/coverage.md`.

It is made from the profiles alone, as of the day on which one of them was last checked, so that it changes when they do.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from . import dates
from .confidence import edition_sureness
from .countries import name_of, population_of, table, territories
from .rules import has_low_band
from .store import Profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from .edition import Edition
    from .store import Selected

_NO_LIST = "no list that was read names a current LTE network there"
_WORDS = ("confirmed", "one_list", "contradicted", "unknown")


def coverage_page(profiles: Profiles) -> str:
    """The whole page. Raises FileError."""
    carriers = profiles.carriers(profiles.ids())
    day = max(dates.last_day(edition.checked or edition.as_of) for one in carriers for edition in one.editions)
    current = [one for one in profiles.living(profiles.ids(), day) if one.carrier.nature == "carrier"]
    ended = [carrier for carrier in carriers if carrier.ended_by(day)]
    lines = [*_head(current, day), *_countries(current), *_not_covered(current)]
    lines += ["", "## Networks that ended", ""]
    for carrier in ended:
        heir = f", {carrier.successor} took its customers over" if carrier.successor else ""
        lines.append(f"- {carrier.name} ({name_of(carrier.country)}, `{carrier.id}`): {carrier.ended}{heir}")
    return "\n".join(lines) + "\n"


def sureness(edition: Edition) -> str:
    """How sure the answer on an edition's bands is, by the edition alone."""
    open_ = any(rule.leaves_coverage_open and rule.level != "informative" for rule in edition.requirements)
    asked = edition.has_no_low_band or has_low_band(edition)
    return edition_sureness(edition, coverage_open=open_ or not asked)


def _head(current: list[Selected], day: date) -> Iterator[str]:
    words = Counter(sureness(one.edition) for one in current)
    homes = {one.carrier.country for one in current}
    yield "# What is covered"
    yield ""
    yield "Made by `python -m harness.carriers.coverage docs/coverage.md` from the profiles; do not edit."
    yield f"Newest check of a profile: {day.isoformat()}."
    yield ""
    yield f"{len(current)} carriers in {len(homes)} countries and territories. How sure it is what they ask:"
    yield ""
    yield "| confidence | carriers | what a phone that has every band gets |"
    yield "|---|--:|---|"
    yield f"| confirmed | {words['confirmed']} | an answer: two independent publishers name its bands |"
    yield f"| one list | {words['one_list']} | INCONC, and what the one list says |"
    yield f"| contradicted | {words['contradicted']} | INCONC: the publishers disagree |"
    yield f"| unknown | {words['unknown']} | INCONC: nobody names a band |"


def _countries(current: Iterable[Selected]) -> Iterator[str]:
    by_country: dict[str, Counter[str]] = {}
    for one in current:
        by_country.setdefault(one.carrier.country, Counter())[sureness(one.edition)] += 1
    yield ""
    yield "## By country, the largest first"
    yield ""
    yield "| country | code | people | carriers | confirmed | one list | contradicted | unknown |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for code in sorted(by_country, key=lambda code: (-population_of(code), code)):
        counts = by_country[code]
        cells = " | ".join(str(counts[word] or "") for word in _WORDS)
        yield f"| {name_of(code)} | {code} | {population_of(code):,} | {counts.total()} | {cells} |"


def _not_covered(current: Iterable[Selected]) -> Iterator[str]:
    homes = {one.carrier.country for one in current}
    yield ""
    yield "## Not covered, and why"
    yield ""
    yield "| country or territory | code | people | why |"
    yield "|---|---|--:|---|"
    served = territories()
    for code, country in sorted(table().items(), key=lambda pair: (-pair[1].population, pair[0])):
        if code in homes:
            continue
        why = f"{served[code].why}: {', '.join(served[code].carriers)}" if code in served else _NO_LIST
        yield f"| {country.name} | {code} | {country.population:,} | {why} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(coverage_page(Profiles()), encoding="utf-8")
