"""The benchmarks by name. Each takes the number of turns and gives its rows of the table."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.at_pty import at_pty
from benchmarks.devices import devices
from benchmarks.fit import fit
from benchmarks.history import history
from benchmarks.lab import lab
from benchmarks.measuring import Cost, Row, alternate, bandproof, cpu, ratio, run
from benchmarks.reports import reports
from benchmarks.sweeps import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

DEVICE = "xiaomi-mi-mix-2-global"
DUMP_OF = "samsung-galaxy-s21-5g-us"
REGISTRY = "dumpsys telephony.registry"
MB = 1_000_000
_SIZES_MB = (0.1, 1, 5, 20)
_HOSTILE_MB = 50


def certification(rounds: int) -> list[Row]:
    """`pytest --device=...` of all carriers of a country with its reports, against pytest on one empty test."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_empty.py").write_text("def test_empty():\n    pass\n", encoding="utf-8")
        # Other plugins of a developer's environment cost more than an empty test: they would flatter the ratio.
        others = [word for name in ("cacheprovider", "hypothesispytest", "xdist") for word in ("-p", f"no:{name}")]
        pytest = [sys.executable, "-m", "pytest", "-q", *others, "--junitxml=junit.xml"]

        def suite(number: int, device: str) -> Cost:
            out = f"--report-dir={folder / f'{device}-{number}'}"
            return run([*pytest, f"--device=fixture:{device}", "--carrier=us", out], cwd=folder)

        ways: dict[str, Callable[[int], Cost]] = {
            "empty": lambda _: run([*pytest, "test_empty.py"], cwd=folder),
            "bare": lambda _: run([*pytest, "-p", "no:bandproof", "test_empty.py"], cwd=folder),
            "handset": partial(suite, device=DEVICE),
            "modem": partial(suite, device="quectel-rm520n-gl"),
        }
        found = alternate(ways, rounds)
        written = sorted({path.name for path in (folder / f"{DEVICE}-1").glob("*.*")})
        cases = len(_report(folder / f"{DEVICE}-1"))
    told = f"{cases} cases; wrote {', '.join(written)}"
    return [
        Row("pytest on one empty test, CPU", cpu(found["empty"]), "s"),
        Row("the same without the plugin loaded", ratio(found["bare"], found["empty"], "cpu"), "x CPU"),
        Row(
            "pytest --device=fixture:…  --carrier=us",
            ratio(found["handset"], found["empty"], "cpu"),
            "x CPU",
            2.5,
            note=told,
        ),
        Row("  the same, wall", ratio(found["handset"], found["empty"], "wall"), "x wall"),
        Row("  the same for a modem", ratio(found["modem"], found["empty"], "cpu"), "x CPU", 2.5),
        Row("  CPU in all", cpu(found["handset"]), "s"),
    ]


def _report(folder: Path) -> list[object]:
    import json

    file = folder / "report.json"
    return json.loads(file.read_text(encoding="utf-8"))["verdicts"] if file.is_file() else []


def commands(rounds: int) -> list[Row]:
    """Look-ups and decoding at the prompt: nothing heavy may be imported."""
    with tempfile.TemporaryDirectory() as name:
        dump = Path(name) / "registry.txt"
        dump.write_bytes(_registry())
        answer = Path(name) / "answer.txt"
        answer.write_bytes(b'+CEREG: 2,1,"2A3F","0A1B2C3",7\r\n\r\nOK\r\n')
        lines = {
            "bandproof band 66": bandproof("band", "66"),
            "bandproof earfcn 66786": bandproof("earfcn", "66786"),
            "bandproof decode adb (a registry dump)": bandproof("decode", "adb", "--command", REGISTRY, str(dump)),
            "bandproof decode at (+CEREG)": bandproof("decode", "at", "--command", "AT+CEREG?", str(answer)),
        }
        ways: dict[str, Callable[[int], Cost]] = {
            text: partial(_quietly, command=command) for text, command in lines.items()
        }
        ways["python -c pass"] = lambda _: run([sys.executable, "-c", "pass"])
        found = alternate(ways, rounds)
    bare = found.pop("python -c pass")
    rows = [
        Row(text, cpu(costs), "s CPU", 0.15, note=f"{ratio(costs, bare, 'cpu'):.1f} x python")
        for text, costs in found.items()
    ]
    return [Row("python -c pass", cpu(bare), "s CPU"), *rows]


def _quietly(_: int, command: list[str]) -> Cost:
    cost = run(command)
    if cost.status:
        raise SystemExit(f"{command} ended with {cost.status}: {cost.said}")
    return cost


