"""Rules of reading qmicli, mbimcli, mmcli and uqmi, one answer at a time."""

from __future__ import annotations

import json

import pytest

from harness.errors import ParseError
from harness.observations import (
    EnabledBands,
    Identity,
    NrState,
    Registration,
    ServingCell,
    Signal,
    Sim,
    SupportedBands,
)
from harness.probes import qmi
from harness.probes.qmi.names import ACTIVE_BANDS, band_of_name

D = "[/dev/cdc-wdm0]"


def facts(text, kind):
    return [item for item in qmi.read(text).observations if isinstance(item, kind)]


def one(text, kind):
    (found,) = facts(text, kind)
    return found


def rf(*triples, extended=()):
    text = f"{D} Successfully got RF band info\n"
    for heading, items in (("Band Information", triples), ("Band Information (Extended)", extended)):
        if items:
            text += f"{heading}:\n"
        for rat, band, channel in items:
            text += f"\tRadio Interface:   '{rat}'\n\tActive Band Class: '{band}'\n\tActive Channel:    '{channel}'\n"
    return text


# Band lists


def test_the_extended_list_beats_the_one_of_64_bits():
    text = f"{D} Device band capabilities retrieved:\n\tLTE bands: '1, 3'\n\tLTE bands (extended): '1, 3, 66'\n"
    assert one(text, SupportedBands).bands == (1, 3, 66)


def test_a_modem_without_the_extended_list_gets_a_warning_with_its_short_one():
    reading = qmi.read(f"{D} Device band capabilities retrieved:\n\tLTE bands: '1, 3'\n")
    assert reading.observations[0].bands == (1, 3)
    assert "above 64" in reading.warnings[0]
    (told,) = (item for item in reading.observations if isinstance(item, SupportedBands))
    assert told.complete is False
    assert [band for band in (5, 17, 26, 29, 40, 66, 71) if told.could_show(band)] == [5, 17, 40]


def test_no_nr_line_is_no_claim_about_nr():
    assert not [b for b in facts(f"{D} x\n\tLTE bands: '1, 3'\n", SupportedBands) if b.rat == "nr"]


def test_nr_preferences_keep_standalone_and_non_standalone_apart():
    text = (
        f"{D} Successfully got system selection preference\n\tNR5G SA band preference: '41, 71'\n"
        "\tNR5G NSA band preference: '41'\n"
    )
    assert {(f.rat, f.bands) for f in facts(text, EnabledBands)} == {("nr_sa", (41, 71)), ("nr_nsa", (41,))}


@pytest.mark.parametrize("top", [256, 512])
def test_a_preference_of_all_ones_is_no_restriction(top):
    everything = ", ".join(map(str, range(1, top + 1)))
    text = f"{D} x\n\tLTE band preference (extended): '{everything}'\n\tNR5G SA band preference: '{everything}'\n"
    assert all(f.unlimited and f.bands is None for f in facts(text, EnabledBands))


def test_a_capability_of_all_ones_tells_nothing():
    everything = ", ".join(map(str, range(1, 257)))
    with pytest.raises(ParseError, match="no device has"):
        qmi.read(f"{D} x\n\tLTE bands (extended): '{everything}'\n")


def test_an_empty_mask_is_not_an_empty_list():
    with pytest.raises(ParseError):
        qmi.read(f"{D} Successfully got system selection preference\n\tLTE band preference: 'none'\n")


def test_numbers_that_are_no_bands_are_left_out_with_a_warning():
    reading = qmi.read(f"{D} x\n\tLTE bands (extended): '3, 62, 250'\n")
    assert reading.observations[0].bands == (3,)
    assert "[62, 250]" in reading.warnings[0]


def test_a_list_that_lost_its_quote_is_not_read():
    text = f"{D} x\n\tLTE bands: '1, 2, 3\n\tLTE bands (extended): '1, 2'\n"
    assert one(text, SupportedBands).bands == (1, 2)


# Serving cells


