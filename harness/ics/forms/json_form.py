"""The JSON form (`bandproof.ics/1`): head, what is complete, and the answers with grade and evidence."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from harness.errors import FileError
from harness.ics.collecting import Collector
from harness.ics.declaration import SheetPlace

from .text import lines_of

if TYPE_CHECKING:
    from harness.ics.answers import FilledIcs
    from harness.ics.declaration import IcsDeclaration

SCHEMA = "bandproof.ics/1"


def recognise(data: bytes) -> bool:
    """Whether the text begins as a JSON object."""
    return data[:1024].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").startswith("{")


def read(data: bytes, source: str) -> IcsDeclaration:
    """The declaration of a JSON file. Raises FileError for another schema or what is no JSON."""
    try:
        value = json.loads("\n".join(lines_of(data, source)), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise FileError(f"is no JSON: {str(error)[:120]}", path=source, line=line) from None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise FileError(f"its schema is not {SCHEMA}", path=source)
    items = value.get("items")
    if not isinstance(items, list):
        raise FileError('"items" is no list', path=source)
    found = Collector(source, "json")
    head = value.get("head")
    for label, text in (head if isinstance(head, dict) else {}).items():
        if isinstance(text, str):
            found.told(label, text, SheetPlace())
    complete = value.get("complete")
    for word in complete if isinstance(complete, list) else [complete]:
        if isinstance(word, str):
            found.told("complete", word, SheetPlace())
    for number, item in enumerate(items, 1):
        _take(found, item, number)
    return found.finish()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names stand once. Raises ValueError for one that stands twice."""
    out = dict(pairs)
    if len(out) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)[:40]!r} stands twice in one object")
    return out


def _take(found: Collector, item: Any, number: int) -> None:
    place = SheetPlace(row=number)
    if not isinstance(item, dict):
        found.fault(place, f"item {number} is no object")
        return
    texts = {name: item[name] for name in ("key", "mnemonic", "reason") if isinstance(item.get(name), str)}
    value = item.get("value")
    if isinstance(value, dict | list):
        value = json.dumps(value)
    key, named = texts.get("key", ""), texts.get("mnemonic", "")
    found.take(key or named, value, place, mnemonic=named, comment=texts.get("reason", ""))


def write(filled: FilledIcs) -> bytes:
    """The JSON of a filled proforma."""
    return (json.dumps(as_json(filled), indent=1, ensure_ascii=True) + "\n").encode("ascii")


def as_json(filled: FilledIcs) -> dict[str, Any]:
    """The whole proforma as plain values."""
    return {
        "schema": SCHEMA,
        "statement": filled.statement,
        "device": filled.device,
        "head": asdict(filled.head),
        "complete": ["all"],
        "counts": filled.counts(),
        "remarks": list(filled.remarks),
        "items": [one.as_json() for one in filled.answers],
    }
