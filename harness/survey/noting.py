"""An AT link that the survey listens in on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import (
    AnswerGarbled,
    AnswerTimeout,
    CommandRefused,
    LinkError,
)
from harness.links.recorded import cut_of

from .other_links import numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.at_commands import FamilyRecords
    from harness.links.base import AtLink
    from harness.recording.exchange import Exchange


class NotingAt:
    """An AT link that also keeps every exchange in memory, for the survey.

    An error is answered as its recording answers it: by the exchange that it cut short, and nothing behind the end of
    the link. So a run reads what the replay of its evidence reads.
    """

    def __init__(self, link: AtLink, kept: list[tuple[str, Exchange]], asking: Callable[[str], None] | None) -> None:
        self._link = link
        self._kept = kept
        self._asking = asking
        self._ended = False

    @property
    def address(self) -> str:
        """The address of the link inside."""
        return self._link.address

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """See `AtLink.ask`; an error is the exchange that it cut short."""
        if self._asking is not None:
            self._asking(command)
        if self._ended:
            return None
        try:
            exchange = self._link.ask(command, deadline_s=deadline_s)
        except CommandRefused:
            raise
        except LinkError as error:
            exchange = cut_of(self._link, command, error)
            self._ended = not isinstance(error, AnswerTimeout | AnswerGarbled)
        return None if exchange is None else numbered(self._kept, "at", exchange)

    def allow_reads(self, forms: Sequence[str]) -> None:
        """See `AtLink.allow_reads`."""
        self._link.allow_reads(forms)

    def learn_records(self, records: FamilyRecords) -> None:
        """See `AtLink.learn_records`."""
        self._link.learn_records(records)

    def close(self) -> None:
        """Close the link inside."""
        self._link.close()