def test_the_channel_of_32_bits_decides():
    cell = one(rf(("lte", "eutran-66", 951), extended=[("lte", "eutran-66", 66487)]), ServingCell)
    assert (cell.arfcn, cell.band, cell.band_source) == (66487, 66, "both")


def test_a_channel_of_16_bits_that_wrapped_is_a_conflict_and_keeps_the_reported_band():
    reading = qmi.read(rf(("lte", "eutran-66", 951)))
    cell = reading.observations[0]
    assert (cell.arfcn, cell.band, cell.band_source) == (951, 66, "conflict")
    assert any("16 bits" in warning for warning in reading.warnings)


def test_a_16_bit_channel_without_a_band_leaves_both_bands_open():
    text = (
        f"{D} Successfully got cell location info\nIntrafrequency LTE Info\n"
        "\tEUTRA Absolute RF Channel Number: '951' (E-UTRA band 2: 1900 PCS)\n\tServing Cell ID: '7'\n"
    )
    cell = one(text, ServingCell)
    assert (cell.band, cell.band_candidates, cell.pci) == (None, (2, 66), 7)


def test_a_16_bit_nr_channel_is_no_channel():
    cell = one(rf(("5gnr", "nr5g-41", 61038)), ServingCell)
    assert (cell.rat, cell.arfcn, cell.band) == ("nr", None, 41)


def test_an_nr_triple_beside_an_lte_one_is_the_secondary_leg():
    pairs = [("5gnr", "nr5g-band-78", 636666), ("lte", "eutran-3", 1300)]
    cells = facts(rf(extended=pairs), ServingCell)
    assert [(c.role, c.rat, c.band) for c in cells] == [("pcell", "lte", 3), ("pscell", "nr", 78)]
    assert one(rf(extended=pairs), NrState).mode == "nsa_connected"


def test_channel_and_band_that_contradict_each_other_are_a_conflict():
    cell = one(rf(("lte", "eutran-8", 3148)), ServingCell)
    assert (cell.band, cell.band_reported, cell.band_source) == (7, 8, "conflict")


def test_answers_that_name_different_cells_leave_open_which_is_registered():
    answers = {
        "qmicli --nas-get-rf-band-info": rf(extended=[("lte", "eutran-3", 1300)]),
        "qmicli --nas-get-lte-cphy-ca-info": (
            f"{D} Successfully got carrier aggregation info\n"
            "Primary Cell Info\n\tPhysical Cell ID: '9'\n\tRX Channel: '6300'\n\tLTE Band: 'eutran-20'\n"
        ),
        "qmicli --nas-get-serving-system": SERVING.format(state="registered", roaming="off"),
    }
    reading = qmi.read_all(answers)
    cells = [c for c in reading.observations if isinstance(c, ServingCell)]
    assert {c.band for c in cells} == {3, 20}
    assert all(c.registered is None for c in cells)
    assert any("different serving cells" in warning for warning in reading.warnings)


def test_only_an_activated_secondary_is_in_use_and_a_deconfigured_one_is_none():
    text = f"{D} Successfully got carrier aggregation info\n"
    for number, state in enumerate(("activated", "deactivated", "deconfigured"), 1):
        text += (
            f"Secondary Cell {number} Info\n\tPhysical Cell ID: '{number}'\n\tRX Channel: '{1300 + number}'\n"
            f"\tDL Bandwidth: '10'\n\tLTE Band: 'eutran-3'\n\tState: '{state}'\n\tCell index: '{number}'\n"
        )
    cells = facts(text, ServingCell)
    assert [(c.role, c.arfcn, c.active, c.bandwidth_khz) for c in cells] == [
        ("scell", 1301, True, 10000),
        ("scell", 1302, False, 10000),
    ]


def test_neighbours_are_not_serving_cells():
    text = (
        f"{D} Successfully got cell location info\nInterfrequency LTE Info\n\tUE In Idle: 'yes'\n"
        "\tFrequency [0]:\n\t\tEUTRA Absolute RF Channel Number: '6300' (E-UTRA band 20: 800DD)\n"
    )
    with pytest.raises(ParseError):
        qmi.read(text)


