"""What stands before the answer to an AT command: its echo, alone on its line or glued to the answer."""

from __future__ import annotations

import re

from harness.at_commands import split_joined
from harness.patterns import late

_ECHO = late(r"AT[+^#%*!$&][A-Z]", re.IGNORECASE)


def behind_echo(lines: list[tuple[int, str]], command: str) -> list[tuple[int, str]]:
    """Drop everything up to the last echo of the command; take an answer glued to its echo apart.

    What another command's echo follows is another's answer.
    """
    sent = _squeeze(command)
    spellings = {sent, sent if sent.startswith("AT") else "AT" + sent}
    starts = {"", *(one[:1] for one in spellings)}
    start = 0
    glued: tuple[int, str] | None = None
    for index, (number, line) in enumerate(lines):
        if line[:1].upper() not in starts:
            continue
        squeezed = _squeeze(line)
        if squeezed in spellings:
            start, glued = index + 1, None
        elif len(sent) > 2 and squeezed.startswith(sent) and squeezed[len(sent) : len(sent) + 1] in set("+^#%*!$"):
            start, glued = index + 1, (number, _after(line, len(sent)))
    kept = [] if glued is None else [glued]
    parts = {_squeeze(part) for part in split_joined(command)}
    for number, line in lines[start:]:
        if not _ECHO.match(line):
            kept.append((number, line))
        elif kept and _squeeze(line) not in parts:
            break
    return kept


def _squeeze(line: str) -> str:
    return "".join(line.split()).upper()


def _after(line: str, squeezed_length: int) -> str:
    """The rest of a line behind so many characters that are no blanks."""
    seen = 0
    for index, sign in enumerate(line):
        if seen == squeezed_length:
            return line[index:].strip()
        seen += not sign.isspace()
    return ""
