"""The cells: links, faults, the recordings that are served, and what may come of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from harness.recording.exchange import Recording
from harness.recording.files import load_recording, resolve_recording
from harness.simulation import kit
from harness.simulation.faults import KINDS, Fault

HANDSET = "xiaomi-mi-mix-2-global"
REGISTRY = "dumpsys telephony.registry"
BANDS = 'AT+QNWPREFCFG="lte_band"'
PREFERENCE = "qmicli --nas-get-system-selection-preference"
MIDDLE = {"adb": REGISTRY, "at": BANDS, "qmi": PREFERENCE}
FIRST = {"adb": "getprop", "at": "ATI", "qmi": "qmicli --dms-get-band-capabilities"}
FIRST_ON = ("adb wheel", "at tty", "qmi tools")
HUNG_S = 2.0
"""The deadline of a faulty device that does not come to an end by itself."""
AWAY_S = 8.0
"""The deadline of a faulty device that goes away and returns."""

Ends = Literal["same", "less", "either"]


@dataclass(frozen=True)
class Link:
    """A way to a device. `adb` is the binary behind the handsets of the cell."""

    name: str
    kind: Literal["adb", "at", "qmi"]
    adb: str = "path"
    shell_v2: bool | None = None
    port: Literal["pty", "tcp"] = "pty"


LINKS = (
    Link("adb 29", "adb", "path"),
    Link("adb wheel", "adb", "adbutils"),
    Link("adb shell v1", "adb", "path", shell_v2=False),
    Link("at tty", "at"),
    Link("at tcp", "at", port="tcp"),
    Link("qmi tools", "qmi"),
)


@dataclass(frozen=True)
class Trouble:
    """A fault as it is tried. `ends`: whether the device's verdicts must be the fault-free ones (`same`), must lack
    some (`less`), or may do either."""

    name: str
    fault: Fault
    deadline_s: float
    ends: Ends
    but: tuple[tuple[str, Ends], ...] = ()
    """Links on which it ends otherwise."""

    @property
    def anyhow(self) -> Trouble:
        """The same at another request, where it may end either way."""
        return replace(self, ends="either", but=())

    def expected(self, link: Link) -> Ends:
        return dict(self.but).get(link.name, self.ends)


def _trouble(name: str, spec: str, deadline_s: float, ends: Ends, **but: Ends) -> Trouble:
    return Trouble(
        name, kit.parse_fault(spec), deadline_s, ends, tuple((k.replace("_", " "), v) for k, v in but.items())
    )


TROUBLES = (
    _trouble("no answer", "silent", HUNG_S, "less"),
    _trouble("late, in time", "late=700ms", AWAY_S, "same"),
    _trouble("late, out of step", "late=10s", HUNG_S, "less"),
    _trouble("half an answer", "half", HUNG_S, "less"),
    _trouble("garbage", "garbage", HUNG_S, "less"),
    _trouble("garbage, 70 kB", "garbage=70000", HUNG_S, "less"),
    _trouble("a byte every 50 ms", "trickle", HUNG_S, "less"),
    _trouble("endless chatter", "chatter", HUNG_S, "less"),
    _trouble("unsolicited flood", "flood", AWAY_S, "same"),
    _trouble("ends twice", "duplicate", AWAY_S, "same"),
    _trouble("another's answer", "swap", HUNG_S, "either"),
    _trouble("cut in the answer", "cut=200", HUNG_S, "less"),
    _trouble("cut at 64 KiB", "cut=64k", HUNG_S, "either", qmi_tools="less"),
    _trouble("exit code 1", "exit", AWAY_S, "less"),
    _trouble("CME 10", "cme=10", AWAY_S, "either"),
    _trouble("CME 13", "cme=13", AWAY_S, "either"),
    _trouble("CME 14", "cme=14", AWAY_S, "either"),
    _trouble("CME 30", "cme=30", AWAY_S, "either"),
    _trouble("resets, returns", "reset=300ms", AWAY_S, "same"),
    _trouble("resets endlessly", "reset=300ms,times=1000", AWAY_S, "less"),
    _trouble("back, other name", "move=300ms", HUNG_S, "less"),
    _trouble("gone for good", "unplug", HUNG_S, "less"),
    _trouble("reboots, returns", "reboot=300ms", AWAY_S, "same"),
    _trouble("reboots endlessly", "reboot=300ms,times=1000", AWAY_S, "less"),
    _trouble("unauthorized", "unauthorized", HUNG_S, "less"),
    _trouble("server killed", "kill-server", HUNG_S, "less"),
)

NOT_FIRST = (
    "late, in time",
    "late, out of step",
    "garbage, 70 kB",
    "a byte every 50 ms",
    "unsolicited flood",
    "ends twice",
    "cut at 64 KiB",
    "CME 13",
    "CME 14",
    "CME 30",
    "resets endlessly",
    "reboots endlessly",
)
"""Those that the full matrix alone tries at the first answer: they take the same ways there as in the middle."""


@dataclass(frozen=True)
class Cell:
    """One run: the trouble of one device on one link, at one request (empty: every request)."""

    trouble: Trouble
    link: Link
    request: str

    @property
    def name(self) -> str:
        return f"{self.trouble.name} | {self.link.name} | {self.request}"

    @property
    def fault(self) -> Fault:
        return replace(self.trouble.fault, request=self.request)

    @property
    def kills_server(self) -> bool:
        return self.trouble.fault.kind == "kill-server"


def usual_cells(links: tuple[Link, ...] = LINKS) -> list[Cell]:
    """Each fault on each link that can have it, at an answer in the middle; on two links at the first answer, too."""
    at = [(trouble, link) for trouble in TROUBLES for link in links if link.kind in KINDS[trouble.fault.kind].links]
    middle = [Cell(trouble, link, MIDDLE[link.kind]) for trouble, link in at]
    first = [
        Cell(trouble.anyhow, link, FIRST[link.kind])
        for trouble, link in at
        if link.name in FIRST_ON and trouble.name not in NOT_FIRST
    ]
    return middle + first


def all_cells(asked: dict[str, list[str]], links: tuple[Link, ...] = LINKS) -> list[Cell]:
    """The same at every request; `asked` names them by link kind. At other requests the outcome may be either."""
    out = usual_cells(links)
    done = {(cell.trouble.name, cell.link.name, cell.request) for cell in out}
    for cell in [one for one in out if one.request == MIDDLE[one.link.kind]]:
        for request in asked[cell.link.kind]:
            if MIDDLE[cell.link.kind] not in request and (cell.trouble.name, cell.link.name, request) not in done:
                out.append(Cell(cell.trouble.anyhow, cell.link, request))
    return out


@cache
def recording(name: str) -> Recording:
    return load_recording(resolve_recording(f"fixture:{name}"))


@cache
def poor_modem() -> Recording:
    """A modem without B12, B14, B17 and B71 that has B30 not enabled: a fault that hid this would show as a PASS."""
    whole = recording("quectel-rm520n-gl")
    poor = []
    for one in whole.links["at"]:
        response = one.response.replace(b":12:13:14:17:", b":13:").replace(b":66:71", b":66")
        if one.request.startswith(BANDS):
            response = response.replace(b":29:30:32:", b":29:32:", 1)
        poor.append(replace(one, response=response))
    return replace(whole, links={"at": tuple(poor)})


@cache
def poor_qmi_modem() -> Recording:
    """The same behind tools of the host: it comes without B14, B17 and B71."""
    whole = recording("sierra-em7565")
    poor = []
    for one in whole.links["qmi"]:
        response = one.response.replace(b" 12, 13,", b" 13,")
        if one.request == PREFERENCE:
            response = response.replace(b" 29, 30, 32,", b" 29, 32,")
        poor.append(replace(one, response=response))
    return replace(whole, links={"qmi": tuple(poor)})


def faulty_recording(link: Link) -> Recording:
    return {"adb": lambda: recording(HANDSET), "at": poor_modem, "qmi": poor_qmi_modem}[link.kind]()


def links_here() -> tuple[Link, ...]:
    """Links whose adb binary is on this machine."""
    binaries = kit.adb_binaries()
    return tuple(link for link in LINKS if link.kind != "adb" or link.adb in binaries)
