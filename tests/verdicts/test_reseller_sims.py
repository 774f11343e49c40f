"""A reseller's SIM in the device is not its host's: what hangs on the host's SIM does not apply."""

from __future__ import annotations

from datetime import date

import pytest
from verdict_cases import cell, handset, judged, registered, sim

from harness.carriers.store import Profiles, Selected
from harness.verdicts.verdict import Outcome, Verdict

TODAY = date(2026, 11, 21)


def of(carrier: str) -> Selected:
    (found,) = Profiles().select([carrier], TODAY)
    return found


def verdict(carrier: str, kind: str, *facts: object) -> Verdict:
    chosen = of(carrier)
    (rule,) = [rule for rule in chosen.edition.requirements if rule.kind == kind]
    return judged(handset(*facts), chosen, rule)


def card(plmn: str, gid1: str | None = None, carrier_id: int | None = None):
    return sim(plmn, gid1=gid1, carrier_id=carrier_id)


@pytest.mark.parametrize(
    ("carrier", "gid1", "carrier_id", "applies"),
    [
        ("us/att", None, None, True),
        ("us/att", "FFFF", None, True),
        ("us/att", "DDFF", None, False),
        ("us/att", "3432", None, False),
        ("us/att", None, 2022, False),
        ("us/att", None, 2525, False),
        ("us/boost", None, 2525, True),
        ("us/boost", "3432", None, True),
        ("us/boost", None, None, False),
    ],
)
@pytest.mark.parametrize("kind", ["attach", "registered", "volte"])
def test_requirements_of_a_sim_follow_its_brand(
    carrier: str, gid1: str | None, carrier_id: int | None, applies: bool, kind: str
) -> None:
    facts = (card("310410", gid1, carrier_id), cell(12, 5110, plmn="310410"), registered("home", plmn="310410"))
    assert (verdict(carrier, kind, *facts).outcome is not Outcome.NA) == applies


def test_the_reason_names_the_brand() -> None:
    told = verdict("us/att", "registered", card("310410", "DDFF"), registered("home", plmn="310410"))
    assert told.outcome is Outcome.NA
    assert "310410, as TracFone uses it" in told.reason
    guest = verdict("us/att", "registered", card("310410", None, 2525), registered("home", plmn="310410"))
    assert "310410, as Boost uses it" in guest.reason


@pytest.mark.parametrize(
    ("carrier", "home", "cell_plmn", "outcome"),
    [
        ("ca/telus", "302220", "302220", Outcome.PASS),
        ("ca/telus", "302220", "302880", Outcome.PASS),
        ("ca/bell", "302610", "302880", Outcome.PASS),
        ("ca/telus", "302220", "302720", Outcome.INCONC),
        ("dk/telia", "23820", "23866", Outcome.PASS),
    ],
)
def test_a_cell_of_the_shared_radio_network_is_the_carriers_own(
    carrier: str, home: str, cell_plmn: str, outcome: Outcome
) -> None:
    chosen = of(carrier)
    assert home in chosen.carrier.plmns
    told = verdict(carrier, "registered", card(home), registered("home", plmn=cell_plmn))
    assert told.outcome is outcome
