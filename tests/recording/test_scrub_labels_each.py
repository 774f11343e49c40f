"""Every writing of every label, wherever it stands in a text; records of a modem's family; what is known elsewhere."""

from __future__ import annotations

import pytest
from test_scrub_rules import CELLS, RECORDS

from harness.recording.exchange import Exchange, Interruption
from harness.recording.scrubbing import labels, words
from harness.recording.scrubbing.at import scrub_records
from harness.recording.scrubbing.cells import scrub_cells
from harness.recording.scrubbing.known import KnownIdentifiers
from harness.recording.scrubbing.labels import scrub_labelled
from harness.recording.scrubbing.scrub import hide_address, known_of, scrub, scrub_exchange

IMEI, MEID, IMSI, ICCID = "356938035643809", "A100001234567D", "262011234567890", "8949024000001234567"
NO_IMEI = "356938030000000"
LABELS = [
    *((f"{label}: {MEID}", "imei") for label in ("imei", "meid", "deviceid", "device_id", "imei_1", "IMEI")),
    *((f"{label}={IMSI}", "imsi") for label in ("imsi", "subscriberid", "subscriber_id")),
    *((f"{label}=262 01 1234567890", "imsi") for label in ("imsi", "subscriberid", "subscriber_id")),
    ("msin=123456", "imsi"),
    ("suci-0-262-01-0-0-0-1234567890", "imsi"),
    ("schid0.userid1234567890", "imsi"),
    ("esn: 80A1B2C3", "serial"),
    *((f"{label}: 12345678", "iccid") for label in ("iccid", "icc_id", "cardstring", "simserial", "eid")),
    *(
        (f"{label}=0123456", "phone")
        for label in (
            *("incomingnumber", "incoming number", "incoming_number", "line1", "line1number", "msisdn"),
            *("phonenumber", "phone number", "phone_number", "voicemailnumber", "voicemail number"),
            *("voice mailnumber", "voice mail number", "voice_mail_number", "subscriptionnumber"),
            *("subscription number", "subscription_number", "foregroundcallstate", "numberfromims", "number"),
        )
    ),
    *(
        (f"{label}: AB1234", "serial")
        for label in ("serial", "serialno", "serial number", "serial_num", "sn", "fsn", "s/n")
    ),
    *(
        (f"{label}=1234567890abcdef", "serial")
        for label in ("android_id", "androidid", "gsf_id", "gsfid", "advertising_id", "advertisingid")
    ),
    *((f"{label}: 12345", "phone") for label in ("own", "own number", "own-numbers", "own.value[1]")),
    *((f"{label}: {'1234567890' * 4}", "serial") for label in ("device id", "device-id", "device identifier")),
    *((f"{label}: A1B2C3", "tmsi") for label in ("tmsi", "m-tmsi", "guti", "s-tmsi")),
    ("guti 31-41-02", "tmsi"),
    ("guti 310410-02-0040", "tmsi"),
    ("ssid: Blue", "name"),
    ("displayname=Grandpa,", "name"),
    ("nickname: Grandpa", "name"),
    *((f"{label}: grandpa", "name") for label in ("hostname", "host name", "host_name", "host-name")),
    *(
        (f"{label}=jane", "apn_user")
        for label in ("proxyuser", "proxy_username", "proxy user name", "proxy-pass", "proxypasswd", "proxy_password")
    ),
    *((f"{label}: 37.42", "location") for label in ("latitude", "longitude")),
    ("location[gps 37.42,-12.08", "location"),
]
KINDS = {f"{number}-{text}": (text, kind) for number, (text, kind) in enumerate(LABELS)}


@pytest.mark.parametrize("case", KINDS)
def test_each_label_hides_what_stands_behind_it(case: str) -> None:
    text, kind = KINDS[case]
    for form in (text, f"\n {text}", f"a\t{text} z", text.upper(), f"imei {text}"):
        kinds: set[str] = set()
        clean = scrub_labelled(form, kinds)
        assert kind in kinds, form
        assert clean != form
        assert len(clean) == len(form)
        assert scrub_labelled(clean, kinds) == clean


@pytest.mark.parametrize("case", KINDS)
def test_each_label_is_found_where_small_letters_are_of_another_length(case: str) -> None:
    text, kind = KINDS[case]
    kinds: set[str] = set()
    assert scrub_labelled(f"\u0130 {text}", kinds) != f"\u0130 {text}"
    assert kind in kinds