def test_nr_standalone_from_cell_location():
    text = (
        f"{D} Successfully got cell location info\n5GNR ARFCN: '396250'\n5GNR cell information\n"
        "\tPLMN: '310026'\n\tTracking Area Code: '8517888'\n\tGlobal Cell ID: '0'\n"
        "\tPhysical Cell ID: '929'\n"
    )
    cell = one(text, ServingCell)
    assert (cell.rat, cell.arfcn, cell.band, cell.pci, cell.plmn) == ("nr", 396250, None, 929, "310260")
    assert cell.band_candidates == (2, 25)


def located(plmn, *, heading="Intrafrequency LTE Info"):
    text = f"{D} Successfully got cell location info\n{heading}\n\tPLMN: '{plmn}'\n"
    label = "UTRA" if heading == "UMTS Info" else "EUTRA"
    return text + f"\t{label} Absolute RF Channel Number: '6300'\n\tServing Cell ID: '4'\n"


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("001001", "001010"),
        ("302072", "302720"),
        ("001123", "001231"),
        ("00101", "00101"),
        ("26202", "26202"),
        *((text, None) for text in ("0010", "000000", "0010012", "00a001", "")),
    ],
)
def test_a_plmn_that_is_printed_nibble_by_nibble(printed, told):
    for heading in ("Intrafrequency LTE Info", "UMTS Info"):
        assert one(located(printed, heading=heading), ServingCell).plmn == told


def test_one_cell_told_by_two_answers_with_a_mnc_of_three_digits_is_one_cell():
    system = f"{D} Successfully got system info:\n\tLTE service:\n\t\tStatus: 'available'\n"
    system += "\t\tTrue Status: 'available'\n\t\tRoaming status: 'off'\n\t\tMCC: '302'\n\t\tMNC: '720'\n"
    reading = qmi.read_all({"a": system, "b": located("302072")})
    (cell,) = (o for o in reading.observations if isinstance(o, ServingCell))
    assert (cell.plmn, cell.arfcn, cell.registered) == ("302720", 6300, True)
    assert reading.warnings == ()


# Registration

SERVING = (
    D + " Successfully got serving system:\n\tRegistration state: '{state}'\n\tCS: 'attached'\n\tPS: 'attached'\n"
    "\tSelected network: '3gpp'\n\tRadio interfaces: '1'\n\t\t[0]: 'lte'\n\tRoaming status: '{roaming}'\n"
    "\tData service capabilities: '1'\n\t\t[0]: 'lte'\n\tCurrent PLMN:\n\t\tMCC: '310'\n\t\tMNC: '26'\n"
    "\tFull operator code info:\n\t\tMCC: '310'\n\t\tMNC: '26'\n\t\tMNC with PCS digit: 'yes'\n"
)


@pytest.mark.parametrize(
    ("state", "roaming", "expected"),
    [
        ("registered", "off", "home"),
        ("registered", "on", "roaming"),
        ("not-registered-searching", "off", "searching"),
        ("registration-denied", "off", "denied"),
        ("not-registered", "off", "not_registered"),
    ],
)
def test_registration_states(state, roaming, expected):
    found = one(SERVING.format(state=state, roaming=roaming), Registration)
    assert (found.state, found.rat, found.domain) == (expected, "lte", "eps")


def test_the_pcs_digit_gives_the_mnc_its_width():
    assert one(SERVING.format(state="registered", roaming="off"), ServingCell).plmn == "310026"


def test_limited_service_is_no_registration():
    text = SERVING.format(state="registered", roaming="off") + "\tDetailed status:\n\t\tStatus: 'limited'\n"
    with pytest.raises(ParseError):
        qmi.read(text)


def test_two_radio_interfaces_are_en_dc():
    text = SERVING.format(state="registered", roaming="off")
    text = text.replace("Radio interfaces: '1'\n", "Radio interfaces: '2'\n\t\t[0]: '5gnr'\n").replace(
        "\t\t[0]: 'lte'\n\tRoaming", "\t\t[1]: 'lte'\n\tRoaming"
    )
    assert one(text, NrState).mode == "nsa_connected"
    assert one(text, Registration).rat == "lte"


