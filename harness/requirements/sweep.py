"""`sweep`: locked to one band, the device attaches on it anew. Told by trials alone, never by a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from harness.carriers.band_faults import band_fault
from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord
from harness.observations import Grade
from harness.radio.rats import E_UTRA, channel_word, published
from harness.radio.tables import band_label
from harness.trial_facts import BandTrial
from harness.yamlfiles.problem import Problem

from .answers import Answer, sources
from .outcomes import Outcome
from .sweep_legs import attached_anew, verdict_of_leg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.carriers.edition import Edition

    from .bound import CarrierBound

BEFORE_FAIL_S = 130.0
"""A device gives up five attempts of T3410 and T3411 after about this (TS 24.301 clause 10.2); before, nothing fails."""
OF_DEVICE = {5: "IMEI not accepted", 6: "illegal ME"}
"""Reject causes that speak of the device, not of its card (TS 24.301 9.9.3.9)."""
EN_DC = "nr_nsa"
_KINDS = {"lte": E_UTRA, "nr": ("nr", EN_DC)}
"""The technologies that a device may have been locked in for a band of a rule."""
_NOT_TRIED = "was not swept: `--sweep` locks the device to it and attaches"


class SweepRule(Rule, frozen=True, kw_only=True, tag="sweep"):
    """Locked to the band, the device attaches on it anew."""

    kind: ClassVar[str] = "sweep"
    needed: GradeWord = "measured"
    rat: Literal["lte", "nr", "lte_m", "nb_iot"]
    """`lte`: whichever of the E-UTRA technologies the device was locked in."""
    band: int

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A band that does not exist."""
        if fault := band_fault(published(self.rat), self.band):
            yield Problem(("band",), fault)

    def asks(self) -> str:
        """`locked to B12, it attaches on it`."""
        return f"locked to {band_label(self.rat, self.band)}, it attaches on it"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the trial of the band."""
        kinds = _KINDS.get(self.rat, (self.rat,))
        trials = [one for one in bound.survey.all(BandTrial) if one.band == self.band and one.rat in kinds]
        name = band_label(self.rat, self.band)
        if not trials:
            return Answer(Outcome.INCONC, f"{name} {_NOT_TRIED}")
        if all(one.rat == EN_DC for one in trials) and bound.edition.nr_required:
            why = "was swept beside an LTE cell (EN-DC), and this carrier has NR alone"
            return Answer(Outcome.INCONC, f"{name} {why}", None, sources(trials))
        answers = [verdict_of_trial(one) for one in trials]
        # Of an E-UTRA band on a modem of several technologies each was a trial: the weightiest counts.
        return max(answers, key=lambda one: _WEIGHT.index(one.outcome))

    def particulars(self) -> Mapping[str, Any]:
        """The band."""
        return {"rat": self.rat, "band": self.band}


_WEIGHT = (Outcome.NA, Outcome.PASS, Outcome.PASS_NOTE, Outcome.INCONC, Outcome.FAIL, Outcome.ERROR)


def verdict_of_trial(trial: BandTrial) -> Answer:
    """What one trial comes to. Only a new registration on the band passes, only what others saw too fails."""
    name, evidence = trial.label, sources([trial])

    def open_(why: str) -> Answer:
        return Answer(Outcome.INCONC, f"{name}: {why}", None, evidence)

    if trial.plan == "not_applicable":
        return Answer(Outcome.NA, trial.why, None, evidence)
    if trial.plan == "refused":
        return open_(f"{trial.why or 'the sweep was refused'}; nothing was changed")
    if not trial.baseline:
        nothing = "the device did not attach with nothing locked, so no band tells anything: check SIM, APN and antenna"
        return open_(trial.why or nothing)
    if trial.rat == EN_DC and trial.lock == "in_force":
        return verdict_of_leg(trial)
    if trial.registered and trial.rat != EN_DC:
        return _attached(trial, name, evidence)
    if trial.lock != "in_force":
        return open_(_LOCKS[trial.lock] + (f" ({trial.why})" if trial.why else ""))
    return open_(trial.why) if trial.why else _not_attached(trial, name, evidence)


_LOCKS = {
    "not_read": "whether the lock is in force cannot be read",
    "other": "the lock was accepted and reads otherwise",
    "refused": "the device refused the lock",
    "not_sent": "it was not locked to the band",
}


def _attached(trial: BandTrial, name: str, evidence: tuple[Any, ...]) -> Answer:
    def open_(why: str) -> Answer:
        return Answer(Outcome.INCONC, f"{name}: {why}", None, evidence)

    if not trial.fresh:
        if trial.lock != "in_force":
            return open_(_LOCKS[trial.lock] + (f" ({trial.why})" if trial.why else ""))
        return open_("it never left its cell, and a cell that is kept proves no attach")
    if trial.disagree or trial.served_band is None:
        return open_("it registered, and the serving cell's band is not told, or told in two ways")
    where = _served(trial)
    if trial.lock != "in_force":
        return open_(f"{_LOCKS[trial.lock]}; it is served on {where}")
    if not _is_own(trial):
        return open_(f"the lock reads as asked, and it is served on {where}: it is not in force, or that is a twin")
    if trial.network == "not_attached":
        return open_(f"it tells of an attach on {where}, and the network saw none")
    also = "" if trial.served_band == trial.band else f", which the cell is announced under besides {name}"
    time = f" after {trial.attach_s:.1f} s" if trial.attach_s is not None else ""
    told = f"attached anew on {where}{also}{time}"
    return attached_anew(trial, told)


_NOBODY = "whether a cell of it is on air, nobody tells"
_OWN_SCAN: dict[bool | None, str] = {
    True: "its own scan heard a cell on a channel of the band before the lock",
    False: "whether a cell of it is on air, nobody tells but its own scan, which heard none before the lock",
}


def _served(trial: BandTrial) -> str:
    """`B12, EARFCN 5110`."""
    rat = trial.served_rat or trial.rat
    channel = f", {channel_word(rat)} {trial.served_arfcn}" if trial.served_arfcn is not None else ""
    return f"{band_label(rat, trial.served_band or 0)}{channel}"


def _is_own(trial: BandTrial) -> bool:
    """Whether the cell that it tells of is of the band, or of one that its source says is announced under it."""
    is_rat = trial.served_rat == trial.rat or (trial.rat == "nr" and trial.served_rat == "nr_sa")
    return is_rat and trial.served_band in {trial.band, *trial.announces}


def _not_attached(trial: BandTrial, name: str, evidence: tuple[Any, ...]) -> Answer:
    """No attach under a lock that reads as in force: a FAIL only where cell and network are witnessed by others."""
    cause = f", cause {trial.cause}" if trial.cause else ""
    waited = f"no attach in {trial.waited_s:.0f} s" if trial.waited_s is not None else "no attach"
    told = f"{'denied' if trial.denied else waited}{cause}"

    def open_(why: str) -> Answer:
        return Answer(Outcome.INCONC, f"{name}: {told}; {why}", None, evidence)

    if trial.on_air is None:
        saw = trial.denied or trial.seen
        seen = "the device saw a cell" if saw else _OWN_SCAN.get(trial.own_scan, _NOBODY)
        return open_(f"{seen}, and no second witness speaks: give a source of cells that does")
    if not trial.on_air:
        also = {False: ", and its own scan heard none", True: ", though its own scan heard one"}
        return open_(f"no cell of it is on air{also.get(trial.own_scan, '')}")  # type: ignore[arg-type]
    if trial.network != "not_attached":
        why = "the network says that it attached" if trial.network else "the network side says nothing of it"
        return open_(why)
    if trial.served_band is not None and not _is_own(trial):
        return open_(
            f"the lock reads as asked, and it tells of {_served(trial)}, as its cell: the lock is not in force"
        )
    if trial.denied and trial.cause not in OF_DEVICE:
        return open_("refused by the network: card, subscription or area, not the band")
    if trial.doubt:
        return open_(trial.doubt)
    if not trial.card_free:
        return open_("the card may be barred or the network forbidden since: no later attach shows that it is not")
    if trial.cause in OF_DEVICE:
        reason = f"{name}: denied with cause {trial.cause} ({OF_DEVICE[trial.cause]})"
        return Answer(Outcome.FAIL, reason, Grade.MEASURED, evidence)
    if trial.waited_s is None or trial.waited_s < BEFORE_FAIL_S:
        return open_(f"{BEFORE_FAIL_S:.0f} s must pass before that says anything")
    reason = f"{name}: {waited} under its lock, with a cell on air ({trial.on_air_by})"
    return Answer(Outcome.FAIL, reason, Grade.MEASURED, evidence)
