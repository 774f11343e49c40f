"""What a document tells that no device told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.reports.document.lab_entries import LabEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.reports.document.lab_entries import NoteEntry, PhotographEntry

    from .entries import FileEntry, OwnCaseEntry
    from .papers import PapersEntry


@dataclass(frozen=True, slots=True)
class Beside:
    """What a document tells that no device told: of the laboratory, the operator and the customer."""

    lab: LabEntry = field(default_factory=LabEntry)
    notes: tuple[NoteEntry, ...] = ()
    photographs: tuple[PhotographEntry, ...] = ()
    own_cases: tuple[OwnCaseEntry, ...] = ()
    files: tuple[FileEntry, ...] = ()
    """The evidence."""
    supplied: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Per device: what the customer says of it."""
    papers: Mapping[str, PapersEntry] = field(default_factory=dict)
    """Per device: what was declared of it beside its sheet, held against it."""
    filled_ics: Mapping[str, str] = field(default_factory=dict)
    """Per device: how many items of its ICS were answered, in words."""
    profiles: Mapping[str, str] = field(default_factory=dict)
    """Per carrier: SHA-256 of its profile."""
