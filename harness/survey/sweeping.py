"""The sweep of one device of a run: its port again, the sweep's exchanges in the evidence, their facts in the survey."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from harness.errors import BandproofError, DeviceAbsent
from harness.observations import Sim
from harness.recording.scrubbing.scrub import hide_address

from .handset_sweeping import is_handset, planned_rats, sweep_handset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from harness.at_commands import FamilyRecords
    from harness.links.addresses import Address
    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.locking import Locking
    from harness.recording.exchange import Exchange, Recording
    from harness.recording.writer import RecordingWriter
    from harness.survey.survey import Survey
    from harness.survey.targets import Target
    from harness.sweep.bands import PlannedBand
    from harness.sweep.handset.order import PlannedRat
    from harness.sweep.link import ListeningPort, SweepLink
    from harness.sweep.plan import EarlierSweep, SweepPlan
    from harness.trial_facts import PlanWord

LINK: Final = "sweep"
SWEPT_PIECE: Final = "swept_piece"
"""Where the `extra` of a recording keeps which piece was swept: a keyed hash of its IMEI."""
OPEN_S = 15.0
RETURN_S = 60.0
"""How long a modem may take to come back, under whatever name."""


def with_sweep(
    survey: Survey,
    target: Target,
    addresses: Sequence[Address],
    recordings: Mapping[Address, Recording],
    writer: RecordingWriter,
    tell: Callable[[str], None] | None,
) -> Survey:
    """The survey with the facts of its sweep: run now where the target asks for one, else as its recording holds it."""
    if recordings:
        held = [one for recording in recordings.values() for one in recording.links.get(LINK, ())]
        if not held and target.sweep is not None:
            held = [_plan_mark(target.sweep, survey, "the recording holds no sweep", addresses)]
        return _told(survey, [writer.append(LINK, one) for one in held])
    if target.sweep is None:
        return survey
    return _told(survey, _swept(survey, target, addresses, writer, tell))


def _told(survey: Survey, exchanges: Sequence[Exchange]) -> Survey:
    """The survey with what the sweep's exchanges tell."""
    if not exchanges:
        return survey
    from harness.sweep.handset.reading_back import read_held
    from harness.sweep.reading_back import read_sweep

    first = len(survey.exchanges)
    numbered = [replace(one, number=first + place) for place, one in enumerate(exchanges)]
    family, modem, locking = _family_of(survey)
    reading = read_sweep(numbered, family, modem, locking) + read_held(numbered)
    return replace(
        survey,
        exchanges=(*survey.exchanges, *((LINK, one) for one in numbered)),
        observations=(*survey.observations, *reading.observations),
        warnings=(*survey.warnings, *reading.warnings),
    )


def _family_of(survey: Survey) -> tuple[Dialect | None, Modem, Locking | None]:
    from harness.probes.at import registry
    from harness.probes.at.session import modem_of

    modem = modem_of(survey.observations)
    family = registry.dialect(survey.dialect) if survey.dialect else None
    return family, modem, family.locking(modem) if family is not None and family.locking is not None else None


def _swept(
    survey: Survey,
    target: Target,
    addresses: Sequence[Address],
    writer: RecordingWriter,
    tell: Callable[[str], None] | None,
) -> list[Exchange]:
    """Run it. What cannot be changed leaves a plan that says why."""
    plan = target.sweep
    port = next((one for one in addresses if one.kind == "at"), None)
    if plan is None:
        return []
    why = plan.refused
    if survey.trouble:
        why = f"the device could not be read: {survey.trouble}"
    if port is None and is_handset(survey, addresses):
        return _handset(survey, target, addresses, writer, tell, why)
    family, modem, locking = _family_of(survey)
    if plan.earlier is not None and port is not None and not why:
        why = _another(plan.earlier, _piece_at(port.value), modem.firmware or "", cards_of(survey))
    if why or port is None or family is None or locking is None:
        return [writer.append(LINK, _plan_mark(plan, survey, hide_address(why, target.address)))]
    from harness.sweep.runner import IDENTITY

    kept: list[Exchange] = []
    for one in plan.earlier.exchanges if plan.earlier else ():
        kept.append(writer.append(LINK, one))
    if plan.earlier:
        writer.note(SWEPT_PIECE, plan.earlier.piece)
        if not plan.bands:
            return kept

    def keep(one: Exchange) -> None:
        if one.request == IDENTITY and (piece := _piece_of(one)):
            writer.note(SWEPT_PIECE, piece)
        kept.append(writer.append(LINK, one))

    run = _Live(survey, plan, port.value, family, modem, locking)
    try:
        run.run(keep, tell)
    except BandproofError as error:
        from harness.sweep import marks

        keep(marks.mark(marks.TROUBLE, lines=[hide_address(error.message, target.address)], at=_now()))
    return kept


