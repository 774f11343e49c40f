"""`bandproof devices`: what is plugged in, handsets and modems, each with the address to paste after `--device=`."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harness.commands.survey import seconds

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from harness.links.adb.server import AdbServer, Handset
    from harness.links.finding import PortFinding
    from harness.recording.exchange import Exchange

SCHEMA = "bandproof.devices/1"
WITHIN_S = 3.0
NOT_PUT_BACK = 5
"""Exit status where a device was changed and could not be put back."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof devices`."""
    devices = commands.add_parser("devices", help="what is plugged in: handsets and modems, identified")
    devices.add_argument("--json", action="store_true", help=f"one JSON object ({SCHEMA})")
    devices.add_argument(
        "--timeout", type=seconds, default=WITHIN_S, metavar="S", help="seconds that all may take together (default 3)"
    )
    devices.add_argument(
        "--probe-all",
        action="store_true",
        help="also ask serial ports that are not known to be a modem's (adapters, Arduinos, GPS receivers)",
    )
    devices.set_defaults(run=show_devices)


@dataclass(frozen=True, slots=True)
class FoundModem:
    """One physical modem. `address` is the port that answered, else the one that should; `findings` are all its ports."""

    address: str
    state: str
    findings: tuple[PortFinding, ...]
    manufacturer: str | None = None
    model: str | None = None
    firmware: str | None = None
    dialect: str | None = None

    @property
    def label(self) -> str:
        """Maker and model as the modem says; where it says nothing, what its USB ids say."""
        words = [word for word in (self.manufacturer, self.model) if word]
        if len(words) == 2 and words[1].lower().startswith(words[0].lower()):
            words = words[1:]
        return " ".join(words) or self.findings[0].port.name or "modem"


