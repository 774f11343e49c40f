"""An NR band that a modem has beside an LTE cell alone: proved by its leg, restored whole, failed by nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from swept_modem import AirWitness, cells, sweep

from harness.cells.source import LiveCells
from harness.errors import CommandRefused
from harness.observations import EnabledBands, SupportedBands
from harness.probes.at import registry
from harness.probes.at.language.answer import Modem
from harness.requirements.outcomes import Outcome
from harness.requirements.sweep import verdict_of_trial
from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.quirks import Quirks
from harness.suite.resuming import _is_of
from harness.sweep import bearer as bearers
from harness.sweep.bands import OwnBands, SweepBand, parse_bands, plan_band
from harness.sweep.reading_back import read_sweep
from harness.trial_facts import BandTrial, StateCompared

FAMILIES = ("quectel-5g", "simcom-5g")
EVERY = pytest.mark.parametrize("family", FAMILIES)
LABEL = "n79 EN-DC"
AIR = ("12", "2", "n71", "e41", "e79")
NSA = "nsa_nr5g_band"


def swept(family, bands="n79", on_air=AIR, quirks=None, **how):
    found = sweep(family, bands, cells(*on_air), quirks, **how)
    return found, {one.label: one for one in found.trials.values()}


def outcome(trials, label=LABEL):
    answer = verdict_of_trial(trials[label])
    return answer.outcome.name, answer.reason


# The plan.


def locking(maker, model):
    modem = Modem(maker, model)
    return registry.dialect_for(modem).locking(modem)


def planned(own, maker="Quectel", model="RM520N-GL", word="n41"):
    return plan_band(parse_bands(word)[0], locking(maker, model), own)


def test_a_band_that_the_device_lists_beside_lte_alone_is_tried_as_a_leg():
    own = OwnBands.of([SupportedBands(rat="nr_sa", bands=(71,)), SupportedBands(rat="nr_nsa", bands=(41, 71))])
    assert (planned(own).rat, planned(own).plan) == ("nr_nsa", "tried")
    assert planned(own, word="n71").rat == "nr"
    assert planned(own, word="n78").plan == "not_applicable"


def test_where_only_what_is_enabled_is_told_that_decides():
    own = OwnBands.of([EnabledBands(rat="nr_sa", bands=(71,)), EnabledBands(rat="nr_nsa", bands=(41, 71))])
    assert planned(own, "SIMCom", "SIM8262E-M2").rat == "nr_nsa"
    assert planned(own, "SIMCom", "SIM8262E-M2", "n71").rat == "nr"
    # In neither list: as a band alone, which is then found not to be enabled.
    assert planned(own, "SIMCom", "SIM8262E-M2", "n78").rat == "nr"


@pytest.mark.parametrize(
    ("maker", "model"), [("Quectel", "RM500U-CNV"), ("Foxconn", "T99W175"), ("Fibocom", "FM350-GL")]
)
def test_a_family_without_a_list_of_its_own_for_legs_says_so(maker, model):
    own = OwnBands.of([SupportedBands(rat="nr_sa", bands=(71,)), SupportedBands(rat="nr_nsa", bands=(41,))])
    found = planned(own, maker, model)
    assert found.plan == "not_applicable"
    assert "EN-DC" in found.why
    assert "no list of those bands" in found.why


def test_a_resumed_run_takes_a_leg_for_the_band_that_was_asked():
    trial = BandTrial(rat="nr_nsa", band=79, plan="tried")
    assert _is_of(trial, SweepBand("nr", 79))
    assert not _is_of(trial, SweepBand("", 79))


# The course.


@EVERY
@pytest.mark.parametrize("witness", [True, False])
def test_a_leg_on_the_band_passes_and_everything_is_put_back(family, witness):
    found, trials = swept(family, witness=witness)
    word, reason = outcome(trials)
    assert word == "PASS", reason
    assert "attached anew on B12, EARFCN 5094" in reason
    assert "its NR leg on n79, NR-ARFCN" in reason
    trial = trials[LABEL]
    assert (trial.rat, trial.served_band, trial.anchor_rat, trial.anchor_band) == ("nr_nsa", 79, "lte", 12)
    assert trial.lock == "in_force"
    assert trial.leg_fresh
    assert trial.rsrp_dbm == -85
    assert found.changed == {}
    assert found.blocked == []


@EVERY
def test_it_is_tried_last_with_the_list_of_lte_as_it_was_found(family):
    found, trials = swept(family, "n79,12,n71")
    assert [outcome(trials, label)[0] for label in ("B12", "n71", LABEL)] == ["PASS"] * 3
    marked = [one.request for one in found.exchanges if one.request.startswith("sweep trial")]
    assert marked == ["sweep trial lte 12", "sweep trial nr 71", "sweep trial nr_nsa 79"]
    behind = found.port.asked
    found_list = found.radio.memory.found["lte_band"]
    # Narrowed for B12, whole again for the anchor.
    assert [one.rpartition(",")[2] for one in behind if '"lte_band",' in one] == ["12", found_list]
    assert found.changed == {}
    assert found.blocked == []


def test_nr_alone_is_off_meanwhile_and_on_again():
    found, trials = swept("quectel-5g")
    written = [one.rpartition(",")[2] for one in found.port.asked if '"nr5g_disable_mode",' in one]
    assert written == ["1", "0"]
    assert {"nr5g_disable_mode", NSA, "mode_pref"} <= set(found.compared)
    assert all(one.is_back for one in found.compared.values())
    assert outcome(trials)[0] == "PASS"


def test_firmware_without_that_switch_does_without():
    def older(radio):
        radio.tongue.lasting = {key: value for key, value in radio.tongue.lasting.items() if "disable" not in key}
        del radio.memory.nv["nr5g_disable_mode"], radio.memory.found["nr5g_disable_mode"]

    _, trials = swept("quectel-5g", "12,n79", ("12", "e79"), setup=older)
    assert outcome(trials)[0] == "PASS"
    # With NR alone on air and chosen first, there is no anchor.
    found, trials = swept("quectel-5g", "n79", ("n71", "12", "e79"), setup=older)
    word, reason = outcome(trials)
    assert word == "INCONC"
    assert "EN-DC needs an LTE cell as its anchor" in reason
    assert found.changed == {}


SWITCH = 'AT+QNWPREFCFG="nr5g_disable_mode"'


def read_back(exchanges):
    dialect = registry.dialect("quectel")
    modem = Modem("Quectel", "RM520N-GL")
    told = read_sweep(exchanges, dialect, modem, dialect.locking(modem)).observations
    return {one.item: one for one in told if isinstance(one, StateCompared)}


def without_last_look(found, *, list_too):
    """The exchanges as a sweep kept them that read that switch only to see that it is free."""
    end = next(at for at, one in enumerate(found.exchanges) if one.request == "sweep after")
    return [
        one for at, one in enumerate(found.exchanges)
        if not (at > end and one.request == SWITCH) and not (list_too and one.request == f'AT+QNWPREFCFG="{NSA}"')
    ]  # fmt: skip


def test_a_sweep_of_before_legs_is_read_as_it_was():
    found, _ = swept("quectel-5g", "n71", ("n71", "12"))
    compared = read_back(without_last_look(found, list_too=True))
    assert {"nr5g_disable_mode", NSA} & set(compared) == set()
    assert all(one.is_back for one in compared.values())


def test_a_switch_that_was_written_and_not_read_again_is_not_back():
    found, _ = swept("quectel-5g")
    compared = read_back(without_last_look(found, list_too=False))
    assert compared["nr5g_disable_mode"].written == 2
    assert not compared["nr5g_disable_mode"].is_back


@EVERY
@pytest.mark.parametrize(
    ("quirks", "words"),
    [
        (Quirks(leg_never=True), "no NR leg came in 30 s"),
        (Quirks(leg_elsewhere=True), "its NR leg is on n41"),
        (Quirks(not_in_force=True), "its NR leg is on n41"),
        (Quirks(leg_stale=True), "while its radio is off"),
        (Quirks(leg_stale=True, leg_never=True), "while its radio is off"),
        (Quirks(deaf=True), "reads otherwise"),
        (Quirks(other_mask=True), "reads otherwise"),
        (Quirks(refuses=True), "refused the lock"),
        (Quirks(kept_cell=True), "a cell that is kept proves no attach"),
    ],
    ids=str,
)
def test_what_does_not_prove_the_leg_is_open(family, quirks, words):
    # What a stale line tells is of the band that is asked.
    on_air = ("12", "e79", "e41") if quirks.leg_stale else ("12", "e41", "e79")
    found, trials = swept(family, on_air=on_air, quirks=quirks)
    word, reason = outcome(trials)
    assert word == "INCONC", reason
    assert words in reason
    assert found.changed == {}


PCC = '+QCAINFO: "PCC",5094,50,"LTE BAND 12",1,1,-85'
LTE_LINE = '+QNWINFO: "FDD LTE","00101","LTE BAND 12",5094'


def answering(request, line):
    """A radio that answers one request so while it is registered."""

    def setup(radio):
        own = radio.tongue.own

        def answer(part, radio):
            return ScriptedAnswer(line) if part == request and radio.camped() is not None else own(part, radio)

        radio.tongue.own = answer

    return setup


@pytest.mark.parametrize(
    ("request_", "line", "word"),
    [
        ("AT+QENDC", ("+QENDC: 1,1,0,0",), "INCONC"),
        ("AT+QCAINFO", (PCC, '+QCAINFO: "SCC",518598,12,"NR5G BAND 41",9'), "INCONC"),
        ("AT+QCAINFO", (PCC, '+QCAINFO: "SCC",713333,12,"NR5G BAND 78",1'), "INCONC"),
        ("AT+QNWINFO", (LTE_LINE, '+QNWINFO: "TDD NR5G","00101","NR5G BAND 78",640000'), "INCONC"),
        # Firmware without the command, and with lines that tell of the anchor alone.
        ("AT+QENDC", ("+QENDC: 1,1",), "PASS"),
        ("AT+QCAINFO", (PCC,), "PASS"),
        ("AT+QNWINFO", (LTE_LINE,), "PASS"),
        ("AT+QCAINFO", ("+QCAINFO: nothing",), "PASS"),
    ],
    ids=str,
)  # fmt: skip
def test_answers_that_contradict_each_other_prove_nothing(request_, line, word):
    _, trials = swept("quectel-5g", setup=answering(request_, line))
    found, reason = outcome(trials)
    assert found == word, reason
    assert (word == "PASS") == ("told in two ways" not in reason)


def test_a_leg_that_another_look_tells_no_more_is_told_by_those_that_did():
    """A network takes it away again: it was there."""
    looks = []

    def setup(radio):
        told = radio.leg

        def leg():
            found = told() if radio.memory.nv[NSA] == "79" else None
            looks.extend([found] if found is not None else [])
            # Three answers of a look speak of it.
            return found if len(looks) <= 3 else None

        radio.leg = leg

    _, trials = swept("quectel-5g", setup=setup)
    assert outcome(trials)[0] == "PASS"
    assert len(looks) > 3


@EVERY
def test_a_list_that_does_not_go_back_is_told(family):
    found, trials = swept(family, quirks=Quirks(not_put_back=True))
    assert outcome(trials)[0] == "PASS"
    assert set(found.changed) == {NSA}
    assert any("NR NSA bands" in one for one in found.blocked)
    assert not found.compared[NSA].is_back


@EVERY
@pytest.mark.parametrize("on_air", [("12", "e41"), ("12",), ("n71", "e79")], ids=str)
def test_an_absent_leg_or_anchor_fails_nothing(family, on_air):
    found, trials = swept(family, on_air=on_air, source=Pairing)
    word, reason = outcome(trials)
    assert word == "INCONC"
    assert "EN-DC needs an LTE cell" in reason if "12" not in on_air else "no NR leg came in 30 s" in reason
    assert ("for no cell of it is on air" in reason) == ("12" in on_air)
    assert found.changed == {}


def test_without_any_attach_before_nothing_is_told():
    _, trials = swept("quectel-5g", on_air=("e79",), source=Pairing)
    assert outcome(trials) == ("INCONC", outcome(trials)[1])
    assert "did not attach with nothing locked" in outcome(trials)[1]


class Pairing(AirWitness):
    """A source that may have any leg on air."""

    def possible(self):
        return None


def test_a_source_that_has_one_cell_on_air_at_a_time_is_not_asked_for_a_leg():
    class OneCell(Pairing):
        name = "a call box"

        def possible(self):
            return frozenset({("lte", 12), ("nr", 79)})

        def on(self, rat, band):
            raise AssertionError("asked")

    found, trials = swept("quectel-5g", source=OneCell)
    word, reason = outcome(trials)
    assert word == "INCONC"
    assert "a call box puts cells on air one at a time" in reason
    assert not any('"nsa_nr5g_band",7' in one for one in found.port.asked)


def test_a_source_that_is_opened_with_its_turn_says_the_same():
    """What it can is not known before."""

    class Unopened(Pairing):
        name = "a call box"

        def on(self, rat, band):
            raise CommandRefused("may not put n79 on air")

    _, trials = swept("quectel-5g", source=Unopened)
    assert "a call box puts cells on air one at a time" in outcome(trials)[1]


def test_the_live_network_may_have_any():
    assert LiveCells().possible() is None


class Traffic:
    """A bearer that is used while the leg is waited for."""

    def __init__(self):
        self.waits = []

    def wait(self, clock, within_s=bearers.WITHIN_S):
        self.waits.append(within_s)
        clock.wait(min(within_s, 1.0))
        return bearers.Received(0, "over a test")


def test_with_a_bearer_there_is_traffic_while_the_leg_is_waited_for():
    traffic = Traffic()
    _, trials = swept("quectel-5g", quirks=Quirks(leg_never=True), bearer=traffic)
    assert outcome(trials)[0] == "INCONC"
    # Once for the data, then between the looks.
    assert len(traffic.waits) >= 10
    _, trials = swept("quectel-5g", bearer=Traffic())
    word, reason = outcome(trials)
    assert word == "PASS_NOTE"
    assert "no data was seen to come" in reason


# What is told, word by word.

PROVED = BandTrial(
    rat="nr_nsa", band=79, plan="tried", baseline=True, lock="in_force", registered=True, fresh=True, leg_told=True,
    leg_fresh=True, leg_s=2.0, attach_s=3.0, served_band=79, served_rat="nr_nsa", served_arfcn=713520,
    anchor_rat="lte", anchor_band=12, anchor_arfcn=5094,
)  # fmt: skip


def test_a_proved_leg_says_where_and_when():
    answer = verdict_of_trial(PROVED)
    assert answer.outcome is Outcome.PASS
    assert answer.reason == (
        "attached anew on B12, EARFCN 5094 after 3.0 s, its NR leg on n79, NR-ARFCN 713520 2.0 s later"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"registered": False, "waited_s": 60.0}, "no attach on LTE in 60 s; EN-DC needs an LTE cell"),
        ({"registered": False, "denied": True, "cause": 5}, "denied on LTE, cause 5; EN-DC needs an LTE cell"),
        ({"fresh": False}, "a cell that is kept proves no attach"),
        ({"lock": "other"}, "the lock was accepted and reads otherwise"),
        ({"lock": "not_read"}, "cannot be read"),
        ({"anchor_rat": None, "anchor_band": None}, "which LTE cell is its anchor is not told"),
        ({"anchor_rat": "nr", "anchor_band": 71}, "it is served on n71"),
        ({"leg_told": False, "served_band": None}, "no NR leg came in 2 s"),
        ({"leg_fresh": False}, "proves nothing"),
        ({"disagree": True}, "told in two ways"),
        ({"served_band": None}, "not told by its channel"),
        ({"served_band": 78}, "its NR leg is on n78"),
        ({"network": "not_attached"}, "the network saw none"),
        ({"baseline": False}, "did not attach with nothing locked"),
        # Every witness that makes another band fail makes none of a leg.
        ({"leg_told": False, "on_air": True, "network": "not_attached", "waited_s": 140.0, "card_free": True}, "no NR leg"),
        ({"registered": False, "on_air": True, "network": "not_attached", "waited_s": 140.0, "card_free": True}, "no attach"),
    ],
    ids=str,
)  # fmt: skip
def test_whatever_is_missing_leaves_it_open(change, words):
    answer = verdict_of_trial(replace(PROVED, **change))
    assert answer.outcome is Outcome.INCONC
    assert words in answer.reason
