"""A modem is identified and read with few requests; what it does not answer costs nothing but itself."""

from __future__ import annotations

import pytest

from harness.at_commands import split_joined
from harness.errors import ParseError
from harness.observations import CellLock, EnabledBands, Registration, ServingCell, Sim, Unread
from harness.probes.at.language.answer import Modem as Identified
from harness.probes.at.language.answer import read_answer
from harness.probes.at.registry import dialect
from harness.probes.at.session import MOST_REQUESTS, read_modem, requests_of
from harness.recording.exchange import Exchange


class Modem:
    """Answers from a table; None for what was never recorded, ERROR where `strict`."""

    address = "test"

    def __init__(self, answers: dict[str, str], *, strict: bool = False) -> None:
        self.answers = answers
        self.strict = strict
        self.asked: list[str] = []

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        assert deadline_s > 0
        self.asked.append(command)
        answer = self.answers.get(command)
        if answer is None and not self.strict:
            return None
        text = "ERROR\r\n" if answer is None else f"{answer}\r\nOK\r\n" if "ERROR" not in answer else f"{answer}\r\n"
        return Exchange(request=command, response=text.encode())

    def allow_reads(self, forms: object) -> None:
        """Nothing is refused."""

    def learn_records(self, records: object) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """Nothing is open."""


U_BLOX = {
    "ATI": "SARA-R510S-01B-00",
    "AT+CGMR": "03.15",
    "AT+UBANDMASK?": "+UBANDMASK: 0,185473183,1048578",
    "AT+CEREG?;+COPS?;+CPIN?;+CIMI": '+CEREG: 0,5\r\n+COPS: 0,2,"26201",7\r\n+CPIN: READY\r\n262010000000000',
}


def test_only_what_ati_does_not_tell_is_asked_beside_it() -> None:
    modem = Modem(U_BLOX, strict=True)
    result = read_modem(modem, deadline_s=1)
    assert result.dialect == "u-blox"
    assert (result.modem.model, result.modem.firmware) == ("SARA-R510S-01B-00", "03.15")
    assert modem.asked[:3] == ["ATI", "AT+CGMR", "AT+UBANDMASK=?"]
    assert "AT+CGMI" not in modem.asked
    found = {o.kind: o for o in result.reading.observations}
    assert isinstance(found["enabled_bands"], EnabledBands)
    assert isinstance(found["registration"], Registration)
    assert found["registration"].state == "roaming"


def test_no_modem_is_asked_more_than_eight_requests_where_it_understands_joined_ones() -> None:
    class Obliging(dict[str, str]):
        def get(self, command: str, default: str | None = None) -> str | None:  # type: ignore[override]
            return {"ATI": "1", "AT+CGMM": "LM960A18", "AT+CGMR": "32.00.000"}.get(command, "")

    modem = Modem(Obliging(), strict=True)
    assert read_modem(modem, deadline_s=1).dialect == "telit"
    assert len(modem.asked) <= MOST_REQUESTS


def test_the_parts_of_a_joined_request_are_asked_alone_where_it_was_never_recorded() -> None:
    answers = {key: value for key, value in U_BLOX.items() if ";" not in key}
    modem = Modem({**answers, "AT+CEREG?": "+CEREG: 0,1", "AT+CPIN?": "+CME ERROR: 10"})
    found = read_modem(modem, deadline_s=1).reading.observations
    assert [o.state for o in found if isinstance(o, Registration)] == ["home"]
    assert [o.state for o in found if isinstance(o, Sim)] == ["absent"]


def test_a_missing_sim_does_not_hide_the_rest_of_a_joined_request() -> None:
    joined = "AT+CEREG?;+COPS?;+CPIN?;+CIMI"
    answers = {
        **U_BLOX,
        joined: "+CEREG: 0,2\r\n+CME ERROR: 10",
        "AT+CEREG?": "+CEREG: 0,2",
        "AT+CPIN?": "+CME ERROR: 10",
    }
    found = read_modem(Modem(answers, strict=True), deadline_s=1).reading.observations
    assert [o.state for o in found if isinstance(o, Sim)] == ["absent"]
    assert [o.state for o in found if isinstance(o, Registration)] == ["searching"]


def test_the_cause_of_a_refusal_is_asked_of_any_family_that_is_out() -> None:
    answers = {
        "ATI": "Quectel\r\nEG25-G\r\nRevision: EG25GGBR07A08M2G",
        'AT+QCFG="band"': '+QCFG: "band",0x93,0x1,0x0',
        "AT+CEREG?;+CPIN?;+CIMI": "+CEREG: 0,3\r\n+CPIN: READY\r\n310410000000000",
        "AT+CEER": "+CEER: No suitable cells in tracking area",
    }
    modem = Modem(answers)
    found = [o for o in read_modem(modem, deadline_s=1).reading.observations if isinstance(o, Registration)]
    assert [(o.state, o.cause) for o in found] == [("denied", None), ("unknown", 15)]
    at_home = Modem({**answers, "AT+CEREG?;+CPIN?;+CIMI": "+CEREG: 0,1\r\n+CPIN: READY\r\n310410000000000"})
    read_modem(at_home, deadline_s=1)
    assert "AT+CEER" not in at_home.asked


RM520 = {
    "ATI": "Quectel\r\nRM520N-GL\r\nRevision: RM520NGLAAR03A03M4G",
    "AT+CEREG?;+C5GREG?;+CPIN?;+CIMI": "+CEREG: 0,0\r\n+C5GREG: 0,3\r\n+CPIN: READY\r\n310410000000000",
}


