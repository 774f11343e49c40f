"""Locks in force: what a device was pinned to stands beside what it is attached on."""

from __future__ import annotations

import pytest
from verdict_cases import IN_SERVICE, attach, band, cell, handset, listed, modem, selected, verdict

from harness.binding.locks import locks_in_force
from harness.observations import CellLock, EnabledBands, Grade, NetworkMode
from harness.reports.document.devices import device_entry
from harness.requirements.bound import Bound

ATTACH = attach()
CELL_LOCK = CellLock(rat="lte", locked=True, arfcns=(5110,), pcis=(214,))
LTE_ONLY = NetworkMode(rats=("lte",))


def outcome(*facts, number=12, arfcn=5110, of=handset):
    found = verdict(of(*IN_SERVICE, cell(number, arfcn), *facts), ATTACH, selected(ATTACH, band(13)))
    return found.outcome.name, found.reason


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        (CELL_LOCK, "pinned to LTE EARFCN 5110, PCI 214"),
        (CellLock(rat="lte", locked=True, arfcns=(5110, 900)), "EARFCN 5110 900"),
        (CellLock(locked=True), "pinned to cells that it does not name"),
        (LTE_ONLY, "only LTE is allowed on the device"),
        (NetworkMode(slot=0, rats=("lte",)), "only LTE is allowed"),
    ],
)
def test_a_lock_in_force_qualifies_what_is_attached(lock, words):
    word, reason = outcome(lock)
    assert (word, words in reason) == ("PASS_NOTE", True), reason
    word, reason = outcome(lock, number=13, arfcn=5230)
    assert (word, words in reason) == ("INCONC", True), reason
    assert any(words in told for told in locks_in_force(handset(lock)))


@pytest.mark.parametrize(
    "lock",
    [
        CellLock(rat="lte", locked=False),
        CellLock(rat="nr", locked=True, arfcns=(125000,)),
        NetworkMode(rats=("nr", "lte", "umts", "gsm")),
        NetworkMode(rats=("lte",), grade=Grade.DECLARED),
        NetworkMode(rats=None, raw="?"),
    ],
)
def test_what_is_no_lock_on_the_cells_technology_qualifies_nothing(lock):
    assert outcome(lock)[0] == "PASS"
    assert outcome(lock, number=13, arfcn=5230)[0] == "FAIL"


def test_a_mode_of_the_other_slot_pins_nothing():
    from verdict_cases import registered, sim

    told = (sim(slot=0), registered(slot=0), cell(slot=0), NetworkMode(slot=1, rats=("lte",)))
    assert verdict(handset(*told), ATTACH).outcome.name == "PASS"


def test_a_modem_of_one_technology_has_no_other_to_choose():
    assert outcome(LTE_ONLY, listed(12), of=modem)[0] == "PASS"
    assert outcome(LTE_ONLY, listed(12), listed(2, rat="umts"), of=modem)[0] == "PASS_NOTE"


def test_the_report_shows_locks_and_names_a_band_that_is_attached_and_not_enabled():
    told = handset(*IN_SERVICE, cell(), CELL_LOCK, EnabledBands(rat="lte", bands=(2, 4)))
    entry = device_entry(Bound.of(told))
    assert entry.locks == ("the modem is pinned to LTE EARFCN 5110, PCI 214",)
    assert any("enabled and attached" in one.about for one in entry.disagreements)
    fine = device_entry(Bound.of(handset(*IN_SERVICE, cell(), EnabledBands(rat="lte", bands=(2, 12)))))
    assert not any("attached" in one.about for one in fine.disagreements)


DOUBTED = CellLock(locked=False, trusted=False)


def test_a_no_that_is_also_said_while_a_lock_holds_is_no_no():
    word, reason = outcome(DOUBTED)
    assert (word, "also while one is" in reason) == ("PASS_NOTE", True), reason
    word, reason = outcome(DOUBTED, number=13, arfcn=5230)
    assert (word, reason.endswith("take the lock off and read again")) == ("INCONC", True), reason


@pytest.mark.parametrize(
    ("locks", "word", "told"),
    [
        ((CellLock(locked=False), DOUBTED), "PASS", False),
        ((CellLock(rat="lte", locked=False), DOUBTED), "PASS", False),
        ((CellLock(rat="nr", locked=False), DOUBTED), "PASS_NOTE", True),
        ((CELL_LOCK, DOUBTED), "PASS_NOTE", False),
        ((CellLock(rat="nr", locked=False, trusted=False),), "PASS", False),
    ],
)
def test_another_answer_of_the_same_technology_settles_it(locks, word, told):
    found, reason = outcome(*locks)
    assert (found, "also while one is" in reason) == (word, told), reason
