# ruff: noqa: E501 - samples are lines as devices print them
"""Every grammar of a handset's text that a real capture has taught, each with a sample of our own and what it tells.

The shapes are those of real devices, the values are made up.
"""

from dataclasses import dataclass

import adb_samples as samples

LOG = "05-06 07:08:09.{ms}  1500  1600 D {tag}: {text}\n"


@dataclass(frozen=True)
class Grammar:
    """One shape: its name, a pattern that only it has, a sample, and facts that the sample must tell."""

    name: str
    mark: str
    sample: str
    facts: tuple[dict, ...]
    command: str | None = None


def cell(**fields):
    return {"kind": "serving_cell", "role": "pcell", **fields}


def reg(state, **fields):
    return {"kind": "registration", "state": state, **fields}


def identity(**fields):
    return {"kind": "identity", **fields}


def props(**values):
    return "".join(f"[{key.replace('__', '.')}]: [{value}]\n" for key, value in values.items())


TWO_SLOTS = [
    "    mServiceState="
    + samples.service(5330, [samples.nri("PS", cell=samples.lte(5330, "[14]", width=10000))], widths="[10000]"),
    "    mServiceState=" + samples.service(-1, [], "3(POWER_OFF)", "3(POWER_OFF)", "0(Unknown)", widths="[]"),
]
CAMPED = samples.service(
    31,
    [
        samples.nri(
            "CS",
            "NOT_REG_SEARCHING",
            "GSM",
            cell="CellIdentityGsm:{ mLac=44 mCid=55 mArfcn=31 mBsic=0x1 mMcc=262 mMnc=01 mAlphaLong=N mAlphaShort=N}",
            plmn="",
        ).replace(
            "emergencyEnabled=false availableServices=[DATA]", "emergencyEnabled=true availableServices=[EMERGENCY]"
        ),
        samples.nri("PS", "NOT_REG_OR_SEARCHING", "UNKNOWN", plmn=""),
    ],
    voice="2(EMERGENCY_ONLY)",
    data="1(OUT_OF_SERVICE)",
    rat="16(GSM)",
    widths="[2147483647]",
).replace("mIsEmergencyOnly=false", "mIsEmergencyOnly=true")
UNION = (
    "[33]< DATA_REGISTRATION_STATE {.regState = REG_HOME , .rat = LTE , .reasonForDenial = NONE, .cellIdentity = {.lte = {.base = "
    "{.base = {.mcc = 262, .mnc = 02 , .ci = 77, .pci = 301, .tac = 900, .earfcn = 6200}, .operatorNames = {.alphaLong = N, "
    ".alphaShort = N }, .bandwidth = 10000}, .additionalPlmns = [], .optionalCsgInfo = {.noinit = {}}, .bands = [20]}}, "
    ".registeredPlmn = 26202, .accessTechnologySpecificInfo = {.noinit = {}}}"
)
HIDL = (
    "[34]< DATA_REGISTRATION_STATE {.base = {.regState = REG_ROAMING, .rat = 14, .reasonDataDenied = 0, .cellIdentity = "
    "{.cellIdentityLte = [{.base = {.mcc = 262, .mnc = 03, .ci = 5, .pci = 12, .tac = 100, .earfcn = 3749}}]}}} [PHONE1]"
)
CHANNELS = (
    "[UNSL]< UNSOL_PHYSICAL_CHANNEL_CONFIG ["
    + samples.pcc("PrimaryServing", "LTE", 6200, 301, 20, 10000)
    + ", "
    + samples.pcc("SecondaryServing", "NR", 636000, 17, 78, 60000)
    + "] [PHONE0]"
)
ISUB_TYPES = (
    "mSimState[0]=LOADED\nmSimState[1]=ABSENT\n\nActive subscriptions:\n  [SubscriptionInfoInternal: id=4 iccId=8900[****] "
    "simSlotIndex=0 portIndex=0 isEmbedded=0 carrierId=1 displayName=Net carrierName=Net isOpportunistic=0 mcc=310 mnc=260 "
    "ehplmns= allowedNetworkTypesForReasons=user=840583,carrier=316295 userId=-10000]\n"
)
CELL_JSON = (
    '[\n  {\n    "type": "nr",\n    "registered": true,\n    "pci": 9,\n    "tac": 77,\n    "mcc": 262,\n    "mnc": 1,\n    "bands": '
    '[\n      78\n    ],\n    "arfcn": 640000\n  },\n  {\n    "type": "lte",\n    "registered": false,\n    "pci": 3,\n    "arfcn": 100\n  }\n]\n'
)

