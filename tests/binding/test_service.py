"""On which cells a device is attached: what the verdict calls attached is what reports and surveys show."""

from __future__ import annotations

from typing import Any

import pytest
from verdict_cases import band, cell, handset, modem, registered, sheet, sim, verdict

from harness.binding.binding import bind
from harness.binding.service import attached, band_is_certain, disputed, impossible, in_service, wrap_twin
from harness.commands.views.band_grid import grids
from harness.observations import Observation, Service, ServingCell
from harness.reports.document.devices import device_entry
from harness.requirements.bound import Bound
from harness.requirements.combination import CombinationRule
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome


def shown(survey: Survey) -> bool:
    """Whether the report's picture of bands says that B12 is attached."""
    told = device_entry(Bound.of(survey)).layers.get("attached", {}).get("lte", ())
    return 12 in told


def surely(survey: Survey) -> bool:
    """Whether the bands of a survey, as `bandproof survey` draws them, say so without a doubt."""
    words = [grid.cells.get(12, {}).get("attached", "") for grid in grids(survey) if grid.rat == "lte"]
    return any(word and "?" not in word for word in words)


DENIED = (sim(slot=0), registered("denied", slot=0))
HOME = (sim(slot=0), registered(slot=0))
NOT_ATTACHED = {
    "registration denied": (*DENIED, cell(slot=0)),
    "no registration": (sim(slot=0), cell(slot=0)),
    "registered elsewhere": (sim(slot=0), registered(slot=1), cell(slot=0)),
    "band only reported": (*HOME, cell(arfcn=None, band_source="reported", slot=0)),
    "band in conflict": (*HOME, cell(band_source="conflict", slot=0)),
    "camped": (*HOME, cell(registered=False, slot=0)),
    "scell configured only": (*HOME, cell(role="scell", active=False, registered=None, slot=0)),
    "scell without service": (*DENIED, cell(role="scell", active=True, registered=None, slot=0)),
}


@pytest.mark.parametrize("facts", NOT_ATTACHED.values(), ids=NOT_ATTACHED)
def test_what_the_verdict_does_not_call_attached_nobody_shows_as_attached(facts: tuple[Observation, ...]) -> None:
    survey = handset(*facts)
    assert not bind(survey).attached_on("lte", 12)
    assert verdict(survey, band(12)).outcome is Outcome.INCONC
    assert (shown(survey), surely(survey)) == (False, False)


@pytest.mark.parametrize("state", ["home", "roaming"])
def test_what_the_verdict_calls_attached_is_shown(state: str) -> None:
    survey = handset(sim(slot=0), registered(state, slot=0), cell(slot=0))
    assert verdict(survey, band(12)).outcome is Outcome.PASS
    assert (shown(survey), surely(survey)) == (True, True)


def test_an_earfcn_that_may_be_stored_in_16_bits_proves_no_combination_either() -> None:
    """EARFCN 900 (B2) may be 66436 (B66): a band is not proven by it, so a combination with it is not."""
    rule = CombinationRule(id="T-CA", level="mandatory", needed="observed", configuration="CA_2A-12A")
    wrapped: dict[str, Any] = {"arfcn": 900, "band": 2, "band_source": "arfcn", "rat": "lte"}
    facts = (*HOME, ServingCell(**wrapped, slot=0), cell(role="scell", active=True, registered=None, slot=0))
    survey = handset(*facts)
    assert verdict(survey, band(2)).outcome is Outcome.INCONC
    assert verdict(survey, rule, declared=sheet(2, 12)).outcome is Outcome.INCONC


UP, DOWN, UNKNOWN = "home", "not_registered", "unknown"


@pytest.mark.parametrize(
    ("facts", "slot", "data", "is_in"),
    [
        ((), 0, False, False),
        ((registered(UP, slot=0),), 0, True, True),
        ((registered("roaming", slot=0),), 0, True, True),
        ((registered(DOWN, slot=0),), 0, False, False),
        ((registered(UNKNOWN, slot=0),), 0, False, False),
        ((registered(UP, slot=1),), 0, False, False),
        ((registered(UP),), 0, False, True),
        ((registered(UP, slot=0),), None, False, True),
        ((registered(UP, domain="cs", slot=0),), 0, False, True),
        ((registered(UP, domain="cs", slot=0),), 0, True, False),
        ((registered(UP, slot=0), registered(DOWN, slot=0)), 0, False, False),  # of one domain both
        ((registered(UP, slot=0), registered(DOWN)), 0, False, False),
        ((registered(UP, slot=0), registered(DOWN, domain="cs", slot=0)), 0, False, True),
        ((registered(UP, slot=0), registered(UNKNOWN, slot=0)), 0, False, True),
        ((registered(DOWN, domain="cs", slot=0), registered(UP, domain="eps")), 0, False, False),  # the slot's beats
        ((registered(UP, domain="cs", slot=0), registered(DOWN, domain="eps")), 0, False, True),
    ],
)
def test_in_service(facts: Any, slot: int | None, data: bool, is_in: bool) -> None:
    assert in_service(handset(*facts), slot, data=data) is is_in


@pytest.mark.parametrize(
    ("states", "is_disputed"),
    [
        (((UP, 0), (UP, 0)), False),
        (((UP, 0), (DOWN, 0)), True),
        (((UP, 0), ("denied", 0)), True),
        (((UP, 0), ("searching", 0)), True),
        (((UP, 0), ("emergency", 0)), True),
        (((UP, 0), (UNKNOWN, 0)), False),
        (((UP, 0), ("roaming", 0)), False),
        (((UP, 0), (DOWN, 1)), False),
        (((UP, 0), (DOWN, None)), True),
        (((DOWN, 0), (DOWN, 0)), False),
        ((), False),
    ],
)
def test_disputed(states: Any, is_disputed: bool) -> None:
    assert disputed([registered(state, slot=slot) for state, slot in states]) is is_disputed
    assert not disputed([registered(state, slot=slot, domain=str(n)) for n, (state, slot) in enumerate(states)])


