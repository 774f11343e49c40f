"""What a run is allowed to do for a live capability, and how users ask for one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.links.addresses import parse_address

if TYPE_CHECKING:
    from harness.survey.targets import Target

EXTRA_S = 240.0
"""How much longer a device may take that is captured live: setting up, a person's hand, the network's enquiry."""
_OPTION = re.compile(r"(?:(?P<device>.+?):)??uecap=live(?:,wait=(?P<wait>[^,]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LivePlan:
    """`act`: airplane mode may be switched; `spent`: it was, once. `scat`: the program. `wait_s`: 0 is the usual wait."""

    act: bool = False
    scat: str = ""
    wait_s: float = 0.0
    spent: bool = False


def live_option(text: str) -> tuple[str, float] | None:
    """`[DEVICE:]uecap=live[,wait=SECONDS]` -> device (or empty) and wait; None for another option. Raises UsageError."""
    found = _OPTION.fullmatch(text)
    if not found:
        return None
    wait = found["wait"]
    if wait is not None and not re.fullmatch(r"[1-9]\d{0,2}", wait):
        raise UsageError(f"--evidence {text!r}: wait={wait} is no number of seconds from 1 to 999")
    return found["device"] or "", float(wait or 0)


def with_live(target: Target, plan: LivePlan) -> Target:
    """The target with a live capture. Raises UsageError where it is no live handset, InputError without pycrate."""
    if not any(parse_address(one).kind == "adb" for one in target.addresses):
        raise UsageError(
            f"{target.device}: a live UE capability is read from a handset on USB",
            way_out="name its adb serial: --device=SERIAL",
        )
    from harness.links.scat_child import scat_program

    scat_program(plan.scat)
    return replace(target, live=plan, deadline_s=target.deadline_s + EXTRA_S)
