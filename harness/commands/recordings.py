"""`bandproof fixtures`: the recordings that `fixture:NAME` can name."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from harness.errors import BandproofError, UnknownName
from harness.plain_text import one_line

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof fixtures`."""
    fixtures = commands.add_parser("fixtures", help="the recordings that --device=fixture:NAME can name")
    fixtures.add_argument("names", nargs="*", metavar="WORD", help="those whose name or device holds one of the words")
    fixtures.add_argument("--json", action="store_true", help="one JSON document")
    fixtures.set_defaults(run=list_fixtures)


def list_fixtures(options: argparse.Namespace) -> int:
    """All recordings, or those that a word fits. Raises UnknownName."""
    from harness.commands.sheets import nearest
    from harness.commands.views.page import tell
    from harness.recording.files import find_recordings, load_recording

    rows = []
    for name, folder in find_recordings().items():
        try:
            info = load_recording(folder).info
        except BandproofError as error:
            rows.append({"name": name, "provenance": "", "description": f"cannot be read: {error.message}"})
            continue
        rows.append({"name": name, "provenance": info.provenance, "description": info.description})
    words = [word.casefold().removeprefix("fixture:") for word in options.names]
    chosen = [
        row
        for row in rows
        if not words or any(word in f"{row['name']} {row['description']}".casefold() for word in words)
    ]
    if words and not chosen:
        raise UnknownName("recording", options.names[0], nearest(words[0], tuple(row["name"] for row in rows)))
    if options.json:
        sys.stdout.write(json.dumps(chosen) + "\n")
        return 0
    width = max((len(row["name"]) for row in chosen), default=0)
    tell(f"fixture:{row['name']:<{width}}  {row['provenance']:<8}  {one_line(row['description'])}" for row in chosen)
    return 0
