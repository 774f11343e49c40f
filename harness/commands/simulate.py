"""`bandproof simulate`: a bench on this machine that serves recordings as real devices, until Ctrl-C."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from harness.simulation.rack import Rack

MOST = 1000
LONGEST_MS = 600_000


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of the command."""
    parser = commands.add_parser(
        "simulate",
        help="serve recordings as real devices",
        description="Serves recordings as handsets behind a private adb server and as modems on ttys or "
        "behind qmicli and mbimcli. "
        "Prints their addresses and the pytest line that reads them; Ctrl-C takes everything down.",
    )
    parser.add_argument("recording", nargs="+", metavar="RECORDING", help="fixture:NAME, a name or a folder")
    parser.add_argument("--count", type=_positive, default=1, metavar="N", help="so many devices of each recording")
    parser.add_argument(
        "--latency", type=_milliseconds, metavar="MS", help="thinking time of every command (default: as recorded)"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="SPEC",
        help="[DEVICE:]KIND[=VALUE][,times=N][@REQUEST], such as rm520-1:late=2s@AT+COPS?",
    )
    parser.add_argument("--on", choices=("pty", "tcp"), default="pty", help="where modems are served (default: pty)")
    parser.add_argument("--adb", default="", metavar="PATH", help="the adb binary of the server")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=simulate)


def simulate(options: argparse.Namespace) -> int:
    """Bring the bench up, tell of it, wait for Ctrl-C or SIGTERM, take it down."""
    import signal
    import threading

    from harness.simulation.faults import parse_faults
    from harness.simulation.handset.state import HandsetOptions
    from harness.simulation.modem.modem import ModemOptions
    from harness.simulation.rack import Rack, plan

    latency = None if options.latency is None else options.latency / 1000
    bench = Rack(
        plan(options.recording, options.count),
        faults=parse_faults(options.fault),
        on=options.on,
        adb=options.adb,
        handset=HandsetOptions(latency_s=latency),
        modem=ModemOptions(latency_s=latency),
    )
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with bench:
            _tell(bench, as_json=options.json)
            ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def pytest_line(bench: Rack) -> str:
    """The shell command that reads the bench's devices."""
    import os

    words = [f"{name}={value}" for name, value in bench.environment.items() if name != "PATH"]
    # These win over the port: a shell that has them would ask another server.
    others = ("ADB_SERVER_SOCKET", "ANDROID_ADB_SERVER_ADDRESS", "ANDROID_ADB_SERVER_HOST")
    if words and (set_here := [name for name in others if name in os.environ]):
        words = ["env", *(word for name in set_here for word in ("-u", name)), *words]
    # The PATH of the shell that runs the line, not that of this one.
    path = f'PATH={shlex.quote(str(bench.tools.programs))}:"$PATH" ' if bench.tools else ""
    return path + shlex.join([*words, "pytest", *(f"--device={one.address}" for one in bench.served)])


def facts(bench: Rack) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "schema": "bandproof.simulate/1",
        "adb_server": {"port": bench.server.port, "adb": bench.server.adb, "pid": bench.server.pid}
        if bench.server
        else None,
        "devices": [
            {"name": one.name, "link": one.link, "address": one.address, "recording": one.recording}
            for one in bench.served
        ],
        "environment": bench.environment,
        "pytest": pytest_line(bench),
    }


def _tell(bench: Rack, *, as_json: bool) -> None:
    if as_json:
        text = json.dumps(facts(bench))
    else:
        width = max(len(one.name) for one in bench.served)
        lines = [f"{one.name:<{width}}  {one.link:<3}  {one.address}" for one in bench.served]
        if bench.server:
            lines.append(f"adb server on port {bench.server.port} ({bench.server.adb})")
        lines += ["", pytest_line(bench), "", "Ctrl-C takes everything down."]
        text = "\n".join(lines)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise _wrong(f"{text!r} is no number from 1 to {MOST}")
    return int(text)


def _milliseconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= LONGEST_MS:
        raise _wrong(f"{text!r} is no number of milliseconds from 0 to {LONGEST_MS}")
    return number


def _wrong(text: str) -> Exception:
    import argparse

    return argparse.ArgumentTypeError(text)
