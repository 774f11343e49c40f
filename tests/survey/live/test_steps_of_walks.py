"""A walk to the band screen step by step: how deep it goes, how often it goes back, what its answers are worth."""

from __future__ import annotations

import time

import pytest
from test_band_walk import MENUS, Phone, screen, table, text

from harness.errors import DeviceGone, LinkError
from harness.observations import Grade, SupportedBands
from harness.probes.adb.band_screen import DUMP, LOG
from harness.recording.exchange import Exchange, Interruption
from harness.survey.live import band_walk
from harness.survey.live.band_walk import BACK, OPEN, STEPS, exchanges_of, reading_of, tap_place, walk_to_bands

WORDS = "V BandSelect: gsm support --.>+EPBSE: 154,129,5,0\n"
LATE = Interruption("AnswerTimeout", "late")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(band_walk, "SETTLE_S", 0.0)


def walk(phone: Phone):
    return walk_to_bands(phone, deadline_s=time.monotonic() + 5)


def answers(*texts: str, error=None) -> list[Exchange]:
    return [Exchange(step, one.encode(), exit_code=0, error=error) for step, one in zip(STEPS, texts, strict=True)]


def test_the_modems_words_are_measured_and_name_the_log_and_boxes_name_the_screen():
    told = reading_of(answers(screen(table()), screen(table()), WORDS))
    assert {(one.grade, one.source.request) for one in told.observations} == {(Grade.MEASURED, LOG)}
    told = reading_of(answers(screen(table()), screen(table()), "nothing"))
    assert {(one.grade, one.source.request) for one in told.observations} == {(Grade.OBSERVED, DUMP)}
    assert [one.bands for one in told.observations if isinstance(one, SupportedBands)] == [(1,)]


def test_two_looks_that_differ_tell_nothing_of_the_bands():
    for looks in ((False, True), (True, False)):
        told = reading_of(answers(*(screen(table(checked=one)) for one in looks), ""))
        assert not any(isinstance(one, SupportedBands) for one in told.observations)


def test_a_look_that_is_missing_or_was_cut_tells_nothing():
    whole = answers(screen(table()), screen(table()), WORDS)
    for place in range(len(STEPS)):
        cut = [*whole]
        cut[place] = Exchange(STEPS[place], whole[place].response, error=LATE)
        assert reading_of(cut).observations == ()
        assert reading_of([one if n != place else None for n, one in enumerate(whole)]).observations == ()
    assert reading_of([]).observations == ()


def test_a_screen_of_something_else_is_a_warning_and_no_fact():
    told = reading_of(answers("x", "y", "z"))
    assert told.observations == ()
    assert "the band screen cannot be read" in told.warnings[0]


def test_what_is_kept_of_a_walk_are_two_looks_and_the_log():
    kept = exchanges_of(walk(Phone(MENUS, WORDS)))
    assert tuple(one.request for one in kept) == (DUMP, DUMP, LOG)
    assert kept[2].text == WORDS
    assert {one.exit_code for one in kept} == {0}
    assert all(one.at for one in kept)
    assert reading_of(kept).observations


def deep(menus: int) -> list[str]:
    return [screen(text("Telephony", 100))] * menus + [screen(table())]


def test_it_taps_so_deep_and_no_deeper():
    phone = Phone(deep(5))
    assert walk(phone).reading.observations
    assert sum(one.startswith("input tap") for one in phone.asked) == 5
    phone = Phone(deep(6))
    with pytest.raises(LinkError, match="was not reached"):
        walk(phone)
    assert phone.asked.count(BACK) == 7
    assert phone.at == -1


def test_an_app_that_did_not_open_is_not_closed():
    class Bare(Phone):
        def answer(self, command: str) -> Exchange:
            self.asked.append(command)
            return Exchange(command, b"java.lang.SecurityException: Permission Denial\n", exit_code=0)

    phone = Bare([])
    with pytest.raises(LinkError, match="cannot be opened"):
        walk(phone)
    assert phone.asked == [OPEN]


def test_a_handset_that_goes_away_on_the_way_back_is_no_second_trouble():
    class Gone(Phone):
        def answer(self, command: str) -> Exchange:
            if command == BACK:
                raise DeviceGone("it went away")
            return super().answer(command)

    assert walk(Gone(MENUS)).reading.observations


def test_it_waits_for_the_screen_before_each_look_but_not_beyond_the_deadline(monkeypatch):
    monkeypatch.setattr(band_walk, "SETTLE_S", 0.05)
    start = time.monotonic()
    walk_to_bands(Phone(MENUS), deadline_s=start + 5)
    assert time.monotonic() - start >= 5 * 0.05
    monkeypatch.setattr(band_walk, "SETTLE_S", 60.0)
    start = time.monotonic()
    walk_to_bands(Phone(MENUS), deadline_s=start - 5)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("bounds", "place"),
    [("[0,0][100,50]", (50, 25)), ("[10,20][20,40]", (15, 30)), ("[1,1][2,2]", (1, 1)), ("[0,0][100000,5]", None)],
)
def test_the_middle_of_a_text_is_tapped(bounds, place):
    node = f'<node text="BandMode" package="{band_walk.PACKAGE}" bounds="{bounds}"/>'
    assert tap_place(screen(node)) == place


def test_the_nearest_of_several_texts_is_tapped_whatever_their_order():
    way = [text(word, 100 * n) for n, word in enumerate(("Telephony", "BandMode", "SIM1"), 1)]
    assert tap_place(screen(*way)) == tap_place(screen(*reversed(way))) == (50, 310)
