"""What befalls a whole run: the adb server, the disk, the user, the kernel."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial

from harness.recording.exchange import Recording
from harness.recording.files import load_recording
from harness.simulation import kit

from . import running
from .cells import AWAY_S, BANDS, HANDSET, LINKS, MIDDLE, REGISTRY, Link, recording
from .running import Outcome, Stage, Verdicts, compare, read_report, readable, verdicts_of

BY_NAME = {link.name: link for link in LINKS}
BIG = 6 * 2**20
ROOM = 4 * 2**20
NO_ROOM = 96 * 1024


@dataclass(frozen=True)
class Disaster:
    """A run-level case; `run(free)` gets the fault-free verdicts of its link."""

    name: str
    link: Link
    run: Callable[[Verdicts], Outcome]


def disasters() -> list[Disaster]:
    """All that can happen on this machine."""
    out = []
    for name in ("adb 29", "adb wheel"):
        for back in (False, True):
            words = f"adb server killed, {'restarted' if back else 'stays away'} | {name}"
            out.append(Disaster(words, BY_NAME[name], partial(server_killed, words, BY_NAME[name], back)))
    for name in ("adb 29", "at tty", "qmi tools"):
        for number, words in ((signal.SIGINT, "Ctrl-C"), (signal.SIGKILL, "SIGKILL")):
            title = f"{words} while devices are read | {name}"
            out.append(Disaster(title, BY_NAME[name], partial(stopped, title, BY_NAME[name], number)))
    for name in ("at tty", "at tcp"):
        title = f"another device comes back | {name}"
        out.append(Disaster(title, BY_NAME[name], partial(swapped, title, BY_NAME[name])))
    title = "Ctrl-C while cases are judged | at tty"
    out.append(Disaster(title, BY_NAME["at tty"], partial(stopped_late, title, BY_NAME["at tty"])))
    ways = [("file size limit", limited)] + ([("full tmpfs", on_tmpfs)] if can_mount() else [])
    for words, way in ways:
        for size, kind in ((ROOM, "one device's evidence"), (NO_ROOM, "everything")):
            title = f"disk full for {kind} ({words}) | adb wheel"
            run = partial(disk_full, title, way, size)
            out.append(Disaster(title, BY_NAME["adb wheel"], run))
    here = kit.adb_binaries()
    return [one for one in out if one.link.kind != "adb" or one.link.adb in here]


def _fault(spec: str, link: Link) -> tuple[kit.Fault, ...]:
    return (replace(kit.parse_fault(spec), request=MIDDLE[link.kind]),)


def server_killed(name: str, link: Link, back: bool, free: Verdicts) -> Outcome:
    """The server of two handsets dies while both are read; where it is restarted, both are read again."""
    outcome = Outcome(name)
    with Stage(link, deadline_s=AWAY_S, healthy_s=AWAY_S, thinks_s=0.2) as stage:
        hand = threading.Thread(target=_kill_server, args=(stage, back))
        hand.start()
        try:
            _run(stage, outcome)
        finally:
            hand.join()
        document = read_report(stage.folder / "run")
        healthy = ("left", "right") if back else ("right",)
        outcome.word = compare(verdicts_of(document), free, outcome.problems, healthy=healthy)
        if back != (outcome.word == "as fault-free"):
            outcome.problems.append(f"ends {outcome.word!r}")
        readable(stage.folder / "run", outcome.problems)
    return outcome


def _kill_server(stage: Stage, back: bool) -> None:
    server = stage.server
    assert server is not None
    port, until = server.port, time.monotonic() + 20
    handsets = [stage.served[name].handset.state for name in ("left", "faulty")]
    while not all(len(one.asked) > 1 for one in handsets) and time.monotonic() < until:
        time.sleep(0.01)
    server.kill()
    if back:
        time.sleep(0.5)
        server.start(port)


def swapped(name: str, link: Link, free: Verdicts) -> Outcome:
    """A modem goes away in its answer; in its place comes one of another make, that has every band."""
    outcome = Outcome(name)
    with Stage(link, faults=_fault("reset=1s", link), deadline_s=20.0) as stage:
        state = stage.served["faulty"].modem.state

        def swap() -> None:
            stage.wait_until_asked(BANDS)
            for exchange in recording("quectel-rm520n-gl").links["at"]:
                state.tape.put(replace(exchange, response=exchange.response.replace(b"RM520N-GL", b"RM521F-GL")))

        hand = threading.Thread(target=swap)
        hand.start()
        try:
            _run(stage, outcome)
        finally:
            hand.join()
        document = read_report(stage.folder / "run")
        outcome.word = compare(verdicts_of(document), free, outcome.problems)
        trouble = {one["device"]: one["trouble"] for one in document["devices"]}["faulty"] or ""
        if outcome.word != "ERROR" or "another device came back" not in trouble:
            outcome.problems.append(f"ends {outcome.word!r}: {trouble}")
        if not (stage.folder / "run" / "evidence" / "faulty.attempt-1").is_dir():
            outcome.problems.append("the first attempt was not kept")
        readable(stage.folder / "run", outcome.problems)
    return outcome


def stopped(name: str, link: Link, number: signal.Signals, free: Verdicts) -> Outcome:
    """Stopped in the middle of an answer; the same devices are read again at once."""
    outcome = Outcome(name)
    with Stage(link, faults=_fault("silent,times=1", link), deadline_s=60.0) as stage:
        process = stage.start()
        started = time.monotonic()
        if not stage.wait_until_asked(MIDDLE[link.kind]):
            outcome.problems.append("the request was never asked")
        time.sleep(1.5)  # The healthy devices come to their end meanwhile.
        process.send_signal(number)
        stage.finish(process, outcome, 10.0)
        outcome.seconds = time.monotonic() - started
        wanted = 2 if number is signal.SIGINT else -number
        if process.returncode != wanted:
            outcome.problems.append(f"exit status {process.returncode}, not {wanted}")
        if number is signal.SIGKILL and link.kind == "qmi":
            stage.tools_end(process.pid, 10.0)  # Nobody is left who could end them: they have a deadline of their own.
        stage.leftovers(process.pid, outcome)
        run = stage.folder / "run"
        readable(run, outcome.problems, finished=False)
        found = verdicts_of(read_report(stage.folder / "again"))
        outcome.word = compare(found, free, outcome.problems)
        if outcome.word == "as fault-free":
            outcome.problems.append("what was never read is known")
        again = Outcome(name)
        _run(stage, again, "second")
        after = compare(verdicts_of(read_report(stage.folder / "second")), free, again.problems)
        if after != "as fault-free":
            again.problems.append(f"the run after it ends {after!r}: {again.told[-800:]}")
        outcome.problems += again.problems
    return outcome


SLOW = """
import time
from pathlib import Path

