"""Facts of a sweep: what came of one band or technology, and whether all is as before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.observations import Observation, Rat
from harness.radio.tables import band_label

TrialLock = Literal["in_force", "not_read", "other", "refused", "not_sent"]
"""A lock of a trial: it reads as asked, cannot be read, reads otherwise, was refused, or was never sent."""
PlanWord = Literal["tried", "refused", "not_applicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Observation):
    """What one trial of a sweep came to: lock, attach, serving cell. Times in seconds.

    `plan` tells whether it was tried, and `why` where it was not. `fresh`: the registration is a new one, behind the
    lock and behind a time without one.
    """

    rat: Rat
    plan: PlanWord
    why: str = ""
    baseline: bool | None = None
    """Whether the device attached before anything was locked."""
    lock: TrialLock = "not_sent"
    registered: bool = False
    fresh: bool = False
    served_band: int | None = None
    """Of a device that did not attach: of a cell elsewhere that it told of, so that its lock is not in force."""
    served_rat: Rat | None = None
    served_arfcn: int | None = None
    disagree: bool = False
    """The sources of the serving cell name different bands, or one contradicts itself."""
    began_s: float | None = None
    """From the beginning of the sweep to this trial."""
    lasted_s: float | None = None
    waited_s: float | None = None
    attach_s: float | None = None
    denied: bool = False
    cause: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandTrial(Trial):
    """One band of a sweep: what was seen of lock, attach, serving cell and witnesses. Levels as of `Signal`.

    `on_air` and `network` are what others than the device say.
    """

    kind: ClassVar[str] = "band_trial"
    band: int
    on_air: bool | None = None
    on_air_by: str = ""
    announces: tuple[int, ...] = ()
    """Further bands that the cell is announced under, by its source's word."""
    own_scan: bool | None = None
    """Whether the device itself heard a cell on a channel of the band before anything was locked. None: not told."""
    anchor_rat: Rat | None = None
    """Of a band of EN-DC: the cell that the device is registered on, beside which the leg is; `served_…` is the leg."""
    anchor_band: int | None = None
    anchor_arfcn: int | None = None
    leg_told: bool = False
    """The device told of an NR leg behind the attach."""
    leg_fresh: bool = False
    """It was asked for one while its radio was off, and told of none."""
    leg_s: float | None = None
    """From the attach to the look that told of the leg; where none did, to the last look."""
    seen: bool = False
    """Where it did not attach: the device told of a cell all the same."""
    network: Literal["attached", "not_attached"] | None = None
    card_free: bool | None = None
    """Whether the device attached again later and its list of forbidden networks is as before: no reject lingers."""
    doubt: str = ""
    """What its family does not tell, so that no attach under the lock says nothing of the band."""
    rsrp_dbm: float | None = None
    rsrq_db: float | None = None
    sinr_db: float | None = None
    received_bytes: int | None = None
    """What came over its bearer behind the attach, as the host saw; 0: none was seen; None: nobody waited for any."""

    @property
    def label(self) -> str:
        """`B12`, `n71`, `n79 EN-DC`."""
        return f"{band_label(self.rat, self.band)}{' EN-DC' if self.rat == 'nr_nsa' else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatTrial(Trial):
    """One technology that a handset was held to. `rat`: `lte` or `nr`.

    `lock` is what its allowed network types read. `beside`: while it was held, another technology served it as well.
    """

    kind: ClassVar[str] = "rat_trial"
    slot: int | None = None
    """The SIM slot that was held, from 0."""
    registered_rat: Rat | None = None
    """By the registration itself, apart from the cell."""
    beside: Rat | None = None
    validated: bool | None = None
    """Whether Android told a cellular network that came up behind the attach to be validated; None: nobody waited for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCompared(Observation):
    """One thing that a sweep changed, or watched: how it read before and at the end. None: it could not be read."""

    kind: ClassVar[str] = "state_compared"
    item: str
    words: str
    before: str | None
    after: str | None
    written: int = 0
    """How many times it was written, the way back included."""
    watched: bool = False

    @property
    def is_back(self) -> bool:
        """Whether it reads as before."""
        return self.after is not None and self.after == self.before
