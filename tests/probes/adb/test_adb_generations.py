"""One hand-made sample of each Android generation and vendor dialect."""

import adb_samples as samples
import pytest

from harness.errors import ParseError
from harness.probes.adb import read

REGISTRY = "dumpsys telephony.registry"


def cells(text, command=REGISTRY):
    return [o for o in read(text, command).observations if o.kind == "serving_cell"]


def states(text, command=REGISTRY):
    found = read(text, command).observations
    return {(o.slot, o.domain): o.state for o in found if o.kind == "registration"}


def mode(text, command=REGISTRY):
    return [o.mode for o in read(text, command).observations if o.kind == "nr_state"]


@pytest.mark.parametrize(
    ("name", "rat", "plmn", "arfcn", "band", "pci", "tac", "width"),
    [
        ("a7", "lte", "26201", 6300, 20, 77, 4711, None),
        ("a8", "lte", "46000", None, None, None, None, None),
        ("a81", "lte", "310026", 2300, 4, 12, 100, None),
        ("a9", "lte", "20801", 1850, 3, 200, 12, 20000),
        ("a10", "lte", "310410", 5110, 12, 101, 3001, 10000),
        ("a11", "lte", "310410", 66986, 66, 101, 3001, 10000),
        ("a12", "lte", "310410", 900, 2, 101, 3001, 20000),
        ("a13", "nr", "46011", 627264, 78, 879, 6970371, 20000),
        ("a14", "lte", "310410", 900, 2, 101, 3001, 20000),
        ("a15", "lte", "310410", 900, 2, 101, 3001, 20000),
    ],
)
def test_the_primary_cell_of_each_generation(name, rat, plmn, arfcn, band, pci, tac, width):
    cell = cells(samples.WRAPPED_FREE[name])[0]
    assert (cell.role, cell.registered, cell.rat) == ("pcell", True, rat)
    assert (cell.plmn, cell.arfcn, cell.band) == (plmn, arfcn, band)
    assert (cell.pci, cell.tac, cell.bandwidth_khz) == (pci, tac, width)


def test_every_fact_names_its_command_and_line():
    for item in read(samples.A11, REGISTRY).observations:
        assert item.source is not None
        assert item.source.request == REGISTRY
        assert item.source.line == 4


def test_neighbours_are_no_serving_cells():
    assert [c.arfcn for c in cells(samples.A11)] == [66986]
    assert [c.arfcn for c in cells(samples.A81)] == [2300]


def test_local_logs_are_history():
    text = samples.A10.replace("local logs:", samples.HISTORY)
    assert [c.arfcn for c in cells(text)] == [5110]
    with pytest.raises(ParseError):
        read(samples.HISTORY, REGISTRY)


def test_keys_behind_the_logs_are_history_and_a_listing_behind_them_is_not():
    keys = samples.A12.partition("  Phone Id=0\n")[2].partition("local logs:")[0]
    for heading in ("local logs:", "listen logs:", "registrations: count=3"):
        logs = f"{heading}\n  Phone Id=0\n{keys}"
        assert [c.arfcn for c in cells(samples.A11.replace("local logs:\n", logs))] == [66986]
        again = samples.A11.replace("local logs:\n", logs) + samples.A9
        assert [c.arfcn for c in cells(again)] == [1850]


def test_registration_states_of_a_denied_slot():
    assert states(samples.A10) == {(0, "cs"): "home", (0, "ps"): "home", (1, "cs"): "searching", (1, "ps"): "denied"}
    denied = [o for o in read(samples.A10).observations if o.kind == "registration" and o.state == "denied"]
    assert [o.cause for o in denied] == [15]
    assert [c.slot for c in cells(samples.A10)] == [0]


def test_positional_emergency_and_roaming():
    assert states(samples.A7)[(1, "cs")] == "emergency"
    assert states(samples.A8, None) == {(None, "cs"): "roaming", (None, "ps"): "roaming"}


@pytest.mark.parametrize(
    ("word", "state"), [("NOT_REG_OR_SEARCHING", "not_registered"), ("NOT_REG_SEARCHING", "searching")]
)
def test_the_two_look_alike_states(word, state):
    text = samples.service(
        -1, [samples.nri("PS", word, "UNKNOWN")], "1(OUT_OF_SERVICE)", "1(OUT_OF_SERVICE)", "0(Unknown)"
    )
    assert states(f"{text}\n", None) == {(None, "ps"): state}


