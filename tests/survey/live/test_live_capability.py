"""A live capture: which port, what is told when nothing comes, that the handset is left as it was, what is kept."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from harness.errors import DeviceGone, StateError
from harness.links.adb import shell
from harness.links.diag.capture import DiagCapture
from harness.recording.exchange import Exchange, now
from harness.state.restore import PutBack
from harness.survey.live import capability, service_watch
from harness.survey.live.attaching import ByHand, Spent
from harness.survey.live.capability import read_live
from harness.survey.live.plan import LivePlan
from harness.survey.live.session import session_of

HANDSET = SimpleNamespace(usb="usb:3-1", serial="SERIAL1")
DATAGRAM = SimpleNamespace(radio=0)


class Link:
    handset = HANDSET

    def __init__(self) -> None:
        self.closed = 0

    def run(self, commands, *, deadline_s):
        return [Exchange(one, b"a/b/c\n", exit_code=0) for one in commands]

    def close(self) -> None:
        self.closed += 1


class Way:
    """A way to an attach, that was put back so."""

    wait_s = 90.0
    how = "airplane_mode"
    done = ("airplane mode on",)

    def __init__(self, back=()) -> None:
        self.back = back
        self.closed = 0

    def attach(self) -> None:
        """Set off."""

    def close(self):
        self.closed += 1
        return self.back


@pytest.fixture
def run(monkeypatch):
    """A capture in which nothing is real but the work between; `told` is what it saw and is to see."""
    link = Link()
    device = SimpleNamespace(path="3-1", composition="05c6:9091 ff/ff/30", serial="SERIAL1")
    port = SimpleNamespace(device=device, words="3-1 interface 0 (ff/ff/30)")
    told = SimpleNamespace(link=link, device=device, port=port, found=DiagCapture("enough", (DATAGRAM,), ("said",)),
                           opened=[], captured=[], kept=[], way=Way(), records=["lte_ul 00"])  # fmt: skip
    monkeypatch.setattr(shell, "open_adb", lambda name, **how: told.opened.append((name, how)) or link)
    monkeypatch.setattr(capability, "scat_program", lambda named: f"scat {named}")
    monkeypatch.setattr(capability, "device_of_handset", lambda usb, serial: told.device)
    monkeypatch.setattr(capability, "diag_port_of", lambda device: told.port)
    monkeypatch.setattr(capability, "as_pcap", lambda kept: f"pcap of {len(kept)}".encode())
    monkeypatch.setattr(
        capability, "records_of", lambda each, said, radio: (told.records if radio == 0 else [], list(each))
    )
    monkeypatch.setattr(service_watch, "in_service", lambda link: None)

    def captured(*where, **how):
        told.captured.append((where, how))
        how["attach"]()
        if isinstance(told.found, Exception):
            raise told.found
        return told.found

    monkeypatch.setattr(capability, "capture_diag", captured)
    monkeypatch.setattr(capability, "ByAirplaneMode", lambda *_: told.way)

    def go(plan=LivePlan(act=True), maker="Samsung", name="SERIAL1"):  # noqa: B008
        heard = []
        result = read_live(name, plan, maker=maker, words="Samsung X", deadline_s=5.0, tell=heard.append)
        return result, heard

    told.go = go
    return told


def test_what_came_is_kept_with_the_session_that_binds_it(run):
    began = now()
    result, heard = run.go(LivePlan(act=True, scat="/x/scat", wait_s=0))
    one = result.session
    assert one.came
    assert one.bound
    assert (one.how, one.serial, one.adb_path, one.diag_path) == ("airplane_mode", "same", "3-1", "3-1")
    assert (one.before, one.after, one.interface) == ("05c6:9091 ff/ff/30",) * 2 + ("3-1 interface 0 (ff/ff/30)",)
    assert began <= one.began <= one.ended <= now()
    assert result.pcap == b"pcap of 1"
    assert session_of(result.exchange) == one
    assert result.exchange.text.splitlines()[2:] == ["radio 0", "lte_ul 00"]
    assert run.opened == [("SERIAL1", {"deadline_s": 5.0, "allow_changes": True})]
    assert run.captured[0][0] == (run.port, "scat /x/scat")
    assert run.captured[0][1]["wait_s"] == 90.0
    assert run.captured[0][1]["deadline_s"] == 5.0
    assert (run.way.closed, run.link.closed) == (1, 1)
    assert heard == ["the diagnostic port is set up (up to 20 s)"]


@pytest.mark.parametrize(("serial", "end"), [("SERIAL1", "enough"), ("OTHER", "no_usb"), ("", "no_usb")])
def test_at_a_named_adb_server_only_the_serial_tells_which_phone_hangs_here(run, serial, end):
    """`usb:3-1` of bench A's server is a place of bench A: the phone at 3-1 of this computer is another one."""
    run.device.serial = serial
    result, _ = run.go(name="adb://bench-a:5037/SERIAL1")
    assert result.session.end == end
    assert bool(run.captured) is (end == "enough")


