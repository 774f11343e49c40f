"""A sweep that goes on: on the same piece, firmware and card alone; what its evidence keeps; the port behind it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness.errors import DeviceAbsent, DeviceGone, StateError
from harness.links.addresses import parse_address
from harness.links.at import port as at_port
from harness.observations import Identity, Sim, SupportedBands
from harness.recording.exchange import Exchange
from harness.recording.scrubbing.sample_key import sample_key
from harness.recording.writer import Unwritten
from harness.survey import inhibiting, sweeping
from harness.survey.restoring import modem_finding
from harness.survey.survey import Survey
from harness.survey.sweeping import SWEPT_PIECE, cards_of, found_again
from harness.survey.targets import Target
from harness.sweep import runner
from harness.sweep.bands import SweepBand
from harness.sweep.plan import EarlierSweep, SweepPlan
from harness.sweep.runner import IDENTITY

IMEI = "490154203237518"
PORT = "/dev/ttyUSB1"
EARLIER = EarlierSweep(exchanges=(Exchange("old", b"1"), Exchange("old", b"2")), piece="KEY", firmware="F",
                       cards=frozenset({"26201"}))  # fmt: skip
MODEM = Survey(
    "d", PORT, "modem",
    (Identity(manufacturer="Quectel", model="EC25", baseband="F"), Sim(plmn="26201"),
     SupportedBands(rat="lte", bands=(3, 20))),
    dialect="quectel",
)  # fmt: skip
PLAN = SweepPlan(bands=(SweepBand("lte", 3), SweepBand("lte", 7)), opened_by="--sweep")


class Writer(Unwritten):
    def __init__(self) -> None:
        super().__init__("x")
        self.notes: dict[str, object] = {}
        self.kept: list[Exchange] = []

    def append(self, kind, exchange):
        self.kept.append(exchange)
        return exchange

    def note(self, name, value) -> None:
        self.notes[name] = value


@pytest.fixture
def sweep(monkeypatch):
    """Runs the sweep of a plan; `ran` are the sweeps that were really begun."""
    told = SimpleNamespace(ran=[], piece="KEY", during=None, writer=Writer())

    class Live:
        def __init__(self, *how) -> None:
            self.how = how

        def run(self, keep, tell) -> None:
            told.ran.append(self.how)
            if isinstance(told.during, Exception):
                raise told.during
            for one in told.during or ():
                keep(one)

    monkeypatch.setattr(sweeping, "_Live", Live)
    monkeypatch.setattr(sweeping, "_piece_at", lambda url: told.piece)

    def go(plan, survey=MODEM):
        addresses = [parse_address("R58M12ABCDE"), parse_address(PORT)]
        return sweeping._swept(survey, Target("d", (PORT,), sweep=plan), addresses, told.writer, None)

    told.go = go
    return told


def words(exchanges) -> str:
    return "\n".join(one.text for one in exchanges)


def test_the_earlier_part_comes_first_and_the_piece_stays_known(sweep):
    sweep.during = [Exchange("new", b"3")]
    kept = sweep.go(replace(PLAN, earlier=EARLIER))
    assert [one.response for one in kept] == [b"1", b"2", b"3"]
    assert sweep.writer.kept == kept
    assert sweep.writer.notes == {SWEPT_PIECE: "KEY"}
    assert sweep.ran[0][2] == PORT


def test_where_nothing_is_left_to_try_nothing_is_run(sweep):
    kept = sweep.go(replace(PLAN, bands=(), earlier=EARLIER))
    assert [one.response for one in kept] == [b"1", b"2"]
    assert sweep.ran == []


@pytest.mark.parametrize(
    ("earlier", "piece", "why"),
    [
        (EARLIER, "OTHER", "of another piece"),
        (EARLIER, "", "of another piece"),
        (replace(EARLIER, piece=""), "", "of another piece"),
        (replace(EARLIER, firmware="G"), "KEY", "of firmware G, this is F"),
        (replace(EARLIER, firmware=""), "KEY", "of firmware unknown, this is F"),
        (replace(EARLIER, cards=frozenset({"310410", "26202"})), "KEY", "a SIM of 26202, 310410, this is one of 26201"),
        (replace(EARLIER, cards=frozenset()), "KEY", "a SIM of no known network, this is one of 26201"),
    ],
)
def test_on_another_piece_firmware_or_card_it_does_not_go_on(sweep, earlier, piece, why):
    sweep.piece = piece
    (mark,) = sweep.go(replace(PLAN, earlier=earlier))
    assert why in mark.text
    assert "refused" in mark.text
    assert sweep.ran == []


def test_a_trouble_of_the_reading_refuses_whatever_the_plan_says(sweep):
    (mark,) = sweep.go(PLAN, replace(MODEM, trouble="it went away"))
    assert "could not be read: it went away" in mark.text
    (mark,) = sweep.go(replace(PLAN, refused="not allowed"))
    assert "lte 3 refused: not allowed" in mark.text
    # What the device has not is not refused for that.
    assert mark.text.count("refused") == 1
    assert "opened by --sweep" in mark.text


def test_the_piece_is_noted_as_its_imei_is_asked(sweep):
    sweep.during = [Exchange(IDENTITY, f"\r\n{IMEI}\r\n\r\nOK\r\n".encode()), Exchange("x", IMEI.encode())]
    sweep.go(PLAN)
    assert sweep.writer.notes == ({SWEPT_PIECE: sample_key(IMEI)} if sample_key(IMEI) else {})
    sweep.writer.notes.clear()
    sweep.during = [Exchange(IDENTITY, b"\r\nERROR\r\n"), Exchange("x", f"\r\n{IMEI}\r\n\r\nOK\r\n".encode())]
    sweep.go(PLAN)
    assert sweep.writer.notes == {}


def test_a_trouble_under_way_is_kept_behind_what_came(sweep):
    sweep.during = StateError(f"{PORT} could not be changed")
    kept = sweep.go(PLAN)
    assert len(kept) == 1
    assert "could not be changed" in words(kept)


def test_the_networks_of_cards_are_those_that_are_told():
    facts = (Sim(plmn="26201"), Sim(imsi_prefix="310410"), Sim(plmn="26202", imsi_prefix="26203"), Sim(state="absent"))
    assert cards_of(replace(MODEM, observations=facts)) == {"26201", "310410", "26202"}


class Port:
    def __init__(self, answer=f"\r\n{IMEI}\r\n\r\nOK\r\n".encode()) -> None:  # noqa: B008
        self.answer = answer
        self.closed = 0
        self.learned: list[object] = []

    def ask(self, command, *, deadline_s):
        assert 0 < deadline_s - time.monotonic() <= sweeping.OPEN_S
        if isinstance(self.answer, Exception):
            raise self.answer
        return Exchange(command, self.answer)

    def learn_records(self, records) -> None:
        self.learned.append(records)

    def close(self) -> None:
        self.closed += 1

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.close()


@pytest.mark.parametrize(
    ("answer", "told"), [(Port().answer, True), (b"\r\nERROR\r\n", False), (DeviceGone("x"), False)]
)
def test_the_piece_behind_a_port(monkeypatch, answer, told):
    port = Port(answer)
    how = {}
    monkeypatch.setattr(at_port, "open_at", lambda url, **given: how.update(given) or port)
    assert sweeping._piece_at(PORT) == ((sample_key(IMEI) or "") if told else "")
    assert port.closed == 1
    assert 0 < how["deadline_s"] - time.monotonic() <= sweeping.OPEN_S
    assert "allow_changes" not in how


def test_a_modem_that_restarted_is_found_again_and_its_records_learned(monkeypatch):
    before, after = Port(), Port()
    link = SimpleNamespace(port=before)
    asked = []

    def reopened(url, key, *, until_s):
        asked.append((url, key, round(until_s - time.monotonic())))
        return after

    monkeypatch.setattr(modem_finding, "reopened", reopened)
    found_again(link, PORT, "records", "KEY")
    assert asked == [(PORT, "KEY", round(sweeping.RETURN_S))]
    assert (link.port, before.closed, after.learned) == (after, 1, ["records"])
    monkeypatch.setattr(modem_finding, "reopened", lambda *_, **__: None)
    with pytest.raises(DeviceAbsent, match="within 60 s"):
        found_again(link, PORT, "records", "KEY")


@pytest.fixture
def live(monkeypatch):
    """A live sweep whose port and runner are seen; `held` while it runs."""
    told = SimpleNamespace(port=Port(), orders=[], held=0, during=0, error=None)

    @contextmanager
    def inhibited(url):
        told.held += 1
        yield (("held", 7),)
        told.held -= 1

    class Sweep:
        def __init__(self, *how, **more) -> None:
            told.orders.append(how[4])
            told.more = more

        def run(self) -> None:
            told.during = told.held
            if told.error:
                raise told.error

    monkeypatch.setattr(at_port, "open_at", lambda url, **how: told.port)
    monkeypatch.setattr(inhibiting, "inhibited", inhibited)
    monkeypatch.setattr(runner, "Sweep", Sweep)
    return told


def run_live(plan=PLAN, survey=MODEM):
    addresses = [parse_address(PORT)]
    return sweeping._swept(survey, Target("d", (PORT,), sweep=plan), addresses, Writer(), None)


def test_a_live_sweep_holds_the_manager_off_and_lets_go_of_the_port(live):
    kept = run_live(replace(PLAN, settle_s=7.0, wait_s=9.0))
    (order,) = live.orders
    assert live.during == 1
    assert live.port.closed == 1
    assert live.port.learned
    assert [(one.rat, one.band, one.plan) for one in order.bands] == [("lte", 3, "tried"), ("lte", 7, "not_applicable")]
    assert (order.settle_s, order.wait_s, order.firmware, order.reached) == (7.0, 9.0, "F", PORT)
    assert order.holds == (("held", 7),)
    assert "lte 3 tried" in kept[0].text
    assert "refused" not in kept[0].text


def test_bands_that_none_of_them_can_be_tried_change_nothing(live):
    kept = run_live(replace(PLAN, bands=(SweepBand("lte", 7),)))
    assert live.orders == []
    assert live.held == 0
    assert live.port.closed == 1
    assert len(kept) == 1


def test_a_sweep_that_fails_lets_go_of_the_port_too(live):
    live.error = DeviceGone("it went away")
    assert "it went away" in words(run_live())
    assert live.port.closed == 1
