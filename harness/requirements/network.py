"""What requirements on the network share: whose SIM must be in, and whose network it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .answers import Answer
from .outcomes import Outcome

if TYPE_CHECKING:
    from harness.carriers.edition import Carrier

    from .bound import CarrierBound


def without_sim(bound: CarrierBound) -> Answer:
    """NA where no SIM of the carrier is in the device, INCONC where that is not known, or the SIM is a wrong one."""
    return Answer(Outcome.NA if bound.sim.not_applicable else Outcome.INCONC, bound.sim.why)


def is_foreign(plmn: str | None, carrier: Carrier) -> bool:
    """Whether a network is somebody else's. A carrier with a host uses the host's cells, whose PLMNs are not here."""
    return plmn is not None and not carrier.broadcasts(plmn) and carrier.host is None
