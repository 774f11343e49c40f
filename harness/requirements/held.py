"""`held`: held to one technology, the handset attaches on it anew. Told by trials alone, never by a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord
from harness.observations import Grade
from harness.radio.rats import channel_word, label
from harness.radio.tables import band_label
from harness.trial_facts import RatTrial

from .answers import Answer, sources
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.carriers.edition import Edition
    from harness.yamlfiles.problem import Problem

    from .bound import CarrierBound

_LOCKS = {
    "not_read": "whether its network types are narrowed cannot be read",
    "other": "the command was accepted, and its network types read otherwise",
    "refused": "the handset refused the network types",
    "not_sent": "it was not held to it",
}
_ALIKE = {"nr": ("nr", "nr_sa")}


class HeldRule(Rule, frozen=True, kw_only=True, tag="held"):
    """Held to the technology, the handset attaches on it anew."""

    kind: ClassVar[str] = "held"
    needed: GradeWord = "measured"
    rat: Literal["lte", "nr"]

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """None: every technology that may stand there can be asked."""
        return iter(())

    def asks(self) -> str:
        """`held to LTE, it attaches on it`."""
        return f"held to {label(self.rat)}, it attaches on it"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the trial of the technology."""
        trials = [one for one in bound.survey.all(RatTrial) if one.rat == self.rat]
        if not trials:
            why = f"{label(self.rat)}: no handset was held to it (`--sweep={self.rat}` does, and attaches)"
            return Answer(Outcome.INCONC, why)
        return verdict_of_holding(trials[-1])

    def particulars(self) -> Mapping[str, Any]:
        """The technology."""
        return {"rat": self.rat}


def verdict_of_holding(trial: RatTrial) -> Answer:
    """What one trial comes to. Only a new registration on the technology passes; nothing fails, for nobody else witnesses."""
    evidence = sources([trial])
    if trial.plan == "not_applicable":
        return Answer(Outcome.NA, trial.why, None, evidence)
    if why := _open(trial):
        return Answer(Outcome.INCONC, f"{label(trial.rat)}: {why}", None, evidence)
    time = f" after {trial.attach_s:.1f} s" if trial.attach_s is not None else ""
    told = f"held to {label(trial.rat)}, attached anew on {_where(trial)}{time}"
    if trial.validated is False:
        return Answer(
            Outcome.PASS_NOTE, f"{told}; no data over it was seen to be validated by Android", Grade.MEASURED, evidence
        )
    data = "; Android validated its data" if trial.validated else ""
    return Answer(Outcome.PASS, f"{told}{data}", Grade.MEASURED, evidence)


def _open(trial: RatTrial) -> str:
    """Why nothing is decided; empty where it attached on what it was held to."""
    if trial.plan == "refused":
        return f"{trial.why or 'the sweep was refused'}; nothing was changed"
    if not trial.baseline:
        nothing = (
            "the handset was not registered with nothing held, so no technology tells anything: check SIM and cover"
        )
        return trial.why or nothing
    if trial.lock != "in_force":
        return _LOCKS[trial.lock] + (f" ({trial.why})" if trial.why else "")
    if not trial.registered:
        return trial.why or _not_attached(trial)
    if not trial.fresh:
        kept = "it never left its cell, and a cell that is kept proves no attach: on a cable airplane mode is switched for it"
        return trial.why or kept
    return _elsewhere(trial)


def _not_attached(trial: RatTrial) -> str:
    waited = f"no attach in {trial.waited_s:.0f} s" if trial.waited_s is not None else "no attach"
    cause = f", cause {trial.cause}" if trial.cause else ""
    told = f"denied{cause}" if trial.denied else waited
    return f"{told}; whether a cell of it is on air, nobody tells"


def _elsewhere(trial: RatTrial) -> str:
    """Why the cell that serves is none that was asked for; empty where it is."""
    alike = _ALIKE.get(trial.rat, (trial.rat,))
    if trial.disagree or trial.served_rat is None:
        return "it registered, and its serving cell is not told, or told in two ways"
    if trial.served_rat not in alike or trial.registered_rat not in alike:
        return f"its types read as asked, and it is served on {_where(trial)}: they are not in force"
    if trial.beside is not None:
        return f"its types read as asked, and {label(trial.beside)} serves beside it: they are not in force"
    return ""


def _where(trial: RatTrial) -> str:
    """`LTE, B66, EARFCN 66786`."""
    rat = trial.served_rat or trial.rat
    band = f", {band_label(rat, trial.served_band)}" if trial.served_band is not None else ", band not told"
    channel = f", {channel_word(rat)} {trial.served_arfcn}" if trial.served_arfcn is not None else ""
    return f"{label(rat)}{band}{channel}"
