"""A whole bugreport: each service by its own reader, by the dump's own time, at a cost that grows with its size only."""

import json
import os
import subprocess
import sys
import time

import adb_samples as samples
import bugreports
import pytest

from harness.errors import RecordingError
from harness.links.addresses import parse_address
from harness.probes.adb import read
from harness.probes.adb.bugreport import read_bugreport
from harness.recording.bugreport import is_bugreport, sections_of
from harness.recording.files import load_recording
from harness.survey.reading import read_device


def kinds(reading):
    return {one.kind for one in reading.observations}


def carriers(reading):
    return [(c.slot, c.role, c.band) for c in reading.observations if c.kind == "serving_cell"]


EXPECTED = [(0, "pcell", 2), (0, "scell", 13), (0, "pscell", 77)]


@pytest.mark.parametrize("packed", [str.encode, bugreports.zipped, lambda text: text.replace("\n", "\r\n").encode()])
def test_each_service_is_read_by_its_own_reader(packed):
    data = packed(bugreports.report().replace("[10]", "[15]"))
    assert is_bugreport(data)
    reading = read_bugreport(data)
    assert sorted(carriers(reading)) == sorted(EXPECTED)
    assert {"identity", "sim", "registration", "nr_state", "network_mode"} <= kinds(reading)
    requests = {one.source.request for one in reading.observations}
    assert {"getprop", "dumpsys telephony.registry"} <= requests <= {*sections_of(data)}
    assert "2026-05-07 20:11:51" in reading.warnings[0]


def test_a_text_without_a_zip_goes_through_the_usual_door():
    assert sorted(carriers(read(bugreports.report().replace("[10]", "[15]")))) == sorted(EXPECTED)
    dumps = bugreports.service("activity", "x\n") + bugreports.service("telephony.registry", samples.A15)
    assert sorted(carriers(read(dumps))) == sorted(EXPECTED)


def test_a_service_that_was_asked_for_by_its_name():
    for command in ("/system/bin/dumpsys -t 10000 -T 10000 telephony.registry", "dumpsys telephony.registry"):
        asked = f"------ DUMPSYS ({command}) ------\n{samples.A11}------ 0.1s was the duration of 'DUMPSYS' ------\n"
        reading = read_bugreport(bugreports.report(registry="", more=asked).replace("[10]", "[12]").encode())
        assert carriers(reading) == [(0, "pcell", 66)]
    other = asked.replace("telephony.registry)", "telephony.registry --proto)")
    assert "dumpsys telephony.registry" not in sections_of(bugreports.report(registry="", more=other).encode())


def test_the_radio_log_speaks_only_where_no_dump_does():
    reading = read_bugreport(bugreports.report(registry="").replace("[LTE,NR_SA]", "[,]").encode())
    assert carriers(reading) == [(0, "pcell", 3)]
    assert any("no dumpsys telephony.registry" in text for text in reading.warnings)


def test_a_dump_that_a_time_limit_cut_is_not_read():
    cut = samples.A15[:400] + "\n*** SERVICE 'telephony.registry' DUMP TIMEOUT (10000ms) EXPIRED ***\n"
    reading = read_bugreport(bugreports.report(registry=cut).replace("[LTE,NR_SA]", "[,]").encode())
    assert not any(c[2] == 2 for c in carriers(reading))
    assert any("cut this dump short" in text for text in reading.warnings)


def test_of_two_dumps_of_a_service_the_last_whole_one_counts():
    again = bugreports.service("telephony.registry", samples.A11)
    data = bugreports.report(more=again).replace("[10]", "[15]").encode()
    assert carriers(read_bugreport(data)) == [(0, "pcell", 66)]


def test_a_bugreport_that_ends_anywhere_names_no_other_band():
    text = bugreports.report().replace("[10]", "[15]")
    start = text.index("DUMP OF SERVICE telephony.registry")
    for end in range(start, len(text), 97):
        data = text[:end].encode()
        assert {band for _, _, band in carriers(read_bugreport(data))} <= {2, 13, 77, 3, None}


def test_other_octets_are_no_bugreport():
    for data in (
        b"",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\0" * 60,
        samples.A12.encode(),
        bugreports.zipped("x", "notes.txt")[:40],
    ):
        assert not is_bugreport(data)
    broken = bugreports.zipped(bugreports.report())
    with pytest.raises(RecordingError):
        read_bugreport(broken[: len(broken) // 2])


def test_a_bugreport_is_a_recording_with_the_dumps_times(tmp_path):
    file = tmp_path / "bugreport-x.zip"
    file.write_bytes(bugreports.zipped(bugreports.report().replace("[10]", "[15]")))
    assert parse_address(str(file)).kind == "recording"
    recording = load_recording(file)
    assert recording.info.provenance == "captured"
    assert recording.info.recorded_at == "2026-05-07T18:11:40.000Z"
    times = {one.request: one.at for one in recording.links["adb"]}
    assert times["dumpsys telephony.registry"] == "2026-05-07T18:11:51.000Z"
    survey = read_device(str(file), evidence=tmp_path / "evidence")
    assert survey.trouble is None
    assert {c.band for c in survey.primary_cells} == {2}
    again = read_device(str(tmp_path / "evidence"))
    assert again.observations == survey.observations
    assert not any("860123045678901" in file.read_text() for file in (tmp_path / "evidence").iterdir())


def test_without_a_zone_the_clock_is_no_utc(tmp_path):
    file = tmp_path / "bugreport.txt"
    file.write_text(bugreports.report(properties=samples.GETPROP))
    assert load_recording(file).info.recorded_at == "2026-05-07T20:11:40"


def test_thirty_megabytes_take_neither_time_nor_memory(tmp_path):
    """The bar is 5 s and 300 MB; CPU time is held, since the machine may be busy."""
    file = tmp_path / "bugreport.zip"
    file.write_bytes(bugreports.zipped(bugreports.report(megabytes=30)))
    code = (
        "import resource, sys; from harness.cli import main\n"
        f"try: main(['decode', 'adb', {str(file)!r}])\n"
        "except SystemExit: pass\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        # Not ru_maxrss: that of a forked process begins with what its parent had.
        "peak = [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0]\n"
        "print(used.ru_utime + used.ru_stime, peak, file=sys.stderr)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    found = []
    for _ in range(3):  # The first may compile the modules; of CPU time the best counts, the rest is the machine's.
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert any(one["kind"] == "serving_cell" for one in json.loads(done.stdout)["observations"])
        found.append(tuple(map(float, done.stderr.split()[-2:])))
        if found[-1][0] < 4:
            break
    assert min(seconds for seconds, _ in found) < 5
    assert min(kilobytes for _, kilobytes in found) < 300_000


def test_the_cost_is_linear():
    def cost(megabytes):
        data = bugreports.report(
            megabytes=megabytes, more=bugreports.service("x", "a\n") * int(megabytes * 1000)
        ).encode()
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            read_bugreport(data)
            best = min(best, time.process_time() - start)
        return best

    assert cost(16) < 16 * max(cost(2), 0.01)
