"""`bandproof merge RUN… -o RUN`: the runs of several hosts as one report, each with its own seal."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, UsageError

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof merge`."""
    merge = commands.add_parser(
        "merge",
        help="the runs of several hosts as one report",
        description="Each run is verified, and keeps its manifest and signature inside the joined one; "
        "`bandproof verify` checks them all. Needs runs of the same version, policy, profiles and waivers.",
    )
    merge.add_argument("runs", metavar="RUN", nargs="+", help="folders of finished runs")
    merge.add_argument("-o", "--output", required=True, metavar="DIR", help="a new or an empty folder")
    merge.set_defaults(run=merge_runs)


def merge_runs(options: argparse.Namespace) -> int:
    """0 joined, 2 the runs cannot be one report, 4 one cannot be read."""
    from harness.reports.run.joining import join_runs
    from harness.reports.run.seals import signing

    out = Path(options.output)
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise UsageError(f"{out} is not empty", way_out="name a new folder")
        page = join_runs([Path(one) for one in options.runs], out, id_=secrets.token_hex(4), key=signing.key_path())
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror or error}", path=str(error.filename or out)) from None
    sys.stdout.write(f"{len(options.runs)} runs joined\nreport {page}\n")
    return 0
