"""What a missing band means for the user, by the role that it has at the carrier. Sentences for reasons, no rules."""

from __future__ import annotations

EFFECTS = {
    "coverage-primary": "the main coverage band, so no service indoors and far out where only it reaches",
    "coverage": "a coverage band, so service indoors and far out has holes",
    "coverage-rural": "a coverage band in the country, so service there has holes",
    "coverage-limited": "a coverage band of some areas, so service there has holes",
    "coverage-legacy": "a coverage band of a network that ends",
    "public-safety-coverage": "the public-safety coverage band, so none of its reach and priority",
    "capacity-primary": "the main capacity band, so slow or no service where it carries the load",
    "capacity": "a capacity band, so slower where it carries the load",
    "capacity-rural": "a capacity band in the country, so slower there",
    "capacity-legacy": "a capacity band of a network that ends",
    "extended": "an extended band, so slower where it is on air",
    "extended-cbrs": "an extended band (CBRS), so slower where it is on air",
    "extended-laa": "an extended band (LAA, unlicensed), so slower where it is on air",
    "supplementary-dl": "a supplementary downlink, so slower downlink where it is aggregated",
    "legacy-alias": "another name of a block that has a newer one",
    "millimetre-wave": "a millimetre-wave band, so no peak rates at hot spots",
}
"""By the words of `BandRole`; a role that is unknown has no effect that could be told."""


ROLES = {
    "coverage-primary": "main coverage",
    "coverage-rural": "rural coverage",
    "coverage-limited": "coverage of some areas",
    "coverage-legacy": "coverage of a network that ends",
    "public-safety-coverage": "public-safety coverage",
    "capacity-primary": "main capacity",
    "capacity-rural": "rural capacity",
    "capacity-legacy": "capacity of a network that ends",
    "extended-cbrs": "CBRS",
    "extended-laa": "LAA, unlicensed",
    "supplementary-dl": "supplementary downlink",
    "legacy-alias": "older name of a newer band",
    "millimetre-wave": "millimetre wave",
}
"""Role -> how people call it; a role that is not here is its own word."""


def role_words(role: str) -> str:
    """What a carrier has a band for, as people say it: `main coverage`, `LAA, unlicensed`."""
    return ROLES.get(role, role.replace("-", " ").replace("_", " "))


def effect_of_missing(role: str, note: str) -> str:
    """The effect and the profile's own note on the band (such as that an alias does not hold yet); may be empty."""
    return "; ".join(part for part in (EFFECTS.get(role, ""), note.rstrip(".")) if part)


def missing_words(label: str, role: str, note: str) -> str:
    """`B12 is missing: the main coverage band, so …`; with the role alone where no effect could be told."""
    effect = effect_of_missing(role, note)
    return f"{label} is missing: {effect}" if effect else f"{label} is missing ({role_words(role)})"
