"""One case of a run: one requirement of one carrier's edition for one device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.carriers.kinds import Requirement
    from harness.carriers.store import Selected


@dataclass(frozen=True, slots=True)
class Case:
    """One requirement of one carrier's edition for one device."""

    device: str
    selected: Selected
    rule: Requirement

    @property
    def id(self) -> str:
        """`mi-mix-2/us/att@2017-03/ATT-LTE-B12`."""
        return f"{self.device}/{self.selected.ref}/{self.rule.id}"

    @property
    def node_id(self) -> str:
        """`mi-mix-2::us/att@2017-03::ATT-LTE-B12`, as pytest shows it and takes it back."""
        return f"{self.device}::{self.selected.ref}::{self.rule.id}"

    def __repr__(self) -> str:
        """Its id: plugins that keep a history know a case by the text of its parameters."""
        return self.id
