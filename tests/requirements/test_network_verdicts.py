"""The truth table of attach, registration, ROM and Google's apps: whose SIM, whose cell, which state."""

from __future__ import annotations

from typing import Any

import pytest
from verdict_cases import (
    OTHER,
    OWN,
    attach,
    band,
    cell,
    exchange,
    handset,
    identity,
    modem,
    registered,
    selected,
    sim,
    verdict,
)

from harness.observations import GoogleApps, Grade, Service, Unread
from harness.requirements.attach import AttachRule
from harness.requirements.google_apps import GoogleAppsRule
from harness.requirements.registered import RegisteredRule
from harness.requirements.rom_region import RomRegionRule
from harness.verdicts.verdict import Outcome

ATTACH = attach()
HOME = RegisteredRule(id="T-REG", level="mandatory")
ROM = RomRegionRule(id="T-ROM", level="mandatory", any_of=("global", "us"))
APPS = GoogleAppsRule(id="T-APPS", level="mandatory")
UP = (sim(), registered())
SERVING_LOST = Unread(what="serving", request="AT+X?", why="its answer was late")


@pytest.mark.parametrize("rule", [ATTACH, HOME])
@pytest.mark.parametrize(
    ("sims", "outcome", "words"),
    [
        ([sim(OTHER)], "NA", "the SIM belongs to 310260, not to this carrier"),
        ([sim(None, state="absent")], "NA", "no SIM in the device"),
        ([sim(None, state="not_ready")], "NA", "no SIM in the device"),
        ([sim(None, state="absent", slot=0), sim(OTHER, slot=1)], "NA", "not to this carrier"),
        ([sim(None)], "INCONC", "not told of which network"),
        ([sim(None, slot=0), sim(OTHER, slot=1)], "INCONC", "not told of which network"),
        ([sim(OWN, state="absent")], "NA", "no SIM in the device"),
        ([], "INCONC", "no SIM observed"),
    ],
)
def test_network_rules_apply_to_the_carriers_own_sim(rule: Any, sims: list[Any], outcome: str, words: str) -> None:
    found = verdict(handset(*sims, registered(), cell()), rule)
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize(
    ("facts", "outcome", "words"),
    [
        ([registered(), cell()], "PASS", "attached on B12, EARFCN 5110, PCI 214"),
        ([registered(), cell(registered=None)], "PASS", "attached on B12"),
        ([registered("roaming"), cell()], "INCONC", "roaming, so the cell is hardly the carrier's own"),
        ([registered("roaming"), cell(plmn=OWN)], "PASS", "attached on B12"),
        ([registered("roaming"), cell(plmn=OTHER)], "INCONC", f"roaming on {OTHER}, which is not the carrier's"),
        ([registered("roaming", domain="cs"), registered(), cell()], "PASS", "attached on B12"),
        (
            [registered(), cell(13, 5230)],
            "INCONC",
            "B13, EARFCN 5230, PCI 214, on the carrier's own network: the profile",
        ),
        ([registered(), cell(rat="lte_m")], "INCONC", "by LTE-M: the profile asks nothing of that technology"),
        ([registered(), cell(rat="nb_iot")], "INCONC", "by NB-IoT: the profile asks nothing of that technology"),
        ([registered(), cell(rat=None)], "INCONC", "the technology of the serving cell is not told"),
        ([registered(), cell(rat=None), cell()], "INCONC", "the technology of the serving cell is not told"),
        ([registered(), cell(), cell(rat="lte_m")], "INCONC", "several technologies"),
        ([registered(plmn=OTHER), cell(plmn=OWN)], "INCONC", f"attached to {OTHER}, which is not the carrier's"),
        ([registered(plmn=OWN), cell(plmn=OWN)], "PASS", "attached on B12"),
        ([registered(), registered("not_registered", domain="5gs"), cell(41, 520110, rat="nr")], "INCONC", "camped"),
        ([registered(), registered("searching", domain=None), cell()], "INCONC", "sources disagree"),
        ([registered(), Service(name="eps_services", state="sms"), cell()], "INCONC", "camped"),
        ([registered(), cell(66, 431000, rat="nr")], "INCONC", "NR-ARFCN 431000"),
        ([registered(), cell(32, 10000)], "INCONC", "downlink-only"),
        ([registered(), cell(bandwidth_khz=20000)], "INCONC", "no channel of 20 MHz"),
        ([registered(), cell(12, 5011)], "INCONC", "too close to the edge"),
        ([registered(), cell(12, 5011 + 6)], "PASS", "attached on B12"),
        ([registered(), cell(12, 5010 + 24, bandwidth_khz=5000)], "INCONC", "too close to the edge"),
        ([registered(), cell(12, 5010 + 25, bandwidth_khz=5000)], "PASS", "attached on B12"),
        ([registered(), cell(band_source="conflict")], "INCONC", "contradict"),
        ([registered(), cell(), cell(band_source="conflict")], "INCONC", "contradict"),
        ([registered(), cell(), cell(2, 850)], "INCONC", "several bands"),
        ([registered(), cell(66, 66786), cell(66, 431000, rat="nr")], "INCONC", "several bands"),
        ([registered(), cell(band_source="reported", arfcn=None)], "INCONC", "no channel confirms it"),
        ([registered(), cell(None, None, band_source=None)], "INCONC", "band of the serving cell is not known"),
        ([registered(), cell(registered=False)], "INCONC", "camped"),
        ([registered(), cell(), cell(registered=False)], "INCONC", "sources disagree"),
        ([registered("searching"), cell()], "INCONC", "camped"),
        ([registered("denied"), cell()], "INCONC", "camped"),
        ([registered("emergency"), cell()], "INCONC", "camped"),
        ([registered("unknown"), cell()], "INCONC", "camped"),
        ([registered(domain="cs"), cell()], "INCONC", "camped"),
        ([cell()], "INCONC", "camped"),
        ([registered()], "INCONC", "no serving cell"),
        ([registered(), cell(role="scell")], "INCONC", "no serving cell"),
        ([registered(), cell(plmn=OTHER)], "INCONC", "310260, which is not the carrier's network"),
        ([registered(), cell(plmn="310150")], "PASS", "attached on B12"),
        ([registered(), cell(None, None, band_source=None, registered=True), cell()], "PASS", "attached on B12"),
        ([registered(), cell(band_source="reported", arfcn=None), cell()], "PASS", "EARFCN 5110"),
    ],
)
def test_attached_means_registered_for_data_on_a_cell_whose_band_is_certain(
    facts: list[Any], outcome: str, words: str
) -> None:
    found = verdict(handset(sim(), *facts), ATTACH)
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason
    assert (found.grade is None) == (outcome == "INCONC")


