"""What a paste does to a dump, undone: encodings, line ends, wrapped lines, a cut end.

All functions are pure and linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LOG_TIME = r"(?:\d\d-\d\d[ T]\d\d:\d\d|\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\d\d:\d\d:\d\d\.\d|\[?\s*\d\d-\d\d \d\d:)"
_TOP_KEYS = (
    "mCallState|mRingingCallState|mForegroundCallState|mBackgroundCallState|mPreciseCallState|mCallIncomingNumber|"
    "mServiceState|mVoiceActivationState|mDataActivationState|mUserMobileDataState|mSignalStrength|mMessageWaiting|"
    "mCallForwarding|mDataActivity|mDataConnection[A-Z]\\w{1,30}|mCellLocation|mCellIdentity|mCellInfo|mImsCallDisconnectCause|"
    "mImsReasonInfo|mSrvccState|mCallDisconnectCause|mCallPreciseDisconnectCause|mCallQuality|mCallAttributes|"
    "mCallStateLists|mPreciseDataConnectionStates?|mTelephonyDisplayInfos?|mBarringInfo|mPhysicalChannelConfigs|"
    "mLinkCapacityEstimateList|mECBM\\w{1,30}|mSCBM\\w{1,30}|mCarrier\\w{1,40}|mEmergencyNumberList|mOutgoing\\w{1,40}|"
    "mRadioPowerState|mPhoneCapability|mOtaspMode|mActiveDataSubId|mDefault\\w{1,20}|mAllowedNetworkType\\w{1,10}"
)
TOP_KEY = re.compile(rf"\s{{0,40}}({_TOP_KEYS})\s?=")
"""A line of the registry's first section that starts a value of its own (AOSP TelephonyRegistry.dump)."""

_START = re.compile(
    rf"\s{{0,40}}(?:{_LOG_TIME}|[VDIWE]/\S|(?:{_TOP_KEYS})\s?=|Phone Id\s?=|last known state:|local logs:|"
    r"listen logs:|registrations:)"
)
IS_HISTORY = re.compile(r"\bnotify[A-Z]\w{1,60}\b")
"""A line of the registry's `local logs:`: what was once told to listeners."""
_NEW_WORD = re.compile(
    r"(?:m[A-Z]|is[A-Z]|get[A-Z]|nr[A-Z]|rRplmn|duplexMode|cell[A-Z]|Cell[A-Z]|domain|transport|regist|regS|access|reject|"
    r"reason|voiceSp|dataSp|avail|emerg|roaming|max|nsaS|RoamInd|DefRoam|EmergOnly|Is[A-Z]|override|network)"
)
_TELLING = ("=", "{", ":", " CSS ")
"""A line that has none of these, and does not go on from the one before, holds no value."""
_BETWEEN_TOKENS = " \t\n,;{}[]()=:"


@dataclass(frozen=True, slots=True)
class Record:
    """One value of a dump on one logical line; `line` counts from 1. `whole` is False where its braces never close."""

    text: str
    line: int
    whole: bool = True


def clean(text: str) -> str:
    """Readable text with \\n line ends: byte order marks, NULs of a mis-decoded UTF-16 file and CR/LF chaos removed."""
    text = _unswapped(text)
    if "\x00" in text:
        text = text.replace("\x00", "")
    head = text[:8].lstrip("\ufeff\ufffe\ufffd\xff\xfe")
    text = head + text[8:]
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return text


def _unswapped(text: str) -> str:
    """Undo single-byte text that was decoded as UTF-16: every two letters became one sign far from Latin."""
    sample = text[:400].lstrip("\ufeff")
    if len(sample) < 8 or sample.isascii() or sum(ord(c) > 0x2000 for c in sample) < 0.9 * len(sample):
        return text
    for order in ("utf-16-le", "utf-16-be"):
        tried = sample.encode(order, "replace")
        if sum(9 <= b < 127 for b in tried) > 0.97 * len(tried):
            return text.lstrip("\ufeff").encode(order, "replace").decode("utf-8", "replace")
    return text


