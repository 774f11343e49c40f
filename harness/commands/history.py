"""`bandproof history`: all runs that were appended to one table, and what they tell together."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from harness.errors import FileError, UsageError
from harness.plain_text import one_line, plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.history.questions.answer import HistoryAnswer
    from harness.history.store import Store

    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: Subcommands) -> None:
    """The parser of `bandproof history`."""
    history = commands.add_parser(
        "history",
        help="all runs together: last verdicts, what a build lost, what is flaky, coverage",
        description="The table is that of --history, of BANDPROOF_HISTORY or of a bench.yaml here. Needs "
        "pip install 'bandproof[history]'.",
    )
    verbs = history.add_subparsers(metavar="QUESTION", required=True)
    _add_imports(verbs)
    device = _question(verbs, "device", "the last verdicts of a piece, with build and age", _device)
    device.add_argument("device", metavar="DEVICE", help="its key, its sample's number, or its name")
    device.add_argument("--carrier", metavar="NAME", help="of one carrier alone")
    model = _question(verbs, "model", "the first build of a model that lost a band or a requirement", _model)
    model.add_argument("model", metavar="MODEL", nargs="?", help="as devices tell it; all models without it")
    carrier = _question(verbs, "carrier", "what devices come to at a carrier", _carrier)
    carrier.add_argument("carrier", metavar="CARRIER", help="us/att")
    build = _question(verbs, "build", "what a build lost and gained against the one before", _build)
    build.add_argument("build", metavar="BUILD", help="the build, of a modem its baseband")
    build.add_argument("--model", metavar="MODEL", help="of one model alone")
    flaky = _question(verbs, "flaky", "requirements that flip on the same piece, build and profile", _flaky)
    flaky.add_argument("--days", type=_days, default=90, metavar="N", help="so far back (default: 90)")
    coverage = _question(verbs, "coverage", "models against carriers", _coverage)
    coverage.add_argument("--country", metavar="CC", help="carriers of one country")
    for one in (carrier, coverage):
        one.add_argument("--policy", choices=("strict", "service"), default="strict", help="default: strict")
    own = _question(verbs, "sql", "a question of your own, over runs, devices, results, verdicts, bands", _sql)
    own.add_argument("sql", metavar="SQL", help="DuckDB's; it can read the history and nothing else")
    _add_forget(verbs)


def _add_imports(verbs: Subcommands) -> None:
    take = verbs.add_parser("import", help="take runs that were made before, or elsewhere")
    take.add_argument("runs", metavar="RUN", nargs="+", help="folders of runs, or their report.json")
    _where(take)
    take.set_defaults(run=import_runs)


def _add_forget(verbs: Subcommands) -> None:
    forget = verbs.add_parser(
        "forget", help="take a device, or an operator's name, out of the table, its files and its log"
    )
    forget.add_argument("device", metavar="DEVICE", nargs="?", help="its key, its sample's number, or its name")
    forget.add_argument("--tester", metavar="NAME", help="the operator's name, as runs keep it")
    forget.add_argument("--yes", action="store_true", help="do not ask")
    _where(forget)
    forget.set_defaults(run=forget_rows)


def _question(
    verbs: Subcommands, name: str, words: str, ask: Callable[[argparse.Namespace, Store], HistoryAnswer]
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words)
    _where(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    for form, what in (("csv", "CSV"), ("parquet", "Parquet"), ("html", "a page")):
        parser.add_argument(f"--{form}", metavar="FILE", help=f"also write {what}")
    parser.set_defaults(run=lambda options: answer_of(options, ask))
    return parser


def _where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--history", metavar="URI", help="the table: a folder, or the address of a store")


def _days(text: str) -> int:
    if not text.isdigit() or int(text) > 36500:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)


def answer_of(options: argparse.Namespace, ask: Callable[[argparse.Namespace, Store], HistoryAnswer]) -> int:
    """Ask, and print the table."""
    from harness.history import views

    store = _store(options)
    found = ask(options, store)
    try:
        if options.csv:
            _write(Path(options.csv), views.as_csv(found))
        if options.parquet:
            views.write_parquet(Path(options.parquet), found)
        if options.html:
            views.write_page(Path(options.html), found, store.uri)
    except OSError as error:
        raise FileError(str(error.strerror or error), path=str(error.filename or "the file")) from None
    if options.json:
        sys.stdout.write(views.as_json(found))
        return 0
    is_terminal = sys.stdout.isatty()
    width = os.get_terminal_size().columns if is_terminal else None
    sys.stdout.write(views.as_text(found, width, is_terminal=is_terminal))
    return 0


def _write(file: Path, text: str) -> None:
    from harness.recording.writer import write_atomically

    write_atomically(file, text.encode("utf-8", "replace"))


def _store(options: argparse.Namespace) -> Store:
    """The store that is meant. Raises UsageError where none is."""
    from harness.history.place import NoHistory, chosen
    from harness.history.store import Store

    bench, folder = None, Path()
    if not options.history:
        from harness.survey.bench import default_path, load_bench

        if default_path().is_file():
            found, path = load_bench()
            bench, folder = found.history, path.parent
    uri = chosen(options.history, bench, folder)
    if uri is None:
        raise NoHistory("no history is named", way_out="--history=URI, `history:` in bench.yaml, or BANDPROOF_HISTORY")
    return Store(uri)


def import_runs(options: argparse.Namespace) -> int:
    """Append runs, each once. 4 where one of them cannot be read; the others are taken all the same."""
    import tempfile

    from harness.history.place import DamagedRun
    from harness.history.upkeep import CHECKPOINT_EVERY, keep_up

    store, counts, wrong = _store(options), {"appended": 0, "known": 0}, 0
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(options.runs, 1):
            try:
                counts[_taken(store, Path(name), Path(folder) / "rows.ndjson")] += 1
            except (FileError, DamagedRun) as error:
                wrong += 1
                named = "" if name in error.message else f"{name}: "
                sys.stderr.write(f"bandproof: {one_line(named + error.message)}\n")
            if not number % CHECKPOINT_EVERY:
                keep_up(store)
    if counts["appended"]:
        keep_up(store)
    sys.stdout.write(f"{counts['appended']} runs taken, {counts['known']} were there\n")
    return 4 if wrong else 0


def _taken(store: Store, run: Path, rows: Path) -> Literal["appended", "known"]:
    """Append a run by way of a file of its rows. Raises FileError, HistoryError."""
    from harness.history.rows import encoded_rows, key_of
    from harness.reports.document.document import load_document

    document = load_document(run)
    try:
        rows.write_bytes(encoded_rows(document))
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror}", path=str(rows)) from None
    return store.append(rows, key_of(document))


def forget_rows(options: argparse.Namespace) -> int:
    """Take out what is named."""
    from harness.history.forgetting import forget_device, forget_tester

    if bool(options.device) == bool(options.tester):
        raise UsageError("name a device, or --tester", way_out="bandproof history forget DEVICE")
    store, what = _store(options), one_line(options.device or options.tester)
    if not options.yes:
        sys.stderr.write(f"all that {store.uri} keeps of {what} will be gone; yes? ")
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise UsageError("nothing was taken out", way_out="answer yes, or give --yes")
    if options.device:
        count = forget_device(store, options.device)
        gone = f"{plural(count, 'row')} of {what} {'is' if count == 1 else 'are'} gone"
        sys.stdout.write(f"{gone}; the folders of its runs are kept where they lie\n")
    else:
        count = forget_tester(store, options.tester)
        sys.stdout.write(f"the name is gone from {plural(count, 'run')}; the folders of the runs still hold it\n")
    return 0


def _device(options: argparse.Namespace, store: Store) -> HistoryAnswer:
    from harness.history.questions.device import last_verdicts

    return last_verdicts(store.view(), options.device, carrier=options.carrier)


def _model(options: argparse.Namespace, store: Store) -> HistoryAnswer:
    from harness.history.questions.changes import lost_by_model

    return lost_by_model(store.view(), options.model)


def _carrier(options: argparse.Namespace, store: Store) -> HistoryAnswer:
    from harness.history.questions.coverage import carrier_results

    return carrier_results(store.view(), options.carrier, policy=options.policy)


def _build(options: argparse.Namespace, store: Store) -> HistoryAnswer:
    from harness.history.questions.changes import changes_of_build

    return changes_of_build(store.view(), options.build, options.model)


def _flaky(options: argparse.Namespace, store: Store) -> HistoryAnswer:
    from harness.history.questions.flaky import flaky, month_since

    since, month = month_since(options.days)
    return flaky(store.view(since=month), since)


def _coverage(options: argparse.Namespace, store: Store) -> HistoryAnswer:
    from harness.history.questions.coverage import coverage

    return coverage(store.view(), country=options.country, policy=options.policy)


def _sql(options: argparse.Namespace, store: Store) -> HistoryAnswer:
    from harness.history.questions.own import own_question

    return own_question(store.view(apart=True), options.sql, store.readable())
