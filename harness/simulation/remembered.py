"""What is found out of a short text is kept: the devices of a rack are asked the same commands again and again."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Text = TypeVar("Text", str, bytes)
Found = TypeVar("Found")

LONGEST = 4096
MOST = 512


def remembered(find: Callable[[Text], Found]) -> Callable[[Text], Found]:
    """A pure function that remembers its answers to texts up to `LONGEST`, `MOST` of them. Answers must not change."""
    kept = lru_cache(maxsize=MOST)(find)

    @wraps(find)
    def found(text: Text) -> Found:
        return kept(text) if len(text) <= LONGEST else find(text)

    return found
