"""Is a report what its run gives: every part of the document against the one that is derived again."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from harness.observations import Unread
from harness.reports.document.document import REPORT_FILE, plain, summary_of
from harness.reports.document.entries import AttemptEntry
from harness.reports.document.told_facts import ToldFacts
from harness.verdicts.result import MET
from harness.verdicts.verdict import Outcome

from .folder import REPORTS
from .seals.manifest import ManifestFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.reports.document.document import Document
    from harness.reports.document.entries import CarrierResult, DeviceEntry, VerdictEntry

    from .folder import AskedRun

_MOST_NAMED = 5
"""Differences of one part that are named."""
_WIDEST = 160
_FIRST = "bandproof.report/1"
_BEFORE = (_FIRST, "bandproof.report/2")
_WORDS = frozenset(
    {
        "statement",
        "answer",
        "sentence",
        "bands_asked",
        "text",
        "reason",
        "reasons",
        "ways_out",
        "warnings",
        "sheet_remark",
    }
    | {"disagreements", "submission"}
)
"""Parts that are sentences of the tool: another version may have put them otherwise."""


def document_faults(told: Document, again: Document) -> Iterator[ManifestFault]:
    """Every part of the report that the run does not give. `again` is derived from evidence, profiles and `run.json`."""
    yield from _verdict_faults(told, again)
    if summary_of(told.verdicts) != told.summary:
        yield ManifestFault(REPORT_FILE, "its summary does not count its verdicts")
    yield from _device_faults(told, again)
    before, after = plain(told), plain(again)
    for part in after.keys() - {"schema", "verdicts", "summary", "devices"}:
        found = _differences(part, before.get(part), after[part], is_old=told.schema == _FIRST)
        yield from (ManifestFault(REPORT_FILE, words) for words in islice(found, _MOST_NAMED))


def worded_otherwise(told: Document, again: Document) -> Document:
    """The report with the sentences of the document derived again: of a run by another version the values are held."""
    from harness.reports.document.document import document_from

    return document_from(_reworded(plain(told), plain(again)))


def _reworded(told: Any, again: Any) -> Any:
    if isinstance(told, dict) and isinstance(again, dict):
        words = {key: again[key] for key in _WORDS if key in again}
        return {key: _reworded(value, again.get(key)) for key, value in told.items() if key not in _WORDS} | words
    if isinstance(told, list | tuple) and isinstance(again, list | tuple) and len(told) == len(again):
        return [_reworded(*pair) for pair in zip(told, again, strict=True)]
    return told


def as_kept(told: Document, again: Document, asked: AskedRun) -> Document:
    """The document derived again with what the report alone keeps: attempts, and of older runs some times."""
    kept = {_key(one): one.attempts for one in told.verdicts}
    verdicts = tuple(replace(one, attempts=_held(one, kept.get(_key(one)))) for one in again.verdicts)
    again = replace(again, verdicts=verdicts)
    if told.schema == _FIRST:
        # What could not be read was no fact then.
        read = {
            one.device: ToldFacts(f for f in one.observations if not isinstance(f, Unread)) for one in again.devices
        }
        again = replace(again, devices=tuple(replace(one, observations=read[one.device]) for one in again.devices))
    if told.schema in _BEFORE and told.schema == REPORTS.get(asked.schema, told.schema):
        again = replace(again, results=tuple(_counted_as_before(one, again, told.schema) for one in again.results))
        known = {one.device: one for one in told.devices}
        again = replace(again, devices=tuple(_named_as_before(known.get(one.device), one) for one in again.devices))
    return again if asked.keeps_all else _of_older(told, again)


def _counted_as_before(result: CarrierResult, again: Document, schema: str) -> CarrierResult:
    """A result by the count of an older schema: what did not apply was left out, and first what is informative counted."""
    told = [one for one in again.verdicts if (one.device, *one.ref) == (result.device, *result.ref)]
    told = [one for one in told if one.verdict is not Outcome.NA and (schema == _FIRST or one.level != "informative")]
    met = sum(one.verdict in MET for one in told)
    return replace(result, met=met, asked=len(told), failed=0, open=0, not_applicable=0)


def _named_as_before(told: DeviceEntry | None, again: DeviceEntry) -> DeviceEntry:
    """A device without what the older report does not tell; its troubles begin with a class's name where they do there."""
    if told is None:
        return again
    untold = {name: empty for name, empty in _SINCE_THEN.items() if getattr(told, name) == empty}
    again = replace(again, **untold)
    if told.firmware == (again.identity.get("build") or again.identity.get("baseband")):
        again = replace(again, firmware=told.firmware)  # So it was told of Xiaomi's ROMs, too.
    pairs = zip(told.exchanges, again.exchanges, strict=False)
    errors = [_with_class(one.error, other.error) for one, other in pairs]
    errors += [other.error for other in again.exchanges[len(errors) :]]
    exchanges = tuple(replace(one, error=error) for one, error in zip(again.exchanges, errors, strict=True))
    return replace(again, trouble=_with_class(told.trouble, again.trouble), exchanges=exchanges)


_SINCE_THEN: dict[str, str | bool | tuple[str, ...] | None] = {
    "declared_confidence": None,
    "declared_sources": (),
    "declared_own": False,
    "bonds": (),
    "locks": (),
}
"""Parts of a device that reports did not always have, and what stands there where they are not."""