@pytest.mark.parametrize("layout", ["{}", " {} ", "one line"])
def test_layout_is_of_no_account(layout):
    text = SERVING.format(state="registered", roaming="off")
    shown = text.replace("\n\t", " ").replace("\t", " ") if layout == "one line" else layout.format(text)
    assert one(shown.replace("\n", "\r\n"), Registration).state == "home"


# SIM and identity


@pytest.mark.parametrize(
    ("card", "application", "state"),
    [
        ("present", "ready", "ready"),
        ("present", "pin1-or-upin-pin-required", "pin_required"),
        ("present", "puk1-or-upin-puk-required", "puk_required"),
        ("present", "detected", "not_ready"),
        ("absent", None, "absent"),
        ("error: no-atr-received (3)", None, "error"),
    ],
)
def test_card_states(card, application, state):
    text = f"{D} Successfully got card status\nSlot [1]:\n\tCard state: '{card}'\n"
    if application:
        text += f"\tApplication [1]:\n\t\tApplication type:  'usim (2)'\n\t\tApplication state: '{application}'\n"
    assert (one(text, Sim).slot, one(text, Sim).state) == (0, state)


def test_the_home_network_belongs_to_the_only_card():
    answers = {
        "a": f"{D} Successfully got card status\nSlot [1]:\n\tCard state: 'absent'\nSlot [2]:\n\tCard state: 'present'\n",
        "b": f"{D} Successfully got home network:\n\tHome network:\n\t\tMCC: '262'\n\t\tMNC: '2'\n\t\tDescription: 'x'\n",
    }
    sims = [s for s in qmi.read_all(answers).observations if isinstance(s, Sim)]
    assert [(s.slot, s.plmn) for s in sims] == [(0, None), (1, "26202")]


def test_of_an_imei_only_the_type_allocation_code_is_kept():
    identity = one(
        f"{D} Device IDs retrieved:\n\t    ESN: '0'\n\t   IMEI: '490154203237518'\n\t   MEID: 'unknown'\n", Identity
    )
    assert identity.tac_imei == "49015420"
    assert "3237518" not in repr(identity)


def test_a_hardware_revision_is_not_the_firmware():
    with pytest.raises(ParseError):
        qmi.read(f"{D} Hardware revision retrieved:\n\tRevision: '10000'\n")


# MBIM


def test_device_capabilities_of_the_third_extension_list_bands():
    text = (
        f"{D} Device capabilities retrieved:\n\t      Device type: 'embedded'\n"
        "\t WCDMA band class: '1, 8'\n\t   LTE band class: '1, 3, 66'\n\t    NR band class: '41, 71'\n"
    )
    assert {(f.rat, f.bands) for f in facts(text, SupportedBands)} == {
        ("umts", (1, 8)),
        ("lte", (1, 3, 66)),
        ("nr", (41, 71)),
    }


def test_base_stations_name_channels_of_32_bits():
    text = (
        "Successfully parsed response as MBIMEx 3.0 Base Stations Info\nLTE serving cell:\n\t      Provider id: 310260\n"
        "\t           EARFCN: 66786\n\t Physical cell id: 77\n\t              TAC: 4660\nNeighboring LTE cells: 1\n"
        "\tNeighboring cell [0]:\n\t\t           EARFCN: 1300\n\t\t Physical cell id: 5\n"
        "Serving NR cells: 1\n\tServing cell [0]:\n\t\tPhysical cell id: 321\n\t\t         NRARFCN: 520110\n"
    )
    cells = facts(text, ServingCell)
    assert [(c.role, c.rat, c.arfcn, c.band, c.pci) for c in cells] == [
        ("pcell", "lte", 66786, 66, 77),
        ("pscell", "nr", 520110, None, 321),
    ]


@pytest.mark.parametrize(
    ("word", "state"), [("partner", "roaming"), ("deregistered", "not_registered"), ("denied", "denied")]
)
def test_mbim_registration(word, state):
    text = (
        f"{D} Registration status:\n\t        Register state: '{word}'\n"
        "\tAvailable data classes: 'lte, 5g-nsa'\n\t           Provider ID: '20801'\n"
    )
    assert one(text, Registration).state == state


