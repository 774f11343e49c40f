"""Carrier profiles and device sheets as values.

Struct fields are the keys of the YAML files, one to one: an unknown key or a wrong type is an error (`files`), and so
is what the types cannot say (`rules`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from . import dates
from .kinds import Requirement
from .words import (
    AppsWord,
    BandRat,
    CarrierId,
    Confidence,
    CountryCode,
    DateText,
    Gid1Text,
    Level,
    NetworkStatus,
    PlmnText,
    Strict,
    VariantId,
    VoiceFallback,
    Volte,
)

if TYPE_CHECKING:
    from datetime import date


class Alias(Strict, frozen=True, kw_only=True):
    """Since that date, band `satisfied_by` serves where `band` is asked (MFBI): PASS_NOTE, even under strict."""

    band: int
    satisfied_by: int
    since: DateText
    reason: str
    rat: BandRat = "lte"


class Voice(Strict, frozen=True, kw_only=True):
    """Whether a call works without VoLTE: networks with circuit-switched voice that are still on air."""

    volte: Volte
    fallback: tuple[VoiceFallback, ...] = ()
    note: str = ""


class Inherits(Strict, frozen=True, kw_only=True):
    """Requirements taken over from the host network's edition; a rule of one's own for the same band replaces them."""

    carrier: CarrierId
    edition: DateText
    levels: tuple[Level, ...] = ("mandatory",)
    kinds: tuple[str, ...] = ("band",)


NEVER_ASSESSED = (
    "the carrier's list of accepted models and IMEI ranges",
    "the carrier's own laboratory and field tests",
    "radio performance (TRP, TIS) and specific absorption rate",
    "emergency calls",
)
"""What no reading of a device can show; part of every edition, so that nobody takes band fit for acceptance."""


class OldNetwork(Strict, frozen=True, kw_only=True):
    """A circuit-switched network of the carrier. `until` is its last day: confirmed if `closed`, announced if `planned`.

    A planned day that has passed without confirmation leaves unknown whether the network is on air.
    """

    rat: VoiceFallback
    status: NetworkStatus
    bands: tuple[int, ...] | None = None
    """None = not told."""
    until: DateText | None = None
    source: str = ""
    note: str = ""

    def on_air(self, on: date) -> bool | None:
        """Whether it was on air that day; None = not known."""
        if self.status in {"live", "unknown"}:
            return True if self.status == "live" else None
        if self.until is None:
            return False if self.status == "closed" else None
        if self.status == "closed":
            return on <= dates.last_day(self.until)
        return True if on < dates.first_day(self.until) else None


class Edition(Strict, frozen=True, kw_only=True):
    """A carrier's profile as of a date. Its `not_assessed` always begins with `NEVER_ASSESSED`."""

    as_of: DateText
    sources: tuple[str, ...]
    confidence: Confidence
    requirements: tuple[Requirement, ...]
    aliases: tuple[Alias, ...] = ()
    inherits: Inherits | None = None
    voice: Voice | None = None
    checked: DateText | None = None
    """When its bands were last held against a list; from then on it grows stale. None = at `as_of`."""
    nr_required: bool = False
    """The carrier serves no device without NR (5G only); elsewhere a device that has LTE never needs NR.

    Where LTE ends later than the edition begins, the NR rules carry the day under `since`, and this stays false.
    """
    without_low_band: str = ""
    """Why no band below 1 GHz is asked, where the carrier truly has none; else a `coverage` rule says what is open."""
    coverage: Literal["none_on_air"] | None = None
    """Two independent publishers (`coverage_publishers`) agree that no LTE band below 1 GHz is on air."""
    coverage_publishers: tuple[str, ...] = ()
    not_assessed: tuple[str, ...] = ()
    listed_models: str = ""
    """That the carrier lets in only models that it has itself listed or certified, in words; empty where nobody says so."""
    note: str = ""

    def __post_init__(self) -> None:
        own = tuple(item for item in self.not_assessed if item not in NEVER_ASSESSED)
        msgspec.structs.force_setattr(self, "not_assessed", NEVER_ASSESSED + own)

    @property
    def first_day(self) -> date:
        """The day from which this edition holds."""
        return dates.first_day(self.as_of)

    @property
    def has_no_low_band(self) -> bool:
        """Whether it is known that the carrier has no band below 1 GHz, so that none is missed."""
        return bool(self.without_low_band) or self.coverage == "none_on_air"

    def held_on(self, day: date) -> Edition:
        """The edition without the requirements that had not begun, or had ended, by that day."""
        held = tuple(rule for rule in self.requirements if rule.holds_on(day))
        return self if len(held) == len(self.requirements) else msgspec.structs.replace(self, requirements=held)

    def requirement(self, id_: str) -> Requirement:
        """The requirement of this id. Raises KeyError."""
        for found in self.requirements:
            if found.id == id_:
                return found
        raise KeyError(id_)

    def alias_for(self, rat: str, band: int) -> tuple[Alias, ...]:
        """The declared legacy aliases that may satisfy this band, also under strict."""
        return tuple(alias for alias in self.aliases if alias.rat == rat and alias.band == band)

    def bands(self, rat: str, *levels: Level) -> tuple[int, ...]:
        """The bands that this edition lists for a RAT, sorted; of all levels when none is named."""
        wanted = levels or get_args(Level)
        deciding = [rule for rule in self.requirements if rule.level in wanted]
        return tuple(sorted(band for rule in deciding for told, band in rule.bands if told == rat))

    def groups(self, rat: str, *levels: Level) -> tuple[tuple[int, ...], ...]:
        """The bands as people write them, `2 4 5 12|17`: names of one block, by declared alias, stand together."""
        groups: list[set[int]] = []
        for band in self.bands(rat, *levels):
            names = {alias.satisfied_by for alias in self.alias_for(rat, band)}
            home = next((group for group in groups if group & names), None)
            if home is None:
                groups.append({band})
            else:
                home.add(band)
        return tuple(tuple(sorted(group)) for group in groups)

    def stale(self, on: date) -> bool:
        """Whether the edition is older than twelve months on that day."""
        return dates.a_year_after(dates.last_day(self.checked or self.as_of)) < on


