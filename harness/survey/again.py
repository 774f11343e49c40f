"""A device that goes away while it is read is read once more when it returns."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.errors import BandproofError
from harness.links.addresses import parse_address
from harness.links.returning import wait_until_back, whereabouts

from .reading import read_device

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from harness.links.addresses import Address

    from .survey import Survey
    from .targets import Target

ATTEMPT = ".attempt-1"
"""Ends the name of the folder that holds what came before the device went away."""
RETURN_S = 30.0
"""How long a device that went away may take to return; a modem's restart takes 10 to 25 s."""


def read_and_retry(
    target: Target,
    *,
    evidence: Path | None,
    deadline_s: float,
    addresses: Sequence[Address] | None = None,
    asking: Callable[[str], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Survey:
    """Read a device; where it goes away in the middle, wait for it and read it from the beginning, once.

    What the first attempt wrote stays beside the evidence as `<device>.attempt-1`; the survey is that of the second
    attempt, with a warning that tells of the first. A device that is absent from the start is not waited for, nor one
    that does not return within RETURN_S or the deadline. Another device in its place gives trouble, never facts.
    `addresses` are the target's, where they have been parsed.
    """
    start = time.monotonic()
    addresses = [parse_address(one) for one in target.addresses] if addresses is None else addresses
    known = [whereabouts(one) for one in addresses]
    first = read_device(target, evidence=evidence, deadline_s=deadline_s, addresses=addresses, asking=asking)
    if not first.lost or stopped():
        return first
    if asking is not None:
        with suppress(BandproofError):
            asking(f"waits for its return: {first.trouble}")
    until = min(deadline_s, time.monotonic() + RETURN_S)
    back = [wait_until_back(one, deadline_s=until, stopped=stopped) for one in known]
    if any(one is None for one in back) or stopped():
        return first
    if evidence is not None and evidence.exists():
        evidence.rename(evidence.with_name(evidence.name + ATTEMPT))
    live = replace(target.live, spent=True) if target.live else None
    moved = replace(target, addresses=tuple(one.value for one in back if one is not None), live=live)
    second = read_device(moved, evidence=evidence, deadline_s=deadline_s, asking=asking)
    second = replace(second, address=target.address, elapsed_s=time.monotonic() - start)
    if other := _another(first, second):
        return replace(second, observations=(), trouble=f"another device came back: {other}")
    told = f"the device went away while it was read ({first.trouble}), returned and was read again"
    return replace(second, warnings=(told, *second.warnings), happened=(told, *second.happened))


def _another(first: Survey, second: Survey) -> str | None:
    """What shows that the device which returned is not the one that went away; None where nothing does."""
    before, after = first.identity, second.identity
    for name in ("model", "codename", "build", "baseband", "tac_imei"):
        left, right = getattr(before, name), getattr(after, name)
        if left and right and left != right:
            return f"{name} was {left}, is {right}"
    return None
