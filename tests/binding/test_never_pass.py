"""A bundle of signs, links, files, SIMs and days in which one thing is contradicted never passes; whole, it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from verdict_cases import OTHER, OWN, attach, band, selected, sheet

from harness.binding.sims import sims_in
from harness.carriers.sheets import Sheets
from harness.carriers.store import Selected
from harness.observations import (
    CellLock,
    EnabledBands,
    Identity,
    IdentitySign,
    Registration,
    ServingCell,
    Sim,
    Source,
    SupportedBands,
)
from harness.requirements.bands.declared import declared_for
from harness.requirements.bound import Bound
from harness.requirements.registered import RegisteredRule
from harness.survey.survey import Survey
from harness.verdicts.fit.ranking import KnownDevice, Offers
from harness.verdicts.judge import judge
from harness.verdicts.verdict import Outcome

RULES = (band(12), attach(), RegisteredRule(id="T-HOME", level="mandatory"))
CHOSEN = selected(*RULES)
MODELS = ("SM-G991U", "RM520N-GL", "EM7565", "Pixel 6", "MDE5", "XQ-AT51")
MAKERS = ("samsung", "Quectel", "Sierra Wireless, Incorporated", "Google", "Xiaomi", "Sony")
FIRMWARE = ("MPSS.HE.1.0-00123", "G991USQU4AUG", "RM520NGLAAR01A07M4G", "SWI9X50C_01.14.02.00")
TACS = ("35332609", "86012345", "01234567")


@dataclass(frozen=True)
class Bundle:
    """A device that agrees with itself: what it tells over each of its links, and what it is judged by."""

    survey: Survey
    chosen: Selected = CHOSEN
    today: date | None = None

    def outcomes(self, declared=None, variants=()) -> set[Outcome]:
        bound = Bound.of(self.survey, declared, today=self.today, variants=variants)
        return {judge(bound, self.chosen, rule).outcome for rule in self.chosen.edition.requirements}

    def fit(self, declared=None) -> Outcome:
        bound = Bound.of(self.survey, declared, today=self.today)
        return Offers([self.chosen], "strict").fits(KnownDevice(bound))[0].band_fit

    def tells(self, *facts, instead: type | None = None) -> Bundle:
        kept = tuple(one for one in self.survey.observations if instead is None or not isinstance(one, instead))
        return replace(self, survey=replace(self.survey, observations=(*kept, *facts)))


def over(link: str, *facts):
    return tuple(replace(fact, source=Source(request=f"ask {link}", link=link, exchange=0)) for fact in facts)


@st.composite
def bundles(draw) -> tuple[Bundle, tuple[str, ...]]:
    links = draw(
        st.sampled_from(
            [("adb",), ("at",), ("qmi",), ("adb", "at"), ("adb", "qmi"), ("at", "qmi"), ("adb", "at", "qmi")]
        )
    )
    signs = {
        "manufacturer": draw(st.sampled_from(MAKERS)),
        "model": draw(st.sampled_from(MODELS)),
        "baseband": draw(st.sampled_from(FIRMWARE)),
        "tac_imei": draw(st.sampled_from(TACS)),
    }
    # Something that all links tell binds them; what else each of them tells is its own affair.
    binding = draw(st.sampled_from(["model", "tac_imei", "baseband"]))
    slot = draw(st.sampled_from([None, 0, 1])) if links[0] == "adb" else None
    facts = []
    teller = draw(st.sampled_from(links))
    for link in links:
        told = {name for name in signs if name == binding or draw(st.booleans())}
        facts += over(link, Identity(**{name: value for name, value in signs.items() if name in told}))
    listed = SupportedBands(rat="lte", bands=(2, 4, 12), layer=draw(st.sampled_from(["hardware", None])))
    facts += over(teller, listed, *([EnabledBands(rat="lte", bands=(2, 4, 12))] if draw(st.booleans()) else []))
    domain = draw(st.sampled_from(["eps", "ps"]))
    facts += over(
        draw(st.sampled_from(links)),
        Sim(slot=slot, state=draw(st.sampled_from(["ready", "loaded"])), plmn=OWN),
        Registration(slot=slot, domain=domain, state="home", rat="lte", plmn=OWN),
        ServingCell(slot=slot, rat="lte", arfcn=5110, band=12, band_source="both", registered=True, plmn=OWN, pci=214),
    )
    kind = "handset" if links[0] == "adb" else "modem"
    order = draw(st.permutations(facts))
    return Bundle(Survey("d", "a", kind, tuple(order), dialect="quectel")), links


SAME_FORM = {"manufacturer": "Sony", "model": "SM-G991U", "tac_imei": "35332609", "baseband": "MPSS.AA.1.1-11111"}
MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(bundles())
def test_a_bundle_that_agrees_with_itself_passes(made):
    bundle, _ = made
    assert bundle.outcomes() == {Outcome.PASS}
    assert bundle.fit() in {Outcome.PASS, Outcome.INCONC}


OTHERWISE = {
    "manufacturer": "Telit",
    "model": "SM-G998B",
    "tac_imei": "99999999",
    "baseband": "MPSS.ZZ.9.9-99999",
}


@MANY
@given(bundles(), st.sampled_from([*OTHERWISE, "sim", "usb", "imei"]), st.data())
def test_links_of_which_one_is_contradicted_never_pass(made, sign, data):
    bundle, links = made
    if len(links) < 2:
        return
    one, other = links[0], data.draw(st.sampled_from(links[1:]))
    survey = bundle.survey
    if sign == "usb":
        survey = replace(survey, usb_places={one: "1-2", other: "1-3"})
    elif sign == "imei":
        survey = replace(survey, imei_keys={one: ("a", "b"), other: ("c",)})
    elif sign == "sim":
        kept = tuple(item for item in survey.observations if not isinstance(item, Sim))
        sims = over(one, Sim(plmn=OWN, state="ready")) + over(other, Sim(plmn=OTHER, state="ready"))
        survey = replace(survey, observations=kept + sims)
    else:
        # A model number and a name of another form may be of one phone; two numbers of one form are not.
        own = getattr(_signs(survey, one), sign) if sign in {"manufacturer", "tac_imei"} else None
        told = {one: own or SAME_FORM[sign], other: OTHERWISE[sign]}
        facts = [
            replace(item, **{sign: told.get(item.source.link)}) if isinstance(item, Identity) else item
            for item in survey.observations
        ]
        survey = replace(survey, observations=tuple(facts))
    outcomes = replace(bundle, survey=survey).outcomes()
    assert Outcome.PASS not in outcomes, (sign, links)
    assert replace(bundle, survey=survey).fit() is not Outcome.PASS


def _signs(survey: Survey, link: str) -> Identity:
    return next(one for one in survey.all(Identity) if one.source.link == link)


@MANY
@given(bundles())
def test_links_that_nothing_binds_pass_nothing_that_only_the_others_told(made):
    bundle, links = made
    facts = tuple(
        Identity(source=one.source) if isinstance(one, Identity) else one for one in bundle.survey.observations
    )
    survey = replace(bundle.survey, observations=facts)
    first = replace(survey, observations=tuple(one for one in facts if one.source.link == links[0]))
    alone, together = Bound.of(first), Bound.of(survey)
    for rule in RULES:
        if judge(together, CHOSEN, rule).outcome is Outcome.PASS:
            assert judge(alone, CHOSEN, rule).outcome is Outcome.PASS


@MANY
@given(bundles(), st.sampled_from(["lacks", "denied", "unread"]))
def test_a_loose_file_that_is_denied_never_passes(made, how):
    bundle, _ = made
    facts = tuple(one for one in bundle.survey.observations if not isinstance(one, SupportedBands | ServingCell))
    file = over("uecap", SupportedBands(rat="lte", bands=(2, 4, 12, 71), layer="advertised"))
    survey = replace(bundle.survey, observations=facts + file, loose_files=("a.hex",))
    variants = {"lacks": (sheet(2, 4),), "denied": (sheet(2, 4, 12), sheet(2, 12)), "unread": ()}[how]
    found = judge(Bound.of(survey, variants[0] if how == "lacks" else None, variants=variants), CHOSEN, RULES[0])
    assert found.outcome is (Outcome.PASS_NOTE if how == "unread" else Outcome.INCONC)


@MANY
@given(bundles(), st.sampled_from(["state", "roaming", "other SIM", "lock", "foreign cell", "channel", "unslotted"]))
def test_a_network_fact_that_is_contradicted_never_passes_attach(made, how):
    bundle, _ = made
    survey = bundle.survey
    home = survey.registrations[0]
    (cell,) = survey.all(ServingCell)
    (own,) = survey.all(Sim)
    link = (own.source.link,)
    extra = {
        "state": replace(home, state="not_registered"),
        "roaming": replace(home, state="denied", cause=11),
        "other SIM": replace(own, plmn=OTHER),
        "lock": over(link[0], CellLock(rat="lte", locked=True, arfcns=(5110,)))[0],
        "foreign cell": replace(cell, plmn=OTHER),
        "channel": replace(cell, band_source="conflict", band_reported=4),
        "unslotted": replace(home, slot=None, state="searching"),
    }[how]
    changed = bundle.tells(extra)
    if how == "other SIM" and own.slot is None and survey.kind == "handset":
        return  # two SIMs of a handset whose slots are not told may be two
    found = judge(Bound.of(changed.survey), CHOSEN, RULES[1])
    assert found.outcome is not Outcome.PASS, (how, found)
    if how in {"state", "other SIM", "unslotted", "roaming"}:
        assert judge(Bound.of(changed.survey), CHOSEN, RULES[2]).outcome is not Outcome.PASS


@MANY
@given(st.sampled_from(["31026", "20801", "40584", "72406"]), st.booleans())
def test_a_home_network_that_is_guessed_against_the_imsi_is_nobodys(prefix, ready):
    told = over(
        "at",
        Sim(state="ready" if ready else "loaded", imsi_prefix=prefix),
        Registration(domain="eps", state="home", rat="lte", plmn=OWN),
        ServingCell(rat="lte", arfcn=5110, band=12, band_source="both", registered=True, plmn=OWN),
    )
    survey = Survey("d", "a", "modem", told, dialect="quectel")
    for plmn in (OWN, f"{prefix}0"[:6], prefix):
        carrier = msgspec.structs.replace(CHOSEN.carrier, plmns=(plmn,))
        assert sims_in(survey).of(carrier).standing == "not_told"


@MANY
@given(bundles(), st.integers(1, 4000), st.booleans())
def test_a_day_that_has_not_come_or_a_network_that_ended_never_passes(made, days, ended):
    bundle, _ = made
    asked = CHOSEN.asked
    carrier = msgspec.structs.replace(CHOSEN.carrier, ended="2020", status="historical") if ended else CHOSEN.carrier
    later = replace(bundle, chosen=replace(CHOSEN, carrier=carrier), today=asked - timedelta(days))
    assert later.outcomes() == ({Outcome.NA} if ended else {Outcome.PASS_NOTE})
    assert later.fit() is not Outcome.PASS


SIGNS = st.sampled_from(
    [
        IdentitySign(what="model", place="ro.product.vendor.model", value="Mi MIX 3"),
        IdentitySign(what="codename", place="ro.product.odm.device", value="perseus"),
        Identity(manufacturer="samsung"),
        Identity(model="MDE9"),
        Identity(hardware_region="cn", rom_region="global"),
    ]
)


@MANY
@given(SIGNS, st.booleans())
def test_a_sheet_speaks_for_no_device_of_which_a_sign_says_otherwise(sign, named):
    """The controls stand beside: the same phone without the sign has its sheet."""
    whole = {
        "manufacturer": "Xiaomi",
        "codename": "chiron",
        "model": "Mi MIX 2",
        "hardware": "MDE5",
        "rom_region": "global",
    }
    told = Survey("d", "a", "handset", (Identity(**whole),), sheet="xiaomi/mi-mix-2#global" if named else None)
    assert declared_for(told, STORE)[0] is not None
    changed = {
        **whole,
        **{name: value for name in whole if isinstance(sign, Identity) and (value := getattr(sign, name))},
    }
    if isinstance(sign, Identity) and sign.hardware_region:
        changed["hardware_region"] = sign.hardware_region
    if isinstance(sign, Identity) and sign.model == "MDE9":
        changed["hardware"] = "MDE9"
    facts = (Identity(**changed), *((sign,) if isinstance(sign, IdentitySign) else ()))
    assert declared_for(replace(told, observations=facts), STORE)[0] is None


STORE = Sheets()
