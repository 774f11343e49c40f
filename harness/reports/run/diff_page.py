"""A diff for people: lines for a terminal, a page for a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.plain_text import one_line

from .diff import labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.reports.document.document import Document
    from harness.reports.document.entries import VerdictEntry

    from .diff import DeviceDiff, VerdictChange


def diff_lines(pairs: Sequence[DeviceDiff]) -> Iterator[str]:
    """What changed: of each device first which it is and its builds, then the losses."""
    for pair in pairs:
        yield one_line(" · ".join(filter(None, (pair.name, pair.label, builds(pair)))))
        if not pair.after:
            yield "  WORSE   the second run lacks this device"
            continue
        if not pair.before:
            yield "  other   only the second run has this device"
            continue
        lines = list(_changes(pair))
        yield from lines
        for field, (left, right) in pair.identity.items():
            yield f"  {field.replace('_', ' ')}: {one_line(left or 'not observed')} -> {one_line(right or 'not observed')}"
        if not lines:
            yield "  no band and no verdict differs"


def _changes(pair: DeviceDiff) -> Iterator[str]:
    for change in sorted(pair.bands, key=lambda one: not one.lost):
        where = f"{change.rat.upper().replace('_', ' ')} {change.layer}"
        if change.lost:
            yield f"  LOST    {where}: {labels(change.rat, change.lost)}"
        if change.gained:
            yield f"  gained  {where}: {labels(change.rat, change.gained)}"
    for layer, rat, run in pair.unread:
        yield f"  unread  {rat.upper().replace('_', ' ')} {layer}: only the {which_run(run)} run could read it"
    for gap in pair.carriers:
        yield f"  {'WORSE ' if gap.is_worse else 'other '}  {one_line(gap.sentence)}"
    for verdict in pair.verdicts:
        word = "WORSE" if verdict.is_worse else verdict.word
        yield f"  {word:6}  {one_line(verdict_line(verdict))}"


def which_run(name: str) -> str:
    """`first` or `second`."""
    return "first" if name == "before" else "second"


def builds(pair: DeviceDiff) -> str:
    """`build 25.20.001 -> 25.21.002`, or `build 25.20.001` where it is the same; empty where no run read one."""
    left, right = pair.builds
    if left == right or not (left and right):
        return f"build {left or right}" if left or right else ""
    return f"build {left} -> {right}"


def summary(pair: DeviceDiff) -> str:
    """What was lost and gained, in one sentence."""
    if not pair.after:
        return "The second run lacks this device."
    if not pair.before:
        return "Only the second run has this device."
    kept = [one for one in pair.bands if one.layer != "attached"]
    lost = _told("lost", [(one.rat, one.lost, one.layer) for one in kept if one.lost])
    gained = _told("gained", [(one.rat, one.gained, one.layer) for one in kept if one.gained])
    worse = sum(one.is_worse for one in pair.verdicts)
    gaps = sum(one.is_worse for one in pair.carriers)
    parts = [
        lost or "lost no band",
        gained or "gained none",
        f"{worse} {'verdict is' if worse == 1 else 'verdicts are'} worse" if worse else "",
        f"{gaps} {'carrier was' if gaps == 1 else 'carriers were'} not judged" if gaps else "",
    ]
    text = "; ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}."


def _told(word: str, changes: list[tuple[str, tuple[int, ...], str]]) -> str:
    """`lost B17 (hardware, enabled)`."""
    layers: dict[str, list[str]] = {}
    for rat, bands, layer in changes:
        layers.setdefault(labels(rat, bands), []).append(layer)
    told = [f"{bands} ({', '.join(where)})" for bands, where in layers.items()]
    return f"{word} {', '.join(told)}" if told else ""


def verdict_line(change: VerdictChange) -> str:
    """`us/att@2024 ATT-LTE-B17: PASS -> FAIL (B17 not supported …)`."""
    before = change.before.verdict if change.before else "not judged"
    after = change.after.verdict if change.after else "not judged"
    last = change.after or change.before
    reason = last.reason if last else ""
    return f"{change.carrier}@{change.edition} {change.requirement}: {before} -> {after} ({reason})"


def diff_html(pairs: Sequence[DeviceDiff], before: Document, after: Document) -> str:
    """A self-contained page."""
    from harness.reports.document import words
    from harness.reports.html.report import environment_for, style_of

    environment = environment_for(())
    style, style_hash = style_of(environment, f"{before.run.number} / {after.run.number}")
    page: str = environment.get_template("diff.html.j2").render(
        style=style,
        style_hash=style_hash,
        pairs=pairs,
        before=before,
        after=after,
        labels=labels,
        evidence=_evidence,
        builds=builds,
        summary=summary,
        words=words,
        which_run=which_run,
    )
    return page


def _evidence(verdict: VerdictEntry | None) -> str:
    """Where a verdict rests, in words."""
    return "; ".join(
        f"{one.link}#{one.exchange} {one.request or ''} line {one.line or '–'}"
        for one in (verdict.evidence if verdict else ())
    )
