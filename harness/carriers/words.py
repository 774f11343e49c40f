"""The words and forms of profiles and device sheets: what a key may hold."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from . import dates

PROFILE_FORMAT = "bandproof.profile/1"
SHEET_FORMAT = "bandproof.sheet/1"

Level = Literal["mandatory", "recommended", "informative"]
GradeWord = Literal["declared", "observed", "measured"]
Authority = Literal["carrier", "regulator", "two_sources", "one_source"]
Confidence = Literal["A", "B", "C", "D"]
"""A: the publisher itself (carrier, maker, regulator). B: agreeing public lists. C: one list or a forum. D: memory."""
BandRat = Literal["gsm", "umts", "lte", "nr"]
NrMode = Literal["sa", "nsa", "either"]
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
VolteState = Literal["available", "provisioned", "registered"]
NetworkStatus = Literal["live", "closed", "planned", "unknown"]

DateText = Annotated[str, Meta(pattern=dates.PATTERN, description="a year, a month or a day, in quotes: 2024, 2017-03")]
RequirementId = Annotated[str, Meta(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$", description="such as ATT-LTE-B12")]
CarrierId = Annotated[
    str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$", description="such as us/att")
]
Gid1Text = Annotated[
    str, Meta(pattern=r"^([0-9A-Fa-f]{2})+$", description='hexadecimal digits in quotes, such as "544A"')
]
VariantId = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="such as global")]
CountryCode = Annotated[str, Meta(pattern=r"^([A-Z]{2}|intl)$", description="ISO 3166 alpha-2 in capitals, or intl")]
CombinationText = Annotated[
    str,
    Meta(
        pattern=r"^(CA_[0-9]|CA_n[0-9]|DC_[0-9])[0-9A-Za-z()_-]*$",
        description="such as CA_2A-12A, CA_n41A-n71A, DC_2A-66A_n71A",
    ),
]
UplinkText = Annotated[
    str, Meta(pattern=r"^[0-9A-Zn_()-]*$", description="the carriers with an uplink, such as 2A or 66A_n71A")
]
Glob = Annotated[str, Meta(min_length=1, description="a name, in which * stands for any text: *ATT*")]
PlmnText = Annotated[str, Meta(pattern=r"^[0-9]{5,6}$", description='MCC and MNC in quotes, such as "310410"')]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all values here: immutable, and closed against unknown keys."""