def _registry() -> bytes:
    from harness.recording.files import find_recordings, load_recording

    exchanges = load_recording(find_recordings()[DUMP_OF]).links["adb"]
    return next(item.response for item in exchanges if item.request == REGISTRY)


def throughput(rounds: int) -> list[Row]:
    """Reading a registry dump in process: one dump of growing length, as many slots or as history behind the state."""
    from harness.probes.adb import read_answer

    rows = []
    for kind, build in (("slots", _many_slots), ("history", _long_history)):
        rates = []
        for size in _SIZES_MB:
            text = build(int(size * MB))
            seconds = min(_timed(partial(read_answer, text, REGISTRY)) for _ in range(min(rounds, 3)))
            rates.append(len(text) / MB / seconds)
        told = ", ".join(f"{size:g} MB {rate:.1f}" for size, rate in zip(_SIZES_MB, rates, strict=True))
        rows.append(Row(f"decode of a registry dump, {kind}", rates[-1], "MB/s", note=told))
        growth = rates[0] / rates[-1]
        rows.append(Row("  slower per byte at 200 times the length", growth, "x", 3, note="1 is linear"))
    return rows


def _many_slots(size: int) -> str:
    """A dump of as many slots as make the size (a slot has at most two digits: they come round again)."""
    head, _, rest = _registry().decode().partition("  Phone Id=0\n")
    block = rest.partition("  mPhoneCapability")[0]
    count = max(1, size // len(block))
    return head + "".join(f"  Phone Id={number % 100}\n{block}" for number in range(count))


def _long_history(size: int) -> str:
    """One dump with local logs of the given size behind it."""
    dump, _, _ = _registry().decode().partition("listen logs:")
    state = next(line.strip() for line in dump.splitlines() if "mServiceState=" in line)
    line = f"  2023-02-01T10:00:00.000000 - notifyServiceStateForSubscriber: subId=1 phoneId=0 state={state}\n"
    return dump + line * max(1, (size - len(dump)) // len(line))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def hostile(rounds: int) -> list[Row]:
    """Input that nothing can be read of: exit status 4, one line on standard error, no traceback, no hang."""
    del rounds
    size = _HOSTILE_MB * MB
    inputs = {
        "empty": b"",
        "1 MB binary": os.urandom(MB),
        f"{_HOSTILE_MB} MB of A": b"A" * size,
        f"{_HOSTILE_MB} MB of digits": b"0123456789" * (size // 10),
        f"{_HOSTILE_MB} MB of {{": b"{" * size,
        f"{_HOSTILE_MB} MB of =": b"=" * size,
        f"{_HOSTILE_MB} MB of empty lines": b"\n" * size,
        "20 MB of mServiceState={": b"mServiceState={" * (20 * MB // 15),
        "20 MB of CellIdentityLte:{": b"CellIdentityLte:{" * (20 * MB // 17),
        "20 MB of [a]: [": b"[a]: [" * (20 * MB // 6),
        "20 MB of lines of [a]: [": b"[a]: [\n" * (20 * MB // 7),
        "20 MB of Phone Id=1 in one line": b"Phone Id=1 " * (20 * MB // 11),
        "another command": b"total 12\ndrwxr-xr-x 2 root root 4096 Jan  1 00:00 bin\n",
    }
    ways = {
        "adb": bandproof("decode", "adb"),
        "adb registry": bandproof("decode", "adb", "--command", REGISTRY),
        "adb getprop": bandproof("decode", "adb", "--command", "getprop"),
        "at": bandproof("decode", "at", "--command", "AT+CEREG?"),
        "at quectel": bandproof("decode", "at", "--dialect", "quectel", "--command", 'AT+QENG="servingcell"'),
    }
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for what, data in inputs.items():
            file = Path(name) / "input"
            file.write_bytes(data)
            costs = {way: run([*command, str(file)]) for way, command in ways.items()}
            slowest = max(costs, key=lambda way: costs[way].wall)
            wrong = [way for way, cost in costs.items() if cost.status != 4 or len(cost.said.splitlines()) != 1]
            note = f"slowest: {slowest}" + (f"; WRONG END: {', '.join(wrong)}" if wrong else "")
            rows.append(
                Row(f"decode of {what}", float("inf") if wrong else costs[slowest].wall, "s wall", 10, note=note)
            )
    return rows


CASES: dict[str, Callable[[int], list[Row]]] = {
    "certification": certification,
    "commands": commands,
    "throughput": throughput,
    "hostile": hostile,
    "at_pty": at_pty,
    "fit": fit,
    "reports": reports,
    "devices": devices,
    "history": history,
    "sweep": sweep,
    "lab": lab,
}
