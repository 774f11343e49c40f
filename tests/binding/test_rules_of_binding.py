"""The small rules of binding as tables: whose slot, which day, when two names or two builds are of one device."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from verdict_cases import OTHER, OWN, cell, handset, listed, modem, registered, selected, sim

from harness.binding import links
from harness.binding.binding import bind, told_without, warnings_of
from harness.binding.day import announced, ended
from harness.binding.locks import is_pinned, locks_in_force
from harness.binding.sims import sims_in
from harness.binding.slot import Slots, of_the_slots, same_slot
from harness.binding.unread import unread
from harness.observations import CellLock, Identity, NetworkMode, Source, Unread

CARRIER = selected().carrier


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(0, 0, True), (0, 1, False), (None, 1, True), (1, None, True), (None, None, True)],
)
def test_two_slots(one, other, same):
    assert same_slot(one, other) is same


@pytest.mark.parametrize(
    ("told", "anywhere", "slot", "holds"),
    [
        ({0}, False, 0, True),
        ({0}, False, 1, False),
        ({0}, False, None, True),
        (set(), False, 0, False),
        (set(), True, 1, True),
        (set(), False, None, True),
    ],
)
def test_whose_slot(told, anywhere, slot, holds):
    assert Slots(frozenset(told), anywhere).hold(slot) is holds


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ("", ""),
        ("a0", "a0"),
        ("a-", "a-"),
        ("a1", ""),
        ("a0 a-", "a0"),
        ("a0 b-", None),
        ("a0 b0 a-", "a0 b0"),
        ("a0 a1 b-", None),
        ("a1 b-", "b-"),
        ("a0 b1", "a0"),
    ],
)
def test_what_names_the_slot_beats_what_names_none(items, found):
    told = [SimpleNamespace(says=word[0], slot=None if word[1] == "-" else int(word[1])) for word in items.split()]
    chosen = of_the_slots(told, Slots(frozenset({0})), lambda one: one.says)
    words = None if chosen is None else " ".join(f"{o.says}{'-' if o.slot is None else o.slot}" for o in chosen)
    assert words == found


@pytest.mark.parametrize(
    ("what", "rat", "found"),
    [
        ("supported", None, ("A", "B", "C")),
        ("supported", "lte", ("A", "C")),
        ("supported", "nr_sa", ("B", "C")),
        ("supported", "nr", ("B", "C")),
        ("supported", "umts", ("C",)),
        ("enabled", None, ("D",)),
        ("serving", None, ()),
    ],
)
def test_what_was_asked_and_not_told(what, rat, found):
    lost = [("supported", "lte", "A"), ("supported", "nr", "B"), ("supported", None, "C"), ("enabled", "lte", "D")]
    lost.append(("supported", None, "C"))
    survey = handset(*(Unread(what=one, rat=of, request=request, why="late") for one, of, request in lost))
    assert unread(survey, what, rat) == found


@pytest.mark.parametrize(
    ("off", "successor", "words"),
    [
        (False, None, ""),
        (False, "us/att", ""),
        (True, None, "ended 2022-06-30"),
        (True, "us/att", "ended 2022-06-30, its customers went to us/att"),
    ],
)
def test_a_network_that_ended(off, successor, words):
    carrier = SimpleNamespace(ended="2022-06-30", successor=successor)
    assert ended(SimpleNamespace(carrier=carrier, ended=lambda: off)) == words


@pytest.mark.parametrize(
    ("asked", "today", "is_announced"),
    [
        (date(2030, 1, 2), date(2030, 1, 1), True),
        (date(2030, 1, 1), date(2030, 1, 1), False),
        (date(2029, 1, 1), date(2030, 1, 1), False),
        (date(2030, 1, 2), None, False),
    ],
)
def test_a_day_that_has_not_come(asked, today, is_announced):
    words = announced(SimpleNamespace(asked=asked), today)
    assert words == ("judged for 2030-01-02 by what is announced until 2030-01-01" if is_announced else "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Quectel", "Quectel Wireless Solutions", True),
        ("Xiaomi", "xiaomi", True),
        ("Xiaomi", "Samsung", False),
        ("Telit", "TELIT-Cinterion", True),
    ],
)
def test_one_maker(one, other, same):
    assert links._same_maker(one, other) is links._same_maker(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EC25", "ec-25", True),
        ("SM-G991U", "SM-G991U1", False),
        ("Quectel EC25", "EC25", True),
        ("EC25 (Mini PCIe)", "EC25", True),
        ("EC25", "EC21", False),
        ("Mi MIX 2", "MIX", True),
        ("Mi MIX 2", "Mi MIX 3", False),
    ],
)
def test_one_model(one, other, same):
    assert links._same_model(one, other) is links._same_model(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("SM-G991U", "SM-G991B", True),
        ("SM-G991U", "SM-G991U1", True),
        ("SM-G991U", "Galaxy S21", False),
        ("MDE5", "MCE16", True),
        ("2015211", "MDE5", False),
        ("Mi MIX 2", "Mi Note 3", True),
        ("EC25", "RM500Q-GL", False),
    ],
)
def test_names_of_one_form(one, other, same):
    assert links._same_form(one, other) is links._same_form(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EC25EFAR06A06M4G", "EC25EFAR06A06M4G_01.200", True),
        ("MPSS.AT.4.0.c2.6-00335", "4.0.c2.6-00335", True),
        ("4.0.c2.6-00335", "MPSS.AT.4.0.c2.6-00335-X", True),
        ("4.0.c2.6-00335", "MPSS.AT.4.0.c2.6-00336-X", False),
        ("EC25EFAR06A06M4G", "EC25EFAR06A07M4G", False),
        ("A/V12.3.4", "B V12.3.4", True),
        ("A/V12.3.4", "B V12.3.5", False),
    ],
)
def test_one_firmware(one, other, same):
    assert links._same_firmware(one, other) is links._same_firmware(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EC25EFAR06A06M4G", "EC25EFAR06A07M4G", True),
        ("EC25EFAR06", "RM500QGL", False),
        ("4.0.2-1", "4.0.3-9", True),
        ("4.0.2-1", "X4", False),
    ],
)
def test_builds_of_one_family(one, other, same):
    assert links._same_family(one, other) is same


@pytest.mark.parametrize(
    ("handset_at", "port_at", "same"),
    [
        ("usb:1-2", "1-2:1.3", True),
        ("usb:1-2", "1-2.1:1.3", False),
        ("usb:1-2", "1-3:1.3", False),
        ("usb:1-2", None, None),
        ("usb:1-2", "", None),
        ("192.168.1.7:5555", "1-2:1.3", None),
    ],
)
def test_one_place_on_usb(handset_at, port_at, same):
    assert links.same_usb_device(handset_at, port_at) is same


def fact(link, **more):
    return Identity(**more, source=Source(link=link, exchange=0))


def test_links_by_their_order_and_what_was_told_over_each():
    survey = modem(fact("qmi", model="A"), fact("at", model="A"), fact("adb", model="A"))
    assert links.links_of(survey) == ("adb", "at", "qmi")
    assert links.links_of(handset()) == ()
    assert links.is_told_over(fact("at"), frozenset({"at"}))
    assert not links.is_told_over(fact("at"), frozenset({"qmi"}))
    assert not links.is_told_over(Identity(model="A"), frozenset({"at"}))
    assert told_without(survey, frozenset()) is survey
    assert [item.source.link for item in told_without(survey, frozenset({"at"})).observations] == ["qmi", "adb"]


def test_bonds_in_words():
    bond = links.Bond(("adb", "at"), "contradicted", (), "the model is A over ADB, B over AT")
    assert str(bond) == "ADB and AT are of two devices: the model is A over ADB, B over AT"
    assert str(links.Bond(("adb", "qmi"), "bound", ("a", "b"))) == "ADB and QMI: bound by a, b"
    assert "the user's word alone" in str(links.Bond(("adb", "uecap"), "unbound"))
    held = links.LinksHeld((bond,), frozenset({"at"}), frozenset({"uecap"}), "a.hex")
    assert (held.why("at"), held.why("qmi"), held.remarks) == (str(bond), "", (str(bond),))
    assert held.loose(["uecap"]) == "that a.hex is of this device is known by the user's word alone"
    assert held.loose(["qmi", "at"]) == "that QMI and AT are of this device is known by the user's word alone"
    assert links.LinksHeld((links.Bond(("adb", "at"), "bound", ("a",)),)).remarks == ()


@pytest.mark.parametrize(
    ("sims", "standing", "slots"),
    [
        ([], "not_told", None),
        ([sim(slot=0)], "in", {0}),
        ([sim(state="loaded", slot=0)], "in", {0}),
        ([sim(slot=0), sim(slot=1)], "in", {0, 1}),
        ([sim(slot=0), sim(OTHER, slot=1)], "in", {0}),
        ([sim(OTHER, slot=0)], "other", None),
        ([sim(OTHER, slot=0), sim(OTHER, slot=1)], "other", None),
        ([sim(state="absent", slot=0)], "none", None),
        ([sim(None, state="absent", slot=0), sim(OTHER, slot=1)], "other", None),
        ([sim(None, slot=0)], "not_told", None),
        ([sim(OTHER, slot=0), sim(None, slot=1)], "not_told", None),
        ([sim(state="pin_required", slot=0)], "not_ready", None),
        ([sim(state=None, slot=0)], "not_ready", None),
        ([sim(state="pin_required", slot=0), sim(slot=1)], "in", {1}),
        ([sim(OWN, slot=0), sim(OTHER, slot=0)], "not_told", None),
        ([sim("26201", slot=0), sim(OTHER, slot=0)], "other", None),
    ],
)
def test_how_the_sims_stand_to_a_carrier(sims, standing, slots):
    found = sims_in(handset(*sims)).of(CARRIER)
    assert found.standing == standing
    assert (found.is_in, found.not_applicable) == (standing == "in", standing in {"none", "other"})
    assert found.slots.told == frozenset(slots or ())
    assert bool(found.sims) is (standing == "in")
    assert bool(found.why) is (standing != "in")


@pytest.mark.parametrize(
    ("lock", "shown", "pins"),
    [
        (CellLock(locked=False), (), False),
        (CellLock(locked=True), ("the modem is pinned to cells that it does not name",), True),
        (CellLock(rat="lte", locked=True, pcis=(214,)), ("the modem is pinned to LTE PCI 214",), True),
        (
            CellLock(rat="nr_sa", locked=True, arfcns=(126490,)),
            ("the modem is pinned to NR SA NR-ARFCN 126490",),
            False,
        ),
        (CellLock(rat="lte", locked=True, arfcns=(900,)), ("the modem is pinned to LTE EARFCN 900",), False),
        (CellLock(rat="lte", locked=True, arfcns=(900, 5110)), ("the modem is pinned to LTE EARFCN 900 5110",), True),
        (NetworkMode(rats=("nr_sa", "nr_nsa")), ("only NR is allowed on the device",), False),
        (NetworkMode(rats=()), (), False),
    ],
)
def test_locks_in_words_and_whether_they_pin_a_cell(lock, shown, pins):
    survey = handset(lock, cell())
    assert locks_in_force(survey) == shown
    assert is_pinned(survey, cell()) is pins


def test_an_nr_cell_proves_the_mode_in_which_it_is_primary():
    facts = (sim(slot=0), registered(slot=0, domain="5gs"))
    primary = cell(71, 126490, rat="nr_sa", slot=0)
    second = cell(71, 126490, rat="nr", role="pscell", active=True, registered=None, slot=0)
    alone, beside = bind(handset(*facts, primary)), bind(handset(*facts, second))
    assert alone.attached_on("nr_sa", 71)
    assert alone.attached_on("nr", 71)
    assert not alone.attached_on("nr_nsa", 71)
    assert beside.attached_on("nr_nsa", 71)
    assert not beside.attached_on("nr_sa", 71)
    assert not alone.attached_on("nr", 41)
    assert not alone.attached_on("lte", 71)


def test_what_the_user_should_know_comes_in_order():
    survey = modem(listed(12), sim(OTHER), expected_sim=OWN, warnings=("own",))
    remark, own = warnings_of(survey)
    assert (own, "expects the SIM of 310410" in remark) == ("own", True)
    assert warnings_of(modem(listed(12), sim(OWN), expected_sim=OWN)) == ()
