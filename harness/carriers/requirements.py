"""Kinds of requirement. A new kind is one more class in the `Requirement` union, and one judge of it.

Level, policy and any-of are meant as in the profile documentation: mandatory and recommended decide under `strict`,
mandatory with its any-of groups under `service`, informative never.
"""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

import msgspec

from .words import (
    Authority,
    BandRat,
    BandRole,
    CombinationText,
    DateText,
    Glob,
    GradeWord,
    Level,
    Relation,
    RequirementId,
    Strict,
    UplinkText,
    VolteState,
)


class Alternative(Strict, frozen=True, kw_only=True):
    """A band of the same RAT that may stand in for the required one (any-of group).

    `superset` and `subset` nest in spectrum (radio.overlaps); `legacy_alias` needs an `Alias` of the edition;
    `alternative` is separate spectrum, where the sources do not say which of the two the carrier wants.
    """

    band: int
    relation: Relation
    note: str = ""


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
    ul_mhz: tuple[float, float] | None = None
    """The part of the band that the carrier uses, as its uplink; None = the whole, or not known."""

    @property
    def bands(self) -> tuple[int, ...]:
        """The band and its alternatives, the band first."""
        return (self.band, *(alternative.band for alternative in self.any_of))

    def served_by_part(self, ul_mhz: tuple[float, float]) -> bool | None:
        """Whether hardware with this part of the band alone (uplink, MHz) serves the carrier.

        None where the carrier's part is not known, or lies only half inside: its cells may be wider than the filter.
        """
        if self.ul_mhz is None:
            return None
        if ul_mhz[0] <= self.ul_mhz[0] and self.ul_mhz[1] <= ul_mhz[1]:
            return True
        return False if self.ul_mhz[1] <= ul_mhz[0] or ul_mhz[1] <= self.ul_mhz[0] else None


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


class BandEnabledRule(Rule, frozen=True, kw_only=True, tag="band_enabled"):
    """The band is configured now, not only supported: what a regulator may ask of every handset sold."""

    kind: ClassVar[str] = "band_enabled"
    needed: GradeWord = "measured"
    rat: BandRat
    band: int


class CombinationRule(Rule, frozen=True, kw_only=True, tag="combination"):
    """The device supports this carrier aggregation or dual connectivity, or a larger one that has it as a fallback.

    `configuration` as 3GPP writes it: CA_2A-12A, CA_n41C, DC_2A-66A_n71A. Without `uplink` any uplink will do.
    """

    kind: ClassVar[str] = "combination"
    needed: GradeWord = "measured"
    configuration: CombinationText
    uplink: UplinkText = ""


class UeCategoryRule(Rule, frozen=True, kw_only=True, tag="ue_category"):
    """The LTE UE category is at least this one, by its peak rate (TS 36.306 table 4.1-1, 4.1A-1, 4.1A-2)."""

    kind: ClassVar[str] = "ue_category"
    needed: GradeWord = "measured"
    dl: int | None = None
    ul: int | None = None


class MfbiRule(Rule, frozen=True, kw_only=True, tag="mfbi"):
    """The device follows a multi-frequency band indicator on LTE (TS 36.331 annex B.1, indicator 31)."""

    kind: ClassVar[str] = "mfbi"
    needed: GradeWord = "measured"


class CoverageRule(Rule, frozen=True, kw_only=True, tag="coverage"):
    """No band below 1 GHz is confirmed by two publishers: what reaches indoors is not known, so nothing can pass it."""

    kind: ClassVar[str] = "coverage"
    candidates: dict[BandRat, tuple[int, ...]] = msgspec.field(default_factory=dict)
    """Bands below 1 GHz that one publisher names."""


class VolteRule(Rule, frozen=True, kw_only=True, tag="volte"):
    """Calls over LTE: the carrier's configuration offers VoLTE, it is provisioned, the device is registered for IMS.

    NA unless the SIM belongs to the carrier: the configuration on the device is that of the SIM.
    """

    kind: ClassVar[str] = "volte"
    needed: GradeWord = "observed"
    states: tuple[VolteState, ...] = ("available",)


class CustomisationRule(Rule, frozen=True, kw_only=True, tag="customisation"):
    """The carrier's customisation is on the device: each of the named parts, by one of its names."""

    kind: ClassVar[str] = "customisation"
    needed: GradeWord = "observed"
    carrier_config: tuple[Glob, ...] = ()
    """Names of the modem's carrier configuration (MBN, PRI)."""
    build: tuple[Glob, ...] = ()
    """Names of the build, such as `*_TMO_*`."""
    apps: tuple[Glob, ...] = ()
    """Package names of the carrier's apps; every one of them must be there and enabled."""


class FirmwareRule(Rule, frozen=True, kw_only=True, tag="firmware"):
    """Baseband and build are in the carrier's list; of each named part one pattern must fit."""

    kind: ClassVar[str] = "firmware"
    needed: GradeWord = "observed"
    baseband: tuple[Glob, ...] = ()
    build: tuple[Glob, ...] = ()


class ModelRule(Rule, frozen=True, kw_only=True, tag="model"):
    """The model number (the hardware variant, never the marketing name) is one that the carrier accepts."""

    kind: ClassVar[str] = "model"
    needed: GradeWord = "observed"
    any_of: tuple[Glob, ...]


Requirement = (
    BandRule
    | AttachRule
    | RegisteredRule
    | RomRegionRule
    | GoogleAppsRule
    | BandEnabledRule
    | CombinationRule
    | UeCategoryRule
    | MfbiRule
    | CoverageRule
    | VolteRule
    | CustomisationRule
    | FirmwareRule
    | ModelRule
)
REQUIREMENT_CLASSES: tuple[type[Rule], ...] = get_args(Requirement)
KINDS = tuple(one.kind for one in REQUIREMENT_CLASSES)
