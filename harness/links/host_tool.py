"""QMI and MBIM modems on the host through qmicli, mbimcli and mmcli: one process a request, each with a deadline.

The tools share the port with ModemManager through qmi-proxy and mbim-proxy (`-p`). A request is a command line without
the port (`qmicli --nas-get-rf-band-info`): so a recording replays on any host. Only listed queries are sent.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Literal, Protocol

from harness.errors import (
    AnswerTimeout,
    CommandRefused,
    DeviceAbsent,
    LinkError,
    NoPermission,
    PortBusy,
    UsageError,
)
from harness.recording.exchange import Exchange, now

from .replay import Replay

if TYPE_CHECKING:
    from harness.recording.exchange import Recording

Mode = Literal["qmi", "mbim"]

COMMAND_S = 20.0
"""How long one tool may take; libqmi itself gives up a request after 10 s."""
_LET_GO_S = 1.0
"""After SIGTERM: qmicli gives its client id back to the modem before it ends; to a silent one it would try for 10 s."""
_running: set[subprocess.Popen[bytes]] = set()
"""Tools under way, in whatever thread: a program that ends does not wait for its threads, and ends these."""

PACKAGES = {"qmicli": "libqmi-utils", "mbimcli": "libmbim-utils", "mmcli": "modemmanager"}
"""Debian's package of each tool."""

_QUERIES = re.compile(
    r"qmicli(?: --device-open-mbim)? --(?:"
    r"dms-get-(?:manufacturer|model|revision|hardware-revision|software-version|capabilities|band-capabilities)"
    r"|dms-get-(?:operating-mode|power-state|ids)|dms-swi-get-current-firmware"
    r"|nas-get-(?:serving-system|system-info|system-selection-preference|rf-band-info|cell-location-info)"
    r"|nas-get-(?:lte-cphy-ca-info|home-network|signal-info|signal-strength|operator-name)"
    r"|uim-get-(?:card-status|slot-status))"
    r"|mbimcli --(?:query-(?:device-caps|registration-state|home-provider|radio-state|signal-state|packet-service-state)"
    r"|ms-query-(?:device-caps|base-stations-info|sys-caps))"
    r"|mmcli (?:-L -J|-m \d{1,4} (?:-J|-K))"
)
"""The queries that may be sent; nothing else is, whatever its shape."""


class ToolLink(Protocol):
    """A modem behind tools of the host, or the replay of one. Deadlines are absolute, of `time.monotonic()`."""

    @property
    def address(self) -> str:
        """How the user named the modem."""
        ...

    @property
    def mode(self) -> Mode:
        """What the port speaks."""
        ...

    @property
    def port(self) -> str | None:
        """The port's own name, such as `cdc-wdm0`; None where a recording does not tell."""
        ...

    def query(self, command: str, *, deadline_s: float) -> Exchange | None:
        """Run one query to its end; a refusal by the modem is an exchange with an exit code that is not 0.

        None: a recording does not hold it. Raises ToolMissing, DeviceAbsent, NoPermission, PortBusy, AnswerTimeout, or
        CommandRefused for a command that is not on the list.
        """
        ...

    def close(self) -> None:
        """Let go of the modem."""
        ...


class ToolMissing(LinkError):
    """The command-line tool is not installed."""


def is_query(command: str) -> bool:
    """Whether a command is on the list of queries that change nothing."""
    return _QUERIES.fullmatch(command) is not None


def command_line(command: str, mode: Mode, device: str) -> list[str]:
    """The words that are run for a request: the tool, its port through the proxy, the query."""
    tool, *options = command.split(" ")
    if tool == "mmcli":
        return [tool, *options]
    return [tool, f"--device={device}", "--device-open-proxy", *options]


def open_tools(address: str) -> HostTools:
    """The modem behind `qmi:/dev/cdc-wdm0`, `qmi:qrtr://0` or `mbim:/dev/cdc-wdm0`.

    Raises UsageError for anything else, DeviceAbsent where the device file is not there.
    """
    match = re.fullmatch(r"(qmi|mbim):(/dev/[\w./:-]+|qrtr://\d{1,5})", address)
    if match is None:
        raise UsageError(f"{address}: no QMI or MBIM port", way_out="write qmi:/dev/cdc-wdm0 or mbim:/dev/cdc-wdm0")
    device = match[2]
    if device.startswith("/") and not os.path.exists(device):  # noqa: PTH110
        raise DeviceAbsent(
            f"{device} is not there",
            device=address,
            way_out="plug the modem in; `ls /dev/cdc-wdm* /dev/wwan*` lists ports",
        )
    return HostTools(address, "qmi" if match[1] == "qmi" else "mbim", device)


