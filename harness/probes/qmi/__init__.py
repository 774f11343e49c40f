"""Output of qmicli, mbimcli, mmcli and uqmi -> observations. `read` is the door; `session` asks a modem on the host.

Supported bands carry no layer: the capability that DMS tells follows the modem's band configuration, and no tool says
so (reference qmi-mbim.md section 2).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness.errors import ParseError
from harness.plain_text import visible
from harness.probes.pasted import plain_text

from . import mbimcli, mmcli, qmicli, raw, uqmi
from .blocks import sections
from .facts import Facts
from .labels import LABELS
from .tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.observations import Reading

__all__ = ["read", "read_all", "read_answer"]


def read(text: str, command: str | None = None) -> Reading:
    """Read what one of the tools printed; which one, and which answers, is recognised.

    Raises ParseError where nothing was read; its message says why where that is known.
    """
    reading = read_answer(text, command)
    if not reading.observations:
        raise ParseError(reading.warnings[0] if reading.warnings else _nothing(text, command))
    return reading


def read_answer(text: str, command: str | None = None) -> Reading:
    """As `read`, but a text that tells nothing is an empty Reading."""
    facts = Facts(request=command)
    _collect(text, facts)
    return facts.finish()


def read_all(answers: Mapping[str, str]) -> Reading:
    """All facts of one modem from the answers of its requests: what several tell of one cell is one cell."""
    facts = Facts()
    for request, text in answers.items():
        facts.request = request
        _collect(text, facts)
    return facts.finish()


def _collect(text: str, facts: Facts) -> None:
    """Every reader whose shape the text has."""
    text = plain_text(text)
    if text.lstrip()[:1] in {"{", "["} and _json(text, facts):
        return
    raw.read_messages(text, facts)
    table, pairs, rest = _rows(text)
    if table:
        mmcli.read_table(table, facts)
    if pairs:
        mmcli.read_keyvalue(pairs, facts)
    for section in sections(list(tokens(rest, LABELS))):
        qmicli.read_section(section, facts)
        mbimcli.read_section(section, facts)


Rows = list[tuple[int, str, bool]]


def _rows(text: str) -> tuple[Rows, Rows, str]:
    """Lines of mmcli's table, of its key-value form, and the rest with empty lines in their place."""
    if "|" not in text and "modem." not in text:
        return [], [], text
    table: Rows = []
    pairs: Rows = []
    rest: list[str] = []
    rows = text.split("\n")
    for number, row in enumerate(rows, 1):
        item = (number, row, number < len(rows))
        if mmcli.is_table_row(row):
            table.append(item)
        elif row.lstrip().startswith("modem."):
            pairs.append(item)
        else:
            rest.append(row)
            continue
        rest.append("")
    return table, pairs, "\n".join(rest)


def _json(text: str, facts: Facts) -> bool:
    """What uqmi or `mmcli -J` print: objects and arrays, one or several in turn; False where the text is no JSON."""
    found: list[Any] = []
    rest = text.strip()
    while rest:
        try:
            value, end = _DECODER.raw_decode(rest)
        except (ValueError, RecursionError):
            return False
        found += value if isinstance(value, list) else [value]
        rest = rest[end:].lstrip()
        if len(found) > _MOST_OBJECTS:
            return False
    for data in found:
        modem = data.get("modem") if isinstance(data, dict) else None
        if isinstance(modem, dict):
            mmcli.read_json(modem, facts)
        elif isinstance(data, dict):
            uqmi.read(data, facts)
    return True


_DECODER = json.JSONDecoder()
_MOST_OBJECTS = 200


def _nothing(text: str, command: str | None) -> str:
    if not text.strip():
        return f"{command or 'the text'}: empty"
    first = next((line.strip() for line in text[:2000].splitlines() if line.strip()), "")
    shown = visible(first[:60])
    known = "; output of qmicli, mbimcli, mmcli and uqmi is read"
    return f"{command or 'the text'}: nothing recognised (it begins {shown!r}){known}"