def test_wifi_calling_is_no_attach():
    text = samples.service(
        -1, [samples.WLAN, samples.nri("PS", "NOT_REG_OR_SEARCHING", "UNKNOWN")], "1(OUT_OF_SERVICE)"
    )
    text = text.replace("getRilDataRadioTechnology=14(LTE)", "getRilDataRadioTechnology=18(IWLAN)")
    assert cells(f"mServiceState={text}\n") == []
    assert states(f"mServiceState={text}\n")[(None, "ps")] == "not_registered"


def test_secondary_carriers_of_en_dc():
    found = cells(samples.A12)
    assert [(c.role, c.rat, c.band, c.bandwidth_khz) for c in found] == [
        ("pcell", "lte", 2, 20000),
        ("scell", "lte", 13, 10000),
        ("pscell", "nr", 77, 100000),
    ]
    assert mode(samples.A12) == ["nsa_connected"]


def test_stale_physical_channels_are_left_out_with_a_warning():
    text = samples.A12.replace("mDownlinkChannelNumber=900", "mDownlinkChannelNumber=2175")
    assert [c.role for c in cells(text)] == ["pcell"]
    assert any("stale" in w for w in read(text).warnings)


@pytest.mark.parametrize(
    ("nr", "endc", "dcnr", "wanted"),
    [
        ("CONNECTED", "true", "false", "nsa_connected"),
        ("NOT_RESTRICTED", "true", "false", "nsa_available"),
        ("****", "true", "false", "nsa_available"),
        ("****", "true", "true", "none"),
        ("****", "false", "false", "none"),
        ("NONE", "false", "false", "none"),
    ],
)
def test_nr_state_beside_lte(nr, endc, dcnr, wanted):
    regs = [samples.nri("PS", cell=samples.lte(1300), nr=nr, endc=endc, dcnr=dcnr)]
    assert mode(samples.service(1300, regs) + "\n", None) == [wanted]


def test_an_icon_is_a_hint_and_no_connection():
    text = (
        samples.A12.split("    mPhysicalChannelConfigs")[0]
        + "    mTelephonyDisplayInfo=TelephonyDisplayInfo {network=LTE, overrideNetwork=NR_NSA}\n"
    )
    assert mode(text) == ["nsa_available"]
    assert any("icon" in w for w in read(text).warnings)


def test_huawei_nsa_state_five_is_connected_and_sa_is_sa():
    assert mode(samples.A9) == ["nsa_connected"]
    assert mode(samples.A13_SA) == ["sa"]


def test_nr_of_android_9_without_its_registrations_is_no_standalone():
    text = samples.A9.split("mNetworkRegistrationStates")[0].replace("14(LTE)", "20(NR)") + "}\n"
    assert mode(text) == []
    assert [(c.rat, c.band) for c in cells(text)] == []


def test_a_full_channel_beside_a_wrapped_one_is_taken():
    text = (
        samples.SAMSUNG.replace("mBands=[66]", "mBands=[]").replace("local logs:", "") + "    mPhysicalChannelConfigs=["
    )
    text += samples.pcc("PrimaryServing", "LTE", 66811, 101, 66) + "]\n"
    (cell,) = cells(text)
    assert (cell.arfcn, cell.band, cell.band_source) == (66811, 66, "both")


def test_channels_of_a_cell_that_was_left_are_forgotten():
    later = samples.SST_LOG.replace("05:06:07", "05:08:00").replace("newSS=[", "newSS=[ ").replace("1300", "9410")
    found = cells(samples.CHANNEL_LOG + later, None)
    assert [(c.role, c.band) for c in found] == [("pcell", 28)]


def test_a_16_bit_wrap_is_named_and_stays_a_conflict():
    (cell,) = cells(samples.SAMSUNG)
    assert (cell.arfcn, cell.band, cell.band_reported, cell.band_source, cell.tac) == (1275, 66, 66, "conflict", None)
    assert any("16-bit wrap" in w for w in read(samples.SAMSUNG).warnings)


def test_a_reported_band_that_contradicts_the_channel_is_a_conflict():
    (cell,) = cells(samples.service(1300, [samples.nri(cell=samples.lte(1300, "[20]"))]) + "\n", None)
    assert (cell.band, cell.band_reported, cell.band_source) == (3, 20, "conflict")


@pytest.mark.parametrize("unset", ["0", "-1", "2147483647", "null", "****", ""])
def test_unset_channels_name_no_band(unset):
    (cell,) = cells(samples.service(unset, [samples.nri(cell=samples.lte(unset))]) + "\n", None)
    assert (cell.arfcn, cell.band, cell.band_candidates) == (None, None, None)


