"""Gates save work only: whatever a pattern of personal data matches passes the gate before it."""

import re
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.recording.exchange import Exchange, Interruption
from harness.recording.scrubbing import accounts, gates, labels, shapes
from harness.recording.scrubbing import scrub as scrubbing
from harness.recording.scrubbing.known import KnownIdentifiers
from harness.recording.scrubbing.sample_key import imeis_in, serial_in
from harness.recording.scrubbing.scrub import scrub
from harness.recording.scrubbing.words import places

few = settings(max_examples=60, deadline=None)
around = st.text(alphabet=' \r\n:=.,-+@/x0a5F"é\u0661\u0130', max_size=4)


def _by_number(gate, text):
    zeros = gates.numbers(text)
    return gates.has_long_number(zeros) and gate(zeros)


PATTERNS = {
    "file of the SIM": (accounts._CARD_FILE, lambda text: gates.has_account(text, text.lower())),
    "profile": (accounts._PROFILE, lambda text: gates.has_account(text, text.lower())),
    "account": (accounts._ACCOUNT, lambda text: gates.has_account(text, text.lower())),
    "identity": (scrubbing._DIGITS, partial(_by_number, gates.has_identity)),
    "access identifier": (scrubbing._NAI, partial(_by_number, gates.has_access_identifier)),
    "phone": (scrubbing._PHONE, partial(_by_number, gates.has_phone)),
    "phone URI": (scrubbing._PHONE_URI, partial(_by_number, gates.has_phone_uri)),
    "MAC": (shapes._MAC, lambda text: gates.has_mac(gates.separators(text), text)),
    "IPv4": (shapes._DOTTED, gates.has_dotted),
    "IPv6": (shapes._FULL, lambda text: gates.has_full_ipv6(gates.separators(text))),
}


@pytest.mark.parametrize("name", PATTERNS)
@few
@given(data=st.data())
def test_what_a_pattern_matches_passes_its_gate(name, data):
    pattern, gate = PATTERNS[name]
    text = data.draw(around) + data.draw(st.from_regex(pattern)) + data.draw(around)
    assume(pattern.search(text))
    assert gate(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("account", "mUse=0 iccId=89490240 [sim.iccid]: [x]"),
        ("identity", "mCi=2147483647 mEarfcn=66786 35693803564380"),
        ("access identifier", "2147483647 android.hardware.radio@1.4"),
        ("phone", "+CSQ: 99,99 mNci=9223372036854775807"),
        ("phone URI", "tel:12345 mCi=2147483647"),
        ("MAC", "12:34:56 --------- 7:8:20:28 a-b-c-d-e-f"),
        ("IPv4", "com.android.phone 1.2.3 25.20.561"),
        ("IPv6", "12:34:56 1:2:3:4:5:7:8 android::hardware"),
    ],
)
def test_a_gate_keeps_back_what_only_looks_alike(name, text):
    assert not PATTERNS[name][1](text)


@pytest.mark.parametrize("number", range(len(labels._LABELS)))
@few
@given(data=st.data())
def test_each_label_is_found_by_its_stems(number, data):
    stems, words, pattern, _ = labels._LABELS[number]
    word = data.draw(st.sampled_from(words))
    text = data.draw(around) + data.draw(st.one_of(st.from_regex(pattern), st.just(word))) + data.draw(around)
    text = data.draw(st.sampled_from([text, text.upper(), word + text]))
    lower = text.lower()
    assume(len(lower) == len(text))
    here = {stem: places(lower, stem) for stem in labels._STEMS if stem in lower}
    matches = {at for at in range(len(text)) if pattern.match(text, at)}
    assert matches <= set(labels._starts(lower, stems, here, words))


SHORT = ("1.2.3.4", "1::2", "sn:A12345", "a.sn=1234", "own:12345", "+12345678", "line1=12345", "a.ip=1::2", "SN=AB1234")
REQUESTS = ("", "getprop", "getprop ro.serialno", "AT+CGSN", "AT+CIFSR", "ATI", "AT+UCGED?", "service call parcel 1")


@pytest.mark.parametrize(
    "text",
    ["ro.serialno=R5CR", "[ro.serialno]: [R5CR]", "ro.boot.serialno=R5CR", "356938035643809", "IMEI 356938035643809"],
)
def test_an_answer_that_tells_the_piece_does_not_pass_for_one_without_anything_personal(text):
    """The writer learns serial number and IMEI of no other."""
    kinds = {"adb": "getprop", "at": "AT+CGSN"}
    told = [Exchange(request, text.encode()) for request in kinds.values()]
    assert not any(scrubbing.has_nothing_personal(one) for one in told)
    assert any(serial_in(kind, one) or imeis_in(kind, one) for kind, one in zip(kinds, told, strict=True))


