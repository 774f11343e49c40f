"""Whether data came over a new network, by Android's own word: VALIDATED, of a cellular network that was not there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.adb.validated import PROBES, cellular_networks, numbers_in, probes_are_on

from .look import CONNECTIVITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.recording.exchange import Exchange


def validated_anew(before: Sequence[Exchange | None], after: Iterable[Exchange | None], sub: int | None) -> bool:
    """Whether a network of that subscription is told to be validated that no answer before the attach tells of.

    Without an answer before nothing is new; a network whose subscription is not told counts for nobody.
    """
    told = [one for one in before if one is not None and one.error is None and one.request == CONNECTIVITY]
    if not told or sub is None:
        return False
    known = frozenset().union(*(numbers_in(one.text) for one in told))
    return any(
        network.validated and network.sub == sub and network.number not in known
        for one in after
        if one is not None and one.error is None and one.request == CONNECTIVITY
        for network in cellular_networks(one.text)
    )


def data_proof(before: Sequence[Exchange], after: Sequence[Exchange], sub: int | None) -> bool:
    """Whether a trial that waited for data saw it validated; where Android does not probe, or an answer is lost, it did not."""
    probes = [probes_are_on(one.text) for one in after if one.request == PROBES and one.error is None]
    return set(probes) == {True} and validated_anew(before, after, sub)
