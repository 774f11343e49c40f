"""Identifiers planted in device text, and the search for them in any output. Shared by the tests of personal data."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

IMEI = "867234057391820"
IMEISV = "8672340573918203"
SECOND_IMEI = "358240059264879"
IMSI = "310260917364528"
ICCID = "89014103271828182845"
EID = "89049032007008882600041973625527"
PHONE = "15550147382"
CALLER = "447700900417"
SERIAL = "R58N41QXZ7W"
BOARD_SERIAL = "9A281FFAZ003QK"
MAC = "7C:2E:BD:41:9F:06"
IPV4 = "100.77.31.209"
IPV6 = "2001:db8:41c7:9e2a:7c2e:bdff:fe41:9f06"
IPV6_DOTTED = "32.1.13.184.65.199.158.42.124.46.189.255.254.65.159.6"
APN_USER = "feldtest-user"
APN_PASSWORD = "Geh3imWort"
ANDROID_ID = "9774d56d682e549c"
CELL_ID = 77298193
NR_CELL_ID = 13977245281
TRACKING_AREA = 41873

CELL_ID_HEX = f"{CELL_ID:07X}"
NR_CELL_ID_HEX = f"{NR_CELL_ID:09X}"
TRACKING_AREA_HEX = f"{TRACKING_AREA:04X}"


def swapped(digits: str) -> str:
    """Packed BCD as SIM files and SMS keep it: two digits a byte, the lower nibble first, filled with F."""
    digits += "F" * (len(digits) % 2)
    return "".join(digits[n + 1] + digits[n] for n in range(0, len(digits), 2))


def ascii_hex(text: str) -> str:
    return text.encode().hex().upper()


def ucs2(text: str) -> str:
    """As AT answers print text under AT+CSCS="UCS2"."""
    return text.encode("utf-16-be").hex().upper()


def parcel(text: str) -> str:
    """What `service call iphonesubinfo 1` prints: UTF-16 in words of four bytes, over several lines."""
    data = bytes(4) + len(text).to_bytes(4, "little") + text.encode("utf-16-le")
    data += bytes(-len(data) % 16)
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        words = " ".join(row[n : n + 4][::-1].hex() for n in range(0, 16, 4))
        seen = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"  0x{at:08x}: {words} '{seen}'")
    return "Result: Parcel(\n" + "\n".join(lines) + ")\n"


EF_IMSI = f"08{swapped('9' + IMSI)}"
EF_ICCID = swapped(ICCID)
EF_MSISDN = "FF" * 14 + f"0791{swapped(PHONE)}" + "FF" * 6
SMS_PDU = f"00040B91{swapped(PHONE)}00006211120183940005C8329BFD06"

AT: list[tuple[str, str]] = [
    ("AT+CGSN", IMEI),
    ("AT+CGSN", f"{IMEI[:9]}\r\n{IMEI[9:]}"),
    ("AT+CGSN=1", f'+CGSN: "{IMEI}"'),
    ("AT+CGSN=2", f'+CGSN: "{IMEISV}"'),
    ("AT+CGSN=2", IMEISV),
    ("AT+GSN", f"+GSN: {IMEI}"),
    ("AT#CGSN", f"#CGSN: {IMEI}"),
    ("AT+EGMR=0,7", f'+EGMR: "{IMEI}"'),
    ("AT$QCIMEI?", f"$QCIMEI: {IMEI}"),
    ("AT+SIMEI?", f"+SIMEI: {IMEI}"),
    ("AT+KGSN=3", f"+KGSN: {BOARD_SERIAL}"),
    ("ATI", f"IMEI: {IMEI}\r\nIMEI SV: 13\r\nFSN: {BOARD_SERIAL}"),
    ("ATI", f"IMEI: {IMEI[:8]}\r\n{IMEI[8:]}"),
    ("ATI", f"IMEI:{IMEI}\r\nSVN:03\r\nSN:{BOARD_SERIAL}"),
    ("ATI", f"IMEISV: {IMEISV}"),
    ("AT^SN", f"^SN:{BOARD_SERIAL}"),
    ("AT#SN", f"Serial Number: {BOARD_SERIAL}"),
    ("AT^PHYNUM?", f"^PHYNUM:IMEI,{IMEI},0\r\n^PHYNUM:MACWLAN0,{MAC.replace(':', '')},0"),
    ("AT+CIMI", IMSI),
    ("AT+CIMI", f"{IMSI[:7]}\r\n{IMSI[7:]}"),
    ("AT+CPIN?;+CIMI", f"+CPIN: READY\r\n{IMSI}"),
    ("AT#CIMI", f"#CIMI: {IMSI}"),
    ("AT*CIMI", f"*CIMI: {IMSI}"),
    ("AT#RFSTS", f'#RFSTS: "310 260",66786,-93,-59,-14,8B1E,255,-5,1280,19,2,A20AB01,"{IMSI}","T-Mobile",3,66'),
    ("AT+CCID", f"+CCID: {ICCID}"),
    ("AT+CCID", f"{ICCID}F"),
    ("AT+ICCID", f"{ICCID[:10]}\r\n{ICCID[10:]}"),
    ("AT+QCCID", f"+QCCID: {ICCID}F"),
    ("AT^SCID", f"^SCID: {ICCID}"),
    ("AT%XICCID", f"%XICCID: {swapped(ICCID)}"),
    ("AT!ICCID?", f"!ICCID: {ICCID}"),
    ("AT+CICCID", f"+CICCID: {ICCID}"),
    ("AT*EID?", f"EID: {EID}"),
    ("AT+CRSM=176,12258,0,0,10", f'+CRSM: 144,0,"{EF_ICCID}"'),
    ("AT+CRSM=176,28423,0,0,9", f'+CRSM: 144,0,"{EF_IMSI}"'),
    ("AT+CRSM=178,28480,1,4,34", f'+CRSM: 144,0,"{EF_MSISDN}"'),
    ('AT+CSIM=10,"00B0000009"', f'+CSIM: 22,"{EF_IMSI}9000"'),
    ("AT+CGLA=1,10", f'+CGLA: 24,"{EF_ICCID}9000"'),
    ("AT+CNUM", f'+CNUM: "Line 1","+{PHONE}",145'),
    ("AT+CNUM", f'+CNUM: "{ucs2("Line 1")}","{ucs2("+" + PHONE)}",145'),
    ("AT+CNUM", f'+CNUM: "","{ascii_hex("+" + PHONE)}",145'),
    ("AT+CSCA?", f'+CSCA: "+{PHONE}",145'),
    ("AT+CPBR=1", f'+CPBR: 1,"{PHONE[1:]}",129,"Somebody"'),
    ("AT+CPBF", f'+CPBF: 1,"+{PHONE}",145,"{ucs2("Somebody")}"'),
    ("AT+CCFC=0,2", f'+CCFC: 1,1,"+{PHONE}",145'),
    ("AT+CUSD=1", f'+CUSD: 0,"Your number is {PHONE[1:]}",15'),
    ("AT+CUSD=1", f'+CUSD: 0,"{ucs2("Number " + PHONE)}",72'),
    ("AT+CMGL", f'+CMGL: 1,"REC READ","+{PHONE}","","26/11/21,10:00:00-20"\r\nCall me at {PHONE[1:]}'),
    ("AT+CMGL=4", f"+CMGL: 0,1,,26\r\n{SMS_PDU}"),
    ("AT+CGDCONT?", f'+CGDCONT: 1,"IPV4V6","fast.t-mobile.com","{IPV4}.{IPV6_DOTTED}",0,0'),
    ("AT+CGDCONT?", f'+CGDCONT: 1,"IPV4V6","fast.t-mobile.com","{IPV4} {IPV6}",0,0'),
    ("AT+CGPADDR", f'+CGPADDR: 1,"{IPV4}","{IPV6_DOTTED}"'),
    (
        "AT+CGCONTRDP",
        f'+CGCONTRDP: 1,5,"fast.t-mobile.com","{IPV4}.255.255.255.0","{IPV4}","{IPV6_DOTTED}","{IPV4}"',
    ),
    ("AT+CIFSR", IPV4),
    ('AT+QMAP="WWAN"', f'+QMAP: "WWAN",1,1,"IPV4","{IPV4}"\r\n+QMAP: "WWAN",1,1,"IPV6","{IPV6}"'),
    ("AT+QIACT?", f'+QIACT: 1,1,1,"{IPV4}"'),
    (
        "AT^DHCP?",
        f"^DHCP: {bytes(map(int, IPV4.split('.')))[::-1].hex()},00FFFFFF,0101A8C0,0101A8C0,,50000000,50000000",
    ),
    ("AT+CGAUTH?", f'+CGAUTH: 1,2,"{APN_USER}","{APN_PASSWORD}"'),
    ("AT$QCPDPP?", f'$QCPDPP: 1,2,"{APN_PASSWORD}","{APN_USER}"'),
    ("AT^AUTHDATA?", f'^AUTHDATA: 1,2,"","{APN_PASSWORD}","{APN_USER}"'),
    ("AT#PDPAUTH?", f'#PDPAUTH: 1,1,"{APN_USER}"'),
    ("AT+QICSGP=1", f'+QICSGP: 1,"fast.t-mobile.com","{APN_USER}","{APN_PASSWORD}",1'),
    ("AT+UPSD=0", f'+UPSD: 0,2,"{APN_USER}"\r\n+UPSD: 0,3,"{APN_PASSWORD}"'),
    ("AT+UAUTHREQ?", f'+UAUTHREQ: 1,1,"{APN_PASSWORD}","{APN_USER}"'),
    ("AT+MGAUTH?", f'+MGAUTH: 1,1,"{APN_USER}","{APN_PASSWORD}"'),
    ("AT^SGAUTH?", f'^SGAUTH: 1,1,"{APN_USER}","{APN_PASSWORD}"'),
    ("AT+CSTT?", f'+CSTT: "fast.t-mobile.com","{APN_USER}","{APN_PASSWORD}"'),
    ('AT+QCFG="usbnet"', f'+QWLANMAC: "{MAC}"\r\nWLAN MAC: {MAC.lower().replace(":", "-")}'),
    ("AT+CEREG?", f'+CLIP: "+{CALLER}",145\r\n+CMT: "+{CALLER}",,"26/11/21"\r\nfrom {CALLER}'),
    ("AT+COPS?", f"+CMT: ,26\r\n{SMS_PDU}"),
    ("AT+CSQ", f'+CCWA: "+{CALLER}",145,1\r\n+CLCC: 1,1,4,0,0,"{CALLER}",129'),
]
"""Request and answer: every record in which a modem tells who it is, or whose."""

ADB: list[tuple[str, str]] = [
    ("getprop", f"[ro.ril.miui.imei0]: [{IMEI}]\n[ro.ril.miui.imei1]: [{SECOND_IMEI}]"),
    ("getprop", f"[ro.ril.oem.imei]: [{IMEI}]\n[ro.ril.oem.imei2]: [{SECOND_IMEI}]"),
    ("getprop", f"[persist.radio.imei]: [{IMEI[:6]}\n{IMEI[6:]}]"),
    ("getprop", f"[persist.radio.imei1]: [{IMEI},{SECOND_IMEI}]"),
    ("getprop", f"[vendor.ril.data.gsm_imsi0]: [{IMSI}]\n[gsm.sim.imsi]: [{IMSI},]"),
    ("getprop", f"[ro.serialno]: [{SERIAL}]\n[ro.boot.serialno]: [{SERIAL}]\n[sys.serialnumber]: [{SERIAL}]"),
    (
        "getprop",
        f"[ril.serialnumber]: [{BOARD_SERIAL}]\n[ro.boot.ap_serial]: [0x{ANDROID_ID}]\n[gsm.serial]: [{SERIAL}]",
    ),
    ("getprop", f"[ro.ril.oem.sno]: [{BOARD_SERIAL}]\n[ro.ril.oem.psno]: [{BOARD_SERIAL}]"),
    ("getprop", f"[ro.ril.oem.btmac]: [{MAC.replace(':', '')}]\n[ro.ril.oem.wifimac]: [{MAC.lower()}]"),
    (
        "getprop",
        f"[persist.service.bdroid.bdaddr]: [{MAC}]\n[ro.boot.btmacaddr]: [{MAC}]\n[wlan.driver.macaddr]: [{MAC}]",
    ),
    (
        "getprop",
        f"[vendor.soc.fuseID]: [0x{ANDROID_ID}]\n[ro.boot.cpuid]: [0x{ANDROID_ID}]\n[ro.boot.em.did]: [{ANDROID_ID}]",
    ),
    ("getprop", f"[persist.vendor.radio.cfu.iccid.0]: [{base64.b64encode(ICCID.encode()).decode()}]"),
    ("getprop", f"[gsm.sim.preiccid_0]: [{ICCID}]\n[persist.radio.iccid]: [{ICCID}]"),
    (
        "getprop",
        f"[dhcp.wlan0.ipaddress]: [{IPV4}]\n[net.rmnet0.dns1]: [{IPV6}]\n[net.hostname]: [android-{ANDROID_ID}]",
    ),
    ("getprop", f"[ro.boot.android_id]: [{ANDROID_ID}]\n[persist.sys.line1number]: [{PHONE}]"),
    (
        "dumpsys telephony.registry",
        f"  mCallIncomingNumber={CALLER}\n  mForegroundCallState=+{CALLER}\n"
        f"  mVoiceMailNumber=+{PHONE}\n  voicemail number: {PHONE}",
    ),
    (
        "dumpsys telephony.registry",
        "mPreciseDataConnectionState={state: CONNECTED, network type: LTE, APN types: default, link properties: "
        f"{{InterfaceName: rmnet_data1 LinkAddresses: [ {IPV4}/30,{IPV6}/64 ] DnsAddresses: [ /{IPV6},/{IPV4} ] "
        f"PcscfAddresses: [ /{IPV6} ] Routes: [ 0.0.0.0/0 -> {IPV4} rmnet_data1 ] HttpProxy: [{IPV4}] 8080 }}, apn setting: "
        f"[ApnSettingV7] T-Mobile, 3042, 310260, fast.t-mobile.com, user={APN_USER}, password={APN_PASSWORD}}}",
    ),
    (
        "dumpsys telephony.registry",
        f"mDataConnectionApn=fast.t-mobile.com DataProfile=0/fast.t-mobile.com/IPV4V6/3/{APN_USER}/{APN_PASSWORD}/0",
    ),
    ("dumpsys telephony.registry", f"mMeid={IMEI[:14]} imeiSv={IMEISV} deviceId={IMEI} line1Number={PHONE}"),
    (
        "dumpsys isub",
        f"{{id=1 iccId={ICCID} simSlotIndex=0 carrierId=1 displayName=T-Mobile number={PHONE} cardString={ICCID} "
        f"cardId=0 ehplmns=[310260] imsi={IMSI} groupUuid=null}}",
    ),
    (
        "dumpsys isub",
        f"[SubscriptionInfoInternal: id=1 iccId={ICCID} simSlotIndex=0 number={PHONE} cardString={ICCID} "
        f"numberFromCarrier={PHONE} numberFromIms=+{PHONE} imsi={IMSI} cardId=0]",
    ),
    ("dumpsys isub", f"++++ Subscription number: {PHONE[1:]} phoneNumber={PHONE} ICCID {ICCID}"),
    ("dumpsys netstats", f"ident=[{{type=MOBILE, subType=COMBINED, subscriberId={IMSI}, metered=true}}]"),
    ("dumpsys netpolicy", f"NetworkTemplate: matchRule=MOBILE, matchSubscriberIds=[{IMSI}]"),
    (
        "dumpsys connectivity",
        f"NetworkAgentInfo{{ network{{101}} LinkAddresses: [ {IPV4}/32,{IPV6}/64 ] PcscfAddresses: [ /{IPV6} ] "
        f'Nat64Prefix: 2001:db8:41c7:9e2a::/96 MacAddr {MAC.lower()} SSID: "x" BSSID: {MAC.lower()} }}',
    ),
    ("dumpsys carrier_config", f"mIccId={ICCID}\ncarrier_name = {IMSI}@wlan.mnc260.mcc310.3gppnetwork.org"),
    ("settings get global preferred_network_mode", f"22\nandroid_id={ANDROID_ID} bluetooth_address={MAC}"),
    ("service call iphonesubinfo 1", parcel(IMEI)),
    ("service call iphonesubinfo 8 s16 x", parcel(IMSI)),
    ("logcat -b radio -d", f"D RILJ: [0001]< GET_IMSI {IMSI} [PHONE0]\nD RILJ: < DEVICE_IDENTITY {{{IMEI}, 03, , }}"),
    (
        "logcat -b radio -d",
        f"D RILJ: > SIM_IO: cmd=0xB0 fileid=0x2fe2\nD RILJ: < SIM_IO IccIoResult sw1:0x90 sw2:0x0 Payload: {EF_ICCID.lower()}",
    ),
    (
        "logcat -b radio -d",
        f"D RILJ: SETUP_DATA_CALL addresses=[{IPV4}/32, {IPV6}/64], gateways=[{IPV6}], user={APN_USER}",
    ),
    ("id -u", f"uid for serial: {BOARD_SERIAL} s/n: {BOARD_SERIAL}"),
]
"""Command and answer: every place of a handset that names its owner, its SIM or itself."""

ADB_KNOWN: list[tuple[str, str]] = [
    ("cmd phone get-allowed-network-types-for-users -s 0", f"11111111111\nTelephony for {IMSI} on tel:+{PHONE}"),
    ("pm list packages", f"package:com.android.vending\nerror on {SERIAL} at {IPV4}:5555"),
    (
        "settings get global preferred_network_mode1",
        f"9\n{ascii_hex(IMEI)} {ucs2(IMSI)} {swapped('9' + IMSI)} {PHONE[1:]}",
    ),
    ("settings get global preferred_network_mode2", f"9\nx {IMEI[:5]}\n{IMEI[5:]} and {MAC.replace(':', '').lower()}"),
    ("cmd phone get-allowed-network-types-for-users -s 1", f"{base64.b64encode(ICCID.encode()).decode()} {ICCID}F"),
    ("command -v su", f"/system/bin/su of {SERIAL.lower()} {EF_ICCID.lower()} {BOARD_SERIAL}"),
]
"""Where nothing around tells what the digits are: they are known from what the device told before."""

_PLAIN = {
    "IMEI": (IMEI, IMEI[7:], SECOND_IMEI, SECOND_IMEI[7:], IMEISV[8:]),
    "IMSI": (IMSI[6:],),
    "ICCID": (ICCID[6:], EID[8:]),
    "phone": (PHONE[1:], CALLER),
    "serial": (SERIAL, BOARD_SERIAL),
    "MAC": (MAC.replace(":", ""),),
    "IPv6": ("41c79e2a", "7c2ebdfffe41"),
    "Android id": (ANDROID_ID,),
}
_FORMS = {
    "hexadecimal": ascii_hex,
    "UCS-2": ucs2,
    "UTF-16 turned round": lambda text: text.encode("utf-16-le").hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode().rstrip("=")[2:-2],
}
_EXACT = {
    "IPv4": (IPV4, IPV4.replace(".", "-"), bytes(map(int, IPV4.split("."))).hex(), "d11f4d64"),
    "IPv6": ("65.199.158.42", IPV6_DOTTED),
    "APN account": (APN_USER, APN_PASSWORD),
}
_BCD = {"IMSI": EF_IMSI[6:18], "ICCID": EF_ICCID[6:], "phone": swapped(PHONE)}
_CELLS = {
    "cell id": (str(CELL_ID), str(NR_CELL_ID), CELL_ID_HEX, NR_CELL_ID_HEX),
    "tracking area": (str(TRACKING_AREA), f"{TRACKING_AREA_HEX}"),
}
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def leaks(text: str) -> Iterator[str]:
    """What of the planted identifiers a text tells, in any form; blanks, line ends and separators hide nothing."""
    lower = text.lower()
    dense = _NOT_WORD.sub("", lower)
    read = "".join(re.findall(r"'([^'\n]{16})'", text)).replace(".", "").lower()
    for kind, values in _PLAIN.items():
        for value in values:
            if value.lower() in read:
                yield f"{kind} in a parcel"
            if value.lower() in dense:
                yield f"{kind} {_around(lower, value.lower())}"
            for form, change in _FORMS.items():
                changed = change(value)
                if (changed in text) if form == "base64" else (changed.lower() in dense):
                    yield f"{kind} in {form}: {_around(lower, changed.lower())}"
    for kind, values in _EXACT.items():
        yield from (f"{kind} {_around(lower, value.lower())}" for value in values if value.lower() in lower)
    for kind, value in _BCD.items():
        if value.lower() in dense:
            yield f"{kind} in BCD {_around(lower, value.lower())}"


def cell_leaks(text: str) -> Iterator[str]:
    """Whether a text tells where the laboratory stands: cell ids and tracking areas."""
    lower = text.lower()
    for kind, values in _CELLS.items():
        for value in values:
            found = re.search(rf"(?<![0-9a-f]){value.lower()}(?![0-9a-f])", lower)
            if found:
                yield f"{kind} {_around(lower, value.lower())}"


def _around(text: str, value: str) -> str:
    at = text.find(value)
    return f"{value!r}" if at < 0 else repr(text[max(0, at - 60) : at + len(value) + 20])
