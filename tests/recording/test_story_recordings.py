"""The composed recordings of handsets: what each says of itself, and that it holds nothing personal."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.binding.service import band_is_certain, wrap_twin
from harness.binding.sims import sims_in
from harness.carriers.sheets import Sheets
from harness.recording.exchange import Recording
from harness.recording.files import load_recording
from harness.recording.scrubbing.scrub import scrub_exchange
from harness.requirements.bands.declared import match_for
from harness.survey.reading import read_device
from harness.verdicts.listing import compare

FIXTURES = Path(__file__).parents[2] / "fixtures"
CHOSEN_REGION = "the ROM region rests on persist.sys.oplus.region only, which the user chooses"
CHINA, GLOBAL, NONE = ("absent", "absent"), ("present", "present"), None
STORIES = [
    # name, sheet, ROM region, Google services and store, PLMN of the SIM, band of the serving cell
    ("xiaomi-mi-mix-china", "xiaomi/mi-mix#china", "china", CHINA, None, None),
    ("xiaomi-mi-mix-global", "xiaomi/mi-mix#global", "global", GLOBAL, "310260", "B4"),
    ("xiaomi-mi-mix-2-china", "xiaomi/mi-mix-2#china", "china", CHINA, "46000", "B39"),
    ("xiaomi-mi-mix-2-global", "xiaomi/mi-mix-2#global", "global", GLOBAL, "310410", "B12"),
    ("xiaomi-mi-5-china", "xiaomi/mi-5#china", "china", CHINA, "46000", "B40"),
    ("xiaomi-mi-5-global", "xiaomi/mi-5#global", "global", GLOBAL, "310410", "B5"),
    ("xiaomi-mi-note-2-china", "xiaomi/mi-note-2#standard", "china", CHINA, "46011", "B3"),
    ("xiaomi-mi-note-2-global-edition", "xiaomi/mi-note-2#global-edition", "global", GLOBAL, "310410", "B17"),
    ("xiaomi-mi-6-china", "xiaomi/mi-6#china", "china", CHINA, None, None),
    ("xiaomi-mi-6-global", "xiaomi/mi-6#global", "global", GLOBAL, "310410", "B5"),
    ("xiaomi-mi-8-global", "xiaomi/mi-8#global", "global", GLOBAL, "310410", "B12"),
    ("xiaomi-mi-a1", "xiaomi/mi-a1#global", "global", GLOBAL, "26201", "B20"),
    ("huawei-mate-10-pro-us", "huawei/mate-10-pro#us", None, GLOBAL, "310410", "B12"),
    ("oneplus-nord-n200-unlocked", "oneplus/nord-n200-5g#unlocked", "us", GLOBAL, "310410", "B66"),
    ("oneplus-nord-n200-t-mobile", "oneplus/nord-n200-5g#t-mobile", "us", GLOBAL, "310260", "B66"),
    ("oneplus-nord-n300", "oneplus/nord-n300-5g#us", "us", GLOBAL, "310260", "n71"),
]
NAMES = [story[0] for story in STORIES]


def recording(name: str) -> Recording:
    return load_recording(FIXTURES / name)


@pytest.mark.parametrize("name", NAMES)
def test_a_story_says_that_it_is_composed_and_from_what(name: str) -> None:
    info = recording(name).info
    assert (info.id, info.provenance) == (name, "composed")
    assert info.description
    assert len(info.sources) >= 3
    assert all(source.isascii() for source in info.sources)
    assert {"manufacturer", "model", "codename"} <= info.device.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_story_holds_nothing_that_is_personal(name: str) -> None:
    for exchanges in recording(name).links.values():
        for exchange in exchanges:
            cleaned, kinds = scrub_exchange(exchange)
            assert not kinds
            assert cleaned.response == exchange.response


@pytest.mark.parametrize(("name", "sheet", "region", "apps", "plmn", "band"), STORIES, ids=NAMES)
def test_a_story_reads_as_its_device(
    name: str,
    sheet: str,
    region: str | None,
    apps: tuple[str, str],
    plmn: str | None,
    band: str | None,
) -> None:
    survey = read_device(f"fixture:{name}")
    assert survey.trouble is None
    assert survey.warnings == ((CHOSEN_REGION,) if sheet.startswith("oneplus/") else ())
    assert survey.identity.rom_region == region
    found = survey.google_apps
    assert found is not None
    assert (found.services, found.store) == apps
    assert sims_in(survey).plmns == ((plmn,) if plmn else ())
    match = match_for(survey, Sheets())
    assert sheet in match.refs
    assert match.bands is not None
    confirmed = {line.label for line in compare(survey, match).of("confirmed")}
    assert confirmed >= ({band} if band else set())
    assert not compare(survey, match).found_not_declared


@pytest.mark.parametrize("name", NAMES)
def test_the_serving_cell_of_a_story_names_its_band_for_certain(name: str) -> None:
    for cell in read_device(f"fixture:{name}").primary_cells:
        assert band_is_certain(cell)
        assert wrap_twin(cell) is None


def test_en_dc_and_sa_are_told_apart() -> None:
    nsa, sa = (read_device(f"fixture:oneplus-nord-{name}") for name in ("n200-t-mobile", "n300"))
    assert [(cell.role, cell.rat, cell.band) for cell in nsa.all(type(nsa.primary_cells[0]))] == [
        ("pcell", "lte", 66),
        ("pscell", "nr", 71),
    ]
    assert [(cell.role, cell.rat, cell.band) for cell in sa.primary_cells] == [("pcell", "nr", 71)]
