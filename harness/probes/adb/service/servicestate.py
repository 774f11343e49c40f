"""ServiceState and NetworkRegistrationInfo strings: positional (Android 7, 8.0) and in braces (8.1 and later)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from harness.equal_texts import remembered
from harness.probes.adb.language.text import closing, integer, integers, pairs, segments
from harness.probes.adb.language.words import STATE_WORDS, cause_of, is_iwlan, rat_of
from harness.radio.plmn import parse_plmn

from .cell import AdbCell, identity_in

if TYPE_CHECKING:
    from harness.observations import Rat, RegistrationState

IN_SERVICE, OUT_OF_SERVICE, EMERGENCY_ONLY, POWER_OFF = range(4)


@dataclass(frozen=True, slots=True)
class DomainReg:
    """Registration of one domain over the cellular transport. None: not told."""

    domain: Literal["cs", "ps"] | None
    state: RegistrationState | None
    rat: Rat | None = None
    plmn: str | None = None
    cause: int | None = None
    cell: AdbCell | None = None
    emergency: bool | None = None
    """Whether the domain itself says that emergency calls are possible, beside what it is registered for."""
    emergency_alone: bool = False
    """Whether it names services, and none but emergency calls."""
    nr_state: str | None = None
    nsa_state: int | None = None
    endc_available: bool | None = None
    dcnr_restricted: bool | None = None

    @property
    def registered(self) -> bool | None:
        """Whether the domain has service; None where the state is not told."""
        if self.state in (None, "unknown"):
            return None
        return self.state in ("home", "roaming")


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What ServiceState.toString() tells. `voice` and `data` are 0 in service, 1 out, 2 emergency only, 3 power off."""

    voice: int | None = None
    data: int | None = None
    voice_rat: Rat | None = None
    data_rat: Rat | None = None
    data_over_wifi: bool = False
    voice_roaming: bool | None = None
    data_roaming: bool | None = None
    channel: int | None = None
    widths_khz: tuple[int, ...] = ()
    plmn: str | None = None
    emergency_only: bool = False
    nr_bearer: int | None = None
    cell: AdbCell | None = None
    """A cell identity that stands in the state itself, outside of any registration (hand-trimmed texts)."""
    lists_nothing: bool = False
    """Whether its list of registrations is there and empty."""
    regs: tuple[DomainReg, ...] = field(default=())


_BRACED = re.compile(r"mServiceState(?:\[\d\])?\s?=\s?\{|\{\s{0,40}(?=mVoiceRegState\s?=|mDataRegState\s?=)")
_REG = re.compile(
    r"NetworkRegistration(?:Info|State)s?(?:\[\d\])?\s{0,4}[:=]?\s{0,4}"
    r"(?:\{|(?=(?:domain|transportType|registrationState|regState) ?=))"
    r"|(?<![\w/])(?:CS|PS)(?:\s?[/,-]\s?(?:WWAN|WLAN))?\s?[:=]\s{0,4}(?=(?:registrationState|regState) ?=)"
)
"""A record of a registration, in braces or trimmed by hand: `PS/WWAN: registrationState=HOME ...`."""
_EMPTY_LIST = re.compile(r"mNetworkRegistration(?:Infos|States) ?= ?\[\s{0,8}\]")
_DOMAIN = re.compile(r"(CS|PS)(?:\s?[/,-]\s?(WWAN|WLAN))?\s?[:=]")
_ROAMING = r"(?:home|roaming|Domestic Roaming|International Roaming|UNKNOWN|unknown|Unknown)"
_POSITIONAL = re.compile(rf"(?<![\w.-])([0-3]) ([0-3]) voice ({_ROAMING}) data ({_ROAMING}) ")
_TAIL = re.compile(r"(\S+)\s+(?:\(manual\)\s+)?(\S+) (\S+)$")


def registrations_in(text: str) -> tuple[DomainReg, ...]:
    """The NetworkRegistrationInfos (9: NetworkRegistrationStates) over WWAN, in order; WLAN and IWLAN ones left out."""
    out = []
    for piece in segments(text, _REG):
        found = pairs(piece)
        if named := _DOMAIN.match(piece):
            found = {"domain": named[1], "transportType": named[2] or "", **found}
        transport = found.get("transportType", "")
        rat_word = found.get("accessNetworkTechnology", "")
        if transport in ("WLAN", "2") or is_iwlan(rat_word):
            continue
        out.append(_registration(found, rat_word, piece))
    return tuple(out)


