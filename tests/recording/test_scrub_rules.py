"""Each rule of the scrubber by itself: what stays, what goes, what stands in its place, sign by sign."""

from __future__ import annotations

import pytest

from harness.recording.exchange import RecordingInfo
from harness.recording.scrubbing import known as known_module
from harness.recording.scrubbing import messages, shapes
from harness.recording.scrubbing.at import _bare_kind, scrub_records
from harness.recording.scrubbing.cells import scrub_cells
from harness.recording.scrubbing.known import KnownIdentifiers
from harness.recording.scrubbing.scrub import scrub, scrub_address, scrub_info
from harness.recording.scrubbing.words import MOST_PLACES, places, replace_at

IMEI, OTHER_IMEI, NO_IMEI = "356938035643809", "490154203237518", "262011234567890"
CELLS = [
    ("AT+CREG?", '+CREG: 2,1,"1A2B","1A2B3C4D",7', '+CREG: 2,1,"FFFE","00000000",7'),
    ("AT+CREG?", '+CREG: 1,"1A2B","1A2B3C4D",7', '+CREG: 1,"FFFE","00000000",7'),
    ("AT+CGREG?", '+CGREG: 2,1,"1A2B","7F","1A2B3C4D",7', '+CGREG: 2,1,"FFFE","7F","00000000",7'),
    ("AT+CREG?", '+CREG: 2,"1A2B","7F"', '+CREG: 2,"FFFE","00"'),
    ("AT+CREG?", '+CREG: 2,"1A2B"', '+CREG: 2,"FFFE"'),
    ("AT+CEREG?", "+CEREG: 2,1,1A2B,1A2B3C4D,7", "+CEREG: 2,1,FFFE,00000000,7"),
    ("AT+CEREG?", "+CEREG: 2,1,1A,7F,7", "+CEREG: 2,1,1A,7F,7"),
    ("AT+CEREG?", "+CEREG: 2,1,12,3", "+CEREG: 2,1,12,3"),
    ("AT+CEREG?", "+CEREG: 2,1", "+CEREG: 2,1"),
    ("AT+C5GREG?", '+C5GREG: 2,1,"1A2B3C","1A2B3C4D5",11', '+C5GREG: 2,1,"00FFFE","000000000",11'),
    ("AT+CREG?", '+CREG: 2,1,"0x1A","0x1A2B3C4D",7', '+CREG: 2,1,"0xFFFE","0x00000000",7'),
    ("AT+CREG?", '+CREG: 2,1,"1A2","1A2B3C4D",7', '+CREG: 2,1,"000","00000000",7'),
    ("AT#MONI", "#MONI: X BSIC:12 LAC:1A2B Id:7F3C ARFCN:12", "#MONI: X BSIC:12 LAC:FFFE Id:0000 ARFCN:12"),
    ("AT+XMCI=0", "+XMCI: 4,460,00,0x1A2B,0x1A2B3C4D,0x7F", "+XMCI: 4,460,00,0xFFFE,0x00000000,0x7F"),
    ("AT+XCCINFO?", "+XCCINFO: 0,460,00,1A2B3C4D,7,1,2,3,4,1A2B", "+XCCINFO: 0,460,00,00000000,7,1,2,3,4,FFFE"),
    (
        "AT%XMONITOR",
        '%XMONITOR: 1,"","","26201","1A2B",7,20,"1A2B3C4D",300',
        '%XMONITOR: 1,"","","26201","FFFE",7,20,"00000000",300',
    ),
    (
        "AT#SERVINFO",
        '#SERVINFO: 1300,-90,"T","26201",7F12345,1A2B,1,3,-9',
        '#SERVINFO: 1300,-90,"T","26201",0000000,FFFE,1,3,-9',
    ),
    (
        "AT^SMONI",
        "^SMONI: 4G,1300,3,10,10,FDD,262,01,1A2B,7F12345,300",
        "^SMONI: 4G,1300,3,10,10,FDD,262,01,FFFE,0000000,300",
    ),
    ("AT^MONSC", "^MONSC: LTE,460,00,1300,7F12345,12,1A2B,-90", "^MONSC: LTE,460,00,1300,0000000,12,FFFE,-90"),
    ("AT^MONSC", "^MONSC: WCDMA,460,00,10600,1,7F12345,1A2B,-90", "^MONSC: WCDMA,460,00,10600,1,0000000,FFFE,-90"),
    ("AT^MONSC", "^MONSC: GSM,460,00,1,512,1,7F12,1A2B,-90", "^MONSC: GSM,460,00,1,512,1,0000,FFFE,-90"),
    ("AT^MONSC", "^MONSC: NONE", "^MONSC: NONE"),
    ("AT+CPSI?", "+CPSI: LTE,Online,262-01,0x1A2B,27440068,308", "+CPSI: LTE,Online,262-01,0xFFFE,00000000,308"),
    ("AT+GTCCINFO?", "1,4,262,01,1A2B,7F12345,1300,12,103", "1,4,262,01,FFFE,0000000,1300,12,103"),
    ("AT+GTCCINFO?", "3,4,262,01,1A2B,7F12345,1300,12,103", "3,4,262,01,1A2B,7F12345,1300,12,103"),
    ("AT+GTCCINFO?", "1,4,262,01,1A2B,7F12345,1300,12", "1,4,262,01,1A2B,7F12345,1300,12"),
    ("AT+UCGED?", "6,4,262,01,1A2B,7F12345,1300", "6,4,262,01,FFFE,0000000,1300"),
    ("AT+UCGED?", "6,4,262,01,1A2B,7F12345", "6,4,262,01,1A2B,7F12345"),
    ("AT+ECELL?", '+ECELL: 0,12345678,"1A2B",7', '+ECELL: 0,00000000,"FFFE",7'),
    (
        "AT+QENG",
        '+QENG: "servingcell","CONNECT","LTE","FDD",262,01,7F12345,12,1300,3,5,5,1A2B,-90',
        '+QENG: "servingcell","CONNECT","LTE","FDD",262,01,0000000,12,1300,3,5,5,FFFE,-90',
    ),
    (
        "AT+QENG",
        '+QENG: "servingcell","CONNECT","NR5G-SA","TDD",262,01,7F1234567,12,1A2B3C,633333,78',
        '+QENG: "servingcell","CONNECT","NR5G-SA","TDD",262,01,000000000,12,00FFFE,633333,78',
    ),
    (
        "AT+QENG",
        '+QENG: "servingcell","CONNECT","WCDMA",262,01,1A2B,7F12345,10600',
        '+QENG: "servingcell","CONNECT","WCDMA",262,01,FFFE,0000000,10600',
    ),
    ("AT+QENG", '+QENG: "neighbourcell","LTE",1300,12,-9', '+QENG: "neighbourcell","LTE",1300,12,-9'),
    ("ATI", "TAC: 1A2B", "TAC: FFFE"),
    ("ATI", "TAC: 1A", "TAC: 00"),
    ("ATI", "TAC: 0x1A", "TAC: 0xFFFE"),
    ("ATI", "Physical Cell ID: 300", "Physical Cell ID: 300"),
    ("ATI", "Cell ID: 1A2B3C4D (440000000)", "Cell ID: 00000000 (0)"),
    ("ATI", '{"tac": 6699, "cell_id": 27440068, "nci":0}', '{"tac": 0, "cell_id": 0, "nci":0}'),
    ("dumpsys x", "mTac=6699 mCi = 27440068 mNci=5", "mTac=2147483647 mCi = 2147483647 mNci=9223372036854775807"),
    ("dumpsys x", "CellLocation=[6699,27440068,12]", "CellLocation=[-1,-1,12]"),
    ("dumpsys x", "CellLocation=[-1,-1,-1]", "CellLocation=[-1,-1,-1]"),
    ("AT!LTEINFO?", "2025 5230 310 410 1A2B 01A2B3C4", "2025 5230 310 410 FFFE 00000000"),
    ("qmicli", "Global Cell ID: '27440068'", "Global Cell ID: '00000000'"),
    ("qmicli", "LTE Tracking Area Code: '6699'", "LTE Tracking Area Code: '65534'"),
    ("qmicli", "5GNR Tracking Area Code: '6699'", "5GNR Tracking Area Code: '16777214'"),
    ("qmicli", "Serving Cell ID: '300'", "Serving Cell ID: '300'"),
    ("AT+CREG?", '+CREG: 2,1,"1A2B","7F",' + "1" * 2000, '+CREG: 2,1,"1A2B","7F",' + "1" * 2000),
]


