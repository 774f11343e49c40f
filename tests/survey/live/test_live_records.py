"""The capture file of a live capture holds the very messages that are kept as its evidence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.links.diag.gsmtap import Datagram, as_pcap
from harness.recording.exchange import Exchange, RecordingInfo
from harness.recording.files import CAPTURE_FILE, hash_problems
from harness.recording.writer import RecordingWriter
from harness.survey.evidence_trees import FORMAT
from harness.survey.live.records import holds, records_of
from harness.survey.live.session import REQUEST

sys.path.insert(0, str(Path(__file__).parents[2] / "probes" / "uecap"))


@pytest.fixture(scope="module")
def datagrams() -> list[Datagram]:
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    import uecap_samples as make

    answers = [make.lte_message(("eutra", make.eutra(bands=bands))) for bands in ((3, 7), (2, 66))]
    return [Datagram(radio, 1_700_000_000.1, make.gsmtap2(3, one)) for radio, one in enumerate(answers)]


def exchange(datagrams: list[Datagram]) -> Exchange:
    lines = [FORMAT]
    for radio in (0, 1):
        lines += [f"radio {radio}", *records_of([one for one in datagrams if one.radio == radio], (), radio)[0]]
    return Exchange(REQUEST, "\n".join((*lines, "")).encode())


def test_what_was_kept_is_what_the_file_holds(datagrams):
    kept = exchange(datagrams)
    assert kept.text.count("lte_ul ") == 2
    assert holds(as_pcap(datagrams), kept)


def test_a_file_that_lacks_adds_or_swaps_a_message_does_not(datagrams):
    kept, (first, second) = exchange(datagrams), datagrams
    swapped = [Datagram(1 - one.radio, one.at, one.payload) for one in datagrams]
    for others in (
        [],
        [first],
        [*datagrams, first],
        swapped,
        [first, Datagram(1, 1.0, b"\x02\x04" + bytes(30)), second],
    ):
        assert not holds(as_pcap(others), kept)
    whole = as_pcap(datagrams)
    assert not holds(whole[:-1], kept)
    assert not holds(whole + b"x", kept)
    assert not holds(b"", kept)
    assert not holds(b"\xff" * 4096, kept)


def test_the_recording_knows_the_file_by_its_hash(tmp_path):
    with RecordingWriter(tmp_path / "kept", RecordingInfo("x", "recorded")) as writer:
        writer.append("uecap", Exchange(REQUEST, b"x\n"))
        writer.keep_file(CAPTURE_FILE, b"as it came")
    assert hash_problems(tmp_path / "kept") == ()
    (tmp_path / "kept" / CAPTURE_FILE).write_bytes(b"another")
    assert hash_problems(tmp_path / "kept") == ("uecap.pcap was changed after the recording was finished",)
    (tmp_path / "kept" / CAPTURE_FILE).unlink()
    assert hash_problems(tmp_path / "kept") == ("uecap.pcap is missing",)
    with RecordingWriter(tmp_path / "other", RecordingInfo("x", "recorded")) as writer:
        writer.append("uecap", Exchange(REQUEST, b"x\n"))
    (tmp_path / "other" / CAPTURE_FILE).write_bytes(b"brought in later")
    assert hash_problems(tmp_path / "other") == ("uecap.pcap was added after the recording was finished",)
