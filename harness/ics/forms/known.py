"""The forms by name. Other packages add a lab's own form as an entry point of the group `bandproof.ics_forms`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from harness.errors import FileError, UnknownName, UsageError
from harness.ics.form import IcsForm

from . import item_lists, json_form, lines, tables, workbook_reading, workbook_writing

if TYPE_CHECKING:
    from pathlib import Path

    from harness.ics.declaration import IcsDeclaration

GROUP = "bandproof.ics_forms"
LARGEST = 128 * 1024 * 1024


OWN = (
    IcsForm("xlsx", workbook_reading.recognise, workbook_reading.read, workbook_writing.write),
    IcsForm("json", json_form.recognise, json_form.read, json_form.write),
    IcsForm("csv", tables.recognise, tables.read, tables.write),
    IcsForm("txt", lines.recognise, lines.read, lines.write),
    IcsForm("list", item_lists.recognise, item_lists.read),
)
"""Ours, in the order in which a file is tried."""


@cache
def forms() -> tuple[IcsForm, ...]:
    """All forms, those of other packages first: they know their own files best. Raises UsageError for a broken one."""
    from importlib.metadata import entry_points

    found: list[IcsForm] = []
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            form = point.load()
        except Exception as error:
            raise UsageError(f"ICS form {point.name} of {point.value} cannot be loaded: {error}") from error
        if not isinstance(form, IcsForm):
            raise UsageError(f"ICS form {point.name} of {point.value} is no IcsForm")
        found.append(form)
    return (*found, *OWN)


def read_declaration(path: Path, *, form: str = "") -> IcsDeclaration:
    """The proforma in a file, in the form that is named or that it is recognised as. Raises FileError, UnknownName."""
    data = _content(path)
    if form:
        chosen: IcsForm | None = named(form, reading=True)
    else:
        chosen = next((one for one in forms() if one.read is not None and one.recognise(data)), None)
    if chosen is None or chosen.read is None:
        raise FileError(_strange(data), path=path.name, way_out=f"known forms: {', '.join(_names(reading=True))}")
    found = chosen.read(data, path.name)
    if not found.statements and not found.faults:
        raise FileError(
            f"no item of a band, mode or configuration stands in it ({found.other_items} others)", path=path.name
        )
    return found


def _content(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise FileError(f"is larger than {LARGEST >> 20} MB", path=path.name)
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", path=str(path)) from None


def _strange(data: bytes) -> str:
    if not data.strip():
        return "is empty"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "is an old or a protected workbook; save it as .xlsx without a password"
    if data.startswith(b"%PDF"):
        return "is a PDF; ask for the workbook or text it was made of"
    return "is no ICS in a form known here"


def named(name: str, *, reading: bool = False) -> IcsForm:
    """The form of that name that can be read, or written. Raises UnknownName."""
    for one in forms():
        if one.name == name and (one.read if reading else one.write) is not None:
            return one
    raise UnknownName("ICS form", name, tuple(_names(reading=reading)))


def _names(*, reading: bool) -> list[str]:
    return [one.name for one in forms() if (one.read if reading else one.write) is not None]
