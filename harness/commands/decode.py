"""`bandproof decode`: pasted text -> observations (`bandproof.decode/1`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands import decode_qmi, decode_uecap
from harness.errors import InputError

if TYPE_CHECKING:
    import argparse

    from harness.observations import Reading

SCHEMA = "bandproof.decode/1"


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
    decode_qmi.add(kinds)
    decode_uecap.add(kinds)


def decode_adb(options: argparse.Namespace) -> int:
    """Decode the output of a command on a handset."""
    from harness.probes import adb

    return _show(adb.read(_text(options.file), options.command))


def decode_at(options: argparse.Namespace) -> int:
    """Decode the answer to an AT command."""
    from harness.probes import at

    return _show(
        at.read(_text(options.file), options.command, options.dialect, model=options.model, firmware=options.firmware)
    )


def _text(name: str) -> str:
    """The text of a file or of standard input; UTF-16 with a byte order mark is understood, other bytes never fail."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from error
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def _show(reading: Reading) -> int:
    out = {
        "schema": SCHEMA,
        "observations": [observation.as_json() for observation in reading.observations],
        "warnings": list(reading.warnings),
    }
    sys.stdout.write(json.dumps(out, ensure_ascii=True, indent=1) + "\n")
    return 0
