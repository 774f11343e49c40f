"""The device's own scan, once before the first lock: asked under a deadline, and read back for each band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import marks
from .conversation import SLICE_S
from .link import UNASKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.probes.at.locking import Locking
    from harness.probes.at.scanning import OwnScan
    from harness.recording.exchange import Exchange

    from .conversation import Conversation
    from .link import SweepLink
    from .one_trial import SweepPart


def scan(link: SweepLink, talk: Conversation, locking: Locking, rats: Iterable[str]) -> None:
    """Ask what of these technologies can be heard. Raises LinkError where the modem is gone; what is late tells nothing."""
    wanted = set(rats)
    scans = [one for one in locking.scans if wanted & set(one.rats)]
    if not scans:
        return
    link.mark(marks.SCAN)
    link.scans = frozenset(one.request for one in scans)
    for one in scans:
        until = link.clock.monotonic() + one.within_s
        answer = talk.ask(one.request, one.within_s)
        if one.later and answer is not None and one.later not in answer.text and "OK" in answer.text:
            _await(link, one, until)


def _await(link: SweepLink, one: OwnScan, until: float) -> None:
    """Hear until its line came."""
    while (now := link.clock.monotonic()) < until:
        if one.later in link.listen(deadline_s=min(until, now + SLICE_S)):
            return


def heard(parts: Sequence[SweepPart], before: SweepPart, locking: Locking, rat: str, band: int) -> bool | None:
    """Whether the last scan before a trial lists a cell of a band; None where there was none, or it does not tell."""
    earlier = [part for part in parts[: parts.index(before)] if part.mark.word == marks.SCAN]
    if not earlier:
        return None
    told = [one.heard(_answers(one, earlier[-1].exchanges), rat, band) for one in locking.scans]
    return True if True in told else False if False in told else None


def _answers(one: OwnScan, exchanges: Sequence[Exchange]) -> list[Exchange]:
    asked = [answer for answer in exchanges if answer.request == one.request]
    later = [answer for answer in exchanges if one.later and answer.request == UNASKED]
    return [*asked, *later]
