"""`bandproof survey`: everything read of one device, each fact with its grade and source (`bandproof.survey/1`)."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.errors import LinkError
    from harness.survey.survey import Survey
    from harness.survey.targets import Target

SCHEMA = "bandproof.survey/1"
DEVICE_ERROR = 3


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof survey`."""
    survey = commands.add_parser("survey", help="everything that a device tells, each fact with its grade and source")
    add_address(survey)
    survey.add_argument("--json", action="store_true", help=f"one JSON object ({SCHEMA})")
    survey.set_defaults(run=show_survey)


def add_address(parser: argparse.ArgumentParser) -> None:
    """The arguments that name one device and how long it may take."""
    parser.add_argument(
        "address",
        help="an adb serial, host:port, a serial port, fixture:NAME, a recording's folder, a bugreport, bench:NAME",
    )
    parser.add_argument("--bench", metavar="FILE", help="the bench file that bench:NAME stands in (default bench.yaml)")
    add_reading(parser)
    add_bands(parser)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """The options of all commands that read devices, as `pytest` has them."""
    parser.add_argument("--note", action="append", default=[], metavar="TEXT", help="the operator's note, kept with it")
    parser.add_argument("--deadline", type=seconds, metavar="S", help="seconds that a device may take (default 60)")
    parser.add_argument(
        "--evidence",
        action="append",
        default=[],
        metavar="[DEVICE:]uecap=FILE",
        help="a UE capability of the device, in any form; ,model=… ,build=… ,date=… say what it was taken from",
    )


def as_read(options: argparse.Namespace, targets: Sequence[Target]) -> tuple[Target, ...]:
    """The targets with the evidence and the deadline that the options name. Raises UsageError, InputError."""
    if options.evidence:
        from harness.survey.evidence_files import with_evidence

        targets = with_evidence(targets, options.evidence)
    return tuple(replace(one, deadline_s=options.deadline or one.deadline_s) for one in targets)


def notes_of(options: argparse.Namespace) -> list[str]:
    """The operator's notes, without personal data."""
    from harness.recording.scrubbing.scrub import scrub

    return [scrub(note)[0] for note in options.note]


def add_bands(parser: argparse.ArgumentParser) -> None:
    """The arguments that declare bands of a device without a sheet."""
    parser.add_argument(
        "--bands",
        action="append",
        default=[],
        metavar="[DEVICE:]RAT=BANDS",
        help="what is declared of it: lte=2,4,5,12,66 (grade declared)",
    )
    parser.add_argument(
        "--bands-source", default="", metavar="TEXT", help="where those bands are from, such as the box"
    )


def seconds(text: str) -> float:
    """An option's number of seconds, above 0."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return number


def target_of(options: argparse.Namespace) -> Target:
    """The device that the arguments name. Raises UsageError and UnknownName."""
    from harness.recording.scrubbing.scrub import scrub
    from harness.survey.giving_bands import given_to
    from harness.survey.targets import plan_targets

    bench = None
    if options.bench or options.address.startswith("bench:"):
        from harness.survey.bench import load_bench

        bench = load_bench(options.bench)
    targets = as_read(options, plan_targets([options.address], bench))
    return given_to(targets, options.bands, scrub(options.bands_source)[0])[0]


def deadline_of(target: Target) -> float:
    """When the device must have answered, in seconds of `time.monotonic()`."""
    return time.monotonic() + target.deadline_s


def show_survey(options: argparse.Namespace) -> int:
    """Read the device and print what it told; 3 where it could not be read, with what came until then."""
    from harness.survey.reading import read_device

    target = target_of(options)
    heard: list[LinkError] = []
    survey = read_device(target, deadline_s=deadline_of(target), hears=heard.append)
    notes = notes_of(options)
    if options.json:
        told = as_json(survey) | ({"notes": notes} if notes else {})
        sys.stdout.write(json.dumps(told, ensure_ascii=True, indent=1) + "\n")
    else:
        from harness.commands.views.page import page
        from harness.commands.views.survey import draw

        shown = page()
        draw(shown, survey)
        sys.stdout.write(str(shown))
        sys.stdout.writelines(f"note: {note}\n" for note in notes)
    if survey.trouble:
        from harness.plain_text import one_line

        sys.stdout.flush()
        ways = dict.fromkeys(error.way_out for error in heard if error.way_out)
        sys.stderr.write(f"bandproof: {one_line('; '.join((survey.trouble, *ways)))}\n")
        return DEVICE_ERROR
    return 0


def as_json(survey: Survey) -> dict[str, Any]:
    """The survey as one JSON object; observations as `bandproof decode` prints them."""
    from harness.binding.binding import warnings_of
    from harness.binding.links import hold_links
    from harness.recording.scrubbing.scrub import scrub_address

    return {
        "schema": SCHEMA,
        "device": survey.device,
        "address": scrub_address(survey.address),
        "kind": survey.kind,
        "dialect": survey.dialect,
        "provenance": survey.provenance,
        "trouble": survey.trouble,
        "bonds": [str(bond) for bond in hold_links(survey).bonds],
        **(
            {"declared": {**survey.given_bands.by_rat, "source": survey.given_bands.source}}
            if survey.given_bands
            else {}
        ),
        "observations": [item.as_json() for item in survey.observations],
        "warnings": list(warnings_of(survey)),
    }
