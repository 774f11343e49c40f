"""Answers of 3GPP commands, with the vendors' habits."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ParseError
from harness.probes.at import read


def told(text: str, command: str, kind: str) -> list[dict[str, Any]]:
    return [o.as_json() for o in read(text + "\r\nOK\r\n", command).observations if o.kind == kind]


@pytest.mark.parametrize(
    ("command", "text", "domain", "state", "rat"),
    [
        ("AT+CREG?", "+CREG: 1,5", "cs", "roaming", None),
        ("AT+CREG?", "+CREG: 2,1,3584,ef4a08,7", "cs", "home", "lte"),
        ("AT+CGREG?", "+CGREG: 2,0", "ps", "not_registered", None),
        ("AT+CEREG?", '+CEREG: 2,1,"A989","D0","A9EE06",7', "eps", "home", "lte"),
        ("AT+CEREG?", '+CEREG: 5,5,"420F","00E2BD12",7,,,"00001010","00110100"', "eps", "roaming", "lte"),
        ("AT+CEREG?", "+CEREG: 0,90", "eps", "unknown", None),
        ("AT+CEREG?", "+CEREG: 2\r\n+CEREG: 1,2", "eps", "searching", None),
        ("AT+C5GREG=2;+C5GREG?", '+C5GREG: 2,1,"114000","100072000",11,4,"01.010101"', "5gs", "home", "nr"),
        ("AT+CREG?", "+CREG: 0,6", "cs", "home", None),
        ("AT+CREG?", "+CREG: 0,8", "cs", "emergency", None),
    ],
)
def test_registration(command: str, text: str, domain: str, state: str, rat: str | None) -> None:
    [found] = told(text, command, "registration")
    assert (found["domain"], found["state"], found["rat"]) == (domain, state, rat)


@pytest.mark.parametrize("text", ["+CEREG: 1", '+CEREG: 1,"00A8","5355E8D",7', "+CEREG: 1,8,44F5C,7"])
def test_an_unsolicited_code_is_no_answer(text: str) -> None:
    with pytest.raises(ParseError, match="unsolicited"):
        read(text + "\r\nOK\r\n", "AT+CEREG?")


def test_the_tracking_area_is_hexadecimal_and_the_cause_is_kept() -> None:
    [cell] = told('+CEREG: 2,1,"3584","00ef4a08",7', "AT+CEREG?", "serving_cell")
    assert (cell["tac"], cell["registered"], cell["rat"]) == (0x3584, True, "lte")
    assert told("+CEREG: 3,3,,,,0,15", "AT+CEREG?", "registration")[0]["cause"] == 15


def test_a_scan_is_read_past_the_mode_lists() -> None:
    text = '+COPS: (2,"o2 - de","o2 - de","26203",0),(3,"262 02",,"26202",9),,(0,1,2,3,4),(0,1,2)'
    rows = told(text, "AT+COPS=?", "network")
    assert [(r["plmn"], r["status"], r["short_name"], r["rat"]) for r in rows] == [
        ("26203", "current", "o2 - de", "gsm"),
        ("26202", "forbidden", None, "nb_iot"),
    ]


def test_operator_in_two_formats_is_one_network() -> None:
    text = '+COPS: 0,0,"NOS",7\r\n+COPS: 0,2,"26803",7'
    [row] = told(text, "AT+COPS=3,0;+COPS?;+COPS=3,2;+COPS?", "network")
    assert (row["long_name"], row["plmn"], row["rat"]) == ("NOS", "26803", "lte")


def test_levels_follow_the_tables_and_unknown_stays_away() -> None:
    [level] = told("+CESQ: 99,99,255,255,12,40", "AT+CESQ", "signal")
    assert (level["rat"], level["rsrp_dbm"], level["rsrq_db"], level["rssi_dbm"]) == ("lte", -101, -14, None)
    assert told("+CSQ: 16,99", "AT+CSQ", "signal")[0]["rssi_dbm"] == -81
    with pytest.raises(ParseError):
        read("+CSQ: 99,99\r\nOK\r\n", "AT+CSQ")


def test_personal_digits_never_leave() -> None:
    assert told('+CGSN: "490154203237518"', "AT+CGSN", "identity")[0]["tac_imei"] == "49015420"
    assert told("310410123456789", "AT+CIMI", "sim")[0]["plmn"] == "310410"
    assert told("262011234567890", "AT+CIMI", "sim")[0]["plmn"] == "26201"
    identity = read("Quectel\r\nEM12\r\nRevision: EM12GPAR01A21M4G\r\nIMEI: 490154203237518\r\nOK\r\n", "ATI")
    assert "490154203237518" not in str(identity)
    assert "EM12GPAR01A21M4G" in str(identity)


@pytest.mark.parametrize(
    ("text", "state"), [("READY", "ready"), ("SIM PUK", "puk_required"), ("NOT INSERTED", "absent")]
)
def test_sim(text: str, state: str) -> None:
    assert told(f"+CPIN: {text}", "AT+CPIN?", "sim")[0]["state"] == state


def test_selection_radio_and_ims() -> None:
    assert told("+WS46: 31", "AT+WS46?", "network_mode")[0]["rats"] == ["umts", "lte"]
    assert told("+CFUN: 4", "AT+CFUN?", "service")[0]["state"] == "off"
    assert told("+CIREG: 0,1", "AT+CIREG?", "service")[0]["state"] == "registered"


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet='0123456789ABCDEF,"()- \r\n', max_size=120),
    st.sampled_from(
        [
            "CREG",
            "CGREG",
            "CEREG",
            "C5GREG",
            "COPS",
            "CPIN",
            "CFUN",
            "WS46",
            "CIREG",
            "CESQ",
        ]
    ),
)
def test_any_text_is_read_or_refused_in_our_words(text: str, name: str) -> None:
    with suppress(ParseError):  # any other error fails
        read(f"+{name}: {text}", f"AT+{name}?")
