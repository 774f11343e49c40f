"""Recordings written as they happen: every exchange is on disk before the next request is sent."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import RecordingError
from harness.recording.exchange import FORMAT, Exchange, LinkKind, RecordingInfo
from harness.recording.files import INFO_FILE, LINK_KINDS, usual_line_end
from harness.recording.scrubbing.known import KnownIdentifiers
from harness.recording.scrubbing.sample_key import imeis_in, sample_key, serial_in
from harness.recording.scrubbing.scrub import (
    has_nothing_personal,
    hide_address,
    known_of,
    scrub_exchange,
    scrub_info,
)
from harness.recording.yaml_text import encode, flow, scalar

if TYPE_CHECKING:
    from types import TracebackType

    from harness.at_commands import FamilyRecords

SAMPLE_KEY = "sample_key"
"""Where the `extra` of a recording keeps what its piece of hardware is known by."""
IMEI_KEYS = "imei_keys"
"""Where it keeps the keyed hashes of the IMEIs that each link told."""


class RecordingWriter:
    """Writes one recording. Thread-safe.

    `recording.yaml` is there from the start and says `complete: false` until `finish()`. Exchanges are scrubbed before
    they are written unless `reveal`; `cells` also replaces cell ids and tracking areas. Raises RecordingError where
    the disk does not take it; what was written before stays whole. `live`: what comes is of hardware, so that its
    serial number makes the `sample_key`, which `finish()` keeps. Files are 0600 in a folder 0700, for its user's eyes
    alone, unless it is `shared`: then the umask decides.
    """

    def __init__(
        self,
        folder: str | Path,
        info: RecordingInfo,
        *,
        reveal: bool = False,
        cells: bool = False,
        live: bool = False,
        shared: bool = False,
    ) -> None:
        self.folder = Path(folder)
        self._shared = shared
        self._info = replace(info, complete=False, sha256={}) if info.complete or info.sha256 else info
        self._reveal = reveal
        self._cells = cells
        self._live = live
        self.sample_key: str | None = None
        """What the piece of hardware is known by; None while nothing told its serial number."""
        self.imei_keys: dict[str, tuple[str, ...]] = {}
        """Keyed hashes of the IMEIs that each link told: whether two links are of one piece, without its number."""
        self._hidden: str | None = None
        self._known = KnownIdentifiers()
        self._files: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self._hashes: dict[str, Any] = {}
        self._kept: dict[str, str] = {}
        self._removed: set[str] = set(info.scrubbed)
        self._lock = threading.Lock()
        self._prepare()

    def append(self, kind: LinkKind, exchange: Exchange) -> Exchange:
        """Write one exchange of a link; answer it as it was written, scrubbed."""
        if has_nothing_personal(exchange, cells=self._cells):
            with self._lock:
                self._write(kind, exchange)
            return exchange
        if self._live and self.sample_key is None and (serial := serial_in(kind, exchange)) is not None:
            self.sample_key = sample_key(serial)
        if self._live:
            self._learn_imeis(kind, exchange)
        with self._lock:
            if not self._reveal:
                exchange, removed = scrub_exchange(exchange, cells=self._cells, known=self._known)
                self._removed |= removed
                if exchange.error and self._hidden:
                    hide = partial(hide_address, address=self._hidden)
                    exchange = replace(exchange, error=exchange.error.changed(hide))
            self._write(kind, exchange)
        return exchange

    def keep_file(self, name: str, data: bytes) -> None:
        """Keep a file beside the recording that people open with other tools: hashed, and no fact is read from it."""
        self._guard(name, write_atomically, self.folder / name, data)
        self._kept[name] = hashlib.sha256(data).hexdigest()

    def learn_records(self, records: FamilyRecords) -> None:
        """What the family of the modem says of its records, from the next exchange on."""
        with self._lock:
            self._known.records = records

    def note(self, name: str, value: Any) -> None:
        """Keep what is known of the device beside its answers in the `extra` of the recording, from now on."""
        with self._lock:
            if self._info.extra.get(name) != value:
                self._info = replace(self._info, extra=self._info.extra | {name: value})
                self._write_info(lasting=False)

    def finish(self, info: RecordingInfo | None = None) -> None:
        """Close the recording: `recording.yaml` with hashes and `complete: true`. `info` replaces what it says."""
        with self._lock:
            for name, file in self._files.items():
                self._guard(name, os.fsync, file)
            self._close()
            told = info or self._info
            self._info = replace(
                told,
                extra=told.extra | ({SAMPLE_KEY: self.sample_key} if self.sample_key else {}),
                complete=True,
                sha256={f"{kind}.yaml": digest.hexdigest() for kind, digest in sorted(self._hashes.items())}
                | self._kept,
            )
            self._write_info()

    def close(self) -> None:
        """Let go of the files without declaring the recording complete."""
        with self._lock:
            self._close()

    def __enter__(self) -> RecordingWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self._info.complete:
            self.finish()
        else:
            self.close()

    def _prepare(self) -> None:
        try:
            names = () if self._made() else (INFO_FILE, *(f"{kind}.yaml" for kind in LINK_KINDS))
            taken = [name for name in names if (self.folder / name).exists()]
        except OSError as error:
            raise RecordingError(
                f"cannot write to {self.folder}: {error.strerror}", way_out="name a folder that can be written"
            ) from None
        if taken:
            raise RecordingError(f"{self.folder} already holds {taken[0]}", way_out="name a new or empty folder")
        # Nothing stands on it yet: a power cut may take it with the folder.
        self._write_info(lasting=False)

    def _made(self) -> bool:
        """Whether the folder was not there before, so that nothing is in it. Raises OSError."""
        try:
            self.folder.mkdir(parents=True, mode=0o777 if self._shared else 0o700)
        except FileExistsError:
            if not self.folder.is_dir():
                raise
            return False
        return True

    def _learn_imeis(self, kind: LinkKind, exchange: Exchange) -> None:
        imeis = imeis_in(kind, exchange)
        if not imeis:
            return
        keys = [key for one in imeis if (key := sample_key(one))]
        told = self.imei_keys.get(kind, ())
        if new := tuple(key for key in dict.fromkeys(keys) if key not in told):
            self.imei_keys[kind] = (*told, *new)
            self.note(IMEI_KEYS, {link: list(each) for link, each in self.imei_keys.items()})

    def _write(self, kind: str, exchange: Exchange) -> None:
        data = exchange_yaml(exchange, kind).encode("utf-8")
        name = f"{kind}.yaml"
        if kind not in self._files:
            if self._info.complete:
                raise RecordingError(f"{self.folder} is finished; nothing can be added")
            mode = 0o666 if self._shared else 0o600
            self._files[kind] = self._guard(name, os.open, self.folder / name, _WRITING | os.O_APPEND, mode)
            self._sizes[kind] = 0
            self._hashes[kind] = hashlib.sha256()
        file, size = self._files[kind], self._sizes[kind]
        try:
            _write_all(file, data)
        except OSError as error:
            os.ftruncate(file, size)
            raise self._refused(name, error) from None
        self._sizes[kind] = size + len(data)
        self._hashes[kind].update(data)

    def _write_info(self, *, lasting: bool = True) -> None:
        if not self._reveal:
            if self._info.address and not self._hidden:
                self._hidden = self._info.address
                self._known = known_of(self._hidden)
            self._info, removed = scrub_info(self._info)
            self._removed |= removed
        self._info = replace(self._info, scrubbed=tuple(sorted(self._removed)))
        data = info_yaml(self._info).encode("utf-8")
        self._guard(
            INFO_FILE,
            partial(write_atomically, lasting=lasting, private=not self._shared),
            self.folder / INFO_FILE,
            data,
        )

    def _guard(self, name: str, do: Any, *arguments: Any) -> Any:
        try:
            return do(*arguments)
        except OSError as error:
            raise self._refused(name, error) from None

    def _refused(self, name: str, error: OSError) -> RecordingError:
        return RecordingError(
            f"cannot write {self.folder / name}: {error.strerror or error}",
            way_out="free space or choose another folder; what was written before is whole",
        )

    def _close(self) -> None:
        for file in self._files.values():
            os.close(file)
        self._files.clear()


class Unwritten(RecordingWriter):
    """Scrubs what a device of that address tells as the writer does, and writes nothing."""

    def __init__(self, address: str, *, cells: bool = False, live: bool = False) -> None:
        info = RecordingInfo(id="", provenance="recorded", address=address, complete=False)
        super().__init__("", info, cells=cells, live=live)

    def finish(self, info: RecordingInfo | None = None) -> None:
        """Nothing to finish."""

    def keep_file(self, name: str, data: bytes) -> None:
        """Nothing is kept."""

    def note(self, name: str, value: Any) -> None:
        """Nothing is kept."""

    def _prepare(self) -> None:
        self._hidden = self._info.address
        self._known = known_of(self._hidden or "")

    def _write(self, kind: str, exchange: Exchange) -> None:
        pass


_WRITING = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def _write_all(file: int, data: bytes | bytearray) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def write_atomically(file: Path, data: bytes | bytearray, *, lasting: bool = True, private: bool = False) -> None:
    """Write a whole file or nothing: a temporary one beside it, fsync (where it is `lasting`), rename. Raises OSError.

    A `private` one is for the user's eyes alone.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        # By the system's own calls: a rack writes two of these a device, and each call lets another thread run first.
        out = os.open(beside, _WRITING | os.O_TRUNC, 0o600 if private else 0o666)
        try:
            if private and hasattr(os, "fchmod"):
                os.fchmod(out, 0o600)
            _write_all(out, data)
            if lasting:
                os.fsync(out)
        finally:
            os.close(out)
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if lasting and os.name == "posix":
        directory = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def exchange_yaml(exchange: Exchange, kind: str) -> str:
    """One exchange as an item of the link's file. `elapsed_ms` always ends it: so a cut item can be told."""
    out = f"- request: {scalar(exchange.request)}\n"
    out += encode("response", exchange.response, indent="  ", usual=usual_line_end(kind))
    if exchange.stderr is not None:
        out += encode("stderr", exchange.stderr, indent="  ", usual="lf", others=False)
    if exchange.exit_code is not None:
        out += f"  exit_code: {exchange.exit_code}\n"
    if exchange.error is not None:
        out += f"  error:\n    kind: {scalar(exchange.error.kind)}\n    message: {scalar(exchange.error.message)}\n"
    if exchange.at is not None:
        out += f"  at: {scalar(exchange.at)}\n"
    elapsed = "null" if exchange.elapsed_ms is None else f"{exchange.elapsed_ms:.3f}"
    return f"{out}  elapsed_ms: {elapsed}\n"


def info_yaml(info: RecordingInfo) -> str:
    """`recording.yaml` as text."""
    out = f"schema: {FORMAT}\n"
    for name in ("id", "provenance", "description", "device_sheet", "recorded_at", "tool", "address"):
        value = getattr(info, name)
        if value:
            out += f"{name}: {scalar(value)}\n"
    for name in ("device", "sha256"):
        table = getattr(info, name)
        if table:
            out += f"{name}:\n" + "".join(f"  {scalar(key)}: {scalar(value)}\n" for key, value in table.items())
    for name in ("sources", "scrubbed"):
        items = getattr(info, name)
        if items:
            out += f"{name}:\n" + "".join(f"  - {scalar(item)}\n" for item in items)
    if info.extra:
        out += f"extra: {flow(info.extra)}\n"
    return f"{out}complete: {'true' if info.complete else 'false'}\n"
