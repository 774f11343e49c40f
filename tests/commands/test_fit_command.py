"""`bandproof fit`: tables, files and pictures, for a device and before it is bought; what goes wrong is said."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from harness import cli
from harness.carriers.edition import NEVER_ASSESSED
from harness.carriers.store import Profiles
from harness.observations import Grade, Identity
from harness.reports.fit.page import fit_html
from harness.reports.fit.picture import LOOKS, fit_picture, svg
from harness.reports.fit.png import png
from harness.reports.fit.rows import COLUMNS, FitTable, rows
from harness.reports.fit.tables import write_table
from harness.reports.fit.terminal import fit_lines
from harness.requirements.bands.facts import Declared
from harness.requirements.bound import Bound
from harness.survey.survey import Survey
from harness.verdicts.fit.buyer import SCALE
from harness.verdicts.fit.ranking import KnownDevice, Offers, ranked

DEVICE = "fixture:xiaomi-mi-mix-2-global"
CHINA = "fixture:xiaomi-mi-mix-china"
DAY = ("--as-of=2026-06-01",)
HOSTILE = '=cmd|x <script>alert("x")</script>\x1b[31m\u202e'


@pytest.fixture(autouse=True)
def wired(monkeypatch):
    monkeypatch.setitem(cli.ROOMS, "fit", "fit")


def said(capsys, *words):
    status = cli.main(["fit", *words])
    out = capsys.readouterr()
    return status, out.out, out.err


def asked(capsys, *words):
    status, out, _ = said(capsys, *words, "--json")
    assert status in {0, 1}
    return json.loads(out)


def device(name="phone", label=None, lte=(2, 4, 5, 12), **bands):
    told = Identity(manufacturer="Maker", model=label) if label else None
    survey = Survey(name, "a", "handset", (told,) if told else ())
    declared = Declared("maker/model#one", {"gsm": None, "umts": None, "nr": None, "lte": lte, **bands})
    return KnownDevice(Bound.of(survey, declared))


def table(*devices, names=("us", "mx"), day=date(2026, 6, 1)):
    selected = Profiles().select(names, day)
    offers = Offers(selected)
    return FitTable(
        day, "service", Grade.DECLARED, len(selected), tuple((one, tuple(ranked(offers.fits(one)))) for one in devices)
    )


def test_all_carriers_are_in_the_table_and_the_best_stand_first(capsys):
    status, out, err = said(capsys, DEVICE, *DAY)
    assert (status, err) == (1, "")
    lines = [line for line in out.splitlines() if line[:16].strip() in SCALE]
    assert len(lines) >= 227
    places = [SCALE.index(line[:16].strip()) for line in lines]
    assert places == sorted(places)
    assert len(set(places)) > 2


def test_what_was_not_assessed_stands_once_below_the_table(capsys):
    _, out, _ = said(capsys, DEVICE, CHINA, "--country=us", *DAY)
    told = [line for line in out.splitlines() if line.startswith("Not assessed: ")]
    assert len(told) == 1
    assert all(one in told[0] for one in NEVER_ASSESSED)
    assert out.rstrip().endswith(told[0])
    assert "RF band fit only; not a carrier acceptance" in out


def test_a_country_a_list_and_a_day_narrow_the_carriers(capsys):
    in_us = asked(capsys, DEVICE, "--country=us", *DAY)
    assert {one["country"] for one in in_us["devices"][0]["carriers"]} == {"US"}
    listed = asked(capsys, DEVICE, "--carrier=us/att@2013-10,mx/telcel", "--carrier=us/verizon", *DAY)
    editions = {one["carrier"]: one["edition"] for one in listed["devices"][0]["carriers"]}
    assert set(editions) == {"us/att", "mx/telcel", "us/verizon"}
    assert editions["us/att"] == "2013-09"
    early = asked(capsys, DEVICE, "--as-of=2011")
    assert early["as_of"] == "2011-12-31"
    assert 0 < early["carriers"] < asked(capsys, DEVICE, "--as-of=2014")["carriers"] < 120


def test_3g_until_its_last_day_and_volte_after_it(capsys):
    def at_att(day):
        return asked(capsys, "--without-device=xiaomi/mi-mix#china", "--carrier=us/att", f"--as-of={day}")["devices"][
            0
        ]["carriers"][0]

    before, after = at_att("2021-06-01"), at_att("2023-06-01")
    assert "until 2022-02" in before["best_usable"]
    assert "3G" not in after["best_usable"]
    assert after["volte"] == "required"


def test_the_policy_and_the_grade_count(capsys):
    words = ("--without-device=xiaomi/mi-mix-2#global", "--carrier=us/att", *DAY)
    service = asked(capsys, *words)["devices"][0]["carriers"][0]
    strict = asked(capsys, *words, "--policy=strict")["devices"][0]["carriers"][0]
    measured = asked(capsys, *words, "--require-grade=measured")["devices"][0]["carriers"][0]
    assert (service["fit"], strict["fit"], measured["fit"]) == ("PASS_NOTE", "FAIL", "INCONC")
    assert (service["missing"], service["stood_in"]) == (["B14"], ["B66"])
    assert strict["missing"] == ["B66", "B14"]


def test_the_operators_note_stands_on_every_form_without_what_is_personal(capsys, tmp_path):
    page = tmp_path / "fit.html"
    words = ("fixture:xiaomi-mi-mix-2-global", "--carrier=us/att", *DAY, "--note", "box opened, IMEI 490154203237518")
    found = asked(capsys, *words, f"--html={page}")
    (note,) = found["notes"]
    assert "box opened" in note
    assert "490154203237518" not in note
    assert "Note: box opened" in page.read_text(encoding="utf-8")
    assert "Note: box opened" in said(capsys, *words)[1]


def test_a_buyer_asks_by_the_sheet_alone(capsys):
    found = asked(capsys, "--without-device", "xiaomi/mi-mix-2#global", *DAY)["devices"][0]
    assert found["without_device"] is True
    assert found["basis"].startswith("declared by xiaomi/mi-mix-2#global (confidence B; source: ")
    assert found["basis"].endswith("); no device was read")
    assert (found["sheet_confidence"], len(found["sheet_sources"])) == ("B", 3)
    asked_of_sim = {"ATTACH", "REGISTERED", "VOLTE"}
    others = [other["requirement"] for one in found["carriers"] for other in one["others"]]
    assert not [other for other in others if other.rpartition("-")[2] in asked_of_sim]
    assert {one["grade"] for one in found["carriers"]} <= {"declared", None}


def test_a_sheet_without_a_variant_shows_each_of_them(capsys):
    found = asked(capsys, "--without-device=xiaomi/mi-note-2", "--country=us", *DAY)["devices"]
    assert [one["device"] for one in found] == ["xiaomi/mi-note-2#standard", "xiaomi/mi-note-2#global-edition"]
    assert found[0]["carriers"] != found[1]["carriers"]


def test_a_variant_without_a_published_list_is_open_at_every_carrier(capsys):
    found = asked(capsys, "--without-device=xiaomi/mi-mix-2#china-mobile", *DAY)["devices"][0]
    assert {one["fit"] for one in found["carriers"]} == {"INCONC"}
    assert found["basis"] == "no device was read, and its sheet publishes no band list"


def test_a_device_and_a_sheet_stand_in_one_table(capsys):
    found = asked(capsys, DEVICE, "--without-device=apple/iphone-5", "--country=us", *DAY)["devices"]
    assert found[0]["without_device"] is False
    assert len(found) > 1
    assert all(one["without_device"] for one in found[1:])


def test_many_devices_are_summed_up_one_line_each(capsys):
    refs = ["xiaomi/mi-mix-2#global", "xiaomi/mi-5", "xiaomi/mi-6", "xiaomi/mi-8", "xiaomi/mi-note-2", "xiaomi/mi-mix"]
    _, out, _ = said(capsys, *[f"--without-device={ref}" for ref in refs], "--carrier=us/att,us/t-mobile", *DAY)
    first = next(line for line in out.splitlines() if line.startswith("xiaomi/mi-mix-2#global"))
    assert re.search(r"us/att@2024\S* works with gaps, us/t-mobile@\S+ works with gaps", first)
    _, all_, _ = said(capsys, *[f"--without-device={ref}" for ref in refs], *DAY)
    assert re.search(r"^xiaomi/mi-mix-2#global +works at \d+ carriers, works with gaps at \d+", all_, re.M)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ((), 2, "no device named"),
        ((DEVICE, "--country=zz"), 2, "no country named 'zz'"),
        ((DEVICE, "--carrier=us/atd"), 2, "did you mean us/att"),
        ((DEVICE, "--as-of=yesterday"), 2, "is no date"),
        ((DEVICE, "--as-of=1990"), 2, "as early as 1990-12-31"),
        (("--without-device=xiaomi/mi-mox",), 2, "no device sheet named"),
        (("--without-device=xiaomi/mi-mix-2#mars",), 2, "xiaomi/mi-mix-2#global"),
        (("fixture:no-such",), 2, "no-such"),
        (("bench:x", "--bench=no-such.yaml"), 2, "no-such.yaml"),
        ((DEVICE, "--csv=no/such/folder/a.csv"), 2, "cannot be written"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(capsys, monkeypatch, tmp_path, words, status, told):
    monkeypatch.chdir(tmp_path)
    assert said(capsys, *words, *(() if "--as-of" in str(words) else DAY))[0] == status
    cli.main(["fit", *words])
    err = capsys.readouterr().err
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_device_that_cannot_be_read_is_told_and_the_others_fit(capsys):
    status, out, err = said(capsys, "socket://127.0.0.1:1", DEVICE, "--country=us", *DAY)
    assert status == 3
    assert "us/att@2024" in out
    assert err.startswith("bandproof: modem: ")


def test_only_devices_that_cannot_be_read_leave_no_table(capsys, tmp_path):
    status, out, _ = said(capsys, "socket://127.0.0.1:1", f"--csv={tmp_path / 'a.csv'}")
    assert (status, out) == (3, "")
    assert not (tmp_path / "a.csv").exists()


def test_a_recording_and_a_bench_entry_are_devices(capsys, tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    shutil.copytree(Path(__file__).parents[2] / "fixtures" / "xiaomi-mi-mix-2-global", folder)
    assert asked(capsys, str(folder), "--carrier=us/att", *DAY)["devices"][0]["device"] == "mine"
    bench = tmp_path / "bench.yaml"
    bench.write_text(
        f"format: bandproof.bench/1\nlab: {{name: L}}\ndevices:\n  phone-1: {{recording: {folder}}}\n", encoding="utf-8"
    )
    found = asked(capsys, "bench:phone-1", f"--bench={bench}", "--carrier=us/att", *DAY)
    assert found["devices"][0]["device"] == "phone-1"


def test_the_rows_go_to_csv_xlsx_and_parquet_alike(tmp_path, capsys):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    files = {form: tmp_path / f"fit.{form}" for form in ("csv", "xlsx", "parquet")}
    words = [f"--{form}={file}" for form, file in files.items()]
    assert said(capsys, "--without-device=xiaomi/mi-mix-2#global", "--country=us", *words, *DAY)[0] == 1
    frames = [
        pandas.read_csv(files["csv"], keep_default_na=False),
        pandas.read_excel(files["xlsx"], keep_default_na=False),
        pandas.read_parquet(files["parquet"]).fillna(""),
    ]
    for frame in frames:
        assert tuple(frame.columns) == COLUMNS
        assert [str(value) for value in frame["carrier"]] == [str(value) for value in frames[0]["carrier"]]
        assert list(frame["missing"]) == list(frames[0]["missing"])
        assert list(frame["listed"]) == list(frames[0]["listed"])
    assert frames[2]["profile_stale"].dtype == bool


def test_device_text_is_no_formula_and_no_markup(tmp_path):
    pytest.importorskip("pandas")
    made = table(device("=1+1", HOSTILE))
    write_table(tmp_path / "a.csv", made, "csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert all(row[0] == "'=1+1" for row in list(csv.reader(io.StringIO(text)))[1:])
    assert "\x1b" not in text
    openpyxl = pytest.importorskip("openpyxl")
    write_table(tmp_path / "a.xlsx", made, "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Fit"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    for page in (fit_html(made), svg(fit_picture(made))):
        assert "<script" not in page
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert not [line for line in fit_lines(made, 100) if "\x1b" in line or "\u202e" in line]


def test_the_picture_says_in_signs_and_words_what_its_colours_say():
    made = table(device(lte=(2, 4, 5, 12)), device("other", lte=(4,)))
    root = ET.fromstring(svg(fit_picture(made)))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert root.get("role") == "img"
    assert "works with gaps at" in root.find("s:desc", space).text
    groups = root.findall("s:g", space)
    cells = [group for group in groups if " at " in group.find("s:title", space).text]
    assert len(cells) == 2 * made.carriers
    # The sign and the frame together tell each answer, without any colour; no letter is a code.
    assert len({(look.sign, look.dashed, look.fill == "#ffffff") for look in LOOKS.values()}) == len(LOOKS)
    assert set(LOOKS) == set(SCALE)
    assert not [group for group in cells if group.find("s:text", space) is not None]


def test_one_device_has_a_row_a_carrier_under_its_country_with_a_sign_a_band():
    made = table(device(lte=(2, 4)), names=("us/verizon", "mx/telcel"))
    picture = fit_picture(made)
    names = [one.text for one in picture.labels]
    assert (
        names.index("Mexico") < names.index("Telcel") < names.index("United States") < names.index("Verizon Wireless")
    )
    verizon = next(cell for cell in picture.cells if "Verizon" in cell.words)
    row = {mark.text: mark.state for mark in picture.marks if mark.y == verizon.y}
    assert (row["B2"], row["B13"]) == ("there", "missing")
    assert "without B13: the main coverage band" in verizon.words
    assert not [label for label in picture.labels if label.text == "us/verizon@2024"]


def test_nothing_drawn_lies_on_something_else_or_outside():
    made = table(*[device(f"d{n}", f"Model {n}") for n in range(3)], names=Profiles().countries())
    picture = fit_picture(made)
    places = [(cell.x, cell.y) for cell in (*picture.cells, *picture.marks)]
    assert len(set(places)) == len(places)
    assert all(0 <= x <= picture.width - 20 and 0 <= y <= picture.height - 20 for x, y in places)
    assert all(0 <= label.x <= picture.width and 0 <= label.y <= picture.height for label in picture.labels)


def test_the_png_has_the_pictures_size_colours_and_words():
    image = pytest.importorskip("PIL.Image")
    made = table(device(lte=(2, 4)), names=("us/verizon",))
    picture = fit_picture(made)
    found = image.open(io.BytesIO(png(picture)))
    found.load()
    assert found.size == (round(picture.width * 2), round(picture.height * 2))
    assert found.text["Title"] == picture.title
    cell = picture.cells[0]
    fill = LOOKS[cell.answer].fill
    assert "#{:02x}{:02x}{:02x}".format(*found.getpixel((round((cell.x + 4) * 2), round((cell.y + 4) * 2)))) == fill


def test_the_page_holds_the_picture_the_table_and_its_limits():
    made = table(device(label="Model <1>"))
    page = fit_html(made)
    assert "<svg " in page
    assert "Model &lt;1&gt;" in page
    assert "http-equiv" in page
    assert "src=" not in page
    assert all(one.replace("'", "&#39;") in page for one in NEVER_ASSESSED)
    assert page.count('data-label="Carrier"') == made.carriers


def test_a_picture_of_more_devices_than_anyone_reads_is_refused(capsys, monkeypatch):
    monkeypatch.setattr("harness.reports.fit.picture.MOST_DEVICES", 1)
    status, _, err = said(capsys, "--without-device=xiaomi/mi-note-2", "--svg=x.svg", *DAY)
    assert status == 2
    assert "2 devices" in err


@pytest.mark.parametrize("width", [30, 60, 99, 100, 140, 220])
def test_no_line_is_wider_than_the_terminal(width):
    made = table(device(label="Phone"), names=("us", "mx", "jp"))
    lines = list(fit_lines(made, width))
    assert max(map(len, lines)) <= width
    assert any("us/verizon" in line for line in lines)


def test_colour_is_for_terminals_only(capsys):
    made = table(device())
    assert any("\x1b[" in line for line in fit_lines(made, 120, colour=True))
    assert not any("\x1b[" in line for line in fit_lines(made, 120))
    assert "\x1b[" not in said(capsys, DEVICE, "--country=us", *DAY)[1]


def test_every_row_has_every_column():
    assert {len(row) for row in rows(table(device()))} == {len(COLUMNS)}


def test_a_buyer_reads_no_verdict_words(capsys):
    for words in ((DEVICE, "--country=us,ge,de"), (DEVICE, CHINA, "--country=us"), (DEVICE, "--by=country")):
        out = said(capsys, *words, *DAY)[1]
        assert not [word for word in ("PASS", "INCONC", "FAIL", "coverage-primary", "extended-laa") if word in out]


def test_gaps_are_told_with_where_they_are_felt_and_listed_models_in_the_row(capsys):
    _, out, _ = said(capsys, DEVICE, "--carrier=us/att,us/verizon,us/t-mobile", *DAY)
    rows_of = {line.split("@")[0].split()[-1]: line for line in out.splitlines() if "@2024" in line}
    assert all(line.startswith("works with gaps") for line in rows_of.values())
    assert "without B14: the public-safety coverage band" in rows_of["us/att"]
    assert "AT&T lets in models of its own list only" in rows_of["us/att"]
    assert "Verizon lets in models that passed its own certification only" in rows_of["us/verizon"]
    assert "lets in" not in rows_of["us/t-mobile"]
    assert "its sheet says: UMTS 800 is published" in out


def test_what_is_shown_can_be_narrowed(capsys):
    every = asked(capsys, DEVICE, "--country=us", *DAY)["devices"][0]["carriers"]
    gaps = asked(capsys, DEVICE, "--country=us", "--only=gaps", *DAY)["devices"][0]["carriers"]
    assert [one["carrier"] for one in gaps] == [one["carrier"] for one in every if one["answer"] == "works with gaps"]
    assert gaps
    best = asked(capsys, DEVICE, "--country=us", "--top=3", *DAY)["devices"][0]["carriers"]
    assert best == every[:3]
    _, out, _ = said(capsys, DEVICE, "--country=us", "--only=works,unknown", "--top=2", *DAY)
    assert "2 of 12 carriers shown" in out
    assert said(capsys, DEVICE, "--only=some")[0] == 2
    assert said(capsys, DEVICE, "--top=0")[0] == 2


@pytest.mark.parametrize(
    ("carrier", "status"), [("de/o2", 0), ("us/att", 0), ("us/t-mobile", 1), ("ge/silknet", 1), ("us/c-spire", 1)]
)
def test_the_exit_status_tells_whether_all_bands_are_there(capsys, carrier, status):
    assert said(capsys, DEVICE, f"--carrier={carrier}", *DAY)[0] == status


def test_a_carrier_whose_bands_are_not_there_ends_with_1(capsys):
    status, out, _ = said(capsys, DEVICE, "--carrier=us/t-mobile", "--policy=strict", *DAY)
    assert status == 1
    assert "works with gaps" in out