def test_what_names_no_domain_may_be_of_any() -> None:
    assert disputed([registered(), registered("searching", domain=None)])
    assert disputed([registered(domain=None), registered("searching")])
    assert not disputed([registered(), registered(UNKNOWN, domain=None)])


def test_a_domain_that_is_out_contradicts_no_registration_in_another() -> None:
    """Where data alone is served CS is out, and the properties of a handset, which name no domain, tell it registered."""
    out, named = registered("not_registered", domain="cs", slot=0), registered(domain=None, slot=0)
    data = registered(domain="ps", slot=0)
    assert not disputed([data, out, named])
    assert in_service(Survey("d", "d", "handset", (data, out, named)), 0)
    assert disputed([out, named])
    assert disputed([registered("searching", domain="ps", slot=0), out, named])
    assert disputed([registered(domain="ps", slot=1), out, named])


LTE, NR, LEG = cell(), cell(41, 520110, rat="nr"), cell(41, 520110, rat="nr", role="pscell")


@pytest.mark.parametrize(
    ("facts", "cell_", "is_in"),
    [
        ((registered(UP), registered(DOWN, domain="5gs")), LTE, True),
        ((registered(UP), registered(DOWN, domain="5gs")), LEG, True),
        ((registered(UP), registered(DOWN, domain="5gs")), NR, False),
        ((registered(DOWN), registered(UP, domain="5gs")), NR, True),
        ((registered(DOWN), registered(UP, domain="5gs")), LTE, False),
        ((registered(DOWN), registered(UP, domain="5gs")), cell(rat="lte_m"), False),
        ((registered(UP, domain="5gs"),), LTE, True),  # E-UTRA can hang on a 5G core: TS 27.007 <AcT> 10
        ((registered(UP),), NR, True),
        ((registered(UP), registered(UNKNOWN, domain="5gs")), NR, True),
        ((registered(UP, domain="ps"),), NR, True),
        ((registered(UP, domain="ps"),), LTE, True),
        ((registered(UP), registered(UP, domain="5gs")), cell(rat="umts"), True),
    ],
)
def test_a_registration_with_one_core_is_none_of_a_cell_of_the_other(facts: Any, cell_: Any, is_in: bool) -> None:
    assert in_service(modem(*facts), None, data=True, cell=cell_) is is_in
    assert (attached(modem(*facts, cell_)) == (cell_,)) is is_in


@pytest.mark.parametrize(
    ("service", "for_data"),
    [
        ({"name": "eps_services", "state": "sms"}, False),
        ({"name": "eps_services", "state": "all"}, True),
        ({"name": "5gs_services", "state": "sms"}, True),
        ({"name": "eps_services", "state": "sms", "slot": 1}, True),
        ({"name": "eps_services", "state": "sms", "slot": 0}, False),
    ],
)
def test_a_registration_for_sms_alone_is_none_for_data(service: Any, for_data: bool) -> None:
    facts = (registered(UP, slot=0), Service(**service))
    assert in_service(modem(*facts), 0, data=True) is for_data
    assert in_service(modem(*facts), 0)


@pytest.mark.parametrize(
    ("cell_", "band"),
    [
        (cell(2, 900, band_source="arfcn"), 66),
        (cell(2, 900, band_source="both"), None),
        (cell(2, 900, band_source="reported"), None),
        (cell(2, None, band_source="arfcn"), None),
        (cell(2, 900, band_source="arfcn", rat="nr"), None),
        (cell(1, 100, band_source="arfcn"), 65),
        (cell(12, 5110, band_source="arfcn"), None),
    ],
)
def test_the_band_of_an_earfcn_that_may_be_cut_to_16_bits(cell_: ServingCell, band: int | None) -> None:
    assert wrap_twin(cell_) == band


@pytest.mark.parametrize(
    ("cell_", "is_certain"),
    [
        (cell(), True),
        (cell(band_source="arfcn"), True),
        (cell(band_source="reported"), False),
        (cell(band_source="conflict"), False),
        (cell(None), False),
        (cell(band_source=None), False),
        (cell(78, 648768, rat="nr", band_source="reported"), True),
        (cell(78, 648768, rat="nr", band_source="conflict"), False),
        (cell(rat="lte_m", band_source="reported"), False),
    ],
)
def test_whose_band_stands_fast(cell_: ServingCell, is_certain: bool) -> None:
    assert band_is_certain(cell_) is is_certain


@pytest.mark.parametrize(
    ("cell_", "is_impossible"),
    [
        (cell(), False),
        (cell(12, 5110, bandwidth_khz=20000), True),
        (cell(12, 5110, bandwidth_khz=10000), False),
        (cell(29, 9700), True),
        (cell(29, 9700, role="scell"), False),
        (cell(None, 5110, bandwidth_khz=20000), False),
        (cell(12, 5110, bandwidth_khz=20000, rat=None), False),
        (cell(12, 5110, bandwidth_khz=20000, rat="lte_m"), False),
        (cell(78, 648768, rat="nr", bandwidth_khz=5000), True),
    ],
)
def test_what_no_cell_can_be(cell_: ServingCell, is_impossible: bool) -> None:
    assert bool(impossible(cell_)) is is_impossible
