"""Which readers take a command: the family's, else the standard's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .dialect import Dialect, Reader


def readers_of(command: str, family: Dialect | None) -> list[Reader]:
    """Readers of the family for the command (in normal spelling), else those of the standard.

    Where no family is named and the standard has none, those of the one family that has some.
    """
    from harness.probes.at.standard.readers import READERS

    own = [reader for reader in family.readers if reader.reads(command)] if family else []
    if own:
        return own
    common = [reader for reader in READERS if reader.reads(command)]
    if common or family:
        return common
    from . import registry

    offers = [[r for r in d.readers if r.reads(command)] for d in registry.all_dialects()]
    offers = [offer for offer in offers if offer]
    return offers[0] if len(offers) == 1 else []
