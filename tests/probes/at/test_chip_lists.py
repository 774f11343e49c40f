"""+EPBSEH of MediaTek and the NR list of Unisoc: what is a list, and what is none."""

from __future__ import annotations

import re

import pytest

from harness.errors import ParseError
from harness.links.read_only import split_joined
from harness.observations import EnabledBands, SupportedBands
from harness.probes.at import read
from harness.probes.at.chips import mediatek, unisoc
from harness.probes.at.chips.mediatek_masks import mask_of
from harness.probes.at.chips.unisoc_nr import REQUEST
from harness.probes.at.language.answer import Modem
from harness.radio.masks import bands_of_mask


def supported(text: str, command: str, dialect, kind=SupportedBands) -> dict[str, tuple[int, ...]]:
    try:
        reading = read(f"\r\n{text}\r\n\r\nOK\r\n", command, dialect)
    except ParseError:
        return {}
    return {one.rat: one.bands for one in reading.observations if isinstance(one, kind)}


def test_the_first_eight_digits_are_the_first_bands():
    assert bands_of_mask(mask_of("00000001")) == (1,)
    assert bands_of_mask(mask_of("8000000000000001")) == (32, 33)
    assert bands_of_mask(mask_of("000000000000000000003000")) == (77, 78)


def test_masks_of_each_rat_are_read():
    line = '+EPBSEH: "0000009a","00000081","0000000500000020","0000000100000000000030"'
    assert supported(line, "AT+EPBSEH=?", mediatek.DIALECT) == {}
    line = '+EPBSEH: "0000009a","00000081","0000000500000020","000000010000000000003000"'
    assert supported(line, "AT+EPBSEH=?", mediatek.DIALECT) == {"umts": (1, 8), "lte": (1, 3, 38), "nr": (1, 77, 78)}
    assert supported(line, "AT+EPBSEH?", mediatek.DIALECT, EnabledBands)["nr"] == (1, 77, 78)


@pytest.mark.parametrize(
    "line",
    [
        '+EPBSEH: "0000009a","00000081","00000005"',
        '+EPBSEH: "0000009a","00000081","5","1"',
        '+EPBSEH: "0000009a","00000081","0000000g","00000001"',
        "+EPBSEH: 154,129,5,1",
        '+EPBSE: "0000009a","00000081","00000005","00000001"',
        "+EPBSEH:",
    ],
)
def test_what_is_no_such_line_tells_nothing(line):
    assert supported(line, "AT+EPBSEH=?", mediatek.DIALECT) == {}


def test_a_mask_of_zero_is_no_none_and_one_with_strangers_is_unreadable():
    line = '+EPBSEH: "00000000","00000000","00000000","00000001"'
    assert supported(line, "AT+EPBSEH=?", mediatek.DIALECT) == {"nr": (1,)}
    line = '+EPBSEH: "00000000","00000000","00000001","00000200"'
    assert supported(line, "AT+EPBSEH=?", mediatek.DIALECT) == {"lte": (1,)}


def test_the_public_answers(captures_dir):
    for folder, command, dialect, wanted in (
        ("013-mtk-epbseh-from-a-phone", "AT+EPBSEH=?", mediatek.DIALECT, {
            "lte": (1, 2, 3, 4, 5, 7, 8, 12, 20, 28, 38, 40, 66), "nr": (1, 3, 5, 7, 8, 20, 28, 38, 40, 41, 77, 78)}),
        ("009-unisoc-supported-nr-bands", REQUEST, unisoc.DIALECT, {"nr": (1, 5, 8, 28, 41, 78)}),
    ):  # fmt: skip
        text = (captures_dir / "unrooted" / folder / "exchange.txt").read_text().split("AT+SPLBAND")[0]
        found = supported(text.partition("\n")[2].strip().removesuffix("OK").strip(), command, dialect)
        assert wanted.items() <= found.items()


def test_the_count_is_not_a_band():
    assert supported("+SP5GCMDS: get nr support_band,3,78,1,28", REQUEST, unisoc.DIALECT) == {"nr": (1, 28, 78)}


@pytest.mark.parametrize(
    "text",
    ["get nr support_band,4,78,1,28", "get nr support_band,2,78,1,28", "get nr support_band,0", "get nr support_band",
     "get nr support_band,2,78,78", "get nr support_band,1,9", "get nr support_band,2,78,x", "set nr x,1,78"],
)  # fmt: skip
def test_another_count_is_no_list(text):
    assert supported(f"+SP5GCMDS: {text}", REQUEST, unisoc.DIALECT) == {}


def test_that_very_set_form_may_be_asked_and_no_other():
    def may_be_asked(request: str) -> bool:
        return any(re.fullmatch(form, part) for form in unisoc.DIALECT.read_forms for part in split_joined(request))

    assert may_be_asked(REQUEST)
    for other in ('AT+SP5GCMDS="set nr support_band"', "AT+SP5GCMDS", 'AT+SP5GCMDS="get nr support_band",1'):
        assert not may_be_asked(other)
    assert REQUEST in unisoc.DIALECT.plan(Modem())