def once(text: str) -> str:
    """The text, or its first half where the whole listing stands in it twice."""
    body = text.strip("\n")
    half = len(body) // 2
    for middle in (half, half - 1):
        first, second = body[:middle].rstrip("\n"), body[middle:].strip("\n")
        if first and "\n" in body[middle - 1 : middle + 2] and first == second:
            return first + "\n"
    return text


def records(text: str) -> list[Record]:
    """Cut into logical lines: a line whose braces stay open goes on in the next ones, wrapped words joined.

    Lines of the registry's local log are left out. The last token of a value that is cut off (open braces, or a last
    line without its line end) is dropped: it may be half a number.
    """
    out: list[Record] = []
    parts: list[str] = []
    start = depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        opens = parts and (depth > 0 or _positional_open(parts[-1]))
        if opens and line.strip() and not _START.match(line):
            parts.append(line)
        else:
            if parts:
                out.append(_record(parts, start, depth <= 0))
            empty = not any(sign in line for sign in _TELLING)
            parts, start, depth = [] if empty else [line], number, 0
        depth += line.count("{") - line.count("}")
    if parts:
        out.append(_record(parts, start, depth <= 0, last=not text.endswith("\n")))
    return [record for record in out if record.text and not IS_HISTORY.search(record.text, 0, 300)]


def _positional_open(line: str) -> bool:
    """A positional ServiceState (Android 7, 8.0) that a reader wrapped before its last keys."""
    return " CSS " in line and " voice " in line and "EmergOnly" not in line


def _record(parts: list[str], line: int, whole: bool, last: bool = False) -> Record:
    joined = [parts[0]]
    previous = parts[0]
    for part in parts[1:]:
        if previous[-1:].isalnum() and part[0].isalnum() and _NEW_WORD.match(part):
            joined.append(" ")
        joined.append(part)
        previous = part
    text = "".join(joined)
    if not whole or (last and text[-1:] not in "}]"):
        text = _without_last_token(text)
    return Record(text, line, whole)


def _without_last_token(text: str) -> str:
    text = text.rstrip()
    return text[: max(text.rfind(sign) for sign in _BETWEEN_TOKENS) + 1]


_PAIR = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z0-9_]{1,64}(?:\(\))?) ?[=] ?(\[[^\[\]{}]*\]|[^\s,;\[\]{}]*)")


def pairs(segment: str) -> dict[str, str]:
    """`key=value` and `key = value` of a toString(); the first of a key counts. A list keeps its brackets."""
    found: dict[str, str] = {}
    for match in _PAIR.finditer(segment):
        found.setdefault(match[1], match[2])
    return found


_INTEGER = re.compile(r"-?\d{1,18}")
UNSET = frozenset({2147483647, 4294967295})


def integer(value: str | None) -> int | None:
    """A number as printed, `14(LTE)` included; None for unset values (INT_MAX, negative), masks and other words."""
    if value is None:
        return None
    match = _INTEGER.match(value)
    if match is None or (match.end() < len(value) and value[match.end()] != "("):
        return None
    number = int(match[0])
    return None if number < 0 or number in UNSET else number


def integers(value: str | None) -> tuple[int, ...]:
    """The numbers of a closed list `[3, 7]`, `[BAND_3]`, each once, in order; empty for anything else."""
    if value is None or len(value) < 3 or value[0] != "[" or value[-1] != "]":
        return ()
    found = (re.fullmatch(r"(?:[A-Z_]*_)?(\d{1,9})", item.strip()) for item in value[1:-1].split(","))
    numbers = [int(match[1]) for match in found if match]
    return tuple(dict.fromkeys(n for n in numbers if n not in UNSET))


def segments(text: str, marker: re.Pattern[str]) -> list[str]:
    """The pieces that begin with a marker that ends in `{`: each up to its closing brace or to the next marker."""
    starts = list(marker.finditer(text))
    out = []
    for index, match in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        out.append(text[match.start() : closing(text, match.end(), limit)])
    return out


_BRACES = re.compile(r"[{}]")


def closing(text: str, start: int, limit: int) -> int:
    """Position after the brace that closes one opened just before `start`, or `limit`."""
    depth = 1
    for match in _BRACES.finditer(text, start, limit):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.end()
    return limit
