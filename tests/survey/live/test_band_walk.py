"""The walk taps what is on its list and nothing else, never sets, and goes back as far as it came."""

from __future__ import annotations

import time

import pytest

from harness.errors import LinkError
from harness.observations import Grade, SupportedBands
from harness.probes.adb.band_screen import DUMP, LOG, PACKAGE
from harness.recording.exchange import Exchange
from harness.survey.live import band_walk
from harness.survey.live.band_walk import BACK, OPEN, tap_place, walk_to_bands


def text(word: str, y: int, package: str = PACKAGE) -> str:
    return f'<node text="{word}" package="{package}" class="android.widget.TextView" bounds="[0,{y}][100,{y + 20}]"/>'


def screen(*nodes: str) -> str:
    return f"<hierarchy>{''.join(nodes)}</hierarchy>"


def table(checked: bool = True) -> str:
    states = 'text="{}" enabled="{}" checked="{}"'
    box = f'<node class="android.widget.TableRow"><node class="android.widget.CheckBox" {states}/></node>'
    rows = box.format("Band 1", "true", str(checked).lower()) + box.format("Band 3", "false", "false")
    return (
        f'<node resource-id="{PACKAGE}:id/TableLayout_LTE" class="android.widget.TableLayout">{rows}</node>'
        f"{text('SET', 900)}{text('RESET', 930)}"
    )


MENUS = [
    screen(text("Telephony", 100), text("Connectivity", 200)),
    screen(text("Auto Answer", 100), text("BandMode", 200)),
    screen(text("SIM1", 100), text("SIM2", 200)),
    screen(table()),
]


class Phone:
    """A handset with menus one behind another."""

    def __init__(self, menus: list[str], log: str = "") -> None:
        self.menus, self.log = menus, log
        self.at = -1
        self.asked: list[str] = []
        self.address = "SERIAL"

    def allow_commands(self, commands): ...

    def run(self, commands, *, deadline_s):
        return [self.answer(one) for one in commands]

    def answer(self, command: str) -> Exchange:
        self.asked.append(command)
        if command == OPEN or command.startswith("input tap"):
            self.at += 1
        elif command == BACK:
            self.at -= 1
        told = self.menus[min(self.at, len(self.menus) - 1)] if command == DUMP else self.log if command == LOG else ""
        return Exchange(command, told.encode(), exit_code=0)

    def close(self) -> None:
        """Nothing to do."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(band_walk, "SETTLE_S", 0.0)


def walk(phone: Phone):
    return walk_to_bands(phone, deadline_s=time.monotonic() + 5)


def test_it_goes_there_looks_twice_and_comes_back():
    phone = Phone(MENUS)
    found = walk(phone)
    assert [one.bands for one in found.reading.observations if isinstance(one, SupportedBands)] == [(1,)]
    assert {one.grade for one in found.reading.observations} == {Grade.OBSERVED}
    taps = [one for one in phone.asked if one.startswith("input tap")]
    assert taps == ["input tap 50 110", "input tap 50 210", "input tap 50 110"]
    assert phone.at == -1
    assert phone.asked.count(DUMP) == 5


def test_the_modems_own_words_win():
    found = walk(Phone(MENUS, "V BandSelect: gsm support --.>+EPBSE: 154,129,5,0\n"))
    assert {one.grade for one in found.reading.observations} == {Grade.MEASURED}


@pytest.mark.parametrize(
    "menus",
    [
        [screen(text("SET", 100), text("RESET", 200))],
        [screen(text("Telephony", 100, package="com.example"))],
        [""],
        ["<!DOCTYPE x>" + MENUS[0]],
        [MENUS[0]],
    ],
)
def test_where_nothing_of_the_list_is_shown_it_ends_and_goes_back(menus):
    phone = Phone(menus)
    with pytest.raises(LinkError) as error:
        walk(phone)
    assert error.value.way_out
    assert phone.at == -1
    if menus != [MENUS[0]]:
        assert not any(one.startswith("input tap") for one in phone.asked)


def test_boxes_before_the_answer_tell_nothing():
    assert walk(Phone([*MENUS[:-1], screen(table(checked=False))])).reading.observations == ()


def test_an_app_that_is_not_there_is_told():
    class Bare(Phone):
        def answer(self, command: str) -> Exchange:
            super().answer(command)
            return Exchange(command, b"Error: Activity class does not exist.\n", exit_code=0)

    with pytest.raises(LinkError, match="cannot be opened"):
        walk(Bare([]))


def test_no_list_holds_a_text_that_sets():
    assert not {"SET", "RESET", "OK"} & {one.upper() for one in band_walk.MAY_BE_TAPPED}
    assert tap_place(screen(text("Set", 1))) is None
