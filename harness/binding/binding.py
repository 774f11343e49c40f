"""What one survey's facts belong to, computed once: the values that verdicts and reports take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.radio.rats import same_rat

from .links import NO_LINKS, LinksHeld, hold_links, is_told_over
from .service import attached, wrap_twin
from .sims import SimsIn, sims_in

if TYPE_CHECKING:
    from harness.observations import ServingCell
    from harness.survey.survey import Survey


_ROLE_OF_MODE = {"nr_sa": "pcell", "nr_nsa": "pscell"}
"""An NR cell that a standalone network serves is primary itself; beside an LTE anchor it is the secondary group's."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Whose SIMs are in a device, and on which cells it is surely served."""

    sims: SimsIn
    attached: tuple[ServingCell, ...]
    proving: tuple[ServingCell, ...]
    """Those of them that prove their band: not one whose EARFCN may have been stored in 16 bits."""
    links: LinksHeld = NO_LINKS
    """Whether its links and files are of one device."""

    def attached_on(self, rat: str, band: int) -> tuple[ServingCell, ...]:
        """The cells that prove one band, by being served on it."""
        return tuple(
            cell
            for cell in self.proving
            if cell.band == band
            and cell.rat
            and same_rat(rat, cell.rat)
            and _ROLE_OF_MODE.get(rat, cell.role) == cell.role
        )


def bind(survey: Survey, unknown_plmns: frozenset[str] = frozenset(), links: LinksHeld | None = None) -> Binding:
    """The binding of a survey; `unknown_plmns` are home PLMNs that no profile has, `links` its links, held. Pure."""
    served = attached(survey)
    proving = tuple(cell for cell in served if wrap_twin(cell) is None)
    return Binding(sims_in(survey, unknown_plmns), served, proving, hold_links(survey) if links is None else links)


def told_without(survey: Survey, links: frozenset[str]) -> Survey:
    """The survey without what was read over some of its links; the same where there are none."""
    if not links:
        return survey
    kept = tuple(item for item in survey.observations if not is_told_over(item, links))
    return replace(survey, observations=kept)


def warnings_of(survey: Survey, held: LinksHeld | None = None) -> tuple[str, ...]:
    """All that the user should know: links that are not bound, the remark on the SIM, then the survey's own warnings."""
    held = hold_links(survey) if held is None else held
    own = told_without(survey, held.contradicted)
    remark = sims_in(own).remark
    return (*held.remarks, *([remark] if remark else []), *survey.warnings)
