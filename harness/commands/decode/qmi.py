"""`bandproof decode qmi`: output of qmicli, mbimcli, mmcli or uqmi -> observations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof decode qmi`."""
    from harness.commands.decode.text import add_json

    qmi = kinds.add_parser("qmi", help="output of qmicli, mbimcli, mmcli or uqmi; what it is, is recognised")
    qmi.add_argument("--command", help="the command that printed it; kept as the source of each fact")
    qmi.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
    add_json(qmi)
    qmi.set_defaults(run=decode_qmi)


def decode_qmi(options: argparse.Namespace) -> int:
    """Decode the output of a QMI, MBIM or ModemManager tool."""
    from harness.commands.decode.text import read_text, show
    from harness.probes import qmi

    return show(qmi.read(read_text(options.file), options.command), as_json=options.json)
