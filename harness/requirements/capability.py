"""What only a capability answers: carrier combinations, and which of them have others as fallbacks.

A combination that is supported has its fallbacks with it. TS 38.306 clause 3.1 (and TS 36.306 clause 4.3.5.2 for LTE):
a fallback band combination results from another one by releasing an SCell, the uplink of an SCell, or the SCG; an
intra-band non-contiguous one is no fallback of a contiguous one. Bandwidth classes fall back within their group
(`carriers.configurations`). The PCell, and with EN-DC the PSCell, keep their uplink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.capability_facts import BandCombinations, CarrierComponent
from harness.carriers.configurations import ConfigurationPart, at_least
from harness.observations import Grade
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Combination = tuple[CarrierComponent, ...]
Said = Literal["yes", "once", "unsure", "no"]

ONCE = "told once only by a capability without a checksum; give another capture of it"
NOT_TOLD = "no source tells it: give a UE capability (--evidence uecap=FILE)"


@dataclass(frozen=True, slots=True)
class WantedCarrier:
    """A required component: its classes; `ul` None where no uplink is asked on it."""

    part: ConfigurationPart
    ul: str | None = None


def serves(combination: Combination, wanted: Sequence[WantedCarrier], *, unsure: bool = False) -> bool:
    """Whether the combination is the wanted one or has it as a fallback (see the module's head).

    `unsure`: or may have it, by classes of which it is not certain that they fall back.
    """
    if not any(part.ul_class for part in combination):
        # A table without uplinks does not say which carrier may be released: only its own components count.
        return len(combination) == len(wanted) and any(True for _ in _assignments(combination, wanted, unsure=unsure))
    rats = {one.part.rat for one in wanted}
    return any(
        rats <= {part.rat for part in chosen if part.ul_class} if len(rats) > 1 else any(p.ul_class for p in chosen)
        for chosen in _assignments(combination, wanted, unsure=unsure)
    )


def _assignments(
    combination: Combination, wanted: Sequence[WantedCarrier], *, unsure: bool
) -> Iterator[tuple[CarrierComponent, ...]]:
    """Every way to give each wanted component one of its own that is as large."""
    if not wanted:
        yield ()
        return
    first, rest = wanted[0], wanted[1:]
    for place, part in enumerate(combination):
        if _covers(part, first, unsure=unsure):
            for others in _assignments(combination[:place] + combination[place + 1 :], rest, unsure=unsure):
                yield (part, *others)


def _covers(part: CarrierComponent, asked: WantedCarrier, *, unsure: bool) -> bool:
    rat, band = asked.part.rat, asked.part.band
    if (part.rat, part.band) != (rat, band):
        return False
    return at_least(rat, band, part.dl_class, asked.part.letter, unsure=unsure) and (
        asked.ul is None or at_least(rat, band, part.ul_class, asked.ul, unsure=unsure)
    )


def said_by(told: BandCombinations, wanted: Sequence[WantedCarrier], *, own_type: bool) -> Said | None:
    """What one list says; None where its silence tells nothing."""
    found = [place for place, one in enumerate(told.combinations) if serves(one, wanted)]
    certain = told.grade >= Grade.MEASURED
    if found:
        # Two combinations that imply it are two statements: one wrong bit cannot have made both. That a carrier has
        # an uplink is told by few bits, and combinations differ by it alone: two messages must say so.
        if any(one.ul for one in wanted):
            sure = bool(set(found) - set(told.uplink_once) - set(told.told_once))
        else:
            sure = len(set(found) - set(told.alone)) > 1 or bool(set(found) - set(told.told_once))
        return "yes" if certain and sure else "once"
    if any(serves(one, wanted, unsure=True) for one in told.combinations):
        return "unsure"
    return "no" if certain and own_type and _could_show(told, wanted) else None


def _could_show(told: BandCombinations, wanted: Sequence[WantedCarrier]) -> bool:
    """Whether the list would hold the combination if the device had it.

    The enquiry may also have limited how many carriers the answer names, which a capture without it does not tell:
    what is larger than all that was told is not known.
    """
    labels = {band_label(one.part.rat, one.part.band) for one in wanted}
    if told.complete is not True and not (told.filtered_by is not None and labels <= set(told.filtered_by)):
        return False
    if not any(part.ul_class for one in told.combinations for part in one):
        return False
    # What one wrong bit could have made does not show how many carriers were told.
    sure = [one for place, one in enumerate(told.combinations) if place not in told.alone]
    return sum(one.part.carriers for one in wanted) <= max(map(carriers, sure), default=0)


def carriers(combination: Combination) -> int:
    """How many carriers a combination aggregates."""
    return sum(
        ConfigurationPart("nr" if p.rat == "nr" else "lte", p.band, (p.dl_class or "A").upper()).carriers
        for p in combination
    )


def combination_name(combination: Combination) -> str:
    """The configuration as 3GPP writes it: `CA_2A-12A`, `DC_2A-66A_n71A`."""
    parts = sorted(combination, key=lambda part: (part.rat, part.band, part.dl_class or ""))
    lte = "-".join(f"{p.band}{(p.dl_class or '?').upper()}" for p in parts if p.rat == "lte")
    nr = "-".join(f"n{p.band}{(p.dl_class or '?').upper()}" for p in parts if p.rat != "lte")
    return f"DC_{lte}_{nr}" if lte and nr else f"CA_{lte or nr}"
