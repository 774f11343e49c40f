"""What a simulated modem remembers: memory that outlives power, memory that does not, the card, and where it is."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class ModemMemory:
    """Four tables of plain values. With a `file` they are written at each change: a process may die, a modem lives on."""

    nv: dict[str, str] = field(default_factory=dict)
    volatile: dict[str, str] = field(default_factory=dict)
    card: dict[str, str] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    """Where the modem is: the cell, since when it searches, what it was refused with."""
    file: Path | None = None
    defaults: dict[str, str] = field(default_factory=dict)
    """What volatile memory holds after power-on."""
    found: dict[str, str] = field(default_factory=dict)
    """Everything as it was before anybody wrote."""
    writes: dict[str, int] = field(default_factory=dict)
    """How often each place of the lasting memory was written."""

    def put(self, key: str, value: str) -> None:
        """Write a place where it lies."""
        if key in self.nv:
            self.nv[key] = value
            self.writes[key] = self.writes.get(key, 0) + 1
        else:
            self.volatile[key] = value
        self.save()

    def get(self, key: str) -> str:
        """What a place holds."""
        return self.nv[key] if key in self.nv else self.volatile[key]

    def power_cycle(self) -> None:
        """What does not last is as after power-on."""
        self.volatile = dict(self.defaults)
        self.now = {}
        self.save()

    def save(self) -> None:
        """Keep all of it."""
        if self.file is None:
            return
        beside = self.file.with_suffix(f".{os.getpid()}")
        tables = [self.nv, self.volatile, self.card, self.now, self.defaults, self.found, self.writes]
        beside.write_text(json.dumps(tables))
        beside.replace(self.file)

    @staticmethod
    def load(file: Path) -> ModemMemory:
        """The modem that was kept."""
        nv, volatile, card, now, defaults, found, writes = json.loads(file.read_text())
        return ModemMemory(nv, volatile, card, now, file, defaults, found, writes)
