"""A device that was changed, found again and open to be put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.state.gate import GatedChannel
    from harness.state.item import StateItem


@dataclass(frozen=True, slots=True)
class ReachedDevice:
    """A device that a journal is of, open behind a gate."""

    channels: Mapping[str, GatedChannel]
    items: Mapping[str, StateItem]
    firmware: str
    close: Callable[[], None]
