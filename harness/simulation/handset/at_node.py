"""The AT node of a rooted handset: a device file that answers as the baseband does."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from harness.simulation.modem.state import Manners, ModemState
from harness.simulation.tape import at_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.recording.exchange import Recording

_IDENTIFIES = frozenset({"ATI", "AT+CGMI", "AT+CGMM", "AT+GMM"})
_NODES = (
    (r"\bmt[68]\d{3}|mediatek", "/dev/radio/pttycmd1"),
    (r"unisoc|spreadtrum|sprd|ums\d{3,4}|\bs[pc]98\d\d", "/dev/stty_lte0"),
    (r"exynos|s5e\d{4}|universal\d{4}|shannon|\bgs[12]01|zuma|laguna", "/dev/umts_atc0"),
    ("", "/dev/smd7"),
)
"""Where the baseband of a chip's maker has its AT node."""
_CHIP = (
    "ro.hardware",
    "ro.board.platform",
    "ro.soc.manufacturer",
    "ro.soc.model",
    "ro.boot.hardware",
    "ro.mediatek.platform",
)


def is_node(recording: Recording) -> bool:
    """Whether the AT answers of a handset's recording come from its node: a port's modem tells its name, a node's does not."""
    asked = {at_key(exchange.request) for exchange in recording.links.get("at", ())}
    return "adb" in recording.links and bool(asked) and not asked & _IDENTIFIES


def node_path(properties: Mapping[str, str]) -> str:
    """The node that fits the chip that the properties name."""
    chip = " ".join(properties.get(key, "") for key in (*_CHIP, "gsm.version.ril-impl")).lower()
    return next(path for pattern, path in _NODES if re.search(pattern, chip))


class AtNode:
    """An opened node. Commands end with CR; it does not echo."""

    def __init__(self, recording: Recording, latency_s: float | None) -> None:
        self._state = ModemState(recording, latency_s)
        self._manners = Manners(echo=False)
        self._input = bytearray()
        self._output = bytearray()
        self._more = asyncio.Event()

    async def write(self, data: bytes) -> None:
        """Take commands; each is answered after its thinking time."""
        self._input += data
        while (end := self._input.find(b"\r")) >= 0:
            line = bytes(self._input[:end]).decode("ascii", "replace").strip()
            del self._input[: end + 1]
            reply = self._state.reply(line, self._manners)
            if reply is not None:
                asyncio.get_running_loop().call_later(reply.think_s, self._answer, reply.data)

    async def read_line(self, timeout_s: float | None = None) -> bytes:
        """The next line; what there is of it where it does not end in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while b"\n" not in self._output:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            pass
        end = self._output.find(b"\n") + 1 or len(self._output)
        line = bytes(self._output[:end])
        del self._output[:end]
        return line

    async def read_all(self) -> bytes:
        """A node has no end: whoever waits for it waits until he is stopped."""
        await asyncio.Event().wait()
        return b""

    def _answer(self, data: bytes) -> None:
        self._output += data
        self._more.set()
