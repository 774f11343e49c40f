"""One look at a device: registration, serving cell, further carriers, levels. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.observations import NrState, Registration, ServingCell, Signal
from harness.radio.rats import channel_word
from harness.radio.rats import label as rat_label
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import Observation, Rat, RegistrationState

IN_SERVICE = frozenset({"home", "roaming"})
_ORDER: tuple[RegistrationState, ...] = (
    *("home", "roaming", "emergency", "denied", "searching", "not_registered"),
    "unknown",
)
"""What one look tells in several domains: the first of these counts."""
_WORDS = {"not_registered": "not registered", "unknown": "registration not told"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What one look told. Levels in dBm and dB; None and empty: not told. `carriers` are the cells beside the serving one."""

    state: RegistrationState = "unknown"
    rat: Rat | None = None
    plmn: str | None = None
    cause: int | None = None
    band: str = ""
    """The serving band as people write it: `B2`, `n71`; of an unnamed one its channel."""
    channel: int | None = None
    carriers: tuple[str, ...] = ()
    rsrp_dbm: float | None = None
    rsrq_db: float | None = None
    sinr_db: float | None = None

    @property
    def steady(self) -> Moment:
        """The same without levels: what of it is a change when it differs."""
        return replace(self, rsrp_dbm=None, rsrq_db=None, sinr_db=None)

    @property
    def registration(self) -> str:
        """`home`, `denied, cause 15`."""
        word = _WORDS.get(self.state, self.state)
        return f"{word}, cause {self.cause}" if self.cause is not None and self.state not in IN_SERVICE else word

    @property
    def levels(self) -> str:
        """`RSRP -95 dBm, RSRQ -11 dB`; empty where none was told."""
        told = (("RSRP", self.rsrp_dbm, "dBm"), ("RSRQ", self.rsrq_db, "dB"), ("SINR", self.sinr_db, "dB"))
        return ", ".join(f"{name} {value:g} {unit}" for name, value, unit in told if value is not None)

    def __str__(self) -> str:
        serving = " + ".join(filter(None, (self.band, *self.carriers))) or "no serving cell told"
        channel = f" ({channel_word(self.rat or 'lte')} {self.channel})" if self.channel is not None else ""
        return ", ".join(filter(None, (f"{serving}{channel}", self.registration, self.plmn or "", self.levels)))


def moment_of(observations: Iterable[Observation], slot: int | None = None) -> Moment:
    """The moment that one look's facts make, of one SIM slot where they name slots."""
    facts = [one for one in observations if getattr(one, "slot", None) in {slot, None} or slot is None]
    registration = _registration([one for one in facts if isinstance(one, Registration)])
    cells = [one for one in facts if isinstance(one, ServingCell) and one.active is not False]
    serving = _serving([one for one in cells if one.role == "pcell"])
    told = Moment() if registration is None else _registered(registration)
    if serving is not None:
        told = replace(
            told,
            rat=serving.rat or told.rat,
            plmn=serving.plmn or told.plmn,
            band=_band(serving),
            channel=serving.arfcn,
            carriers=_carriers(cells, facts),
        )
    rsrp, rsrq, sinr = _levels([one for one in facts if isinstance(one, Signal)])
    return replace(told, rsrp_dbm=rsrp, rsrq_db=rsrq, sinr_db=sinr)


def slot_of(observations: Sequence[Observation]) -> int | None:
    """The SIM slot to look at: the first that is in service, else the first that is named; None where none is."""
    told = [one for one in observations if isinstance(one, Registration) and one.slot is not None]
    slots = sorted({one.slot for one in told if one.slot is not None})
    on = [one.slot for one in told if one.state in IN_SERVICE and one.domain != "cs" and one.slot is not None]
    return min(on) if on else next(iter(slots), None)


def weightiest(states: Iterable[RegistrationState]) -> RegistrationState:
    """Of what several domains tell, what counts: in service in any of them is in service."""
    return min(states, key=_ORDER.index, default="unknown")


def _registration(told: Sequence[Registration]) -> Registration | None:
    packet = [one for one in told if one.domain != "cs"]
    return min(packet, key=lambda one: _ORDER.index(one.state), default=None)


def _registered(one: Registration) -> Moment:
    return Moment(state=one.state, rat=one.rat, plmn=one.plmn, cause=one.cause)


def _serving(cells: Sequence[ServingCell]) -> ServingCell | None:
    """The primary cell that tells most of itself; one that only repeats the registration tells no band."""
    named = [one for one in cells if one.band is not None]
    return next(iter(named or [one for one in cells if one.arfcn is not None]), None)


def _band(cell: ServingCell) -> str:
    if cell.band is not None:
        return band_label(cell.rat or "lte", cell.band)
    return f"{rat_label(cell.rat)} on an unnamed band" if cell.rat else ""


def _carriers(cells: Sequence[ServingCell], facts: Sequence[Observation]) -> tuple[str, ...]:
    """The bands of the other cells, each once, in their order; an NR leg whose cell is not told as `NR`."""
    others = [one for one in cells if one.role != "pcell"]
    labels = tuple(dict.fromkeys(filter(None, map(_band, others))))
    leg = any(isinstance(one, NrState) and one.mode == "nsa_connected" for one in facts)
    has_nr = any(one.rat is not None and one.rat.startswith("nr") for one in others)
    return (*labels, "NR") if leg and not has_nr else labels


def _levels(told: Sequence[Signal]) -> tuple[float | None, float | None, float | None]:
    """RSRP, RSRQ and SINR, each the first that is told."""
    each = ((one.rsrp_dbm for one in told), (one.rsrq_db for one in told), (one.sinr_db for one in told))
    rsrp, rsrq, sinr = (next((value for value in values if value is not None), None) for values in each)
    return rsrp, rsrq, sinr
