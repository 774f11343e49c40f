"""The facts that can be read of a device, each with its grade and its source.

None always means "not observed": never zero, never False, never "no".
`as_json` gives the shape that `bandproof decode` prints (`bandproof.decode/1`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Rat = Literal["gsm", "umts", "lte", "nr", "nr_nsa", "nr_sa", "lte_m", "nb_iot"]
Layer = Literal["hardware", "policy", "advertised"]
Role = Literal["pcell", "scell", "pscell"]
RegistrationState = Literal["home", "roaming", "searching", "denied", "not_registered", "emergency", "unknown"]
Domain = Literal["cs", "ps", "eps", "5gs"]
NrMode = Literal["sa", "nsa_connected", "nsa_available", "none", "unknown"]
NetworkStatus = Literal["available", "current", "forbidden", "unknown"]
AppState = Literal["present", "disabled", "absent"]
Topic = Literal["supported", "enabled", "serving", "registration"]
"""What verdicts rest on, and what the answer to a request can be asked for."""
GradeWord = Literal["measured", "observed", "declared"]


class Grade(IntEnum):
    """How a fact is known; higher beats lower."""

    DECLARED = 1
    """The maker says so (a device sheet)."""
    OBSERVED = 2
    """Seen in use (attached on the band): a lower bound."""
    MEASURED = 3
    """The modem itself told it."""

    @property
    def word(self) -> GradeWord:
        """The grade as options and reports write it."""
        return _GRADE_WORDS[self]


_GRADE_WORDS: dict[Grade, GradeWord] = {
    Grade.DECLARED: "declared",
    Grade.OBSERVED: "observed",
    Grade.MEASURED: "measured",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: the request, the exchange's number in its recording (from 0), the line (from 1)."""

    request: str | None = None
    line: int | None = None
    link: str | None = None
    exchange: int | None = None

    def as_json(self) -> dict[str, str | int]:
        """The parts that are known, as a JSON object."""
        parts = {"link": self.link, "exchange": self.exchange, "request": self.request, "line": self.line}
        return {name: value for name, value in parts.items() if value is not None}

    def __str__(self) -> str:
        where = f"{self.link or ''}{'' if self.exchange is None else f'#{self.exchange}'}"
        return " ".join(part for part in (where, self.request, f"line {self.line}" if self.line else "") if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Base of all facts."""

    kind: ClassVar[str] = ""
    source: Source | None = None
    grade: Grade = Grade.MEASURED

    def as_json(self) -> dict[str, Any]:
        """The fact as a JSON object: `kind`, its fields, `grade` and `source` where known."""
        out: dict[str, Any] = {"kind": self.kind}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "source":
                if value is not None:
                    out["source"] = value.as_json()
            elif isinstance(value, Grade):
                out[field.name] = value.word
            else:
                out[field.name] = _plain(value)
        return out

    def from_(self, source: Source) -> Observation:
        """The same fact with (the missing parts of) its source filled in."""
        own = self.source
        if own is not None:
            source = Source(
                own.request or source.request,
                own.line if own.line is not None else source.line,
                own.link or source.link,
                own.exchange if own.exchange is not None else source.exchange,
            )
        # What dataclasses.replace does, in half its time: every fact of a run comes by here twice.
        kind = type(self)
        names = _NAMES.get(kind) or _NAMES.setdefault(kind, tuple(field.name for field in fields(kind)))
        fact, put = object.__new__(kind), object.__setattr__
        for name in names:
            put(fact, name, getattr(self, name))
        put(fact, "source", source)
        return fact


_NAMES: dict[type, tuple[str, ...]] = {}  # the fields of each kind


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedBands(Observation):
    """Bands that the device has, in one layer. `bands` None with `unlimited`: the device says "no restriction"."""

    kind: ClassVar[str] = "supported_bands"
    rat: Rat
    bands: tuple[int, ...] | None
    layer: Layer | None = None
    unlimited: bool = False
    complete: bool | None = None
    """False: the list answers a filtered (or unknown) question, so a band that is absent is not thereby unsupported."""
    filtered_by: tuple[int, ...] | None = None
    """With `complete` False: the bands that were asked for, which alone an absence can be told of; None = not known."""
    up_to: int | None = None
    """The highest band that the form of the list can write, such as 64 of a mask of 64 bits; None: it has no such end."""
    told_once: tuple[int, ...] = ()
    """Bands that stand at one place only of a message without a checksum: one wrong bit could have made them."""

    def could_show(self, band: int) -> bool:
        """Whether the list would name the band if the device had it: only then does its absence tell anything."""
        asked = self.complete is not False or (self.filtered_by is not None and band in self.filtered_by)
        return asked and (self.up_to is None or band <= self.up_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnabledBands(Observation):
    """Bands that are configured on the device now; `bands` None with `unlimited`: no restriction configured."""

    kind: ClassVar[str] = "enabled_bands"
    rat: Rat
    bands: tuple[int, ...] | None
    unlimited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingCell(Observation):
    """One cell that serves the device now. `active` is False for an scell that is only configured."""

    kind: ClassVar[str] = "serving_cell"
    slot: int | None = None
    role: Role = "pcell"
    active: bool | None = None
    rat: Rat | None = None
    registered: bool | None = None
    plmn: str | None = None
    arfcn: int | None = None
    band: int | None = None
    band_candidates: tuple[int, ...] | None = None
    band_reported: int | None = None
    pci: int | None = None
    tac: int | None = None
    bandwidth_khz: int | None = None
    band_source: Literal["arfcn", "reported", "both", "conflict"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Observation):
    """Registration of one slot in one domain. `cause` is the NAS reject cause (TS 24.301 clause 9.9.3.9)."""

    kind: ClassVar[str] = "registration"
    slot: int | None = None
    domain: Domain | None = None
    state: RegistrationState
    rat: Rat | None = None
    plmn: str | None = None
    cause: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NrState(Observation):
    """Whether and how NR is in use on a slot."""

    kind: ClassVar[str] = "nr_state"
    slot: int | None = None
    mode: NrMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Observation):
    """One row of a network scan."""

    kind: ClassVar[str] = "network"
    plmn: str | None = None
    status: NetworkStatus | None = None
    long_name: str | None = None
    short_name: str | None = None
    rat: Rat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Observation):
    """What the device says it is. A model name is not a device: variant, ROM, build and baseband belong to it."""

    kind: ClassVar[str] = "identity"
    manufacturer: str | None = None
    brand: str | None = None
    model: str | None = None
    market_name: str | None = None
    codename: str | None = None
    hardware: str | None = None
    hardware_region: str | None = None
    build: str | None = None
    fingerprint: str | None = None
    android: str | None = None
    security_patch: str | None = None
    baseband: str | None = None
    rom_region: str | None = None
    rom_version: str | None = None
    build_variant: str | None = None
    """The build's variant as its maker codes it: sales code (CSC), channel (ro.carrier), SKU."""
    carrier_lock: str | None = None
    """The carrier that sells this build; whether its SIM lock is still on is not told by that."""
    carrier_config: str | None = None
    """The carrier's configuration on the device: MBN name, PRI, carrier firmware."""
    verified_boot: str | None = None
    """The verified boot state (green, yellow, orange, red): orange is an unlocked boot loader."""
    tac_imei: str | None = None
    """First eight digits of the IMEI (type allocation code, TS 23.003 clause 6.2.1); the rest is personal."""
    svn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySign(Observation):
    """A sign of which device it is that says otherwise than `Identity`: another partition's model, another SKU."""

    kind: ClassVar[str] = "identity_sign"
    what: Literal["model", "codename"]
    place: str
    """Where it stands: `ro.product.vendor.model`."""
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sim(Observation):
    """A SIM slot. `state` in lower case: absent, ready, loaded, pin_required, puk_required, not_ready, error."""

    kind: ClassVar[str] = "sim"
    slot: int | None = None
    state: str | None = None
    plmn: str | None = None
    operator: str | None = None
    carrier_id: int | None = None
    gid1: str | None = None
    imsi_prefix: str | None = None
    """The first five or six digits of the IMSI, where they leave open how long the MNC is: country and network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleApps(Observation):
    """Google's services and store on the device, each present, disabled or absent; None = the list cannot tell."""

    kind: ClassVar[str] = "google_apps"
    services: AppState | None = None
    store: AppState | None = None
    framework: AppState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkMode(Observation):
    """Which radio technologies the user or system allows (preferred network mode, mode_pref, WS46 ...)."""

    kind: ClassVar[str] = "network_mode"
    slot: int | None = None
    rats: tuple[str, ...] | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Observation):
    """Levels of the serving cell: dBm and dB."""

    kind: ClassVar[str] = "signal"
    slot: int | None = None
    rat: Rat | None = None
    rssi_dbm: float | None = None
    rsrp_dbm: float | None = None
    rsrq_db: float | None = None
    sinr_db: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Observation):
    """A service of the device: `name` such as ims, volte, radio; `state` on, off, registered, not_registered, ..."""

    kind: ClassVar[str] = "service"
    slot: int | None = None
    name: str
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLock(Observation):
    """Whether the user pinned the modem to cells, channels or bands: its serving cell then says little of the network.

    `arfcns` and `pcis` stand in the order of the device; empty where it does not say. `trusted` False: this read form
    is known to say "off" while a lock is in force.
    """

    kind: ClassVar[str] = "cell_lock"
    rat: Rat | None = None
    locked: bool
    arfcns: tuple[int, ...] = ()
    pcis: tuple[int, ...] = ()
    trusted: bool = True

    def contradicts(self, cell: ServingCell) -> bool:
        """Whether the cell is none of those that the modem is pinned to."""
        family = None if cell.rat is None else cell.rat[:2]
        if not self.locked or self.rat is None or family != self.rat[:2] or cell.role != "pcell" or cell.arfcn is None:
            return False
        return bool(self.arfcns) and cell.arfcn not in self.arfcns


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread(Observation):
    """What a device was asked and did not tell: the answer was lost, garbled, late, or refused for a passing state.

    It is no proof that there is nothing to tell. `rat` None: of no radio technology. A refusal by a device that has no
    such request leaves no such fact.
    """

    kind: ClassVar[str] = "unread"
    what: Topic
    rat: Rat | None = None
    request: str
    why: str

    def __str__(self) -> str:
        return f"{self.request}: the {_IN_WORDS.get(self.what, self.what)} could not be read: {self.why}"


