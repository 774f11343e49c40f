"""A labgrid lab on this computer: a coordinator, and for each bench an exporter of its simulated devices.

Needs the extra `labgrid`: its programs are started, nothing of theirs is changed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from harness.errors import LinkError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RECORDINGS = ("fixture:xiaomi-mi-mix-2-global", "fixture:xiaomi-mi-mix-china", "fixture:quectel-rm520n-gl")
"""Two handsets and a modem: what each bench has where no recording is named."""
BENCHES = ("bench-a", "bench-b")
WAIT_S = 40.0
_END_S = 10.0


@contextlib.contextmanager
def simulated_lab(recordings: Sequence[str] = RECORDINGS, *, serving: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Bring it up: simulators, coordinator, exporters, places. What is where, until it is left.

    `serving` are options of `bandproof simulate` for both benches. Raises UsageError without the extra, LinkError
    where a part of it does not come up.
    """
    if find_spec("labgrid") is None:
        raise UsageError("a lab needs a package", way_out="pip install 'bandproof[labgrid]'")
    # Its own processes are forked while gRPC has threads.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    with ExitStack() as lab:
        folder = Path(lab.enter_context(tempfile.TemporaryDirectory(prefix="lab-")))
        yield _bring_up(lab, folder, recordings or RECORDINGS, serving)


def _bring_up(lab: ExitStack, folder: Path, recordings: Sequence[str], serving: Sequence[str]) -> dict[str, Any]:
    words = [sys.executable, "-m", "harness.cli", "simulate", *recordings, "--on", "tcp", "--json", *serving]
    simulators = {bench: _start(lab, words, Path.cwd(), stdout=subprocess.PIPE) for bench in BENCHES}
    benches = {bench: _told(bench, process) for bench, process in simulators.items()}
    address, coordinator = start_coordinator(lab, folder)
    exporters, listed = {}, {}
    for bench, told in benches.items():
        file = folder / f"{bench}.yaml"
        file.write_text(json.dumps(_exported(bench, told)), encoding="utf-8")  # JSON is YAML.
        exporters[bench] = start_exporter(lab, address, bench, file)
        listed[bench] = {f"{bench}-{one['name']}": _tags(bench, one) for one in told["devices"]}
    places = asyncio.run(add_places(address, listed))
    return {
        "coordinator": address,
        "places": places,
        "benches": benches,
        "processes": {"coordinator": coordinator, **exporters},
    }


def start_coordinator(lab: ExitStack, folder: Path) -> tuple[str, dict[str, Any]]:
    """A coordinator until the stack ends: its address, and its process. It keeps its places where it runs."""
    address = f"127.0.0.1:{_free_port()}"
    home = folder / "coordinator"
    home.mkdir()
    process = _start(lab, [_program("labgrid-coordinator"), "-l", address], home)
    _until_open(address)
    return address, {"pid": process.pid, "folder": str(home)}


def start_exporter(lab: ExitStack, address: str, bench: str, file: Path) -> dict[str, Any]:
    """An exporter of what the file lists, until the stack ends."""
    words = [_program("labgrid-exporter"), "-c", address, "-n", bench, "--hostname", "127.0.0.1", str(file)]
    return {"pid": _start(lab, words, file.parent).pid, "command": words}


async def add_places(address: str, listed: Mapping[str, Mapping[str, Mapping[str, str]]]) -> list[str]:
    """A place for each group of each exporter, with its tags; when this answers every resource is listed."""
    from labgrid.remote.client import ClientSession
    from labgrid.remote.generated import labgrid_coordinator_pb2 as messages

    session = ClientSession(address, asyncio.get_running_loop())
    await session.start()
    names = []
    for exporter, groups in listed.items():
        for name, tags in groups.items():
            await session.stub.AddPlace(messages.AddPlaceRequest(name=name))
            pattern = f"{exporter}/{name}/*"
            await session.stub.AddPlaceMatch(messages.AddPlaceMatchRequest(placename=name, pattern=pattern))
            await session.stub.SetPlaceTags(messages.SetPlaceTagsRequest(placename=name, tags=tags))
            names.append(name)
    end = time.monotonic() + WAIT_S
    while sum(len(groups) for groups in session.resources.values()) < len(names):
        if time.monotonic() > end:
            raise LinkError("the exporters do not list their devices", way_out="look whether labgrid-exporter starts")
        await asyncio.sleep(0.1)
        await session.sync_with_coordinator()
    await session.stop()
    await session.close()
    return names


def _told(bench: str, process: subprocess.Popen[str]) -> dict[str, Any]:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise LinkError(f"the simulated devices of {bench} do not come up", way_out="try them: bandproof simulate")
    found: dict[str, Any] = json.loads(line)
    return found


def _exported(bench: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What an exporter offers of a bench: handsets of its adb server, modems on TCP."""
    groups: dict[str, Any] = {}
    for device in told["devices"]:
        if device["link"] == "adb":
            parts = {"host": "127.0.0.1", "port": told["adb_server"]["port"], "serial": device["address"]}
            resource = {"NetworkADBDevice": parts}
        else:
            host, _, port = device["address"].removeprefix("socket://").rpartition(":")
            resource = {"NetworkSerialPort": {"host": host, "port": int(port), "speed": 115200, "protocol": "raw"}}
        groups[f"{bench}-{device['name']}"] = {"location": "here", **resource}
    return groups


def _tags(bench: str, device: Mapping[str, Any]) -> dict[str, str]:
    return {"kind": "handset" if device["link"] == "adb" else "modem", "bench": bench}


def _start(
    lab: ExitStack, words: list[str], folder: Path, stdout: int | IO[str] = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    process = subprocess.Popen(words, cwd=folder, stdout=stdout, stderr=subprocess.DEVNULL, text=True)
    lab.callback(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    if sys.platform != "win32":
        import signal

        # One that was stopped for a moment must run to hear that it shall end.
        with contextlib.suppress(OSError):
            process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise UsageError(f"there is no {name}", way_out="pip install 'bandproof[labgrid]'")
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _until_open(address: str) -> None:
    """Raises LinkError where nothing listens there in time."""
    host, _, port = address.rpartition(":")
    end = time.monotonic() + WAIT_S
    while True:
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                return
        except OSError:
            if time.monotonic() > end:
                raise LinkError(
                    "the labgrid coordinator does not come up", way_out="try it: labgrid-coordinator"
                ) from None
            time.sleep(0.05)
