"""Requirements that are no bands: silence is never a pass, and a contradiction decides nothing."""

from __future__ import annotations

import pytest

from harness.carriers.kinds import Rule
from harness.carriers.store import Profiles
from harness.observations import EnabledBands, Grade, Identity, Observation, Service, Sim, Source, SupportedBands
from harness.requirements.answers import Answer
from harness.requirements.band_enabled import BandEnabledRule
from harness.requirements.bound import Bound
from harness.requirements.coverage import CoverageRule
from harness.requirements.customisation import CustomisationRule
from harness.requirements.firmware import FirmwareRule
from harness.requirements.model import ModelRule
from harness.requirements.volte import VolteRule
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome

ATT = Profiles().select(["us/att"])[0]
SIM = Sim(slot=0, state="loaded", plmn="310410")
OTHER_SIM = Sim(slot=1, state="loaded", plmn="26201")
SOURCE = Source(request="dumpsys carrier_config", line=7)

COVERAGE = CoverageRule(id="X-COVERAGE", level="mandatory", candidates={"lte": (8, 28)})
VOLTE = VolteRule(id="X-VOLTE", level="mandatory", states=("available", "provisioned", "registered"))
CONFIG = CustomisationRule(id="X-CONFIG", level="mandatory", carrier_config=("*ATT*",))
BUILD = CustomisationRule(id="X-BUILD", level="mandatory", build=("*_ATT_*",))
APPS = CustomisationRule(id="X-APPS", level="mandatory", apps=("com.att.*",))
FIRMWARE = FirmwareRule(id="X-FW", level="mandatory", baseband=("MPSS.AT.4.*",), build=("AB12*",))
MODEL = ModelRule(id="X-MODEL", level="mandatory", any_of=("DE2118", "DE2117*"))
ENABLED = BandEnabledRule(id="X-B28-ON", level="mandatory", rat="lte", band=28)
ALL: list[Rule] = [COVERAGE, VOLTE, CONFIG, BUILD, APPS, FIRMWARE, MODEL, ENABLED]


def judged(rule: Rule, *observations: Observation) -> Answer:
    answer: Answer = rule.judge(Bound.of(Survey("dut", "serial", "handset", observations)).at(ATT))
    return answer


def volte(available: str = "on", provisioned: str = "on", ims: str = "registered", slot: int = 0) -> list[Service]:
    states = {"volte_available": available, "volte_provisioned": provisioned, "ims": ims}
    return [Service(slot=slot, name=name, state=state, source=SOURCE) for name, state in states.items() if state]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_silence_never_passes_and_never_fails(rule: Rule) -> None:
    assert judged(rule).outcome is Outcome.INCONC
    assert judged(rule, SIM).outcome is Outcome.INCONC


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_every_kind_says_what_it_asks(rule: Rule) -> None:
    assert len(rule.asks()) > 8


def test_open_coverage_is_inconclusive_whatever_was_read() -> None:
    everything = [SIM, *volte(), EnabledBands(rat="lte", bands=(8, 28)), Identity(model="DE2118")]
    found = judged(COVERAGE, *everything)
    assert found.outcome is Outcome.INCONC
    assert "no band below 1 GHz of this carrier has two publishers" in found.reason
    assert "B8, B28" in found.reason


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ((3, 8), "; one list says: works (B8)"),
        ((8, 28), "; one list says: works (B8, B28)"),
        ((1, 3), "; one list says: does not reach indoors and far out (no B8, B28)"),
    ],
)
def test_what_one_list_says_is_told_and_decides_nothing(bands: tuple[int, ...], words: str) -> None:
    found = judged(COVERAGE, SIM, SupportedBands(rat="lte", bands=bands, layer="hardware", source=SOURCE))
    assert found.outcome is Outcome.INCONC
    assert found.reason.endswith("is not known" + words)


def test_volte_passes_only_where_all_its_states_are_seen() -> None:
    found = judged(VOLTE, SIM, *volte())
    assert (found.outcome, found.grade, found.evidence) == (Outcome.PASS, Grade.MEASURED, (SOURCE,))
    assert judged(VOLTE, SIM, *volte(ims="")).outcome is Outcome.INCONC
    assert judged(VOLTE, SIM, *volte(ims="not_registered")).outcome is Outcome.FAIL
    assert judged(VOLTE, SIM, *volte(available="off")).outcome is Outcome.FAIL


