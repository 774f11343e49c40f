"""Modems on ttys: one against its own answer times and against ModemManager, sixty-four against one."""

from __future__ import annotations

import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.devices_own import of_their_own
from benchmarks.devices_turns import Process, Turn
from benchmarks.handsets import bench, cpu_rows
from benchmarks.measuring import Cost, Row, alternate, cpu, ratio, wall

if TYPE_CHECKING:
    from benchmarks.handsets import Bench

COUNT = 64
LATENCIES_MS = (30, 100)
LATENCY_MS = LATENCIES_MS[0]
FIXTURE = "quectel-rm520n-gl"


def modems(rounds: int) -> list[Row]:
    """All rows of modems."""
    return [*(row for latency_ms in LATENCIES_MS for row in _rack(rounds, latency_ms)), *_manager(rounds)]


def _rack(rounds: int, latency_ms: int) -> list[Row]:
    from harness.recording.files import find_recordings

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        recording = find_recordings()[FIXTURE]
        rack = bench(stack, recording, COUNT, latency_ms=latency_ms)
        own = bench(stack, of_their_own(recording, Path(name), COUNT), 1, latency_ms=latency_ms)
        reader = stack.enter_context(Process("benchmarks.devices_ways"))
        every, one = tuple(rack.facts["addresses"]), tuple(rack.facts["addresses"][:1])
        told = reader.take(Turn("ours", one))["told"]
        asked = tuple(told["asked"])
        ways = {
            "one, bare": rack.way("one, bare", reader, Turn("port", one, asked)),
            "one": rack.way("one", reader, Turn("ours", one)),
            "bare": rack.way("bare", reader, Turn("port", every, asked)),
            "ours": rack.way("ours", reader, Turn("ours", every)),
            "recorded": rack.way("recorded", reader, Turn("recorded", every)),
            "own": own.way("own", reader, Turn("recorded", tuple(own.facts["addresses"]))),
        }
        found = alternate(ways, rounds)
    title = Row(f"modems: each answer takes {latency_ms} ms", len(asked), "answers")
    return [title, *_rows(rack, found, len(asked) * latency_ms / 1000, told["enough"])]


def _rows(rack: Bench, found: dict[str, list[Cost]], thinking: float, enough: int) -> list[Row]:
    one, bare, ours = found["one"], found["one, bare"], found["ours"]
    own = statistics.median(cost.wall / thinking for cost in one)
    base = statistics.median(cost.wall / thinking for cost in bare)
    told = f"{cpu(one) * 1000:.1f} ms CPU"
    return [
        Row("  one: bare reads of the port", base, "x answers", note=f"{wall(bare):.3g} s wall"),
        Row("    ours against the modem's own answer times", own, "x answers", 1.10, note=told),
        Row("    ours against bare reads", ratio(one, bare, "wall"), "x wall"),
        Row("    all bands and the cell are known after", enough or float("inf"), "commands", 8),
        Row(f"  {COUNT}", wall(ours), "s wall", note=rack.beside("ours", ours)),
        Row("    against one", ratio(ours, one, "wall"), "x wall", 1.3),
        Row("    bare reads of as many, against one", ratio(found["bare"], bare, "wall"), "x wall"),
        Row("    with the evidence written", ratio(found["recorded"], ours, "wall"), "x wall"),
        *cpu_rows(found, rack.told["ours"][1]),
    ]


