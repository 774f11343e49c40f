"""Journals of dead runs: which are carried out, on which device, what is told, and that nothing is left open."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness.errors import DeviceAbsent, DeviceGone
from harness.links.adb import server, shell
from harness.probes.adb.state import AIRPLANE_MODE, STATE
from harness.recording.exchange import Exchange, Interruption
from harness.state.change import change_item
from harness.state.gate import Gate, GatedChannel, unique_items
from harness.state.journal import Journal, JournalPage, device_key, load_page
from harness.state.restore import PutBack
from harness.survey.restoring import putting_back
from harness.survey.restoring.putting_back import CarriedOut, carry_out_all, find_handset, firmware_of
from harness.survey.restoring.reached import ReachedDevice

KEY = device_key("adb", "SERIAL1")
OTHER = device_key("adb", "SERIAL2")


class Shell:
    """A handset's shell that knows airplane mode."""

    def __init__(self) -> None:
        self.on = False
        self.asked: list[str] = []

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        self.asked.append(command)
        if command.startswith("cmd"):
            self.on = command.endswith("enable")
        return Exchange(command, b"" if command.startswith("cmd") else b"1\n" if self.on else b"0\n", exit_code=0)


class Bench:
    """Two handsets, both changed by a run that died; how often each was looked for and let go of."""

    def __init__(self, folder, monkeypatch) -> None:
        self.folder = folder
        self.shells = {KEY: Shell(), OTHER: Shell()}
        self.items = unique_items(STATE)
        self.absent = 0
        self.looks: list[str] = []
        self.closed: list[str] = []
        self.trouble: Exception | None = None
        self.firmware = "A"
        for key, one in self.shells.items():
            journal = Journal(key, words=f"handset {key[:4]}", firmware="A", opened_by="--act", folder=folder,
                              reached=f"at {key[:4]}")  # fmt: skip
            change_item(self.channel(one), AIRPLANE_MODE, "on", journal, deadline_s=time.monotonic() + 5)
            journal.close()
        monkeypatch.setattr(putting_back, "FINDERS", [lambda page, deadline_s: None, self.find])

    @staticmethod
    def channel(one: Shell) -> GatedChannel:
        return GatedChannel(one, Gate(STATE, "a test"))

    def find(self, page: JournalPage, deadline_s: float) -> ReachedDevice | None:
        self.looks.append(page.device)
        assert 0 < deadline_s - time.monotonic() <= putting_back.RESTORE_S
        if self.trouble is not None:
            raise self.trouble
        if len(self.looks) <= self.absent:
            return None
        close = lambda: self.closed.append(page.device)  # noqa: E731
        channels = {"adb": self.channel(self.shells[page.device])}
        return ReachedDevice(channels, self.items, self.firmware, close)

    def file(self, key: str):
        return self.folder / f"{key}.journal.json"


@pytest.fixture
def bench(tmp_path, monkeypatch):
    return Bench(tmp_path / "j", monkeypatch)


def carried(bench: Bench, **how) -> list[CarriedOut]:
    return list(carry_out_all(bench.folder, **how))


def kept(bench: Bench, key: str) -> None:
    """As a lock that the user asked to stay."""
    import msgspec

    page = load_page(bench.file(key))
    bench.file(key).write_bytes(msgspec.json.encode(msgspec.structs.replace(page, kept=True)))


def test_each_journal_is_carried_out_and_each_device_let_go_of(bench):
    told = carried(bench)
    assert [(one.trouble, one.is_blocked, [each.outcome for each in one.put_back]) for one in told] == [
        ("", False, ["restored"])
    ] * 2
    assert [one.on for one in bench.shells.values()] == [False, False]
    assert sorted(bench.closed) == sorted((KEY, OTHER))
    assert not bench.file(KEY).exists()
    assert not bench.file(OTHER).exists()


