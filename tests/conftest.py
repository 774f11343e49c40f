"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# Simulated devices have serial numbers, too: no test makes the secret of the machine's own user.
_OWN = tempfile.mkdtemp(prefix="bandproof-tests-")
os.environ.setdefault("BANDPROOF_SAMPLE_KEY", str(Path(_OWN) / "sample-key"))
if "PYTEST_XDIST_WORKER" in os.environ:
    # Simulated handsets have the same serials in every worker: each worker has locks of its own.
    os.environ["XDG_RUNTIME_DIR"] = _OWN

# How long one example takes says more of the machine than of the code: costs have tests of their own, as ratios.
settings.register_profile("bandproof", deadline=None)
settings.load_profile("bandproof")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Profiles that were read before are kept for this run alone, never in the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        if "BANDPROOF_CACHE" not in os.environ:
            patch.setenv("BANDPROOF_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


SLOW = (
    *("docs/test_pages", "examples", "matrix", "reports", "simulation", "state", "suite", "survey", "commands", "ics"),
    *("cells", "links/test_rfc2217", "history", "hooks", "lab", "operator_prompts", "serve", "sweep", "watch"),
    *("links/test_adb", "links/test_at.py", "links/test_finding", "links/test_host_tool", "links/test_restless"),
    *("links/test_shared_reader", "links/test_returning", "links/test_diag", "links/test_scat"),
    *("probes/uecap", "probes/test_mutations", "probes/at/test_adversity", "probes/at/test_at_samples"),
    *("probes/at/test_hostile", "probes/at/test_round_trips", "probes/at/test_prefixes", "probes/at/test_judge"),
    *("probes/at/test_unread", "probes/at/test_session", "probes/adb/test_prefixes", "probes/adb/test_adb_hostile"),
    *("probes/adb/test_adb_captures", "probes/adb/test_bugreport", "probes/adb/test_rooted", "probes/qmi/test_hostile"),
    *("carriers/test_world", "carriers/test_importing", "carriers/test_carrier_files", "carriers/test_broken"),
    *("carriers/test_age", "carriers/test_twins", "recording/test_scrub_gates", "recording/test_scrub.py"),
    *("recording/test_story", "recording/test_fixtures", "requirements/test_uecap", "verdicts/test_fit"),
    *("verdicts/test_one_list", "verdicts/test_seed_claims", "requirements/proforma", "docs/test_recipes"),
    *("probes/qmi/test_qmi", "probes/at/test_bases", "probes/at/test_at_states", "probes/adb/test_customisation"),
)
"""Whole runs, servers, processes, and what tries thousands of texts: `make check` leaves them to the gate."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, by its place."""
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        if place.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def captures_dir() -> Path:
    """Real device output collected beside the checkout; tests that need it skip where it is not there."""
    place = Path(os.environ.get("BANDPROOF_CAPTURES", ROOT.parent / "shared" / "captures"))
    if not place.is_dir():
        pytest.skip("no captures beside this checkout")
    return place
