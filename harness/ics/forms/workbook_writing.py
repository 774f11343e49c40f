"""The filled proforma as a laboratory's feature spreadsheet: `Overview`, `Info`, then one sheet a specification.

Row 1 of a sheet names the specification in column C, row 2 heads the columns; what is not measured has an empty
`Value` and its reason in `Response Details`. Device text never becomes a formula.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.radio.ics import Specification, errata, specifications

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness.ics.answers import FilledIcs, ItemAnswer
    from harness.observations import Source

HEADS = (
    "Group",
    "Group Description",
    "Item",
    "Description",
    "Mnemonic",
    "Value",
    "Allowed Settings",
    "Is Test Plan Relevant",
    "Status",
    "Response Details",
    "Evidence",
)
_WIDTHS = (15, 26, 27, 40, 25, 8, 12, 10, 20, 84, 50)
_VALUE, _DETAILS = HEADS.index("Value"), HEADS.index("Response Details")
_LINE_HEIGHT = 15.0
_A3, _A4 = 8, 9
_SHORT_HASH = 16
_TOP = 2
"""Rows above the items: the specification's name, and the heads of the columns."""
_INK, _RULE, _HAIR = "#1F3864", "#9AA7BC", "#DCE1E8"
_LINED: dict[str, Any] = {"border": 1, "border_color": _HAIR}
_CELLS: dict[str, dict[str, Any]] = {
    "plain": {},
    "label": {"bold": True, "font_color": _INK},
    "wrapped": {"text_wrap": True},
    "yes": {"bold": True, "bg_color": "#E3F1E3"},
    "once": {"bold": True, "bg_color": "#FFF4D6"},
    "no": {"bold": True, "bg_color": "#F6E3E1"},
}
_LOOKS: dict[str, dict[str, Any]] = {
    **_CELLS,
    **{f"{name}_row": {**look, **_LINED} for name, look in _CELLS.items()},
    **{f"{name}_first": {**look, **_LINED, "top": 1, "top_color": _RULE} for name, look in _CELLS.items()},
    "title": {"bold": True, "font_size": 14, "font_color": _INK},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": _INK, "text_wrap": True, "valign": "vcenter"},
}
_LONGEST_CELL = 2000

_GROUPS = {
    "band": "bands",
    "mode": "modes and options",
    "lte_ca": "carrier aggregation configurations",
    "nr_ca": "carrier aggregation configurations",
    "en_dc": "EN-DC configurations",
    "nr_dc": "NR-DC configurations",
    "ne_dc": "NE-DC configurations",
    "sul": "supplementary uplink configurations",
    "hd_fdd_redcap": "half-duplex FDD bands of RedCap UEs",
    "ul_mimo": "bands with uplink MIMO",
    "txd": "bands with transmit diversity",
}
_RATS = {"lte": "E-UTRA", "nr": "NR", "umts": "UTRA", "gsm": "GSM"}


def write(filled: FilledIcs) -> bytes:
    """The octets of the workbook. Raises UsageError without XlsxWriter."""
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError("no workbook without XlsxWriter", way_out="pip install 'bandproof[ics]'") from None
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": f"ICS of {plain(filled.head.model or filled.device)}", "author": "bandproof"})
    looks = {name: book.add_format({"valign": "top", **look}) for name, look in _LOOKS.items()}
    _labels(book.add_worksheet("Overview"), _overview(filled), looks, title=True)
    _labels(book.add_worksheet("Info"), _info(filled), looks)
    for spec in specifications().values():
        rows = [one for one in filled.answers if one.item.spec == spec.spec]
        if rows:
            _spec_sheet(book.add_worksheet(f"3GPP TS {spec.spec}"), spec, rows, looks)
    _evidence_sheet(book.add_worksheet("Evidence"), filled, looks)
    book.close()
    return out.getvalue()


def plain(text: str) -> str:
    """Text of a device or a person for a cell: one line of printable characters, cut where it is too long."""
    kept = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return kept[:_LONGEST_CELL]


