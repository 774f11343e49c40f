"""Which variant a device is: by number or codename, narrowed by ROM, never by name where variants differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.carriers.sheets import Sheets, match
from harness.errors import UnknownName
from harness.observations import Identity

if TYPE_CHECKING:
    from pathlib import Path

STORE = Sheets()


def xiaomi(**said: str) -> Identity:
    return Identity(manufacturer="Xiaomi", **said)


def test_codename_and_rom_choose_the_global_variant() -> None:
    found = match(xiaomi(model="Mi MIX 2", codename="chiron", rom_region="global"), STORE)
    assert (found.status, found.refs) == ("found", ("xiaomi/mi-mix-2#global",))
    assert found.by == ("codename chiron", "ROM region global")
    assert found.bands is not None
    assert len(found.bands.lte or ()) == 24
    assert found.google_apps == "present"


def test_a_china_rom_may_be_the_china_mobile_hardware() -> None:
    found = match(xiaomi(model="Mi MIX 2", codename="chiron", rom_region="china"), STORE)
    assert found.status == "ambiguous"
    assert found.bands is None
    assert found.google_apps == "absent"
    assert "xiaomi/mi-mix-2#china-mobile" in found.reason


def test_a_model_number_settles_it() -> None:
    found = match(xiaomi(model="Mi MIX 2", codename="chiron", hardware="MDE5", rom_region="china"), STORE)
    assert (found.status, found.refs) == ("found", ("xiaomi/mi-mix-2#china",))


def test_variants_of_one_list_need_not_be_told_apart() -> None:
    found = match(xiaomi(model="MIX", codename="lithium"), STORE)
    assert found.status == "found"
    assert found.variant is None
    assert found.sheet is not None
    assert found.bands is not None
    assert found.bands.of("lte") == (1, 2, 3, 4, 5, 7, 8, 38, 39, 40, 41)
    assert found.bands.of("nr") is None
    assert found.google_apps is None


@pytest.mark.parametrize("region", ["global", "cn", ""])
def test_the_rom_never_tells_the_hardware_of_a_mi_note_2(region: str) -> None:
    found = match(xiaomi(model="Mi Note 2", codename="scorpio", rom_region=region), STORE)
    assert found.status == "ambiguous"
    assert found.bands is None


def test_two_numbers_of_one_name_declare_different_bands() -> None:
    standard = match(xiaomi(model="Mi Note 2", hardware="2015211"), STORE)
    edition = match(xiaomi(model="Mi Note 2", hardware="2015213"), STORE)
    assert standard.bands is not None
    assert edition.bands is not None
    assert 12 not in (standard.bands.lte or ())
    assert 12 in (edition.bands.lte or ())


def test_one_number_of_two_regions_needs_the_region() -> None:
    assert match(Identity(brand="OnePlus", model="IV2201"), STORE).status == "ambiguous"
    india = match(Identity(brand="OnePlus", model="IV2201", rom_region="india"), STORE)
    assert india.refs == ("oneplus/nord-ce-2-5g#india",)
    assert india.bands is not None
    assert india.bands.of("lte") is None
    assert match(Identity(brand="OnePlus", model="IV2201", rom_region="EEA"), STORE).refs == (
        "oneplus/nord-ce-2-5g#europe",
    )


def test_a_rom_region_that_no_variant_has_declares_nothing() -> None:
    found = match(xiaomi(codename="chiron", rom_region="korea"), STORE)
    assert found.status == "none"
    assert found.bands is None
    assert "korea" in found.reason


def test_a_name_alone_selects_nothing_where_variants_differ() -> None:
    assert match(xiaomi(model="Mi Note 2"), STORE).status == "ambiguous"
    assert match(xiaomi(model="Mi 5"), STORE).status == "ambiguous"


def test_a_name_alone_says_so_where_the_variants_agree() -> None:
    found = match(xiaomi(market_name="Xiaomi 12S Ultra"), STORE)
    assert found.by == ("model name alone",)
    assert found.refs == ("xiaomi/12s-ultra#china",)
    assert match(xiaomi(market_name="12 Ultra"), STORE).refs == found.refs


def test_a_name_with_another_codename_is_another_device() -> None:
    assert match(xiaomi(model="Mi MIX 2", codename="polaris"), STORE).status == "none"


@pytest.mark.parametrize(
    "identity",
    [
        Identity(),
        Identity(model="One"),
        Identity(manufacturer="Google", model="Pixel 5", codename="redfin"),
        Identity(manufacturer="Google", model="Mi MIX 2", codename="chiron"),
        Identity(manufacturer="Xiaomi", model="", codename=""),
    ],
)
def test_a_device_without_a_sheet_declares_nothing(identity: Identity) -> None:
    found = match(identity, STORE)
    assert found.status == "none"
    assert found.reason
    assert found.bands is None
    assert found.google_apps is None


def test_a_sub_number_of_the_model_counts(tmp_path: Path) -> None:
    put_modem(tmp_path)
    found = match(Identity(manufacturer="Quectel Wireless", model="AB12-GL/X CD"), Sheets([tmp_path]))
    assert found.refs == ("quectel/ab12#gl",)
    assert found.by == ("model number AB12-GL",)
    assert match(Identity(manufacturer="Quectelish", model="AB12-GL"), Sheets([tmp_path])).status == "none"


def test_a_sheet_is_looked_up_by_its_reference() -> None:
    assert STORE.lookup("xiaomi/mi-mix-2#global").variant is not None
    assert STORE.lookup("xiaomi/mi-mix").bands is not None
    assert STORE.lookup("xiaomi/mi-mix-2").status == "ambiguous"
    trial = STORE.lookup("xiaomi/mi-5#us-trial")
    assert (trial.status, trial.bands) == ("found", None)


@pytest.mark.parametrize(
    ("ref", "nearest"), [("xiaomi/mi-mix-3", "xiaomi/mi-mix"), ("xiaomi/mi-mix-2#globl", "xiaomi/mi-mix-2#global")]
)
def test_an_unknown_reference_names_the_nearest(ref: str, nearest: str) -> None:
    with pytest.raises(UnknownName) as caught:
        STORE.lookup(ref)
    assert nearest in caught.value.nearest


def put_modem(root: Path) -> None:
    path = root / "devices" / "quectel" / "ab12.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "format: bandproof.sheet/1\nid: quectel/ab12\nmaker: Quectel\nmodel: AB12\nvariants:\n"
        "  - {id: gl, model_numbers: [AB12-GL], sources: [s], confidence: D, bands: {lte: [1, 3]}}\n",
        encoding="utf-8",
    )
