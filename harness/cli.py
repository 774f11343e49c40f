"""The `bandproof` command: arguments in, one function a command, errors to exit statuses. It imports nothing heavy."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from harness import __version__
from harness.errors import BandproofError

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOMS = {
    "devices": "devices",
    "survey": "survey",
    "fit": "fit",
    "record": "record",
    "capture": "capture",
    "watch": "watch",
    "collect": "collect",
    "restore": "restore",
    "lock": "lock",
    "decode": "decode.command",
    "band": "lookups",
    "earfcn": "lookups",
    "profiles": "profiles",
    "sheet": "sheets",
    "fixtures": "recordings",
    "simulate": "simulate",
    "bench": "bench",
    "ics": "ics.command",
    "report": "report",
    "diff": "diff",
    "merge": "merge",
    "serve": "serve",
    "history": "history",
    "verify": "verify",
    "keys": "keys",
}
"""Command -> the module of `harness.commands` that adds its parser with `add(commands)`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0 done, 2 wrong usage, 3 a device or link error, 4 unreadable input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(words).parse_args(words)
    try:
        return int(options.run(options))
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
    """Message and way out on one line; device text in it hides nothing."""
    from harness.plain_text import one_line

    text = f"{error.message}; {error.way_out}" if error.way_out else error.message
    return one_line(text, 600)


class _Parser(argparse.ArgumentParser):
    """Wrong usage in one line: what is wrong, what may have been meant, and where it is written down."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {_told(message)}; `{self.prog} --help` says how", file=sys.stderr)  # noqa: T201
        raise SystemExit(2)


def _told(message: str) -> str:
    """argparse's words; of a choice that there is not, the nearest."""
    import re

    choice = re.fullmatch(r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.*)\)", message)
    if choice is None:
        return message
    from difflib import get_close_matches

    known = [one.strip(" '") for one in choice[3].split(",")]
    near = get_close_matches(choice[2], known, 3, 0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"there is {', '.join(known)}"
    return f"no {choice[1].lower()} is named {choice[2]!r}; {hint}"


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="bandproof",
        description="Proves which cellular bands a device really has, and whether that is enough for a carrier.",
    )
    parser.add_argument("--version", action="version", version=f"bandproof {__version__}")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    asked = next((word for word in words if not word.startswith("-")), None)
    # Only the asked command's module is imported; all of them where help must name them.
    rooms = [ROOMS[asked]] if asked in ROOMS else list(dict.fromkeys(ROOMS.values()))
    for room in rooms:
        import_module(f"harness.commands.{room}").add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
