"""`attach`: the device is attached on one of the carrier's bands now.

It applies where a SIM of the carrier is in the device. Which network a cell belongs to counts: a phone with two SIMs,
or abroad, is attached to somebody else's cells, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from harness.binding.locks import lock_on, unsure_of_lock
from harness.binding.service import band_is_certain, disputed, impossible, in_service, wrap_twin
from harness.binding.slot import of_the_slots
from harness.binding.unread import unread
from harness.carriers.band_faults import list_faults
from harness.carriers.kinds import Rule
from harness.carriers.words import BandRat, GradeWord
from harness.radio.rats import E_UTRA, NR, family, published
from harness.radio.rats import label as rat_words
from harness.radio.related_tests import topics_of
from harness.radio.tables import band_label
from harness.yamlfiles.problem import Problem

from .answers import Answer, sources
from .network import SERVING, is_foreign, out_of_service, without_sim
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness.carriers.edition import Edition
    from harness.observations import ServingCell
    from harness.survey.survey import Survey

    from .bound import CarrierBound

_NARROW = frozenset(E_UTRA) - {"lte"}
"""Technologies that share the band numbers of LTE: that a carrier has a band for LTE tells nothing of them."""
_SLOTS = "cells with and without a slot contradict each other: which is the SIM's is not told"
_NO_BAND = "the band of the serving cell is not known"
_NO_RAT = "the technology of the serving cell is not told"
_REPORTED = "the band of the serving cell is reported, but no channel confirms it"


class AttachRule(Rule, frozen=True, kw_only=True, tag="attach"):
    """The device is attached on one of these bands now. NA unless the SIM belongs to the carrier."""

    kind: ClassVar[str] = "attach"
    needs_sim: ClassVar[bool] = True
    needed: GradeWord = "observed"
    any_of: dict[BandRat, tuple[int, ...]]

    @property
    def topics(self) -> tuple[str, ...]:
        """Attach, on the technologies that it names."""
        return topics_of(self.kind, rats=self.any_of)

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """Bands that can never serve as a primary cell; none at all."""
        if not any(self.any_of.values()):
            yield Problem(("any_of",), "any_of must name at least one band")
        for rat, numbers in self.any_of.items():
            yield from list_faults(rat, numbers, ("any_of", rat), primary=True)

    def asks(self) -> str:
        """`attached on one of B2 B4 B12`."""
        bands = " ".join(band_label(rat, band) for rat, numbers in self.any_of.items() for band in numbers)
        return f"attached on one of {bands}"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the cells of the carrier's SIM: registered, the carrier's own, and on a band that stands fast."""
        if not bound.sim.is_in:
            return without_sim(bound)
        if why := _disputed(bound):
            return Answer(Outcome.INCONC, why, None, sources(bound.survey.primary_cells))
        cells = [cell for cell in bound.survey.primary_cells if bound.sim.slots.hold(cell.slot)]
        registered = [
            c for c in cells if c.registered is not False and in_service(bound.survey, c.slot, data=True, cell=c)
        ]
        if not registered:
            why = "camped on a cell without registration" if cells else "no serving cell observed"
            data = [r for r in bound.survey.registrations if bound.sim.slots.hold(r.slot) and r.domain != "cs"]
            if not any(r.state in SERVING for r in data) and (out := out_of_service(data)):
                why += f"; {out}"
            return Answer(Outcome.INCONC, why, None, sources(cells))
        if len(registered) < len(cells):
            why = "sources disagree whether the cell is a registered one"
            return Answer(Outcome.INCONC, why, None, sources(cells))
        if why := _not_its_own(bound, registered) or _unsettled(bound.survey, registered):
            return Answer(Outcome.INCONC, why, None, sources(registered))
        return _beside_lock(bound.survey, registered, _on_band(self, bound.edition, registered))

    def particulars(self) -> Mapping[str, Any]:
        """The bands by RAT."""
        return {"serving": {rat: list(bands) for rat, bands in self.any_of.items()}}


def _disputed(bound: CarrierBound) -> str:
    """That cells or registrations of the SIM's slot contradict each other, in words; else empty."""
    told = [cell for cell in bound.survey.primary_cells if cell.rat is not None and cell.band is not None]
    if of_the_slots(told, bound.sim.slots, lambda cell: (family(cell.rat), cell.band)) is None:
        return _SLOTS
    data = [r for r in bound.survey.registrations if r.domain != "cs"]
    if of_the_slots(data, bound.sim.slots, lambda one: one.state in {"home", "roaming"}) is None:
        return "registrations with and without a slot contradict each other: which is the SIM's is not told"
    if disputed([r for r in data if bound.sim.slots.hold(r.slot)]):
        return "sources disagree whether the device is registered"
    return ""


