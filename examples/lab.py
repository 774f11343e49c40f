"""A lab on this computer: a labgrid coordinator, two exporters, six simulated devices. Ctrl-C ends it.

    pip install 'bandproof[labgrid]'
    python examples/lab.py

It prints the command that judges all six; `--json` prints one JSON object instead (ids of its processes among it).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

RECORDINGS = ("fixture:xiaomi-mi-mix-2-global", "fixture:xiaomi-mi-mix-china", "fixture:quectel-rm520n-gl")
BENCHES = ("bench-a", "bench-b")
WAIT_S = 40.0


def main() -> int:
    """Bring it up, say how to use it, wait."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.ExitStack() as lab:
        folder = Path(lab.enter_context(tempfile.TemporaryDirectory(prefix="lab-")))
        told = bring_up(lab, folder)
        if options.json:
            sys.stdout.write(json.dumps(told) + "\n")
        else:
            devices = " ".join(f"--device=labgrid:{name}" for name in told["places"])
            sys.stdout.write(f"LG_COORDINATOR={told['coordinator']} pytest {devices} --carrier=us/att\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


def bring_up(lab: contextlib.ExitStack, folder: Path) -> dict[str, Any]:
    """Simulators, coordinator, exporters, places; what is where."""
    simulators = {bench: _simulator(lab, bench) for bench in BENCHES}
    benches = {bench: json.loads(_line(process)) for bench, process in simulators.items()}
    address = f"127.0.0.1:{_free_port()}"
    home = folder / "coordinator"  # It keeps its places where it runs.
    home.mkdir()
    coordinator = _start(lab, [_program("labgrid-coordinator"), "-l", address], home)
    _until_open(address)
    exporters = {}
    for bench, told in benches.items():
        file = folder / f"{bench}.yaml"
        file.write_text(json.dumps(_exported(told)))  # JSON is YAML.
        words = [_program("labgrid-exporter"), "-c", address, "-n", bench, "--hostname", "127.0.0.1", str(file)]
        exporters[bench] = {"pid": _start(lab, words, folder).pid, "command": words}
    places = asyncio.run(_places(address, benches))
    return {
        "coordinator": address,
        "places": places,
        "benches": benches,
        "processes": {
            "coordinator": {"pid": coordinator.pid, "folder": str(home)},
            **exporters,
        },
    }


def _simulator(lab: contextlib.ExitStack, bench: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "harness.cli", "simulate", *RECORDINGS, "--on", "tcp", "--json"]
    return _start(lab, words, Path.cwd(), stdout=subprocess.PIPE)


def _start(
    lab: contextlib.ExitStack, words: list[str], folder: Path, stdout: int | IO[str] = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    process = subprocess.Popen(words, cwd=folder, stdout=stdout, stderr=subprocess.DEVNULL, text=True)

    def end() -> None:
        # One that was stopped for a moment must run to hear that it shall end.
        with contextlib.suppress(OSError):
            process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    lab.callback(end)
    return process


def _line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline() if process.stdout else ""


def _exported(told: dict[str, Any]) -> dict[str, Any]:
    """What an exporter offers of a bench: handsets of its adb server, modems on TCP."""
    groups: dict[str, Any] = {}
    for device in told["devices"]:
        if device["link"] == "adb":
            parts = {"host": "127.0.0.1", "port": told["adb_server"]["port"], "serial": device["address"]}
            groups[device["name"]] = {"location": "here", "NetworkADBDevice": parts}
        else:
            host, _, port = device["address"].removeprefix("socket://").rpartition(":")
            parts = {"host": host, "port": int(port), "speed": 115200, "protocol": "raw"}
            groups[device["name"]] = {"location": "here", "NetworkSerialPort": parts}
    return groups


async def _places(address: str, benches: dict[str, Any]) -> list[str]:
    """A place for each device, with tags; when this answers every resource is listed."""
    from labgrid.remote.client import ClientSession
    from labgrid.remote.generated import labgrid_coordinator_pb2 as messages

    session = ClientSession(address, asyncio.get_running_loop())
    await session.start()
    names = []
    for bench, told in benches.items():
        for device in told["devices"]:
            name = f"{bench}-{device['name']}"
            await session.stub.AddPlace(messages.AddPlaceRequest(name=name))
            pattern = f"{bench}/{device['name']}/*"
            await session.stub.AddPlaceMatch(messages.AddPlaceMatchRequest(placename=name, pattern=pattern))
            kind = "handset" if device["link"] == "adb" else "modem"
            tags = {"kind": kind, "bench": bench}
            await session.stub.SetPlaceTags(messages.SetPlaceTagsRequest(placename=name, tags=tags))
            names.append(name)
    end = time.monotonic() + WAIT_S
    while sum(len(groups) for groups in session.resources.values()) < len(names):
        if time.monotonic() > end:
            raise TimeoutError("the exporters do not list their devices")
        await asyncio.sleep(0.1)
        await session.sync_with_coordinator()
    await session.stop()
    await session.close()
    return names


def _program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        sys.exit(f"there is no {name}: pip install 'bandproof[labgrid]'")
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _until_open(address: str) -> None:
    host, _, port = address.rpartition(":")
    end = time.monotonic() + WAIT_S
    while True:
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    sys.exit(main())
