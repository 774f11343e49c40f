"""Recordings on disk: read back, tolerant of a writer that was killed, strict in everything else.

A recording is a folder with `recording.yaml` and one file a link (`adb.yaml`, `at.yaml`, ...), a list of exchanges.
In block text a line end stands for LF on every link but `at`, where it stands for CR LF; `line_end` says otherwise.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from harness.errors import FileError, InputError, RecordingError, UnknownName
from harness.recording.bugreport import is_bugreport_file, recording_of
from harness.recording.exchange import FORMAT, Exchange, Interruption, LinkKind, Provenance, Recording, RecordingInfo
from harness.recording.yaml_text import LINE_ENDS, LineEnd, decode
from harness.yamlfiles import strict_yaml
from harness.yamlfiles.places import search_path

INFO_FILE = "recording.yaml"
LINK_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
CAPTURE_FILE = "uecap.pcap"
"""What a live capture brought, beside the exchange that holds it, for people to open with other tools."""

_INFO_KEYS = frozenset(RecordingInfo.__dataclass_fields__) | {"schema"}
_EXCHANGE_KEYS = frozenset(
    {"request", "response", "response_base64", "line_end", "exit_code", "stderr", "stderr_base64"}
    | {"elapsed_ms", "at", "error"}
)


def usual_line_end(kind: str) -> LineEnd:
    """What a line end in block text stands for on this link."""
    return "crlf" if kind in {"at", "sweep"} else "lf"


def load_recording(path: str | Path) -> Recording:
    """Read a recording's folder, or a bugreport as one.

    Raises RecordingError where there is none, FileError where a file breaks the format.
    Of a recording whose writer was killed, a last exchange that is not whole is dropped; `info.complete` is False.
    """
    folder = Path(path)
    if is_bugreport_file(folder):
        return recording_of(folder)
    try:
        text = _read(folder / INFO_FILE)
    except (FileNotFoundError, NotADirectoryError):
        raise RecordingError(
            f"{folder} is no recording: it has no {INFO_FILE}", way_out="name the folder that holds recording.yaml"
        ) from None
    info = _info(text, str(folder / INFO_FILE))
    links: dict[str, tuple[Exchange, ...]] = {}
    for kind in LINK_KINDS:
        file = folder / f"{kind}.yaml"
        try:
            text = _read(file, whole=info.complete)
        except FileNotFoundError:
            continue
        exchanges, whole = _exchanges(text, str(file), kind, finished=info.complete)
        links[kind] = exchanges
        if not whole:
            info = replace(info, complete=False)
    return Recording(info, links, str(folder))


def load_info(path: str | Path) -> RecordingInfo:
    """What a recording says of itself, its exchanges unread. Raises FileError, OSError."""
    return _info(_read(Path(path) / INFO_FILE), str(Path(path) / INFO_FILE))


def hash_problems(path: str | Path) -> tuple[str, ...]:
    """What does not fit the hashes in `recording.yaml`: one sentence a file; empty when all fits or none is given."""
    folder = Path(path)
    info = _info(_read(folder / INFO_FILE), str(folder / INFO_FILE))
    problems = []
    for name, digest in info.sha256.items():
        file = folder / Path(name).name
        if not file.is_file():
            problems.append(f"{name} is missing")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            problems.append(f"{name} was changed after the recording was finished")
    if info.sha256:
        known = {Path(name).name for name in info.sha256}
        problems += [
            f"{name} was added after the recording was finished"
            for name in (*(f"{kind}.yaml" for kind in LINK_KINDS), CAPTURE_FILE)
            if name not in known and (folder / name).exists()
        ]
    return tuple(problems)


def is_recording(path: str | Path) -> bool:
    """Whether a folder looks like a recording, or a file is a handset's bugreport."""
    # Each address of a rack is looked at: strings cost a fifth of what paths do.
    return os.path.isfile(os.path.join(path, INFO_FILE)) or is_bugreport_file(path)  # noqa: PTH113, PTH118


