"""One slot of a dump as truth tables: which domain has service, whether it is attached, which registrations it tells."""

from __future__ import annotations

import itertools

import pytest

from harness.observations import Source
from harness.probes.adb.service.domains import registrations_of
from harness.probes.adb.service.servicestate import DomainReg, ServiceState
from harness.probes.adb.service.slots import Slot

IN, OUT, EMERGENCY, OFF = 0, 1, 2, 3
LEVELS = (None, IN, OUT, EMERGENCY, OFF)


def reg(domain, state, **more):
    return DomainReg(domain, state, **more)


def slot(*regs, service=None, **more):
    return Slot(0, 7, ServiceState(**service) if service is not None else None, tuple(regs), **more)


def told(one):
    return [(item.domain, item.state) for item in registrations_of(one)]


@pytest.mark.parametrize(
    ("regs", "service", "cs", "ps"),
    [
        ([], None, None, None),
        ([], {"voice": IN, "data": OUT}, True, False),
        ([], {"voice": OUT, "data": IN}, False, True),
        ([], {"voice": EMERGENCY, "data": OFF}, False, False),
        ([], {"voice": IN, "data": IN, "data_over_wifi": True}, True, None),
        ([], {"voice": None, "data": None}, None, None),
        ([reg("cs", "home")], {"voice": OUT, "data": OUT}, True, False),
        ([reg("ps", "home")], {"voice": OUT, "data": OUT, "data_over_wifi": True}, False, True),
        ([reg("ps", "denied")], {"voice": IN, "data": IN}, True, False),
        ([reg("ps", "unknown")], {"voice": IN, "data": IN}, True, True),
        ([reg("ps", None)], {"data": OUT}, None, False),
        ([reg(None, "home")], None, None, None),
        ([reg("cs", "roaming"), reg("ps", "searching")], None, True, False),
    ],
)
def test_which_domain_has_service(regs, service, cs, ps):
    one = slot(*regs, service=service)
    assert (one.has_service("cs"), one.has_service("ps")) == (cs, ps)


@pytest.mark.parametrize(
    ("regs", "service", "attached"),
    [
        ([], None, None),
        ([], {"voice": IN, "data": IN}, True),
        ([], {"voice": IN, "data": OUT}, True),
        ([], {"voice": OUT, "data": IN}, True),
        ([], {"voice": OUT, "data": OUT}, False),
        ([], {"voice": OFF, "data": EMERGENCY}, False),
        ([], {"voice": OUT}, None),
        ([], {"data": OUT}, None),
        ([], {"voice": None, "data": IN, "data_over_wifi": True}, None),
        ([reg("ps", "home")], {"voice": OUT, "data": OUT}, False),  # the state itself says out, twice
        ([reg("ps", "home")], {"voice": OUT, "data": IN}, True),
        ([reg("ps", "home")], None, True),
        ([reg("cs", "home")], None, True),
        ([reg("ps", "denied")], None, False),
        ([reg("cs", "searching"), reg("ps", "denied")], None, False),
        ([reg("cs", "home"), reg("ps", "denied")], None, True),
        ([reg("ps", "unknown")], None, None),
        ([reg(None, "home")], None, True),
        ([reg(None, "roaming")], None, True),
        ([reg(None, "not_registered")], None, False),
        ([reg(None, "unknown")], None, None),
        ([reg(None, "home"), reg("cs", "denied")], None, None),
        ([reg(None, "not_registered"), reg(None, "home")], None, True),
        ([reg("ps", "denied")], {"voice": None, "data": None}, False),
        ([reg("ps", "denied")], {"voice": IN}, True),
        ([reg(None, "home"), reg("ps", "denied")], {"voice": OUT}, False),  # both domains say so themselves
    ],
)
def test_whether_a_slot_is_attached(regs, service, attached):
    assert slot(*regs, service=service).attached is attached


@pytest.mark.parametrize(("voice", "data"), list(itertools.product(LEVELS, LEVELS)))
def test_levels_alone(voice, data):
    """Without records each domain is what its level says; power off allows no emergency call."""
    words = {IN: "home", OUT: "not_registered", EMERGENCY: "emergency", OFF: "not_registered"}
    one = slot(service={"voice": voice, "data": data, "voice_roaming": False, "data_roaming": False})
    expected = [(domain, words[level]) for domain, level in (("cs", voice), ("ps", data)) if level is not None]
    assert told(one) == expected
    assert one.attached is (None if None in (voice, data) and IN not in (voice, data) else IN in (voice, data))


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({"voice": IN, "voice_roaming": True}, [("cs", "roaming")]),
        ({"voice": IN}, [("cs", "unknown")]),
        ({"data": IN, "data_roaming": True}, [("ps", "roaming")]),
        ({"data": IN, "voice_roaming": True}, [("ps", "unknown")]),
        ({"voice": IN, "voice_roaming": False, "data": IN, "data_roaming": True}, [("cs", "home"), ("ps", "roaming")]),
        ({"data": IN, "data_roaming": False, "data_over_wifi": True}, []),
        ({"voice": OUT, "emergency_only": True}, [("cs", "emergency")]),
        ({"voice": OFF, "emergency_only": True}, [("cs", "not_registered")]),
        ({"data": OUT, "emergency_only": True}, [("ps", "not_registered")]),
        ({"data": EMERGENCY}, [("ps", "emergency")]),
    ],
)
def test_what_a_level_tells(service, expected):
    assert told(slot(service=service)) == expected


