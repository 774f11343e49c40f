"""A handset's UE capability from its own diagnostic port, while it attaches (`--evidence uecap=live`).

The port is an interface of the very USB device that adb asks. Of what it tells only capability messages are kept, in
the same records as of a file, and as a capture file of our own; the session beside them says what binds them.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import BandproofError
from harness.links.addresses import handset_on
from harness.links.diag.capture import DiagCapture, capture_diag
from harness.links.diag.gsmtap import RADIOS, Datagram, as_pcap
from harness.links.diag.port import DiagPort, device_of_handset, diag_port_of
from harness.links.diag.scat_child import scat_program
from harness.recording.exchange import Exchange, now
from harness.recording.scrubbing.scrub import hide_address
from harness.survey.evidence_reduction import Keeping
from harness.survey.evidence_trees import FORMAT
from harness.survey.live.attaching import ByAirplaneMode, ByHand, Spent
from harness.survey.live.diag_guidance import guidance_for
from harness.survey.live.records import records_of, take_datagram
from harness.survey.live.service_watch import WORDS, ServiceWatch
from harness.survey.live.session import REQUEST, LiveSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.links.adb.server import Handset
    from harness.links.adb.shell import AdbShell
    from harness.links.usb.tree import UsbDevice
    from harness.survey.live.attaching import Attaching
    from harness.survey.live.plan import LivePlan
    from harness.survey.live.service_watch import Attached

SETTLE_S = 6.0
"""NR and EN-DC containers come in the same answer or a second one soon after."""


@dataclass(frozen=True, slots=True)
class LiveCapability:
    """What came: the exchange to keep, the capture file of it, and the session."""

    exchange: Exchange
    pcap: bytes
    session: LiveSession


def read_live(
    name: str, plan: LivePlan, *, maker: str | None, words: str, deadline_s: float, tell: Callable[[str], None]
) -> LiveCapability:
    """Capture the capability of the handset that adb knows by that name; every trouble is the session's.

    `maker` and `words` (maker and model) are the handset's, for people. Raises UsageError where SCAT is not installed.
    """
    from harness.links.adb.shell import open_adb

    program = scat_program(plan.scat)
    run = _Live(name, plan, maker, words, tell)
    try:
        with ExitStack() as stack:
            link = open_adb(name, deadline_s=deadline_s, allow_changes=plan.act)
            stack.callback(link.close)
            run.capture(program, link, deadline_s)
    except BandproofError as error:
        run.failed("no_attach", error.message, error.way_out or "run again")
    return run.result()


class _Live:
    """One live capture under way."""

    def __init__(self, name: str, plan: LivePlan, maker: str | None, words: str, tell: Callable[[str], None]) -> None:
        self._name = name
        self._plan = plan
        self._maker = maker
        self._words = words
        self._tell = tell
        self._told: dict[str, Any] = {"how": "airplane_mode" if plan.act else "hand", "end": "nothing"}
        self._datagrams: tuple[Datagram, ...] = ()
        self._said: tuple[str, ...] = ()

    def failed(self, end: str, why: str, way_out: str) -> None:
        """It came to nothing, and why."""
        self._told |= {"end": end, "why": self._clean(why), "way_out": self._clean(way_out)}

    def _clean(self, text: str) -> str:
        """A message without what is personal in it, on one line."""
        return " ".join(hide_address(text, self._name).split())[:300]

    def capture(self, program: str, link: AdbShell, deadline_s: float) -> None:
        """Find the port, set the attach off, collect. Raises BandproofError where the attach cannot be set off."""
        port = self._port(link.handset)
        if port is None:
            return
        attaching = self._attaching(link, deadline_s)
        watch = ServiceWatch(link)
        seen = _Seen(watch)
        self._told["began"] = now()
        try:
            self._tell("the diagnostic port is set up (up to 20 s)")
            found = capture_diag(
                port,
                program,
                attach=lambda: _attach(attaching, watch),
                enough=seen.enough,
                settle_s=SETTLE_S,
                wait_s=self._plan.wait_s or attaching.wait_s,
                deadline_s=deadline_s,
            )
            self._take(found, watch.attached)
        finally:
            self._told["ended"] = now()
            self._close(attaching)
            after = device_of_handset(link.handset.usb, link.handset.serial)
            self._told["after"] = after.composition if after else ""

    def _take(self, found: DiagCapture, attached: Attached) -> None:
        why, way_out = WORDS[attached] if found.end in {"nothing", "late"} else ("", "")
        if found.end == "nothing" and attached == "seen":
            way_out = (
                "its firmware blocks it, as far as can be told; give a capability from elsewhere: --evidence uecap=FILE"
            )
        self.failed(found.end, f"{found.why}; {why}" if why else found.why, way_out or found.way_out)
        self._told |= {"build": found.build, "doubts": found.doubts, "attached": attached}
        self._datagrams, self._said = found.datagrams, found.said
        if not found.why and not found.datagrams:
            self.failed("nothing", "the diagnostic port told nothing", "run again")
        elif found.end in {"nothing", "late"} and found.doubts:
            why = f"SCAT could not read what the modem told ({found.doubts[0]}), so that none came proves nothing"
            self.failed(found.end, why, "a newer SCAT may: pipx upgrade signalcat")

    def _port(self, handset: Handset) -> DiagPort | None:
        """The handset's own diagnostic port; where there is none, what a person can do about it."""
        device = device_of_handset(handset.usb, handset.serial)
        if device is None:
            why = "adb does not tell where the handset hangs on USB"
            self.failed(
                "no_usb", why, "connect it by a cable to this computer; adb over Wi-Fi shows no diagnostic port"
            )
            return None
        if handset_on(self._name) and _serial(device, handset.serial) != "same":
            # The server may be another computer's: what hangs at that place here is then another phone.
            why = "the handset's adb server may be another computer's, and nothing here on USB has its serial number"
            self.failed("no_usb", why, "run on the computer that it is plugged into, with the serial as its address")
            return None
        self._told |= {
            "adb_path": handset.usb.removeprefix("usb:"),
            "before": device.composition,
            "serial": _serial(device, handset.serial),
        }
        port = diag_port_of(device)
        if port is None:
            why = f"the handset offers no diagnostic port on USB ({device.composition})"
            self.failed("no_port", why, guidance_for(self._maker).way_out)
            return None
        self._told |= {"diag_path": port.device.path, "interface": port.words}
        return port

    def _attaching(self, link: AdbShell, deadline_s: float) -> Attaching:
        from harness.survey.restoring.putting_back import firmware_of

        if not self._plan.act:
            return ByHand(self._tell)
        if self._plan.spent:
            return Spent()
        return ByAirplaneMode(link, self._words, firmware_of(link, deadline_s=deadline_s), self._tell)

    def _close(self, attaching: Attaching) -> None:
        back = attaching.close()
        done = getattr(attaching, "done", [])
        self._told["done"] = (*done, *(f"{now()} {one.words}: {one.outcome}, {one.before}" for one in back))
        blocked = next((one for one in back if one.outcome == "blocked"), None)
        if blocked is not None:
            self._told["left"] = f"{blocked.words} is not as before: {blocked.why}; run `bandproof restore`"

    def result(self) -> LiveCapability:
        """What came, as it is kept."""
        session = LiveSession(**self._told)
        lines = [session.line(), *(f"doubt {one}" for one in session.doubts)]
        kept: list[Datagram] = []
        if session.came:
            for radio in range(len(RADIOS)):
                records, taken = records_of([one for one in self._datagrams if one.radio == radio], self._said, radio)
                lines += [f"radio {radio}", *records] if records else []
                kept += taken
        text = "\n".join((FORMAT, *lines, ""))
        exchange = Exchange(REQUEST, text.encode("ascii", "backslashreplace"), at=now())
        return LiveCapability(exchange, as_pcap(kept), session)


def _serial(device: UsbDevice, serial: str) -> str:
    if not device.serial:
        return "none"
    return "same" if device.serial == serial else "other"


def _attach(attaching: Attaching, watch: ServiceWatch) -> None:
    watch.look()
    attaching.attach()
    if attaching.how == "airplane_mode":
        watch.note_out()


class _Seen:
    """Looks at datagrams as they come: is a whole capability among them? And at the handset's service in between."""

    def __init__(self, watch: ServiceWatch) -> None:
        self._watch = watch
        self._by_radio = {radio: Keeping() for radio in range(len(RADIOS))}
        self._looked = 0

    def enough(self, datagrams: Sequence[Datagram], said: Sequence[str]) -> bool:
        """Whether some SIM's capability is whole."""
        for one in datagrams[self._looked :]:
            take_datagram(self._by_radio[one.radio], one)
        self._looked = len(datagrams)
        self._watch.look()
        return any(keeping.accounts and not keeping.waiting for keeping in self._by_radio.values())
