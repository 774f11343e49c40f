"""The sweep of one handset of a run: its technologies in the stead of bands, over its shell, kept as a modem's sweep is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from harness.errors import BandproofError
from harness.recording.scrubbing.scrub import hide_address
from harness.sweep import marks
from harness.sweep.bands import RATS
from harness.sweep.handset.order import HandsetOrder, PlannedRat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.links.adb.shell import AdbShell
    from harness.links.addresses import Address
    from harness.observations import Rat
    from harness.recording.exchange import Exchange
    from harness.survey.survey import Survey
    from harness.survey.targets import Target
    from harness.sweep.plan import SweepPlan

OPEN_S = 15.0
_SDK = "getprop ro.build.version.sdk"
FIRST_SDK_WITH_AIRPLANE = 30
"""Android 11 has `cmd connectivity airplane-mode`; before, the setting alone changes the icon and not the radio."""
NO_MODEM = "a modem is held to bands, not to a technology: name bands"


def is_handset(survey: Survey, addresses: Sequence[Address] = ()) -> bool:
    """Whether a device is swept as a handset: it was asked over adb, and has no AT port of its own."""
    kinds, links = {one.kind for one in addresses}, {link for link, _ in survey.exchanges}
    has_port = "at" in kinds or "at" in links - survey.through_shell
    return not has_port and "adb" in kinds | links


def planned_rats(plan: SweepPlan, *, handset: bool) -> list[PlannedRat]:
    """The technologies that are to be held: those that were named; of a handset also those of the bands required."""
    named = set(plan.rats)
    if handset and plan.required:
        named |= {"nr" if one.rat == "nr" else "lte" for one in plan.bands}
    return [_planned(rat, handset=handset) for rat in RATS if rat in named]


def _planned(rat: Rat, *, handset: bool) -> PlannedRat:
    return PlannedRat(rat) if handset else PlannedRat(rat, "not_applicable", NO_MODEM)


def sweep_handset(
    survey: Survey,
    target: Target,
    address: Address,
    plan: SweepPlan,
    keep: Callable[[Exchange], None],
    tell: Callable[[str], None] | None,
) -> None:
    """Hold it to one technology after another. What goes wrong is a mark; nobody else has it meanwhile."""
    from harness.links.adb.shell import open_adb

    try:
        link = open_adb(address.value, deadline_s=time.monotonic() + OPEN_S, allow_changes=True, exclusive=True)
        try:
            _run(link, survey, address, plan, keep, tell)
        finally:
            link.close()
    except BandproofError as error:
        from harness.links.clock import REAL_CLOCK

        lines = [hide_address(error.message, target.address)]
        keep(marks.mark(marks.TROUBLE, lines=lines, at=REAL_CLOCK.now()))


def _run(
    link: AdbShell,
    survey: Survey,
    address: Address,
    plan: SweepPlan,
    keep: Callable[[Exchange], None],
    tell: Callable[[str], None] | None,
) -> None:
    from harness.links.clock import REAL_CLOCK
    from harness.links.read_only import is_shell_read
    from harness.survey.restoring.putting_back import firmware_of
    from harness.sweep.handset.holding import HandsetSweep
    from harness.sweep.handset.shell_port import ShellPort
    from harness.sweep.link import SweepLink

    order = HandsetOrder(
        rats=tuple(planned_rats(plan, handset=True)),
        opened_by=plan.opened_by,
        serial=link.handset.serial,
        words=survey.label,
        firmware=firmware_of(link, deadline_s=time.monotonic() + OPEN_S),
        no_cycle=_no_cycle(link),
        data=plan.validated,
        settle_s=plan.settle_s,
        wait_s=plan.wait_s,
        reached=address.value,
    )
    HandsetSweep(SweepLink(ShellPort(link), keep, REAL_CLOCK, tell=tell, reads=is_shell_read), order).run()


def _no_cycle(link: AdbShell) -> str:
    """Why airplane mode may not be switched; empty where it may."""
    if not link.handset.usb:
        return "adb does not reach it over a cable, and airplane mode would cut it off"
    told = link.run([_SDK], deadline_s=time.monotonic() + OPEN_S)[0]
    text = told.text.strip() if told is not None and told.error is None else ""
    if not text.isdigit() or int(text) < FIRST_SDK_WITH_AIRPLANE:
        return "Android before 11 has no command that switches airplane mode"
    return ""
