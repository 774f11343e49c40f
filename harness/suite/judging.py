"""Verdicts as pytest's outcomes: what a case raises, what its report carries, what the run has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.plain_text import one_line
from harness.suite.collecting import RequirementItem
from harness.suite.options import option
from harness.verdicts.profile_open import is_profile_open
from harness.verdicts.verdict import Outcome, verdict_of

if TYPE_CHECKING:
    from harness.verdicts.case import Case
    from harness.verdicts.plan import Run
    from harness.verdicts.verdict import Verdict

TARGET_PROPERTIES = ("device", "carrier")
"""What a user's own case tells of itself."""
OWN_PROPERTIES = ("verdict", "reason", "sample", "edition")
"""What a case tells of itself; JUnit of the families that have a place for it holds it."""


class NotMet(AssertionError):
    """The outcome FAIL. An assertion: history tools tell a failed requirement from a broken test by that."""


class Inconclusive(Exception):
    """The outcome INCONC."""


class DeviceError(Exception):
    """The outcome ERROR."""


# Tools that print the kind of an exception print the verdict.
for _class, _word in ((NotMet, "FAIL"), (Inconclusive, "INCONC"), (DeviceError, "ERROR")):
    _class.__qualname__, _class.__module__ = _word, "builtins"


class Judging:
    """The half of a session that judges."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self.config = config
        self.run = run
        self.is_worker = hasattr(config, "workerinput")
        self.inconclusive_passes = option(config, "inconclusive") == "pass"
        """Whether an inconclusive case does not set the run's status."""
        self._strict_profiles = bool(option(config, "strict_profiles"))
        self._found: dict[tuple[str, str, str, str], Verdict] = {}
        self._open: dict[str, None] = {}
        self._unjudged: dict[str, str] = {}

    def prepare(self, case: Case, item: pytest.Item) -> None:
        """Judge a case. A device that could not be read makes its cases errors, not failures."""
        __tracebackhide__ = True
        verdict = item.stash[_VERDICT] = self.run.verdict(case)
        survey = self.run.surveys[case.device]
        item.stash[_OPEN] = is_profile_open(verdict, case, survey)
        # A case that is run again tells its last verdict, not one more.
        item.user_properties[:] = [one for one in item.user_properties if one[0] not in OWN_PROPERTIES]
        item.user_properties.append(("verdict", verdict.outcome.name))
        item.user_properties.append(("reason", one_line(verdict.reason)))
        item.user_properties.append(("edition", verdict.edition))
        if sample := survey.sample or survey.key:
            item.user_properties.append(("sample", one_line(sample)))
        if verdict.outcome is Outcome.ERROR:
            raise DeviceError(one_line(verdict.reason))

    def decide(self, item: pytest.Item) -> None:
        """Turn the verdict into pytest's outcome."""
        __tracebackhide__ = True
        verdict = item.stash[_VERDICT]
        reason = one_line(verdict.reason)
        if verdict.outcome is Outcome.FAIL:
            raise NotMet(reason)
        if verdict.outcome is Outcome.INCONC:
            if self.inconclusive_passes or (item.stash[_OPEN] and not self._strict_profiles):
                pytest.skip(reason)
            raise Inconclusive(reason)
        if verdict.outcome is Outcome.NA:
            pytest.skip(reason)
        if verdict.outcome is Outcome.WAIVED:
            pytest.xfail(reason)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Carry the verdict with pytest's report, also from a worker; show the reason and no traceback."""
        outcome = yield
        report = outcome.get_result()
        verdict: Verdict | None = item.stash.get(_VERDICT, None)
        if report.when not in {"call", "setup"} or (report.when == "setup" and report.passed):
            return
        if verdict is None:
            if (unjudged := getattr(item, "unjudged", None)) is not None:
                report.bandproof_unjudged = unjudged.outcome.name
            return
        open_ = item.stash[_OPEN] and not self._strict_profiles
        report.bandproof = verdict.as_json() | {"open": open_}
        place = item.reportinfo()[0]
        if report.failed:
            told = self.told(item, call.excinfo.value) if call.excinfo else None
            # Else it is another plugin's fault, which its traceback tells.
            report.longrepr = told or report.longrepr
        elif report.skipped and not hasattr(report, "wasxfail"):
            report.longrepr = (str(place), None, one_line(verdict.reason))

    def told(self, item: pytest.Item, error: BaseException) -> Any:
        """The reason as pytest keeps a failure: one line for people, and the same where it looks for a message."""
        verdict = item.stash.get(_VERDICT, None)
        if verdict is None or not isinstance(error, NotMet | Inconclusive | DeviceError):
            return None
        reason = one_line(verdict.reason)
        return as_failure(f"{verdict.outcome.name}  {verdict.requirement}: {reason}", reason, item.reportinfo()[0])

    @property
    def unjudged_outcomes(self) -> list[Outcome]:
        """What became of devices that no carrier judges, where the run asked for them."""
        return [Outcome[one] for one in self._unjudged.values()]

    @property
    def verdicts(self) -> list[Verdict]:
        """One a case, in the order in which they came."""
        return list(self._found.values())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect verdicts in the first process."""
        found: dict[str, Any] | None = getattr(report, "bandproof", None)
        if unjudged := getattr(report, "bandproof_unjudged", None):
            self._unjudged[report.nodeid] = unjudged
        if found is None or self.is_worker:
            return
        verdict = verdict_of(found)
        known = self._found.get(verdict.case)
        self._found[verdict.case] = verdict if known is None else known.again(verdict)
        if found["open"]:
            self._open[f"{verdict.carrier}@{verdict.edition}"] = None

    def profile_lines(self) -> list[str]:
        """`profile open: 6 carriers …`; nothing where the profiles left nothing open."""
        if not self._open:
            return []
        names = list(self._open)
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        word = "carrier" if len(names) == 1 else "carriers"
        return [
            f"profile open: {len(names)} {word} ({', '.join(names[:_MOST])}{more})",
            "no two publishers say what they ask; no device can close that. --strict-profiles counts it",
        ]


def as_failure(words: str, reason: str, place: object) -> Any:
    """Words as pytest keeps a failure, with the reason where it looks for a message."""
    from _pytest._code.code import ReprExceptionInfo, ReprFileLocation, ReprTraceback

    return ReprExceptionInfo(
        reprtraceback=ReprTraceback(reprentries=[], extraline=words, style="value"),
        reprcrash=ReprFileLocation(str(place), 0, reason),
    )


_MOST = 5
_VERDICT = pytest.StashKey["Verdict"]()
"""What the case was judged."""
_OPEN = pytest.StashKey[bool]()
"""Whether only its profile leaves it open."""


def case_of(item: pytest.Item) -> Case | None:
    """The case of one of our items; None for a user's own."""
    return item.case if isinstance(item, RequirementItem) else None
