"""The grammar of AT commands (ITU-T V.250 clause 5.2): one spelling of each, and the single ones of a joined line;
what a family's records hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

PersonalKind = Literal["imei", "imsi", "iccid", "phone", "serial", "account", "address", "location"]
PERSONAL_KINDS: tuple[str, ...] = get_args(PersonalKind)

_QUOTED = re.compile(r'("[^"]*"?)')
_SECOND_AT = re.compile(r";\s*AT", re.IGNORECASE)


def at_key(command: str) -> str:
    """What makes two AT commands the same (V.250 clause 5.2.1): case and blanks count only between quotes."""
    parts = _QUOTED.split(command.strip())
    return "".join(part if part.startswith('"') else "".join(part.split()).upper() for part in parts)


def spelled(command: str) -> str:
    """A command in one spelling: as `at_key`, with its AT."""
    text = at_key(command)
    return text if text.startswith("AT") else "AT" + text


@lru_cache(maxsize=512)
def split_joined(command: str) -> tuple[str, ...]:
    """The single commands of a joined one, spelled: `AT+A?;+B?` is `AT+A?` and `AT+B?`. Semicolons in quotes do not join."""
    return tuple(spelled(part) for part in re.findall(r'(?:[^;"]|"[^"]*"?)+', command) if part.strip())


def has_second_at(command: str) -> bool:
    """Whether a joined line has an AT behind a semicolon: a modem takes it for A, which answers a call."""
    return _SECOND_AT.search(_QUOTED.sub('""', command)) is not None


@dataclass(frozen=True, slots=True)
class FamilyRecords:
    """What is known of one family's records (names in capitals) beyond what is known of modems at large.

    `unsolicited` come unasked; `personal` hold personal data of a kind; `cells` have their cell id and their tracking
    area at these fields, counted from 0, None for none.
    """

    unsolicited: frozenset[str] = frozenset()
    personal: Mapping[str, PersonalKind] = field(default_factory=dict)
    cells: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
