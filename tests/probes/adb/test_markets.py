"""The market of a build, by the properties that each maker writes; made-up models."""

import pytest

from harness.probes.adb import read
from harness.probes.adb.identity.properties import parse
from harness.probes.adb.identity.rom import rom_region

BASE = {"ro.product.model": "X-1", "ro.build.version.release": "12"}
MARKETS = [
    ("china", {"ro.product.manufacturer": "HUAWEI", "ro.hw.country": "cn", "ro.hw.custPath": "/cust/all/cn"}),
    ("eea", {"ro.product.manufacturer": "HUAWEI", "ro.hw.country": "eu", "ro.hw.vendor": "hw"}),
    ("global", {"ro.product.manufacturer": "HUAWEI", "ro.hw.country": "spcseas"}),
    ("china", {"ro.product.manufacturer": "HUAWEI", "msc.config.optb": "156"}),
    ("eea", {"ro.product.manufacturer": "HUAWEI", "ro.build.display.id": "XXX-L29 9.1.0.300(C432E10R1P16)"}),
    ("china", {"ro.product.manufacturer": "HONOR", "ro.build.display.id": "XXX-AN10 7.1.0.141(C00E120R2P1)"}),
    ("china", {"ro.product.manufacturer": "HONOR", "ro.product.model": "XXX-AN00"}),
    (None, {"ro.product.manufacturer": "HUAWEI", "ro.product.model": "XXX-L29"}),
    ("china", {"ro.product.brand": "vivo", "ro.vivo.product.overseas": "no"}),
    ("global", {"ro.product.brand": "vivo", "ro.vivo.product.overseas": "yes"}),
    ("india", {"ro.product.brand": "vivo", "ro.vivo.product.overseas": "yes", "ro.product.country.region": "IN"}),
    ("global", {"ro.product.brand": "vivo", "ro.vivo.product.version": "PD1986F_EX_A_8.70.16"}),
    ("china", {"ro.product.brand": "Meizu", "ro.build.display.id": "Flyme 8.1.0.0A"}),
    ("global", {"ro.product.brand": "Meizu", "ro.build.display.id": "Flyme 6.2.0.0G"}),
    ("china", {"ro.product.brand": "motorola", "ro.carrier": "retcn"}),
    ("eea", {"ro.product.brand": "motorola", "ro.carrier": "reteu"}),
    ("us", {"ro.product.brand": "motorola", "ro.carrier": "tmo"}),
    ("brazil", {"ro.product.brand": "motorola", "ro.carrier": "retbr"}),
    (None, {"ro.product.brand": "motorola", "ro.carrier": "unknown"}),
    ("china", {"ro.product.brand": "Lenovo", "ro.lenovo.region": "prc"}),
    ("global", {"ro.product.brand": "Lenovo", "ro.lenovo.region": "row"}),
    ("global", {"ro.product.brand": "asus", "ro.vendor.build.asus.sku": "WW"}),
    ("china", {"ro.product.brand": "asus", "ro.product.name": "CN_AI0000"}),
    ("china", {"ro.product.brand": "nubia", "ro.build.display.id": "NX000J_CNCommon_V1.02"}),
    ("global", {"ro.product.brand": "nubia", "ro.build.display.id": "NX000J_ENCommon_V1.02"}),
    ("eea", {"ro.product.manufacturer": "ZTE", "ro.build.display.id": "GEN_EU_EEA_P000A01V1.0.0B10"}),
    ("china", {"ro.product.brand": "OnePlus", "ro.build.ota.versionname": "OnePlus0Hydrogen_13.W.01"}),
    ("global", {"ro.product.brand": "OnePlus", "ro.build.ota.versionname": "OnePlus0Oxygen_13.W.01"}),
    ("us", {"ro.product.brand": "OnePlus", "ro.build.region": "NA", "persist.sys.oem.region": "OverSeas"}),
    ("india", {"ro.product.brand": "OnePlus", "ro.build.region": "IN", "persist.sys.oem.region": "OverSeas"}),
    ("eea", {"ro.product.brand": "OnePlus", "ro.vendor.oplus.regionmark": "EUEX", "persist.sys.oplus.region": "US"}),
    ("china", {"ro.product.brand": "OPPO", "ro.build.display.id": "PXX110_16.0.2.400(CN01)"}),
    ("us", {"ro.product.brand": "OnePlus", "persist.sys.oplus.region": "US"}),
    ("us", {"ro.product.brand": "samsung", "ro.csc.country_code": "USA"}),
    ("china", {"ro.product.brand": "samsung", "ro.csc.country_code": "China"}),
    ("brazil", {"ro.product.brand": "samsung", "ro.csc.country_code": "Brazil"}),
    ("eea", {"ro.product.brand": "samsung", "ro.csc.country_code": "Germany"}),
    ("switzerland", {"ro.product.brand": "samsung", "ro.csc.countryiso_code": "CH"}),
    ("us", {"ro.product.brand": "samsung", "ro.csc.sales_code": "VZW"}),
    (
        "custom",
        {"ro.product.brand": "Xiaomi", "ro.build.display.id": "xiaomi.eu", "ro.product.mod_device": "abc_global"},
    ),
    (None, {"ro.product.brand": "google"}),
]


def listing(properties):
    return "".join(f"[{key}]: [{value}]\n" for key, value in {**BASE, **properties}.items())


@pytest.mark.parametrize(("region", "properties"), MARKETS)
def test_a_build_names_its_market(region, properties):
    assert rom_region(parse(listing(properties))[0])[0] == region


def test_a_region_that_the_user_chose_is_told_as_that():
    reading = read(listing({"persist.sys.oplus.region": "US"}), "getprop")
    assert any("which the user chooses" in text for text in reading.warnings)
    reading = read(listing({"persist.sys.oplus.region": "US", "ro.vendor.oplus.regionmark": "EUEX"}), "getprop")
    assert not any("user" in text for text in reading.warnings)


@pytest.mark.parametrize(
    ("variant", "lock", "properties"),
    [
        ("TFV/TFN", "tracfone", {"ro.csc.sales_code": "TFV", "ro.omc.multi_csc": "TFN"}),
        ("XAA", None, {"ro.csc.sales_code": "XAA"}),
        ("retus", None, {"ro.carrier": "retus"}),
        ("vzw", "verizon", {"ro.carrier": "vzw"}),
        ("tmo", "t-mobile", {"ro.carrier": "unknown", "ro.boot.opcarrier": "tmo"}),
        (None, None, {"ro.carrier": "unknown", "ro.boot.opcarrier": "none"}),
        ("WW", None, {"ro.vendor.build.asus.sku": "WW"}),
    ],
)
def test_a_carriers_build_is_a_fact_of_the_identity(variant, lock, properties):
    (identity,) = [one for one in read(listing(properties), "getprop").observations if one.kind == "identity"]
    assert (identity.build_variant, identity.carrier_lock) == (variant, lock)
