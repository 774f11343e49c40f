"""`bandproof survey`: everything read, each fact with grade and source; bands side by side; trouble said."""

from __future__ import annotations

import json

import pytest

from harness import cli
from harness.capability_facts import BandCombinations, CarrierComponent
from harness.commands.views.band_grid import draw_bands, grids
from harness.commands.views.page import Page
from harness.commands.views.survey import draw
from harness.observations import EnabledBands, Identity, NrState, Registration, ServingCell, Sim, Source, SupportedBands
from harness.survey.reading import read_device
from harness.survey.survey import Survey


@pytest.fixture(autouse=True)
def wired(monkeypatch):
    monkeypatch.setitem(cli.ROOMS, "survey", "survey")


AT = Source(request="AT+X?", line=1, link="at", exchange=3)


def supported(layer, *bands, rat="lte", unlimited=False):
    return SupportedBands(
        rat=rat, layer=layer, bands=None if unlimited else tuple(bands), unlimited=unlimited, source=AT
    )


def cell(**facts):
    return ServingCell(**{"rat": "lte", "band_source": "both", "registered": True, "source": AT, **facts})


def survey(*observations, **more):
    return Survey("m", "/dev/ttyUSB2", "modem", observations=observations, **more)


def drawn(of, width=None):
    page = Page(width)
    draw(page, of)
    return page.lines


def column(grid, name):
    return {band: words.get(name) for band, words in grid.cells.items()}


def test_layers_enabled_and_attached_stand_side_by_side_and_name_what_is_missing():
    (grid,) = grids(
        survey(
            supported("hardware", 2, 12, 17),
            supported("policy", 2, 12),
            supported("advertised", 2, 12),
            EnabledBands(rat="lte", bands=(2,), source=AT),
            Registration(domain="eps", state="home", source=AT),
            cell(band=2, band_source="arfcn"),
        )
    )
    assert grid.columns == ("hardware", "policy", "advertised", "enabled", "attached")
    assert column(grid, "policy") == {2: "yes", 12: "yes", 17: "no"}
    assert column(grid, "attached") == {2: "PCell", 12: None, 17: None}
    assert grid.missing == {12: ("enabled",), 17: ("policy", "advertised", "enabled")}


def test_a_layer_that_nothing_tells_is_no_column_and_never_missing():
    (grid,) = grids(survey(supported(None, 2, 4)))
    assert grid.columns == ("listed",)
    assert grid.missing == {}


def test_no_restriction_is_never_a_list():
    (grid,) = grids(survey(supported("hardware", 2), supported("policy", unlimited=True)))
    assert column(grid, "policy") == {2: "any"}
    assert grid.unlimited == ("policy",)
    (alone,) = grids(survey(supported("policy", unlimited=True)))
    assert alone.cells == {}
    assert "no band is named" in "\n".join(drawn(survey(supported("policy", unlimited=True))))


def test_lists_of_one_layer_that_differ_are_in_conflict():
    (grid,) = grids(survey(supported("hardware", 2, 4), supported("hardware", 2)))
    assert column(grid, "hardware") == {2: "yes", 4: "in conflict"}
    assert "LTE bands supported (hardware)" in "\n".join(
        drawn(survey(supported("hardware", 2, 4), supported("hardware", 2)))
    )


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"band": 12}, "PCell"),
        ({"band": 12, "band_source": "reported"}, "PCell?"),
        ({"band": 12, "registered": None}, "PCell"),
        ({"band": 12, "registered": False}, None),
        ({"band": 12, "band_source": "conflict"}, None),
        ({"band": 12, "role": "scell", "registered": None, "active": True}, "SCell"),
        ({"band": 12, "role": "scell", "registered": None, "active": False}, None),
        ({"band": None}, None),
    ],
)
def test_only_a_cell_that_serves_counts_as_attached(facts, shown):
    home = Registration(domain="eps", state="home", source=AT)
    (grid,) = grids(survey(supported(None, 12), home, cell(**facts)))
    assert grid.cells[12].get("attached") == shown


