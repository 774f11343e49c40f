"""What a modem family is made of: readers of its answers, the read plan, its read-only commands.

A dialect is a value, `DIALECT`, in a module of its own. The table of `registry` says where each stands; another package
adds its own to it through the entry point group `bandproof.dialects` (name = "package.module:DIALECT").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.at_commands import PERSONAL_KINDS, FamilyRecords
from harness.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from harness.at_commands import PersonalKind
    from harness.observations import Observation, Rat, Topic
    from harness.probes.at.language.answer import AtAnswer, Modem
    from harness.probes.at.locking import Locking


ON_DENIAL = "AT+CEER"
"""What tells the cause of a refusal where a family has nothing better (TS 27.007 clause 6.10)."""


@lru_cache(maxsize=8192)
def _takes(pattern: str, command: str) -> bool:
    return re.fullmatch(pattern, command) is not None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the answers of the commands that match `command` (a regular expression over the normal spelling).

    `read` yields observations, and warnings as plain strings for what it could not read and why. It is shown the lines
    without a name and those that bear the command's own (`+QENG` of `AT+QENG="servingcell"`) or one of `names`.
    With `reads_refusals` it is also called where the modem answered nothing but an error.

    `tells` names what every answer that can be read gives: where it gives none of that, an `Unread` fact takes its
    place, so that no verdict takes a lost list for none. None = not said: an answer without any fact may then have
    told anything. `rats` are the radio technologies of the bands that it tells; empty = as many as the modem has.
    `read` may also yield `Unread` itself, for a part of an answer. It is pure: an equal answer is not read again.
    """

    command: str
    read: Callable[[AtAnswer], Iterable[Observation | str]]
    names: tuple[str, ...] = ()
    reads_refusals: bool = False
    tells: tuple[Topic, ...] | None = None
    rats: tuple[Rat, ...] = ()

    def reads(self, command: str) -> bool:
        """Whether this reader takes the command (in normal spelling, see `harness.at_commands`)."""
        return _takes(self.command, command)


@dataclass(frozen=True, slots=True)
class ModemKind:
    """Modems of a family that are asked the same: in words, one model of them, what ATI leaves open and is asked beside it."""

    words: str
    model: str
    beside_ati: tuple[str, ...] = ("AT+CGMM", "AT+CGMR")


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """One modem family; equal to nothing but itself.

    `claims` tells from manufacturer, model and firmware whether a modem is of the family. `plan` gives the requests
    that read supported, enabled and serving bands of this modem, most telling first; requests may be joined
    (`AT+A?;+B?`). Together with the identification they are at most eight. `read_forms` are regular expressions, in
    capitals, of further commands that only read, beyond `?` and `=?` (the link refuses anything else). `aliases` are
    other names for `--dialect`.

    `unsolicited`, `personal` and `cell_records` are records of the family beyond those that are known of modems at
    large, which count for every text: names of codes that come unasked (`+NWIND`), records that hold personal data
    and of what kind (`{"+NWCARD": "iccid"}`, see `harness.at_commands.PersonalKind`), and at which fields, from 0, a
    record has its cell id and its tracking area, None for none (`{"+NWCELL": (8, 6)}`). `kinds` are the kinds of
    modems that the table of docs/at-families.md shows.

    Models that match one of `nr_models` (regular expressions) can have NR and are asked for +C5GREG beside +CEREG.
    `on_denial` is a request that tells the cause of the network's refusal, asked where the modem is not registered and
    told none.
    """

    name: str
    claims: Callable[[Modem], bool]
    readers: tuple[Reader, ...]
    plan: Callable[[Modem], tuple[str, ...]]
    read_forms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    unsolicited: tuple[str, ...] = ()
    personal: Mapping[str, PersonalKind] = field(default_factory=dict)
    cell_records: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    kinds: tuple[ModemKind, ...] = ()
    nr_models: tuple[str, ...] = ()
    on_denial: str = ON_DENIAL
    locking: Callable[[Modem], Locking | None] | None = None
    """How a modem of the family is held to one band and put back; None: no documented lock."""
    no_lock: str = ""
    """Why one that has no lock here has none, in words."""

    @property
    def records(self) -> FamilyRecords:
        """What scrubber and framing must know of the family's records."""
        return FamilyRecords(
            frozenset(name.upper() for name in self.unsolicited),
            {name.upper(): kind for name, kind in self.personal.items()},
            {name.upper(): places for name, places in self.cell_records.items()},
        )

    def check(self) -> None:
        """Raises UsageError for a read form that also takes commands that change a device, or is no expression, and
        for a kind of personal data that the scrubber does not know."""
        unknown = sorted({*self.personal.values()} - set(PERSONAL_KINDS))
        if unknown:
            raise UsageError(
                f"dialect {self.name}: no kind of personal data: {', '.join(unknown)}",
                way_out=f"one of {', '.join(PERSONAL_KINDS)}",
            )
        for form in self.read_forms:
            try:
                wide = any(re.fullmatch(form, command) for command in _SET_FORMS)
            except re.error as error:
                raise UsageError(f"dialect {self.name}: the read form {form!r} is no expression: {error}") from None
            if wide:
                raise UsageError(
                    f"dialect {self.name}: the read form {form!r} also takes commands that change a device"
                )


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
