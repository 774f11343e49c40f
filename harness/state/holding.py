"""Letting go of what a run held: processes that stand in its journal, told apart from others by when they started."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from harness.state.journal import started

if TYPE_CHECKING:
    from harness.state.journal import Hold, JournalPage


def still_held(page: JournalPage) -> tuple[Hold, ...]:
    """The holds of a journal whose processes live on. A pid alone may be somebody else's by now."""
    return tuple(one for one in page.holds if one.started and started(one.pid) == one.started)


def let_go(page: JournalPage) -> tuple[Hold, ...]:
    """End them; those that were there. Called last: until then nobody else may write to the device."""
    found = still_held(page)
    for one in found:
        try:
            os.kill(one.pid, signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            continue
    return found
