"""Surveys of modems behind tools of the host and of rooted handsets, and what verdicts make of them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from harness.binding.sims import sims_in
from harness.carriers.store import Profiles
from harness.links import opening
from harness.links.adb import shell as adb_link
from harness.links.read_only import is_shell_read
from harness.observations import EnabledBands, Grade, ServingCell, Source, SupportedBands
from harness.probes.adb import rooted
from harness.probes.adb.root_script import RootQuestion
from harness.recording.exchange import Exchange, RecordingInfo
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import RecordingWriter
from harness.requirements.bound import Bound
from harness.survey.reading import read_device


def _recording(folder, **links):
    writer = RecordingWriter(folder, RecordingInfo("both", "composed", sources=("a test",)))
    for kind, exchanges in links.items():
        for exchange in exchanges:
            writer.append(kind, exchange)
    writer.finish()
    return str(folder)


def _qmi():
    return load_recording(resolve_recording("fixture:sierra-em7565")).links["qmi"]


@pytest.mark.parametrize(
    ("name", "kind", "rat", "has", "lacks"),
    [
        ("sierra-em7565", "modem", "lte", 66, 71),
        ("quectel-em12-g-mbim", "modem", "lte", 13, 48),
        ("xiaomi-redmi-note-8-pro-rooted", "handset", "lte", 4, 12),
    ],
)
def test_composed_recordings_give_measured_facts(name, kind, rat, has, lacks, tmp_path):
    survey = read_device(f"fixture:{name}", evidence=tmp_path / "run")
    assert (survey.kind, survey.trouble, survey.provenance) == (kind, None, "composed")
    for band, expected in ((has, True), (lacks, False)):
        fact = Bound.of(survey).fact(rat, band, own_sim=True)
        assert (fact.has, fact.grade) == (expected, Grade.MEASURED)
        assert all(source.exchange is not None for source in fact.evidence)
    again = read_device(str(tmp_path / "run"), device=survey.device)
    assert again.observations == survey.observations


@pytest.mark.parametrize(
    ("name", "carrier", "band"), [("sierra-em7565", "us/att", 66), ("quectel-em12-g-mbim", "us/verizon", 13)]
)
def test_a_modem_behind_tools_is_judged_as_attached_where_its_answers_agree(name, carrier, band):
    survey = read_device(f"fixture:{name}")
    (cell,) = [cell for cell in survey.all(ServingCell) if cell.role == "pcell"]
    assert (cell.band, cell.band_source, cell.registered) == (band, "both", True)
    assert any(plmn in Profiles().carrier(carrier).plmns for plmn in sims_in(survey).plmns)


def test_at_and_qmi_that_disagree_decide_nothing_and_both_are_named(tmp_path):
    port = (
        Exchange("ATI", b"Sierra Wireless, Incorporated\r\nEM7565\r\nRevision: X\r\n\r\nOK\r\n"),
        Exchange("AT+CEREG?", b"+CEREG: 0,1\r\n\r\nOK\r\n"),
    )
    survey = read_device(_recording(tmp_path / "both", at=port, qmi=_qmi()))
    assert {link for link, _ in survey.exchanges} == {"at", "qmi"}
    assert {item.source.link for item in survey.observations if item.source} == {"at", "qmi"}
    other = SupportedBands(rat="lte", bands=(1, 71), source=Source(link="at", exchange=0, request="AT+X"))
    both = replace(survey, observations=(*survey.observations, other))
    fact = Bound.of(both).fact("lte", 71, own_sim=True)
    assert fact.has is None
    assert {source.link for source in fact.evidence} == {"at", "qmi"}


def test_a_port_that_is_not_there_is_a_survey_with_trouble():
    survey = read_device("qmi:/dev/bandproof-no-such-port")
    assert survey.kind is None
    assert "is not there" in survey.trouble


# Handsets


class Handset:
    """A handset's shell that answers from a table; counts its round trips."""

    address = "R58M000TEST"

    def __init__(self, answers: dict[str, str]) -> None:
        self.rounds: list[tuple[str, ...]] = []
        self._answers = answers

    def allow_commands(self, commands): ...

    def run(self, commands, *, deadline_s):
        self.rounds.append(tuple(commands))
        assert all(is_shell_read(command) for command in commands)
        text = self._answers
        return [
            Exchange(c, text[c].encode(), 0, b"") if c in text else Exchange(c, b"", 127, b"not found")
            for c in commands
        ]

    def close(self):
        pass