def _registration(found: dict[str, str], rat_word: str, piece: str) -> DomainReg:
    cell = identity_in(piece)
    rplmn = parse_plmn(found.get("rRplmn", ""))
    domain = found.get("domain", "")
    word = found.get("registrationState", found.get("regState", ""))
    state = STATE_WORDS.get(word)
    cause = cause_of(found.get("rejectCause", found.get("reasonForDenial"))) if state == "denied" else None
    return DomainReg(
        domain="cs" if domain == "CS" else "ps" if domain == "PS" else None,
        state=state,
        rat=rat_of(rat_word) or (cell.rat if cell else None),
        plmn=str(rplmn) if rplmn else cell.plmn if cell else None,
        cause=cause,
        cell=cell,
        emergency=_emergency(found),
        emergency_alone=found.get("availableServices", "").strip("[] ") == "EMERGENCY",
        nr_state=found.get("nrState") if "*" not in found.get("nrState", "") else None,
        nsa_state=integer(found.get("nsaState")),
        endc_available=_flag(found.get("isEnDcAvailable", found.get("isEndcAvailable"))),
        dcnr_restricted=_flag(found.get("isDcNrRestricted")),
    )


def _emergency(found: dict[str, str]) -> bool | None:
    """Whether the record names emergency calls; None where it says nothing of them."""
    flag = _flag(found.get("emergencyEnabled"))
    return True if "EMERGENCY" in found.get("availableServices", "") else flag


def _flag(value: str | None) -> bool | None:
    return True if value == "true" else False if value == "false" else None


@remembered(most=128, longest=16_384)
def service_state_in(text: str) -> ServiceState | None:
    """The newest ServiceState of one record: of `oldSS=[..] newSS=[..]` the new one. None where there is none.

    Handsets that camp on one cell tell the same.
    """
    newer = text.rfind("newSS=[")
    if newer >= 0:
        text = text[newer:]
    match = _BRACED.search(text)
    if match:
        return _braced(text[match.end() : closing(text, match.end(), len(text))])
    return _positional(text)


def loose_service_state(lines: list[str]) -> ServiceState:
    """A ServiceState whose keys somebody put on lines of their own."""
    return _braced(", ".join(line.strip() for line in lines))


def _braced(body: str) -> ServiceState:
    key = body.find("mNetworkRegistration")
    record = _REG.search(body, max(key, 0))
    start = key if key >= 0 else record.start() if record else len(body)
    regs = registrations_in(body[start:])
    names = body.find("cellIdentity", 0, start)
    top = pairs(body[: names if names >= 0 else start])
    voice_word = top.get("getRilVoiceRadioTechnology", top.get("mRilVoiceRadioTechnology"))
    data_word = top.get("getRilDataRadioTechnology", top.get("mRilDataRadioTechnology"))
    return ServiceState(
        voice=_reg_state(top.get("mVoiceRegState")),
        data=_reg_state(top.get("mDataRegState")),
        voice_rat=_rat(top, voice_word),
        data_rat=_rat(top, data_word),
        data_over_wifi=is_iwlan(data_word),
        voice_roaming=_roaming(top.get("mVoiceRoamingType")),
        data_roaming=_roaming(top.get("mDataRoamingType")),
        channel=integer(top.get("mChannelNumber")),
        widths_khz=_widths(top.get("mCellBandwidths")),
        emergency_only=top.get("mIsEmergencyOnly") == "true",
        nr_bearer=integer(top.get("NrBearerStatus")),
        cell=identity_in(body[names:start]) if names >= 0 else None,
        lists_nothing=_EMPTY_LIST.search(body) is not None,
        regs=regs,
    )


def _rat(top: dict[str, str], word: str | None) -> Rat | None:
    """RAT of a RIL word. Android 9 has no NR standalone: its NR (Huawei) is EN-DC on LTE, or what the icon shows."""
    rat = rat_of(word)
    return None if rat == "nr" and "mRilDataRadioTechnology" in top else rat


def _widths(value: str | None) -> tuple[int, ...]:
    """All widths, equal ones too: their number is the number of carriers."""
    if not integers(value) or value is None:
        return ()
    return tuple(int(item) for item in value[1:-1].split(",") if item.strip().isdigit())


def _reg_state(value: str | None) -> int | None:
    number = integer(value)
    return number if number is not None and number <= POWER_OFF else None


def _roaming(word: str | None) -> bool | None:
    if not word:
        return None
    return False if word == "home" else True if word in ("roaming", "Domestic", "International") else None


def _positional(text: str) -> ServiceState | None:
    match = _POSITIONAL.search(text)
    if match is None:
        return None
    middle, css, tail = text[match.end() :].partition(" CSS ")
    if not css or len(middle) > 1000:
        return None
    last = _TAIL.search(middle)
    if last is None:
        return None
    numerics = re.findall(r"(?<!\S)\d{5,6}(?!\S)", middle)
    plmn = parse_plmn(last[1]) or (parse_plmn(numerics[0]) if numerics else None)
    return ServiceState(
        voice=int(match[1]),
        data=int(match[2]),
        voice_rat=rat_of(last[2]),
        data_rat=rat_of(last[3]),
        data_over_wifi=is_iwlan(last[3]),
        voice_roaming=_roaming(match[3].split(" ")[0]),
        data_roaming=_roaming(match[4].split(" ")[0]),
        plmn=str(plmn) if plmn else None,
        emergency_only="EmergOnly=true" in tail[:400],
    )
