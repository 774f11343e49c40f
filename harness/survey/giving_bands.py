"""Of which devices of a run an operator gives bands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.errors import UsageError

from .given_bands import WAY_OUT, given_bands

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .given_bands import GivenBands
    from .survey import Survey
    from .targets import Target

_OPTION = re.compile(r"(?:(.+?):)??((?:[a-z0-9_]+\s*=[^=]*)+)", re.DOTALL | re.IGNORECASE)


def given_to(targets: Sequence[Target], options: Iterable[str], source: str) -> tuple[Target, ...]:
    """The targets with the bands that were given of them. Raises UsageError where it is not clear of which."""
    told = list(options)
    if source.strip() and not told:
        raise UsageError("--bands-source says where bands are from, and no bands are given", way_out=WAY_OUT)
    found: dict[str, GivenBands] = {}
    for text in told:
        match = _OPTION.fullmatch(text.strip())
        if not match:
            raise UsageError(f"--bands {text!r} names no bands", way_out=WAY_OUT)
        device = _whose(match[1] or "", targets, text)
        if device in found:
            raise UsageError(f"--bands stands twice for {device}", way_out="write one: --bands='lte=2,4 nr=41'")
        found[device] = given_bands(match[2], source)
    return tuple(replace(one, given_bands=found[one.device]) if one.device in found else one for one in targets)


def _whose(named: str, targets: Sequence[Target], text: str) -> str:
    if not named:
        if len(targets) == 1:
            return targets[0].device
        raise UsageError(f"--bands {text}: of which of the {len(targets)} devices?", way_out=WAY_OUT)
    plain = named.removeprefix("bench:")
    for one in targets:
        if plain == one.device or named in one.addresses:
            return one.device
    raise UsageError(f"--bands {text}: no device of this run is {named}", way_out=WAY_OUT)


def with_given(surveys: Mapping[str, Survey], targets: Sequence[Target]) -> dict[str, Survey]:
    """The surveys, which are in the order of the targets, with what was given of each."""
    return {
        name: replace(survey, given_bands=target.given_bands)
        for (name, survey), target in zip(surveys.items(), targets, strict=True)
    }
