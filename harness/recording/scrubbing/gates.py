"""What must stand in a text before a pattern of personal data can match: a plain search, where the pattern costs tens
of times as much.

A gate may let a text through in vain. It never keeps one back in which its pattern finds something.
"""

from __future__ import annotations

_DIGITS = b"0123456789"
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Signs beyond ASCII are encoded as question marks. They may be digits of another script, so they count as digits.
_BEYOND = b"?"
_FOLD = bytes.maketrans(_DIGITS + _BEYOND, b"0" * 11)
_HEXADECIMAL = _DIGITS + b"abcdefABCDEF" + _BEYOND
_FOLD_HEXADECIMAL = bytes.maketrans(_HEXADECIMAL, b"0" * len(_HEXADECIMAL))
_WORDS = _LETTERS + b"_.,- \t\r\n"
_WORDS_AND_DIGITS = _WORDS + _DIGITS
_IDENTITIES = (b"0" * 15, b"00-000000-000000-0")
_BOUND = b"-00-00-00-00-"


def nothing_personal(data: bytes) -> bool:
    """Whether an answer is too short and too plain for any pattern and any known identifier (`1`, `null`, `unknown`).

    Without `:`, `=` and `+` the shortest of them is an IPv4 address; without a digit it is a MEID of letters alone.
    """
    return len(data) < 14 and not data.translate(None, _WORDS_AND_DIGITS if len(data) < 7 else _WORDS)


def numbers(text: str) -> bytes:
    """The text with each digit as 0, for the gates of numbers. Blanking digits does not change it."""
    return text.encode("ascii", "replace").translate(_FOLD)


def has_long_number(zeros: bytes) -> bool:
    """Six digits in a row: free-standing IMEI, IMSI, ICCID and phone numbers have them."""
    return b"000000" in zeros


def has_identity(zeros: bytes) -> bool:
    """Digits of a length that an IMEI has, or an ICCID, or an IMEI with hyphens."""
    return _IDENTITIES[0] in zeros or _IDENTITIES[1] in zeros


def has_access_identifier(zeros: bytes) -> bool:
    """`<IMSI>@...`, perhaps with a line end between."""
    return b"@" in zeros and _IDENTITIES[0][:14] in zeros


def has_phone(zeros: bytes) -> bool:
    """`+` and eight digits."""
    return b"+00000000" in zeros


def has_phone_uri(zeros: bytes) -> bool:
    """Six digits behind a colon, with or without `+`."""
    return b":000000" in zeros or b":+000000" in zeros


def separators(text: str) -> bytes:
    """The text without hexadecimal digits, for the gates of addresses. Blanking an address does not change it."""
    return text.encode("ascii", "replace").translate(None, _HEXADECIMAL)


def has_mac(between: bytes, text: str) -> bool:
    """Five colons, or five hyphens, with nothing but hexadecimal digits between; rulers of hyphens are none."""
    return b":::::" in between or _BOUND in text.encode("ascii", "replace").translate(_FOLD_HEXADECIMAL)


def has_dotted(text: str) -> bool:
    """Three dots with nothing but digits between."""
    return b"..." in text.encode("ascii", "replace").translate(None, _DIGITS + _BEYOND)


def has_full_ipv6(between: bytes) -> bool:
    """Seven colons with nothing but hexadecimal digits between."""
    return b":::::::" in between


def has_account(text: str, lower: str) -> bool:
    """A word of a file of the SIM or of an account of an APN. Beyond ASCII other letters may stand for those."""
    if not text.isascii() or any(word in lower for word in ("sim_io", "icc_io", "iccioresult", "dataprofile")):
        return True
    return ("user" in lower or "passw" in lower) and ("=" in text or ":" in text)
