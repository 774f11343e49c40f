"""`bandproof ics fill` and `bandproof ics check`: exit statuses, files and what a person reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from capability_samples import SAMPLES

from harness.cli import main

MODEM = "fixture:quectel-rm520n-gl"
OTHER = "fixture:xiaomi-redmi-note-8-pro-rooted"


def told(capsys):
    out = capsys.readouterr()
    return out.out, out.err


@pytest.fixture
def filled(tmp_path, capsys):
    """A workbook filled from the modem's recording."""
    file = tmp_path / "ics.xlsx"
    assert main(["ics", "fill", MODEM, "-o", str(file), "--laboratory", "Band lab"]) == 0
    assert "102 items TRUE, 125 FALSE, 6 modes that follow, 2308 blank of 2541" in told(capsys)[0]
    return file


def test_two_commands_from_a_capability_file_to_a_filled_sheet(captures_dir, tmp_path, capsys):
    files = [str(captures_dir / "uecap" / name) for name in SAMPLES["ueCapHexMrdcSplit"]]
    sheet, said = tmp_path / "ics.xlsx", ["--model", "NW-200", "--build", "1.2"]
    assert main(["ics", "fill", *files, *said, "-o", str(sheet)]) == 0
    assert "94 items TRUE (19 of them told once only), 0 FALSE" in told(capsys)[0]
    assert main(["ics", "check", str(sheet), *files, *said]) == 0
    assert "99 items agree, 0 contradictions, 0 undeclared" in told(capsys)[0]


@pytest.mark.parametrize("form", ["txt", "csv", "json"])
def test_text_goes_to_standard_output_and_is_nothing_else(form, capsys, tmp_path):
    assert main(["ics", "fill", MODEM, f"--format={form}", "--spec=36.523-2", "--spec", "TS 38.508-2"]) == 0
    out, err = told(capsys)
    assert "items TRUE" in err
    file = tmp_path / f"ics.{form}"
    file.write_text(out, encoding="utf-8")
    assert main(["ics", "check", str(file), MODEM]) == 0
    assert "36.521-2" not in out


def test_json_of_the_filled_proforma(capsys):
    assert main(["ics", "fill", MODEM, "--format=json"]) == 0
    value = json.loads(told(capsys)[0])
    assert (value["schema"], value["counts"]["true"], value["head"]["model"]) == ("bandproof.ics/1", 102, "RM520N-GL")
    (one,) = [item for item in value["items"] if item["mnemonic"] == "pc_eBand41_Supp"]
    assert (one["key"], one["value"], one["grade"]) == ("36.523-2#A.4.3.1-2/9", True, "measured")
    assert {len(source["sha256"]) for source in one["evidence"]} == {64}


def test_the_device_it_was_filled_from_agrees(filled, capsys):
    assert main(["ics", "check", str(filled), MODEM]) == 0
    out, _ = told(capsys)
    assert "233 items agree, 0 contradictions, 0 undeclared" in out


def test_another_model_does_not_speak(filled, capsys):
    assert main(["ics", "check", str(filled), OTHER]) == 1
    assert "does not speak of this device" in told(capsys)[0]


def test_what_the_maker_got_wrong(tmp_path, capsys):
    file = tmp_path / "maker.txt"
    file.write_text("pc_eBand2_Supp BOOLEAN TRUE\npc_eBand11_Supp BOOLEAN TRUE\n12 BOOLEAN TRUE\n", encoding="utf-8")
    assert main(["ics", "check", str(file), MODEM]) == 1
    out, _ = told(capsys)
    assert out.index("Contradictions: 1") < out.index("Undeclared") < out.index("Not read: 1")
    assert "pc_eBand11_Supp: declared, but B11 not supported" in out
    assert "line 3: '12' is a bare number" in out
    assert main(["ics", "check", str(file), MODEM, "--json"]) == 1
    value = json.loads(told(capsys)[0])
    assert (value["schema"], value["agrees"], value["counts"]["unread"]) == ("bandproof.ics-check/1", False, 1)
    first = value["items"][0]
    assert (first["answer"], first["key"], first["place"]) == ("contradiction", "36.523-2#A.4.3.1-1/11", "line 2")


def test_a_template_default_becomes_a_denial_where_the_user_says_so(tmp_path, capsys):
    file = tmp_path / "maker.txt"
    file.write_text("pc_eBand2_Supp BOOLEAN FALSE\n", encoding="utf-8")
    main(["ics", "check", str(file), MODEM, "--json"])
    assert json.loads(told(capsys)[0])["counts"]["contradiction"] == 0
    main(["ics", "check", str(file), MODEM, "--json", "--complete", "36.523-2#A.4.3.1-1"])
    assert json.loads(told(capsys)[0])["counts"]["contradiction"] == 1


def test_a_run_is_filled_from_its_evidence(tmp_path, capsys):
    run = tmp_path / "run"
    words = [f"--device={MODEM}", "--carrier=us/att", f"--report-dir={run}", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode in {0, 1}
    assert main(["ics", "fill", str(run), "--format=txt"]) == 0
    out, err = told(capsys)
    assert "102 items TRUE" in err
    assert "pc_eBand41_Supp BOOLEAN TRUE # measured" in out


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["fill", MODEM, "--format=xlsx"], 2, "-o ics.xlsx"),
        (["fill", MODEM, "--format=list"], 2, "no ICS form named 'list'"),
        (["fill", MODEM, "--spec=36.101"], 2, "no ICS specification named '36.101'"),
        (["fill", "fixture:nothing"], 2, "nothing"),
        (["check", "none.xlsx", MODEM], 4, "cannot be read"),
        (["check", str(Path(__file__).parents[1] / "conftest.py"), MODEM], 4, "no ICS in a form known here"),
        (["fill", __file__], 4, "bandproof: "),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(words, status, why, capsys):
    assert main(["ics", *words]) == status
    _, err = told(capsys)
    assert why in err
    assert err.count("\n") == 1


def test_a_file_of_which_nothing_is_read_is_unreadable_input(tmp_path, capsys):
    file = tmp_path / "maker.txt"
    file.write_text("12 BOOLEAN TRUE\n13 BOOLEAN TRUE\n", encoding="utf-8")
    assert main(["ics", "check", str(file), MODEM]) == 4
    assert told(capsys)[0].count("is a bare number") == 2


def test_tables_that_do_not_exist(filled, capsys):
    assert main(["ics", "check", str(filled), MODEM, "--complete", "A.4.3.1-1"]) == 2
    assert "write all, or 36.523-2#A.4.3.1-1" in told(capsys)[1]
