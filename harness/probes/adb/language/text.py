"""What a paste does to a dump, undone: encodings, line ends, wrapped lines, a cut end.

All functions are pure and linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOG_TIME = r"(?:\d\d-\d\d[ T]\d\d:\d\d|\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\d\d:\d\d:\d\d\.\d|\[?\s*\d\d-\d\d \d\d:)"
TOP_KEYS = (
    "mCallState|mRingingCallState|mForegroundCallState|mBackgroundCallState|mPreciseCallState|mCallIncomingNumber|"
    "mServiceState|mVoiceActivationState|mDataActivationState|mUserMobileDataState|mSignalStrength|mMessageWaiting|"
    "mCallForwarding|mDataActivity|mDataConnection[A-Z]\\w{1,30}|mCellLocation|mCellIdentity|mCellInfo|mImsCallDisconnectCause|"
    "mImsReasonInfo|mSrvccState|mCallDisconnectCause|mCallPreciseDisconnectCause|mCallQuality|mCallAttributes|"
    "mCallStateLists|mPreciseDataConnectionStates?|mTelephonyDisplayInfos?|mBarringInfo|mPhysicalChannelConfigs|"
    "mLinkCapacityEstimateList|mECBM\\w{1,30}|mSCBM\\w{1,30}|mCarrier\\w{1,40}|mEmergencyNumberList|mOutgoing\\w{1,40}|"
    "mRadioPowerState|mPhoneCapability|mOtaspMode|mActiveDataSubId|mDefault\\w{1,20}|mAllowedNetworkType\\w{1,10}"
)
TOP_KEY = re.compile(rf"\s{{0,40}}({TOP_KEYS})(?:\[(\d{{1,2}})\])?\s?=")
"""A line of the registry's first section that starts a value of its own (AOSP TelephonyRegistry.dump), its key and index."""

_START = re.compile(
    rf"\s{{0,40}}(?:{_LOG_TIME}|[VDIWE]/\S|(?:{TOP_KEYS})(?:\[\d{{1,2}}\])?\s?=|Phone Id\s?=|last known state:|local logs:|"
    r"listen logs:|registrations:)"
)
_HISTORY = re.compile(r"\bnotify[A-Z]\w{1,60}\b")
"""A line of the registry's `local logs:`: what was once told to listeners."""
_NEW_WORD = re.compile(
    r"(?:m[A-Z]|is[A-Z]|get[A-Z]|nr[A-Z]|rRplmn|duplexMode|cell[A-Z]|Cell[A-Z]|domain|transport|regist|regS|access|reject|"
    r"reason|voiceSp|dataSp|avail|emerg|roaming|max|nsaS|RoamInd|DefRoam|EmergOnly|Is[A-Z]|override|network)"
)
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
    if len(head) < len(text[:8]):
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
        if "\n" not in body[middle - 1 : middle + 2]:
            continue
        first, second = body[:middle].rstrip("\n"), body[middle:].strip("\n")
        if first and first == second:
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
            parts, start, depth = [line] if _tells(line) else [], number, 0
        depth += line.count("{") - line.count("}")
    if parts:
        out.append(_record(parts, start, depth <= 0, last=not text.endswith("\n")))
    return [record for record in out if record.text and not _is_history(record.text)]


def _tells(line: str) -> bool:
    """Whether a line that does not go on from the one before can hold a value."""
    return "=" in line or "{" in line or ":" in line or " CSS " in line


def _is_history(text: str) -> bool:
    return "notify" in text and _HISTORY.search(text, 0, 300) is not None


def _positional_open(line: str) -> bool:
    """A positional ServiceState (Android 7, 8.0) that a reader wrapped before its last keys."""
    return " CSS " in line and " voice " in line and "EmergOnly" not in line


def _record(parts: list[str], line: int, whole: bool, last: bool = False) -> Record:
    text = parts[0] if len(parts) == 1 else _joined(parts)
    if not whole or (last and text[-1:] not in "}]"):
        text = _without_last_token(text)
    return Record(text, line, whole)


def _joined(parts: list[str]) -> str:
    joined = [parts[0]]
    previous = parts[0]
    for part in parts[1:]:
        if previous[-1:].isalnum() and part[0].isalnum() and _NEW_WORD.match(part):
            joined.append(" ")
        joined.append(part)
        previous = part
    return "".join(joined)


def _without_last_token(text: str) -> str:
    text = text.rstrip()
    return text[: max(text.rfind(sign) for sign in _BETWEEN_TOKENS) + 1]


_LONG = 1_000_000


def groups_in(pattern: re.Pattern[str], text: str) -> Iterable[tuple[str, ...]]:
    """The groups of every match, in order: all at once, but one by one of a text whose matches would fill the memory."""
    if len(text) > _LONG:
        return (match.groups("") for match in pattern.finditer(text))
    return pattern.findall(text)


_PAIR = re.compile(r"(?a:\b)([A-Za-z0-9_]{1,64}+(?:\(\))?) ?= ?(\[[^\[\]{}]*\]|[^\s,;\[\]{}]*)")


def pairs(segment: str) -> dict[str, str]:
    """`key=value` and `key = value` of a toString(); the first of a key counts. A list keeps its brackets."""
    found: dict[str, str] = {}
    for key, value in groups_in(_PAIR, segment):
        if key not in found:
            found[key] = value
    return found


_INTEGER = re.compile(r"-?\d{1,18}")
_LISTED = re.compile(r"(?:[A-Z_]*_)?(\d{1,9})")
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
    found = [_LISTED.fullmatch(item.strip()) for item in value[1:-1].split(",")]
    numbers = [int(match[1]) for match in found if match]
    return tuple(dict.fromkeys([n for n in numbers if n not in UNSET]))


def segments(text: str, marker: re.Pattern[str]) -> list[str]:
    """The pieces that begin with a marker that ends in `{`: each up to its closing brace or to the next marker."""
    starts = list(marker.finditer(text))
    out = []
    for index, match in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        out.append(text[match.start() : closing(text, match.end(), limit)])
    return out


def closing(text: str, start: int, limit: int) -> int:
    """Position after the brace that closes one opened just before `start`, or `limit`."""
    depth = 1
    while (end := text.find("}", start, limit)) >= 0:
        depth += text.count("{", start, end) - 1
        start = end + 1
        if not depth:
            return start
    return limit
