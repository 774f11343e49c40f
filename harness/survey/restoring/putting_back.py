"""Carrying out journals that dead processes left: which device is it, may it be asked, is everything as before?

A journal names its device by a hash; the devices that are plugged in are held against it, whatever port they hang on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import BandproofError, LinkError, StateError
from harness.state.gate import Gate, GatedChannel, ShellChannel, unique_items
from harness.state.holding import let_go
from harness.state.journal import Journal, JournalPage, LeftOver, device_key, left_over
from harness.state.restore import PutBack, put_back
from harness.survey.restoring.reached import ReachedDevice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.links.adb.shell import AdbShell
    from harness.links.base import ShellLink

RESTORE_S = 60.0
"""How long one device may take to be found and put back."""
FIRMWARE = "getprop ro.build.fingerprint"


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What became of one journal. `trouble` says why the device is not as before, or not known to be."""

    words: str
    put_back: tuple[PutBack, ...] = ()
    trouble: str = ""
    way_out: str = ""
    remark: str = ""
    """What is as the user wants it, and may be forgotten."""
    unreadable: bool = False
    """The journal itself cannot be read."""

    @property
    def is_blocked(self) -> bool:
        """Whether it needs a person; a device that is merely not there does not."""
        return self.unreadable or any(one.outcome == "blocked" for one in self.put_back)

    @property
    def lines(self) -> tuple[str, ...]:
        """What people are told, a line each."""
        told = [
            f"{self.words}: {one.words} {_DONE[one.outcome].format(one.before)}"
            + (
                f" ({one.why})"
                if one.outcome == "blocked"
                else "; restart the device for it to hold"
                if one.later
                else ""
            )
            for one in self.put_back
        ]
        told += [f"{self.words}: {self.remark}"] if self.remark else []
        return (
            (*told, f"{self.words}: {self.trouble}" + (f"; {self.way_out}" if self.way_out else ""))
            if self.trouble
            else (*told,)
        )


_DONE = {"unchanged": "reads {} as before", "restored": "put back to {}", "blocked": "is NOT put back to {}"}


def firmware_of(link: ShellLink, *, deadline_s: float) -> str:
    """The build that a handset runs: what was read under one need not hold under another. Raises LinkError."""
    told = link.run([FIRMWARE], deadline_s=deadline_s)[0]
    return told.text.strip() if told is not None and told.error is None else ""


def gated_handset(link: AdbShell, opened_by: str) -> GatedChannel:
    """A handset's shell behind the gate for what can be changed without root."""
    from harness.probes.adb.state import STATE

    return GatedChannel(ShellChannel(link), Gate(STATE, opened_by))


def find_handset(page: JournalPage, deadline_s: float) -> ReachedDevice | None:
    """The handset of a journal, among those that the adb server has. Raises LinkError."""
    from harness.links.adb.server import list_handsets
    from harness.links.adb.shell import open_adb
    from harness.probes.adb.state import STATE

    if page.changes and all(one.channel != "adb" for one in page.changes):
        return None
    serial = next(
        (one.serial for one in list_handsets(deadline_s=deadline_s) if device_key("adb", one.serial) == page.device),
        None,
    )
    if serial is None:
        return None
    link = open_adb(serial, deadline_s=deadline_s, allow_changes=True)
    try:
        firmware = firmware_of(link, deadline_s=deadline_s)
    except LinkError:
        link.close()
        raise
    return ReachedDevice({"adb": gated_handset(link, "restore")}, unique_items(STATE), firmware, link.close)


def _find_modem(page: JournalPage, deadline_s: float) -> ReachedDevice | None:
    from harness.survey.restoring.modem_finding import find_modem

    return find_modem(page, deadline_s)


def _find_instrument(page: JournalPage, deadline_s: float) -> ReachedDevice | None:
    from harness.survey.restoring.instrument_finding import find_instrument

    return find_instrument(page, deadline_s)


FINDERS: list[Callable[[JournalPage, float], ReachedDevice | None]] = [find_handset, _find_modem, _find_instrument]
"""Who can find the device of a journal, asked in turn."""


def carry_out_all(
    folder: Path | None = None, *, only: str = "", insist: bool = False, wait_s: float = 0.0, kept: bool = False
) -> Iterator[CarriedOut]:
    """Every journal that no living process holds, one after another. `only`: the key of one device, or its address.

    `kept`: also those of locks that the user asked to stay (`bandproof lock`); without it they are told. `wait_s`: how
    long a device that is not plugged in is waited for. Never raises LinkError.
    """
    for left in left_over(folder):
        if left.held or (only and not _is_of(left, only)):
            continue
        if left.page is not None and left.page.kept and not kept:
            yield CarriedOut(left.page.words, remark="is locked by `bandproof lock`; `bandproof restore` puts it back")
            continue
        yield _carry_out(left, insist=insist, wait_s=wait_s)


def _is_of(left: LeftOver, only: str) -> bool:
    return only in left.path.name or (left.page is not None and left.page.reached == only)


def _carry_out(left: LeftOver, *, insist: bool, wait_s: float) -> CarriedOut:
    words = left.page.words if left.page else left.path.name
    if left.page is None:
        way_out = "put the device back by hand, then remove the file"
        return CarriedOut(words, trouble=left.why, way_out=way_out, unreadable=True)
    try:
        journal = Journal.taken_over(left.path)
    except BandproofError as error:
        return CarriedOut(words, trouble=error.message, way_out=error.way_out)
    try:
        return _with_device(journal, insist=insist, wait_s=wait_s)
    finally:
        journal.close()


def _with_device(journal: Journal, *, insist: bool, wait_s: float) -> CarriedOut:
    words, deadline_s = journal.page.words, time.monotonic() + RESTORE_S
    try:
        found = _find(journal.page, time.monotonic() + wait_s, deadline_s)
    except LinkError as error:
        return CarriedOut(words, trouble=f"was changed and cannot be reached: {error.message}", way_out=error.way_out)
    if found is None:
        return CarriedOut(
            words,
            trouble="was changed by a run that ended early, and is not plugged in",
            way_out="plug it in and run `bandproof restore`",
        )
    try:
        results = put_back(
            journal, found.channels, found.items, firmware=found.firmware, deadline_s=deadline_s, insist=insist
        )
    except StateError as error:
        return CarriedOut(words, trouble=error.message, way_out=error.way_out)
    finally:
        found.close()
        let_go(journal.page)
    blocked = any(one.outcome == "blocked" for one in results)
    way_out = "look at the device, then `bandproof restore --insist`"
    return CarriedOut(words, results, "needs a person" if blocked else "", way_out if blocked else "")


def _find(page: JournalPage, until_s: float, deadline_s: float) -> ReachedDevice | None:
    import threading

    pause = threading.Event()
    while True:
        for finder in FINDERS:
            if found := finder(page, deadline_s):
                return found
        left = until_s - time.monotonic()
        if left <= 0:
            return None
        pause.wait(min(1.0, left))
