"""Which readers take a command: the family's, else the standard's."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from harness.at_commands import split_joined

if TYPE_CHECKING:
    from .dialect import Dialect, Reader


def readers_of(command: str, family: Dialect | None) -> tuple[Reader, ...]:
    """Readers of the family for the command (in normal spelling), else those of the standard.

    Where no family is named and the standard has none, those of the one family that has some.
    """
    if found := (_own(family, command) if family else ()) or _common(command):
        return found
    if family:
        return ()
    from . import registry

    offers = [offer for one in registry.all_dialects() if (offer := _own(one, command))]
    return offers[0] if len(offers) == 1 else ()


@lru_cache(maxsize=512)
def has_common_readers(command: str) -> bool:
    """Whether the standard has readers for each single command of a (joined) one: they need no family to be found."""
    return all(_common(part) for part in split_joined(command))


@lru_cache(maxsize=4096)
def _own(family: Dialect, command: str) -> tuple[Reader, ...]:
    return tuple(reader for reader in family.readers if reader.reads(command))


@lru_cache(maxsize=1024)
def _common(command: str) -> tuple[Reader, ...]:
    from harness.probes.at.standard.readers import READERS

    return tuple(reader for reader in READERS if reader.reads(command))
