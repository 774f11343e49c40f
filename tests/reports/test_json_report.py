"""`report.json`: its contract, its schema, its answer, and that the same run gives the same bytes."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harness.observations import Identity, Registration, ServingCell, SupportedBands
from harness.recording.exchange import Exchange, RecordingInfo
from harness.recording.writer import RecordingWriter
from harness.reports.document.band_layers import bands_by_layer
from harness.reports.document.report import indented, schema, write_json
from harness.reports.run.evidence_files import hashed_files
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
        (("schema",), "bandproof.report/2"),
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
    assert document["schema"] == "bandproof.report/1"
    assert {"schema", "run", "lab", "devices", "verdicts", "summary"} <= set(document)
    assert all(set(verdict) == CONTRACT for verdict in document["verdicts"])
    assert sum(document["summary"].values()) == len(document["verdicts"])


def test_the_same_run_gives_the_same_bytes_in_any_order(made: Any, make: Any, handset: Survey, tmp_path: Path) -> None:
    again, _ = make([handset], verdicts=list(reversed(made[0]["verdicts"])))
    for name, document in (("one", made[0]), ("two", again)):
        write_json(tmp_path / name, document)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_lone_surrogate_of_a_device_does_not_stop_the_report(make: Any, handset: Survey, tmp_path: Path) -> None:
    hostile = replace(handset, warnings=("half a character: \ud83d",))
    document, _ = make([hostile])
    write_json(tmp_path / "report.json", document)
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["devices"]


def test_the_answer_names_carrier_edition_and_missing_bands(make: Any, handset: Survey) -> None:
    document, _ = make([handset], ["us/att@2017-03", "us/att@2024"])
    assert document["answer"].startswith("RF band fit: Xiaomi Mi MIX 2 meets AT&T Mobility (edition 2017-03)")
    assert "as declared by the maker" in document["answer"]
    assert "does not meet AT&T Mobility (edition 2024): B14 and B66 missing" in document["answer"]


def test_the_answer_for_many_carriers_names_all_of_them(document: Any) -> None:
    assert "meets AT&T Mobility of 2017-03; does not meet" in document["answer"]
    assert all(name in document["answer"] for name in ("AT&T Mobility of 2024", "Verizon Wireless", "T-Mobile US"))


def test_a_part_of_the_requirements_never_makes_a_pass(make: Any, handset: Survey) -> None:
    whole, _ = make([handset], ["us/att@2017-03"])
    passed = [verdict for verdict in whole["verdicts"] if verdict["requirement"].endswith("B12")]
    document, _ = make([handset], ["us/att@2017-03"], verdicts=passed)
    [result] = document["results"]
    assert result["verdict"] == "INCONC"
    assert "ATT-LTE-B17" in result["not_run"]
    assert "cannot be told" in document["answer"]


def test_an_address_is_in_no_part_of_the_document(make: Any, document: Any) -> None:
    serial = "R58M12ABCDE"
    lost = Survey("phone", serial, "handset", trouble=f"{serial} went away", warnings=(f"{serial}: no permission",))
    run = {**document["run"], "command": ["pytest", f"--device={serial}"]}
    told, _ = make([lost], ["us/att@2024"], run=run)
    assert serial not in json.dumps(told)
    assert told["verdicts"][0]["verdict"] == "ERROR"


def test_attached_bands_are_those_of_cells_that_served() -> None:
    home = Registration(slot=0, domain="eps", state="home")
    cells = [
        ServingCell(slot=0, role="pcell", rat="lte", band=12, band_source="arfcn"),
        ServingCell(slot=0, role="scell", rat="lte", band=2, active=False),
        ServingCell(slot=0, role="scell", rat="lte", band=4, active=True),
        ServingCell(slot=0, role="pcell", rat="lte", band=30, registered=True, band_source="conflict"),
        ServingCell(slot=0, role="pcell", rat="lte", band=66, registered=False),
    ]
    told = [item.as_json() for item in [home, *cells]]
    assert bands_by_layer(told, {})["attached"] == {"lte": [4, 12]}
    assert bands_by_layer(told[1:], {})["attached"] == {"lte": [4]}
    assert "hardware" not in bands_by_layer(told, {})


def test_no_restriction_is_not_a_list() -> None:
    told = [SupportedBands(rat="lte", bands=None, layer="hardware", unlimited=True).as_json()]
    assert bands_by_layer(told, {"lte": [2]}) == {"hardware": {"lte": "unlimited"}, "declared": {"lte": [2]}}


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
    assert hashed_files(tmp_path) == [
        {
            "file": "evidence/m/at.yaml",
            "bytes": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        }
    ]


_PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(), st.recursive(_PLAIN, lambda one: st.lists(one) | st.dictionaries(st.text(), one))))
def test_it_is_laid_out_as_the_standard_library_does(document: dict[str, Any]) -> None:
    expected = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    assert indented(document) == expected.encode("utf-8", "replace")
