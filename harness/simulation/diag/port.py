"""A DIAG server on a pty: it answers what a program asks to set the port up, and logs RRC messages at an attach."""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.simulation.diag import frames, sdm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.simulation.diag.frames import DiagMessage

DiagFault = Literal["", "never", "silent", "cut", "unknown", "vanish", "denied", "other-serial"]
DIAG_FAULTS: dict[str, str] = {
    "never": "the network never asks for a capability: other signalling only",
    "silent": "the port is there and the modem says nothing at all",
    "cut": "the capability comes cut short, its check sum wrong",
    "unknown": "records come in a version that nobody knows",
    "vanish": "the port goes away at the attach",
    "denied": "the user may not open the port",
    "other-serial": "the USB device calls itself by another serial than adb does",
}

_VERSION, _LOG_CONFIG, _BUILD, _MESSAGES = 0x00, 0x73, 0x7C, 0x7D
_LOST = 12
_LOGS = (0x10, 0x98)
_OTHER: DiagMessage = ("lte_ul", b"\x20\x41\x00\x00")
"""Signalling that is no capability."""
_SET_MASK = 3
_LTE = 11
"""Whose logs a mask is for: LTE's and NR's."""
BUILD = "MPSS.XX.0.0-00001-SIMULATED_GEN-1"


@dataclass(frozen=True, slots=True)
class DiagOptions:
    """What a simulated diagnostic port does.

    `messages` of each SIM are logged at each attach. `attach_after_s`: a hand switches airplane mode off so long after
    a program has set the port up; None: only a command does. `baseband`: whose protocol is spoken, Qualcomm's (`qc`) or
    Samsung's (`sec`).
    """

    messages: tuple[tuple[DiagMessage, ...], ...]
    fault: DiagFault = ""
    attach_after_s: float | None = None
    baseband: Literal["qc", "sec"] = "qc"


class DiagPortServer:
    """One port on the event loop that `start` runs on. `vanished` is called where it goes away."""

    def __init__(self, options: DiagOptions) -> None:
        self.options = options
        self.tty = ""
        self.attaches = 0
        self.set_up = False
        """Whether a program has asked for logs."""
        self._master = self._slave = -1
        self._rest = b""
        self._set_ups = 0
        self._due: asyncio.TimerHandle | None = None
        self._outgoing = b""
        self.on_vanish: Callable[[], None] = _nothing

    def start(self) -> None:
        """Open the pty; its name is in `tty`."""
        import pty
        import tty

        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.tty = os.ttyname(self._slave)
        if self.options.fault == "denied":
            os.chmod(self.tty, 0)  # noqa: PTH101  a device
        asyncio.get_running_loop().add_reader(self._master, self._arrived)

    def stop(self) -> None:
        """Close the pty: who reads it hears that the port is gone."""
        if self._master < 0:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._master)
        loop.remove_writer(self._master)
        if self._due is not None:
            self._due.cancel()
        os.close(self._master)
        os.close(self._slave)
        self._master = -1

    def attach(self) -> None:
        """The handset attaches to a network that asks for its capability."""
        self.attaches += 1
        self._due = None
        if self.options.fault == "vanish":
            self.on_vanish()
            self.stop()
            return
        if not self.set_up or self.options.fault == "silent":
            return
        for radio, messages in enumerate(self.options.messages):
            if self.options.baseband == "sec":
                self._write(b"".join(self._of_samsung(messages, radio)))
                continue
            for one in self._logged(messages):
                self._send(frames.of_radio(one, radio))

    def _logged(self, messages: Sequence[DiagMessage]) -> list[bytes]:
        if self.options.fault == "never":
            return [frames.rrc_log(_OTHER)]
        if self.options.fault == "unknown":
            return [frames.rrc_log(one, known=False) for one in messages]
        return [frames.rrc_log(one) for one in messages]

    def _of_samsung(self, messages: Sequence[DiagMessage], radio: int) -> list[bytes]:
        fault = self.options.fault
        told = [_OTHER] if fault == "never" else messages
        whole = [sdm.rrc_frame(one, radio=radio, known=fault != "unknown") for one in told]
        return [one[:-_LOST] for one in whole] if fault == "cut" else whole

    def _arrived(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except (BlockingIOError, OSError):
            return
        if self.options.baseband == "sec":
            commands, self._rest = sdm.commands_in(self._rest + data)
            if sdm.LAST_OF_SET_UP in commands:
                self._set_ups += 1
            # It is sent once to end what was, and once to begin.
            if self._set_ups > 1:
                self._ready()
            return
        *asked, self._rest = (self._rest + data).split(frames.END)
        for one in asked:
            if body := frames.body_of(one):
                self._answer(body)

    def _answer(self, body: bytes) -> None:
        if self.options.fault == "silent":
            return
        operation = struct.unpack_from("<L", body, 4)[0] if body[0] == _LOG_CONFIG and len(body) >= 8 else None
        if body[0] == _VERSION:
            self._send(bytes([_VERSION]) + b"Jan 01 202412:00:00Jan 01 202412:00:00SIMULATE" + bytes(8))
        elif body[0] == _BUILD:
            self._send(struct.pack("<B11x", _BUILD) + BUILD.encode() + b"\0\0")
        elif operation == 1:
            self._send(
                struct.pack(
                    "<LLL16L", _LOG_CONFIG, 1, 0, *(0x1000 if one in {1, 4, 5, 7, 11} else 0 for one in range(16))
                )
            )
        elif body[:2] == bytes([_MESSAGES, 1]):
            self._send(struct.pack("<BBHHHHH", _MESSAGES, 1, 0, 1, 0, 0, 0x65))
        elif operation == _SET_MASK and struct.unpack_from("<L", body, 8)[0] == _LTE and any(body[16:]):
            self._ready()

    def _ready(self) -> None:
        """A program has asked for logs: it listens from now on."""
        self.set_up = True
        if self.options.attach_after_s is not None and self._due is None:
            self._due = asyncio.get_running_loop().call_later(self.options.attach_after_s, self.attach)

    def _send(self, body: bytes) -> None:
        whole = frames.frame(body)
        if self.options.fault == "cut" and body[0] in _LOGS:
            whole = whole[:-_LOST] + frames.END
        self._write(whole)

    def _write(self, data: bytes) -> None:
        self._outgoing += data
        self._push()

    def _push(self) -> None:
        """A pty takes some kB at a time; the rest waits for the reader."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(BlockingIOError):
            while self._outgoing:
                self._outgoing = self._outgoing[os.write(self._master, self._outgoing) :]
        if self._outgoing:
            loop.add_writer(self._master, self._push)
        else:
            loop.remove_writer(self._master)


def _nothing() -> None:
    """Nobody wants to know."""
