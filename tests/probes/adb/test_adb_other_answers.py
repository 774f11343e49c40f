"""getprop, isub, connectivity, packages, modes, and the reading of a whole device."""

import adb_samples as samples
import pytest

from harness.errors import ParseError
from harness.probes.adb import plan, read, read_packages

FULL = ["android", "com.android.settings", "com.android.systemui", *(f"com.example.app{n}" for n in range(60))]


def packages(*names):
    return "".join(f"package:{name}\n" for name in names)


def of_kind(reading, kind):
    return [o for o in reading.observations if o.kind == kind]


def test_getprop_tells_identity_without_the_personal_digits():
    (identity,) = of_kind(read(samples.GETPROP, "getprop"), "identity")
    assert (identity.model, identity.codename, identity.android) == ("MI 9", "cepheus", "10")
    assert (identity.rom_region, identity.hardware_region, identity.tac_imei) == ("eea", "GLOBAL", "86012304")
    assert "5678901" not in str(identity)
    assert "abcdef0123" not in str(identity)


def test_getprop_registrations_need_sim_plmn_and_word():
    found = of_kind(read(samples.GETPROP), "registration")
    assert [(o.slot, o.state, o.rat, o.plmn) for o in found] == [
        (0, "roaming", "lte", "26201"),
        (1, "home", "nr", "46001"),
    ]
    stale = samples.GETPROP.replace("[LOADED,LOADED]", "[NOT_READY,LOADED]").replace("[LTE,NR_SA]", "[LTE,Unknown]")
    assert of_kind(read(stale), "registration") == []


@pytest.mark.parametrize(
    "encode", [lambda t: t.encode("utf-16").decode("utf-8", "replace"), lambda t: "\ufeff" + t.replace("\n", "\r\n")]
)
def test_getprop_survives_windows_redirects(encode):
    (identity,) = of_kind(read(encode(samples.GETPROP)), "identity")
    assert (identity.model, identity.rom_region) == ("MI 9", "eea")


def test_getprop_decoded_as_utf_16_is_put_right():
    text = samples.GETPROP if len(samples.GETPROP) % 2 == 0 else samples.GETPROP + "\n"
    (identity,) = of_kind(read(text.encode().decode("utf-16-le")), "identity")
    assert identity.model == "MI 9"


@pytest.mark.parametrize(
    ("props", "region"),
    [
        ({"ro.build.version.incremental": "V12.0.1.0.PDEMIXM"}, "global"),
        ({"ro.build.version.incremental": "OS1.0.3.0.UNCINXM"}, "india"),
        ({"ro.build.version.incremental": "V12.5.6.0.RFARUXM"}, "russia"),
        ({"ro.build.version.incremental": "V12.5.6.0.RFAIDXM"}, "indonesia"),
        ({"ro.build.version.incremental": "V12.5.6.0.RFATWXM"}, "taiwan"),
        ({"ro.build.version.incremental": "V12.5.6.0.RFATRXM"}, "turkey"),
        ({"ro.build.version.incremental": "V12.5.6.0.RFAJPXM"}, "japan"),
        ({"ro.build.version.incremental": "V9.6.1.0.MHOCNFD"}, "china"),
        ({"ro.product.mod_device": "chiron_in_global"}, "india"),
        ({"ro.product.mod_device": "chiron_alpha"}, "china"),
        ({"ro.product.mod_device": "x_xiaomieu_global", "ro.build.version.incremental": "V12.5.6.0.RFACNXM"}, "custom"),
        ({"ro.product.mod_device": "chiron_global", "ro.build.version.incremental": "V12.5.6.0.RFACNXM"}, None),
        ({"ro.miui.region": "HK", "ro.miui.build.region": "global"}, "global"),
        ({"ro.miui.region": "CN"}, None),
        ({"ro.csc.sales_code": "XXX", "ro.csc.countryiso_code": "US"}, "us"),
        ({"ro.build.fingerprint": "Xiaomi/a/a:8.0.0/X/V9.2.3.0.OCAMIEK:user/release-keys"}, None),
    ],
)
def test_rom_regions(props, region):
    text = "[ro.product.brand]: [b]\n" + "".join(f"[{key}]: [{value}]\n" for key, value in props.items())
    (identity,) = of_kind(read(text, "getprop"), "identity")
    assert identity.rom_region == region


def test_a_build_prop_line_without_its_end_is_left_out():
    text = "ro.product.device=chiron\nro.product.mod_device=chiron"
    (identity,) = of_kind(read(text, "cat /system/build.prop"), "identity")
    assert (identity.codename, identity.rom_region) == ("chiron", None)


def test_a_property_that_the_end_of_the_text_cuts_is_left_out_with_a_warning():
    text = "[ro.product.model]: [MI 6]\n[ro.product.device]: [sagit]\n[gsm.sim.operator.numeric]: [31041"
    reading = read(text, "getprop")
    assert [(one.kind, one.model) for one in reading.observations] == [("identity", "MI 6")]
    assert reading.warnings == ("the last property has no end, gsm.sim.operator.numeric is cut: it is not read",)
    for whole in (f"{text}0]", f"{text}0]\n", f"{text}0]\r\n\r\n"):
        assert read(whole, "getprop").warnings == ()