def test_lte_m_decides_where_it_is_asked_and_a_band_of_lte_is_none_of_it() -> None:
    known = selected(ATTACH, band(12))
    assert verdict(handset(*UP, cell(rat="lte_m")), ATTACH, known).outcome is Outcome.INCONC
    rule = AttachRule(id="T-M", level="mandatory", any_of={"lte_m": (12,)})
    assert verdict(handset(*UP, cell(rat="lte_m")), rule).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("facts", "outcome", "words"),
    [
        ([registered(), cell(plmn=OTHER)], "INCONC", f"registered on {OTHER}, which is not the carrier's"),
        ([registered(plmn=OWN), cell(plmn=OTHER)], "PASS", "registered: home"),
        ([registered(), cell(plmn=OTHER, slot=1)], "PASS", "registered: home"),
        ([registered(), cell(registered=False)], "INCONC", "its serving cell is told as none of a registration"),
        ([registered(), cell(41, 520110, rat="nr", registered=False)], "PASS", "registered: home"),
        ([registered(domain="5gs"), cell(registered=False)], "PASS", "registered: home"),
        ([registered(), cell(None, None, band_source=None, registered=False, tac=4711)], "PASS", "registered: home"),
        ([registered(), SERVING_LOST], "INCONC", "on whose network is not told: the answer to AT+X?"),
        ([registered(plmn=OWN), SERVING_LOST], "PASS", "registered: home"),
        ([registered(), cell(plmn=OWN), SERVING_LOST], "PASS", "registered: home"),
        ([registered(grade=Grade.OBSERVED)], "INCONC", "last published alone"),
        ([registered(grade=Grade.OBSERVED), registered()], "PASS", "registered: home"),
        ([registered(), registered("searching", domain=None)], "INCONC", "sources disagree"),
        ([registered(), Service(name="eps_services", state="sms")], "INCONC", "for SMS only"),
        ([registered(), registered(domain="5gs"), Service(name="eps_services", state="sms")], "PASS", "home"),
    ],
)
def test_a_registration_is_held_against_the_cell_that_serves(facts: list[Any], outcome: str, words: str) -> None:
    found = verdict(handset(sim(slot=0), *facts), HOME)
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason


