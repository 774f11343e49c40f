"""Whose SIM is in the device, and whether it is the one that the bench file expects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from harness.carriers.gid1 import brand_words, sim_belongs, sim_plmns
from harness.observations import Grade, ServingCell, Sim

from .slot import NO_SLOTS, Slots
from .unread import unread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.carriers.edition import Carrier
    from harness.survey.survey import Survey

_NOT_IN = frozenset({"absent", "not_ready"})
"""States of a slot in which no SIM counts as in the device."""
_READY = frozenset({"ready", "loaded"})

Standing = Literal["in", "wrong", "not_told", "not_ready", "none", "other"]
"""`wrong`: another SIM than the bench file expects; `not_told`: whose SIM is in is not known; `not_ready`: the
carrier's, and locked or in a state that nobody tells; `none`: no SIM; `other`: those of other carriers only."""


@dataclass(frozen=True, slots=True)
class CarrierSim:
    """Whether a SIM of one carrier is in the device and ready; `why` says in words why not."""

    standing: Standing
    why: str = ""
    sims: tuple[Sim, ...] = ()
    """The carrier's SIMs that are in and ready."""
    slots: Slots = NO_SLOTS
    """Theirs."""

    @property
    def is_in(self) -> bool:
        """Whether one is in and ready."""
        return self.standing == "in"

    @property
    def not_applicable(self) -> bool:
        """Whether what hangs on the carrier's SIM does not apply: it is known that none is in."""
        return self.standing in {"none", "other"}


@dataclass(frozen=True, slots=True)
class SimsIn:
    """The SIMs that are in a device.

    An IMSI does not tell how long its MNC is (in North America two or three digits). Where no SIM of a modem has a
    PLMN, the network on which it is registered as at home (TS 27.007 <stat> 1) is its home network.
    """

    present: tuple[Sim, ...]
    """SIMs that are in, and the home network of a modem of which no SIM tells one."""
    states: tuple[str, ...]
    """What the slots tell of their state, sorted; empty where no SIM was observed."""
    wrong: str = ""
    """What shows that another SIM is in than the bench file expects, in words; empty where nothing does."""
    expected: str | None = None
    unknown: frozenset[str] = frozenset()
    """Home PLMNs that no profile knows: whose they are is not known, so they are not known to be another carrier's."""
    remark: str = ""
    """What the user should know of the expected SIM: it is another one, or it cannot be told; else empty."""
    disputed: Mapping[int | None, str] = field(default_factory=dict)
    """Slots of which sources tell several home networks, each with what they tell in words."""
    against_imsi: str = ""
    """Why the network of a modem's registration is not its home network: the IMSI's digits are of another."""

    @property
    def plmns(self) -> tuple[str, ...]:
        """Home PLMNs of the SIMs, without repetition."""
        return tuple(dict.fromkeys(sim.plmn for sim in self.present if sim.plmn))

    def of(self, carrier: Carrier) -> CarrierSim:
        """How the SIMs stand to a carrier. A subscription that is only remembered is no SIM."""
        plmns = sim_plmns(carrier)
        if self.wrong and {self.expected, *self.plmns} & plmns:
            return CarrierSim("wrong", self.wrong)
        if disputed := self._disputed(plmns):
            return CarrierSim("not_told", disputed)
        ready = {sim.slot for sim in self.present if sim.state in _READY}
        own = tuple(sim for sim in self.present if sim_belongs(carrier, sim.plmn, sim.gid1, sim.carrier_id))
        usable = () if self.wrong else tuple(sim for sim in own if sim.slot in ready)
        if usable:
            return CarrierSim("in", "", usable, self._slots(usable, plmns))
        return self._without(own)

    def _disputed(self, plmns: frozenset[str]) -> str:
        """That sources tell several home networks of one SIM, one of them the carrier's; else empty."""
        told = {slot for slot in self.disputed if any(sim.slot == slot and sim.plmn in plmns for sim in self.present)}
        return next((self.disputed[slot] for slot in self.disputed if slot in told), "")

    def _slots(self, own: tuple[Sim, ...], plmns: frozenset[str]) -> Slots:
        told = frozenset(sim.slot for sim in own if sim.slot is not None)
        alone = len({sim.slot for sim in self.present} - {None}) <= 1 and {*self.plmns} <= plmns
        return Slots(told, anywhere=not told and alone)

    def _without(self, own: tuple[Sim, ...]) -> CarrierSim:
        """`own`: SIMs of the carrier that are not known to be ready."""
        known = {sim.slot for sim in self.present if sim.plmn}
        if not self.states:
            return CarrierSim("not_told", "no SIM observed: whether it is the carrier's is not known")
        if self.against_imsi:
            return CarrierSim("not_told", self.against_imsi)
        if any(sim.slot not in known for sim in self.present):
            return CarrierSim("not_told", "a SIM is in the device, but not told of which network")
        if own:
            slots = {sim.slot for sim in own}
            told = sorted({sim.state for sim in self.present if sim.slot in slots and sim.state})
            return CarrierSim("not_ready", f"the state of the carrier's SIM is {', '.join(told) or 'not known'}")
        if strange := [plmn for plmn in self.plmns if plmn in self.unknown]:
            why = f"the SIM belongs to {', '.join(strange)}, which no profile knows: whose it is is not known"
            return CarrierSim("not_told", why)
        if not known:
            return CarrierSim("none", f"no SIM in the device (SIM: {', '.join(self.states)})")
        brands = (brand_words(sim.plmn, sim.gid1, sim.carrier_id) or sim.plmn for sim in self.present if sim.plmn)
        return CarrierSim("other", f"the SIM belongs to {', '.join(dict.fromkeys(brands))}, not to this carrier")


