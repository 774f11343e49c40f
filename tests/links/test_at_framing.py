"""Where an answer begins and ends, whatever the framing and however the bytes are cut."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.links.at.framing import AnswerReader, answers_another, holds_final, is_quiet, record_names, records


def read(data, command="AT+CEREG?", cuts=(), **options):
    reader = AnswerReader(command, **options)
    done, last = False, 0
    for cut in (*sorted(cuts), len(data)):
        done = reader.feed(data[last:cut]) or done
        last = max(last, cut)
    return reader, done


ANSWERS = [
    (b"\r\n+CEREG: 0,1\r\n\r\nOK\r\n", b"\r\n+CEREG: 0,1\r\n\r\nOK\r\n", b"OK"),
    (b"AT+CEREG?\r\r\n+CEREG: 0,1\r\n\r\nOK\r\n", b"\r\n+CEREG: 0,1\r\n\r\nOK\r\n", b"OK"),
    (b"AT+CEREG?\r\n+CEREG: 0,1\r\nOK\r\n", b"+CEREG: 0,1\r\nOK\r\n", b"OK"),
    (b"\r\n+CREG: 5\r\nAT+CEREG?\r\r\n+CEREG: 0,1\r\nOK\r\n", b"\r\n+CEREG: 0,1\r\nOK\r\n", b"OK"),
    (b"\r\r\n+CEREG: 0,1\r\r\n\r\r\nOK\r\r\n", b"\r\r\n+CEREG: 0,1\r\r\n\r\r\nOK\r\r\n", b"OK"),
    (b"+CEREG: 0,1\nOK\n", b"+CEREG: 0,1\nOK\n", b"OK"),
    (b"+CEREG: 0,1\rOK\r", b"+CEREG: 0,1\rOK\r", b"OK"),
    (
        b"\r\n+CREG: 1\r\n\r\n+CEREG: 0,1\r\n\r\n+CREG: 1\r\n\r\nOK\r\n\r\n+CREG: 2\r\n",
        b"\r\n+CREG: 1\r\n\r\n+CEREG: 0,1\r\n\r\n+CREG: 1\r\n\r\nOK\r\n",
        b"OK",
    ),
]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ANSWERS), st.lists(st.integers(0, 80), max_size=8))
def test_the_answer_is_the_same_however_it_is_cut(case, cuts):
    data, response, final = case
    reader, done = read(data, cuts=[cut for cut in cuts if cut < len(data)])
    assert (done, reader.response, reader.final) == (True, response, final)


FINALS = [
    "OK",
    "ERROR",
    "+CME ERROR: 4",
    "+CME ERROR: SIM not inserted",
    "+CMS ERROR: 500",
    "+CME ERROR:10",
    "ABORTED",
    "COMMAND NOT SUPPORT",
    "TOO MANY PARAMETERS",
]
CALL_RESULTS = ["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE", "CONNECT", "CONNECT 115200"]


@pytest.mark.parametrize("final", FINALS)
@pytest.mark.parametrize("command", ["AT+CEREG?", "ATD*99#"])
def test_every_final_result_code_ends_an_answer(command, final):
    assert read(f"\r\n{final}\r\n".encode(), command)[1]


@pytest.mark.parametrize("final", CALL_RESULTS)
@pytest.mark.parametrize(
    "command", ["ATD*99***1#", "atdt 5551234", "ATA", "ATO", "ATO0", "ATE0D5", "AT&D2S0=0DT5", "AT+FCLASS=0;D5"]
)
def test_the_result_of_a_call_ends_the_answer_to_a_command_that_calls(command, final):
    assert read(f"\r\n{final}\r\n".encode(), command)[1]


@pytest.mark.parametrize("code", CALL_RESULTS)
@pytest.mark.parametrize(
    "command", ["AT+CEREG?", "ATI", "AT", "ATE0", "AT&V", "AT+CPIN?;+COPS?", 'AT+QCFG="a;d"', "AT*BANDIND?", "ATS0?"]
)
def test_the_result_of_a_call_that_comes_unasked_ends_no_answer(command, code):
    answer = b"\r\n+CEREG: 0,1\r\n\r\nOK\r\n"
    reader, done = read(f"\r\n{code}\r\n".encode(), command)
    assert not done
    assert not reader.nearly_complete
    assert reader.feed(answer)
    assert reader.response.endswith(answer)
    assert reader.final == b"OK"


@pytest.mark.parametrize(
    "line",
    ["+CREG: 1", "OKAY", "+CME: 4", "CONNECTED", "ERROR CODE 3", "0", "4", "+QIND: SMS DONE", "NOT OK", "RING", ""],
)
def test_nothing_else_ends_an_answer(line):
    assert not read(f"\r\n{line}\r\n".encode())[1]


def test_digits_end_an_answer_only_after_atv0():
    assert read(b"+CEREG: 0,1\r\n0\r", numeric=True)[1]
    assert read(b"4\r", numeric=True)[0].final == b"4"
    assert not read(b"+CEREG: 0,1\r\n0\r")[1]


def test_with_echo_on_a_late_answer_before_the_echo_does_not_count():
    late = b'\r\n+COPS: 0,0,"X",7\r\n\r\nOK\r\n'
    reader, done = read(late, echo=True)
    assert not done
    assert not reader.nearly_complete
    assert reader.feed(b"AT+CEREG?\r\r\n+CEREG: 0,1\r\n\r\nOK\r\n")
    assert reader.response == b"\r\n+CEREG: 0,1\r\n\r\nOK\r\n"


def test_an_echo_behind_a_broken_line_is_cut():
    assert read(b"\r\n+CREG: AT+CEREG?\r\r\n+CEREG: 0,1\r\nOK\r\n")[0].response == b"\r\n+CEREG: 0,1\r\nOK\r\n"


def test_a_final_code_without_line_end_is_told_apart():
    reader, done = read(b"\r\n+CEREG: 0,1\r\n\r\nOK")
    assert not done
    assert reader.nearly_complete
    reader.finish()
    assert (reader.response, reader.final) == (b"\r\n+CEREG: 0,1\r\n\r\nOK", b"OK")


@pytest.mark.parametrize(
    ("command", "answer", "other"),
    [
        ("AT+CEREG?", "+COPS: 0\r\nOK", True),
        ("AT+CEREG?", "+CEREG: 0,1\r\nOK", False),
        ("AT+CEREG?", "OK", False),
        ("AT+CGMM", "+COPS: 0\r\nOK", True),
        ("AT+CGMM", "+CREG: 1\r\nEG25\r\nOK", False),
        ("AT+COPS?;+CEREG?", "+COPS: 0\r\nOK", False),
        ("AT+CGMM", "+UNKNOWN: 1\r\nOK", False),
    ],
)
def test_an_answer_to_another_command_of_ours_is_seen(command, answer, other):
    assert answers_another(command, answer.encode(), {"+COPS", "+CREG"}) == other


def test_records_and_names():
    assert records(b'\r\n+QENG: "x"\r\n^HCSQ:"LTE"\r\n#RFSTS: 1\r\nplain\r\n+CME ERROR: 4\r\n') == {
        "+QENG",
        "^HCSQ",
        "#RFSTS",
    }
    assert record_names("AT+QNWINFO;+QCAINFO;^HCSQ?") == {"+QNWINFO", "+QCAINFO", "^HCSQ"}
    assert holds_final(b"\r\n+X: 1\r\nOK\r\n")
    assert not holds_final(b"\r\n+CREG: 1\r\n")
    assert is_quiet(b"\r\n+CREG: 1\r\nOK\r\n", set())
    assert not is_quiet(b"\r\n+COPS: 0\r\nOK\r\n", {"+COPS"})
    assert not is_quiet(b"\r\nEG25\r\nOK\r\n", set())


def test_a_flood_without_line_ends_costs_linear_time():
    reader, start = AnswerReader("AT"), time.process_time()
    for _ in range(500):
        assert not reader.feed(b"x" * 16384)
        assert not reader.nearly_complete
    assert time.process_time() - start < 2


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.binary(max_size=30) | st.sampled_from([b"\r", b"\n", b"OK", b"AT+CEREG?\r"]), max_size=12),
    st.sampled_from([None, True, False]),
)
def test_no_bytes_raise(chunks, echo):
    reader = AnswerReader("AT+CEREG?", echo=echo)
    for chunk in chunks:
        reader.feed(chunk)
    reader.finish()
    assert len(reader.response) <= len(reader.raw)


class LineByLine(AnswerReader):
    """The reader without its one search for all lines."""

    def _skip_to_final(self):
        self._by_lines(to_echo=False)

    def _by_lines(self, *, to_echo):
        super()._by_lines(to_echo=False)


ENDS = (b"\r\n", b"\r", b"\n")
FINALS_IN_BLANKS = (
    b"OK",
    b" OK\t",
    b"\vERROR\f",
    b"+CME ERROR : no SIM ",
    b"NO CARRIER",
    b"CONNECT 9",
    b"TOO MANY PARAMETERS",
)
OTHERS = (b"+CEREG: 0,1", b"+CMS ERROR", b"AT+CEREG?", b"AT", b"ATD*99#", b"\x00", b"\xff", b"0")
PIECES = st.sampled_from((*ENDS, *FINALS_IN_BLANKS, *OTHERS))


@settings(max_examples=600, deadline=None)
@given(
    st.lists(PIECES, max_size=14).map(b"".join),
    st.lists(st.integers(0, 60), max_size=6),
    st.sampled_from(["AT+CEREG?", "AT", "ATD*99#", "ATI", ""]),
    st.sampled_from([None, True, False]),
    st.booleans(),
    st.booleans(),
)
def test_one_search_for_all_lines_finds_what_line_by_line_finds(data, cuts, command, echo, numeric, echoed):
    data = command.encode() + b"\r" + data if echoed else data
    readers = [kind(command, echo=echo, numeric=numeric) for kind in (AnswerReader, LineByLine)]
    last = 0
    for cut in (*sorted(min(cut, len(data)) for cut in cuts), len(data)):
        told = [
            (one.feed(data[last:cut]), one.nearly_complete, one.response, one.rest, one.final, one.echo_seen)
            for one in readers
        ]
        assert told[0] == told[1]
        last = cut


@pytest.mark.parametrize(
    "answer", [b"\r\n+CREG: 1\r\nOK", b"+COPS:0\r\n+CREG: 1", b"x\r+COPS: 0\r+CREG: 1", b"+CME ERROR: 3"]
)
@pytest.mark.parametrize("command", ["AT+COPS?", "AT+CREG?;+COPS?", "AT+CME?", "ATI"])
@pytest.mark.parametrize("before", [set(), {"+CREG"}, {"+QENG"}, {"+COPS", "+QENG"}])
def test_another_command_s_answer_is_told_by_its_records(answer, command, before):
    found, wanted = records(answer), record_names(command)
    unsolicited = {"+CREG"}
    expected = bool(found) and not found & wanted and bool((found & before) - wanted - unsolicited)
    assert answers_another(command, answer, before) == expected
