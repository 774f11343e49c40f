"""JSON Schema of the two file kinds, for editors and for other people's tools; published beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from .edition import Carrier, DeviceSheet

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
DIRECTORY = Path(__file__).with_name("schema")


def profile_schema() -> dict[str, Any]:
    """JSON Schema of a carrier profile."""
    return {"$schema": _DIALECT, "title": "bandproof carrier profile", **msgspec.json.schema(Carrier)}


def sheet_schema() -> dict[str, Any]:
    """JSON Schema of a device sheet."""
    return {"$schema": _DIALECT, "title": "bandproof device sheet", **msgspec.json.schema(DeviceSheet)}


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
