"""What goes into `bandproof decode` and comes out: text of a file or standard input, observations as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import InputError

if TYPE_CHECKING:
    from harness.observations import Reading

SCHEMA = "bandproof.decode/1"


def read_text(name: str) -> str:
    """The text of a file or of standard input; UTF-16 with a byte order mark is understood, other bytes never fail."""
    return as_text(read_octets(name))


def read_octets(name: str) -> bytes:
    """The octets of a file or of standard input. Raises InputError where it cannot be read."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from error


def as_text(data: bytes) -> str:
    """Octets as text: UTF-16 by its byte order mark, else UTF-8; what is neither becomes U+FFFD."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def show(reading: Reading) -> int:
    """Write what was read as JSON to standard output, what could not be read as warnings. Returns the exit status 0."""
    reading = reading.in_words()
    out = {
        "schema": SCHEMA,
        "observations": [observation.as_json() for observation in reading.observations],
        "warnings": list(reading.warnings),
    }
    sys.stdout.write(json.dumps(out, ensure_ascii=True, indent=1) + "\n")
    return 0
