"""Segmented uplink messages (ULDedicatedMessageSegment, TS 36.331 5.6.29, TS 38.331 5.7.7) joined again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.uecap.texts import tree

if TYPE_CHECKING:
    from harness.probes.uecap.texts.tree import Tree

    from .rrc import Coding


class Segments:
    """Segments of each RAT by number; a message is whole when its last and all before it are there, in any order."""

    def __init__(self) -> None:
        self._parts: dict[Coding, dict[int, bytes]] = {}
        self._last: dict[Coding, int] = {}

    def add(self, names: dict[str, list[Tree]], coding: Coding) -> bytes | None:
        """Take one segment; returns the message when it completes it."""
        number = tree.number(names.get("segmentNumber-r16", [None])[0])
        content = names.get("rrc-MessageSegmentContainer-r16", [None])[0]
        kind = tree.word(names.get("rrc-MessageSegmentType-r16", [None])[0])
        if number is None or not isinstance(content, bytes):
            return None
        parts = self._parts.setdefault(coding, {})
        if number in parts and parts[number] != content:  # another message has begun
            parts.clear()
            self._last.pop(coding, None)
        parts[number] = content
        if kind == "lastSegment":
            self._last[coding] = number
        last = self._last.get(coding)
        if last is None or any(place not in parts for place in range(last + 1)):
            return None
        whole = b"".join(parts[place] for place in range(last + 1))
        del self._parts[coding], self._last[coding]
        return whole

    @property
    def waiting(self) -> bool:
        """Whether a message has begun and is not whole."""
        return any(self._parts.values())

    def missing(self) -> list[str]:
        """One warning for each message that never became whole."""
        return [
            f"a segmented message is not whole: segments {', '.join(map(str, sorted(parts)))} are there"
            + (f" of 0 to {self._last[coding]}" if coding in self._last else ", the last is missing")
            for coding, parts in self._parts.items()
            if parts
        ]
