"""`report.xlsx`: the document as tables for people who sort and filter; made by pandas.

Sheets: Summary, Verdicts, Bands, Combinations (where a device tells any or a carrier asks for one), Declared
(where papers were declared), Sweep and Put back (where a device was swept), Deviations, Evidence.
Device text never becomes a formula or a link.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

from harness.errors import UsageError
from harness.plain_text import visible
from harness.recording.writer import write_atomically
from harness.reports.document.entries import declaration
from harness.reports.document.minute import compiled_from
from harness.verdicts.verdict import Outcome

from .combinations import COLUMNS, combination_rows
from .papers import COLUMNS as PAPER_COLUMNS
from .papers import paper_rows
from .sweeps import BACK_COLUMNS, SWEEP_COLUMNS, back_rows, swept_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from harness.observations import Rat
    from harness.reports.document.document import Document
    from harness.reports.document.entries import BandList, Disagreement, EvidencePlace, LayerName
    from harness.reports.document.lab_entries import LabEntry
    from harness.reports.exchanges import Exchanges

LONGEST_CELL = 32000
"""A cell of a workbook holds 32,767 characters."""
_WIDEST = 70
_RATS: tuple[Rat, ...] = ("lte", "nr", "nr_sa", "nr_nsa", "umts", "gsm", "lte_m", "nb_iot")
_LAYERS: tuple[tuple[str, LayerName], ...] = (
    ("Hardware", "hardware"),
    ("Listed", "supported"),
    ("Policy", "policy"),
    ("Advertised", "advertised"),
    ("Enabled", "enabled"),
    ("Attached", "attached"),
    ("Declared", "declared"),
)


def write_xlsx(file: Path, document: Document, exchanges: Exchanges) -> None:
    """Write the workbook atomically. Raises UsageError without pandas and XlsxWriter, OSError."""
    try:
        import pandas as pd
        import xlsxwriter  # noqa: F401 - pandas asks for it by name
    except ImportError as error:
        raise UsageError(f"no workbook without {error.name}", way_out="pip install 'bandproof[tables]'") from None
    data = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with pd.ExcelWriter(
        data,
        engine="xlsxwriter",
        datetime_format="yyyy-mm-dd hh:mm:ss.000",
        engine_kwargs={"options": options},
    ) as book:
        book.book.set_properties({"title": f"RF band fit report {document.run.number}", "comments": document.statement})
        for name, columns, rows in _sheets(document, exchanges):
            table = pd.DataFrame([[_cell(value) for value in row] for row in rows], columns=list(columns))
            table.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 1))
            _lay_out(book, name, table)
    write_atomically(file, data.getvalue())


_Sheet = tuple[str, tuple[str, ...], list[tuple[Any, ...]]]


def _sheets(document: Document, exchanges: Exchanges) -> Iterator[_Sheet]:
    yield _summary(document)
    yield _verdicts(document)
    yield _bands(document)
    if combinations := combination_rows(document, _place):
        yield "Combinations", COLUMNS, combinations
    if declared := paper_rows(document, _place):
        yield "Declared", PAPER_COLUMNS, declared
    if swept := swept_rows(document, _place):
        yield "Sweep", SWEEP_COLUMNS, swept
        yield "Put back", BACK_COLUMNS, back_rows(document, _place)
    if document.own_cases:
        yield _own_cases(document)
    yield _deviations(document)
    yield _evidence(document, exchanges)


def _summary(document: Document) -> _Sheet:
    run, lab = document.run, document.lab
    rows: list[tuple[Any, ...]] = [
        ("Report", "id", run.number),
        ("Report", "answer", document.answer),
        ("Report", "what this is not", document.statement),
        ("Report", "started (UTC)", _moment(run.started)),
        ("Report", "finished (UTC)", _moment(run.finished) or "stopped before its end"),
        ("Report", "complete", "yes" if run.complete else "NO"),
        ("Report", "tool", run.tool),
        ("Report", "policy", run.policy),
        ("Report", "weakest evidence accepted", run.require_grade),
        ("Report", "as of", run.as_of or run.started[:10]),
        *(("Report", "whose requirements", line) for line in compiled_from(document)),
        ("Laboratory", "name", lab.name or "missing"),
        ("Laboratory", "accreditation", _accreditation(lab)),
    ]
    for device in document.devices:
        about = f"Device {device.device}"
        rows.append((about, "label", device.label))
        rows += [(about, name.replace("_", " "), value) for name, value in device.identity.items()]
        rows.append((about, "provenance", device.provenance or "missing"))
        rows.append((about, "declared by", declaration(device) or "no sheet"))
        rows += [(about, "lock in force", lock) for lock in device.locks]
        rows += [(about, "links", bond) for bond in device.bonds]
        if device.trouble:
            rows.append((about, "trouble", device.trouble))
    for one in document.results:
        about = f"{one.device} at {one.carrier}@{one.edition}"
        rows.append((about, "verdict", one.verdict))
        rows.append((about, "met of asked", f"{one.met} of {one.asked}"))
        rows.append((about, "failed, open, not applicable", f"{one.failed}, {one.open}, {one.not_applicable}"))
        rows.append((about, "bands asked", one.bands_asked))
        rows.append((about, "missing", " ".join(one.missing) or "none"))
    rows += [("Verdicts", name, count) for name, count in document.deciding.counts().items()]
    if document.informative:
        rows.append(("Verdicts", "informative", document.informative))
    rows.append(("How to read", "an empty cell of Bands", "that layer of the device was not observed"))
    rows += [(f"Submission: {one.section}", one.item, one.value or "missing") for one in document.submission]
    return "Summary", ("About", "What", "Value"), rows


def _accreditation(lab: LabEntry) -> str:
    told = lab.accreditation
    return f"{told.body} {told.number} ({told.scope})" if told else "not an accredited report"


def _verdicts(document: Document) -> _Sheet:
    columns = ("Device", "Carrier", "Edition", "Requirement", "Text", "Level", "Verdict", "Grade", "Reason", "Evidence")
    rows = [
        (
            one.device,
            one.carrier,
            one.edition,
            one.requirement,
            one.text,
            one.level,
            one.verdict,
            one.grade,
            one.reason,
            "; ".join(_place(source) for source in one.evidence) or _no_place(one.grade),
        )
        for one in document.verdicts
    ]
    return "Verdicts", columns, rows


def _no_place(grade: str | None) -> str:
    return "the declaration" if grade == "declared" else "none"


def _place(source: EvidencePlace) -> str:
    line = f" line {source.line}" if source.line else ""
    number = f"#{source.exchange}" if source.exchange is not None else ""
    return f"{source.link or 'source'}{number} {source.request or ''}{line}"


def _bands(document: Document) -> _Sheet:
    """One row a device, RAT and band; one column a layer: yes, no, or empty where that layer was not observed."""
    rows = []
    for device in document.devices:
        for rat in _RATS:
            told = {name: bands for name, layer in device.layers.items() if (bands := layer.get(rat)) is not None}
            numbers = {band for bands in told.values() if not isinstance(bands, str) for band in bands}
            for band in sorted(numbers):
                cells = [_told(told.get(layer), band, layer) for _, layer in _LAYERS]
                rows.append((device.device, rat.upper().replace("_", " "), band, *cells))
    return "Bands", ("Device", "RAT", "Band", *(title for title, _ in _LAYERS)), rows


def _told(bands: BandList | Literal["unlimited"] | None, band: int, layer: LayerName) -> str | None:
    if bands is None:
        return None
    if bands == "unlimited":
        return "no restriction"
    if band in bands:
        return "yes"
    return None if layer == "attached" else "no"


def _own_cases(document: Document) -> _Sheet:
    rows: list[tuple[Any, ...]] = [
        (one.outcome, one.device, one.carrier, one.text, one.reason, one.case) for one in document.own_cases
    ]
    return "Own cases", ("Outcome", "Device", "Carrier", "What", "Reason", "Case"), rows


def _deviations(document: Document) -> _Sheet:
    """What deviates: verdicts that are neither PASS nor NA, sources that disagree, troubles and warnings."""
    rows: list[tuple[Any, ...]] = [
        (one.verdict, one.device, f"{one.carrier}@{one.edition} {one.requirement}", one.reason)
        for one in document.verdicts
        if one.verdict not in {Outcome.PASS, Outcome.NA}
    ]
    for device in document.devices:
        rows += [("disagreement", device.device, "", _in_words(one)) for one in device.disagreements]
        rows += [("warning", device.device, "", text) for text in device.warnings]
        if device.trouble:
            rows.append(("trouble", device.device, "", device.trouble))
    return "Deviations", ("Kind", "Device", "About", "What"), rows


def _in_words(one: Disagreement) -> str:
    says = (
        f"{said.what} ({'; '.join(filter(None, (said.grade, _place(said.source) if said.source else '')))})"
        for said in one.says
    )
    return f"{one.about}: {', '.join(says)}"


def _evidence(document: Document, exchanges: Exchanges) -> _Sheet:
    columns = (
        *("Device", "Number", "Link", "Request", "Time (UTC)", "Elapsed ms", "Exit code", "Bytes", "Error"),
        *("File", "SHA-256"),
    )
    rows: list[tuple[Any, ...]] = [
        (
            device.device,
            one.number,
            one.link,
            one.request,
            _moment(one.at),
            one.elapsed_ms,
            one.exit_code,
            one.bytes,
            one.error,
            None,
            None,
        )
        for device in document.devices
        for one in device.exchanges
    ]
    rows += [(*(None,) * 7, one.bytes, None, one.file, one.sha256) for one in document.files]
    return "Evidence", columns, rows


def _moment(text: str | None) -> Any:
    """A time as a workbook has it, without a zone: UTC. Text that is no time stays text."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return text


