"""Where journals lie. A module of its own: every run looks here first, and mostly finds nothing."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "BANDPROOF_JOURNAL"
SUFFIX = ".journal.json"


def journal_folder() -> Path:
    """Where journals lie: BANDPROOF_JOURNAL, else the user's state folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "bandproof" / "journal"


def has_journals() -> bool:
    """Whether any journal is there: of a run under way, or one that was left."""
    try:
        return any(name.endswith(SUFFIX) for name in os.listdir(journal_folder()))  # noqa: PTH208  one call
    except OSError:
        return False
