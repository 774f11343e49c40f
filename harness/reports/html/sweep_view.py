"""The band sweep of a device as the page shows it: a row a band, its course in time, and what was put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.rats import channel_word
from harness.radio.tables import band_label
from harness.reports.document.entries import place_of
from harness.reports.figures.sweep_timeline import sweep_timeline
from harness.trial_facts import BandTrial, StateCompared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from harness.reports.document.entries import DeviceEntry, VerdictEntry

    from .evidence import Evidence, PlaceLink

_AIR = {True: "on air", False: "not on air", None: "nobody tells"}
_LOCK = {
    "in_force": "reads as asked",
    "not_read": "cannot be read",
    "other": "reads otherwise",
    "refused": "refused",
    "not_sent": "not sent",
}


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One band."""

    label: str
    verdict: VerdictEntry | None
    air: str
    lock: str
    attach: str
    proof: str
    time: str
    signal: str
    why: str
    link: PlaceLink | None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One thing that was changed or watched."""

    words: str
    before: str
    after: str
    is_back: bool
    watched: bool
    written: int
    link: PlaceLink | None


@dataclass(frozen=True, slots=True)
class SweepView:
    """The section of one device."""

    lines: list[TrialLine]
    compared: list[ComparedLine]
    sentence: str
    is_back: bool
    timeline: Markup


def sweep_view(device: DeviceEntry, verdicts: Sequence[VerdictEntry], evidence: Evidence) -> SweepView | None:
    """The section of a device; None where it was not swept."""
    from markupsafe import Markup

    trials = list(device.observations.of(BandTrial))
    if not trials:
        return None
    compared = list(device.observations.of(StateCompared))
    lines = [_line(one, _verdict_of(one, verdicts), evidence) for one in trials]
    return SweepView(
        lines=lines,
        compared=[_compared(one, evidence) for one in compared],
        sentence=_sentence(compared, device.warnings),
        is_back=bool(compared) and all(one.is_back for one in compared),
        timeline=Markup(sweep_timeline(trials)),  # noqa: S704 - escapes what it draws
    )


def _verdict_of(trial: BandTrial, verdicts: Sequence[VerdictEntry]) -> VerdictEntry | None:
    sign = f"-{'N' if trial.rat == 'nr' else 'B'}{trial.band}"
    kind = f"SWEEP-{trial.rat.replace('_', '-').upper()}"
    return next((one for one in verdicts if one.requirement == kind + sign), None)


def _line(trial: BandTrial, verdict: VerdictEntry | None, evidence: Evidence) -> TrialLine:
    levels = (("RSRP", trial.rsrp_dbm, "dBm"), ("RSRQ", trial.rsrq_db, "dB"), ("SINR", trial.sinr_db, "dB"))
    tried = trial.plan == "tried"
    return TrialLine(
        label=band_label(trial.rat, trial.band),
        verdict=verdict,
        air=f"{_AIR[trial.on_air]}{f' ({trial.on_air_by})' if trial.on_air_by else ''}" if tried else "",
        lock=_LOCK[trial.lock] if tried else "",
        attach=_attach(trial) if tried else "",
        proof=_proof(trial),
        time=f"{trial.attach_s:.1f} s" if trial.attach_s is not None else "",
        signal=", ".join(f"{name} {value:g} {unit}" for name, value, unit in levels if value is not None),
        why=verdict.reason if verdict else trial.why,
        link=evidence.link(place_of(trial.source)) if trial.source else None,
    )


def _attach(trial: BandTrial) -> str:
    if trial.registered:
        return "new registration" if trial.fresh else "registered, not anew"
    denied = f"denied{f', cause {trial.cause}' if trial.cause else ''}" if trial.denied else "none"
    return f"{denied} in {trial.waited_s:.0f} s" if trial.waited_s is not None else denied


def _proof(trial: BandTrial) -> str:
    if trial.served_band is None:
        return ""
    rat = trial.served_rat or trial.rat
    channel = f", {channel_word(rat)} {trial.served_arfcn}" if trial.served_arfcn is not None else ""
    return f"served on {band_label(rat, trial.served_band)}{channel}"


def _compared(one: StateCompared, evidence: Evidence) -> ComparedLine:
    return ComparedLine(
        words=one.words,
        before=one.before if one.before is not None else "could not be read",
        after=one.after if one.after is not None else "could not be read",
        is_back=one.is_back,
        watched=one.watched,
        written=one.written,
        link=evidence.link(place_of(one.source)) if one.source else None,
    )


def _sentence(compared: Sequence[StateCompared], warnings: Iterable[str]) -> str:
    """Whether the device is as it was found, by what was read."""
    if not compared:
        return "Nothing was changed on the device."
    other = [one for one in compared if not one.is_back]
    if not other:
        return "Put back: everything reads as before."
    words = ", ".join(one.words for one in other)
    told = next((f" ({one})" for one in warnings if one.startswith("not put back")), "")
    ours = [one for one in other if not one.watched]
    if not ours:
        return f"Put back: everything that was written reads as before; changed meanwhile, and not by a write: {words}."
    return f"NOT put back: {words}{told}. Run `bandproof restore`."