GRAMMARS = (
    Grammar(
        "positional, 7",
        r" voice \w+ data \w+ .* CSS ",
        samples.A7,
        (cell(slot=0, arfcn=6300, band=20), reg("emergency", slot=1)),
    ),
    Grammar("positional, 8.0", r"mLteEarfcnRsrpBoost=\d+\s*$", samples.A8, (reg("roaming", plmn="46000"),)),
    Grammar(
        "braces, 8.1",
        r"\{mVoiceRegState=\d\(\w+\), mDataRegState=\d\(\w+\), mVoiceRoamingType",
        samples.A81,
        (cell(arfcn=2300),),
    ),
    Grammar(
        "registration states, 9",
        r"mNetworkRegistrationStates=\[",
        samples.A9,
        (cell(arfcn=1850, band=3), reg("home", domain="ps")),
    ),
    Grammar("registration infos, 10", r"mNetworkRegistrationInfos=\[", samples.A10, (reg("denied", slot=1, cause=15),)),
    Grammar("mCellIdentity, 11", r"^\s*mCellIdentity=", samples.A11, (cell(arfcn=66986, band=66),)),
    Grammar(
        "channel list, 12", r"mPhysicalChannelConfigs=\[", samples.A12, ({"kind": "nr_state", "mode": "nsa_connected"},)
    ),
    Grammar(
        "NR identity",
        r"CellIdentityNr:\{",
        samples.A13_SA,
        (cell(rat="nr", arfcn=627264, band=78), {"kind": "nr_state", "mode": "sa"}),
    ),
    Grammar("networkRegistrationState, 14", r"networkRegistrationState=", samples.A14, (cell(arfcn=900, band=2),)),
    Grammar("isNonTerrestrialNetwork, 15", r"isNonTerrestrialNetwork=", samples.A15, (cell(arfcn=900, band=2),)),
    Grammar(
        "Samsung's keys", r"NrBearerStatus=|VoiceRegType=", samples.SAMSUNG, (cell(band=66, band_source="conflict"),)
    ),
    Grammar(
        "grepped keys with line numbers",
        r"^\d+:\s+mServiceState=",
        f"9:{TWO_SLOTS[0]}\n44:{TWO_SLOTS[1]}\n",
        (cell(slot=0, arfcn=5330, band=14), reg("not_registered", slot=1, domain="ps")),
    ),
    Grammar(
        "an index behind the key",
        r"m\w+\[\d\]=",
        TWO_SLOTS[0].replace("State=", "State[1]=", 1) + "\n" + TWO_SLOTS[1].replace("State=", "State[0]=", 1) + "\n",
        (cell(slot=1, arfcn=5330), reg("not_registered", slot=0)),
    ),
    Grammar(
        "a registration without its list's key",
        r"RadioTechnology=\S+,\s+NetworkRegistrationInfo\{",
        "  Phone Id=1\n  mServiceState={mVoiceRegState=0(IN_SERVICE), mDataRegState=0(IN_SERVICE),\n  mChannelNumber=1300,\n"
        "  getRilVoiceRadioTechnology=14(LTE), getRilDataRadioTechnology=14(LTE),\n  NetworkRegistrationInfo{ domain=PS "
        "registrationState=ROAMING accessNetworkTechnology=LTE\n  cellIdentity=CellIdentityLte:{ mCi=7 mPci=8 mMcc=262 mMnc=01 }\n"
        "  rRplmn=26201}\n  }\n",
        (cell(slot=1, arfcn=1300, band=3, pci=8, plmn="26201"), reg("roaming", domain="ps")),
    ),
    Grammar(
        "keys on lines of their own",
        r"^mVoiceRegState=\d",
        "mVoiceRegState=1(OUT_OF_SERVICE)\nmDataRegState=0(IN_SERVICE)\ngetRilDataRadioTechnology=14(LTE)\nmChannelNumber=3350\n",
        (
            cell(rat="lte", arfcn=3350, band=7),
            reg("unknown", domain="ps", rat="lte"),
            reg("not_registered", domain="cs"),
        ),
    ),
    Grammar(
        "an identity directly in the state",
        r"nrState=\w+, cellIdentity=",
        "mServiceState={mOperatorAlphaLong=Net, getRilDataRadioTechnology=14(LTE),\n nrState=NONE, cellIdentity="
        + samples.lte(2000, "[4]", pci=77, width=2147483647)
        + "}\n",
        (cell(rat="lte", arfcn=2000, band=4, pci=77, registered=None, bandwidth_khz=None),),
    ),
    Grammar(
        "records without braces",
        r"(?:CS|PS)/WWAN: registrationState=",
        "getRilDataRadioTechnology=20(NR_SA)   <- SA\nmDataRegState=0(IN_SERVICE)\nCellIdentityNr: mPci=31 mTac=12 "
        "mNrArfcn=157000 mBands=[28] mMcc=001 mMnc=01\nPS/WWAN: registrationState=HOME  availableServices=[DATA]\n",
        (cell(rat="nr", arfcn=157000, band=28, pci=31, tac=12, plmn="00101"), reg("home", domain="ps", rat="nr")),
    ),
    Grammar(
        "a channel that only NR has",
        r"mChannelNumber=(?:[3-9]\d{5}|\d{7}),",
        "{mVoiceRegState=1(OUT_OF_SERVICE), mDataRegState=0(IN_SERVICE), mChannelNumber=2080000, duplexMode()=0, getRilVoice",
        (cell(rat="nr", arfcn=2080000, band_candidates=[257, 261]),),
    ),
    Grammar(
        "emergency per domain, camped",
        r"availableServices=\[EMERGENCY\]",
        LOG.format(ms="001", tag="KeyguardUpdateMonitor", text=f"SERVICE_STATE serviceState={CAMPED} subId=-1"),
        (
            reg("emergency", domain="cs"),
            reg("not_registered", domain="ps"),
            cell(rat="gsm", arfcn=31, band=900, registered=False, plmn=None),
        ),
    ),
    Grammar(
        "UTRA, additional channel",
        r"CellIdentityWcdma:\{",
        samples.nri(
            rat="HSPA",
            cell="CellIdentityWcdma:{ mLac=1 mCid=2 mPsc=3 mUarfcn=1987 mMcc=310 mMnc=410 mAlphaLong=N mAlphaShort=N}",
        )
        + "\n",
        (cell(rat="umts", arfcn=1987, band=4), reg("home", domain="ps")),
    ),
    Grammar("poll of the service state", r"newSS=\[", samples.SST_LOG, (cell(slot=0, arfcn=1300, band=3),)),
    Grammar(
        "channels in a log",
        r"configs=\[\{mConnectionStatus",
        samples.CHANNEL_LOG,
        ({"kind": "serving_cell", "role": "pscell", "band": 78},),
    ),
    Grammar("RILJ, AIDL", r"RegStateResult\{", samples.AIDL_LOG, (cell(slot=1, arfcn=5780, band=17),)),
    Grammar(
        "RILJ, HIDL structs",
        r"\.cellIdentityLte = \[",
        LOG.format(ms="002", tag="RILJ", text=HIDL),
        (cell(slot=1, arfcn=3749, band=8, plmn="26203"), reg("roaming", slot=1)),
    ),
    Grammar(
        "RILJ, unions, a named channel list and a cut last record",
        r"\.cellIdentity = \{\.lte = \{",
        LOG.format(ms="003", tag="RILJ", text=CHANNELS) + LOG.format(ms="900", tag="RILJ", text=UNION[:-50]),
        (
            cell(slot=0, arfcn=6200, band=20, bandwidth_khz=10000, plmn="26202", pci=301),
            {
                "kind": "serving_cell",
                "role": "pscell",
                "slot": 0,
                "band": 78,
                "arfcn": 636000,
                "pci": 17,
                "bandwidth_khz": 60000,
            },
        ),
    ),
    Grammar(
        "RILJ, positional arrays, denied before a poll",
        r"REGISTRATION_STATE \{\d+, ",
        LOG.format(ms="004", tag="RILJ", text="[4]< VOICE_REGISTRATION_STATE {2, null, null, 0, null, null} [SUB0]")
        + LOG.format(ms="005", tag="RILJ", text="[5]< DATA_REGISTRATION_STATE {3, null, null, null, 15, 20} [SUB0]")
        + LOG.format(
            ms="006",
            tag="SST",
            text="Poll ServiceState done:  oldSS=[] newSS=[1 1 voice home data home null null null null null null  Unknown Unknown "
            "CSS not supported -1 -1 RoamInd=-1 DefRoamInd=-1 EmergOnly=false] oldReasonDataDenied=-1 mNewReasonDataDenied=15",
        ),
        (reg("denied", slot=0, domain="ps", cause=15), reg("searching", slot=0, domain="cs")),
    ),
    Grammar(
        "RILJ, an answer alone",
        r"\A(?:VOICE|DATA)_REGISTRATION_STATE",
        "VOICE_REGISTRATION_STATE {5, 1a2b, 00112233, 9, null, null, null, 0, null, null, 1, null, null, 0, null}\n",
        (reg("roaming", domain="cs", rat="umts"),),
    ),
    Grammar(
        "RILJ, the operator's answer",
        r"OPERATOR \{",
        LOG.format(ms="007", tag="RILJ", text="[6]< OPERATOR {Net, with comma, N, 26207} [SUB0]")
        + LOG.format(ms="008", tag="RILJ", text="[7]< DATA_REGISTRATION_STATE {1, 0001, 00000002, 3, null, 20} [SUB0]"),
        (reg("home", slot=0, domain="ps", plmn="26207"),),
    ),
    Grammar(
        "registration infos in a log",
        r"info: NetworkRegistrationInfo\{",
        LOG.format(
            ms="009",
            tag="NRM-C-1 ",
            text="onRequestComplete result: 0, info: " + samples.nri("CS", cell=samples.lte(1575, "[3]")),
        ),
        (cell(slot=1, arfcn=1575, band=3), reg("home", slot=1, domain="cs")),
    ),
    Grammar(
        "rejected channels",
        r"Physical cell ID \d+ is over limit",
        samples.SST_LOG + LOG.format(ms="010", tag="RILJ", text="[0] Physical cell ID 2000 is over limit"),
        (cell(slot=0, arfcn=1300),),
    ),
    Grammar(
        "one channel entry",
        r"\A\{?\[?\{?mConnectionStatus=",
        samples.pcc("PrimaryServing", "LTE", 1575, 8, 3, 15000) + "\n",
        (cell(rat="lte", arfcn=1575, band=3, pci=8, bandwidth_khz=15000),),
    ),
    Grammar(
        "isub, 11",
        r"ActiveSubInfoList|\{id=\d",
        samples.ISUB_11,
        ({"kind": "sim", "slot": 0, "plmn": "310410", "operator": "Net A"},),
    ),
    Grammar(
        "isub, 14, with allowed types",
        r"allowedNetworkTypesForReasons=|SubscriptionInfoInternal",
        ISUB_TYPES,
        (
            {"kind": "sim", "slot": 0, "state": "loaded", "plmn": "310260"},
            {"kind": "sim", "slot": 1, "state": "absent"},
            {"kind": "network_mode", "slot": 0, "raw": "user=840583,carrier=316295"},
        ),
    ),
    Grammar("connectivity", r"NetworkAgentInfo", samples.CONNECTIVITY_8, (reg("home", domain="ps", rat="lte"),)),
    Grammar(
        "carrier configuration",
        r"carrier_nr_availabilities_int_array",
        "Phone Id=0\n  mConfigFromDefaultApp:\n    carrier_nr_availabilities_int_array = [1, 2]\n",
        ({"kind": "service", "name": "carrier_nr_availabilities", "state": "nsa,sa"},),
    ),
    Grammar(
        "getprop",
        r"^\[(?:gsm|ril|ro)\.\w+",
        samples.GETPROP,
        (identity(codename="cepheus", rom_region="eea"), {"kind": "sim", "slot": 1}),
    ),
    Grammar(
        "a file of properties",
        r"^ro\.[\w.]+=",
        "ro.product.model=X\nro.product.device=xdev\nro.build.version.release=9\nro.product.mod_device=xdev_global\n",
        (identity(model="X", codename="xdev", rom_region="global"),),
    ),
    Grammar(
        "getprop in a mail",
        r"^> ?\[",
        "".join(f">{line}  \n" for line in samples.GETPROP.splitlines()),
        (identity(codename="cepheus", rom_region="eea"),),
    ),
    Grammar(
        "packages",
        r"^package:",
        "package:com.google.android.gms\npackage:com.android.vending\n",
        ({"kind": "google_apps", "services": "present"},),
    ),
    Grammar(
        "APKs of an image",
        r"\.apk\s*$",
        "/system/priv-app/GmsCore/GmsCore.apk\n",
        ({"kind": "google_apps", "services": "present"},),
    ),
    Grammar(
        "cells of an app",
        r"^\[?CellInfo|mCellInfo=",
        samples.A11.partition("mCellInfo=")[2].partition("\n")[0] + "\n",
        (cell(arfcn=66986),),
    ),
    Grammar(
        "Termux, cells",
        r'"registered": true',
        CELL_JSON,
        (cell(rat="nr", arfcn=640000, band=78, pci=9, plmn="26201", registered=True),),
    ),
    Grammar(
        "Termux, device",
        r'"network_operator"',
        '{"network_operator": "26201", "network_roaming": true, "network_type": "lte", "sim_operator": "23410", "sim_state": "ready"}\n',
        (reg("roaming", plmn="26201", rat="lte"), {"kind": "sim", "plmn": "23410", "state": "ready"}),
    ),
)
"""In the order in which they came; markets of makers stand in `test_markets`."""

WITHOUT_A_READING = {
    "029-vayu-a16-invalid-pci-rejected": "the framework threw the list away",
    "068-mtk-epbse-supported-band-masks-fm350": "an AT answer, read by its family",
}
"""Captures of which nothing, or another room, is read."""
