"""What a missing band leaves open for the user: the roles of `BandRole` in a few steps, by weight."""

from __future__ import annotations

from typing import Literal

Gap = Literal["coverage-primary", "coverage", "capacity-primary", "capacity", "extended", "none", "open"]
"""What the worst missing band is to the user; `none`: nothing that is listed is missing; `open`: cannot be told."""

_GAP_OF_ROLE: dict[str, Gap] = {
    "coverage-primary": "coverage-primary",
    "public-safety-coverage": "coverage",
    "coverage": "coverage",
    "coverage-rural": "coverage",
    "coverage-limited": "coverage",
    "capacity-primary": "capacity-primary",
    "capacity": "capacity",
    "capacity-rural": "capacity",
    "coverage-legacy": "extended",
    "capacity-legacy": "extended",
}
SEVERITY: dict[Gap, int] = {
    "none": -1,
    "open": 0,
    "extended": 1,
    "capacity": 2,
    "capacity-primary": 3,
    "coverage": 4,
    "coverage-primary": 5,
}


def gap_of_role(role: str) -> Gap:
    """The gap that a missing band of this role leaves."""
    return _GAP_OF_ROLE.get(role, "extended")
