"""Diagnostic logs through the program SCAT; the command line."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import uecap_samples as samples

from harness.capability_facts import BandCombinations
from harness.cli import main
from harness.errors import InputError
from harness.observations import SupportedBands
from harness.probes.uecap import read, scat


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A program `scat` on PATH that checks its arguments and does what the test wants."""
    monkeypatch.delenv("BANDPROOF_SCAT", raising=False)

    def build(body: str) -> Path:
        program = tmp_path / "bin" / "scat"
        program.parent.mkdir(exist_ok=True)
        program.write_text(
            f"#!{sys.executable}\nimport sys, base64, time\nargs = sys.argv[1:]\n{textwrap.dedent(body)}"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return program

    return build


def writing(data: bytes, printed: str = "") -> str:
    return f"""
        assert open(args[args.index("-d") + 1], "rb").read() == b"log"
        open(args[args.index("-F") + 1], "wb").write(base64.b64decode({base64.b64encode(data)!r}))
        print({printed!r})
    """


def frames() -> bytes:
    message = samples.lte_message(("eutra", samples.eutra()))
    return samples.pcap(1, [samples.udp(samples.gsmtap2(3, message), port=9)])


@pytest.mark.parametrize("suffix", [".qmdl", ".hdf", ".dlf", ".sdm"])
def test_a_log_is_read_through_scat(suffix, stand_in):
    stand_in(writing(frames()))
    reading = read([("log" + suffix, b"log")])
    lte = next(item for item in reading.observations if isinstance(item, SupportedBands) and item.rat == "lte")
    assert lte.bands == samples.LTE_BANDS


def test_raw_tables_that_scat_prints_are_read(stand_in):
    body = bytes([41, 1, 2]) + bytes([3, 0, 3, 1, 4, 1, 1]) + bytes([1, 0, 1, 0, 2, 0, 0])
    stand_in(writing(samples.pcap(1, []), f"Radio 0: LTE UE CA Combos Raw: {body.hex()}"))
    found = [item for item in read([("log.qmdl", b"log")]).observations if isinstance(item, BandCombinations)]
    assert [item.type for item in found] == ["lte_ca"]


def test_scat_is_named_where_it_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.delenv("BANDPROOF_SCAT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="SCAT") as caught:
        read([("log.qmdl", b"log")])
    assert caught.value.way_out == "pip install signalcat"


def test_a_scat_that_fails_or_hangs_is_an_error_in_time(stand_in):
    stand_in("print('no such log', file=sys.stderr); sys.exit(3)")
    with pytest.raises(InputError, match=r"exit 3.*no such log"):
        scat.to_pcap(b"log", "log.qmdl")
    stand_in("time.sleep(30)")
    with pytest.raises(InputError, match="did not end"):
        scat.to_pcap(b"log", "log.qmdl", deadline_s=0.3)


# --- the command ----------------------------------------------------------------------------------------------------


def test_decode_prints_one_json_object(tmp_path, capsys):
    lte, nr = tmp_path / "lte.hex", tmp_path / "nr.hex"
    lte.write_text(samples.eutra().hex())
    nr.write_bytes(samples.nr())
    assert main(["decode", "uecap", str(lte), str(nr)]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["schema"] == "bandproof.decode/1"
    told = {item["rat"]: item["bands"] for item in out["observations"] if item["kind"] == "supported_bands"}
    assert told == {"lte": [1, 3, 7, 20, 66, 71], "nr": [1, 28, 78, 258], "nr_nsa": [28, 78], "nr_sa": [78]}
    assert out["warnings"]
    assert str(tmp_path) not in json.dumps(out)


def test_decode_reads_standard_input_and_a_named_type(monkeypatch, capsys):
    class Pipe:
        buffer = io.BytesIO(samples.mrdc())

        def isatty(self):
            return False

    monkeypatch.setattr("sys.stdin", Pipe())
    assert main(["decode", "uecap", "--type", "mrdc", "-"]) == 0
    assert "en_dc" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"\xff" * 50, b"hello", b"\x00" * 100, b"38 01 zz"])
def test_nonsense_is_one_line_and_status_4(content, tmp_path, capsys):
    file = tmp_path / "x"
    file.write_bytes(content)
    assert main(["decode", "uecap", str(file)]) == 4
    error = capsys.readouterr().err
    assert error.startswith("bandproof: ")
    assert error.count("\n") == 1
    assert main(["decode", "uecap", str(tmp_path / "absent")]) == 4


def test_the_command_line_does_not_import_pycrate():
    rooms = "harness.cli, harness.commands.decode.command, harness.probes.uecap"
    code = f"import sys, {rooms}; sys.exit('pycrate_core' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
