"""A history of its own for each test, and a spool that is nobody's."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if find_spec("deltalake") is None or find_spec("duckdb") is None:
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from pathlib import Path

    from harness.history.store import Store


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs wait."""
    monkeypatch.setenv("BANDPROOF_SPOOL", str(tmp_path / "spool"))
    monkeypatch.delenv("BANDPROOF_HISTORY", raising=False)
    return tmp_path / "spool"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A table that is not there yet."""
    from harness.history.store import Store

    return Store(str(tmp_path / "table"))
