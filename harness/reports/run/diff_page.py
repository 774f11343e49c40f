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
    """What changed, the losses first."""
    for pair in pairs:
        name = pair.before if pair.before == pair.after else f"{pair.before} -> {pair.after}"
        yield f"{one_line(name)}"
        found = False
        for change in sorted(pair.bands, key=lambda one: not one.lost):
            found = True
            where = f"{change.rat.upper().replace('_', ' ')} {change.layer}"
            if change.lost:
                yield f"  LOST    {where}: {labels(change.rat, change.lost)}"
            if change.gained:
                yield f"  gained  {where}: {labels(change.rat, change.gained)}"
        for layer, rat, run in pair.unread:
            found = True
            yield f"  unread  {rat.upper().replace('_', ' ')} {layer}: only the run {run} could read it"
        for verdict in pair.verdicts:
            found = True
            yield f"  {'WORSE ' if verdict.is_worse else 'other '}  {one_line(verdict_line(verdict))}"
        for field, (left, right) in pair.identity.items():
            yield f"  {field.replace('_', ' ')}: {one_line(left or 'not observed')} -> {one_line(right or 'not observed')}"
        if not found:
            yield "  no band and no verdict differs"


def verdict_line(change: VerdictChange) -> str:
    """`us/att@2024 ATT-LTE-B17: PASS -> FAIL (B17 not supported …)`."""
    before = change.before.verdict if change.before else "not judged"
    after = change.after.verdict if change.after else "not judged"
    last = change.after or change.before
    reason = last.reason if last else ""
    return f"{change.carrier}@{change.edition} {change.requirement}: {before} -> {after} ({reason})"


def diff_html(pairs: Sequence[DeviceDiff], before: Document, after: Document) -> str:
    """A self-contained page."""
    from harness.reports.html.report import environment_for, style_of

    environment = environment_for(())
    style, style_hash = style_of(environment, f"{before.run.number} / {after.run.number}")
    page: str = environment.get_template("diff.html.j2").render(
        style=style, style_hash=style_hash, pairs=pairs, before=before, after=after, labels=labels, evidence=_evidence
    )
    return page


def _evidence(verdict: VerdictEntry | None) -> str:
    """Where a verdict rests, in words."""
    return "; ".join(
        f"{one.link}#{one.exchange} {one.request or ''} line {one.line or '–'}"
        for one in (verdict.evidence if verdict else ())
    )
