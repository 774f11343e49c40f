"""A run reads what the replay of its evidence reads, also where answers are late and where the modem goes away."""

from __future__ import annotations

import time

import pytest
from made_up_machine import Tty, Vanish

from harness.at_commands import at_key
from harness.links.replay import ReplayAt
from harness.observations import Unread
from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import all_dialects, dialect
from harness.probes.at.session import read_exchange
from harness.recording.exchange import Exchange, Recording, RecordingInfo
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import RecordingWriter
from harness.survey.noting import NotingAt
from harness.survey.reading import read_device
from harness.survey.targets import Target

MODEM = "fixture:quectel-rm520n-gl"
POLICY = 'AT+QNWPREFCFG="policy_band"'


@pytest.fixture(autouse=True, scope="module")
def loaded():
    """The families are loaded before any deadline runs: it is the modem's time that is measured here."""
    all_dialects()


@pytest.fixture(autouse=True)
def own_locks(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def modem():
    """Makes the modem of the fixture on a pty: modem(instead) answers the requests of `instead` by its values."""
    answers = {at_key(one.request): one.response for one in load_recording(resolve_recording(MODEM)).links["at"]}
    made = []

    def make(instead):
        told = {**answers, **{at_key(request): answer for request, answer in instead.items()}}
        made.append(Tty(lambda command: told.get(at_key(command), b"\r\nERROR\r\n")))
        return made[-1].path

    yield make
    for one in made:
        one.close()


def read_and_replay(path, evidence, seconds=1.0):
    live = read_device(Target("m", (path,)), evidence=evidence, deadline_s=time.monotonic() + seconds)
    return live, read_device(str(evidence), device="m")


def assert_same(live, again):
    assert [(kind, one.request, one.response, one.error) for kind, one in live.exchanges] == [
        (kind, one.request, one.response, one.error) for kind, one in again.exchanges
    ]
    assert live.observations == again.observations
    assert live.warnings == again.warnings
    assert (live.lost, live.dialect, live.kind) == (again.lost, again.dialect, again.kind)
    assert live.trouble == again.trouble


def test_a_request_whose_answer_is_late_stays_among_the_exchanges_with_its_error(modem, tmp_path):
    live, again = read_and_replay(modem({POLICY: b"\r\n+QNWPREFCFG: "}), tmp_path / "run")
    assert_same(live, again)
    late = next(one for _, one in live.exchanges if one.request == POLICY)
    assert late.error.kind == "AnswerTimeout"
    assert b"+QNWPREFCFG: " in late.response
    assert not live.trouble
    assert not live.lost
    assert POLICY in {item.request for item in live.all(Unread) if item.what == "supported"}


def test_a_late_joined_request_is_not_asked_in_parts_neither_live_nor_in_replay(modem, tmp_path):
    joined = 'AT+QENG="servingcell";+QCAINFO'
    live, again = read_and_replay(modem({joined: None}), tmp_path / "run", 0.5)
    assert_same(live, again)
    asked = [one.request for _, one in live.exchanges]
    assert joined in asked
    assert "AT+QCAINFO" not in asked


def test_what_a_modem_told_before_it_went_away_is_kept(modem, tmp_path):
    live, again = read_and_replay(modem({POLICY: Vanish}), tmp_path / "run")
    assert_same(live, again)
    assert live.lost
    assert "went away" in live.trouble
    assert live.identity.model == "RM520N-GL"
    assert [one.request for _, one in live.exchanges][-1] == POLICY
    assert load_recording(tmp_path / "run").info.complete is False


def test_without_evidence_the_same_is_read(modem, tmp_path):
    live = read_device(modem({POLICY: None}), deadline_s=time.monotonic() + 0.5)
    kept, _ = read_and_replay(modem({POLICY: None}), tmp_path / "run", 0.5)
    assert live.observations == kept.observations
    assert [(one.request, bool(one.error)) for _, one in live.exchanges] == [
        (one.request, bool(one.error)) for _, one in kept.exchanges
    ]


def test_a_writer_of_the_caller_takes_the_exchanges_and_is_left_open(modem, tmp_path):
    writer = RecordingWriter(tmp_path / "mine", RecordingInfo("m", "recorded"))
    heard = []
    survey = read_device(modem({}), writer=writer, hears=heard.append)
    assert heard == []
    assert not load_recording(tmp_path / "mine").info.complete
    writer.finish()
    kept = load_recording(tmp_path / "mine")
    assert kept.info.complete
    assert kept.links["at"] == tuple(one for _, one in survey.exchanges)


def test_who_asks_hears_why_a_port_could_not_be_opened(tmp_path):
    heard = []
    assert read_device("/dev/ttyNOSUCH7", hears=heard.append).trouble
    assert [bool(error.way_out) for error in heard] == [True]


def test_a_fact_cites_the_exchange_that_told_it_and_not_the_first_of_its_request(tmp_path):
    """The first answer to AT+QNWINFO tells no cell; asked alone after its joined request is refused, it does."""
    cell = '\r\n+QNWINFO: "FDD LTE","310410","LTE BAND 2",900\r\n\r\nOK\r\n'
    exchanges = [
        Exchange("ATI", b"\r\nQuectel\r\nEG25\r\nRevision: EG25GGBR07A08M2G\r\n\r\nOK\r\n"),
        Exchange("AT+QNWINFO", b"\r\n+QNWINFO: No Service\r\n\r\nOK\r\n"),
        Exchange("AT+QNWINFO", cell.encode()),
    ]
    kept = []
    replay = NotingAt(ReplayAt(Recording(RecordingInfo("m", "recorded"), {"at": tuple(exchanges)})), kept, None)
    for _ in range(2):
        last = replay.ask("AT+QNWINFO", deadline_s=0)
    told = read_exchange(last, dialect("quectel"), Modem()).observations
    assert [(item.source.link, item.source.exchange) for item in told if item.kind == "serving_cell"] == [("at", 1)]
    assert [one.number for _, one in kept] == [0, 1]


def test_a_handset_that_says_nothing_understandable_is_told_as_that(tmp_path):
    with RecordingWriter(tmp_path / "odd", RecordingInfo(id="odd", provenance="composed", sources=("test",))) as writer:
        for command in ("getprop", "dumpsys telephony.registry"):
            writer.append("adb", Exchange(command, b"lorem ipsum\n", exit_code=0))
        writer.finish()
    survey = read_device(str(tmp_path / "odd"))
    assert survey.observations == ()
    assert any(
        "answered 2 of" in text and "nothing that it said could be understood" in text for text in survey.warnings
    )


def test_a_recording_is_parsed_once(monkeypatch):
    from harness.links import opening

    loaded = []
    real = opening.load_address
    monkeypatch.setattr(opening, "load_address", lambda address: loaded.append(address) or real(address))
    for name in ("xiaomi-mi-mix-2-global", "quectel-rm520n-gl-sweep", "xiaomi-redmi-note-8-pro-rooted"):
        loaded.clear()
        assert read_device(f"fixture:{name}").observations
        assert len(loaded) == 1
