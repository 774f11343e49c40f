"""A sweep in words, for every form of the report: a row a trial, a row a thing that was put back, one sentence of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.plain_text import plural
from harness.radio.rats import NR, channel_word, label
from harness.radio.tables import band_label
from harness.trial_facts import BandTrial, RatTrial, StateCompared, Trial

from .entries import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .document import Document
    from .entries import DeviceEntry, EvidencePlace, VerdictEntry

_AIR = {True: "on air", False: "not on air", None: "nobody tells"}
_HEARD: dict[bool | None, str] = {True: "; its own scan heard one", False: "; its own scan heard none"}
_LOCK = {
    "in_force": "reads as asked",
    "not_read": "cannot be read",
    "other": "reads otherwise",
    "refused": "refused",
    "not_sent": "not sent",
}


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One band: words as they are printed, empty where nothing was tried; time in seconds, levels in dBm and dB."""

    label: str
    verdict: VerdictEntry | None
    air: str
    lock: str
    attach: str
    proof: str
    attach_s: float | None
    rsrp_dbm: float | None
    rsrq_db: float | None
    sinr_db: float | None
    why: str
    place: EvidencePlace | None

    @property
    def time(self) -> str:
        """`3.1 s`; empty where it did not attach."""
        return f"{self.attach_s:.1f} s" if self.attach_s is not None else ""

    @property
    def signal(self) -> str:
        """`RSRP -85 dBm, RSRQ -10 dB`."""
        levels = (("RSRP", self.rsrp_dbm, "dBm"), ("RSRQ", self.rsrq_db, "dB"), ("SINR", self.sinr_db, "dB"))
        return ", ".join(f"{name} {value:g} {unit}" for name, value, unit in levels if value is not None)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One thing that was changed or watched."""

    words: str
    before: str
    after: str
    is_back: bool
    watched: bool
    written: int
    place: EvidencePlace | None


@dataclass(frozen=True, slots=True)
class SweepRows:
    """One device's sweep. `sentence` says whether the device is as it was found."""

    trials: tuple[BandTrial | RatTrial, ...]
    rows: tuple[TrialRow, ...]
    compared: tuple[ComparedRow, ...]
    sentence: str
    is_back: bool

    @property
    def holds(self) -> bool:
        """Whether technologies were held."""
        return any(isinstance(one, RatTrial) for one in self.trials)


def sweep_rows(document: Document, device: DeviceEntry) -> SweepRows | None:
    """The sweep of a device; None where it was not swept."""
    bands, held = tuple(device.observations.of(BandTrial)), tuple(device.observations.of(RatTrial))
    trials: tuple[BandTrial | RatTrial, ...] = (*bands, *held)
    if not trials:
        return None
    verdicts = [one for one in document.verdicts if one.device == device.device]
    compared = list(device.observations.of(StateCompared))
    return SweepRows(
        trials=trials,
        rows=(
            *(_row(one, _verdict_of(one, verdicts)) for one in bands),
            *(_held_row(one, _verdict_of(one, verdicts)) for one in held),
        ),
        compared=tuple(map(_compared, compared)),
        sentence=_sentence(compared, device.warnings),
        is_back=bool(compared) and all(one.is_back for one in compared),
    )


def trial_label(trial: BandTrial | RatTrial) -> str:
    """`B12`, `n71 EN-DC`; of a technology `LTE held`."""
    return f"{label(trial.rat)} held" if isinstance(trial, RatTrial) else trial.label


def _verdict_of(trial: BandTrial | RatTrial, verdicts: Sequence[VerdictEntry]) -> VerdictEntry | None:
    is_nr = trial.rat in NR
    sign = "-HELD" if isinstance(trial, RatTrial) else f"-{'N' if is_nr else 'B'}{trial.band}"
    kind = f"SWEEP-{'NR' if is_nr else trial.rat.replace('_', '-').upper()}"
    return next((one for one in verdicts if one.requirement == kind + sign), None)


def _row(trial: BandTrial, verdict: VerdictEntry | None) -> TrialRow:
    tried = trial.plan == "tried"
    return TrialRow(
        label=trial_label(trial),
        verdict=verdict,
        air=_air(trial) if tried else "",
        lock=_LOCK[trial.lock] if tried else "",
        attach=_attach(trial) if tried else "",
        proof=_proof(trial),
        attach_s=trial.attach_s,
        rsrp_dbm=trial.rsrp_dbm,
        rsrq_db=trial.rsrq_db,
        sinr_db=trial.sinr_db,
        why=verdict.reason if verdict else trial.why,
        place=place_of(trial.source) if trial.source else None,
    )


def _air(trial: BandTrial) -> str:
    by = f" ({trial.on_air_by})" if trial.on_air_by else ""
    return f"{_AIR[trial.on_air]}{by}{_HEARD.get(trial.own_scan, '')}"


def _held_row(trial: RatTrial, verdict: VerdictEntry | None) -> TrialRow:
    tried = trial.plan == "tried"
    return TrialRow(
        label=trial_label(trial),
        verdict=verdict,
        air=_AIR[None] if tried else "",
        lock=_LOCK[trial.lock] if tried else "",
        attach=_attach(trial) if tried else "",
        proof=_proof_of_held(trial),
        attach_s=trial.attach_s,
        rsrp_dbm=None,
        rsrq_db=None,
        sinr_db=None,
        why=verdict.reason if verdict else trial.why,
        place=place_of(trial.source) if trial.source else None,
    )


def _attach(trial: Trial) -> str:
    if trial.registered:
        return "new registration" if trial.fresh else "registered, not anew"
    denied = f"denied{f', cause {trial.cause}' if trial.cause else ''}" if trial.denied else "none"
    return f"{denied} in {trial.waited_s:.0f} s" if trial.waited_s is not None else denied


def _proof(trial: BandTrial) -> str:
    anchor = f" beside {band_label('lte', trial.anchor_band)}" if trial.anchor_band is not None else ""
    if trial.served_band is None:
        return f"no NR leg{anchor}" if anchor else ""
    rat = trial.served_rat or trial.rat
    channel = f", {channel_word(rat)} {trial.served_arfcn}" if trial.served_arfcn is not None else ""
    data = f", {_seen(trial.received_bytes)} seen to come" if trial.received_bytes is not None else ""
    return f"served on {band_label(rat, trial.served_band)}{channel}{anchor}{data}"


def _seen(count: int) -> str:
    return plural(count, "byte") if count else "no bytes"


def _proof_of_held(trial: RatTrial) -> str:
    if trial.served_rat is None:
        return ""
    band = f", {band_label(trial.served_rat, trial.served_band)}" if trial.served_band is not None else ""
    channel = f", {channel_word(trial.served_rat)} {trial.served_arfcn}" if trial.served_arfcn is not None else ""
    beside = f", {label(trial.beside)} beside it" if trial.beside else ""
    words = {True: ", validated by Android", False: ", no data seen to be validated", None: ""}
    return f"served on {label(trial.served_rat)}{band}{channel}{beside}{words[trial.validated]}"


def _compared(one: StateCompared) -> ComparedRow:
    return ComparedRow(
        words=one.words,
        before=one.before if one.before is not None else "could not be read",
        after=one.after if one.after is not None else "could not be read",
        is_back=one.is_back,
        watched=one.watched,
        written=one.written,
        place=place_of(one.source) if one.source else None,
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
