"""The line form of 3GPP's test suites: `pc_eBand12_Supp BOOLEAN TRUE # comment` (TS 34.123-3 annex G.1).

Values are blank separated. Comments at the line's start carry the head (`# model: X-100`) and, where a FALSE in the
file is an answer, `# complete: all` or the tables. Items without a mnemonic stand by specification, table and item.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.ics.collecting import Collector
from harness.ics.declaration import SheetPlace

from .text import comment_text, head_line, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.ics.answers import FilledIcs, ItemAnswer
    from harness.ics.declaration import IcsDeclaration

TYPES = ("INTEGER", "BOOLEAN", "BITSTRING", "HEXSTRING", "OCTETSTRING", "ENUMERATED", "IA5String")
_LINE = re.compile(r"""(\S+)\s+(\S+)\s+("[^"]*"|'[^']*'\w?|[^\s#]+)\s*(?:\#\s*(.*))?""")
_TYPED = re.compile(rf"^\s*[^\s#]+\s+(?:{'|'.join(TYPES)})\b", re.IGNORECASE | re.MULTILINE)


def recognise(data: bytes) -> bool:
    """Whether a line of the beginning is a parameter with its type."""
    return _TYPED.search(data[:65536].decode("utf-8", "replace").replace("\0", "")) is not None


def read(data: bytes, source: str) -> IcsDeclaration:
    """The declaration of a line file. Raises FileError for what is no text."""
    found = Collector(source, "txt")
    types = {one.upper() for one in TYPES}
    for number, line in enumerate(lines_of(data, source), 1):
        text, place = line.strip(), SheetPlace(row=number)
        if not text:
            continue
        if text.startswith("#"):
            told = head_line(text)
            if told:
                found.told(*told, place)
            continue
        match = _LINE.fullmatch(text)
        if match is None or match[2].upper() not in types:
            found.fault(place, f"{text[:60]!r} is no line of the form: name TYPE value # comment")
            continue
        _parameter(found, match, place)
    return found.finish()


def _parameter(found: Collector, match: re.Match[str], place: SheetPlace) -> None:
    name, type_, value, comment = match[1], match[2].upper(), match[3], match[4] or ""
    if type_ == "BOOLEAN":
        found.take(name, value, place, comment=comment)
    else:
        found.of_another_type(name, match[2], place)


def write(filled: FilledIcs) -> bytes:
    """The line form of a filled proforma; an item that is not answered stands as a comment with its reason."""
    return ("\n".join(_lines(filled)) + "\n").encode("utf-8")


def _lines(filled: FilledIcs) -> Iterator[str]:
    yield f"# {comment_text(filled.statement)}"
    for label, value in head_of(filled):
        yield f"# {label}: {comment_text(value)}"
    yield "# complete: all"
    for remark in filled.remarks:
        yield f"# remark {comment_text(remark)}"
    table = ""
    for one in filled.answers:
        if table != (table := f"{one.item.spec}#{one.item.table}"):
            yield ""
            yield f"# TS {one.item.spec} table {one.item.table}"
        yield _line(one)


def head_of(filled: FilledIcs) -> list[tuple[str, str]]:
    """The head's lines that are known, with their labels."""
    head = filled.head
    rows = (
        ("date", head.date),
        ("UE name", head.model),
        ("hardware configuration", head.hardware),
        ("software configuration", head.software),
        ("supplier", head.supplier),
        ("client", head.client),
        ("contact", head.contact),
        ("laboratory", head.laboratory),
    )
    return [(label, value) for label, value in rows if value]


def _line(one: ItemAnswer) -> str:
    name = one.item.mnemonic or one.item.key
    # Most reasons begin with what they are about.
    about = one.item.label if one.item.mnemonic and not one.reason.startswith(one.item.label) else ""
    why = comment_text(f"{about} {one.reason}".strip())
    if one.value is None:
        return f"# {name} is not answered, {why.replace(':', ',')}"
    digests = "".join(f" sha256={digest}" for digest in dict.fromkeys(one.sha256))
    return f"{name} BOOLEAN {'TRUE' if one.value else 'FALSE'} # {one.grade.word if one.grade else ''} {why}{digests}"
