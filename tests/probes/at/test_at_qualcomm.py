from __future__ import annotations

import pytest

from harness.observations import EnabledBands, Observation, SupportedBands
from harness.probes.at.chips.qualcomm import DIALECT
from harness.probes.at.language.answer import Modem, read_answer


def ask(command: str, *lines: str) -> tuple[list[Observation], list[str]]:
    (reader,) = (reader for reader in DIALECT.readers if reader.reads(command))
    items = list(reader.read(read_answer("\r\n".join([command, *lines, "OK", ""]), command)))
    return [i for i in items if not isinstance(i, str)], [i for i in items if isinstance(i, str)]


def test_bands_are_read_by_name_on_one_line_or_many() -> None:
    for lines in (('$QCBANDPREF: "LTE BAND 13","LTE BAND 4"',), ("$QCBANDPREF:", "LTE BAND 4", "LTE BAND 13")):
        facts, _ = ask("AT$QCBANDPREF?", *lines)
        assert [(f.rat, f.bands) for f in facts if isinstance(f, EnabledBands)] == [("lte", (4, 13))]
        facts, _ = ask("AT$QCBANDPREF=?", *lines)
        assert [(f.rat, f.bands) for f in facts if isinstance(f, SupportedBands)] == [("lte", (4, 13))]


@pytest.mark.parametrize("command", ["AT$QCBANDPREF?", "AT$QCBANDPREF=?"])
def test_a_band_that_is_none_makes_the_list_unreadable(command: str) -> None:
    facts, warnings = ask(command, '$QCBANDPREF: "LTE BAND 4","LTE BAND 99"')
    assert facts == []
    assert warnings


def test_a_cell_list_names_no_serving_cell() -> None:
    facts, warnings = ask("AT$QCRSRP?", '$QCRSRP: 310,2050,"-115.80",001,5230,"-096.20"')
    assert facts == []
    assert "[2050, 5230]" in warnings[0]


def test_qualcomm_claims_by_maker_only_what_is_left() -> None:
    assert DIALECT.claims(Modem("QUALCOMM INCORPORATED", "4108"))
    assert not DIALECT.claims(Modem("MediaTek Inc", "X"))
