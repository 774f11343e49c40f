"""Requirements on the network: attached on one of the carrier's bands, registered for data.

They apply where a SIM of the carrier is in the device. Which network a cell or a registration belongs to counts: a
phone with two SIMs, or abroad, is attached to somebody else's cells, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.carriers.edition import AttachRule, RegisteredRule
from harness.observations import ServingCell, Sim
from harness.radio.tables import band_label

from .facts import band_is_certain, in_service, wrap_twin
from .layers import NR_WORDS, same_rat, unread
from .verdict import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.carriers.edition import Carrier
    from harness.carriers.store import Selected
    from harness.observations import Grade, Registration, Source
    from harness.survey.survey import Survey

_Slots = set[int | None]


def own_sims(survey: Survey, carrier: Carrier) -> tuple[Sim, ...]:
    """SIMs of this carrier that are in the device and ready: a subscription that is only remembered is none.

    Where another SIM is in than the bench file expects, none counts.
    """
    if survey.wrong_sim:
        return ()
    ready = {sim.slot for sim in survey.sims if sim.state in {"ready", "loaded"}}
    return tuple(sim for sim in survey.sims if sim.plmn in carrier.plmns and sim.slot in ready)


def wrong_sim(survey: Survey, carrier: Carrier) -> str:
    """Why what hangs on a SIM of this carrier is open: another one is in than the bench file expects; else empty."""
    concerned = survey.wrong_sim and {survey.expected_sim, *survey.sim_plmns} & set(carrier.plmns)
    return survey.wrong_sim if concerned else ""


def network_verdict(blank: Verdict, survey: Survey, selected: Selected, rule: AttachRule | RegisteredRule) -> Verdict:
    """NA where no SIM of the carrier is in the device, INCONC where that is not known, or the SIM is a wrong one."""
    if wrong := wrong_sim(survey, selected.carrier):
        return replace(blank, reason=wrong)
    own = own_sims(survey, selected.carrier)
    if not own:
        return _without_sim(blank, survey, [sim for sim in survey.sims if sim.plmn in selected.carrier.plmns])
    slots = {sim.slot for sim in own}
    if isinstance(rule, AttachRule):
        return _attached(blank, survey, selected.carrier, rule, slots)
    return _registered(blank, survey, selected.carrier, rule, slots)


def _without_sim(blank: Verdict, survey: Survey, own: Sequence[Sim]) -> Verdict:
    """`own`: SIMs of the carrier that are not known to be ready."""
    states = {str(sim.state) for sim in survey.all(Sim)}
    known = {sim.slot for sim in survey.sims if sim.plmn}
    if not states:
        return replace(blank, reason="no SIM observed: whether it is the carrier's is not known")
    if any(sim.slot not in known for sim in survey.sims):
        return replace(blank, reason="a SIM is in the device, but not told of which network")
    if own:
        told = ", ".join(sorted({str(sim.state or "not observed") for sim in own}))
        return replace(blank, reason=f"the state of the carrier's SIM is {told}")
    if not known:
        return replace(blank, outcome=Outcome.NA, reason=f"no SIM in the device (SIM: {', '.join(sorted(states))})")
    plmns = ", ".join(survey.sim_plmns)
    return replace(blank, outcome=Outcome.NA, reason=f"the SIM belongs to {plmns}, not to this carrier")


def _in_slots(slot: int | None, slots: _Slots) -> bool:
    return slot in slots or slot is None or slots == {None}


def _foreign(plmn: str | None, carrier: Carrier) -> bool:
    """Whether a network is somebody else's. A carrier with a host uses the host's cells, whose PLMNs are not here."""
    return plmn is not None and plmn not in carrier.plmns and carrier.host is None


def _attached(blank: Verdict, survey: Survey, carrier: Carrier, rule: AttachRule, slots: _Slots) -> Verdict:
    cells = [cell for cell in survey.primary_cells if _in_slots(cell.slot, slots)]
    registered = [c for c in cells if c.registered is not False and in_service(survey, c.slot, data=True)]
    if not registered:
        why = "camped on a cell without registration" if cells else "no serving cell observed"
        return replace(blank, reason=why, evidence=_sources(cells))
    evidence = _sources(registered)
    if len(registered) < len(cells):
        return replace(blank, reason="sources disagree whether the cell is a registered one", evidence=_sources(cells))
    foreign = [cell.plmn for cell in registered if _foreign(cell.plmn, carrier)]
    if foreign:
        how = "roaming on" if _roams(survey, slots) else "attached to"
        return replace(blank, reason=f"{how} {foreign[0]}, which is not the carrier's network", evidence=evidence)
    if _roams(survey, slots) and not all(cell.plmn in carrier.plmns for cell in registered):
        return replace(blank, reason="roaming, so the cell is hardly the carrier's own", evidence=evidence)
    told = [cell for cell in registered if cell.band is not None]
    if lost := _unread(survey):
        return replace(blank, reason=f"the answer to {lost[0]} could not be read", evidence=evidence)
    if any(cell.band_source == "conflict" for cell in registered):
        return replace(blank, reason="channel and reported band contradict each other", evidence=evidence)
    if len({(_family(cell.rat), cell.band) for cell in told}) > 1:
        return replace(blank, reason="sources name several bands of the serving cell", evidence=evidence)
    certain = next((cell for cell in told if band_is_certain(cell)), None)
    if certain is None or certain.rat is None:
        why = "the band of the serving cell is reported, but no channel confirms it" if told else _NO_BAND
        return replace(blank, reason=why, evidence=evidence)
    return _on_band(replace(blank, evidence=evidence, grade=min(c.grade for c in told)), rule, certain, registered)


def _roams(survey: Survey, slots: _Slots) -> bool:
    data = [r for r in survey.registrations if _in_slots(r.slot, slots) and r.domain != "cs"]
    return any(r.state == "roaming" for r in data)


def _unread(survey: Survey) -> tuple[str, ...]:
    """Requests whose lost answers may have told of another cell or state."""
    return (
        *unread(survey, "serving"),
        *unread(survey, "registration"),
    )


_NO_BAND = "the band of the serving cell is not known"


def _on_band(found: Verdict, rule: AttachRule, cell: ServingCell, all_cells: Sequence[ServingCell]) -> Verdict:
    """The verdict on a cell whose band stands fast; the other readings of it fill what it does not tell."""
    rat, band = str(cell.rat), cell.band or 0
    pci = next((c.pci for c in (cell, *all_cells) if c.pci is not None and c.arfcn in {None, cell.arfcn}), None)
    where = f"attached on {band_label(rat, band)}"
    if cell.arfcn is not None:
        where += f", {'NR-ARFCN' if rat in NR_WORDS else 'EARFCN'} {cell.arfcn}"
    where += f", PCI {pci}" if pci is not None else ""
    fits = _fits(rule, rat, band)
    twin = next((t for c in all_cells if (t := wrap_twin(c)) is not None and c.band == band), None)
    if twin is not None and not fits and _fits(rule, rat, twin):
        label = band_label(rat, twin)
        why = f"{where}, or on {label} if the EARFCN is stored in 16 bits: the device does not name the band"
        return replace(found, reason=why, grade=None)
    if fits:
        return replace(found, outcome=Outcome.PASS, reason=where)
    return replace(found, outcome=Outcome.FAIL, reason=f"{where}: not one of the bands asked")


def _fits(rule: AttachRule, rat: str, band: int) -> bool:
    return any(_family(asked) == _family(rat) and band in bands for asked, bands in rule.any_of.items())


def _family(rat: str | None) -> str | None:
    """NR is one technology here, whichever core it hangs on; LTE-M and NB-IoT are not LTE."""
    return "nr" if rat is not None and same_rat("nr", rat) else rat


def _registered(blank: Verdict, survey: Survey, carrier: Carrier, rule: RegisteredRule, slots: _Slots) -> Verdict:
    data = [r for r in survey.registrations if _in_slots(r.slot, slots) and r.domain != "cs"]
    states = {r.state for r in data} - {"unknown"}
    found = replace(blank, evidence=_sources(data))
    if not states:
        return replace(found, reason="no registration observed")
    serving = [r for r in data if r.state in {"home", "roaming"}]
    if len({r.state for r in serving}) > 1:
        return replace(found, reason="sources disagree: home and roaming")
    if serving:
        return _serving(found, survey, carrier, rule, serving)
    if "denied" in states:
        causes = sorted({str(r.cause) for r in data if r.cause})
        reason = "registration denied" + (f", cause {', '.join(causes)}" if causes else "")
        return replace(found, outcome=Outcome.FAIL, reason=reason, grade=_best(r for r in data if r.state == "denied"))
    return replace(found, reason=f"not in service: {', '.join(sorted(states))}")


def _serving(
    found: Verdict, survey: Survey, carrier: Carrier, rule: RegisteredRule, serving: Sequence[Registration]
) -> Verdict:
    state = serving[0].state
    if state not in rule.states:
        where = next((f" on {r.plmn}" for r in serving if r.plmn), "") if state == "roaming" else ""
        return replace(found, outcome=Outcome.FAIL, reason=f"registered: {state}{where}", grade=_best(serving))
    foreign = [r.plmn for r in serving if _foreign(r.plmn, carrier)]
    if state == "home" and foreign:
        return replace(found, reason=f"registered on {foreign[0]}, which is not the carrier's network")
    if lost := unread(survey, "registration"):
        return replace(found, reason=f"registered: {state}, but the answer to {lost[0]} could not be read")
    return replace(found, outcome=Outcome.PASS, reason=f"registered: {state}", grade=_best(serving))


def _best(items: Iterable[Registration]) -> Grade:
    return max(item.grade for item in items)


def _sources(items: Sequence[ServingCell] | Sequence[Registration]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(item.source for item in items if item.source))
