"""What a simulated handset's radio tells of itself, in the shapes of Android 12 (AOSP frameworks/base, API 31)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.simulation.radio.air import AirCell

_NONE = 2147483647
_STATES = {"on": "0(IN_SERVICE)", "out": "1(OUT_OF_SERVICE)", "off": "3(POWER_OFF)"}
_WORDS = {"lte": ("14(LTE)", "LTE"), "nr": ("20(NR_SA)", "NR"), "": ("0(Unknown)", "UNKNOWN")}
_TYPES = {
    1: "GPRS",
    2: "EDGE",
    3: "UMTS",
    4: "CDMA",
    5: "CDMA - EvDo rev. 0",
    6: "CDMA - EvDo rev. A",
    7: "CDMA - 1xRTT",
    8: "HSDPA",
    9: "HSUPA",
    10: "HSPA",
    12: "CDMA - EvDo rev. B",
    13: "LTE",
    14: "CDMA - eHRPD",
    15: "HSPA+",
    16: "GSM",
    17: "TD_SCDMA",
    18: "IWLAN",
    19: "LTE_CA",
    20: "NR",
}
"""TelephonyManager.NETWORK_TYPE_* by number; type n is bit n-1."""


def type_names(mask: int) -> str:
    """What the getter prints: names, which hide every bit that has none."""
    return "|".join(name for number, name in _TYPES.items() if mask >> (number - 1) & 1)


def registry(cell: AirCell | None, state: str, *, leg: AirCell | None = None, cause: int = 0) -> str:
    """`dumpsys telephony.registry` of one slot. `state`: on, out, off; `leg`: an NR cell beside the LTE one (EN-DC)."""
    rat = cell.rat if cell is not None else ""
    level, (riled, word) = _STATES[state], _WORDS[rat]
    identity = _identity(cell) if cell is not None else "null"
    reg = "HOME" if cell is not None else "DENIED" if cause else "NOT_REG_OR_SEARCHING"
    nr_state = "CONNECTED" if leg is not None else "NONE"
    entries = ", ".join(
        f"NetworkRegistrationInfo{{ domain={domain} transportType=WWAN registrationState={reg} roamingType=NOT_ROAMING "
        f"accessNetworkTechnology={word} rejectCause={cause} emergencyEnabled=false availableServices=[{services}] "
        f"cellIdentity={identity} voiceSpecificInfo=null dataSpecificInfo=null nrState={nr_state} "
        f"rRplmn={cell.plmn if cell is not None else ''} isUsingCarrierAggregation=false}}"
        for domain, services in (("CS", "VOICE,SMS,VIDEO"), ("PS", "DATA"))
    )
    channel = cell.arfcn if cell is not None else -1
    lines = (
        f"mServiceState={{mVoiceRegState={level}, mDataRegState={level}, mChannelNumber={channel}, duplexMode()=0, "
        f"mCellBandwidths=[], mOperatorAlphaLong=, mOperatorAlphaShort=, isManualNetworkSelection=false(automatic), "
        f"getRilVoiceRadioTechnology={riled}, getRilDataRadioTechnology={riled}, mCssIndicator=unsupported, mNetworkId=-1, "
        f"mSystemId=-1, mCdmaRoamingIndicator=-1, mCdmaDefaultRoamingIndicator=-1, mIsEmergencyOnly=false, "
        f"isUsingCarrierAggregation=false, mArfcnRsrpBoost=0, mNetworkRegistrationInfos=[{entries}], mNrFrequencyRange=0, "
        "mIsDataRoamingFromRegistration=false, mIsIwlanPreferred=false}",
        f"mCellIdentity={identity}",
        f"mCellInfo=[{_info(cell) if cell is not None else ''}]",
        f"mRadioPowerState={0 if state == 'off' else 1}",
        f"mPhysicalChannelConfigs=[{', '.join(_channels(cell, leg))}]",
    )
    body = "".join(f"    {line}\n" for line in lines)
    return (
        f"last known state:\n  Phone Id=0\n    mCallState=0\n{body}local logs:\nlisten logs:\nregistrations: count=0\n"
    )


def connectivity(networks: Iterable[tuple[int, bool, bool]], rat: str, sub: int) -> str:
    """`dumpsys connectivity`: each network's number, whether it is validated, and whether it is the one of IMS."""
    lines = "".join(_network(number, valid, ims, rat, sub) for number, valid, ims in networks)
    return f"NetworkProviders for:\n\nActive default network: none\n\nCurrent Networks:\n{lines}\nNetwork Requests:\n"


