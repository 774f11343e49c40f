"""What the tables do not say, decided by reading: names, hosts, and which shutdown row means whom.

Every entry is keyed by country and the `brand` of the first list, as the table writes them.
"""

from __future__ import annotations

from dataclasses import dataclass

Key = tuple[str, str]

SLUGS: dict[Key, str] = {
    ("AT", "A1.net"): "a1",
    ("BE", "Orange Belgium"): "orange",
    ("CA", "Telus Mobility, Koodo Mobile, Public Mobile"): "telus",
    ("CA", "Bell Mobility"): "bell",
    ("CA", "Freedom Mobile"): "freedom",
    ("CA", "Rogers Wireless"): "rogers",
    ("CL", "CLARO CL"): "claro",
    ("GB", "O2 (UK)"): "o2",
    ("GB", "Vodafone UK"): "vodafone",
    ("HK", "1O1O / One2Free / New World Mobility / SUNMobile"): "csl",
    ("HK", "CMCC HK"): "china-mobile",
    ("HU", "Yettel Hungary"): "yettel",
    ("IN", "BSNL Mobile"): "bsnl",
    ("IN", "Vi India"): "vi",
    ("JP", "NTT docomo"): "docomo",
    ("JP", "Rakuten Mobile"): "rakuten",
    ("KE", "Faiba 4G"): "faiba",
    ("KR", "SKTelecom"): "sk-telecom",
    ("KR", "LG U+"): "lg-uplus",
    ("KW", "zain KW"): "zain",
    ("MA", "Orange Morocco"): "orange",
    ("MX", "AT&T México"): "att-mexico",
    ("MX", "Red Compartida (Altán)"): "altan",
    ("RO", "Digi.Mobil"): "digi",
    ("SA", "Al Jawal (STC )"): "stc",
    ("SA", "Zain SA"): "zain",
    ("SE", "Sweden 2G"): "net4mobility",
    ("TW", "Gt"): "asia-pacific-telecom",
    ("US", "U.S. Cellular"): "uscellular",
    ("US", "GCI Wireless"): "gci",
    ("US", "AT&T"): "att",
    ("DE", "1&1"): "1and1",
}
"""File names where the brand does not make a good one."""

NAMES: dict[Key, str] = {
    ("IN", "Airtel"): "Bharti Airtel",
    ("IN", "BSNL Mobile"): "Bharat Sanchar Nigam (BSNL)",
    ("IN", "Jio"): "Reliance Jio",
    ("IN", "Vi India"): "Vi (Vodafone Idea)",
    ("HK", "1O1O / One2Free / New World Mobility / SUNMobile"): "csl",
    ("SA", "Al Jawal (STC )"): "stc",
    ("SE", "Sweden 2G"): "Net4Mobility (Telenor and Tele2)",
    ("TW", "Gt"): "Asia Pacific Telecom",
}
"""Names where the table's brand is none, or where it took over a licence circle as the company."""

ALIASES: dict[Key, tuple[str, ...]] = {
    ("DE", "Telekom"): ("Deutsche Telekom",),
    ("KR", "SKTelecom"): ("SKT",),
    ("SE", "Sweden 2G"): ("Telenor Sverige",),
    ("TW", "Gt"): ("APT",),
    ("US", "U.S. Cellular"): ("UScellular",),
}

NOTES: dict[Key, str] = {
    ("CA", "Bell Mobility"): "Shares one radio network with Telus.",
    (
        "CA",
        "Telus Mobility, Koodo Mobile, Public Mobile",
    ): "Shares one radio network with Bell. Cells of B17 announce B12 too (MFBI).",
    ("GB", "3"): "Merged with Vodafone UK on 2025-06-02 (VodafoneThree).",
    ("GB", "EE"): "One list names B28 for LTE; a record of the field has 700 MHz for NR only.",
    ("GB", "O2 (UK)"): "B3 is a sliver of 5.8 MHz; the capacity is in B1 and B40.",
    ("GB", "Vodafone UK"): "Merged with Three UK on 2025-06-02 (VodafoneThree).",
    ("FR", "Free"): "No B20: B28 is the only low band of LTE, and it is being given over to n28.",
    ("PL", "Plus"): "No B20 of its own since 2019; the low band is B8.",
    ("SE", "3"): "No B3 and no 700 MHz.",
    ("IN", "Airtel"): "Bands differ by licence circle.",
    ("IN", "Vi India"): "Bands differ by licence circle.",
    (
        "JP",
        "Rakuten Mobile",
    ): "B18 and B26 are roaming on KDDI; the own low band B28 is on air since 2024-06 with 2x3 MHz.",
    (
        "MX",
        "Telcel",
    ): "B5 was measured on air in 2020. Band 28 must be enabled in any phone sold in Mexico, though Telcel has no 700 MHz.",
    ("SA", "Al Jawal (STC )"): "One publisher names B28 for NB-IoT only.",
    ("IL", "Hot Mobile"): "Shares its network with Partner.",
    ("VN", "Vinaphone"): "n41 is doubtful: the licence is for 3.7 to 3.8 GHz.",
    ("VN", "MobiFone"): "3.8 GHz (n77) is not in the lists.",
    ("MY", "Yes"): "One list names B28, although the regulator gave it no 700 MHz.",
    ("ZA", "Vodacom"): "The low band, B20 or B28, is contested between two reports of the auction of 2022.",
    ("ZA", "Cell C"): "Customers are said to roam on MTN and Vodacom.",
    ("ID", "XL"): "Merged with Smartfren (XLSMART): B5 and B40 come from there.",
    ("ID", "Indosat"): "Includes the former Hutchison 3.",
}


