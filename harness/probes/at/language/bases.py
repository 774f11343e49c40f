"""Number bases: decimal and hexadecimal masks look alike, and the wrong one makes other bands without a sign of it.

The base is the model's; here it is held against the bands that the model can have (data/model_bands.csv: a pattern
of model or firmware, the bands of all its variants, where that is known from). Where the other base would do as well,
or the model's own does not, nothing is claimed.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from harness.radio.masks import bands_of_mask, means_unlimited
from harness.radio.tables import is_band

from .facts import QUALCOMM_GSM_BITS, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.observations import Rat

    from .answer import Modem

Masks = list[tuple["Rat", int]]
_GSM_BITS = sum(1 << bit for bit in (*QUALCOMM_GSM_BITS, 20, 22))
"""Bits of GSM bands, counted from 0 or (on some) from 1."""
_NAMES = {10: "decimal", 16: "hexadecimal"}


@cache
def _table() -> tuple[tuple[str, str, frozenset[int]], ...]:
    text = (Path(__file__).with_name("data") / "model_bands.csv").read_text(encoding="utf-8")
    return tuple(
        (row["model"], row["rat"], frozenset(int(band) for band in row["bands"].split()))
        for row in csv.DictReader(text.splitlines())
    )


def bands_of_model(modem: Modem, rat: Rat) -> frozenset[int] | None:
    """All bands that a modem of this model can have, the most special entry first; None where none is known."""
    kind = table_of(rat)
    return next((bands for model, of, bands in _table() if of == kind and modem.is_model(model)), None)


def _fits(masks: Sequence[tuple[Rat, int]], modem: Modem) -> bool:
    """Whether the model can have all the bands; "all" values fit, and a model that is not known has any band."""
    for rat, mask in masks:
        if rat == "gsm":
            if mask & ~_GSM_BITS:
                return False
            continue
        known = bands_of_model(modem, rat)
        bands = bands_of_mask(mask)
        if means_unlimited(mask, table_of(rat)):
            continue
        if not all(band in known if known is not None else is_band(rat, band) for band in bands):
            return False
    return True


def masks_in_base(base: int, read: Callable[[int], Masks | None], modem: Modem) -> tuple[Masks, str | None]:
    """(masks, warning) of one record whose masks `read` gives in a base, None where the digits are none of it.

    No masks and a warning where the base of the model and the bands of the model do not agree, or do not decide.
    """
    other = 26 - base
    own, rival = read(base), read(other)
    name = modem.model or "this firmware"
    if own is None:
        return [], f"no {_NAMES[base]} masks, which {name} writes, can be read in one way: check the model"
    if rival is None or rival == own:
        return own, None
    if not _fits(own, modem):
        hint = f"; as {_NAMES[other]} numbers they would fit" if _fits(rival, modem) else ""
        return [], f"the masks, {_NAMES[base]} on {name}, name bands that it does not have{hint}: check the model"
    if _fits(rival, modem):
        return [], f"the masks fit {name} as decimal and as hexadecimal numbers: which bands they name is open"
    return own, None
