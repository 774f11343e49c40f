"""NR frames as QCSuper hands them on, and CA tables as SCAT prints them."""

from __future__ import annotations

import pytest
import uecap_samples as make

from harness.observations import SupportedBands
from harness.probes.uecap import read
from harness.probes.uecap.texts.tables_printed import printed_tables
from harness.probes.uecap.wire.nr_log import PORT, read_nr_log
from harness.simulation.diag.frames import body_of, frame, rrc_log

HEAD = 16
"""Command, lengths, code and time before a record's body."""


def record(message: bytes, coding="nr_ul") -> bytes:
    return rrc_log((coding, message))[HEAD:]


def test_a_record_is_its_message_and_channel():
    assert read_nr_log(record(b"message")) == (("nr_ul", b"message"),)
    assert read_nr_log(record(b"message", "nr_dl")) == (("nr_dl", b"message"),)


@pytest.mark.parametrize("cut", [0, 3, 20, 31, 35, 38])
def test_a_cut_record_is_none(cut):
    assert read_nr_log(record(b"message")[:cut]) == ()


def test_an_unknown_version_is_none():
    assert read_nr_log(rrc_log(("nr_ul", b"message"), known=False)[HEAD:]) == ()


def test_a_capture_of_such_frames_tells_nr():
    message = make.nr_message(("nr", make.nr()))
    frames = [make.udp(record(make.nr_enquiry((1, 78)), "nr_dl"), PORT), make.udp(record(message), PORT)]
    reading = read([("qcsuper.pcap", make.pcap(1, frames))])
    (fact,) = (one for one in reading.observations if isinstance(one, SupportedBands) and one.rat == "nr")
    assert fact.bands == make.NR_BANDS
    assert fact.filtered_by == (1, 78)


def test_tables_are_lines_of_their_own():
    text = "x\r\nRadio 1: LTE UE CA Combos Raw: 29ab\r\nRadio 0: NR UE CA Combos Raw: 09\nRadio 0: NR UE CA Combos Raw: 0\n"
    assert list(printed_tables(text)) == [(1, "0xB0CD", "29ab"), (0, "0xB826", "09")]


def test_the_printed_tables_of_a_run(captures_dir):
    text = (captures_dir / "unrooted" / "012-scat-cacombos-stdout" / "stdout.txt").read_text()
    found = {(radio, code): octets for radio, code, octets in printed_tables(text)}
    assert set(found) == {(1, "0xB0CD"), (0, "0xB826")}
    assert int(found[1, "0xB0CD"][:2], 16) == 41
    assert int(found[0, "0xB826"][:2], 16) == 9


@pytest.mark.parametrize("folder", ["001-scat-live-ue-capability", "004-qcsuper-live-and-failures"])
def test_captures_of_both_tools_tell_the_band_and_the_filter(captures_dir, folder):
    data = (captures_dir / "unrooted" / folder / "capture.pcap").read_bytes()
    (fact,) = (
        one for one in read([("c.pcap", data)]).observations if isinstance(one, SupportedBands) and one.rat == "lte"
    )
    assert (fact.bands, fact.filtered_by, fact.complete) == ((3,), (1, 3, 7, 20, 38), False)


def test_a_capture_of_a_scat_that_was_terminated_is_no_evidence(captures_dir):
    from harness.errors import BandproofError

    data = (captures_dir / "unrooted" / "002-scat-live-terminated" / "capture.pcap").read_bytes()
    assert data == b""
    with pytest.raises(BandproofError):
        read([("capture.pcap", data)])


@pytest.mark.parametrize("body", [b"", b"\x7d\x7e", bytes(range(256))])
def test_a_frame_of_the_stand_in_is_undone(body):
    assert body_of(frame(body)[:-1]) == body