def test_a_label_with_a_letter_that_is_two_in_small() -> None:
    for label in ("DEV\u0130CEID", "DEV\u0130CE_ID", "\u0130MEI"):
        assert scrub_labelled(f"{label}: {MEID}", set()) == f"{label}: A1000012000000"


@pytest.mark.parametrize("said", [4, 5, 6, 7])
def test_a_label_that_is_said_too_often_hides_what_stands_behind_it(monkeypatch: pytest.MonkeyPatch, said: int) -> None:
    for module in (labels, words):
        monkeypatch.setattr(module, "MOST_PLACES", 5)
    text = f"{'meid ' * said}meid: {{}}, esn: 80A1B2C3"
    assert scrub_labelled(text.format(MEID), set()) == text.format("A1000012000000").replace("80A1B2C3", "00000000")


@pytest.mark.parametrize(
    "text",
    [
        "imei 5 subscriber x number of bands: 123",
        "imei: 3569380356438",
        "imsi: 26201",
        "msin=12345",
        "xesn: 80A1B2C3",
        "esn: 80A1B2C",
        "iccid: 1234567",
        "sn: AB123",
        "android_id=1234567890abcde",
        "own: 1234",
        "tmsi: FFFFFFFF",
        "bssid: x",
        "displayname=T-Mobile carriername=T-Mobile x",
        "hostname: localhost",
        "latitude: 37",
        "reason: AB1234",
    ],
)
def test_what_is_too_short_or_says_nothing_stays(text: str) -> None:
    kinds: set[str] = set()
    assert scrub_labelled(text, kinds) == text
    assert not kinds


FAMILY = {
    "imei": (f"1,{IMEI}", f"1,{NO_IMEI}"),
    "serial": ('"R58M12AB"', '"00000000"'),
    "imsi": (f"1,{IMSI}", "1,262010000000000"),
    "iccid": (f"1,{ICCID}", "1,8949020000000000000"),
    "phone": ("1,+4917612345678", "1,+0000000000000"),
    "account": ('1,"jane"', '1,"****"'),
    "address": ("1,10.1.2.3", "1,0.0.0.0"),
    "location": ("1,48.1", "0,00.0"),
}


@pytest.mark.parametrize("kind", FAMILY)
def test_a_record_of_a_family_is_of_the_kind_that_it_says(kind: str) -> None:
    text, clean = FAMILY[kind]
    family = {"+XYZ": kind}
    assert scrub_records(f"+XYZ: {text}", "AT+XYZ?", set(), family) == f"+XYZ: {clean}"  # type: ignore[arg-type]
    assert scrub_records(f"+xyz: {text}", "AT+XYZ?", set(), family) == f"+xyz: {clean}"  # type: ignore[arg-type]
    assert scrub_records(f"+ABC: {text}", "AT+XYZ?", set(), family) == f"+ABC: {text}"  # type: ignore[arg-type]
    known = KnownIdentifiers()
    known.records.personal["+XYZ"] = kind  # type: ignore[index]
    assert scrub(f"+XYZ: {text}", request="AT+XYZ?", known=known)[0] == f"+XYZ: {clean}"


