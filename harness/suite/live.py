"""A run seen from the bench page: what it does is told as it happens, where a page is there to follow it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from harness.serve.feed import Feed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.reports.document.document import Document
    from harness.reports.document.entries import OwnCaseEntry
    from harness.suite.progress import Progress
    from harness.survey.survey import Survey
    from harness.survey.targets import Target


class LiveRun:
    """What of a run a page can follow."""

    def __init__(self, key: str, bench: str | None) -> None:
        self.key = key
        self._bench = bench
        self._feed = Feed(key)
        self._counts: Counter[str] = Counter()
        self._total = 0

    @property
    def is_watched(self) -> bool:
        """Whether a page may follow."""
        return self._feed.is_open

    def begin(self, directory: Path, targets: Sequence[Target]) -> None:
        """The devices are known."""
        if self._feed.is_open:
            self._feed.begin(self.key, directory, self._bench, [one.device for one in targets])

    def asking(self, device: str, request: str) -> None:
        """A device is asked its next question."""
        self._feed.tell("ask", device=device, request=str(request)[:200])

    def told(self, survey: Survey) -> None:
        """A device has been read, or could not be."""
        if not self._feed.is_open:
            return
        from harness.binding.service import attached
        from harness.observations import Sim
        from harness.radio.tables import band_label
        from harness.recording.scrubbing.scrub import hide_address
        from harness.reports.document.firmware import firmware_of

        cells = [one for one in attached(survey) if one.band is not None]
        sims = survey.all(Sim)
        trouble = hide_address(survey.trouble, survey.address) if survey.trouble else None
        self._feed.tell(
            "read",
            device=survey.device,
            # What was never read is called by its address, which is no name of a kind of device.
            label=survey.label if survey.kind else None,
            firmware=firmware_of(survey.identity.as_json()),
            sim=", ".join(dict.fromkeys(one.plmn for one in sims if one.plmn))
            or ", ".join(dict.fromkeys(one.state for one in sims if one.state))
            or None,
            band=" ".join(dict.fromkeys(band_label(str(one.rat), one.band or 0) for one in cells)) or None,
            trouble=trouble,
            seconds=round(survey.elapsed_s, 2),
        )

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """How many cases there are."""
        self._total = len(session.items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A case has come to its verdict."""
        found: dict[str, Any] | None = getattr(report, "bandproof", None)
        word = found["verdict"] if found is not None else getattr(report, "bandproof_unjudged", None)
        if word is None or not self._feed.is_open:
            return
        self._counts[str(word)] += 1
        done = sum(self._counts.values())
        self._feed.count(done, max(done, self._total), dict(self._counts))

    def end(self, document: Document) -> None:
        """The report is written."""
        if self._feed.is_open:
            self._feed.tell(
                "end",
                answer=document.answer,
                number=document.run.number,
                complete=document.run.complete,
                verdicts={one.name: count for one, count in document.summary.counts().items() if count},
                unjudged=[{"device": name, "verdict": outcome.name} for name, outcome in document.unjudged],
                own=[
                    {"device": one.device, "case": one.text, "verdict": _own_word(one)}
                    for one in document.own_cases
                    if one.outcome in {"failed", "error"}
                ],
                results=[
                    {"device": one.device, "carrier": one.carrier, "edition": one.edition, "verdict": one.verdict.name}
                    for one in document.results
                ],
            )
        self._feed.close()


def _own_word(case: OwnCaseEntry) -> str:
    """A case that nobody answered is inconclusive, and its reason begins so."""
    if case.reason.startswith("INCONC "):
        return "INCONC"
    return "FAIL" if case.outcome == "failed" else "ERROR"


class _Heard:
    """Several that are told of the same reading."""

    def __init__(self, *listeners: Progress | LiveRun) -> None:
        self._listeners = listeners

    def told(self, survey: Survey) -> None:
        for one in self._listeners:
            one.told(survey)

    def asking(self, device: str, request: str) -> None:
        for one in self._listeners:
            one.asking(device, request)


def heard_by(*listeners: Progress | LiveRun | None) -> _Heard:
    """All of them that are there, as one that `read_devices` tells."""
    return _Heard(*(one for one in listeners if one is not None))