class Carrier(Strict, frozen=True, kw_only=True):
    """A carrier (or a retail expectation) with its editions, oldest first."""

    format: Literal["bandproof.profile/1"]
    id: CarrierId
    name: str
    country: CountryCode
    editions: tuple[Edition, ...]
    nature: Literal["carrier", "retail", "regulator"] = "carrier"
    """`retail`: what a buyer may expect; `regulator`: what a state asks of every handset. No SIM selects them."""
    aliases: tuple[str, ...] = ()
    """Other names that people use: the company's, the brand's."""
    plmns: tuple[PlmnText, ...] = ()
    network_plmns: tuple[PlmnText, ...] = ()
    """PLMNs that its cells broadcast and no SIM of it has: a radio network shared with others."""
    shares_plmns_with: tuple[CarrierId, ...] = ()
    """Carriers that truly have a PLMN, Android id or network in common with it, where no GID1 tells them apart."""
    gid1: tuple[Gid1Text, ...] = ()
    """GID1 prefixes that tell this brand from others on the same PLMN; empty = any."""
    android_carrier_id: int | tuple[int, ...] | None = None
    """The ids by which AOSP's carrier list names it; a list where it has several."""
    host: CarrierId | None = None
    """The carrier on whose network this one runs."""
    status: Literal["current", "historical"] = "current"
    ended: DateText | None = None
    """The last day of the network."""
    successor: CarrierId | None = None
    """The carrier that took over the subscribers of one that ended."""
    networks: tuple[OldNetwork, ...] = ()
    """Its networks of the second and third generation, with the day on which each was or will be shut down."""
    note: str = ""

    @property
    def android_carrier_ids(self) -> tuple[int, ...]:
        """All its ids in AOSP's carrier list."""
        ids = self.android_carrier_id
        return () if ids is None else (ids,) if isinstance(ids, int) else ids

    def has_gid1(self, gid1: str) -> bool:
        """Whether a GID1 is one of the prefixes that the profile names; False where it names none."""
        return gid1.casefold().startswith(tuple(prefix.casefold() for prefix in self.gid1))

    def broadcasts(self, plmn: str) -> bool:
        """Whether a cell of this PLMN is one of its own network."""
        return plmn in self.plmns or plmn in self.network_plmns

    def volte(self, edition: Edition, on: date) -> Volte:
        """Whether calls need VoLTE that day: by the dated networks where the profile has them, else by the edition."""
        states = [network.on_air(on) for network in self.networks]
        if True in states:
            return "not_required"
        if None in states:
            return "unknown"
        told = edition.voice.volte if edition.voice else "unknown"
        # That each network named is off proves nothing where the edition says that others may be unnamed.
        return "required" if states and (edition.voice is None or told != "unknown") else told

    def ended_by(self, on: date) -> bool:
        """Whether the network ended on that day or before."""
        return self.ended is not None and dates.last_day(self.ended) <= on


