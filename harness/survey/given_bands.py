"""`--bands lte=2,4,5,12 --bands-source "the box"`: what an operator says that a device has; grade declared, never more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.errors import UsageError
from harness.radio.tables import bands_of

_RATS = ("lte", "nr", "umts", "gsm")
WAY_OUT = (
    'write --bands=lte=2,4,12 --bands-source="the box", with DEVICE: in front of the bands where there are several'
)
_PART = re.compile(r"([a-z0-9_]+)\s*=\s*([^=]*?)\s*(?=[a-z0-9_]+\s*=|$)", re.IGNORECASE)
_BAND = re.compile(r"(?:b|n|band\s*)?(\d{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GivenBands:
    """Bands that somebody declares of a device, by RAT, and where he has them from. A RAT that is not there is not told."""

    bands: tuple[tuple[str, tuple[int, ...]], ...]
    source: str

    @property
    def by_rat(self) -> dict[str, tuple[int, ...]]:
        """The bands of each RAT that was told, sorted."""
        return dict(self.bands)

    @property
    def words(self) -> str:
        """Who declares it, for reasons and reports."""
        return f"{self.source}, given by the operator"


def given_bands(text: str, source: str) -> GivenBands:
    """The bands of `lte=2,4,5 nr=41,n77`. Raises UsageError for a band or radio technology that there is not."""
    if not source.strip():
        raise UsageError(f"--bands {text}: from where?", way_out='say it: --bands-source="the box"')
    found: dict[str, set[int]] = {}
    parts = _PART.findall(text)
    if not parts:
        raise UsageError(f"--bands {text!r} names no bands", way_out=WAY_OUT)
    for rat, numbers in parts:
        if rat.lower() not in _RATS:
            raise UsageError(f"--bands {text}: {rat!r} is no radio technology", way_out=f"write {', '.join(_RATS)}")
        own = found.setdefault(rat.lower(), set())
        own.update(_number(text, rat.lower(), word) for word in re.split(r"[\s,;+]+", numbers.strip(" ,;+")) if word)
    return GivenBands(tuple((rat, tuple(sorted(bands))) for rat, bands in found.items()), source.strip())


def _number(text: str, rat: str, word: str) -> int:
    match = _BAND.fullmatch(word)
    table = bands_of(rat)
    if match is None or int(match[1]) not in table:
        near = sorted(table, key=lambda known: (abs(known - int(match[1])), known))[:3] if match else []
        hint = (
            f"did you mean {', '.join(table[one].label for one in sorted(near))}?"
            if near
            else "write numbers: lte=2,4,12"
        )
        raise UsageError(f"--bands {text}: {word!r} is no {rat.upper()} band", way_out=hint)
    return int(match[1])
