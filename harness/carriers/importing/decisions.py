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
    ("PA", "+Movil"): "movil",
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

NR_MODES: dict[Key, tuple[tuple[int, ...], str, str]] = {
    ("US", "Boost"): ((66, 70, 71), "sa", "5G standalone only (thedesk.net 2023-06; phonearena.com id138854)."),
    ("IN", "Jio"): ((28,), "sa", "700 MHz for 5G standalone (livemint 2022-11)."),
}
"""NR bands of which a source says that they serve standalone (`sa`) or beside LTE alone (`nsa`), and that source."""

HAND_MADE = frozenset({"us/att", "us/firstnet", "us/t-mobile", "us/verizon", "us/sprint"})
"""Written by hand from documents of their own; the tables' rows for them, historical ones included, are in there."""

TDD_2600 = frozenset({"BD", "CN", "IN", "JP", "PH", "TH", "US"})
"""Countries whose 2.6 GHz is unpaired: there the class 2600 of a list is B41 or B38."""

WRONG_BANDS: dict[tuple[str, str, str, int], tuple[tuple[str, ...], str]] = {
    ("IN", "Vi India", "lte", 40): (
        ("IRLtools/IRLbox",),
        "Found wrong when the lists were read again: the list by carrier has B1, B3 and B8 only.",
    ),
    ("VN", "Vinaphone", "nr", 41): (("fmmc.or.jp",), "Its licence of 2024 is for 3.7 to 3.8 GHz."),
    ("MY", "Yes", "lte", 28): (("theedgemalaysia.com",), "The order of 2022-06-02 gave it no 700 MHz."),
    ("GB", "EE", "lte", 28): (("pedroc.co.uk",), "A record of the field has 700 MHz for NR only."),
}
"""Bands that a publisher names and another says are not on air: who says so, and what."""

NO_GSM = frozenset({"JP", "KR"})
"""Countries that never had GSM."""

BEGAN_WITH_LTE: dict[Key, str] = {
    ("IN", "Jio"): "opened in 2016 with LTE alone",
    ("JP", "Rakuten Mobile"): "opened in 2020 with LTE alone",
    ("PH", "DITO"): "opened in 2021 with LTE and NR",
    ("SG", "SIMBA"): "opened with LTE alone",
    ("KE", "Faiba 4G"): "opened in 2017 with LTE at 700 MHz",
    ("MX", "Red Compartida (Altán)"): "opened in 2018 as a wholesale LTE network at 700 MHz",
    ("ZA", "rain"): "opened with LTE alone",
}
"""Networks that never had a second or third generation; that a list is silent of one proves nothing by itself."""

MORE_SHUTDOWNS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("MO", "all", "3G", "2025-06-04", "done", "einpresswire.com 810997829 (the regulator, 2025-05-09)"),
    ("MO", "all", "2G", "", "done", "einpresswire.com 810997829 (the regulator, 2025-05-09): no 2G is left"),
    ("QA", "all", "3G", "2025-12-31", "done", "band-atlas-data data/networks.csv, cra-3g (the regulator)"),
    ("HU", "Telekom", "3G", "", "done", "samenacouncil.org 90499"),
    ("US", "Appalachian Wireless", "3G CDMA", "2022-12-31", "planned", "blog.telegeography.com (2022-04-13)"),
)
"""Shutdowns that are in no table: country, carrier, rat, day, status, source."""

ENDED: dict[Key, tuple[str, str | None, str]] = {
    ("RO", "Telekom"): (
        "2025-10-01",
        "ro/vodafone",
        "Sold: postpaid customers to Vodafone, prepaid ones to Digi from 2025-11 (hotnews.ro 2077605; telecomlead.com "
        "122832).",
    ),
    ("TZ", "Zantel"): ("2024-11", "tz/yas", "Merged into Tigo, now Yas."),
    ("UG", "Africell"): ("2021-10-07", None, "Closed, though the list of 2024-06 still calls it operational."),
    ("NP", "SmartCell"): ("2023", None, "Lost its licence."),
    ("PA", "Claro"): ("2022-07", "pa/movil", "One company with Cable & Wireless (bnamericas.com 2023-03-21)."),
    ("PA", "Digicel"): ("2022", None, "The regulator ended its concession (bnamericas.com 2023-03-21)."),
    ("MO", "SmarTone"): ("2024-10-31", "mo/ctm", "Gave up its licences; customers got SIM cards of CTM."),
}
"""Networks that ended: their last day, who took the customers over, and how it is known."""

NETWORK_PLMNS: dict[str, tuple[str, ...]] = {
    "ca/bell": ("302880",),
    "ca/telus": ("302880",),
    "ca/sasktel": ("302880",),
    "dk/telia": ("23866",),
    "dk/telenor": ("23866",),
    "fi/telia": ("24436",),
    "fi/dna": ("24436",),
    "pl/t-mobile": ("26034",),
    "pl/orange": ("26034",),
    "se/tele2": ("24024",),
}
"""PLMNs that shared radio networks broadcast, beside those of the SIMs."""

ANDROID_IDS: dict[str, tuple[int, ...]] = {
    "at/a1": (14,),
    "ca/telus": (1404,),
    "es/vodafone": (26,),
    "es/yoigo": (679,),
    "fr/orange": (32,),
    "gb/vodafone": (28,),
    "gr/cosmote": (747,),
    "hu/vodafone": (1535,),
    "it/vodafone": (29,),
    "jp/au": (1581,),
    "jp/docomo": (850,),
    "mx/movistar": (1914,),
    "nl/vodafone": (20,),
    "ph/dito": (2581,),
    "pt/vodafone": (22,),
    "ro/telekom": (1010,),
    "se/net4mobility": (1696,),
    "sg/simba": (2595,),
    "us/cellcom": (1802,),
    "vn/mobifone": (1299,),
    "in/vi": (802, 2378),
    "it/windtre": (1575,),
    "de/o2": (1453, 1454),
    "gr/nova": (749, 1519),
    "us/boost": (2518, 2525, 2534, 2607, 2608, 2613, 2614, 2615, 2621, 2622),
}
"""Ids of AOSP's carrier list (2024-02) beside those of the tables."""

NO_LOW_BAND: dict[Key, tuple[str, ...]] = {
    ("CL", "WOM"): ("Wikipedia", "kimovil.com or ap-cl"),
    ("SK", "4ka"): ("Wikipedia", "commsupdate.com"),
}
"""Carriers of which two publishers agree that no LTE band below 1 GHz is on air, and who they are."""

RULES_OF_STATE: dict[str, tuple[str, ...]] = {
    "AU": (
        "emergency calls over VoLTE on every network, which the regulator asks of each device from 2024-10-28 on: "
        "no reading of a device shows it",
    )
}
"""What a state asks of every device and nothing can read: told as not assessed."""

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

GID1_BRANDS: dict[Key, str] = {
    ("DE", "Telekom"): "de/telekom",
    ("DE", "Telefonica"): "de/o2",
    ("DE", "o2"): "de/o2",
    ("DE", "1&1"): "de/1and1",
    ("GB", "EE"): "gb/ee",
    ("GB", "EE Business"): "gb/ee",
    ("GB", "o2prepaid_gb"): "gb/o2",
    ("US", "sprint_us"): "us/sprint",
    ("US", "sprintprepaid_us"): "us/sprint",
}
"""Brands of a GID1 table that are a carrier's own, where no id says so: by country and brand."""
