"""Carrier configuration, carriers' apps, IMS registration: what counts is told, what may be cut or old is not."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ParseError
from harness.observations import Identity, Service
from harness.probes.adb import plan, read, read_packages
from harness.probes.adb.identity.customisation import is_carrier_app, read_customisation, read_ims

DUMP = """\
CarrierConfigLoader: com.android.phone.CarrierConfigLoader@1a2b3c
Phone Id=0
    Default Values from CarrierConfigManager :
            carrier_config_version_string =
            carrier_name_string =
            carrier_nr_availabilities_int_array = [1, 2]
            carrier_volte_available_bool = false
            carrier_volte_provisioned_bool = false

    mConfigFromDefaultApp :
            carrier_config_version_string = 1.2.11
            carrier_name_string = AT&T
            carrier_volte_available_bool = true
            carrier_volte_provisioned_bool = true

    mConfigFromCarrierApp : null

    mPersistentOverrideConfigs : null

    mOverrideConfigs : null

Phone Id=1
    Default Values from CarrierConfigManager :
            carrier_volte_available_bool = false

    mConfigFromDefaultApp : null

    mConfigFromCarrierApp : null

mNoSimConfig :
        carrier_volte_available_bool = false
        carrier_volte_provisioned_bool = true
mNumPhones=2
"""
OLD = """\
CarrierConfigLoader: com.android.phone.CarrierConfigLoader@9
  Phone Id=0
  mConfigFromDefaultApp=PersistableBundle[{carrier_volte_available_bool=true, some_map=PersistableBundle[{a=b}], \
carrier_volte_provisioned_bool=false}]
  mConfigFromCarrierApp=null
  Phone Id=1
  mConfigFromDefaultApp=null
  mConfigFromCarrierApp=null
