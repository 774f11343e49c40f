"""What a person reads at the end of a run: one line a device and carrier, the reasons beside, the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.reports.json_report import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WORDS = {
    "PASS": "PASS",
    "PASS_NOTE": "PASS with note",
    "FAIL": "FAIL",
    "INCONC": "INCONC",
    "ERROR": "ERROR",
    "NA": "not applicable",
    "WAIVED": "waived",
}
_WEIGHT = {word: weight for weight, word in enumerate(("NA", "PASS", "PASS_NOTE", "WAIVED", "INCONC", "FAIL", "ERROR"))}
_GRADES = ("declared", "observed", "measured")
_MOST_REASONS = 3


def lines(verdicts: Sequence[Mapping[str, Any]], width: int = 100) -> Iterator[str]:
    """The summary as plain lines no wider than `width` where words allow."""
    import textwrap

    for (device, carrier), group in _groups(verdicts).items():
        worst = max((v["verdict"] for v in group), key=_WEIGHT.__getitem__)
        decided = [v for v in group if v["verdict"] != "NA"]
        met = sum(v["verdict"] in {"PASS", "PASS_NOTE"} for v in decided)
        yield f"{device}  {carrier}  {worst}  {met}/{len(decided)}"
        for reason in _reasons(group):
            yield from textwrap.wrap(reason, max(40, width - 4), initial_indent="    ", subsequent_indent="      ")
    counts = summary(verdicts)
    yield " · ".join(f"{count} {_WORDS[word]}" for word, count in counts.items() if count)


def _groups(verdicts: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for verdict in verdicts:
        groups.setdefault((verdict["device"], f"{verdict['carrier']}@{verdict['edition']}"), []).append(verdict)
    return groups


def _reasons(group: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The heaviest reasons; for a pass the weakest grade it rests on."""
    heavy = [v for v in group if v["verdict"] in {"FAIL", "ERROR", "INCONC", "PASS_NOTE"}]
    heavy.sort(key=lambda verdict: -_WEIGHT[verdict["verdict"]])
    told = list(dict.fromkeys(f"{_WORDS[v['verdict']]}: {v['reason']}" for v in heavy))
    yield from told[:_MOST_REASONS]
    if len(told) > _MOST_REASONS:
        yield f"and {len(told) - _MOST_REASONS} more"
    grades = [v["grade"] for v in group if v["grade"] and v["verdict"] in {"PASS", "PASS_NOTE"}]
    if grades:
        yield f"weakest evidence: {min(grades, key=_GRADES.index)}"
