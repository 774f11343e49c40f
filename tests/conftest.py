"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# Simulated devices have serial numbers, too: no test makes the secret of the machine's own user.
if "BANDPROOF_SAMPLE_KEY" not in os.environ:
    os.environ["BANDPROOF_SAMPLE_KEY"] = str(Path(tempfile.mkdtemp(prefix="bandproof-tests-")) / "sample-key")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Profiles that were read before are kept for this run alone, never in the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        if "BANDPROOF_CACHE" not in os.environ:
            patch.setenv("BANDPROOF_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def captures_dir() -> Path:
    """Real device output collected beside the checkout; tests that need it skip where it is not there."""
    place = Path(os.environ.get("BANDPROOF_CAPTURES", ROOT.parent / "shared" / "captures"))
    if not place.is_dir():
        pytest.skip("no captures beside this checkout")
    return place
