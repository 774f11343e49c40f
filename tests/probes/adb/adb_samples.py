"""Hand-made answers in the grammar of each Android generation, with made-up values."""

NRI = (
    "NetworkRegistrationInfo{{ domain={domain} transportType=WWAN registrationState={state} roamingType=NOT_ROAMING "
    "accessNetworkTechnology={rat} rejectCause={cause} emergencyEnabled=false availableServices=[DATA] "
    "cellIdentity={cell} voiceSpecificInfo=null "
    "dataSpecificInfo=android.telephony.DataSpecificRegistrationInfo :{{ maxDataCalls = 16 isDcNrRestricted = {dcnr} "
    "isNrAvailable = {endc} isEnDcAvailable = {endc} LteVopsSupportInfo :  mVopsSupport = 2 mEmcBearerSupport = 2 }} "
    "nrState={nr} rRplmn={plmn} isUsingCarrierAggregation=false}}"
)
WLAN = (
    "NetworkRegistrationInfo{ domain=PS transportType=WLAN registrationState=HOME roamingType=NOT_ROAMING "
    "accessNetworkTechnology=IWLAN rejectCause=0 emergencyEnabled=false availableServices=[DATA] cellIdentity=null "
    "voiceSpecificInfo=null dataSpecificInfo=null nrState=NONE rRplmn= isUsingCarrierAggregation=false}"
)


def lte(earfcn, bands="[]", pci=101, tac=3001, width=20000, mcc="310", mnc="410"):
    return (
        f"CellIdentityLte:{{ mCi=1234567 mPci={pci} mTac={tac} mEarfcn={earfcn} mBands={bands} mBandwidth={width} "
        f"mMcc={mcc} mMnc={mnc} mAlphaLong=Test Net mAlphaShort=TN mAdditionalPlmns={{}} mCsgInfo=null}}"
    )


def nri(
    domain="PS", state="HOME", rat="LTE", cell="null", plmn="310410", nr="****", endc="false", dcnr="false", cause=0
):
    return NRI.format(
        domain=domain, state=state, rat=rat, cell=cell, plmn=plmn, nr=nr, endc=endc, dcnr=dcnr, cause=cause
    )


def service(channel, regs, voice="0(IN_SERVICE)", data="0(IN_SERVICE)", rat="14(LTE)", widths="[20000]", extra=""):
    return (
        f"{{mVoiceRegState={voice}, mDataRegState={data}, mChannelNumber={channel}, duplexMode()=1, "
        f"mCellBandwidths={widths}, mOperatorAlphaLong=Test Net, mOperatorAlphaShort=TN, "
        f"isManualNetworkSelection=false(automatic), getRilVoiceRadioTechnology={rat}, "
        f"getRilDataRadioTechnology={rat}, mCssIndicator=unsupported, mNetworkId=-1, mSystemId=-1, {extra}"
        f"mIsEmergencyOnly=false, isUsingCarrierAggregation=false, mArfcnRsrpBoost=0, "
        f"mNetworkRegistrationInfos=[{', '.join(regs)}], mNrFrequencyRange=0, mOperatorAlphaLongRaw=Test Net, "
        f"mIsIwlanPreferred=false}}"
    )


def registry(*slots, tail="local logs:\n  2024-01-01T00:00:00 - nothing\n"):
    blocks = "".join(
        f"  Phone Id={n}\n    mCallState=0\n" + "".join(f"    {key}={value}\n" for key, value in keys.items())
        for n, keys in enumerate(slots)
    )
    return f"last known state:\n{blocks}{tail}"


def pcc(status, rat, channel, pci, band, width=20000):
    return (
        f"{{mConnectionStatus={status},mCellBandwidthDownlinkKhz={width},mCellBandwidthUplinkKhz={width},"
        f"mNetworkType={rat},mFrequencyRange=MID,mDownlinkChannelNumber={channel},mUplinkChannelNumber=2147483647,"
        f"mContextIds=[1],mPhysicalCellId={pci},mBand={band},mDownlinkFrequency=0,mUplinkFrequency=0}}"
    )


