"""How a modem family is held to one band, as data: its state items, and what a sweep asks beside them.

A family says in its dialect how its bands are locked (`Dialect.locking`); what executes it knows no command. Items are
put back in reverse order, the radio last. Set forms, effects and traps: what holds across families of band locks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.state.item import StateItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from harness.observations import Rat
    from harness.probes.at.scanning import OwnScan
    from harness.state.item import Keeper

RADIO = StateItem(
    name="radio",
    words="the radio (AT+CFUN)",
    channel="at",
    read="AT+CFUN?",
    answer=r"^\+CFUN:\s*(?P<value>\d+)",
    write="AT+CFUN={value}",
    values=r"[014]",
    accepted=r"^OK",
    kept_by="volatile",
    settles_s=20.0,
    order=0,
)
"""Saved first and put back last, always: without it nothing else can be seen to work."""

FORBIDDEN_NETWORKS = StateItem(
    name="forbidden_networks",
    words="the card's list of forbidden networks (EF_FPLMN)",
    channel="at",
    read="AT+CRSM=176,28539,0,0,12",
    answer=r'^\+CRSM:\s*144,\d+,"?(?P<value>[0-9A-Fa-f]+)"?',
    normal=str.upper,
    write={},
    kept_by="sim",
    order=90,
)
"""TS 31.102 clause 4.2.16. A network that rejects with cause 11 writes it; it outlives the sweep and the device."""


NETWORK_CHOICE = StateItem(
    name="network_choice",
    words="how the network is chosen (AT+COPS)",
    channel="at",
    read="AT+COPS?",
    answer=r"^\+COPS:\s*(?P<value>[0-4])",
    meanings={"0": "automatic", "1": "by hand", "2": "deregistered", "3": "automatic", "4": "by hand"},
    write={},
    order=88,
)
"""TS 27.007 clause 7.3. Only watched: to write it wears memory on some modems, and leaves manual mode behind."""


def reports(name: str, order: int) -> StateItem:
    """How much a modem tells unasked of one registration (TS 27.007 clauses 7.2, 10.1.22, 10.1.47)."""
    return StateItem(
        name=f"{name.lower()}_reports",
        words=f"what is told unasked of the registration (AT+{name})",
        channel="at",
        read=f"AT+{name}?",
        # An answer's second field is a number; of what comes unasked it is a quoted area.
        answer=rf"^\+{name}:\s*(?P<value>[0-5]),\s*\d",
        write=f"AT+{name}={{value}}",
        values=r"[0-5]",
        accepted=r"^OK",
        kept_by="volatile",
        order=order,
    )


CEREG = reports("CEREG", 2)
C5GREG = reports("C5GREG", 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLock:
    """How the bands of one radio technology are narrowed to one.

    `only` gives the value of `item` that leaves one band, from the value before; None where it cannot. `bands` are the
    bands that a value enables; None: all. `beside` are other items and the values that they have while the lock is on
    (the mode that leaves this technology alone), as a value or as what it is made from the value before. `serving` are
    read forms of the serving cell, none of them the lock's own.
    """

    rat: Rat
    item: StateItem
    only: Callable[[str, int], str | None]
    bands: Callable[[str], frozenset[int] | None]
    beside: tuple[tuple[str, str | Callable[[str], str]], ...] = ()
    registration: StateItem = CEREG
    serving: tuple[str, ...]
    lists: tuple[Rat, ...] = ()
    """The kinds of lists of supported bands that count; empty: those of `rat`."""
    called: tuple[Rat, ...] = ()
    """What the serving cell is called where the modem does not tell this technology from a wider one (`lte`)."""
    while_off: bool = False
    """It is written while the radio is off: there it takes effect when the radio is on again."""
    most: int = 0
    """How many bands one write may hold; 0 = not known to be limited."""
    where_told: tuple[str, ...] = ()
    """Of `beside`, items that older firmware does not have: there the lock does without."""

    @property
    def is_leg(self) -> bool:
        """Whether it narrows the NR leg beside an LTE cell (EN-DC): proved by that leg, not by a registration."""
        return self.rat == "nr_nsa"

    def beside_names(self, before: Mapping[str, str | None]) -> tuple[str, ...]:
        """The other items that are set, by what was read of them before."""
        names = (name for name, _ in self.beside)
        return tuple(name for name in names if name not in self.where_told or before.get(name) is not None)

    def beside_values(self, before: Mapping[str, str | None]) -> dict[str, str]:
        """The other items' values while the lock is on, from those before."""
        names = self.beside_names(before)
        pairs = ((name, word) for name, word in self.beside if name in names)
        return {name: word(before[name] or "") if callable(word) else word for name, word in pairs}

    @property
    def told_by(self) -> tuple[Rat, ...]:
        """The kinds of lists that tell what bands the device has."""
        return self.lists or (self.rat,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locking:
    """All of a family's locks, and what belongs to them.

    `free` are items that must read so before anything is locked: a cell lock, a channel lock, a switch.
    """

    locks: tuple[BandLock, ...]
    beside: tuple[StateItem, ...] = ()
    """Items that are set beside a lock, such as the mode."""
    watched: tuple[StateItem, ...] = (NETWORK_CHOICE, FORBIDDEN_NETWORKS)
    """Items that are compared before and after and never written."""
    free: tuple[FreeItem, ...] = ()
    report: str = "2"
    """How much the modem is to tell unasked of its registration: 5 with the cause of a reject, where it takes that."""
    doubt: str = ""
    """What a modem of this kind does not tell, so that no attach under a lock can fail it; in words."""
    radio: StateItem = RADIO
    off: str = "4"
    on: str = "1"
    no_longer_than_s: float = 60.0
    """How long a restart may take until the modem answers again, where a lock needs one."""
    memory: str = ""
    """What people must know of what the locks are written to, for the confirmation."""
    scans: tuple[OwnScan, ...] = ()
    """What it hears with nothing locked: asked once, before the first band."""
    never: Mapping[str, str] = field(default_factory=dict)
    """Commands of the family that look like part of this and are never sent, and why."""

    @property
    def items(self) -> tuple[StateItem, ...]:
        """Every item that is written, in the order in which they are saved."""
        registrations = (lock.registration for lock in self.locks)
        locks = (lock.item for lock in self.locks)
        found = unique_by_name((self.radio, *registrations, *self.beside, *locks))
        return tuple(sorted(found, key=lambda one: one.order))

    def lock_of(self, rat: str) -> BandLock | None:
        """The lock of one radio technology."""
        return next((one for one in self.locks if one.rat == rat), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeItem:
    """A read form that must tell that something is not in force; `optional`: firmware without it has none to tell."""

    item: StateItem
    is_free: Callable[[str], bool]
    optional: bool = True
    rats: tuple[Rat, ...] = ()
    """The technologies whose locks it hinders; empty: all."""


def unique_by_name(items: Iterable[StateItem]) -> tuple[StateItem, ...]:
    """Each item once."""
    return tuple({one.name: one for one in items}.values())


def setting(
    name: str,
    words: str,
    command: str,
    values: str,
    order: int,
    *,
    restart: str = "",
    kept_by: Keeper = "nv",
) -> StateItem:
    """One number (or several with commas) of a command with `?` and `=`."""
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read=f"AT{command}?",
        answer=rf"^{re.escape(command)}:\s*(?P<value>\d[\d,]*)\s*$",
        write=f"AT{command}={{value}}",
        values=values,
        accepted=r"^OK",
        takes_effect="restart" if restart else "now",
        restart=restart,
        kept_by=kept_by,
        order=order,
    )


def watched(name: str, words: str, read: str, answer: str) -> StateItem:
    """An item that is only looked at."""
    return StateItem(name=name, words=words, channel="at", read=read, answer=answer, write={}, order=80)


def as_before(value: str) -> str:
    """A value of `beside`: what an earlier band of the sweep narrowed is as it was found."""
    return value


def in_list(value: str, separator: str) -> frozenset[int] | None:
    """The bands of a list of plain numbers; None where it is none, or empty (some modems print 0 for that)."""
    parts = [part.strip() for part in value.split(separator)]
    if not all(re.fullmatch(r"\d{1,3}", part) for part in parts):
        return None
    found = frozenset(map(int, parts)) - {0}
    return found or None


def in_mask(mask: int) -> frozenset[int]:
    """The bands of a mask whose lowest bit is band 1."""
    return frozenset(bit + 1 for bit in range(mask.bit_length()) if mask >> bit & 1)
