"""The report on paper: nothing beyond the edge of a page, its id and number on each, an end mark."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from documents import built, typed

from harness.reports.pdf_report import _apart, _with_breaks, write_pdf
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome

pypdf = pytest.importorskip("pypdf")
pytest.importorskip("weasyprint")


@pytest.fixture(scope="module")
def paper(handset: Survey, make: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    document, exchanges = make([handset], ("us",))
    file = tmp_path_factory.mktemp("paper") / "report.pdf"
    write_pdf(file, typed(document), exchanges)
    return pypdf.PdfReader(io.BytesIO(file.read_bytes()))


def test_no_word_stands_beyond_the_edge_of_its_page(paper: Any, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine (Debian package poppler-utils)")
    file = tmp_path / "report.pdf"
    file.write_bytes(paper.stream.getvalue())
    told = subprocess.run(
        ["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    pages = re.split(r'<page width="', told)[1:]
    assert len(pages) == len(paper.pages)
    for number, page in enumerate(pages, 1):
        width = float(page.partition('"')[0])
        ends = [float(end) for end in re.findall(r'<word [^>]*xMax="([\d.-]+)"', page)]
        assert ends, number
        assert max(ends) <= width - 20, number


def test_the_table_of_carriers_has_every_band_on_paper(paper: Any) -> None:
    page = next(text for text in (one.extract_text() for one in paper.pages) if "Carriers against bands" in text)
    head = page[page.index("Carriers against bands") :]
    for band in ("B2", "B12", "B71", "n25", "n66", "n77", "n258", "n260", "n261"):
        assert band in head


def test_every_page_has_the_report_id_and_its_number(paper: Any, document: Mapping[str, Any]) -> None:
    count = len(paper.pages)
    for number, page in enumerate(paper.pages, 1):
        text = " ".join(page.extract_text().split())
        assert f"RF band fit report {document['run']['report']}" in text
        assert f"page {number} of {count}" in text
    assert "End of report" in paper.pages[-1].extract_text()


def test_drawings_become_images_of_their_own_and_keep_what_they_draw() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" class="bands" id="x"><title>t</title><g><title>u</title><path/></g></svg>'
    html, pictures = _apart(f"<head><title>Report</title></head><body>{svg}{svg}<p>text</p>")
    ((url, drawn),) = pictures.items()
    assert html.count(f'<img class="bands" src="{url}" alt="">') == 2
    assert html.startswith("<head><title>Report</title></head><body><img")
    assert drawn.decode() == '<svg xmlns="http://www.w3.org/2000/svg" class="bands" id="x"><g><path/></g></svg>'


def test_a_picture_from_elsewhere_is_not_fetched(make: Callable[..., Any], handset: Survey, tmp_path: Path) -> None:
    asked = (tmp_path / "secret.svg").as_uri()
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
    emblem = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'><text y='12'>emblem</text></svg>"
    own = f"data:image/svg+xml,{quote(emblem)}"
    (tmp_path / "report.html.j2").write_text(f'<body><p>page</p><img src="{asked}"><img src="{own}">', encoding="utf-8")
    document, exchanges = make([handset])
    write_pdf(tmp_path / "r.pdf", typed(document), exchanges, templates=[tmp_path])
    text = pypdf.PdfReader(tmp_path / "r.pdf").pages[0].extract_text()
    assert "page" in text
    assert "secret" not in text
    assert "emblem" in text


def test_paper_keeps_what_each_layer_tells_and_every_verdict_with_its_evidence(
    paper: Any, handset: Survey, make: Callable[..., Any]
) -> None:
    text = " ".join(" ".join(page.extract_text().split()) for page in paper.pages)
    document, _ = make([handset], ("us",))
    assert re.search(r"declared B1 B2 B3 B4 B5 B7 B8 B12 .*?B14 B46 B48 B66 B71", text)
    told = re.sub(r"\s", "", text)
    judged = [one for one in document["verdicts"] if one["verdict"] != "NA"]
    assert len(judged) > 40
    for one in judged:
        assert re.sub(r"\s", "", one["requirement"]) in told, one["requirement"]
        # What is met is told in groups: level, grade, by what.
        if one["verdict"] != "PASS":
            assert re.sub(r"\s", "", one["requirement"] + one["text"]) in told, one["requirement"]
            assert re.sub(r"\s", "", one["reason"]) in told, one["reason"]
    assert "Mandatory, declared (the declaration): " in text
    assert re.search(r"Mandatory, measured \(ADB shell\): [A-Z, -]*ATT-REGISTERED", text)


def test_the_paper_of_one_carrier_tells_every_verdict_in_its_row(handset: Survey, tmp_path: Path) -> None:
    document, exchanges = built([handset], ("us/att@2024",))
    write_pdf(tmp_path / "report.pdf", document, exchanges)
    text = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(tmp_path / "report.pdf").pages)
    for one in document.verdicts:
        if one.verdict is not Outcome.NA:
            assert "".join((one.requirement + one.text).split()) in text
            assert "".join(one.reason.split()) in text
    assert "adb#1line" in text


def test_long_words_of_cells_may_break_and_tags_stay_whole() -> None:
    word = "A" * 80
    href = f'<a href="{word}">x</a>'
    html = f"<html><style>{word}</style><body>{href}<p>{word} short</p><pre>{word}</pre><svg><text>{word}</text></svg>"
    changed = _with_breaks(html)
    assert changed.replace('<span class="long-word">', "").replace("</span>", "") == html
    assert changed.count("long-word") == 1
    assert href in changed


def test_columns_get_room_by_their_texts(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>B{n}</td><td>{'a long text of many words ' * 8}</td></tr>" for n in range(3))
    table = f'<table class="cards"><tr><th>Band</th><th>What</th></tr>{rows}</table>'
    changed = _with_breaks(f"<html><body>{table}")
    widths = [float(part.partition("%")[0]) for part in changed.split("width:")[1:]]
    assert len(widths) == 2
    assert sum(widths) == pytest.approx(100, abs=0.2)
    assert widths[0] < 25 < 75 < widths[1]
    uneven = '<table class="cards"><tr><th>a</th></tr><tr><td>b</td><td>c</td></tr></table>'
    assert _with_breaks(f"<html><body>{uneven}").endswith(uneven)


def test_the_paper_is_tagged_and_its_pictures_have_words(paper: Any) -> None:
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own bool
    assert root["/Lang"] == "en"
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    kinds, words = [], []

    def walk(part: Any) -> None:
        told = part.get_object()
        if not isinstance(told, dict):
            return
        if "/S" in told:
            kinds.append(told["/S"])
        if told.get("/S") == "/Figure":
            words.append(str(told.get("/Alt", "")))
        below = told.get("/K", [])
        below = below.get_object() if hasattr(below, "get_object") else below
        for one in below if isinstance(below, list) else [below]:
            if hasattr(one, "get_object"):
                walk(one)

    walk(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(kinds)
    assert all(words)
    assert any("Carriers against bands" in one for one in words)


def test_the_words_of_a_drawing_stand_beside_it_and_cannot_leave_their_place() -> None:
    svg = '<svg class="bands" aria-labelledby="t d"><defs>\n</defs><title id="t">A "b"</title>\n<desc id="d">c</desc></svg>'
    page, _ = _apart(f'<html><body>{svg}<svg aria-label="key"></svg><svg aria-hidden="true"></svg></body></html>')
    assert re.findall(r'alt="([^"]*)"', page) == ["A &quot;b&quot;. c", "key", ""]
