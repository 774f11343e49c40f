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

    async def first() -> bytes:
        frames = hub.frames()
        try:
            return await anext(frames)
        finally:
            await frames.aclose()  # type: ignore[attr-defined]

    frame = asyncio.run(first())
    assert json.loads(frame.partition(b"data: ")[2]) == {"run-a": "", "device-b": "<p>idle</p>"}


def told(frame: bytes) -> dict[str, str]:
    found: dict[str, str] = json.loads(frame.partition(b"data: ")[2])
    return found


def test_clients_that_were_told_the_same_get_one_frame_and_each_all_that_changed() -> None:
    hub = Hub()
    hub.put("device-a", "1")
    hub.put("device-b", "1")

    async def watch() -> None:
        early, other, late = hub.frames(), hub.frames(), hub.frames()
        first = await anext(early)
        assert await anext(other) is first
        assert told(first) == {"device-a": "1", "device-b": "1"}
        hub.put("device-a", "2")
        second = await anext(early)
        assert told(second) == {"device-a": "2"}
        hub.put("device-b", "2")
        assert told(await anext(other)) == {"device-a": "2", "device-b": "2"}
        assert told(await anext(early)) == {"device-b": "2"}
        hub.put("device-a", "")
        assert told(await anext(late)) == {"device-a": "", "device-b": "2"}
        for one in (early, other, late):
            await one.aclose()  # type: ignore[attr-defined]

    asyncio.run(watch())
    assert hub.clients == 0


def test_who_waits_is_told_that_the_page_lives() -> None:
    async def beats() -> list[bytes]:
        frames = Hub().frames()
        found = [await anext(frames) for _ in range(2)]
        await frames.aclose()  # type: ignore[attr-defined]
        return found

    empty, beat = asyncio.run(beats())
    assert told(empty) == {}
    assert beat.startswith(b"event: beat")
