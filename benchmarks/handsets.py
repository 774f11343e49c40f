"""Handsets behind a real adb server: one against a bare script, sixty-four against the peers."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import peers
from benchmarks.devices_own import of_their_own
from benchmarks.devices_turns import Process, Turn, process_cpu
from benchmarks.measuring import Cost, Row, alternate, cpu, ratio, wall

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = 64
LATENCY_MS = 30
FIXTURE = "samsung-galaxy-s21-5g-us"
DIFFERENT = {"command -v su": (b"", 1), "id -u": (b"2000\n", 0)}


@dataclass
class Bench:
    """The simulated devices and what they cost while one way had its turn."""

    served: Process
    facts: dict[str, Any]
    costs: dict[str, list[tuple[float, float, int]]] = field(default_factory=dict)
    """For each way: CPU of the simulator, CPU of the adb server, how many requests the devices were asked."""
    told: dict[str, Any] = field(default_factory=dict)

    def way(self, name: str, process: Process, turn: Turn) -> Callable[[int], Cost]:
        """A way for `alternate`: its turn in its process, the bench's cost beside it."""

        def take(number: int) -> Cost:
            before = self._state()
            answer = process.take(turn)
            after = self._state()
            self.told[name] = answer["told"], answer["peak_mb"]
            if number:
                self.costs.setdefault(name, []).append(
                    (after[0] - before[0], after[1] - before[1], after[2] - before[2])
                )
            return Cost(answer["cpu"], answer["wall"], 0)

        return take

    def asked(self, name: str) -> int:
        """How many requests the devices were asked in one turn of a way."""
        return self.costs[name][-1][2]

    def beside(self, name: str, costs: list[Cost]) -> str:
        """What the simulated devices and the adb server took of the machine meanwhile."""
        walls = [cost.wall for cost in costs]
        shares = [statistics.median(one[n] / w for one, w in zip(self.costs[name], walls, strict=True)) for n in (0, 1)]
        server = f", of the adb server {shares[1]:.0%}" if self.facts["server"] else ""
        return f"CPU of the simulator {shares[0]:.0%} of wall{server}"

    def _state(self) -> tuple[float, float, int]:
        answer = self.served.ask("state")
        server = process_cpu(self.facts["server"]) if self.facts["server"] else 0.0
        return answer["cpu"], server, answer["asked"]


def bench(
    stack: ExitStack, recording: Path, count: int, *, latency_ms: float, on: str = "pty", per: str = "command"
) -> Bench:
    """A bench in a process of its own, until the stack ends."""
    arguments = (str(recording), str(count), str(latency_ms), on, per)
    served = stack.enter_context(Process("benchmarks.devices_served", *arguments))
    return Bench(served, served.hear())


def handsets(rounds: int) -> list[Row]:
    """All rows of handsets: where each command takes its time, and where each call of adb does, whatever it runs."""
    return [
        *_rack(rounds, f"each command takes {LATENCY_MS} ms", "command"),
        *_rack(rounds, f"each shell takes {LATENCY_MS} ms, its commands none", "shell"),
    ]


