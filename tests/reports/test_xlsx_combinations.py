"""The workbook's sheet of carrier combinations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from documents import RUN, typed
from msgspec import convert

openpyxl = pytest.importorskip("openpyxl")

from harness.capability_facts import BandCombinations, CarrierComponent  # noqa: E402
from harness.carriers.edition import Carrier, Edition  # noqa: E402
from harness.carriers.store import Selected  # noqa: E402
from harness.observations import Source  # noqa: E402
from harness.reports.document.build import build_document  # noqa: E402
from harness.reports.document.document import Document  # noqa: E402
from harness.reports.document.entries import RunEntry  # noqa: E402
from harness.reports.workbook.combinations import MOST, combination_rows  # noqa: E402
from harness.reports.workbook.workbook import write_xlsx  # noqa: E402
from harness.requirements.bound import Bound  # noqa: E402
from harness.requirements.combination import CombinationRule  # noqa: E402
from harness.survey.survey import Survey  # noqa: E402
from harness.verdicts.plan import Run  # noqa: E402

HOSTILE = "=cmd|' /C calc'!A0"
HERE = Source(HOSTILE, link="uecap", exchange=0)


def part(band: int, up: str | None = None, rat: str = "lte", down: str = "A") -> CarrierComponent:
    return CarrierComponent(rat, band, down, up)


TOLD = (
    BandCombinations(
        type="lte_ca",
        combinations=(
            (part(12, "A"), part(66)),
            (part(2, "A"), part(12)),
            (part(2, "A"), part(12), part(66)),
            (part(66, "A", down="C"),),
        ),
        complete=True,
        told_once=(2,),
        source=HERE,
    ),
    BandCombinations(type="en_dc", combinations=((part(66, "A"), part(71, "A", "nr")),), complete=True, source=HERE),
)
RULES = (
    CombinationRule(id="T-CA-1", level="mandatory", configuration="CA_2A-12A"),
    CombinationRule(id="T-CA-2", level="mandatory", configuration="CA_5A-66A"),
    CombinationRule(id="T-DC-3", level="recommended", configuration="DC_66A_n71A"),
)


@pytest.fixture
def documented(handset: Survey) -> Callable[..., Document]:
    def made(*told: BandCombinations, rules: tuple[CombinationRule, ...] = RULES) -> Document:
        edition = Edition(as_of="2024", sources=("test",), confidence="A", requirements=rules)
        carrier = Carrier(
            format="bandproof.profile/1", id="us/test", name="T", country="US", editions=(edition,), plmns=("310410",)
        )
        survey = replace(handset, observations=(*handset.observations, *told))
        run = Run(surveys={survey.device: survey})
        chosen = Selected(carrier, edition, date(2024, 6, 1))
        run.bound[survey.device] = Bound.of(survey)
        run.add(survey.device, chosen)
        return build_document(
            run=convert(RUN, RunEntry),
            bound=[run.bound[survey.device]],
            plan=[(survey.device, chosen)],
            verdicts=[run.verdict(case) for case in run.cases],
        )

    return made


def sheet_of(document: Document, folder: Path) -> Any:
    write_xlsx(folder / "r.xlsx", document, {})
    return openpyxl.load_workbook(folder / "r.xlsx")["Combinations"]


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_what_the_carrier_asks_for_and_misses_stands_first(documented: Any, tmp_path: Path) -> None:
    rows = rows_of(sheet_of(documented(*TOLD), tmp_path))
    asked = [row for row in rows if row["Verdict"]]
    assert rows[: len(asked)] == asked
    told = [(row["Combination"], row["There"], row["Verdict"]) for row in asked]
    assert told == [("CA_5A-66A", "no", "FAIL"), ("CA_2A-12A", "yes", "PASS"), ("DC_66A_n71A", "yes", "PASS")]
    assert asked[1]["Asked by"] == "us/test@2024 T-CA-1 (mandatory)"
    assert "not supported" in asked[0]["Note"]


def test_each_told_combination_has_its_row_and_those_that_are_asked_for_come_first(
    documented: Any, tmp_path: Path
) -> None:
    rows = [row for row in rows_of(sheet_of(documented(*TOLD), tmp_path)) if not row["Verdict"]]
    by_name = {row["Combination"]: row for row in rows}
    assert set(by_name) == {"CA_12A-66A", "CA_2A-12A", "CA_2A-12A-66A", "CA_66C", "DC_66A_n71A"}
    assert [bool(row["Asked by"]) for row in rows] == [True, True, True, False, False]
    assert by_name["CA_2A-12A-66A"]["There"] == "told once"
    assert "T-CA-1" in by_name["CA_2A-12A-66A"]["Asked by"]
    assert by_name["CA_12A-66A"]["Uplink"] == "12A"
    assert by_name["DC_66A_n71A"]["Kind"] == "EN-DC (LTE with NR)"
    assert (by_name["CA_66C"]["Carriers"], by_name["CA_2A-12A-66A"]["Carriers"]) == (2, 3)
    assert all(row["Grade"] == "measured" for row in rows)


def test_an_absence_that_tells_nothing_is_not_a_no(documented: Any, tmp_path: Path) -> None:
    unasked = replace(TOLD[0], complete=None)
    rows = rows_of(sheet_of(documented(unasked), tmp_path))
    assert [(row["There"], row["Verdict"]) for row in rows if row["Combination"] == "CA_5A-66A"] == [
        ("not known", "INCONC")
    ]


def test_it_filters_keeps_its_head_and_holds_no_formula(documented: Any, tmp_path: Path) -> None:
    sheet = sheet_of(documented(*TOLD), tmp_path)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:K{sheet.max_row}"
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(HOSTILE in str(cell.value) for cell in cells)


def test_thousands_are_cut_with_a_note_after_those_that_are_asked_for(documented: Any) -> None:
    many = tuple((part(n % 60 + 1, "A"), part(n // 60 + 100)) for n in range(4_000))
    told = replace(TOLD[0], combinations=(*many, (part(2, "A"), part(12, None, down="A"))), told_once=())
    rows = combination_rows(documented(told), str)
    assert len(rows) == len(RULES) + MOST + 1
    told_rows = rows[len(RULES) :]
    asked_for = [row for row in told_rows if row[5]]
    assert asked_for == told_rows[: len(asked_for)]
    assert any(row[2] == "CA_2A-12A" for row in asked_for)
    assert rows[-1][-1].startswith("2001 more combinations")


def test_without_any_there_is_no_such_sheet(make: Any, handset: Survey, tmp_path: Path) -> None:
    document, exchanges = make([handset])
    write_xlsx(tmp_path / "r.xlsx", typed(document), exchanges)
    assert "Combinations" not in openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames
