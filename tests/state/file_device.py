"""A device whose memory is a file, so that it outlives the process that changes it; and items of it."""

from __future__ import annotations

import json
from pathlib import Path

from harness.errors import DeviceGone
from harness.recording.exchange import Exchange
from harness.state.gate import Gate, GatedChannel
from harness.state.item import StateItem

MODE = StateItem(
    name="mode", words="the mode", channel="at", read="AT+MODE?", answer=r"^\+MODE: (?P<value>\w+)",
    write="AT+MODE={value}", values=r"AUTO|LTE|NR", order=10, settles_s=0.0,
)  # fmt: skip
BANDS = StateItem(
    name="bands", words="the band list", channel="at", read="AT+BANDS?", answer=r"^\+BANDS: (?P<value>[\d:]+)",
    normal=lambda text: ":".join(sorted(text.split(":"), key=int)), write="AT+BANDS={value}",
    values=r"\d{1,3}(?::\d{1,3})*", accepted=r"^OK", couples=("mode",), order=20, settles_s=0.0,
)  # fmt: skip
SWITCH = StateItem(
    name="switch", words="the switch", channel="at", read="AT+SW?", answer=r"^\+SW: (?P<value>[01])\s*$",
    meanings={"0": "off", "1": "on"}, write={"on": "AT+SW=1", "off": "AT+SW=0"}, accepted=r"^OK", order=5, settles_s=0.0,
)  # fmt: skip
ITEMS = (MODE, BANDS, SWITCH)
START = {"MODE": "AUTO", "BANDS": "3:1:7", "SW": "0"}


class FileDevice:
    """A modem of three items. `traps` misbehave: `deaf` takes no write, `lost_answer` takes it and goes away."""

    def __init__(self, file: Path, *traps: str) -> None:
        self.file = file
        self.traps = traps
        self.heard: list[str] = []

    @classmethod
    def new(cls, file: Path, *traps: str, **values: str) -> FileDevice:
        file.write_text(json.dumps({**START, **values}))
        return cls(file, *traps)

    @property
    def memory(self) -> dict[str, str]:
        return json.loads(self.file.read_text())

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        self.heard.append(command)
        name = command.removeprefix("AT+").rstrip("?").partition("=")[0]
        if command.endswith("?"):
            if f"unreadable {name}" in self.traps:
                return Exchange(command, b"\r\nERROR\r\n")
            return Exchange(command, f"\r\n+{name}: {self.memory[name]}\r\n\r\nOK\r\n".encode())
        if "deaf" not in self.traps:
            beside = self.file.with_suffix(".new")
            memory = {**self.memory, name: command.partition("=")[2]}
            if name == "BANDS" and "carries" in self.traps:
                memory["MODE"] = "LTE"
            beside.write_text(json.dumps(memory))
            beside.replace(self.file)
        if "lost_answer" in self.traps:
            raise DeviceGone("it went away")
        return Exchange(command, b"\r\nERROR\r\n" if "deaf" in self.traps else b"\r\nOK\r\n")


def gated(device: FileDevice, opened_by: str = "a test", **within: object) -> GatedChannel:
    return GatedChannel(device, Gate(ITEMS, opened_by, within=within))  # type: ignore[arg-type]
