"""Answers of 3GPP commands, with the vendors' habits."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ParseError
from harness.observations import Network, Registration, Service, ServingCell, Signal, Sim
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


@pytest.mark.parametrize(
    ("command", "text", "services"),
    [
        ("AT+CEREG?", "+CEREG: 0,6", [("eps_services", "sms")]),
        ("AT+CEREG?", "+CEREG: 0,7", [("eps_services", "sms")]),
        ("AT+CGREG?", "+CGREG: 0,6", [("ps_services", "sms")]),
        ("AT+CREG?", "+CREG: 0,6", []),
        ("AT+CEREG?", "+CEREG: 0,9", []),
        ("AT+CEREG?", "+CEREG: 0,1", []),
    ],
)
def test_a_registration_for_sms_alone_is_told_beside_it(command: str, text: str, services: list[Any]) -> None:
    assert [(one["name"], one["state"]) for one in told(text, command, "service")] == services


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


REGISTRATION_FORMS = [
    # name, fields behind <stat>, state read, RAT, cause
    ("+CREG", "", None, None),
    ("+CREG", ',"1A2D","01B2C3D4"', None, None),
    ("+CREG", ',"1A2D","01B2C3D4",2', "umts", None),
    ("+CREG", ',"1A2D","01B2C3D4",7,0,11', "lte", 11),
    ("+CGREG", ',"1A2D","01B2C3D4",7,"01"', "lte", None),
    ("+CGREG", ',"1A2D","01B2C3D4",4,"01",0,7', "umts", 7),
    ("+CGREG", ',"1A2D","01B2C3D4",7,"01",,,"00000110","00000110"', "lte", None),
    ("+CEREG", ',"1A2D","01B2C3D4",7', "lte", None),
    ("+CEREG", ',"1A2D","01B2C3D4",9,0,15', "nb_iot", 15),
    ("+CEREG", ',"1A2D","01B2C3D4",7,,,"00000110","00000110"', "lte", None),
    ("+CEREG", ',"1A2D","01B2C3D4",7,1,15', "lte", None),
    ("+C5GREG", ',"00001A","000000001",11', "nr", None),
    ("+C5GREG", ',"00001A","000000001",11,1,"01"', "nr", None),
    ("+C5GREG", ',"00001A","000000001",11,9,"01.0000AA:02",0,27', "nr", 27),
]


@pytest.mark.parametrize(("name", "rest", "rat", "cause"), REGISTRATION_FORMS)
@pytest.mark.parametrize(("stat", "state"), [(1, "home"), (5, "roaming"), (3, "denied"), (6, "home"), (8, "emergency")])
def test_registration_of_every_length_as_an_answer_and_unasked(
    name: str, rest: str, rat: str | None, cause: int | None, stat: int, state: str
) -> None:
    answer = read(f"{name}: 3,{stat}{rest}\r\nOK\r\n", f"AT{name}?")
    code = read(f"{name}: {stat}{rest}\r\n", name)
    for reading in (answer, code):
        found = next(o for o in reading.observations if isinstance(o, Registration))
        assert (found.state, found.rat, found.cause) == (state, rat, cause)
    with pytest.raises(ParseError):
        read(f"{name}: {stat}{rest}\r\nOK\r\n", f"AT{name}?")


def test_of_several_unsolicited_codes_the_newest_counts() -> None:
    (found,) = read("+CEREG: 2\r\n+CEREG: 5\r\n", "+CEREG").observations
    assert isinstance(found, Registration)
    assert found.state == "roaming"


@pytest.mark.parametrize(
    "text",
    [
        '+COPS: (2,"A Net","A","26201",7),(1,"B","B","26202",7),,(0-4),(0-2)',
        '+COPS: (2,"A Net","A","26201",7)(1,"B","B","26202",7)',
        "+COPS: (2,A Net,A,26201,7),(1,B,B,26202,7),,(0,1,2,3,4),(0,1,2)",
        '+COPS: (2,"A Net","A","26201",7,),(1,"B","B","26202",7,),',
        '+COPS: (2,"A Net","A","26201",7)\r\n+COPS: (1,"B","B","26202",7)',
        '+COPS: (2,"A Net","A","26201",7),(1,"B","26202",7)',
        '+COPS: ( 2 , "A Net" , "A" , "26201" , 7 ) , ( 1 , "B" , "B" , "26202" , 7 )',
        '+COPS: (2,"A (Net)","A","26201",7),(1,"B, C","B","26202",7)',
    ],
)
def test_a_scan_is_read_past_the_makers_mistakes(text: str) -> None:
    found = [o for o in read(text + "\r\nOK\r\n", "AT+COPS=?").observations if isinstance(o, Network)]
    assert [(o.plmn, o.status, o.rat) for o in found] == [("26201", "current", "lte"), ("26202", "available", "lte")]


def test_the_operator_in_numbers_is_the_plmn_of_the_cell_but_no_registration() -> None:
    found = read('+COPS: 0,2,"20201",13\r\nOK\r\n', "AT+COPS?").observations
    (cell,) = (o for o in found if isinstance(o, ServingCell))
    assert (cell.rat, cell.plmn, cell.registered) == ("lte", "20201", None)
    found = read('+COPS: 0,0,"A Net",7\r\nOK\r\n', "AT+COPS?").observations
    assert not any(isinstance(o, ServingCell) for o in found)


@pytest.mark.parametrize(
    ("final", "state"),
    [
        ("+CME ERROR: 10", "absent"),
        ("+CME ERROR: 11", "pin_required"),
        ("+CME ERROR: 12", "puk_required"),
        ("+CME ERROR: 13", "error"),
        ("+CME ERROR: 14", "not_ready"),
        ("+CME ERROR: SIM not inserted", "absent"),
        ("+CME ERROR: SIM busy", "not_ready"),
    ],
)
def test_a_refusal_tells_the_state_of_the_sim(final: str, state: str) -> None:
    (found,) = read(f"{final}\r\n", "AT+CPIN?").observations
    assert isinstance(found, Sim)
    assert found.state == state
    (found,) = read(f"+CPIN: READY\r\n{final}\r\n", "AT+CPIN?").observations
    assert isinstance(found, Sim)
    assert found.state == state


@pytest.mark.parametrize("text", ["+CME ERROR: 100\r\n", "ERROR\r\n", "+CME ERROR: 10"])
def test_other_or_cut_refusals_tell_nothing_of_the_sim(text: str) -> None:
    with pytest.raises(ParseError, match="refused"):
        read(text, "AT+CPIN?")


def test_a_joined_answer_that_failed_in_part_warns() -> None:
    reading = read("+CSQ: 20,99\r\n+CME ERROR: 3\r\n", "AT+CSQ;+CEREG?")
    assert len(reading.observations) == 1
    assert any("+CME ERROR: 3" in warning for warning in reading.warnings)


def test_contexts_tell_their_type_and_not_their_name() -> None:
    reading = read('+CGDCONT: 1,"IPV4V6","someone.example","0.0.0.0",0,0\r\nOK\r\n', "AT+CGDCONT?")
    (found,) = reading.observations
    assert isinstance(found, Service)
    assert (found.name, found.state) == ("pdp_context_1", "ipv4v6")
    assert "someone" not in repr(reading)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("AT+CNUM", '+CNUM: "Me","+15550100123",145'),
        ("AT+CCID", "+CCID: 8949000000000000001F"),
        ("AT+ICCID", "+ICCID: 89490000000000000011"),
        ("AT^ICCID?", '^ICCID: "89490000000000000011"'),
        ("AT#CCID", "#CCID: 89490000000000000011"),
        ("AT+QCCID", "+QCCID: 89490000000000000011"),
        ("AT%XICCID", "%XICCID: 89490000000000000011"),
    ],
)
def test_numbers_of_subscriber_and_card_are_not_kept(command: str, text: str) -> None:
    with pytest.raises(ParseError, match="personal") as caught:
        read(text + "\r\nOK\r\n", command)
    assert "55501" not in str(caught.value)
    assert "8949" not in str(caught.value)


@pytest.mark.parametrize("text", ["+CSQ: 20,99\r\n+CSQ: 21,99", "+CSQ: 99,99", "+CSQ: 120,99"])
def test_levels_that_differ_or_are_not_known_are_not_told(text: str) -> None:
    with pytest.raises(ParseError):
        read(f"{text}\r\nOK\r\n", "AT+CSQ")


def test_levels_of_every_length() -> None:
    (lte,) = read("+CESQ: 99,99,255,255,30,90\r\nOK\r\n", "AT+CESQ").observations
    (nr,) = read("+CESQ: 99,99,255,255,255,255,60,90,80\r\nOK\r\n", "AT+CESQ").observations
    (gsm,) = read("+CESQ: 40,0,255,255,255,255\r\nOK\r\n", "AT+CESQ").observations
    assert isinstance(lte, Signal)
    assert isinstance(nr, Signal)
    assert isinstance(gsm, Signal)
    assert (lte.rat, lte.rsrp_dbm, lte.rsrq_db) == ("lte", -51.0, -5.0)
    assert (nr.rat, nr.rsrp_dbm, nr.rsrq_db, nr.sinr_db) == ("nr", -67.0, -13.5, 16.5)
    assert (gsm.rat, gsm.rssi_dbm) == ("gsm", -71.0)
