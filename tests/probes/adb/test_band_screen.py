"""The Band Mode screen: boxes tell only what proves that the modem answered. The screens here are constructed."""

from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.observations import EnabledBands, Grade, SupportedBands
from harness.probes.adb import read
from harness.probes.adb.band_screen import DUMP, LOG, PACKAGE, read_band_log, read_band_screen

LTE, NR = "TableLayout_LTE", "TableLayout_NR"


def box(band: str, enabled: bool, checked: bool, label: str = "") -> str:
    row = f'<node class="android.widget.TextView" text="{label}" enabled="true"/>' if label else ""
    states = f'enabled="{str(enabled).lower()}" checked="{str(checked).lower()}"'
    return (
        f'<node class="android.widget.TableRow" enabled="true">{row}'
        f'<node class="android.widget.CheckBox" text="{band}" {states}/></node>'
    )


def screen(*boxes: str, table: str = LTE, package: str = PACKAGE) -> str:
    inside = "".join(boxes)
    return (
        "<?xml version='1.0' encoding='UTF-8' ?><hierarchy>"
        f'<node resource-id="{package}:id/{table}" class="android.widget.TableLayout">{inside}</node></hierarchy>'
        "UI hierchary dumped to: /dev/tty\n"
    )


def bands(text: str, kind=SupportedBands) -> dict[str, tuple[int, ...]]:
    return {one.rat: one.bands for one in read_band_screen([text, text]).observations if isinstance(one, kind)}


ANSWERED = screen(box("Band 1", True, True), box("Band 3", True, False), box("Band 4", False, False))


def test_a_disabled_and_a_checked_box_prove_the_answer():
    assert bands(ANSWERED) == {"lte": (1, 3)}
    assert bands(ANSWERED, EnabledBands) == {"lte": (1,)}
    (fact, _) = read_band_screen([ANSWERED]).observations
    assert fact.grade is Grade.OBSERVED
    assert fact.complete is False


@pytest.mark.parametrize(
    "boxes",
    [
        (box("Band 1", True, False), box("Band 3", True, False)),
        (box("Band 1", True, True), box("Band 3", True, True)),
        (box("Band 1", True, False), box("Band 3", False, False)),
        (box("Band 1", False, True), box("Band 3", True, True)),
        (),
        (box("Band 1(North American PCS band)", True, True), box("Band 1(x)", False, False)),
        (box("Band 300", True, True), box("Band 3", False, False)),
    ],
)
def test_boxes_that_prove_nothing_tell_nothing(boxes):
    assert bands(screen(*boxes)) == {}


def test_rows_with_a_label_come_only_from_the_answer():
    text = screen(box("Band 1", True, True, "LTE"), box("Band 3", True, False, "LTE"))
    assert bands(text) == {"lte": (1, 3)}
    assert bands(screen(box("Band 1", True, False, "LTE"))) == {}
    assert bands(screen(box("Band 78", True, True, "NR"), table=NR)) == {"nr": (78,)}


def test_two_looks_must_be_alike():
    other = screen(box("Band 1", True, True), box("Band 3", False, False), box("Band 4", False, False))
    assert read_band_screen([ANSWERED, other]).observations == ()


@pytest.mark.parametrize(
    "text", ["", "<hierarchy", "<hierarchy></hierarchy>", screen(package="com.example"), "<!DOCTYPE x>" + ANSWERED,
             ANSWERED[:-90], "<hierarchy>" + "<node>" * 50 + "</hierarchy>"],
)  # fmt: skip
def test_what_is_no_such_screen_is_said_to_be_none(text):
    with pytest.raises(ParseError):
        read_band_screen([text])


def test_the_log_holds_the_modems_own_words():
    reading = read_band_log(
        "--------- beginning of main\r\n"
        "01-01 10:00:00.000  1  1 V EM/BandSelect: gsm support --.>+EPBSE: 154,129,5,0\r\n"
        "01-01 10:00:00.000  1  1 V BandSelect: gsm current --.>+EPBSE: 154,129,1,0\r\n"
        '01-01 10:00:00.000  1  1 V BandSelect: NR support --.>+EPBSEH: "00","00000081","00000005","00000001"\r\n'
    )
    lists = [one for one in reading.observations if isinstance(one, SupportedBands | EnabledBands)]
    assert {one.grade for one in lists} == {Grade.MEASURED}
    found = {(type(one), one.rat): one.bands for one in lists}
    assert found[SupportedBands, "lte"] == (1, 3)
    assert found[EnabledBands, "lte"] == (1,)
    assert (SupportedBands, "nr") not in found


def test_a_log_without_answers_is_none():
    with pytest.raises(ParseError):
        read_band_log("01-01 V BandSelect: onCreate\n")


def test_decode_knows_both():
    assert read(ANSWERED).observations
    assert read(ANSWERED, DUMP).observations
    assert read("V BandSelect: gsm support --.>+EPBSE: 154,129,5,0\n", LOG).observations


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("variant-a-answered.xml", {"lte": (1, 3, 5, 7, 8, 20, 28, 38, 40, 41)}),
        ("variant-a-not-answered-yet.xml", {}),
        ("variant-b-answered.xml", {"lte": (1, 3, 5, 7, 8, 20, 28, 38, 40, 41), "nr": (1, 3, 28, 41, 77, 78)}),
        ("variant-b-not-answered-yet.xml", {}),
    ],
)
def test_the_constructed_screens_of_both_variants(captures_dir, file, wanted):
    folder = captures_dir / "unrooted" / "008-mtk-engineermode-band-screen-constructed"
    assert bands((folder / file).read_text()) == wanted
