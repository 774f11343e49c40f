"""A handset held to one technology until `bandproof restore`: the network types that its user allows, narrowed.

Without root nothing sets a handset's bands. The types are read raw and put back to the bit; what is left is never more than
was allowed. A command that was refused ends with exit code 0 as well, so the value decides, which is read again.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from harness.errors import BandproofError
from harness.probes.adb.state import NETWORK_TYPES, narrowed
from harness.state.change import change_item
from harness.state.gate import Gate, GatedChannel, ShellChannel, unique_items
from harness.state.journal import Journal, device_key
from harness.state.restore import put_back
from harness.survey.restoring.putting_back import firmware_of

if TYPE_CHECKING:
    from harness.links.base import ShellLink

STEP_S = 30.0
RATS = ("lte", "nr")
_OPENED_BY = "bandproof lock"


def hold_to(link: ShellLink, serial: str, rat: str, slot: int, *, words: str) -> None:
    """Leave one technology of what a slot's user allows. Raises StateError where nothing, or not all, could be done."""
    item = NETWORK_TYPES[slot]
    shut = GatedChannel(ShellChannel(link), Gate((item,), ""))
    table = shut.ask(item.read, deadline_s=_soon())
    value = narrowed(table.text if table is not None and table.error is None else "", slot, rat)
    before = item.value_in(table) or ""
    within = partial(_is_part_of, before)
    channel = GatedChannel(ShellChannel(link), Gate((item,), _OPENED_BY, within={item.name: within}))
    journal = Journal(
        device_key("adb", serial),
        words=words,
        firmware=firmware_of(link, deadline_s=_soon()),
        opened_by=_OPENED_BY,
        reached=serial,
        kept=True,
    )
    try:
        change_item(channel, item, value, journal, deadline_s=_soon())
    except BandproofError:
        put_back(journal, {"adb": channel}, unique_items((item,)), firmware=journal.page.firmware, deadline_s=_soon())
        raise
    finally:
        journal.close()


def _is_part_of(before: str, value: str) -> bool:
    """Whether a value allows nothing that was not allowed."""
    return not int(value, 2) & ~int(before, 2)


def _soon() -> float:
    return time.monotonic() + STEP_S
