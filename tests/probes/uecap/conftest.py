"""These tests need the extra `uecap`."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _extra() -> None:
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