def test_the_cells_of_another_slot_are_not_this_sims() -> None:
    facts = (sim(slot=0), sim(OTHER, slot=1), registered(slot=1), cell(slot=1))
    assert verdict(handset(*facts), ATTACH).outcome is Outcome.INCONC
    assert verdict(handset(*facts), HOME).outcome is Outcome.INCONC
    both = (*facts, registered(slot=0), cell(13, 5230, slot=0))
    known = selected(ATTACH, band(13))
    assert verdict(handset(*both), ATTACH, known).outcome is Outcome.FAIL


def test_a_band_that_the_edition_has_elsewhere_fails_where_it_is_not_asked() -> None:
    found = verdict(handset(*UP, cell(13, 5230)), ATTACH, selected(ATTACH, band(13)))
    assert (found.outcome, found.reason) == (
        Outcome.FAIL,
        "attached on B13, EARFCN 5230, PCI 214: not one of the bands asked",
    )


def test_a_registration_without_a_slot_does_not_stand_in_for_the_slot_that_is_told() -> None:
    told = (sim(slot=0), sim(OTHER, slot=1), registered("searching", slot=0))
    assert verdict(handset(*told, registered()), HOME).outcome is Outcome.INCONC
    assert "contradict" in verdict(handset(*told, registered()), HOME).reason
    agreed = (sim(slot=0), sim(OTHER, slot=1), registered(slot=0), registered())
    assert verdict(handset(*agreed), HOME).outcome is Outcome.PASS


def test_a_carrier_on_a_hosts_network_attaches_to_the_hosts_cells() -> None:
    facts = (*UP, cell(plmn="310280"))
    assert verdict(handset(*facts), ATTACH, selected(ATTACH)).outcome is Outcome.INCONC
    assert verdict(handset(*facts), ATTACH, selected(ATTACH, host="us/att")).outcome is Outcome.PASS


def test_an_nr_cell_fits_where_nr_is_asked() -> None:
    rule = attach(nr=(41, 71))
    standing = cell(41, 520110, rat="nr")
    assert verdict(handset(*UP, standing), rule).outcome is Outcome.PASS
    known = selected(rule, band(41))
    assert verdict(handset(*UP, cell(41, 40620)), rule, known).outcome is Outcome.FAIL


def test_a_wrapped_earfcn_alone_neither_passes_nor_fails_where_the_bands_differ() -> None:
    wrapped = cell(3, 1275, band_source="arfcn")  # 66811 is B66
    found = verdict(handset(*UP, wrapped), ATTACH)
    assert found.outcome is Outcome.INCONC
    assert "or on B66" in found.reason


