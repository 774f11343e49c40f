"""Telit answers."""

from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.probes.at import read, read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.makers.telit import bands
from harness.probes.at.makers.telit.family import DIALECT


def enabled(answer: str, model: str) -> dict[str, tuple[int, ...] | None]:
    reading = read_parts(f"{answer}\r\nOK\r\n", "AT#BND?", DIALECT, Modem(model=model))
    return {o.rat: o.bands for o in reading.observations if isinstance(o, EnabledBands)}


@pytest.mark.parametrize(("model", "bands"), [("LM940", (5, 13)), ("LE910", (3, 4, 13))])
def test_the_model_tells_the_base_of_the_mask(model: str, bands: tuple[int, ...]) -> None:
    digits = "1010" if model == "LM940" else "4108"
    assert enabled(f"#BND: 0,0,{digits}", model)["lte"] == bands


def test_without_a_model_nothing_is_read_and_the_warning_asks_for_it() -> None:
    reading = read_parts("#BND: 0,0,1010\r\nOK\r\n", "AT#BND?", DIALECT, Modem())
    assert reading.told == ()
    assert "model" in reading.warnings[0]


def test_a_mask_that_names_no_bands_is_refused() -> None:
    assert "lte" not in enabled("#BND: 0,0,8000", "LM940")


def test_letters_in_a_decimal_mask_are_refused() -> None:
    assert "lte" not in enabled("#BND: 0,0,1A03B0918DF", "LE910-EU")


def test_the_fourth_field_is_a_dummy_on_me310_and_lte_65_on_lm960() -> None:
    assert enabled("#BND: 0,0,134742149,0,1048578", "ME310M1") == {"lte_m": (1, 3, 8, 20, 28, 66, 85)}
    assert enabled("#BND: 0,11,1,2", "LM960")["lte"] == (1, 66)


def test_the_umts_field_is_a_table_row() -> None:
    assert enabled("#BND: 0,11,1", "LM940")["umts"] == (1, 2, 4, 5, 8)


def test_the_upper_bound_of_the_test_form_is_the_mask() -> None:
    found = read("#BND: (0-5),(0-11),(1-1A03B0918DF)\r\nOK\r\n", "AT#BND=?", DIALECT, model="LM940").observations
    lte = next(o for o in found if isinstance(o, SupportedBands) and o.rat == "lte")
    assert lte.bands is not None
    assert lte.bands[-1] == 41


def test_the_routing_area_of_rfsts_is_not_the_band() -> None:
    text = '#RFSTS: "311 480",66536,-103,-68,-15,0D00,255,,1280,1,0,033C416,"000000000000000","Verizon",3,66\r\nOK\r\n'
    (found,) = read(text, "AT#RFSTS", DIALECT).observations
    assert isinstance(found, ServingCell)
    assert (found.band, found.band_source, found.plmn, found.tac) == (66, "both", "311480", 0x0D00)


def test_the_id_of_moni_is_the_pci_only_without_a_tac() -> None:
    (with_tac,) = read("#MONI: A TAC:8B1E Id:00000EC EARFCN:800\r\nOK\r\n", "AT#MONI", DIALECT).observations
    (without,) = read("#MONI: RSRP:-101 Id:00000EC EARFCN:66786\r\nOK\r\n", "AT#MONI", DIALECT).observations
    assert isinstance(with_tac, ServingCell)
    assert isinstance(without, ServingCell)
    assert (with_tac.pci, without.pci) == (None, 0xEC)


def test_nr_keys_of_moni_stand_behind_a_name_with_blanks() -> None:
    text = "#MONI: Test PLMN 1-1 NR_BAND:79 NR_BW:100 NR_CH:723360 NR_PCI:11\r\nOK\r\n"
    (found,) = read(text, "AT#MONI", DIALECT).observations
    assert isinstance(found, ServingCell)
    assert (found.band, found.arfcn, found.pci, found.bandwidth_khz) == (79, 723360, 11, 100000)


@pytest.mark.parametrize(("domain", "attached"), [(0, False), (1, True), (2, True), (3, True), (4, False), ("", None)])
@pytest.mark.parametrize(
    "text",
    [
        '#RFSTS: "311 480",66536,-103,-68,-15,0D00,255,,1280,1,0,033C416,"000000000000000","Verizon",{},66\r\nOK\r\n',
        '#RFSTS: "222 88",1009,-93,5200,-71,19,10,,128,0,0,54717,"000000000000000","voda IT",{},4,1\r\nOK\r\n',
    ],
)
def test_the_service_domain_of_rfsts_says_whether_the_cell_serves(text: str, domain: object, attached: object) -> None:
    cells = [one for one in read(text.format(domain), "AT#RFSTS", DIALECT).observations if isinstance(one, ServingCell)]
    assert [one.registered for one in cells] in ([attached], [])
    if "Verizon" in text:
        assert cells


@pytest.mark.parametrize(
    ("row", "mhz"),
    [
        (1, (900, 1900)),
        (2, (850, 1800)),
        (3, (850, 1900)),
        (4, (900, 1800, 1900)),
        (5, (850, 900, 1800, 1900)),
        # Modules without GSM print row 0, too; rows beyond the table are none.
        (0, None),
        (6, None),
        (99, None),
    ],
)
def test_the_gsm_field_is_a_row_of_a_table(row, mhz):
    assert enabled(f"#BND: {row},0,524356", "LE910-EU").get("gsm") == mhz


def test_the_test_form_tells_all_its_gsm_rows():
    found = read("#BND: (0-3),(0-11),(524356)\r\nOK\r\n", "AT#BND=?", DIALECT, model="LE910-EU").observations
    assert [one.bands for one in found if getattr(one, "rat", "") == "gsm"] == [(850, 900, 1800, 1900)]
    found = read("#BND: (0),(0-11),(524356)\r\nOK\r\n", "AT#BND=?", DIALECT, model="LE910-EU").observations
    assert [one for one in found if getattr(one, "rat", "") == "gsm"] == []


_ROWS = (
    "1|2|5|1 2 5|2 5|8|1 8|4|1 5|1 5 8|2 4 5|1 2 4 5 8|6|3|1 2 4 5 6|1 3 8|5 8|2 4 5 6|1 5 6 8|2 6|5 6|2 5 6|1 3 5 8|"
    "1 3|1 2 4 5|19|1 5 6 8 19"
)
_SECOND = (
    "1|2|5|1 2 5|2 5|8|1 8|4|1 5|1 5 8|2 4 5|1 2 4 5 8|1 3 5 8|3|1 3 5|3 5|1 2 3 4 5 8|1 2 8|1 2 4 5 8 9 19|"
    "1 2 4 5 6 8 9 19"
)


@pytest.mark.parametrize(("table", "rows"), [(bands._FIRST_TABLE, _ROWS), (bands._SECOND_TABLE, _SECOND)])
def test_the_rows_of_the_umts_tables(table: tuple[tuple[int, ...], ...], rows: str) -> None:
    assert [" ".join(map(str, row)) for row in table] == rows.split("|")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_short_rfsts_has_no_known_layout(cut: int) -> None:
    text = '"311 480",66536,-103,-68,-15,0D00,255,,1280,1,0,033C416,"000000000000000","V",3'
    fields = text.split(",")
    whole = read(f"#RFSTS: {','.join(fields)}\r\nOK\r\n", "AT#RFSTS", DIALECT).observations
    assert [one.registered for one in whole if isinstance(one, ServingCell)] == [True]
    with pytest.raises(ParseError, match="no known layout"):
        read(f"#RFSTS: {','.join(fields[:-cut])}\r\nOK\r\n", "AT#RFSTS", DIALECT)
