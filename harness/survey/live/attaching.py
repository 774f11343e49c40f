"""Making a handset attach anew, so that the network asks for its capability: by hand, or by airplane mode.

By airplane mode it is a change of the device: behind the gate, in the journal, put back in any case, once a run.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Literal, Protocol

from harness.errors import CommandRefused
from harness.recording.exchange import now
from harness.state.change import change_item, read_item
from harness.state.gate import unique_items
from harness.state.journal import Journal, device_key
from harness.state.restore import put_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.links.adb.shell import AdbShell
    from harness.state.restore import PutBack

OFF_S = 6.0
"""How long a handset stays off: its detach takes some seconds."""


class ForPerson(str):
    """A word that a person must hear, wherever the run is watched; all else only tells what is going on."""

    __slots__ = ()


BY_HAND = ForPerson("switch airplane mode on, wait 10 s, and off again now, on the handset")
CHANGE_S = 30.0


class Attaching(Protocol):
    """A way to an attach: `attach` sets it off, `close` leaves the device as it was."""

    how: Literal["hand", "airplane_mode"]
    wait_s: float

    def attach(self) -> None:
        """Set it off. Raises LinkError, StateError."""
        ...

    def close(self) -> tuple[PutBack, ...]:
        """What was changed is put back; what became of it."""
        ...


class ByHand:
    """A person does it."""

    how: Literal["hand", "airplane_mode"] = "hand"
    wait_s = 120.0

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def attach(self) -> None:
        """Tell the person."""
        self._tell(BY_HAND)

    def close(self) -> tuple[PutBack, ...]:
        """Nothing was changed by us."""
        return ()


class ByAirplaneMode:
    """Airplane mode on, a while, and back as it was. Raises LinkError, StateError, CommandRefused where it cannot."""

    how: Literal["hand", "airplane_mode"] = "airplane_mode"
    wait_s = 90.0

    def __init__(self, link: AdbShell, words: str, firmware: str, tell: Callable[[str], None]) -> None:
        if not link.handset.usb:
            raise CommandRefused(
                "airplane mode would cut adb off: the handset is not on a cable, as far as adb tells",
                way_out="connect it by USB, or leave --act out and switch it by hand",
            )
        from harness.probes.adb.state import AIRPLANE_MODE
        from harness.survey.restoring.putting_back import gated_handset

        self._item = AIRPLANE_MODE
        self._tell = tell
        self._channel = gated_handset(link, "--act")
        self._firmware = firmware
        self._journal = Journal(
            device_key("adb", link.handset.serial), words=words, firmware=firmware, opened_by="--act"
        )
        self._open = True
        self.done: list[str] = []
        """What was changed and when, in words, for the evidence."""

    def attach(self) -> None:
        """Off the network and on again; where airplane mode was on before, on the network until `close`."""
        deadline_s = time.monotonic() + CHANGE_S
        before = read_item(self._channel, self._item, deadline_s=deadline_s)
        if before == "off":
            self._set("on", deadline_s)
            threading.Event().wait(OFF_S)
        self._set("off", time.monotonic() + CHANGE_S)

    def _set(self, value: str, deadline_s: float) -> None:
        self._tell(f"airplane mode {value}")
        change_item(self._channel, self._item, value, self._journal, deadline_s=deadline_s)
        self.done.append(f"{now()} airplane mode {value}")

    def close(self) -> tuple[PutBack, ...]:
        """Put it back by the journal, and let go of it."""
        if not self._open:
            return ()
        self._open = False
        try:
            return put_back(
                self._journal,
                {"adb": self._channel},
                unique_items((self._item,)),
                firmware=self._firmware,
                deadline_s=time.monotonic() + CHANGE_S,
            )
        finally:
            self._journal.close()


class Spent:
    """Airplane mode was switched in this run already: it is not switched twice."""

    how: Literal["hand", "airplane_mode"] = "airplane_mode"
    wait_s = 0.0

    def attach(self) -> None:
        """Refuse. Raises CommandRefused."""
        raise CommandRefused("airplane mode was switched once in this run already", way_out="run again")

    def close(self) -> tuple[PutBack, ...]:
        """Nothing was changed."""
        return ()
