"""Real capabilities over the whole live path: the shared samples of LTE, NR and EN-DC become measured verdicts.

One run of four handsets: the fourth cannot be brought back from airplane mode, which is the run's status.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from live_runs import FIXTURE, NEEDS, finished, run, scats_of

from harness.capability_facts import BandCombinations
from harness.errors import StateError
from harness.observations import SupportedBands
from harness.probes.uecap import read
from harness.reports.run.verify import verify
from harness.simulation.diag.port import DiagOptions
from harness.simulation.rack import Rack, plan
from harness.survey.evidence_reduction import messages_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDS
SAMPLES = {"lte": "ueCapHexEutra.hex", "nr": "ueCapHexNr.hex", "en_dc": "exportedPduMrdcMixedSplit.pcap"}
STUCK = "stuck"


@pytest.fixture(scope="module")
def folder(captures_dir: Path) -> Path:
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    place = captures_dir / "uecap"
    if not (place / "manifest.yaml").is_file():
        pytest.skip("no UE capability captures")
    return place


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Any:
    out = tmp_path_factory.mktemp("shared")
    names = [*SAMPLES, STUCK]
    plans = plan([FIXTURE], len(names))
    options = {}
    for one, name in zip(plans, names, strict=True):
        file = SAMPLES.get(name, SAMPLES["lte"])
        options[one.name] = DiagOptions((messages_of(file, (folder / file).read_bytes()),))
    with Rack(plans, diag=options) as rack:
        airplane = rack.served[names.index(STUCK)].device.state.airplane
        airplane.stuck = True
        status, output = finished(
            run(out, rack, "--act", *(f"--carrier={one}" for one in ("us/t-mobile", "de/vodafone")))
        )
        left = scats_of(rack), [one.device.state.airplane.on for one in rack.served]
    assert (out / "out" / "report.json").is_file(), output
    report = json.loads((out / "out" / "report.json").read_text())
    of = dict(zip(names, report["devices"], strict=True))
    return out, status, output, report, of, left


def told(observations: list[dict[str, Any]]) -> dict[str, Any]:
    bands = {one["rat"]: one["bands"] for one in observations if one["kind"] == "supported_bands"}
    combos = {one["type"]: len(one["combinations"]) for one in observations if one["kind"] == "band_combinations"}
    return bands | combos


@pytest.mark.parametrize("name", SAMPLES)
def test_a_shared_sample_tells_live_what_it_tells_as_a_file(ended: Any, folder: Path, name: str) -> None:
    file = SAMPLES[name]
    own = read([(file, (folder / file).read_bytes())]).observations
    of_file = told([one.as_json() for one in own if isinstance(one, SupportedBands | BandCombinations)])
    assert told(ended[4][name]["observations"]) == of_file, ended[2]
    wanted = {"lte": "lte", "nr": "nr", "en_dc": "en_dc"}[name]
    assert of_file[wanted]


@pytest.mark.parametrize(
    ("name", "rat", "letter", "least"),
    [("lte", "lte", "B", 10), ("nr", "nr", "N", 1), ("en_dc", "lte", "B", 3), ("en_dc", "nr", "N", 1)],
)
def test_its_bands_are_measured_verdicts(
    ended: Any, folder: Path, name: str, rat: str, letter: str, least: int
) -> None:
    manifest = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))["captures"]
    (sample,) = [one for one in manifest if one["inputs"][0]["file"] == SAMPLES[name]]
    has = {band for want in sample["expect"] for band in want[f"{rat}_bands"]}
    asked = {}
    for one in ended[3]["verdicts"]:
        if one["device"] == ended[4][name]["device"] and (found := re.search(rf"-{letter}(\d+)$", one["requirement"])):
            asked[one["carrier"], int(found[1])] = one
    passed = [key for key, one in asked.items() if (one["verdict"], one["grade"]) == ("PASS", "measured")]
    assert len(passed) >= least, (passed, sorted(asked))
    assert {band for _, band in passed} <= has


def test_what_cannot_be_put_back_is_the_status_of_the_run_and_stays_in_the_journal(ended: Any) -> None:
    out, status, output, report, of, (scats, airplanes) = ended
    assert status == StateError.exit_status == 5
    assert airplanes == [False, False, False, True]
    assert scats == []
    assert "airplane mode is not as before" in output
    assert "run `bandproof restore`" in output
    assert "exit 5" in output
    assert len(list((out / "journal").glob("*.journal.json"))) == 1
    bands = [
        one for one in report["verdicts"] if one["device"] == of[STUCK]["device"] and "-LTE-B" in one["requirement"]
    ]
    assert bands
    assert "measured" not in {one["grade"] for one in bands}
    assert any("airplane mode is not as before" in one for one in of[STUCK]["warnings"])


def test_the_run_verifies(ended: Any) -> None:
    assert verify(ended[0] / "out") == []