def test_a_registration_says_that_the_pcell_is_attached():
    home = Registration(domain="eps", state="home", source=AT)
    (grid,) = grids(survey(home, cell(band=12, registered=None)))
    assert grid.cells[12]["attached"] == "PCell"
    (grid,) = grids(survey(cell(band=12, registered=True)))
    assert grid.cells[12]["attached"] == "PCell?"
    other_slot = Registration(domain="eps", state="home", slot=1, source=AT)
    (grid,) = grids(survey(other_slot, cell(band=12, registered=None, slot=0)))
    assert grid.cells[12]["attached"] == "PCell?"


def test_an_nr_cell_stands_beside_the_lists_for_sa_and_nsa():
    found = grids(
        survey(
            supported("hardware", 41, 71, rat="nr_sa"),
            supported("hardware", 41, rat="nr_nsa"),
            Registration(domain="eps", state="home", source=AT),
            cell(rat="nr", role="pscell", band=41, registered=None),
        )
    )
    assert [(grid.rat, grid.cells[41]["attached"]) for grid in found] == [("nr_sa", "PSCell"), ("nr_nsa", "PSCell")]


def test_a_person_reads_everything_with_grade_and_source():
    combination = (CarrierComponent("lte", 2, "A"), CarrierComponent("nr", 41, "A"))
    lines = drawn(
        survey(
            Identity(manufacturer="Quectel", model="EM12", baseband="R1", source=AT),
            Sim(slot=0, state="ready", plmn="310410", source=AT),
            Registration(slot=0, domain="eps", state="denied", cause=15, source=AT),
            cell(role="scell", slot=0, band=4, arfcn=2175, pci=1, active=False, registered=None),
            cell(slot=0, band=12, arfcn=5110, pci=214, bandwidth_khz=10000, tac=7, plmn="310410"),
            cell(slot=0, rat="nr", role="pscell", band_candidates=(77, 78), registered=None),
            NrState(slot=0, mode="nsa_connected", source=AT),
            BandCombinations(type="en_dc", combinations=(combination,), source=AT),
            warnings=("AT+QCAINFO: no answer in time",),
            dialect="quectel",
        )
    )
    text = "\n".join(lines)
    cells = [line for line in lines if "Cell " in line and "slot 0" in line]
    assert [line.split()[2] for line in cells] == ["PCell", "PSCell", "SCell"]
    for words in ("B12", "EARFCN 5110", "PCI 214", "10 MHz", "PLMN 310410", "TAC 7"):
        assert words in cells[0]
    assert "n77 or n78" in cells[1]
    assert "NR-ARFCN not told" in cells[1]
    assert "configured, not active" in cells[2]
    assert "measured at#3 AT+X? line 1" in cells[0]
    assert "reject cause 15" in text
    assert "EN-DC: 1" in text
    assert "nsa_connected" in text
    assert "warning: AT+QCAINFO" in text


def test_what_was_not_read_is_said_to_be_not_observed():
    text = "\n".join(drawn(survey()))
    for title in ("SIM", "Registration", "Serving cells"):
        assert f"{title}\n  not observed" in text
    assert "Bands\n  not observed" in text


def test_a_conflict_of_channel_and_reported_band_names_both():
    text = "\n".join(drawn(survey(cell(band=12, band_reported=17, arfcn=5110, band_source="conflict"))))
    assert "B12 by its channel, B17 by the device" in text
    assert "band of the serving cell (pcell)" in text


def test_device_text_cannot_write_to_the_terminal():
    text = "\n".join(drawn(survey(Identity(model="\x1b[2J\u202eX", source=AT), warnings=("\x07\x9b",)), 60))
    assert not set(text) & set("\x1b\u202e\x07\x9b")


@pytest.mark.parametrize("width", [30, 44, 60, 80, 120])
@pytest.mark.parametrize("name", ["quectel-rm520n-gl", "samsung-galaxy-s21-5g-us", "xiaomi-mi-mix-2-global"])
def test_lines_fit_the_terminal_where_words_allow(name, width):
    read = read_device(f"fixture:{name}")
    lines = drawn(read, width)
    too_long = [line for line in lines if len(line) > width and len(line.split()) > 2]
    assert too_long == []
    page = Page(width)
    draw_bands(page, read)
    assert page.lines


