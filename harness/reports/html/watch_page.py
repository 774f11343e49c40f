"""A watch as one HTML page with its picture: no script, no network; device text is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.plain_text import plural
from harness.reports.figures.watch_picture import LANE_WORDS, in_words, lasting, watch_picture
from harness.watch.course import LANES

from .report import environment_for, style_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.watch.course import Course
    from harness.watch.following import Follower


def watch_html(follower: Follower, words: str) -> str:
    """The page as text. `words` say which device it was."""
    from markupsafe import Markup

    course = follower.course
    environment = environment_for(())
    style, style_hash = style_of(environment, f"watch of {words}")
    page: str = environment.get_template("watch.html.j2").render(
        style=style,
        style_hash=style_hash,
        words=words,
        began=follower.began.isoformat(timespec="seconds") if follower.began else None,
        lasted=lasting(course.at_s),
        headline=headline(course),
        asked=how_asked(course),
        picture=Markup(watch_picture(course)),  # noqa: S704 - escapes what it draws
        told=in_words(course),
        slice=lasting(course.slice_s),
        lanes=[(LANE_WORDS[lane], list(_shares(course, lane))) for lane in LANES if course.shares(lane)],
        changes=[(lasting(one.at_s), one.words) for one in course.changes],
        changes_told=_how_many(course),
    )
    return page


def headline(course: Course) -> str:
    """What it came to in one line: how much of the time it was in service, and on which bands."""
    whole = course.whole.seconds
    served = sum(whole["registration"].get(state, 0.0) for state in ("home", "roaming"))
    bands = ", ".join(value for value, _ in course.shares("serving")) or "no band told"
    return f"In service {_percent(served, course.at_s)} of {lasting(course.at_s)}: {bands}"


def how_asked(course: Course) -> str:
    """How often it was asked, and what else came: polling is not free, so a reader must know."""
    every = f", one look in {lasting(course.at_s / course.looks)}" if course.looks else ""
    parts = [f"asked {plural(course.looks, 'time')}{every}", f"{plural(course.unasked, 'message')} came unasked"]
    if course.unanswered:
        parts.append(f"{plural(course.unanswered, 'look')} without an answer")
    if course.losses:
        parts.append(f"it went away {plural(course.losses, 'time')}")
    return f"{'; '.join(parts)}; {plural(course.changed, 'change')}.".capitalize()


def _shares(course: Course, lane: str) -> Iterator[tuple[str, str, str]]:
    for value, seconds in course.shares(lane):  # type: ignore[arg-type]
        yield value, lasting(seconds), _percent(seconds, course.at_s)


def _percent(seconds: float, of: float) -> str:
    """A share that is not all of it never reads 100 %."""
    if of <= 0:
        return "0 %"
    share = 100 * seconds / of
    return "100 %" if seconds >= of - 0.05 else f"{min(share, 99.99):.2f} %"


def _how_many(course: Course) -> str:
    kept = len(course.changes)
    if kept == course.changed:
        return f"All {course.changed}." if kept else "None."
    return f"The last {kept} of {course.changed}; the recording holds all of them."