def _handset(
    survey: Survey,
    target: Target,
    addresses: Sequence[Address],
    writer: RecordingWriter,
    tell: Callable[[str], None] | None,
    why: str,
) -> list[Exchange]:
    """A handset: held to technologies, where some are asked for; its bands are told to be none of ours."""
    plan, shell = target.sweep, next((one for one in addresses if one.kind == "adb"), None)
    if plan is None:
        return []
    if plan.earlier is not None and not why:
        why = "the sweep of a handset does not go on: start it anew"
    kept = [writer.append(LINK, _plan_mark(plan, survey, hide_address(why, target.address), addresses))]
    if not why and shell is not None and any(one.plan == "tried" for one in planned_rats(plan, handset=True)):
        sweep_handset(survey, target, shell, plan, lambda one: kept.append(writer.append(LINK, one)), tell)
    return kept


def cards_of(survey: Survey) -> frozenset[str]:
    """The home networks of the SIMs that are told."""
    return frozenset(told for one in survey.all(Sim) if (told := one.plmn or one.imsi_prefix))


def _another(earlier: EarlierSweep, piece: str, firmware: str, cards: frozenset[str]) -> str:
    """Why an earlier sweep cannot go on on this piece of hardware, with this card; empty where it can."""
    if not piece or earlier.piece != piece:
        return "the earlier sweep is of another piece, or its IMEI is not told: it does not go on here"
    if earlier.firmware != firmware:
        return f"the earlier sweep is of firmware {earlier.firmware or 'unknown'}, this is {firmware or 'unknown'}"
    if earlier.cards != cards:
        before, now = (", ".join(sorted(one)) or "no known network" for one in (earlier.cards, cards))
        return f"the earlier sweep was made with a SIM of {before}, this is one of {now}"
    return ""


def _piece_at(url: str) -> str:
    """The keyed hash of the IMEI behind a port; empty where it is not told."""
    from harness.errors import LinkError
    from harness.links.at.port import open_at
    from harness.sweep.runner import IDENTITY

    try:
        with open_at(url, deadline_s=time.monotonic() + OPEN_S) as port:
            return _piece_of(port.ask(IDENTITY, deadline_s=time.monotonic() + OPEN_S))
    except LinkError:
        return ""


def _piece_of(told: Exchange) -> str:
    from harness.recording.scrubbing.sample_key import imeis_in, sample_key

    found = imeis_in("at", told)
    return (sample_key(found[0]) or "") if found else ""


def _plan_mark(plan: SweepPlan, survey: Survey, refused: str, addresses: Sequence[Address] = ()) -> Exchange:
    """The plan of a device, `refused` in words where nothing is changed."""
    from harness.sweep import marks
    from harness.sweep.handset.order import PlannedRat, held_lines
    from harness.sweep.reading_back import plan_lines

    handset = is_handset(survey, addresses)
    bands = [(one.rat, one.band, *_refused(one, refused)) for one in _planned(plan, survey, handset=handset)]
    rats = [PlannedRat(one.rat, *_refused(one, refused)) for one in planned_rats(plan, handset=handset)]
    word = f"opened by {plan.opened_by}" if plan.opened_by else ""
    return marks.mark(marks.PLAN, lines=[*plan_lines(bands), *held_lines(rats), word], at=_now())


def _refused(one: PlannedBand | PlannedRat, why: str) -> tuple[PlanWord, str]:
    return ("refused", why) if why and one.plan == "tried" else (one.plan, one.why)


