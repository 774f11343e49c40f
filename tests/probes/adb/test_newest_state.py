"""Of a radio log the newest state counts; what a newer record has no word for it does not end."""

import adb_samples as samples
import pytest

from harness.probes.adb import read

LINE = "05-06 07:08:0{n}.000  1500  1600 D {tag}: {text}\n"
POLL = (
    "Poll ServiceState done:  oldSS=[] newSS=[{levels} voice home data home {names}  {rats} CSS not supported -1 -1 "
    "RoamInd=-1 DefRoamInd=-1 EmergOnly=false]{tail}"
)
OUT = POLL.format(levels="1 1", names=" ".join(["null"] * 6), rats="Unknown Unknown", tail="")
IN = POLL.format(levels="0 0", names="N N 26201 N N 26201", rats="LTE LTE", tail="")
UNION = (
    "[7]< DATA_REGISTRATION_STATE {{.regState = REG_HOME, .rat = LTE, .cellIdentity = {{.lte = {{.base = {{.base = {{.mcc = 262, "
    ".mnc = 0{net}, .ci = 1, .pci = 5, .tac = 7, .earfcn = {arfcn}}}}}}}}}, .registeredPlmn = 2620{net}}}"
)


def log(*rows):
    return "".join(LINE.format(n=n, tag=tag, text=text) for n, (tag, text) in enumerate(rows))


def told(text):
    found = read(text).observations
    cells = [(c.slot, c.role, c.arfcn) for c in found if c.kind == "serving_cell"]
    return cells, [(r.slot, r.domain, r.state, r.cause) for r in found if r.kind == "registration"]


DENIED = ("RILJ", "[5]< DATA_REGISTRATION_STATE {3, null, null, null, 15, 20} [SUB0]")
HOME = ("RILJ", "[5]< DATA_REGISTRATION_STATE {1, 0001, 00000001, 14, null, 20} [SUB0]")
SEARCHING = ("RILJ", "[4]< VOICE_REGISTRATION_STATE {2, null, null, 0, null, null} [SUB0]")


def test_a_poll_does_not_end_a_denial():
    _, states = told(log(SEARCHING, DENIED, ("SST", OUT)))
    assert states == [(0, "cs", "searching", None), (0, "ps", "denied", 15)]


def test_a_poll_in_service_does_end_it():
    _, states = told(log(DENIED, ("SST", IN)))
    assert (0, "ps", "home", None) in states
    assert not any(state == "denied" for _, _, state, _ in states)


def test_a_later_answer_ends_it():
    _, states = told(log(DENIED, ("SST", OUT), HOME))
    assert (0, "ps", "home", None) in states


def test_a_service_state_with_a_record_of_its_own_ends_it():
    newer = samples.service(
        -1, [samples.nri("PS", "NOT_REG_SEARCHING", "UNKNOWN")], "1(OUT_OF_SERVICE)", "1(OUT_OF_SERVICE)", "0(Unknown)"
    )
    _, states = told(log(DENIED, ("SST", f"Poll done: oldSS=[] newSS=[{newer}]")))
    assert (0, "ps", "searching", None) in states


def test_a_denied_answer_after_a_service_ends_the_attach():
    _cells, states = told(log(("SST", IN), ("RILJ", "[9]< VOICE_REGISTRATION_STATE {3, 0, 0, 0} [SUB0]"), DENIED))
    assert (0, "ps", "denied", 15) in states
    assert not any(state == "home" for _, _, state, _ in states)


def test_the_poll_itself_names_the_cause():
    tail = " oldReasonDataDenied=-1 mNewReasonDataDenied={}"
    assert (None, "ps", "denied", 11) in told(log(("SST", OUT + tail.format(11))))[1]
    assert not any(state == "denied" for _, _, state, _ in told(log(("SST", OUT + tail.format(-1))))[1])
    assert not any(state == "denied" for _, _, state, _ in told(log(("SST", IN + tail.format(11))))[1])


