"""The words of a result: what came of each device and carrier, and the sentences that a reviewer reads first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harness.plain_text import plural
from harness.verdicts.verdict import Outcome
from harness.verdicts.ways_out import LEADS

from .editions import bands_asked
from .entries import CarrierResult, ReasonEntry
from .words import BASIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.verdicts.result import Result

    from .entries import DeviceEntry

_MOST_NAMED = 6
_MOST_SHORT = 4
_MOST_DEVICES = 3
"""Devices that the first sentence of a report names."""
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
        reasons=tuple(ReasonEntry(one.requirement, one.outcome, one.reason, one.ways_out) for one in result.told),
        not_run=result.not_run,
        failed=result.failed,
        open=result.open,
        not_applicable=result.not_applicable,
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
        return f"could not be determined for {who}: {plural(len(result.not_run), 'requirement')} not judged in this run"
    return f"could not be determined for {who}: {first.partition(LEADS)[0]}{_and_more(result)}"


def _and_more(result: Result) -> str:
    more = sum(one.outcome is Outcome.INCONC for one in result.told) - 1
    return f" (and {more} more open)" if more > 0 else ""


def listed(words: Sequence[str], most: int = _MOST_NAMED) -> str:
    """`B14 and B66`, `B1, B2 and 5 more`."""
    if len(words) > most:
        return f"{', '.join(words[: most - 1])} and {len(words) - most + 1} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def answer(devices: Sequence[DeviceEntry], results: Sequence[CarrierResult]) -> str:
    """The whole run in one sentence. A device is named with carriers that it was judged by, and with no others."""
    if not results:
        return "RF band fit: no carrier was judged."
    if len(devices) == 1:
        return _of_one_device(devices[0].label, results)
    own = {device.device: [one for one in results if one.device == device.device] for device in devices}
    fitting = [name for name, asked in own.items() if asked and all(one.is_met for one in asked)]
    one = len(fitting) == 1
    alone = results[0].name if _carriers(results) == 1 and all(own.values()) else ""
    whom = alone or f"every carrier {'it was' if one else 'they were'} asked for"
    parts = [f"{len(fitting)} of {len(devices)} devices {'meets' if one else 'meet'} {whom}"]
    short = [name for name, asked in own.items() if name not in fitting]
    parts += [_falls_short(name, own[name], alone) for name in short[:_MOST_DEVICES]]
    if len(short) > _MOST_DEVICES:
        parts.append(f"{len(short) - _MOST_DEVICES} more do not, or could not be judged")
    return f"RF band fit: {'; '.join(parts)}."


def _falls_short(name: str, asked: Sequence[CarrierResult], alone: str) -> str:
    """`mix2-1 does not meet AT&T Mobility and Verizon Wireless`."""
    if not asked:
        return f"{name} was judged by no carrier"
    fails, rest = _unmet(asked)
    if alone:
        return f"{name} does not" if fails else f"{name} could not be judged"
    return f"{name} {'; '.join(_short_of(fails, rest))}"


def _unmet(results: Sequence[CarrierResult]) -> tuple[list[str], list[str]]:
    """The names of the carriers that are not met, and of those that nothing decides about."""
    names = Counter(result.name for result in results)
    named = [(one, one.name if names[one.name] == 1 else f"{one.name} of {one.edition}") for one in results]
    fails = [name for result, name in named if result.verdict is Outcome.FAIL]
    return fails, [name for result, name in named if not result.is_met and result.verdict is not Outcome.FAIL]


def _short_of(fails: Sequence[str], rest: Sequence[str]) -> list[str]:
    parts = [f"does not meet {listed(fails, _MOST_SHORT)}"] if fails else []
    return parts + ([f"could not be determined for {listed(rest, _MOST_SHORT)}"] if rest else [])


def _of_one_device(label: str, results: Sequence[CarrierResult]) -> str:
    if len(results) <= 2:
        return f"RF band fit: {label} {'; '.join(result.sentence for result in results)}."
    fails, rest = _unmet(results)
    names = Counter(result.name for result in results)
    meets = [one.name if names[one.name] == 1 else f"{one.name} of {one.edition}" for one in results if one.is_met]
    parts = [f"meets {listed(meets)}"] if meets else []
    if len(fails) == len(results):
        parts = [f"meets none of the {len(results)} carriers asked"]
    else:
        parts += _short_of(fails, rest)
    return f"RF band fit: {label} {'; '.join(parts)}."


def _carriers(results: Iterable[CarrierResult]) -> int:
    return len({result.ref for result in results})
