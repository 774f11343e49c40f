"""Garbage collection while a report is made: all of its parts live to the end, so looking for garbage finds none."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage is looked for inside; afterwards all that lives counts as old, so nothing is searched at once."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What another part of the program froze stays frozen.
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if was:
            gc.enable()
