"""Whether a handset attached while its diagnostic port was listened to: four answers, each with its own way out."""

from __future__ import annotations

import time

import pytest

from harness.errors import DeviceGone
from harness.recording.exchange import Exchange, Interruption
from harness.recording.files import load_recording, resolve_recording
from harness.survey.live import service_watch
from harness.survey.live.service_watch import WORDS, ServiceWatch, in_service

UP = next(
    one.text
    for one in load_recording(resolve_recording("fixture:xiaomi-mi-mix-2-global")).links["adb"]
    if one.request == "dumpsys telephony.registry"
)
DOWN = UP.replace("0(IN_SERVICE)", "3(POWER_OFF)").replace("regState=HOME", "regState=NOT_REG_OR_SEARCHING")


class Link:
    """Answers in turn, the last again and again; None: the handset is gone."""

    def __init__(self, *texts: str | None) -> None:
        self.texts = list(texts)
        self.asked = 0

    def run(self, commands: list[str], *, deadline_s: float) -> list[Exchange | None]:
        assert commands == ["dumpsys telephony.registry"]
        assert 0 < deadline_s - time.monotonic() <= service_watch.ANSWER_S
        text = self.texts[min(self.asked, len(self.texts) - 1)]
        self.asked += 1
        if text is None:
            raise DeviceGone("it went away")
        return [Exchange(commands[0], text.encode(), exit_code=0)]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_watch, "EVERY_S", 0.0)


@pytest.mark.parametrize(
    ("texts", "attached"),
    [
        ([UP, UP, UP], "never"),
        ([UP, DOWN, DOWN, UP], "seen"),
        ([DOWN, DOWN, UP], "seen"),
        ([UP, DOWN, DOWN], "out"),
        ([DOWN, DOWN], "out"),
        ([UP], ""),
        ([DOWN], ""),
        (["what is this", "nothing"], ""),
        ([None, None, None], ""),
        ([UP, None, UP], "never"),
    ],
)
def test_what_was_seen(texts: list[str | None], attached: str) -> None:
    watch = ServiceWatch(Link(*texts))
    for _ in texts:
        watch.look()
    assert watch.attached == attached


def test_airplane_mode_that_was_switched_is_a_detach() -> None:
    watch = ServiceWatch(Link(UP))
    watch.look()
    watch.note_out()
    watch.look()
    assert watch.attached == "seen"


def test_it_looks_no_oftener_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_watch, "EVERY_S", 60.0)
    link = Link(UP)
    watch = ServiceWatch(link)
    for _ in range(50):
        watch.look()
    assert link.asked == 1


def test_an_answer_that_was_cut_is_none() -> None:
    class Cut(Link):
        def run(self, commands: list[str], *, deadline_s: float) -> list[Exchange | None]:
            return [Exchange(commands[0], UP.encode(), error=Interruption("AnswerTimeout", "late"))]

    assert in_service(Cut()) is None


def test_each_has_words_of_its_own_and_a_way_out_where_a_person_can_help() -> None:
    assert len({why for why, _ in WORDS.values()}) == len(WORDS)
    assert WORDS["never"][1]
    assert WORDS["out"][1]
    assert WORDS[""] == ("", "")