def _planned(plan: SweepPlan, survey: Survey, *, handset: bool = False) -> list[PlannedBand]:
    from harness.sweep.bands import OwnBands, plan_band

    if handset:
        # What carriers require of a handset is tried by technology; bands that were named are told to be none.
        named = () if plan.required else plan.bands
        why = _NO_NODE if "at" in survey.through_shell else _NO_PORT["adb"]
        return [plan_band(one, None, OwnBands.of(survey.observations), no_lock=why) for one in named]
    family, _, locking = _family_of(survey)
    why = family.no_lock if family is not None else _without_port(survey)
    return [plan_band(one, locking, OwnBands.of(survey.observations), no_lock=why) for one in plan.bands]


_NO_PORT = {
    "qmi": "qmicli sets no bands and sends no message of one's own, ModemManager sets one NR list for SA and NSA and for good, "
    "and no Python package speaks QMI: name the modem's AT port as well",
    "adb": "without root nothing sets a handset's bands: name technologies, `--sweep=lte,nr`, and it is held to them",
}
_NO_NODE = (
    "its AT node is read as root and not written: whether a phone keeps what is set there over a restart is not documented, "
    "so nothing could be promised of the way back; name technologies, `--sweep=lte,nr`"
)
"""Of a rooted handset: its masks are told (+EPBSE, +SPLBAND, $QCBANDPREF), and what keeps a written one is not."""


def _without_port(survey: Survey) -> str:
    """Why a device that has no AT port has no lock."""
    links = {link for link, _ in survey.exchanges}
    return next((why for link, why in _NO_PORT.items() if link in links), "")


def _now() -> str:
    from harness.recording.exchange import now

    return now()


class _Live:
    """One sweep of a live modem."""

    def __init__(
        self, survey: Survey, plan: SweepPlan, url: str, family: Dialect, modem: Modem, locking: Locking
    ) -> None:
        self._survey = survey
        self._plan = plan
        self._url = url
        self._family = family
        self._modem = modem
        self._locking = locking

    def run(self, keep: Callable[[Exchange], None], tell: Callable[[str], None] | None) -> None:
        """Open the port and sweep. Raises LinkError where it cannot be opened, StateError of the journal."""
        from harness.links.clock import REAL_CLOCK
        from harness.sweep.bands import OwnBands
        from harness.sweep.link import SweepLink
        from harness.sweep.order import SweepOrder
        from harness.sweep.runner import Sweep

        from .inhibiting import inhibited

        planned = tuple(_planned(self._plan, self._survey))
        link = SweepLink(self._open(), keep, REAL_CLOCK, forms=self._family.read_forms, tell=tell)
        try:
            keep(_plan_mark(self._plan, self._survey, ""))
            if not any(one.plan == "tried" for one in planned):
                return
            with inhibited(self._url) as holds:
                order = SweepOrder(
                    bands=planned,
                    opened_by=self._plan.opened_by,
                    words=self._survey.label,
                    firmware=self._modem.firmware or "",
                    listed=OwnBands.of(self._survey.observations),
                    reached=self._url,
                    settle_s=self._plan.settle_s,
                    wait_s=self._plan.wait_s,
                    holds=holds,
                    bearer=self._plan.bearer,
                )
                sweep = Sweep(
                    link,
                    self._locking,
                    self._family,
                    self._modem,
                    order,
                    cells=self._plan.cells,
                    reopen=partial(found_again, link, self._url, self._family.records),
                )
                sweep.run()
        finally:
            link.port.close()

    def _open(self) -> ListeningPort:
        from harness.links.at.port import open_at

        port = open_at(self._url, deadline_s=time.monotonic() + OPEN_S, allow_changes=True, allow_scans=True)
        port.learn_records(self._family.records)
        return port


def found_again(link: SweepLink, url: str, records: FamilyRecords, key: str) -> None:
    """The same modem at its port, or at another. Raises DeviceAbsent where it does not come back."""
    from harness.survey.restoring.modem_finding import reopened

    link.port.close()
    port = reopened(url, key, until_s=time.monotonic() + RETURN_S)
    if port is None:
        raise DeviceAbsent(f"the modem did not come back within {RETURN_S:.0f} s")
    port.learn_records(records)
    link.port = port
