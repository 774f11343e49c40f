"""Labels of qmicli and mbimcli that the readers know: they are found behind a heading on the same line too."""

from __future__ import annotations

_QMICLI = (
    "5G NSA Available|5GNR ARFCN|5GNR Tracking Area Code|Active Band Class|Active Channel|"
    "Application state|Application type|Band preference|Bands|Bandwidth|CS|Card state|Cell index|"
    "DCNR Restriction|DL Bandwidth|EUTRA Absolute RF Channel Number|Forbidden|IMEI|LTE Band|"
    "LTE band preference|LTE band preference (extended)|LTE bands|LTE bands (extended)|"
    "LTE tracking area code|MCC|MNC|MNC with PCS digit|Manufacturer|Mode preference|Model|"
    "NR5G NSA band preference|NR5G SA band preference|NR5G bands|PLMN|PS|Physical Cell ID|"
    "Primary Scrambling Code|RSRP|RSRQ|RSSI|RX Channel|Radio Interface|Radio interfaces|"
    "Registration state|Revision|Roaming status|SNR|Secondary Cell index|Serving Cell ID|State|Status|"
    "TX Channel|Tracking Area Code|UTRA Absolute RF Channel Number"
)
_MBIMCLI = (
    "Attach state|Available data classes|Cellular class|Current cellular class|Data class|Device ID|"
    "Device type|Firmware info|Hardware info|LTE band class|NR band class|Network error|Provider ID|"
    "Provider name|Ready state|Register mode|Register state|Subscriber ID|WCDMA band class"
)
LABELS = frozenset(_QMICLI.split("|")) | frozenset(_MBIMCLI.split("|"))
