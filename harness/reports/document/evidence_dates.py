"""When the devices were read, as their evidence tells: a run that replays old evidence is no test of today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .entries import DeviceEntry


def dates_of_the_tests(devices: Sequence[DeviceEntry]) -> str | None:
    """From the first to the last answer that tells its time; the devices whose evidence tells none. None: none does."""
    times = sorted(at for device in devices for at in _times(device))
    if not times:
        return None
    undated = [device.device for device in devices if device.exchanges and not _is_dated(device)]
    more = f"; the evidence of {', '.join(undated)} does not tell when it was read" if undated else ""
    return f"{times[0]} to {times[-1]}{more}"


def age(devices: Sequence[DeviceEntry], started: str) -> str:
    """`Evidence of 2023-05-06, 1302 days before this report.`, or that of evidence, but for a composed one, that tells no day.

    Empty where all was read on the day of the run.
    """
    days = [date.fromisoformat(at[:10]) for device in devices for at in _times(device)]
    told = []
    if days and (old := (date.fromisoformat(started[:10]) - min(days)).days) > 0:
        told.append(f"Evidence of {min(days)}, {old} day{'s' * (old > 1)} before this report.")
    if any(one.provenance != "composed" and one.exchanges and not _is_dated(one) for one in devices):
        told.append("The evidence does not tell when it was read.")
    return " ".join(told)


def _times(device: DeviceEntry) -> list[str]:
    return [one.at for one in device.exchanges if one.at is not None and _is_day(one.at[:10])]


def _is_dated(device: DeviceEntry) -> bool:
    return len(_times(device)) == len(device.exchanges)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
