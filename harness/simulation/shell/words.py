"""The words of a shell script: tokens, quotes and expansions as values. Pure, linear in the script's length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

PartKind = Literal["text", "variable", "command", "arithmetic"]


class ScriptError(ValueError):
    """A script that this shell cannot read; the text says why."""


@dataclass(frozen=True, slots=True)
class WordPart:
    """A piece of a word: literal text, a variable's name, a command to substitute, or a sum to reckon."""

    kind: PartKind
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class ShellToken:
    """A word (`parts`), an operator (`op`) or a redirection (`op` and the descriptor `fd`), with its place."""

    op: str
    parts: tuple[WordPart, ...]
    start: int
    end: int
    fd: int = -1

    @property
    def plain(self) -> str | None:
        """The text of a word without quotes and expansions: only such a word can be a reserved one."""
        return (
            self.parts[0].text
            if len(self.parts) == 1 and self.parts[0] == WordPart("text", self.parts[0].text, quoted=False)
            else None
        )


_BLANK = re.compile(r"(?:[ \t\r]|\\\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_REDIRECT = re.compile(r"(\d?)(<<|>>|>&|<&|<>|>\||[<>])")
_OPERATOR = re.compile(r"&&|\|\||;;|[;&|()\n]")
_BARE = re.compile(r"[^\s;&|()<>'\"\\$`]+")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*|[?#$@*!0-9-])\}|([A-Za-z_]\w*|[?#$@*!0-9-]))")
_IN_DOUBLE = re.compile(r"[^\"\\$`]+")


def tokens(source: str) -> list[ShellToken]:
    """Cut a script into tokens. Raises ScriptError for open quotes and for what this shell does not know."""
    out: list[ShellToken] = []
    position, size = 0, len(source)
    while position < size:
        if match := _BLANK.match(source, position) or _COMMENT.match(source, position):
            position = match.end()
        elif match := _REDIRECT.match(source, position):
            if match[2] == "<<":
                raise ScriptError("here documents are not served")
            fd = int(match[1]) if match[1] else (0 if match[2][0] == "<" else 1)
            out.append(ShellToken(match[2], (), match.start(), match.end(), fd))
            position = match.end()
        elif match := _OPERATOR.match(source, position):
            out.append(ShellToken(match[0], (), match.start(), match.end()))
            position = match.end()
        else:
            parts, end = _word(source, position)
            out.append(ShellToken("", tuple(parts), position, end))
            position = end
    return out


def _word(source: str, start: int) -> tuple[list[WordPart], int]:
    parts: list[WordPart] = []
    position = start
    while position < len(source):
        char = source[position]
        if match := _BARE.match(source, position):
            parts.append(WordPart("text", match[0], quoted=False))
            position = match.end()
        elif char == "'":
            end = source.find("'", position + 1)
            if end < 0:
                raise ScriptError("no closing quote")
            parts.append(WordPart("text", source[position + 1 : end], quoted=True))
            position = end + 1
        elif char == '"':
            position = _double(source, position + 1, parts)
        elif char == "\\":
            if source[position + 1 : position + 2] != "\n":
                parts.append(WordPart("text", source[position + 1 : position + 2], quoted=True))
            position += 2
        elif char in "$`":
            position = _expansion(source, position, parts, quoted=False)
        else:
            break
    return parts, position


def _double(source: str, position: int, parts: list[WordPart]) -> int:
    """A double-quoted piece from behind its quote; answers where it ends."""
    parts.append(WordPart("text", "", quoted=True))
    while position < len(source):
        char = source[position]
        if match := _IN_DOUBLE.match(source, position):
            parts.append(WordPart("text", match[0], quoted=True))
            position = match.end()
        elif char == '"':
            return position + 1
        elif char == "\\":
            following = source[position + 1 : position + 2]
            kept = following if following in ("$", "`", '"', "\\") else "" if following == "\n" else "\\" + following
            parts.append(WordPart("text", kept, quoted=True))
            position += 2
        else:
            position = _expansion(source, position, parts, quoted=True)
    raise ScriptError("no closing quote")


def _expansion(source: str, position: int, parts: list[WordPart], *, quoted: bool) -> int:
    if source[position] == "`":
        end = source.find("`", position + 1)
        if end < 0:
            raise ScriptError("no closing backquote")
        parts.append(WordPart("command", source[position + 1 : end], quoted=quoted))
        return end + 1
    if source.startswith("$((", position):
        end = source.find("))", position)
        if end < 0:
            raise ScriptError("no closing bracket")
        parts.append(WordPart("arithmetic", source[position + 3 : end], quoted=quoted))
        return end + 2
    if re.match(r"\$\{\w*[^\w}]", source[position : position + 80]):
        raise ScriptError(f"{source[position : position + 20]!r} is not served")
    if source.startswith("$(", position):
        end = _closing(source, position + 2)
        parts.append(WordPart("command", source[position + 2 : end], quoted=quoted))
        return end + 1
    if match := _VARIABLE.match(source, position):
        parts.append(WordPart("variable", match[1] or match[2], quoted=quoted))
        return match.end()
    parts.append(WordPart("text", "$", quoted=quoted))
    return position + 1


def _closing(source: str, position: int) -> int:
    """Where the bracket closes that stands open before `position`."""
    depth = 1
    for match in re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.|[()]", re.DOTALL).finditer(source, position):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    raise ScriptError("no closing bracket")
