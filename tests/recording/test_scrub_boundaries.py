"""Where personal data begins and ends: each length and neighbourhood at its boundary, to either side of it."""

from __future__ import annotations

import re

import pytest

from harness.recording.scrubbing import gates, shapes
from harness.recording.scrubbing.accounts import scrub_accounts
from harness.recording.scrubbing.at import _bare_kind, scrub_records
from harness.recording.scrubbing.messages import number_or_name, scrub_parcels
from harness.recording.scrubbing.scrub import scrub

IMEI, IMSI, ICCID = "356938035643809", "262011234567890", "8949024000001234567"


@pytest.mark.parametrize(
    ("asked", "value", "blank"),
    [
        ("AT+CGSN", "35693803564380", shapes.imei_value),
        ("AT+CGSN", "356938031000000", shapes.imei_value),
        ("AT+CGSN", "35693803564380912", shapes.imei_value),
        ("AT+GSN", "270113177603128475", shapes.imei_value),
        ("AT+GSN", "2701131776031284751", None),
        ("AT+GSN", "A100001234567D", shapes.imei_value),
        ("AT+GSN", "A100001234567D0", None),
        ("ATI", "A100001234567D", None),
        ("ATI", IMEI, shapes.imei_value),
        ("AT+EGMR=0,7", "356938035643800", shapes.imei_value),
        ("AT+CCID;+CGSN", "35693803564380912", shapes.imei_value),
        ("AT+CCID;+CGSN", "894902400000123456", shapes.iccid_value),
        ("AT+CCID;+CIMI", IMSI, shapes.imsi_value),
        ("AT+ICCSN", "89490240000012", shapes.iccid_value),
        ("AT+CIMI", "26201123456789", shapes.imsi_value),
        # By its check digit alone: 15 digits, a reporting body, and nothing else.
        ("AT+CSQ", "3569380356438091", None),
        ("AT+CSQ", "35693803564381", None),
        ("AT+CSQ", "206938035643806", None),
    ],
)
def test_a_line_of_nothing_but_digits(asked, value, blank):
    assert _bare_kind(value, asked) is blank


@pytest.mark.parametrize(
    ("request_", "text", "clean"),
    [
        ("AT+GSN", "3569380\r\n3564380", "3569380\r\n3000000"),
        ("AT+GSN", "3569380\r\n356438", "3569380\r\n356438"),
        ("AT+CCID", "89490240000\n12345678901", "89490200000\n00000000000"),
        ("AT+CCID", "89490240000\n123456789012", "89490240000\n123456789012"),
        ("AT+CCID", "8949024000001\n234567", "8949020000000\n000000"),
        ("AT+CCID", "89490240000012345\n67", "89490200000000000\n00"),
        # What is a number alone is one, and what follows another.
        ("AT+CCID;+CGSN", "35693803564380\n91234", "35693803000000\n91234"),
        ("AT+CIMI", "2620112345678\n90", "2620100000000\n00"),
        ("AT+CIMI", "26201123456789\n01", "26201000000000\n01"),
    ],
)
def test_a_number_that_a_line_end_cuts_in_two(request_, text, clean):
    assert scrub_records(text, request_, set()) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (".".join(["10"] * count), ".".join((["0"] if count in (4, 8, 16, 20, 32) else ["10"]) * count))
        for count in range(2, 34)
    ],
)
def test_how_many_numbers_an_address_has(text, clean):
    kinds: set[str] = set()
    assert shapes.address_value(text, kinds) == clean
    assert kinds == ({"ip"} if clean != text else set())


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("10.64.1.255", True),
        ("10.64.1.256", False),
        ("10.0.0.1", True),
        ("10.64.1.70", True),
        ("10.64.01.70", False),
        ("10.127.0.1", True),
        ("10.1.2.0", True),
        ("127.1.2.3", False),
        ("0.1.2.3", False),
        ("255.1.2.3", False),
        ("127.0.0.1.255.0.0.0", True),
        ("1:2:3:4:5:6:7::a", False),
        ("1:2:3:4:5:6::a", True),
        ("1:2:3:4:5:6:7:a", True),
        ("1:2:3:4:5:6:7", False),
        ("a1::b:c", True),
        ("1:::2", False),
        ("ab12::", False),
        ("fd12::", True),
        ("3fff::", True),
        ("::5", False),
        ("1234::5", True),
        ("2001::12345", False),
    ],
)
def test_what_is_an_address_and_what_is_nobodys(text, goes):
    for form in (text, f"({text})"):
        assert (shapes.address_value(form, set()) != form) is goes


@pytest.mark.parametrize(("sign", "goes"), [(" ", True), ("(", True), ("x", False), (".", False), ("_", False)])
def test_what_may_stand_before_an_address(sign, goes):
    for before in ("", "x ", "  "):
        text = f"{before}{sign}2001::5)"
        assert (shapes.address_value(text, set()) == text.replace("2001::5", "::")) is goes


def test_an_address_that_comes_behind_another():
    assert shapes.address_value("fe80::1%x,fe80::2 a::b", set()) == "::%x,:: a::b"
    assert shapes.address_value("x::1 2001::5", set()) == "x::1 ::"


