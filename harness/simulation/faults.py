"""Faults as data: what goes wrong, on which device, at which request, how often.

    [DEVICE:]KIND[=VALUE][,times=N][@REQUEST]

`DEVICE` is the name of a simulated device (every device where it is left out), `REQUEST` the request at which the fault
strikes (every request where it is left out; of joined AT commands one part is enough). `times` says how often it
strikes: by default always, and once for what happens to the device as a whole.

    rm520-1:late=2s@AT+COPS?      the answer to AT+COPS? of rm520-1 comes 2 s late
    unplug@dumpsys telephony.registry
    chatter,times=1
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

FaultKind = Literal[
    "silent",
    "late",
    "half",
    "garbage",
    "trickle",
    "chatter",
    "flood",
    "duplicate",
    "swap",
    "cut",
    "cme",
    "exit",
    "reset",
    "unplug",
    "move",
    "reboot",
    "unauthorized",
    "kill-server",
]
ValueType = Literal["seconds", "number", "bytes", "none"]
Kind = Literal["adb", "at", "qmi"]


@dataclass(frozen=True, slots=True)
class KindOfFault:
    """What a kind of fault does, on which links, and the value that it takes."""

    does: str
    links: tuple[Kind, ...]
    value: ValueType = "none"
    default: float = 0.0
    once: bool = False


BOTH: tuple[Kind, ...] = ("adb", "at")
ALL: tuple[Kind, ...] = ("adb", "at", "qmi")
"""Behind tools of the host an answer is a process: what a process can do can befall it."""

KINDS: dict[str, KindOfFault] = {
    "silent": KindOfFault("the request is never answered", ALL),
    "late": KindOfFault("the answer comes late; on AT the port goes on taking commands meanwhile", ALL, "seconds", 2),
    "half": KindOfFault("half of the answer comes, then nothing", ALL),
    "garbage": KindOfFault("bytes come that are no answer", ALL, "bytes", 256),
    "trickle": KindOfFault("one byte comes at a time, so far apart", BOTH, "seconds", 0.05),
    "chatter": KindOfFault("the answer never ends", ALL),
    "flood": KindOfFault("so many unsolicited lines come within the answer", ("at",), "number", 500),
    "duplicate": KindOfFault("the end of the answer comes twice", BOTH),
    "swap": KindOfFault("the answer to another request comes", BOTH),
    "cut": KindOfFault("the answer ends after so many bytes, and the stream with it", ALL, "bytes", 65536),
    "cme": KindOfFault("+CME ERROR with this number", ("at",), "number", 14),
    "exit": KindOfFault(
        "the command fails with this exit code and says why on standard error", ("adb", "qmi"), "number", 1
    ),
    "reset": KindOfFault(
        "the modem resets within its answer; its port is back after so long", ("at",), "seconds", 0.5, True
    ),
    "unplug": KindOfFault("the device is gone for good within its answer", ALL, once=True),
    "move": KindOfFault(
        "the port goes within the answer and is back under another name", ("at",), "seconds", 0.5, True
    ),
    "reboot": KindOfFault("the handset reboots within its answer; back after so long", ("adb",), "seconds", 0.5, True),
    "unauthorized": KindOfFault("the handset takes its permission back within its answer", ("adb",), once=True),
    "kill-server": KindOfFault("the adb server is killed within the answer", ("adb",), once=True),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `value`: seconds, a number or bytes, as the kind has it; `times` None: always."""

    kind: FaultKind
    value: float = 0.0
    device: str = ""
    request: str = ""
    times: int | None = None

    def __str__(self) -> str:
        """The fault as it is written."""
        about = KINDS[self.kind]
        unit = {"seconds": "s", "number": "", "bytes": "", "none": ""}[about.value]
        value = f"={self.value:g}{unit}" if about.value != "none" else ""
        times = f",times={self.times}" if self.times is not None else ""
        where = f"{self.device}:" if self.device else ""
        return f"{where}{self.kind}{value}{times}" + (f"@{self.request}" if self.request else "")


