"""Registration of one slot per domain: circuit-switched and packet-switched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from harness.observations import Registration

from .servicestate import EMERGENCY_ONLY, IN_SERVICE, OUT_OF_SERVICE, POWER_OFF

if TYPE_CHECKING:
    from harness.observations import Domain, Rat, RegistrationState

    from .servicestate import DomainReg
    from .slots import Slot

_DOWN = (OUT_OF_SERVICE, EMERGENCY_ONLY, POWER_OFF)


def registrations_of(slot: Slot) -> list[Registration]:
    """A registration for each domain that the slot tells something of."""
    out = []
    domains: tuple[Literal["cs", "ps"], ...] = ("cs", "ps")
    for domain in domains:
        reg = slot.reg(domain)
        if reg is None and any(r.domain and r.state for r in slot.regs) and slot.level(domain) != IN_SERVICE:
            continue  # a list that was cut: the other domain's entry is all that is left of it
        fact = _of_record(slot, reg) if reg and reg.state else _of_level(slot, domain)
        if fact:
            out.append(fact)
        if fact and reg:
            out += _against(slot, reg, fact, domain)
    return out or [fact for reg in slot.regs if reg.domain is None and (fact := _of_record(slot, reg))][:1]


def _of_record(slot: Slot, reg: DomainReg) -> Registration | None:
    """The registration as its record tells it. Emergency calls are possible per domain, where the record says so."""
    state = reg.state
    level = slot.level(reg.domain) if reg.domain else None
    if state == "unknown" and level in _DOWN:
        state = "not_registered"
    if (state in ("not_registered", "searching") and reg.emergency) or (
        state == "not_registered" and reg.emergency is None and _emergency(slot, reg.domain or "cs")
    ):
        state = "emergency"
    if state is None:
        return None
    up = state in ("home", "roaming")
    return Registration(
        slot=slot.slot,
        domain=reg.domain,
        state=state,
        rat=reg.rat or (_word(slot, reg.domain) if up else None),
        plmn=reg.plmn if up else None,
        cause=reg.cause,
        source=slot.source,
    )


def _against(slot: Slot, reg: DomainReg, fact: Registration, domain: Literal["cs", "ps"]) -> list[Registration]:
    """What the service state says against a record of its list that has the domain registered.

    The domain is out of service, or the radio is off; another record of the domain tells another state; the record
    itself names no service but emergency calls.
    """
    if fact.state not in ("home", "roaming") or slot.service is None:
        return []
    found = [_of_record(slot, other) for other in slot.service.regs if other.domain == domain and other is not reg]
    if reg.emergency_alone:
        found.append(Registration(slot=slot.slot, domain=domain, state="emergency", source=slot.source))
    if POWER_OFF in (slot.level("cs"), slot.level("ps")):
        found.append(Registration(slot=slot.slot, domain=domain, state="not_registered", source=slot.source))
    elif slot.level(domain) in _DOWN:
        found.append(_of_level(slot, domain))
    return [other for other in found if other is not None and other.state not in (fact.state, "unknown")]


def _word(slot: Slot, domain: Domain | None) -> Rat | None:
    """The RAT that the service state names for a domain."""
    if slot.service is None or domain is None:
        return None
    return slot.service.voice_rat if domain == "cs" else slot.service.data_rat


def _emergency(slot: Slot, domain: Literal["cs", "ps"]) -> bool:
    """Whether only emergency calls are possible: the domain's level says so, or, of calls, the phone's own flag."""
    if slot.level(domain) == EMERGENCY_ONLY:
        return True
    return domain == "cs" and slot.service is not None and slot.service.emergency_only


def _of_level(slot: Slot, domain: Literal["cs", "ps"]) -> Registration | None:
    service, level = slot.service, slot.level(domain)
    if service is None or level is None or (domain == "ps" and service.data_over_wifi):
        return None
    roaming = service.voice_roaming if domain == "cs" else service.data_roaming
    state: RegistrationState
    if level == IN_SERVICE:
        state = "unknown" if roaming is None else "roaming" if roaming else "home"
    else:
        state = "emergency" if level != POWER_OFF and _emergency(slot, domain) else "not_registered"
    up = level == IN_SERVICE
    return Registration(
        slot=slot.slot,
        domain=domain,
        state=state,
        rat=_word(slot, domain) if up else None,
        plmn=service.plmn if up else None,
        source=slot.source,
    )