@pytest.mark.parametrize(("request_", "text", "clean"), CELLS, ids=[one[1][:48] for one in CELLS])
def test_where_each_record_has_cell_and_area(request_, text, clean):
    kinds: set[str] = set()
    assert scrub_cells(text, request_, kinds) == clean
    assert bool(kinds) is (clean != text)
    assert scrub_cells(clean, request_, set()) == clean


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mTac=6699", {"tac"}),
        ("mLac=6699", {"tac"}),
        ("mCi=6699", {"cell_id"}),
        ("TAC: 1A2B", {"tac"}),
        ("tracking area code: 1A2B", {"tac"}),
        ("Cell ID: 1A2B", {"cell_id"}),
        ('{"tac": 6699}', {"tac"}),
        ('{"nci": 6699}', {"cell_id"}),
        ("CellLocation=[6699,-1,12]", {"tac"}),
        ("CellLocation=[-1,6699,12]", {"cell_id"}),
        ("Global Cell ID: '27440068'", {"cell_id"}),
        ("LTE Tracking Area Code: '6699'", {"tac"}),
    ],
)
def test_what_of_a_place_went(text, kinds):
    found: set[str] = set()
    scrub_cells(text, "x", found)
    assert found == kinds


def test_a_family_says_where_its_records_have_them():
    line = "+XYZ: 1,1A2B,7F12345"
    assert scrub_cells(line, "AT+XYZ?", set()) == line
    assert scrub_cells(line, "AT+XYZ?", set(), {"+XYZ": (2, 1)}) == "+XYZ: 1,FFFE,0000000"
    assert scrub_cells(line, "AT+XYZ?", set(), {"+XYZ": (None, 1)}) == "+XYZ: 1,FFFE,7F12345"
    assert scrub_cells(line, "AT+XYZ?", set(), {"+XYZ": (0, None)}) == "+XYZ: 0,1A2B,7F12345"
    assert scrub_cells(line, "AT+XYZ?", set(), {"+XYZ": (3, -1)}) == line


