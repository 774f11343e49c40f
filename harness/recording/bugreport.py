"""A handset's bugreport, zip or text, and the output of a bare `dumpsys`: cut into the answers of the commands in it.

Format: frameworks/native cmds/dumpstate. A section begins with `------ TITLE (command) ------`, a service with
`DUMP OF SERVICE name:`; each ends with its duration and, of a service, the time. Only what is read of a handset is kept.
The cost is linear in the size: what is skipped is neither decoded nor copied.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from harness.errors import RecordingError

from .exchange import Exchange, Interruption, Recording, RecordingInfo

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

SERVICES = ("telephony.registry", "isub", "connectivity", "carrier_config", "telephony_ims", "phone")
RADIO_LOG = "logcat -b radio -d"
LARGEST = 1 << 30
_ZIP = b"PK\x03\x04"
_HEAD = re.compile(rb"^== dumpstate: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.M)
_SERVICE = b"DUMP OF SERVICE "
_TITLE = b"------ "
_NAMED = re.compile(rb"DUMP OF SERVICE (?:CRITICAL |HIGH |NORMAL )?([\w./-]{1,120}):?[ \t]*\r?\n")
_HEADING = re.compile(rb"------ ([^\n(]{1,80}?) ?\(([^\n]{1,200}?)\) ------")
_ENDED = re.compile(
    rb"\n-{6,12} [\d.]{1,12}s was the duration of (?:dumpsys )?[^\n]{1,120}?(?:, ending at: ([\d: -]{19}))?\r?\n"
)
_DUMPSYS = re.compile(rb"(?:/system/bin/)?dumpsys (?:-[tT] \d{1,8} ){0,2}([\w.]{1,80})$")
"""A service that was asked for by its name: then no DUMP OF SERVICE stands before it."""
_ZONE = re.compile(rb"^\[persist\.sys\.timezone\]: \[([\w/+-]{1,64})\]", re.M)
_CUT = re.compile(rb"\*\*\* SERVICE '[^'\n]{1,120}' DUMP TIMEOUT|\n\*\*\* [^\n]{0,80}(?:timed out|Timed out)")
_SETTING = re.compile(rb"name:(preferred_network_mode[12]?) [^\n]{0,200}?value:(-?[\d,]{1,20})(?=[ \r\n])")


@dataclass(frozen=True, slots=True)
class ServiceDump:
    """The answer of one command; `ended` is the handset's own clock, local time. `whole` False: a time limit cut it."""

    command: str
    body: bytes
    ended: str | None = None
    whole: bool = True


def is_bugreport(data: bytes) -> bool:
    """Whether the octets are a bugreport: a zip that holds one, its text, or the dumps of several services."""
    if data[:4] == _ZIP:
        return _main_entry(_stream(data)) is not None
    return _HEAD.search(data[:8192]) is not None or data.count(b"\n" + _SERVICE, 0, 50_000_000) > 1


def is_bugreport_file(path: str | Path) -> bool:
    """Whether a file is a bugreport, by its first octets."""
    if not os.path.isfile(path):  # noqa: PTH113  see `files.is_recording`
        return False
    file = Path(path)
    try:
        with file.open("rb") as stream:
            head = stream.read(8192)
        return _main_entry(file) is not None if head[:4] == _ZIP else _HEAD.search(head) is not None
    except OSError:
        return False


def sections_of(data: bytes) -> dict[str, ServiceDump]:
    """The sections that are read, by the command that gives the same; of two dumps of a service the last whole one."""
    data = text_of(data)
    found: dict[str, ServiceDump] = {}
    for section in _sections(data):
        known = found.get(section.command)
        if known is None or section.whole or not known.whole:
            found[section.command] = section
    return found


def text_of(data: bytes) -> bytes:
    """The text of a bugreport; of a zip its main entry. Raises RecordingError for one that cannot be unpacked."""
    if data[:4] != _ZIP:
        return data
    import zipfile

    try:
        with zipfile.ZipFile(_stream(data)) as archive:
            entry = _entry_of(archive)
            if entry is None or entry.file_size > LARGEST:
                raise RecordingError("the zip holds no bugreport that could be read")
            return archive.read(entry)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise RecordingError(f"the zip cannot be unpacked: {error}") from None


def taken_at(data: bytes) -> str | None:
    """When the bugreport was begun, by the handset's clock: `2026-05-07 20:11:40`."""
    match = _HEAD.search(data[:8192])
    return match[1].decode() if match else None


def _stream(data: bytes) -> IO[bytes]:
    from io import BytesIO

    return BytesIO(data)


def _main_entry(file: Path | IO[bytes]) -> zipfile.ZipInfo | None:
    import zipfile

    try:
        with zipfile.ZipFile(file) as archive:
            return _entry_of(archive)
    except (zipfile.BadZipFile, OSError, EOFError):
        return None


