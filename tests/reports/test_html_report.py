"""The HTML report: what it says, that it holds no script and asks for nothing, and that device text stays text."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from documents import built, page_of, typed
from msgspec.structs import replace as with_parts

from harness.observations import Identity, Sim
from harness.plain_text import short, visible
from harness.recording.exchange import Exchange, Interruption
from harness.reports.document.entries import FileEntry
from harness.reports.document.lab_entries import LabEntry
from harness.reports.html.report import css_text, style_hash, write_html
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome

HOSTILE = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(2)>=cmd|' /C calc'!A0\x1b[31m\u202egnp\u2066\x00\ud800]]>"
)
INTERRUPTED = Interruption(HOSTILE, HOSTILE)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Page(HTMLParser):
    """Elements, ids, and all places that an element could load something from."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in {"src", "srcset", "data", "action", "formaction", "poster", "background", "style"}:
                self.loads.append(f"{tag} {name}={value}")
            elif name in {"href", "xlink:href"}:
                self.links.append(value or "")
            elif name.startswith("on"):
                self.handlers.append(name)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.fixture(scope="module")
def html(made: Any) -> str:
    return page_of(*made)


def words(html: str) -> str:
    text = re.sub(r"<style>.*?</style>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split()).replace("&amp;", "&")


def check_harmless(html: str) -> Page:
    page = Page(html)
    assert not page.faults
    assert not page.open
    assert not {"script", "img", "iframe", "object", "embed", "link", "base", "form"} & set(page.tags)
    assert page.loads == []
    assert page.handlers == []
    assert all(link.startswith("#") for link in page.links)
    assert not UNSEEN.search(html)
    assert "<script" not in html.lower()
    return page


def test_it_opens_with_the_answer_and_what_it_is_not(html: str) -> None:
    told = words(html)
    assert told.index("RF band fit: Xiaomi Mi MIX 2 meets AT&T Mobility of 2017-03") < told.index("1 Result")
    assert told.index("Not a carrier acceptance") < told.index("1 Result")
    assert "Not an accredited report" in told


def test_it_holds_the_whole_of_a_submission(html: str) -> None:
    told = words(html)
    for part in (
        "MDE5",
        "V12.0.1.0.PDEMIXM",
        "TAC of the IMEI not observed",
        "xiaomi/mi-mix-2#global",
        "2 4 5 12|17 29 30",
        "B12, EARFCN 5110, PCI 214",
        "B66 not declared",
        "Outside the scope",
        "dumpsys telephony.registry",
        "composed: written from published facts",
        "Legacy aliases",
        "bandproof.report/3",
        "It could not be determined",
    ):
        assert part in told, part
    assert told.rstrip().endswith("End of report 2026-11-21-7f3a90c2")


def test_it_is_well_formed_harmless_and_every_link_has_its_target(html: str) -> None:
    page = check_harmless(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert any(link.startswith("#d0-x1") for link in page.links)


def test_its_policy_allows_its_own_style_and_nothing_else(html: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    told = policy[1].replace("&#39;", "'").replace("&#43;", "+")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    assert "default-src 'none'" in told
    assert f"style-src '{style_hash(style[1])}'" in told
    assert "unsafe" not in told
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_failures_come_before_what_is_met(made: Any) -> None:
    html = page_of(*made)
    section = html[html.index('id="d0-c1"') : html.index('id="d0-c2"')]
    assert section.index("v-FAIL") < section.index("ATT-LTE-B12") < section.rindex("ATT-NR-N5")
    assert section.index('<details class="onscreen">') < section.index("ATT-LTE-B12")


def test_the_line_that_a_verdict_rests_on_is_marked(html: str) -> None:
    marked = re.findall(r"<mark>(.*?)</mark>", html)
    assert any("mServiceState" in line or "mChannelNumber" in line or "5110" in line for line in marked)


def test_the_same_document_gives_the_same_page(made: Any) -> None:
    assert page_of(*made) == page_of(*made)


def hostile_survey(survey: Survey) -> Survey:
    parts = {field.name: HOSTILE for field in fields(Identity) if field.name not in {"source", "grade"}}
    identity = Identity(**parts)  # type: ignore[arg-type]
    sim = Sim(slot=0, state=HOSTILE, plmn="310410", operator=HOSTILE)
    answer = (HOSTILE + "\r\n\u2028\x85bare\rreturn\n").encode("utf-8", "surrogatepass") + b"\xff\xfe"
    exchanges = tuple(
        (link, replace(exchange, response=answer, stderr=answer, request=HOSTILE, error=INTERRUPTED))
        for link, exchange in survey.exchanges
    )
    return replace(
        survey,
        observations=(identity, Identity(model="other"), sim, *survey.observations[1:]),
        warnings=(HOSTILE,),
        trouble=HOSTILE,
        exchanges=exchanges,
        provenance=HOSTILE,
        dialect=HOSTILE,
    )


def test_hostile_text_in_every_field_stays_text(handset: Survey) -> None:
    document, exchanges = built([hostile_survey(handset)])
    document = with_parts(
        document,
        answer=HOSTILE,
        verdicts=tuple(with_parts(one, reason=HOSTILE) for one in document.verdicts),
        results=tuple(with_parts(one, sentence=HOSTILE) for one in document.results),
        lab=LabEntry(name=HOSTILE, address=HOSTILE),
        run=with_parts(
            document.run, report="</style><script>" + HOSTILE, command=(HOSTILE,), as_of=HOSTILE, bench=HOSTILE
        ),
        devices=tuple(with_parts(one, sample=HOSTILE, key=HOSTILE) for one in document.devices),
        files=(FileEntry(HOSTILE, 1, HOSTILE),),
    )
    html = page_of(document, exchanges)
    check_harmless(html)
    for sign in ("‹U+202E›", "‹U+001B›", "‹U+0000›"):
        assert sign in html
    assert html.count("</style>") == 1


def test_hostile_carriers_stay_text_in_the_picture(make: Any, handset: Survey) -> None:
    document, exchanges = make([handset])
    for one in (*document["results"], *document["editions"]):
        one["name"] = HOSTILE
    document["devices"][0]["label"] = HOSTILE
    check_harmless(page_of(document, exchanges))


def test_huge_answers_and_lines_are_cut_with_a_note(make: Any, handset: Survey) -> None:
    long = Exchange("dumpsys huge", b"x" * 3_000_000)
    many = Exchange("dumpsys lines", b"line\r\n" * 400_000)
    survey = replace(handset, exchanges=(("adb", long), ("adb", many)), warnings=("w" * 10_000_000,))
    html = page_of(*make([survey]))
    assert len(html) < 1_500_000
    assert "more characters" in html
    assert "more characters are not shown here" in html


def test_personal_data_of_an_answer_is_starred(make: Any, handset: Survey) -> None:
    answer = Exchange("AT+CGSN;+CIMI", b"+CGSN: 356938035643809\r\n+CIMI: 310410123456789\r\nOK\r\n")
    html = page_of(*make([replace(handset, exchanges=(("at", answer),))]))
    assert "356938035643809" not in html
    assert "310410123456789" not in html
    assert "imei" in words(html)


def test_an_adb_serial_in_an_error_is_starred(make: Any) -> None:
    serial = "R58M12ABCDE"
    cut = Exchange("getprop", b"", error=Interruption("LinkLost", f"{serial} went away"))
    lost = Survey("phone", serial, "handset", trouble=f"{serial} went away", exchanges=(("adb", cut),))
    html = page_of(*make([lost]))
    assert "went away" in html
    assert serial not in html


def test_sixty_four_devices_begin_with_the_overview_and_are_folded(make: Any, handset: Survey) -> None:
    surveys = [replace(handset, device=f"phone-{number}") for number in range(64)]
    document, exchanges = make(surveys, ["us/att@2024"])
    html = page_of(document, exchanges)
    page = check_harmless(html)
    assert len(page.ids) == len(set(page.ids))
    assert "0 of 64 devices meet" in words(html)
    assert html.index("<table") < html.index('<details class="box"')
    assert '<details class="box" id="d0">' in html
    assert html.count('href="#d63"') == 1


@pytest.mark.parametrize(("carriers", "head"), [(("us/att", "us/verizon"), "Device"), (("us",), "Carrier")])
def test_the_overview_has_no_more_columns_than_a_page_has_room_for(
    make: Any, handset: Survey, other_handset: Survey, carriers: tuple[str, ...], head: str
) -> None:
    document, exchanges = make([handset, other_handset], carriers)
    found = page_of(document, exchanges)
    overview = found[found.index('<h2 id="result">') : found.index('<details class="box"')]
    heads = re.findall(r'<th scope="col">(.*?)</th>', overview.partition("</thead>")[0])
    assert heads[0] == head
    assert len(heads) <= 7
    assert overview.count('<span class="verdict ') == len(document["results"])
    for result in document["results"]:
        assert f"{result['met']} of {result['asked']}" in overview
        assert escape(result["name"]) in overview


def test_a_device_without_any_answer_has_its_page(make: Any) -> None:
    document, exchanges = make([Survey("gone", "/dev/ttyUSB9", None, trouble="no such port")])
    html = page_of(document, exchanges)
    check_harmless(html)
    assert "no such port" in html
    assert "Nothing was exchanged" in html


def test_a_run_that_was_stopped_says_so(make: Any, handset: Survey) -> None:
    document, exchanges = make([handset])
    document["run"] |= {"complete": False, "finished": None}
    assert "Incomplete." in page_of(document, exchanges)


def test_a_lab_may_replace_a_template(made: Any, tmp_path: Path) -> None:
    (tmp_path / "style.css.j2").write_text("body { color: #123456 }", encoding="utf-8")
    write_html(tmp_path / "report.html", typed(made[0]), made[1], templates=[tmp_path])
    assert "#123456" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_paper_shows_page_numbers_and_the_reports_id(html: str) -> None:
    assert '"page " counter(page) " of " counter(pages)' in html
    assert 'content: "RF band fit report 2026-11-21-7f3a90c2"' in html
    assert css_text('x"; } body { display:none') == "x\\22 \\3b  \\7d  body \\7b  display:none"


def test_hidden_characters_are_written_out() -> None:
    assert visible("a\u202eb\tc\n") == "a‹U+202E›b\tc\n"
    assert visible("Ünïcode 日本語 …") == "Ünïcode 日本語 …"
    assert visible("z" + "\u0301" * 50) == "z" + "\u0301" * 4 + "…"
    assert short("x" * 20, 5) == "xxxxx … [15 more characters]"


def test_of_many_cases_paper_tells_each_note_once_and_names_all_that_it_is_of() -> None:
    modem = read_device("fixture:quectel-rm520n-gl")
    document, exchanges = built([modem], ["us/att", "us/verizon", "us/uscellular"])
    page = page_of(document, exchanges)
    on_paper = [escape_out(one) for one in re.findall(r'<p class="onpaper">(.*?)</p>', page, re.DOTALL)]
    for one in document.verdicts:
        if one.verdict is Outcome.PASS_NOTE:
            note = one.reason.partition("; ")[2]
            told = [text for text in on_paper if re.search(rf"\b{re.escape(one.requirement)}\b", text)]
            assert [text for text in told if note in text and f"{one.level}, {one.grade}" in text], one
    assert sum("was read without a SIM of this carrier" in text for text in on_paper) <= 9
    assert page.count("met with a note</summary>") == 3
    few, exchanges = built([modem], ["us/att"])
    assert "met with a note</summary>" not in page_of(few, exchanges)


def escape_out(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", html).split()))