def test_the_weaker_reading_of_the_cell_is_its_grade() -> None:
    facts = (*UP, cell(), cell(grade=Grade.OBSERVED))
    assert verdict(handset(*facts), ATTACH, require_grade=Grade.MEASURED).outcome is Outcome.INCONC
    assert verdict(handset(*UP, cell()), ATTACH, require_grade=Grade.MEASURED).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("facts", "outcome", "words"),
    [
        ([registered()], "PASS", "registered: home"),
        ([registered(domain="ps")], "PASS", "registered: home"),
        ([registered(), registered("not_registered", domain="5gs")], "PASS", "registered: home"),
        ([registered(), registered("unknown", domain="5gs")], "PASS", "registered: home"),
        ([registered("roaming")], "INCONC", "roaming: abroad nothing is told of registration at home"),
        ([registered("roaming", plmn="26201")], "INCONC", "roaming on 26201: abroad nothing is told"),
        ([registered(), registered("roaming", domain="5gs")], "INCONC", "disagree"),
        ([registered("denied", cause=15)], "FAIL", "registration denied, cause 15"),
        ([registered("denied", cause=15), registered(domain="cs")], "FAIL", "denied"),
        ([registered("searching")], "INCONC", "not in service: searching"),
        ([registered("not_registered")], "INCONC", "not in service: not registered"),
        ([registered("emergency")], "INCONC", "not in service: limited to emergency calls"),
        ([registered("denied"), registered("unknown", domain=None, cause=15)], "FAIL", "registration denied, cause 15"),
        (
            [registered("not_registered"), registered("unknown", domain=None, cause=15)],
            "INCONC",
            "not registered; the network's last refusal had cause 15",
        ),
        ([registered("unknown", domain=None, cause=15)], "INCONC", "the network's last refusal had cause 15"),
        ([registered(), registered("unknown", domain=None, cause=15)], "PASS", "registered: home"),
        ([registered(domain="5gs"), registered("not_registered")], "PASS", "home, on 5G standalone only"),
        ([registered("unknown")], "INCONC", "no registration observed"),
        ([registered(domain="cs")], "INCONC", "no registration observed"),
        ([], "INCONC", "no registration observed"),
        ([registered(plmn=OTHER)], "INCONC", "not the carrier's network"),
    ],
)
def test_registered_means_for_data_at_home(facts: list[Any], outcome: str, words: str) -> None:
    found = verdict(handset(sim(), *facts), HOME)
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize("rule", [ATTACH, HOME])
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([registered("denied", cause=15)], "not told of which network; registration denied, cause 15"),
        ([registered("searching")], "not told of which network; not in service: searching"),
        ([registered("emergency")], "not in service: limited to emergency calls"),
        ([registered("denied", domain="cs", cause=2)], "not told of which network"),
    ],
)
def test_where_whose_sim_it_is_is_open_the_state_of_registration_is_told(
    rule: Any, facts: list[Any], words: str
) -> None:
    found = verdict(modem(sim(None), *facts), rule)
    assert found.outcome is Outcome.INCONC
    assert words in found.reason
    assert ("cause 2" in found.reason) is False


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (registered("denied", cause=15), "camped on a cell without registration; registration denied, cause 15"),
        (registered("searching"), "camped on a cell without registration; not in service: searching"),
    ],
)
def test_a_cell_that_is_camped_on_is_told_with_why(state: Any, words: str) -> None:
    assert words in verdict(modem(sim(), state, cell(registered=False)), ATTACH).reason
    assert words.replace("camped on a cell without registration", "no serving cell observed") in (
        verdict(modem(sim(), state), ATTACH).reason
    )


def test_roaming_counts_where_the_edition_says_so() -> None:
    rule = RegisteredRule(id="T", level="mandatory", states=("home", "roaming"))
    assert verdict(handset(sim(), registered("roaming", plmn=OTHER)), rule).outcome is Outcome.PASS


def test_a_registration_that_was_asked_and_cannot_be_read_may_say_otherwise() -> None:
    seen = registered()
    asked = (exchange("AT+CEREG?;+C5GREG?;+CPIN?"),)
    found = verdict(modem(sim(), seen, exchanges=asked), HOME)
    assert found.outcome is Outcome.INCONC
    assert "AT+CEREG?" in found.reason
    assert verdict(modem(sim(), seen, exchanges=(exchange("AT+C5GREG?", "ERROR"),)), HOME).outcome is Outcome.PASS


def test_a_modem_at_home_tells_the_network_of_its_sim() -> None:
    """An IMSI of North America does not say whether its MNC has two digits or three."""
    facts = (sim(None), registered(), cell(plmn=OWN))
    assert verdict(modem(*facts), ATTACH).outcome is Outcome.PASS
    assert verdict(modem(sim(None), registered("roaming"), cell(plmn=OWN)), ATTACH).outcome is Outcome.INCONC
    assert verdict(modem(*facts, cell(plmn=OTHER)), ATTACH).outcome is Outcome.INCONC
    assert verdict(modem(registered(), cell(plmn=OWN)), ATTACH).outcome is Outcome.INCONC
    assert verdict(handset(*facts), ATTACH).outcome is Outcome.INCONC


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ([identity(rom_region="global")], "PASS"),
        ([identity(rom_region="us")], "PASS"),
        ([identity(rom_region="china")], "FAIL"),
        ([identity(rom_region="custom")], "FAIL"),
        ([identity(rom_region="global"), identity(rom_region="china")], "INCONC"),
        ([identity(model="x")], "INCONC"),
        ([], "INCONC"),
    ],
)
def test_the_rom_is_of_one_of_the_regions_asked(facts: list[Any], outcome: str) -> None:
    assert verdict(handset(*facts), ROM).outcome.name == outcome
    assert verdict(modem(*facts), ROM).outcome is Outcome.NA


