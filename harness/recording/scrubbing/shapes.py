"""What stands in the place of each kind of personal data, and the shapes of network addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

from harness.radio.plmn import THREE_DIGIT_MNC_COUNTRIES
from harness.recording.scrubbing import gates

Kinds = set[str]


class Found(set[str]):
    """Kinds of what was removed, and what it was: so that the same can be found elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []


Blank = Callable[[str, Kinds], str]

REPORTING_BODIES = frozenset({"01", "35", "44", "45", "49", "50", "51", "52", "53", "54", "86", "91", "98", "99"})
"""The first two digits of a type allocation code in use (GSMA TS.06)."""

_NO_NAME = frozenset({"", "null", "none", "unknown", "unknown ssid", "n/a", "--", "localhost"})
_ALNUM = re.compile(r"[A-Za-z0-9]")
_HEX = re.compile(r"[0-9A-Fa-f]")
_DIGIT = re.compile(r"\d")
_DOTTED = re.compile(r"\d(?<![\w.\-]\d)\d{0,2}(?:\.\d{1,3}){3,31}(?![\w.])")
_MAC = re.compile(
    r"[0-9A-Fa-f](?<![0-9A-Za-z:-].)[0-9A-Fa-f]([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Za-z:-])"
)
_FULL = re.compile(r"[0-9A-Fa-f](?<![0-9A-Za-z_:.].)[0-9A-Fa-f]{0,3}(?::[0-9A-Fa-f]{1,4}){7}(?![0-9A-Za-z_:])")
_OF_ADDRESS = "0123456789abcdefABCDEF:"
_REST = re.compile(r"[^\r\n]*")
_IN_WORD = re.compile(r"[0-9A-Za-z_:]")
_VERSION_WORD = re.compile(
    r"vers|\bver\b|build|release|revision|\brev\b|firmware|\bfw\b|baseband|fingerprint|software|package", re.IGNORECASE
)
_ADDRESS_WORD = re.compile(r"addr|dns|gateway|\bip|pcscf|p-cscf|route|host", re.IGNORECASE)
_MAC_WORD = re.compile(r"mac|ssid|addr|ether|bluetooth|\bbt", re.IGNORECASE)


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812)."""
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def line_around(match: re.Match[str]) -> str:
    """The line (at most 200 characters to each side) in which something was found."""
    text = match.string
    before = text[max(0, match.start() - 200) : match.start()]
    rest = _REST.match(text, match.end(), match.end() + 200)
    return before[max(before.rfind("\n"), before.rfind("\r")) + 1 :] + match[0] + (rest[0] if rest else "")


def _note(old: str, new: str, kind: str, kinds: Kinds) -> str:
    if new != old:
        kinds.add(kind)
        if isinstance(kinds, Found):
            kinds.values.append((kind, old))
    return new


def _zeros(text: str, keep: int, pattern: re.Pattern[str] = _DIGIT) -> str:
    """All matching characters after the first `keep` of them become 0."""
    seen = 0

    def change(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return match[0] if seen <= keep else "0"

    return pattern.sub(change, text)


def imei_value(text: str, kinds: Kinds) -> str:
    """IMEI, IMEISV or MEID: the type allocation code (8 digits) stays."""
    if len(_HEX.findall(text)) < 14 or not re.search(r"\d{2}", text):
        return text
    return _note(text, _zeros(text, 8, _HEX), "imei", kinds)


def imsi_value(text: str, kinds: Kinds) -> str:
    """IMSI: MCC and MNC stay."""
    digits = "".join(_DIGIT.findall(text))
    if len(digits) < 6:
        return text
    return _note(text, _zeros(text, 6 if digits[:3] in THREE_DIGIT_MNC_COUNTRIES else 5), "imsi", kinds)


def iccid_value(text: str, kinds: Kinds) -> str:
    """ICCID or EID: industry, country and the first digits of the issuer stay (6), and a filler F at the end.

    A value that is no number (a base64 key of one) loses all its letters and digits.
    """
    if re.fullmatch(r"\s*[0-9][0-9A-Fa-f ]*\s*", text):
        body = text.rstrip("Ff ")
        return _note(text, _zeros(body, 6, _HEX) + text[len(body) :], "iccid", kinds)
    if re.fullmatch(r"[A-Za-z0-9+/]{16,}=*", text):
        return _note(text, re.sub(r"[A-Za-z0-9+/]", "0", text), "iccid", kinds)
    return text


def serial_value(text: str, kinds: Kinds) -> str:
    """A serial number: every letter and digit becomes 0."""
    if not re.search(r"\d", text) or len(text) < 4:
        return text
    return _note(text, _ALNUM.sub("0", text), "serial", kinds)


def mac_value(text: str, kinds: Kinds) -> str:
    """A MAC address, with or without separators."""
    if not re.fullmatch(r"\s*(?:[0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}\s*", text):
        return text
    return _note(text, _HEX.sub("0", text), "mac", kinds)


def phone_value(text: str, kinds: Kinds) -> str:
    """A phone number: every digit becomes 0."""
    if len(_DIGIT.findall(text)) < 4:
        return text
    return _note(text, _DIGIT.sub("0", text), "phone", kinds)


def tmsi_value(text: str, kinds: Kinds) -> str:
    """A temporary identity, hexadecimal; the placeholder of F stays."""
    if not text.strip("fF"):
        return text
    return _note(text, _HEX.sub("0", text), "tmsi", kinds)


def msin_value(text: str, kinds: Kinds) -> str:
    """The subscriber's part of an IMSI or SUCI (TS 23.003), decimal or concealed: nothing of it stays."""
    return _note(text, _HEX.sub("0", text), "imsi", kinds)


