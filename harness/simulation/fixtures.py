"""pytest fixtures of the test kit: `pytest_plugins = ["harness.simulation.fixtures"]`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from harness.simulation import kit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def simulated_adb_server() -> Iterator[kit.AdbServerProcess]:
    """A private adb server for the session; skips where there is no adb."""
    if not kit.adb_binaries():
        pytest.skip("no adb binary here")
    with kit.private_adb_server() as server:
        yield server


@pytest.fixture
def simulated_handset(simulated_adb_server: kit.AdbServerProcess) -> Iterator[Callable[..., kit.ServedHandset]]:
    """Serves handsets behind the private server: `simulated_handset(recording, options=..., faults=[...])`.

    While the test runs, this process's adb clients use that server.
    """
    with ExitStack() as stack:
        stack.enter_context(kit.adb_environment(simulated_adb_server))

        def serve(recording: Any, **how: Any) -> kit.ServedHandset:
            return stack.enter_context(kit.serve_handset(recording, server=simulated_adb_server, **how))

        yield serve


@pytest.fixture
def simulated_modem() -> Iterator[Callable[..., kit.ServedModem]]:
    """Serves modems: `simulated_modem(recording, on="pty", options=..., faults=[...])`."""
    with ExitStack() as stack:

        def serve(recording: Any, on: Any = "pty", **how: Any) -> kit.ServedModem:
            return stack.enter_context(kit.serve_modem(recording, on, **how))

        yield serve