def _overview(filled: FilledIcs) -> Iterator[tuple[str, str]]:
    counts = filled.counts()
    yield "Implementation conformance statement", ""
    yield "", ""
    yield "What this is", filled.statement
    yield "", ""
    yield "UE name", filled.head.model
    yield "Software configuration", filled.head.software
    yield "Date", filled.head.date
    yield "Laboratory", filled.head.laboratory
    yield "", ""
    yield "Items", str(counts["items"])
    yield "Answered TRUE", str(counts["true"])
    if counts["told_once"]:
        yield "of these told once only", f"{counts['told_once']} (one capture without a checksum: confirm with another)"
    yield "Answered FALSE", str(counts["false"])
    yield "Modes that follow from them", str(counts["implied"])
    yield "Blank, for the maker", str(counts["blank"])
    yield "", ""
    yield from _by_spec(filled.answers)
    yield "", ""
    yield "False is an answer in", "all tables"
    yield "Colours", "green TRUE, yellow TRUE told once only, red FALSE, none: not answered"
    for remark in filled.remarks:
        yield "Remark", remark


def _by_spec(answers: Sequence[ItemAnswer]) -> Iterator[tuple[str, str]]:
    for spec in specifications().values():
        own = [one for one in answers if one.item.spec == spec.spec]
        if own:
            yes, no = sum(one.value is True for one in own), sum(one.value is False for one in own)
            yield f"TS {spec.spec} ({spec.title})", f"{yes} TRUE, {no} FALSE, {len(own) - yes - no} blank"


def _info(filled: FilledIcs) -> Iterator[tuple[str, str]]:
    head = filled.head
    yield "UE name", head.model
    yield "Hardware configuration", head.hardware
    yield "Software configuration", head.software
    yield "Supplier", head.supplier
    yield "Client", head.client
    yield "Contact", head.contact
    yield "Laboratory", head.laboratory
    yield "Date", head.date
    yield "Complete", "all"
    yield "", ""
    for spec in specifications().values():
        yield f"Items of TS {spec.spec}", f"V{spec.version}" if spec.version else spec.source
    for key, one in errata().items():
        yield f"Error in the text of {key}", f"says {one.says}; {one.by} has {one.true_range}: the mnemonic decides"


def _labels(sheet: Any, rows: Iterator[tuple[str, str]], looks: Mapping[str, Any], *, title: bool = False) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 1, 100)
    for number, (label, value) in enumerate(rows):
        sheet.write_string(number, 0, plain(label), looks["title" if title and number == 0 else "label"])
        if value:
            sheet.write_string(number, 1, plain(value), looks["wrapped"])
    _print_on_paper(sheet)