def _entry_of(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """The entry that main_entry.txt names, else the largest bugreport*.txt; None where there is neither."""
    entries = {entry.filename: entry for entry in archive.infolist()}
    named = entries.get("main_entry.txt")
    if named is not None and named.file_size < 4096:
        name = archive.read(named).decode("utf-8", "replace").strip()
        if name in entries:
            return entries[name]
    reports = [e for name, e in entries.items() if re.search(r"(?:^|/)(?:bugreport|dumpstate-)[^/]*\.txt$", name)]
    return max(reports, key=lambda entry: entry.file_size, default=None)


def _sections(data: bytes) -> Iterator[ServiceDump]:
    begins = sorted([*_begins(data, _SERVICE), *_begins(data, _TITLE)])
    for begin, end in zip(begins, [*begins[1:], len(data)], strict=True):
        if data.startswith(_SERVICE, begin):
            yield from _service(data, begin, end)
        elif heading := _HEADING.match(data, begin):
            yield from _titled(data, heading, end)


def _begins(data: bytes, mark: bytes) -> Iterator[int]:
    """Where a mark stands at the start of a line."""
    if data.startswith(mark):
        yield 0
    at = data.find(b"\n" + mark)
    while at >= 0:
        yield at + 1
        at = data.find(b"\n" + mark, at + 1)


def _service(data: bytes, begin: int, end: int) -> Iterator[ServiceDump]:
    named = _NAMED.match(data, begin)
    if named is None:
        return
    name = named[1].decode()
    if name == "settings":
        for found in _SETTING.finditer(data, named.end(), end):
            yield ServiceDump(f"settings get global {found[1].decode()}", found[2] + b"\n")
    elif name in SERVICES:
        yield _section(f"dumpsys {name}", data, named.end(), end)


def _titled(data: bytes, heading: re.Match[bytes], end: int) -> Iterator[ServiceDump]:
    title, command = heading[1].strip(), heading[2]
    if b"getprop" in command or title == b"SYSTEM PROPERTIES":
        yield _section("getprop", data, heading.end(), end)
    elif (asked := _DUMPSYS.match(command)) and asked[1].decode() in SERVICES:
        yield _section(f"dumpsys {asked[1].decode()}", data, heading.end(), end)
    elif title == b"RADIO LOG" or b"logcat -b radio" in command:
        yield _section(RADIO_LOG, data, heading.end(), end)


def _section(command: str, data: bytes, begin: int, end: int) -> ServiceDump:
    ended = _ENDED.search(data, begin, min(end + 200, len(data)))
    clock = ended[1].decode() if ended and ended[1] else None
    body = data[begin : ended.start() + 1 if ended else end]
    return ServiceDump(command, body, clock, whole=_CUT.search(body, max(len(body) - 2000, 0)) is None)


def recording_of(path: str | Path) -> Recording:
    """A bugreport as a recording: one exchange a command, with the time of its dump. Raises RecordingError."""
    file = Path(path)
    try:
        stat = file.stat()
    except OSError as error:
        raise RecordingError(f"{file} cannot be read: {error.strerror or error}") from None
    return _recording(str(file), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _recording(path: str, changed: int, size: int) -> Recording:
    try:
        data = text_of(Path(path).read_bytes())
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}") from None
    sections = sections_of(data)
    if not sections:
        raise RecordingError(f"{path} holds no dump of the telephony services and no properties")
    zone = _ZONE.search(sections["getprop"].body) if "getprop" in sections else None
    begun = taken_at(data)
    exchanges = tuple(
        replace(_exchange(section), at=_utc(section.ended or begun, zone[1].decode() if zone else ""))
        for section in sections.values()
    )
    info = RecordingInfo(
        id=Path(path).stem,
        provenance="captured",
        sources=(Path(path).name,),
        description="a bugreport of the handset",
        recorded_at=_utc(begun, zone[1].decode() if zone else ""),
    )
    return Recording(info, {"adb": exchanges}, path)


def _exchange(section: ServiceDump) -> Exchange:
    body = section.body.replace(b"\r\n", b"\n")
    cut = None if section.whole else Interruption("AnswerTimeout", "the handset cut its own dump short")
    return Exchange(section.command, body, exit_code=None if cut else 0, error=cut)


def _utc(local: str | None, zone: str) -> str | None:
    """The handset's local time as exchanges write it; without its zone as it is, which is no UTC."""
    if local is None:
        return None
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    try:
        moment = datetime.fromisoformat(local)
        if zone:
            told = moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            return told.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OSError, LookupError):
        pass
    return local.replace(" ", "T")
