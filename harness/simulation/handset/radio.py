"""A simulated handset whose radio is alive: held to technologies by its user's network types, it leaves and attaches.

It knows the commands that Android 12 and newer have for that, and one SIM in slot 0. `HandsetQuirks`: how it misbehaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.links.clock import REAL_CLOCK

from .dumps import connectivity, registry, type_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.links.clock import Clock
    from harness.simulation.radio.air import Air, AirCell

_TABLE = (
    *("content", "query", "--uri", "content://telephony/siminfo", "--projection"),
    "_id:sim_id:allowed_network_types_for_reasons",
)
_SET, _GET = "set-allowed-network-types-for-users", "get-allowed-network-types-for-users"
_AIRPLANE, _PROBES = "airplane_mode_on", "captive_portal_mode"
_SWITCH = ("cmd", "connectivity", "airplane-mode")
_BITS = {"lte": (1 << 12) | (1 << 18), "nr": 1 << 19}
ALLOWED = 0b11001101001110000111
"""GSM, UMTS, LTE and NR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetQuirks:
    """All false: a handset that does what it says."""

    refuses: bool = False
    """The command ends with "failed", and with exit code 0 all the same."""
    ignores: bool = False
    """The command ends with "completed", and nothing is kept."""
    other_mask: bool = False
    """Another mask is kept than was written: a type more."""
    not_in_force: bool = False
    """The types are kept, and the radio goes on as before."""
    kept_cell: bool = False
    """It never leaves its cell, whatever airplane mode says."""
    no_table: bool = False
    """The shell may not read the table of subscriptions."""
    carrier_forbids_nr: bool = False
    """The carrier's reason leaves NR out: of NR alone nothing would be left."""
    stays_in_airplane: bool = False
    """Airplane mode is not switched off any more: the command is taken, and changes nothing."""
    nr_beside: bool = False
    """On LTE an NR cell serves beside it, whatever is allowed."""
    never_validated: bool = False
    """No network is ever validated."""
    lingers: bool = False
    """The network of before stays, validated, and the new one is not."""
    no_probes: bool = False
    """Android is told not to probe, and takes every network for validated."""
    springs_back_after_s: float = 0.0
    """So long after a write the types are as they were."""