PROPERTIES = "[ro.board.platform]: [mt6785]\n[ro.product.model]: [Redmi Note 8 Pro]\n[ro.product.device]: [begonia]\n"


@pytest.fixture
def plugged_in(monkeypatch):
    def plug(answers: dict[str, str]) -> Handset:
        handset = Handset(answers)
        monkeypatch.setattr(adb_link, "open_adb", lambda *_, **__: handset)
        return handset

    return plug


@pytest.mark.parametrize("more", [{"id -u": "2000\n"}, {}, {"id -u": "2000\n", "command -v su": ""}])
def test_an_unrooted_handset_costs_exactly_one_round_trip(plugged_in, more, tmp_path):
    handset = plugged_in({"getprop": PROPERTIES, **more})
    survey = read_device("R58M000TEST", evidence=tmp_path / "run")
    assert len(handset.rounds) == 1
    assert not survey.supported
    assert set(load_recording(tmp_path / "run").links) == {"adb"}


def test_a_rooted_handset_of_an_unknown_chip_is_not_asked_again(plugged_in):
    handset = plugged_in({"getprop": "[ro.hardware]: [kirin970]\n", "id -u": "0\n"})
    read_device("R58M000TEST")
    assert len(handset.rounds) == 1


def test_a_rooted_handset_costs_one_more_and_its_node_is_recorded_as_a_port(plugged_in, monkeypatch, tmp_path):
    asked = [
        RootQuestion("at", "AT+EPBSE=?", b"\r\n+EPBSE: 154,155,134742239,160\r\n\r\nOK\r\n", True, "/dev/ttyC0"),
        RootQuestion("at", "AT+EPBSE?", b"\r\n+EPBSE: 154,155,7,0\r\n", False, "/dev/ttyC0"),
        RootQuestion(
            "qmi", "qmicli --dms-get-band-capabilities", b"[qrtr://0] x\n\tLTE bands (extended): '1, 3'\n", True, "", 0
        ),
    ]
    monkeypatch.setattr(rooted, "read_output", lambda *_: (asked, ["/dev/radio/atci1"]))
    handset = plugged_in({"getprop": PROPERTIES, "id -u": "2000\n", "command -v su": "/sbin/su\n"})
    monkeypatch.setattr(
        Handset,
        "run",
        lambda self, commands, *, deadline_s, plain=Handset.run: (
            plain(self, commands, deadline_s=deadline_s)
            if len(commands) > 1
            else self.rounds.append(tuple(commands)) or [Exchange(commands[0], b"", 0, b"")]
        ),
    )
    survey = read_device("R58M000TEST", device="phone", evidence=tmp_path / "run")
    assert [len(commands) > 1 for commands in handset.rounds] == [True, False]
    assert {(f.source.link, f.rat, f.bands) for f in survey.supported if f.rat == "lte"} == {
        ("at", "lte", (1, 2, 3, 4, 5, 7, 8, 20, 28, 38, 40)),
        ("qmi", "lte", (1, 3)),
    }
    assert not survey.all(EnabledBands)
    assert any("/dev/radio/atci1 is in use" in warning for warning in survey.warnings)
    links = load_recording(tmp_path / "run").links
    assert [exchange.request for exchange in links["at"]] == ["AT+EPBSE=?", "AT+EPBSE?"]
    assert not any("su -c" in exchange.request for exchange in links["adb"])
    again = read_device(str(tmp_path / "run"), device="phone")
    assert set(again.observations) == set(survey.observations)


def test_everything_is_opened_through_one_door(monkeypatch, tmp_path):
    """`pytest --device=qmi:...` comes through `open_link`; its exchanges are written before the next query."""
    from harness.links.addresses import parse_address
    from harness.links.host_tool import HostTools
    from harness.links.recorded import RecordingTools

    device = tmp_path / "x"
    device.touch()
    monkeypatch.setattr("harness.links.host_tool.os.path.exists", lambda _: True)
    writer = RecordingWriter(tmp_path / "run", RecordingInfo("m", "recorded"))
    link = opening.open_link(parse_address("qmi:/dev/cdc-wdm0"), record_to=writer, deadline_s=time.monotonic() + 1)
    assert isinstance(link, RecordingTools)
    assert isinstance(link.link, HostTools)
    writer.close()
