"""What two parts of a handset's answers say against each other, and what fills a gap: never the more pleasant one."""

import adb_samples as samples
import pytest

from harness.errors import ParseError
from harness.observations import Registration, ServingCell, Sim
from harness.probes.adb import read
from harness.probes.adb.plan import CONNECTIVITY, GETPROP, ISUB, REGISTRY, read_all

PROPS = (
    "[gsm.network.type]: [LTE]\n[gsm.operator.isroaming]: [false]\n[gsm.operator.numeric]: [310410]\n"
    "[gsm.sim.operator.numeric]: [310410]\n[gsm.sim.state]: [LOADED]\n"
)
ONLINE = "NetworkAgentInfo{ni{MOBILE[LTE] CONNECTED extra: x} nc{[ NOT_ROAMING mSubId = 1]}}\n"
SUB = "{id=1 iccId=8900[****] simSlotIndex=0 carrierId=1187 mcc=310 mnc=410 countryIso=us}\n"
SEARCHING = samples.service(
    -1,
    [samples.nri("PS", "NOT_REG_SEARCHING", "UNKNOWN"), samples.nri("CS", "NOT_REG_SEARCHING", "UNKNOWN")],
    voice="1(OUT_OF_SERVICE)",
    data="1(OUT_OF_SERVICE)",
    rat="0(Unknown)",
    widths="[]",
)


def states(registry):
    answers = {GETPROP: PROPS, ISUB: SUB, CONNECTIVITY: ONLINE, REGISTRY: registry}
    return {item.state for item in read_all(answers).observations if isinstance(item, Registration)}


def test_no_fallback_speaks_over_a_registry_that_lost_its_slot_headers():
    assert "home" not in states(samples.registry({"mServiceState": SEARCHING}).replace("  Phone Id=0\n", ""))
    assert "home" not in states(samples.registry({"mServiceState": SEARCHING}))


@pytest.mark.parametrize("registry", ["last known state:\n  Phone Id=0\n    mCallState=0\nlocal logs:\n", "\n", ""])
def test_no_fallback_speaks_for_a_dump_that_lost_its_state(registry):
    assert states(registry) == set()


@pytest.mark.parametrize(
    "refusal",
    [
        "Failed to write while dumping service telephony.registry: Broken pipe\n",
        "Can't find service: telephony.registry\n",
    ],
)
def test_a_registry_that_was_refused_leaves_the_word_to_the_fallbacks(refusal):
    assert states(refusal) == {"home"}


def test_channels_of_two_bands_for_one_cell_are_a_conflict():
    told = samples.lte(66536, "[66]")
    text = samples.registry({"mServiceState": samples.service(975, [samples.nri(cell=told)])})
    cells = [item for item in read(text).observations if isinstance(item, ServingCell)]
    assert [cell.band_source for cell in cells] == ["conflict"]
    same = samples.registry({"mServiceState": samples.service(199, [samples.nri(cell=samples.lte(4, "[1]"))])})
    assert [item.band_source for item in read(same).observations if isinstance(item, ServingCell)] != ["conflict"]


def test_the_bare_name_of_a_cell_is_no_cell():
    with pytest.raises(ParseError):
        read("CellIdentityLte:{" * 1000)