@pytest.mark.parametrize(
    ("services", "store", "framework", "outcome"),
    [
        ("present", "present", "present", "PASS"),
        ("present", "present", None, "PASS"),
        ("present", "present", "disabled", "FAIL"),
        ("present", "disabled", "present", "FAIL"),
        ("absent", "present", "present", "FAIL"),
        ("absent", "absent", "absent", "FAIL"),
        ("present", None, None, "INCONC"),
        (None, "present", None, "INCONC"),
        (None, None, None, "INCONC"),
    ],
)
def test_google_apps_are_present_and_enabled(services: Any, store: Any, framework: Any, outcome: str) -> None:
    apps = GoogleApps(services=services, store=store, framework=framework)
    assert verdict(handset(apps), APPS).outcome.name == outcome
    assert verdict(modem(), APPS).outcome is Outcome.NA
    assert verdict(handset(), APPS).outcome is Outcome.INCONC


def test_a_declared_app_is_not_enough_for_an_observed_rule() -> None:
    apps = GoogleApps(services="present", store="present", grade=Grade.DECLARED)
    assert verdict(handset(apps), APPS).outcome is Outcome.INCONC


@pytest.mark.parametrize("rule", [ATTACH, HOME, ROM, APPS])
def test_a_device_that_never_answered_is_an_error(rule: Any) -> None:
    assert verdict(handset(trouble="offline"), rule).outcome is Outcome.ERROR


def test_a_device_lost_half_way_is_inconclusive_and_says_so() -> None:
    found = verdict(handset(sim(), trouble="went away"), ATTACH)
    assert found.outcome is Outcome.INCONC
    assert "the device was lost: went away" in found.reason


@pytest.mark.parametrize("rule", [ATTACH, HOME])
@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ([registered(domain="ps"), registered("not_registered", domain="ps"), cell()], "INCONC"),
        ([registered(domain="ps"), registered("emergency", domain="ps"), cell()], "INCONC"),
        ([registered(domain="ps"), registered("unknown", domain="ps"), cell()], "PASS"),
        ([registered(domain="eps"), registered("searching", domain="5gs"), cell()], "PASS"),
        ([registered(domain="ps"), registered("not_registered", domain="cs"), cell()], "PASS"),
        ([registered("searching", slot=0), registered(), cell(slot=0)], "INCONC"),
        ([registered(slot=0), registered("searching"), cell(slot=0)], "INCONC"),
        ([registered(slot=0), registered(), cell(slot=0)], "PASS"),
    ],
)
def test_where_the_service_state_or_a_slot_says_otherwise_nothing_is_decided(rule: Any, facts: list[Any], outcome: str):
    slot = facts[-1].slot
    found = verdict(handset(sim(slot=slot), *facts), rule)
    assert found.outcome.name == outcome, found.reason


def test_a_cell_without_a_slot_that_contradicts_one_of_the_slot_decides_nothing() -> None:
    facts = (sim(slot=0), registered(slot=0))
    assert verdict(handset(*facts, cell(slot=0), cell(2, 850)), ATTACH).outcome is Outcome.INCONC
    assert verdict(handset(*facts, cell(slot=0), cell()), ATTACH).outcome is Outcome.PASS


def test_what_names_the_slot_beats_what_names_none() -> None:
    """A registration of the other slot, which the cell's slot is not, lends nothing."""
    facts = (sim(slot=0), sim(OTHER, slot=1), registered("searching", slot=0), registered(slot=1), cell(slot=0))
    assert verdict(handset(*facts), ATTACH).outcome is Outcome.INCONC


@pytest.mark.parametrize("what", ["serving", "registration", "supported", "enabled"])
def test_an_attach_is_not_judged_on_an_answer_that_was_lost(what: Any) -> None:
    from harness.observations import Unread

    lost = Unread(what=what, request="AT+X?", why="no answer")
    for number, arfcn in ((12, 5110), (13, 5230)):
        found = verdict(modem(*UP, cell(number, arfcn), lost), ATTACH, selected(ATTACH, band(13)))
        decided = {12: "PASS", 13: "FAIL"}[number]
        assert found.outcome.name == ("INCONC" if what in {"serving", "registration"} else decided)
