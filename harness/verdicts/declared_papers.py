"""Papers that were declared of a device as editions of their own, beside the carriers': a maker's ICS, an FCC grant.

Each has one requirement, so that a case, a verdict, JUnit and every form of the report hold it like any other. No
carrier's verdict changes by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.carriers.edition import Carrier, Edition
from harness.carriers.store import Selected
from harness.requirements.grant import GrantRule
from harness.requirements.ics import IcsRule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from harness.carriers.kinds import Rule
    from harness.requirements.papers import Papers

SWEPT = "swept/"
"""How the id of the edition of a sweep's bands begins (`swept`); no profile lies there either."""
DECLARED = "declared/"
"""How the ids of these editions begin; no profile lies there."""
_ASKED = {
    "ics": ("its maker's ICS", IcsRule(id="ICS", level="mandatory")),
    "fcc-grant": ("its FCC grant", GrantRule(id="FCC-GRANT", level="mandatory")),
}


def is_declared(carrier: str) -> bool:
    """Whether an edition of this id is of a paper or of a sweep, and of no carrier."""
    return carrier.startswith((DECLARED, SWEPT))


def editions_of_papers(papers: Papers, day: date) -> Iterator[Selected]:
    """The editions that the papers of one device are judged by, as of the day of the run."""
    if papers.ics:
        yield _selected("ics", day, tuple(one.source for one in papers.ics))
    if papers.grants:
        yield _selected("fcc-grant", day, tuple(one.source for one in papers.grants))


def _selected(word: str, day: date, sources: tuple[str, ...]) -> Selected:
    name, rule = _ASKED[word]
    return Selected(_carrier(word, name, rule, day.isoformat(), sources), _edition(rule, day.isoformat(), sources), day)


def _carrier(word: str, name: str, rule: Rule, day: str, sources: tuple[str, ...]) -> Carrier:
    return Carrier(
        format="bandproof.profile/1",
        id=f"{DECLARED}{word}",
        name=name,
        country="intl",
        editions=(_edition(rule, day, sources),),
        nature="regulator",
        note="what was declared of the device, held against it; no carrier asks it",
    )


def _edition(rule: Rule, day: str, sources: tuple[str, ...]) -> Edition:
    return Edition(as_of=day, sources=sources, confidence="A", requirements=(rule,))