RECORDS_MORE = [
    ("AT+CSIM=176,28539,0,0,12", '+CSIM: 144,0,"62F210FFFFFF"', '+CSIM: 144,0,"62F210000000"'),
    ("AT+CRSM=176,28539,0,0,12", '+CSIM: 144,0,"62F210FFFFFF"', '+CSIM: 144,0,"62F210000000"'),
    ("AT+CRSM=176,28539,0,0,12", '+CGLA: 144,"62F210FFFFFF"', '+CGLA: 144,"62F210000000"'),
    ("AT+CRSM=176,28423,0,0,12", '+CRSM: 144,0,"62F210FFFFFF"', '+CRSM: 144,0,"62F210000000"'),
    ("AT+CRSM=176,28539,0,0,12", "+CRSM: 106,130", "+CRSM: 106,130"),
    ("AT+COPS?", '+COPS: 0,0,"T-Mobile",7', '+COPS: 0,0,"T-Mobile",7'),
    ("AT^DHCP?", "^DHCP: 00000000,1", "^DHCP: 00000000,1"),
    ("AT+CGSN", f"+CGSN: {NO_IMEI}", f"+CGSN: {NO_IMEI}"),
    ("AT+CGSN", '+CGSN: "R58-M12AB"', '+CGSN: "000-00000"'),
    ("AT+CGSN", "+CGSN: ABCDEF", "+CGSN: ABCDEF"),
    ("AT+DEVCONINFO", "+DEVCONINFO: UN(ABC123)", "+DEVCONINFO: UN(000000)"),
    ("AT+CSQ", "6300,20,50,50,8b1e,1a2b3c4,254,d0fafd59,ff", "6300,20,50,50,8b1e,1a2b3c4,254,d0fafd59,ff"),
    ("AT+UCGED?", "6300,20,50,50,8b1e,1a2b3c4,254,d0fafd59,ff", "6300,20,50,50,8b1e,1a2b3c4,254,00000000,ff"),
    ("AT+X", "+UCGED: 2\r\n6,2,5,5,8,1,2,d0fa,f", "+UCGED: 2\r\n6,2,5,5,8,1,2,0000,f"),
    ("", IMEI, IMEI),
    ("AT+CGSN", f'"{IMEI}"', f'"{NO_IMEI}"'),
    ("AT+COPS?", "10.1.2.3", "10.1.2.3"),
    ("AT+QICSGP=1", '+QICSGP: 1,"a","","b"', '+QICSGP: 1,"a","","*"'),
]


@pytest.mark.parametrize(("request_", "text", "clean"), RECORDS_MORE)
def test_what_goes_of_a_record_and_what_does_not(request_: str, text: str, clean: str) -> None:
    kinds: set[str] = set()
    assert scrub_records(text, request_, kinds) == clean
    assert bool(kinds) is (text != clean)


@pytest.mark.parametrize(("request_", "text", "clean"), [*RECORDS, *RECORDS_MORE])
def test_a_clean_record_tells_of_nothing_that_went(request_: str, text: str, clean: str) -> None:
    kinds: set[str] = set()
    assert scrub_records(clean, request_, kinds) == clean
    assert not kinds


