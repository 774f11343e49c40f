"""`--sweep`: which bands, and by whose word. Nothing is changed without the bench file's or a person's yes."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.links.addresses import parse_address
from harness.suite.options import option
from harness.suite.resuming import Resumed, resumed
from harness.sweep.bands import REQUIRED, SweepBand, parse_asked
from harness.sweep.plan import EarlierSweep, SweepPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import pytest

    from harness.carriers.store import Profiles, Selected
    from harness.cells.source import CellSource
    from harness.observations import Rat
    from harness.survey.targets import Target
    from harness.sweep.bearer import Bearer

NO_WORD = "nobody allowed it"
PAGE = "BANDPROOF_LIVE"
"""Where a run that the bench page started tells of itself: there its questions are shown."""
ANSWER_S = 900.0
"""How long a person may take to answer."""
VALIDATED = "validated"
"""Of a handset, in the stead of a network device: Android's own word."""
WAY_OUT = "write `sweep: allowed` at the device in bench.yaml, or run in a terminal and say yes"


def with_sweeps(
    targets: tuple[Target, ...],
    config: pytest.Config,
    profiles: Profiles,
    as_of: date | None,
    bench_cells: tuple[str, ...] = (),
) -> tuple[Target, ...]:
    """The targets with their sweep, confirmed where they are live. Raises UsageError."""
    text, run = option(config, "sweep"), option(config, "resume")
    if not (text or run):
        return targets
    planned = []
    cells = _cells(config, bench_cells)
    bearers, proofs = _proofs(option(config, "sweep_data"), targets)
    for one in targets:
        live = not any(parse_address(address).kind == "recording" for address in one.addresses)
        before = resumed(run, one.device, len(targets)) if run and live else None
        bands, rats = _asked(text, option(config, "carrier") or one.carriers, profiles, as_of) if text else ((), ())
        if before is not None:
            bands = before.left(bands or before.asked)
        is_required = text.strip().lower() == REQUIRED
        # A handset's bands and a modem's technologies are told to be none: for that nobody is asked.
        changes = (rats or is_required) if _is_handset(one) else bands
        opened, refused = _word(one, bands, config) if live and changes else ("", "")
        plan = SweepPlan(
            bands=bands,
            rats=rats,
            required=is_required,
            validated=one.device in proofs,
            opened_by=opened,
            refused=refused,
            settle_s=option(config, "sweep_settle"),
            wait_s=option(config, "sweep_wait"),
            cells=cells,
            earlier=_earlier(before),
            bearer=bearers.get(one.device),
        )
        planned.append(replace(one, sweep=plan))
    return tuple(planned)


def _is_handset(target: Target) -> bool:
    """Whether a device is swept as a handset: over adb alone."""
    kinds = {parse_address(one).kind for one in target.addresses}
    return "adb" in kinds and "at" not in kinds


def _proofs(texts: Sequence[str], targets: Sequence[Target]) -> tuple[dict[str, Bearer], set[str]]:
    """The network device of each modem, and the handsets whose own word is waited for. Raises UsageError."""
    handsets = {one.device for one in targets if _is_handset(one)}
    devices = [one.device for one in targets]
    asked = {text: text.removesuffix(VALIDATED).rstrip(":") for text in texts if text.endswith(VALIDATED)}
    asked = {text: name for text, name in asked.items() if text in {VALIDATED, f"{name}:{VALIDATED}"}}
    proofs: set[str] = set()
    for text, name in asked.items():
        if not name and len(devices) != 1:
            raise UsageError(
                f"--sweep-data={text}: of which device?", way_out=f"write --sweep-data={devices[0]}:{text}"
            )
        proofs.add(name or devices[0])
    if strangers := proofs - handsets:
        way_out = "of a modem name its network device: --sweep-data=wwan0"
        raise UsageError(
            f"--sweep-data={VALIDATED} is a handset's word, {sorted(strangers)[0]} is none", way_out=way_out
        )
    found = _bearers([text for text in texts if text not in asked], devices)
    if wrong := set(found) & handsets:
        raise UsageError(
            f"--sweep-data: {sorted(wrong)[0]} is a handset, whose network device is its own",
            way_out=f"write --sweep-data={sorted(wrong)[0]}:{VALIDATED}",
        )
    return found, proofs


def _bearers(texts: Sequence[str], devices: Sequence[str]) -> dict[str, Bearer]:
    """The network device of each device. Raises UsageError: one counts for one device alone."""
    from harness.sweep.bearer import Bearer

    found: dict[str, Bearer] = {}
    for text in texts:
        name, _, rest = text.partition(":")
        named = name in devices and bool(rest)
        if not named and len(devices) != 1:
            raise UsageError(
                f"--sweep-data={text}: of which device?", way_out=f"write --sweep-data={devices[0]}:{text}"
            )
        found[name if named else devices[0]] = Bearer.parse(rest if named else text)
    if len({one.interface for one in found.values()}) != len(found):
        raise UsageError("--sweep-data: two devices cannot have one network device")
    return found


def _earlier(before: Resumed | None) -> EarlierSweep | None:
    """What the device must be for an earlier sweep to go on."""
    if before is None:
        return None
    from harness.probes.at.session import modem_of
    from harness.survey.sweeping import cards_of

    firmware = modem_of(before.survey.observations).firmware or ""
    return EarlierSweep(
        exchanges=before.exchanges, piece=before.piece, firmware=firmware, cards=cards_of(before.survey)
    )