def test_a_sim_state_that_the_end_of_the_text_cuts_is_no_state():
    text = "mSimState[0]=LOADED\nmSimState[1]=ABSENT"
    entry = "{id=1 iccId=898601 simSlotIndex=0 carrierId=1 displayName=X carrierName=X nameSource=1 mcc=460 mnc=01}\n"
    states = {one.slot: one.state for one in read(f"{entry}{text}\n", "dumpsys isub").observations if one.kind == "sim"}
    assert states == {0: "loaded", 1: "absent"}
    for end in range(len(entry), len(entry) + len(text) + 1):
        found = read(f"{entry}{text}"[:end], "dumpsys isub").observations
        told = {one.slot: one.state for one in found if one.kind == "sim"}
        assert told in ({0: None}, {0: "loaded"}), end


def test_isub_of_two_releases():
    found = of_kind(read(samples.ISUB_11, "dumpsys isub"), "sim")
    assert [(s.slot, s.plmn, s.operator, s.carrier_id) for s in found] == [
        (0, "310410", "Net A", 1187),
        (1, "26201", "Net B", None),
    ]
    (sim,) = of_kind(read(samples.ISUB_14), "sim")
    assert (sim.slot, sim.plmn, sim.operator) == (1, "310260", "Net C")


@pytest.mark.parametrize("name", ["x mcc=310 mnc=410 y", "mcc 310 mnc 410", "Net"])
def test_the_name_that_a_user_gave_a_sim_tells_no_network(name):
    text = samples.ISUB_14.replace("displayName=Net", f"displayName={name}")
    (sim,) = of_kind(read(text), "sim")
    assert (sim.slot, sim.plmn) == (1, "310260")


def test_connectivity_of_android_8():
    (found,) = read(samples.CONNECTIVITY_8, "dumpsys connectivity").observations
    assert (found.slot, found.state, found.rat) == (None, "home", "lte")


def test_a_whole_package_list_proves_absence_and_a_cut_one_does_not():
    (apps,) = of_kind(
        read_packages(packages(*FULL, "com.google.android.gms"), packages("com.google.android.gms")), "google_apps"
    )
    assert (apps.services, apps.store, apps.framework) == ("disabled", "absent", "absent")
    (apps,) = of_kind(read(packages("com.google.android.gms"), "pm list packages | grep gms"), "google_apps")
    assert (apps.services, apps.store, apps.framework) == ("present", None, None)
    assert read_packages(packages("com.miui.gallery"), "").observations == ()


def test_a_filtered_command_proves_no_absence_however_long_its_list():
    (apps,) = of_kind(read(packages(*FULL, "com.android.vending"), "pm list packages | grep -v gms"), "google_apps")
    assert (apps.services, apps.store) == (None, "present")


def test_preferred_and_allowed_modes():
    (mode,) = read("9\n", "settings get global preferred_network_mode").observations
    assert (mode.slot, mode.rats, mode.raw) == (None, ("gsm", "umts", "lte"), "9")
    found = read("26,1", "settings get global preferred_network_mode").observations
    assert [(m.slot, m.rats[-1]) for m in found] == [(0, "nr"), (1, "gsm")]
    command = "cmd phone get-allowed-network-types-for-users -s 1"
    (mode,) = read("11000001000000000000\n", command).observations
    assert (mode.slot, mode.rats) == (1, ("lte", "nr"))
    (mode,) = read("GPRS|EDGE|GSM|LTE\n", command).observations
    assert mode.rats == ("gsm", "lte")
    with pytest.raises(ParseError):
        read("null\n", "settings get global preferred_network_mode")


def test_carrier_config_is_read_by_slot():
    text = "Phone Id = 1\n  carrier_nr_availabilities_int_array = [1, 2]\n"
    (service,) = read(text, "dumpsys carrier_config").observations
    assert (service.slot, service.state) == (1, "nsa,sa")


def test_a_whole_device_tells_every_fact_once():
    same = samples.ISUB_11.replace("mcc=310 mnc=410", "mcc=234 mnc=15").replace("mcc=262 mnc=01", "mcc=460 mnc=01")
    answers = {
        plan.GETPROP: samples.GETPROP,
        plan.REGISTRY: samples.A12,
        plan.ISUB: same,
        plan.PACKAGES: packages(*FULL, "com.android.vending"),
        plan.PACKAGES_DISABLED: "",
        plan.CONNECTIVITY: samples.CONNECTIVITY_8,
        "settings get global preferred_network_mode": "33\n",
    }
    reading = plan.read_all(answers)
    assert len(of_kind(reading, "identity")) == 1
    assert [(s.slot, s.plmn, s.operator) for s in of_kind(reading, "sim")] == [
        (0, "23415", "Net A"),
        (1, "46001", "Net B"),
    ]
    found = of_kind(reading, "registration")
    # slot 1: the registry is silent, the property words speak; connectivity names no known slot
    assert {(o.slot, o.domain, o.source.request) for o in found} == {
        (0, "cs", plan.REGISTRY),
        (0, "ps", plan.REGISTRY),
        (1, None, plan.GETPROP),
    }
    assert all(o.source and o.source.request for o in reading.observations)


def test_connectivity_stands_in_for_a_registry_that_failed():
    reading = plan.read_all(
        {plan.REGISTRY: "Failure calling service: Out of memory\n", plan.CONNECTIVITY: samples.CONNECTIVITY_8}
    )
    (found,) = of_kind(reading, "registration")
    assert (found.rat, found.source.request) == ("lte", plan.CONNECTIVITY)


def test_no_answer_at_all_is_an_empty_reading():
    assert plan.read_all({}).observations == ()
    assert plan.read_all(dict.fromkeys(plan.READ_COMMANDS, "")).observations == ()


def test_the_plan_asks_read_forms_only():
    for command in plan.READ_COMMANDS:
        assert command.split()[0] in ("getprop", "dumpsys", "pm", "settings", "cmd")
        assert " put " not in command
        assert " set" not in command.removeprefix("settings")
