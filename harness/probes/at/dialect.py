"""What a modem family is made of: readers of its answers, the read plan, its read-only commands.

A dialect is a value, `DIALECT`, in a module of its own. Ours are named in `BUILT_IN`; another package adds its own
through the entry point group `bandproof.dialects` (name = "package.module:DIALECT").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from harness.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harness.observations import Observation

    from .answer import Answer, Modem

ENTRY_POINT_GROUP = "bandproof.dialects"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the answers of the commands that match `command` (a regular expression over the normal spelling).

    `read` yields observations, and warnings as plain strings for what it could not read and why.
    """

    command: str
    read: Callable[[Answer], Iterable[Observation | str]]

    def reads(self, command: str) -> bool:
        """Whether this reader takes the command (in normal spelling, see `normal_command`)."""
        return re.fullmatch(self.command, command) is not None


@dataclass(frozen=True, slots=True)
class Dialect:
    """One modem family.

    `claims` tells from manufacturer, model and firmware whether a modem is of the family. `plan` gives the requests
    that read supported, enabled and serving bands of this modem, most telling first; requests may be joined
    (`AT+A?;+B?`). Together with the identification they are at most eight. `read_forms` are regular expressions of
    further commands that only read, beyond `?` and `=?` (the link refuses anything else).
    """

    name: str
    claims: Callable[[Modem], bool]
    readers: tuple[Reader, ...]
    plan: Callable[[Modem], tuple[str, ...]]
    read_forms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


BUILT_IN = (
    "quectel",
    "sierra",
    "telit",
    "simcom",
    "u_blox",
    "huawei",
    "fibocom",
    "cinterion",
    "foxconn",
    "intel",
    "nordic",
    "sequans",
    "zte",
    "meig",
    "altair",
    "mediatek",
    "unisoc",
    "asr",
    "mikrotik",
    "inseego",
    "askey",
    "qualcomm",
)
"""Modules beside this one, in the order in which they are asked whether a modem is theirs; the general ones last."""

_OTHER_NAMES = {
    "ublox": "u_blox",
    "thales": "cinterion",
    "gemalto": "cinterion",
    "telit cinterion": "cinterion",
    "marvell": "asr",
    "marvell-asr": "asr",
    "sony": "altair",
    "dell": "foxconn",
    "xmm": "intel",
    "mtk": "mediatek",
    "spreadtrum": "unisoc",
    "gosuncn": "zte",
    "novatel": "inseego",
    "sierra wireless": "sierra",
    "balong": "huawei",
    "hisilicon": "huawei",
}


@cache
def foreign() -> dict[str, Dialect]:
    """Dialects that other installed packages offer, by name."""
    from importlib.metadata import entry_points

    return {point.name: point.load() for point in entry_points(group=ENTRY_POINT_GROUP)}


@cache
def dialect(name: str) -> Dialect:
    """The dialect of this name (any case, blanks, dashes or underscores alike). Raises UnknownName with the nearest."""
    word = name.strip().lower()
    module = _OTHER_NAMES.get(word, re.sub(r"[\s-]+", "_", word))
    if module in BUILT_IN:
        found: Dialect = import_module(f"{__package__}.{module}").DIALECT
        return found
    for known, value in foreign().items():
        if word in {known.lower(), *value.aliases}:
            return value
    from difflib import get_close_matches

    names = [*(n.replace("_", "-") for n in BUILT_IN), *foreign()]
    raise UnknownName("dialect", name, tuple(get_close_matches(word, names, n=3)) or tuple(names))


def all_dialects() -> tuple[Dialect, ...]:
    """Every dialect, another package's first: it may know its modem better than our general ones."""
    return (*foreign().values(), *(dialect(name) for name in BUILT_IN))


def dialect_for(modem: Modem) -> Dialect | None:
    """The dialect that claims the modem, or None where no family knows it."""
    return next((candidate for candidate in all_dialects() if candidate.claims(modem)), None)
