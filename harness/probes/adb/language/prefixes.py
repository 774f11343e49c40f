"""What stands before the lines of a text that was pasted, quoted, grepped or logged, taken off.

Colours, mail quotes, line numbers, labels, time stamps of other loggers, quotes and escapes of JSON. A kind of prefix
is known by the lines whose begin is known (a property, a key of the registry, a log's stamp): what stands before it
there stands before the other lines, too. The number of lines stays, except where a JSON string is unfolded.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING

from .text import TOP_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAMP = r"(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9}"
_LOG_HEAD = rf"{_STAMP}\s{{1,8}}(?:[\w.]{{1,20}}\s{{1,8}})?\d{{1,6}}\s{{1,8}}\d{{1,6}}\s[VDIWEF]\s[^:\n]{{1,60}}:\s?"
_BEGIN = re.compile(
    r"(?P<listed>\[[A-Za-z][\w.\-]{1,250}\]: ?\[|Phone Id\s?=|last known state:|local logs:|package:[a-z/]|"
    r"\[?SubscriptionInfo\w{0,8}: ?id=|\{id=\d)"
    rf"|(?P<key>(?:{TOP_KEYS})(?:\[\d\])?\s?=|(?<![\w.])(?:ro|persist|gsm|ril)\.[\w.\-]{{1,120}}\s?=)"
    r"|(?:NetworkRegistration(?:Info|State)|CellInfo\w{2,7}|CellIdentity\w{2,7})\s?:?\s?\{"
    r"|\{mConnectionStatus=|\{mVoiceRegState=|\{mDataRegState="
    r"|DUMP OF SERVICE |(?:DATA|VOICE)_REGISTRATION_STATE \{"
    rf"|(?P<stamp>{_STAMP}\s{{1,8}}(?:(?:[\w.]{{1,20}}\s{{1,8}})?\d{{1,6}}\s{{1,8}}\d{{1,6}}\s)?[VDIWEF][ /])"
)
"""How lines that are read begin."""
_LISTED_IN_LOG = re.compile(
    rf"{_LOG_HEAD}[ \t]{{0,40}}(?=\[[A-Za-z][\w.\-]{{1,250}}\]: ?\[|Phone Id\s?=|package:[a-z/])"
)

_LEVEL = r"\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|TRACE|NOTICE|VERBOSE|stdout|stderr|[VDIWEF])\]?"
_DAY = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_STAMPS = (
    rf"\[?{_DAY}\]?(?:\s{{0,2}}[-|:]?\s{{0,2}}(?:[\w.]{{1,40}}\s{{0,2}}[-|:]\s{{0,2}})?{_LEVEL}(?=[\s:|-]))?"
    r"(?:\s{1,2}[\w.]{1,40}(?=:\s))?\s?[-|:]?\s?",
    rf"\[?\d\d:\d\d:\d\d(?:[.,:]\d{{1,9}})?\]?(?:\s?{_LEVEL}(?=[\s:|-]))?\s?[-|>:]{{0,2}}\s?",
    r"\[\s{0,8}\d{1,8}\.\d{3,9}\]\s?",
    r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,60} [\w./-]{1,60}(?:\[\d{1,8}\])?: ?",
)
"""Stamps of loggers. Only before the lines of a listing: what a log says at several times is not one state."""
_QUOTE = r"(?:[>|│]\s?)+"
"""Of mails, and of the cells of a table."""
_KINDS = (
    *_STAMPS,
    _QUOTE,
    r"(?!\d{4}-\d\d-|\d\d:\d\d:\d\d)(?:[\w./~\\-]{1,120}:)?\d{1,7}(?::|-(?=\s)|\s?[|│](?:\s|$)|\t|\s{2,}|\.\s|\)\s)",
    r"L\d{1,6}[:\s]\s?",
    r"(?:[+*#;•-]|//|--)[ \t]",
    r"[VDIWEF]/[^(:\n]{1,60}\(\s{0,6}\d{1,8}\):\s?",
    rf"{_LEVEL}\s?[:|-]\s?",
    r"(?:<{1,2}|<-+|-+>|→|←|⇒|«|»|RX|rx|recv|received|out|output)\s?[:>]?\s",
    r"[\"'](?=\S|\s)",
)
_LABEL = r"[A-Za-z][\w /#.()@-]{0,40}[:>$#]\s?"
_ROUNDS, _LOOKED_AT = 4, 40
_ANSI = re.compile(r"(?:\x1b|\\x1b|\\u001b|\\033|␛)\[[0-9;:?]{0,20}[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


def unprefixed(text: str) -> str:
    """The text without what others put before (and, of JSON, around) its lines; as it is where nothing is known."""
    if "\x1b" in text or "[0" in text or "\\u001b" in text:
        text = _ANSI.sub("", text)
    if "&gt;" in text or "&quot;" in text or "&#" in text:
        from html import unescape

        text = unescape(text)
    text = _unescaped(text)
    for _ in range(_ROUNDS):
        shorter = _one_off(text)
        if shorter is text:
            break
        text = shorter
    return text


def _one_off(text: str) -> str:
    """The text without the outermost prefix of its lines; the same object where there is none."""
    begins = list(islice(_first_begins(text), _LOOKED_AT))
    if 2 * sum(_LISTED_IN_LOG.match(text, one.start()) is not None for one in begins) > len(begins):
        return re.sub(rf"^[ \t]{{0,40}}(?:{_LOG_HEAD})", "", text, flags=re.M)
    marked = [(head, one) for one in begins if (head := _head(text, one.start())).strip()]
    for kind in _KINDS:
        told = [one for head, one in marked if re.match(kind, head)]
        listing = any(one["listed"] or one["key"] or one["stamp"] for one in told)
        if 2 * len(told) > len(marked) and (listing or kind not in _STAMPS):
            return _without(kind, text)
    if 2 * sum(re.fullmatch(_LABEL, head) is not None for head, _ in marked) > len(marked):
        return re.sub(rf"^[ \t]{{0,40}}{_LABEL}[ \t]{{0,40}}(?={_BEGIN_PLAIN})", "", text, flags=re.M)
    return text


def _head(text: str, at: int) -> str:
    """What stands on a line before a known begin; empty where it is too long to be a prefix."""
    start = text.rfind("\n", 0, at) + 1
    return text[start:at].lstrip(" \t") if at - start < 400 else ""


_BEGIN_PLAIN = re.sub(r"\?P<\w+>", "?:", _BEGIN.pattern)


def _first_begins(text: str) -> Iterator[re.Match[str]]:
    """The first known begin of each line."""
    end = -1
    for match in _BEGIN.finditer(text):
        if match.start() > end:
            yield match
            end = text.find("\n", match.start())
            if end < 0:
                return


def _without(kind: str, text: str) -> str:
    if kind.startswith(r"[\"']"):
        return re.sub(r"^[ \t]{0,40}[\"'](.*?)[\"']?,?[ \t]{0,8}$", r"\1", text, flags=re.M)
    if kind == _QUOTE:
        text = re.sub(r"[ \t]{1,8}[|│][ \t]{0,8}$", "", text, flags=re.M)
    return re.sub(rf"^[ \t]{{0,40}}(?:{kind})", "", text, flags=re.M)


def _unescaped(text: str) -> str:
    """The text that stands in a JSON document, or in log lines that are JSON objects; a lone string is unfolded."""
    if "\\" not in text and not text.lstrip()[:2].startswith(('{"', '["')):
        return text
    if unfolded := _of_document(text):
        return unfolded
    lines = text.split("\n")
    insides = [_told(line) for line in lines]
    count = sum(bool(line.strip()) for line in lines)
    if 2 * sum(one is not None for one in insides) > count:
        unfolded = "\n".join(line if inside is None else inside for line, inside in zip(lines, insides, strict=True))
        return unfolded if _BEGIN.search(unfolded) else text
    if text.count("\\n") > text.count("\n") or "\\u003d" in text or '\\"' in text:
        return _by_hand(text)
    return text


def _of_document(text: str) -> str | None:
    begin = text.lstrip()[:1]
    if begin not in ("{", "[", '"'):
        return None
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    strings = [one for one in _strings(found) if _BEGIN.search(one)]
    return "\n".join(strings) + "\n" if strings else None


def _strings(value: object) -> list[str]:
    """All strings of a JSON value, in order, without recursion."""
    out: list[str] = []
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            out.append(one)
        elif isinstance(one, dict):
            left += reversed(list(one.values()))
        elif isinstance(one, list):
            left += reversed(one)
    return out


def _told(line: str) -> str | None:
    """The longest string of a line that is a JSON object."""
    body = line.strip()
    if not (body.startswith('{"') and body.endswith("}")):
        return None
    try:
        found = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return None
    return max(_strings(found), key=len, default="").rstrip("\n").replace("\n", " ")


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(r\\n|[nrt\"'/\\]))")
_SIGNS = {"n": "\n", "r\\n": "\n", "r": "\n", "t": "\t"}


def _by_hand(text: str) -> str:
    """Escapes of a piece of JSON that is no document."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _SIGNS.get(found[2], found[2]), text)
