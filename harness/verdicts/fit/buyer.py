"""The answer on a buyer's scale: works, works with gaps (which, and where that is felt), does not work, not known.

What one list says where no two publishers agree is a weaker answer, marked as such; it is no blank and no verdict. That
a carrier lacks a band to live on is a gap where another one that it lists is there, and no service where none is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from harness.requirements.bands.roles import EFFECTS, role_words
from harness.verdicts.verdict import Outcome

from .gaps import SEVERITY, gap_of_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .fit_band import FitBand
    from .one_list import OneListAnswer

Scale = Literal[
    "works",
    "works with gaps",
    "one list: works",
    "one list: gaps",
    "not known",
    "one list: no",
    "does not work",
    "network ended",
]
SCALE: tuple[Scale, ...] = (
    "works",
    "works with gaps",
    "one list: works",
    "one list: gaps",
    "not known",
    "one list: no",
    "does not work",
    "network ended",
)
"""The best first."""
_BY_ONE_LIST: dict[str, Scale] = {
    "works": "one list: works",
    "works with gaps": "one list: gaps",
    "does not work": "one list: no",
    "cannot be told": "not known",
}


def scale_of(outcome: Outcome, listed: Sequence[FitBand], one_list: OneListAnswer | None) -> Scale:
    """What the outcome on the bands means for a buyer."""
    if outcome is Outcome.NA:
        return "network ended"
    if outcome in {Outcome.PASS, Outcome.PASS_NOTE}:
        return "works with gaps" if any(band.missing for band in listed) else "works"
    if outcome is Outcome.FAIL:
        return "works with gaps" if any(_serves_alone(band) for band in listed) else "does not work"
    return _BY_ONE_LIST[one_list.word] if one_list and outcome is Outcome.INCONC else "not known"


def _serves_alone(band: FitBand) -> bool:
    """Whether a phone can live on the band: it is there, and the carrier has it for more than an alias or a downlink."""
    return bool(band.has or band.by_alias) and band.rule.role not in _NO_BAND_TO_LIVE_ON


_NO_BAND_TO_LIVE_ON = frozenset({"supplementary-dl", "extended-laa", "millimetre-wave"})


def gaps_in_words(missing: Sequence[FitBand]) -> str:
    """What is missing and where that is felt, the worst first: `without B2 and B66: a capacity band, so slower …`."""
    by_effect: dict[str, list[str]] = {}
    for band in sorted(missing, key=lambda one: -SEVERITY[gap_of_role(one.rule.role)]):
        effect = EFFECTS.get(band.rule.role) or role_words(band.rule.role)
        by_effect.setdefault(effect, []).append(band.label)
    return "; ".join(f"without {' and '.join(labels)}: {effect}" for effect, labels in by_effect.items())