_SPEC = re.compile(
    r"(?:(?P<device>[^:@=,\s]+):)?(?P<kind>[a-z-]+)(?:=(?P<value>[^,@]*))?(?:,times=(?P<times>\d+))?(?:@(?P<request>.+))?",
    re.DOTALL,
)
_UNITS = {
    "seconds": {"ms": 0.001, "s": 1.0, "": 1.0},
    "number": {"": 1.0},
    "bytes": {"": 1.0, "k": 1024.0, "m": 2.0**20},
}


def parse_fault(spec: str) -> Fault:
    """Read one fault. Raises UsageError that names the kinds, or the value that the kind takes."""
    match = _SPEC.fullmatch(spec.strip())
    kind = match["kind"] if match else ""
    about = KINDS.get(kind)
    if match is None or about is None:
        raise UsageError(f"no fault: {spec!r}", way_out=f"write [DEVICE:]KIND[=VALUE][,times=N][@REQUEST]; {_kinds()}")
    times = int(match["times"]) if match["times"] else 1 if about.once else None
    if times == 0:
        raise UsageError(f"{spec!r}: a fault strikes once at least")
    known: FaultKind = kind  # type: ignore[assignment]
    return Fault(
        known, _value(spec, match["value"], about), match["device"] or "", (match["request"] or "").strip(), times
    )


def parse_faults(specs: Iterable[str]) -> tuple[Fault, ...]:
    """Read all faults. Raises UsageError."""
    return tuple(parse_fault(spec) for spec in specs)


def faults_for(faults: Iterable[Fault], device: str, link: Kind) -> tuple[Fault, ...]:
    """Those of the faults that are meant for this device and that its link can have."""
    return tuple(f for f in faults if f.device in ("", device) and can_have(f.kind, link))


def can_have(kind: str, link: Kind) -> bool:
    """Whether a link can have that kind of fault."""
    return link in KINDS[kind].links


def check_faults(faults: Iterable[Fault], served: Iterable[tuple[str, Kind]]) -> None:
    """Every fault must meet a device that can have it. Raises UsageError for one that would never strike."""
    devices = list(served)
    for fault in faults:
        if faults_of := [link for name, link in devices if fault.device in ("", name)]:
            if not any(can_have(fault.kind, link) for link in faults_of):
                raise UsageError(
                    f"{fault}: {fault.kind} is a fault of {KINDS[fault.kind].links[0]} and not of {faults_of[0]}",
                    way_out=f"faults of {faults_of[0]}: {', '.join(k for k in KINDS if can_have(k, faults_of[0]))}",
                )
        else:
            names = ", ".join(dict.fromkeys(name for name, _ in devices))
            raise UsageError(f"{fault}: no device here has that name", way_out=f"devices here: {names}")


class Strikes:
    """Which fault strikes next on one device: counts those that strike a limited number of times."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._left = [[fault, fault.times] for fault in faults]

    def at(self, requests: Iterable[str]) -> Fault | None:
        """The first fault that is meant for one of these names of a request; it is counted."""
        if not self._left:
            return None
        names = set(requests)
        for item in self._left:
            fault, left = item
            if isinstance(fault, Fault) and left != 0 and (not fault.request or fault.request in names):
                if isinstance(left, int):
                    item[1] = left - 1
                return fault
        return None


def garbage(size: int) -> bytes:
    """Bytes that are no answer: always the same ones, every value among them."""
    return bytes((7 + 73 * index) & 0xFF for index in range(size))


def _value(spec: str, text: str | None, about: KindOfFault) -> float:
    if text is None:
        return about.default
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]*)", text.strip())
    units = _UNITS.get(about.value, {})
    if match is None or match[2].lower() not in units:
        takes = {"seconds": "a time such as 2s or 300ms", "number": "a number", "bytes": "a size such as 64k"}
        raise UsageError(f"{spec!r}: {text!r} is not {takes.get(about.value, 'taken: this fault has no value')}")
    return float(match[1]) * units[match[2].lower()]


def _kinds() -> str:
    return f"kinds are {', '.join(KINDS)}"
