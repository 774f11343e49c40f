"""`bandproof profiles`: list, show and lint what carriers ask for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.commands.sheets import is_sheet, list_sheets, show_sheet
from harness.commands.views.page import tell
from harness.errors import UsageError
from harness.plain_text import plural

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from harness.carriers.edition import Edition
    from harness.carriers.store import Profiles


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof profiles`."""
    profiles = commands.add_parser("profiles", help="carrier profiles and device sheets")
    verbs = profiles.add_subparsers(metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="all profiles, or those of a country")
    listing.add_argument("names", nargs="*", metavar="NAME", help="a country or a carrier: Germany, us, us/att")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=list_profiles)
    sheets = verbs.add_parser("sheets", help="all device sheets, or those that a word fits")
    sheets.add_argument(
        "names", nargs="*", metavar="WORD", help="a part of the id, the maker or the model: xiaomi, mix"
    )
    sheets.add_argument("--json", action="store_true", help="one JSON document")
    sheets.set_defaults(run=lambda options: list_sheets(options.names, as_json=options.json))
    show = verbs.add_parser("show", help="the requirements of a carrier at a date, or what a device sheet declares")
    show.add_argument(
        "name",
        metavar="NAME",
        help="a carrier, its edition, a country, a sheet: us/att, us/att@2017-03, us, xiaomi/mi-mix-2#global",
    )
    show.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day that is asked about (default: today)")
    show.add_argument("--json", action="store_true", help="one JSON document")
    show.set_defaults(run=show_profile)
    lint = verbs.add_parser("lint", help="check profiles and sheets: file, line, column and what was expected")
    lint.add_argument("paths", nargs="*", help="files or folders; without, all that are known")
    lint.add_argument("--json", action="store_true", help="one JSON document")
    lint.add_argument("--age", action="store_true", help="what is stale, and ends that have passed; fails on nothing")
    lint.add_argument("--as-of", metavar="YYYY-MM-DD", help="with --age: the day that is asked about (default: today)")
    lint.set_defaults(run=lint_profiles)


def list_profiles(options: argparse.Namespace) -> int:
    """All profiles, or those of the named countries or carriers."""
    from harness.carriers.store import Profiles

    store = Profiles()
    wanted = store.ids() if not options.names else [id_ for name in options.names for id_ in _named(store, name)]
    rows = [
        {"id": carrier.id, "name": carrier.name, "editions": [edition.as_of for edition in carrier.editions]}
        for carrier in store.carriers(dict.fromkeys(wanted))
    ]
    if options.json:
        sys.stdout.write(json.dumps(rows) + "\n")
        return 0
    width = max(len(str(row["id"])) for row in rows)
    for row in rows:
        tell([f"{row['id']:<{width}}  {row['name']}  ({', '.join(row['editions'])})"])
    return 0


def _named(store: Profiles, name: str) -> tuple[str, ...]:
    """The carriers of a country, or the one of this id."""
    if name.lower() in store.paths:
        return (name.lower(),)
    found = store.country_ids(name)
    if not found:
        raise UsageError(
            f"no profile fits {name}", way_out=f"did you mean {', '.join(store.near_countries(name)) or 'us, us/att'}?"
        )
    return found


def _day(text: str | None) -> date | None:
    from harness.carriers.dates import last_day

    try:
        return last_day(text) if text else None
    except ValueError as error:
        raise UsageError(f"--as-of {text!r} is no date", way_out="write YYYY-MM-DD, YYYY-MM or YYYY") from error


def show_profile(options: argparse.Namespace) -> int:
    """The requirements of one carrier (or of a country's) at a date, or a device sheet."""
    if is_sheet(options.name):
        return show_sheet(options.name, as_json=options.json)
    from harness.carriers.kinds import asked
    from harness.carriers.resellers import remarks
    from harness.carriers.store import Profiles

    chosen = Profiles().select([options.name], _day(options.as_of))
    if options.json:
        import msgspec

        sys.stdout.write(
            json.dumps([{"carrier": one.carrier.id, "edition": msgspec.to_builtins(one.edition)} for one in chosen])
            + "\n"
        )
        return 0
    tell(remarks([options.name]))
    for one in chosen:
        sys.stdout.write(f"{one.ref}  {one.carrier.name}\n")
        for rule in one.edition.requirements:
            tell([f"  {rule.id:<24} {rule.level:<12} {asked(rule)}"])
        tell(_related(one.edition).splitlines(), hang=6)
    return 0


def _related(edition: Edition) -> str:
    """The conformance tests that the requirements are related to, with how many name each."""
    named: dict[str, int] = {}
    for rule in edition.requirements:
        for test in rule.related():
            named[str(test)] = named.get(str(test), 0) + 1
    rows = (f"    {test}: {count} of them\n" for test, count in named.items())
    return "".join(["  related to (meeting a requirement passes no test):\n", *rows]) if named else ""


def lint_profiles(options: argparse.Namespace) -> int:
    """Check files, or all known profiles and sheets; 4 where one breaks its schema."""
    from harness.carriers.store import Profiles

    profiles = Profiles()
    if options.age:
        return _show_age(profiles, options)
    findings = profiles.lint_files([Path(path) for path in options.paths]) if options.paths else profiles.lint()
    if options.json:
        rows: list[dict[str, Any]] = [
            {"path": f.path, "line": f.line, "column": f.column, "severity": f.severity, "message": f.message}
            for f in findings
        ]
        sys.stdout.write(json.dumps(rows) + "\n")
    else:
        for finding in findings:
            tell([str(finding)])
        faults = sum(finding.severity == "error" for finding in findings)
        sys.stdout.write(f"{plural(faults, 'fault')}, {plural(len(findings) - faults, 'warning')}\n")
    return 4 if any(finding.severity == "error" for finding in findings) else 0


def _show_age(profiles: Profiles, options: argparse.Namespace) -> int:
    """What time has overtaken; 0 whatever is found."""
    import datetime

    from harness.carriers.age import age_lines, aged

    found = aged(profiles, _day(options.as_of) or datetime.date.today())
    if options.json:
        rows = [{"kind": a.kind, "carrier": a.carrier, "words": a.words, "population": a.population} for a in found]
        sys.stdout.write(json.dumps(rows) + "\n")
        return 0
    for line in age_lines(found):
        sys.stdout.write(f"{line}\n")
    return 0
