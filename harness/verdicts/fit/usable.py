"""What works at a carrier that day, the best first: `LTE on capacity bands only (B2 B4); 3G (B2 B5) until 2022-02`.

Pure words over what is known of each band; whoever asks brings the facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from harness.carriers.band_faults import is_low_band
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from harness.carriers.edition import OldNetwork
    from harness.carriers.store import Selected
    from harness.requirements.band import BandRule

    Has = Callable[[str, int], bool | None]

_GENERATION: dict[str, str] = {"umts": "3G", "gsm": "2G", "cdma": "CDMA"}

Need = Literal["required", "not_required", "unknown"]


class Usable(Protocol):
    """One band that the edition lists. One that only a superset or a part stands in for is none that works."""

    @property
    def rule(self) -> BandRule:
        """What the edition says of it."""

    @property
    def label(self) -> str:
        """B12, n71, and so on."""

    @property
    def has(self) -> bool | None:
        """Whether the device has it; None = not known."""

    @property
    def by_alias(self) -> bool:
        """Whether it is missing or open, and a declared alias that is there serves in its place."""


def in_one(words: Iterable[str]) -> str:
    """The words as one sentence; what cannot be told is said so in them."""
    return "; ".join(words) or "none that is known"


def newer(bands: Sequence[Usable]) -> list[str]:
    """What works of NR and LTE."""
    nr = [one for one in bands if one.has and one.rule.rat == "nr"]
    return [*([f"5G on {_labels(nr)}"] if nr else []), *_lte([one for one in bands if one.rule.rat == "lte"])]


def older(selected: Selected, has: Has) -> list[str]:
    """What works of the networks before LTE that are on air that day, or may be."""
    networks = [n for n in selected.carrier.networks if n.on_air(selected.asked) is not False]
    newest_first = sorted(networks, key=lambda network: list(_GENERATION).index(network.rat))
    return [word for network in newest_first if (word := _older(network, selected, has))]


def volte_need(selected: Selected, has: Has) -> Need:
    """Whether calls need VoLTE with this device: where it reaches no circuit-switched network that is on air.

    `unknown` where the profile, or what is known of the device, leaves it open. Nothing of it says that VoLTE works.
    """
    asked = selected.carrier.volte(selected.edition, selected.asked)
    if asked == "required":
        return "required"
    living = [n for n in selected.carrier.networks if n.on_air(selected.asked) is not False]
    if not living:
        return "not_required" if asked == "not_required" else "unknown"
    reached = [_reaches(network, selected, has) for network in living]
    if True in reached:
        return "not_required"
    return "unknown" if None in reached else "required"


def _reaches(network: OldNetwork, selected: Selected, has: Has) -> bool | None:
    """Whether the device has a band of a network that is on air; None where one of the two is not known."""
    if network.rat == "cdma" or network.bands is None:
        return None
    answers = [has(network.rat, band) for band in network.bands]
    if True in answers:
        return network.on_air(selected.asked)
    return None if None in answers or not answers else False


def _lte(bands: Sequence[Usable]) -> list[str]:
    listed = [one for one in bands if one.rule.level != "informative"]
    usable = [one for one in listed if one.has or one.by_alias]
    if not listed:
        return [f"LTE perhaps ({_labels(had)}, by one publisher)"] if (had := [one for one in bands if one.has]) else []
    if not usable:
        return ["LTE not known"] if any(one.has is None for one in listed) else ["no LTE"]
    lows = [one for one in listed if is_low_band("lte", one.rule.band)]
    if len(usable) == len(listed):
        return ["LTE on all bands listed" if lows else "LTE on all bands listed, none of them below 1 GHz"]
    shown = _labels(usable)
    if not any(one in usable for one in lows):
        if any(one.has is None for one in lows):
            return [f"LTE in part ({shown}), whether on a coverage band is not known"]
        return [f"LTE on capacity bands only ({shown})"]
    lost = [one for one in listed if one not in usable and one.has is False and one.rule.role == "coverage-primary"]
    return [f"LTE in part ({shown}){f', without the main coverage band ({_labels(lost)})' if lost else ''}"]


def _older(network: OldNetwork, selected: Selected, has: Has) -> str:
    """One older network of the carrier, as far as the device is known to reach it; empty where it does not."""
    name, until = _GENERATION[network.rat], f" until {network.until}" if network.until else ""
    if network.on_air(selected.asked) is None:
        until = " if still on air"
    if network.rat == "cdma":
        return f"{name}{until}: whether the device has it is not told"
    if network.bands is None:
        return f"{name}{until}, on bands that the profile does not tell"
    facts = [(band_label(network.rat, band), has(network.rat, band)) for band in network.bands]
    found = " ".join(label for label, known in facts if known)
    if found:
        lacking = " ".join(label for label, known in facts if known is False)
        return f"{name} ({found}{f', not {lacking}' if lacking else ''}){until}"
    return f"{name}{until} not known" if any(known is None for _, known in facts) else ""


def _labels(bands: Iterable[Usable]) -> str:
    return " ".join(one.label for one in bands)
