"""Whether a declaration speaks of the device in hand: bound by model and software configuration, or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.ics.declaration import IcsHead
    from harness.observations import Identity


@dataclass(frozen=True, slots=True)
class Speaks:
    """`refused` says why the declaration decides nothing; `unbound` what of it nobody can compare with the device."""

    refused: str = ""
    bound_by: tuple[str, ...] = ()
    unbound: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether model and software configuration both are the device's own."""
        return not self.refused and not self.unbound

    @property
    def remark(self) -> str:
        """What is the user's word alone, in words; else empty."""
        return f"that it is of this {' and '.join(self.unbound)} is the user's word alone" if self.unbound else ""


def speaks_of(head: IcsHead, identity: Identity) -> Speaks:
    """Hold the head of a declaration against what the device says it is: another model or build does not speak."""
    known = {
        "model": (head.model, (identity.model, identity.market_name, identity.codename, identity.hardware)),
        "software": (head.software, (identity.build, identity.rom_version, identity.baseband, identity.fingerprint)),
    }
    bound, unbound = [], []
    for word, (said, values) in known.items():
        own = [value for value in values if value]
        if not _plain(said) or not own:
            unbound.append(word)
        elif any(_same(said, value, part=word == "software") for value in own):
            bound.append(f"{word} {said}")
        else:
            return Speaks(f"it is of {word} {said}, and the device says {own[0]}: it does not speak of this device")
    return Speaks("", tuple(bound), tuple(unbound))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _same(said: str, value: str, *, part: bool) -> bool:
    """Equal but for case and punctuation; of a fingerprint a whole part suffices."""
    values = [value, *(re.split(r"[/:]", value) if part else [])]
    return any(_plain(said) == _plain(one) for one in values)
