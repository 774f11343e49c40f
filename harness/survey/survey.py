"""The survey of one device: every observation of a run. Whom its facts belong to is said by `harness.binding`."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from harness.observations import (
    EnabledBands,
    GoogleApps,
    Identity,
    Observation,
    Registration,
    ServingCell,
    SupportedBands,
)
from harness.radio.rats import same_rat
from harness.recording.scrubbing.scrub import scrub_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.recording.exchange import Exchange

    from .given_bands import GivenBands

_Fact = TypeVar("_Fact", bound=Observation)


_LAYERS = ("hardware", "supported", "policy", "advertised")


def _serves(cell: ServingCell) -> bool:
    if cell.band_source == "conflict":
        return False
    return cell.registered is not False if cell.role == "pcell" else cell.active is not False


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
    happened: tuple[str, ...] = ()
    """What befell the reading itself and no answer tells, as `warnings` has it too: it went away and returned."""
    trouble: str | None = None
    absent: tuple[str, str] | None = field(default=None, repr=False, compare=False)
    """Nothing was found under any of its addresses: why, as the user wrote them, and the way out. For the terminal."""
    lost: bool = False
    """The device was there and went away while it was read."""
    provenance: str | None = None
    refused: str = ""
    """Why a file that was given as evidence of this device decides nothing: it is of another one."""
    sheet: str | None = None
    """The device sheet that the recording or the bench names."""
    given_bands: GivenBands | None = None
    """Bands that the operator declares of it: they take the place of a sheet."""
    expected_sim: str | None = None
    """Home PLMN of the SIM that the bench file expects."""
    exchanges: tuple[tuple[str, Exchange], ...] = field(default=(), repr=False)
    elapsed_s: float = 0.0
    dialect: str | None = None
    through_shell: frozenset[str] = frozenset()
    """Links that were asked through the handset's own shell (root)."""
    usb_places: Mapping[str, str] = field(default_factory=dict)
    """Where on USB each link hangs (`1-2`), of those that tell it."""
    imei_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keyed hashes (`sample_key`) of the IMEIs that each link told."""
    loose_files: tuple[str, ...] = ()
    """Capability files that nothing but the user's word says to be of this device."""
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

    def bands(self, rat: str, layer: str) -> set[int] | None:
        """The bands of one layer: hardware, supported, policy, advertised, enabled, attached.

        None: nothing tells them, its lists disagree, or the device says that nothing is restricted. An empty set is a
        list without a band. `attached` is a lower bound. Raises ValueError for a layer that there is not.
        """
        if layer == "attached":
            cells = [one for one in self.all(ServingCell) if one.rat and same_rat(rat, one.rat) and _serves(one)]
            return {one.band for one in cells if one.band is not None} if cells else None
        if layer == "enabled":
            told = [one.bands for one in self.enabled if same_rat(rat, one.rat)]
        elif layer in _LAYERS:
            told = [
                one.bands for one in self.supported if same_rat(rat, one.rat) and (one.layer or "supported") == layer
            ]
            if layer == "supported" and not told:
                return self.bands(rat, "hardware")
        else:
            raise ValueError(f"no layer {layer!r}: {', '.join((*_LAYERS, 'enabled', 'attached'))}")
        lists = {frozenset(bands) for bands in told if bands is not None}
        return set(next(iter(lists))) if len(lists) == 1 and None not in told else None

    @property
    def google_apps(self) -> GoogleApps | None:
        """Google's apps, where the package list was read."""
        return next(iter(self.all(GoogleApps)), None)
