"""What the readers of this room collect: band lists, cells from several answers as one, registration, identity."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.observations import (
    EnabledBands,
    Identity,
    NetworkMode,
    NrState,
    Observation,
    Reading,
    Registration,
    Signal,
    Sim,
    Source,
    SupportedBands,
)
from harness.radio.tables import is_band

from .cells import Claim, merge_cells
from .names import band_of_name, is_other_system

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import NrMode, Rat, RegistrationState

_NR_ORDER = ("unknown", "none", "nsa_available", "nsa_connected", "sa")
_DOMAINS = {"lte": "eps", "lte_m": "eps", "nb_iot": "eps", "nr": "5gs", "nr_sa": "5gs", "umts": "ps", "gsm": "ps"}
_FULL = 24
"""A list of at least so many bands with two that nobody has is a mask of ones: no restriction."""
_NOBODY_HAS = frozenset({6, 9, 10, 15, 16, 22, 23, 33, 35, 36, 37, 44, 45})


@dataclass
class Facts:
    """Facts of one or several answers, and warnings in words. `request` and `line` of what is read now."""

    request: str | None = None
    claims: list[Claim] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    identity: dict[str, str] = field(default_factory=dict)
    identity_source: Source | None = None
    nr_mode: tuple[NrMode, Source] | None = None
    sims: list[Sim] = field(default_factory=list)
    home: tuple[str, Source] | None = None
    understood: bool = False
    """Whether the text was recognised at all, although it may tell nothing."""

    def source(self, line: int | None) -> Source:
        """Where the fact stands."""
        return Source(request=self.request, line=line)

    def warn(self, text: str) -> None:
        """Say what could not be read and why."""
        self.warnings.append(text)

    def name(self, part: str, value: str, line: int | None) -> None:
        """One part of the identity; the first source of each wins. Placeholders are none."""
        value = " ".join(value.split())
        if value and value.lower() not in {"unknown", "n/a", "none", "--", "(null)", "0"}:
            self.identity.setdefault(part, value[:200])
            self.identity_source = self.identity_source or self.source(line)

    def imei(self, value: str, line: int | None) -> None:
        """Of an IMEI only the type allocation code is kept (TS 23.003 clause 6.2.1)."""
        digits = value.strip()
        if digits.isdigit() and len(digits) in {14, 15, 16} and digits[:8].strip("0"):
            self.name("tac_imei", digits[:8], line)

    def numbers(self, text: str, line: int | None) -> tuple[int, ...] | None:
        """The numbers of `1, 2, 66`; None for `none` and for anything that is no list of numbers."""
        items = [item.strip() for item in text.replace("\n", " ").split(",")]
        if not all(item.isdecimal() and len(item) <= 3 for item in items):
            if text.strip().lower() not in {"none", "", "(null)", "unknown"}:
                self.warn(f"line {line}: no list of band numbers: {text[:60]!r}")
            return None
        return tuple(int(item) for item in items)

    def bands(
        self,
        rat: Rat,
        bands: Iterable[int],
        line: int | None,
        *,
        supported: bool,
        shows: Sequence[int] | None = None,
    ) -> None:
        """One list of bands. Numbers that 3GPP does not define are left out with a warning; an empty list is none.

        `shows`: the only bands of which the list can say that they are not there; None: of all.
        """
        listed = tuple(sorted(set(bands)))
        strangers = [band for band in listed if not is_band(rat, band)]
        if not listed:
            return
        self.understood = True
        if len(listed) >= _FULL and (len(strangers) > 1 or (rat == "lte" and len(_NOBODY_HAS & set(listed)) >= 5)):
            self._unlimited(rat, line, supported=supported)
            return
        if strangers:
            self.warn(f"line {line}: {strangers} are no {rat} bands: left out")
        kept = tuple(band for band in listed if band not in strangers)
        if not kept:
            return
        source = self.source(line)
        if not supported:
            self.observations.append(EnabledBands(rat=rat, bands=kept, source=source))
            return
        told = SupportedBands(rat=rat, bands=kept, source=source)
        if shows is not None:
            told = replace(told, complete=False, filtered_by=tuple(shows) or None)
        self.observations.append(told)

    def _unlimited(self, rat: Rat, line: int | None, *, supported: bool) -> None:
        source = self.source(line)
        if supported:
            self.warn(f"line {line}: the {rat} list names bands that no device has: a mask of ones tells nothing")
        else:
            self.observations.append(EnabledBands(rat=rat, bands=None, unlimited=True, source=source))

    def named_bands(self, names: Sequence[str], line: int | None, *, supported: bool, only: Sequence[Rat] = ()) -> None:
        """Bands by name (`eutran-3, utran-1, egsm`), one list a RAT; `only` keeps some RATs.

        A band without a name (`(null)`) stands for one of its neighbours' RAT, or of any: those lists are not complete.
        """
        known = [band_of_name(name) for name in names]
        found: dict[Rat, set[int]] = {}
        partial: set[Rat] = set()
        for place, (name, band) in enumerate(zip(names, known, strict=True)):
            if band is not None:
                found.setdefault(band[0], set()).add(band[1])
            elif name.strip() and not is_other_system(name):
                partial |= _rats_around(known, place)
                self.warn(
                    f"line {line}: the band {name.strip()[:40]!r} has no name that is known: the list may be longer"
                )
            self.understood = self.understood or band is not None
        for rat, bands in found.items():
            if not only or rat in only:
                self.bands(rat, bands, line, supported=supported, shows=() if rat in partial else None)

    def register(self, state: RegistrationState, rat: Rat | None, plmn: str | None, line: int | None) -> None:
        """A registration; the same one told twice is one, with the PLMN of either."""
        domain = _DOMAINS.get(rat or "")
        for index, item in enumerate(self.observations):
            if isinstance(item, Registration) and item.state == state and rat in {item.rat, None}:
                if item.plmn is None and plmn:
                    self.observations[index] = replace(item, plmn=plmn)
                if item.plmn in {plmn, None} or plmn is None:
                    return
        self.observations.append(
            Registration(domain=domain, state=state, rat=rat, plmn=plmn, source=self.source(line))  # type: ignore[arg-type]
        )

    def nr(self, mode: NrMode, line: int | None) -> None:
        """How NR is in use; the most telling answer wins."""
        if self.nr_mode is None or _NR_ORDER.index(mode) > _NR_ORDER.index(self.nr_mode[0]):
            self.nr_mode = (mode, self.source(line))

    def mode(self, words: str, line: int | None) -> None:
        """Which RATs are allowed, in the tool's words."""
        names = {"5gnr": "nr", "5g": "nr", "4g": "lte", "3g": "umts", "2g": "gsm"}
        rats = tuple(names.get(word.strip(), word.strip()) for word in words.split(",") if word.strip())
        self.observations.append(NetworkMode(rats=rats or None, raw=words.strip(), source=self.source(line)))

    def signal(self, rat: Rat, line: int | None, **levels: float | None) -> None:
        """Levels of one RAT."""
        if any(value is not None for value in levels.values()):
            self.observations.append(Signal(rat=rat, source=self.source(line), **levels))  # type: ignore[arg-type]

    def finish(self) -> Reading:
        """Everything, cells merged, doubles dropped."""
        out: list[Observation] = []
        if self.identity:
            out.append(Identity(source=self.identity_source, **self.identity))  # type: ignore[arg-type]
        cells, warnings = merge_cells(self.claims)
        out += [item for item in self.observations if isinstance(item, SupportedBands | EnabledBands)]
        out += cells
        out += [item for item in self.observations if not isinstance(item, SupportedBands | EnabledBands)]
        connected = {cell.role for cell in cells if cell.rat == "nr"}
        if "pscell" in connected and (self.nr_mode is None or self.nr_mode[0] != "sa"):
            source = next(cell.source for cell in cells if cell.role == "pscell")
            self.nr_mode = ("nsa_connected", source or Source())
        if self.nr_mode:
            out.append(NrState(mode=self.nr_mode[0], source=self.nr_mode[1]))
        out += self._sims()
        return Reading(tuple(dict.fromkeys(out)), tuple(dict.fromkeys((*self.warnings, *warnings))))

    def _sims(self) -> list[Sim]:
        """SIMs of the slots; the home PLMN belongs to the only one that is there."""
        if self.home is None:
            return self.sims
        plmn, source = self.home
        there = [sim for sim in self.sims if sim.state != "absent"]
        if len(there) == 1:
            return [replace(sim, plmn=plmn) if sim is there[0] else sim for sim in self.sims]
        return [*self.sims, Sim(plmn=plmn, source=source)] if not self.sims or there else self.sims


def _rats_around(names: Sequence[tuple[Rat, int] | None], place: int) -> set[Rat]:
    """The RAT of which the unnamed band at this place can be: that of its two neighbours, else any of the list."""
    sides = names[place - 1] if place else None, names[place + 1] if place + 1 < len(names) else None
    before, after = sides
    if before is not None and after is not None and before[0] == after[0] and before[1] < after[1]:
        return {before[0]}
    return {name[0] for name in names if name is not None}
