"""`bandproof collect`: modem logs that a maker's app has written on a handset, pulled to this computer."""

from __future__ import annotations

import json
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.survey import seconds
from harness.errors import BandproofError, FileError, UsageError

if TYPE_CHECKING:
    import argparse

SCHEMA = "bandproof.collect/1"
WITHIN_S = 600.0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof collect`."""
    collect = commands.add_parser(
        "collect",
        help="pull modem logs that a maker's app wrote on a handset",
        description="Stop the logging app on the handset first: a log that is still written is cut. Looks into the "
        "folders that are known and pulls .qmdl, .hdf, .dlf, .sdm and .lpd files; "
        "`pytest --evidence uecap=FILE` reads them.",
    )
    collect.add_argument("address", metavar="ADDRESS", help="the handset's adb serial")
    collect.add_argument("-o", "--output", required=True, metavar="DIR", help="a new or an empty folder")
    collect.add_argument("--folder", action="append", default=[], metavar="PATH", help="look there, too")
    collect.add_argument(
        "--deadline", type=seconds, default=WITHIN_S, metavar="S", help="seconds for all (default 600)"
    )
    collect.add_argument("--json", action="store_true", help=f"what was pulled, as one JSON object ({SCHEMA})")
    collect.set_defaults(run=collect_logs_of)


def collect_logs_of(options: argparse.Namespace) -> int:
    """Pull the logs. 4 where there is none."""
    from harness.links.adb.files import HandsetFiles
    from harness.links.adb.server import server_from_environment
    from harness.links.adb.shell import open_adb
    from harness.survey.modem_logs import FOLDERS, collect_logs

    if any(not one.startswith("/") or "\0" in one for one in options.folder):
        raise UsageError("--folder names a folder on the handset", way_out="begin it with /")
    into = _new_folder(options.output)
    server = server_from_environment()
    try:
        link = open_adb(options.address)
    except BandproofError:
        with suppress(OSError):
            into.rmdir()
        raise
    link.close()
    folders = tuple(dict.fromkeys((*options.folder, *(path for _, path in FOLDERS))))
    found = collect_logs(HandsetFiles(server, link.handset.serial), folders, into, seconds=options.deadline, told=_say)
    if not found:
        into.rmdir()
        raise NoLogs(
            f"no modem log lies in the folders that are known: {', '.join(folders)}",
            way_out="start the maker's logging app, attach, stop it; --folder names another place",
        )
    if options.json:
        logs = [{"file": str(o.path), "from": o.origin, "bytes": o.size, "sha256": o.sha256} for o in found]
        sys.stdout.write(json.dumps({"schema": SCHEMA, "logs": logs}, indent=1) + "\n")
    else:
        sys.stdout.write("".join(f"--evidence {shlex.quote(f'uecap={one.path}')}\n" for one in found))
    return 0


class NoLogs(BandproofError):
    """Nothing was there to be pulled."""

    exit_status = 4


def _new_folder(name: str) -> Path:
    into = Path(name)
    try:
        into.mkdir(parents=True, exist_ok=True)
        taken = any(into.iterdir())
    except OSError as error:
        raise FileError(f"cannot be made: {error.strerror or error}", path=name) from None
    if taken:
        raise UsageError(f"{name} is not empty", way_out="name a new folder")
    return into


def _say(text: str) -> None:
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    print(clean, file=sys.stderr, flush=True)  # noqa: T201