@pytest.mark.parametrize(("key", "other"), [(KEY, OTHER), (OTHER, KEY)])
def test_one_that_a_living_run_holds_is_left_and_the_other_is_not(bench, key, other):
    held = Journal.taken_over(bench.file(key))
    assert len(carried(bench)) == 1
    held.close()
    assert bench.shells[key].on
    assert not bench.shells[other].on


def test_a_lock_that_was_asked_to_stay_stays_and_is_told_until_restore_asks_for_it(bench):
    first, second = sorted((KEY, OTHER))
    kept(bench, first)
    told = carried(bench)
    assert [one.remark != "" for one in told] == [True, False]
    assert "bandproof restore" in told[0].lines[0]
    assert not told[0].is_blocked
    assert bench.shells[first].on
    assert not bench.shells[second].on
    assert [one.outcome for one in carried(bench, kept=True)[0].put_back] == ["restored"]
    assert not bench.shells[first].on


@pytest.mark.parametrize("by", ["key", "address"])
def test_one_device_is_named_by_its_key_or_its_address(bench, by):
    only = OTHER if by == "key" else f"at {OTHER[:4]}"
    assert len(carried(bench, only=only)) == 1
    assert bench.shells[KEY].on
    assert not bench.shells[OTHER].on


def test_a_journal_that_cannot_be_read_needs_a_person_and_holds_no_other_back(bench):
    bench.file(min(KEY, OTHER)).write_text("{")
    told = carried(bench)
    assert [(one.unreadable, one.is_blocked) for one in told] == [(True, True), (False, False)]
    assert "by hand" in told[0].lines[0]


def test_a_device_that_is_not_there_is_waited_for_as_long_as_was_asked_and_no_longer(bench):
    bench.absent = 1
    started = time.monotonic()
    told = carried(bench, only=KEY)
    assert time.monotonic() - started < 0.9
    assert "not plugged in" in told[0].trouble
    assert not told[0].is_blocked
    assert bench.looks == [KEY]
    bench.looks.clear()
    told = carried(bench, only=KEY, wait_s=0.05)
    assert bench.looks == [KEY, KEY]
    assert told[0].trouble == ""


def test_a_device_that_cannot_be_reached_is_told_with_its_way_out(bench):
    bench.trouble = DeviceAbsent("the server is gone", way_out="start it")
    (told,) = carried(bench, only=KEY)
    assert told.lines == (f"handset {KEY[:4]}: was changed and cannot be reached: the server is gone; start it",)
    assert bench.file(KEY).exists()


def test_what_is_in_doubt_is_blocked_and_the_device_let_go_of(bench):
    bench.firmware = "B"
    (told,) = carried(bench, only=KEY)
    assert told.is_blocked
    assert told.trouble == "needs a person"
    assert "is NOT put back to off (" in told.lines[0]
    assert "--insist" in told.lines[1]
    assert bench.shells[KEY].on
    assert bench.closed == [KEY]


@pytest.mark.parametrize("insist", [False, True])
def test_whether_somebody_insists_is_told_to_what_writes(bench, monkeypatch, insist):
    asked = []
    monkeypatch.setattr(putting_back, "put_back", lambda *_, **how: asked.append(how["insist"]) or ())
    carried(bench, only=KEY, insist=insist)
    assert asked == [insist]


def test_one_that_reads_as_before_by_itself_is_written_all_the_same(bench):
    """Some read free after a restart of their own while the lock holds."""
    bench.shells[KEY].on = False
    (told,) = carried(bench, only=KEY)
    assert told.lines == (f"handset {KEY[:4]}: airplane mode put back to off",)


def test_a_device_that_takes_values_at_a_restart_is_restarted_and_waited_for(bench, monkeypatch):
    waits = []
    monkeypatch.setattr(putting_back, "_GOES_S", 0.01)
    results = (PutBack("airplane_mode", "airplane mode", "off", "restored", later=True),)
    monkeypatch.setattr(putting_back, "put_back", lambda journal, *_, **how: waits.append(how) or results)
    asked = []
    bench.items = {"airplane_mode": replace(AIRPLANE_MODE, restart="reboot")}
    monkeypatch.setattr(GatedChannel, "ask", lambda self, request, deadline_s: asked.append(request))
    (told,) = carried(bench, only=KEY)
    assert asked == ["reboot"]
    # Found again, and let go of again; the journal is struck by `finish`, which still sees the change as open.
    assert bench.looks == [KEY, KEY]
    assert bench.closed == [KEY, KEY]
    assert waits[0]["strike"] is False
    assert told.lines == (f"handset {KEY[:4]}: airplane mode put back to off; the device was restarted for it",)


