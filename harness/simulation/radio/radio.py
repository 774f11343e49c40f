"""The radio of a simulated modem: what is allowed, what it finds, how it attaches, and what it says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from harness.simulation.radio.quirks import Quirks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.links.clock import Clock
    from harness.simulation.modem.text import ScriptedAnswer
    from harness.simulation.radio.air import Air, AirCell
    from harness.simulation.radio.clock import SimulatedClock
    from harness.simulation.radio.memory import ModemMemory

ATTACH_S = {"lte": 3.0, "nr": 3.0, "lte_m": 9.0, "nb_iot": 40.0}
"""From the radio on to service, where the band is right."""
LEG_S = 2.0
"""From the attach on an LTE cell to the NR leg beside it."""
RETRY_S = 25.0
"""T3410 and T3411 (TS 24.301 table 10.2.1)."""
ATTEMPTS = 5
T3402_S = 720.0
OVERLAP_S = 3.05
_BARRING = {3, 6, 7, 8}
_FORBIDS = 11


class Speaker(Protocol):
    """What a radio must know of the family that speaks for it (see `tongue.Tongue`)."""

    @property
    def lists(self) -> tuple[str, ...]:
        """The places of memory that locks are written to."""
        ...

    @property
    def registrations(self) -> tuple[str, ...]:
        """The commands that tell of its registration."""
        ...

    @property
    def restarts(self) -> str:
        """The request at which it restarts, where its lists hold from then on alone; empty: they hold sooner."""
        ...

    @property
    def boot_s(self) -> float:
        """How long a restart takes."""
        ...

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """The bands that lists and modes leave."""
        ...

    def restarted(self, memory: ModemMemory, quirks: Quirks) -> None:
        """What a restart does to the lists behind a write."""
        ...

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """Another value of a list than it has: somebody else's."""
        ...

    def answer(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The answer to one command."""
        ...

    def takes_s(self, command: str) -> float:
        """How long it thinks."""
        ...


class Radio:
    """One radio. `advance` brings it to the present; what it says unasked waits in `said`."""

    def __init__(
        self,
        tongue: Speaker,
        air: Air,
        memory: ModemMemory,
        clock: Clock | SimulatedClock,
        quirks: Quirks | None = None,
        *,
        attach_s: Mapping[str, float] = ATTACH_S,
    ) -> None:
        self.tongue = tongue
        self.air = air
        self.memory = memory
        self.clock = clock
        self.quirks = quirks or Quirks()
        self.said: list[str] = []
        self.away_until: float | None = None
        """Since a restart it is not there until then."""
        self._attach_s = attach_s
        if "on" not in memory.now:
            self.boot()

    # What it is told.

    def boot(self) -> None:
        """As after power-on: the radio is on and searches, by the lists that last."""
        kept = {key: self.memory.now[key] for key in ("force", "wipe") if key in self.memory.now}
        if not self._holds_on():
            kept.pop("force", None)
        self.memory.now = {
            "on": True,
            "since": self.clock.monotonic(),
            "attempts": 0,
            "cause": 0,
            "barred": False,
        } | kept
        self.memory.volatile.setdefault("cfun", "1")
        if "force" not in kept:
            self._take_force()
        self._search()

    def _holds_on(self) -> bool:
        """Whether what was in force outlives a restart."""
        return "force" in self.memory.now and (self.quirks.not_in_force or self.quirks.hidden_lock)

    def restart(self) -> None:
        """It goes away and comes back as after power-on."""
        if self.quirks.kept_cell:
            return
        memory, now = self.memory, self.memory.now
        memory.power_cycle()
        if any(key.startswith("written ") for key in now):
            self.tongue.restarted(memory, self.quirks)
        # What is in force may outlive it, and whoever else writes does not care.
        memory.now = {key: now[key] for key in ("force", "wipe") if key in now}
        self.said = []
        hides = self.quirks.hidden_lock and not self.tongue.restarts
        self.boot()
        if hides and not self._is_as_found_in_force():
            memory.now["hidden"] = True
        self.away_until = self.clock.monotonic() + self.tongue.boot_s

    def function(self, value: str) -> None:
        """AT+CFUN."""
        self.memory.put("cfun", value)
        if self.quirks.kept_cell:
            return
        now = self.memory.now
        if value == "1":
            now |= {"on": True, "attempts": 0, "cause": 0}
            if not self.tongue.restarts:
                self._take_force()
            self._search()
            if self.quirks.overlapping_cfun:
                now["off"] = self.clock.monotonic() + OVERLAP_S
        else:
            now |= {"on": False, "cell": None, "barred": False, "denied": False, "due": None}
        self.memory.save()

    def changed(self, effect: str) -> None:
        """A list was written: it holds now, or when the radio is on again."""
        now = self.memory.now
        now.pop("hidden", None)
        if self.quirks.restarts_after_s and not self._is_as_found():
            now["crash"] = self.clock.monotonic() + self.quirks.restarts_after_s
        if effect == "now" and not self.quirks.not_in_force:
            self._take_force()
            if now.get("on"):
                cell = self._camped()
                if cell is None or not self._allows(cell):
                    self._leave()
        quirks = self.quirks
        if late := quirks.wiped_after_s or quirks.another_writer_after_s or quirks.another_list_after_s:
            now["wipe"] = self.clock.monotonic() + late
        self.memory.save()

    # What it does.

    def advance(self) -> None:
        """Everything that was due until now."""
        now, t = self.memory.now, self.clock.monotonic()
        if (wipe := now.get("wipe")) is not None and t >= wipe:
            now["wipe"] = None
            self._wipe()
        if (crash := now.get("crash")) is not None and t >= crash:
            self.restart()
            return
        if now.get("on") and (off := now.get("off")) is not None and t >= off:
            # Off and on again: whatever was found is searched anew.
            now["off"] = None
            self._search()
            self._say()
        while now.get("on") and (due := now.get("due")) is not None and t >= due:
            now["due"] = None
            self._attempt(due)
        self.memory.save()

    def next_change(self) -> float | None:
        """When something happens next; None where nothing does."""
        now = self.memory.now
        times = [now.get("wipe"), now.get("crash"), *((now.get("due"), now.get("off")) if now.get("on") else ())]
        return min((one for one in times if one is not None), default=None)

    def _wipe(self) -> None:
        memory, foreign = self.memory, self.quirks.another_list_after_s
        for key in self.tongue.lists:
            memory.put(key, self.tongue.narrowed(key, memory) if foreign else memory.found[key])
        if not self.tongue.restarts:
            self._take_force()

    def _take_force(self) -> None:
        """From now on the lists as they are written hold."""
        if self.memory.now.get("hidden"):
            return
        if self.quirks.not_in_force and "force" in self.memory.now:
            return
        if self.quirks.unlock_unfinished and "force" in self.memory.now and self._is_as_found():
            return
        enabled = self.tongue.enabled(self.memory)
        self.memory.now["force"] = {rat: sorted(bands) for rat, bands in enabled.items()}

    def _is_as_found(self) -> bool:
        return all(self.memory.get(key) == self.memory.found[key] for key in self.tongue.lists)

    def _is_as_found_in_force(self) -> bool:
        enabled = self.tongue.enabled(self.memory)
        return self.memory.now.get("force") == {rat: sorted(bands) for rat, bands in enabled.items()}

    def _allows(self, cell: AirCell) -> bool:
        allowed = set(self.memory.now.get("force", {}).get(cell.rat, ()))
        forbidden = cell.plmn in self.memory.card.get("fplmn", "").split()
        return bool(allowed & cell.bands) and not forbidden and not self.memory.now.get("barred")

    def _camps(self, cell: AirCell) -> bool:
        return self._allows(cell) and not cell.barred and cell.rat != "nr_nsa"

    def _search(self) -> None:
        """Look for a cell; the attempt is due when the first allowed one would be found."""
        now = self.memory.now
        now["cell"], now["denied"] = None, False
        found = next((one for one in self.air.cells if self._camps(one)), None)
        now["due"] = None if found is None else self.clock.monotonic() + self._attach_s[found.rat]

    def _leave(self) -> None:
        self._search()
        self._say()

    def _attempt(self, at: float) -> None:
        now = self.memory.now
        places = [i for i, one in enumerate(self.air.cells) if self._camps(one)]
        if not places:
            return
        cell = self.air.cells[places[0]]
        if not cell.reject:
            now |= {"cell": places[0], "denied": False, "attempts": 0, "cause": 0, "leg": at + LEG_S}
            self.air.attached.append(cell)
            self._say()
            return
        now["attempts"] = now.get("attempts", 0) + 1
        now |= {"denied": True, "cause": cell.reject}
        if cell.reject in _BARRING and self.quirks.bars_card:
            now["barred"] = True
        elif cell.reject == _FORBIDS:
            listed = self.memory.card.get("fplmn", "").split()
            self.memory.card["fplmn"] = " ".join(dict.fromkeys((*listed, cell.plmn)))
        else:
            now["due"] = at + (RETRY_S if now["attempts"] % ATTEMPTS else T3402_S)
        self._say()

    # What it tells.

    def camped(self) -> AirCell | None:
        """The cell that it is registered on."""
        return self._camped()

    def leg(self) -> AirCell | None:
        """The NR leg beside the LTE cell that it is registered on."""
        now, quirks, cell = self.memory.now, self.quirks, self._camped()
        legs = [one for one in self.air.cells if one.rat == "nr_nsa" and not one.barred]
        is_due = cell is not None and cell.rat == "lte" and self.clock.monotonic() >= now.get("leg", 0.0)
        found = next((one for one in legs if self._allows(one) != quirks.leg_elsewhere), None)
        if is_due and found is not None and not quirks.leg_never:
            return found
        return next(iter(legs), None) if quirks.leg_stale else None

    def heard(self, *rats: str) -> list[AirCell]:
        """The cells of some technologies that a scan finds: of the bands that are allowed now, barred ones as well."""
        allowed = self.memory.now.get("force", {})
        cells = (one for one in self.air.cells if one.rat in rats)
        return [one for one in cells if set(allowed.get(one.rat, ())) & one.bands]

    def _camped(self) -> AirCell | None:
        place: int | None = self.memory.now.get("cell")
        if place is None or place >= len(self.air.cells):
            return None
        return self.air.cells[place]

    def state(self, command: str) -> int:
        """What +CEREG or +C5GREG tells: each of its own technology."""
        cell = self._camped()
        nr = command == "C5GREG"
        if cell is not None and (cell.rat == "nr") == nr:
            return 1
        if not self.memory.now.get("on"):
            return 0
        if cell is None and self.memory.now.get("denied"):
            return 3
        return 2 if cell is None else 0

    def _say(self) -> None:
        if self.quirks.silent:
            return
        for command in ("CEREG", "C5GREG"):
            level = self.memory.volatile.get(command, "0")
            if level != "0" and command in self.tongue.registrations:
                self.said.append(f"\r\n+{command}: {self.state(command)}{self.place(command, level)}\r\n")

    def cause(self, command: str, level: str) -> str:
        """The cause of a reject behind a state, at the levels that tell it (TS 27.007 10.1.22)."""
        cause = self.memory.now.get("cause")
        return f",,,,0,{cause}" if cause and level in {"3", "5"} and self.state(command) == 3 else ""

    def place(self, command: str, level: str) -> str:
        """Area, cell and technology behind a state, at a level of 2 and more."""
        cell = self._camped()
        if cell is None or self.state(command) != 1 or level not in {"2", "3", "4", "5"}:
            return ""
        act = {"lte": 7, "nr": 11, "lte_m": 8, "nb_iot": 9}[cell.rat]
        return f',"{cell.tac:04X}","{cell.cell:07X}",{act}'
