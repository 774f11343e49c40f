"""JSON Schema of the two file kinds, for editors and for other people's tools; published beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from .edition import Carrier, DeviceSheet
from .kinds import AnyRule

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLACE = {"title": "a requirement"}
"""Stands in for the requirements until their kinds are put in."""
DIRECTORY = Path(__file__).with_name("schema")


def profile_schema() -> dict[str, Any]:
    """JSON Schema of a carrier profile."""
    return {"$schema": _DIALECT, "title": "bandproof carrier profile", **_carrier_schema()}


def sheet_schema() -> dict[str, Any]:
    """JSON Schema of a device sheet."""
    return {"$schema": _DIALECT, "title": "bandproof device sheet", **msgspec.json.schema(DeviceSheet)}


def _carrier_schema() -> dict[str, Any]:
    """The schema of a carrier with that of every kind of requirement in its place."""
    (carrier, requirement), parts = msgspec.json.schema_components(
        (Carrier, AnyRule.union()), schema_hook=lambda _: dict(_PLACE), ref_template="#/$defs/{name}"
    )
    return {**carrier, "$defs": {name: _filled(part, requirement) for name, part in parts.items()}}


def _filled(schema: Any, requirement: dict[str, Any]) -> Any:
    if schema == _PLACE:
        return requirement
    if isinstance(schema, dict):
        return {key: _filled(value, requirement) for key, value in schema.items()}
    return [_filled(one, requirement) for one in schema] if isinstance(schema, list) else schema


def rendered() -> dict[str, str]:
    """File name and text of each published schema."""
    import json

    named = {"profile.schema.json": profile_schema(), "sheet.schema.json": sheet_schema()}
    return {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in named.items()}


def write(directory: Path = DIRECTORY) -> list[Path]:
    """Write the schemas; answer the files."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in rendered().items():
        path = directory / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
