"""What a form of a report is made from, beside the document: the exchanges of each device, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from harness.recording.exchange import Exchange
from harness.reports.document.document import Document

Exchanges = Mapping[str, Sequence[tuple[str, Exchange]]]
"""Device -> link and exchange, in order."""

Writer = Callable[[Path, Document, Exchanges], None]
"""Writes one file: its path, the document, and the exchanges of each device."""