def test_a_port_that_goes_at_the_restart_is_no_trouble(bench, monkeypatch):
    monkeypatch.setattr(putting_back, "_GOES_S", 0.01)
    results = (PutBack("airplane_mode", "airplane mode", "off", "restored", later=True),)
    monkeypatch.setattr(putting_back, "put_back", lambda *_, **__: results)
    bench.items = {"airplane_mode": replace(AIRPLANE_MODE, restart="reboot")}

    def gone(self, request, deadline_s):
        raise DeviceGone("it went away")

    monkeypatch.setattr(GatedChannel, "ask", gone)
    assert carried(bench, only=KEY)[0].trouble == ""
    assert bench.looks == [KEY, KEY]


class Link:
    """A handset as it is opened by its serial."""

    def __init__(self, answer: Exchange | Exception | None) -> None:
        self.answer = answer
        self.closed = 0

    def run(self, commands, *, deadline_s):
        if isinstance(self.answer, Exception):
            raise self.answer
        return [self.answer]

    def close(self) -> None:
        self.closed += 1


BUILD = Exchange(putting_back.FIRMWARE, b" a/b/c \n", exit_code=0)


@pytest.mark.parametrize(
    ("answer", "build"),
    [(BUILD, "a/b/c"), (None, ""), (replace(BUILD, error=Interruption("AnswerTimeout", "late")), "")],
)
def test_a_build_is_what_came_whole(answer, build):
    assert firmware_of(Link(answer), deadline_s=0) == build


def page(*channels: str, device: str = KEY) -> JournalPage:
    from harness.state.journal import SCHEMA, ItemChange

    changes = tuple(ItemChange(f"item{n}", one, "a", ("b",), "done", "") for n, one in enumerate(channels))
    return JournalPage(SCHEMA, device, "x", "A", "t", "t", changes=changes)


@pytest.fixture
def handsets(monkeypatch):
    def make(answer) -> SimpleNamespace:
        told = SimpleNamespace(link=Link(answer), opened=[])
        monkeypatch.setattr(
            server, "list_handsets", lambda *, deadline_s: [SimpleNamespace(serial=f"SERIAL{n}") for n in (3, 1)]
        )
        monkeypatch.setattr(shell, "open_adb", lambda serial, **how: told.opened.append((serial, how)) or told.link)
        return told

    return make


def test_the_handset_of_a_journal_is_known_by_its_serial_and_opened_for_changes(handsets):
    told = handsets(BUILD)
    found = find_handset(page("adb"), 5.0)
    assert found is not None
    assert told.opened == [("SERIAL1", {"deadline_s": 5.0, "allow_changes": True})]
    assert found.firmware == "a/b/c"
    assert found.items.keys() == unique_items(STATE).keys()
    assert told.link.closed == 0
    found.close()
    assert told.link.closed == 1


@pytest.mark.parametrize(
    ("page_", "found"),
    [
        (page("at"), False),
        (page("at", "adb"), True),
        (page(), True),
        (page("adb", device=device_key("adb", "SERIAL9")), False),
    ],
)
def test_a_journal_of_something_else_is_no_handsets(handsets, page_, found):
    told = handsets(BUILD)
    assert (find_handset(page_, 5.0) is not None) is found
    assert bool(told.opened) is found


def test_a_handset_that_goes_away_while_it_is_asked_is_let_go_of(handsets):
    told = handsets(DeviceGone("it went away"))
    with pytest.raises(DeviceGone):
        find_handset(page("adb"), 5.0)
    assert told.link.closed == 1
