"""A modem is identified and read with few requests; what it does not answer costs nothing but itself."""

from __future__ import annotations

from harness.observations import EnabledBands, Registration, Sim
from harness.probes.at.session import MOST_REQUESTS, read_modem
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
