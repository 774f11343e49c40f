"""One sample of every grammar that QMI, MBIM and ModemManager tools print, with made-up values, and what it tells.

A sample's name is `tool: answer`; `GRAMMARS` of the test names what captures have taught, and each must be here.
"""

from __future__ import annotations

_D = "[/dev/cdc-wdm0] "

SAMPLES: dict[str, tuple[str, dict[str, object]]] = {
    "qmicli: band capabilities": (
        f"{_D}Device band capabilities retrieved:\n"
        "\tBands: 'gsm-900-extended, wcdma-2100, wcdma-900'\n"
        "\tLTE bands: '1, 3, 7'\n\tLTE bands (extended): '1, 3, 7, 66'\n\tNR5G bands: '28, 78'\n",
        {"supported lte": (1, 3, 7, 66), "supported nr": (28, 78), "complete lte": None},
    ),
    "qmicli: band capabilities of 64 bits": (
        "Max TX channel rate: '50000000'\nNetworks: 'umts, lte'\nBands: 'wcdma-2100'\nLTE bands: '3, 8, 20'\n",
        {"supported lte": (3, 8, 20), "complete lte": False, "supported nr": None},
    ),
    "qmicli: system selection preference": (
        f"{_D}Successfully got system selection preference\n\tEmergency mode: 'no'\n\tMode preference: 'lte, 5gnr'\n"
        "\tLTE band preference: '1, 3'\n\tLTE band preference (extended): '1, 3, 66'\n"
        "\tNR5G SA band preference: '78'\n\tNR5G NSA band preference: '28, 78'\n",
        {"enabled lte": (1, 3, 66), "enabled nr_sa": (78,), "enabled nr_nsa": (28, 78)},
    ),
    "qmicli: RF bands": (
        f"{_D}Successfully got RF band info\nBand Information:\n\tRadio Interface:   'lte'\n"
        "\tActive Band Class: 'eutran-66'\n\tActive Channel:    '950'\n"
        "Band Information (Extended):\n\tRadio Interface:   'lte'\n\tActive Band Class: 'eutran-66'\n"
        "\tActive Channel:    '66486'\nBandwidth:\n\tRadio Interface:   'lte'\n\tBandwidth:         '10'\n",
        {"cell": ("pcell", 66, 66486)},
    ),
    "qmicli: carrier aggregation": (
        f"{_D}Successfully got carrier aggregation info\nDL Bandwidth: '20'\nPrimary Cell Info\n"
        "\tPhysical Cell ID: '11'\n\tRX Channel: '6300'\n\tDL Bandwidth: '10'\n\tLTE Band: 'eutran-20'\n"
        "Secondary Cell 1 Info\n\tPhysical Cell ID: '12'\n\tRX Channel: '1300'\n\tDL Bandwidth: '20'\n"
        "\tLTE Band: 'eutran-3'\n\tState: 'activated'\n\tCell index: '1'\n",
        {"cell": ("pcell", 20, 6300), "secondary": ("scell", 3, 1300)},
    ),
    "qmicli: carrier aggregation before 2016": (
        f"{_D}Successfully got carrier aggregation info\nPrimary Cell Info\n\tPhysical Cell ID: '11'\n"
        "\tTX Channel: '6300'\n\tDL Bandwidth: '10'\n\tLTE Band: 'eutran-20'\nNo Secondary Cells\n",
        {"cell": ("pcell", 20, 6300)},
    ),
    "qmicli: serving system": (
        f"{_D}Successfully got serving system:\n\tRegistration state: 'registered'\n\tCS: 'attached'\n"
        "\tPS: 'attached'\n\tSelected network: '3gpp'\n\tRadio interfaces: '1'\n\t\t[0]: 'lte'\n"
        "\tRoaming status: 'off'\n\tCurrent PLMN:\n\t\tMCC: '1'\n\t\tMNC: '1'\n\t\tDescription: 'Test'\n"
        "\tLTE tracking area code: '77'\n",
        {"registration": "home"},
    ),
    "qmicli: system info": (
        f"{_D}Successfully got system info:\n\tLTE service:\n\t\tStatus: 'available'\n"
        "\t\tTrue Status: 'available'\n\t\tRoaming status: 'on'\n\t\tForbidden: 'no'\n\t\tMCC: '001'\n\t\tMNC: '01'\n"
        "\t\t5G NSA Available: 'yes'\n",
        {"registration": "roaming", "plmn": "00101"},
    ),
    "qmicli: cell location, LTE": (
        f"{_D}Successfully got cell location info\nIntrafrequency LTE Info\n\tUE In Idle: 'yes'\n\tPLMN: '001101'\n"
        "\tTracking Area Code: '77'\n\tEUTRA Absolute RF Channel Number: '6300' (E-UTRA band 20: 800 DD)\n"
        "\tServing Cell ID: '11'\n\tCell [0]:\n\t\tPhysical Cell ID: '11'\n\t\tRSRQ: '-10.4' dB\n",
        {"cell": ("pcell", 20, 6300), "plmn": "001011"},
    ),
    "qmicli: cell location, NR": (
        f"{_D}Successfully got cell location info\n5GNR ARFCN: '630000'\n5GNR cell information\n"
        "\tPLMN: '00101'\n\tTracking Area Code: '77'\n\tGlobal Cell ID: '0'\n\tPhysical Cell ID: '700'\n",
        {"cell": ("pcell", None, 630000), "plmn": "00101"},
    ),
    "qmicli: cell location, UMTS": (
        f"{_D}Successfully got cell location info\nUMTS Info\n\tPLMN: '00101'\n"
        "\tUTRA Absolute RF Channel Number: '10700'\n\tPrimary Scrambling Code: '9'\n",
        {"cell": ("pcell", 1, 10700)},
    ),
    "qmicli: home network": (
        f"{_D}Successfully got home network:\n\tHome network:\n\t\tMCC: '1'\n\t\tMNC: '1'\n\t\tDescription: ''\n",
        {"sim plmn": "00101"},
    ),
    "qmicli: card status": (
        f"{_D}Successfully got card status\nSlot [1]:\n\tCard state: 'present'\n\tApplication [0]:\n"
        "\t\tApplication type:  'usim (2)'\n\t\tApplication state: 'ready'\n",
        {"sim": "ready"},
    ),
    "qmicli: signal info": (
        f"{_D}Successfully got signal info\nLTE:\n\tRSSI: '-62 dBm'\n\tRSRQ: '-11 dB'\n\tRSRP: '-93 dBm'\n"
        "\tSNR: '7.2 dB'\n",
        {"rsrp": -93.0},
    ),
    "qmicli: verbose": (
        f"{_D}received generic response (translated)...\n<<<<<< QMUX:\n<<<<<<   length  = 29\n"
        '<<<<<< QMI:\n<<<<<<   flags       = "response"\n<<<<<<   message     = "Get Band Capabilities" (0x0045)\n'
        '<<<<<< TLV:\n<<<<<<   type       = "Result" (0x02)\n<<<<<<   length     = 4\n'
        "<<<<<<   value      = 00:00:00:00\n<<<<<<   translated = SUCCESS\n"
        '<<<<<< TLV:\n<<<<<<   type       = "LTE Band Capability" (0x10)\n<<<<<<   length     = 8\n'
        "<<<<<<   value      = 05:00:08:00:00:00:00:00\n<<<<<<   translated = 1, 3, 20\n",
        {"supported lte": (1, 3, 20), "complete lte": False},
    ),
    "raw: QMUX frame": (
        "01:23:00:80:03:01:02:01:00:34:00:17:00:02:04:00:00:00:00:00:11:02:00:10:00:15:08:00:05:00:08:00:00:00:00:00\n",
        {"enabled lte": (1, 3, 20)},
    ),
    "raw: TLVs of QRTR": (
        "QMI header: type=0x02 (response) txn=1 msg_id=0x0043 len=32\n  TLV 0x02 result: SUCCESS (result=0 error=0)\n"
        "  TLV 0x2e: f0 9c 09 00\n  TLV 0x2f: 00 f1 10 00 00 4d 00 00 00 00 00 00 00 00 bc 02 92 ff a4 fc 69 00\n",
        {"cell": ("pcell", None, 630000), "plmn": "00101"},
    ),
    "mbimcli: registration state": (
        f"{_D}Registration status:\n\t         Network error: 'unknown'\n\t        Register state: 'home'\n"
        "\t         Register mode: 'automatic'\n\tAvailable data classes: 'lte'\n\t"
        "Current cellular class: 'gsm'\n\t           Provider ID: '00101'\n\t         Provider name: 'Test'\n",
        {"registration": "home", "plmn": "00101"},
    ),
    "mbimcli: registration state in one line": (
        f"{_D}Registration status: Network error: 'unknown' Register state: 'roaming' Register mode: 'automatic'"
        " Available data classes: 'lte' Current cellular class: 'gsm' Provider ID: '00101' Provider name: 'Test'\n",
        {"registration": "roaming", "plmn": "00101"},
    ),
    "mbimcli: device caps with band classes": (
        f"{_D}Device capabilities retrieved:\n\t      Device type: 'embedded'\n\t   Cellular class: 'gsm'\n"
        "\t  LTE band class: '1, 3, 20'\n\t   NR band class: '78'\n\t    Firmware info: 'X1'\n",
        {"supported lte": (1, 3, 20), "supported nr": (78,)},
    ),
    "mbimcli: base stations": (
        f"{_D}Base Stations info:\n\tLTE serving cell:\n\t\tProvider id: '00101'\n\t\tPhysical cell id: '11'\n"
        "\t\tEARFCN: '66486'\n\t\tTAC: '77'\n",
        {"cell": ("pcell", 66, 66486)},
    ),
    "mmcli: table": (
        "  Hardware |  manufacturer: Maker\n           |         model: Model\n"
        "  Status   |         state: registered\n           |   access tech: lte\n"
        "  Bands    |     supported: utran-1, eutran-1, eutran-3,\n           |                ngran-78\n"
        "           |       current: eutran-1, ngran-78\n  3GPP     |   operator id: 00101\n"
        "           |  registration: home\n  -----\n",
        {"supported lte": (1, 3), "supported nr": (78,), "enabled lte": (1,), "registration": "home"},
    ),
    "mmcli: table with a band without a name": (
        "  Bands    |     supported: eutran-1, eutran-3, ngran-28, (null), ngran-78\n  -----\n",
        {"supported lte": (1, 3), "supported nr": (28, 78), "complete nr": False, "complete lte": None},
    ),
    "mmcli: table of 2013": (
        "  Bands    |      supported: 'dcs, egsm, u2100, eutran-iii'\n           |        current: 'u2100'\n  -----\n",
        {"supported lte": (3,), "enabled umts": (1,)},
    ),
    "mmcli: key and value": (
        "modem.generic.model : Model\nmodem.generic.supported-bands.length : 2\n"
        "modem.generic.supported-bands.value[1] : eutran-1\nmodem.generic.supported-bands.value[2] : eutran-3\n"
        "modem.3gpp.registration-state : home\n",
        {"supported lte": (1, 3), "registration": "home"},
    ),
    "mmcli: JSON": (
        '{"modem": {"generic": {"supported-bands": ["eutran-1", "ngran-78"], "current-bands": ["eutran-1"]},'
        ' "3gpp": {"registration-state": "home"}}}',
        {"supported lte": (1,), "supported nr": (78,), "enabled lte": (1,)},
    ),
    "uqmi: system info": (
        '{"lte": {"service_status": "available", "true_service_status": "available", "roaming_status": "off",'
        ' "mcc": "001", "mnc": "01", "tracking_area_code": 77}}',
        {"registration": "home", "plmn": "00101"},
    ),
    "uqmi: serving system": (
        '{"registration": "registered", "plmn_mcc": 1, "plmn_mnc": 1, "roaming": false}',
        {"registration": "home"},
    ),
    "uqmi: signal info": ('[{"type": "lte", "rsrp": -93}, {"type": "5gnr", "rsrp": -98}]', {"rsrp": -93.0}),
    "uqmi: carrier aggregation": (
        '{"primary": {"cell_id": 11, "channel": 900, "band": 2, "bandwidth": "10"}}',
        {"cell": ("pcell", None, 900)},
    ),
    "uqmi: cell location": (
        '{"intrafrequency_lte_info": {"tracking_area_code": 77, "channel": 2850, "band": 7, "serving_cell_id": 11}}',
        {"cell": ("pcell", None, 2850)},
    ),
}