class HandsetRadio:
    """The radio of one handset. `is_about` and `answer` are asked for each command."""

    def __init__(
        self,
        air: Air,
        quirks: HandsetQuirks | None = None,
        *,
        clock: Clock = REAL_CLOCK,
        attach_s: float = 1.0,
        allowed: int = ALLOWED,
    ) -> None:
        self.air = air
        self.quirks = quirks or HandsetQuirks()
        self.found = self.allowed = allowed
        self.airplane = False
        self.attached: list[AirCell] = []
        """Every cell that it attached to, in order."""
        self.asked: list[str] = []
        self._clock = clock
        self._attach_s = attach_s
        self._in_force = allowed
        self._ready_at = 0.0
        self._wrote_at: float | None = None
        self._cell: AirCell | None = None
        self._number = 100
        self._old: list[int] = []
        self._settle()

    def is_about(self, words: Sequence[str]) -> bool:
        """Whether a command tells of the radio, or changes it."""
        told = tuple(words)
        if told[:2] in {("dumpsys", "telephony.registry"), ("dumpsys", "connectivity")}:
            return len(told) == 2
        if told[:3] == ("settings", "get", "global"):
            return told[3:] in {(_AIRPLANE,), (_PROBES,)}
        return (
            told == _TABLE or told[:3] == _SWITCH or (told[:2] == ("cmd", "phone") and told[2:3] in {(_SET,), (_GET,)})
        )

    def answer(self, words: Sequence[str]) -> bytes | None:
        """What a command about it prints; None where it is about something else."""
        if not self.is_about(words):
            return None
        self.asked.append(" ".join(words))
        self._settle()
        return self._told(tuple(words)).encode()

    def _told(self, words: tuple[str, ...]) -> str:
        if words[0] == "dumpsys":
            return self._registry() if words[1] == "telephony.registry" else self._connectivity()
        if words[0] == "settings":
            airplane, probes = "1" if self.airplane else "0", "0" if self.quirks.no_probes else "null"
            return f"{airplane if words[3] == _AIRPLANE else probes}\n"
        if words == _TABLE:
            return self._table()
        return self._switched(words[3:]) if words[:3] == _SWITCH else self._types(words[2:])

    def _table(self) -> str:
        if self.quirks.no_table:
            return "Error while accessing provider:telephony\njava.lang.SecurityException: No permission to access it\n"
        carrier = 0xFFFFF & ~(_BITS["nr"] if self.quirks.carrier_forbids_nr else 0)
        reasons = f"user={self.allowed},carrier={carrier}"
        return f"Row: 0 _id=1, sim_id=0, allowed_network_types_for_reasons={reasons}\n"

    def _types(self, words: tuple[str, ...]) -> str:
        if words[1:3] != ("-s", "0"):
            return "Invalid slot\n"
        if words[0] == _GET:
            return f"{type_names(self.allowed)}\n"
        if len(words) != 4 or not re.fullmatch(r"[01]{20,32}", words[3]) or not int(words[3], 2):
            return f"{_SET} No valid NETWORK_TYPES_BITMASK\n"
        if self.quirks.refuses:
            return f"{_SET} failed\n"
        if not self.quirks.ignores:
            self._write(int(words[3], 2) | (1 if self.quirks.other_mask else 0))
        return f"{_SET} completed\n"

    def _write(self, mask: int) -> None:
        self.allowed = mask
        self._wrote_at = self._clock.monotonic()
        if not self.quirks.not_in_force:
            self._in_force = mask
        self._settle()

    def _switched(self, words: tuple[str, ...]) -> str:
        wanted = {"enable": True, "disable": False}.get(" ".join(words))
        if wanted is None:
            return "enabled\n" if self.airplane else "disabled\n"
        if not (self.quirks.stays_in_airplane and self.airplane):
            self.airplane = wanted
            self._settle()
        return ""

    def _settle(self) -> None:
        """What the radio has come to by now."""
        now, after = self._clock.monotonic(), self.quirks.springs_back_after_s
        if after and self._wrote_at is not None and now - self._wrote_at >= after:
            self.allowed = self._in_force = self.found
            self._wrote_at = None
        wanted = self._best()
        if self._cell is not None and (self.airplane or wanted is not self._cell) and not self.quirks.kept_cell:
            if not self.quirks.lingers:
                self._old = []
            else:
                self._old.append(self._number)
            self._cell, self._ready_at = None, now + self._attach_s
        if self.airplane:
            self._ready_at = now + self._attach_s
        elif self._cell is None and wanted is not None and now >= self._ready_at and not wanted.reject:
            self._cell = wanted
            self._number += 2
            self.attached.append(wanted)

    def _best(self) -> AirCell | None:
        """The cell that it would be on: NR before LTE, of what is allowed."""
        cells = [one for one in self.air.cells if self._in_force & _BITS.get(one.rat, 0) and not one.barred]
        return next((one for rat in ("nr", "lte") for one in cells if one.rat == rat), None)

    def _registry(self) -> str:
        wanted = self._best()
        leg = next((one for one in self.air.cells if one.rat == "nr"), None)
        beside = self.quirks.nr_beside and self._cell is not None and self._cell.rat == "lte"
        cause = wanted.reject if wanted is not None and self._cell is None and not self.airplane else 0
        state = "on" if self._cell is not None else "off" if self.airplane else "out"
        return registry(self._cell, state, leg=leg if beside else None, cause=cause)

    def _connectivity(self) -> str:
        valid = not (self.quirks.never_validated or self.quirks.lingers)
        own = [(self._number, valid, False), (self._number + 1, True, True)] if self._cell is not None else []
        return connectivity([(one, True, False) for one in self._old] + own, self._cell.rat if self._cell else "lte", 1)
