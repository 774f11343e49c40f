"""YAML as people mean it: the core types of YAML 1.2, no aliases, no duplicate keys, every value with its place.

`no`, `on`, dates and `12:30` stay text, and so do digits with a leading zero (a PLMN `00101` keeps its zeros).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harness.errors import FileError

if TYPE_CHECKING:
    import yaml

Marks = dict[tuple[str | int, ...], tuple[int, int]]

MAX_DEPTH = 100

_TAG = "tag:yaml.org,2002:"
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TYPES: dict[str, tuple[type, ...]] = {"null": (type(None),), "bool": (bool,), "int": (int,), "float": (int, float)}
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|\.[0-9]+(?:[eE][-+]?[0-9]+)?"
    r"|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)


def load(text: str, path: str, *, with_marks: bool = True) -> tuple[Any, Marks]:
    """Read one YAML document; answer its value (None where it is empty) and where each part of it stands.

    `marks` maps a path such as `("editions", 0, "bands")` to (line, column), both from 1: the place of the key in a
    mapping, of the item in a list. `path` is named in errors. Raises FileError.
    """
    import yaml

    # Events, not nodes: the composer of the C library overflows the stack on deep nesting.
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    marks: Marks = {}
    try:
        loader = base(text)
        try:
            return _Builder(loader, path, marks if with_marks else None).document(), marks
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _marked(error, path) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise FileError(f"no YAML: {' '.join(str(error).split())}", path=path) from None


def nearest_mark(marks: Marks, path: tuple[str | int, ...]) -> tuple[int, int] | tuple[None, None]:
    """The place of `path`, or of the closest thing around it that has one (a missing key has no place)."""
    for length in range(len(path), -1, -1):
        if path[:length] in marks:
            return marks[path[:length]]
    return None, None


def _marked(error: yaml.MarkedYAMLError, path: str) -> FileError:
    mark = error.problem_mark or error.context_mark
    words = ", ".join(part for part in (error.problem, error.context) if part)
    if mark is None:
        return FileError(words, path=path)
    return FileError(words, path=path, line=mark.line + 1, column=mark.column + 1)


class _Builder:
    """Turns the parser's events into values."""

    def __init__(self, loader: Any, path: str, marks: Marks | None) -> None:
        self._next = loader.get_event
        self._path = path
        self._marks = marks

    def document(self) -> Any:
        self._next()  # the stream's start
        event = self._next()
        if type(event).__name__ == "StreamEndEvent":
            return None
        value = self._value(self._next(), ())
        self._next()  # the document's end
        event = self._next()
        if type(event).__name__ != "StreamEndEvent":
            raise self._error("a second document starts here; only one is allowed", event)
        return value

    def _value(self, event: Any, at: tuple[str | int, ...], mark: Any = None) -> Any:
        if self._marks is not None:
            mark = mark or event.start_mark
            self._marks[at] = (mark.line + 1, mark.column + 1)
        if len(at) > MAX_DEPTH:
            raise self._error(f"nested more than {MAX_DEPTH} deep", event)
        match type(event).__name__:
            case "ScalarEvent":
                return self._scalar(event)
            case "SequenceStartEvent":
                self._only_tag(event, "seq")
                return self._sequence(at)
            case "MappingStartEvent":
                self._only_tag(event, "map")
                return self._mapping(at)
            case _:
                raise self._error(f"the alias *{event.anchor} is not allowed; write the text out", event)

    def _sequence(self, at: tuple[str | int, ...]) -> list[Any]:
        out: list[Any] = []
        while type(event := self._next()).__name__ != "SequenceEndEvent":
            out.append(self._value(event, (*at, len(out))))
        return out

    def _mapping(self, at: tuple[str | int, ...]) -> dict[str | int, Any]:
        out: dict[str | int, Any] = {}
        while type(event := self._next()).__name__ != "MappingEndEvent":
            key = self._key(event)
            if key in out:
                raise self._error(f"the key {key!r} stands here twice", event)
            out[key] = self._value(self._next(), (*at, key), event.start_mark)
        return out

    def _key(self, event: Any) -> str | int:
        if type(event).__name__ != "ScalarEvent":
            raise self._error("a key must be a word or a number", event)
        key = self._scalar(event)
        if isinstance(key, bool):
            raise self._error(f"the key {event.value!r} reads as true or false; put it in quotes", event)
        return key if isinstance(key, (str, int)) else str(event.value)

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if event.implicit[0]:
            return self._plain(event)
        if event.implicit[1] or event.tag in (f"{_TAG}str", "!"):
            return text
        name = event.tag.removeprefix(_TAG)
        kinds = _TYPES.get(name)
        if kinds is None:
            raise self._error(f"the tag {event.tag} is not allowed", event)
        value = self._plain(event)
        if type(value) not in kinds:
            raise self._error(f"{text[:40]!r} is no {name}", event)
        return value

    def _plain(self, event: Any) -> Any:
        text = event.value
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if text[0] not in "-+.0123456789":
            return text
        if _INT.fullmatch(text):
            try:
                return int(text, {"0x": 16, "0o": 8}.get(text[:2], 10))
            except ValueError:
                raise self._error("a number of too many digits", event) from None
        if _FLOAT.fullmatch(text):
            return float(re.sub(r"\.(inf|nan)$", r"\1", text.lower()))
        return text

    def _only_tag(self, event: Any, name: str) -> None:
        if event.tag not in (None, "!", f"{_TAG}{name}"):
            raise self._error(f"the tag {event.tag} is not allowed", event)

    def _error(self, message: str, place: Any) -> FileError:
        mark = place.start_mark
        return FileError(message, path=self._path, line=mark.line + 1, column=mark.column + 1)
