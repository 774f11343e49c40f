"""`bandproof fit`: which carriers a device serves, as a table and a picture. A question, no verdict on a run."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.days import day_of
from harness.commands.survey import add_reading, as_read, notes_of
from harness.errors import UnknownName, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from datetime import date

    from harness.carriers.sheets import Sheets
    from harness.carriers.store import Profiles, Selected
    from harness.reports.fit.rows import FitTable
    from harness.verdicts.fit.ranking import KnownDevice

DEVICE_ERROR = 3
_PICTURES = ("svg", "png", "html")
_TABLES = ("csv", "xlsx", "parquet")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof fit`."""
    fit = commands.add_parser("fit", help="which carriers a device serves: a table and a picture")
    fit.add_argument(
        "addresses",
        nargs="*",
        metavar="ADDRESS",
        help="an adb serial, host:port, a serial port, fixture:NAME, a recording's folder, bench:NAME",
    )
    fit.add_argument(
        "--without-device",
        action="append",
        default=[],
        metavar="SHEET",
        help="a device that nobody has yet, by its sheet: xiaomi/mi-mix-2#global, or all variants: xiaomi/mi-mix-2",
    )
    from harness.commands.survey import add_bands

    add_bands(fit)
    fit.add_argument(
        "--country", action="append", default=[], metavar="CC", help="carriers of a country: Germany, or us,mx"
    )
    fit.add_argument("--carrier", action="append", default=[], metavar="NAME", help="us/att, us/att@2017-03, a country")
    fit.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day that is asked about (default: today)")
    fit.add_argument(
        "--policy",
        choices=("service", "strict"),
        default="service",
        help="service: what a carrier lives on (default); strict: every band that it lists",
    )
    fit.add_argument(
        "--require-grade",
        choices=("measured", "observed", "declared"),
        default="declared",
        help="the weakest evidence that decides (default: declared)",
    )
    fit.add_argument(
        "--by",
        choices=("carrier", "country", "population"),
        default="carrier",
        help="rows of table and picture: carriers (default); countries by name, or the most populous first",
    )
    fit.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="WHAT",
        help="show these answers only: works, gaps, no, one-list, unknown, ended; several with commas",
    )
    fit.add_argument("--top", type=int, metavar="N", help="show the N best carriers of each device")
    fit.add_argument("--bench", metavar="FILE", help="the bench file that bench:NAME stands in (default bench.yaml)")
    add_reading(fit)
    fit.add_argument("--json", action="store_true", help="one JSON object (bandproof.fit/1)")
    for form in (*_TABLES, *_PICTURES):
        fit.add_argument(f"--{form}", metavar="FILE", help=f"write {form.upper()} to this file")
    fit.set_defaults(run=show_fit)


def show_fit(options: argparse.Namespace) -> int:
    """0 where all bands fit, 1 where any carrier's are not there or not known, 3 when a device could not be read."""
    from harness.carriers.store import Profiles
    from harness.observations import Grade
    from harness.reports.fit.rows import FitTable
    from harness.verdicts.fit.ranking import Offers, ranked

    if not options.addresses and not options.without_device:
        raise UsageError("no device named", way_out="give an address, or --without-device=SHEET")
    day = day_of(options.as_of)
    selected = _selected(Profiles(), options, day)
    devices = _devices(options)
    grade = Grade[options.require_grade.upper()]
    _check_pictures(options, len(devices))
    offers = Offers(selected, options.policy, grade)
    readable = [device for device in devices if not device.unread]
    table = FitTable(
        as_of=day,
        policy=options.policy,
        require_grade=grade,
        carriers=len(selected),
        devices=tuple((device, tuple(ranked(offers.fits(device)))) for device in readable),
        by=options.by,
        notes=tuple(notes_of(options)),
        only=_only(options),
        top=_top(options),
    )
    if readable:
        _write_files(options, table)
        _print(options, table)
    return _told_trouble(devices) or int(_is_open(table))


def _is_open(table: FitTable) -> bool:
    """Whether the bands of any carrier that was asked about are not there, or not known."""
    from harness.verdicts.verdict import Outcome

    return any(fit.band_fit in {Outcome.FAIL, Outcome.INCONC} for _, fits in table.devices for fit in fits)


def _only(options: argparse.Namespace) -> tuple[str, ...]:
    from harness.reports.fit.rows import GROUPS

    words = [word.strip() for text in options.only for word in text.split(",") if word.strip()]
    for word in words:
        if word not in GROUPS:
            raise UsageError(f"--only {word!r} is no answer", way_out=f"write {', '.join(GROUPS)}")
    return tuple(words)


def _top(options: argparse.Namespace) -> int | None:
    if options.top is not None and options.top < 1:
        raise UsageError(f"--top {options.top} shows nothing", way_out="give a number from 1")
    top: int | None = options.top
    return top


def _selected(profiles: Profiles, options: argparse.Namespace, day: date) -> list[Selected]:
    """The carriers asked for, else all that had an edition by that day and had not ended."""
    from harness.carriers.resellers import remarks

    countries = [name.strip() for text in options.country for name in text.split(",") if name.strip()]
    for name in countries:
        if not profiles.country_ids(name):
            raise UnknownName("country", name, profiles.near_countries(name))
    names = [*countries, *(name for text in options.carrier for name in text.split(",") if name)]
    if names:
        chosen = profiles.select(names, day)
        for line in remarks(names):
            sys.stderr.write(f"bandproof: {line}\n")
        return chosen
    found = profiles.living(profiles.ids(), day)
    if not found:
        raise UsageError(f"no carrier has an edition as early as {day}")
    return found


