"""Which of many serial ports are AT ports of modems: all asked at once, by `ATI` and `AT+CGMM` at most.

Nothing is opened that is not known to be a modem's AT port: opening alone resets an Arduino, and a GPS receiver, a
diagnostic port or a stranger's adapter must not be written to. A port that another program holds is left to it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.errors import AnswerGarbled, AnswerTimeout, BandproofError, LinkError, NoPermission, PortBusy

from .at.port import AtPort
from .port_lock import holders_of, name_of, processes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.recording.exchange import Exchange

    from .usb.serial_ports import SerialPort

State = Literal["answers", "silent", "talks", "held", "refused", "gone", "left"]
"""`talks`: it sends by itself and answers nothing (a GPS); `refused`: no permission; `left`: not asked."""

QUESTIONS = ("ATI", "AT+CGMM")
CLOSING_S = 0.5
"""Of the time allowed, what is kept for letting go of the ports."""

_NMEA = re.compile(rb"\$(?:G[A-Z]|P[A-Z])[A-Z]{2,4},")


@dataclass(frozen=True, slots=True)
class PortFinding:
    """What came of one port. `note` and `way_out` are words for people; `exchanges` what it answered."""

    port: SerialPort
    state: State
    note: str = ""
    way_out: str = ""
    exchanges: tuple[Exchange, ...] = ()


def ask_ports(
    ports: Sequence[SerialPort],
    *,
    deadline_s: float,
    force: bool = False,
    enough: Callable[[Sequence[Exchange]], bool] | None = None,
) -> list[PortFinding]:
    """Ask all modems' AT ports at the same time; one finding a port, in the order of `ports`.

    `deadline_s` is absolute and total: what has not answered by then is silent. `force` also asks ports that are not
    known to be a modem's, but for consoles and boot loaders. `enough` says after which answers no more is asked.
    Raises nothing of the link: each port's trouble is its finding.
    """
    asked = [port for port in ports if port.takes_at or (force and port.may_be_forced)]
    held = holders_of(port.device for port in asked)
    found: dict[str, PortFinding] = {}
    come: queue.SimpleQueue[PortFinding] = queue.SimpleQueue()
    waiting = set()
    for port in asked:
        if names := held.get(port.device):
            found[port.device] = _held(port, names)
            continue
        waiting.add(port.device)
        # A daemon: a driver may block in open or close, and that must hold up neither us nor the end of the program.
        threading.Thread(
            target=lambda port=port: come.put(_ask(port, deadline_s - CLOSING_S, enough)), daemon=True
        ).start()
    while waiting and (left := deadline_s - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            finding = come.get(timeout=left)
            found[finding.port.device] = finding
            waiting.discard(finding.port.device)
    return [found.get(port.device) or _without(port, asked=port.device in waiting) for port in ports]


def _without(port: SerialPort, *, asked: bool) -> PortFinding:
    if asked:
        return PortFinding(port, "silent", "its driver does not answer", "replug the modem")
    return PortFinding(port, "left", port.why_left)


def _held(port: SerialPort, names: tuple[str, ...]) -> PortFinding:
    from .port_lock import busy

    error = busy(port.device, holder=", ".join(names))
    return PortFinding(port, "held", f"held by {', '.join(names)}", error.way_out)


class _Port(AtPort):
    """An AT port that looks for no one else who has it open: that was done for all ports at once."""

    def _who_else(self, otherwise: str) -> str:
        return otherwise


def _ask(port: SerialPort, deadline_s: float, enough: Callable[[Sequence[Exchange]], bool] | None) -> PortFinding:
    """Open one port, ask, let go. Whatever goes wrong is the finding."""
    exchanges: list[Exchange] = []
    try:
        _converse(port, deadline_s, exchanges, enough)
    except BandproofError as error:
        if not exchanges:
            return _trouble(port, error)
    except Exception as error:  # noqa: BLE001  drivers and pyserial raise what they like; no port may stop the others
        if not exchanges:
            return PortFinding(port, "gone", f"cannot be used: {' '.join(str(error).split())}")
    return PortFinding(port, "answers", exchanges=tuple(exchanges))


def _converse(
    port: SerialPort,
    deadline_s: float,
    exchanges: list[Exchange],
    enough: Callable[[Sequence[Exchange]], bool] | None,
) -> None:
    from .at.opening import open_serial

    if time.monotonic() >= deadline_s:
        raise AnswerTimeout(f"no time left to open {port.device}")
    opened, lock = open_serial(port.device, baudrate=115200)
    link = _Port(opened, port.device, lock=lock)
    try:
        for question in QUESTIONS:
            exchanges.append(link.ask(question, deadline_s=deadline_s))
            if enough is not None and enough(exchanges):
                break
    finally:
        # Closing waits (30 s, usb-serial) for bytes that the modem does not take: drop them.
        with contextlib.suppress(Exception):
            opened.reset_output_buffer()
        link.close()


def _trouble(port: SerialPort, error: BandproofError) -> PortFinding:
    if isinstance(error, PortBusy):
        note = error.message.removeprefix(f"{port.device} is ")
        if "ModemManager" not in note and _runs("ModemManager"):
            note += ", perhaps ModemManager, which runs here"
            return PortFinding(
                port, "held", note, "`mmcli -m any --inhibit` or `systemctl stop ModemManager` ends its use"
            )
        return PortFinding(port, "held", note, error.way_out)
    if isinstance(error, NoPermission):
        return PortFinding(port, "refused", "no permission", _permission(port.device) or error.way_out)
    if isinstance(error, (AnswerTimeout, AnswerGarbled)):
        raw = error.raw if isinstance(error, LinkError) else b""
        if _NMEA.search(raw):
            return PortFinding(port, "talks", "sends GPS positions (NMEA) and takes no AT command")
        if raw.replace(b"ATI", b"").strip():
            return PortFinding(port, "talks", f"sent {len(raw)} bytes, but no answer to ATI")
        return PortFinding(port, "silent", "did not answer ATI")
    return PortFinding(port, "gone", error.message.removeprefix(f"{port.device} "), error.way_out)


def _permission(device: str) -> str:
    """The group that may use a device, and how to join it; empty where that is not known."""
    try:
        import grp

        group = grp.getgrgid(os.stat(device).st_gid).gr_name  # noqa: PTH116  one call, and Path adds nothing
    except (ImportError, OSError, KeyError):
        return ""
    if group == "root":
        return "only root may use it: a udev rule can give it to the group dialout"
    return f"join the group that may use it: `sudo usermod -aG {group} $USER`, then log in again"


def _runs(program: str) -> bool:
    return any(name_of(process) == program for process in processes())
