"""The survey of one device: every observation of a run, with the questions that verdicts ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from harness.observations import (
    EnabledBands,
    GoogleApps,
    Grade,
    Identity,
    Observation,
    Registration,
    ServingCell,
    Sim,
    SupportedBands,
    Unread,
)
from harness.recording.scrubbing.scrub import scrub_address

if TYPE_CHECKING:
    from harness.recording.exchange import Exchange

_Fact = TypeVar("_Fact", bound=Observation)
_NOT_IN = frozenset({"absent", "not_ready"})
"""States of a slot in which no SIM counts as in the device."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What one device told in one run.

    `trouble` says why the device could not be read (whole or in part); a survey with trouble and no observations is
    of an absent device. `kind` is None where nothing answered.
    """

    device: str
    """Short name, unique in the run; part of test ids."""
    address: str
    kind: Literal["handset", "modem"] | None
    observations: tuple[Observation, ...] = ()
    warnings: tuple[str, ...] = ()
    trouble: str | None = None
    lost: bool = False
    """The device was there and went away while it was read."""
    provenance: str | None = None
    refused: str = ""
    """Why a file that was given as evidence of this device decides nothing: it is of another one."""
    sheet: str | None = None
    """The device sheet that the recording or the bench names."""
    expected_sim: str | None = None
    """Home PLMN of the SIM that the bench file expects."""
    exchanges: tuple[tuple[str, Exchange], ...] = field(default=(), repr=False)
    elapsed_s: float = 0.0
    dialect: str | None = None
    sample: str | None = None
    """The number that the piece was given: the customer's, or the laboratory's."""
    key: str | None = None
    """A keyed hash of the piece's serial number (`sample_key`); None where nothing told it."""
    _by_type: dict[type, tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `all` has found: each case of a run looks at the same facts."""

    def all(self, type_: type[_Fact]) -> tuple[_Fact, ...]:
        """The observations of one kind, in order."""
        found = self._by_type.get(type_)
        if found is None:
            found = self._by_type[type_] = tuple(item for item in self.observations if isinstance(item, type_))
        return found

    @property
    def identity(self) -> Identity:
        """All identity facts in one; the first source of each part wins."""
        parts: dict[str, str] = {}
        for item in self.all(Identity):
            for name in (part.name for part in fields(Identity)):
                value = getattr(item, name)
                if isinstance(value, str) and value:
                    parts.setdefault(name, value)
        return Identity(**parts)  # type: ignore[arg-type]

    @property
    def label(self) -> str:
        """The device in words: maker and model."""
        identity = self.identity
        model = identity.market_name or identity.model
        words = [identity.manufacturer or identity.brand, model]
        if model and words[0] and model.lower().startswith(words[0].lower()):
            words = [model]
        return " ".join(word for word in words if word) or scrub_address(self.address)

    @property
    def sims(self) -> tuple[Sim, ...]:
        """SIMs that are in the device.

        An IMSI does not tell how long its MNC is (in North America two or three digits). Where no SIM of a modem has a
        PLMN, the network on which it is registered as at home (TS 27.007 <stat> 1) is its home network.
        """
        present = tuple(sim for sim in self.all(Sim) if sim.state not in _NOT_IN)
        if self.kind != "modem" or not present or any(sim.plmn for sim in present):
            return present
        home = self._home_network()
        return (*present, home) if home else present

    def _home_network(self) -> Sim | None:
        """The one network named by the cells of a modem that is at home, and nowhere roaming."""
        states = {item.state for item in self.registrations}
        if "home" not in states or "roaming" in states or any(item.what == "registration" for item in self.all(Unread)):
            return None
        cells = [cell for cell in self.all(ServingCell) if cell.plmn and cell.registered is not False]
        if len({cell.plmn for cell in cells}) != 1:
            return None
        return Sim(plmn=cells[0].plmn, grade=Grade.OBSERVED, source=cells[0].source)

    @property
    def sim_plmns(self) -> tuple[str, ...]:
        """Home PLMNs of the SIMs, without repetition."""
        return tuple(dict.fromkeys(sim.plmn for sim in self.sims if sim.plmn))

    @property
    def wrong_sim(self) -> str:
        """What shows that another SIM is in than the bench file expects, in words; empty where nothing does.

        Only what the SIMs themselves tell: at home is a modem on an equivalent home PLMN, too (TS 23.122 clause 1.2).
        """
        if self.expected_sim is None or not self.all(Sim):
            return ""
        present = [sim for sim in self.all(Sim) if sim.state not in _NOT_IN]
        told = {sim.slot: sim.plmn for sim in present if sim.plmn}
        if self.expected_sim in told.values() or any(sim.slot not in told for sim in present):
            return ""
        plmns = tuple(dict.fromkeys(told.values()))
        has = f"{'that' if len(plmns) == 1 else 'those'} of {', '.join(plmns)}" if plmns else "none"
        return f"the bench file expects the SIM of {self.expected_sim}, the device has {has}"

    @property
    def sim_remark(self) -> str:
        """What the user should know of the expected SIM: it is another one, or it cannot be told; else empty."""
        if self.expected_sim is None or not self.observations or self.expected_sim in self.sim_plmns:
            return ""
        unknown = f"the bench file expects the SIM of {self.expected_sim}; the device does not tell whose is in"
        return self.wrong_sim or unknown

    @property
    def primary_cells(self) -> tuple[ServingCell, ...]:
        """PCells, in order."""
        return tuple(cell for cell in self.all(ServingCell) if cell.role == "pcell")

    @property
    def registrations(self) -> tuple[Registration, ...]:
        """Registrations of all slots and domains."""
        return self.all(Registration)

    @property
    def supported(self) -> tuple[SupportedBands, ...]:
        """What the device itself says of its bands."""
        return self.all(SupportedBands)

    @property
    def enabled(self) -> tuple[EnabledBands, ...]:
        """What is configured."""
        return self.all(EnabledBands)

    @property
    def google_apps(self) -> GoogleApps | None:
        """Google's apps, where the package list was read."""
        return next(iter(self.all(GoogleApps)), None)