def _network(number: int, valid: bool, ims: bool, rat: str, sub: int) -> str:
    words = ["IMS", "NOT_METERED"] if ims else ["SUPL", "INTERNET", "NOT_RESTRICTED"]
    words += ["TRUSTED", "NOT_VPN", *(["VALIDATED"] if valid else []), "NOT_ROAMING", "FOREGROUND"]
    return (
        f"  NetworkAgentInfo{{network{{{number}}}  handle{{{number * 4294967296 + 12345}}}  ni{{MOBILE[{rat.upper()}] CONNECTED "
        f"extra: {'ims' if ims else 'internet'}}}  created=2026-01-01T00:00:00.000Z Score(Policies : EVER_EVALUATED"
        f"{'&EVER_VALIDATED&IS_VALIDATED' if valid else ''} ; KeepConnected : 0)  nc{{[ Transports: CELLULAR "
        f"Capabilities: {'&'.join(words)} Specifier: <TelephonyNetworkSpecifier [mSubId = {sub}]> SubscriptionIds: {{{sub}}}]}}"
        "  factorySerialNumber=3}\n"
    )


def _identity(cell: AirCell) -> str:
    mcc, mnc = cell.plmn[:3], cell.plmn[3:]
    if cell.rat == "nr":
        return (
            f"CellIdentityNr:{{ mPci = {cell.pci} mTac = {cell.tac} mNrArfcn = {cell.arfcn} mBands = [{cell.band}] "
            f"mMcc = {mcc} mMnc = {mnc} mNci = {cell.cell} mAlphaLong =  mAlphaShort =  mAdditionalPlmns = {{}} }}"
        )
    return (
        f"CellIdentityLte:{{ mCi={cell.cell} mPci={cell.pci} mTac={cell.tac} mEarfcn={cell.arfcn} mBands=[{cell.band}] "
        f"mBandwidth=10000 mMcc={mcc} mMnc={mnc} mAlphaLong= mAlphaShort= mAdditionalPlmns={{}} mCsgInfo=null}}"
    )


def _info(cell: AirCell) -> str:
    if cell.rat == "nr":
        return (
            f"CellInfoNr:{{ mRegistered=YES mTimeStamp=1204050607080ns mCellConnectionStatus=1 {_identity(cell)} "
            f"CellSignalStrengthNr:{{ csiRsrp = {_NONE} csiRsrq = {_NONE} csiCqiTableIndex = {_NONE} csiCqiReport = [] "
            f"ssRsrp = {cell.rsrp} ssRsrq = -11 ssSinr = 14 ssCqiTableIndex = {_NONE} ssCqiReport = [] level = 3 }} }}"
        )
    return (
        f"CellInfoLte:{{mRegistered=YES mTimeStamp=1204050607080ns mCellConnectionStatus=1 {_identity(cell)} "
        f"CellSignalStrengthLte: rssi=-67 rsrp={cell.rsrp} rsrq=-10 rssnr=12 cqiTableIndex={_NONE} cqi={_NONE} ta={_NONE} "
        "level=3 parametersUseForLevel=0 android.telephony.CellConfigLte :{ isEndcAvailable = false }}"
    )


def _channels(cell: AirCell | None, leg: AirCell | None) -> list[str]:
    found = [one for one in (cell, leg) if one is not None]
    return [
        f"{{mConnectionStatus={'SecondaryServing' if place else 'PrimaryServing'},mCellBandwidthDownlinkKhz=10000,"
        f"mCellBandwidthUplinkKhz=10000,mNetworkType={one.rat.upper()},mFrequencyRange=LOW,mDownlinkChannelNumber={one.arfcn},"
        f"mUplinkChannelNumber={_NONE},mContextIds=[5],mPhysicalCellId={one.pci},mBand={one.band}}}"
        for place, one in enumerate(found)
    ]
