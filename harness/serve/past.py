"""The history, for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.errors import BandproofError
from harness.requirements.outcomes import Outcome

if TYPE_CHECKING:
    from harness.history.questions.answer import HistoryAnswer

MOST = 1000
_LINKS = {
    "device": "device",
    "key": "device",
    "build": "build",
    "build_before": "build",
    "undone_by": "build",
    "firmware": "build",
    "carrier": "carrier",
    "model": "model",
}
"""Column -> the question that its values lead to."""


class Past:
    """A history at an address; None: there is none."""

    def __init__(self, uri: str | None) -> None:
        self._uri = uri

    def asked(self, question: str, of: str) -> dict[str, Any]:
        """What the page of a question needs."""
        from harness.history.views import cell

        found: HistoryAnswer | None = None
        trouble = ""
        if self._uri is None:
            trouble = "No history is kept here: name one in the bench file, or by BANDPROOF_HISTORY (docs/history.md)."
        elif question:
            try:
                found = self._answer(self._uri, question, of)
            except BandproofError as error:
                trouble = error.message
        links = {
            name: to
            for name, to in _LINKS.items()
            if not (question in {"model", "build", "carrier"} and name == "device")
        }
        return {
            "answer": found,
            "trouble": trouble,
            "question": question,
            "of": of,
            "cell": cell,
            "outcomes": [one.name for one in Outcome],
            "links": links,
            "most": MOST,
        }

    @staticmethod
    def _answer(uri: str, question: str, of: str) -> HistoryAnswer | None:
        from harness.history.questions import changes, coverage, device, flaky
        from harness.history.store import Store

        store = Store(uri)
        if question == "flaky":
            since, month = flaky.month_since(flaky.DAYS)
            return flaky.flaky(store.view(since=month), since)
        if question == "coverage":
            return coverage.coverage(store.view())
        if question == "model":
            return changes.lost_by_model(store.view(), of or None)
        if not of:
            return None
        if question == "device":
            return device.last_verdicts(store.view(), of)
        if question == "carrier":
            return coverage.carrier_results(store.view(), of)
        return changes.changes_of_build(store.view(), of) if question == "build" else None