def name_value(text: str, kinds: Kinds) -> str:
    """A name that a person gave to a network, a SIM or a machine; what says that there is none stays."""
    if text.strip(" <>").lower() in _NO_NAME:
        return text
    return _note(text, re.sub(r"\S", "*", text), "name", kinds)


def location_value(text: str, kinds: Kinds) -> str:
    """Where a device is: every digit becomes 0."""
    return _note(text, _DIGIT.sub("0", text), "location", kinds)


def account_value(text: str, kinds: Kinds) -> str:
    """User name or password of an APN."""
    return _note(text, "*" * len(text), "apn_user", kinds)


def address_value(text: str, kinds: Kinds) -> str:
    """A property that holds an IP address."""
    text = _DOTTED.sub(lambda match: _dotted(match[0], kinds), text)
    return _short_ipv6(_full_ipv6(text, kinds), kinds)


def network_addresses(text: str, *, is_at: bool, kinds: Kinds) -> str:
    """MAC, IPv4 and IPv6 addresses in free text. Colon lists of band numbers and version numbers are left alone."""
    between = gates.separators(text)
    if gates.has_mac(between, text):
        text = _MAC.sub(lambda match: _mac(match, is_at=is_at, kinds=kinds), text)
    if gates.has_dotted(text):
        text = _DOTTED.sub(lambda match: _free_dotted(match, is_at=is_at, kinds=kinds), text)
    if gates.has_full_ipv6(between):
        text = _full_ipv6(text, kinds)
    return _short_ipv6(text, kinds)


def _mac(match: re.Match[str], *, is_at: bool, kinds: Kinds) -> str:
    found = match[0]
    # 02:04:05:12:13:66 may be a list of bands: without a letter only a word beside it makes it an address.
    if not re.search(r"[A-Fa-f]", found) and (is_at or match[1] == "-" or not _MAC_WORD.search(line_around(match))):
        return found
    return mac_value(found, kinds)


def _free_dotted(match: re.Match[str], *, is_at: bool, kinds: Kinds) -> str:
    line = line_around(match)
    if is_at and not _ADDRESS_WORD.search(line):
        return match[0]
    before = match.string[max(0, match.start() - 60) : match.start()]
    if _VERSION_WORD.search(before[before.rfind("\n") + 1 :]):
        return match[0]
    return _dotted(match[0], kinds)


def _dotted(found: str, kinds: Kinds) -> str:
    """IPv4, with or without mask (8 numbers), IPv6 as TS 27.007 writes it (16 or 32), or both behind one another (20)."""
    parts = found.split(".")
    if len(parts) not in (4, 8, 16, 20, 32) or any(
        int(part) > 255 or (len(part) > 1 and part[0] == "0") for part in parts
    ):
        return found
    # Loopback, masks and "any" are nobody's.
    if len(parts) == 4 and parts[0] in ("0", "127", "255"):
        return found
    return _note(found, ".".join("0" for _ in parts), "ip", kinds)


def _full_ipv6(text: str, kinds: Kinds) -> str:
    # A full address has eight groups; so may a list of bands, but then none has a letter.
    return _FULL.sub(
        lambda match: _note(match[0], "::", "ip", kinds) if re.search("[A-Fa-f]", match[0]) else match[0], text
    )


def _short_ipv6(text: str, kinds: Kinds) -> str:
    at = text.find("::")
    if at < 0:
        return text
    out, done = [], 0
    while at >= 0:
        start, end = _extent(text, at)
        if start >= done and _is_short_address(text, start, end):
            out += [text[done:start], "::"]
            kinds.add("ip")
            done = end
        at = text.find("::", end)
    return "".join((*out, text[done:]))


def _extent(text: str, at: int) -> tuple[int, int]:
    """How far hexadecimal digits and colons reach around a position."""
    before, after = text[max(0, at - 40) : at], text[at : at + 40]
    return at - len(before) + len(before.rstrip(_OF_ADDRESS)), at + len(after) - len(after.lstrip(_OF_ADDRESS))


def _is_short_address(text: str, start: int, end: int) -> bool:
    found = text[start:end]
    if re.match(r"[0-9A-Za-z_:.]", text[start - 1 : start]) or _IN_WORD.match(text, end):
        return False
    groups = [group for group in found.split(":") if group]
    if found.count("::") != 1 or ":::" in found or len(groups) > 7 or any(len(group) > 4 for group in groups):
        return False
    if not re.search(r"\d", found) or found in ("::1", "::"):
        return False
    return len(groups) > 1 or re.fullmatch(r"(?:f[cde]|[23][0-9a-f])[0-9a-f]{2}::", found, re.IGNORECASE) is not None
