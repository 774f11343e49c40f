"""One cell: devices up, a real run, and everything that must hold afterwards."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.commands import report
from harness.links.port_lock import holders
from harness.recording.files import load_recording
from harness.reports.run.verify import verify
from harness.simulation import kit

from .cells import Cell, Link, faulty_recording, recording

ROOT = Path(__file__).resolve().parents[2]
COMPILED = ROOT / "build" / "matrix-compiled"
CARRIERS = ("--carrier=us/att", "--carrier=us/t-mobile")
OVERHEAD_S = 30.0
"""What a run may take beside its devices on a loaded machine: starting, judging, writing."""
THINKS_S = 0.04
"""Per command of the healthy devices, so that they are read while the fault strikes."""
DEVICE_SLACK_S = 2.0
KINDS_OF = {kit.ServedHandset: "adb", kit.ServedModem: "at", kit.ServedTools: "qmi"}
"""The key of a device in the bench file."""
PASSES = {"PASS": 2, "PASS_NOTE": 1}
UNKNOWN = {"ERROR", "INCONC"}

Verdicts = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Outcome:
    """What came of a cell. `problems` is empty where everything held."""

    cell: str
    seconds: float = 0.0
    word: str = ""
    problems: list[str] = field(default_factory=list)
    verdicts: Verdicts = field(default_factory=dict)
    told: str = ""
    asked: list[str] = field(default_factory=list)


class Stage:
    """Three simulated devices, a folder of its own, and the runs in it. A context manager."""

    def __init__(
        self,
        link: Link,
        *,
        faults: tuple[Any, ...] = (),
        deadline_s: float = 30.0,
        left_modem: bool = False,
        healthy_s: float = 60.0,
        thinks_s: float | None = None,
    ):
        self._stack = ExitStack()
        self.link = link
        self.faults = faults
        self.deadline_s = deadline_s
        self.left_modem = left_modem
        self.healthy_s = healthy_s
        self.thinks_s = thinks_s
        self.faulty_source = faulty_recording(link)
        self.server: kit.AdbServerProcess | None = None
        self.served: dict[str, Any] = {}

    def __enter__(self) -> Stage:
        with contextlib.ExitStack() as undo:
            undo.callback(self._stack.close)
            self.folder = Path(tempfile.mkdtemp(prefix="bandproof-matrix-"))
            self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            if self.link.kind == "adb" or not self.left_modem:
                binaries = kit.adb_binaries()
                adb = binaries.get(self.link.adb) or next(iter(binaries.values()), "")
                self.server = self._stack.enter_context(kit.private_adb_server(adb))
            self._serve()
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _serve(self) -> None:
        modem = kit.ModemOptions(latency_s=THINKS_S)
        rm520 = recording("quectel-rm520n-gl")
        if self.left_modem:
            left: Any = kit.serve_modem(rm520, options=modem)
        else:
            options = kit.HandsetOptions(latency_s=self.thinks_s or THINKS_S)
            left = kit.serve_handset(recording("oneplus-nord-n200-t-mobile"), server=self.server, options=options)
        if self.link.kind == "adb":
            options = kit.HandsetOptions(latency_s=self.thinks_s or 0.0, shell_v2=self.link.shell_v2)
            faulty: Any = kit.serve_handset(self.faulty_source, server=self.server, options=options, faults=self.faults)
        elif self.link.kind == "qmi":
            faulty = kit.serve_tools(self.faulty_source, latency_s=0.0, faults=self.faults)
        else:
            quick = kit.ModemOptions(latency_s=0.0)
            faulty = kit.serve_modem(self.faulty_source, self.link.port, options=quick, faults=self.faults)
        for name, one in (("left", left), ("faulty", faulty), ("right", kit.serve_modem(rm520, options=modem))):
            self.served[name] = self._stack.enter_context(one)
        lines = ["format: bandproof.bench/1", "devices:"]
        for name, one in self.served.items():
            kind = KINDS_OF[type(one)]
            limit = self.deadline_s if name == "faulty" else self.healthy_s
            lines.append(f'  {name}: {{{kind}: "{one.address}", deadline_s: {limit}}}')
        (self.folder / "bench.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (self.folder / "runtime").mkdir(mode=0o700)
        self.addresses = {name: one.address for name, one in self.served.items()}

    @property
    def environment(self) -> dict[str, str]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ADB_", "ANDROID_ADB_", "PYTEST_"))
        }
        environment |= {"XDG_RUNTIME_DIR": str(self.folder / "runtime"), "HOME": str(self.folder)}
        # All runs share what Python compiles: hundreds of processes, each of a device's own home.
        environment |= {"PYTHONPYCACHEPREFIX": str(COMPILED), "PYTHONDONTWRITEBYTECODE": ""}
        tools = self.served["faulty"].environment if self.link.kind == "qmi" else {}
        return environment | (self.server.environment if self.server else {}) | tools

    def wait_until_asked(self, request: str, within_s: float = 30.0) -> bool:
        """Until the faulty device is asked that."""
        until = time.monotonic() + within_s
        while not any(request in one for one in self.asked):
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True

    def tools_end(self, session: int, within_s: float) -> None:
        """Wait until no tool of the host runs any more; those that then do are leftovers.

        A tool that is just ending has lost its command line before it is gone from its session.
        """
        until = time.monotonic() + within_s
        while (tools_of(self.served["faulty"]) or processes_of(session)) and time.monotonic() < until:
            time.sleep(0.01)

    @property
    def asked(self) -> list[str]:
        """What the faulty device was asked."""
        served = self.served["faulty"]
        if isinstance(served, kit.ServedTools):
            return served.asked
        device = served.handset if isinstance(served, kit.ServedHandset) else served.modem
        return list(device.state.asked)

    def start(self, report: str = "run", *more: str, **how: Any) -> subprocess.Popen[str]:
        """A run, under way."""
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", "--bench=bench.yaml"]
        environment = self.environment | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            [*command, *CARRIERS, f"--report-dir={report}", *more],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **how,
        )

    def finish(self, process: subprocess.Popen[str], outcome: Outcome, limit_s: float | None = None) -> None:
        """Wait for a run; one that hangs is a problem, and ended."""
        limit_s = self.deadline_s + OVERHEAD_S if limit_s is None else limit_s
        try:
            outcome.told, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            process.kill()
            outcome.told, _ = process.communicate()
            outcome.problems.append(f"did not end within {limit_s:.0f} s")
        if "Traceback" in outcome.told or "Error: " in outcome.told.partition("=== test session")[2]:
            outcome.problems.append(f"a traceback: {outcome.told[-2000:]}")

    def leftovers(self, session: int, outcome: Outcome) -> None:
        """No process of the run, no lock held, no port or stream open."""
        outcome.problems += [f"process {one} is left" for one in processes_of(session)]
        locks = list((self.folder / "runtime").glob("bandproof/*.lock"))
        outcome.problems += [f"lock {one.name} is held" for one in locks if is_held(one)]
        if not locks:
            outcome.problems.append("no lock was taken at all")
        until = time.monotonic() + 2.0
        while (open_ := self._open()) and time.monotonic() < until:
            time.sleep(0.01)
        outcome.problems += open_

    def _open(self) -> list[str]:
        found = []
        for name, one in self.served.items():
            if isinstance(one, kit.ServedHandset):
                if one.handset.open_streams:
                    found.append(f"{name}: {one.handset.open_streams} shell streams are open")
            elif isinstance(one, kit.ServedTools):
                found += [f"{name}: {who} has the port open" for who in holders(str(one.port))]
                found += [f"{name}: the tool {who} still runs" for who in tools_of(one)]
            elif "://" not in one.address:
                found += [f"{name}: {who} has the port open" for who in holders(one.address)]
            elif connections := getattr(one.modem._port, "connections", None):
                found.append(f"{name}: {len(connections)} connections are open")
        return found


def processes_of(session: int) -> list[str]:
    """Processes of that session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, IndexError):
            words = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(words[3]) == session and words[0] != "Z":
                found.append(entry.name)
    return found


