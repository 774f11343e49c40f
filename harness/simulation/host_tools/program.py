"""The program that stands behind `qmicli`, `mbimcli` and `mmcli` in a folder of `harness.simulation.host_tools.tools`.

It is copied there and run by name of the tool, in a process of its own that imports nothing of this package:

    program.py FOLDER TOOL WORD...

`FOLDER/served.json` holds the answers and faults of each port, `FOLDER/asked` gets a line for each request. Messages
are those of libqmi 1.32, libmbim 1.28 and ModemManager 1.20.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

PORT_OPTIONS = ("-p", "--device-open-proxy")
STEP_S = 0.1
"""So often a waiting tool looks whether anyone still wants it."""
CHATTER_S = 0.01
RELEASE_S = 10.0
"""How long qmicli and mbimcli try to give their client back when they are ended: to a silent modem in vain."""


def main(words: list[str]) -> int:
    """Answer one command line; the exit code of the tool."""
    started = time.monotonic()
    place, tool, *options = words
    folder = Path(place)
    ports: dict[str, Any] = json.loads((folder / "served.json").read_text())
    port, request = read_line(tool, options)
    if tool == "mmcli":
        # ModemManager's account names its own ports: of two modems here it could be taken for that of the other.
        port = next(iter(ports)) if len(ports) == 1 else None
        if port is None or not Path(port).exists():
            return _refuse("couldn't find the ModemManager process in the bus")
    if port is None:
        return _refuse("no device path specified")
    kind = "Qmi" if tool == "qmicli" else "Mbim"
    if not Path(port).exists():
        why = f"Error when getting information for file “{port}”: No such file or directory"
        return _refuse(f"couldn't create {kind}Device: Couldn't query file info: {why}")
    if port not in ports:
        return _refuse(f"couldn't create {kind}Device: Wrong file type")
    answer, fault = take(folder, port, request, ports[port])
    if answer is None:
        answer = {
            "stdout": "",
            "stderr": _bytes(f"error: {unknown(tool)}\n"),
            "code": 1,
            "after_s": 0.0,
            "hangs": False,
        }
    return _Answering(folder, port, answer, started).go(fault)


def read_line(tool: str, options: list[str]) -> tuple[str | None, str]:
    """The port that a command line names, and the request as a recording writes it, without the port."""
    port: str | None = None
    asked = []
    left = iter(options)
    for word in left:
        if tool == "mmcli":
            asked.append(word)
        elif word in ("-d", "--device"):
            port = next(left, None)
        elif word.startswith("--device="):
            port = word.partition("=")[2]
        elif word not in PORT_OPTIONS:
            asked.append(word)
    return port, " ".join([tool, *asked])


def unknown(tool: str) -> str:
    """How a tool says that the modem does not know a request, mmcli that there is no such modem."""
    if tool == "qmicli":
        return "operation failed: QMI protocol error (94): 'NotSupported'"
    return "operation failed: NoDeviceSupport" if tool == "mbimcli" else "couldn't find modem"


def take(folder: Path, port: str, request: str, served: dict[str, Any]) -> tuple[Any, Any]:
    """The answer whose turn it is (None: not recorded) and the fault that strikes; the request is written down.

    What was asked until now tells both: tools that run at once take turns at that file.
    """
    answers = [one for one in served["answers"] if one["request"] == request]
    with (folder / "asked").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = [line for line in map(json.loads, file) if line["port"] == port]
        turn = sum(line["request"] == request for line in before)
        struck = None
        for number, fault in enumerate(served["faults"]):
            times = sum(line["fault"] == number for line in before)
            if fault["request"] in ("", request) and (fault["times"] is None or times < fault["times"]):
                struck = number
                break
        file.write(json.dumps({"port": port, "request": request, "fault": struck}) + "\n")
    answer = answers[min(turn, len(answers) - 1)] if answers else None
    return answer, None if struck is None else served["faults"][struck]


class _Answering:
    """One answer on its way out."""

    def __init__(self, folder: Path, port: str, answer: dict[str, Any], started: float) -> None:
        self._folder = folder
        self._port = port
        self._out = base64.b64decode(answer["stdout"])
        self._errors = base64.b64decode(answer["stderr"])
        self._answer = answer
        self._started = started
        self._parent = os.getppid()

    def go(self, fault: dict[str, Any] | None) -> int:
        """Give the answer with its fault; the exit code."""
        kind = fault["kind"] if fault else ""
        value = fault["value"] if fault else 0.0
        self._wait_until(self._started + self._answer["after_s"] + (value if kind == "late" else 0.0))
        if fault is None or kind == "late":
            return self._whole()
        if kind == "garbage":
            _write(sys.stdout.fileno(), base64.b64decode(fault["bytes"]))
            return 0
        if kind == "exit":
            _refuse("operation failed: Transaction was aborted")
            return int(value)
        if kind == "unplug":
            _write(sys.stdout.fileno(), self._out[: len(self._out) // 2])
            Path(self._port).unlink(missing_ok=True)
            return _refuse("operation failed: device removed")
        if kind == "cut":
            _write(sys.stdout.fileno(), self._out[: int(value)])
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "chatter":
            self._chatter()
        if kind == "silent":
            signal.signal(signal.SIGTERM, self._cancel)
        return self._hang(self._out[: len(self._out) // 2] if kind == "half" else b"")

    def _whole(self) -> int:
        if self._answer["hangs"]:
            self._hang(self._out)
        _write(sys.stdout.fileno(), self._out)
        _write(sys.stderr.fileno(), self._errors)
        return int(self._answer["code"])

    def _cancel(self, *_: object) -> NoReturn:
        """The first SIGTERM cancels the request, and the client is released; the second ends the tool at once."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _write(sys.stderr.fileno(), b"cancelling the operation...\n")
        self._wait_until(time.monotonic() + RELEASE_S)
        sys.exit(1)

    def _chatter(self) -> NoReturn:
        while True:
            _write(sys.stdout.fileno(), self._out or b"\n")
            self._wait_until(time.monotonic() + CHATTER_S)

    def _hang(self, first: bytes) -> NoReturn:
        _write(sys.stdout.fileno(), first)
        while True:
            self._wait_until(time.monotonic() + STEP_S)

    def _wait_until(self, moment: float) -> None:
        """Wait; a tool whose caller or whose simulation has gone ends."""
        while (left := moment - time.monotonic()) > 0:
            if os.getppid() != self._parent or not self._folder.exists():
                sys.exit(1)
            select.select((), (), (), min(left, STEP_S))


def _refuse(why: str) -> int:
    _write(sys.stderr.fileno(), f"error: {why}\n".encode())
    return 1


def _bytes(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
