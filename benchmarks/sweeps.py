"""What a sweep adds to the device's own times, and how many devices sweep in the time of the slowest.

One device: on a simulated clock, on which only the device's answers, its attach and the sweep's own waiting take time; what
the program itself takes (journal, evidence, reading) is its CPU time, and added. The device's own times are
its writes (lock, mode, radio) and each attach, from the radio on to service. Sixteen devices: served on ttys in processes
of their own, real time, each with another attach time.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.recording.exchange import Exchange

FAMILY = "quectel-5g"
BANDS = (1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 17, 18, 19, 20, 25, 26, 28, 38, 66, 71)
REACH_ADDED, REACH_SIXTEEN = 0.05, 1.10
DEVICES = 16
_FEW = "2,12,66"
_SETTLE_S = 1.0
_SERVER = """
import sys, threading, time
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES
attach = float(sys.argv[2])
tongue = TONGUES[sys.argv[1]]()
memory = tongue.memory(sys.argv[3])
air = Air([cell_on("lte", band) for band in (2, 12, 66)])
with serve_radio(tongue, air, memory=memory, attach_s=dict.fromkeys(("lte", "nr", "lte_m", "nb_iot"), attach)) as served:
    print(served.address, flush=True)
    sys.stdin.read()
"""


def sweep(rounds: int) -> list[Row]:
    """One device over twenty bands, and sixteen at a time."""
    return [*_one_device(rounds), *_sixteen(rounds)]


@dataclass
class _Times:
    """Seconds of one sweep: the device's own, the trials, what stands around them; the program's, CPU and wall."""

    own: float
    trials: float
    around: float
    program: float
    wall: float

    @property
    def added(self) -> float:
        return (self.trials + self.program - self.own) / self.own


def _one_device(rounds: int) -> Iterator[Row]:
    found = [_simulated() for _ in range(rounds + 1)][1:]
    one = found[-1]
    told = f"{len(BANDS)} bands, {one.own:.1f} s of the device's own, {one.trials - one.own:.2f} s asked and waited"
    yield Row(
        "a sweep adds to lock, attach and unlock",
        statistics.median(one.added for one in found),
        "x",
        REACH_ADDED,
        note=told,
    )
    yield Row(
        "  the program itself, journal and evidence included", statistics.median(one.program for one in found), "s CPU"
    )
    yield Row("  the same by the clock", statistics.median(one.wall for one in found), "s wall")
    yield Row(
        "  saving, attach before and behind, its own scan of 25 s, without the 60 s of settling",
        one.around,
        "s simulated",
    )


def _simulated() -> _Times:
    """One sweep in this process."""
    from harness.probes.at import registry
    from harness.probes.at.session import read_modem
    from harness.simulation.radio.air import Air, cell_on
    from harness.simulation.radio.clock import SimulatedClock
    from harness.simulation.radio.port import RadioPort
    from harness.simulation.radio.radio import Radio
    from harness.simulation.radio.tongues import TONGUES
    from harness.sweep.bands import OwnBands, parse_bands, plan_band
    from harness.sweep.link import SweepLink
    from harness.sweep.order import SweepOrder
    from harness.sweep.runner import Sweep

    tongue, clock = TONGUES[FAMILY](), SimulatedClock()
    radio = Radio(tongue, Air([cell_on("lte", band) for band in BANDS]), tongue.memory(), clock)
    port = RadioPort(radio, clock)
    read = read_modem(port, deadline_s=1e12)
    family = registry.dialect(read.dialect or "")
    locking = family.locking(read.modem) if family.locking else None
    assert locking is not None
    listed = OwnBands.of(read.reading.observations)
    planned = tuple(plan_band(one, locking, listed) for one in parse_bands(",".join(map(str, BANDS))))
    assert all(one.plan == "tried" for one in planned), [one for one in planned if one.plan != "tried"]
    with tempfile.TemporaryDirectory() as name:
        watch = _Watch(port, clock, radio, {item.name: item for item in locking.items}.values())
        link = SweepLink(port, watch.keep, clock, forms=family.read_forms)
        order = SweepOrder(
            bands=planned, opened_by="a benchmark", words="a modem", firmware=read.modem.firmware or "", listed=listed,
            settle_s=0.0, journals=Path(name),
        )  # fmt: skip
        began, real, cpu = clock.at, time.perf_counter(), time.process_time()
        Sweep(link, locking, family, read.modem, order).run()
        took, spent = time.perf_counter() - real, time.process_time() - cpu
    assert watch.attaches >= len(BANDS), watch.attaches
    return _Times(watch.own, watch.trials, clock.at - began - watch.trials, spent, took)


class _Watch:
    """Tells the device's own times from all others, by what is kept of a sweep."""

    def __init__(self, port: Any, clock: Any, radio: Any, items: Any) -> None:
        self.own = self.trials = 0.0
        self.attaches = 0
        self._items, self._clock, self._radio = list(items), clock, radio
        self._trial_began: float | None = None
        self._asked_at = clock.at
        original = radio._attempt

        def attempt(at: float) -> None:
            original(at)
            self._attached(at)

        radio._attempt = attempt
        asked = port.ask

        def ask(command: str, *, deadline_s: float) -> Exchange:
            self._asked_at = clock.at
            answer: Exchange = asked(command, deadline_s=deadline_s)
            return answer

        port.ask = ask
        self._on_at: float | None = None

    def keep(self, exchange: Exchange) -> None:
        """One exchange of the sweep."""
        if exchange.request.startswith("sweep "):
            self._part(exchange.request.split()[1])
        elif self._trial_began is not None and self._is_write(exchange.request):
            self.own += self._clock.at - self._asked_at
            if exchange.request == "AT+CFUN=1":
                self._on_at = self._clock.at

    def _part(self, word: str) -> None:
        if word in {"trial", "back"} and self._trial_began is not None:
            self.trials += self._clock.at - self._trial_began
            self._trial_began = None
        if word == "trial":
            self._trial_began = self._clock.at

    def _is_write(self, request: str) -> bool:
        return any(item.value_set_by(request) is not None for item in self._items)

    def _attached(self, at: float) -> None:
        if self._trial_began is not None and self._on_at is not None:
            self.own += max(0.0, at - self._on_at)
            self.attaches += 1
            self._on_at = None


