"""What is known of a live capture besides what it told: which port, bound by what, when, how it ended.

Stands as one line in what is kept, so that a replay binds the capability to the device as the run did.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from harness.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.recording.exchange import Exchange

NAME = "live"
REQUEST = f"uecap {NAME}"
"""The request of the exchange that holds a live capture."""
WORD = "session"
_LONGEST = timedelta(minutes=30)
"""From the first answer of a handset to the end of its capture: no run takes longer."""


class LiveSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One capture at the diagnostic port of a handset. Times are UTC; empty where it did not come to that.

    `serial`: whether the USB device calls itself by the serial that adb names (`none`: it has none). `before` and
    `after` are its USB ids and interfaces. The serial itself is personal and stands nowhere.
    """

    how: Literal["hand", "airplane_mode"]
    end: str
    why: str = ""
    way_out: str = ""
    adb_path: str = ""
    diag_path: str = ""
    interface: str = ""
    serial: Literal["same", "other", "none"] = "none"
    before: str = ""
    after: str = ""
    build: str = ""
    began: str = ""
    ended: str = ""
    doubts: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    """What was changed on the handset and put back, in words."""
    left: str = ""
    """What is not put back, and why."""
    attached: Literal["seen", "out", "never", ""] = ""
    """What the handset told of its service meanwhile (see `service_watch`)."""

    @property
    def came(self) -> bool:
        """Whether a capability came."""
        return self.end == "enough"

    @property
    def bound(self) -> bool:
        """Whether place and serial tie the port to the handset that adb asked."""
        return bool(self.adb_path) and self.adb_path == self.diag_path and self.serial == "same"

    def line(self) -> str:
        """The session as it is kept."""
        return f"{WORD} {msgspec.json.encode(self).decode()}"

    def clash(self, exchanges: Iterable[tuple[str, Exchange]]) -> str:
        """What shows that it is not of this device in this run; empty where nothing does."""
        if self.adb_path and self.diag_path and self.adb_path != self.diag_path:
            return f"the diagnostic port is of the USB device at {self.diag_path}, adb's is at {self.adb_path}"
        if self.serial == "other":
            return "the USB device of the diagnostic port calls itself by another serial than adb does"
        return self._out_of_window([one.at for link, one in exchanges if link == "adb" and one.at])

    def _out_of_window(self, asked: list[str]) -> str:
        """The capture lies behind the first answer over adb, and soon."""
        try:
            first = min(map(datetime.fromisoformat, asked), default=None)
            began, ended = datetime.fromisoformat(self.began), datetime.fromisoformat(self.ended)
            inside = first is None or (first <= began <= ended <= first + _LONGEST)
        except (ValueError, TypeError):
            return "it does not tell when it was taken"
        return "" if inside else f"it was taken at {self.began}, outside the run that read the handset"

    @property
    def remark(self) -> str:
        """What the report says of it."""
        if not self.came:
            return f"no UE capability came over the diagnostic port: {self.why}; {self.way_out}"
        tie = (
            "bound to the handset by its place on USB and its serial"
            if self.bound
            else "of the handset by the user's word"
        )
        usb = f"USB {self.before}" + ("" if self.before == self.after else f" before, {self.after or 'nothing'} after")
        build = f", modem build {self.build}" if self.build else ""
        return f"UE capability from {self.interface}, {self.began} to {self.ended}, {tie}; {usb}{build}"


def session_of(exchange: Exchange) -> LiveSession | None:
    """The session that an exchange holds; None where it is of a file. Raises RecordingError for a broken one."""
    if exchange.request != REQUEST:
        return None
    for line in exchange.text.splitlines():
        if line.startswith(f"{WORD} "):
            try:
                return msgspec.json.decode(line.removeprefix(f"{WORD} "), type=LiveSession)
            except msgspec.DecodeError as error:
                raise RecordingError(f"the session of a live capture cannot be read: {error}") from None
    raise RecordingError("a live capture without its session")
