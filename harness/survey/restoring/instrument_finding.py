"""The instrument of a journal: found where it was, and known by what it says that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import UsageError

from .reached import ReachedDevice

if TYPE_CHECKING:
    from harness.state.journal import JournalPage

CHANNELS = frozenset({"scpi", "amarisoft", "http"})


def find_instrument(page: JournalPage, deadline_s: float) -> ReachedDevice | None:
    """The call box, radio or attenuator of a journal, open behind a gate. Raises LinkError where it cannot be asked.

    None where the journal is of something else, or another instrument answers there now.
    """
    if not page.reached or not any(one.channel in CHANNELS for one in page.changes):
        return None
    from harness.cells.specs import open_spec, parse_spec

    try:
        source = open_spec(parse_spec(page.reached))
    except UsageError:
        return None
    changer = getattr(source, "changer", None)
    if changer is None or changer.key != page.device:
        source.close()
        return None
    return ReachedDevice({changer.kind: changer.gated("restore")}, changer.items, changer.firmware, source.close)
