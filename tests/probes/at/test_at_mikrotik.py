from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.probes.at import read


def test_last_number_is_the_technology_and_no_band():
    (cell,) = read("*BANDIND: 0, 3, 7\r\n\r\nOK\r\n", "AT*BANDIND?", "mikrotik").observations
    assert (cell.role, cell.band, cell.arfcn) == ("pcell", 3, None)


def test_umts_is_not_an_lte_band():
    with pytest.raises(ParseError):
        read("*BANDIND: 0, 0, 2\r\nOK\r\n", "AT*BANDIND?", "mikrotik")
