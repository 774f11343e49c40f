"""What is known of a device, in each form in which others write it; and the key of a piece of hardware."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from harness.recording.exchange import Exchange
from harness.recording.scrubbing import sample_key as module
from harness.recording.scrubbing.known import KnownIdentifiers
from harness.recording.scrubbing.sample_key import imeis_in, sample_key, serial_in
from harness.recording.scrubbing.scrub import scrub

IMEI, OTHER_IMEI, MEID = "356938035643809", "490154203237518", "A100001234567D"


def hidden(kind: str, value: str, text: str) -> str:
    known = KnownIdentifiers()
    known.learn(kind, value)
    return known.hide(text, set())


@pytest.mark.parametrize(
    ("kind", "value", "is_kept"),
    [
        ("imei", "35693803564380", True),
        ("imei", "3569380356438", False),
        ("imei", "111222333111222", False),
        ("imei", "111222333444555", True),
        ("imsi", "26201123456789", True),
        ("imsi", "2620112345678", False),
        ("iccid", "894902400000123456", True),
        ("iccid", "89490240000012345", False),
        ("phone", "491761234", True),
        ("phone", "49176123", False),
        ("serial", "R58M12AB", True),
        ("serial", "R58M12A", False),
        ("serial", "R58MXYAB", True),
        ("serial", "RSTMXYAB", False),
        ("mac", "A1B2C3D4E5F6", True),
        ("name", "R58M12ABCDEF", False),
    ],
)
def test_what_is_long_and_odd_enough_to_be_known_again(kind: str, value: str, is_kept: bool) -> None:
    assert (hidden(kind, value, f"<{value}>") != f"<{value}>") is is_kept


@pytest.mark.parametrize(
    ("kind", "value", "text", "clean"),
    [
        # The filler of a card, and a card without one.
        ("iccid", "8949024000001234567F", "8949024000001234567", "8949020000000000000"),
        ("iccid", "8949024000001234567f", "8949024000001234567", "8949020000000000000"),
        ("iccid", "8949024000001234567", "894902400000123456", "894902400000123456"),
        ("serial", "R58M12ABCDEF", "R58M12ABCDE", "R58M12ABCDE"),
        # A phone number without its country, an IMEI without its check digit or with another version.
        ("phone", "+4917612345678", "7612345678", "0000000000"),
        ("phone", "+4917612345678", "612345678", "612345678"),
        ("phone", "491761234", "491761234", "000000000"),
        ("imei", "3569380356438091", "35693803564380", "35693803000000"),
        ("imei", IMEI, "3569380356438", "3569380356438"),
        ("serial", "R58M12ABCDEFGHI", "R58M12ABCDEFGH", "R58M12ABCDEFGH"),
        ("imsi", "262011234567890", "26201123456789", "26201123456789"),
        # Packed, two digits a byte, the lower one first (TS 31.102).
        ("imei", IMEI, "53968330653408F9", "00000000000000F0"),
        ("imei", IMEI, "3A65390853468390", "0000000000000000"),
        ("imsi", "262011234567890", "2926102143658709", "2926000000000000"),
        ("imsi", "262011234567890", "2926102143658790", "2926102143658790"),
        ("iccid", "8949024000001234567", "989420040000214365F7", "989400000000000000F0"),
        ("phone", "4917612345678", "947116325476F8", "000000000000F0"),
        ("mac", "A1:B2:C3:D4:E5:F6", "a1-b2-c3-d4-e5-f6", "00-00-00-00-00-00"),
        ("mac", "A1:B2:C3:D4:E5:F6", "a1:b2:c3:d4:e5:f7", "a1:b2:c3:d4:e5:f7"),
        # In the letters' case in which it is found.
        ("imei", MEID, "A100001234567D", "A1000012000000"),
        ("imei", MEID, "a100001234567d", "a1000012000000"),
        ("imei", MEID, "A100001234567d", "A1000012000000"),
        ("imei", MEID, "A10000\r\n123 \n 4567D", "A10000\r\n120 \n 00000"),
    ],
)
def test_each_form_of_what_is_known(kind: str, value: str, text: str, clean: str) -> None:
    for before, behind in (("", ""), ("<", ">"), ("x\n", "\ny")):
        assert hidden(kind, value, before + text + behind) == before + clean + behind


def test_64_identifiers_of_a_device_are_kept() -> None:
    known = KnownIdentifiers()
    serials = [f"S{number:03d}XYZW" for number in range(65)]
    for serial in (*serials, *serials):
        known.learn("serial", serial)
    assert [known.hide(one, set()) for one in serials] == ["00000000"] * 64 + [serials[-1]]


def test_what_is_no_identifier_of_one_kind_may_be_one_of_another() -> None:
    known = KnownIdentifiers()
    known.learn("imei", "1ABCDEFABCDEFAB")
    assert known.hide("1ABCDEFABCDEFAB", set()) == "1ABCDEFABCDEFAB"
    known.learn("serial", "1ABCDEFABCDEFAB")
    assert known.hide("1ABCDEFABCDEFAB", set()) == "0" * 15


def test_what_was_hidden_is_of_a_kind_that_is_known() -> None:
    known = KnownIdentifiers("R58M12AB")
    kinds: set[str] = set()
    assert known.hide("nothing of it", kinds) == "nothing of it"
    assert kinds == set()
    assert known.hide("R58M12AB", kinds) == "00000000"
    assert kinds == {"serial"}
    assert KnownIdentifiers().hide("R58M12AB", kinds) == "R58M12AB"


def test_what_a_text_tells_by_name_goes_from_all_of_it() -> None:
    text = f"imei: {IMEI} and {IMEI.encode().hex()}"
    assert scrub(text, request="x")[0] == f"imei: 356938030000000 and {b'356938030000000'.hex()}"
    known = KnownIdentifiers()
    scrub(f"imei: {IMEI}", request="x", known=known)
    assert scrub(f"x {IMEI.encode().hex()}", request="x", known=known)[0] == f"x {b'356938030000000'.hex()}"
    assert scrub(f"x {IMEI.encode().hex()}", request="x")[0] == f"x {IMEI.encode().hex()}"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("26201123456789@x", "26201000000000@x"),
        ("2620112345678901@x", "2620100000000000@x"),
        ("262011234567890\n@x", "262010000000000\n@x"),
        ("2620112345678@x", "2620112345678@x"),
        ("26201123456789012@x", "26201123456789012@x"),
        ("26201123456789 @x", "26201123456789 @x"),
        ("a26201123456789@x@y", "a26201000000000@x@y"),
        ("26201123456789@x 26201123456788@y", "26201000000000@x 26201000000000@y"),
        ("$GPGGA,3150.7223,N", "$GPGGA,0000.0000,N"),
        ("$BDRMC,3150.7223,N", "$BDRMC,0000.0000,N"),
        ("$GPGSV,3150.7223,N", "$GPGSV,3150.7223,N"),
        ("mail jane:secret@x", "mail jane:secret@x"),
        ("+12345678", "+00000000"),
        ("+1234567", "+1234567"),
        ("tel:123456", "tel:000000"),
        ("tel:12345", "tel:12345"),
        ("imsi 262011234567890", "imsi 262010000000000"),
        ("imsi\n262011234567890", "imsi\n262011234567890"),
        ("356938035643801", "356938035643801"),
        ("mask 35-693803-564380-9", "mask 35-693803-564380-9"),
        ("imei mask 35-693803-564380-9", "imei mask 35-693803-000000-0"),
        ("20-693803-564380-6", "20-693803-564380-6"),
    ],
)
def test_numbers_by_what_stands_around_them(text: str, clean: str) -> None:
    assert scrub(text, request="dumpsys x")[0] == clean


def test_properties_are_read_in_both_writings() -> None:
    assert scrub("ro.serialno=AB12CD", request="x")[0] == "ro.serialno=000000"
    assert scrub("[ro.serialno]: [AB12CD]", request="x")[0] == "[ro.serialno]: [000000]"
    text = "[ro.serialno]: [AB12CD]\n[ro.x]: [X]\nro.serialno=EF34\n[sys.serialno]: [AB1]\n"
    assert scrub(text, request="x")[0] == text.replace("AB12CD", "000000").replace("EF34", "0000")
    # No AT command is answered with properties.
    for request, value in (("AT+X", "AB12CD"), ("attach", "000000"), ("", "000000")):
        assert scrub("ro.cpuid=AB12CD", request=request)[0] == f"ro.cpuid={value}"


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BANDPROOF_SAMPLE_KEY", str(tmp_path / "lab" / "own" / "sample-key"))
    module._secret.cache_clear()
    return tmp_path / "lab" / "own" / "sample-key"


def test_a_secret_is_made_for_its_owner_alone_and_nothing_beside_it(secret: Path) -> None:
    key = sample_key("R58M12AB")
    assert key is not None
    assert len(key) == 12
    assert [one.name for one in secret.parent.iterdir()] == ["sample-key"]
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(bytes.fromhex(secret.read_text().strip())) == 32


def test_a_secret_that_is_there_already_is_taken(secret: Path) -> None:
    secret.parent.mkdir(parents=True)
    secret.write_text("ab" * 32 + "\n")
    key = sample_key(" r58m12ab ")
    assert key == sample_key("R58M12AB")
    assert key is not None
    module._secret.cache_clear()
    secret.write_text("ac" * 32)
    assert sample_key("R58M12AB") not in {key, None}
    assert secret.read_text() == "ac" * 32


def test_a_secret_can_be_made_in_a_folder_that_is_there(secret: Path) -> None:
    secret.parent.mkdir(parents=True)
    assert sample_key("R58M12AB") is not None


@pytest.mark.parametrize(("serial", "told"), [("ABAB", None), ("AAAB", None), ("ABCA", "ABCA"), ("00A1", "00A1")])
def test_a_placeholder_is_no_serial(serial: str, told: str | None) -> None:
    assert serial_in("adb", Exchange("getprop", f"[ro.serialno]: [{serial}]\n".encode())) == told


TELLS = f"{IMEI}\n{OTHER_IMEI}\n{IMEI}\n".encode()


@pytest.mark.parametrize(
    ("kind", "request_", "answer", "imeis"),
    [
        ("adb", "getprop", f"[a.imei]: [{IMEI},{OTHER_IMEI}]\n[b]: [490154203237500]\n".encode(), (IMEI, OTHER_IMEI)),
        ("adb", "getprop", f"[a.IMEI]: [{IMEI}]\n[b]: [{OTHER_IMEI}]".encode(), (IMEI,)),
        ("adb", "dumpsys x", f"[a.imei]: [{IMEI}]".encode(), ()),
        ("at", "AT+CGSN", TELLS, (IMEI, OTHER_IMEI)),
        ("qmi", "--dms-get-ids", TELLS, (IMEI, OTHER_IMEI)),
        ("at", "AT+CIMI", TELLS, ()),
        ("uecap", "AT+CGSN", TELLS, ()),
        ("at", "AT+CGSN", b"206938035643806 1356938035643809 000000000000000", ()),
        ("at", "AT+CGSN", b"356938035643800", ()),
        # Three different digits are the fewest.
        ("at", "AT+CGSN", b"353333333333555 440000000044444 353535353535352", ("353535353535352",)),
    ],
)
def test_the_imeis_that_an_answer_tells(kind: str, request_: str, answer: bytes, imeis: tuple[str, ...]) -> None:
    exchange = Exchange(request_, answer)
    assert imeis_in(kind, exchange) == imeis
    if kind != "adb":
        assert serial_in(kind, exchange) == next(iter(imeis), None)