def _line(text: str) -> str:
    match = re.search("@", text)
    assert match is not None
    return shapes.line_around(match)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@", "@"),
        ("ab@cd", "ab@cd"),
        ("x\nab@cd\ny", "ab@cd"),
        ("x\rab@cd\ry\rz", "ab@cd"),
        ("x\r\nab@cd\r\ny", "ab@cd"),
        ("x\n@\ny", "@"),
        ("x\r\n\nab@", "ab@"),
        ("1" + "a" * 200 + "@" + "b" * 200 + "2", "a" * 200 + "@" + "b" * 200),
        ("a" * 200 + "@" + "b" * 200, "a" * 200 + "@" + "b" * 200),
    ],
)
def test_the_line_around_what_was_found(text, line):
    assert _line(text) == line


def _free(text: str, *, is_at: bool) -> str:
    return shapes.network_addresses(text, is_at=is_at, kinds=set())


@pytest.mark.parametrize(
    ("text", "at", "free"),
    [
        # A word that names a version, in the 60 signs before it on its line.
        ("fw 10.1.2.3", False, False),
        ("x\nfw 10.1.2.3", False, False),
        ("fw\n10.1.2.3", False, True),
        ("fw" + " " * 58 + "10.1.2.3", False, False),
        ("fw" + " " * 59 + "10.1.2.3", False, True),
        ("10.1.2.3 fw", False, True),
        # In AT answers only where the line says that it is an address.
        ("10.1.2.3", False, True),
        ("gateway 10.1.2.3", True, True),
        ("gateway\n10.1.2.3", False, True),
        ("10.1.2.3 is the route", True, True),
        ("ip fw 10.1.2.3", False, False),
    ],
)
def test_versions_and_addresses_in_free_text(text, at, free):
    for is_at, goes in ((True, at), (False, free)):
        assert _free(text, is_at=is_at) == (text.replace("10.1.2.3", "0.0.0.0") if goes else text)


@pytest.mark.parametrize(
    ("text", "at", "free"),
    [
        ("a0:01:02:03:04:05", True, True),
        ("a0-01-02-03-04-05", True, True),
        ("mac 10:01:02:03:04:05", False, True),
        ("bt 10:01:02:03:04:05", False, True),
        ("mac 10-01-02-03-04-05", False, False),
        ("list 10:01:02:03:04:05", False, False),
        ("mac\n10:01:02:03:04:05", False, False),
        ("a0:01:02:03:04:05:06", False, False),
    ],
)
def test_mac_addresses_and_lists_of_bands(text, at, free):
    for is_at, goes in ((True, at), (False, free)):
        assert (_free(text, is_at=is_at) != text) is goes


@pytest.mark.parametrize(
    ("blank", "text", "clean"),
    [
        (shapes.serial_value, "AB12", "0000"),
        (shapes.serial_value, "A12", "A12"),
        (shapes.imsi_value, "310410", "310410"),
        (shapes.iccid_value, "894902F", "894902F"),
        (shapes.iccid_value, "8949021F", "8949020F"),
        (shapes.iccid_value, "abcdefghijklmno", "abcdefghijklmno"),
        (shapes.mac_value, " A1B2C3D4E5F6 ", " 000000000000 "),
        (shapes.mac_value, "A1B2C3D4E5F67", "A1B2C3D4E5F67"),
        (shapes.name_value, "< Unknown SSID >", "< Unknown SSID >"),
        (shapes.name_value, "unknowns", "********"),
    ],
)
def test_values_that_are_just_long_enough(blank, text, clean):
    assert blank(text, set()) == clean


def test_what_was_found_is_kept_with_its_kind_once_it_goes():
    found = shapes.Found()
    assert shapes.phone_value("+1234", found) == "+0000"
    assert shapes.phone_value("+000", found) == "+000"
    assert shapes.phone_value("+0000", found) == "+0000"
    assert (found, found.values) == ({"phone"}, [("phone", "+1234")])


@pytest.mark.parametrize("length", [1999, 2000, 2001])
def test_a_record_is_read_up_to_2000_signs(length):
    line = '+CGAUTH: 1,1,"jane"'.ljust(length, ",")
    assert ("jane" in scrub_records(line, "AT+CGAUTH?", set())) is (length > 2000)


