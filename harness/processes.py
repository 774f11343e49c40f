"""Is a process that was noted still the same one? Ids of processes are used again."""

from __future__ import annotations

import os


def born(pid: int) -> str:
    """When a process was started, in a form that only compares; empty where there is none, or one that has ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return _elsewhere(pid)
    return "" if fields[0] in {"Z", "X"} else fields[19]


def _elsewhere(pid: int) -> str:
    """Where the system does not tell: whether there is such a process at all."""
    if os.path.isdir("/proc/self"):  # noqa: PTH112
        return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except OSError:
        return "there"
    return "there"