def _rack(rounds: int, title: str, per: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        commands = _recording(Path(name) / "handset")
        rack = bench(stack, Path(name) / "handset", COUNT, latency_ms=LATENCY_MS, per=per)
        others = of_their_own(Path(name) / "handset", Path(name) / "own", COUNT)
        own = bench(stack, others, 1, latency_ms=LATENCY_MS, per=per)
        probes = {"PYTHONPATH": str(_probes(Path(name) / "probes"))}
        environment = {**rack.facts["environment"], **probes}
        reader = stack.enter_context(Process("benchmarks.devices_ways", environment=environment))
        reader_of_own = stack.enter_context(
            Process("benchmarks.devices_ways", environment={**own.facts["environment"], **probes})
        )
        every, one = tuple(rack.facts["addresses"]), tuple(rack.facts["addresses"][:1])
        ways = {
            "one, bare": rack.way("one, bare", reader, Turn("script", one, commands)),
            "one": rack.way("one", reader, Turn("ours", one)),
            "bare": rack.way("bare", reader, Turn("script", every, commands)),
            "ours": rack.way("ours", reader, Turn("ours", every)),
            "reads": rack.way("reads", reader, Turn("reads", every, commands)),
            "recorded": rack.way("recorded", reader, Turn("recorded", every)),
        }
        each = {"own": own.way("own", reader_of_own, Turn("recorded", tuple(own.facts["addresses"])))}
        without = _peers(stack, rack, ways, Turn("", every, commands))
        found = alternate({**ways, **each}, rounds)
        wanted = {name: (1 if name.startswith("one") else COUNT) * len(commands) for name in ways}
        if wrong := [name for name in ways if rack.asked(name) != wanted[name]]:
            raise SystemExit(f"not the same reads: {', '.join(f'{name} asked {rack.asked(name)}' for name in wrong)}")
    return [Row(f"handsets: {title}", len(commands), "reads"), *_rows(rack, found, without)]


def _peers(stack: ExitStack, rack: Bench, ways: dict[str, Callable[[int], Cost]], turn: Turn) -> str:
    """Add the peers' ways; why there are none, where that is so."""
    try:
        python = peers.python()
    except peers.NoPeerError as error:
        return str(error)
    # Mobly calls the first adb of PATH; one of another version would kill the server.
    path = f"{Path(rack.facts['adb']).parent}:/usr/bin:/bin"
    environment = {**rack.facts["environment"], "PATH": path}
    process = stack.enter_context(Process("benchmarks.peers_ways", python=python, environment=environment))
    for name in ("adbutils", "mobly"):
        ways[name] = rack.way(name, process, Turn(name, turn.addresses, turn.commands))
    return ""


def _rows(rack: Bench, found: dict[str, list[Cost]], without: str) -> list[Row]:
    one, bare, ours = found["one"], found["one, bare"], found["ours"]
    added = statistics.median((a.wall - b.wall) * 1000 for a, b in zip(one, bare, strict=True))
    more = f"{added:.1f} ms more; {cpu(one) * 1000:.1f} ms CPU"
    scripts = f"bare: {wall(found['bare']):.3g} s wall; {rack.beside('bare', found['bare'])}"
    against = partial(_against, found, without)
    return [
        Row("  one: a bare batched script", wall(bare), "s wall"),
        Row("    ours against it", ratio(one, bare, "wall"), "x wall", 1.25, note=more),
        Row(f"  {COUNT}", wall(ours), "s wall", note=rack.beside("ours", ours)),
        Row("    against one", ratio(ours, one, "wall"), "x wall", 3),
        Row("    against bare scripts in threads", ratio(ours, found["bare"], "wall"), "x wall", note=scripts),
        against("adbutils", "wall", 0.20),
        against("mobly", "wall", 0.10),
        against("mobly", "cpu", 0.05),
        Row("    the reads alone, as the peers do them", wall(found["reads"]), "s wall", note=_beside(found)),
        Row("    with the evidence written", ratio(found["recorded"], ours, "wall"), "x wall"),
        *cpu_rows(found, rack.told["ours"][1]),
    ]


def _beside(found: dict[str, list[Cost]]) -> str:
    """What the reads alone are of the peers'."""
    reads, told = found["reads"], []
    for name in ("adbutils", "mobly"):
        if name in found:
            of = [ratio(reads, found[name], what) for what in ("wall", "cpu")]
            told.append(f"{of[0]:.2f} x wall and {of[1]:.3f} x CPU of {name.replace('mobly', 'Mobly')}")
    return ", ".join(told)


def cpu_rows(found: dict[str, list[Cost]], peak_mb: float) -> list[Row]:
    """CPU of one device of a rack, in ms: copies of one, the same written down, and devices that speak for themselves."""
    each = {name: cpu(found[name]) / COUNT * 1000 for name in ("ours", "recorded", "own")}
    return [
        Row("    CPU of our process, a device", each["ours"], "ms CPU", 3, note=f"{peak_mb:.0f} MB at most"),
        Row("      with the evidence written", each["recorded"], "ms CPU"),
        Row("      the same, of devices with words of their own", each["own"], "ms CPU"),
    ]


def _against(found: dict[str, list[Cost]], without: str, peer: str, what: str, reach: float) -> Row:
    shown = {"wall": "wall", "cpu": "CPU"}[what]
    name = f"    against {peer.replace('mobly', 'Mobly')}, {shown}"
    if peer not in found:
        return Row(name, float("inf"), f"x {shown}", reach, note=f"not measured: {without}")
    theirs = {"wall": wall, "cpu": cpu}[what](found[peer])
    return Row(
        name, ratio(found["ours"], found[peer], what), f"x {shown}", reach, note=f"theirs: {theirs:.3g} s {shown}"
    )


def _recording(folder: Path) -> tuple[str, ...]:
    """A handset that answers twenty commands; the commands."""
    from benchmarks.handsets_probes import PROPERTIES
    from harness.probes.adb.plan import READ_COMMANDS
    from harness.probes.adb.rooted import ROOT_CHECK
    from harness.recording.exchange import Exchange, RecordingInfo
    from harness.recording.files import find_recordings, load_recording
    from harness.recording.writer import RecordingWriter

    known = load_recording(find_recordings()[FIXTURE])
    answers = {one.request: (one.response, one.exit_code or 0) for one in known.links["adb"]} | DIFFERENT
    commands = (*READ_COMMANDS, *ROOT_CHECK, *(f"getprop {name}" for name in PROPERTIES.values()))
    with RecordingWriter(folder, RecordingInfo("bench-handset", "composed", device=known.info.device)) as writer:
        for command in commands:
            answer, code = answers.get(command, (b"unknown\n" if command.startswith("getprop ") else b"null\n", 0))
            writer.append("adb", Exchange(command, answer, code, b"", elapsed_ms=float(LATENCY_MS)))
    return commands


def _probes(folder: Path) -> Path:
    """An installed package, as far as Python can see, that adds the six probes."""
    from benchmarks.handsets_probes import ENTRY_POINTS

    place = folder / "bandproof_bench_probes-1.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: bandproof-bench-probes\nVersion: 1\n", encoding="utf-8"
    )
    (place / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    return folder
