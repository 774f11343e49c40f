"""Text and bytes as YAML that people can read and diff, and back without the loss of a byte."""

from __future__ import annotations

import base64
import re
from typing import Literal

LineEnd = Literal["lf", "crlf", "cr", "crcrlf"]

LINE_ENDS: dict[LineEnd, str] = {"lf": "\n", "crlf": "\r\n", "cr": "\r", "crcrlf": "\r\r\n"}

_PLAIN = re.compile(r"[A-Za-z/$][A-Za-z0-9 _./+=;,?^$*\"'%#&()<>|!@~:-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
# The few signs themselves, not all but the others: that takes a tenth of the time to compile, at every start.
_SPECIAL = r"\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_UNPRINTABLE = re.compile(rf"[\x00-\x08\x0b-\x1f{_SPECIAL}]")
_ESCAPED = re.compile(rf'["\\\x00-\x1f{_SPECIAL}\U00010000-\U0010ffff]')
_ASCII_PRINTABLE = b"\t\n" + bytes(range(0x20, 0x7F))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(text: str) -> str:
    """One line of YAML for `text`: plain where no reader could take it for anything else, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and text[-1] not in ": "
    if plain and ": " not in text and " #" not in text:
        return text
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def flow(value: object) -> str:
    """Any JSON value on one line of YAML."""
    import json

    return _UNPRINTABLE.sub(_escape, json.dumps(value, ensure_ascii=False, sort_keys=True))


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if 0xD800 <= code < 0xE000:
        return "\\uFFFD"
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def encode(name: str, data: bytes, *, indent: str, usual: LineEnd, others: bool = True) -> str:
    """The lines of YAML for one answer: `name:` with block text, `line_end:` where it is not the usual one (where
    `others` allows it); or `name_base64:` where it is not text with uniform line ends.
    """
    if not data:
        return f'{indent}{name}: ""\n'
    form = _as_text(data, usual)
    if form is not None and form[1] != usual and not others:
        form = None
    if form is None:
        coded = base64.b64encode(data).decode()
        if len(coded) <= 100:
            return f"{indent}{name}_base64: {coded}\n"
        lines = "\n".join(f"{indent}  {coded[i : i + 100]}" for i in range(0, len(coded), 100))
        return f"{indent}{name}_base64: |\n{lines}\n"
    text, line_end = form
    extra = f"{indent}line_end: {line_end}\n" if line_end != usual else ""
    if not text.strip() or "\n" not in text:
        return f"{indent}{name}: {scalar(text)}\n{extra}"
    return f"{indent}{name}: {_block(text, indent + '  ')}{extra}"


def decode(text: str, line_end: LineEnd) -> bytes:
    """The bytes that block text stands for."""
    return text.replace("\n", LINE_ENDS[line_end]).encode("utf-8", errors="replace")


def _block(text: str, indent: str) -> str:
    body = text.rstrip("\n")
    tail = len(text) - len(body)
    chomp = "-" if tail == 0 else "" if tail == 1 else "+"
    # A first line that starts with a blank would be taken as the indentation.
    hint = "2" if body.lstrip("\n")[:1] in (" ", "\t") else ""
    lines = f"\n{body}".replace("\n", f"\n{indent}")
    if body[0] == "\n" or "\n\n" in body:
        # An empty line stays empty. Of those that stand together, the first time takes every other one.
        lines = lines.replace(f"\n{indent}\n", "\n\n").replace(f"\n{indent}\n", "\n\n")
    return f"|{hint}{chomp}{lines}\n" + "\n" * max(tail - 1, 0)


def _as_text(data: bytes, usual: LineEnd) -> tuple[str, LineEnd] | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    plain = _lines(text, usual)
    if plain is not None:
        return plain, usual
    for line_end in LINE_ENDS:
        if line_end != usual and (plain := _lines(text, line_end)) is not None:
            return plain, line_end
    return None


def _lines(text: str, line_end: LineEnd) -> str | None:
    """The text with line ends as `\\n`, where all of them are of that kind and all else is printable."""
    end = LINE_ENDS[line_end]
    if end != "\n":
        if text.count("\n") != end.count("\n") * text.count(end):
            return None
        text = text.replace(end, "\n")
    if text.isascii():
        return None if text.encode().translate(None, _ASCII_PRINTABLE) else text
    return None if _UNPRINTABLE.search(text) else text
