"""Waivers: deviations that somebody answers for, until a day.

    format: bandproof.waivers/1
    waivers:
      - id: W-2026-01
        carrier: us/att            # or us/att@2024 for one edition
        requirement: ATT-LTE-B14
        device: mix2-1             # left out: every device
        owner: carrier acceptance
        reason: not sold to first responders, agreed with the carrier in mail 17
        expires: 2026-12-31

A waiver turns FAIL and INCONC into WAIVED, nothing else, and only where something was judged: what the device was not
asked, did not answer or lost with itself stays INCONC. One that has expired, or that fits no case of the run, is an error:
a waiver that does nothing hides a mistake.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from harness.errors import FileError
from harness.observations import Unread
from harness.yamlfiles import shape, strict_yaml
from harness.yamlfiles.problem import Problem

from .verdict import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from harness.survey.survey import Survey

    from .case import Case

FORMAT = "bandproof.waivers/1"

Words = Annotated[str, Meta(min_length=1)]


class Waiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One deviation that is accepted for a time."""

    id: Words
    carrier: Annotated[
        str, Meta(pattern=r"^[a-z0-9-]+/[a-z0-9-]+(@[0-9-]+)?$", description="such as us/att or us/att@2024")
    ]
    requirement: Words
    owner: Words
    reason: Words
    expires: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", description="a day: 2026-12-31")]
    device: str | None = None

    def fits(self, case: Case) -> bool:
        """Whether it is about this case."""
        carrier = case.selected.ref if "@" in self.carrier else case.selected.carrier.id
        return (
            self.requirement == case.rule.id
            and self.carrier == carrier
            and (self.device is None or self.device == case.device)
        )


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Annotated[str, Meta(pattern=r"^bandproof\.waivers/1$", description=FORMAT)]
    waivers: tuple[Waiver, ...]


def load_waivers(path: Path, today: date) -> tuple[Waiver, ...]:
    """The waivers of a file that are in force on a day. Raises FileError, with line and column, also for an expired one."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise FileError(f"cannot be read: {why}", path=str(path)) from None
    value, marks = strict_yaml.load(text, str(path))
    try:
        found = msgspec.convert(value, _File).waivers
        problems = list(_problems(found, today))
    except msgspec.ValidationError as error:
        problems, found = list(shape.problems(value, _File)) or [Problem((), str(error))], ()
    if problems:
        line, column = strict_yaml.nearest_mark(marks, problems[0].path)
        raise FileError(problems[0].message, path=str(path), line=line, column=column)
    return found


def _problems(waivers: Iterable[Waiver], today: date) -> Iterator[Problem]:
    ids: set[str] = set()
    for index, waiver in enumerate(waivers):
        place = ("waivers", index)
        if waiver.id in ids:
            yield Problem((*place, "id"), f'the id "{waiver.id}" stands here twice')
        ids.add(waiver.id)
        try:
            last = date.fromisoformat(waiver.expires)
        except ValueError:
            yield Problem((*place, "expires"), f'"{waiver.expires}" is no day')
            continue
        if last < today:
            yield Problem((*place, "expires"), f"waiver {waiver.id} expired on {waiver.expires}")


def require_matches(waivers: Iterable[Waiver], cases: Iterable[Case], path: str) -> None:
    """Raises FileError for a waiver that fits no case."""
    planned = list(cases)
    for waiver in waivers:
        if not any(waiver.fits(case) for case in planned):
            about = f"{waiver.carrier} {waiver.requirement}" + (f" of {waiver.device}" if waiver.device else "")
            raise FileError(
                f"waiver {waiver.id} fits no case of this run ({about})",
                path=path,
                way_out="correct it, or leave it out of this run",
            )


def waived(verdict: Verdict, case: Case, waivers: Iterable[Waiver], survey: Survey) -> Verdict:
    """The verdict, WAIVED where it is FAIL or INCONC and a waiver fits; the reason keeps what was waived.

    INCONC for want of an answer stays INCONC: a deviation can be answered for, what nobody read cannot.
    """
    if verdict.outcome not in {Outcome.FAIL, Outcome.INCONC}:
        return verdict
    waiver = next((one for one in waivers if one.fits(case)), None)
    if waiver is None:
        return verdict
    if verdict.outcome is Outcome.INCONC and not _was_read(verdict, survey):
        why = f"{verdict.reason}; waiver {waiver.id} does not apply: it waives what was judged, and this was not read"
        return replace(verdict, reason=why)
    reason = (
        f"{verdict.outcome.name} waived by {waiver.id} until {waiver.expires} ({waiver.owner}: {waiver.reason}); "
        f"{verdict.reason}"
    )
    return replace(verdict, outcome=Outcome.WAIVED, reason=reason)


def _was_read(verdict: Verdict, survey: Survey) -> bool:
    """Whether an open verdict rests on answers: the device was there to the end, and no answer it needs is missing."""
    if survey.trouble or (verdict.grade is None and not verdict.evidence):
        return False
    unread = {(one.source.link, one.source.exchange) for one in survey.all(Unread) if one.source is not None}
    return not any((place.link, place.exchange) in unread for place in verdict.evidence)
