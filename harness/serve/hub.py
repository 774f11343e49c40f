"""What every client is shown: the newest state of each part, sent as it changes, however slow a client is.

A client keeps one number: up to which change it was told. So a tablet that sleeps costs nothing but that, and a client
that comes, or comes back, is sent everything: there is nothing to replay. Clients that were told the same get one frame.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FRAME_S = 0.045
"""The least time from one frame to the next."""
BEAT_S = 0.8
"""How long a client hears nothing at most; its page takes two seconds of silence for a lost connection."""


class Hub:
    """Parts of the page by their id."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[int, str]] = {}
        self._number = 0
        self._frames: dict[int, bytes] = {}
        """What has changed since each number that a client has asked from, while nothing else changes."""
        self._changed = asyncio.Event()
        self.clients = 0

    def put(self, id_: str, html: str) -> None:
        """The part is so from now on; empty: it is gone."""
        if self._parts.get(id_, (0, ""))[1] == html:
            return
        self._number += 1
        self._parts[id_] = (self._number, html)
        self._frames.clear()
        self._changed.set()

    def parts(self) -> dict[str, str]:
        """All that there is, for a page that is made whole."""
        return {id_: html for id_, (_, html) in self._parts.items() if html}

    async def frames(self) -> AsyncIterator[bytes]:
        """Server-sent events for one client, without end."""
        sent = -1
        self.clients += 1
        try:
            while True:
                if sent < self._number:
                    since, sent = sent, self._number
                    yield self._since(since)
                    await asyncio.sleep(FRAME_S)
                if sent == self._number:
                    self._changed.clear()
                    try:
                        await asyncio.wait_for(self._changed.wait(), BEAT_S)
                    except TimeoutError:
                        yield b"event: beat\ndata: 1\n\n"
        finally:
            self.clients -= 1

    def _since(self, number: int) -> bytes:
        """The frame for whoever was told up to that number. What is gone is told, too: a page may be older than that."""
        frame = self._frames.get(number)
        if frame is None:
            told = {id_: html for id_, (changed, html) in self._parts.items() if changed > number}
            frame = self._frames[number] = f"event: parts\ndata: {json.dumps(told)}\n\n".encode()
        return frame