def find_recordings() -> dict[str, Path]:
    """The recordings that `fixture:NAME` can name, sorted by name; a user's own directory wins over the shipped one."""
    found: dict[str, Path] = {}
    for directory in search_path("fixtures"):
        if directory.is_dir():
            for folder in directory.iterdir():
                if is_recording(folder):
                    found.setdefault(folder.name, folder)
    return dict(sorted(found.items()))


def resolve_recording(name_or_path: str) -> Path:
    """The folder of `fixture:NAME`, of NAME, or of a path. Raises UnknownName with the nearest names."""
    name = name_or_path.removeprefix("fixture:")
    if name == name_or_path and is_recording(name):
        return Path(name)
    if name and name not in (".", "..") and not set(name) & set("/\\"):
        for directory in search_path("fixtures"):
            if is_recording(directory / name):
                return directory / name
    elif name == name_or_path and Path(name).exists():
        raise RecordingError(
            f"{name} is no recording: it has no {INFO_FILE}", way_out="name the folder that holds recording.yaml"
        )
    import difflib

    raise UnknownName("recording", name, tuple(difflib.get_close_matches(name, find_recordings(), 3)))


def _read(file: Path, *, whole: bool = True) -> str:
    try:
        # A file that was cut off may end inside a character.
        return codecs.getincrementaldecoder("utf-8-sig")().decode(file.read_bytes(), final=whole)
    except UnicodeDecodeError as error:
        raise FileError(f"not UTF-8 text (byte {error.start})", path=str(file)) from None
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise RecordingError(f"{file} cannot be read: {error.strerror}") from None


class _Shape:
    """Takes typed values out of one mapping and says where a value of another type stands."""

    def __init__(self, value: Any, at: tuple[str | int, ...], marks: strict_yaml.Marks, path: str) -> None:
        self.at, self.marks, self.path = at, marks, path
        if not isinstance(value, dict):
            raise self.error("expected a mapping of keys and values", None)
        self.value = value

    def error(self, message: str, key: str | None) -> FileError:
        at = self.at if key is None else (*self.at, key)
        line, column = strict_yaml.nearest_mark(self.marks, at)
        return FileError(message, path=self.path, line=line, column=column)

    def only(self, allowed: frozenset[str]) -> None:
        for key in self.value:
            if key not in allowed:
                raise self.error(f"unknown key {key!r}; known are {', '.join(sorted(allowed))}", str(key))

    def get(self, key: str, kind: type | tuple[type, ...], expected: str) -> Any:
        found = self.value.get(key)
        if found is None:
            return None
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise self.error(f"{key}: expected {expected}, found {type(found).__name__} {str(found)[:40]!r}", key)
        return found

    def text(self, key: str) -> str | None:
        found: str | None = self.get(key, str, "text (put a number in quotes)")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.get(key, list, "a list of texts") or []
        if not all(isinstance(item, str) for item in found):
            raise self.error(f"{key}: expected a list of texts", key)
        return tuple(found)

    def words(self, key: str) -> dict[str, str]:
        found = self.get(key, dict, "a mapping") or {}
        for name, item in found.items():
            if not isinstance(item, str):
                raise self.error(f"{key}.{name}: expected text (put a number in quotes)", key)
        return {str(name): item for name, item in found.items()}


def _info(text: str, path: str) -> RecordingInfo:
    value, marks = strict_yaml.load(text, path)
    shape = _Shape(value, (), marks, path)
    if shape.text("schema") != FORMAT:
        raise shape.error(f"schema: expected {FORMAT!r}, found {value.get('schema')!r}", "schema")
    shape.only(_INFO_KEYS)
    name, provenance = shape.text("id"), shape.text("provenance")
    if not name:
        raise shape.error("id: expected the recording's name", "id")
    if provenance not in get_args(Provenance):
        raise shape.error(f"provenance: expected one of {', '.join(get_args(Provenance))}", "provenance")
    complete = shape.get("complete", bool, "true or false")
    known: Any = provenance
    return RecordingInfo(
        id=name,
        provenance=known,
        device=shape.words("device"),
        sources=shape.texts("sources"),
        device_sheet=shape.text("device_sheet"),
        description=shape.text("description") or "",
        recorded_at=shape.text("recorded_at"),
        tool=shape.text("tool"),
        address=shape.text("address"),
        scrubbed=shape.texts("scrubbed"),
        complete=complete is not False,
        sha256=shape.words("sha256"),
        extra=shape.get("extra", dict, "a mapping") or {},
    )


