"""Decoded messages of any source as one plain tree, and the search in it by ASN.1 name.

A tree is a dict (SEQUENCE; CHOICE as one entry), a list (SEQUENCE OF), a str, int, bool, bytes or None. Names are those
of TS 36.331 and TS 38.331; a name that repeats among brothers carries a suffix `\\0N`.
"""

from __future__ import annotations

import re
from typing import Any

Tree = Any
"""dict[str, Tree] | list[Tree] | str | int | bool | bytes | None."""

_LONGEST = 400
"""Characters of the longest value that is looked into; decoders print nothing longer that matters here."""

_LETTER = re.compile(r"[a-z]\d?\Z")
_NUMBER_FIRST = re.compile(r"-?\d{1,6}\s*\(([A-Za-z][\w.-]*)\)")
_TRAILER = re.compile(r"\s*(?:\((?:-?\d+|0[xX][0-9A-Fa-f]+)\)|\[bit length.*)\s*\Z", re.DOTALL)


def base_name(key: str) -> str:
    """The ASN.1 name of a key, without the suffix of a repetition."""
    return key.partition("\0")[0]


def put(place: dict[str, Tree], key: str, value: Tree) -> None:
    """Set an entry; a repeated key keeps both."""
    if key in place:
        key = f"{key}\0{len(place)}"  # new each time, and found in one step
    place[key] = value


def index(tree: Tree) -> dict[str, list[Tree]]:
    """Every value in the tree by its name, in document order. Linear, and not recursive."""
    found: dict[str, list[Tree]] = {}
    stack: list[Tree] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                found.setdefault(base_name(key), []).append(value)
            stack.extend(reversed(node.values()))
        elif isinstance(node, list):
            stack.extend(reversed(node))
    return found


def items(value: Tree) -> list[Tree]:
    """The items of a SEQUENCE OF; empty for anything else.

    Some decoders print the list's name twice, or each item under its type's name instead of a number.
    """
    while isinstance(value, dict):
        names = {base_name(key) for key in value}
        if len(names) != 1 or (len(value) == 1 and not _holds_items(*value.items())):
            return []
        if len(value) > 1 or not isinstance(next(iter(value.values())), dict | list):
            return [unwrap(item) for item in value.values()]
        name, inner = next(iter(value.items()))
        if name[:1].isupper() and isinstance(inner, dict):
            return [unwrap(inner)]
        value = inner
    return [unwrap(item) for item in value] if isinstance(value, list) else []


def _holds_items(entry: tuple[str, Tree]) -> bool:
    """Whether the one entry of a dict is a list, a list's name again, or an item under its type's name."""
    name, inner = entry
    return isinstance(inner, dict | list) or name[:1].isupper()


def unwrap(item: Tree) -> Tree:
    """Text decoders print the type's name (`SupportedBandEUTRA`, `FreqBandIndicator-r11: 3`) around a list's item."""
    while isinstance(item, dict) and len(item) == 1:
        key = next(iter(item))
        if not key[:1].isupper():
            break
        item = item[key]
    return item


def number(value: Tree) -> int | None:
    """A whole number, also as text (`66`, `66 (0x42)`); else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and len(value) <= _LONGEST:
        text = _TRAILER.sub("", value).strip()
        if text.isascii() and text.isdigit() and len(text) <= 12:
            return int(text)
    return None


def word(value: Tree) -> str | None:
    """An enumerated value without the number that decoders print behind it or before it: `a (0)`, `0 (a)` -> `a`."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    if named := _NUMBER_FIRST.fullmatch(value.strip()):
        return named[1]
    return _TRAILER.sub("", value).strip() or None


def truth(value: Tree) -> bool | None:
    """A BOOLEAN, or an ENUMERATED {supported}."""
    if isinstance(value, bool):
        return value
    text = word(value)
    return {"supported": True, "true": True, "false": False}.get(text.lower()) if text else None


def bandwidth_class(value: Tree, *, numeric: bool = False) -> str | None:
    """A CA bandwidth class as a capital letter (`a`, `A`, `a (0)`, `0 (a)`); with `numeric` also an ENUMERATED's number."""
    if numeric and (position := number(value)) is not None:
        return chr(ord("A") + position) if 0 <= position < 26 else None
    text = word(value)
    if text is None:
        return None
    text = text.lower()
    return text.upper() if _LETTER.fullmatch(text) else None


def bits(value: Tree) -> str | None:
    """A BIT STRING as digits: `'7CEC'H`, `'11'B(3)`, `7f4ffe92 [bit length 32, ...]`, `0b11`, or plain digits and hex."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = value.strip()
    length = None
    if match := re.search(r"\[bit length (\d+)", text):
        length = int(match[1])
        text = text[: match.start()].strip()
    text = re.sub(r"\(\d+\)\Z", "", text).strip()
    if match := re.fullmatch(r"'([0-9A-Fa-f\s]*)'([HB])", text):
        body = re.sub(r"\s", "", match[1])
        if match[2] == "B":
            return body if set(body) <= {"0", "1"} else None
        text, length = body, length or len(body) * 4
    if text.startswith(("0b", "0B")):
        return text[2:] if set(text[2:]) <= {"0", "1"} else None
    text = text.removeprefix("0x")
    if re.fullmatch(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+", text):
        text, length = text.replace(":", ""), length or (len(text) + 1) // 3 * 8
    if text and set(text) <= {"0", "1"} and length is None:
        return text
    if text and re.fullmatch(r"[0-9A-Fa-f]{1,64}", text):
        digits = bin(int(text, 16))[2:].zfill(len(text) * 4)
        return digits[:length] if length else digits
    return None


def octets(value: Tree) -> bytes | None:
    """An OCTET STRING: bytes, `'DDB8'H`, or bare hex of an even length; None where it is cut (`...`) or no hex."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    if match := re.fullmatch(r"'([0-9A-Fa-f\s]*)'H", text):
        text = match[1]
    text = re.sub(r"[\s:]", "", text.removeprefix("0x"))
    if len(text) >= 8 and len(text) % 2 == 0 and re.fullmatch(r"[0-9A-Fa-f]+", text):
        return bytes.fromhex(text)
    return None
