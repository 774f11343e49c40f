"""Carrying out journals that dead processes left: which device is it, may it be asked, is everything as before?

A journal names its device by a hash; the devices that are plugged in are held against it, whatever port they hang on.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import BandproofError, LinkError, StateError
from harness.state.gate import Gate, GatedChannel, ShellChannel, unique_items
from harness.state.holding import let_go
from harness.state.journal import Journal, JournalPage, LeftOver, device_key, left_over
from harness.state.restore import PutBack, put_back
from harness.survey.restoring.reached import ReachedDevice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from harness.links.adb.shell import AdbShell
    from harness.links.base import ShellLink

RESTORE_S = 60.0
"""How long one device may take to be found and put back."""
_GOES_S = 2.0
"""How long a device that restarts may still be there."""
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
            f"{self.words}: {one.words} {_DONE[one.outcome].format(one.before)}{_tail(one)}" for one in self.put_back
        ]
        told += [f"{self.words}: {self.remark}"] if self.remark else []
        return (
            (*told, f"{self.words}: {self.trouble}" + (f"; {self.way_out}" if self.way_out else ""))
            if self.trouble
            else (*told,)
        )


_DONE = {"unchanged": "reads {} as before", "restored": "put back to {}", "blocked": "is NOT put back to {}"}


def _tail(one: PutBack) -> str:
    if one.outcome == "blocked":
        return f" ({one.why})"
    return "; the device was restarted for it" if one.later else ""


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
            journal,
            found.channels,
            found.items,
            firmware=found.firmware,
            deadline_s=deadline_s,
            insist=insist,
            strike=False,
            until_restart=True,
        )
        is_gone = _restarted(found, results, deadline_s)
        for one in results:
            if one.later:
                journal.note(one.item, "restored")
        journal.finish()
    except StateError as error:
        return CarriedOut(words, trouble=error.message, way_out=error.way_out)
    finally:
        found.close()
        let_go(journal.page)
    if is_gone:
        _wait_for(journal.page)
    blocked = any(one.outcome == "blocked" for one in results)
    way_out = "look at the device, then `bandproof restore --insist`"
    return CarriedOut(words, results, "needs a person" if blocked else "", way_out if blocked else "")


def _restarted(found: ReachedDevice, results: Sequence[PutBack], deadline_s: float) -> bool:
    """Restart a device whose values hold from then on alone, as its sweep would have; whether it was."""
    requests = dict.fromkeys(found.items[one.item].restart for one in results if one.later)
    for request in filter(None, requests):
        for channel in found.channels.values():
            # Its port may go before its answer comes.
            with suppress(LinkError):
                channel.ask(request, deadline_s=deadline_s)
    return bool(requests)


def _wait_for(page: JournalPage) -> None:
    """Until a device that restarts is there again: what follows may want to ask it."""
    threading.Event().wait(_GOES_S)
    deadline_s = time.monotonic() + RESTORE_S
    with suppress(LinkError):
        found = _find(page, deadline_s, deadline_s)
        if found is not None:
            found.close()


def _find(page: JournalPage, until_s: float, deadline_s: float) -> ReachedDevice | None:
    pause = threading.Event()
    while True:
        for finder in FINDERS:
            if found := finder(page, deadline_s):
                return found
        left = until_s - time.monotonic()
        if left <= 0:
            return None
        pause.wait(min(1.0, left))
