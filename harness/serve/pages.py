"""The page and its parts, rendered here; every text of a device, a run or a person is escaped."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from harness.reports.document.words import VERDICTS
from harness.reports.html.report import moment, shown
from harness.requirements.outcomes import Outcome

if TYPE_CHECKING:
    from jinja2 import Environment

    from .board import Board

TEMPLATES = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")
_LINES = 12
"""So many of the last result, the heaviest first: what the bench does now stands below it."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clock"] = clock
    made.filters["moment"] = moment
    made.filters["verdict"] = lambda word: VERDICTS[Outcome[word]][0] if word in Outcome.__members__ else word
    made.filters["segment"] = lambda text: quote(str(text), safe="")
    return made


def clock(text: str) -> str:
    """`14:03:11 UTC` of a moment of today, else with its day."""
    if len(text) < 19:
        return text
    today = datetime.now(UTC).date().isoformat()
    return f"{'' if text.startswith(today) else f'{text[:10]} '}{text[11:19]} UTC"


def page(template: str, /, **variables: Any) -> str:
    """A whole page."""
    return environment().get_template(template).render(**variables)


def part(board: Board, kind: str, key: str) -> tuple[str, str]:
    """The id of a part, and what stands in it; empty where it is gone."""
    if kind == "device":
        seat = board.seats.get(key)
        return f"device-{quote(key, safe='')}", _part("device.html.j2", seat=seat, board=board) if seat else ""
    if kind == "run":
        run = board.runs.get(key)
        is_shown = run is not None and not run.is_over
        return f"run-{key}", _part("run.html.j2", run=run) if is_shown else ""
    if kind == "prompt":
        prompt = board.prompts.get(key)
        until = datetime.fromtimestamp(prompt.until, UTC).isoformat() if prompt else ""
        return f"prompt-{key}", _part("prompt.html.j2", prompt=prompt, until=until) if prompt else ""
    return "result", _part("result.html.j2", run=board.last, most_lines=_LINES)


def notice(words: str) -> str:
    """One sentence, as it stands in the page."""
    from markupsafe import escape

    return str(escape(shown(words)))


def _part(template: str, /, **variables: Any) -> str:
    return environment().get_template(template).render(**variables).strip()
