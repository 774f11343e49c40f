"""What one survey's facts belong to, computed once: the values that verdicts and reports take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.rats import same_rat

from .service import attached, wrap_twin
from .sims import SimsIn, sims_in

if TYPE_CHECKING:
    from harness.observations import ServingCell
    from harness.survey.survey import Survey


@dataclass(frozen=True, slots=True)
class Binding:
    """Whose SIMs are in a device, and on which cells it is surely served."""

    sims: SimsIn
    attached: tuple[ServingCell, ...]
    proving: tuple[ServingCell, ...]
    """Those of them that prove their band: not one whose EARFCN may have been stored in 16 bits."""

    def attached_on(self, rat: str, band: int) -> tuple[ServingCell, ...]:
        """The cells that prove one band, by being served on it."""
        return tuple(cell for cell in self.proving if cell.band == band and cell.rat and same_rat(rat, cell.rat))


def bind(survey: Survey, unknown_plmns: frozenset[str] = frozenset()) -> Binding:
    """The binding of a survey; `unknown_plmns` are home PLMNs that no profile has. Pure."""
    served = attached(survey)
    return Binding(sims_in(survey, unknown_plmns), served, tuple(cell for cell in served if wrap_twin(cell) is None))
