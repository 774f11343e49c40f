"""The published JSON Schema of a document, made from its types. `python -m harness.reports.document.schemas` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from harness.observations import Source

from .document import Document
from .told_facts import ToldFacts, fact_classes

SCHEMA_FILE = Path(__file__).with_name("schema") / "report.schema.json"
_REFS = "#/$defs/{name}"
_GRADES = {"enum": ["measured", "observed", "declared"]}


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `report.json`. Keys that are not named may be added by later versions; none is removed."""
    (top,), parts = msgspec.json.schema_components((Document,), schema_hook=_facts, ref_template=_REFS)
    document = parts.pop(top["$ref"].rpartition("/")[2])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:bandproof:report:3",
        **document,
        "title": "bandproof report",
        "$defs": {name: parts[name] for name in sorted(parts)} | _fact_parts(),
    }


def _facts(kind: type) -> dict[str, Any]:
    if kind is ToldFacts:
        return {"type": "array", "items": {"$ref": _REFS.format(name="Fact")}}
    raise NotImplementedError(kind.__name__)


def _fact_parts() -> dict[str, Any]:
    """A fact, and the fields of each kind that this tool itself knows; facts of other packages have the common ones only."""
    own = {name: kind for name, kind in fact_classes().items() if kind.__module__ == "harness.observations"}
    _, parts = msgspec.json.schema_components((*own.values(), Source), ref_template=_REFS)
    for name, kind in own.items():
        part = parts[kind.__name__]
        part["properties"] = {"kind": {"const": name}, **part["properties"], "grade": _GRADES}
        part["required"] = ["kind", "grade", *part.get("required", ())]
    parts.pop("Grade", None)
    common = {
        "type": "object",
        "properties": {"kind": {"type": "string"}, "grade": _GRADES, "source": {"$ref": _REFS.format(name="Source")}},
        "required": ["kind", "grade"],
        "allOf": [
            {"if": {"properties": {"kind": {"const": name}}}, "then": {"$ref": _REFS.format(name=kind.__name__)}}
            for name, kind in sorted(own.items())
        ],
    }
    return {"Fact": common, **{name: parts[name] for name in sorted(parts)}}


def rendered() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def write(file: Path = SCHEMA_FILE) -> None:
    """Write the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(rendered(), encoding="utf-8")


if __name__ == "__main__":
    write()