A7 = registry(
    {
        "mServiceState": "0 0 voice home data home Test Net TN 26201 Test Net TN 26201  LTE LTE CSS not supported -1 -1 "
        "RoamInd=-1 DefRoamInd=-1 EmergOnly=false IsDataRoamingFromRegistration=false IsUsingCarrierAggregation=false",
        "mCellInfo": "[CellInfoLte:{mRegistered=YES mTimeStampType=oem_ril mTimeStamp=1ns CellIdentityLte:{ mMcc=262 "
        "mMnc=1 mCi=9 mPci=77 mTac=4711 mEarfcn=6300} CellSignalStrengthLte: ss=20 rsrp=-95 rsrq=-8 rssnr=14 cqi=7 ta=0}]",
    },
    {
        "mServiceState": "1 1 voice home data home null null null null null null  Unknown Unknown CSS not supported "
        "-1 -1 RoamInd=-1 DefRoamInd=-1 EmergOnly=true IsDataRoamingFromRegistration=false"
    },
).replace("    m", "  m")
A8 = (
    "0 0 voice International Roaming data International Roaming Net 46000 46000 Net 46000 46000 (manual) LTE LTE_CA CSS "
    "not supported -1 -1 RoamInd=1 DefRoamInd=-1 EmergOnly=false IsDataRoamingFromRegistration=false "
    "IsUsingCarrierAggregation=true mLteEarfcnRsrpBoost=0\n"
)
A81 = registry(
    {
        "mServiceState": "{mVoiceRegState=0(IN_SERVICE), mDataRegState=0(IN_SERVICE), mVoiceRoamingType=home, "
        "mDataRoamingType=home, mVoiceOperatorAlphaLong=Net, mDataOperatorAlphaLong=Net, isManualNetworkSelection="
        "false(automatic), mRilVoiceRadioTechnology=14(LTE), mRilDataRadioTechnology=14(LTE), mCssIndicator=unsupported, "
        "mIsEmergencyOnly=false, mIsUsingCarrierAggregation=false, mLteEarfcnRsrpBoost=0}",
        "mCellInfo": "[CellInfoLte:{mRegistered=YES mTimeStampType=oem_ril mTimeStamp=1ns CellIdentityLte:{ mMcc=310 "
        "mMnc=26 mCi=9 mPci=12 mTac=100 mEarfcn=2300} CellSignalStrengthLte: ss=20 rsrp=-95}, CellInfoLte:{mRegistered=NO "
        "mTimeStampType=oem_ril mTimeStamp=1ns CellIdentityLte:{ mMcc=310 mMnc=26 mCi=9 mPci=13 mTac=100 mEarfcn=5110}}]",
    }
)
A9 = registry(
    {
        "mServiceState": "{mVoiceRegState=0(IN_SERVICE), mDataRegState=0(IN_SERVICE), mChannelNumber=1850, duplexMode()=1, "
        "mCellBandwidths=[20000], mVoiceRoamingType=home, mDataRoamingType=home, mVoiceOperatorAlphaLong=Net, "
        "mRilVoiceRadioTechnology=14(LTE), mRilDataRadioTechnology=14(LTE), mIsEmergencyOnly=false, "
        "mNetworkRegistrationStates=[NetworkRegistrationState{transportType=1 domain=CS regState=HOME "
        "accessNetworkTechnology=LTE reasonForDenial=0 emergencyEnabled=false supportedServices=[I@ad03e6d "
        "cellIdentity=CellIdentityLte:{ mCi=5 mPci=200 mTac=12 mEarfcn=1850 mBandwidth=2147483647 mMcc=208 mMnc=01 "
        "mAlphaLong=Net mAlphaShort=N} voiceSpecificStates=null dataSpecificStates=null}, NetworkRegistrationState{"
        "transportType=1 domain=PS regState=HOME accessNetworkTechnology=LTE-CA reasonForDenial=0 emergencyEnabled=false "
        "supportedServices=[I@ad03e6e cellIdentity=CellIdentityLte:{ mCi=5 mPci=200 mTac=12 mEarfcn=1850 "
        "mBandwidth=2147483647 mMcc=208 mMnc=01 mAlphaLong=Net mAlphaShort=N} voiceSpecificStates=null "
        "dataSpecificStates=DataSpecificRegistrationStates { mMaxDataCalls=20} nsaState=5}]}"
    }
)
A10 = registry(
    {
        "mServiceState": service(
            5110,
            [
                nri("CS", cell=lte(5110, width=10000).replace(" mBands=[]", "")),
                nri("PS", nr="RESTRICTED", cell=lte(5110, width=10000)),
            ],
            widths="[10000]",
        )
    },
    {
        "mServiceState": service(
            -1,
            [nri("PS", "DENIED", "UNKNOWN", cause=15), nri("CS", "NOT_REG_SEARCHING", "UNKNOWN")],
            voice="1(OUT_OF_SERVICE)",
            data="1(OUT_OF_SERVICE)",
            rat="0(Unknown)",
            widths="[]",
        )
    },
)
A11 = registry(
    {
        "mServiceState": service(66986, [WLAN, nri("PS", cell=lte(66986, "[66, 4]", width=10000))], widths="[10000]"),
        "mCellIdentity": lte(66986, "[66, 4]", width=10000),
        "mCellInfo": f"[CellInfoLte:{{mRegistered=YES mTimeStamp=1ns mCellConnectionStatus=0 {lte(66986, '[66]')} "
        f"CellSignalStrengthLte: rssi=-51 rsrp=-78}}, CellInfoLte:{{mRegistered=NO mTimeStamp=1ns "
        f"mCellConnectionStatus=0 {lte(55990, '[48]', pci=101)} CellSignalStrengthLte: rssi=-51 rsrp=-78}}]",
    }
)
A12 = registry(
    {
        "mServiceState": service(
            900,
            [WLAN, nri("CS", cell=lte(900, "[2]")), nri("PS", cell=lte(900, "[2]"), endc="true")],
            widths="[20000, 15000]",
        ),
        "mPhysicalChannelConfigs": f"[{pcc('PrimaryServing', 'LTE', 900, 101, 2)}, "
        f"{pcc('SecondaryServing', 'LTE', 5230, 102, 13, 10000)}, {pcc('SecondaryServing', 'NR', 648672, 700, 77, 100000)}]",
        "mTelephonyDisplayInfo": "TelephonyDisplayInfo {network=LTE, overrideNetwork=NR_NSA}",
    },
    {"mServiceState": "null", "mCellInfo": "null", "mPhysicalChannelConfigs": "null"},
)
NR_CELL = (
    "CellIdentityNr:{ mPci = 879 mTac = 6970371 mNrArfcn = 627264 mBands = [78, 78] mMcc = 460 mMnc = 11 "
    "mNci = 14567084500 mAlphaLong = Net mAlphaShort = N mAdditionalPlmns = {} }"
)
A13_SA = registry(
    {
        "mServiceState": service(
            627264, [WLAN, nri("PS", rat="NR", cell=NR_CELL, plmn="46011", nr="NONE")], rat="20(NR_SA)"
        )
    }
)
A14 = A12.replace("registrationState=HOME ", "registrationState=HOME networkRegistrationState=HOME ")
A15 = A14.replace(
    "isUsingCarrierAggregation=false}", "isUsingCarrierAggregation=false isNonTerrestrialNetwork=TERRESTRIAL}"
)
SAMSUNG = registry(
    {
        "mServiceState": service(
            1275,
            [nri("PS", cell=lte(1275, "[66]", tac="2***2"))],
            extra="VoiceRegType=0, Snap=0, MobileDataRat=LTE PsOnly=false FemtocellInd=0 NrBearerStatus=0 5gStatus=1, ",
        ).replace("mNetworkId=-1", "mNetworkId=*1")
    }
)
WRAPPED_FREE = {
    "a7": A7,
    "a8": A8,
    "a81": A81,
    "a9": A9,
    "a10": A10,
    "a11": A11,
    "a12": A12,
    "a13": A13_SA,
    "a14": A14,
    "a15": A15,
}
HISTORY = "local logs:\n  2024-01-01T00:00:00 - notifyServiceStateForSubscriber: subId=1 phoneId=0 state=" + service(
    3100, [nri("PS", cell=lte(3100, "[7]"))]
)