class HostTools:
    """A modem on this host. Every query is a process of its own."""

    def __init__(self, address: str, mode: Mode, device: str) -> None:
        self._address = address
        self._mode: Mode = mode
        self._device = device

    @property
    def address(self) -> str:
        """What the user named."""
        return self._address

    @property
    def mode(self) -> Mode:
        """What the port speaks."""
        return self._mode

    @property
    def port(self) -> str | None:
        """The last part of the device file."""
        return self._device.rpartition("/")[2]

    def query(self, command: str, *, deadline_s: float) -> Exchange | None:
        """See `ToolLink.query`."""
        if not is_query(command):
            raise CommandRefused(f"{command!r} is not on the list of queries", device=self._address, command=command)
        words = command_line(command, self._mode, self._device)
        program = shutil.which(words[0])
        if program is None:
            raise ToolMissing(
                f"{words[0]} is not installed (Debian: apt install {PACKAGES[words[0]]})",
                device=self._address,
                command=command,
            )
        if time.monotonic() >= deadline_s:
            raise self._late(Exchange(command, b"", elapsed_ms=0.0))
        exchange, late = _run([program, *words[1:]], command, deadline_s)
        if late:
            raise self._late(exchange)
        self._raise_for_port(exchange)
        return exchange

    def _late(self, exchange: Exchange) -> AnswerTimeout:
        return AnswerTimeout(
            f"{self._address}: no answer to {exchange.request!r} in time",
            device=self._address,
            command=exchange.request,
            raw=exchange.response,
            elapsed_s=(exchange.elapsed_ms or 0) / 1000,
            way_out="see whether the modem is awake: `mmcli -L`",
        )

    def close(self) -> None:
        """Nothing is held between two queries."""

    def _raise_for_port(self, exchange: Exchange) -> None:
        """The tool could not open the port: that is no answer of the modem."""
        told = (exchange.stderr or b"").decode("utf-8", "replace")
        opening = re.search(r"couldn't (?:create|open)(?: the)? (?:Qmi|Mbim)Device: ([^\n]{0,300})", told)
        if exchange.exit_code == 0 or opening is None:
            return
        why = opening[1].strip()
        kind: type[LinkError] = LinkError
        way_out = "with ModemManager running the packages libqmi-proxy and libmbim-proxy are needed"
        for words, known, out in _PORT_ERRORS:
            if re.search(words, why, re.IGNORECASE):
                kind, way_out = known, out
                break
        raise kind(
            f"{self._address}: {why}",
            device=self._address,
            command=exchange.request,
            raw=exchange.response,
            way_out=way_out,
        )


_PORT_ERRORS: tuple[tuple[str, type[LinkError], str], ...] = (
    (
        r"no such (?:file|device)|not found",
        DeviceAbsent,
        "plug the modem in; `ls /dev/cdc-wdm* /dev/wwan*` lists ports",
    ),
    (r"permission denied|not permitted", NoPermission, "run as root, or give your group the port by a udev rule"),
    (r"busy|already open", PortBusy, "stop what holds the port without the proxy (netifd, a second tool)"),
    (
        r"timed? ?out",
        AnswerTimeout,
        "the port does not answer: is it the right protocol? try mbim: for qmi: or the reverse",
    ),
)


def _run(words: list[str], request: str, deadline_s: float) -> tuple[Exchange, bool]:
    """Run a tool; answer its exchange and whether it was ended because it was late.

    Output goes to files: a proxy that the tool starts may keep a pipe open long after the tool has ended.
    """
    start, at = time.monotonic(), now()
    limit = max(0.05, min(deadline_s - start, COMMAND_S))
    late = False
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=errors, env=environment)
        _running.add(process)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            late = True
        finally:
            _end(process)
            _running.discard(process)
        answers = []
        for file in (out, errors):
            file.seek(0)
            answers.append(file.read())
    elapsed = round((time.monotonic() - start) * 1000, 3)
    code = None if late else process.returncode
    return Exchange(request, answers[0], code, answers[1], elapsed_ms=elapsed, at=at), late


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process where it still runs: politely first, so that it frees its client id in the modem."""
    if process.poll() is not None:
        return
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_LET_GO_S)
        return
    process.kill()
    process.wait()


@atexit.register
def _end_all() -> None:
    """At the end of the program, for threads that are still at a question."""
    for process in tuple(_running):
        _end(process)


class ReplayTools(Replay):
    """The recorded queries of a modem: a request answers with its recorded responses in order, then repeats the last."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording, "qmi", str.strip)

    @property
    def mode(self) -> Mode:
        """What the recorded port spoke."""
        spoken = any("mbim" in exchange.request for exchange in self._exchanges)
        return "mbim" if spoken else "qmi"

    @property
    def port(self) -> str | None:
        """The port that the recorded answers name."""
        for exchange in self._exchanges:
            if match := re.search(r"\[/dev/(?:[^\]\n]{0,60}/)?([\w:.-]{1,40})\] ", exchange.text[:400]):
                return match[1]
        return None

    def query(self, command: str, *, deadline_s: float) -> Exchange | None:
        """The recorded answer, its error included; None for a query that was never recorded."""
        return self._answers.answer(command)
