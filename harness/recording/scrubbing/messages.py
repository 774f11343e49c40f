"""Short messages, USSD, phone books and files of the SIM in AT answers (TS 27.005, TS 27.007 clause 8).

Nothing of them is ever read as a fact of a device, so that all of their text goes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.recording.scrubbing import shapes

if TYPE_CHECKING:
    from harness.recording.scrubbing.shapes import Kinds

_HEADER = re.compile(r"\s*\+(?:CMT|CMGL|CMGR|CDS|CMGS|CMGW|CBM)\s?:", re.IGNORECASE)
_RECORD = re.compile(r"\s*[+^#$%*!][A-Z][A-Z0-9_]{1,19}\s?[:=]|\s*(?:OK|ERROR|RING|NO CARRIER)\s*$", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]+")
_QUOTED = re.compile(r'"([^"]*)"')
_HEX = re.compile(r"[0-9A-Fa-f]{12,}")
_NUMBER = re.compile(r"\+?[\d*#]{4,20}")
_FEW = re.compile(r"\+?[\d*#]{0,3}")
_STATUS_OR_TIME = re.compile(r"(?:REC|STO) (?:UN)?(?:READ|SENT)$|\d\d/\d\d/\d\d,", re.IGNORECASE)


def has_messages(text: str) -> bool:
    """Whether a header of a short message may stand in the text."""
    return "+CM" in text or "+CDS" in text or "+CBM" in text


def scrub_messages(text: str, kinds: Kinds) -> str:
    """The bodies of short messages blanked: the lines after a header until the next record."""
    inside = False

    def change(match: re.Match[str]) -> str:
        nonlocal inside
        line = match[0]
        if _HEADER.match(line):
            inside = True
            return line
        inside = inside and not _RECORD.match(line)
        return _blanked(line, kinds) if inside else line

    return _LINE.sub(change, text)


def _blanked(body: str, kinds: Kinds) -> str:
    sign = "0" if _HEX.fullmatch(body.strip()) else "*"
    changed = re.sub(r"\S", sign, body)
    if changed != body:
        kinds.add("message")
    return changed


def message_header(rest: str, kinds: Kinds) -> str:
    """Number and name of the sender; status and time stay."""
    return _QUOTED.sub(
        lambda match: match[0] if _STATUS_OR_TIME.match(match[1]) else f'"{number_or_name(match[1], kinds)}"', rest
    )


def ussd(rest: str, kinds: Kinds) -> str:
    """The text of an USSD answer."""
    return _QUOTED.sub(lambda match: f'"{_blanked(match[1], kinds)}"', rest)


def phone_book(rest: str, kinds: Kinds) -> str:
    """An entry of a phone book: the number, and the name behind it."""
    seen = 0

    def change(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return f'"{phone_text(match[1], kinds) if seen == 1 else _blanked(match[1], kinds)}"'

    return _QUOTED.sub(change, rest)


def phone_text(text: str, kinds: Kinds) -> str:
    """A quoted phone number: in digits, or as UCS-2 or ASCII in hexadecimal."""
    found = _decoded(text)
    if found is not None:
        plain, encoding = found
        return shapes.phone_value(plain, kinds).encode(encoding).hex().upper()
    return shapes.phone_value(text, kinds) if _NUMBER.fullmatch(text) else text


def number_or_name(text: str, kinds: Kinds) -> str:
    """A quoted phone number as `phone_text` reads it, or else a name, in letters or hexadecimal.

    A number stays one when it is blanked already, and three digits or fewer are nobody's.
    """
    if _NUMBER.fullmatch(text) or _decoded(text) is not None:
        return phone_text(text, kinds)
    return text if _FEW.fullmatch(text) else shapes.name_value(text, kinds)


def _decoded(text: str) -> tuple[str, str] | None:
    """What hexadecimal holds, if that is a phone number."""
    if len(text) % 2 or not re.fullmatch(r"[0-9A-Fa-f]{12,88}", text):
        return None
    data = bytes.fromhex(text)
    for encoding in ("utf-16-be", "ascii"):
        try:
            plain = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.fullmatch(r"\+?[\d*#]{4,22}", plain):
            return plain, encoding
    return None


def sim_file(rest: str, kinds: Kinds) -> str:
    """A file of the SIM, or what a card answered (TS 27.007 clauses 8.17, 8.18, 8.43)."""
    return _QUOTED.sub(lambda match: f'"{card_value(match[1], kinds)}"', rest)


def card_value(value: str, kinds: Kinds) -> str:
    """A file of the SIM in hexadecimal."""
    if not re.fullmatch(r"[0-9A-Fa-f]{12,}", value):
        return value
    status = value[-4:] if value.endswith("9000") else ""
    changed = value[:6] + "0" * (len(value) - 6 - len(status)) + status
    if changed != value:
        kinds.add("iccid" if value.startswith("98") else "imsi")
    return changed


_PARCEL = re.compile(r"(0x[0-9a-f]{8}:)((?: [0-9a-f]{8}){1,4})( +)'([^\r\n]{4,20})'", re.IGNORECASE)


def scrub_parcels(text: str, request: str, kinds: Kinds) -> str:
    """What `service call` prints of an answer of Android's services: UTF-16 in words, and beside it the same to read."""
    changed = _PARCEL.sub(
        lambda match: match[1] + re.sub(r"[0-9A-Fa-f]", "0", match[2]) + match[3] + f"'{'.' * len(match[4])}'", text
    )
    if changed != text:
        kinds.add("imsi" if "imsi" in request.lower() else "imei" if "subinfo" in request.lower() else "serial")
    return changed