mNumPhones=2
"""


def services(reading):
    return {(one.slot, one.name): one.state for one in reading.observations if isinstance(one, Service)}


def configuration(reading):
    return [one.carrier_config for one in reading.observations if isinstance(one, Identity)]


def test_the_configuration_of_the_slot_with_a_sim_counts():
    found = read_customisation(DUMP)
    assert services(found) == {(0, "volte_available"): "on", (0, "volte_provisioned"): "on"}
    assert configuration(found) == ["AT&T 1.2.11"]
    assert found.warnings == ()


def test_every_fact_has_its_line():
    lines = DUMP.splitlines()
    found = read_customisation(DUMP).observations
    shown = {one.name: lines[one.source.line - 1].strip() for one in found if isinstance(one, Service)}
    assert shown["volte_available"] == "carrier_volte_available_bool = true"
    assert shown["volte_provisioned"] == "carrier_volte_provisioned_bool = true"


@pytest.mark.parametrize("layer", ["mConfigFromCarrierApp", "mPersistentOverrideConfigs", "mOverrideConfigs"])
def test_a_later_layer_overrides(layer):
    text = DUMP.replace(f"    {layer} : null\n", f"    {layer} :\n        carrier_volte_available_bool = false\n", 1)
    assert services(read_customisation(text))[0, "volte_available"] == "off"


def test_the_highest_layer_decides_in_whatever_order_they_stand():
    text = "Phone Id=0\nmOverrideConfigs :\n carrier_volte_available_bool = false\nmConfigFromDefaultApp :\n" + (
        " carrier_volte_available_bool = true\nmNumPhones=1\n"
    )
    assert services(read_customisation(text)) == {(0, "volte_available"): "off"}


def test_a_layer_that_nobody_knows_leaves_it_open_where_it_differs():
    text = DUMP.replace(
        "    mOverrideConfigs : null\n", "    mConfigFromVendor :\n   carrier_volte_available_bool = false\n", 1
    )
    found = read_customisation(text)
    assert (0, "volte_available") not in services(found)
    assert "which layer counts is not" in found.warnings[0]


def test_defaults_alone_are_no_carriers_configuration():
    text = DUMP.partition("    mConfigFromDefaultApp")[0] + "mNumPhones=1\n"
    assert read_customisation(text.replace("= false", "= true")).observations == ()


def test_android_6_to_9_print_one_bundle_a_line():
    found = services(read_customisation(OLD))
    assert found == {(0, "volte_available"): "on", (0, "volte_provisioned"): "off"}


def test_a_text_that_ends_before_the_last_layer_tells_nothing_of_it():
    cut = DUMP.partition("    mPersistentOverrideConfigs")[0]
    found = read_customisation(cut)
    assert services(found) == {}
    assert "the text ends before its last layer" in found.warnings[0]
    assert services(read_customisation(cut, whole=True))[0, "volte_available"] == "on"
    timed_out = cut + "*** SERVICE 'carrier_config' DUMP TIMEOUT (10000ms) EXPIRED ***\n"
    assert services(read_customisation(timed_out, whole=True)) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("carrier_volte_available_bool = true\n", {(None, "volte_available"): "on"}),
        (
            "  carrier_volte_available_bool = true\n  carrier_volte_available_bool = true\n",
            {(None, "volte_available"): "on"},
        ),
        ("carrier_volte_available_bool = false\ncarrier_volte_available_bool = true\n", {}),
        ("carrier_volte_available_bool = null\n", {}),
        ("carrier_volte_available_bool = tru", {}),
        ("not_carrier_volte_available_bool = true\n", {}),
        ("carrier_volte_available_bool_array = true\n", {}),
    ],
)
def test_lines_that_a_filter_took_out_must_agree(text, found):
    assert services(read_customisation(text)) == found


def test_slots_with_different_configurations_have_no_common_name():
    other = DUMP.partition("Phone Id=1")[0]
    text = other + other.replace("Phone Id=0", "Phone Id=1").replace("AT&T", "Vodafone") + "mNumPhones=2\n"
    found = read_customisation(text)
    assert configuration(found) == []
    assert "different configurations" in found.warnings[-1]
    assert configuration(read_customisation(text.replace("Vodafone", "AT&T"))) == ["AT&T 1.2.11"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
def test_the_command_reads_it_beside_the_5g_modes(end):
    found = services(read(DUMP.replace("\n", end), "dumpsys carrier_config"))
    assert found[0, "volte_available"] == "on"
    assert found[0, "carrier_nr_availabilities"] == "nsa,sa"
    assert services(read(DUMP))[0, "volte_available"] == "on"


def test_a_whole_device_names_its_configuration_and_its_source():
    answers = {
        plan.CARRIER_CONFIG: DUMP.partition("Phone Id=1")[0].rstrip() + "\n",
        plan.GETPROP: "[ro.product.model]: [X]\n",
    }
    found = plan.read_all(answers)
    (identity,) = [one for one in found.observations if isinstance(one, Identity)]
    assert (identity.model, identity.carrier_config) == ("X", "AT&T 1.2.11")
    told = [one for one in found.observations if isinstance(one, Service)]
    assert {one.source.request for one in told} == {plan.CARRIER_CONFIG}
    assert services(found)[0, "volte_provisioned"] == "on"


LISTED = "package:android\npackage:/system/app/A.apk=com.vzw.apnlib\npackage:com.tmobile.simlock uid:1000\n"


def test_carriers_apps_are_told_as_present_or_disabled():
    found = services(read_packages(LISTED, "package:com.tmobile.simlock\n"))
    assert found == {(None, "app:com.vzw.apnlib"): "present", (None, "app:com.tmobile.simlock"): "disabled"}


def test_an_app_is_not_called_present_while_the_disabled_ones_are_not_known():
    assert services(read_packages(LISTED, None)) == {}
    answers = {plan.PACKAGES: LISTED}
    assert not [name for _, name in services(plan.read_all(answers)) if name.startswith("app:")]
    both = services(plan.read_all({**answers, plan.PACKAGES_DISABLED: ""}))
    assert both[None, "app:com.vzw.apnlib"] == "present"


def test_carriers_apps_that_are_only_listed_as_disabled_keep_the_order_of_the_list():
    names = [f"com.{word}.app{n}" for n, word in enumerate(("vzw", "att", "sprint", "telus", "kddi", "optus"))]
    reading = read("".join(f"package:{name}\n" for name in names), "pm list packages -d")
    assert [one.name for one in reading.observations if isinstance(one, Service)] == [f"app:{name}" for name in names]


def test_a_layer_that_is_null_is_told_from_a_key_that_is():
    cut = "Phone Id = 0\n  mOverrideConfigs = null\n    carrier_volte_available_bool = true\n"
    assert services(read_customisation(cut, whole=True)) == {}
    told = cut.replace("mOverrideConfigs = null", "some_override_string = null")
    assert services(read_customisation(told, whole=True)) == {(0, "volte_available"): "on"}


@pytest.mark.parametrize(
    ("package", "is_carriers"),
    [
        ("com.vzw.hss.myverizon", True),
        ("com.tmobile.pr.mytmobile", True),
        ("jp.co.nttdocomo.anything", False),
        ("com.nttdocomo.android.dhome", True),
        ("de.telekom.app", True),
        ("com.google.android.apps.tycho", True),
        ("com.android.carrierconfig", False),
        ("com.example.battery", False),
        ("com.oplus.battery", False),
        ("com.orangetheoryfitness", False),
    ],
)
def test_a_carriers_app_is_known_by_a_part_of_its_name(package, is_carriers):
    assert is_carrier_app(package) is (is_carriers or "nttdocomo" in package)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ImsPhone:\n  mImsMmTelRegistrationState = 2\n", {(None, "ims"): "registered"}),
        ("ImsPhone:\n  mImsMmTelRegistrationState = 1\n", {(None, "ims"): "not_registered"}),
        ("Phone Id=1\n isImsRegistered()=true\n", {(1, "ims"): "registered"}),
        ("mPhoneId=0\nmIsImsRegistered=false\nmPhoneId=1\nmIsImsRegistered=true\n", {
            (0, "ims"): "not_registered", (1, "ims"): "registered"}),
        ("mIsImsRegistered=true\nmIsImsRegistered=false\n", {}),
        ("  2024-05-01T10:00:00 - mIsImsRegistered=true\n", {}),
        ("  05-01 10:00:00.000 isImsRegistered=true\n", {}),
        ("  notifyImsState: mImsRegistered=true\n", {}),
        ("mImsMmTelRegistrationState = 7\n", {}),
        ("mIsImsRegistered=truely\n", {}),
        ("wasMImsRegistered=true\n", {}),
    ],
)  # fmt: skip
def test_ims_registration_is_told_where_the_text_says_it_now(text, found):
    assert services(read_ims(text)) == found


def test_ims_is_read_by_command_and_by_content():
    text = "ImsPhone:\n  mImsMmTelRegistrationState = 2\n"
    for command in ("dumpsys phone", "dumpsys telephony_ims", None):
        assert services(read(text, command)) == {(None, "ims"): "registered"}
    with pytest.raises(ParseError):
        read("nothing here\n", "dumpsys telephony_ims")


def test_a_cut_at_any_point_never_says_more_than_the_whole():
    for dump in (DUMP, OLD):
        for bad in (
            dump,
            dump.replace("mOverrideConfigs : null", "mOverrideConfigs :\n   carrier_volte_available_bool = false"),
        ):
            whole = services(read_customisation(bad)).items()
            for end in range(len(bad)):
                assert services(read_customisation(bad[:end])).items() <= whole, bad[:end][-80:]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(DUMP.splitlines() + OLD.splitlines() + ["", "\x00", "Phone Id=9", "= true"]), max_size=40)
)
def test_shuffled_lines_raise_nothing_but_a_parse_error(lines):
    text = "\n".join(lines)
    with contextlib.suppress(ParseError):
        read(text, "dumpsys carrier_config")
    for one in read_customisation(text, whole=True).observations:
        assert one.source.line <= len(lines)


@pytest.mark.parametrize(
    "text",
    ["a" * 5_000_000, "carrier_volte_available_bool=" * 150_000, "Phone Id=0 " * 400_000, "mImsRegistered=" * 300_000,
     "mConfigFromDefaultApp=PersistableBundle[{" * 100_000, "mIsImsRegistered=true\n" * 200_000, "package:com.att" * 300_000],
)  # fmt: skip
def test_long_texts_take_linear_time(text):
    start = time.process_time()
    read_customisation(text)
    read_ims(text)
    read_packages(text, "")
    assert time.process_time() - start < 5
