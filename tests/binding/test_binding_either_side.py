"""Whose SIM, whose link, which cell: what sorts before and behind, what is just long enough, and what is neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from verdict_cases import OTHER, OWN, cell, handset, listed, modem, registered, selected, sim

from harness.binding import links
from harness.binding.links import Bond, LinksHeld, hold_links
from harness.binding.locks import is_pinned, lock_on, locks_in_force, unsure_of_lock
from harness.binding.sims import _disputes, _may_be, sims_in
from harness.observations import CellLock, Grade, Identity, NetworkMode, Sim, Source
from harness.recording.exchange import Exchange
from harness.survey.survey import Survey

CARRIER = selected().carrier


def over(link: str, *facts: Any) -> tuple[Any, ...]:
    return tuple(replace(fact, source=Source(request=f"ask {link}", link=link, exchange=0)) for fact in facts)


def two(one: dict[str, Any], other: dict[str, Any], pair: tuple[str, str] = ("adb", "at"), **more: Any) -> Survey:
    facts = over(pair[0], Identity(**one)) + over(pair[1], Identity(**other))
    return Survey("d", "a", "handset", facts, **more)


# Links


@pytest.mark.parametrize(
    ("one", "other", "pair", "standing"),
    [
        # A chip's maker and model over AT say nothing of the handset; over adb they are the device's own.
        ({"manufacturer": "Xiaomi"}, {"manufacturer": "Qualcomm"}, ("adb", "at"), "unbound"),
        ({"manufacturer": "Qualcomm"}, {"manufacturer": "Xiaomi"}, ("adb", "at"), "contradicted"),
        ({"model": "X1A"}, {"manufacturer": "Qualcomm", "model": "X1A"}, ("adb", "at"), "unbound"),
        ({"manufacturer": "Qualcomm", "model": "X1A"}, {"model": "X1A"}, ("adb", "at"), "bound"),
        ({"manufacturer": "Quectel"}, {"manufacturer": "Quectel Wireless"}, ("at", "qmi"), "unbound"),
        # Firmware: six signs at least, of builds over AT and not of a handset's.
        ({"baseband": "AB12.3"}, {"baseband": "AB12.3"}, ("at", "qmi"), "unbound"),
        ({"baseband": "AB12.34"}, {"baseband": "AB12.34"}, ("at", "qmi"), "bound"),
        ({"baseband": "AB12.345"}, {"baseband": "AB12.345"}, ("at", "qmi"), "bound"),
        ({"build": "AB12.345"}, {"baseband": "AB12.345"}, ("at", "qmi"), "bound"),
        ({"build": "AB12.345"}, {"baseband": "AB12.345"}, ("adb", "at"), "unbound"),
        ({"baseband": "AB12.345"}, {"build": "AB12.345"}, ("adb", "at"), "bound"),
        # Models of two forms: over adb a marketing name denies no number.
        ({"model": "SM-G991U"}, {"model": "Galaxy S21"}, ("adb", "at"), "unbound"),
        ({"model": "SM-G991U"}, {"model": "Galaxy S21"}, ("at", "qmi"), "contradicted"),
        ({"model": "SM-G991U"}, {"model": "SM-G998U"}, ("adb", "at"), "contradicted"),
        # The name of a chip is no model.
        *(
            ({"model": chip}, {"model": chip}, ("at", "qmi"), "unbound")
            for chip in ("SDX55", "SDX62M", "MDM9X07", "MDM9207", "SM8250", "SA515M", "MT6765")
        ),
        ({"model": "SM-A5"}, {"model": "SM-A5"}, ("at", "qmi"), "bound"),
        ({"model": "12345"}, {"model": "12345"}, ("at", "qmi"), "unbound"),
        ({"tac_imei": "35332609"}, {"tac_imei": "35332608"}, ("adb", "at"), "contradicted"),
        ({"tac_imei": "35332609"}, {"tac_imei": "35332609"}, ("adb", "at"), "bound"),
        ({"tac_imei": "35332609"}, {}, ("adb", "at"), "unbound"),
        ({}, {"tac_imei": "35332609"}, ("adb", "at"), "unbound"),
    ],
)
def test_a_pair_of_links_by_one_sign(one: Any, other: Any, pair: Any, standing: str) -> None:
    (found,) = hold_links(two(one, other, pair)).bonds
    assert (found.links, found.standing) == (pair, standing)


@pytest.mark.parametrize(
    ("keys", "tacs", "standing", "by"),
    [
        (("a", "a"), ("1", "1"), "bound", ("IMEI on both links",)),
        (("a", "b"), ("1", "1"), "contradicted", ("the TAC of the IMEI on both links",)),
        (("a", "a"), ("1", "2"), "contradicted", ("IMEI on both links",)),
        ((None, "a"), ("1", "1"), "bound", ("the TAC of the IMEI on both links",)),
        (("a", None), ("1", "1"), "bound", ("the TAC of the IMEI on both links",)),
        ((None, None), (None, None), "unbound", ()),
    ],
)
def test_imeis_and_their_tacs(keys: Any, tacs: Any, standing: str, by: Any) -> None:
    told = {link: frozenset({key}) for link, key in zip(("adb", "at"), keys, strict=True) if key}
    signs = [{"tac_imei": tac} if tac else {} for tac in tacs]
    (found,) = hold_links(two(*signs, imei_keys=told)).bonds
    assert (found.standing, found.by) == (standing, by)


@pytest.mark.parametrize(
    ("places", "standing"),
    [
        (("1-2", "1-2"), "bound"),
        (("1-2", "1-1"), "contradicted"),
        (("1-2", "1-3"), "contradicted"),
        (("1-2", None), "unbound"),
        ((None, "1-2"), "unbound"),
    ],
)
def test_places_on_usb(places: Any, standing: str) -> None:
    told = {link: place for link, place in zip(("adb", "at"), places, strict=True) if place}
    (found,) = hold_links(two({}, {}, usb_places=told)).bonds
    assert found.standing == standing
    if standing == "contradicted":
        assert found.why == f"USB place is {places[0]} over ADB, {places[1]} over AT"


@pytest.mark.parametrize(
    ("one", "other", "standing"),
    [(OWN, OWN, "unbound"), (OWN, OTHER, "contradicted"), (OTHER, OWN, "contradicted"), (None, OWN, "unbound")],
)
def test_the_networks_of_sims_over_two_links(one: Any, other: Any, standing: str) -> None:
    (found,) = hold_links(Survey("d", "a", "modem", over("at", sim(one)) + over("qmi", sim(other)))).bonds
    assert found.standing == standing


def names(**standings: str) -> tuple[Bond, ...]:
    return tuple(Bond(tuple(pair.split("_")), standing) for pair, standing in standings.items())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bonds", "own"),
    [
        (names(adb_at="unbound", adb_qmi="unbound", at_qmi="unbound"), "adb"),
        (names(adb_at="bound", adb_qmi="unbound", at_qmi="unbound"), "adb at"),
        (names(adb_at="unbound", adb_qmi="unbound", at_qmi="bound"), "adb"),
        (names(adb_at="bound", adb_qmi="unbound", at_qmi="bound"), "adb at qmi"),
        (names(at_qmi="bound", adb_qmi="bound", adb_at="contradicted"), "adb at qmi"),
        (names(adb_at="contradicted", adb_qmi="contradicted"), "adb"),
    ],
)
def test_links_that_are_joined_to_the_first(bonds: Any, own: str) -> None:
    assert links._joined("adb", bonds) == frozenset(own.split())


@pytest.mark.parametrize(
    ("bonds", "another"),
    [
        (names(adb_at="contradicted", adb_qmi="bound", at_qmi="unbound"), "at"),
        (names(adb_at="bound", adb_qmi="unbound", at_qmi="contradicted"), "qmi"),
        (names(adb_at="unbound", adb_qmi="unbound", at_qmi="contradicted"), "at qmi"),
        (names(adb_at="unbound", adb_qmi="unbound", at_qmi="unbound"), ""),
        (names(adb_at="bound", adb_qmi="bound", at_qmi="contradicted"), "at qmi"),
        (names(adb_at="bound", adb_qmi="contradicted", at_qmi="bound"), "qmi"),
    ],
)
def test_links_that_are_of_another_device(bonds: Any, another: str) -> None:
    own = links._joined("adb", bonds)
    assert [link for link in ("at", "qmi") if links._is_of_another(link, own, bonds)] == another.split()


def test_why_a_link_is_of_another_and_which_are_loose() -> None:
    bonds = (
        Bond(("adb", "at"), "contradicted", why="x is y"),
        Bond(("adb", "qmi"), "bound", ("z",)),
        Bond(("at", "qmi"), "unbound"),
    )
    held = LinksHeld(bonds, files="a.hex, b.hex")
    assert held.why("at") == "ADB and AT are of two devices: x is y"
    assert held.why("qmi") == ""
    assert held.remarks == (str(bonds[0]), str(bonds[2]))
    assert held.loose(["uecap"]) == f"that a.hex, b.hex is of this device is known {links.BY_WORD}"
    assert held.loose(["at", "uecap"]) == f"that AT and a.hex, b.hex are of this device is known {links.BY_WORD}"
    assert replace(held, files="").loose(["uecap"]).startswith("that the UE capability is")
    assert held.loose(["x"]).startswith("that x is")


def test_files_and_single_links() -> None:
    exchange = Exchange("x", b"")
    alone = Survey("d", "a", "modem", (), loose_files=("a.hex",), exchanges=(("at", exchange),))
    assert hold_links(alone) == LinksHeld(unbound=frozenset({"uecap"}), files="a.hex")
    assert hold_links(replace(alone, loose_files=())) == LinksHeld()
    # A file alone is of nobody else.
    assert hold_links(replace(alone, exchanges=(("uecap", exchange),))).unbound == frozenset()
    order = (("uecap", exchange), ("sweep", exchange), ("qmi", exchange), ("at", exchange), ("adb", exchange))
    assert links.links_of(replace(alone, exchanges=order)) == ("adb", "at", "qmi", "uecap", "sweep")
    both = replace(alone, exchanges=order[2:4])
    assert hold_links(both).unbound == frozenset({"qmi", "uecap"})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("4.0.c2.6-00335", "MPSS.AT.4.0.c2.6-00335-X", True),
        ("MPSS.AT.4.0.c2.6-00335-X", "4.0.c2.6-00335", True),
        ("4.0.c2.6-00335", "MPSS.AT.4.0.c2.6-00336-X", False),
        ("1.2-3", "X.1.2-3", False),
        ("1.2.3-4", "X.1.2.3-4", True),
        ("1.2-34", "X.1.2-34", False),
        ("x1.2.3-45", "y.1.2.3-45", False),
    ],
)
def test_a_bare_version_within_a_longer_one(one: str, other: str, same: bool) -> None:
    assert links._bare_in(one, other) is same


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("a1b2c", set()),
        ("a1b2c3", {"a1b2c3"}),
        ("abcdef", set()),
        ("abcde1", set()),
        ("abcd12", {"abcd12"}),
        ("X_AB12.34/[q.1.2.34]", {"ab12.34", "q.1.2.34"}),
    ],
)
def test_what_of_a_text_is_a_version(text: str, versions: set[str]) -> None:
    assert links._versions(text) == versions


# SIMs


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [("310410", "310410", True), ("31041", "310410", True), ("310410", "3104", True), ("310410", "310411", False)],
)
def test_digits_of_one_network(one: str, other: str, may: bool) -> None:
    assert _may_be(one, other) is may
    assert _may_be(other, one) is may


@pytest.mark.parametrize(
    ("sims", "one_sim", "slots"),
    [
        (((0, OWN), (0, OTHER)), False, {0}),
        (((0, OWN), (1, OTHER)), False, set()),
        (((0, OWN), (0, OWN)), False, set()),
        (((0, OWN), (0, OWN[:5])), False, set()),
        (((None, OWN), (None, OTHER)), False, set()),
        (((None, OWN), (None, OTHER)), True, {None}),
        (((0, OWN), (0, None)), True, set()),
        (((0, OTHER), (0, OWN), (1, OWN)), True, {0}),
    ],
)
def test_slots_of_which_sources_disagree(sims: Any, one_sim: bool, slots: Any) -> None:
    found = _disputes(tuple(sim(plmn, slot=slot) for slot, plmn in sims), one_sim=one_sim)
    assert set(found) == slots


def _standing(*facts: Any, kind: str = "handset", **more: Any) -> Any:
    survey = (handset if kind == "handset" else modem)(*facts, **more)
    return sims_in(survey).of(CARRIER)


@pytest.mark.parametrize("state", ["ready", "loaded"])
def test_a_sim_is_in_where_it_is_ready(state: str) -> None:
    assert _standing(sim(state=state)).standing == "in"
    assert _standing(sim(state=state, slot=1)).slots.told == frozenset({1})


@pytest.mark.parametrize("state", ["pin_required", "puk_required", "unknown", None])
def test_a_sim_that_is_not_ready_is_named_by_its_state(state: Any) -> None:
    found = _standing(sim(state=state))
    assert found.standing == "not_ready"
    assert found.why == f"the state of the carrier's SIM is {state or 'not known'}"


@pytest.mark.parametrize(
    ("own", "beside", "anywhere"),
    [
        ((None,), (), True),
        ((0,), (), False),
        ((None,), ((None, OTHER),), False),
        ((None,), ((1, OWN),), False),
        ((None, None), (), True),
    ],
)
def test_whether_a_fact_of_any_slot_is_the_sims(own: Any, beside: Any, anywhere: bool) -> None:
    facts = [*(sim(slot=slot) for slot in own), *(sim(plmn, slot=slot) for slot, plmn in beside)]
    assert _standing(*facts).slots.anywhere is anywhere


@pytest.mark.parametrize(("locked", "anywhere"), [((), True), ((0,), True), ((0, 1), False)])
def test_beside_two_slots_a_fact_of_a_told_one_is_not_surely_the_sims(locked: Any, anywhere: bool) -> None:
    found = _standing(sim(), *(sim(state="pin_required", slot=slot) for slot in locked))
    assert (found.standing, found.slots.told, found.slots.anywhere) == ("in", frozenset(), anywhere)


def test_another_sim_than_is_expected_is_in() -> None:
    for sims, wrong in (
        ((sim(OTHER),), f"the bench file expects the SIM of {OWN}, the device has that of {OTHER}"),
        ((sim(OTHER, slot=0), sim("310150", slot=1)), "the device has those of 310260, 310150"),
        ((sim(None, state="absent"),), "the device has none"),
        ((sim(OWN),), ""),
        ((sim(OTHER, slot=0), sim(OWN, slot=1)), ""),
        ((sim(OTHER, slot=0), sim(None, slot=1)), ""),
        ((), ""),
    ):
        found = sims_in(handset(*sims, registered(), expected_sim=OWN))
        assert found.wrong.endswith(wrong) if wrong else found.wrong == ""
        standing = found.of(CARRIER).standing
        assert (standing == "wrong") is bool(wrong)
    assert sims_in(handset(sim(OTHER))).wrong == ""
    assert sims_in(handset(sim(OTHER), expected_sim=OWN)).remark == sims_in(handset(sim(OTHER), expected_sim=OWN)).wrong
    assert "does not tell whose is in" in sims_in(handset(registered(), expected_sim=OWN)).remark
    assert sims_in(handset(expected_sim=OWN)).remark == ""


@pytest.mark.parametrize(
    ("facts", "kind", "plmns"),
    [
        ((sim(None), registered(), cell(plmn=OWN)), "modem", (OWN,)),
        ((sim(None), registered(), cell(plmn=OWN)), "handset", ()),
        ((sim(OTHER), registered(), cell(plmn=OWN)), "modem", (OTHER,)),
        ((registered(), cell(plmn=OWN)), "modem", ()),
        ((sim(None), registered("roaming"), cell(plmn=OWN)), "modem", ()),
        ((sim(None), registered(), registered("roaming", domain="cs"), cell(plmn=OWN)), "modem", ()),
        ((sim(None), registered(), cell(plmn=OWN), cell(plmn=OTHER)), "modem", ()),
        ((sim(None), registered(), cell(plmn=OWN), cell(plmn=OTHER, registered=False)), "modem", (OWN,)),
        ((sim(None), registered(), cell(plmn=None)), "modem", ()),
        ((sim(None, imsi_prefix=OWN), registered(), cell(plmn=OWN)), "modem", (OWN,)),
        ((sim(None, imsi_prefix=OWN[:5]), registered(), cell(plmn=OWN)), "modem", (OWN,)),
        ((sim(None, imsi_prefix=OTHER), registered(), cell(plmn=OWN)), "modem", ()),
    ],
)
def test_the_home_network_of_a_modem(facts: Any, kind: str, plmns: Any) -> None:
    found = sims_in((handset if kind == "handset" else modem)(*facts))
    assert found.plmns == plmns
    assert bool(found.against_imsi) is (facts[0].imsi_prefix == OTHER if isinstance(facts[0], Sim) else False)


# Locks, service


@pytest.mark.parametrize(
    ("lock", "pins"),
    [
        (CellLock(locked=True, rat="lte", arfcns=(5110,)), True),
        (CellLock(locked=True, rat="lte", arfcns=(850,)), False),
        (CellLock(locked=True, arfcns=(5110,)), True),
        (CellLock(locked=True, rat="nr", arfcns=(5110,)), False),
        (CellLock(locked=True, rat="gsm", arfcns=(5110,)), False),
        (CellLock(locked=False, rat="lte"), False),
    ],
)
def test_a_lock_pins_the_cells_of_its_technology(lock: Any, pins: bool) -> None:
    assert is_pinned(modem(lock), cell()) is pins


def test_a_lock_in_words_and_a_no_that_is_not_sure() -> None:
    told = CellLock(locked=True, rat="lte", arfcns=(5110, 850), pcis=(7,))
    assert locks_in_force(modem(told)) == ("the modem is pinned to LTE EARFCN 5110 850, PCI 7",)
    assert locks_in_force(modem(replace(told, locked=False))) == ()
    assert lock_on(modem(told), cell()) == "the modem is pinned to LTE EARFCN 5110 850, PCI 7"
    assert lock_on(modem(told), cell(rat="nr")) == ""
    assert locks_in_force(modem(CellLock(locked=True))) == ("the modem is pinned to cells that it does not name",)
    doubt = CellLock(locked=False, rat="lte", trusted=False)
    assert unsure_of_lock(modem(doubt), cell()).startswith("whether it is pinned")
    assert unsure_of_lock(modem(doubt), cell(rat="nr")) == ""
    assert unsure_of_lock(modem(doubt, replace(doubt, trusted=True)), cell()) == ""
    assert unsure_of_lock(modem(), cell()) == ""


@pytest.mark.parametrize(
    ("mode", "kind", "lists", "words"),
    [
        (NetworkMode(rats=("lte",), grade=Grade.OBSERVED), "handset", (), "only LTE is allowed on the device"),
        (NetworkMode(rats=("lte",), grade=Grade.MEASURED), "handset", (), "only LTE is allowed on the device"),
        (NetworkMode(rats=("lte",), grade=Grade.DECLARED), "handset", (), ""),
        (NetworkMode(rats=("lte", "nr"), grade=Grade.OBSERVED), "handset", (), ""),
        (NetworkMode(rats=(), grade=Grade.OBSERVED), "handset", (), ""),
        (NetworkMode(rats=("nr_sa", "nr"), grade=Grade.OBSERVED), "handset", (), "only NR is allowed on the device"),
        (NetworkMode(rats=("lte",), grade=Grade.OBSERVED), "modem", (), ""),
        (NetworkMode(rats=("lte",), grade=Grade.OBSERVED), "modem", (listed(12),), ""),
        (
            NetworkMode(rats=("lte",), grade=Grade.OBSERVED),
            "modem",
            (listed(12), listed(71, rat="nr")),
            "only LTE is allowed on the device",
        ),
    ],
)
def test_one_technology_alone(mode: Any, kind: str, lists: Any, words: str) -> None:
    survey = (handset if kind == "handset" else modem)(mode, *lists)
    assert locks_in_force(survey) == ((words,) if words else ())
    assert lock_on(survey, cell()) == words
    assert lock_on(replace(survey, observations=(replace(mode, slot=1), *lists)), cell(slot=0)) == ""