def _devices(options: argparse.Namespace) -> list[KnownDevice]:
    """The devices that were read, in the order of their addresses, then those known by their sheets alone."""
    from harness.carriers.sheets import Sheets

    sheets = Sheets()
    # A sheet that does not exist is told before any device is asked.
    declared = [device for ref in options.without_device for device in _without_device(sheets, ref)]
    return [*_read(options, sheets), *declared] if options.addresses else declared


def _without_device(sheets: Sheets, ref: str) -> Iterator[KnownDevice]:
    """The variant of a sheet, or each of its variants: where they differ a buyer must choose."""
    from harness.carriers.sheets import SheetMatch
    from harness.requirements.bands.declared import declared_of
    from harness.requirements.bound import Bound
    from harness.verdicts.fit.ranking import KnownDevice
    from harness.verdicts.listing import survey_without_device

    for pair in sheets.lookup(ref).fits:
        match = SheetMatch("found", (pair,), (f"named {ref}",))
        remark = "" if match.bands else "its sheet publishes no band list"
        bound = Bound.of(survey_without_device(match), declared_of(match))
        yield KnownDevice(bound, remark=remark, without_device=True)


def _read(options: argparse.Namespace, sheets: Sheets) -> list[KnownDevice]:
    from harness.carriers.store import Profiles
    from harness.recording.scrubbing.scrub import scrub
    from harness.requirements.bands.declared import declared_by, match_for, variants_of
    from harness.requirements.bound import Bound
    from harness.survey.giving_bands import given_to
    from harness.survey.targets import plan_targets
    from harness.survey.together import read_devices
    from harness.verdicts.fit.ranking import KnownDevice
    from harness.verdicts.plan import unknown_plmns

    profiles = Profiles()
    bench = None
    if options.bench or any(address.startswith("bench:") for address in options.addresses):
        from harness.survey.bench import load_bench

        bench = load_bench(options.bench)
    targets = as_read(options, plan_targets(options.addresses, bench))
    targets = given_to(targets, options.bands, scrub(options.bands_source)[0])
    surveys = read_devices(targets)
    out = []
    for survey in surveys.values():
        match = match_for(survey, sheets)
        bound = Bound.of(
            survey,
            declared_by(survey, match)[0],
            unknown_plmns=unknown_plmns(survey, profiles),
            variants=variants_of(match),
        )
        out.append(KnownDevice(bound, remark=match.reason))
    return out


def _check_pictures(options: argparse.Namespace, devices: int) -> None:
    from harness.reports.fit.picture import MOST_DEVICES

    if devices > MOST_DEVICES and any(getattr(options, form) for form in _PICTURES):
        raise UsageError(
            f"nobody reads a picture of {devices} devices; {MOST_DEVICES} is the most",
            way_out="write --csv, --xlsx or --parquet",
        )


def _write_files(options: argparse.Namespace, table: FitTable) -> None:
    from harness.recording.writer import write_atomically

    for form in (*_TABLES, *_PICTURES):
        name = getattr(options, form)
        if not name:
            continue
        file = Path(name)
        try:
            if form in _TABLES:
                from harness.reports.fit.tables import write_table

                write_table(file, table, form)
            else:
                write_atomically(file, _picture(table, form))
        except OSError as error:
            raise UsageError(f"{name} cannot be written: {error.strerror}", way_out="name another file") from None


def _picture(table: FitTable, form: str) -> bytes:
    if form == "html":
        from harness.reports.fit.page import fit_html

        return fit_html(table).encode("utf-8", "replace")
    from harness.reports.fit.picture import fit_picture, svg

    picture = fit_picture(table)
    if form == "svg":
        return svg(picture).encode("utf-8", "replace")
    from harness.reports.fit.png import png

    return png(picture)


def _print(options: argparse.Namespace, table: FitTable) -> None:
    if options.json:
        _print_json(table)
        return
    from harness.reports.fit.terminal import fit_lines

    width = None
    if sys.stdout.isatty():
        import shutil

        width = shutil.get_terminal_size().columns
    for line in fit_lines(table, width, colour=width is not None and "NO_COLOR" not in os.environ):
        sys.stdout.write(f"{line}\n")


def _print_json(table: FitTable) -> None:
    """One device after the other, so that many need no more memory than one."""
    from harness.reports.fit.rows import device_json, head_json

    head = json.dumps(head_json(table), ensure_ascii=True, indent=1)
    sys.stdout.write(head.removesuffix("\n}") + ',\n "devices": [')
    for number, (device, fits) in enumerate(table.devices):
        sys.stdout.write(",\n" if number else "\n")
        sys.stdout.write(json.dumps(device_json(device, table.shown(fits)), ensure_ascii=True))
    sys.stdout.write("\n ]\n}\n")


def _told_trouble(devices: list[KnownDevice]) -> int:
    from harness.plain_text import one_line

    status = 0
    for device in devices:
        if device.survey.trouble:
            sys.stdout.flush()
            sys.stderr.write(f"bandproof: {one_line(device.name)}: {one_line(device.survey.trouble)}\n")
            status = DEVICE_ERROR
    return status
