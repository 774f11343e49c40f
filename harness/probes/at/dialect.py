"""What a modem family is made of: readers of its answers, the read plan, its read-only commands.

A dialect is a value, `DIALECT`, in a module of its own. Ours are named in `BUILT_IN`; another package adds its own
through the entry point group `bandproof.dialects` (name = "package.module:DIALECT").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from harness.errors import UnknownName, UsageError

from .foreign import foreign, troubles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harness.observations import Observation

    from .answer import Answer, Modem


@lru_cache(maxsize=8192)
def _takes(pattern: str, command: str) -> bool:
    return re.fullmatch(pattern, command) is not None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the answers of the commands that match `command` (a regular expression over the normal spelling).

    `read` yields observations, and warnings as plain strings for what it could not read and why. It is shown the lines
    without a name and those that bear the command's own (`+QENG` of `AT+QENG="servingcell"`) or one of `names`.
    With `reads_refusals` it is also called where the modem answered nothing but an error.
    """

    command: str
    read: Callable[[Answer], Iterable[Observation | str]]
    names: tuple[str, ...] = ()
    reads_refusals: bool = False

    def reads(self, command: str) -> bool:
        """Whether this reader takes the command (in normal spelling, see `normal_command`)."""
        return _takes(self.command, command)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One modem family.

    `claims` tells from manufacturer, model and firmware whether a modem is of the family. `plan` gives the requests
    that read supported, enabled and serving bands of this modem, most telling first; requests may be joined
    (`AT+A?;+B?`). Together with the identification they are at most eight. `read_forms` are regular expressions, in
    capitals, of further commands that only read, beyond `?` and `=?` (the link refuses anything else). `aliases` are
    other names for `--dialect`.
    """

    name: str
    claims: Callable[[Modem], bool]
    readers: tuple[Reader, ...]
    plan: Callable[[Modem], tuple[str, ...]]
    read_forms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def allow_reads(self) -> None:
        """Let the links send the read forms of this dialect. Raises UsageError for one that takes any command."""
        self.check_read_forms()
        _allow(self.read_forms)

    def check_read_forms(self) -> None:
        """Raises UsageError for a read form that also takes commands that change a device, or is no expression."""
        for form in self.read_forms:
            try:
                wide = any(re.fullmatch(form, command) for command in _SET_FORMS)
            except re.error as error:
                raise UsageError(f"dialect {self.name}: the read form {form!r} is no expression: {error}") from None
            if wide:
                raise UsageError(
                    f"dialect {self.name}: the read form {form!r} also takes commands that change a device"
                )


@cache
def _allow(read_forms: tuple[str, ...]) -> None:
    from harness.links import read_only

    read_only.allow(read_forms)


_SET_FORMS = (
    "AT+COPS=0",
    'AT+NOSUCH=1,"X"',
    "AT^NOSUCH=1",
    "AT#BND=0,0,1",
    'AT+QCFG="BAND",0,1,0',
    "AT+CFUN=4",
    "AT!X=1",
)
"""Commands that no read form may take."""

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

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "quectel": ("quectel-5g", "quectel-lte", "quectel-iot"),
    "sierra": ("sierra-wireless", "semtech", "airprime"),
    "telit": ("telit-mobile",),
    "simcom": ("simtech", "sim-com"),
    "u_blox": ("u-blox", "ublox"),
    "huawei": ("balong", "hisilicon", "td-tech"),
    "fibocom": ("fibocom-intel", "fibocom-mtk", "fibocom-qualcomm"),
    "cinterion": ("thales", "gemalto", "siemens", "telit-cinterion", "cinterion-thales"),
    "foxconn": ("dell", "t99w175", "t77w968"),
    "intel": ("xmm", "intel-xmm"),
    "nordic": ("nrf91", "nordic-semiconductor"),
    "sequans": ("monarch",),
    "zte": ("gosuncn", "zte-welink"),
    "meig": ("meig-smart",),
    "altair": ("sony", "sony-altair", "alt1250"),
    "mediatek": ("mtk",),
    "unisoc": ("spreadtrum",),
    "asr": ("marvell", "marvell-asr", "asr-micro"),
    "mikrotik": ("r11e",),
    "inseego": ("novatel", "novatel-wireless"),
    "askey": (),
    "qualcomm": ("qcom", "qualcomm-generic"),
}
"""Other names of the built-in dialects. They stand here so that one is found without loading all; `aliases` has them."""


def _squeezed(name: str) -> str:
    """Any case, with blanks, dashes, underscores or without."""
    return re.sub(r"[\s_-]+", "", name.lower())


@cache
def dialect(name: str) -> Dialect:
    """The dialect of this name or alias (any case, blanks, dashes or underscores alike).

    Raises UnknownName with the nearest names, UsageError for one of another package that cannot be loaded.
    """
    word = _squeezed(name)
    for module in BUILT_IN:
        if word in {_squeezed(known) for known in (module, *OTHER_NAMES[module])}:
            found: Dialect = import_module(f"{__package__}.{module}").DIALECT
            return replace(found, aliases=OTHER_NAMES[module])
    for known, value in foreign().items():
        if word in {_squeezed(other) for other in (known, value.name, *value.aliases)}:
            return value
    for known, trouble in troubles().items():
        if word == _squeezed(known):
            raise UsageError(trouble, way_out="mend or remove that package; the built-in dialects work without it")
    raise UnknownName("dialect", name, _nearest(word))


def _nearest(word: str) -> tuple[str, ...]:
    """Names of the dialects whose name or alias is nearest; all of them where none is near."""
    from difflib import get_close_matches

    names = {
        _squeezed(known): module.replace("_", "-") for module in BUILT_IN for known in (module, *OTHER_NAMES[module])
    }
    names |= {_squeezed(other): known for known, value in foreign().items() for other in (known, *value.aliases)}
    near = [names[match] for match in get_close_matches(word, names, n=3)]
    return tuple(dict.fromkeys(near or names.values()))


def all_dialects() -> tuple[Dialect, ...]:
    """Every dialect, another package's first: it may know its modem better than our general ones."""
    return (*foreign().values(), *(dialect(name) for name in BUILT_IN))


def dialect_for(modem: Modem) -> Dialect | None:
    """The dialect that claims the modem, or None where no family knows it."""
    return next((candidate for candidate in all_dialects() if candidate.claims(modem)), None)
