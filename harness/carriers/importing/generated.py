"""Which files the importer may write: those that carry its mark and are as it left them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.recording.writer import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

_MARK = re.compile(r"# generated: true, ([0-9a-f]{12}) \(.*\)\n")


@dataclass
class WriteOutcome:
    """What a run did, by path."""

    written: list[Path] = field(default_factory=list)
    same: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    """Files of someone's hand."""


def marked(body: str) -> str:
    """The text of a generated file: its first line says so and holds the hash of the rest."""
    hint = "to edit by hand, delete this line: the importer then leaves the file alone"
    return f"# generated: true, {_hash(body)} ({hint})\n{body}"


def is_ours(text: str) -> bool:
    """Whether the importer wrote this text and nobody has edited it since."""
    match = _MARK.match(text)
    return match is not None and _hash(text[match.end() :]) == match[1]


def write(path: Path, body: str, outcome: WriteOutcome) -> None:
    """Write a profile unless its file is somebody's work. Raises OSError."""
    text = marked(body)
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before == text:
        outcome.same.append(path)
    elif before is not None and not is_ours(before):
        outcome.kept.append(path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
        outcome.written.append(path)


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:12]