@pytest.mark.parametrize(
    ("voice", "data", "contradicted"),
    [
        ("1(OUT_OF_SERVICE)", "1(OUT_OF_SERVICE)", True),
        ("3(POWER_OFF)", "3(POWER_OFF)", True),
        ("0(IN_SERVICE)", "1(OUT_OF_SERVICE)", True),
        ("0(IN_SERVICE)", "2(EMERGENCY_ONLY)", True),
        ("3(POWER_OFF)", "0(IN_SERVICE)", True),
        ("1(OUT_OF_SERVICE)", "0(IN_SERVICE)", False),
        ("0(IN_SERVICE)", "0(IN_SERVICE)", False),
    ],
)
def test_a_service_state_that_is_down_stands_beside_a_list_that_is_home(voice, data, contradicted):
    text = samples.registry({"mServiceState": samples.service(5110, [samples.nri("PS", "HOME", "LTE")], voice, data)})
    told = {item.state for item in read(text).observations if isinstance(item, Registration) and item.domain == "ps"}
    assert "home" in told
    assert bool(told - {"home"}) is contradicted


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (samples.nri("PS", "DENIED", "UNKNOWN", plmn="", cause=7), {"home", "denied"}),
        (samples.nri("PS", "ROAMING", plmn="334020"), {"home", "roaming"}),
        (samples.nri("PS", "HOME"), {"home"}),
        (samples.nri("PS", "UNKNOWN", "UNKNOWN", plmn=""), {"home"}),
        (samples.nri("CS", "DENIED", "UNKNOWN", plmn="", cause=7), {"home"}),
        (samples.WLAN.replace("HOME", "DENIED"), {"home"}),
    ],
)
def test_two_records_of_one_domain_that_differ_are_both_told(other, told):
    text = samples.registry({"mServiceState": samples.service(5110, [samples.nri("PS", "HOME", "LTE"), other])})
    facts = [item for item in read(text).observations if isinstance(item, Registration)]
    assert {item.state for item in facts if item.domain == "ps"} == told


@pytest.mark.parametrize(
    ("services", "told"),
    [
        ("[EMERGENCY]", {"home", "emergency"}),
        ("[DATA,EMERGENCY]", {"home"}),
        ("[DATA,MMS]", {"home"}),
        ("[]", {"home"}),
    ],
)
def test_a_record_that_is_home_for_emergency_calls_alone_contradicts_itself(services, told):
    record = samples.nri("PS", "HOME", "LTE").replace("[DATA]", services)
    text = samples.registry({"mServiceState": samples.service(5110, [record])})
    facts = [item for item in read(text).observations if isinstance(item, Registration)]
    assert {item.state for item in facts if item.domain == "ps"} == told


SUB_OF = (
    "{{id=1 iccId=8900[****] simSlotIndex=0 carrierId={} carrierName=Net nameSource=1 mcc={} mnc={} countryIso=us}}\n"
)


def sims(props, *entries):
    return [item for item in read_all({GETPROP: props, ISUB: "".join(entries)}).observations if isinstance(item, Sim)]


def test_home_networks_that_differ_are_two_sims_and_neither_gets_the_others_carrier():
    told = sims(PROPS, SUB_OF.format(1, 310, 260))
    assert [(one.slot, one.plmn, one.carrier_id) for one in told] == [(0, "310410", None), (0, "310260", 1)]
    (one,) = sims(PROPS, SUB_OF.format(1187, 310, 410))
    assert (one.plmn, one.carrier_id, one.operator) == ("310410", 1187, "Net")


@pytest.mark.parametrize(
    ("state", "listed", "told"),
    [
        ("LOADED", "PIN_REQUIRED", None),
        ("PIN_REQUIRED", "LOADED", None),
        ("ABSENT", "LOADED", None),
        ("LOADED", "READY", "loaded"),
        ("ABSENT", "UNKNOWN", "absent"),
        ("PIN_REQUIRED", "NOT_READY", "pin_required"),
        ("LOADED", "UNKNOWN", "loaded"),
    ],
)
def test_a_sim_that_one_answer_calls_ready_and_the_other_not_is_of_no_known_state(state, listed, told):
    found = sims(PROPS.replace("LOADED", state), f"mSimState[0]={listed}\n", SUB_OF.format(1187, 310, 410))
    assert [one.state for one in found] == [told]


def test_of_records_without_a_domain_the_first_alone_is_the_registration():
    one = (
        "NetworkRegistrationInfo{{ transportType=WWAN registrationState={} accessNetworkTechnology=LTE rRplmn=310410}}"
    )
    text = samples.registry({"mServiceState": samples.service(5110, [one.format("HOME"), one.format("DENIED")])})
    told = [item for item in read(text).observations if isinstance(item, Registration) and item.domain is None]
    assert [item.state for item in told] in (["home"], [])
    loose = "\n".join((one.format("HOME"), one.format("DENIED")))
    assert [i.state for i in read(loose).observations if isinstance(i, Registration)] == ["home"]
