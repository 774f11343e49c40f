"""Facts of a UE capability: combinations, categories, power classes, multiple band indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.observations import Observation, Rat


@dataclass(frozen=True, slots=True)
class CarrierComponent:
    """One component carrier of a combination; classes as in TS 36.101 table 5.6A-1 and TS 38.101-1 table 5.3A.5-1."""

    rat: str
    band: int
    dl_class: str | None = None
    ul_class: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandCombinations(Observation):
    """Carrier combinations that the device supports."""

    kind: ClassVar[str] = "band_combinations"
    type: Literal["lte_ca", "nr_ca", "nr_dc", "en_dc"]
    combinations: tuple[tuple[CarrierComponent, ...], ...]
    complete: bool | None = None
    """As of `SupportedBands`: False where the question was filtered or is not known."""
    filtered_by: tuple[str, ...] | None = None
    """The bands that were asked for, as labels (B3, n78); None = not known."""
    told_once: tuple[int, ...] = ()
    """Indexes of combinations that nothing else in the capture implies (TS 36.306 fallback), so one wrong bit could
    have made them."""
    uplink_once: tuple[int, ...] = ()
    """Indexes of combinations that one message only tells: which of their carriers have an uplink rests on few bits."""
    alone: tuple[int, ...] = ()
    """Indexes of combinations of which two are no second statement of what both imply: one wrong bit could have made
    the one of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UeCategory(Observation):
    """UE category: downlink and uplink as the newest field of the message tells them (TS 36.306 clause 4.1, 4.1A).

    `legacy` is the field of release 8 (1..5). Categories M1, M2 and 1bis have no number and are told in `name`.
    """

    kind: ClassVar[str] = "ue_category"
    rat: Rat = "lte"
    dl: int | None = None
    ul: int | None = None
    legacy: int | None = None
    name: str | None = None
    told_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MfbiSupport(Observation):
    """Whether the device follows a multi-frequency band indicator (LTE: feature group indicator 31, TS 36.331 B.1)."""

    kind: ClassVar[str] = "mfbi_support"
    rat: Rat = "lte"
    supported: bool
    told_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerClass(Observation):
    """Power class of one band, or (`band` None) of all: 1, 1.5, 2, 3 ... Silence of the device is not class 3 here."""

    kind: ClassVar[str] = "power_class"
    rat: Rat
    band: int | None = None
    power_class: float
    told_once: bool = False
