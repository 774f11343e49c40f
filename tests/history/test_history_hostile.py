"""Text of devices and damaged reports in every question and every form: nothing runs, breaks a line or hides."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import duckdb
import pytest
from made_runs import MadeRun, append

from harness.cli import main
from harness.history.store import Store

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "\"'; DROP VIEW history; --",
    '=HYPERLINK("http://x")',
    "a\nb\tc\rd",
    "\x1b[2J\x1b]0;x\x07\x9b31m",
    "\u202egnp.exe\u2066",
    "nul\x00led",
    "<img src=x onerror=alert(1)></svg></script>",
    "{{ 7*7 }}$model\\",
    "x" * 5000,
    "\ud800",
)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three runs of each text: it lost a band, and its verdict turned."""
    folder = tmp_path_factory.mktemp("hostile")
    store = Store(str(folder / "table"))
    for number, text in enumerate(HOSTILE):
        runs = (
            MadeRun(
                id=f"{number:04}{day:04}",
                day=f"2026-11-{day:02}",
                device=text,
                key=f"S-{number}" if number % 2 else text,
                model=text,
                firmware=f"{text}{day // 2}",
                carrier=text,
                layers={"hardware": {"lte": (2, 12) if day < 2 else (2,)}},
                verdicts={text: "PASS" if day % 2 else "FAIL"},
            )
            for day in (1, 2, 3)
        )
        append(store, folder, *runs)
    return store


OWN = 'SELECT model AS "=1", model AS "=1", \'nan\'::DOUBLE AS f, * FROM verdicts'
QUESTIONS = [
    *((question, text) for question in ("device", "model", "build", "carrier") for text in HOSTILE),
    *(("flaky", None), ("coverage", None), ("model", None), ("sql", OWN)),
]


@pytest.mark.parametrize(("question", "of"), QUESTIONS, ids=map(str, range(len(QUESTIONS))))
def test_hostile_text_stays_text(
    hostile: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], question: str, of: str | None
) -> None:
    named = [] if of is None else ["--", of.replace("\ud800", "?") + ("1" if question == "build" else "")]
    if question == "flaky":
        named = ["--days=3650"]
    forms = [f"--{form}={tmp_path / f'out.{form}'}" for form in ("csv", "parquet", "html")]
    said = []
    for more in ([], ["--json"]):
        assert main(["history", question, f"--history={hostile.uri}", *more, *forms, *named]) == 0
        said.append(capsys.readouterr().out)
    told = json.loads(said[1], parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert told["rows"]
    lines = said[0].removesuffix("\n").split("\n")
    assert len(lines) == 1 + len(told["rows"]) + len(told["notes"])
    assert {line.count("\t") for line in lines[: 1 + len(told["rows"])]} == {len(told["columns"]) - 1}
    assert not UNSEEN.search(said[0].replace("\n", "").replace("\t", ""))
    assert all(len(row) == len(told["columns"]) for row in told["rows"])
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        sheet = list(csv.reader(file))
    assert len(sheet) == 1 + len(told["rows"])
    assert {len(row) for row in sheet} == {len(told["columns"])}
    assert not [one for row in sheet for one in row if one.startswith(("=", "+", "@", "\t", "\r"))]
    (count,) = duckdb.connect().execute(f"SELECT count(*) FROM '{tmp_path / 'out.parquet'}'").fetchone() or (0,)
    assert count == len(told["rows"])
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert not UNSEEN.search(page)
    assert "<img" not in page
    assert "</svg></script>" not in page


def test_bytes_that_are_no_text_are_an_answer_without_rows(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    append(store, tmp_path, MadeRun())
    for question in ("device", "model", "build", "carrier"):
        assert main(["history", question, "\udcff", f"--history={store.uri}"]) == 0
        assert capsys.readouterr().out.startswith("# no ")
        assert main(["history", question, "\udcff", f"--history={store.uri}", "--json", f"--html={tmp_path}/x"]) == 0
        capsys.readouterr().out.encode()
    assert main(["history", "sql", "SELECT '\udcff'", f"--history={store.uri}"]) == 0
    assert main(["history", "forget", "\udcff", "--yes", f"--history={store.uri}"]) == 0