def _manager(rounds: int) -> list[Row]:
    """ModemManager and we read one and the same modem: it on a UNIX socket, as it must, we on a tty."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        _telit(Path(name) / "telit")
        theirs = bench(stack, Path(name) / "telit", 1, latency_ms=LATENCY_MS, on="unix")
        own = bench(stack, Path(name) / "telit", 1, latency_ms=LATENCY_MS)
        reader = stack.enter_context(Process("benchmarks.devices_ways"))

        def manager(_: int) -> Cost:
            with peers.ModemManager() as running:
                before = running.cpu
                seconds = running.read("telit", theirs.facts["addresses"][0])
                return Cost(running.cpu - before, seconds, 0)

        try:
            asked = [theirs.served.ask("state")["asked"]]
            manager(0)
            asked.append(theirs.served.ask("state")["asked"])
            ways = {"ours": own.way("ours", reader, Turn("ours", tuple(own.facts["addresses"]))), "manager": manager}
            found = alternate(ways, rounds)
        except peers.NoPeerError as error:
            print(f"ModemManager: {error}", file=sys.stderr)
            return [Row("one modem against ModemManager", float("nan"), "x wall", note=f"not measured: {error}")]
    told = f"it asked {asked[1] - asked[0]} commands in {wall(found['manager']):.3g} s"
    told += f", we {own.asked('ours')} in {wall(found['ours']):.3g} s"
    value = ratio(found["ours"], found["manager"], "wall")
    return [Row(f"one Telit modem of {LATENCY_MS} ms, against ModemManager", value, "x wall", note=told)]


_ANSWERS = {
    "ATI": ("Telit", "LE910C1-NF", "25.20.001"),
    "AT+CGMI": ("Telit",),
    "AT+CGMM": ("LE910C1-NF",),
    "AT+CGMR": ("25.20.001",),
    "AT#SWPKGV": ("25.20.001-P0F.250700", "M0F.250007", "P0F.250700", "A0F.250007"),
    "AT+WS46=?": ("+WS46: (12,22,25,28,29,30,31)",),
    "AT+WS46?": ("+WS46: 31",),
    "AT#BND=?": ("#BND: (0),(0-11,17,18),(1-381A)",),
    "AT#BND?": ("#BND: 0,11,2808",),
    "AT#RFSTS": ('#RFSTS: "310 410",5110,-95,-66,-10,1A2D,FF,,1280,19,1,105FF0B,"310410123456789","AT&T",3,12,89,0,0',),
    "AT+GCAP": ("+GCAP: +CGSM,+CLTE2",),
    "AT+CGSN": ("490154203237518",),
    "AT+CIMI": ("310410123456789",),
    "AT+CPIN?": ("+CPIN: READY",),
    "AT+CFUN?": ("+CFUN: 1",),
    "AT+CSQ": ("+CSQ: 20,99",),
    "AT+CEREG?": ('+CEREG: 2,1,"1A2D","0105FF0B",7',),
    "AT+COPS?": ('+COPS: 0,0,"AT&T",7',),
    "AT+CGDCONT=?": ('+CGDCONT: (1-16),"IP",,,(0),(0)', '+CGDCONT: (1-16),"IPV4V6",,,(0),(0)'),
    "AT+CSCS=?": ('+CSCS: ("GSM","IRA","UCS2")',),
    "AT+CLCK=?": ('+CLCK: ("SC","FD","PS")',),
    'AT+CLCK="SC",2': ("+CLCK: 0",),
    'AT+CLCK="FD",2': ("+CLCK: 0",),
    'AT+CLCK="PS",2': ("+CLCK: 0",),
    "AT+CRSM=176,12258,0,0,10": ('+CRSM: 144,0,"98101430121181157002"',),
    "AT+CNUM": (),
}
"""A modem in the shape of Telit's AT reference, with what ModemManager asks at its start."""


def _telit(folder: Path) -> None:
    from harness.recording.exchange import Exchange, RecordingInfo
    from harness.recording.writer import RecordingWriter

    with RecordingWriter(folder, RecordingInfo("bench-telit", "composed"), reveal=True) as writer:
        for request, lines in _ANSWERS.items():
            body = "".join(f"\r\n{line}" for line in lines) + ("\r\n" if lines else "")
            answer = f"{body}\r\nOK\r\n".encode()
            writer.append("at", Exchange(request, answer, elapsed_ms=float(LATENCY_MS)))
