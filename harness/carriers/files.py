"""Profiles and device sheets from YAML: strict, and with every fault at its line and column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from harness.errors import FileError
from harness.yamlfiles import strict_yaml
from harness.yamlfiles.problem import Problem

from . import kinds, rules
from .edition import Carrier, DeviceSheet
from .words import PROFILE_FORMAT, SHEET_FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_File = TypeVar("_File", Carrier, DeviceSheet)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one file; `line` and `column` count from 1, None where the fault has no place."""

    path: str
    line: int | None
    column: int | None
    severity: str
    """`error`: the file cannot be used. `warning`: it can, but should be looked at."""
    message: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.severity}: {self.message}"


def load_carrier(path: Path) -> Carrier:
    """Read one profile. Raises FileError with the first fault."""
    return carrier_from_text(read(path), str(path))


def load_sheet(path: Path) -> DeviceSheet:
    """Read one device sheet. Raises FileError with the first fault."""
    return sheet_from_text(read(path), str(path))


def carrier_from_text(text: str, path: str) -> Carrier:
    """The profile in `text`; `path` names it in errors. Raises FileError."""
    return _parse(text, path, Carrier)


def sheet_from_text(text: str, path: str) -> DeviceSheet:
    """The device sheet in `text`; `path` names it in errors. Raises FileError."""
    return _parse(text, path, DeviceSheet)


def lint(paths: Iterable[Path]) -> list[Finding]:
    """All faults of all files; a directory stands for all YAML files below it. Raises nothing for a bad file."""
    found: list[Finding] = []
    for path in yaml_below(paths):
        try:
            text = read(path)
        except FileError as error:
            found.append(_finding(error))
            continue
        found += lint_text(text, str(path))
    return found


def lint_text(text: str, path: str) -> list[Finding]:
    """All faults of one file's text. Its `format` says whether it is a profile or a sheet, else its place does."""
    try:
        value, _ = strict_yaml.load(text, path, with_marks=False)
    except FileError as error:
        return [_finding(_clearer(error, text))]
    type_ = _type_of(value, path)
    found, converted = _problems(value, type_)
    misplaced = None if converted is None else _misplaced(converted, path)
    marks = strict_yaml.load(text, path)[1] if found or misplaced else {}
    if misplaced:
        found = (*found, Problem(("id",), misplaced))
    out = []
    for problem in found:
        line, column = strict_yaml.nearest_mark(marks, problem.path)
        out.append(Finding(path, line, column, problem.severity, problem.message))
    return sorted(out, key=lambda one: (one.line or 0, one.column or 0))


def place_of(text: str, path: str, at: tuple[str | int, ...]) -> tuple[int | None, int | None]:
    """Line and column of a value of a file that reads well. Raises FileError."""
    return strict_yaml.nearest_mark(strict_yaml.load(text, path)[1], at)


def read(path: Path) -> str:
    """A file's text. Raises FileError where it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", path=str(path)) from None
    except UnicodeDecodeError:
        raise FileError("is not UTF-8 text", path=str(path)) from None


def _parse(text: str, path: str, type_: type[_File]) -> _File:
    value, _ = strict_yaml.load(text, path, with_marks=False)
    found, converted = _problems(value, type_)
    errors = [problem for problem in found if problem.severity == "error"]
    if isinstance(converted, type_) and not errors:
        return converted
    marks = strict_yaml.load(text, path)[1]
    places = [(strict_yaml.nearest_mark(marks, problem.path), problem) for problem in errors]
    (line, column), first = min(places, key=lambda one: (one[0][0] or 0, one[0][1] or 0))
    more = f"`bandproof profiles lint {path}` lists all {len(errors)} faults" if len(errors) > 1 else ""
    raise FileError(first.message, path=path, line=line, column=column, way_out=more)


def _problems(value: Any, type_: type[_File] | type[Carrier] | type[DeviceSheet]) -> tuple[tuple[Problem, ...], Any]:
    try:
        with kinds.CONVERTING:
            converted = msgspec.convert(value, type_, dec_hook=kinds.dec_hook)
    except msgspec.ValidationError as error:
        from harness.yamlfiles import shape

        # The walk names every fault; should it find none, msgspec's own words are better than silence.
        found = shape.problems(value, type_) or (Problem((), str(error)),)
        return tuple(_with_reason(problem, value) for problem in found), None
    if isinstance(converted, Carrier):
        return rules.carrier_problems(converted), converted
    return rules.sheet_problems(converted), converted


def _with_reason(problem: Problem, value: Any) -> Problem:
    """The problem; of a kind that another package offers and that cannot be used, with the reason."""
    if problem.path[-1:] != ("kind",):
        return problem
    for part in problem.path:
        value = value[part]
    return replace(problem, message=kinds.trouble(str(value)) or problem.message)


def _type_of(value: object, path: str) -> type[Carrier] | type[DeviceSheet]:
    named = value.get("format") if isinstance(value, dict) else None
    if named in {PROFILE_FORMAT, SHEET_FORMAT}:
        return Carrier if named == PROFILE_FORMAT else DeviceSheet
    return DeviceSheet if "devices" in Path(path).parts else Carrier


def _misplaced(converted: Carrier | DeviceSheet, path: str) -> str | None:
    """A file below carriers/ or devices/ has its place as its id."""
    place = Path(path).resolve()
    home = "carriers" if isinstance(converted, Carrier) else "devices"
    group = place.parent.name
    if place.parent.parent.name != home or (home == "carriers" and len(group) != 2 and group != "intl"):
        return None
    expected = f"{group}/{place.stem}"
    return None if converted.id == expected else f'id "{converted.id}" does not fit the file\'s place: "{expected}"'


def is_profile(path: Path) -> bool:
    """Whether a file that reads well is a carrier profile, not a device sheet."""
    return _type_of(strict_yaml.load(read(path), str(path), with_marks=False)[0], str(path)) is Carrier


def yaml_below(paths: Iterable[Path]) -> Iterator[Path]:
    """The files, and of a directory all YAML files below it, sorted."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix in {".yaml", ".yml"})
        else:
            yield path


def _clearer(error: FileError, text: str) -> FileError:
    """The YAML parser's words for the two faults that people make most, said plainly."""
    lines = text.splitlines()
    at = error.line - 1 if error.line else 0
    message = None
    if "cannot start any token" in error.bare_message and at < len(lines) and "\t" in lines[at]:
        message = "a tab stands here; YAML is indented with spaces only"
    elif "flow sequence" in error.bare_message or "flow mapping" in error.bare_message:
        closing = "]" if "flow sequence" in error.bare_message else "}"
        message = f'a comma or "{closing}" is missing here or on the line before'
    if message is None:
        return error
    return FileError(message, path=error.path, line=error.line, column=error.column)


def _finding(error: FileError) -> Finding:
    return Finding(error.path, error.line, error.column, "error", error.bare_message)
