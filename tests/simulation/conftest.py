"""Real adb servers, of every binary here; modems and handsets that come up and go down with a test."""

import subprocess
from contextlib import ExitStack

import pytest

from harness.simulation import kit
from harness.simulation.fixtures import simulated_modem  # noqa: F401

QUICK = kit.HandsetOptions(latency_s=0)
BINARIES = kit.adb_binaries()


@pytest.fixture(
    scope="session", params=sorted(BINARIES) or [pytest.param("none", marks=pytest.mark.skip("no adb here"))]
)
def adb_server(request):
    """A private server of each adb binary: Debian's (PATH) and the one in adbutils' wheel differ."""
    with kit.private_adb_server(BINARIES[request.param]) as server:
        server.kind = request.param
        yield server


@pytest.fixture
def handset(adb_server):
    """handset(recording, options=..., faults=...): served behind that server, which this process uses meanwhile."""
    with ExitStack() as stack:
        stack.enter_context(kit.adb_environment(adb_server))

        def serve(recording, options=QUICK, **how):
            return stack.enter_context(kit.serve_handset(recording, server=adb_server, options=options, **how))

        yield serve


@pytest.fixture
def adb(adb_server):
    """adb(served, "shell", "getprop"): the real client."""

    def run(served, *words, timeout=20, **how):
        line = [adb_server.adb, "-P", str(adb_server.port), "-s", served.address, *words]
        return subprocess.run(line, capture_output=True, timeout=timeout, check=False, **how)

    return run
