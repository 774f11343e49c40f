"""Text as people paste it: what mail, terminals, pagers and loggers put before each line is taken off.

The lines stay as many as they were, so that a line's number is that of the text which was given.
"""

from __future__ import annotations

import json
import re

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]{0,40}[ -/]{0,8}[@-~]|\][^\x07\x1b\n]{0,400}(?:\x07|\x1b\\)|[ -/]?[0-~])")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u200e\u200f\0"))
_DAY = r"\d{4}[-/.]\d{2}[-/.]\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}(?:[.,:]\d{1,9})?"
_LOGGER = (
    r"[\w.-]{1,64} (?:[\w./@-]{1,64}\[\d{1,9}\]|kernel):|[a-z]{1,12}\d?\.[a-z]{2,8} [\w./@-]{1,64}(?:\[\d{1,9}\])?:"
)
_STAMPS = (
    rf"{_DAY}[T ]{_TIME}(?:Z|[+-]\d{{2}}:?\d{{2}})?(?: (?:{_LOGGER})|:)?",
    rf"\[{_DAY}[T ]{_TIME}(?:Z|[+-]\d{{2}}:?\d{{2}})?\]:?",
    rf"(?:[A-Z][a-z]{{2}} )?[A-Z][a-z]{{2}} [ \d]\d {_TIME}(?: \d{{4}})?(?: (?:{_LOGGER}))?",
    rf"\d{{2}}-\d{{2}} {_TIME}[ \t]{{1,9}}\d{{1,9}}[ \t]{{1,9}}\d{{1,9}} [VDIWEF] [^:\n]{{1,80}}:",
    r"[VDIWEF]/[\w. -]{1,40}\([ \d]{1,8}\):",
    rf"{_TIME} ->",
    rf"\[{_TIME}\]:?",
    r"\[ {0,9}\d{1,9}\.\d{3,9}\]",
    r"(?:DEBUG|INFO|NOTICE|WARNING|WARN|ERROR)\b(?::|[ \t]-)?",
)
_STAMP = re.compile(rf"[ \t]{{0,40}}(?:>(?:[ \t]?>){{0,20}}[ \t]?|(?:{'|'.join(_STAMPS)})(?:[ \t]|\Z)?)")
_NUMBERED = re.compile(r"[ \t]{0,12}(?:[\w./-]{1,80}:)?(\d{1,7})(?:[:-]|\t|[ \t]{2})")
_ENDS_PREFIX = re.compile(r".*[>|:<#\])](?:[ \t]|\Z)?", re.DOTALL)
_IS_CONTENT = re.compile(r"[\s|]*|\s*\[(?:/|qrtr:).*|[\s0-9A-Fa-fxX:]*", re.DOTALL)
"""What a shared prefix is not: the edge of a table, the device that a tool names, octets."""
_FEWEST = 3
"""Lines that must share a prefix of which nothing else is known."""
_LONGEST_PREFIX = 200
_MOST_ROUNDS = 4


def plain_text(text: str) -> str:
    """The text without terminal escapes, quoting marks, stamps, line numbers and any prefix that all lines share.

    A text that was pasted as one JSON string, or with its line ends written as `\\n`, is unfolded. Never raises.
    """
    text = _unfolded(text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n"))
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    lines = text.split("\n")
    for _ in range(_MOST_ROUNDS):
        before = lines
        lines = [_unstamped(line) for line in lines]
        lines = _without_shared(_without_numbers(lines))
        if lines == before:
            break
    return "\n".join(lines)


def _unfolded(text: str) -> str:
    """Line ends and tabs that were written out, where the text has no line ends of its own."""
    body = text.strip()
    if "\n" in body or "\\n" not in body:
        return text
    if body[:1] == body[-1:] == '"':
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return text
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else text
    if body[:1] in {"{", "["} and body[1:2] in {'"', "{", "["}:
        return text
    return body.replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


def _unstamped(line: str) -> str:
    match = _STAMP.match(line)
    return line[match.end() :] if match else line


def _without_numbers(lines: list[str]) -> list[str]:
    """Lines without their numbers (`grep -n`, `cat -n`), where every line has one and they rise one by one."""
    last = len(lines) - 1 if not lines[-1].strip() else len(lines)
    matches = [_NUMBERED.match(line) for line in lines[:last]]
    if len(matches) < _FEWEST or not all(matches):
        return lines
    numbers = [int(match[1]) for match in matches if match]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return lines
    return [line[match.end() :] for line, match in zip(lines, matches, strict=False) if match] + lines[last:]


def _common(lines: list[str]) -> str:
    """The first signs that all lines have in common: those of the two that differ most."""
    low, high = min(lines)[:_LONGEST_PREFIX], max(lines)[:_LONGEST_PREFIX]
    size = next(
        (place for place, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high))
    )
    return low[:size]


def _without_shared(lines: list[str]) -> list[str]:
    """Lines without a prefix that all share, up to a sign that ends one (`<< `, `AT> `, `modem | `)."""
    told = [line for line in lines if line.strip()]
    if len(told) < _FEWEST:
        return lines
    match = _ENDS_PREFIX.match(_common(told))
    if not match or _IS_CONTENT.fullmatch(match[0]):
        return lines
    size = len(match[0])
    return [line[size:] for line in lines]