MESSAGES = [
    (
        'before\r\n+CMGR: "REC READ"\r\nSecret words\r\nmore\r\nOK\r\nafter',
        'before\r\n+CMGR: "REC READ"\r\n****** *****\r\n****\r\nOK\r\nafter',
    ),
    ("+CMGL: 1,1\r\n0791448720003023\r\n+CSQ: 1,2\r\nplain", "+CMGL: 1,1\r\n0000000000000000\r\n+CSQ: 1,2\r\nplain"),
    ("+CMT: x\r\nHello\r\n\r\nRING\r\nplain", "+CMT: x\r\n*****\r\n\r\nRING\r\nplain"),
    ("+CBM: 1\r\nhi\r\nERROR\r\nx", "+CBM: 1\r\n**\r\nERROR\r\nx"),
    ("no header\r\nat all", "no header\r\nat all"),
]


@pytest.mark.parametrize(("text", "clean"), MESSAGES)
def test_the_bodies_of_short_messages_go_and_nothing_around_them(text, clean):
    kinds: set[str] = set()
    assert messages.scrub_messages(text, kinds) == clean
    assert kinds == ({"message"} if text != clean else set())


RECORDS = [
    ("AT+CPBR=1", '+CPBR: 1,"+4917612345678",145,"Jane"', '+CPBR: 1,"+0000000000000",145,"****"'),
    ("AT+CPBR=1", '+CPBR: 1,"Jane",145,"Doe","x"', '+CPBR: 1,"Jane",145,"***","*"'),
    ("AT+CUSD=1", '+CUSD: 0,"Your balance",15', '+CUSD: 0,"**** *******",15'),
    ("AT+CNUM", '+CNUM: "Jane","+4917612345678",145', '+CNUM: "****","+0000000000000",145'),
    ("AT+CNUM", '+CNUM: "","123",129', '+CNUM: "","123",129'),
    ("AT+CSCA?", '+CSCA: "2B343931373631323334353637",145', '+CSCA: "2B303030303030303030303030",145'),
    ("AT+CCFC=0,2", "+CCFC: 1,1,4917612345678,145", "+CCFC: 1,1,0000000000000,145"),
    ("AT+CLCC", "+CLCC: 1,0,0,0,0,123,129", "+CLCC: 1,0,0,0,0,123,129"),
    (
        "AT+CMGR=1",
        '+CMGR: "REC READ","+4917612345678",,"25/01/09,10:26:49+04"',
        '+CMGR: "REC READ","+0000000000000",,"25/01/09,10:26:49+04"',
    ),
    ("AT+CMGL", '+CMGL: 1,"STO UNSENT","+4917612345678"', '+CMGL: 1,"STO UNSENT","+0000000000000"'),
    ("AT+CRSM=176,28423,0,0,9", '+CRSM: 144,0,"082926011234567890"', '+CRSM: 144,0,"082926000000000000"'),
    ("AT+CSIM=10", '+CSIM: 22,"0829260112345678909000"', '+CSIM: 22,"0829260000000000009000"'),
    ("AT+CRSM=176", '+CRSM: 144,0,"0829"', '+CRSM: 144,0,"0829"'),
    ("AT+UPSD=0", '+UPSD: 0,2,"jane"', '+UPSD: 0,2,"****"'),
    ("AT+UPSD=0", '+UPSD: 0,3,"secret"', '+UPSD: 0,3,"******"'),
    ("AT+UPSD=0", '+UPSD: 0,1,"internet"', '+UPSD: 0,1,"internet"'),
    ("AT+QICSGP=1", '+QICSGP: 1,"internet","jane","secret",1', '+QICSGP: 1,"internet","****","******",1'),
    ("AT+CSTT?", '+CSTT: "internet","jane","secret"', '+CSTT: "internet","****","******"'),
    ("AT$QCPDPP?", '$QCPDPP: 1,1,"secret","jane"', '$QCPDPP: 1,1,"******","****"'),
    ("AT+CGAUTH?", '+CGAUTH: 1,1,"jane","secret"', '+CGAUTH: 1,1,"****","******"'),
    ("AT^PHYNUM?", f"^PHYNUM: IMEI,{IMEI}", "^PHYNUM: IMEI,356938030000000"),
    ("AT^PHYNUM?", "^PHYNUM: MAC,A1B2C3D4E5F6", "^PHYNUM: MAC,000000000000"),
    ("AT^DHCP?", "^DHCP: 4D01400A,FFFFFF00,1", "^DHCP: 00000000,00000000,1"),
    ("AT+CGSN", f"+CGSN: {IMEI}", "+CGSN: 356938030000000"),
    ("AT+CIFSR", "10.64.1.77", "0.0.0.0"),
    (
        "AT+DEVCONINFO",
        f"+DEVCONINFO: MN(SM-A);SN(R58M12ABCDE);IMEI({IMEI});PN(+4917612345678)",
        "+DEVCONINFO: MN(SM-A);SN(00000000000);IMEI(356938030000000);PN(+0000000000000)",
    ),
    ("AT+CGSN", f"{IMEI[:8]}\r\n{IMEI[8:]}", "35693803\r\n0000000"),
    ("AT+CIMI", f"{NO_IMEI[:7]}\r\n{NO_IMEI[7:]}", "2620100\r\n00000000"),
    ("AT+CSQ", f"{IMEI[:8]}\r\n{IMEI[8:]}", f"{IMEI[:8]}\r\n{IMEI[8:]}"),
    ("AT+CRSM=176,28539,0,0,12", '+CRSM: 144,0,"62F210FFFFFF"', '+CRSM: 144,0,"62F210FFFFFF"'),
]