# ModemManager

KEYVALUE = (
    "modem.generic.manufacturer : Quectel\nmodem.generic.supported-bands.length : 3\n"
    "modem.generic.supported-bands.value[1] : utran-1\nmodem.generic.supported-bands.value[2] : eutran-20\n"
    "modem.generic.supported-bands.value[3] : ngran-78\nmodem.generic.access-technologies.length : 2\n"
    "modem.generic.access-technologies.value[1] : lte\nmodem.generic.access-technologies.value[2] : 5gnr\n"
    "modem.3gpp.operator-code : 26201\nmodem.3gpp.registration-state : roaming\n"
)


def test_key_value_output():
    assert {(f.rat, f.bands) for f in facts(KEYVALUE, SupportedBands)} == {
        ("umts", (1,)),
        ("lte", (20,)),
        ("nr", (78,)),
    }
    assert one(KEYVALUE, Registration).state == "roaming"
    assert one(KEYVALUE, NrState).mode == "nsa_connected"


def test_key_value_lists_on_one_line():
    text = "modem.generic.current-bands : eutran-1, eutran-20\n"
    assert one(text, EnabledBands).bands == (1, 20)


def test_a_key_value_list_that_lacks_items_is_not_read():
    assert not facts(KEYVALUE.replace("modem.generic.supported-bands.value[3] : ngran-78\n", ""), SupportedBands)


def test_json_output():
    generic = {"supported-bands": ["eutran-1", "eutran-66"], "current-bands": ["eutran-1"], "model": "EM7565"}
    text = json.dumps({"modem": {"generic": generic, "3gpp": {"registration-state": "--"}}})
    assert one(text, SupportedBands).bands == (1, 66)
    assert one(text, EnabledBands).bands == (1,)
    assert one(text, Identity).model == "EM7565"


def test_a_table_list_that_ends_in_a_comma_is_cut_off():
    with pytest.raises(ParseError, match="cut off"):
        qmi.read("  Bands    |  supported: eutran-1, eutran-2, \n")


def test_any_is_no_list_and_a_band_without_a_name_makes_a_warning():
    with pytest.raises(ParseError):
        qmi.read("  Bands    |  current: any\n")
    reading = qmi.read("  Bands    |  supported: eutran-1, (null)\n")
    assert reading.observations[0].bands == (1,)
    assert "longer" in reading.warnings[0]


@pytest.mark.parametrize(("reason", "state"), [("sim-missing", "absent")])
def test_a_modem_that_failed_without_a_sim(reason, state):
    text = f"  Status   |  state: failed\n           |  failed reason: {reason}\n"
    assert one(text, Sim).state == state


# uqmi


def test_uqmi_serving_system_and_aggregation():
    text = json.dumps({"registration": "registered", "plmn_mcc": 262, "plmn_mnc": 2, "roaming": False})
    assert (one(text, Registration).state, one(text, Registration).plmn) == ("home", "26202")
    text = json.dumps({"primary": {"channel": 6300, "band": 20, "bandwidth": "20", "cell_id": 4}})
    assert (one(text, ServingCell).band, one(text, ServingCell).bandwidth_khz) == (20, 20000)


@pytest.mark.parametrize(("channel", "tool", "candidates"), [(1300, 3, (3, 66)), (900, 2, (2, 66)), (3050, 7, (7, 71))])
def test_a_band_that_uqmi_made_of_16_bits_is_no_band(channel, tool, candidates):
    for text in (
        {"primary": {"channel": channel, "band": tool, "frequency": 1900, "cell_id": 4}},
        {"intrafrequency_lte_info": {"channel": channel, "band": tool, "duplex": "FDD", "serving_cell_id": 4}},
    ):
        cell = one(json.dumps(text), ServingCell)
        assert (cell.band, cell.band_candidates, cell.band_source, cell.pci) == (None, candidates, None, 4)


