"""QMI and MBIM modems under simulation: `qmicli`, `mbimcli` and `mmcli` that answer as a recording's `qmi.yaml` says.

    with serve_tools("fixture:sierra-em7565") as served:
        subprocess.run(["pytest", f"--device={served.address}"], env={**os.environ, **served.environment})

The tools stand in a folder that comes first on PATH. The port is a plain file below /dev: whoever asks the tools looks
whether it is there, and only the tools open it.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import LinkError, RecordingError
from harness.recording.exchange import Recording
from harness.recording.files import load_recording, resolve_recording
from harness.simulation.faults import Fault, garbage, parse_fault
from harness.simulation.modem.ports import port_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.recording.exchange import Exchange

TOOLS = ("qmicli", "mbimcli", "mmcli")
USUAL_PORT = "cdc-wdm0"


@dataclass(frozen=True, slots=True)
class ServedTools:
    """A modem behind tools of the host. `address` is what names it to `--device`."""

    address: str
    tools: HostToolFolder

    @property
    def environment(self) -> dict[str, str]:
        """PATH with the folder of the tools first."""
        return self.tools.environment

    @property
    def port(self) -> Path:
        """The file that stands in for the device node; without it the modem is unplugged."""
        return Path(self.address.partition(":")[2])

    @property
    def asked(self) -> list[str]:
        """The requests so far, as a recording writes them."""
        return self.tools.asked(self.port)


class HostToolFolder:
    """The tools, and the ports of all modems behind them. `close` takes all down; tools that still hang end then."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bandproof-tools-"))
        self._ports = Path(port_folder("bandproof-tools-"))
        self._served: dict[str, dict[str, Any]] = {}
        try:
            if not self._ports.is_relative_to("/dev"):
                raise LinkError(
                    "no place below /dev for the port of a QMI or MBIM modem", way_out="mount a tmpfs at /dev/shm"
                )
            self._make_tools()
        except BaseException:
            self.close()
            raise

    @property
    def programs(self) -> Path:
        """The folder of the tools, for PATH."""
        return self.folder / "bin"

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment to run these tools and no others."""
        return {"PATH": os.pathsep.join([str(self.programs), os.environ.get("PATH", os.defpath)])}

    def add(self, recording: Recording, *, faults: Iterable[Fault] = (), latency_s: float | None = None) -> ServedTools:
        """Serve one more modem. Raises RecordingError where the recording has no `qmi.yaml`."""
        exchanges = recording.links.get("qmi", ())
        if not exchanges:
            raise RecordingError(f"recording {recording.info.id} has no qmi.yaml", way_out="name one that has")
        place = self._ports / str(len(self._served) + 1)
        place.mkdir()
        port = place / _port_of(exchanges)
        port.touch()
        self._served[str(port)] = {
            "answers": [_answer(one, latency_s) for one in exchanges],
            "faults": [_fault(one) for one in faults],
        }
        self._write()
        mode = "mbim" if any("mbim" in one.request for one in exchanges) else "qmi"
        return ServedTools(f"{mode}:{port}", self)

    def asked(self, port: Path) -> list[str]:
        """What the modem at that port was asked."""
        lines = map(json.loads, (self.folder / "asked").read_text().splitlines())
        return [line["request"] for line in lines if line["port"] == str(port)]

    def close(self) -> None:
        """Remove tools and ports."""
        for folder in (self.folder, self._ports):
            shutil.rmtree(folder, ignore_errors=True)

    def _make_tools(self) -> None:
        """A line of shell each: the path of an interpreter may be too long, or hold blanks, for a `#!` line."""
        program = self.folder / "program.py"
        shutil.copyfile(Path(__file__).with_name("program.py"), program)
        (self.folder / "asked").touch()
        self._write()
        self.programs.mkdir()
        for tool in TOOLS:
            file = self.programs / tool
            words = shlex.join([sys.executable, "-I", "-S", str(program), str(self.folder), tool])
            file.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            file.chmod(0o700)

    def _write(self) -> None:
        """In one step: a tool may read it at the same time."""
        new = self.folder / "served.json.new"
        new.write_text(json.dumps(self._served))
        new.replace(self.folder / "served.json")


@contextmanager
def serve_tools(
    recording: str | Path | Recording, *, latency_s: float | None = None, faults: Iterable[Fault | str] = ()
) -> Iterator[ServedTools]:
    """Serve a recording's `qmi.yaml` behind `qmicli`, `mbimcli` and `mmcli` of a private folder.

    `recording`: by value, `fixture:NAME`, name or path. `latency_s`: how long each request takes (None: as recorded).
    Raises RecordingError where there is no `qmi.yaml`, LinkError where nothing can be made below /dev.
    """
    known = recording if isinstance(recording, Recording) else load_recording(resolve_recording(str(recording)))
    given = [parse_fault(one) if isinstance(one, str) else one for one in faults]
    check_tool_faults(given)
    tools = HostToolFolder()
    try:
        yield tools.add(known, faults=given, latency_s=latency_s)
    finally:
        tools.close()


def check_tool_faults(faults: Iterable[Fault]) -> None:
    """Raises UsageError for a fault that tools of the host cannot have."""
    from harness.simulation.faults import check_faults

    check_faults([Fault(one.kind, one.value) for one in faults], [("", "qmi")])


def _port_of(exchanges: Iterable[Exchange]) -> str:
    """The name of the port in the recorded answers: ModemManager's account of the modem names it, too."""
    for exchange in exchanges:
        if match := re.search(r"\[/dev/(?:[^\]\n]{0,60}/)?([\w:-][\w:.-]{0,39})\] ", exchange.text[:400], re.ASCII):
            return match[1]
    return USUAL_PORT


def _answer(exchange: Exchange, latency_s: float | None) -> dict[str, Any]:
    """One exchange as the program reads it. An error that cut it short is what the tool did then: hang, or refuse."""
    errors, code, hangs = exchange.stderr or b"", exchange.exit_code or 0, False
    if exchange.error is not None:
        kind, told = exchange.error.kind, exchange.error.message
        hangs = kind == "AnswerTimeout" and "no answer" in told
        if kind == "ToolMissing":
            errors, code = f"{told}\n".encode(), 127
        elif not hangs:
            name = "Qmi" if exchange.request.startswith("qmicli") else "Mbim"
            why = re.sub(r"^(?:qmi|mbim):\S{1,200}: ", "", told)
            errors, code = f"error: couldn't create {name}Device: {why}\n".encode(), 1
    after_s = (exchange.elapsed_ms or 0.0) / 1000 if latency_s is None else latency_s
    return {
        "request": exchange.request.strip(),
        "stdout": base64.b64encode(exchange.response).decode(),
        "stderr": base64.b64encode(errors).decode(),
        "code": code,
        "after_s": 0.0 if hangs else after_s,
        "hangs": hangs,
    }


def _fault(fault: Fault) -> dict[str, Any]:
    noise = garbage(int(fault.value)) if fault.kind == "garbage" else b""
    return {
        "kind": fault.kind,
        "value": fault.value,
        "request": fault.request.strip(),
        "times": fault.times,
        "bytes": base64.b64encode(noise).decode(),
    }