@pytest.mark.parametrize(("request_", "text", "clean"), RECORDS, ids=[one[1][:40] for one in RECORDS])
def test_what_goes_of_each_record(request_, text, clean):
    kinds: set[str] = set()
    assert scrub_records(text, request_, kinds) == clean
    assert bool(kinds) is (text != clean)


@pytest.mark.parametrize(
    ("asked", "value", "blank"),
    [
        ("AT+CGSN", IMEI, shapes.imei_value),
        ("AT+GSN", "35693803564380", shapes.imei_value),
        ("AT+SIMEI?", NO_IMEI, shapes.imei_value),
        ("AT+CIMI", NO_IMEI, shapes.imsi_value),
        ("AT+CIMI", IMEI, shapes.imsi_value),
        ("AT+CGSN;+CIMI", IMEI, shapes.imei_value),
        ("AT+CGSN;+CIMI", NO_IMEI, shapes.imsi_value),
        ("AT+CCID", "8949024000001234567", shapes.iccid_value),
        ("AT+CCID", "89490240000012", shapes.iccid_value),
        ("AT+CCID;+CGSN", IMEI, shapes.imei_value),
        ("AT+CCID;+CGSN", "8949024000001234567", shapes.iccid_value),
        ("AT+ICCID", "89860318\x34A0220133897", shapes.iccid_value),
        ("AT+CSQ", IMEI, shapes.imei_value),
        ("AT+CSQ", OTHER_IMEI, shapes.imei_value),
        ("AT+CSQ", NO_IMEI, None),
        ("AT+CSQ", "356938035643800", None),
        ("AT+CSQ", "8949024000001234567", None),
        ("AT+CGSN", "356938030000000", None),
        ("AT+CGSN", "8949024000001234567", None),
    ],
)
def test_what_a_bare_number_is_by_its_command(asked, value, blank):
    assert _bare_kind(value, asked) is blank


