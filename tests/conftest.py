"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

# Simulated devices have serial numbers, too: no test makes the secret of the machine's own user.
if "BANDPROOF_SAMPLE_KEY" not in os.environ:
    os.environ["BANDPROOF_SAMPLE_KEY"] = str(Path(tempfile.mkdtemp(prefix="bandproof-tests-")) / "sample-key")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def captures_dir() -> Path:
    """Real device output collected beside the checkout; tests that need it skip where it is not there."""
    place = Path(os.environ.get("BANDPROOF_CAPTURES", ROOT.parent / "shared" / "captures"))
    if not place.is_dir():
        pytest.skip("no captures beside this checkout")
    return place