def test_a_record_without_a_slot_goes_on_with_the_only_one():
    channels = "[UNSL]< UNSOL_PHYSICAL_CHANNEL_CONFIG [" + samples.pcc("PrimaryServing", "LTE", 1300, 5, 3)
    channels += ", " + samples.pcc("SecondaryServing", "NR", 636000, 17, 78, 60000) + "] [PHONE0]"
    cells, _ = told(log(("RILJ", channels), ("RILJ", UNION.format(net=1, arfcn=1300))))
    assert cells == [(0, "pcell", 1300), (0, "pscell", 636000)]
    moved, _ = told(log(("RILJ", channels), ("RILJ", UNION.format(net=1, arfcn=1850))))
    assert moved == [(0, "pcell", 1850)]


def test_a_record_without_a_slot_of_another_network_is_no_slots():
    rows = (("RILJ", UNION.format(net=1, arfcn=1300) + " [PHONE0]"), ("RILJ", UNION.format(net=2, arfcn=6200)))
    reading = read(log(*rows))
    assert [(c.slot, c.arfcn, c.plmn) for c in reading.observations if c.kind == "serving_cell"] == [
        (None, 6200, "26202")
    ]
    assert any("another network" in text for text in reading.warnings)


@pytest.mark.parametrize("state", ["0", "2", "3"])
def test_the_operators_answer_makes_no_registration(state):
    rows = (
        ("RILJ", "[1]< OPERATOR {N, N, 26201} [SUB0]"),
        ("RILJ", f"[2]< DATA_REGISTRATION_STATE {{{state}, 0, 0, 0, 0}} [SUB0]"),
    )
    found = read(log(*rows)).observations
    assert not any(getattr(one, "plmn", None) for one in found)


def test_the_operators_answer_yields_to_the_registrations_own():
    rows = (("RILJ", "[1]< OPERATOR {N, N, 26209} [PHONE0]"), ("RILJ", UNION.format(net=1, arfcn=1300) + " [PHONE0]"))
    assert {one.plmn for one in read(log(*rows)).observations if one.kind == "registration"} == {"26201"}


def test_more_bare_states_than_slots_are_a_history():
    states = [
        samples.service(n, [samples.nri("PS", cell=samples.lte(n, "[]"))]) for n in (1300, 3100, 1850, 2175, 6200)
    ]
    reading = read("\n".join(states) + "\n")
    assert [(c.slot, c.arfcn) for c in reading.observations if c.kind == "serving_cell"] == [(None, 6200)]
    assert any("5 service states" in text for text in reading.warnings)
    two = read("\n".join(states[:2]) + "\n")
    assert [(c.slot, c.arfcn) for c in two.observations if c.kind == "serving_cell"] == [(0, 1300), (1, 3100)]


def test_an_index_counts_entries_where_the_value_is_an_entry():
    text = "mServiceState=" + samples.service(1300, [samples.nri("PS", cell=samples.lte(1300, "[3]"))]) + "\n"
    text += "mPhysicalChannelConfigs[0]=" + samples.pcc("PrimaryServing", "LTE", 1300, 101, 3) + "\n"
    text += "mPhysicalChannelConfigs[1]=" + samples.pcc("SecondaryServing", "LTE", 6200, 7, 20, 10000) + "\n"
    cells, _ = told(text)
    assert cells == [(None, "pcell", 1300), (None, "scell", 6200)]


def test_a_switched_off_radio_camps_on_nothing():
    reg = samples.nri("CS", "NOT_REG_OR_SEARCHING", "LTE", cell=samples.lte(1300, "[3]"), plmn="")
    off = samples.service(-1, [reg], "3(POWER_OFF)", "3(POWER_OFF)")
    camped = samples.service(-1, [reg], "1(OUT_OF_SERVICE)", "1(OUT_OF_SERVICE)")
    assert told(f"mServiceState={off}\n")[0] == []
    (cell,) = [c for c in read(f"mServiceState={camped}\n").observations if c.kind == "serving_cell"]
    assert (cell.registered, cell.band, cell.plmn) == (False, 3, None)