@pytest.mark.parametrize(
    ("regs", "service", "expected"),
    [
        ([reg("ps", "home")], None, [("ps", "home")]),
        ([reg("cs", "home"), reg("ps", "roaming")], None, [("cs", "home"), ("ps", "roaming")]),
        ([reg("ps", "denied")], None, [("ps", "denied")]),
        ([reg("ps", "searching")], None, [("ps", "searching")]),
        ([reg("ps", "searching", emergency=True)], None, [("ps", "emergency")]),
        ([reg("ps", "not_registered", emergency=True)], None, [("ps", "emergency")]),
        ([reg("ps", "denied", emergency=True)], None, [("ps", "denied")]),
        ([reg("ps", "home", emergency=True)], None, [("ps", "home")]),
        ([reg("ps", "unknown")], {"data": OUT}, [("ps", "not_registered")]),
        ([reg("ps", "unknown")], {"data": OFF}, [("ps", "not_registered")]),
        ([reg("ps", "unknown")], {"data": EMERGENCY}, [("ps", "emergency")]),
        ([reg("ps", "unknown", emergency=False)], {"data": EMERGENCY}, [("ps", "not_registered")]),
        ([reg("ps", "unknown")], {"data": IN}, [("ps", "unknown")]),
        ([reg("ps", "not_registered")], {"data": EMERGENCY}, [("ps", "emergency")]),
        ([reg("ps", "not_registered")], {"data": OUT, "emergency_only": True}, [("ps", "not_registered")]),
        ([reg("cs", "not_registered")], {"voice": OUT, "emergency_only": True}, [("cs", "emergency")]),
        ([reg(None, "not_registered")], {"emergency_only": True}, [(None, "emergency")]),
        ([reg(None, "home"), reg(None, "denied")], None, [(None, "home")]),
        ([reg("ps", None)], {"data": IN, "data_roaming": False}, [("ps", "home")]),
        ([reg("ps", None)], None, []),
        # A list that was cut: of the domain that it lacks only a level in service is told.
        ([reg("ps", "home")], {"voice": OUT, "data": IN}, [("ps", "home")]),
        (
            [reg("ps", "home")],
            {"voice": IN, "data": IN, "voice_roaming": False},
            [("cs", "home"), ("ps", "home")],
        ),
        # The state says otherwise than the list: both are told.
        ([reg("ps", "home")], {"data": OUT}, [("ps", "home"), ("ps", "not_registered")]),
        ([reg("ps", "home")], {"data": EMERGENCY}, [("ps", "home"), ("ps", "emergency")]),
        ([reg("ps", "home")], {"voice": OFF}, [("ps", "home"), ("ps", "not_registered")]),
        ([reg("ps", "home")], {"data": OFF}, [("ps", "home"), ("ps", "not_registered")]),
        ([reg("ps", "denied")], {"data": OUT}, [("ps", "denied")]),
        ([reg("ps", "roaming")], {"data": OUT}, [("ps", "roaming"), ("ps", "not_registered")]),
        ([reg("ps", "home")], {"data": IN}, [("ps", "home")]),
    ],
)
def test_what_records_and_levels_tell_together(regs, service, expected):
    assert told(slot(*regs, service=service)) == expected


def test_rat_plmn_and_cause_of_a_registration():
    words = {"voice_rat": "umts", "data_rat": "lte", "plmn": "26201", "voice": IN, "data": IN}
    cs, ps = registrations_of(slot(service={**words, "voice_roaming": False, "data_roaming": False}))
    assert (cs.rat, ps.rat, cs.plmn, ps.plmn) == ("umts", "lte", "26201", "26201")
    assert (cs.slot, cs.source) == (0, Source(line=7))
    out, _ = registrations_of(slot(service={**words, "voice": OUT}))
    assert (out.state, out.rat, out.plmn) == ("not_registered", None, None)
    cs, ps = registrations_of(slot(reg("cs", "home"), reg("ps", "home"), service=words))
    assert (cs.rat, ps.rat) == ("umts", "lte")
    (own,) = registrations_of(slot(reg("ps", "home", rat="nr_sa", plmn="310410", cause=3)))
    assert (own.rat, own.plmn, own.cause) == ("nr_sa", "310410", 3)
    (down,) = registrations_of(slot(reg("ps", "denied", rat="lte", plmn="310410", cause=15)))
    assert (down.rat, down.plmn, down.cause) == ("lte", None, 15)
    (bare,) = registrations_of(slot(reg("ps", "denied"), service={"data_rat": "lte"}))
    assert bare.rat is None
    (nameless,) = registrations_of(slot(reg(None, "home"), service={"data_rat": "lte"}))
    assert nameless.rat is None


def test_a_slot_in_which_nothing_was_gathered():
    assert Slot().empty
    assert not slot(reg("ps", "home")).empty
    assert not slot(service={}).empty
    assert not Slot(channels=["x"]).empty
    assert not Slot(cells=["x"]).empty
    assert not Slot(identity="x").empty
    assert Slot().source is None
    assert slot().source == Source(line=7)
    assert slot(reg("cs", "home"), reg("ps", "denied")).reg("ps").state == "denied"
    assert slot(reg("cs", "home")).reg("ps") is None
