"""A modem that takes its lists at a restart alone: restarted, waited for, found again at whatever port."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, AnswerTimeout, CommandRefused, LinkError
from harness.state.change import read_item

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.probes.at.locking import Locking
    from harness.state.gate import GatedChannel

    from .link import SweepLink

_SLICE_S = 1.0
_ASK_S = 30.0
_GONE_S = 10.0
"""How long after its answer a modem that restarts may still hold its port."""


def restart(
    link: SweepLink,
    channel: GatedChannel,
    locking: Locking,
    request: str,
    reopen: Callable[[], None] | None,
) -> None:
    """Restart a modem, and wait until it answers again. Raises LinkError where it stays away."""
    clock = link.clock
    try:
        link.ask(request, deadline_s=clock.monotonic() + _ASK_S)
        _until_gone(link)
    except CommandRefused:
        raise
    except LinkError:
        # Its port goes with it, or its last answer does.
        link.lost = True
    if reopen is not None:
        reopen()
        link.lost = False
    until = clock.monotonic() + locking.no_longer_than_s
    while not _answers(channel, locking, link) and clock.monotonic() < until:
        clock.wait(_SLICE_S)


def _until_gone(link: SweepLink) -> None:
    until = link.clock.monotonic() + _GONE_S
    while (now := link.clock.monotonic()) < until:
        link.listen(deadline_s=min(until, now + _SLICE_S))


def _answers(channel: GatedChannel, locking: Locking, link: SweepLink) -> bool:
    """Whether it tells how its radio is: what is late or garbled while it starts is no answer."""
    with suppress(AnswerTimeout, AnswerGarbled):
        deadline_s = link.clock.monotonic() + _ASK_S
        return read_item(channel, locking.radio, deadline_s=deadline_s, clock=link.clock) is not None
    return False
