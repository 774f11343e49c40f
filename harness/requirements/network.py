"""What requirements on the network share: whose SIM must be in, and whose network it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.radio.related_tests import related_tests, related_words

from .answers import Answer
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.carriers.edition import Carrier
    from harness.observations import Registration

    from .bound import CarrierBound


def without_sim(bound: CarrierBound) -> Answer:
    """NA where no SIM of the carrier is in the device, INCONC where that is not known, or the SIM is a wrong one."""
    if bound.sim.not_applicable:
        return Answer(Outcome.NA, bound.sim.why)
    data = [item for item in bound.survey.registrations if item.domain != "cs"]
    out = "" if any(item.state in SERVING for item in data) else out_of_service(data)
    return Answer(Outcome.INCONC, f"{bound.sim.why}; {out}" if out else bound.sim.why)


def out_of_service(data: Iterable[Registration]) -> str:
    """What registrations without service tell: `registration denied, cause 15; related to TS …`; empty where nothing.

    A cause beside another state than denied is the last one: of when it is, nobody tells.
    """
    told = tuple(data)
    causes = sorted({item.cause for item in told if item.cause})
    numbers = ", ".join(map(str, causes))
    related = related_words(related_tests(f"cause_{cause}" for cause in causes))
    if any(item.state == "denied" for item in told):
        words = f"registration denied, cause {numbers}" if causes else "registration denied"
    else:
        states = ", ".join(sorted({_STATES.get(item.state, item.state) for item in told if item.state != "unknown"}))
        last = f"the network's last refusal had cause {numbers}" if causes else ""
        words = "; ".join(one for one in (f"not in service: {states}" if states else "", last) if one)
    return f"{words}; {related}" if related else words


SERVING = frozenset({"home", "roaming"})
_STATES = {"not_registered": "not registered", "emergency": "limited to emergency calls"}


def is_foreign(plmn: str | None, carrier: Carrier) -> bool:
    """Whether a network is somebody else's. A carrier with a host uses the host's cells, whose PLMNs are not here."""
    return plmn is not None and not carrier.broadcasts(plmn) and carrier.host is None