def _cell(value: Any) -> Any:
    """A value as a cell takes it: numbers and times stay what they are, text loses what a workbook cannot hold."""
    if value is None or isinstance(value, bool | int | float | datetime):
        return value
    text = visible(str(value)).replace("\t", " ")
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]} … [cut]"


def _lay_out(book: Any, name: str, table: Any) -> None:
    """Filters, a head that stays, columns as wide as their text, wrapped."""
    sheet = book.sheets[name]
    # Where numbers and texts stand side by side, all of them stand to the left.
    aside = {"align": "left"} if name in {"Summary", "Bands"} else {}
    wrapped = book.book.add_format({"text_wrap": True, "valign": "top", **aside})
    head = book.book.add_format({"bold": True, "align": "left", "valign": "top", "bg_color": "#E5E7EB", "bottom": 1})
    widths = []
    for index, column in enumerate(table.columns):
        longest = max([len(str(column)) + 3, *(len(str(value)) for value in table[column].head(500))])
        widths.append(min(_WIDEST, _SIGN_WIDTH * longest + 1))
        sheet.set_column(index, index, widths[-1], wrapped)
        sheet.write_string(0, index, str(column), head)
    for number, row in enumerate(table.itertuples(index=False), 1):
        if (lines := _lines(row, widths)) > 1:
            # Programs that do not measure wrapped text themselves print its lines over each other.
            sheet.set_row(number, min(_TALLEST, _LINE * lines))
    if len(table):
        _colour(book.book, sheet, len(table), len(table.columns))
    if len(table.columns):
        sheet.autofilter(0, 0, max(1, len(table)), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&RPage &P of &N")


def _lines(row: Iterable[Any], widths: Sequence[float]) -> int:
    """How many lines the tallest cell of a row takes: words do not fill a line to its end."""
    told = ((str(value), width) for value, width in zip(row, widths, strict=True) if isinstance(value, str))
    return max(
        (sum(ceil(len(line) * _SIGN_WIDTH / width) or 1 for line in text.split("\n")) for text, width in told),
        default=1,
    )


_SIGN_WIDTH = 1.15
"""Columns that a sign takes where words do not fill a line to its end."""
_LINE, _TALLEST = 15.0, 409.0
"""Points of a line, and of the highest row that a worksheet has."""
_COLOURS = {
    "FAIL": {"bg_color": "#F8D7D0", "font_color": "#7A1F0A", "bold": True},
    "ERROR": {"bg_color": "#F8D7D0", "font_color": "#7A1F0A", "bold": True},
    "INCONC": {"bg_color": "#FFF4CC", "font_color": "#6B4E00", "bold": True},
    "WAIVED": {"bg_color": "#FFF4CC", "font_color": "#6B4E00"},
    "PASS": {"bg_color": "#DCEFE2", "font_color": "#14532D"},
    "PASS_NOTE": {"bg_color": "#DCEFE2", "font_color": "#14532D"},
    "missing": {"font_color": "#7A1F0A"},
}
"""How a cell that holds that word looks; the word says it without colour."""


def _colour(book: Any, sheet: Any, rows: int, columns: int) -> None:
    for word, look in _COLOURS.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": book.add_format(look)}
        sheet.conditional_format(1, 0, rows, columns - 1, rule)