def _exchanges(text: str, path: str, kind: LinkKind, *, finished: bool) -> tuple[tuple[Exchange, ...], bool]:
    """All exchanges of one file, and whether the last one was whole."""
    if finished:
        return _parse(text, path, kind), True
    cut = not text.endswith("\n")
    try:
        value, _ = strict_yaml.load(text, path, with_marks=False)
        last = value[-1] if isinstance(value, list) and value else None
        # The writer ends every exchange with `elapsed_ms`: without it the last one was cut off.
        cut = cut or (isinstance(last, dict) and "elapsed_ms" not in last)
        if not cut:
            return _parse(text, path, kind), True
    except InputError:
        pass
    start = text.rfind("\n-") + 1
    return (_parse(text[:start], path, kind) if start else ()), False


def _parse(text: str, path: str, kind: LinkKind) -> tuple[Exchange, ...]:
    value, marks = strict_yaml.load(text, path)
    if value is None:
        return ()
    if not isinstance(value, list):
        line, column = strict_yaml.nearest_mark(marks, ())
        raise FileError("expected a list of exchanges", path=path, line=line, column=column)
    usual = usual_line_end(kind)
    return tuple(_exchange(_Shape(item, (index,), marks, path), usual) for index, item in enumerate(value))


def _exchange(shape: _Shape, usual: LineEnd) -> Exchange:
    shape.only(_EXCHANGE_KEYS)
    request = shape.text("request")
    if not request:
        raise shape.error("request: expected the command that was sent", "request")
    error = _interruption(shape)
    if error is None and "response" not in shape.value and "response_base64" not in shape.value:
        raise shape.error("response: missing (write `response: ''` for an empty answer)", None)
    line_end = shape.text("line_end") or usual
    if line_end not in LINE_ENDS:
        raise shape.error(f"line_end: expected one of {', '.join(LINE_ENDS)}", "line_end")
    known: Any = line_end
    elapsed = shape.get("elapsed_ms", (int, float), "a number")
    return Exchange(
        request=request,
        response=_answer(shape, "response", known) or b"",
        exit_code=shape.get("exit_code", int, "a whole number"),
        stderr=_answer(shape, "stderr", "lf"),
        elapsed_ms=None if elapsed is None else float(elapsed),
        at=shape.text("at"),
        error=error,
    )


def _interruption(shape: _Shape) -> Interruption | None:
    """What cut the answer short: `kind` and `message`, or one text as older recordings have it."""
    found = shape.get("error", (str, dict), "kind and message, or a text")
    if not isinstance(found, dict):
        return None if found is None else Interruption.parse(found)
    words = shape.words("error")
    if words.keys() != {"kind", "message"}:
        raise shape.error("error: expected kind and message", "error")
    return Interruption(words["kind"], words["message"])


def _answer(shape: _Shape, key: str, line_end: LineEnd) -> bytes | None:
    """The bytes of one answer, however it is written: block text, a list of lines, base64."""
    coded = shape.text(f"{key}_base64")
    if coded is not None:
        if shape.value.get(key) is not None:
            raise shape.error(f"{key} and {key}_base64 exclude each other", key)
        try:
            return base64.b64decode("".join(coded.split()), validate=True)
        except (binascii.Error, ValueError):
            raise shape.error(f"{key}_base64: no base64", f"{key}_base64") from None
    found = shape.value.get(key)
    if isinstance(found, list):
        return decode("".join(f"{line}\n" for line in shape.texts(key)), line_end)
    text = shape.text(key)
    return None if text is None else decode(text, line_end)
