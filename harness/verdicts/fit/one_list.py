"""What one list says where no two publishers agree: a buyer's answer, never a verdict.

Every band that somebody names counts as if it were asked, those that another publisher contradicts left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.carriers.band_faults import is_low_band
from harness.carriers.confidence import bands_to_live_on, sureness_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.carriers.edition import Edition

    from .usable import Usable

Word = Literal["works", "works with gaps", "does not work", "cannot be told"]
WORDS: tuple[Word, ...] = ("works", "works with gaps", "cannot be told", "does not work")
"""The best first."""


@dataclass(frozen=True, slots=True)
class OneListAnswer:
    """The answer by all bands that anybody names."""

    word: Word
    bands: str
    """The bands it rests on, and what is missing or open."""

    @property
    def sentence(self) -> str:
        """`one list says: works (B20, B3)`."""
        return f"one list says: {self.word}{f' ({self.bands})' if self.bands else ''}"

    @property
    def rank(self) -> int:
        """Sorts the best first."""
        return WORDS.index(self.word)


def one_list_answer(edition: Edition, bands: Sequence[Usable]) -> OneListAnswer | None:
    """What the named bands say of a device; None where no band is named. `bands` are the edition's, as it has them."""
    living = {
        place for rule in bands_to_live_on(edition) if sureness_of(rule) != "contradicted" for place in rule.bands
    }
    named = [band for band in bands if (band.rule.rat, band.rule.band) in living]
    if not named:
        return None
    named.sort(key=lambda band: not _low(band))
    have = [band for band in named if band.has or band.by_alias]
    missing = [band for band in named if band.has is False and not band.by_alias]
    told = ", ".join(band.label for band in have)
    if missing:
        told += f"{'; ' if told else ''}not {', '.join(band.label for band in missing)}"
    return OneListAnswer(_word(edition, named, have, missing), told + _low_remark(edition, named))


def _word(edition: Edition, named: list[Usable], have: list[Usable], missing: list[Usable]) -> Word:
    if len(have) == len(named):
        return "works" if any(map(_low, named)) or edition.has_no_low_band else "works with gaps"
    if len(missing) == len(named):
        return "does not work"
    return "works with gaps" if have else "cannot be told"


def _low_remark(edition: Edition, named: list[Usable]) -> str:
    """That nothing reaches indoors as far as anybody says, which is a gap that no phone can close."""
    return "" if any(map(_low, named)) or edition.has_no_low_band else "; no band below 1 GHz is named"


def _low(band: Usable) -> bool:
    return is_low_band(band.rule.rat, band.rule.band)