@dataclass(slots=True)
class Devices:
    """Everything that was found, and remarks in words."""

    handsets: list[Handset] = field(default_factory=list)
    modems: list[FoundModem] = field(default_factory=list)
    left: list[PortFinding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def show_devices(options: argparse.Namespace) -> int:
    """Look for handsets and modems at the same time and print them; what a run left changed is put back first.

    5 where that needs a person, whatever else is found.
    """
    back, status = put_back_first()
    found = look(time.monotonic() + options.timeout, probe_all=options.probe_all)
    if options.json:
        sys.stdout.write(json.dumps({**_as_json(found), "put_back": back}, indent=1) + "\n")
        return status
    found.notes = [*back, *found.notes]
    from harness.commands.views.page import page

    shown = page()
    _draw(shown, found)
    sys.stdout.write(str(shown))
    return status


def put_back_first() -> tuple[list[str], int]:
    """What a run that ended early has left changed is put back: a line for each thing, and the exit status for it."""
    from harness.state.folder import has_journals

    if not has_journals():
        return [], 0
    from harness.survey.restoring.putting_back import carry_out_all

    results = list(carry_out_all())
    status = NOT_PUT_BACK if any(one.is_blocked for one in results) else 0
    return [line for one in results for line in one.lines], status


def look(
    deadline_s: float, *, probe_all: bool = False, sys_root: Path | None = None, dev_root: Path | None = None
) -> Devices:
    """What is plugged in, by the deadline (absolute, in seconds of `time.monotonic()`)."""
    found = Devices()
    handsets = _Handsets(deadline_s)
    handsets.start()
    from harness.links.finding import ask_ports
    from harness.links.usb.serial_ports import list_serial_ports

    ports = list_serial_ports(sys_root, dev_root)
    findings = ask_ports(ports, deadline_s=deadline_s, force=probe_all, enough=_known) if ports else []
    found.modems, found.left = _grouped(findings)
    if not ports:
        found.notes.append("no serial port is plugged in here")
    handsets.join(max(0.0, deadline_s - time.monotonic()))
    found.handsets, note = handsets.result()
    if note:
        found.notes.append(note)
    return found


class _Handsets(threading.Thread):
    """Asks the adb server beside the ports; it never starts one."""

    def __init__(self, deadline_s: float) -> None:
        super().__init__(daemon=True)
        self._deadline_s = deadline_s
        self._found: tuple[list[Handset], str] | None = None

    def run(self) -> None:
        from harness.errors import LinkError, NoAdbServer
        from harness.links.adb import server as adb_server

        server = adb_server.server_from_environment()
        way_out = "start it there" if server.own else "`adb start-server` starts one"
        nobody = f"no adb server answers on {server}, so no handset is seen; {way_out}"
        if not _listens(server):
            self._found = ([], nobody)
            return
        try:
            self._found = (
                # Its own flag keeps a server from being started: looking must change nothing.
                adb_server.list_handsets(replace(server, own=True), deadline_s=self._deadline_s),
                "",
            )
        except NoAdbServer as error:
            self._found = ([], f"{error.message}; {error.way_out}")
        except LinkError as error:
            self._found = ([], f"{error.message}; {error.way_out}")

    def result(self) -> tuple[list[Handset], str]:
        """The handsets, and why there are none."""
        return self._found or ([], "the adb server did not answer in time; `adb kill-server` ends one that hangs")


def _listens(server: AdbServer) -> bool:
    """Whether anything listens there; where nothing does, adbutils (0.1 s) need not be imported."""
    import socket

    try:
        if server.path:
            with socket.socket(socket.AF_UNIX) as stream:
                stream.connect(server.path)
        else:
            socket.create_connection((server.host, server.port), timeout=1).close()
    except OSError:
        return False
    return True


def _known(exchanges: Sequence[Exchange]) -> bool:
    """Whether maker and model are told, so that nothing more need be asked."""
    from harness.probes.at.session import modem_of

    modem = modem_of(_facts(exchanges))
    return bool(modem.manufacturer and modem.model)


def _facts(exchanges: Sequence[Exchange]) -> Sequence[Any]:
    from harness.probes.at.language import answer
    from harness.probes.at.session import read_exchange

    return [fact for one in exchanges for fact in read_exchange(one, None, answer.Modem()).observations]


def _grouped(findings: Sequence[PortFinding]) -> tuple[list[FoundModem], list[PortFinding]]:
    """Ports of one physical device together; and the ports that are of no modem."""
    units: dict[str, list[PortFinding]] = {}
    left = []
    for finding in findings:
        if finding.port.of_a_modem or finding.state == "answers":
            units.setdefault(finding.port.unit, []).append(finding)
        else:
            left.append(finding)
    modems = [_modem(tuple(unit)) for unit in units.values()]
    return modems, left


_BEST = ("answers", "held", "refused", "silent", "talks", "gone", "left")


def _modem(findings: tuple[PortFinding, ...]) -> FoundModem:
    ranked = sorted(findings, key=lambda f: (_BEST.index(f.state), f.port.role != "at"))
    best = ranked[0]
    if best.state != "answers":
        return FoundModem(best.port.device, best.state, findings)
    from harness.observations import Identity
    from harness.probes.at.language import answer
    from harness.probes.at.registry import dialect_for

    told: dict[str, str] = {}
    for fact in _facts([one for finding in ranked for one in finding.exchanges]):
        if isinstance(fact, Identity):
            for name, value in (
                ("manufacturer", fact.manufacturer),
                ("model", fact.model),
                ("firmware", fact.build or fact.baseband),
            ):
                if value:
                    told.setdefault(name, value)
    family = dialect_for(answer.Modem(**told))
    return FoundModem(best.port.device, "answers", findings, **told, dialect=family.name if family else None)


def _draw(page: Any, found: Devices) -> None:
    page.heading("Handsets")
    page.rows([_handset(one) for one in found.handsets])
    if not found.handsets:
        page.text("none")
    page.heading("Modems")
    page.rows([(modem.address, _described(modem), _ports(modem)) for modem in found.modems])
    if not found.modems:
        page.text("none")
    if found.left:
        page.heading("Serial ports left alone" if all(f.state == "left" for f in found.left) else "Other serial ports")
        page.rows([(f.port.device, f.note, _hint(f)) for f in found.left])
        forced = [f.port for f in found.left if f.state == "left" and f.port.may_be_forced]
        if forced:
            example = min(forced, key=lambda port: port.kind == "gps").device
            page.text(f"--probe-all asks these, too; one that you know can be named: --device={example}")
    if found.notes:
        page.heading("Notes")
        for note in found.notes:
            page.text(note)


def _hint(finding: PortFinding) -> str:
    return finding.way_out if finding.state != "left" else ""


def _handset(handset: Handset) -> tuple[str, str, str]:
    if handset.ready:
        names = [handset.model.replace("_", " "), f"({handset.codename})" if handset.codename else ""]
        return handset.serial, " ".join(filter(None, names)) or "handset", f"{handset.state}{_diag_words(handset)}"
    from harness.links.adb.server import state_error

    return handset.serial, handset.state, state_error(handset.serial, handset.state).way_out


def _diag(handset: Handset) -> tuple[str | None, str | None]:
    """What a handset offers on USB, and its diagnostic port; None where that is not known, or there is none."""
    from harness.links.diag.port import device_of_handset, diag_port_of

    device = device_of_handset(handset.usb, handset.serial)
    if device is None:
        return None, None
    port = diag_port_of(device)
    return device.composition, port.words if port else None


def _diag_words(handset: Handset) -> str:
    port = _diag(handset)[1]
    return f", diagnostic port {port}" if port else ""


def _described(modem: FoundModem) -> str:
    if modem.state == "answers":
        dialect = f"dialect {modem.dialect}" if modem.dialect else "no dialect knows it"
        return ", ".join(filter(None, (modem.label, modem.firmware, dialect)))
    best = next(f for f in modem.findings if f.port.device == modem.address)
    way_out = f"; {best.way_out}" if best.way_out else ""
    return f"{modem.label}: {best.note}{way_out}"


def _ports(modem: FoundModem) -> str:
    """Its other ports, each with what it is for or what came of it."""
    words = []
    for finding in modem.findings:
        if finding.port.device == modem.address:
            continue
        role = finding.port.role or "port"
        word = role if finding.state in {"answers", "left"} else f"{role}, {finding.note}"
        words.append(f"{finding.port.device} {word}")
    return f"also {'; '.join(words)}" if words else ""


def _as_json(found: Devices) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "handsets": [
            {
                "address": handset.serial,
                "state": handset.state,
                "ready": handset.ready,
                "model": handset.model or None,
                "codename": handset.codename or None,
                "usb": handset.usb or None,
                "usb_composition": _diag(handset)[0],
                "diagnostic_port": _diag(handset)[1],
                "way_out": _handset(handset)[2] if not handset.ready else None,
            }
            for handset in found.handsets
        ],
        "modems": [
            {
                "address": modem.address,
                "state": modem.state,
                "manufacturer": modem.manufacturer,
                "model": modem.model,
                "firmware": modem.firmware,
                "dialect": modem.dialect,
                "usb": modem.findings[0].port.usb,
                "usb_name": modem.findings[0].port.name or None,
                "ports": [_port(finding) for finding in modem.findings],
            }
            for modem in found.modems
        ],
        "other_ports": [_port(finding) for finding in found.left],
        "notes": found.notes,
    }


def _port(finding: PortFinding) -> dict[str, Any]:
    port = finding.port
    return {
        "device": port.device,
        "role": port.role,
        "interface": port.interface,
        "usb": port.usb,
        "name": port.name or None,
        "links": list(port.links),
        "state": finding.state,
        "note": finding.note or None,
        "way_out": finding.way_out or None,
    }
