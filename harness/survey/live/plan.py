"""What a run is allowed to do for a live capability, and how users ask for one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.errors import UsageError

_OPTION = re.compile(r"(?:(?P<device>.+?):)??uecap=live(?:,wait=(?P<wait>[^,]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LivePlan:
    """`act`: airplane mode may be switched; `spent`: it was, once. `scat`: the program. `wait_s`: 0 is the usual wait."""

    act: bool = False
    scat: str = ""
    wait_s: float = 0.0
    spent: bool = False


_WALK = re.compile(r"(?:(?P<device>.+?):)??bands=live", re.DOTALL)


def walk_option(text: str) -> str | None:
    """`[DEVICE:]bands=live` -> device, or empty; None for another option."""
    found = _WALK.fullmatch(text)
    return (found["device"] or "") if found else None


def live_option(text: str) -> tuple[str, float] | None:
    """`[DEVICE:]uecap=live[,wait=SECONDS]` -> device (or empty) and wait; None for another option. Raises UsageError."""
    found = _OPTION.fullmatch(text)
    if not found:
        return None
    wait = found["wait"]
    if wait is not None and not re.fullmatch(r"[1-9]\d{0,2}", wait):
        raise UsageError(f"--evidence {text!r}: wait={wait} is no number of seconds from 1 to 999")
    return found["device"] or "", float(wait or 0)