@pytest.mark.parametrize(
    ("kind", "value", "is_kept"),
    [
        ("imei", IMEI, True),
        ("imei", IMEI[:14], True),
        ("imei", IMEI[:13], False),
        ("imei", "111222111222111", False),
        ("imei", "111222111222334", True),
        ("imsi", NO_IMEI, True),
        ("iccid", "8949024000001234567", True),
        ("iccid", "89490240000012345", False),
        ("phone", "+491761234", True),
        ("phone", "+49176123", False),
        ("serial", "R58M12AB", True),
        ("serial", "R58M12A", False),
        ("serial", "ABCDEFGH", False),
        ("mac", "A1:B2:C3:D4:E5:F6", True),
        ("name", "Grandpa 1234", False),
        ("ip", "10.64.1.77", False),
    ],
)
def test_an_identifier_is_known_again_where_it_can_be_told_from_other_numbers(kind, value, is_kept):
    known = KnownIdentifiers()
    known.learn(kind, value)
    kinds: set[str] = set()
    plain = "".join(sign for sign in value if sign.isalnum())
    assert (known.hide(f"x {plain} y", kinds) != f"x {plain} y") is is_kept
    assert kinds == ({kind} if is_kept else set())


def test_no_more_identifiers_are_kept_than_a_device_has():
    known = KnownIdentifiers()
    serials = [f"S{number:03d}XYZW" for number in range(known_module._MOST + 1)]
    for serial in serials:
        known.learn("serial", serial)
    assert known.hide(serials[-2], set()) == "00000000"
    assert known.hide(serials[-1], set()) == serials[-1]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (IMEI, "356938030000000"),
        (IMEI[:14], "35693803000000"),
        (IMEI.encode().hex(), b"356938030000000".hex()),
        (IMEI.encode("utf-16-be").hex().upper(), "356938030000000".encode("utf-16-be").hex().upper()),
        (IMEI.encode("utf-16-le").hex(), "356938030000000".encode("utf-16-le").hex()),
        (f"{IMEI[:10]}\r\n{IMEI[10:]}", "3569380300\r\n00000"),
        (f"{IMEI[:4]} \n {IMEI[4:]}", "3569 \n 38030000000"),
    ],
)
def test_the_forms_of_a_known_imei(text, clean):
    known = KnownIdentifiers()
    known.learn("imei", IMEI)
    assert known.hide(f"<{text}>", set()) == f"<{clean}>"


def test_a_known_imsi_goes_as_the_card_packs_it():
    known = KnownIdentifiers()
    known.learn("imsi", NO_IMEI)
    packed = "29" + "".join(NO_IMEI[1:][at + 1] + NO_IMEI[1:][at] for at in range(0, 14, 2))
    assert NO_IMEI[1:][-2:] not in known.hide(packed, set())
    assert known.hide(packed, set()).startswith("2926")
    assert set(known.hide(packed, set())[4:]) == {"0"}


