"""What the fields of Telit's #BND mean on a model: base of the masks, layout, UMTS table.

Source: reference at-dialects.md sections 3 and 15.4. Digits alone do not tell the base, and the fourth field is a
TD-SCDMA dummy on some models and LTE 65+ on others: without a model nothing is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.observations import Rat
    from harness.probes.at.language.answer import Modem

GSM_TABLE = ((900, 1800), (900, 1900), (850, 1800), (850, 1900), (900, 1800, 1900), (850, 900, 1800, 1900))
"""MHz by row of the first field (reference at-dialects.md section 3)."""

_FIRST_TABLE = (
    (1,), (2,), (5,), (1, 2, 5), (2, 5), (8,), (1, 8), (4,), (1, 5), (1, 5, 8), (2, 4, 5), (1, 2, 4, 5, 8), (6,), (3,),
    (1, 2, 4, 5, 6), (1, 3, 8), (5, 8), (2, 4, 5, 6), (1, 5, 6, 8), (2, 6), (5, 6), (2, 5, 6), (1, 3, 5, 8), (1, 3),
    (1, 2, 4, 5), (19,), (1, 5, 6, 8, 19),
)  # fmt: skip
_SECOND_TABLE = (
    *_FIRST_TABLE[:12],
    (1, 3, 5, 8), (3,), (1, 3, 5), (3, 5), (1, 2, 3, 4, 5, 8), (1, 2, 8), (1, 2, 4, 5, 8, 9, 19),
    (1, 2, 4, 5, 6, 8, 9, 19),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BandForm:
    """How one model family writes #BND. `layouts` maps a field count to the parts in order, None for a dummy."""

    base: int
    rat: Rat
    layouts: dict[int, tuple[str | None, ...]]
    umts: tuple[tuple[int, ...], ...] | None


_SHORT: dict[int, tuple[str | None, ...]] = {2: ("gsm", "umts"), 3: ("gsm", "umts", "lte")}
_FOUR = ("gsm", "umts", "lte", "lte_high")
_EIGHT = (*_FOUR, "nsa", "nsa_high", "sa", "sa_high")
_DUMMY: dict[int, tuple[str | None, ...]] = {
    4: ("gsm", "umts", "lte", None),
    5: ("gsm", "umts", "lte", None, "lte_high"),
}

_FORMS: tuple[tuple[str, BandForm], ...] = (
    (r"FN9[89]0|LM9[46]0|LN920", BandForm(16, "lte", {**_SHORT, 4: _FOUR, 8: _EIGHT}, _SECOND_TABLE)),
    (r"LE910C|\b25\.2\d\.\d", BandForm(16, "lte", _SHORT, _FIRST_TABLE)),
    (r"M[EL][39]10|ME866", BandForm(10, "lte_m", {**_SHORT, **_DUMMY}, None)),
    (r"LE9[12]0|LE86[06]|LE940", BandForm(10, "lte", _SHORT, _FIRST_TABLE)),
)


def band_form(modem: Modem) -> BandForm | None:
    """The form of the model's #BND, or None where the model is unknown."""
    return next((form for pattern, form in _FORMS if modem.is_model(pattern)), None)


def number(text: str, base: int) -> int | None:
    """A number in the base, without prefix; None where it cannot be one."""
    pattern = r"[0-9a-fA-F]{1,16}" if base == 16 else r"\d{1,20}"
    return int(text, base) if re.fullmatch(pattern, text.strip()) else None


def highest(text: str, base: int) -> int | None:
    """The mask of a test field `(<low>-<mask>)`, `(<mask>)` or `<mask>`: the upper bound is itself the mask.

    None for a negative one, `(0--1)`: all bits in a number with a sign name no band.
    """
    low, dash, high = text.strip().strip("()").partition("-")
    if dash and number(low, base) is None:
        return None
    return number(high if dash else low, base)


def rows(text: str) -> tuple[int, ...] | None:
    """Row numbers of a test field such as `(0-11,17,18)`; None for anything else."""
    found: list[int] = []
    for part in text.strip().strip("()").split(","):
        match = re.fullmatch(r"\s*(\d{1,2})(?:\s*-\s*(\d{1,2}))?\s*", part)
        if match is None:
            return None
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(found)