AIDL_LOG = (
    "03-04 05:06:07.001 radio  2000  2100 D RILJ    : [0100]< DATA_REGISTRATION_STATE RegStateResult{regState: REG_HOME, "
    "rat: LTE, reasonForDenial: NONE, cellIdentity: CellIdentity.lte(CellIdentityLte{mcc: 310, mnc: 410, ci: 7, pci: 44, "
    "tac: 900, earfcn: 2175, operatorNames: OperatorInfo{alphaLong: N, alphaShort: N, operatorNumeric: 310410, status: 0}, "
    "bandwidth: 10000, additionalPlmns: [], csgInfo: null, bands: [BAND_4]}), registeredPlmn: 310410, "
    "accessTechnologySpecificInfo: AccessTechnologySpecificInfo.eutranInfo(EutranRegistrationInfo{lteVopsInfo: "
    "LteVopsInfo{isVopsSupported: true, isEmcBearerSupported: true}, nrIndicators: NrIndicators{isEndcAvailable: true, "
    "isDcNrRestricted: false, isNrAvailable: true}})} [PHONE1]\n"
    "03-04 05:06:09.001 radio  2000  2100 D RILJ    : [0110]< DATA_REGISTRATION_STATE RegStateResult{regState: REG_HOME, "
    "rat: LTE, reasonForDenial: NONE, cellIdentity: CellIdentity.lte(CellIdentityLte{mcc: 310, mnc: 410, ci: 7, pci: 45, "
    "tac: 900, earfcn: 5780, operatorNames: OperatorInfo{alphaLong: N, alphaShort: N, operatorNumeric: 310410, status: 0}, "
    "bandwidth: 10000, additionalPlmns: [], csgInfo: null, bands: [BAND_17, BAND_12]}), registeredPlmn: 310410} [PHONE1]\n"
)
SST_LOG = (
    "03-04 05:06:07.001  2000  2100 D SST     : [0] Poll ServiceState done:  oldSS=["
    + service(3100, [nri("PS", cell=lte(3100, "[7]"))])
    + "] newSS=["
    + service(1300, [nri("PS", cell=lte(1300, "[3]"))])
    + "] oldMaxDataCalls=20 mNewMaxDataCalls=20\n"
)
CHANNEL_LOG = SST_LOG + (
    "03-04 05:06:09.001  2000  2100 D NetworkTypeController: [0] Physical channel configs updated: anchorNrCell=1, "
    "nrBandwidths=100000, nrBands=[78], configs=[" + pcc("PrimaryServing", "LTE", 1300, 101, 3) + ", "
    + pcc("SecondaryServing", "NR", 630000, 5, 78, 100000) + "]\n"
)  # fmt: skip

