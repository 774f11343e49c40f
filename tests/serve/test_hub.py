"""What a client is sent when it comes: all that there is, and what has just gone."""

from __future__ import annotations

import asyncio
import json

from harness.serve.hub import Hub


def test_a_page_that_was_made_before_a_part_went_is_told_that_it_is_gone() -> None:
    hub = Hub()
    hub.put("run-a", "<p>under way</p>")
    hub.put("device-b", "<p>idle</p>")
    assert "run-a" in hub.parts()
    hub.put("run-a", "")

    async def first() -> str:
        frames = hub.frames()
        try:
            return await anext(frames)
        finally:
            await frames.aclose()  # type: ignore[attr-defined]

    frame = asyncio.run(first())
    assert json.loads(frame.partition("data: ")[2]) == {"run-a": "", "device-b": "<p>idle</p>"}
