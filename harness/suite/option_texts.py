"""The options of the plugin in words. Light: every run of every project that has bandproof installed loads this."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .sweep_options import add_options as add_sweep_options

if TYPE_CHECKING:
    from collections.abc import Callable


def describe(add: Callable[..., None]) -> None:
    """All options of the suite."""
    _devices(add)
    _judging(add)
    add_sweep_options(add)
    _keeping(add)


def _devices(add: Callable[..., None]) -> None:
    """Which devices, and what is known of them beside what they tell."""
    add(
        "--device",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="adb serial, port, URL, fixture:NAME, recording; --dut is the same, for where another plugin has --device",
    )
    add("--bench", metavar="FILE", help="the lab's devices (bench.yaml): all of them, or those of --device=bench:NAME")
    add(
        "--deadline", type=_seconds, metavar="S", help="seconds that each device may take (default: the bench's, or 60)"
    )
    add(
        "--bands",
        action="append",
        default=[],
        metavar="[DEVICE:]RAT=BANDS",
        help="what is declared of a device that has no sheet: lte=2,4,5,12,66; decides as declared, never as measured",
    )
    add(
        "--bands-source", default="", metavar="TEXT", help='where those bands are from: "the box", a page with its date'
    )
    add(
        "--evidence",
        action="append",
        default=[],
        metavar="[DEVICE:]uecap=FILE",
        help="a UE capability of the device, in any form; ,model=… ,build=… ,date=… say what it was taken from; "
        "uecap=live captures it from the handset's diagnostic port; bands=live looks at MediaTek's band screen",
    )
    add("--act", action="store_true", help="let a live capture switch airplane mode or open an app, once")
    add("--scat", default="", metavar="PROGRAM", help="the program that reads diagnostic ports (default: scat)")
    add(
        "--declared",
        action="append",
        default=[],
        metavar="[DEVICE:]ics=FILE|fcc=FILE",
        help="the maker's filled ICS, or the saved page of an FCC grant: held against the device",
    )


def _judging(add: Callable[..., None]) -> None:
    """By whom, by which day, and how strictly."""
    add("--carrier", action="append", default=[], metavar="NAME", help="us, us/att, us/att@2017-03; default: the SIM's")
    add("--as-of", metavar="YYYY-MM-DD", help="judge by the editions of that day")
    add("--policy", choices=("strict", "service"), default="strict", help="which levels decide (default: strict)")
    add(
        "--require-grade",
        choices=("measured", "observed", "declared"),
        default="declared",
        help="weakest evidence taken",
    )
    add("--max-evidence-age", type=_days, metavar="DAYS", help="INCONC where a device was read longer ago than that")
    add("--waivers", metavar="FILE", help="deviations that somebody answers for: FAIL and INCONC become WAIVED")
    add(
        "--inconclusive",
        choices=("fail", "pass"),
        default="fail",
        help="whether INCONC fails the run (default: fail); passing, it is shown as INCONC all the same",
    )
    add("--strict-profiles", action="store_true", help="count INCONC that only the carrier's profile leaves open")
    add(
        "--own-cases-only",
        action="store_true",
        help="leave the certification out: run the cases of the files named alone",
    )


def _keeping(add: Callable[..., None]) -> None:
    """What is kept of the run."""
    add("--report-dir", metavar="DIR", help="where the run's files go: new or empty (default: reports/<time>-<id>/)")
    add("--record", metavar="DIR", help="also keep each device's recording in DIR: new or empty")
    add("--note", action="append", default=[], metavar="[DEVICE:]TEXT", help="the operator's note, for the report")
    add("--scrub-cells", action="store_true", help="keep cell ids and tracking areas out of everything that is written")
    add("--ics", action="store_true", help="fill the ICS of each device from the evidence, beside the report")
    add(
        "--history",
        metavar="URI",
        help="append the run to this table: a folder, s3://… (bench.yaml, BANDPROOF_HISTORY)",
    )


def _seconds(text: str) -> float:
    """A number of seconds above 0. Raises ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _days(text: str) -> int:
    """A number of days. Raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)
