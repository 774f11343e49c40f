"""A lab of ten exporters with twenty ports each on loopback: what it takes to acquire all its places, and to give them back."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
    from types import ModuleType

    from harness.lab.places import AcquiredPlace, LabSession

EXPORTERS, PORTS = 10, 20
WANTED = EXPORTERS * PORTS


def lab(rounds: int) -> list[Row]:
    """The rows of the table; nothing where the extra is not installed."""
    if find_spec("labgrid") is None:
        return []
    from harness.lab.places import LabSession
    from harness.simulation import lab as simulated

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = _bring_up(simulated, stack, folder)
        names = [f"bench-{number // PORTS}-{number % PORTS}" for number in range(WANTED)]
        ways: dict[str, Callable[[LabSession], list[AcquiredPlace]]] = {
            "at once": lambda session: session.acquire_all(names),
            "one by one": lambda session: [session.acquire(name) for name in names],
        }
        costs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
        bare: list[float] = []
        for number in range(rounds):
            for name, way in ways.items():
                costs[name].append(_turn(LabSession(address, f"run-{number}"), way))
            bare.append(asyncio.run(_bare(address, names)))
    found = {name: [statistics.median(one) for one in zip(*told, strict=True)] for name, told in costs.items()}
    ratio = statistics.median(a[1] / b[1] for a, b in zip(costs["at once"], costs["one by one"], strict=True))
    return [
        Row(f"lab: a session with {WANTED} places of {EXPORTERS} exporters", found["at once"][0], "s"),
        Row("  all of them acquired", found["at once"][1], "s", 3, note=f"one by one {found['one by one'][1]:.3g} s"),
        Row("    against one by one", ratio, "x wall"),
        Row(
            "    against labgrid's bare stub",
            statistics.median(one[1] for one in costs["at once"]) / statistics.median(bare),
            "x wall",
        ),
        Row("  given back", found["at once"][2], "s"),
    ]


def _turn(session: LabSession, way: Callable[[LabSession], list[AcquiredPlace]]) -> tuple[float, float, float]:
    """Seconds to open, to acquire, to give back."""
    times = [time.perf_counter()]
    session.open()
    times.append(time.perf_counter())
    places = way(session)
    times.append(time.perf_counter())
    session.close()
    times.append(time.perf_counter())
    if any(not one.addresses for one in places) or session.notes:
        raise SystemExit(f"not all places were acquired and given back: {places[:3]}; {session.notes[:3]}")
    return times[1] - times[0], times[2] - times[1], times[3] - times[2]


async def _bare(address: str, names: Sequence[str]) -> float:
    """Seconds to acquire them all by nothing but labgrid's generated stub; they are given back behind it."""
    import grpc
    from labgrid.remote.generated import labgrid_coordinator_pb2 as messages
    from labgrid.remote.generated import labgrid_coordinator_pb2_grpc as services

    async def told() -> AsyncIterator[Any]:
        yield messages.ClientInMessage(startup=messages.StartupDone(version="1", name="bench/bare"))
        yield messages.ClientInMessage(sync=messages.Sync(id=1))
        await asyncio.Event().wait()

    async def heard(stream: AsyncIterable[Any], known: asyncio.Event) -> None:
        async for _ in stream:
            known.set()

    async with grpc.aio.insecure_channel(address) as channel:
        stub, known = services.CoordinatorStub(channel), asyncio.Event()
        listening = asyncio.create_task(heard(stub.ClientStream(told()), known))
        await asyncio.wait_for(known.wait(), 10)
        began = time.perf_counter()
        await asyncio.gather(*(stub.AcquirePlace(messages.AcquirePlaceRequest(placename=one)) for one in names))
        took = time.perf_counter() - began
        await asyncio.gather(*(stub.ReleasePlace(messages.ReleasePlaceRequest(placename=one)) for one in names))
        listening.cancel()
    return took


def _bring_up(simulated: ModuleType, stack: ExitStack, folder: Path) -> str:
    """A coordinator, its exporters and places; nothing listens on the ports, which acquiring does not look at."""
    address = simulated.start_coordinator(stack, folder)[0]
    listed = {}
    for bench in range(EXPORTERS):
        name = f"bench-{bench}"
        groups = {
            f"{name}-{port}": {"NetworkSerialPort": {"host": "127.0.0.1", "port": 40000 + port, "protocol": "raw"}}
            for port in range(PORTS)
        }
        file = folder / f"{name}.yaml"
        file.write_text(json.dumps(groups), encoding="utf-8")
        simulated.start_exporter(stack, address, name, file)
        listed[name] = {group: {"kind": "modem"} for group in groups}
    asyncio.run(simulated.add_places(address, listed))
    return str(address)
