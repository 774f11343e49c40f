"""Whether a handset leaves its network and comes back: what tells "it did not attach" from "the network did not ask".

Asked over adb while the diagnostic port is listened to, every two seconds at most; what cannot be asked tells nothing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

from harness.errors import BandproofError
from harness.observations import Registration
from harness.probes.adb.plan import REGISTRY

if TYPE_CHECKING:
    from harness.links.base import ShellLink

EVERY_S = 2.0
ANSWER_S = 5.0

Attached = Literal["seen", "out", "never", ""]
"""It came back into service; it was out of service to the end; it was in service all the time; not known."""

WORDS: dict[Attached, tuple[str, str]] = {
    "seen": ("the handset attached meanwhile", ""),
    "out": (
        "the handset had no service to the end, so nothing was asked of it",
        "give it service first: a SIM in, a network that it may use; then run again",
    ),
    "never": (
        "the handset was in service all the time, so it did not attach anew and nothing was asked of it",
        "switch airplane mode on, wait 10 s, and off again, while the port is listened to",
    ),
    "": ("", ""),
}
"""What it means for a capability that did not come, and the way out where that differs."""


class ServiceWatch:
    """Looks at a handset's registry in between."""

    def __init__(self, link: ShellLink) -> None:
        self._link = link
        self._next_s = 0.0
        self._looks: list[bool] = []

    def note_out(self) -> None:
        """It is known to have been off the network."""
        self._looks.append(False)

    def look(self) -> None:
        """Look, where it is time to. A look that fails is none."""
        if time.monotonic() < self._next_s:
            return
        found = in_service(self._link)
        self._next_s = time.monotonic() + EVERY_S
        if found is not None:
            self._looks.append(found)

    @property
    def attached(self) -> Attached:
        """What was seen of an attach until now."""
        if False not in self._looks:
            return "never" if len(self._looks) > 1 else ""
        later = self._looks[self._looks.index(False) + 1 :]
        if True in later:
            return "seen"
        return "out" if later else ""


def in_service(link: ShellLink) -> bool | None:
    """Whether some slot of the handset is registered for data; None where that cannot be told now."""
    from harness.probes.adb import read

    try:
        (answer,) = link.run([REGISTRY], deadline_s=time.monotonic() + ANSWER_S)
        if answer is None or answer.error is not None:
            return None
        told = [one for one in read(answer.text, REGISTRY).observations if isinstance(one, Registration)]
    except BandproofError:
        return None
    states = {one.state for one in told if one.domain != "cs"} - {"unknown"}
    return bool(states & {"home", "roaming"}) if states else None