def _with_class(told: str | None, again: str | None) -> str | None:
    if told is None or again is None or not told.endswith(again):
        return again
    return told if re.fullmatch(r"([A-Z][a-z]+)+: ", told.removesuffix(again)) else again


def _held(verdict: VerdictEntry, attempts: tuple[AttemptEntry, ...] | None) -> tuple[AttemptEntry, ...] | None:
    """Attempts as the report tells them, where each came to what the evidence gives: to judge again changes nothing."""
    same = AttemptEntry(verdict.verdict, verdict.reason)
    return attempts if attempts and all(one == same for one in attempts) else None


def _of_older(told: Document, again: Document) -> Document:
    """What runs of `bandproof.run/2` kept in their report alone: when it ended, and how long reading took."""
    complete = told.run.finished is not None and len(told.verdicts) == len(again.verdicts)
    rows = {(row.section, row.item): row for row in told.submission}
    timed = ("dates of the tests", "dates of the judgement", "date of issue")
    submission = (rows.get((r.section, r.item), r) if r.item in timed else r for r in again.submission)
    known = {one.device: one for one in told.devices}
    return replace(
        again,
        run=replace(again.run, finished=told.run.finished, complete=complete),
        submission=tuple(submission),
        devices=tuple(_timed(known[one.device], one) if one.device in known else one for one in again.devices),
    )


def _timed(told: DeviceEntry, again: DeviceEntry) -> DeviceEntry:
    connection = replace(again.connection, elapsed_s=told.connection.elapsed_s)
    again = replace(again, connection=connection, kind=again.kind if again.exchanges else told.kind)
    # A field that came to a fact later was not told.
    identity = {name: value for name, value in again.identity.items() if told.observations.knew("identity", name)}
    return replace(
        again,
        identity=identity,
        observations=told.observations if told.observations.agrees(again.observations) else again.observations,
        sims=told.sims if told.sims.agrees(again.sims) else again.sims,
    )


def _verdict_faults(told: Document, again: Document) -> Iterator[ManifestFault]:
    """Verdicts of the report that the evidence and the profiles do not give."""
    known = {_key(one): one for one in told.verdicts}
    derived = {_key(one): one for one in again.verdicts}
    if len(known) < len(told.verdicts):
        yield ManifestFault(REPORT_FILE, "has two verdicts on one requirement")
    elif [key for key in known if key in derived] != [key for key in derived if key in known]:
        yield ManifestFault(REPORT_FILE, "has its verdicts in another order")
    for key in derived:
        if key not in known and told.run.complete:
            yield ManifestFault(REPORT_FILE, f"lacks the verdict on {'/'.join(key)}")
    for key, one in known.items():
        if key not in derived:
            yield ManifestFault(REPORT_FILE, f"has a verdict that no profile asks for: {'/'.join(key)}")
        elif derived[key] != one:
            yield ManifestFault(REPORT_FILE, f"{'/'.join(key)}: {_difference(one, derived[key])}")


def _difference(told: VerdictEntry, again: VerdictEntry) -> str:
    """The first part of a verdict that differs, both ways."""
    one, other = plain(told), plain(again)
    part = next(name for name in [*other, *one] if one.get(name) != other.get(name))
    return f"{part} is {_short(one.get(part))} in the report, the evidence gives {_short(other.get(part))}"


def _device_faults(told: Document, again: Document) -> Iterator[ManifestFault]:
    """Facts of the report that the evidence does not give."""
    derived = {one.device: one for one in again.devices}
    if [one.device for one in told.devices] != [one.device for one in again.devices]:
        missing = [name for name in derived if name not in {one.device for one in told.devices}]
        how = (
            f"does not tell of {', '.join(missing)}" if missing else "does not tell of its devices once each, in order"
        )
        yield ManifestFault(REPORT_FILE, how)
    for one in told.devices:
        if one.device not in derived:
            yield ManifestFault(REPORT_FILE, f"tells of {one.device}, of which there is no evidence")
            continue
        before, after = plain(one), plain(derived[one.device])
        for part in after:
            found = next(_differences(part, before.get(part), after[part], is_old=told.schema == _FIRST), None)
            if found is not None:
                words = f"{one.device}: its {part} are not what the evidence gives ({found})"
                yield ManifestFault(REPORT_FILE, words)


def _differences(place: str, told: Any, again: Any, *, is_old: bool) -> Iterator[str]:
    """Where two plain values differ, in words. What documents of the first schema did not hold is no difference."""
    if told == again or (is_old and told is None):
        return
    if isinstance(told, dict) and isinstance(again, dict):
        for key in [*again, *(key for key in told if key not in again)]:
            yield from _differences(f"{place}.{key}", told.get(key), again.get(key), is_old=is_old)
    elif _are_lists(told, again) and len(told) == len(again):
        for number, pair in enumerate(zip(told, again, strict=True)):
            yield from _differences(f"{place}[{number}]", *pair, is_old=is_old)
    elif _are_lists(told, again):
        yield f"{place} has {len(told)} parts in the report, the run gives {len(again)}"
    else:
        yield f"{place} is {_short(told)} in the report, the run gives {_short(again)}"


def _are_lists(*values: Any) -> bool:
    return all(isinstance(value, list | tuple) for value in values)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"


def _key(verdict: VerdictEntry) -> tuple[str, str, str]:
    return verdict.device, f"{verdict.carrier}@{verdict.edition}", verdict.requirement