CELLS_MORE = [
    ("AT!NRINFO?", "2025 5230 310 410 1A2B 01A2B3C4", "2025 5230 310 410 FFFE 00000000"),
    ("x", "!INFO:\n310 410 1A2B 01A2B3C4", "!INFO:\n310 410 FFFE 00000000"),
    ("ATI", "2025 5230 310 410 1A2B 01A2B3C4", "2025 5230 310 410 1A2B 01A2B3C4"),
    ("x", "2025 5230 310 410 1A2B 01A2B3C4", "2025 5230 310 410 1A2B 01A2B3C4"),
    ("ATI", "Cell ID: 65534", "Cell ID: 00000"),
    ("ATI", "Cell ID: 0000", "Cell ID: 0000"),
    ("ATI", "TAC: 65534", "TAC: 65534"),
    ("ATI", "TAC: 16777214", "TAC: 16777214"),
    ("ATI", "TAC: 6699", "TAC: FFFE"),
    ("ATI", "phy_cell_id: 300 serving cell id: 7", "phy_cell_id: 300 serving cell id: 7"),
    ("ATI", "my cell id: 300", "my cell id: 000"),
    ("ATI", '{"tac": "6699"}', '{"tac": "FFFE"}'),
    ("ATI", '{"tac":1A2B}', '{"tac":FFFE}'),
    ("ATI", '{"nci":0}', '{"nci":0}'),
    ("ATI", '{"tac":0}', '{"tac":0}'),
    ("ATI", '{"nci":7}', '{"nci":0}'),
    ("x", "mTac=2147483647 mNci=9223372036854775807", "mTac=2147483647 mNci=9223372036854775807"),
    ("x", "mTac=1", "mTac=2147483647"),
    ("qmicli", "Global Cell ID: '000'", "Global Cell ID: '000'"),
    ("qmicli", "LTE Tracking Area Code: '65534'", "LTE Tracking Area Code: '65534'"),
    ("AT+CREG?", "+CREG: 1,1A2B,1A2B3C4D,7", "+CREG: 1,FFFE,00000000,7"),
    ("AT+CREG?", "+CREG: 2,11,1A2B,1A2B3C4D", "+CREG: 2,11,FFFE,00000000"),
    ("AT+CREG?", "+CREG: 2,1,1A2,1A2B3C4D", "+CREG: 2,1,000,00000000"),
    ("AT+CREG?", "+CREG: 2,1,1A,1A2B3C4D", "+CREG: 2,1,1A,1A2B3C4D"),
    ("AT+CREG?", "+CREG: 2,1,1A2B", "+CREG: 2,1,1A2B"),
    ("AT+CREG?", "+CREG: 1,1A2B", "+CREG: 1,1A2B"),
    ("AT+CREG?", '+CREG: 2,1,"1A2B","7F3","X"', '+CREG: 2,1,"FFFE","000","X"'),
    ("AT+CREG?", '+CREG: 2,1,"1A2B","7F","1A2B3C4D"', '+CREG: 2,1,"FFFE","7F","00000000"'),
    ("AT+ECELL?", "+ECELL: 0,1234567,7", "+ECELL: 0,1234567,7"),
    ("AT+ECELL?", '+ECELL: 0,"1A2B3C4D",7', '+ECELL: 0,"00000000",7'),
    ('AT+QENG="x"', '"servingcell","NOCONN","WCDMA",1,2,1A2B,7F1', '"servingcell","NOCONN","WCDMA",1,2,FFFE,000'),
    ('AT+MENG="x"', '"servingcell","NOCONN","GSM",1,2,1A2B,7F1', '"servingcell","NOCONN","GSM",1,2,FFFE,000'),
    ("AT+CSQ", '"servingcell","NOCONN","GSM",1,2,1A2B,7F1', '"servingcell","NOCONN","GSM",1,2,1A2B,7F1'),
    ("AT+QENG", '+X: "servingcell","NOCONN","GSM",1,2,1A2B,7F1', '+X: "servingcell","NOCONN","GSM",1,2,1A2B,7F1'),
    ("AT+MENG", '+MENG: "servingcell","x","GSM",1,2,1A2B,7F1', '+MENG: "servingcell","x","GSM",1,2,FFFE,000'),
    *(
        (
            "AT+QENG",
            f'+QENG: "servingcell","x","{rat}","FDD",262,01,7F12345,12,1300,3,5,5,1A2B,-90',
            f'+QENG: "servingcell","x","{rat}","FDD",262,01,0000000,12,1300,3,5,5,FFFE,-90',
        )
        for rat in ("LTE", "CAT-M", "eMTC", "CAT-NB", "NBIoT")
    ),
    (
        "AT+QENG",
        '+QENG: "LTE","FDD",262,01,7F12345,12,1300,3,5,5,1A2B,-90',
        '+QENG: "LTE","FDD",262,01,0000000,12,1300,3,5,5,FFFE,-90',
    ),
    (
        "AT+QENG",
        '+QENG: "neighbourcell intra","LTE",1300,12,-9,-90,-60,0,5,10,62,12',
        '+QENG: "neighbourcell intra","LTE",1300,12,-9,-90,-60,0,5,10,62,12',
    ),
    ("AT+CPSI?", "4,1A2B,310,410,7F12345,1", "4,1A2B,310,410,7F12345,1"),
    (
        "AT#RFSTS",
        f'#RFSTS: "310 260",66786,-93,-59,-14,8B1E,255,-5,1280,19,2,A20AB01,"{IMSI}","T",3',
        f'#RFSTS: "310 260",66786,-93,-59,-14,FFFE,255,-5,1280,19,2,0000000,"{IMSI}","T",3',
    ),
    ("AT#RFSTS", '#RFSTS: "310 260",66786,-93,-59,-14,8B1E,255,7', '#RFSTS: "310 260",66786,-93,-59,-14,FFFE,255,7'),
    ("AT+RFSTS", "+RFSTS: 1,2,3,4,5,8B1E,255,7", "+RFSTS: 1,2,3,4,5,FFFE,255,7"),
    ("AT+GTCCINFO?", "2,4,262,01,1A2B,7F12345,1300,12,103", "2,4,262,01,FFFE,0000000,1300,12,103"),
    ("AT+CSQ", "1,4,262,01,1A2B,7F12345,1300,12,103", "1,4,262,01,1A2B,7F12345,1300,12,103"),
    ("AT+GTCCINFO?", "+X: 1,4,262,01,1A2B,7F12345,1300,12,103", "+X: 1,4,262,01,1A2B,7F12345,1300,12,103"),
    ("AT+UCGED?", "+X: 6,4,262,01,1A2B,7F12345,1300", "+X: 6,4,262,01,1A2B,7F12345,1300"),
    ("AT+EEMLTESVC?", "+EEMLTESVC: 1,2,3,1A2B,5,6,7,8,9,7F12345,1", "+EEMLTESVC: 1,2,3,FFFE,5,6,7,8,9,0000000,1"),
    ("AT+ZCELLINFO?", "+ZCELLINFO: 1A2B,7F12345,3", "+ZCELLINFO: FFFE,0000000,3"),
    ("AT^CELLINFO", "^CELLINFO: 1,2,3,4,5,6,7,7F12345,1A2B,9", "^CELLINFO: 1,2,3,4,5,6,7,0000000,FFFE,9"),
]


