"""The ways of this checkout: `python -m benchmarks.devices_ways` reads devices with the tool, and with next to nothing.

`bare` ways are the lower bounds: one socket and one script a handset, one file descriptor a modem, nothing is read of
the answers.
"""

from __future__ import annotations

import os
import select
import socket
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.devices_turns import Turn, at_once, serve
from harness.equal_texts import forget_all

if TYPE_CHECKING:
    from harness.survey.survey import Survey

WAIT_S = 30.0
WANTED = ("identity", "supported_bands", "enabled_bands", "serving_cell")


def ours(turn: Turn, evidence: Path | None = None) -> dict[str, Any]:
    """What a run does: every device read and understood. A run knows nothing of the one before."""
    forget_all()
    from harness.survey.targets import Target
    from harness.survey.together import read_devices

    targets = [Target(f"device-{number}", (address,)) for number, address in enumerate(turn.addresses)]
    surveys = list(read_devices(targets, evidence=evidence).values())
    for survey in surveys:
        if survey.trouble or not survey.observations or len(survey.exchanges) != len(surveys[0].exchanges):
            raise SystemExit(f"{survey.address} was not read: {survey.trouble}; {len(survey.exchanges)} exchanges")
    asked = [exchange.request for _, exchange in surveys[0].exchanges]
    return {"asked": asked, "enough": _enough(surveys[0])}


def _enough(survey: Survey) -> int:
    """After how many requests identity, supported bands, enabled bands and serving cell are known; 0 where never."""
    first: dict[str, int] = {}
    for item in survey.observations:
        if item.source is not None and item.source.exchange is not None:
            first[item.kind] = min(first.get(item.kind, 10**6), item.source.exchange)
    return max(first[kind] for kind in WANTED) + 1 if set(WANTED) <= first.keys() else 0


def recorded(turn: Turn) -> dict[str, Any]:
    """As `ours`, with the evidence written, as every run writes it."""
    with tempfile.TemporaryDirectory() as name:
        return ours(turn, Path(name))


def reads(turn: Turn) -> None:
    """What the peers do: the answers as text, of which nothing is read, hidden or kept."""
    at_once(partial(_reads, commands=turn.commands), turn.addresses)


def _reads(address: str, commands: tuple[str, ...]) -> None:
    from harness.links.adb.shell import open_adb

    until = time.monotonic() + WAIT_S
    with closing(open_adb(address, deadline_s=until, exclusive=True)) as link:
        for exchange in link.run(commands, deadline_s=until):
            if exchange is None or exchange.error:
                raise SystemExit(f"{address} was not read: {exchange}")


def bare_script(turn: Turn) -> None:
    """One script that runs the commands, one stream, no marker between them."""
    at_once(partial(_script, commands=turn.commands), turn.addresses)


def _script(address: str, commands: tuple[str, ...]) -> None:
    script = "\n".join(f"({command}) </dev/null" for command in commands)
    port = int(os.environ["ANDROID_ADB_SERVER_PORT"])
    with socket.create_connection(("127.0.0.1", port), WAIT_S) as stream:
        for request in (f"host:transport:{address}", f"shell,v2,raw:{script}"):
            data = request.encode()
            stream.sendall(b"%04x" % len(data) + data)
            if stream.recv(4) != b"OKAY":
                raise SystemExit(f"{address} refused {request[:40]}")
        while stream.recv(262_144):
            pass


def bare_port(turn: Turn) -> None:
    """The commands one after the other, each until its final result code."""
    at_once(partial(_port, commands=turn.commands), turn.addresses)


def _port(address: str, commands: tuple[str, ...]) -> None:
    file = os.open(address, os.O_RDWR | os.O_NOCTTY)
    try:
        poll = select.poll()
        poll.register(file, select.POLLIN)
        for command in commands:
            os.write(file, command.encode() + b"\r")
            _answer(file, poll, time.monotonic() + WAIT_S)
    finally:
        os.close(file)


def _answer(file: int, poll: select.poll, until: float) -> None:
    data = b""
    while not data.endswith((b"\r\nOK\r\n", b"\r\nERROR\r\n")):
        if time.monotonic() > until:
            raise SystemExit(f"no answer; so far {data!r}")
        if poll.poll(1000):
            data += os.read(file, 65536)


if __name__ == "__main__":
    serve({"ours": ours, "recorded": recorded, "reads": reads, "script": bare_script, "port": bare_port})
