"""A handset's answers as they are read: which count, by which exchange they are cited, and when nothing was understood."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from harness.observations import Identity, Reading
from harness.probes.adb import extensions, rooted
from harness.recording.exchange import Exchange, Interruption
from harness.recording.writer import Unwritten
from harness.survey import reading
from harness.survey.other_links import RootPaths
from harness.survey.reading import _Reading
from harness.survey.recorded_survey import THROUGH_SHELL

PROPS = b"[ro.product.manufacturer]: [Xiaomi]\n[ro.product.model]: [Mi MIX 2]\n"


class Shell:
    """Answers by its table; what is not in it was not asked."""

    address = "SERIAL1"

    def __init__(self, **answers: Exchange) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.allowed: list[str] = []

    def allow_commands(self, commands) -> None:
        self.allowed += commands

    def run(self, commands, *, deadline_s):
        self.asked += commands
        return [self.answers.get(command.split()[0]) for command in commands]

    def close(self) -> None:
        """Nothing is open."""


class Writer(Unwritten):
    def __init__(self) -> None:
        super().__init__("x")
        self.notes: dict[str, object] = {}

    def note(self, name, value) -> None:
        self.notes[name] = value


def told(shell: Shell, asking=None, writer=None) -> tuple[Reading, _Reading]:
    run = _Reading(writer or Writer(), time.monotonic() + 5, asking)
    return run._ask("adb", shell), run


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        (Exchange("getprop", PROPS, exit_code=0), True),
        (Exchange("getprop", PROPS), True),
        (Exchange("getprop", PROPS, exit_code=1), False),
        (Exchange("getprop", PROPS, exit_code=0, error=Interruption("AnswerTimeout", "late")), False),
        (None, False),
    ],
)
def test_an_answer_counts_where_it_is_whole_and_went_well(answer, counts):
    found, run = told(Shell(getprop=answer))
    assert any(isinstance(one, Identity) and one.model == "Mi MIX 2" for one in found.observations) is counts
    assert len(run.exchanges) == (answer is not None)
    # Where no command was answered well there is nothing that could have been understood.
    assert not any("nothing that it said could be understood" in one for one in found.warnings)


def test_a_fact_cites_the_exchange_that_told_it():
    found, run = told(Shell(id=Exchange("id -u", b"2000\n", exit_code=0), getprop=Exchange("getprop", PROPS)))
    numbers = {one.source.exchange for one in found.observations if isinstance(one, Identity)}
    (number,) = [n for n, (_, exchange) in enumerate(run.exchanges) if exchange.request == "getprop"]
    assert numbers == {number}


def test_answers_that_nobody_understands_are_told_with_their_count():
    found, _ = told(Shell(getprop=Exchange("getprop", b"x"), id=Exchange("id -u", b"2000\n")))
    assert found.observations == ()
    (warning,) = found.warnings
    # What asks for root is no command of the plan.
    assert warning.startswith("the handset answered 1 of ")


def test_who_asks_hears_how_many_commands_are_sent():
    heard = []
    shell = Shell()
    told(shell, heard.append)
    assert heard == [f"{len(shell.asked)} shell commands"]


def test_commands_of_other_packages_are_allowed_and_asked(monkeypatch):
    monkeypatch.setattr(extensions, "installed", lambda: [SimpleNamespace(command="acme bands")])
    monkeypatch.setattr(extensions, "read_installed", lambda told: Reading((Identity(model=told.get("acme bands")),)))
    shell = Shell(acme=Exchange("acme bands", b"A1", exit_code=0))
    found, _ = told(shell)
    assert shell.allowed == ["acme bands"]
    assert shell.asked[-1] == "acme bands"
    assert [one.model for one in found.observations] == ["A1"]


@pytest.mark.parametrize("parts", [{}, {"at": Reading((Identity(model="node"),))}])
def test_links_that_root_opened_are_noted_and_their_facts_are_parts_of_their_own(monkeypatch, parts):
    monkeypatch.setattr(RootPaths, "of", staticmethod(lambda answers: RootPaths("root", "mtk")))
    monkeypatch.setattr(RootPaths, "ask", lambda *_, **__: (parts, ("root said so",)))
    writer = Writer()
    found, run = told(Shell(getprop=Exchange("getprop", PROPS)), writer=writer)
    assert run.parts == parts
    assert run.shell == set(parts)
    assert writer.notes == ({THROUGH_SHELL: ["at"]} if parts else {})
    assert "root said so" in found.warnings
    assert run.happened == ("root said so",)


def test_a_replayed_node_of_a_rooted_handset_is_read_as_a_node_and_not_identified(monkeypatch):
    monkeypatch.setattr(reading, "is_node_replay", lambda link: True)
    monkeypatch.setattr(rooted, "read_node", lambda link, family, *, deadline_s: Reading((Identity(model=family),)))
    run = _Reading(Writer(), time.monotonic() + 5, None)
    run.root = RootPaths("su", "mtk")
    assert [one.model for one in run._ask("at", SimpleNamespace()).observations] == ["mtk"]
    assert run.shell == {"at"}
