"""`bandproof diff RUN_A RUN_B`: what a firmware build, a variant or a day changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof diff`."""
    diff = commands.add_parser("diff", help="two runs: bands gained and lost per layer, verdicts that changed")
    diff.add_argument("before", metavar="RUN_A", help="the folder of a run, or its report.json")
    diff.add_argument("after", metavar="RUN_B", help="the later run, likewise")
    diff.add_argument("--json", action="store_true", help="one JSON object")
    diff.add_argument("--html", metavar="FILE", help="also write a page")
    diff.set_defaults(run=show_diff)


def show_diff(options: argparse.Namespace) -> int:
    """0 nothing was lost, 1 a band was lost or a verdict became heavier, 4 a run cannot be read."""
    from harness.reports.document.document import load_document
    from harness.reports.run.diff import diff_documents, diff_json
    from harness.reports.run.diff_page import diff_html, diff_lines

    before, after = load_document(Path(options.before)), load_document(Path(options.after))
    pairs = diff_documents(before, after)
    if options.html:
        from harness.recording.writer import write_atomically

        write_atomically(Path(options.html), diff_html(pairs, before, after).encode("utf-8", "replace"))
    if options.json:
        sys.stdout.write(json.dumps(diff_json(pairs, before, after), indent=1) + "\n")
    else:
        from harness.commands.views.page import tell

        tell(diff_lines(pairs), hang=10)
    return 1 if any(pair.is_worse for pair in pairs) else 0
