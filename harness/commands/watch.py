"""`bandproof watch`: where a device is served, live and as a recording, with a picture of it at the end."""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from harness.links.addresses import Address
    from harness.recording.exchange import RecordingInfo
    from harness.recording.writer import RecordingWriter
    from harness.survey.watched import Opened
    from harness.watch.following import Follower

SCHEMA = "bandproof.watch/1"
PICTURE = "watch.html"
LEAST_INTERVAL_S = 2.0
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof watch`."""
    watch = commands.add_parser(
        "watch",
        help="serving band, carriers, registration and signal of a device, live and as a recording",
        description="Watches a modem or a handset until Ctrl-C: what comes unasked first, and one look every 30 s, for some "
        "modems freeze when they are asked more often. Prints every change. The folder holds the recording and "
        f"{PICTURE} with a picture of the course. A device that goes away is waited for. Of a recorded watch the "
        "folder draws it again.",
    )
    watch.add_argument("address", metavar="ADDRESS", help="an AT port, a handset, or the folder of a recorded watch")
    watch.add_argument("--bench", metavar="FILE", help="the bench file that bench:NAME stands in (default bench.yaml)")
    watch.add_argument("-o", "--output", default="", metavar="DIR", help="a new folder (default watch-DATE)")
    watch.add_argument(
        "--interval", type=_interval, default=30.0, metavar="S", help="seconds between two looks (default 30)"
    )
    watch.add_argument(
        "--for",
        type=_lasting,
        default=0.0,
        dest="lasting",
        metavar="TIME",
        help="30s, 90min, 2h, 3d (default: until Ctrl-C)",
    )
    watch.add_argument(
        "--slot", type=int, choices=(0, 1), help="the SIM slot of a handset (default: the one in service)"
    )
    watch.add_argument("--scrub-cells", action="store_true", help="also replace cell ids and tracking areas")
    watch.add_argument("--json", action="store_true", help=f"at the end a summary as one JSON object ({SCHEMA})")
    watch.set_defaults(run=watch_device)


def watch_device(options: argparse.Namespace) -> int:
    """Watch one device. 0 also after Ctrl-C, which is how a watch ends; 3 where it could not be opened."""
    address = _address(options)
    if address.kind == "recording":
        return _again(options, address)
    folder = _folder(options.output)
    made = not folder.exists()
    from harness.recording.writer import RecordingWriter
    from harness.survey.watched import open_watched

    writer = RecordingWriter(folder, _info(address, folder.name), cells=options.scrub_cells, live=True)
    try:
        try:
            opened = open_watched(address, writer)
        except BaseException:
            writer.close()
            _discard(folder, made=made)
            raise
        opened.follower.slot = options.slot
        _watch(opened, options)
        _finish(writer, opened, folder)
    finally:
        writer.close()
    _tell(options, opened.follower, opened.words, folder / PICTURE)
    return 0


def _address(options: argparse.Namespace) -> Address:
    """What the address names; of an entry of a bench file its AT port, else its handset. Raises UsageError, UnknownName."""
    from harness.links.addresses import parse_address

    address = parse_address(options.address)
    if address.kind != "bench":
        return address
    from harness.survey.bench import load_bench

    device = load_bench(options.bench)[0].device(address.value)
    return parse_address(device.at or device.adb or device.addresses[0])


def _watch(opened: Opened, options: argparse.Namespace) -> None:
    """Until its time is over, or somebody stops it."""
    from harness.links.clock import REAL_CLOCK
    from harness.watch.watching import Watch, WatchPlan

    plan = WatchPlan(interval_s=options.interval, for_s=options.lasting)
    screen = _Screen(opened, quiet=options.json)
    with _stopping() as stopped:
        try:
            Watch(opened.device, REAL_CLOCK, plan, after=screen.show, regain=opened.regain, stopped=stopped).run()
        finally:
            opened.close()
            screen.end()


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or SIGTERM came. The answer under way still ends; a second Ctrl-C does not wait for it."""
    asked: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, _: object) -> None:
        asked.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    for number in before:
        signal.signal(number, stop)
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Screen:
    """Every change as a line, and on a terminal what is now, in place."""

    def __init__(self, opened: Opened, *, quiet: bool) -> None:
        self._opened = opened
        self._quiet = quiet
        self._shown = 0
        self._live = sys.stdout.isatty() and not quiet

    def show(self) -> None:
        """What is new."""
        self._opened.follow()
        course = self._opened.follower.course
        new, self._shown = course.changed - self._shown, course.changed
        if self._quiet:
            return
        for change in list(course.changes)[-new:] if new else ():
            self._line(f"{_clock(self._opened.follower, change.at_s)}  {_plain(change.words)}\n")
        if self._live:
            now = course.away or str(course.moment or "")
            sys.stdout.write(f"\r\033[K{_plain(now, 70)}  [asked {course.looks}, unasked {course.unasked}]")
        sys.stdout.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._live:
            self._line("")
            sys.stdout.flush()

    def _line(self, text: str) -> None:
        sys.stdout.write(f"\r\033[K{text}" if self._live else text)


def _plain(text: str, longest: int = 200) -> str:
    from harness.plain_text import one_line

    return one_line(text, longest)


def _clock(follower: Follower, at_s: float) -> str:
    from datetime import timedelta

    began: datetime | None = follower.began
    return (began + timedelta(seconds=at_s)).strftime("%H:%M:%S") if began else f"{at_s:.0f} s"


def _finish(writer: RecordingWriter, opened: Opened, folder: Path) -> None:
    """The recording whole, its picture beside it."""
    from dataclasses import replace

    from harness.recording.files import load_info
    from harness.reports.html.watch_page import watch_html

    page = watch_html(opened.follower, opened.words)
    writer.keep_file(PICTURE, page.encode("utf-8", "replace"))
    writer.finish(replace(load_info(folder), device=opened.identity))


def _again(options: argparse.Namespace, address: Address) -> int:
    """The picture of a recorded watch once more, from its exchanges alone."""
    from harness.links.opening import load_address
    from harness.recording.writer import write_atomically
    from harness.reports.html.watch_page import watch_html
    from harness.survey.watched import followed

    recording = load_address(address)
    follower = followed(recording, slot=options.slot)
    told = recording.info.device
    words = " ".join(filter(None, (told.get("manufacturer"), told.get("model")))) or recording.info.id
    folder = _folder(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / PICTURE, watch_html(follower, words).encode("utf-8", "replace"))
    _tell(options, follower, words, folder / PICTURE)
    return 0


def _tell(options: argparse.Namespace, follower: Follower, words: str, picture: Path) -> None:
    from harness.reports.html.watch_page import headline, how_asked

    if options.json:
        sys.stdout.write(json.dumps(_summary(follower, words, picture)) + "\n")
        return
    sys.stdout.write(f"{_plain(words)}: {_plain(headline(follower.course))}\n{how_asked(follower.course)}\n{picture}\n")


def _summary(follower: Follower, words: str, picture: Path) -> dict[str, Any]:
    course = follower.course
    levels = course.whole.levels
    return {
        "schema": SCHEMA,
        "device": words,
        "began": follower.began.isoformat(timespec="milliseconds") if follower.began else None,
        "lasted_s": round(course.at_s, 3),
        "looks": course.looks,
        "unasked": course.unasked,
        "unanswered": course.unanswered,
        "losses": course.losses,
        "changes": course.changed,
        "seconds": {
            lane: {name: round(s, 3) for name, s in told.items()} for lane, told in course.whole.seconds.items()
        },
        "rsrp_dbm": {"low": levels.low, "high": levels.high, "mean": round(levels.mean, 1)} if levels.count else None,
        "picture": str(picture),
    }


def _info(address: Address, name: str) -> RecordingInfo:
    from harness import __version__
    from harness.recording.exchange import RecordingInfo, now

    return RecordingInfo(
        id=name, provenance="recorded", recorded_at=now(), tool=f"bandproof {__version__}", address=address.text
    )


def _folder(named: str) -> Path:
    """The folder to write to: new, or empty. Raises UsageError."""
    from datetime import UTC, datetime

    from harness.errors import UsageError

    folder = Path(named or f"watch-{datetime.now(UTC):%Y-%m-%d-%H%M%S}")
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise UsageError(f"cannot look into {folder}: {error.strerror or error}") from None
    if taken:
        raise UsageError(f"{folder} is there already, and not empty", way_out="name a new folder: -o DIR")
    return folder


def _discard(folder: Path, *, made: bool) -> None:
    """Nothing was seen, so nothing is left."""
    for file in folder.glob("*.yaml"):
        file.unlink(missing_ok=True)
    if made:
        folder.rmdir()


def _interval(text: str) -> float:
    seconds = _lasting(text)
    if seconds < LEAST_INTERVAL_S:
        raise argparse.ArgumentTypeError(f"{text}: asked more often than every {LEAST_INTERVAL_S:g} s, modems freeze")
    return seconds


def _lasting(text: str) -> float:
    """`30s`, `90min`, `2h`, `3d` in seconds; a number alone is seconds."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(s|min|m|h|d)?", text.strip())
    if found is None or not 0 < (seconds := float(found[1]) * _UNITS[found[2] or "s"]) <= 366 * 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 30s, 90min, 2h or 3d")
    return seconds