def _sixteen(rounds: int) -> Iterator[Row]:
    """The slowest alone, then all of them: real time, on ttys."""
    with ExitStack() as stack:
        addresses = [_served(stack, number) for number in range(DEVICES)]
        slowest = addresses[-1]
        alone, together = [], []
        for number in range(min(rounds, 3) + 1):
            a, b = _wall([slowest]), _wall(addresses)
            if number:
                alone.append(a)
                together.append(b)
    ratios = [b / a for a, b in zip(alone, together, strict=True)]
    told = f"the slowest alone {statistics.median(alone):.1f} s, bands {_FEW}, attach 1.0 to 2.5 s"
    yield Row(
        f"{DEVICES} devices sweep in the time of the slowest",
        statistics.median(ratios),
        "x wall",
        REACH_SIXTEEN,
        note=told,
    )


def _served(stack: ExitStack, number: int) -> str:
    attach = 1.0 + 1.5 * number / (DEVICES - 1)
    imei = f"4901542032{37000 + number:05d}"[:15]
    line = [sys.executable, "-c", _SERVER, FAMILY, f"{attach:.2f}", imei]
    process = stack.enter_context(subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    stack.callback(process.kill)
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _wall(addresses: list[str]) -> float:
    """Seconds until all of them are swept, each in a thread."""
    ready = threading.Barrier(len(addresses) + 1)
    done: list[Callable[[], None]] = []
    errors: list[BaseException] = []

    def run(address: str) -> None:
        try:
            _swept(address, ready, done)
        except BaseException as error:
            errors.append(error)
            ready.abort()
            raise

    threads = [threading.Thread(target=run, args=(one,)) for one in addresses]
    for one in threads:
        one.start()
    ready.wait()
    start = time.perf_counter()
    for one in threads:
        one.join()
    took = time.perf_counter() - start
    assert not errors, errors
    return took


def _swept(address: str, ready: threading.Barrier, done: list[Callable[[], None]]) -> None:
    from harness.links.at.port import open_at
    from harness.links.clock import REAL_CLOCK
    from harness.probes.at import registry
    from harness.probes.at.session import read_modem
    from harness.sweep.bands import OwnBands, parse_bands, plan_band
    from harness.sweep.link import SweepLink
    from harness.sweep.order import SweepOrder
    from harness.sweep.runner import Sweep

    with open_at(address, allow_changes=True) as port, tempfile.TemporaryDirectory() as journals:
        read = read_modem(port, deadline_s=time.monotonic() + 60)
        family = registry.dialect(read.dialect or "")
        locking = family.locking(read.modem) if family.locking else None
        assert locking is not None
        listed = OwnBands.of(read.reading.observations)
        order = SweepOrder(
            bands=tuple(plan_band(one, locking, listed) for one in parse_bands(_FEW)), opened_by="a benchmark",
            words="a modem", firmware=read.modem.firmware or "", listed=listed, settle_s=_SETTLE_S, wait_s=30.0,
            journals=Path(journals),
        )  # fmt: skip
        kept: list[Exchange] = []
        work = Sweep(
            SweepLink(port, kept.append, REAL_CLOCK, forms=family.read_forms), locking, family, read.modem, order
        )
        ready.wait()
        work.run()
        assert not work.blocked, work.blocked