def test_piped_output_has_no_colour_and_every_observation_is_in_the_json(capsys):
    assert cli.main(["survey", "fixture:xiaomi-mi-mix-2-global"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Xiaomi Mi MIX 2 (handset, composed)\n")
    assert "\x1b" not in text
    assert cli.main(["survey", "--json", "fixture:xiaomi-mi-mix-2-global"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["schema"], out["kind"], out["trouble"]) == ("bandproof.survey/1", "handset", None)
    read = read_device("fixture:xiaomi-mi-mix-2-global")
    assert out["observations"] == json.loads(json.dumps([item.as_json() for item in read.observations]))
    pcell = next(item for item in out["observations"] if item["kind"] == "serving_cell")
    assert pcell["band"] == 12
    assert pcell["grade"] == "measured"
    assert pcell["source"]["link"] == "adb"
    assert pcell["source"]["exchange"] == 1
    assert pcell["source"]["request"] == "dumpsys telephony.registry"


def test_a_device_that_is_not_there_is_3_and_still_prints(capsys, tmp_path):
    assert cli.main(["survey", "/dev/ttyNOSUCH7"]) == 3
    captured = capsys.readouterr()
    assert "could not be read" in captured.out
    assert captured.err.startswith("bandproof: ")
    assert captured.err.count("\n") == 1
    assert "not observed" not in captured.out
    assert captured.err.partition("; ")[2], "the way out is said"
    assert cli.main(["survey", "--json", "/dev/ttyNOSUCH7"]) == 3
    assert json.loads(capsys.readouterr().out)["trouble"]


def test_what_was_read_before_the_trouble_is_printed(capsys, tmp_path):
    folder = tmp_path / "cut"
    folder.mkdir()
    (folder / "recording.yaml").write_text("schema: bandproof.recording/1\nid: cut\nprovenance: recorded\n")
    (folder / "adb.yaml").write_text(
        "- request: getprop\n  exit_code: 0\n  response: |\n    [ro.product.model]: [SM-G960F]\n  elapsed_ms: 1\n"
        "- request: dumpsys telephony.registry\n  response: ''\n  error: 'DeviceGone: X went away'\n  elapsed_ms: 1\n"
    )
    assert cli.main(["survey", "--json", str(folder)]) == 3
    out = json.loads(capsys.readouterr().out)
    assert "went away" in out["trouble"]
    assert [item["model"] for item in out["observations"] if item["kind"] == "identity"] == ["SM-G960F"]


def test_wrong_usage_is_2_and_a_broken_recording_4(capsys, tmp_path):
    assert cli.main(["survey", "fixture:xiaomi-mi-mix-2-globe"]) == 2
    assert "xiaomi-mi-mix-2-global" in capsys.readouterr().err
    (tmp_path / "recording.yaml").write_text("schema: nonsense\n")
    assert cli.main(["survey", str(tmp_path)]) == 4
    assert cli.main(["survey", "bench:nobody", "--bench", str(tmp_path / "none.yaml")]) == 2
    for wrong in ("soon", "0", "-1", "nan"):
        with pytest.raises(SystemExit) as stop:
            cli.main(["survey", "fixture:xiaomi-mi-mix-2-global", f"--deadline={wrong}"])
        assert stop.value.code == 2


def test_a_sweep_is_told_in_words(capsys):
    assert cli.main(["survey", "fixture:quectel-rm520n-gl-sweep"]) == 0
    told = capsys.readouterr().out
    assert "Band sweep" in told
    assert "PASS: attached anew on B12, EARFCN 5094" in told
    assert "reads AUTO as before" in told
    assert "band trial" not in told
    assert cli.main(["survey", "fixture:quectel-rm520n-gl"]) == 0
    assert "Band sweep" not in capsys.readouterr().out