ISUB_11 = (
    "SubscriptionController:\n defaultSubId=1\n ActiveSubInfoList:\n  {id=1 iccId=8900[****] simSlotIndex=0 carrierId=1187 "
    "displayName=Net carrierName=Net A nameSource=3 iconTint=-1 dataRoaming=0 iconBitmap=null mcc=310 mnc=410 "
    "countryIso=us isEmbedded=false cardId=0}\n  {id=3 iccId=8900[****] simSlotIndex=1 carrierId=-1 displayName=Net B "
    "carrierName=Net B nameSource=3 iconTint=-1 dataRoaming=0 iconBitmap=null mcc=262 mnc=01 countryIso=de}\n"
)
ISUB_14 = (
    "SubscriptionManagerService:\n Active subscriptions:\n   [SubscriptionInfoInternal: id=2 iccId=8900[****] "
    "simSlotIndex=1 portIndex=0 isEmbedded=0 carrierId=1 displayName=Net carrierName=Net C isOpportunistic=0 groupUuid= "
    "mcc=310 mnc=260 ehplmns= ]\n"
)
CONNECTIVITY_8 = (
    "NetworkAgentInfo{ ni{[type: MOBILE[LTE], state: CONNECTED/CONNECTED, reason: connected, extra: net, failover: false, "
    "available: true, roaming: false]}  network{101}  nc{[ Transports: CELLULAR Specifier: <2>]} }\n"
    "NetworkAgentInfo{ ni{[type: WIFI[], state: CONNECTED/CONNECTED, extra: (none), roaming: false]}  network{102} }\n"
)
GETPROP = (
    "[gsm.network.type]: [LTE,NR_SA]\n[gsm.operator.isroaming]: [true,false]\n[gsm.operator.numeric]: [26201,46001]\n"
    "[gsm.sim.operator.numeric]: [23415,46001]\n[gsm.sim.state]: [LOADED,LOADED]\n[gsm.version.baseband]: [MPSS.X,MPSS.X]\n"
    "[persist.radio.imei]: [860123045678901]\n[ro.build.version.incremental]: [V12.5.1.0.QFAEUXM]\n"
    "[ro.build.version.release]: [10]\n[ro.miui.ui.version.name]: [V12]\n[ro.product.brand]: [Xiaomi]\n"
    "[ro.product.device]: [cepheus]\n[ro.product.manufacturer]: [Xiaomi]\n[ro.product.mod_device]: [cepheus_eea_global]\n"
    "[ro.product.model]: [MI 9]\n[ro.serialno]: [abcdef0123]\n[ro.boot.hwc]: [GLOBAL]\n"
)
