"""An answer in which nothing personal was found is not searched again; what is known of a device is, in each of its own."""

import pytest

from harness.at_commands import FamilyRecords
from harness.recording.exchange import Exchange
from harness.recording.files import find_recordings, load_recording
from harness.recording.scrubbing import plain_answers, scrub
from harness.recording.scrubbing.known import KnownIdentifiers

PLAIN = b'\r\n+QNWPREFCFG: "lte_band",1:2:3:4:5:7:8\r\n\r\nOK\r\n'
IMEI = "490154203237518"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(plain_answers, "_PLAIN", set())


@pytest.fixture
def searched(monkeypatch):
    found, by_patterns = [], scrub._by_patterns

    def counted(text, *rest):
        found.append(text)
        return by_patterns(text, *rest)

    monkeypatch.setattr(scrub, "_by_patterns", counted)
    return found


def scrubbed(response, request="AT+X?", known=None, **options):
    exchange, kinds = scrub.scrub_exchange(Exchange(request, response), known=known or KnownIdentifiers(), **options)
    return exchange.response, kinds


def test_a_plain_answer_is_searched_once(searched):
    assert [scrubbed(PLAIN) for _ in range(3)] == [(PLAIN, frozenset())] * 3
    assert len(searched) == 1


def test_an_answer_with_something_personal_is_always_searched(searched):
    answer = f"\r\n+CGSN: {IMEI}\r\nOK\r\n".encode()
    found = [scrubbed(answer) for _ in range(3)]
    assert found == [(answer.replace(b"3237518", b"0000000"), {"imei"})] * 3
    assert len(searched) == 3
    assert not plain_answers._PLAIN


def test_what_another_device_may_say_this_one_may_not():
    """The bare digits of its own serial number stand in an answer that is plain of any other."""
    answer = b"\r\n+BUILD: R58N12345AB\r\nOK\r\n"
    assert scrubbed(answer) == (answer, frozenset())
    mine, kinds = scrubbed(answer, known=KnownIdentifiers("R58N12345AB"))
    assert b"R58N" not in mine
    assert kinds == {"serial"}
    assert scrubbed(answer) == (answer, frozenset())


def test_a_record_that_the_family_calls_personal_is_searched_for(searched):
    answer = b"\r\n+NWCARD: 0014103211118510\r\nOK\r\n"
    known = KnownIdentifiers()
    known.records = FamilyRecords(personal={"+NWCARD": "iccid"})
    assert scrubbed(answer)[0] == answer
    assert scrubbed(answer, known=known)[1] == {"iccid"}
    assert len(searched) == 2


def test_the_same_digits_are_something_else_behind_another_request():
    answer = b"\r\n123456789012345\r\nOK\r\n"
    assert scrubbed(answer, request="AT+XYZ")[1] == frozenset()
    assert scrubbed(answer, request="AT+CIMI")[1] == {"imsi"}


def test_cells_are_replaced_in_a_plain_answer_too():
    answer = b'\r\n+CEREG: 2,1,"1A2D","0105FF0B",7\r\nOK\r\n'
    assert scrubbed(answer, request="AT+CEREG?")[1] == frozenset()
    assert scrubbed(answer, request="AT+CEREG?", cells=True)[1] == {"cell_id", "tac"}


def test_not_more_than_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(plain_answers, "MOST", 3)
    for number in range(10):
        scrubbed(b"\r\n+X: some words, and so on, %d\r\nOK\r\n" % number)
        assert len(plain_answers._PLAIN) <= 3


def test_every_recorded_answer_is_scrubbed_again_as_it_was():
    exchanges = [
        one
        for folder in find_recordings().values()
        for kind, link in load_recording(folder).links.items()
        if kind in {"adb", "at", "qmi"}
        for one in link
    ]
    for cells in (False, True):
        first = [scrub.scrub_exchange(one, cells=cells) for one in exchanges]
        assert [scrub.scrub_exchange(one, cells=cells) for one in exchanges] == first
    assert len(plain_answers._PLAIN) > 100