@pytest.mark.parametrize(
    ("blank", "text", "clean"),
    [
        (shapes.imei_value, "A100001234567D", "A1000012000000"),
        (shapes.imei_value, "35693803564380", "35693803000000"),
        (shapes.imei_value, "3569380356438", "3569380356438"),
        (shapes.imei_value, "ABCDEFABCDEFAB", "ABCDEFABCDEFAB"),
        (shapes.imsi_value, NO_IMEI, "262010000000000"),
        (shapes.imsi_value, "310410123456789", "310410000000000"),
        (shapes.imsi_value, "26201", "26201"),
        (shapes.imsi_value, "262011", "262010"),
        (shapes.iccid_value, "8949024000001234567F", "8949020000000000000F"),
        (shapes.iccid_value, "abcdefghijklmnop==", "0000000000000000=="),
        (shapes.iccid_value, "short", "short"),
        (shapes.serial_value, "R58-M1", "000-00"),
        (shapes.serial_value, "AB1", "AB1"),
        (shapes.serial_value, "ABCD", "ABCD"),
        (shapes.mac_value, "A1:B2:C3:D4:E5:F6", "00:00:00:00:00:00"),
        (shapes.mac_value, "A1B2C3D4E5", "A1B2C3D4E5"),
        (shapes.phone_value, "+1234", "+0000"),
        (shapes.phone_value, "+123", "+123"),
        (shapes.tmsi_value, "A1B2C3D4", "00000000"),
        (shapes.tmsi_value, "FFFFffff", "FFFFffff"),
        (shapes.msin_value, "0123AB", "000000"),
        (shapes.name_value, "My Net", "** ***"),
        (shapes.name_value, "<unknown ssid>", "<unknown ssid>"),
        (shapes.name_value, "null", "null"),
        (shapes.location_value, "48.1,N", "00.0,N"),
        (shapes.account_value, "jane", "****"),
        (shapes.address_value, "10.64.1.77", "0.0.0.0"),
        (shapes.address_value, "127.0.0.1", "127.0.0.1"),
        (shapes.address_value, "255.255.255.0", "255.255.255.0"),
        (shapes.address_value, "0.0.0.0", "0.0.0.0"),
        (shapes.address_value, "10.64.1", "10.64.1"),
        (shapes.address_value, "10.64.1.256", "10.64.1.256"),
        (shapes.address_value, "10.64.1.07", "10.64.1.07"),
        (shapes.address_value, "10.64.1.77.255.255.255.0", "0.0.0.0.0.0.0.0"),
        (shapes.address_value, "1.2.3.4.5", "1.2.3.4.5"),
        (shapes.address_value, "2001:db8:1:2:3:4:5:6", "::"),
        (shapes.address_value, "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        (shapes.address_value, "fe80::1", "::"),
        (shapes.address_value, "2001::", "::"),
        (shapes.address_value, "::1", "::1"),
        (shapes.address_value, "a::b", "a::b"),
        (shapes.address_value, "x::1", "x::1"),
        (shapes.address_value, "1::2::3", "1::2::3"),
        (shapes.address_value, "12345::1", "12345::1"),
        (shapes.address_value, "fe80::1 and fe80::2 x", ":: and :: x"),
        (shapes.address_value, "a::b fe80::2,fe80::3", "a::b ::,::"),
    ],
)
def test_what_stands_in_the_place_of_each_kind(blank, text, clean):
    kinds: set[str] = set()
    assert blank(text, kinds) == clean
    assert bool(kinds) is (text != clean)
    assert blank(clean, set()) == clean


@pytest.mark.parametrize(
    ("digits", "holds"),
    [
        (IMEI, True),
        (OTHER_IMEI, True),
        (IMEI[:-1] + "8", False),
        ("0", True),
        ("18", True),
        ("59", True),
        ("92", False),
    ],
)
def test_the_check_digit(digits, holds):
    assert shapes.luhn(digits) is holds


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("R58M12ABCDE", "00000000000"),
        ("emulator-5554", "emulator-5554"),
        ("COM7", "COM7"),
        ("/dev/ttyUSB2", "/dev/ttyUSB2"),
        ("fixture:a1b2", "fixture:a1b2"),
        ("bench:a1b2", "bench:a1b2"),
        ("labgrid:rack-1-mix-2", "labgrid:rack-1-mix-2"),
        ("labgrid:kind=modem,model=rm520n", "labgrid:kind=modem,model=rm520n"),
        ("192.168.1.7:5555", "0.0.0.0:5555"),
        ("socket://192.168.1.7:5000", "socket://0.0.0.0:5000"),
        ("R58M12ABCDE + /dev/ttyUSB2", "00000000000 + /dev/ttyUSB2"),
        (
            "/dev/serial/by-id/usb-Quectel_LTE_0123456789AB-if02-port0",
            "/dev/serial/by-id/usb-Quectel_LTE_000000000000-if02-port0",
        ),
        ("adb://192.168.1.7:5037/R58M12ABCDE", "adb://0.0.0.0:5037/00000000000"),
    ],
)
def test_an_address_for_strangers(address, shown):
    assert scrub_address(address) == shown


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"number {OTHER_IMEI} of it", "number 490154200000000 of it"),
        (f"number {NO_IMEI} of it", f"number {NO_IMEI} of it"),
        (f"the imsi is {NO_IMEI}", "the imsi is 262010000000000"),
        (f"BAND mask {OTHER_IMEI}", f"BAND mask {OTHER_IMEI}"),
        (f"IMEI and BAND {OTHER_IMEI}", "IMEI and BAND 490154200000000"),
        ("card 8949024000001234567", "card 8949020000000000000"),
        ("card 7949024000001234567", "card 7949024000001234567"),
        (f"v{OTHER_IMEI}", f"v{OTHER_IMEI}"),
        (f"{OTHER_IMEI}.1", f"{OTHER_IMEI}.1"),
        ("call +4917612345678 now", "call +0000000000000 now"),
        ("call +0917612345678 now", "call +0917612345678 now"),
        ("sip:4917612345678", "sip:0000000000000"),
        ("262011234567890@nai.example", "262010000000000@nai.example"),
        ("http://jane:secret@x/", "http://***********@x/"),
    ],
)
def test_what_has_a_shape_of_its_own_in_free_text(text, clean):
    assert scrub(text, request="dumpsys x")[0] == clean