def test_without_leave_to_act_a_person_is_asked_and_nothing_may_be_changed(run):
    result, heard = run.go(LivePlan(act=False, wait_s=7.0))
    assert result.session.how == "hand"
    assert run.opened[0][1]["allow_changes"] is False
    assert run.captured[0][1]["wait_s"] == 7.0
    assert any("switch airplane mode on" in word for word in heard)


def test_airplane_mode_is_not_switched_twice(run):
    result, _ = run.go(LivePlan(act=True, spent=True))
    assert (result.session.end, result.session.came) == ("no_attach", False)
    assert "once in this run" in result.session.why
    assert result.session.way_out == "run again"
    assert run.link.closed == 1
    assert result.exchange.text.splitlines()[2:] == []
    assert result.pcap == b"pcap of 0"


@pytest.mark.parametrize(("serial", "word"), [("SERIAL1", "same"), ("SERIAL2", "other"), ("", "none")])
def test_the_serial_of_the_usb_device_is_held_against_adbs(run, serial, word):
    run.device.serial = serial
    assert run.go()[0].session.serial == word


def test_a_handset_that_hangs_nowhere_on_usb(run):
    run.device = None
    result, _ = run.go()
    assert (result.session.end, run.captured) == ("no_usb", [])
    assert "cable" in result.session.way_out
    assert result.session.began == ""


@pytest.mark.parametrize(("maker", "words"), [("Samsung", "*#0808#"), ("Sony", "takes root"), (None, "no way without")])
def test_a_handset_without_a_port_is_told_what_its_maker_needs(run, maker, words):
    run.port = None
    result, _ = run.go(maker=maker)
    assert (result.session.end, run.captured) == ("no_port", [])
    assert "05c6:9091 ff/ff/30" in result.session.why
    assert words in result.session.way_out
    assert result.session.before == "05c6:9091 ff/ff/30"


@pytest.mark.parametrize(
    ("end", "attached", "why", "way_out"),
    [
        ("nothing", "seen", "it is dumb; the handset attached meanwhile", "its firmware blocks it"),
        ("nothing", "never", "it is dumb; the handset was in service all the time", "switch airplane mode on"),
        ("nothing", "out", "it is dumb; the handset had no service to the end", "give it service first"),
        ("nothing", "", "it is dumb", "look again"),
        ("late", "seen", "it is dumb; the handset attached meanwhile", "look again"),
        ("refused", "never", "it is dumb", "look again"),
        ("gone", "seen", "it is dumb", "look again"),
    ],
)
def test_why_nothing_came_depends_on_whether_it_attached(run, monkeypatch, end, attached, why, way_out):
    monkeypatch.setattr(service_watch.ServiceWatch, "attached", attached)
    run.found = DiagCapture(end, (DATAGRAM,), (), why="it is dumb", way_out="look again")
    result, _ = run.go()
    assert (result.session.end, result.session.attached) == (end, attached)
    assert result.session.why.startswith(why)
    assert ("; " in result.session.why) is (why != "it is dumb")
    assert result.session.way_out.startswith(way_out)
    assert result.exchange.text.splitlines()[2:] == []


