"""Small surveys, proformas and workbooks for the tests of the ICS."""

from __future__ import annotations

import io
from typing import Any

from harness.capability_facts import BandCombinations, CarrierComponent, PowerClass
from harness.observations import (
    EnabledBands,
    Grade,
    Identity,
    Observation,
    Registration,
    ServingCell,
    Source,
    SupportedBands,
)
from harness.recording.exchange import Exchange
from harness.survey.survey import Survey

MODEL, BUILD = "NW-200", "NW200_01.02.03"
HEADS = [
    "Group",
    "Group Description",
    "Item",
    "Description",
    "Mnemonic",
    "Value",
    "Allowed Settings",
    "Is Test Plan\nRelevant",
    "Status",
    "Response\nDetails",
]


def survey(*facts: Observation, model: str | None = MODEL, build: str | None = BUILD, **more: Any) -> Survey:
    """A modem that told these facts; its one exchange is their evidence."""
    said = (Identity(model=model, build=build),) if model or build else ()
    exchanges = (("at", Exchange("AT+NWCAP", b"+NWCAP: 1\r\n\r\nOK\r\n")),)
    return Survey(
        "modem", "fixture:modem", "modem", observations=(*said, *facts), exchanges=exchanges, dialect="nowhere", **more
    )


AT = Source("AT+NWCAP", None, "at", 0)


def hardware(*bands: int, rat: Any = "lte", **more: Any) -> SupportedBands:
    return SupportedBands(rat=rat, bands=bands, layer="hardware", source=AT, **more)


def capability(*bands: int, rat: Any = "lte", complete: bool = False, **more: Any) -> SupportedBands:
    return SupportedBands(rat=rat, bands=bands, layer="advertised", complete=complete, source=AT, **more)


def combination(*parts: str) -> tuple[CarrierComponent, ...]:
    """`1A/A`, `n78A`: band with downlink class, and the uplink's behind the stroke."""
    out = []
    for part in parts:
        down, _, up = part.partition("/")
        rat = "nr" if down.startswith("n") else "lte"
        number = down.strip("nABCDEFGHI")
        out.append(CarrierComponent(rat, int(number), down[-1] if down[-1].isalpha() else None, up or None))
    return tuple(out)


def combinations(type_: Any, *told: tuple[CarrierComponent, ...], **more: Any) -> BandCombinations:
    return BandCombinations(type=type_, combinations=told, source=AT, **{"complete": False, **more})


def power(band: int, class_: float, rat: Any = "nr", **more: Any) -> PowerClass:
    return PowerClass(rat=rat, band=band, power_class=class_, source=AT, **more)


def enabled(*bands: int, rat: Any = "lte") -> EnabledBands:
    return EnabledBands(rat=rat, bands=bands, source=AT)


def attached(band: int, earfcn: int) -> tuple[Observation, ...]:
    """The device at home, served on this band."""
    cell = ServingCell(
        rat="lte", band=band, arfcn=earfcn, band_source="both", registered=True, slot=0, source=AT, grade=Grade.OBSERVED
    )
    return cell, Registration(slot=0, domain="eps", state="home", rat="lte")


def workbook(sheets: dict[str, list[list[Any]]], merges: dict[str, list[str]] | None = None) -> bytes:
    """An .xlsx of these rows; formulas stay formulas."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for area in (merges or {}).get(title, ()):
            sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def spec_sheet(*rows: list[Any], spec: str = "3GPP TS 36.523-2 V18.8.0") -> list[list[Any]]:
    """A sheet as laboratories have it: the specification in column C, the heads, the items."""
    return [[None, None, spec], HEADS, *rows]


def item_row(item: str, value: Any, mnemonic: str = "", about: str = "", relevant: Any = "TRUE") -> list[Any]:
    return ["", "", item, about, mnemonic, value, "TRUE, FALSE", relevant, "", ""]
