"""Which worker of pytest-xdist runs a case: all own cases of a device in one, since two would not both get its port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    import pytest


def scope_of(node_id: str, devices: Collection[str]) -> str:
    """What runs together: the own cases of a device; of the cases that only judge, those of a device and carrier."""
    place, _, rest = node_id.partition("::")
    if place in devices:
        return node_id.rpartition("::")[0]
    parameters = rest.partition("[")[2].removesuffix("]")
    # Parameters stand with hyphens between them, and names of devices have some: the longest that fits is meant.
    named = [one for one in devices if f"-{one}-" in f"-{parameters}-"]
    return max(named, key=len, default=node_id)


def by_device(config: pytest.Config, log: Any, devices: Collection[str]) -> Any:
    """A scheduler of xdist that keeps to `scope_of`; None where another way to distribute was asked for, or no device."""
    if not devices or config.getoption("dist", "no") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByDevice(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid, devices)

    return ByDevice(config, log)
