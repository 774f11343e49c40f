"""Settings of a modem that are changed for a while, and put back."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.errors import DeviceGone, LinkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.links.base import AtLink

RESTORE_S = 5.0


@contextmanager
def volatile(
    link: AtLink, command: str, *, deadline_s: float, read: str | None = None, restore: str | None = None
) -> Iterator[bool]:
    """Set a setting that is lost at power-off (CMEE, COPS format, CREG, echo), and put it back, also after an error.

    `command` sets; `read` asks what it was (by default the command's read form), `restore` says how to put it back
    where nothing can be read (ATE0: restore "ATE1"). Yields whether the setting is in force: False where the modem does
    not tell what it was before, and then nothing was sent.
    """
    if restore is None:
        restore = _restoring(link, command, read or f"{command.partition('=')[0]}?", deadline_s)
    if restore is None or restore == command:
        yield restore == command
        return
    try:
        answer = link.ask(command, deadline_s=deadline_s)
        yield answer is not None and answer.error is None and answer.text.strip().endswith("OK")
    finally:
        try:
            link.ask(restore, deadline_s=max(deadline_s, time.monotonic() + RESTORE_S))
        except DeviceGone:
            pass  # A modem that is gone has forgotten the setting.
        except LinkError:
            # Once more: the first may have met the end of what went wrong before.
            link.ask(restore, deadline_s=time.monotonic() + RESTORE_S)


def _restoring(link: AtLink, command: str, read: str, deadline_s: float) -> str | None:
    """The command that puts back what `read` tells now; None where that cannot be known."""
    import re

    name, _, wanted = command.partition("=")
    answer = link.ask(read, deadline_s=deadline_s)
    if answer is None or answer.error is not None:
        return None
    found = re.search(rf"{re.escape(name[2:])}\s?:\s*(\d+)(?:,(\d+))?", answer.text, re.IGNORECASE)
    if found is None:
        return None
    if name.upper() == "AT+COPS":
        # +COPS: <mode>,<format>,...: only the format is volatile, set by mode 3.
        return f"{name}=3,{found[2]}" if found[2] and wanted.startswith("3,") else None
    return f"{name}={found[1]}"
