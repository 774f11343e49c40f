"""`report.json`: its contract, its schema, its answer, and that the same run gives the same bytes."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import built, completed, typed
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harness.observations import Identity, Observation, Registration, ServingCell, SupportedBands
from harness.recording.exchange import Exchange, RecordingInfo
from harness.recording.writer import RecordingWriter
from harness.reports.document.band_layers import bands_by_layer
from harness.reports.document.devices import device_entry
from harness.reports.document.document import decoded, document_from, encoded, load_document, plain, write_json
from harness.reports.document.entries import FileEntry, LayerBands
from harness.reports.document.results import answer
from harness.reports.document.schemas import SCHEMA_FILE, rendered, schema
from harness.reports.document.told_facts import ToldFacts, UnknownFact, facts_of
from harness.reports.run.evidence_files import hashed_files
from harness.requirements.bound import Bound
from harness.survey.reading import read_device
from harness.survey.survey import Survey

CONTRACT = {
    "device",
    "carrier",
    "edition",
    "requirement",
    "text",
    "level",
    "verdict",
    "reason",
    "grade",
    "evidence",
}


def faults(document: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema()).iter_errors(document)]


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_a_run_of_handsets_fits_the_schema(make: Any, handset: Survey, other_handset: Survey) -> None:
    document, _ = make([handset, other_handset])
    assert faults(json.loads(json.dumps(document))) == []


@pytest.mark.parametrize(
    "name", ["quectel-rm520n-gl-r2-1", "sierra-wireless-em7455-1", "telit-lm960-2", "fibocom-fm350-gl-1"]
)
def test_runs_of_modems_fit_the_schema(name: str, captures_dir: Path, tmp_path: Path, make: Any) -> None:
    transcript = yaml.safe_load((captures_dir / "at" / f"{name}.yaml").read_text(encoding="utf-8"))["transcript"]
    info = RecordingInfo(id=name, provenance="captured", sources=("a transcript",))
    with RecordingWriter(tmp_path / name, info) as writer:
        for item in transcript:
            lines = item["response"] if isinstance(item["response"], list) else item["response"].splitlines()
            writer.append("at", Exchange(item["request"], "".join(f"{line}\r\n" for line in lines).encode()))
    document, _ = make([read_device(str(tmp_path / name))])
    assert faults(json.loads(json.dumps(document))) == []
    assert document["devices"][0]["kind"] == "modem"


def test_an_absent_device_fits_the_schema(make: Any) -> None:
    document, _ = make([Survey("gone", "/dev/ttyUSB9", None, trouble="no such port: /dev/ttyUSB9")])
    assert faults(json.loads(json.dumps(document))) == []
    assert {result["verdict"] for result in document["results"]} == {"ERROR"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "bandproof.report/9"),
        (("verdicts", 0, "verdict"), "MAYBE"),
        (("verdicts", 0, "reason"), ""),
        (("run", "policy"), "lenient"),
        (("run", "started"), "yesterday"),
        (("summary", "PASS"), -1),
        (("devices", 0, "layers", "declared", "lte"), [2, 2]),
        (("devices", 0, "exchanges", 0, "link"), "telepathy"),
        (("files",), [{"file": "../secret", "bytes": 1, "sha256": "0" * 64}]),
        (("results", 0, "not_run"), ["ATT-LTE-B2"]),
    ],
)
def test_the_schema_refuses_what_no_run_writes(path: tuple[Any, ...], value: Any, document: Any) -> None:
    wrong = copy.deepcopy(dict(document))
    place = wrong
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert faults(wrong)


def test_verdicts_keep_their_contract(document: Any) -> None:
    assert document["schema"] == "bandproof.report/3"
    assert {"schema", "run", "lab", "devices", "verdicts", "summary"} <= set(document)
    for verdict in document["verdicts"]:
        assert set(verdict) == CONTRACT | ({"ways_out"} if verdict["verdict"] == "INCONC" else set())
    assert sum(document["summary"].values()) == len(document["verdicts"])


def test_the_same_run_gives_the_same_bytes_in_any_order(made: Any, make: Any, handset: Survey, tmp_path: Path) -> None:
    again, _ = make([handset], verdicts=list(reversed(made[0]["verdicts"])))
    for name, document in (("one", made[0]), ("two", again)):
        write_json(tmp_path / name, typed(document))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_lone_surrogate_of_a_device_does_not_stop_the_report(handset: Survey, tmp_path: Path) -> None:
    hostile = replace(handset, warnings=("half a character: \ud83d",))
    document, _ = built([hostile])
    write_json(tmp_path / "report.json", document)
    assert load_document(tmp_path).devices[0].warnings == ("half a character: ?",)


def test_the_answer_names_carrier_edition_and_missing_bands(make: Any, handset: Survey) -> None:
    document, _ = make([handset], ["us/att@2017-03", "us/att@2024"])
    assert document["answer"].startswith("RF band fit: Xiaomi Mi MIX 2 meets AT&T Mobility (edition 2017-03)")
    assert "as declared by the maker" in document["answer"]
    assert "does not meet AT&T Mobility (edition 2024): B14 and B66 missing" in document["answer"]


def test_the_answer_for_many_carriers_names_all_of_them(document: Any) -> None:
    assert "meets AT&T Mobility of 2017-03; does not meet" in document["answer"]
    assert all(name in document["answer"] for name in ("AT&T Mobility of 2024", "Verizon Wireless", "T-Mobile US"))


def test_a_device_is_named_with_carriers_that_it_was_judged_by_and_no_others() -> None:
    devices = typed(completed({"devices": [{"device": name} for name in ("mix2-1", "rm520-2", "spare")]})).devices
    told = [("mix2-1", "AT&T", "PASS"), ("mix2-1", "Verizon", "FAIL"), ("rm520-2", "T-Mobile", "PASS")]
    results = [
        {"device": device, "carrier": f"us/{name}", "name": name, "verdict": outcome} for device, name, outcome in told
    ]
    made = typed(completed({"devices": [{"device": "mix2-1"}], "results": results})).results
    assert answer(devices[:2], made) == (
        "RF band fit: 1 of 2 devices meets every carrier it was asked for; mix2-1 does not meet Verizon."
    )
    assert answer(devices, made).endswith("; spare was judged by no carrier.")
    assert answer(devices[:2], made[::2]) == ("RF band fit: 2 of 2 devices meet every carrier they were asked for.")


def test_nothing_met_and_nothing_failed_is_not_told_as_a_lack() -> None:
    results = [{"carrier": f"us/{name}", "name": name, "verdict": "INCONC"} for name in "abc"]
    made = typed(completed({"results": results}))
    assert answer(made.devices, made.results) == "RF band fit: A phone could not be determined for a, b and c."


def test_a_part_of_the_requirements_never_makes_a_pass(make: Any, handset: Survey) -> None:
    whole, _ = make([handset], ["us/att@2017-03"])
    passed = [verdict for verdict in whole["verdicts"] if verdict["requirement"].endswith("B12")]
    document, _ = make([handset], ["us/att@2017-03"], verdicts=passed)
    [result] = document["results"]
    assert result["verdict"] == "INCONC"
    assert "ATT-LTE-B17" in result["not_run"]
    assert "could not be determined" in document["answer"]


def test_an_address_is_in_no_part_of_the_document(make: Any, document: Any) -> None:
    serial = "R58M12ABCDE"
    lost = Survey("phone", serial, "handset", trouble=f"{serial} went away", warnings=(f"{serial}: no permission",))
    run = {**document["run"], "command": ["pytest", f"--device={serial}"]}
    told, _ = make([lost], ["us/att@2024"], run=run)
    assert serial not in json.dumps(told)
    assert told["verdicts"][0]["verdict"] == "ERROR"


def test_attached_bands_are_those_that_verdicts_count(handset: Survey) -> None:
    home = Registration(slot=0, domain="eps", state="home")
    cells = (
        ServingCell(slot=0, role="pcell", rat="lte", band=12, band_source="arfcn"),
        ServingCell(slot=0, role="scell", rat="lte", band=2, band_source="arfcn", active=False),
        ServingCell(slot=0, role="scell", rat="lte", band=4, band_source="both", active=True),
        ServingCell(slot=0, role="pcell", rat="lte", band=30, registered=True, band_source="conflict"),
        ServingCell(slot=0, role="pcell", rat="lte", band=66, band_source="arfcn", registered=False),
        ServingCell(slot=0, role="pcell", rat="lte", band=5, band_source="reported"),
    )

    def layers(*facts: Observation) -> LayerBands:
        return device_entry(Bound.of(replace(handset, observations=facts))).layers

    assert layers(home, *cells) == {"attached": {"lte": (4, 12)}}
    denied = Registration(slot=0, domain="eps", state="denied")
    for told in (cells, (denied, *cells), (denied, replace(cells[0], registered=True))):
        assert layers(*told) == {}


def test_no_restriction_is_not_a_list() -> None:
    told = ToldFacts([SupportedBands(rat="lte", bands=None, layer="hardware", unlimited=True)])
    assert bands_by_layer(told, {"lte": [2]}) == {"hardware": {"lte": "unlimited"}, "declared": {"lte": (2,)}}


def test_sources_that_disagree_stand_side_by_side(make: Any, handset: Survey) -> None:
    more = (
        Identity(baseband="another"),
        SupportedBands(rat="lte", bands=(2, 4, 12), layer="hardware"),
        SupportedBands(rat="lte", bands=(2, 4), layer="policy"),
        ServingCell(role="pcell", rat="lte", band=4, band_reported=66, arfcn=2000, band_source="conflict"),
    )
    document, _ = make([replace(handset, observations=handset.observations + more)])
    told = {item["about"]: [said["what"] for said in item["says"]] for item in document["devices"][0]["disagreements"]}
    assert "another" in told["identity: baseband"]
    assert told["LTE bands, hardware and policy"] == ["only hardware: B12"]
    assert told["band of the serving cell (pcell)"] == ["channel 2000: B4", "the device's own words: B66"]
    assert faults(json.loads(json.dumps(document))) == []


def test_files_are_hashed_from_the_runs_folder(tmp_path: Path) -> None:
    (tmp_path / "evidence" / "m").mkdir(parents=True)
    (tmp_path / "evidence" / "m" / "at.yaml").write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hashed_files(tmp_path) == (FileEntry("evidence/m/at.yaml", 3, digest),)


def test_the_published_schema_is_that_of_the_types() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == rendered(), "python -m harness.reports.document.schemas"


def test_it_is_laid_out_as_the_standard_library_does(document: Any) -> None:
    expected = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    assert encoded(typed(document)).decode() == expected


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=60, deadline=None)
@given(label=_TEXT, warning=_TEXT, elapsed=st.floats(0, 1e9, allow_nan=False), bands=st.sets(st.integers(1, 300)))
def test_what_is_written_is_read_back(label: str, warning: str, elapsed: float, bands: set[int]) -> None:
    device = {"label": label, "warnings": [warning], "layers": {"hardware": {"lte": sorted(bands)}}}
    made = document_from(completed({"devices": [{**device, "exchanges": [{"elapsed_ms": elapsed}]}]}))
    assert made.devices[0].label == label
    assert decoded(encoded(made)) == made
    assert document_from(plain(made)) == made


def test_a_document_of_the_schema_before_is_read(document: Any, tmp_path: Path) -> None:
    old = copy.deepcopy(dict(document))
    old["schema"] = "bandproof.report/1"
    for name in ("key", "report", "bench", "data"):
        del old["run"][name]
    for device in old["devices"]:
        for name in ("sample", "key", "firmware"):
            del device[name]
    for edition in old["editions"]:
        del edition["profile_sha256"]
    (tmp_path / "report.json").write_text(json.dumps(old), encoding="utf-8")
    read = load_document(tmp_path)
    assert read.run.number == old["run"]["id"]
    assert plain(read)["verdicts"] == old["verdicts"]
    assert read.devices[0].observations == typed(document).devices[0].observations


def test_facts_are_read_back_as_what_they_were(handset: Survey) -> None:
    document, _ = built([handset])
    read = decoded(encoded(document)).devices[0].observations
    assert tuple(read) == handset.observations


def test_facts_are_read_back_before_any_garbage_was_collected(document: Any, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(json.dumps(document), encoding="utf-8")
    code = (
        "import gc; gc.disable()\n"
        "from harness.reports.document.document import decoded\n"
        "from harness.observations import Sim\n"
        f"facts = decoded(open({str(tmp_path / 'report.json')!r}, 'rb').read()).devices[0].observations\n"
        "print(sum(1 for _ in facts.of(Sim)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(document["devices"][0]["sims"]) > 0


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "phase_of_moon", "grade": "measured", "phase": 3},
        {"kind": "sim", "grade": "measured", "slot": 0, "iccid_of_tomorrow": 1},
        {"kind": "sim", "grade": "guessed"},
        {"kind": "supported_bands", "grade": "measured", "rat": "7g", "bands": [2], "layer": None, "unlimited": False},
    ],
)
def test_a_fact_that_this_version_does_not_know_is_kept_and_read_by_nobody(document: Any, told: Any) -> None:
    changed = copy.deepcopy(dict(document))
    changed["devices"][0]["observations"] = [told]
    made = typed(changed)
    assert [type(one) for one in made.devices[0].observations] == [UnknownFact]
    assert plain(made)["devices"][0]["observations"] == [told]


def without(told: list[dict[str, Any]], kind: str, *names: str) -> list[dict[str, Any]]:
    return [{k: v for k, v in one.items() if one["kind"] != kind or k not in names} for one in told]


def test_a_field_that_came_later_hides_no_fact_and_is_no_fault(handset: Survey) -> None:
    now = ToldFacts([Identity(model="X", svn="07"), *handset.observations])
    old = facts_of(without(now.as_json(), "identity", "svn"))
    assert [type(one) for one in old] == [type(one) for one in now]
    assert old.agrees(now)
    assert not old.knew("identity", "svn")
    assert old.knew("identity", "model")


def test_what_was_told_otherwise_or_left_out_of_one_fact_does_not_agree() -> None:
    facts = ToldFacts([Identity(model="X", svn="07"), Identity(model="Y", svn="08")])
    told = facts.as_json()
    assert facts_of(told).agrees(facts)
    assert not facts_of([{**told[0], "model": "Z"}, told[1]]).agrees(facts)
    assert not facts_of([{k: v for k, v in told[0].items() if k != "svn"}, told[1]]).agrees(facts)
    assert not facts_of(told[:1]).agrees(facts)
    assert not facts_of([]).agrees(facts)
    assert not facts_of([*told, {**told[0], "kind": "phase_of_moon"}]).agrees(facts)
