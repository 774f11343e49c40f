"""Fields of answers as values: numbers, and numbers within what a cell can have. None where a field is none."""

from __future__ import annotations

from harness.patterns import late

_UCS2 = late(r"(?:00[2-7][0-9A-Fa-f])+")
_INTEGER = late(r"[+-]?\d{1,20}")
_HEXADECIMAL = late(r"(?:0[xX])?[0-9a-fA-F]{1,64}")
_DECIMAL = late(r"[+-]?\d{1,12}(?:\.\d{1,6})?")


def plain(text: str) -> str:
    """A value as it is meant: with +CSCS="UCS2" every sign comes as four hexadecimal digits (TS 27.007 clause 5.5).

    Only where all groups of four are signs of ASCII, and two or more; a number never has 00 in front of every pair.
    """
    if len(text) < 8 or _UCS2.fullmatch(text) is None:
        return text
    return "".join(chr(int(text[at : at + 4], 16)) for at in range(0, len(text), 4))


def integer(text: str | None) -> int | None:
    """A decimal integer, sign allowed; None for anything else ("-", "", "---")."""
    if text is None or not _INTEGER.fullmatch(text.strip()):
        return None
    return int(text)


def hexadecimal(text: str | None) -> int | None:
    """A hexadecimal integer with or without 0x; None for anything else."""
    if text is None or not _HEXADECIMAL.fullmatch(text.strip()):
        return None
    return int(text.strip(), 16)


def decimal_number(text: str | None) -> float | None:
    """A decimal number with or without a fraction; None for anything else."""
    if text is None or not _DECIMAL.fullmatch(text.strip()):
        return None
    return float(text)


def within(value: int | None, low: int, high: int) -> int | None:
    """The value where it lies in the range, else None: an unset value or a damaged field."""
    return value if value is not None and low <= value <= high else None


def pci(value: int | None, *, rat: str) -> int | None:
    """A physical cell identity: 0..503 for LTE (TS 36.211 6.11), 0..1007 for NR (TS 38.211 7.4.2.1)."""
    return within(value, 0, 1007 if rat.startswith("nr") else 503)


def tac(value: int | None, *, rat: str) -> int | None:
    """A tracking area code: 16 bits on LTE, 24 on NR; 0, FFFE and all ones mean none (TS 23.003 19.4.2.3, 28.2.6)."""
    top = 0xFFFFFF if rat.startswith("nr") else 0xFFFF
    value = within(value, 1, top)
    return None if value in {top, top - 1} else value