def test_words_are_found_where_they_stand_also_overlapping():
    import re

    assert places("aXaXaa", "a") == [0, 2, 4, 5]
    assert places("aaaa", "aa") == [0, 1, 2]
    assert places("b", "a") == []
    assert len(places("a" * (MOST_PLACES + 50), "a")) == MOST_PLACES + 1
    pattern = re.compile("a+")
    assert replace_at("aab aa", [0, 1, 4], pattern, lambda _: "-") == "-b -"
    assert replace_at("xab", [0], pattern, lambda _: "-") == "xab"


def test_each_kind_of_message_is_looked_for() -> None:
    assert [messages.has_messages(text) for text in ("+CMT: 1", "+CMGR: 1", "+CDS: 1", "+CBM: 1", "+CSQ: 1")] == [
        *(True, True, True, True),
        False,
    ]
    assert messages.card_value("0829260112345678959000", set()) == "0829260000000000009000"
    assert messages.card_value("082926011234567895", set()) == "082926000000000000"


@pytest.mark.parametrize("sign", ["", ":", "-"])
def test_a_known_mac_goes_in_each_of_its_writings(sign: str) -> None:
    known = KnownIdentifiers()
    known.learn("mac", "A1:B2:C3:D4:E5:F6")
    written = sign.join(("a1", "b2", "c3", "d4", "e5", "f6"))
    assert known.hide(f"<{written}>", set()) == f"<{sign.join(['00'] * 6)}>"


@pytest.mark.parametrize("text", ["x2001::5", ".2001::5", "2001::5x", "_fe80::1:2"])
def test_what_only_looks_like_an_address_stays(text: str) -> None:
    assert shapes.address_value(text, set()) == text
    assert shapes.address_value("(2001::5)", set()) == "(::)"


def test_the_words_of_a_recording_keep_versions() -> None:
    told = {"build": "10.0.1.2", "serial": "R58M12ABCDE", "model": "EC25"}
    found, kinds = scrub_info(RecordingInfo("r", "recorded", device=told, address="R58M12ABCDE"))
    assert found.device == {"build": "10.0.1.2", "serial": "00000000000", "model": "EC25"}
    assert (found.address, kinds) == ("00000000000", {"serial"})
