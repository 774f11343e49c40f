"""The survey of one device: every observation of a run, with the questions that verdicts ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal, TypeVar

from harness.observations import (
    EnabledBands,
    GoogleApps,
    Identity,
    Observation,
    Registration,
    ServingCell,
    Sim,
    SupportedBands,
)

if TYPE_CHECKING:
    from harness.recording.model import Exchange

_Fact = TypeVar("_Fact", bound=Observation)


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
    provenance: str | None = None
    sheet: str | None = None
    """The device sheet that the recording or the bench names."""
    exchanges: tuple[tuple[str, Exchange], ...] = field(default=(), repr=False)
    elapsed_s: float = 0.0
    dialect: str | None = None

    def all(self, type_: type[_Fact]) -> tuple[_Fact, ...]:
        """The observations of one kind, in order."""
        return tuple(item for item in self.observations if isinstance(item, type_))

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
        return " ".join(word for word in words if word) or self.address

    @property
    def sims(self) -> tuple[Sim, ...]:
        """SIMs that are in the device."""
        return tuple(sim for sim in self.all(Sim) if sim.state not in {"absent", "not_ready"})

    @property
    def sim_plmns(self) -> tuple[str, ...]:
        """Home PLMNs of the SIMs, without repetition."""
        return tuple(dict.fromkeys(sim.plmn for sim in self.sims if sim.plmn))

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
