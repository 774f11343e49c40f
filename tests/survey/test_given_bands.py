"""`--bands`: what an operator declares of a device decides as declared, is kept with the run, and never more than that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness import cli
from harness.carriers.sheets import Sheets
from harness.errors import UsageError
from harness.observations import Grade
from harness.reports.run.verify import verify
from harness.requirements.bands.declared import declared_for
from harness.requirements.bound import Bound
from harness.survey.given_bands import GivenBands, given_bands
from harness.survey.giving_bands import given_to
from harness.survey.reading import read_device
from harness.survey.targets import plan_targets

PHONE = "fixture:samsung-galaxy-s21-5g-us"
MODEM = "fixture:quectel-rm520n-gl"


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("lte=2,4,5,12,66", {"lte": (2, 4, 5, 12, 66)}),
        ("LTE=B66,b2", {"lte": (2, 66)}),
        ("lte=2,4 nr=41,n77", {"lte": (2, 4), "nr": (41, 77)}),
        ("lte=2; nr=n41", {"lte": (2,), "nr": (41,)}),
        ("lte = 2 4 4", {"lte": (2, 4)}),
        ("gsm=850,1900 umts=5", {"gsm": (850, 1900), "umts": (5,)}),
    ],
)
def test_bands_are_written_as_people_do(text: str, bands: dict[str, tuple[int, ...]]) -> None:
    assert given_bands(text, "box").by_rat == bands


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        ("lte=2", "", "from where"),
        ("lte=2", "  ", "from where"),
        ("2,4,5", "box", "names no bands"),
        ("4g=2", "box", "'4g' is no radio technology"),
        ("lte=16", "box", "is no LTE band"),
        ("lte=2-4", "box", "is no LTE band"),
        ("nr=66000", "box", "is no NR band"),
    ],
)
def test_what_is_no_band_is_told_with_the_way_out(text: str, source: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        given_bands(text, source)
    assert caught.value.way_out


def test_of_several_devices_one_is_named() -> None:
    targets = plan_targets([PHONE, MODEM])
    with pytest.raises(UsageError, match="of which of the 2 devices"):
        given_to(targets, ["lte=2"], "box")
    with pytest.raises(UsageError, match="no device of this run"):
        given_to(targets, ["other:lte=2"], "box")
    with pytest.raises(UsageError, match="stands twice"):
        given_to(targets, [f"{targets[0].device}:lte=2", f"{PHONE}:lte=4"], "box")
    with pytest.raises(UsageError, match="no bands are given"):
        given_to(targets, [], "box")
    told = given_to(targets, [f"{targets[0].device}:lte=2 nr=41"], "box")
    assert told[0].given_bands == GivenBands((("lte", (2,)), ("nr", (41,))), "box")
    assert told[1].given_bands is None


def test_they_are_declared_and_no_more() -> None:
    (target,) = given_to(plan_targets([PHONE]), ["lte=2,12"], "box")
    survey = read_device(target)
    declared, _ = declared_for(survey, Sheets())
    bound = Bound.of(survey, declared)
    there, missing, untold = (bound.fact(*one, own_sim=False) for one in (("lte", 12), ("lte", 71), ("nr", 41)))
    assert (there.has, there.grade) == (True, Grade.DECLARED)
    assert "box, given by the operator" in there.why
    assert (missing.has, missing.grade) == (False, Grade.DECLARED)
    # A technology that nobody spoke of is not thereby absent.
    assert untold.has is None


def test_a_modem_that_lists_its_bands_is_not_overruled() -> None:
    (target,) = given_to(plan_targets([MODEM]), ["lte=103"], "box")
    survey = read_device(target)
    declared, remark = declared_for(survey, Sheets())
    assert Bound.of(survey, declared).fact("lte", 103, own_sim=False).has is False
    assert "in place of the sheet quectel/rm520n-gl" in remark


def test_a_run_keeps_them_and_verifies_by_them(tmp_path: Path) -> None:
    words = [f"--device={PHONE}", "--carrier=us/att@2024", "--bands=lte=2,4,5,12,17,14,29,30,66", "--report-dir=out"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        *words,
        "--bands-source",
        "box of 490154203237518",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    document = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert document["results"][0]["verdict"] == "PASS"
    assert document["results"][0]["grade"] == "declared"
    assert document["devices"][0]["declared_by"].endswith("given by the operator")
    for name in ("run.json", "report.json", "report.html"):
        assert "203237518" not in (tmp_path / "out" / name).read_text(encoding="utf-8")
    assert verify(tmp_path / "out") == []
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    told["devices"]["samsung-galaxy-s21-5g-us"]["bands"]["lte"].remove(14)
    (tmp_path / "out" / "run.json").write_text(json.dumps(told), encoding="utf-8")
    assert any("ATT-LTE-B14" in fault.message for fault in verify(tmp_path / "out"))


def test_survey_and_fit_take_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["survey", PHONE, "--bands=lte=2,66", "--bands-source=box"]) == 0
    assert "declared, LTE: B2 B66 (box, given by the operator)" in capsys.readouterr().out
    cli.main(["survey", PHONE, "--bands=lte=2,66", "--bands-source=box", "--json"])
    assert json.loads(capsys.readouterr().out)["declared"] == {"lte": [2, 66], "source": "box"}
    words = ["--carrier=us/t-mobile", "--bands=lte=2,4,5,12,66,71", "--bands-source=box", "--as-of=2026-06-01"]
    assert cli.main(["fit", PHONE, *words]) == 0
    assert "declared by box, given by the operator" in capsys.readouterr().out
    assert cli.main(["fit", PHONE, "--carrier=us/t-mobile", "--bands=lte=2"]) == 2