def test_slow(survey):
    Path("begun").touch()
    time.sleep(60)
"""


def stopped_late(name: str, link: Link, free: Verdicts) -> Outcome:
    """All was read and judged when the user stops a case of his own."""
    outcome = Outcome(name)
    with Stage(link) as stage:
        (stage.folder / "test_slow.py").write_text(SLOW, encoding="utf-8")
        process = stage.start("run", "test_slow.py")
        started = time.monotonic()
        while not (stage.folder / "begun").exists() and time.monotonic() < started + 30:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        stage.finish(process, outcome, 10.0)
        outcome.seconds = time.monotonic() - started
        if process.returncode != 2:
            outcome.problems.append(f"exit status {process.returncode}, not 2")
        stage.leftovers(process.pid, outcome)
        outcome.word = compare(verdicts_of(read_report(stage.folder / "run")), free, outcome.problems)
        if outcome.word != "as fault-free":
            outcome.problems.append(f"ends {outcome.word!r}")
        readable(stage.folder / "run", outcome.problems)
    return outcome


@cache
def big_handset() -> Recording:
    """A handset whose registry is longer than the disk has room."""
    whole = recording(HANDSET)
    filler = b"".join(b"  line %07d of a very long dump\n" % number for number in range(BIG // 36))
    exchanges = tuple(
        replace(one, response=one.response + filler) if one.request == REGISTRY else one for one in whole.links["adb"]
    )
    return replace(whole, links={"adb": exchanges})


@contextlib.contextmanager
def on_tmpfs(stage: Stage, size: int) -> Iterator[dict[str, object]]:
    run = stage.folder / "run"
    run.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(run)], check=True)
    try:
        yield {}
    finally:
        subprocess.run(["umount", "-l", str(run)], check=True)


@contextlib.contextmanager
def limited(_: Stage, size: int) -> Iterator[dict[str, object]]:
    yield {"preexec_fn": partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))}


@cache
def can_mount() -> bool:
    """Whether a file system of a few bytes can be had."""
    if os.geteuid() != 0:
        return False
    words = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def disk_full(name: str, way: Callable[..., object], size: int, free: Verdicts) -> Outcome:
    """The evidence of one device does not fit, or nothing does."""
    outcome = Outcome(name)
    stage = Stage(BY_NAME["adb wheel"], deadline_s=30.0)
    stage.faulty_source = big_handset()
    with stage, ExitStack() as stack:
        how = stack.enter_context(way(stage, size))  # type: ignore[arg-type]
        process = stage.start("run", **how)
        started = time.monotonic()
        stage.finish(process, outcome, 60.0)
        outcome.seconds = time.monotonic() - started
        stage.leftovers(process.pid, outcome)
        run = stage.folder / "run"
        if size == ROOM:
            outcome.word = compare(verdicts_of(read_report(run)), free, outcome.problems)
            if outcome.word != "ERROR":
                outcome.problems.append(f"ends {outcome.word!r}")
            readable(run, outcome.problems)
            return outcome
        outcome.word = f"no report, exit {process.returncode}"
        if process.returncode in (0, 1):
            outcome.problems.append(f"exit status {process.returncode}")
        if "cannot be written" not in outcome.told or "verify" in outcome.told:
            outcome.problems.append(f"does not say that the disk is full: {outcome.told[-1500:]}")
        for one in (run / "evidence").iterdir():
            if (one / "recording.yaml").exists():
                load_recording(one)
    return outcome


def _run(stage: Stage, outcome: Outcome, report: str = "run") -> None:
    process = stage.start(report)
    started = time.monotonic()
    stage.finish(process, outcome)
    outcome.seconds = time.monotonic() - started
    stage.leftovers(process.pid, outcome)
    if not (stage.folder / report / "report.json").is_file():
        raise AssertionError(f"{outcome.cell}: no report: {outcome.told[-2000:]}")


__all__ = ["Disaster", "disasters", "running"]
