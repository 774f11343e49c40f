"""Small values for judging: a carrier, its edition, surveys of modems and handsets."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from harness.carriers.edition import Alias, Carrier, Edition
from harness.carriers.store import Selected
from harness.errors import LinkError
from harness.links.host_tool import ReplayTools
from harness.observations import (
    EnabledBands,
    Identity,
    Observation,
    Registration,
    ServingCell,
    Sim,
    Source,
    SupportedBands,
    Unread,
)
from harness.probes.at.language.answer import Modem
from harness.probes.at.session import read_exchange
from harness.probes.at.unread import settled
from harness.probes.qmi.session import read_modem as read_tools
from harness.recording.exchange import Exchange, Recording, RecordingInfo
from harness.requirements.attach import AttachRule
from harness.requirements.band import Alternative, BandRule
from harness.requirements.bands.facts import Declared
from harness.requirements.bands.layers import BandFact
from harness.requirements.bound import Bound
from harness.survey.survey import Survey
from harness.verdicts.fit.outlook import Outlook, outlook
from harness.verdicts.fit.ranking import KnownDevice
from harness.verdicts.judge import judge
from harness.verdicts.verdict import Verdict

OWN, OTHER = "310410", "310260"
RF, POLICY, CAPABILITY = (f'AT+QNWPREFCFG="{name}_band"' for name in ("rf", "policy", "ue_capability"))
HARDWARE_LIST, POLICY_LIST, ADVERTISED_LIST = "hardware", "policy", "advertised"
_ASKED = {"hardware": RF, "policy": POLICY, "advertised": CAPABILITY, None: "AT#BND=?"}


def band(number: int = 12, rat: str = "lte", **more: Any) -> BandRule:
    return BandRule(
        **{"id": f"T-{number}", "level": "mandatory", "rat": rat, "band": number, "role": "coverage", **more}
    )


def attach(**any_of: tuple[int, ...]) -> AttachRule:
    return AttachRule(id="T-ATTACH", level="mandatory", any_of=any_of or {"lte": (2, 4, 12, 66)})


def selected(*rules: Any, aliases: tuple[Alias, ...] = (), host: str | None = None) -> Selected:
    edition = Edition(as_of="2024", sources=("test",), confidence="A", requirements=rules or (band(),), aliases=aliases)
    carrier = Carrier(
        format="bandproof.profile/1",
        id="us/test",
        name="Test",
        country="US",
        editions=(edition,),
        plmns=(OWN, "310150"),
        host=host,
    )
    return Selected(carrier, edition, date(2024, 6, 1))


def alternative(number: int, relation: str = "superset") -> Alternative:
    return Alternative(band=number, relation=relation)


def listed(*bands: int, layer: str | None = "hardware", rat: str = "lte") -> SupportedBands:
    return SupportedBands(rat=rat, bands=bands, layer=layer, source=Source(request=_ASKED[layer], line=1, link="at"))


def no_restriction(layer: str | None = "hardware") -> SupportedBands:
    return SupportedBands(rat="lte", bands=None, unlimited=True, layer=layer, source=Source(request=_ASKED[layer]))


def enabled(*bands: int, rat: str = "lte") -> EnabledBands:
    return EnabledBands(rat=rat, bands=bands, source=Source(request='AT+QNWPREFCFG="lte_band"', line=1))


def cell(number: int | None = 12, arfcn: int | None = 5110, **more: Any) -> ServingCell:
    told = {"rat": "lte", "band": number, "arfcn": arfcn, "band_source": "both", "registered": True, "pci": 214}
    return ServingCell(**{**told, **more})


def registered(state: str = "home", **more: Any) -> Registration:
    return Registration(**{"state": state, "domain": "eps", **more})


def sim(plmn: str | None = OWN, **more: Any) -> Sim:
    return Sim(**{"plmn": plmn, "state": "ready", **more})


IN_SERVICE = (sim(), registered())


def exchange(request: str, response: str = "OK", **more: Any) -> tuple[str, Exchange]:
    return "at", Exchange(request, f"{response}\r\n".encode(), **more)


def modem(*facts: Observation, **more: Any) -> Survey:
    """A modem that told the facts, and did not tell what the probes find unread in its `exchanges`."""
    told = {"device": "d", "address": "a", "kind": "modem", "dialect": "quectel"}
    lost = unread_in(more.get("exchanges", ()), facts)
    return Survey(**{**told, **more, "observations": (*facts, *lost)})


def unread_in(exchanges: tuple[tuple[str, Exchange], ...], facts: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """What the probes say that these exchanges did not tell, where the facts do not tell it either."""
    items = list(facts)
    for kind, one in exchanges:
        if kind == "at":
            items += read_exchange(one, None, Modem()).observations
        else:
            recording = Recording(RecordingInfo("r", "recorded"), {"qmi": (one,)})
            with suppress(LinkError):
                items += read_tools(ReplayTools(recording), deadline_s=0).observations
    told = {item.source.request for item in facts if item.source}
    return tuple(item for item in settled(items, None) if isinstance(item, Unread) and item.request not in told)


def handset(*facts: Observation, **more: Any) -> Survey:
    return Survey(**{"device": "d", "address": "a", "kind": "handset", "observations": facts, **more})


def identity(**said: str) -> Identity:
    return Identity(**said)


def sheet(*lte: int, **more: tuple[int, ...] | None) -> Declared:
    return Declared("maker/model#variant", {"gsm": None, "umts": None, "nr": None, "lte": lte, **more})


def verdict(survey: Survey, rule: Any = None, chosen: Selected | None = None, **more: Any) -> Verdict:
    rule = rule or band()
    return judged(survey, chosen or selected(rule), rule, **more)


def judged(survey: Survey, chosen: Selected, rule: Any, declared: Declared | None = None, **more: Any) -> Verdict:
    return judge(Bound.of(survey, declared), chosen, rule, **more)


def fact(survey: Survey, declared: Declared | None, rat: str, number: int, *, own_sim: bool = True) -> BandFact:
    return Bound.of(survey, declared).fact(rat, number, own_sim=own_sim)


def known(survey: Survey, declared: Declared | None = None, **more: Any) -> KnownDevice:
    return KnownDevice(Bound.of(survey, declared), **more)


def outlooked(survey: Survey, chosen: Selected, declared: Declared | None = None, policy: Any = "strict") -> Outlook:
    return outlook(Bound.of(survey, declared), chosen, policy)
