"""Carrier profiles and device sheets as values.

Struct fields are the keys of the YAML files, one to one: an unknown key or a wrong type is an error (`files`), and so
is what the types cannot say (`rules`). A new kind of requirement is one more class in the `Requirement` union.
Level, policy and any-of are meant as in the profile documentation: mandatory and recommended decide under `strict`,
mandatory with its any-of groups under `service`, informative never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from . import dates

if TYPE_CHECKING:
    from datetime import date

PROFILE_FORMAT = "bandproof.profile/1"
SHEET_FORMAT = "bandproof.sheet/1"

Level = Literal["mandatory", "recommended", "informative"]
GradeWord = Literal["declared", "observed", "measured"]
Authority = Literal["carrier", "regulator", "two_sources", "one_source"]
Confidence = Literal["A", "B", "C", "D"]
"""A: the publisher itself (carrier, maker, regulator). B: agreeing public lists. C: one list or a forum. D: memory."""
BandRat = Literal["gsm", "umts", "lte", "nr"]
Relation = Literal["superset", "subset", "legacy_alias", "alternative"]
BandRole = Literal[
    "coverage-primary",
    "coverage",
    "coverage-rural",
    "coverage-limited",
    "coverage-legacy",
    "capacity-primary",
    "capacity",
    "capacity-rural",
    "capacity-legacy",
    "extended",
    "extended-cbrs",
    "extended-laa",
    "supplementary-dl",
    "public-safety-coverage",
    "legacy-alias",
    "millimetre-wave",
    "unknown",
]
Volte = Literal["required", "recommended", "not_required", "unknown"]
VoiceFallback = Literal["gsm", "umts", "cdma"]
AppsWord = Literal["present", "absent"]

DateText = Annotated[str, Meta(pattern=dates.PATTERN, description="a year, a month or a day, in quotes: 2024, 2017-03")]
RequirementId = Annotated[str, Meta(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$", description="such as ATT-LTE-B12")]
CarrierId = Annotated[
    str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$", description="such as us/att")
]
VariantId = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="such as global")]
CountryCode = Annotated[str, Meta(pattern=r"^([A-Z]{2}|intl)$", description="ISO 3166 alpha-2 in capitals, or intl")]
PlmnText = Annotated[str, Meta(pattern=r"^[0-9]{5,6}$", description='MCC and MNC in quotes, such as "310410"')]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all values here: immutable, and closed against unknown keys."""


class Alternative(Strict, frozen=True, kw_only=True):
    """A band of the same RAT that may stand in for the required one (any-of group).

    `superset` and `subset` nest in spectrum (radio.overlaps); `legacy_alias` needs an `Alias` of the edition;
    `alternative` is separate spectrum, where the sources do not say which of the two the carrier wants.
    """

    band: int
    relation: Relation
    note: str = ""


class Alias(Strict, frozen=True, kw_only=True):
    """Since that date, band `satisfied_by` serves where `band` is asked (MFBI): PASS_NOTE, even under strict."""

    band: int
    satisfied_by: int
    since: DateText
    reason: str
    rat: BandRat = "lte"


class Rule(Strict, frozen=True, kw_only=True, tag_field="kind"):
    """What every requirement has. `needed` is the lowest grade of evidence that can pass it."""

    kind: ClassVar[str] = ""
    id: RequirementId
    level: Level
    needed: GradeWord = "declared"
    publishers: tuple[str, ...] = ()
    """Independent publishers that name it; lists that copy one page count once."""
    authority: Authority | None = None
    as_of: DateText | None = None
    note: str = ""

    @property
    def evidence_count(self) -> int:
        """How many independent publishers name it."""
        return len(set(self.publishers))


class BandRule(Rule, frozen=True, kw_only=True, tag="band"):
    """The device supports this band, or (as the policy allows) one of `any_of`."""

    kind: ClassVar[str] = "band"
    rat: BandRat
    band: int
    role: BandRole
    any_of: tuple[Alternative, ...] = ()

    @property
    def bands(self) -> tuple[int, ...]:
        """The band and its alternatives, the band first."""
        return (self.band, *(alternative.band for alternative in self.any_of))


class AttachRule(Rule, frozen=True, kw_only=True, tag="attach"):
    """The device is attached on one of these bands now. NA unless the SIM belongs to the carrier."""

    kind: ClassVar[str] = "attach"
    needed: GradeWord = "observed"
    any_of: dict[BandRat, tuple[int, ...]]


class RegisteredRule(Rule, frozen=True, kw_only=True, tag="registered"):
    """The device is registered for data in one of these states. NA unless the SIM belongs to the carrier."""

    kind: ClassVar[str] = "registered"
    needed: GradeWord = "observed"
    states: tuple[Literal["home", "roaming"], ...] = ("home",)


class RomRegionRule(Rule, frozen=True, kw_only=True, tag="rom_region"):
    """The ROM is built for one of these regions (as the probes name it: global, eea, india ...)."""

    kind: ClassVar[str] = "rom_region"
    needed: GradeWord = "observed"
    any_of: tuple[str, ...]


class GoogleAppsRule(Rule, frozen=True, kw_only=True, tag="google_apps"):
    """Google's services and store are on the device and enabled."""

    kind: ClassVar[str] = "google_apps"
    needed: GradeWord = "observed"


Requirement = BandRule | AttachRule | RegisteredRule | RomRegionRule | GoogleAppsRule
REQUIREMENT_CLASSES: tuple[type[Rule], ...] = get_args(Requirement)


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


class Edition(Strict, frozen=True, kw_only=True):
    """A carrier's profile as of a date."""

    as_of: DateText
    sources: tuple[str, ...]
    confidence: Confidence
    requirements: tuple[Requirement, ...]
    aliases: tuple[Alias, ...] = ()
    inherits: Inherits | None = None
    voice: Voice | None = None
    note: str = ""

    @property
    def first_day(self) -> date:
        """The day from which this edition holds."""
        return dates.first_day(self.as_of)

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
        return tuple(
            sorted(
                rule.band
                for rule in self.requirements
                if isinstance(rule, BandRule) and rule.rat == rat and rule.level in wanted
            )
        )

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
        return dates.a_year_after(dates.last_day(self.as_of)) < on


class Carrier(Strict, frozen=True, kw_only=True):
    """A carrier (or a retail expectation) with its editions, oldest first."""

    format: Literal["bandproof.profile/1"]
    id: CarrierId
    name: str
    country: CountryCode
    editions: tuple[Edition, ...]
    nature: Literal["carrier", "retail"] = "carrier"
    """`retail`: what a buyer may expect of any device; no SIM ever selects it."""
    aliases: tuple[str, ...] = ()
    """Other names that people use: the company's, the brand's."""
    plmns: tuple[PlmnText, ...] = ()
    gid1: tuple[str, ...] = ()
    """GID1 prefixes that tell this brand from others on the same PLMN; empty = any."""
    android_carrier_id: int | None = None
    host: CarrierId | None = None
    """The carrier on whose network this one runs."""
    status: Literal["current", "historical"] = "current"
    ended: DateText | None = None
    """The last day of the network."""
    note: str = ""

    def ended_by(self, on: date) -> bool:
        """Whether the network was off before that day."""
        return self.ended is not None and dates.last_day(self.ended) < on


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