def test_where_no_request_is_left_for_the_cause_the_last_one_asks_for_it() -> None:
    class Obliging(dict[str, str]):
        def get(self, command: str, default: str | None = None) -> str | None:  # type: ignore[override]
            cause = "+CEER: EMM cause: 11\r\n" if "+CEER" in command else ""
            return RM520.get(command, f'+QNWPREFCFG: "mode_pref",AUTO\r\n{cause}'.rstrip())

    modem = Modem(Obliging(), strict=True)
    found = read_modem(modem, deadline_s=1).reading.observations
    assert len(modem.asked) == MOST_REQUESTS
    assert modem.asked[-1].endswith(";+CEER")
    assert "+CEREG?" in modem.asked[-2]
    assert [o.cause for o in found if isinstance(o, Registration) and o.cause] == [11]


def test_a_modem_that_is_in_service_is_not_asked_why_it_is_out() -> None:
    class Obliging(dict[str, str]):
        def get(self, command: str, default: str | None = None) -> str | None:  # type: ignore[override]
            return {**RM520, "AT+CEREG?;+C5GREG?;+CPIN?;+CIMI": "+CEREG: 0,1\r\n+C5GREG: 0,0"}.get(command, "")

    modem = Modem(Obliging(), strict=True)
    read_modem(modem, deadline_s=1)
    assert not any("+CEER" in one for one in modem.asked)
    assert len(modem.asked) <= MOST_REQUESTS


def test_a_lock_is_asked_for_and_a_cell_beside_it_is_told() -> None:
    answers = {
        "ATI": "Quectel\r\nEG25-G\r\nRevision: EG25GGBR07A08M2G",
        'AT+QENG="servingcell"': '+QENG: "servingcell","NOCONN","LTE","FDD",001,01,1A2B301,5,1300,3,5,5,1A2B,-90,-9,-60,12,30',
        'AT+QNWLOCK="common/lte"': '+QNWLOCK: "common/lte",2,6300,5,0',
        "AT+CEREG?;+CPIN?;+CIMI": "+CEREG: 0,1\r\n+CPIN: READY\r\n001010000000000",
    }
    reading = read_modem(Modem(answers), deadline_s=1).reading
    assert [one.arfcns for one in reading.observations if isinstance(one, CellLock)] == [(6300,)]
    assert "locked to B20 (EARFCN 6300) but served on B3 (EARFCN 1300): the lock is not in force" in reading.warnings


@pytest.mark.parametrize(
    ("name", "model", "reads"),
    [
        ("quectel", "EG25-G", {'AT+QNWLOCK="common/lte"'}),
        (
            "quectel",
            "RM520N-GL",
            {
                'AT+QNWLOCK="common/4g"',
                'AT+QNWLOCK="common/5g"',
                'AT+QNWCFG="lte_earfcn_lock"',
                'AT+QNWCFG="nr5g_earfcn_lock"',
            },
        ),
        ("quectel", "RM500U-CNV", {'AT+QNWLOCK="common/lte"', 'AT+QNWLOCK="common/5g"'}),
        ("foxconn", "T99W175", {"AT^LTE_LOCK?"}),
        ("fibocom", "FM350-GL", {"AT+EMMCHLCK?"}),
        ("fibocom", "FM160-EAU", {"AT+GTCELLLOCK?"}),
        ("meig", "SRM825", {"AT^CELLLOCK?"}),
    ],
)
def test_the_plan_reads_the_locks_of_the_family(name: str, model: str, reads: set[str]) -> None:
    plan = requests_of(dialect(name), Identified(model=model))
    assert reads <= {part for request in plan for part in split_joined(request)}


def test_an_answer_that_comes_late_is_not_of_the_joined_command_that_failed() -> None:
    late = '+QCAINFO: "PCC",520110,100,"NR5G BAND 41",1,625\r\nOK\r\n'
    own = '+QENG: "servingcell","SEARCH"\r\nERROR\r\n'
    request = 'AT+QENG="servingcell";+QCAINFO'
    with pytest.raises(ParseError, match="several answers run together"):
        read_answer(late + own, request)
    assert [one.name for one in read_answer(own + late, request).records] == ["+QENG", "+QCAINFO"]


QUECTEL = {"ATI": "Quectel\r\nRM520N-GL\r\nRevision: RM520NGLAAR03A03M4G"}
JOINED = 'AT+QENG="servingcell";+QCAINFO'
LIMITED = (
    '+QENG: "servingcell","LIMSRV"\r\n+QENG: "LTE","FDD",310,260,0A1B2C3,214,66786,66,5,5,2A3F,-93,-10,-63,15,11,200,-'
)


def test_a_joined_answer_that_no_part_can_stand_in_for_is_read_or_told_as_lost() -> None:
    def cells(answers: dict[str, str]) -> list[object]:
        told = read_modem(Modem({**QUECTEL, **answers}), deadline_s=1).reading.observations  # type: ignore[arg-type]
        return [
            one.registered if isinstance(one, ServingCell) else one.what
            for one in told
            if isinstance(one, ServingCell) or (isinstance(one, Unread) and one.what == "serving")
        ]

    assert cells({JOINED: f"{LIMITED}\r\n+CME ERROR: 13"}) == [False]
    assert cells({JOINED: "+CME ERROR: 13"}) == ["serving"]
    assert cells({JOINED: "+CME ERROR: 13", 'AT+QENG="servingcell"': LIMITED}) == [False]
    assert cells({}) == []
