"""Names, places, accounts and subscribers' numbers that stand in no field of their own."""

from __future__ import annotations

import pytest

from harness.recording.scrubbing.scrub import scrub

SECRETS = [
    # request, text, what must not be left, kind
    ("dumpsys wifi", 'SSID: "Blue Lagoon", BSSID: 12:34:56:78:9a:bc', "Blue Lagoon", "name"),
    ("dumpsys wifi", "mWifiInfo SSID: Blue Lagoon, Supplicant state: COMPLETED", "Lagoon", "name"),
    ("AT+CWJAP?", 'SSID="BlueLagoon"', "BlueLagoon", "name"),
    ("x", "{'ssid': 'BlueLagoon'}", "BlueLagoon", "name"),
    ("dumpsys isub", "{id=1 displayName=Grandpa carrierName=T-Mobile nameSource=2 iconTint=1}", "Grandpa", "name"),
    ("dumpsys isub", "displayName=My own SIM carrierName=T-Mobile nameSource=USER_INPUT,", "own SIM", "name"),
    ("dumpsys isub", "displayName=Grandpa number=", "Grandpa", "name"),
    ("x", "profileNickname: Grandpa", "Grandpa", "name"),
    ("AT+CNUM", '+CNUM: "Grandpa","+15551234567",145', "Grandpa", "name"),
    ("AT+CNUM", '+CNUM: "004700720061006E00640070",,', "004700720061006E00640070", "name"),
    ("AT+CNUM", '+CNUM: "005000610070006100200031","",', "005000610070006100200031", "name"),
    ("AT+CNUM", '+CNUM: "","002B00310035003500350031003200330034003500360037",145', "310035", "phone"),
    ("AT+CNUM", '+CNUM: "","2B3135353531323334353637",145', "313535", "phone"),
    ("AT+CMGL", '+CMGL: 1,"REC READ","+15551234567","Grandpa","25/01/09,10:26:49+04"', "Grandpa", "name"),
    ("AT+CMGR=1", '+CMGR: "REC UNREAD","+15551234567",,"25/01/09,10:26:49+04"', "1234567", "phone"),
    ("", '+CMT: "Grandpa",23', "Grandpa", "name"),
    ("AT+CLIP=1", '+CLIP: "+15551234567",145,"",0,"Grandpa",0', "Grandpa", "name"),
    ("ATI", "ESN: 0x80A1B2C3", "80A1B2C3", "serial"),
    ("ATI", "ESN: 80A1B2C3", "80A1B2C3", "serial"),
    ("x", "esn=12345678901", "12345678901", "serial"),
    ("x", "89049032000001234500001234567890", "001234500001234567890", "iccid"),
    ("AT+QESIM", '+QESIM: "89049032000001234500001234567890"', "1234567890", "iccid"),
    ("AT+GSN", "MEID: 0xA1000012345678", "12345678"[2:], "imei"),
    ("x", "imsi: 310 410 123456789", "123456789", "imsi"),
    ("x", "IMSI=310-410-1234-56789", "56789", "imsi"),
    ("x", "msin: 0123456789", "123456789", "imsi"),
    ("x", "suci-0-310-410-0-0-0-0123456789", "123456789", "imsi"),
    ("x", "SUCI: 0x0113001400000021436587", "21436587", "imsi"),
    ("x", "type0.rid678.schid0.userid0123456789@5gc.mnc410.mcc310.3gppnetwork.org", "123456789", "imsi"),
    ("x", "5G-GUTI: 310410-02-0040-C1-ABCDEF12", "ABCDEF12", "tmsi"),
    ("mmcli -b 1", "  Properties | apn: internet\n | user: grandpa\n | password: s3cret!", "grandpa", "apn_user"),
    ("mmcli -b 1", "bearer.properties.apn : internet\nbearer.properties.password : s3cret!", "s3cret!", "apn_user"),
    ("qmicli", "\tAPN: 'internet'\n\tUsername: 'grandpa'\n\tPassword: 's3cret!'", "grandpa", "apn_user"),
    ("mbimcli", "Access string: 'internet'\n User name: 'grandpa'\n Password: 's3cret!'", "s3cret!", "apn_user"),
    ("x", "hostname: grandpas-laptop", "grandpas", "name"),
    ("x", 'host name = "grandpas.lan"', "grandpas", "name"),
    ("x", "http://grandpa:s3cret@proxy.example:8080/", "s3cret", "apn_user"),
    ("x", "proxy_user=grandpa proxyPassword='s3cret'", "grandpa", "apn_user"),
    (
        "AT+QGPSLOC?",
        "+QGPSLOC: 061951.0,3150.7223N,11711.9293E,0.7,62.2,2,0.0,0.0,0.0,110513,09",
        "3150.7223",
        "location",
    ),
    ("AT+CGPSINFO", "+CGPSINFO: 3113.343286,N,12121.234064,E,250311,072809.3,44.1,0.0,0", "343286", "location"),
    ("AT+CGNSINF", "+CGNSINF: 1,1,20200101000000.000,31.222222,121.354444,4.1", "31.222222", "location"),
    ("AT+QGPSGNMEA", "+QGPSGNMEA: $GPGGA,061951.0,3150.7223,N,11711.9293,E,1,03", "3150.7223", "location"),
    ("x", "$GNRMC,061951.0,A,3150.7223,N,11711.9293,E,0.0,0.0", "11711.9293", "location"),
    ("dumpsys location", "last location=Location[gps 37.421998,-122.084000 hAcc=5]", "37.421998", "location"),
    ("mmcli --location-get", "  gps | latitude: 37.421998\n | longitude: -122.084000", "122.084000", "location"),
    ("x", '{"latitude": 37.421998}', "37.421998", "location"),
]


@pytest.mark.parametrize(("request_", "text", "secret", "kind"), SECRETS, ids=[f"{s[3]}-{s[1][:24]}" for s in SECRETS])
def test_what_names_a_person_or_a_place_is_gone(request_, text, secret, kind):
    clean, kinds = scrub(text, request=request_)
    assert secret not in clean
    assert kind in kinds
    assert len(clean) == len(text) or kind == "ip"
    assert scrub(clean, request=request_)[0] == clean


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        ("dumpsys wifi", "SSID: <unknown ssid>, BSSID: <none>"),
        ("dumpsys isub", "displayName=T-Mobile carrierName=T-Mobile nameSource=SIM_SPN,"),
        ("dumpsys isub", "displayName=CARD 1 carrierName=No service nameSource=0,"),
        ("mmcli -b 1", "apn: internet\n user: --\n password: --"),
        ("dumpsys activity", "user=0 apn=x"),
        ("x", "response=80A1B2C3"),
        ("AT+CPSI?", "+CPSI: LTE,Online,460-00,0x333C,39589680,308,EUTRAN-BAND3,1350,5,0,-94,-850,-545,15"),
        ("dumpsys telephony.registry", "mLatitude=2147483647 mLongitude=2147483647"),
        ("x", "adb_keys: /data/misc; http://127.0.0.1:8080/ mail@host"),
        ("AT+QNWPREFCFG", '+QNWPREFCFG: "lte_band",1:2:3'),
        ("AT+CNUM", '+CNUM: "","",129'),
        ("AT+CMGL", '+CMGL: 1,"REC READ","","","25/01/09,10:26:49+04"'),
    ],
)
def test_what_names_nobody_stays(request_, text):
    assert scrub(text, request=request_) == (text, frozenset())