@few
@given(st.text(alphabet="ro.sernlbt=[]: 035689\r\n", max_size=16) | st.text(max_size=13))
def test_no_answer_without_anything_personal_tells_the_piece(text):
    for kind, request in {"adb": "getprop", "at": "AT+CGSN"}.items():
        one = Exchange(request, text.encode("utf-8", "replace"))
        if scrubbing.has_nothing_personal(one):
            assert serial_in(kind, one) is None
            assert imeis_in(kind, one) == ()


def test_an_error_and_what_stands_beside_the_answer_are_looked_at_all_the_same():
    plain = Exchange("id -u", b"0")
    assert scrubbing.has_nothing_personal(plain)
    assert not scrubbing.has_nothing_personal(plain, cells=True)
    assert not scrubbing.has_nothing_personal(replace(plain, stderr=b"356938035643809"))
    assert not scrubbing.has_nothing_personal(replace(plain, error=Interruption("DeviceGone", "356938035643809")))


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(alphabet="01359abfFnsx.,:=-+_ \r\n", max_size=14),
        st.tuples(st.sampled_from(SHORT), around).map("".join),
    ),
    st.sampled_from(REQUESTS),
)
def test_an_answer_too_short_for_anything_personal_has_nothing_personal(text, request):
    known = KnownIdentifiers("A1B2C3D4", "1029384756")
    if gates.nothing_personal(text.encode()):
        assert scrub(text, request=request, known=known) == (text, frozenset())


@pytest.mark.parametrize("text", SHORT)
def test_the_shortest_personal_answers_are_read(text):
    assert not gates.nothing_personal(text.encode())


@pytest.mark.parametrize("text", ["", "1\n", "null\n", "unknown\n", "-1\r\n", "\r\nOK\r\n", "33\n", "false"])
def test_the_usual_short_answers_are_not(text):
    assert gates.nothing_personal(text.encode())


@pytest.mark.parametrize("text", ["\u0661.\u0661.1.1", "\xe9", "\u0130", "1.1.1.1", "12345678"])
def test_what_is_not_ascii_or_long_is_read(text):
    assert not gates.nothing_personal(text.encode())


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["imei", "imsi", "iccid", "phone", "serial", "mac"]),
    st.text(alphabet="0123456789abcdefABCDEFXYZ:-+", min_size=8, max_size=20),
)
def test_no_form_of_a_known_identifier_is_too_plain(kind, value):
    known = KnownIdentifiers()
    known.learn(kind, value)
    assert not any(gates.nothing_personal(form.encode()) for form in known._forms)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 14), st.sampled_from(["\n", "\r\n", " \n", "\n  ", "\t\r\n "])), max_size=3),
    around,
)
def test_a_known_identifier_is_found_across_line_ends(breaks, before):
    known = KnownIdentifiers()
    known.learn("imei", "867234057391820")
    text = "867234057391820"
    for at, end in sorted(set(dict(breaks).items()), reverse=True):
        text = text[:at] + end + text[at:]
    before += "\n" + "x"
    assert re.sub(r"\s", "", known.hide(before + text, set())[len(before) :]) == "867234050000000"


AT_LINE_START = re.compile(r"^\[([\w.@:-]{1,200})\]: \[([^\]]*)\]|^([a-z]\w*(?:\.[\w-]+)+)=([^\r\n]*)", re.MULTILINE)
SIGNS = ("[", "]", "]: [", "=", "\n", "\r", ",", "é", "\u0130", "ro.serialno", "a.b", "gsm.sim.imsi", "net.dns1")
VALUES = ("26201123456", "AB12CD", "10.1.2.3", "[ro.serialno]: [AB12]", "\nro.serialno=AB12", "\n[net.dns1]: [")
lines = st.lists(st.sampled_from((*SIGNS, *VALUES)), max_size=14).map("".join)


@settings(max_examples=400, deadline=None)
@given(lines)
def test_properties_are_those_at_the_start_of_a_line(text):
    def change(match):
        key, value, end = (match[1], match[2], "]") if match[1] is not None else (match[3], match[4], "")
        clean = scrubbing._blank_property(key, value, plain)
        return match[0] if clean is None else match[0].removesuffix(value + end) + clean + end

    plain, kinds = set(), set()
    assert scrubbing._properties(text, kinds) == AT_LINE_START.sub(change, text)
    assert kinds == plain


WORDS = {
    "file of the SIM": (accounts._CARD_FILE, ("iccioresult", "icc_io", "sim_io")),
    "account": (accounts._ACCOUNT, ("user", "passw")),
}


@pytest.mark.parametrize("name", WORDS)
@few
@given(data=st.data())
def test_a_search_by_words_finds_what_the_pattern_finds(name, data):
    pattern, words = WORDS[name]
    pieces = st.one_of(st.from_regex(pattern), around, st.sampled_from([*words, "u\u017fer=x", "\u0131cc_io"]))
    text = "".join(data.draw(st.lists(pieces, max_size=4)))
    change = lambda match: f"<{match[1]}>"  # noqa: E731
    assert accounts._replace(text, text.lower(), words, pattern, change) == pattern.sub(change, text)