ACCOUNTS = [
    ("apn user=jane", "apn user=****"),
    ("user=jane;" + "." * 296 + "apn", "user=****;" + "." * 296 + "apn"),
    ("user=jane;" + "." * 297 + "apn", "user=jane;" + "." * 297 + "apn"),
    ("apn" + "." * 297 + "user=jane", "apn" + "." * 297 + "user=****"),
    ("apn" + "." * 298 + "user=jane", "apn" + "." * 298 + "user=jane"),
    ("apn user=0", "apn user=0"),
    ("apn user=None password=null user: --", "apn user=None password=null user: --"),
    ("user=jane", "user=jane"),
    ("DataProfile=0/internet/IP/3/jane/secret/0", "DataProfile=0/internet/IP/3/****/******/0"),
    ("a DataProfile=0/internet/IP/3//NULL/0", "a DataProfile=0/internet/IP/3//NULL/0"),
    ("z DataProfile=0/internet/IP/3/**/jane/0", "z DataProfile=0/internet/IP/3/**/****/0"),
    ("SIM_IO data: 0829260112345678", "SIM_IO data: 0829260000000000"),
    ("icc_io response=0829260112345678", "icc_io response=0829260000000000"),
    ("IccIoResult sw1:0x90 Payload: 0829260112345678", "IccIoResult sw1:0x90 Payload: 0829260000000000"),
    ("\u0130 apn USER=jane, sim_io data: 0829260112345678", "\u0130 apn USER=****, sim_io data: 0829260000000000"),
    (
        "IccIoResult data=0829260112345678 DataProfile=0/apn/IP/3/jane/x/0 user=joe",
        "IccIoResult data=0829260000000000 DataProfile=0/apn/IP/3/****/*/0 user=***",
    ),
]


@pytest.mark.parametrize(("text", "clean"), ACCOUNTS)
def test_accounts_and_files_of_the_sim(text, clean):
    for form, expected in ((text, clean), (f"a {text}", f"a {clean}"), (f"z\n{text}", f"z\n{clean}")):
        kinds: set[str] = set()
        assert scrub_accounts(form, form.lower(), kinds) == expected
        assert bool(kinds) is (form != expected)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("123", "123"),
        ("+123", "+123"),
        ("1234", "0000"),
        ("Jane", "****"),
        ("004A0061006E0065", "*" * 16),
        ("002B003100320033", "*" * 16),
        ("0031003200330034", "0030003000300030"),
        ("313233343536", "303030303030"),
        ("3132333435361", "0000000000000"),
        ("31323334353F", "*" * 12),
    ],
)
def test_numbers_and_names_of_a_phone_book(text, clean):
    assert number_or_name(text, set()) == clean


PARCEL = "0x00000000: 00000000 0000000f 00350033 00390036 '........3.5.6.9.'"
EMPTY = f"0x00000000: {' '.join(['0' * 8] * 4)} '{'.' * 16}'"


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("service call iphonesubinfo 1", "imei"),
        ("service call imsi 1", "imsi"),
        ("service call x 1", "serial"),
        ("Parcel imsi", "imsi"),
    ],
)
def test_what_android_prints_of_a_parcel(request_, kind):
    kinds: set[str] = set()
    assert scrub_parcels(PARCEL, request_, kinds) == EMPTY
    assert kinds == {kind}
    again: set[str] = set()
    assert scrub_parcels(EMPTY, request_, again) == EMPTY
    assert not again


def test_a_parcel_is_looked_for_where_text_or_request_name_one():
    assert scrub(f"Result: Parcel({PARCEL})", request="service call x")[0] == f"Result: Parcel({EMPTY})"
    assert scrub(PARCEL, request="service call PARCEL")[0] == EMPTY
    assert scrub(PARCEL, request="hexdump x")[0] == PARCEL
    assert scrub(PARCEL, request="AT+PARCEL")[0] == PARCEL


GATES = [
    (gates.has_long_number, b"000000", b"00000 00000"),
    (gates.has_identity, b"0" * 15, b"0" * 14),
    (gates.has_identity, b"00-000000-000000-0", b"00-000000-000000-"),
    (gates.has_access_identifier, b"@" + b"0" * 14, b"@" + b"0" * 13),
    (gates.has_access_identifier, b"0" * 14 + b"\n@", b"0" * 14),
    (gates.has_phone, b"+00000000", b"+0000000 00000000"),
    (gates.has_phone_uri, b":000000", b":00000 000000"),
    (gates.has_phone_uri, b":+000000", b":+00000 000000"),
    (gates.has_full_ipv6, b":::::::", b"::::::"),
]


@pytest.mark.parametrize(("gate", "passes", "stays"), GATES)
def test_each_gate_at_its_boundary(gate, passes, stays):
    assert gate(passes)
    assert gate(b"z" + passes + b"z")
    assert not gate(stays)
    assert not gate(b"")


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        (b"a" * 13, True),
        (b"a" * 14, False),
        (b"123456", True),
        (b"1234567", False),
        (b"a,b.c_d-e f\r\n", True),
        (b"a=1", False),
        (b"a:1", False),
        (b"+1", False),
        (b"\xc3\xa9", False),
    ],
)
def test_how_short_and_plain_an_answer_must_be_to_be_left_alone(data, plain):
    assert gates.nothing_personal(data) is plain


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("sim_io", True),
        ("icc_io", True),
        ("iccioresult", True),
        ("dataprofile", True),
        ("iccid", False),
        ("user=x", True),
        ("passw: x", True),
        ("user x", False),
        ("a=b:c", False),
        ("\xe9", True),
        ("", False),
    ],
)
def test_where_accounts_are_looked_for(text, looks):
    assert gates.has_account(text, text) is looks