def test_a_port_that_told_nothing_at_all_came_to_nothing(run):
    run.found = DiagCapture("enough", (), ())
    assert run.go()[0].session.end == "nothing"
    run.found = DiagCapture("refused", (), (), why="no right", way_out="ask")
    assert run.go()[0].session.end == "refused"


@pytest.mark.parametrize(("end", "told"), [("nothing", True), ("late", True), ("gone", False)])
def test_what_scat_could_not_read_leaves_it_open_whether_something_came(run, monkeypatch, end, told):
    monkeypatch.setattr(DiagCapture, "doubts", ("Unknown packet 0x99",))
    run.found = DiagCapture(end, (DATAGRAM,), (), why="x", way_out="y")
    result, _ = run.go()
    assert ("Unknown packet 0x99" in result.session.why) is told
    assert ("pipx upgrade" in result.session.way_out) is told
    assert result.exchange.text.splitlines()[2:] == ["doubt Unknown packet 0x99"]


def test_an_airplane_mode_that_is_not_put_back_is_told(run):
    run.way = Way((
        PutBack("other", "another item", "on", "restored"),
        PutBack("airplane_mode", "airplane mode", "off", "blocked", why="it went away"),
    ))  # fmt: skip
    one = run.go()[0].session
    assert one.left == "airplane mode is not as before: it went away; run `bandproof restore`"
    assert one.done[0] == "airplane mode on"
    assert one.done[2].endswith("airplane mode: blocked, off")
    run.way = Way((PutBack("airplane_mode", "airplane mode", "off", "restored"),))
    assert run.go()[0].session.left == ""


@pytest.mark.parametrize("error", [DeviceGone("SERIAL1 went away"), StateError("it refused", way_out="look")])
def test_a_trouble_under_way_is_the_sessions_and_all_is_put_back(run, error):
    run.found = error
    result, _ = run.go()
    assert (result.session.end, run.way.closed, run.link.closed) == ("no_attach", 1, 1)
    assert "SERIAL1" not in result.session.why
    assert result.session.way_out == (error.way_out or "run again")
    assert result.session.ended


def test_a_way_without_a_list_of_what_was_done_has_done_nothing(run, monkeypatch):
    monkeypatch.setattr(capability, "ByAirplaneMode", lambda *_: ByHand(lambda word: None))
    assert run.go()[0].session.done == ()
    assert Spent().wait_s == 0.0


def test_airplane_mode_by_us_is_a_detach_and_a_hand_is_none(monkeypatch):
    for how, out in (("airplane_mode", 1), ("hand", 0)):
        noted = []
        watch = SimpleNamespace(look=lambda: None, note_out=lambda noted=noted: noted.append(1))
        capability._attach(SimpleNamespace(how=how, attach=lambda: None), watch)
        assert len(noted) == out


def test_it_is_enough_when_one_sims_capability_is_whole_and_each_datagram_is_looked_at_once(monkeypatch):
    taken = []
    looks = []
    monkeypatch.setattr(capability, "take_datagram", lambda keeping, one: taken.append((keeping, one)))
    seen = capability._Seen(SimpleNamespace(look=lambda: looks.append(1)))
    first, second = SimpleNamespace(radio=0), SimpleNamespace(radio=1)
    assert seen.enough([first], ()) is False
    assert seen.enough([first, second], ()) is False
    assert [one for _, one in taken] == [first, second]
    assert taken[0][0] is not taken[1][0]
    assert len(looks) == 2
    taken[1][0].accounts.append("a")
    monkeypatch.setattr(type(taken[1][0]), "waiting", True, raising=False)
    assert seen.enough([first, second], ()) is False
    monkeypatch.setattr(type(taken[1][0]), "waiting", False, raising=False)
    assert seen.enough([first, second], ()) is True
