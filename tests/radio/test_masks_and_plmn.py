"""Band masks of any width, and PLMNs with their leading zeros."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.radio import masks, plmn


@given(st.sets(st.integers(1, 256)))
def test_a_mask_goes_to_bands_and_back(bands: set[int]) -> None:
    assert masks.bands_of_mask(masks.mask_of_bands(bands)) == tuple(sorted(bands))


def test_bit_n_minus_1_is_band_n() -> None:
    assert masks.bands_of_mask(0x1000) == (13,)
    assert masks.bands_of_mask(1 << 65) == (66,)
    assert masks.bands_of_mask(0x100, first_band=33) == (41,)


def test_masks_refuse_what_they_cannot_hold() -> None:
    with pytest.raises(ValueError, match="negative"):
        masks.bands_of_mask(-1)
    with pytest.raises(ValueError, match="before"):
        masks.mask_of_bands([1], first_band=33)


def test_all_ones_means_no_restriction() -> None:
    assert masks.means_unlimited(0x7FFFFFFFFFFFFFFF)
    assert not masks.means_unlimited(0x1E200000095)


@pytest.mark.parametrize("text", ["310410", "310 410", "310-410"])
def test_a_three_digit_mnc(text: str) -> None:
    assert str(plmn.parse_plmn(text)) == "310410"


@pytest.mark.parametrize("zero", ["\u0660", "\u0966", "\uff10"], ids=["arabic", "devanagari", "full width"])
def test_digits_of_another_script_are_the_same_digits(zero: str) -> None:
    def written(digits: str) -> str:
        return "".join(chr(ord(zero) + int(digit)) for digit in digits)

    assert str(plmn.parse_plmn(written("310410"))) == "310410"
    assert str(plmn.parse_plmn(f"310{written('260')}")) == "310260"
    assert str(plmn.parse_plmn(written("26201"))) == "26201"
    assert plmn.parse_plmn(written("00000")) is None


def test_two_and_three_digits_stay_apart() -> None:
    assert plmn.parse_plmn("31026") != plmn.parse_plmn("310026")
    assert str(plmn.parse_plmn("00101")) == "00101"


@pytest.mark.parametrize("text", ["", "00000", "000000", "****", "null", "2147483647", "26", "3104101"])
def test_blanks_are_no_plmn(text: str) -> None:
    assert plmn.parse_plmn(text) is None


def test_integers_get_their_zeros_back() -> None:
    assert str(plmn.plmn_of_numbers(310, 26)) == "310026"
    assert str(plmn.plmn_of_numbers(262, 1)) == "26201"
    assert str(plmn.plmn_of_numbers(262, 1, mnc_digits=3)) == "262001"
    assert str(plmn.plmn_of_numbers(1, 1)) == "00101"
    assert plmn.plmn_of_numbers(2147483647, 1) is None
