"""A modem that the network refuses, from its recorded answers to the reason of its verdicts: state, cause, whose SIM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.recording.exchange import Exchange, RecordingInfo
from harness.recording.writer import RecordingWriter
from harness.survey.reading import read_device
from harness.verdicts.plan import Run, plan_run

if TYPE_CHECKING:
    from pathlib import Path

TELIT = {
    "ATI": "Telit",
    "AT+CGMM": "LE910C4-EU",
    "AT+CGMR": "25.20.674",
    "AT#BND=?": "#BND: (0-5),(0-11),(134742245)",
    "AT#BND?": "#BND: 5,9,134742245",
}
QUECTEL = {
    "ATI": "Quectel\r\nEG25-G\r\nRevision: EG25GGBR07A08M2G",
    'AT+QCFG="band"': '+QCFG: "band",0x93,0x800C5,0x0',
}
FIVE_G = {
    "ATI": "Quectel\r\nRM520N-GL\r\nRevision: RM520NGLAAR03A03M4G",
    'AT+QNWPREFCFG="rf_band"': '+QNWPREFCFG: "lte_band",1:3:7:20\r\n+QNWPREFCFG: "nr5g_band",1:78',
}
SIM = "+CPIN: READY\r\n234300000000000"
LTE, COPS, NR = "AT+CEREG?;+CPIN?;+CIMI", "AT+CEREG?;+COPS?;+CPIN?;+CIMI", "AT+CEREG?;+C5GREG?;+CPIN?;+CIMI"


def reasons(folder: Path, answers: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Kind of requirement -> outcome and reason, of the British network whose SIM is in."""
    with RecordingWriter(folder / "modem", RecordingInfo("modem", "composed")) as writer:
        for request, told in answers.items():
            writer.append("at", Exchange(request, f"{told}\r\n\r\nOK\r\n".encode()))
    run = Run(surveys={"modem": read_device(str(folder / "modem"), device="modem")})
    plan_run(run, ["gb/ee"], Profiles(), None, Sheets())
    found = {case.rule.kind: run.verdict(case) for case in run.cases if case.rule.kind in {"registered", "attach"}}
    return {kind: (one.outcome.name, one.reason) for kind, one in found.items()}


@pytest.mark.parametrize(
    ("answers", "registered", "attach"),
    [
        (
            {**QUECTEL, LTE: f"+CEREG: 0,3\r\n{SIM}", "AT+CEER": "+CEER: No suitable cells in tracking area"},
            ("FAIL", "registration denied, cause 15"),
            "registration denied, cause 15",
        ),
        (
            {**TELIT, COPS: f"+CEREG: 2,0\r\n+COPS: 0\r\n{SIM}", "AT#CEERNET": "#CEERNET: 15"},
            ("INCONC", "not registered; the network's last refusal had cause 15"),
            "the network's last refusal had cause 15",
        ),
        ({**QUECTEL, LTE: f"+CEREG: 0,2\r\n{SIM}"}, ("INCONC", "not in service: searching"), "searching"),
        (
            {
                **QUECTEL,
                LTE: f"+CEREG: 0,3\r\n{SIM}",
                "AT+CEER": "+CEER: EMM attach failed",
                'AT+QENG="servingcell"': (
                    '+QENG: "servingcell","LIMSRV","LTE","FDD",234,30,1A2B301,5,1617,3,5,5,1A2B,-90,-9,-60,12,30'
                ),
            },
            ("FAIL", "registration denied"),
            "camped on a cell without registration; registration denied",
        ),
        (
            {**FIVE_G, NR: f"+CEREG: 0,0\r\n+C5GREG: 0,1\r\n{SIM}"},
            ("PASS", "registered: home, on 5G standalone only"),
            "no serving cell",
        ),
        (
            {**QUECTEL, LTE: "+CEREG: 0,3\r\n+CPIN: READY", "AT+CEER": "+CEER: EMM cause 11"},
            ("INCONC", "cause 11"),
            "cause 11",
        ),
    ],
    ids=["denied", "telit", "searching", "limited", "5G alone", "whose SIM is not told"],
)
def test_what_the_modem_says_of_its_registration_reaches_the_reason(
    tmp_path: Path, answers: dict[str, str], registered: tuple[str, str], attach: str
) -> None:
    found = reasons(tmp_path, answers)
    outcome, words = registered
    assert found["registered"][0] == outcome, found
    assert words in found["registered"][1]
    assert attach in found["attach"][1]
    assert found["attach"][0] == "INCONC"