def test_a_band_of_uqmi_does_not_settle_what_another_answer_leaves_open():
    location = f"{D} Successfully got cell location info\nIntrafrequency LTE Info\n\tPLMN: '00101'\n"
    location += "\tEUTRA Absolute RF Channel Number: '900'\n\tServing Cell ID: '4'\n"
    made = json.dumps({"primary": {"channel": 900, "band": 2, "cell_id": 4}})
    (cell,) = (o for o in qmi.read_all({"a": location, "b": made}).observations if isinstance(o, ServingCell))
    assert (cell.band, cell.band_candidates) == (None, (2, 66))


def test_uqmi_prints_an_array_for_two_rats_and_people_paste_several_objects():
    array = [{"type": "lte", "rsrp": -93, "snr": 7.2}, {"type": "5gnr", "rsrp": -98, "snr": True}]
    objects = "\n".join(json.dumps(item) for item in array)
    for text in (json.dumps(array), objects):
        assert [(s.rat, s.rsrp_dbm, s.sinr_db) for s in facts(text, Signal)] == [("lte", -93, 7.2), ("nr", -98, None)]


# Raw messages


def frame(service, message, *tlvs):
    body = b"".join(bytes([kind]) + len(value).to_bytes(2, "little") + value for kind, value in tlvs)
    sdu = b"\x02\x01\x00" + message.to_bytes(2, "little") + len(body).to_bytes(2, "little") + body
    qmux = b"\x01" + (len(sdu) + 5).to_bytes(2, "little") + b"\x80" + bytes([service, 1]) + sdu
    return ":".join(f"{octet:02X}" for octet in qmux)


OK = (0x02, bytes(4))


def test_raw_rf_bands():
    lte = (
        bytes([2])
        + bytes.fromhex("08a100")
        + (66487).to_bytes(4, "little")
        + bytes.fromhex("0c0301")
        + (520110).to_bytes(4, "little")
    )
    cells = facts(frame(3, 0x0031, OK, (0x11, lte)), ServingCell)
    assert [(c.role, c.band, c.arfcn) for c in cells] == [("pcell", 66, 66487), ("pscell", 41, 520110)]


def test_raw_preferences_of_512_nr_bands():
    mask = (1 << 40 | 1 << 70).to_bytes(64, "little")
    text = frame(3, 0x0034, OK, (0x2C, mask), (0x23, (1 << 65 | 1 << 2).to_bytes(32, "little")))
    assert {(f.rat, f.bands) for f in facts(text, EnabledBands)} == {("nr_sa", (41, 71)), ("lte", (3, 66))}


def test_a_raw_message_that_reports_an_error_tells_nothing():
    with pytest.raises(ParseError):
        qmi.read(frame(2, 0x0045, (0x02, b"\x01\x00\x5e\x00"), (0x10, b"\x05" + bytes(7))))


def test_a_frame_whose_length_does_not_fit_is_not_read():
    with pytest.raises(ParseError):
        qmi.read(frame(2, 0x0045, OK, (0x10, b"\x05" + bytes(7)))[:-3])


def test_the_active_band_number_is_not_the_band():
    assert ACTIVE_BANDS[122] == ("lte", 3)
    assert (ACTIVE_BANDS[161], ACTIVE_BANDS[168]) == (("lte", 66), ("lte", 71))
    assert (ACTIVE_BANDS[259], ACTIVE_BANDS[277], ACTIVE_BANDS[281], ACTIVE_BANDS[297]) == (
        ("nr", 41),
        ("nr", 257),
        ("nr", 261),
        ("nr", 46),
    )


@pytest.mark.parametrize(
    ("name", "band"),
    [
        ("eutran-xx", ("lte", 20)),
        ("eutran-iv", ("lte", 4)),
        ("ngran-257", ("nr", 257)),
        ("nr5g-band-41", ("nr", 41)),
        ("wcdma-1700-us", ("umts", 4)),
        ("gsm-900-extended", ("gsm", 900)),
        ("eutran-", None),
        ("bc-0-a-system", None),
    ],
)
def test_names_of_bands(name, band):
    assert band_of_name(name) == band
