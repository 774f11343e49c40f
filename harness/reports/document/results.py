"""The words of a result: what came of each device and carrier, and the sentences that a reviewer reads first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harness.verdicts.verdict import Outcome

from .editions import bands_asked
from .entries import CarrierResult, ReasonEntry
from .words import BASIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.verdicts.result import Result

    from .entries import DeviceEntry

_MOST_NAMED = 6
_HOW = {Outcome.PASS: "", Outcome.PASS_NOTE: ", with notes", Outcome.WAIVED: ", under waivers"}


def result_entry(result: Result) -> CarrierResult:
    """A result as the document keeps it."""
    carrier, edition = result.selected.carrier, result.selected.edition
    return CarrierResult(
        device=result.device,
        carrier=carrier.id,
        name=carrier.name,
        edition=edition.as_of,
        verdict=result.outcome,
        met=result.met,
        asked=result.asked,
        grade=result.grade.word if result.grade else None,
        bands_asked=bands_asked(edition),
        missing=tuple(one.label for one in result.missing),
        missing_roles=tuple(one.role for one in result.missing),
        reasons=tuple(ReasonEntry(one.requirement, one.outcome, one.reason) for one in result.told),
        not_run=result.not_run,
        sentence=sentence(result),
    )


def sentence(result: Result) -> str:
    """`does not meet AT&T Mobility (edition 2024): B14 and B66 missing`."""
    who = f"{result.selected.carrier.name} (edition {result.selected.edition.as_of})"
    if result.outcome in _HOW:
        basis = BASIS.get(result.grade.word if result.grade else "", "")
        return f"meets {who}{' ' if basis else ''}{basis}{_HOW[result.outcome]}"
    first = result.told[0].reason if result.told else ""
    if result.outcome is Outcome.FAIL:
        missing = [f"{listed([one.label for one in result.missing])} missing"] if result.missing else []
        others = dict.fromkeys(verdict.reason for verdict in result.failures)
        return f"does not meet {who}: {'; '.join([*missing, *others])}"
    if result.outcome is Outcome.ERROR:
        return f"was not judged by {who}: {first}"
    if result.outcome is Outcome.NA:
        return f"has nothing to be judged by {who}"
    if not result.told or result.told[0].outcome is not Outcome.INCONC:
        return f"cannot be told for {who}: {len(result.not_run)} requirements were not judged in this run"
    return f"cannot be told for {who}: {first}{_and_more(result)}"


def _and_more(result: Result) -> str:
    more = sum(one.outcome is Outcome.INCONC for one in result.told) - 1
    return f" (and {more} more open)" if more > 0 else ""


def listed(words: Sequence[str]) -> str:
    """`B14 and B66`, `B1, B2 and 5 more`."""
    if len(words) > _MOST_NAMED:
        return f"{', '.join(words[: _MOST_NAMED - 1])} and {len(words) - _MOST_NAMED + 1} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def answer(devices: Sequence[DeviceEntry], results: Sequence[CarrierResult]) -> str:
    """The whole run in one sentence."""
    if not results:
        return "RF band fit: no carrier was judged."
    if len(devices) == 1:
        return _of_one_device(devices[0].label, results)
    fitting = {one.device for one in devices} - {one.device for one in results if not one.is_met}
    fitting &= {one.device for one in results}
    whom = f"all {_carriers(results)} carriers asked" if _carriers(results) > 1 else f"{results[0].name}"
    return f"RF band fit: {len(fitting)} of {len(devices)} devices meet{'s' * (len(fitting) == 1)} {whom}."


def _of_one_device(label: str, results: Sequence[CarrierResult]) -> str:
    if len(results) <= 2:
        return f"RF band fit: {label} {'; '.join(result.sentence for result in results)}."
    names = Counter(result.name for result in results)
    named = [(one, one.name if names[one.name] == 1 else f"{one.name} of {one.edition}") for one in results]
    meets = [name for result, name in named if result.is_met]
    fails = [name for result, name in named if result.verdict is Outcome.FAIL]
    rest = [name for result, name in named if not result.is_met and result.verdict is not Outcome.FAIL]
    parts = [f"meets {listed(meets)}" if meets else f"meets none of the {len(results)} carriers asked"]
    if fails and meets:
        parts.append(f"does not meet {listed(fails)}")
    if rest:
        parts.append(f"cannot be told for {listed(rest)}")
    return f"RF band fit: {label} {'; '.join(parts)}."


def _carriers(results: Iterable[CarrierResult]) -> int:
    return len({result.ref for result in results})
