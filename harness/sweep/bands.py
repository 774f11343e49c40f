"""What a sweep is asked for: `12,66,n71`, `lte`, and what is to become of each on one device."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from harness.errors import UsageError
from harness.radio.rats import E_UTRA, label, published
from harness.radio.tables import band_label, bands_of, lte_bands, nr_bands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import Observation, Rat
    from harness.probes.at.locking import Locking
    from harness.trial_facts import PlanWord

_BAND = re.compile(r"(?P<kind>b|n|m|nb)?(?P<number>\d{1,3})", re.IGNORECASE)
_KINDS = {"b": "", "n": "nr", "m": "lte_m", "nb": "nb_iot"}
_NEVER_PRIMARY = {46}
"""LTE bands, beside those of downlink only, that have no primary cells (TS 36.101 table 5.5-1, note)."""
REQUIRED = "required"
EN_DC: Final = "nr_nsa"
RATS: tuple[Rat, ...] = ("lte", "nr")
"""The technologies that a handset can be held to."""


@dataclass(frozen=True, slots=True)
class SweepBand:
    """One band as it was asked for. `rat` empty: an E-UTRA band, of whichever of its kinds the device has."""

    rat: str
    band: int


@dataclass(frozen=True, slots=True)
class PlannedBand:
    """One band of a sweep on one device: it is tried, or why it is not."""

    rat: Rat
    band: int
    plan: PlanWord = "tried"
    why: str = ""


def parse_asked(text: str) -> tuple[tuple[SweepBand, ...], tuple[Rat, ...]]:
    """`12,lte,nr`: the bands, and the technologies that a handset is held to. Raises UsageError for what is neither."""
    words = [part.strip() for part in text.split(",")]
    rats = tuple(rat for rat in RATS if rat in {word.lower() for word in words})
    bands = ",".join(word for word in words if word.lower() not in RATS)
    return parse_bands(bands) if bands or not rats else (), rats


def parse_bands(text: str) -> tuple[SweepBand, ...]:
    """`12,66,n71` (LTE, NR), `m12` (LTE-M), `nb20` (NB-IoT); each once. Raises UsageError for what is no band."""
    found = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        match = _BAND.fullmatch(word)
        kind = _KINDS.get((match["kind"] or "b").lower()) if match else None
        if match is None or kind is None:
            raise UsageError(
                f"--sweep: {word!r} is no band",
                way_out="write 12,66,n71; m12 for LTE-M, nb20 for NB-IoT; of a handset lte, nr",
            )
        number = int(match["number"])
        if number not in (nr_bands() if kind == "nr" else lte_bands()):
            raise UsageError(f"--sweep: there is no band {word}", way_out="`bandproof band NUMBER` looks one up")
        found.append(SweepBand(kind, number))
    if not found:
        raise UsageError("--sweep names no band", way_out="write --sweep=12,66,n71, --sweep=lte or --sweep=required")
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class OwnBands:
    """What a device itself lists, by kind of list. A list that cannot show everything is none."""

    supported: dict[str, frozenset[int]]
    enabled: dict[str, frozenset[int]] = field(default_factory=dict)
    """What it has enabled: it counts where it tells no list of what it has."""

    @staticmethod
    def of(observations: Iterable[Observation]) -> OwnBands:
        """From what was read of it."""
        from harness.observations import EnabledBands, SupportedBands

        found: dict[str, frozenset[int]] = {}
        enabled: dict[str, frozenset[int]] = {}
        for one in observations:
            if isinstance(one, SupportedBands) and one.bands is not None and one.complete is not False:
                found[one.rat] = found.get(one.rat, frozenset()) | frozenset(one.bands)
            elif isinstance(one, EnabledBands) and one.bands is not None:
                enabled[one.rat] = enabled.get(one.rat, frozenset()) | frozenset(one.bands)
        return OwnBands(found, enabled)

    def told_by(self, rats: Sequence[str]) -> frozenset[int] | None:
        """The bands of these kinds of lists together; None where there is none."""
        lists = [self.supported[rat] for rat in rats if rat in self.supported]
        return frozenset().union(*lists) if lists else None

    def only_in_en_dc(self, band: int, rats: Sequence[str]) -> bool:
        """Whether it has an NR band beside an LTE cell alone; `rats` are the lists that tell of NR without one."""
        alone = self.told_by(rats)
        if alone is not None:
            return band not in alone and band in (self.told_by((EN_DC,)) or ())
        if EN_DC in self.supported or "nr_sa" not in self.enabled:
            return False
        return band not in self.enabled["nr_sa"] and band in self.enabled.get(EN_DC, ())


NO_LOCK = "no documented lock of this family here yet"


def plan_band(asked: SweepBand, locking: Locking | None, listed: OwnBands, *, no_lock: str = "") -> PlannedBand:
    """What is to become of one band on a device of that family. `no_lock`: why it has no lock, where that is known."""
    rat = _rat_of(asked, locking)
    known = bands_of(published(rat))[asked.band]
    name = band_label(rat, asked.band)

    def no(why: str) -> PlannedBand:
        return PlannedBand(rat, asked.band, "not_applicable", why)

    if known.dl_channels is None:
        return no(f"{name} is uplink only: no device attaches on it")
    if known.downlink_only:
        return no(f"{name} is downlink only: no device attaches on it")
    if rat in E_UTRA and asked.band in _NEVER_PRIMARY:
        return no(f"{name} is unlicensed (LAA): its cells are secondary ones only")
    if locking is None:
        return no(no_lock or NO_LOCK)
    if rat == "nr" and listed.only_in_en_dc(asked.band, _lists_of_nr(locking)):
        if locking.lock_of(EN_DC) is None:
            return no(f"the device has {name} beside an LTE cell only (EN-DC), {_NO_LIST}")
        return PlannedBand(EN_DC, asked.band)
    lock = locking.lock_of(rat)
    if lock is None:
        return no(f"no documented lock for {label(rat)} bands of this family here yet")
    lists = listed.told_by(lock.told_by)
    if lists is not None and asked.band not in lists:
        return no(f"the device itself does not list {name}, and is locked to nothing else")
    return PlannedBand(rat, asked.band)


_NO_LIST = "and no list of those bands apart from the others is documented of this family here"


def _lists_of_nr(locking: Locking) -> Sequence[str]:
    lock = locking.lock_of("nr")
    return lock.told_by if lock is not None else ("nr", "nr_sa")


def _rat_of(asked: SweepBand, locking: Locking | None) -> Rat:
    """An E-UTRA band is of the first of its kinds that the family can lock."""
    if asked.rat:
        return asked.rat  # type: ignore[return-value]
    kinds = [lock.rat for lock in locking.locks] if locking else []
    return next((rat for rat in kinds if rat in E_UTRA), "lte")
