"""Identifiers that one answer told by name, taken out of every other answer of the device, in whatever form.

A modem tells its IMEI under a label, and the same digits without one: split by a line end, as ASCII or UCS-2 in
hexadecimal, as packed BCD with its nibbles swapped (TS 24.008 clause 10.5.1.4, TS 31.102). What is known can be found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.at_commands import FamilyRecords
from harness.recording.scrubbing import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.recording.scrubbing.shapes import Blank, Kinds

_LEAST: dict[str, tuple[int, Blank]] = {
    "imei": (14, shapes.imei_value),
    "imsi": (14, shapes.imsi_value),
    "iccid": (18, shapes.iccid_value),
    "phone": (9, shapes.phone_value),
    "serial": (8, shapes.serial_value),
    "mac": (12, shapes.mac_value),
}
"""Kinds that are looked for elsewhere, from how many signs on, and what takes their place.

Names of APN accounts are words such as `internet`, and an IP address may read as a version: those are not.
"""
_MOST = 64
"""Identifiers of one device that are kept: a phone book must not make every answer slow."""
_NOT_SIGN = re.compile(r"[^0-9A-Za-z]")
_BREAK = r"[ \t]{0,2}\r?\n[ \t]{0,2}"


class KnownIdentifiers:
    """What a device was heard to be called. `addresses` are its own: an adb serial is known from the start."""

    def __init__(self, *addresses: str) -> None:
        self._values: set[tuple[str, str]] = set()
        self._forms: dict[str, str] = {}
        self.records = FamilyRecords()
        """Which records of its family hold personal data, beyond those of modems at large."""
        for address in addresses:
            self.learn("serial", address)

    def learn(self, kind: str, value: str) -> None:
        """Keep an identifier; one that is too short or too plain to be told from other numbers is not."""
        plain = _NOT_SIGN.sub("", value)
        if kind not in _LEAST or (kind, plain) in self._values or len(self._values) >= _MOST:
            return
        least, blank = _LEAST[kind]
        if len(plain) < least or len(set(plain)) < 4 or not re.search(r"\d", plain):
            return
        self._values.add((kind, plain))
        for one in _readings(kind, plain):
            clean = blank(one, set())
            if clean != one:
                for form in _FORMS:
                    self._forms.setdefault(form(one).lower(), form(clean))
        if plain.isdigit():
            self._forms.update({old.lower(): new for old, new in _bcd(kind, plain)})

    def hide(self, text: str, kinds: Kinds) -> str:
        """The text without them."""
        if not self._forms:
            return text
        lower = before = text.lower()
        if len(lower) != len(text):  # İ and its like: then places in one are not places in the other.
            lower = text
        # No form has a blank or a line end, so each is found faster where none is.
        dense = _dense(lower) if "\n" in lower else lower
        here = [old for old in self._forms if old in dense]
        joined = re.sub(_BREAK, "", lower) if here and dense is not lower else lower
        for old in here:
            if old in joined:
                new = self._forms[old]
                text = _pattern(old).sub(lambda match, new=new: _in_its_case(match[0], new), text)  # type: ignore[misc]
        if text.lower() != before:
            kinds.update(kind for kind, _ in self._values)
        return text


def _dense(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").translate(None, b" \t\r\n").decode("utf-8", "surrogatepass")


def _ascii_hex(text: str) -> str:
    return text.encode("ascii", "replace").hex().upper()


def _ucs2(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _ucs2_little(text: str) -> str:
    return text.encode("utf-16-le").hex().upper()


_FORMS: tuple[Callable[[str], str], ...] = (str, _ascii_hex, _ucs2, _ucs2_little)


def _readings(kind: str, plain: str) -> Iterator[str]:
    """The value as others may write it: an IMEI without its check digit, a phone number without its country."""
    yield plain
    if kind == "imei":
        yield plain[:14]
    if kind == "phone":
        yield plain[-10:]
    if kind == "iccid" and plain[-1] in "Ff":
        yield plain[:-1]
    if kind == "mac":
        yield ":".join(plain[at : at + 2] for at in range(0, 12, 2))
        yield "-".join(plain[at : at + 2] for at in range(0, 12, 2))


def _bcd(kind: str, plain: str) -> Iterator[tuple[str, str]]:
    """Packed BCD; an IMSI stands behind its parity (9 or 1), an IMEI behind its type (A)."""
    for before in {"imsi": ("9", ""), "imei": ("A", "")}.get(kind, ("",)):
        digits = before + plain
        packed = _swapped(digits + "F" * (len(digits) % 2))
        kept = 4 if kind in ("imsi", "iccid") else 0
        yield packed, packed[:kept] + re.sub(r"[0-9Aa]", "0", packed[kept:])


def _swapped(digits: str) -> str:
    return "".join(digits[at + 1] + digits[at] for at in range(0, len(digits), 2))


def _pattern(old: str) -> re.Pattern[str]:
    """The form, also where lines end within it. A literal start and a bounded break: linear time."""
    body = f"(?:{_BREAK})?".join(re.escape(sign) for sign in old)
    return re.compile(body, re.IGNORECASE)


def _in_its_case(found: str, new: str) -> str:
    """The new text with the line ends of the old, and in small letters where the old is."""
    signs = iter(new.lower() if found.islower() else new)
    return re.sub(r"[^\r\n\t ]", lambda _: next(signs, "0"), found)
