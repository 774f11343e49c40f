"""`bandproof ics fill SOURCE` and `bandproof ics check FILE SOURCE`: arguments in, a file or an answer out."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import InputError, UsageError

if TYPE_CHECKING:
    import argparse

    from harness.ics.declaration import IcsDeclaration
    from harness.requirements.proforma.holding import Held

CHECK_SCHEMA = "bandproof.ics-check/1"
_SOURCE = "a run's folder, an adb serial, host:port, a serial port, fixture:NAME, a recording, or UE capability files"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parsers of `bandproof ics`."""
    ics = commands.add_parser("ics", help="the ICS proforma: fill it from evidence, hold a filled one against a device")
    verbs = ics.add_subparsers(metavar="VERB", required=True)
    fill = verbs.add_parser("fill", help="every item answered that the device's own lists answer; the rest stays blank")
    _add_source(fill)
    fill.add_argument("--spec", action="append", default=[], metavar="LIST", help="36.523-2,38.508-2 … (default: all)")
    fill.add_argument("--format", default="", metavar="FORM", help="xlsx, txt, csv, json, or those of other packages")
    fill.add_argument("-o", "--output", metavar="FILE", help="write here; a text goes to standard output without it")
    fill.add_argument("--laboratory", metavar="NAME", help="for the head (default: the bench file's or the run's)")
    fill.add_argument("--client", metavar="NAME", help="for the head")
    fill.add_argument("--contact", metavar="TEXT", help="for the head")
    fill.set_defaults(run=fill_ics)
    check = verbs.add_parser("check", help="a maker's filled proforma against the device, item by item")
    check.add_argument("file", metavar="FILE", help="workbook, 3GPP line file, list of items, CSV, JSON: recognised")
    _add_source(check)
    check.add_argument("--form", default="", metavar="FORM", help="the file's form, where it is not recognised")
    check.add_argument(
        "--complete",
        action="append",
        default=[],
        metavar="TABLES",
        help="where FALSE is an answer and no template's default: all, or 36.523-2#A.4.3.1-1,…",
    )
    check.add_argument("--all", action="store_true", help="list the items that agree and the open ones, too")
    check.add_argument("--json", action="store_true", help=f"one JSON object ({CHECK_SCHEMA})")
    check.set_defaults(run=check_ics)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="+", metavar="SOURCE", help=_SOURCE)
    parser.add_argument("--device", metavar="NAME", help="which device of a run")
    parser.add_argument("--bench", metavar="FILE", help="the bench file that bench:NAME stands in")
    parser.add_argument("--evidence", action="append", default=[], metavar="uecap=FILE", help="a UE capability of it")
    parser.add_argument("--model", metavar="NAME", help="what the capability files were taken from")
    parser.add_argument("--build", metavar="NAME", help="the software configuration that they were taken from")


def fill_ics(options: argparse.Namespace) -> int:
    """0 where the proforma was written, blank items and all."""
    from harness.ics.forms.known import named
    from harness.requirements.proforma.filling import fill

    from .sources import read_source

    form = named(options.format or Path(options.output or "ics.txt").suffix.lstrip(".").lower() or "txt")
    if form.write is None or (form.name == "xlsx" and not options.output):
        raise UsageError("a workbook is no text for the terminal", way_out="name its file: -o ics.xlsx")
    specs = [name for text in options.spec for name in text.replace("TS", "").replace(" ", "").split(",") if name]
    source = read_source(options.source, options)
    filled = fill(
        source.survey,
        specs=specs,
        date=source.date or _today(),
        laboratory=options.laboratory or source.laboratory,
    )
    filled = replace(filled, head=replace(filled.head, client=options.client or "", contact=options.contact or ""))
    _write(options.output, form.write(filled))
    told = sys.stdout if options.output else sys.stderr
    told.write(f"ics {f'{options.output}: ' if options.output else ''}{filled.sentence()}\n")
    return 0


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()


def _write(output: str | None, data: bytes) -> None:
    if output is None:
        sys.stdout.write(data.decode("utf-8"))
        sys.stdout.flush()
        return
    from harness.recording.writer import write_atomically

    try:
        write_atomically(Path(output), data)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from None


def check_ics(options: argparse.Namespace) -> int:
    """0 where all that is stated agrees, 1 where something does not or is open, 4 where nothing was read."""
    from harness.ics.forms.known import read_declaration
    from harness.requirements.proforma.holding import hold

    from .sources import read_source

    declaration = _completed(read_declaration(Path(options.file), form=options.form), options.complete)
    source = read_source(options.source, options)
    held = hold(source.survey, declaration)
    if options.json:
        sys.stdout.write(json.dumps(as_json(held, declaration), indent=1) + "\n")
    else:
        from harness.commands.views.page import page

        from .view import draw

        shown = page()
        draw(shown, held, declaration, everything=options.all)
        sys.stdout.write(str(shown))
    if not declaration.statements:
        return InputError.exit_status
    return 0 if held.agrees else 1


def _completed(declaration: IcsDeclaration, words: list[str]) -> IcsDeclaration:
    """The declaration with the tables that the user says are complete. Raises UsageError for one that does not exist."""
    if not words:
        return declaration
    from harness.ics.collecting import complete_tables

    named, strange = complete_tables(" ".join(words))
    if strange:
        raise UsageError(f"--complete {strange[0]}: no such table", way_out="write all, or 36.523-2#A.4.3.1-1")
    return replace(declaration, complete=declaration.complete | named)


def as_json(held: Held, declaration: IcsDeclaration) -> dict[str, Any]:
    """The whole comparison as one JSON object."""
    return {
        "schema": CHECK_SCHEMA,
        "file": held.source,
        "form": declaration.form,
        "device": held.device,
        "speaks": not held.speaks.refused,
        "agrees": held.agrees,
        "sentence": held.sentence,
        "counts": held.counts(),
        "remarks": list(held.all_remarks),
        "unread": list(held.unread),
        "items": [line.as_json() for line in held.lines],
    }
