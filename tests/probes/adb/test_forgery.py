"""A dump that the phone could not have printed is told as that, and nothing of it speaks for a device."""

import adb_samples as samples
import pytest

from harness.probes.adb import read
from harness.probes.adb.plan import REGISTRY, read_all

PROPS = "[ro.product.model]: [X]\n[ro.build.version.release]: [{android}]\n"


def registered(reading):
    return [
        one
        for one in reading.observations
        if (one.kind == "registration" and one.state in ("home", "roaming"))
        or (one.kind == "serving_cell" and one.registered)
        or (one.kind == "nr_state" and one.mode != "unknown")
    ]


@pytest.mark.parametrize(
    ("android", "dump"), [("9", samples.A12), ("8.1.0", samples.A11), ("14", samples.A9), ("7.1.2", samples.A10)]
)
def test_fields_that_the_told_version_cannot_have(android, dump):
    reading = read_all({"getprop": PROPS.format(android=android), REGISTRY: dump})
    assert not registered(reading)
    assert any("forged" in text and f"runs {android}" in text for text in reading.warnings)
    assert all(c.band_source in ("conflict", None) for c in reading.observations if c.kind == "serving_cell")


@pytest.mark.parametrize(
    ("android", "dump"),
    [
        ("7.1.2", samples.A7),
        ("9", samples.A9),
        ("10", samples.A10.replace("mArfcnRsrpBoost", "mLteEarfcnRsrpBoost")),
        ("11", samples.A11),
        ("12", samples.A12),
        ("13", samples.A14),
        ("14", samples.A15),
        ("15", samples.A15),
        ("16", samples.A15),
        ("11", samples.A12),
    ],
)
def test_a_release_and_its_neighbour_are_believed(android, dump):
    reading = read_all({"getprop": PROPS.format(android=android), REGISTRY: dump})
    assert registered(reading)
    assert not any("forged" in text for text in reading.warnings)


def test_fields_that_never_met():
    dump = samples.A15.replace("mNetworkRegistrationInfos=[", "mNetworkRegistrationStates=[", 1)
    reading = read(dump, REGISTRY)
    assert not registered(reading)
    assert "forged" in reading.warnings[0]


def test_no_registration_beside_in_service():
    reading = read("mServiceState=" + samples.service(1300, []) + "\n")
    assert not registered(reading)
    assert any("lists no registration" in text for text in reading.warnings)
    out = samples.service(-1, [], "1(OUT_OF_SERVICE)", "1(OUT_OF_SERVICE)", "0(Unknown)", widths="[]")
    assert not any("forged" in text for text in read(f"mServiceState={out}\n").warnings)


def test_a_forged_slot_casts_no_doubt_on_the_other():
    text = samples.registry(
        {"mServiceState": samples.service(1300, [])},
        {"mServiceState": samples.service(3100, [samples.nri("PS", cell=samples.lte(3100, "[7]"))])},
    )
    assert {one.slot for one in registered(read(text, REGISTRY))} == {1}
