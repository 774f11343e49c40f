"""What a trial of an NR band beside an LTE cell (EN-DC) comes to: only the leg itself passes, and nothing fails.

No witness here sees whether a network wants a leg: it is added by the anchor's choice, after measurements and under
traffic. So an absent leg says nothing of the device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import Grade
from harness.plain_text import plural
from harness.radio.rats import channel_word
from harness.radio.tables import band_label

from .answers import Answer, sources
from .outcomes import Outcome

if TYPE_CHECKING:
    from harness.trial_facts import BandTrial

_TRAFFIC = (
    "networks add a leg beside the LTE bands that they pair with it, many under traffic alone: try where there is such a "
    "pair, with --sweep-data"
)
_LTE = "EN-DC needs an LTE cell as its anchor: sweep where one is on air that the network pairs with this band"


def verdict_of_leg(trial: BandTrial) -> Answer:
    """The verdict of a trial that was carried out, behind an attach with nothing locked and a lock that was read."""
    name, evidence = trial.label, sources([trial])
    if why := _open(trial):
        return Answer(Outcome.INCONC, f"{name}: {why}", None, evidence)
    time = f" after {trial.attach_s:.1f} s" if trial.attach_s is not None else ""
    later = f" {trial.leg_s:.1f} s later" if trial.leg_s is not None else ""
    also = "" if trial.served_band == trial.band else f", which the cell is announced under besides {name}"
    told = f"attached anew on {_anchor(trial)}{time}, its NR leg on {_leg(trial)}{also}{later}"
    return attached_anew(trial, told)


def attached_anew(trial: BandTrial, told: str) -> Answer:
    """The verdict of a trial that proved its band: with a note where data was waited for and none was seen."""
    evidence = sources([trial])
    if trial.received_bytes == 0:
        return Answer(Outcome.PASS_NOTE, f"{told}; no data was seen to come over its bearer", Grade.MEASURED, evidence)
    data = f"; {plural(trial.received_bytes, 'byte')} came over its bearer" if trial.received_bytes else ""
    return Answer(Outcome.PASS, f"{told}{data}", Grade.MEASURED, evidence)


def _open(trial: BandTrial) -> str:
    """Why the trial proves nothing; empty where it proves the leg."""
    if not trial.registered:
        return trial.why or f"{_not_registered(trial)}; {_LTE}"
    if not trial.fresh:
        return "it never left its cell, and a cell that is kept proves no attach"
    if trial.anchor_rat != "lte":
        if trial.anchor_rat is None:
            return "it registered, and which LTE cell is its anchor is not told"
        return f"it is served on {_anchor(trial)} alone; {_LTE}"
    if not trial.leg_told:
        waited = f" in {trial.leg_s:.0f} s" if trial.leg_s is not None else ""
        return f"attached anew on {_anchor(trial)}, and no NR leg came{waited}{_air(trial)}; {_TRAFFIC}"
    if not trial.leg_fresh:
        return (
            "it tells of an NR leg while its radio is off, or was not asked then: what it tells of one proves nothing"
        )
    if trial.disagree or trial.served_band is None:
        return "it tells of an NR leg, and its band is not told by its channel, or it is told in two ways"
    if trial.served_band not in {trial.band, *trial.announces}:
        return f"the lock reads as asked, and its NR leg is on {_leg(trial)}: it is not in force, or that is a twin"
    if trial.network == "not_attached":
        return f"it tells of an attach on {_anchor(trial)}, and the network saw none"
    return ""


def _not_registered(trial: BandTrial) -> str:
    if trial.denied:
        return f"denied on LTE{f', cause {trial.cause}' if trial.cause else ''}"
    return f"no attach on LTE in {trial.waited_s:.0f} s" if trial.waited_s is not None else "no attach on LTE"


def _air(trial: BandTrial) -> str:
    if trial.on_air is False:
        return ", for no cell of it is on air"
    return ", though its own scan heard a cell on a channel of it" if trial.own_scan else ""


def _anchor(trial: BandTrial) -> str:
    return _place(trial.anchor_rat or "lte", trial.anchor_band, trial.anchor_arfcn)


def _leg(trial: BandTrial) -> str:
    return _place("nr", trial.served_band, trial.served_arfcn)


def _place(rat: str, band: int | None, arfcn: int | None) -> str:
    channel = f", {channel_word(rat)} {arfcn}" if arfcn is not None else ""
    return f"{band_label(rat, band)}{channel}" if band is not None else "a cell whose band is not told"
