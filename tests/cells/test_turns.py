"""Several devices at one source, several sources as one."""

from __future__ import annotations

import threading
import time

import pytest

from harness.cells.source import AirWord, LiveCells, NetworkWord
from harness.cells.turns import CellsInTurn, TogetherCells
from harness.errors import AnswerTimeout, StateError


class Told(LiveCells):
    """A source that says what it was told to say."""

    def __init__(self, name="told", on=None, attached=None, fails=()):
        self.name, self._on, self._attached, self.fails = name, on, attached, fails
        self.done = []
        self.users = set()
        self.most = 0

    def on(self, rat, band):
        self._do("on")
        self.users.add(threading.get_ident())
        self.most = max(self.most, len(self.users))
        return AirWord(self._on, self.name)

    def off(self, rat, band):
        self.users.discard(threading.get_ident())
        self._do("off")

    def on_air(self, rat, band):
        return AirWord(self._on, self.name)

    def network(self, rat, band):
        return NetworkWord(self._attached, self.name)

    def reset(self):
        self._do("reset")

    def close(self):
        self._do("close")

    def _do(self, what):
        self.done.append(what)
        if what in self.fails:
            raise AnswerTimeout(f"{self.name} cannot {what}")


@pytest.mark.parametrize(
    ("words", "together"),
    [((True, None), True), ((None, False), False), ((True, False), None), ((None, None), None), ((True, True), True)],
)
def test_together_they_say_what_none_of_them_denies(words, together):
    sources = [Told(on=one, attached=one) for one in words]
    both = TogetherCells(sources)
    assert both.on("lte", 12).on is together
    assert both.network("lte", 12).attached is together


def test_one_that_cannot_takes_the_others_off_again_and_all_are_reset():
    first, second = Told("first"), Told("second", fails=("on", "reset"))
    both = TogetherCells([first, second])
    with pytest.raises(AnswerTimeout):
        both.on("lte", 12)
    assert first.done == ["on", "off"]
    with pytest.raises(StateError, match="second cannot reset"):
        both.reset()
    assert first.done[-1] == "reset"


def test_devices_take_turns_and_a_box_has_one_at_a_time():
    told = Told(on=True)
    shared = CellsInTurn(lambda: told, "box")
    errors = []

    def device():
        try:
            for band in (2, 4, 12):
                assert shared.on("lte", band).on is True
                time.sleep(0.005)
                assert shared.on_air("lte", band).on is True
                shared.off("lte", band)
            shared.reset()
        except Exception as error:  # noqa: BLE001  told below
            errors.append(error)

    threads = [threading.Thread(target=device) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert not errors
    assert told.most == 1
    assert told.done.count("on") == 24


def test_of_another_devices_turn_nothing_is_told_or_ended():
    told = Told(on=True, attached=True)
    shared = CellsInTurn(lambda: told, "box")
    shared.on("lte", 12)
    said = []

    def other():
        shared.off("lte", 12)
        said.extend([shared.on_air("lte", 12).on, shared.network("lte", 12).attached])

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(5)
    assert said == [None, None]
    assert "off" not in told.done
    shared.off("lte", 12)


def test_a_turn_that_fails_is_given_away():
    shared = CellsInTurn(lambda: Told(fails=("on",)), "box")
    for _ in range(2):
        with pytest.raises(StateError, match="cannot on"):
            shared.on("lte", 12)


def test_a_source_that_cannot_be_opened_costs_the_band_and_is_tried_again():
    opened = []

    def open_():
        opened.append(1)
        if len(opened) == 1:
            raise AnswerTimeout("not there")
        return Told(on=True)

    shared = CellsInTurn(open_, "box")
    with pytest.raises(StateError, match="not there"):
        shared.on("lte", 12)
    assert shared.on("lte", 12).on is True
    shared.reset()
    assert shared.on_air("lte", 12).on is None
