"""A proxy before the adb server, for which handsets that are connected by TCP hang on USB: with a serial and a place.

An adb server takes simulated handsets by TCP only, and then tells of no USB. Listings are rewritten, and the serial in
requests is turned back; all else goes through as it comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.simulation.handset.adb_process import AdbServerProcess

_NAMED = re.compile(r"^(host-serial:|host:transport:|host:tport:serial:)(.+)$", re.DOTALL)
_STAYS = ("host:transport", "host:tport")


@dataclass(frozen=True, slots=True)
class Plugged:
    """A handset as the proxy shows it: its serial and place on USB, in the stead of its TCP address."""

    address: str
    serial: str
    path: str


class PluggedProxy:
    """Listens on a port of its own, on the event loop that `start` runs on."""

    def __init__(self, server: AdbServerProcess) -> None:
        self._real = server.port
        self._handsets: list[Plugged] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    def plug(self, one: Plugged) -> None:
        """Show a handset as on USB."""
        self._handsets.append(one)

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment to ask here."""
        return {"ANDROID_ADB_SERVER_PORT": str(self.port)}

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """End all connections."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        up: asyncio.StreamWriter | None = None
        try:
            there, up = await asyncio.open_connection("127.0.0.1", self._real)
            while await self._request(reader, writer, there, up):
                pass
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            for one in filter(None, (writer, up)):
                one.close()

    async def _request(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        up: asyncio.StreamWriter,
    ) -> bool:
        """Hand one request on; whether another may follow on the connection."""
        text = (await reader.readexactly(int(await reader.readexactly(4), 16))).decode("utf-8", "surrogateescape")
        asked = self._turned_back(text).encode("utf-8", "surrogateescape")
        up.write(b"%04x" % len(asked) + asked)
        if text in {"host:devices-l", "host:devices"}:
            writer.write(await there.readexactly(4))
            listing = (await there.readexactly(int(await there.readexactly(4), 16))).decode("utf-8", "replace")
            shown = self._shown(listing).encode()
            writer.write(b"%04x" % len(shown) + shown)
            await writer.drain()
            return False
        if text.startswith(_STAYS):
            status = await there.readexactly(4)
            writer.write(status)
            if status == b"OKAY" and text.startswith("host:tport"):
                writer.write(await there.readexactly(8))
            return status == b"OKAY"
        await asyncio.gather(_pipe(reader, up), _pipe(there, writer))
        return False

    def _turned_back(self, text: str) -> str:
        if not (found := _NAMED.match(text)):
            return text
        for one in self._handsets:
            if found[2] == one.serial or found[2].startswith(f"{one.serial}:"):
                return found[1] + one.address + found[2][len(one.serial) :]
        return text

    def _shown(self, listing: str) -> str:
        lines = []
        for line in listing.splitlines():
            name, _, rest = line.partition(" ")
            one = next((one for one in self._handsets if one.address == name), None)
            state, _, words = rest.strip().partition(" ")
            lines.append(f"{one.serial:<22} {state} usb:{one.path} {words}".rstrip() if one else line)
        return "".join(f"{line}\n" for line in lines)


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Everything of one side to the other, and its end."""
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