def sims_in(survey: Survey, unknown: frozenset[str] = frozenset()) -> SimsIn:
    """The SIMs that are in a device, read once for all carriers. `unknown`: PLMNs that no profile has."""
    present = tuple(sim for sim in survey.all(Sim) if sim.state not in _NOT_IN)
    home, against = None, ""
    if survey.kind == "modem" and present and not any(sim.plmn for sim in present):
        home = _home_network(survey)
        against = _against_imsi(present, home)
        home = None if against else home
    found = SimsIn(
        present=(*present, home) if home else present,
        states=tuple(sorted({str(sim.state) for sim in survey.all(Sim)})),
        expected=survey.expected_sim,
        unknown=unknown,
        disputed=_disputes(present, one_sim=survey.kind == "modem"),
        against_imsi=against,
    )
    wrong = _wrong(survey, present)
    return replace(found, wrong=wrong, remark=_remark(survey, found, wrong))


def _home_network(survey: Survey) -> Sim | None:
    """The one network named by the cells of a modem that is at home, and nowhere roaming."""
    states = {item.state for item in survey.registrations}
    if "home" not in states or "roaming" in states or unread(survey, "registration"):
        return None
    cells = [cell for cell in survey.all(ServingCell) if cell.plmn and cell.registered is not False]
    if len({cell.plmn for cell in cells}) != 1:
        return None
    return Sim(plmn=cells[0].plmn, grade=Grade.OBSERVED, source=cells[0].source)


def _against_imsi(present: tuple[Sim, ...], home: Sim | None) -> str:
    """Why a home network that was only guessed is not the SIM's, in words; empty where the IMSI allows it."""
    told = [sim.imsi_prefix for sim in present if sim.imsi_prefix]
    if home is None or not home.plmn or not told or any(_may_be(home.plmn, prefix) for prefix in told):
        return ""
    return (
        f"the modem is at home on {home.plmn}, and its IMSI begins with {told[0]}: whose SIM is in is not known, "
        "a home network is never guessed against the IMSI"
    )


def _may_be(plmn: str, other: str) -> bool:
    """Whether digits of a PLMN or an IMSI can be of one network: the shorter begins the longer."""
    return plmn.startswith(other) or other.startswith(plmn)


def _disputes(present: tuple[Sim, ...], *, one_sim: bool) -> dict[int | None, str]:
    """Slots of which sources tell home networks that cannot be one; a slot that is not told holds one SIM of a modem."""
    told: dict[int | None, list[str]] = {}
    for sim in present:
        if sim.plmn and (sim.slot is not None or one_sim):
            told.setdefault(sim.slot, []).append(sim.plmn)
    return {
        slot: f"sources disagree whose SIM is in: {' and '.join(dict.fromkeys(plmns))}"
        for slot, plmns in told.items()
        if any(not _may_be(one, other) for one in plmns for other in plmns)
    }


def _wrong(survey: Survey, present: tuple[Sim, ...]) -> str:
    """Only what the SIMs themselves tell: at home is a modem on an equivalent home PLMN, too (TS 23.122 clause 1.2)."""
    if survey.expected_sim is None or not survey.all(Sim):
        return ""
    told = {sim.slot: sim.plmn for sim in present if sim.plmn}
    if survey.expected_sim in told.values() or any(sim.slot not in told for sim in present):
        return ""
    plmns = tuple(dict.fromkeys(told.values()))
    has = f"{'that' if len(plmns) == 1 else 'those'} of {', '.join(plmns)}" if plmns else "none"
    return f"the bench file expects the SIM of {survey.expected_sim}, the device has {has}"


def _remark(survey: Survey, found: SimsIn, wrong: str) -> str:
    if survey.expected_sim is None or not survey.observations or survey.expected_sim in found.plmns:
        return ""
    unknown = f"the bench file expects the SIM of {survey.expected_sim}; the device does not tell whose is in"
    return wrong or unknown