def _spec_sheet(sheet: Any, spec: Specification, rows: Sequence[ItemAnswer], looks: Mapping[str, Any]) -> None:
    version = f" V{spec.version}" if spec.version else ""
    sheet.write_string(0, 2, f"3GPP TS {spec.spec}{version}", looks["title"])
    for column, head in enumerate(HEADS):
        sheet.set_column(column, column, _WIDTHS[column])
        sheet.write_string(_TOP - 1, column, head, looks["head"])
    sheet.set_row(_TOP - 1, 32)
    table = ""
    for number, one in enumerate(rows, _TOP):
        first = one.item.table != table
        table = one.item.table
        cells = _row(one, first=first)
        # A program that opens the sheet does not make wrapped rows higher by itself.
        needed = max(_lines(cells[column], _WIDTHS[column]) for column in (1, 3, _DETAILS, len(HEADS) - 1))
        if needed > 1:
            sheet.set_row(number, _LINE_HEIGHT * needed)
        for column, (text, look) in enumerate(zip(cells, _look(one), strict=True)):
            name = f"{look}_{'first' if first else 'row'}"
            (sheet.write_string if text else sheet.write_blank)(number, column, plain(text), looks[name])
    last = _TOP + len(rows) - 1
    sheet.data_validation(_TOP, _VALUE, last, _VALUE, {"validate": "list", "source": ["TRUE", "FALSE"]})
    sheet.freeze_panes(_TOP, 3)
    sheet.autofilter(_TOP - 1, 0, last, len(HEADS) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(_TOP - 1)
    _print_on_paper(sheet, _A3)


def _look(one: ItemAnswer) -> tuple[str, ...]:
    """The look of each cell of a row."""
    value = "plain"
    if one.value is not None:
        value = "no" if one.value is False else "once" if one.basis == "told_once" else "yes"
    names = ["plain"] * len(HEADS)
    names[0], names[_VALUE] = "label", value
    for column in (1, 3, _DETAILS, len(HEADS) - 1):
        names[column] = "wrapped"
    return tuple(names)


def _row(one: ItemAnswer, *, first: bool) -> tuple[str, ...]:
    item = one.item
    value = "" if one.value is None else "TRUE" if one.value else "FALSE"
    return (
        item.table if first else "",
        _group(one) if first else "",
        f"{item.table}/{item.item}",
        _description(one),
        item.mnemonic,
        value,
        "TRUE, FALSE",
        "",
        _status(one),
        one.reason,
        _evidence(one),
    )


def _group(one: ItemAnswer) -> str:
    kind = one.item.kind
    if kind.startswith("pc"):
        words = f"bands with power class {kind[2:]}"
    elif kind.endswith("rx"):
        words = f"bands with {kind[0]} receive antenna ports"
    else:
        words = _GROUPS[kind]
    return f"{_RATS[one.item.rat]} {words}"


def _description(one: ItemAnswer) -> str:
    item = one.item
    label = item.label if item.kind in {"mode", *_GROUPS} - {"band"} else f"{_RATS[item.rat]} {item.label}"
    ranges = [f"UL {item.ul_mhz}" if item.ul_mhz else "", f"DL {item.dl_mhz}" if item.dl_mhz else ""]
    told = ", ".join(part for part in ranges if part)
    return f"{label} ({told} MHz)" if told and item.key not in errata() else label


def _status(one: ItemAnswer) -> str:
    if one.value is None or one.grade is None:
        return "not answered"
    more = {"told_once": ", told once", "implied": ", follows"}.get(one.basis, "")
    return f"{one.grade.word}{more}"


def _evidence(one: ItemAnswer) -> str:
    """The beginning of each hash; the sheet `Evidence` has the whole."""
    return " ".join(f"{_place(source)}:{digest[:_SHORT_HASH]}" for source, digest in _of(one))


def _of(one: ItemAnswer) -> Iterator[tuple[Source, str]]:
    yield from zip(one.evidence, one.sha256, strict=True)


def _place(source: Source) -> str:
    return f"{source.link or 'link'}#{'?' if source.exchange is None else source.exchange}"


def _evidence_sheet(sheet: Any, filled: FilledIcs, looks: Mapping[str, Any]) -> None:
    """Every exchange that an answer rests on, with the hash of what the device answered."""
    heads, widths = ("Exchange", "Request", "SHA-256 of the answer", "Items"), (14, 70, 70, 8)
    told: dict[tuple[str, str, str], int] = {}
    for one in filled.answers:
        for source, digest in _of(one):
            row = (_place(source), source.request or "", digest)
            told[row] = told.get(row, 0) + 1
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, looks["head"])
    for number, (row, count) in enumerate(told.items(), 1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, plain(text), looks["plain_row"])
        sheet.write_number(number, len(row), count, looks["plain_row"])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    _print_on_paper(sheet)


def _lines(text: str, width: int) -> int:
    """How many lines a wrapped cell of this width needs."""
    return max(1, -(-len(text) // max(1, int(width * 0.95))))


def _print_on_paper(sheet: Any, paper: int = _A4) -> None:
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&8&A&R&8page &P of &N")
