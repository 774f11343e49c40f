"""Which variant a device is: by number or codename, narrowed by ROM, never by name where variants differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.carriers import files
from harness.carriers.sheets import Sheets, match
from harness.errors import FileError, UnknownName
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


FIRST_NINE = (1, 2, 3, 4, 5, 7, 8, 12, 13)
US_ONEPLUS = (*FIRST_NINE, 17, 20, 25, 26, 28, 38, 39, 40, 41, 66, 71)
MI_8 = (1, 2, 3, 4, 5, 7, 8, 12, 17, 20, 34, 38, 39, 40, 41)
GLOBAL_2016 = (*FIRST_NINE, 17, 18, 19, 20, 25, 26, 28, 29, 30, 38, 39, 40, 41)
IPHONE_12 = (*FIRST_NINE, 17, 18, 19, 20, 25, 26, 28, 30, 32, 34, 38, 39, 40, 41, 42, 46, 48, 66)
IPHONE_12_NR = (1, 2, 3, 5, 7, 8, 12, 20, 25, 28, 38, 40, 41, 66, 77, 78, 79)
MATE_10 = (1, 2, 3, 4, 5, 7, 8, 12, 17, 18, 19, 20, 26, 28, 32, 34, 38, 39, 40)
PUBLISHED: list[tuple[str, tuple[int, ...] | None, tuple[int, ...] | None]] = [
    ("xiaomi/mi-mix#china", (1, 2, 3, 4, 5, 7, 8, 38, 39, 40, 41), None),
    ("xiaomi/mi-mix#global", (1, 2, 3, 4, 5, 7, 8, 38, 39, 40, 41), None),
    ("xiaomi/mi-mix-2#global", tuple(sorted({*GLOBAL_2016, 27, 34})), None),
    ("xiaomi/mi-mix-2#china", tuple(sorted({*GLOBAL_2016, 27, 34})), None),
    ("xiaomi/mi-mix-2#china-mobile", None, None),
    ("xiaomi/mi-5#china", (1, 3, 7, 38, 39, 40, 41), None),
    ("xiaomi/mi-5#global", (1, 3, 5, 7, 38, 39, 40, 41), None),
    ("xiaomi/mi-5#us-trial", None, None),
    ("xiaomi/mi-note-2#standard", (1, 3, 5, 7, 8, 38, 39, 40, 41), None),
    ("xiaomi/mi-note-2#global-edition", GLOBAL_2016, None),
    ("xiaomi/mi-6#china", (1, 3, 5, 7, 8, 38, 39, 40, 41), None),
    ("xiaomi/mi-6#global", (1, 3, 5, 7, 8, 38, 39, 40, 41), None),
    ("xiaomi/mi-8#global", MI_8, None),
    ("xiaomi/mi-8#china", None, None),
    ("xiaomi/mi-8-explorer#china", MI_8, None),
    ("xiaomi/mi-a1#global", (1, 3, 5, 7, 8, 20, 38, 40), None),
    ("xiaomi/mi-a1#india", (1, 3, 5, 7, 8, 20, 38, 40), None),
    (
        "xiaomi/12s-ultra#china",
        (*MI_8[:9], 18, 19, 26, 34, 38, 39, 40, 41, 42),
        (1, 3, 5, 8, 28, 38, 40, 41, 77, 78, 79),
    ),
    ("huawei/mate-10-pro#global", MATE_10, None),
    ("huawei/mate-10-pro#us", MATE_10, None),
    ("huawei/mate-10-pro#china", MATE_10, None),
    ("oneplus/nord-n200-5g#unlocked", US_ONEPLUS, (2, 25, 41, 66, 71)),
    ("oneplus/nord-n200-5g#t-mobile", US_ONEPLUS, (2, 25, 41, 66, 71)),
    ("oneplus/nord-n300-5g#us", US_ONEPLUS, (2, 25, 41, 66, 71, 77)),
    (
        "oneplus/nord-ce-2-5g#europe",
        (1, 2, 3, 4, 5, 7, 8, 12, 17, 18, 19, 20, 26, 28, 38, 39, 40, 41, 66),
        (1, 3, 5, 7, 8, 20, 28, 38, 40, 41, 66, 77, 78),
    ),
    ("oneplus/nord-ce-2-5g#india", None, (1, 3, 5, 8, 40, 41, 77, 78)),
    ("oneplus/one#global", (1, 3, 4, 7, 17, 38, 40), None),
    ("oneplus/2#listed", (1, 3, 5, 7, 8, 20, 38, 40, 41), None),
    ("oneplus/x#europe", (1, 3, 5, 7, 8, 20, 38, 40), None),
    ("apple/iphone-12#us", tuple(sorted({*IPHONE_12, 14, 29, 71})), tuple(sorted({*IPHONE_12_NR, 71, 260, 261}))),
    ("apple/iphone-12#row", IPHONE_12, IPHONE_12_NR),
    ("apple/iphone-5#a1428", (4, 17), None),
    ("apple/iphone-5#a1429-cdma", (1, 3, 5, 13, 25), None),
]


@pytest.mark.parametrize(("ref", "lte", "nr"), PUBLISHED, ids=lambda value: value if isinstance(value, str) else "")
def test_the_sheets_declare_what_was_published(
    ref: str, lte: tuple[int, ...] | None, nr: tuple[int, ...] | None
) -> None:
    variant = STORE.lookup(ref).variant
    assert variant is not None
    assert (variant.bands.of("lte"), variant.bands.of("nr")) == (lte, nr)
    assert variant.sources
    assert variant.confidence in "ABCD"


def test_every_sheet_of_the_house_has_no_fault() -> None:
    assert [str(finding) for finding in files.lint(STORE.paths.values())] == []


def test_a_list_from_memory_says_so() -> None:
    for id_ in STORE.ids():
        for variant in STORE.sheet(id_).variants:
            if variant.bands.lte is not None and all("from memory" in source for source in variant.sources):
                assert variant.confidence == "D", f"{id_}#{variant.id}"


def test_an_iphone_5_with_the_number_of_two_radios_declares_nothing() -> None:
    assert match(Identity(manufacturer="Apple", model="A1428"), STORE).refs == ("apple/iphone-5#a1428",)
    both = match(Identity(manufacturer="Apple", model="A1429"), STORE)
    assert (both.status, both.bands) == ("ambiguous", None)


@pytest.mark.parametrize(
    ("rat", "number", "reason"),
    [
        ("lte", 6, "obsolete, UMTS only"),
        ("lte", 9, "no deployed LTE network; lists take it over from UMTS 9"),
        ("lte", 0, "no such band in 3GPP"),
        ("lte", 15, "no such band in 3GPP"),
        ("lte", 60, "no such band in 3GPP"),
        ("lte", 257, "no such band in 3GPP"),
        ("nr", 4, "no such band in 3GPP"),
        ("nr", 17, "no such band in 3GPP"),
        ("umts", 17, "no such band in 3GPP"),
        ("gsm", 2, "GSM bands are named by their MHz class"),
    ],
)
def test_an_impossible_band_in_a_sheet_is_refused_with_its_reason(rat: str, number: int, reason: str) -> None:
    text = (
        "format: bandproof.sheet/1\nid: maker/phone\nmaker: Maker\nmodel: Phone\nvariants:\n"
        f"  - id: one\n    sources: [s]\n    confidence: B\n    bands:\n      {rat}: [{number}]\n"
    )
    [finding] = files.lint_text(text, "sheet.yaml")
    assert (finding.severity, finding.line) == ("error", 10)
    assert f"{rat.upper()} band {number}: " in finding.message
    assert reason in finding.message
    with pytest.raises(FileError, match=f"{rat.upper()} band {number}"):
        files.sheet_from_text(text, "sheet.yaml")


def test_the_published_list_of_a_mate_10_pro_is_refused_as_it_stands() -> None:
    """Collections of specifications took LTE 6 and 9 over from UMTS; the sheet of the house leaves them out."""
    text = STORE.paths["huawei/mate-10-pro"].read_text(encoding="utf-8")
    as_published = text.replace("lte: [1, 2, 3, 4, 5, 7, 8, 12,", "lte: [1, 2, 3, 4, 5, 6, 7, 8, 9, 12,")
    assert as_published != text
    messages = [finding.message for finding in files.lint_text(as_published, "huawei/mate-10-pro.yaml")]
    assert len(messages) == 6
    assert {message.partition(":")[0] for message in messages} == {"LTE band 6", "LTE band 9"}


def put_modem(root: Path) -> None:
    path = root / "devices" / "quectel" / "ab12.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "format: bandproof.sheet/1\nid: quectel/ab12\nmaker: Quectel\nmodel: AB12\nvariants:\n"
        "  - {id: gl, model_numbers: [AB12-GL], sources: [s], confidence: D, bands: {lte: [1, 3]}}\n",
        encoding="utf-8",
    )