_IN_WORDS = {"supported": "supported bands", "enabled": "enabled bands", "serving": "serving cell"}


def topic_of(item: Observation) -> Topic | None:
    """The topic that a fact tells; None for secondary cells and all that decides no topic."""
    if isinstance(item, ServingCell):
        return "serving" if item.role == "pcell" else None
    return _TOPICS.get(type(item))


_TOPICS: dict[type, Topic] = {SupportedBands: "supported", EnabledBands: "enabled", Registration: "registration"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer told: facts, and warnings in words for what could not be read and why."""

    observations: tuple[Observation, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[Observation, ...]:
        """The facts but for what could not be read."""
        return tuple(item for item in self.observations if not isinstance(item, Unread))

    def placed(self, link: str, numbers: Mapping[str, int | None]) -> Reading:
        """Each fact's source with its link and the number of the exchange that answered its request."""
        items = (_placed(item, link, numbers) for item in self.observations)
        return Reading(tuple(items), self.warnings)

    def in_words(self) -> Reading:
        """The same with what could not be read as warnings, for people; one whose reason is a warning already is said."""
        lost = (item for item in self.observations if isinstance(item, Unread))
        words = tuple(str(item) for item in lost if not any(item.why in warning for warning in self.warnings))
        return Reading(self.told, (*self.warnings, *words))

    def __add__(self, other: Reading) -> Reading:
        if not (self.observations or self.warnings):
            return other
        return Reading(self.observations + other.observations, self.warnings + other.warnings)


def _placed(item: Observation, link: str, numbers: Mapping[str, int | None]) -> Observation:
    request = item.source.request if item.source else None
    return item if request not in numbers else item.from_(Source(link=link, exchange=numbers[str(request)]))
