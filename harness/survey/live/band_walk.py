"""The way to the Band Mode screen of MediaTek's EngineerMode and back: looked at, and never set.

Only texts of a list are tapped, and Back closes. SET and RESET change the modem, so they are on no list, and nothing is
tapped on the screen itself. A screen without a text of the list ends the walk: other builds have other menus.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from harness.errors import CommandRefused, LinkError, ParseError
from harness.observations import Grade, Reading, Source
from harness.probes.adb.band_screen import DUMP, LOG, PACKAGE, read_band_log, read_band_screen
from harness.recording.exchange import Exchange, now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.links.base import ShellLink

OPEN = f"am start -n {PACKAGE}/.EngineerMode"
BACK = "input keyevent 4"
_TAP = re.compile(r"input tap \d{1,5} \d{1,5}")
MAY_BE_TAPPED = ("Telephony", "BandMode", "Band Mode", "BandMode Select", "SIM1", "SIM 1", "BandMode(SIM1)")
"""In the order of the way; a text that comes later is preferred, as it is nearer."""
DEEPEST = 6
SETTLE_S = 1.5
_BOUNDS = re.compile(r"\[(\d{1,5}),(\d{1,5})\]\[(\d{1,5}),(\d{1,5})\]")


@dataclass(frozen=True, slots=True)
class BandWalk:
    """What the walk brought: two looks at the screen, its log, and their facts."""

    dumps: tuple[str, ...]
    log: str
    reading: Reading


def walk_to_bands(link: ShellLink, *, deadline_s: float) -> BandWalk:
    """Open the screen, look twice, read its log, and go back as far as one came.

    Raises LinkError where the screen is not reached, with the reason; what was opened is closed in any case.
    """
    walk = _Walk(link, deadline_s)
    try:
        walk.open()
        dumps = walk.go()
        log = walk.ask(LOG)
    finally:
        walk.close()
    return BandWalk(dumps, log, _reading(dumps, log))


STEPS = (DUMP, DUMP, LOG)
"""What of a walk is kept, in this order."""


def exchanges_of(walk: BandWalk) -> tuple[Exchange, ...]:
    """The walk as it is kept: two looks and the log."""
    texts = (*walk.dumps, walk.log)
    return tuple(Exchange(step, text.encode(), exit_code=0, at=now()) for step, text in zip(STEPS, texts, strict=True))


def reading_of(answers: Sequence[Exchange | None]) -> Reading:
    """What the answers to the steps of a walk tell; nothing where one is missing. Each fact names its request."""
    texts = [one.text for one in answers if one is not None and one.error is None]
    if len(texts) != len(STEPS):
        return Reading()
    try:
        told = _reading(texts[:-1], texts[-1])
    except ParseError as error:
        return Reading((), (f"the band screen cannot be read: {error.message}",))
    measured = any(item.grade is Grade.MEASURED for item in told.observations)
    source = Source(request=LOG if measured else DUMP)
    return Reading(tuple(item.from_(source) for item in told.observations), told.warnings)


def _reading(dumps: Sequence[str], log: str) -> Reading:
    """The modem's own words where the log has them, else the boxes."""
    with suppress(ParseError):
        if (told := read_band_log(log)).observations:
            return told
    return read_band_screen(dumps)


class _Walk:
    """One walk: what was opened is counted, to be closed."""

    def __init__(self, link: ShellLink, deadline_s: float) -> None:
        self._link = link
        self._deadline_s = deadline_s
        self._depth = 0

    def ask(self, command: str) -> str:
        """Run one command of the list. Raises CommandRefused for any other, LinkError for one that fails."""
        if command not in {OPEN, BACK, DUMP, LOG} and not _TAP.fullmatch(command):
            raise CommandRefused(f"{command!r} is no step of the walk", command=command)
        found = self._link.run([command], deadline_s=self._deadline_s)[0]
        if found is None or found.error or found.exit_code not in {0, None}:
            said = (found.stderr or found.response).decode("utf-8", "replace") if found else ""
            raise LinkError(f"{command}: {' '.join(said.split())[:200] or 'no answer'}", way_out=_LOOK)
        return found.text

    def open(self) -> None:
        """Start the app."""
        said = self.ask(OPEN)
        if re.search(r"Error|Exception|does not exist", said):
            raise LinkError(f"EngineerMode cannot be opened: {' '.join(said.split())[:200]}", way_out=_LOOK)
        self._depth = 1

    def go(self) -> tuple[str, str]:
        """Tap towards the screen; answer two looks at it."""
        for _ in range(DEEPEST):
            self._settle()
            dump = self.ask(DUMP)
            with suppress(ParseError):
                read_band_screen([dump])
                self._settle()
                return dump, self.ask(DUMP)
            place = tap_place(dump)
            if place is None:
                raise LinkError("the screen shows nothing that may be tapped towards Band Mode", way_out=_LOOK)
            self.ask(f"input tap {place[0]} {place[1]}")
            self._depth += 1
        raise LinkError("Band Mode was not reached", way_out=_LOOK)

    def close(self) -> None:
        """As many times Back as screens were opened."""
        with suppress(LinkError):
            for _ in range(self._depth):
                self.ask(BACK)

    def _settle(self) -> None:
        threading.Event().wait(min(SETTLE_S, max(0.0, self._deadline_s - time.monotonic())))


_LOOK = (
    "open Telephony, BandMode by hand, and read `adb shell uiautomator dump /dev/tty`; the screen must be on, unlocked"
)


def tap_place(dump: str) -> tuple[int, int] | None:
    """The middle of the one text that may be tapped; None where there is none, or it is not EngineerMode's screen."""
    start, end = dump.find("<hierarchy"), dump.rfind("</hierarchy>")
    if start < 0 or end < 0 or "<!" in dump:
        return None
    try:
        root = Xml.fromstring(dump[start : end + len("</hierarchy>")])  # noqa: S314  no declaration is let in above
    except Xml.ParseError:
        return None
    places = {}
    for node in root.iter("node"):
        found = _BOUNDS.fullmatch(node.get("bounds", ""))
        if found and node.get("package") == PACKAGE and node.get("text") in MAY_BE_TAPPED:
            left, top, right, bottom = map(int, found.groups())
            places[MAY_BE_TAPPED.index(node.get("text", ""))] = ((left + right) // 2, (top + bottom) // 2)
    return places[max(places)] if places else None
