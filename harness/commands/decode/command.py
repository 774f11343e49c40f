"""`bandproof decode`: pasted text -> observations (`bandproof.decode/1`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.commands.decode import qmi, uecap
from harness.commands.decode.text import add_json, as_text, read_octets, read_text, show

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof decode`."""
    decode = commands.add_parser("decode", help="text that a device printed, in words; as JSON in a pipe")
    kinds = decode.add_subparsers(metavar="KIND", required=True)
    adb = kinds.add_parser("adb", help="output of a command on a handset, or its bugreport; what it is, is recognised")
    adb.add_argument("--command", help="the command that printed it, such as 'dumpsys telephony.registry'")
    adb.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
    add_json(adb)
    adb.set_defaults(run=decode_adb)
    at = kinds.add_parser("at", help="the answer to an AT command, or a whole session")
    at.add_argument("--command", help="the command, such as 'AT+CEREG?'; without it, a whole session with its echoes")
    at.add_argument("--dialect", help="the modem's family; a 3GPP command needs none")
    at.add_argument("--model", help="the modem's model, where the family's answers depend on it")
    at.add_argument("--firmware", help="the modem's firmware, where the answers depend on it")
    at.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
    add_json(at)
    at.set_defaults(run=decode_at)
    qmi.add(kinds)
    uecap.add(kinds)


def decode_adb(options: argparse.Namespace) -> int:
    """Decode the output of a command on a handset."""
    from harness.errors import ParseError
    from harness.probes import adb
    from harness.recording.bugreport import is_bugreport

    data = read_octets(options.file)
    if options.command or not is_bugreport(data):
        return show(adb.read(as_text(data), options.command), as_json=options.json)
    from harness.probes.adb.bugreport import read_bugreport

    reading = read_bugreport(data)
    if not reading.observations:
        raise ParseError("the bugreport holds no dump of the telephony services and no properties")
    return show(reading, as_json=options.json)


def decode_at(options: argparse.Namespace) -> int:
    """Decode the answer to an AT command."""
    from harness.observations import Reading
    from harness.probes import at

    text, cut = at.with_line_end(read_text(options.file))
    model, firmware = options.model, options.firmware
    if options.command is None:
        from harness.probes.at.pasted_session import read_session

        reading = read_session(text, options.dialect, model=model, firmware=firmware)
    else:
        reading = at.read(text, options.command, options.dialect, model=model, firmware=firmware)
    return show(reading + Reading((), (cut,)) if cut else reading, as_json=options.json)