class Bands(Strict, frozen=True, kw_only=True):
    """Declared bands of a variant by RAT; None = not published, empty = declared to have none. GSM in MHz classes."""

    gsm: tuple[int, ...] | None = None
    umts: tuple[int, ...] | None = None
    lte: tuple[int, ...] | None = None
    nr: tuple[int, ...] | None = None

    def of(self, rat: str) -> tuple[int, ...] | None:
        """Declared bands of one RAT, sorted; None where none were published. Raises KeyError for another word."""
        found = self.of_as_written(rat)
        return None if found is None else tuple(sorted(found))

    def of_as_written(self, rat: str) -> tuple[int, ...] | None:
        """The list of one RAT in the order of the file."""
        return {"gsm": self.gsm, "umts": self.umts, "lte": self.lte, "nr": self.nr}[rat]

    @property
    def unknown(self) -> bool:
        """No list was published for any RAT."""
        return self.gsm is None and self.umts is None and self.lte is None and self.nr is None


class PartialBand(Strict, frozen=True, kw_only=True):
    """A band of which the hardware has a part only: a duplexer for B28A is 703 to 733 MHz uplink."""

    band: int
    ul_mhz: tuple[float, float]
    rat: BandRat = "lte"


class Variant(Strict, frozen=True, kw_only=True):
    """One hardware and software variant, with what its maker declares (ICS)."""

    id: VariantId
    sources: tuple[str, ...]
    confidence: Confidence
    model_numbers: tuple[str, ...] = ()
    codenames: tuple[str, ...] = ()
    rom_regions: tuple[str, ...] = ()
    """ROM regions that tell this variant from the others; empty = the ROM says nothing about the hardware."""
    released: DateText | None = None
    bands: Bands = Bands()
    partial_bands: tuple[PartialBand, ...] = ()
    google_apps: AppsWord | None = None
    """Whether its ROM ships with Google's apps; None = not known, or it depends on the ROM."""
    note: str = ""


class DeviceSheet(Strict, frozen=True, kw_only=True):
    """What a maker declares of a model and its variants."""

    format: Literal["bandproof.sheet/1"]
    id: CarrierId
    maker: str
    model: str
    variants: tuple[Variant, ...]
    brands: tuple[str, ...] = ()
    """Other words that the device may give as manufacturer or brand."""
    aliases: tuple[str, ...] = ()
    """Other marketing names."""
    note: str = ""

    def variant(self, id_: str) -> Variant:
        """The variant of this id. Raises KeyError."""
        for found in self.variants:
            if found.id == id_:
                return found
        raise KeyError(id_)


def inherit(edition: Edition, host: Edition) -> Edition:
    """The edition with what it takes over from its host; what it says itself of the same band or id wins."""
    taken = edition.inherits
    if taken is None:
        return edition
    ids = {rule.id for rule in edition.requirements}
    bands = {band for rule in edition.requirements for band in rule.bands}
    more = tuple(
        rule
        for rule in host.requirements
        if rule.kind in taken.kinds
        and rule.level in taken.levels
        and rule.id not in ids
        and bands.isdisjoint(rule.bands)
    )
    own = {(alias.rat, alias.band, alias.satisfied_by) for alias in edition.aliases}
    aliases = tuple(alias for alias in host.aliases if (alias.rat, alias.band, alias.satisfied_by) not in own)
    unassessed = tuple(item for item in host.not_assessed if item not in edition.not_assessed)
    return msgspec.structs.replace(
        edition,
        requirements=edition.requirements + more,
        aliases=edition.aliases + aliases,
        not_assessed=edition.not_assessed + unassessed,
        listed_models=edition.listed_models or host.listed_models,
    )
