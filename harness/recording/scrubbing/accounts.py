"""Files of the SIM in a radio log, and users and passwords of APNs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.recording.scrubbing import shapes
from harness.recording.scrubbing.messages import card_value
from harness.recording.scrubbing.words import in_group, places, replace_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.recording.scrubbing.shapes import Kinds

_PROFILE = re.compile(
    r"(dataprofile\s{0,2}[=:]?\s{0,2}\d{1,4}/[^/\s]{0,100}/IP(?:V4V6|V6|V4)?/\d/)([^/\s]{0,100}/[^/\s]{0,100})(?=/)",
    re.IGNORECASE,
)
"""AOSP's DataProfile.toString: profile, APN, protocol, authentication, user, password."""
_CARD_FILE = re.compile(
    r"(?:IccIoResult|ICC_IO|SIM_IO)[^\r\n]{0,200}?(?:payload|data|response)\s{0,2}[:=]\s{0,2}([0-9A-F]{12,600})",
    re.IGNORECASE,
)
"""What a radio log tells of a file of the SIM."""
_ACCOUNT_WORDS = ("apn", "data_call", "gateways=", "access string")
_ACCOUNT = re.compile(
    r"(?<![a-z])(?:user(?:[ _-]?name)?|passw(?:or)?d)[\"']?\s{0,30}[=:]\s{0,3}[\"'\[]?([^,\s;\"'\]|]{1,64})",
    re.IGNORECASE,
)
"""As radio logs have it (`user=…`), and ModemManager, qmicli and mbimcli (`Username: '…'`, `bearer.properties.user : …`)."""


def scrub_accounts(text: str, lower: str, kinds: Kinds) -> str:
    """The text without them; `lower` is the text in small letters."""
    # What goes leaves as many signs: so places stay, and no word is new.
    text = _replace(text, lower, ("iccioresult", "icc_io", "sim_io"), _CARD_FILE, in_group(card_value, kinds))
    text = _replace(text, lower, ("dataprofile",), _PROFILE, lambda match: _profile(match, kinds))
    return _replace(text, lower, ("user", "passw"), _ACCOUNT, lambda match: _account(match, kinds))


def _replace(
    text: str, lower: str, words: tuple[str, ...], pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]
) -> str:
    """`pattern.sub`, where each match starts with one of the words."""
    if not text.isascii():  # In a pattern without case, ı is an i, and ſ is an s.
        return pattern.sub(change, text)
    return replace_at(text, sorted({at for word in words for at in places(lower, word)}), pattern, change)


def _profile(match: re.Match[str], kinds: Kinds) -> str:
    return match[1] + "/".join(_account_part(part, kinds) for part in match[2].split("/"))


def _account_part(value: str, kinds: Kinds) -> str:
    return value if value.strip("*").lower() in ("", "null") else shapes.account_value(value, kinds)


def _account(match: re.Match[str], kinds: Kinds) -> str:
    value = match[1]
    near = match.string[max(0, match.start() - 300) : match.end() + 300].lower()
    # `user=0` is an Android user, not an account.
    if value.isdigit() or value.lower() in ("null", "none", "--") or not any(word in near for word in _ACCOUNT_WORDS):
        return match[0]
    start = match.start(1) - match.start()
    return match[0][:start] + shapes.account_value(value, kinds) + match[0][start + len(value) :]
