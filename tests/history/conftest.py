"""A history of its own for each test, and a spool that is nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("deltalake")
pytest.importorskip("duckdb")

from harness.history.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs wait."""
    monkeypatch.setenv("BANDPROOF_SPOOL", str(tmp_path / "spool"))
    monkeypatch.delenv("BANDPROOF_HISTORY", raising=False)
    return tmp_path / "spool"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A table that is not there yet."""
    return Store(str(tmp_path / "table"))
