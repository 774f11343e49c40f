"""`bandproof simulate`: a bench on this machine that serves recordings as real devices, until Ctrl-C."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import argparse

    from harness.simulation.diag.frames import DiagMessage
    from harness.simulation.diag.port import DiagOptions
    from harness.simulation.rack import Rack, RackPlan

MOST = 1000
LONGEST_MS = 600_000
HAND_S = 3.0
"""How long after a program listens a simulated hand switches airplane mode off."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of the command."""
    parser = commands.add_parser(
        "simulate",
        help="serve recordings as real devices",
        description="Serves recordings as handsets behind a private adb server and as modems on ttys or "
        "behind qmicli and mbimcli. "
        "Prints their addresses and the pytest line that reads them; Ctrl-C takes everything down.",
    )
    parser.add_argument("recording", nargs="*", metavar="RECORDING", help="fixture:NAME, a name or a folder")
    parser.add_argument(
        "--radio",
        default="",
        metavar="FAMILY",
        help="also a modem whose radio is alive: it can be locked to bands, attaches to --cells, and keeps what is "
        "written to it; `help` lists the families",
    )
    parser.add_argument(
        "--cells",
        default="",
        metavar="CELLS",
        help="its cells: 2,12,n71; m12, nb20; en79 (EN-DC); 12!15 rejects, cause 15. Without --radio those of the "
        "handsets, which hang on USB then, can be held to a technology, and attach",
    )
    parser.add_argument("--misbehave", default="", metavar="HOW", help="how its locks misbehave; `help` lists it")
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
    parser.add_argument(
        "--diag",
        default="",
        metavar="FILE",
        help="give each handset a USB place and a diagnostic port that tells the UE capability of this file at an attach",
    )
    parser.add_argument("--diag-fault", default="", metavar="KIND", help="what goes wrong there; `help` lists them")
    parser.add_argument("--on", choices=("pty", "tcp"), default="pty", help="where modems are served (default: pty)")
    parser.add_argument("--adb", default="", metavar="PATH", help="the adb binary of the server")
    parser.add_argument(
        "--lab",
        action="store_true",
        help="a labgrid lab: a coordinator and two exporters, each with the recordings, or with two handsets and a modem",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=simulate)


def simulate(options: argparse.Namespace) -> int:
    """Bring the bench up, tell of it, wait for Ctrl-C or SIGTERM, take it down."""
    if options.lab:
        return _lab(options)
    from harness.commands.until_ended import until_ended
    from harness.simulation.faults import parse_faults
    from harness.simulation.handset.state import HandsetOptions
    from harness.simulation.modem.modem import ModemOptions
    from harness.simulation.rack import Rack, plan

    latency = None if options.latency is None else options.latency / 1000
    plans = [*_alive(plan(options.recording, options.count), options), *_radios(options)]
    bench = Rack(
        plans,
        faults=parse_faults(options.fault),
        on=options.on,
        adb=options.adb,
        handset=HandsetOptions(latency_s=latency),
        modem=ModemOptions(latency_s=latency),
        diag={one.name: diag for one in plans if one.link == "adb"} if (diag := _diag(options)) else None,
    )
    with until_ended() as wait, bench:
        _tell(bench, as_json=options.json)
        wait()
    return 0


def _lab(options: argparse.Namespace) -> int:
    """The same for a whole lab. Raises UsageError for options that are of one bench."""
    from harness.commands.until_ended import until_ended
    from harness.errors import UsageError
    from harness.simulation.lab import simulated_lab

    alone = {"--radio": options.radio, "--diag": options.diag, "--fault": options.fault}
    if wrong := [name for name, value in alone.items() if value]:
        raise UsageError(f"{wrong[0]} is of one bench, not of a lab", way_out="leave out --lab")
    serving = ["--count", str(options.count)]
    serving += ["--latency", f"{options.latency:g}"] if options.latency is not None else []
    serving += ["--adb", options.adb] if options.adb else []
    with until_ended() as wait, simulated_lab(options.recording, serving=serving) as told:
        # Some recordings have no SIM that would tell the carrier.
        words = ["pytest", "--carrier=us/att", *(f"--device=labgrid:{name}" for name in told["places"])]
        line = shlex.join(words)
        told["pytest"] = f"LG_COORDINATOR={told['coordinator']} {line}"
        text = json.dumps({"schema": "bandproof.simulate.lab/1", **told}) if options.json else told["pytest"]
        sys.stdout.write(f"{text}\n" if options.json else f"{text}\n\nCtrl-C takes everything down.\n")
        sys.stdout.flush()
        wait()
    return 0


def _alive(plans: list[RackPlan], options: argparse.Namespace) -> list[RackPlan]:
    """The recordings as they are served: with cells of their own, handsets are alive. Raises UsageError, UnknownName."""
    if options.radio or not options.cells:
        return plans
    from dataclasses import replace

    from harness.simulation.handset.plan import HandsetPlan, handset_quirks_of
    from harness.simulation.radio.plan import cells_of

    alive = HandsetPlan(cells_of(options.cells), handset_quirks_of(options.misbehave))
    return [replace(one, alive=alive) if one.link == "adb" else one for one in plans]


def _radios(options: argparse.Namespace) -> list[RackPlan]:
    """The modems with a radio that is alive. Raises UsageError where nothing at all is to be served."""
    from harness.errors import UsageError

    if not options.radio:
        if not options.recording:
            raise UsageError("nothing to simulate", way_out="name a recording, or --radio=FAMILY --cells=BANDS")
        return []
    from harness.recording.exchange import Recording, RecordingInfo
    from harness.simulation.rack import RackPlan
    from harness.simulation.radio.plan import radio_plan

    radio = radio_plan(options.radio, options.cells, options.misbehave)
    names = [f"{options.radio}-{number}" for number in range(1, options.count + 1)] if options.count > 1 else []
    made = [Recording(RecordingInfo(id=name, provenance="composed"), {}) for name in names or [options.radio]]
    return [RackPlan(one.info.id, "at", one, radio) for one in made]


def _diag(options: argparse.Namespace) -> DiagOptions | None:
    """The diagnostic port of each handset. Raises UsageError, InputError."""
    from harness.errors import FileError, UsageError
    from harness.simulation.diag.port import DIAG_FAULTS, DiagOptions

    if options.diag_fault and options.diag_fault not in DIAG_FAULTS:
        listed = "; ".join(f"{kind}: {does}" for kind, does in DIAG_FAULTS.items())
        raise UsageError(f"no fault of a diagnostic port: {options.diag_fault!r}", way_out=listed)
    if not options.diag:
        return None
    from pathlib import Path

    from harness.survey.evidence_reduction import messages_of

    try:
        messages = messages_of(Path(options.diag).name, Path(options.diag).read_bytes())
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", path=options.diag) from None
    return DiagOptions((cast("tuple[DiagMessage, ...]", messages),), options.diag_fault, attach_after_s=HAND_S)


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
    return path + shlex.join(
        [*words, "pytest", *(f"--device={one.address}" for one in bench.served), *_evidence(bench)]
    )


def _evidence(bench: Rack) -> list[str]:
    """A live capability of each handset that has a diagnostic port."""
    return [
        f"--evidence={one.address}:uecap=live"
        for one in bench.served
        if one.link == "adb" and bench.usb and bench.usb.ports
    ]


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
