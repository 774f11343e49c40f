"""What a sweep or a live capture did not put back: told at the end of the run, and by its exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import StateError
from harness.links.addresses import parse_address
from harness.trial_facts import StateCompared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harness.survey.survey import Survey

NOT_PUT_BACK = StateError.exit_status
"""The exit status where a device is not as it was found."""


def left_changed(surveys: Mapping[str, Survey]) -> list[str]:
    """A line for each live device of which something is not as before."""
    lines = []
    for name, survey in surveys.items():
        changed = [one.words for one in survey.all(StateCompared) if not one.is_back and not one.watched]
        if changed and parse_address(survey.address.split(" + ")[0]).kind != "recording":
            lines.append(f"{name} is NOT put back: {', '.join(changed)}; run `bandproof restore`")
    return lines


def left_by_captures(surveys: Iterable[Survey]) -> tuple[str, ...]:
    """What captures of a capability have not put back, in words."""
    from harness.survey.live.session import session_of

    exchanges = [exchange for survey in surveys for kind, exchange in survey.exchanges if kind == "uecap"]
    sessions = [found for one in exchanges if (found := session_of(one)) is not None]
    return tuple(one.left for one in sessions if one.left)
