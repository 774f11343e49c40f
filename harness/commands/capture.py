"""`bandproof capture`: a handset's UE capability from its diagnostic port, or the band screen of MediaTek's app."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.survey import add_address, deadline_of, seconds, target_of
from harness.errors import BandproofError, FileError, LinkError, StateError, UsageError

if TYPE_CHECKING:
    import argparse

    from harness.survey.live.session import LiveSession
    from harness.survey.survey import Survey

SCHEMA = "bandproof.capture/1"
DEVICE_ERROR = 3


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof capture`."""
    capture = commands.add_parser(
        "capture", help="a handset's UE capability from its diagnostic port, or its band screen"
    )
    kinds = capture.add_subparsers(metavar="KIND", required=True)
    uecap = kinds.add_parser(
        "uecap",
        help="the UE capability that the handset sends at an attach",
        description="Listens at the diagnostic port beside adb while the handset attaches, and keeps the capability "
        "messages alone. `pytest --device=SERIAL --evidence uecap=live` does the same within a run.",
    )
    add_address(uecap)
    uecap.add_argument("-o", "--output", required=True, metavar="FILE", help="a new capture file (pcap)")
    uecap.add_argument("--act", action="store_true", help="switch airplane mode on and off, once; put back in any case")
    uecap.add_argument("--scat", default="", metavar="PROGRAM", help="the program that reads the port (default: scat)")
    uecap.add_argument(
        "--wait", type=seconds, default=0.0, metavar="S", help="seconds that the capability may take after the attach"
    )
    uecap.add_argument("--json", action="store_true", help=f"what came, as one JSON object ({SCHEMA})")
    uecap.set_defaults(run=capture_uecap)
    bands = kinds.add_parser(
        "bands",
        help="the Band Mode screen of MediaTek's EngineerMode",
        description="Opens EngineerMode on the handset, taps Telephony, BandMode and SIM1 only, looks, and goes Back. "
        "Sets nothing. What it saw is kept as text that `bandproof decode adb FILE` reads.",
    )
    add_address(bands)
    bands.add_argument("-o", "--output", required=True, metavar="FILE", help="a new text file")
    bands.add_argument("--act", action="store_true", help="let it open and tap; without it nothing is done")
    bands.set_defaults(run=capture_bands)


def capture_uecap(options: argparse.Namespace) -> int:
    """Capture one capability. 3 where none came, 5 where the handset could not be put back."""
    from harness.recording.writer import write_atomically
    from harness.survey.live.capability import read_live
    from harness.survey.live.plan import LivePlan
    from harness.survey.live_targets import with_live
    from harness.survey.reading import read_device
    from harness.survey.restoring.putting_back import carry_out_all

    output = Path(options.output)
    if output.exists():
        raise FileError("exists already", path=str(output), way_out="name a new file")
    plan = LivePlan(options.act, options.scat, options.wait)
    target = with_live(target_of(options), plan)
    for left in carry_out_all():
        _say("\n".join(left.lines))
    deadline_s = deadline_of(target)
    heard: list[LinkError] = []
    survey = read_device(replace(target, live=None), deadline_s=deadline_s, hears=heard.append)
    if survey.trouble:
        raise heard[0] if heard else LinkError(survey.trouble)
    found = read_live(
        target.addresses[0],
        plan,
        maker=survey.identity.manufacturer or survey.identity.brand,
        words=survey.label,
        deadline_s=deadline_s,
        tell=_say,
    )
    session = found.session
    if session.came:
        try:
            write_atomically(output, found.pcap)
        except OSError as error:
            raise FileError(f"cannot be written: {error.strerror or error}", path=str(output)) from None
    if options.json:
        sys.stdout.write(json.dumps(_as_json(session, survey, output), indent=1) + "\n")
    elif session.came:
        sys.stdout.write(f"{output}: {session.remark}\n")
    _raise(session)
    return 0


def capture_bands(options: argparse.Namespace) -> int:
    """Look at the Band Mode screen. 3 where it is not reached, or does not show that the modem has answered."""
    from harness.links.adb.shell import open_adb
    from harness.recording.writer import write_atomically
    from harness.survey.live.band_walk import walk_to_bands

    if not options.act:
        raise UsageError("it opens an app on the handset and taps in it", way_out="allow that: --act")
    output = Path(options.output)
    if output.exists():
        raise FileError("exists already", path=str(output), way_out="name a new file")
    target = target_of(options)
    deadline_s = deadline_of(target)
    link = open_adb(target.addresses[0], deadline_s=deadline_s, allow_changes=True)
    try:
        walk = walk_to_bands(link, deadline_s=deadline_s)
    finally:
        link.close()
    if not walk.reading.observations:
        why = walk.reading.warnings[0] if walk.reading.warnings else "the screen tells no bands"
        raise NoCapability(why, way_out="wait until the screen has its boxes, and try again")
    measured = all(one.grade.word == "measured" for one in walk.reading.observations)
    try:
        write_atomically(output, (walk.log if measured else walk.dumps[-1]).encode())
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror or error}", path=str(output)) from None
    facts = [one.as_json() for one in walk.reading.observations]
    sys.stdout.write(json.dumps({"schema": "bandproof.decode/1", "observations": facts}, indent=1) + "\n")
    return 0


def _raise(session: LiveSession) -> None:
    if session.left:
        raise StateError(session.left, way_out="bandproof restore")
    if not session.came:
        raise NoCapability(session.why, way_out=session.way_out)


class NoCapability(BandproofError):
    """No capability came."""

    exit_status = DEVICE_ERROR


def _as_json(session: LiveSession, survey: Survey, output: Path) -> dict[str, object]:
    import msgspec

    return {
        "schema": SCHEMA,
        "device": survey.label,
        "file": str(output) if session.came else None,
        "bound": session.bound,
        "session": msgspec.to_builtins(session),
    }


def _say(text: str) -> None:
    """A word to the person, beside what is printed."""
    if text:
        print(text, file=sys.stderr, flush=True)  # noqa: T201
