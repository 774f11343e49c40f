"""Answers in which no pattern of personal data finds anything, remembered: devices of one model give many of them alike.

Only a hash is kept, of nothing but answers that are plain. What is known of a device by its other answers is looked for
in each of its answers all the same.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from harness.equal_texts import on_forget

if TYPE_CHECKING:
    from harness.recording.scrubbing.known import KnownIdentifiers

Mark = tuple[bytes, str, tuple[tuple[str, str], ...]]

MOST = 4096
_PLAIN: set[Mark] = set()
on_forget(_PLAIN.clear)


def mark_of(data: bytes, request: str, known: KnownIdentifiers | None) -> Mark:
    """All that the patterns go by: the answer, what was asked, and which records of the family are personal."""
    personal = tuple(known.records.personal.items()) if known else ()
    return blake2b(data, digest_size=32).digest(), request, personal


def is_plain(mark: Mark) -> bool:
    """Whether nothing personal was found in an answer of this mark."""
    return mark in _PLAIN


def remember(mark: Mark) -> None:
    """Nothing personal was found in an answer of this mark."""
    if len(_PLAIN) >= MOST:
        _PLAIN.clear()
    _PLAIN.add(mark)