@pytest.mark.parametrize("unset", ["0", "-1", "2147483647", "65535", "2***2"])
def test_unset_tracking_areas_are_unknown(unset):
    (cell,) = cells(samples.service(1300, [samples.nri(cell=samples.lte(1300, tac=unset))]) + "\n", None)
    assert (cell.tac, cell.pci, cell.band) == (None, 101, 3)


def test_a_pci_beyond_the_range_is_not_read_and_warned_of():
    reading = read(samples.service(1300, [samples.nri(cell=samples.lte(1300, pci=504))]) + "\n")
    assert [c.pci for c in reading.observations if c.kind == "serving_cell"] == [None]
    assert any("504" in w for w in reading.warnings)


def test_several_nr_bands_are_candidates():
    text = samples.A13_SA.replace("mBands = [78, 78]", "mBands = [78, 77]")
    (cell,) = cells(text)
    assert (cell.band, cell.band_candidates) == (None, (77, 78))


def test_a_width_that_lte_has_not_is_no_width():
    (cell,) = cells(
        samples.service(1300, [samples.nri(cell=samples.lte(1300, width=40000))], widths="[40000]") + "\n", None
    )
    assert cell.bandwidth_khz is None


def test_widths_without_channels_say_how_many_carriers():
    reading = read(samples.service(1300, [samples.nri(cell=samples.lte(1300))], widths="[20000, 20000, 10000]") + "\n")
    assert any(w.startswith("3 component carriers") for w in reading.warnings)


def test_grepped_lines_are_in_slot_order():
    one = f"    mServiceState={samples.service(1300, [samples.nri(cell=samples.lte(1300))])}\n"
    two = f"    mServiceState={samples.service(3100, [samples.nri(cell=samples.lte(3100))])}\n"
    assert [(c.slot, c.band) for c in cells(one + two)] == [(0, 3), (1, 7)]
    assert [(c.slot, c.band) for c in cells(two)] == [(None, 7)]


def test_a_listing_that_stands_there_twice_counts_once():
    assert len(cells(samples.A12 + samples.A12)) == len(cells(samples.A12))


@pytest.mark.parametrize("columns", [50, 80, 120])
def test_a_terminal_that_wrapped_lines_changes_no_value(columns):
    text = samples.service(66986, [samples.nri(cell=samples.lte(66986, "[66]"))])
    wrapped = "\n".join(text[i : i + columns] for i in range(0, len(text), columns)) + "\n"
    (cell,) = cells(wrapped, None)
    assert (cell.arfcn, cell.pci, cell.band) == (66986, 101, 66)


def test_a_radio_log_tells_its_newest_state():
    (cell,) = cells(samples.AIDL_LOG, "logcat -b radio -d")
    assert (cell.slot, cell.arfcn, cell.band, cell.pci, cell.tac, cell.plmn) == (1, 5780, 17, 45, 900, "310410")
    (cell,) = cells(samples.SST_LOG, None)
    assert (cell.slot, cell.arfcn, cell.band) == (0, 1300, 3)


def test_physical_channels_of_a_log_join_the_service_state():
    found = cells(samples.CHANNEL_LOG, None)
    assert [(c.slot, c.role, c.rat, c.band) for c in found] == [(0, "pcell", "lte", 3), (0, "pscell", "nr", 78)]


def test_a_newer_loss_of_service_takes_the_cell_away():
    lost = (
        "03-04 05:07:00.001 radio  2000  2100 D RILJ    : [0111]< DATA_REGISTRATION_STATE RegStateResult{regState: "
        "NOT_REG_MT_SEARCHING_OP, rat: UNKNOWN, reasonForDenial: NONE} [PHONE1]\n"
    )
    assert cells(samples.AIDL_LOG + lost, None) == []
    assert states(samples.AIDL_LOG + lost, None) == {(1, "ps"): "searching"}


def test_a_bare_number_at_the_very_end_is_not_read():
    text = "mCellIdentity=CellIdentityLte:{ mCi=1 mPci=10 mTac=3001 mEarfcn=66"
    (cell,) = cells(text, None)
    assert (cell.pci, cell.arfcn, cell.band) == (10, None, None)


def test_what_is_nothing_raises_with_the_beginning_of_the_text():
    with pytest.raises(ParseError, match="Can't find service"):
        read("Can't find service: telephony.registry\n", REGISTRY)
    with pytest.raises(ParseError, match="empty"):
        read("", REGISTRY)