def tools_of(served: kit.ServedTools) -> list[str]:
    """Tools of that folder that still run, of whatever session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(served.tools.folder) in (entry / "cmdline").read_bytes():
                found.append(entry.name)
    return found


def is_held(lock: Path) -> bool:
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def read_report(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return document


def verdicts_of(document: dict[str, Any]) -> Verdicts:
    """By device and requirement, VoLTE apart: no device here tells it, and without a fault nothing may be unknown."""
    return {
        (one["device"], f"{one['carrier']}@{one['edition']}/{one['requirement']}"): one
        for one in document["verdicts"]
        if not one["requirement"].endswith("-VOLTE")
    }


def compare(
    found: Verdicts, free: Verdicts, problems: list[str], *, healthy: tuple[str, ...] = ("left", "right")
) -> str:
    """Hold the verdicts of a run against the fault-free ones; a word for what came of the faulty device."""
    for key in free.keys() - found.keys():
        problems.append(f"no verdict on {key}")
    for key in found.keys() - free.keys():
        problems.append(f"a verdict that the fault-free run has not: {key}")
    counts = {"same": 0, "unknown": 0, "ERROR": 0}
    for key in found.keys() & free.keys():
        now, then = found[key], free[key]
        if PASSES.get(now["verdict"], 0) > PASSES.get(then["verdict"], 0):
            problems.append(f"FALSE PASS {key}: {now['reason']} (fault-free: {then['verdict']}, {then['reason']})")
        elif key[0] in healthy and now != then:
            problems.append(f"{key} of a healthy device: {now} instead of {then}")
        elif (
            key[0] not in healthy
            and now["verdict"] != then["verdict"]
            and not (is_unknown(now) or is_weaker(now, then))
        ):
            problems.append(
                f"{key}: {now['verdict']} ({now['reason']}) instead of {then['verdict']} ({then['reason']})"
            )
        if key[0] not in healthy:
            same = now["verdict"] == then["verdict"]
            counts["same" if same else "ERROR" if now["verdict"] == "ERROR" else "unknown"] += 1
    if counts["same"] == sum(counts.values()):
        return "as fault-free"
    if counts["ERROR"] and not counts["same"]:
        return "ERROR"
    return f"{counts['same']} known, {counts['unknown'] + counts['ERROR']} not"


def is_unknown(verdict: dict[str, Any]) -> bool:
    """ERROR, INCONC, or the NA that an informative requirement becomes where the fact is not known."""
    informative = verdict["verdict"] == "NA" and verdict["reason"].startswith("informative, decides nothing")
    return verdict["verdict"] in UNKNOWN or informative


def is_weaker(now: dict[str, Any], then: dict[str, Any]) -> bool:
    """A PASS that became a note: by another band, where what the requirement names is not known any more."""
    return now["verdict"] == "PASS_NOTE" and then["verdict"] == "PASS"


def readable(folder: Path, problems: list[str], *, finished: bool = True) -> None:
    """The evidence can be read, the run verifies, its report can be written again."""
    for one in sorted((folder / "evidence").iterdir()):
        try:
            load_recording(one)
        except Exception as error:  # noqa: BLE001
            problems.append(f"evidence {one.name} cannot be read: {error}")
    out = folder.parent / "again"
    try:
        if finished:
            problems += [f"verify: {fault}" for fault in verify(folder)]
        out.mkdir(exist_ok=True)
        # The command prints, and cells run in threads: what it calls is called here.
        write_again = report._again if finished else report._first
        write_again(folder, out, ["html"], None)
    except Exception as error:  # noqa: BLE001
        problems.append(f"verify or report: {error}")
    if not (out / "report.html").is_file():
        problems.append("no report could be written again")


NEVER = "the fault never struck"
PATIENCE = 4


def run_cell(cell: Cell, free: Verdicts) -> Outcome:
    """Run one cell and check all that must hold."""
    outcome = _run_cell(cell, free)
    if NEVER in outcome.problems:
        # On a loaded machine a short deadline may pass before the request: then once more, with a longer one.
        patient = replace(cell.trouble, deadline_s=PATIENCE * cell.trouble.deadline_s)
        outcome = _run_cell(replace(cell, trouble=patient), free)
    return outcome


def _run_cell(cell: Cell, free: Verdicts) -> Outcome:
    outcome = Outcome(cell.name)
    trouble = cell.trouble
    stage = Stage(cell.link, faults=(cell.fault,), deadline_s=trouble.deadline_s, left_modem=cell.kills_server)
    with stage:
        process = stage.start()
        started = time.monotonic()
        stage.finish(process, outcome)
        outcome.seconds = time.monotonic() - started
        stage.leftovers(process.pid, outcome)
        run = stage.folder / "run"
        if not (run / "report.json").is_file():
            outcome.problems.append(f"no report (exit {process.returncode}): {outcome.told[-1500:]}")
            return outcome
        document = read_report(run)
        outcome.verdicts = verdicts_of(document)
        outcome.word = compare(outcome.verdicts, free, outcome.problems)
        for device in document["devices"]:
            took, limit = device["connection"]["elapsed_s"], trouble.deadline_s + DEVICE_SLACK_S
            if device["device"] == "faulty" and took > limit:
                outcome.problems.append(f"the faulty device took {took:.1f} s, {limit:.1f} s are allowed")
        if process.returncode not in (0, 1):
            outcome.problems.append(f"exit status {process.returncode}")
        if not any(cell.request in one for one in stage.asked):
            outcome.problems.append(NEVER)
        expected = trouble.expected(cell.link)
        if expected != "either" and (outcome.word == "as fault-free") != (expected == "same"):
            outcome.problems.append(f"ends {outcome.word!r}, expected {expected!r}: {outcome.told[:1500]}")
        readable(run, outcome.problems)
    return outcome


def fault_free(link: Link, *, left_modem: bool = False) -> Outcome:
    """The run without a fault, against which all others are held."""
    outcome = Outcome(f"fault-free | {link.name}")
    with Stage(link, left_modem=left_modem) as stage:
        process = stage.start()
        started = time.monotonic()
        stage.finish(process, outcome)
        outcome.seconds = time.monotonic() - started
        stage.leftovers(process.pid, outcome)
        if not (stage.folder / "run" / "report.json").is_file():
            raise AssertionError(f"{outcome.cell}: no report (exit {process.returncode}): {outcome.told[-3000:]}")
        outcome.verdicts = verdicts_of(read_report(stage.folder / "run"))
        if any(one["verdict"] in UNKNOWN for one in outcome.verdicts.values()):
            outcome.problems.append("the fault-free run leaves something unknown")
        readable(stage.folder / "run", outcome.problems)
        outcome.asked = list(dict.fromkeys(stage.asked))
    return outcome
