"""Cut, shuffled, damaged and hostile texts: a ParseError or a subset of the truth, never another band."""

import contextlib
import time

import adb_samples as samples
import pytest
from adb_grammars import GRAMMARS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import ParseError
from harness.probes.adb import read
from harness.probes.adb.language.text import _LONG, pairs
from harness.probes.adb.plan import READ_COMMANDS, read_all

LOGS = {"aidl": samples.AIDL_LOG, "sst": samples.SST_LOG, "channels": samples.CHANNEL_LOG}
OTHERS = {
    "isub": samples.ISUB_11,
    "isub14": samples.ISUB_14,
    "getprop": samples.GETPROP,
    "conn": samples.CONNECTIVITY_8,
}
CELLULAR = {**samples.WRAPPED_FREE, **LOGS}
HISTORY_BANDS = {7, 4}  # of older lines in the logs: a log cut there ends with them
UNSET = ["0", "-1", "2147483647", "null", "****", ""]
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def bands(text, command=None):
    try:
        found = read(text, command).observations
    except ParseError:
        return set()
    cells = [o for o in found if o.kind == "serving_cell"]
    return {b for c in cells for b in (c.band, *(c.band_candidates or ())) if b is not None}


@pytest.mark.parametrize("name", CELLULAR)
def test_a_cut_at_any_point_names_no_other_band(name):
    text = CELLULAR[name]
    allowed = bands(text) | (HISTORY_BANDS if name in LOGS else set())
    step = max(1, len(text) // 700)
    for end in range(0, len(text), step):
        for tail in ("", "\n"):
            found = bands(text[:end] + tail)
            assert found <= allowed, (text[max(0, end - 60) : end], found)


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda one: one.name)
def test_a_grammar_cut_at_any_point_names_no_other_band(grammar):
    text = grammar.sample
    allowed = bands(text) | HISTORY_BANDS
    for end in range(0, len(text), max(1, len(text) // 500)):
        for tail in ("",) if grammar.name in ONE_VALUE_A_LINE else ("", "\n"):
            assert bands(text[:end] + tail) <= allowed | WRAPPED.get(grammar.name, set()), text[max(0, end - 60) : end]


ONE_VALUE_A_LINE = {"keys on lines of their own"}
"""A line end behind half a number hides the cut."""
WRAPPED = {"Samsung's keys": {3}}
"""An EARFCN of 16 bits, where the band that the device names was cut away."""


@pytest.mark.parametrize("name", ["a9", "a11", "a12", "a13"])
def test_a_cut_within_a_number_reads_no_shorter_number(name):
    text = CELLULAR[name]
    whole = {(c.arfcn, c.pci, c.tac) for c in read(text).observations if c.kind == "serving_cell"}
    known = [{row[i] for row in whole} | {None} for i in range(3)]
    for end in range(0, len(text), 3):
        try:
            found = read(text[:end]).observations
        except ParseError:
            continue
        for cell in (o for o in found if o.kind == "serving_cell"):
            assert cell.arfcn in known[0] and cell.pci in known[1] and cell.tac in known[2]  # noqa: PT018


@few
@given(st.sampled_from(sorted(samples.WRAPPED_FREE)), st.data())
def test_dropped_lines_name_no_other_band(name, data):
    text = samples.WRAPPED_FREE[name].replace("local logs:", samples.HISTORY)
    lines = text.split("\n")
    kept = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    mutated = "\n".join(line for line, keep in zip(lines, kept, strict=True) if keep)
    assert bands(mutated, "dumpsys telephony.registry") <= bands(text)
    assert bands(mutated) <= bands(text)


@few
@given(st.sampled_from(sorted(samples.WRAPPED_FREE)), st.sampled_from(UNSET), st.data())
def test_numbers_replaced_by_unset_values_name_no_other_band(name, unset, data):
    text = samples.WRAPPED_FREE[name]
    key = data.draw(
        st.sampled_from(["mEarfcn=", "mChannelNumber=", "mPci=", "mTac=", "mMnc=", "mBand=", "mNrArfcn = "])
    )
    at = text.find(key)
    if at < 0:
        return
    start = end = at + len(key)
    while text[end].isalnum():
        end += 1
    assert bands(text[:start] + unset + text[end:]) <= bands(text)


@few
@given(
    st.sampled_from(sorted({**CELLULAR, **OTHERS})),
    st.integers(0, 5000),
    st.text(max_size=40),
    st.sampled_from([None, *READ_COMMANDS]),
)
def test_random_text_anywhere_raises_nothing_but_parse_error(name, at, junk, command):
    text = {**CELLULAR, **OTHERS}[name]
    at %= len(text)
    with contextlib.suppress(ParseError):
        assert read(text[:at] + junk + text[at + len(junk) // 2 :], command).observations


@few
@given(st.binary(max_size=300), st.sampled_from([None, *READ_COMMANDS]))
def test_binary_raises_nothing_but_parse_error(data, command):
    for text in (data.decode("latin-1"), data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace")):
        with contextlib.suppress(ParseError):
            assert read(text, command).observations


FRAGMENTS = [
    "mServiceState={",
    "CellInfoLte:{",
    "mRegistered=YES ",
    "CellIdentityLte:{ ",
    "mEarfcn=1300 ",
    "}",
    "{",
    "[",
    "]",
]
FRAGMENTS += [
    "Phone Id=0\n",
    "\n",
    "NetworkRegistrationInfo{ ",
    "domain=PS ",
    "registrationState=HOME ",
    "mBands=[3] ",
    ", ",
]
FRAGMENTS += [
    "{mConnectionStatus=PrimaryServing,",
    "mBand=3,",
    "mNetworkType=LTE,",
    "0 0 voice home data home a b 26201  LTE LTE CSS ",
]
FRAGMENTS += [
    "[gsm.sim.state]: [LOADED]\n",
    "RILJ ",
    "DATA_REGISTRATION_STATE {1, a, b, 14}",
    "99999999999999999999999",
]


@few
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_any_order_of_fragments_raises_nothing_but_parse_error(text):
    assert bands(text) <= {3}


@few
@given(
    st.dictionaries(
        st.sampled_from(READ_COMMANDS), st.sampled_from([*CELLULAR.values(), *OTHERS.values(), "", "null\n"])
    )
)
def test_answers_under_the_wrong_command_never_raise(answers):
    reading = read_all(answers)
    assert all(item.source and item.source.request in answers for item in reading.observations)


def test_an_operator_name_is_no_field():
    text = samples.A11.replace("mAlphaLong=Test Net", "mAlphaLong=X mEarfcn=300 mBands=[1] mPci=9")
    assert bands(text) == bands(samples.A11)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "{",
        "mServiceState={",
        "CellIdentityLte:{ mEarfcn=1 ",
        "NetworkRegistrationInfo{ ",
        "a=[",
        "[x]: [",
        "\x00",
        " ",
        "> ",
        "12:",
        "DUMP OF SERVICE ",
        '{"a":"',
        "\\n",
        "PS/WWAN: registrationState=",
        "OPERATOR {",
        "CellIdentityLte: mPci=",
    ],
)
def test_one_endless_line_is_read_in_linear_time(unit):
    started = time.process_time()
    with contextlib.suppress(ParseError):
        read(unit * (2_000_000 // len(unit)))
    assert time.process_time() - started < 3


def test_a_dump_of_200_kb_is_quick():
    text = samples.A12.replace("local logs:", samples.HISTORY)
    text += (samples.HISTORY + "\n") * (200_000 // len(samples.HISTORY))
    started = time.process_time()
    assert len(read(text, "dumpsys telephony.registry").observations) == 6
    assert time.process_time() - started < 0.1


def test_a_text_too_long_to_take_apart_at_once_reads_the_same():
    listing = "[ro.product.model]: [x]\n[wrapped]: [a\nb]\n[gsm.sim.state]: [LOADED]\n"
    filler = "".join(f"[debug.filler.{number}]: [value]\n" for number in range(40_000))
    assert len(filler) > _LONG
    assert [o.kind for o in read(filler + listing).observations] == [o.kind for o in read(listing).observations]
    long = "".join(f"key{number}=[{number}] " for number in range(80_000)) + "key0=9"
    assert pairs(long) == {f"key{number}": f"[{number}]" for number in range(80_000)}
