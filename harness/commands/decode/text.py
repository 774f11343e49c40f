"""What goes into `bandproof decode` and comes out: text of a file or standard input; sentences on a terminal, else JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import InputError

if TYPE_CHECKING:
    import argparse

    from harness.observations import Reading

SCHEMA = "bandproof.decode/1"


def read_text(name: str) -> str:
    """The text of a file or of standard input; UTF-16 with a byte order mark is understood, other bytes never fail."""
    return as_text(read_octets(name))


def read_octets(name: str) -> bytes:
    """The octets of a file or of standard input. Raises InputError where it cannot be read."""
    try:
        return pasted() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from error


def pasted() -> bytes:
    """The octets of standard input; where a person types them, it is said how they end. Raises OSError."""
    if sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
        sys.stderr.write(f"paste, then {end}\n")
        sys.stderr.flush()
    return sys.stdin.buffer.read()


def as_text(data: bytes) -> str:
    """Octets as text: UTF-16 by its byte order mark, else UTF-8; what is neither becomes U+FFFD."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option that asks for JSON on a terminal, too."""
    parser.add_argument("--json", action="store_true", help="JSON (bandproof.decode/1), as in a pipe; else sentences")


def show(reading: Reading, *, as_json: bool) -> int:
    """Write what was read, what could not be read as warnings: sentences on a terminal, else JSON. Answers 0."""
    reading = reading.in_words()
    if not as_json and sys.stdout.isatty():
        from harness.commands.views.page import page
        from harness.commands.views.survey import draw_reading

        sheet = page()
        draw_reading(sheet, reading)
        sys.stdout.write(str(sheet))
        return 0
    out = {
        "schema": SCHEMA,
        "observations": [observation.as_json() for observation in reading.observations],
        "warnings": list(reading.warnings),
    }
    sys.stdout.write(json.dumps(out, ensure_ascii=True, indent=1) + "\n")
    return 0
