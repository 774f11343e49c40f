"""`bandproof decode`: pasted text -> observations (`bandproof.decode/1`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.commands.decode import qmi, uecap
from harness.commands.decode.text import read_text, show

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof decode`."""
    decode = commands.add_parser("decode", help="text that a device printed -> observations as JSON")
    kinds = decode.add_subparsers(metavar="KIND", required=True)
    adb = kinds.add_parser("adb", help="output of a command on a handset; what it is, is recognised")
    adb.add_argument("--command", help="the command that printed it, such as 'dumpsys telephony.registry'")
    adb.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
    adb.set_defaults(run=decode_adb)
    at = kinds.add_parser("at", help="the answer to an AT command")
    at.add_argument("--command", required=True, help="the command, such as 'AT+CEREG?'")
    at.add_argument("--dialect", help="the modem's family; a 3GPP command needs none")
    at.add_argument("--model", help="the modem's model, where the family's answers depend on it")
    at.add_argument("--firmware", help="the modem's firmware, where the answers depend on it")
    at.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
    at.set_defaults(run=decode_at)
    qmi.add(kinds)
    uecap.add(kinds)


def decode_adb(options: argparse.Namespace) -> int:
    """Decode the output of a command on a handset."""
    from harness.probes import adb

    return show(adb.read(read_text(options.file), options.command))


def decode_at(options: argparse.Namespace) -> int:
    """Decode the answer to an AT command."""
    from harness.probes import at

    return show(
        at.read(
            read_text(options.file), options.command, options.dialect, model=options.model, firmware=options.firmware
        )
    )
