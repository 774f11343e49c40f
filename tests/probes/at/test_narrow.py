"""A modem that has LTE-M and NB-IoT alone is on no LTE cell, whatever its answers call it."""

from __future__ import annotations

import pytest
from test_session import Modem as Answering

from harness.observations import EnabledBands, Observation, Registration, ServingCell, SupportedBands
from harness.probes.at.language.answer import Modem
from harness.probes.at.narrow import told_narrow
from harness.probes.at.session import read_modem

CELL = ServingCell(rat="lte", arfcn=5110, band=12, band_source="arfcn")
BOTH = (SupportedBands(rat="lte_m", bands=(12,)), SupportedBands(rat="nb_iot", bands=(12,)))


def of(rat: str | None) -> Registration:
    return Registration(domain="eps", state="home", rat=rat)  # type: ignore[arg-type]


def cell_of(*facts: Observation, model: str = "GM02S") -> str | None:
    (cell,) = [one for one in told_narrow((*facts, CELL), Modem(None, model)) if isinstance(one, ServingCell)]
    return cell.rat


@pytest.mark.parametrize(
    ("facts", "rat"),
    [
        ((), None),
        ((of(None),), None),
        ((of("lte"),), "lte_m"),
        ((of("nb_iot"),), "nb_iot"),
        ((of("lte"), of("nb_iot")), None),
        ((*BOTH, of("lte")), "lte_m"),
        ((*BOTH, of("nb_iot")), "nb_iot"),
        ((BOTH[0], of("nb_iot")), "lte_m"),
        ((EnabledBands(rat="nb_iot", bands=(20,)),), "nb_iot"),
        ((Registration(domain="cs", state="home", rat="lte"),), None),
    ],
)
def test_which_of_the_two_serves(facts: tuple[Observation, ...], rat: str | None) -> None:
    assert cell_of(*facts) == rat


@pytest.mark.parametrize(
    ("model", "is_narrow"),
    [
        ("GM02S", True),
        ("ALT1250", True),
        ("ALT3100", False),
        ("SARA-R410M-02B", True),
        ("SARA-R510S-01B-00", True),
        ("SARA-U201", False),
        ("LARA-R6001D", False),
        ("ME910C1-WW", True),
        ("ME310G1-WW", True),
        ("LE910C4-NF", False),
        ("ML865C1-NA", True),
        ("EXS82-W", True),
        ("TX62-W", True),
        ("PLS62-W", False),
        ("ELS62-W", False),
        ("HL7800", True),
        ("BG95-M3", True),
        ("SIMCOM_SIM7080G", True),
        ("SIM7600G-H", False),
        ("EG25-G", False),
        ("EM7565", False),
        ("RM520N-GL", False),
    ],
)
def test_models_that_have_no_lte(model: str, is_narrow: bool) -> None:
    assert (cell_of(of("lte"), model=model) == "lte_m") is is_narrow


def test_lists_tell_it_of_a_model_that_is_not_known() -> None:
    assert cell_of(*BOTH, of("lte"), model="X1") == "lte_m"
    assert cell_of(*BOTH, SupportedBands(rat="lte", bands=(12,)), of("lte"), model="X1") == "lte"
    assert cell_of(of("lte"), model="X1") == "lte"


def test_cells_of_other_technologies_stay_what_they_are() -> None:
    gsm = ServingCell(rat="gsm", arfcn=20)
    assert gsm in told_narrow((gsm, of("lte")), Modem(None, "SARA-R412M"))


@pytest.mark.parametrize(("act", "rat"), [("7", "lte_m"), ("9", "nb_iot"), ("", None)])
def test_a_whole_modem_is_read_so(act: str, rat: str | None) -> None:
    where = f',"2A3F","0A1B2C3D",{act}' if act else ""
    answers = {
        "ATI": "GM02S",
        "AT+CGMI": "Sequans Communications",
        "AT+CGMM": "GM02S",
        "AT+CGMR": "UE8.0.5.6",
        "AT+SQNMONI=7": "+SQNMONI: Net Cc:310 Nc:410 RSRP:-93.00 TAC:10815 Id:214 EARFCN:5110 PWR:-63.00",
        "AT+CEREG?": f"+CEREG: 2,1{where}",
        "AT+COPS?": '+COPS: 0,2,"310410"',
    }
    told = read_modem(Answering(answers), deadline_s=1).reading.observations  # type: ignore[arg-type]
    cells = [one for one in told if isinstance(one, ServingCell) and one.arfcn]
    assert [(one.band, one.rat) for one in cells] == [(12, rat)]
    assert {one.rat for one in told if isinstance(one, Registration)} == {rat}