def _cells(config: pytest.Config, of_bench: tuple[str, ...]) -> CellSource | None:
    """The sources of cells that were asked for, else those of the bench file; None: the live network."""
    named: tuple[str, ...] = tuple(option(config, "cells")) or of_bench
    plain = [one for one in named if one in {"live", "manual"}]
    if plain and len(named) > 1:
        raise UsageError(f"--cells={plain[0]} is a source by itself", way_out="name it alone, or the others without it")
    if not named or plain == ["live"]:
        return None
    if not plain:
        from harness.cells.specs import named_cells

        return named_cells(named)
    from harness.cells.manual import ManualCells

    if _asks(config):
        return ManualCells(lambda question: _answer(question, config))
    if not os.environ.get(PAGE):
        raise UsageError(
            "--cells=manual asks a person, and this is no terminal",
            way_out="run in a terminal, or start the run from the bench page",
        )
    return ManualCells(_answer_on_page)


def _asked(
    text: str, carriers: Sequence[str], profiles: Profiles, as_of: date | None
) -> tuple[tuple[SweepBand, ...], tuple[Rat, ...]]:
    """The bands and technologies that are named, or the bands that the carriers ask for."""
    if text.strip().lower() != REQUIRED:
        return parse_asked(text)
    if not carriers:
        raise UsageError("--sweep=required: required by whom?", way_out="name a carrier: --carrier=us/att")
    found = dict.fromkeys(band for one in profiles.select(list(carriers), as_of) for band in _asked_by(one))
    if not found:
        raise UsageError("--sweep=required: these carriers ask for no LTE or NR band", way_out="name bands: --sweep=12")
    return tuple(found), ()


def _asked_by(selected: Selected) -> list[SweepBand]:
    """The bands that an edition lists, mandatory or recommended."""
    return [
        SweepBand("nr" if rat == "nr" else "", band)
        for rule in selected.edition.requirements
        if rule.level != "informative"
        for rat, band in rule.bands
        if rat in {"lte", "nr"}
    ]


def _word(target: Target, bands: Sequence[SweepBand], config: pytest.Config) -> tuple[str, str]:
    """By whose word the device may be changed, or why by nobody's."""
    if target.may_sweep:
        return "--sweep, allowed by the bench file", ""
    if not _asks(config):
        raise UsageError(f"--sweep changes {target.called}, and {NO_WORD}", way_out=WAY_OUT)
    question = _question_of_handset(target) if _is_handset(target) else _question_of_modem(target, bands)
    return (
        ("--sweep, confirmed on the terminal", "") if _said_yes(question, config) else ("", f"{NO_WORD}: no was said")
    )


def _question_of_modem(target: Target, bands: Sequence[SweepBand]) -> str:
    number = len(bands)
    locked = "it is locked to one band" if number == 1 else f"it is locked to up to {number} bands, one after another"
    return (
        f"{target.called}: {locked}; each writes the modem's band list, which may be kept in memory that wears: "
        f"{_writes(bands)}. Everything is put back. Sweep it? [y/N] "
    )


def _question_of_handset(target: Target) -> str:
    return (
        f"{target.called}: the network types that its user allows are narrowed to one technology after another, and airplane "
        "mode is switched for an attach where it hangs on a cable; it has no service meanwhile, and no emergency call. "
        "Everything is put back. Sweep it? [y/N] "
    )


def _writes(bands: Sequence[SweepBand]) -> str:
    """How often memory is written at most: a list for each technology; for NR one of SA, and one of NSA (EN-DC)."""
    rats = {one.rat for one in bands}
    kinds = len(rats) + ("nr" in rats)
    told = f"at most {len(bands) + kinds} writes of it, and {kinds + 1} of the mode"
    return f"{told}; 2 of the switch of NR alone, for bands of EN-DC" if "nr" in rats else told


def _asks(config: pytest.Config) -> bool:
    """Whether a person sits at the terminal."""
    with _uncaptured(config):
        return sys.__stdin__ is not None and sys.__stdin__.isatty()


def _said_yes(question: str, config: pytest.Config) -> bool:
    return _answer(question, config).strip().lower() in {"y", "yes"}


def _answer(question: str, config: pytest.Config) -> str:
    """The answer of whoever sits at the terminal; empty where none came in ANSWER_S."""
    with _uncaptured(config):
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal.write(f"\n{question}", flush=True)
        return _line()


@contextmanager
def _uncaptured(config: pytest.Config) -> Iterator[None]:
    """pytest takes standard input away; for a question it is given back."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    try:
        yield
    finally:
        if capture is not None:
            capture.resume_global_capture()


def _answer_on_page(question: str) -> str:
    """The answer of whoever looks at the bench page; empty where none came in ANSWER_S."""
    from harness.operator import Unanswered, ask

    try:
        return ask(question.partition(" [")[0], within_s=ANSWER_S, choices=("yes", "no", "not known")).choice
    except Unanswered:
        return ""


def _line() -> str:
    stdin = sys.__stdin__
    if stdin is None:
        return ""
    if sys.platform != "win32":
        import select

        if not select.select([stdin], [], [], ANSWER_S)[0]:
            return ""
    return stdin.readline()
