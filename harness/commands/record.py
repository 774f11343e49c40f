"""`bandproof record`: a device's answers as a recording, scrubbed, written as they come."""

from __future__ import annotations

import json
import shlex
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.commands.survey import DEVICE_ERROR, add_address, deadline_of, notes_of, target_of
from harness.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from harness.links.addresses import Address
    from harness.observations import Identity
    from harness.recording.exchange import Recording, RecordingInfo
    from harness.recording.writer import RecordingWriter
    from harness.survey.survey import Survey
    from harness.survey.targets import Target

    _Sources = dict[Address, Recording | None]

SCHEMA = "bandproof.record/1"
INTERRUPTED = 130
_IDENTITY = ("manufacturer", "brand", "model", "market_name", "codename", "hardware", "build", "baseband", "rom_region")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof record`."""
    record = commands.add_parser("record", help="a recording of a device, scrubbed, that replays as the device")
    add_address(record)
    record.add_argument("-o", "--output", required=True, metavar="DIR", help="a new or an empty folder")
    record.add_argument("--scrub-cells", action="store_true", help="also replace cell ids and tracking areas")
    record.add_argument(
        "--device-sheet", metavar="MAKER/MODEL[#VARIANT]", help="the sheet that the maker declares for this device"
    )
    record.add_argument("--json", action="store_true", help=f"a summary as one JSON object ({SCHEMA})")
    record.set_defaults(run=record_device)


@dataclass(frozen=True, slots=True)
class _End:
    """How the reading ended: `trouble` of the link, or interrupted by the user."""

    trouble: str | None = None
    interrupted: bool = False


def record_device(options: argparse.Namespace) -> int:
    """Record one device. 3 where it was lost, 130 after Ctrl-C, each with the answers so far on disk."""
    target = target_of(options)
    if options.device_sheet:
        target = replace(target, sheet=_known_sheet(options.device_sheet))
    sources = _sources(target)
    folder = Path(options.output)
    made = _made(folder)
    from harness.recording.writer import RecordingWriter

    live = not any(sources.values())
    info = _info(target, folder.name, sources)
    if notes := notes_of(options):
        info = replace(info, extra=info.extra | {"notes": notes})
    writer = RecordingWriter(folder, info, cells=options.scrub_cells, live=live)
    try:
        end = _read(target, sources, writer, deadline_of(target))
        return _finish(options, writer, end, sources, made=made)
    finally:
        writer.close()


def _read(target: Target, sources: _Sources, writer: RecordingWriter, deadline_s: float) -> _End:
    """Everything behind every address, devices as a run reads them; every answer is on disk before the next question."""
    from harness.survey.reading import read_device

    ways_out: list[str] = []
    try:
        for recording in filter(None, sources.values()):
            _copy(recording, writer)
        live = tuple(address.text for address, recording in sources.items() if recording is None)
        if not live:
            for exchange in target.given:
                writer.append("uecap", exchange)
            return _End()
        survey = read_device(
            replace(target, addresses=live),
            writer=writer,
            deadline_s=deadline_s,
            hears=lambda error: ways_out.append(error.way_out),
        )
    except KeyboardInterrupt:
        return _End(interrupted=True)
    return _End("; ".join(filter(None, (survey.trouble, *ways_out))) if survey.trouble else None)


def _known_sheet(ref: str) -> str:
    """The sheet's name as it was written. Raises UnknownName where nobody has it."""
    from harness.carriers.sheets import Sheets

    Sheets().lookup(ref)
    return ref


def _sources(target: Target) -> _Sources:
    """What is read: each address, with the recording that stands behind it."""
    from harness.links.addresses import parse_address
    from harness.links.opening import load_address

    addresses = [parse_address(one) for one in target.addresses]
    return {one: load_address(one) if one.kind == "recording" else None for one in addresses}


def _made(folder: Path) -> bool:
    """Make sure of a new or empty folder; whether it was made here. Raises UsageError."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder", way_out="name a new or an empty folder") from None
    except OSError as error:
        raise UsageError(
            f"cannot make {folder}: {error.strerror or error}", way_out="name a folder that can be written"
        ) from None
    else:
        return True
    try:
        taken = any(folder.iterdir())
    except OSError as error:
        raise UsageError(f"cannot look into {folder}: {error.strerror or error}") from None
    if taken:
        raise UsageError(f"{folder} is not empty", way_out="name a new or an empty folder")
    return False


def _info(target: Target, name: str, sources: _Sources) -> RecordingInfo:
    """What the recording says of itself; of a replayed one its source's words and provenance."""
    from harness import __version__
    from harness.recording.exchange import RecordingInfo, now

    tool = f"bandproof {__version__}"
    source = next((recording.info for recording in sources.values() if recording), None)
    if source is None:
        return RecordingInfo(
            id=name or target.device,
            provenance="recorded",
            device_sheet=target.sheet,
            recorded_at=now(),
            tool=tool,
            address=target.address,
        )
    return replace(source, id=name or source.id, device_sheet=target.sheet or source.device_sheet, tool=tool)


def _copy(recording: Recording, writer: RecordingWriter) -> None:
    """Every exchange of a recording, whether our reading asks for it or not."""
    from harness.recording.files import LINK_KINDS

    for kind in LINK_KINDS:
        for exchange in recording.links.get(kind, ()):
            writer.append(kind, exchange)


def _finish(
    options: argparse.Namespace,
    writer: RecordingWriter,
    end: _End,
    sources: _Sources,
    *,
    made: bool,
) -> int:
    """Read back what was written, describe it, and say where it is."""
    from harness.survey.reading import read_device

    folder = Path(options.output)
    count = _exchanges(folder)
    if not count and (end.trouble or end.interrupted):
        _remove(folder, made=made)
        _complain(end, "nothing was recorded")
        return INTERRUPTED if end.interrupted else DEVICE_ERROR
    survey = read_device(str(folder.resolve()))
    from harness.recording.files import load_recording

    info = load_recording(folder).info
    if not info.device:
        info = replace(info, device=_words(survey.identity))
    whole = not (end.trouble or end.interrupted or any(r and not r.info.complete for r in sources.values()))
    _close(writer, info, whole=whole)
    _tell(options, survey, count, whole=whole, end=end)
    if end.interrupted or end.trouble:
        _complain(end, f"{_plural(count)} kept in {folder} (complete: false)")
        return INTERRUPTED if end.interrupted else DEVICE_ERROR
    return 0


def _close(writer: RecordingWriter, info: RecordingInfo, *, whole: bool) -> None:
    """Declare the recording complete, or leave it saying `complete: false` beside what the device is."""
    if whole:
        writer.finish(info)
        return
    from harness.recording.files import INFO_FILE
    from harness.recording.scrubbing.scrub import scrub_info
    from harness.recording.writer import info_yaml, write_atomically

    described, removed = scrub_info(replace(info, complete=False))
    scrubbed = tuple(sorted({*described.scrubbed, *removed}))
    write_atomically(writer.folder / INFO_FILE, info_yaml(replace(described, scrubbed=scrubbed)).encode())


def _exchanges(folder: Path) -> int:
    from harness.recording.files import load_recording

    return sum(map(len, load_recording(folder).links.values()))


def _words(identity: Identity) -> dict[str, str]:
    return {name: value for name in _IDENTITY if (value := getattr(identity, name))}


def _remove(folder: Path, *, made: bool) -> None:
    """Leave no trace of a recording in which nothing stands."""
    from harness.recording.files import INFO_FILE

    with suppress(OSError):
        (folder / INFO_FILE).unlink()
        if made:
            folder.rmdir()


def _complain(end: _End, what: str) -> None:
    from harness.plain_text import one_line

    why = "interrupted" if end.interrupted else one_line(end.trouble or "")
    sys.stdout.flush()
    sys.stderr.write(f"bandproof: {why}; {what}\n")


def _tell(options: argparse.Namespace, survey: Survey, count: int, *, whole: bool, end: _End) -> None:
    from harness.plain_text import one_line

    replay = f"bandproof survey {shlex.quote(options.output)}"
    if options.json:
        out: dict[str, Any] = {
            "schema": SCHEMA,
            "path": options.output,
            "device": survey.device,
            "label": survey.label,
            "kind": survey.kind,
            "dialect": survey.dialect,
            "provenance": survey.provenance,
            "device_sheet": survey.sheet,
            "exchanges": count,
            "observations": len(survey.observations),
            "complete": whole,
            "trouble": "interrupted" if end.interrupted else end.trouble,
            "replay": replay,
        }
        sys.stdout.write(json.dumps(out) + "\n")
        return
    state = "complete" if whole else "complete: false"
    sys.stdout.write(f"{one_line(survey.label)}: {_plural(count)} in {options.output} ({survey.provenance}, {state})\n")
    sys.stdout.write(f"replay it: {replay}\n")


def _plural(count: int) -> str:
    return "1 exchange" if count == 1 else f"{count} exchanges"