def _not_its_own(bound: CarrierBound, registered: Sequence[ServingCell]) -> str:
    """Why the cells are hardly the carrier's own; else empty."""
    data = [r for r in bound.survey.registrations if bound.sim.slots.hold(r.slot) and r.domain != "cs"]
    roams = any(r.state == "roaming" for r in data)
    networks = [cell.plmn for cell in registered] + [r.plmn for r in data if r.state in SERVING]
    if foreign := [plmn for plmn in networks if is_foreign(plmn, bound.carrier)]:
        how = "roaming on" if roams else "attached to"
        return f"{how} {foreign[0]}, which is not the carrier's network"
    if roams and not all(bound.carrier.broadcasts(str(cell.plmn)) for cell in registered):
        return "roaming, so the cell is hardly the carrier's own"
    return ""


def _unsettled(survey: Survey, registered: Sequence[ServingCell]) -> str:
    """Why the band of the cells does not stand fast; else empty."""
    if lost := (*unread(survey, "serving"), *unread(survey, "registration")):
        return f"the answer to {lost[0]} could not be read"
    if any(cell.band_source == "conflict" for cell in registered):
        return "channel and reported band contradict each other"
    if why := next((why for cell in registered if (why := impossible(cell))), ""):
        return f"the serving cell cannot be as it is told: {why}"
    told = [cell for cell in registered if cell.band is not None]
    if any(cell.rat is None for cell in told):
        return _NO_RAT
    if len({(family(cell.rat), cell.band) for cell in told}) > 1:
        narrow = len({cell.band for cell in told}) == 1 and all(cell.rat in E_UTRA for cell in told)
        what = "technologies" if narrow else "bands"
        return f"sources name several {what} of the serving cell"
    if not any(band_is_certain(cell) for cell in told):
        return _REPORTED if told else _NO_BAND
    return ""


def _on_band(rule: AttachRule, edition: Edition, cells: Sequence[ServingCell]) -> Answer:
    """The answer on a cell whose band stands fast; the other readings of it fill what it does not tell."""
    told = [cell for cell in cells if cell.band is not None]
    evidence = sources(cells)
    cell = next(one for one in told if band_is_certain(one))
    if cell.rat is None or cell.band is None:
        return Answer(Outcome.INCONC, _REPORTED, None, evidence)
    grade = min(one.grade for one in told)
    where = _where(band_label(cell.rat, cell.band), cell, cells)
    if cell.rat in _NARROW and not any(asked in _NARROW for asked in rule.any_of):
        why = f"{where}, by {rat_words(cell.rat)}: the profile asks nothing of that technology, so it has no say"
        return Answer(Outcome.INCONC, why, None, evidence)
    fits = _fits(rule, cell.rat, cell.band)
    twin = next((t for c in cells if (t := wrap_twin(c)) is not None and c.band == cell.band), None)
    if twin is not None and not fits and _fits(rule, cell.rat, twin):
        label = band_label(cell.rat, twin)
        why = f"{where}, or on {label} if the EARFCN is stored in 16 bits: the device does not name the band"
        return Answer(Outcome.INCONC, why, None, evidence)
    if fits:
        return Answer(Outcome.PASS, where, grade, evidence)
    if cell.band not in edition.bands(published(cell.rat)):
        why = f"{where}, on the carrier's own network: the profile does not know this band, so it has no say"
        return Answer(Outcome.INCONC, why, None, evidence)
    return Answer(Outcome.FAIL, f"{where}: not one of the bands asked", grade, evidence)


def _beside_lock(survey: Survey, cells: Sequence[ServingCell], found: Answer) -> Answer:
    """A device that is pinned is attached where it was told to: no PASS without a note, and elsewhere nothing is told."""
    locks = dict.fromkeys(words for cell in cells if (words := lock_on(survey, cell)))
    unsure = dict.fromkeys(words for cell in cells if (words := unsure_of_lock(survey, cell)))
    if not (locks or unsure) or found.outcome not in {Outcome.PASS, Outcome.FAIL}:
        return found
    reason = f"{found.reason}; {'; '.join([*locks, *unsure])}"
    if found.outcome is Outcome.PASS:
        return replace(found, outcome=Outcome.PASS_NOTE, reason=reason)
    return replace(found, outcome=Outcome.INCONC, grade=None, reason=f"{reason}: take the lock off and read again")


def _where(label: str, cell: ServingCell, cells: Sequence[ServingCell]) -> str:
    """`attached on B12, EARFCN 5110, PCI 214`."""
    pci = next((c.pci for c in (cell, *cells) if c.pci is not None and c.arfcn in {None, cell.arfcn}), None)
    where = f"attached on {label}"
    if cell.arfcn is not None:
        where += f", {'NR-ARFCN' if cell.rat in NR else 'EARFCN'} {cell.arfcn}"
    return where + (f", PCI {pci}" if pci is not None else "")


def _fits(rule: AttachRule, rat: str, band: int) -> bool:
    return any(family(asked) == family(rat) and band in bands for asked, bands in rule.any_of.items())