@dataclass(frozen=True, slots=True)
class HostNetwork:
    """The network that a carrier runs on. `since`: a later edition of its own, else the host counts from the start."""

    carrier: str
    edition: str
    why: str
    since: str | None = None
    own: bool = False
    """Its own bands go on being asked beside the host's."""


HOSTS: dict[Key, HostNetwork] = {
    ("US", "U.S. Cellular"): HostNetwork(
        "us/t-mobile",
        "2024",
        "Bought by T-Mobile US on 2025-08-01; networks join within two years.",
        "2025-08",
        own=True,
    ),
    ("US", "Boost"): HostNetwork(
        "us/att", "2024", "Hybrid carrier on AT&T's network; its own 5G radio network is being taken down.", "2026-01"
    ),
    ("MX", "Movistar"): HostNetwork(
        "mx/att-mexico", "2024-06", "Gave back its spectrum 2019 to 2022, runs on AT&T México."
    ),
    ("ES", "Yoigo"): HostNetwork("es/orange", "2024-06", "One company with Orange (MasOrange); rides its network."),
    ("MY", "DiGi"): HostNetwork("my/celcomdigi", "2024-06", "Celcom and DiGi are one network."),
    ("TH", "dtac"): HostNetwork("th/truemove-h", "2024-06", "Merged with True."),
    ("TW", "Gt"): HostNetwork("tw/fareastone", "2024-06", "Asia Pacific Telecom merged into Far EasTone."),
    ("TW", "T Star"): HostNetwork("tw/taiwan-mobile", "2024-06", "Taiwan Star merged into Taiwan Mobile."),
    ("ID", "3"): HostNetwork("id/indosat", "2024-06", "Hutchison 3 merged into Indosat."),
    ("ID", "Smartfren"): HostNetwork("id/xl", "2024-06", "Smartfren and XL merged (XLSMART).", "2026-10"),
    ("IL", "Golan Telecom"): HostNetwork("il/cellcom", "2024-06", "Part of Cellcom, on its network."),
    ("CN", "China Broadnet"): HostNetwork(
        "cn/china-mobile", "2024-11", "LTE is China Mobile's shared network; its own spectrum is 700 MHz.", own=True
    ),
}

NR_REQUIRED: dict[Key, tuple[int, ...]] = {("US", "Boost"): (66, 70), ("CN", "China Broadnet"): (28,)}
"""5G-only carriers, and their NR bands that two publishers name."""

HAND_MADE = frozenset({"us/att", "us/firstnet", "us/t-mobile", "us/verizon", "us/sprint"})
"""Written by hand from documents of their own; the tables' rows for them, historical ones included, are in there."""

SHUTDOWN_NAMES: dict[Key, tuple[str, ...]] = {
    ("US", "T-Mobile (Sprint)"): ("us/sprint",),
    ("AU", "Vodafone (TPG)"): ("au/vodafone",),
    ("AU", "Optus, Vodafone"): ("au/optus", "au/vodafone"),
    ("AE", "e& (Etisalat)"): ("ae/etisalat",),
    ("ES", "MasOrange (Orange, Yoigo)"): ("es/orange", "es/yoigo"),
    ("HK", "3"): ("hk/three",),
    ("ID", "XL (XLSMART)"): ("id/xl",),
    ("IN", "Vi"): ("in/vi",),
    ("JP", "KDDI (au)"): ("jp/au",),
    ("JP", "NTT docomo"): ("jp/docomo",),
    ("KR", "SK Telecom, KT"): ("kr/sk-telecom", "kr/kt"),
    ("KR", "LG U+"): ("kr/lg-uplus",),
    ("MX", "AT&T Mexico"): ("mx/att-mexico",),
    ("PH", "Smart"): ("ph/smart",),
    ("SE", "Telenor"): ("se/net4mobility",),
    ("SE", "Tre"): ("se/three",),
    ("SG", "Singtel"): ("sg/singtel",),
    ("TW", "FarEasTone"): ("tw/fareastone",),
    ("VN", "VinaPhone"): ("vn/vinaphone",),
    ("US", "AT&T"): ("us/att",),
}
"""Whom a shutdown row means, where its name does not say so by itself."""

SHUTDOWNS_LEFT_OUT: dict[tuple[str, str, str], str] = {
    ("CA", "Telus (Manitoba)", "3G"): "one province",
    ("RU", "MTS (Moscow region, 900 MHz)", "3G"): "one region",
    ("CN", "China Unicom (Zhejiang)", "3G"): "one province",
    ("CN", "China Telecom (Yunnan first)", "3G CDMA"): "the first province; the national end was not found",
    ("CN", "China Mobile", "3G TD-SCDMA"): "no handset profile asks for TD-SCDMA",
    ("VN", "all", "2G (2G-only subscribers)"): "ends subscriptions, not the network",
    ("US", "T-Mobile (Sprint)", "4G LTE"): "not circuit-switched; the end of the profile us/sprint",
    ("ZA", "all", "2G/3G"): "the deadline was withdrawn on 2025-07-02",
}

UPLINK_MHZ: dict[tuple[str, str, int], tuple[float, float]] = {
    ("BR", "Claro", 28): (738, 748),
    ("BR", "TIM", 28): (718, 728),
    ("BR", "Vivo", 28): (728, 738),
    ("MY", "CelcomDigi", 28): (703, 733),
    ("TH", "AIS", 28): (723, 738),
    ("TH", "TrueMove H", 28): (703, 723),
}
"""The part of a band that a licence names, where a filter for a part of the band (B28A: 703 to 733 MHz) matters."""
