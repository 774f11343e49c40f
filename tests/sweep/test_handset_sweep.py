"""A handset held to a technology: what passes, what stays open, and that nothing passes which was not seen."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from swept_handset import FIRMWARE, hold, radio_of

from harness.errors import DeviceGone, LinkError
from harness.probes.adb.state import AIRPLANE_MODE, NETWORK_TYPES
from harness.recording.exchange import Exchange
from harness.requirements.held import HeldRule, verdict_of_holding
from harness.requirements.outcomes import Outcome
from harness.simulation.handset.radio import ALLOWED, HandsetQuirks
from harness.simulation.radio.clock import SimulatedClock
from harness.state.journal import left_over
from harness.sweep.handset.reading_back import read_held
from harness.trial_facts import RatTrial

SET = "cmd phone set-allowed-network-types-for-users -s 0 "


def told(found, rat="lte"):
    return found.outcome(rat), found.reason(rat)


def test_a_new_registration_on_what_it_is_held_to_passes_and_all_is_back():
    found = hold()
    assert [found.outcome(rat) for rat in ("lte", "nr")] == ["PASS", "PASS"]
    assert "attached anew on LTE, B2, EARFCN 899" in found.reason("lte")
    assert "attached anew on NR, n71" in found.reason("nr")
    assert found.is_back
    assert found.blocked == []
    assert all(one.is_back for one in found.compared.values())
    # What was allowed beside was left alone while it was held, and nothing more was ever allowed.
    masks = {one.request.removeprefix(SET) for one in found.exchanges if one.request.startswith(SET)}
    assert masks == {"01000001000000000000", "10000000000000000000", f"{ALLOWED:020b}"}


def test_a_cell_that_it_may_keep_is_left_by_airplane_mode():
    found = hold(on_air=("2",), rats=("lte",))
    assert found.outcome("lte") == "PASS"
    switched = [one.request for one in found.exchanges if "airplane-mode " in one.request]
    assert switched == [AIRPLANE_MODE.write["on"], AIRPLANE_MODE.write["off"]]
    assert found.is_back


def test_without_a_cable_airplane_mode_is_not_switched_and_a_kept_cell_proves_nothing():
    found = hold(on_air=("2",), rats=("lte",), no_cycle="no cable")
    outcome, reason = told(found)
    assert outcome == "INCONC"
    assert "never left its cell" in reason
    assert not any(one.request in AIRPLANE_MODE.write.values() for one in found.exchanges)


OPEN = {
    "refuses": ({"refuses": True}, "refused the network types"),
    "ignores": ({"ignores": True}, "accepted, and its network types read otherwise"),
    "another mask": ({"other_mask": True}, "read otherwise"),
    "not in force": ({"not_in_force": True}, "it is served on NR, n71"),
    "keeps its cell": ({"kept_cell": True}, "never left its cell"),
    "no table": ({"no_table": True}, "cannot be read raw"),
    "stays in airplane mode": ({"stays_in_airplane": True, "not_in_force": True}, ""),
    "nr beside": ({"nr_beside": True}, "NR serves beside it"),
    "springs back": ({"springs_back_after_s": 0.2}, ""),
    "springs back behind the attach": ({"springs_back_after_s": 1.3}, ""),
}


@pytest.mark.parametrize(("quirks", "words"), OPEN.values(), ids=OPEN)
def test_what_is_not_shown_stays_open(quirks, words):
    found = hold(rats=("lte",), quirks=quirks)
    outcome, reason = told(found)
    assert outcome == "INCONC", reason
    assert words in reason
    assert found.radio.allowed == ALLOWED
    # Whether it is back is told as it is.
    assert found.is_back or found.blocked or any(not one.is_back for one in found.compared.values())


def test_of_a_shell_that_may_not_read_nothing_is_changed():
    found = hold(quirks={"no_table": True})
    assert not any(one.request.startswith(SET) or "airplane-mode " in one.request for one in found.exchanges)
    assert "nothing is changed" in found.reason("nr")


def test_what_another_reason_forbids_is_not_left_alone():
    found = hold(quirks={"carrier_forbids_nr": True})
    outcome, reason = told(found, "nr")
    assert outcome == "INCONC"
    assert "another reason than its user" in reason
    assert not any(one.request == f"{SET}10000000000000000000" for one in found.exchanges)
    assert found.is_back


def test_what_its_user_does_not_allow_is_not_allowed():
    clock = SimulatedClock()
    radio = radio_of(("2", "n71"), clock=clock, allowed=ALLOWED & ~(1 << 19))
    found = hold(radio=radio, clock=clock)
    assert "do not have NR among them" in found.reason("nr")
    assert found.outcome("lte") == "PASS"
    assert found.is_back


def test_no_attach_fails_nothing_for_nobody_else_saw_a_cell():
    found = hold(on_air=("2",), rats=("nr",))
    outcome, reason = told(found, "nr")
    assert outcome == "INCONC"
    assert "no attach in 61 s" in reason
    assert found.is_back


def test_a_denial_is_told_with_its_cause_and_fails_nothing():
    clock = SimulatedClock()
    radio = radio_of(("2", "n71"), clock=clock)
    radio.air.cells[0] = type(radio.air.cells[0])("lte", 2, 899, reject=6)
    found = hold(radio=radio, clock=clock, rats=("lte",))
    outcome, reason = told(found)
    assert outcome == "INCONC"
    assert "denied, cause 6" in reason


def test_without_a_registration_before_nothing_is_changed():
    found = hold(on_air=())
    assert {found.outcome(rat) for rat in found.trials} == {"INCONC"}
    assert not any(one.request.startswith(SET) for one in found.exchanges)


def test_with_airplane_mode_on_nothing_is_changed():
    def fly(radio):
        radio.airplane = True

    found = hold(setup=fly)
    assert "airplane mode is on" in found.reason("lte")
    assert found.radio.airplane
    assert not any(one.request.startswith(SET) for one in found.exchanges)


@pytest.mark.parametrize(
    ("quirks", "outcome", "validated"),
    [
        ({}, "PASS", True),
        ({"never_validated": True}, "PASS_NOTE", False),
        ({"lingers": True}, "PASS_NOTE", False),
        ({"no_probes": True}, "PASS_NOTE", False),
    ],
)
def test_androids_own_word_counts_for_a_new_network_alone(quirks, outcome, validated):
    found = hold(rats=("lte",), quirks=quirks, data=True)
    assert found.outcome("lte") == outcome
    assert found.trials["lte"].validated is validated
    assert ("Android validated its data" in found.reason("lte")) == bool(validated)


def test_nothing_is_said_of_data_where_it_was_not_asked_for():
    found = hold(rats=("lte",))
    assert found.trials["lte"].validated is None
    assert not any(one.request == "dumpsys connectivity" for one in found.exchanges)


def test_a_person_who_stops_it_finds_everything_put_back():
    asked = []

    def stop(words):
        asked.append(words)
        if sum(one.startswith(SET) for one in asked):
            raise LinkError("stopped")

    found = hold(tell=stop)
    assert found.is_back
    assert found.outcome("lte") == "INCONC"


def test_a_lost_answer_to_the_write_is_put_back(tmp_path):
    found = hold(rats=("lte",), lost=(f"{SET}01000001000000000000",), journals=tmp_path)
    assert found.outcome("lte") == "INCONC"
    assert found.is_back
    assert left_over(tmp_path) == ()


def test_a_handset_that_stays_away_leaves_its_journal(tmp_path):
    gone = []

    def strike(command):
        if gone or command.startswith(SET):
            gone.append(command)
            raise DeviceGone("it went away")

    found = hold(rats=("lte",), strike=strike, journals=tmp_path)
    assert found.blocked
    (left,) = left_over(tmp_path)
    assert [one.item for one in left.page.open] == ["network_types_0"]


def test_somebody_elses_word_meanwhile_is_not_overwritten(tmp_path):
    clock = SimulatedClock()
    radio = radio_of(("2", "n71"), clock=clock)

    def strike(command):
        if command == "dumpsys telephony.registry" and radio.allowed != ALLOWED:
            radio.allowed = 0b11

    found = hold(radio=radio, clock=clock, rats=("lte",), strike=strike, journals=tmp_path)
    assert found.outcome("lte") == "INCONC"
    assert radio.allowed == 0b11
    assert "somebody else changed it" in found.blocked[0]
    assert len(left_over(tmp_path)) == 1


def test_a_written_value_that_comes_back_late_is_put_back_again():
    clock = SimulatedClock()
    radio = radio_of(("2", "n71"), clock=clock)
    back = []

    def strike(command):
        if command == f"{SET}{ALLOWED:020b}":
            back.append(command)
        if (
            len(back) == 1
            and command == NETWORK_TYPES[0].read
            and radio.allowed == ALLOWED
            and clock.monotonic() > 1060
        ):
            radio.allowed = 0b1000001000000000000

    found = hold(radio=radio, clock=clock, rats=("lte",), strike=strike)
    assert len(back) == 2
    assert found.is_back


def test_every_answer_that_is_cut_or_late_passes_nothing():
    whole = hold(rats=("lte",)).exchanges
    assert read_held(whole).observations[0].fresh
    lost = 0
    for place, one in enumerate(whole):
        # Each answer of the device in turn is not there, or is cut: what is left never tells more than all of it.
        for other in (
            None,
            Exchange(one.request, one.response[: len(one.response) // 2], at=one.at, number=one.number),
        ):
            if one.request.startswith("sweep"):
                continue
            kept = [*whole[:place], *([other] if other is not None else []), *whole[place + 1 :]]
            (trial,) = [x for x in read_held(kept).observations if isinstance(x, RatTrial)]
            outcome = verdict_of_holding(trial).outcome
            assert outcome in {Outcome.PASS, Outcome.INCONC}
            lost += outcome is Outcome.INCONC
    assert lost > 4


def test_the_requirement_says_what_it_asks():
    rule = HeldRule(id="X", level="mandatory", rat="nr")
    assert rule.asks() == "held to NR, it attaches on it"
    assert rule.particulars() == {"rat": "nr"}
    assert list(rule.faults(None)) == []


def test_what_the_firmware_was_stands_in_the_journal(tmp_path):
    def strike(command):
        if command == f"{SET}{ALLOWED:020b}":
            raise DeviceGone("it went away")

    hold(rats=("lte",), strike=strike, journals=tmp_path)
    (left,) = left_over(tmp_path)
    assert left.page.firmware == FIRMWARE
    assert Path(left.path).stat().st_mode & 0o777 == 0o600


NOT_HELD = {"refuses", "ignores", "other_mask", "kept_cell", "no_table"}
FLAWS = [one.name for one in fields(HandsetQuirks) if one.default is False]


@pytest.mark.parametrize("first", FLAWS)
def test_of_two_flaws_at_once_none_makes_a_pass_that_was_not_there(first):
    passed = 0
    for second in [None, *FLAWS]:
        for no_cycle in ("", "no cable"):
            clock = SimulatedClock()
            quirks = {first: True} | ({second: True} if second else {})
            radio = radio_of(("2", "n71"), quirks, clock)
            since: dict[str, int] = {}

            def note(command, radio=radio, since=since):
                if command.startswith(SET):
                    since[command.removeprefix(SET)] = len(radio.attached)

            found = hold(radio=radio, clock=clock, strike=note, no_cycle=no_cycle, wait_s=5.0, settle_s=1.0, data=True)
            for rat, mask in (("lte", "01000001000000000000"), ("nr", "10000000000000000000")):
                if not found.outcome(rat).startswith("PASS"):
                    continue
                passed += 1
                truly = {one.rat for one in radio.attached[since[mask] :][:1]}
                told_ = (quirks, no_cycle, rat, found.reason(rat))
                assert truly == {rat}, told_
                # Where the types are not in force it may be on this technology all the same: then it did attach on it.
                assert not set(quirks) & NOT_HELD, told_
                assert not (rat == "lte" and "nr_beside" in quirks), told_
                if found.trials[rat].validated:
                    assert not set(quirks) & {"never_validated", "lingers", "no_probes"}, told_
            # Whatever it did: it is as it was, or that is told.
            differ = any(not one.is_back for one in found.compared.values())
            assert found.is_back or found.blocked or differ, (quirks, no_cycle)
    assert passed or first in NOT_HELD
