"""What a device was asked and did not tell, by what it would have told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import Unread
from harness.radio.rats import same_rat

if TYPE_CHECKING:
    from harness.observations import Topic
    from harness.survey.survey import Survey


def unread(survey: Survey, what: Topic, rat: str | None = None) -> tuple[str, ...]:
    """Requests whose lost answers would have told this, of a radio technology where one is named."""
    lost = (one for one in survey.all(Unread) if one.what == what)
    return tuple(
        dict.fromkeys(one.request for one in lost if None in (one.rat, rat) or same_rat(str(rat), str(one.rat)))
    )