def test_volte_off_fails_even_where_the_rest_is_unknown() -> None:
    assert judged(VOLTE, SIM, *volte(available="off", provisioned="", ims="")).outcome is Outcome.FAIL


def test_volte_counts_in_the_slot_of_the_carrier_s_sim_only() -> None:
    foreign = volte(slot=1)
    assert judged(VOLTE, SIM, OTHER_SIM, *foreign).outcome is Outcome.INCONC
    assert judged(VOLTE, OTHER_SIM, *foreign).outcome is Outcome.NA
    assert judged(VOLTE, Sim(slot=0, state="absent")).outcome is Outcome.NA
    assert judged(VOLTE, Sim(slot=0, state="loaded")).outcome is Outcome.INCONC


def test_a_volte_state_that_nobody_knows_is_not_a_yes() -> None:
    assert judged(VOLTE, SIM, *volte(available="perhaps")).outcome is Outcome.INCONC


def test_sources_that_disagree_decide_nothing() -> None:
    assert judged(VOLTE, SIM, *volte(), *volte(available="off")).outcome is Outcome.INCONC
    assert judged(MODEL, Identity(model="DE2118"), Identity(model="DE2115")).outcome is Outcome.INCONC
    both = (EnabledBands(rat="lte", bands=(28,)), EnabledBands(rat="lte", bands=(3,)))
    assert judged(ENABLED, *both).outcome is Outcome.INCONC


@pytest.mark.parametrize(
    ("rule", "identity", "outcome"),
    [
        (CONFIG, Identity(carrier_config="Commercial-ATT-VoLTE"), Outcome.PASS),
        (CONFIG, Identity(carrier_config="hVoLTE-Verizon"), Outcome.FAIL),
        (BUILD, Identity(build="N200_ATT_11.0.1"), Outcome.PASS),
        (BUILD, Identity(build="11.0.1", fingerprint="OnePlus/n200_att_x/..."), Outcome.PASS),
        (BUILD, Identity(build="11.0.1"), Outcome.FAIL),
        (MODEL, Identity(model="de2118"), Outcome.PASS),
        (MODEL, Identity(model="DE2117-US"), Outcome.PASS),
        (MODEL, Identity(model="DE2115"), Outcome.FAIL),
        (MODEL, Identity(market_name="DE2118"), Outcome.INCONC),
        (FIRMWARE, Identity(baseband="MPSS.AT.4.3.1", build="AB12.210"), Outcome.PASS),
        (FIRMWARE, Identity(baseband="MPSS.AT.4.3.1"), Outcome.INCONC),
        (FIRMWARE, Identity(baseband="MPSS.AT.5.0", build="AB12.210"), Outcome.FAIL),
        (FIRMWARE, Identity(baseband="MPSS.AT.5.0"), Outcome.FAIL),
    ],
)
def test_names_are_held_against_patterns(rule: Rule, identity: Identity, outcome: Outcome) -> None:
    assert judged(rule, identity).outcome is outcome


def test_a_carrier_app_must_be_there_and_enabled() -> None:
    app = "app:com.att.myatt"
    assert judged(APPS, Service(name=app, state="present")).outcome is Outcome.PASS
    assert judged(APPS, Service(name=app, state="disabled")).outcome is Outcome.FAIL
    assert judged(APPS, Service(name="app:com.att.*", state="absent")).outcome is Outcome.FAIL
    assert judged(APPS, Service(name="app:com.other", state="present")).outcome is Outcome.INCONC


def test_supported_is_not_enabled() -> None:
    assert judged(ENABLED, EnabledBands(rat="lte", bands=(3, 28))).outcome is Outcome.PASS
    assert judged(ENABLED, EnabledBands(rat="lte", bands=(3, 7))).outcome is Outcome.FAIL
    assert judged(ENABLED, EnabledBands(rat="lte", bands=None, unlimited=True)).outcome is Outcome.INCONC
    assert judged(ENABLED, EnabledBands(rat="nr", bands=(28,))).outcome is Outcome.INCONC


def test_the_grade_is_the_weakest_that_decided() -> None:
    weak = Identity(baseband="MPSS.AT.4.3", grade=Grade.DECLARED)
    assert judged(FIRMWARE, weak, Identity(build="AB12")).grade is Grade.DECLARED
