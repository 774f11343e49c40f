"""Which devices can be captured live, and how much longer they may take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.links.addresses import parse_address

if TYPE_CHECKING:
    from harness.survey.live.plan import LivePlan
    from harness.survey.targets import Target

EXTRA_S = 240.0
"""How much longer a device may take that is captured live: setting up, a person's hand, the network's enquiry."""


def with_live(target: Target, plan: LivePlan) -> Target:
    """The target with a live capture. Raises UsageError where it is no live handset, InputError without pycrate."""
    if not any(parse_address(one).kind == "adb" for one in target.addresses):
        raise UsageError(
            f"{target.device}: a live UE capability is read from a handset on USB",
            way_out="name its adb serial: --device=SERIAL",
        )
    from harness.links.diag.scat_child import scat_program

    scat_program(plan.scat)
    return replace(target, live=plan, deadline_s=target.deadline_s + EXTRA_S)


def with_walk(target: Target, is_asked: bool, plan: LivePlan | None) -> Target:
    """The target with a look at its band screen, where that was asked. Raises UsageError where it may not be."""
    if not is_asked:
        return target
    if plan is None or not plan.act:
        raise UsageError(
            f"{target.device}: bands=live opens an app on the handset and taps in it", way_out="allow that: --act"
        )
    if not any(parse_address(one).kind == "adb" for one in target.addresses):
        raise UsageError(
            f"{target.device}: a band screen is that of a handset", way_out="name its adb serial: --device=SERIAL"
        )
    return replace(target, walk=True)
