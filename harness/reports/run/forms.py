"""The forms of a report, rendered again and held against those of the run's folder: what a person reads is checked.

Of a page of this version every byte must agree, of a workbook every cell, of a PDF its text. Of a page that another
version or a laboratory's own layout made, the verdict of each requirement is held against the report.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections import Counter
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import BandproofError, UsageError
from harness.reports.writers import known, write_form

from .filled_ics import FOLDER as ICS_FOLDER
from .filled_ics import write_ics
from .folder import RUN_FILE
from .seals.manifest import ManifestFault
from .seals.regular_files import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness.recording.exchange import Exchange
    from harness.reports.document.document import Document
    from harness.verdicts.plan import Run

    from .folder import AskedRun

_WIDEST = 120
_BADGE = re.compile(r"\bverdict v-([A-Z_]+)\b")


class Unchecked(Exception):
    """A form that could not be held against the run, with the reason."""


def form_faults(
    directory: Path, document: Document, exchanges: Mapping[str, Sequence[tuple[str, Exchange]]], *, is_ours: bool
) -> Iterator[ManifestFault | Unchecked]:
    """What the forms in the folder tell that the document does not. `is_ours`: made by this version, by our layout."""
    for path in sorted(directory.glob("report.*")):
        form = path.suffix.removeprefix(".")
        if form == "json":
            continue
        try:
            yield from _of_form(directory, path.name, form, document, exchanges, is_ours=is_ours)
        except Unchecked as open_:
            yield open_
        except (ValueError, KeyError, IndexError, LookupError, TypeError) as error:
            yield ManifestFault(path.name, f"cannot be read: {type(error).__name__}")


def _of_form(
    directory: Path,
    name: str,
    form: str,
    document: Document,
    exchanges: Mapping[str, Sequence[tuple[str, Exchange]]],
    *,
    is_ours: bool,
) -> Iterator[ManifestFault]:
    told = read_regular(directory, name)
    if form not in known():
        raise Unchecked(f"{name} was not checked: nothing here writes such a form")
    again = _rendered(form, name, document, exchanges)
    if told == again:
        return
    if form == "xlsx":
        yield from _cell_faults(name, told, again)
    elif form == "pdf":
        yield from _text_faults(name, told, again)
    elif form == "html" and not is_ours:
        yield from _value_faults(name, told, again)
        raise Unchecked(f"{name} is of another version or layout: the verdict of each requirement was checked, no more")
    elif form == "html":
        yield ManifestFault(name, f"is not the page of this run: {_first_words(told, again)}")
    else:
        yield ManifestFault(name, "is not what its writer gives for this run")


def ics_faults(directory: Path, run: Run, asked: AskedRun) -> Iterator[ManifestFault | Unchecked]:
    """What the filled proformas of a run tell that its evidence does not."""
    names = [path.relative_to(directory).as_posix() for path in sorted((directory / ICS_FOLDER).glob("*"))]
    if not names and not asked.filled_ics:
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            again = Path(folder)
            said = write_ics(again, run.surveys.values(), date=asked.started[:10], laboratory=asked.lab.name or "")
        except (BandproofError, ImportError) as error:
            yield Unchecked(f"{ICS_FOLDER}/ was not checked: {error}")
            return
        if said != asked.filled_ics:
            yield ManifestFault(RUN_FILE, "how much of an ICS was filled is not what the evidence gives")
        written = {path.relative_to(again).as_posix() for path in again.rglob("*.*")}
        yield from (ManifestFault(name, "is missing") for name in sorted(written - {*names}))
        for name in names:
            try:
                yield from _ics_file(name, read_regular(directory, name), again, is_known=name in written)
            except Unchecked as open_:
                yield open_
            except ValueError as error:
                yield ManifestFault(name, f"cannot be read: {error}")


def _ics_file(name: str, told: bytes, again: Path, *, is_known: bool) -> Iterator[ManifestFault]:
    if not is_known:
        yield ManifestFault(name, "is an ICS of no device of this run")
    elif name.endswith(".xlsx"):
        yield from _cell_faults(name, told, (again / name).read_bytes())
    elif told != (again / name).read_bytes():
        yield ManifestFault(name, "is not the ICS that the evidence gives")


def _rendered(
    form: str, name: str, document: Document, exchanges: Mapping[str, Sequence[tuple[str, Exchange]]]
) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return write_form(form, Path(folder), document, dict(exchanges)).read_bytes()
        except UsageError as error:
            raise Unchecked(f"{name} was not checked: {error.message} ({error.way_out})") from None
        except (BandproofError, OSError) as error:
            raise Unchecked(f"{name} was not checked: {error}") from None


class _Texts(HTMLParser):
    """The texts of a page in order, and the badges of verdicts with the row that each stands in."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.rows: list[tuple[str, str]] = []
        self._badge = ""
        self._is_name = False
        self.feed(page.decode("utf-8", "replace"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs).get("class") or ""
        if tag == "tr":
            self._badge = ""
        if found := _BADGE.search(names):
            self._badge = found[1]
        self._is_name = tag == "span" and names == "mono"

    def handle_data(self, data: str) -> None:
        if words := " ".join(data.split()):
            self.texts.append(words)
            if self._is_name and self._badge:
                self.rows.append((words, self._badge))
                self._badge = ""
        self._is_name = False


def _first_words(told: bytes, again: bytes) -> str:
    """The first words that differ, both ways."""
    for one, other in zip_longest(_Texts(told).texts, _Texts(again).texts):
        if one != other:
            return f"it says {_short(one)} where the run gives {_short(other)}"
    return "its words are those of the run, what is around them was changed"


def _value_faults(name: str, told: bytes, again: bytes) -> Iterator[ManifestFault]:
    there, wanted = Counter(_Texts(told).rows), Counter(_Texts(again).rows)
    if not there:
        raise Unchecked(f"{name} was not checked: it is of another layout, and no verdict can be found in it")
    for requirement, verdict in (there - wanted).elements():
        yield ManifestFault(name, f"says {verdict} of {requirement}, which the run does not give")
    for requirement, verdict in (wanted - there).elements():
        yield ManifestFault(name, f"does not say {verdict} of {requirement}, which the run gives")


def _cell_faults(name: str, told: bytes, again: bytes) -> Iterator[ManifestFault]:
    """Cells of a workbook that differ, the first of each sheet; when it was written is no cell."""
    there, wanted = _cells(told), _cells(again)
    for sheet in dict.fromkeys([*wanted, *there]):
        one, other = there.get(sheet, {}), wanted.get(sheet, {})
        place = next((at for at in dict.fromkeys([*other, *one]) if one.get(at) != other.get(at)), None)
        if sheet not in there or sheet not in wanted:
            yield ManifestFault(name, f"sheet {sheet} is {'missing' if sheet in wanted else 'not of this run'}")
        elif place is not None:
            words = f"{_short(one.get(place))} where the run gives {_short(other.get(place))}"
            yield ManifestFault(name, f"cell {sheet}!{place} holds {words}")


def _cells(data: bytes) -> dict[str, dict[str, Any]]:
    """Sheet -> place -> value (the formula, where it is one)."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise Unchecked("report.xlsx was not checked: no openpyxl (pip install 'bandproof[tables]')") from None
    try:
        book = load_workbook(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - a damaged file makes the library raise anything
        raise ValueError(str(error)) from None
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        for sheet in book.worksheets
    }


def _text_faults(name: str, told: bytes, again: bytes) -> Iterator[ManifestFault]:
    """Words of a PDF that differ. Its bytes hold when it was made and by which library."""
    there, wanted = _words(told), _words(again)
    for one, other in zip_longest(there, wanted):
        if one != other:
            yield ManifestFault(name, f"its text says {_short(one)} where the run gives {_short(other)}")
            return


def _words(data: bytes) -> list[str]:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise Unchecked("report.pdf was not checked: no pypdf (pip install 'bandproof[pdf]')") from None
    try:
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split()
    except Exception as error:  # noqa: BLE001 - a damaged file makes the library raise anything
        raise ValueError(str(error)) from None


def _short(value: object) -> str:
    text = "nothing" if value is None else repr(str(value))
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"