@pytest.mark.parametrize(("request_", "text", "clean"), CELLS_MORE, ids=[one[1][:48] for one in CELLS_MORE])
def test_cells_and_areas_and_what_only_looks_like_them(request_: str, text: str, clean: str) -> None:
    kinds: set[str] = set()
    assert scrub_cells(text, request_, kinds) == clean
    assert bool(kinds) is (text != clean)


@pytest.mark.parametrize(("request_", "text", "clean"), [*CELLS, *CELLS_MORE])
def test_a_clean_cell_tells_of_nothing_that_went(request_: str, text: str, clean: str) -> None:
    kinds: set[str] = set()
    assert scrub_cells(clean, request_, kinds) == clean
    assert not kinds


@pytest.mark.parametrize(("length", "goes"), [(2000, True), (2001, False)])
def test_a_record_with_a_cell_is_read_up_to_2000_signs(length: int, goes: bool) -> None:
    line = "+CPSI: LTE,Online,262-01,0x1A2B,27440068,".ljust(length, "1")
    assert ("0x1A2B" not in scrub_cells(line, "AT+CPSI?", set())) is goes


def test_an_answer_is_read_whole_where_any_part_of_it_may_be_personal() -> None:
    plain = Exchange("x", b"1\n")
    assert scrub_exchange(plain) == (plain, frozenset())
    told = Exchange("x", b"1\n", stderr=f"imei {IMEI}".encode())
    assert scrub_exchange(told)[0].stderr == f"imei {NO_IMEI}".encode()
    told = Exchange("x", b"1\n", error=Interruption("DeviceGone", f"imei {IMEI} left"))
    clean, removed = scrub_exchange(told)
    assert clean.error == Interruption("DeviceGone", f"imei {NO_IMEI} left")
    assert (clean.response, removed) == (b"1\n", {"imei"})
    told = Exchange("uecap x", IMEI.encode())
    assert scrub_exchange(told) == (told, frozenset())


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_an_answer_in_utf_16_is_read_as_such(order: str) -> None:
    mark = "\ufeff"
    told = Exchange("x", f"{mark}imei {IMEI}".encode(order))
    clean, removed = scrub_exchange(told)
    assert (clean.response.decode().lstrip(mark), removed) == (f"imei {NO_IMEI}", {"imei"})
    plain = Exchange("x", f"{mark}plain text of no interest".encode(order))
    assert scrub_exchange(plain) == (plain, frozenset())


def test_addresses_of_a_device_go_wherever_they_are_mentioned() -> None:
    both = "R58M12AB + adb://10.1.2.3:5037/R58M34CD"
    told = "R58M12AB left, R58M34CD stayed, COM7 and A12 too"
    assert hide_address(told, both) == "00000000 left, 00000000 stayed, COM7 and A12 too"
    assert hide_address("AB12 at 10.1.2.3:5555", "10.1.2.3:5555") == "AB12 at 0.0.0.0:5555"
    assert hide_address("A12 of AB12", "A12") == "A12 of AB12"
    known = known_of(both)
    assert known.hide("r58m34cd r58m12ab 10.1.2.3", set()) == "00000000 00000000 10.1.2.3"
    assert known_of("10.1.2.3:55555").hide("10123 1012355555", set()) == "10123 1012355555"
