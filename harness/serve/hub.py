"""What every client is shown: the newest state of each part, sent as it changes, however slow a client is.

A client keeps one number a part (which state of it was sent last). So a tablet that sleeps costs nothing but that, and
a client that comes, or comes back, is sent everything: there is nothing to replay.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FRAME_S = 0.06
"""The least time from one frame to the next."""
BEAT_S = 0.8
"""How long a client hears nothing at most; its page takes two seconds of silence for a lost connection."""


class Hub:
    """Parts of the page by their id."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[int, str]] = {}
        self._number = 0
        self._changed = asyncio.Event()
        self.clients = 0

    def put(self, id_: str, html: str) -> None:
        """The part is so from now on; empty: it is gone."""
        if self._parts.get(id_, (0, ""))[1] == html:
            return
        self._number += 1
        self._parts[id_] = (self._number, html)
        self._changed.set()

    def parts(self) -> dict[str, str]:
        """All that there is, for a page that is made whole."""
        return {id_: html for id_, (_, html) in self._parts.items() if html}

    async def frames(self) -> AsyncIterator[str]:
        """Server-sent events for one client, without end."""
        sent: dict[str, int] = {}
        self.clients += 1
        try:
            while True:
                news = {id_: part for id_, part in self._parts.items() if sent.get(id_, 0) < part[0]}
                if news or not sent:
                    # What is gone is told, too: the page may have been made just before.
                    told = {id_: html for id_, (_, html) in news.items()}
                    sent |= {id_: number for id_, (number, _) in news.items()}
                    frame = f"event: parts\ndata: {json.dumps(told)}\n\n"
                    yield frame
                    # A client waits most of the time: it keeps nothing of what it was sent.
                    del frame, told, news
                    await asyncio.sleep(FRAME_S)
                if not any(sent.get(id_, 0) < number for id_, (number, _) in self._parts.items()):
                    self._changed.clear()
                    try:
                        await asyncio.wait_for(self._changed.wait(), BEAT_S)
                    except TimeoutError:
                        yield "event: beat\ndata: 1\n\n"
        finally:
            self.clients -= 1
