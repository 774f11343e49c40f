"""The `bandproof` command: arguments in, one function a command, errors to exit statuses. It imports nothing heavy."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from harness import __version__
from harness.errors import BandproofError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0 done, 2 wrong usage, 3 a device or link error, 4 unreadable input."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        from harness import commands

        return int(getattr(commands, options.run)(options))
    except BandproofError as error:
        if options.debug:
            raise
        print(f"bandproof: {_one_line(error)}", file=sys.stderr)  # noqa: T201
        return error.exit_status
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("bandproof: interrupted", file=sys.stderr)  # noqa: T201
        return 130


def _one_line(error: BandproofError) -> str:
    """Message and way out on one line; device text in it shows no control signs."""
    text = f"{error.message}; {error.way_out}" if error.way_out else error.message
    return "".join(sign if sign.isprintable() else " " for sign in text)[:600]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bandproof",
        description="Proves which cellular bands a device really has, and whether a carrier will accept them.",
    )
    parser.add_argument("--version", action="version", version=f"bandproof {__version__}")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_decode(commands)
    _add_lookups(commands)
    _add_profiles(commands)
    return parser


def _add_decode(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    decode = commands.add_parser("decode", help="text that a device printed -> observations as JSON")
    kinds = decode.add_subparsers(metavar="KIND", required=True)
    adb = kinds.add_parser("adb", help="output of a command on a handset; what it is, is recognised")
    adb.add_argument("--command", help="the command that printed it, such as 'dumpsys telephony.registry'")
    adb.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
    adb.set_defaults(run="decode_adb")
    at = kinds.add_parser("at", help="the answer to an AT command")
    at.add_argument("--command", required=True, help="the command, such as 'AT+CEREG?'")
    at.add_argument("--dialect", help="the modem's family; a 3GPP command needs none")
    at.add_argument("--model", help="the modem's model, where the family's answers depend on it")
    at.add_argument("--firmware", help="the modem's firmware, where the answers depend on it")
    at.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
    at.set_defaults(run="decode_at")


def _add_lookups(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    band = commands.add_parser("band", help="what 3GPP says of a band: 66, n78, umts2, gsm850")
    band.add_argument("name")
    band.add_argument("--json", action="store_true")
    band.set_defaults(run="show_band")
    earfcn = commands.add_parser("earfcn", help="band, frequency and twins of an EARFCN; an NR-ARFCN with --nr")
    earfcn.add_argument("number", type=int)
    earfcn.add_argument("--nr", action="store_true", help="the number is an NR-ARFCN")
    earfcn.add_argument("--json", action="store_true")
    earfcn.set_defaults(run="show_channel")


def _add_profiles(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    profiles = commands.add_parser("profiles", help="carrier profiles and device sheets")
    verbs = profiles.add_subparsers(metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="all profiles, or those of a country")
    listing.add_argument("names", nargs="*")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run="list_profiles")
    show = verbs.add_parser("show", help="the requirements of a carrier at a date")
    show.add_argument("name")
    show.add_argument("--as-of", metavar="YYYY-MM-DD")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run="show_profile")
    lint = verbs.add_parser("lint", help="check profiles and sheets: file, line, column and what was expected")
    lint.add_argument("paths", nargs="*", help="files or folders; without, all that are known")
    lint.add_argument("--json", action="store_true")
    lint.set_defaults(run="lint_profiles")


if __name__ == "__main__":
    sys.exit(main())
