"""Real capabilities against the accounts that another parser gives of them; damage to them; time and memory.

BANDPROOF_FLIPS=1000 makes the damage tests long.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time

import pytest
import uecap_samples as samples
from capability_samples import SAMPLES

from harness.capability_facts import BandCombinations, MfbiSupport, PowerClass, UeCategory
from harness.errors import BandproofError
from harness.observations import Reading, SupportedBands
from harness.probes.uecap import read, read_accounts
from harness.probes.uecap.account import canonical
from harness.probes.uecap.attach import _decoded
from harness.probes.uecap.implied import fallbacks
from harness.probes.uecap.merging import sets
from harness.radio.tables import is_band

# sets: LTE bands, NR bands, NSA, SA, distinct LTE-CA, NR-CA, EN-DC
COUNTS = {
    "ueCapHexEutra": [(20, 0, 14, 13, 44, 0, 0)],
    "ueCapHexNr": [(0, 5, 0, 0, 0, 1, 0)],
    "ueCapHexMrdcSplit": [(24, 14, 14, 0, 67, 0, 154)],
    "exportedPduMrdcMixedSplit": [(1, 0, 13, 0, 2, 0, 0), (4, 13, 13, 0, 82, 0, 59), (2, 13, 13, 0, 5, 0, 5)],
    "nsgNr": [(0, 8, 0, 0, 0, 5, 0)],
    "0xB0CD-v32": [(0, 0, 0, 0, 100, 0, 0)],
}
FLIPS = int(os.environ.get("BANDPROOF_FLIPS", "200"))


@pytest.fixture(scope="module")
def folder(captures_dir):
    place = captures_dir / "uecap"
    if not place.is_dir():
        pytest.skip("no UE capability captures")
    return place


def files(folder, sample):
    return [(name, (folder / name).read_bytes()) for name in SAMPLES[sample]]


def octets(folder, sample):
    """As `files`, with hex as octets, so that damage is to the message and not to its digits."""
    return [
        (name, bytes.fromhex(re.sub(r"\s", "", data.decode()))) if name.endswith(".hex") else (name, data)
        for name, data in files(folder, sample)
    ]


def combination(entry):
    """One combination of an oracle, in the order of RAT and band."""
    parts = [("lte", part) for part in entry.get("componentsLte", ())]
    parts += [("nr", part) for part in entry.get("componentsNr", ())]
    rat = entry["rat"]
    parts += [(rat, part) for part in entry.get("components", ())]
    return tuple(sorted((r, p["band"], p.get("bwClassDl") or "", p.get("bwClassUl") or "") for r, p in parts))


def expected(oracle):
    def named(key):
        return tuple(sorted(entry["band"] if isinstance(entry, dict) else entry for entry in oracle.get(key, ())))

    def combos(key, rat):
        return {combination({**entry, "rat": rat}) for entry in oracle.get(key, ())}

    return {
        "lte": named("lteBands"),
        "nr": named("nrBands"),
        "nr_nsa": named("nrNsaBandsEutra"),
        "nr_sa": named("nrSaBandsEutra"),
        "lte_ca": combos("lteca", "lte"),
        "nr_ca": combos("nrca", "nr"),
        "en_dc": combos("endc", ""),
        "category": (oracle.get("lteCategoryDl"), oracle.get("lteCategoryUl")),
        "power": {
            ("nr", band["band"], float(band["powerClass"][2:]))
            for band in oracle.get("nrBands", ())
            if band.get("powerClass", "none") != "none"
        },
    }


def told(group):
    out = {"category": (None, None), "power": set()}
    for rat in ("lte", "nr", "nr_nsa", "nr_sa"):
        out[rat] = tuple(sorted({band for account in group for band in account.bands.get(rat, ())}))
    for kind in ("lte_ca", "nr_ca", "en_dc"):
        out[kind] = {
            tuple(sorted((p.rat, p.band, p.dl_class or "", p.ul_class or "") for p in combo))
            for account in group
            for combo in account.combinations.get(kind, ())
        }
    for account in group:
        if account.category:
            out["category"] = account.category[:2]
        out["power"] |= set(account.power)
    return out


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_decodes_to_its_oracle(sample, folder):
    oracle = json.loads((folder / f"{sample}.oracle.json").read_text(encoding="utf-8"))
    oracles = oracle if isinstance(oracle, list) else [oracle]
    accounts, warnings = read_accounts(files(folder, sample))
    groups = sets(accounts)
    assert warnings == []
    assert [told(group) for group in groups] == [expected(entry) for entry in oracles]
    names = ("lte", "nr", "nr_nsa", "nr_sa", "lte_ca", "nr_ca", "en_dc")
    assert [tuple(len(told(group)[name]) for name in names) for group in groups] == COUNTS[sample]


def test_the_filters_of_the_samples_are_those_of_the_oracles(folder):
    def asked(sample, rat):
        found = read(files(folder, sample)).observations
        return next(o.filtered_by for o in found if isinstance(o, SupportedBands) and o.rat == rat)

    assert asked("ueCapHexEutra", "lte") == (1, 3, 7, 8, 20, 38)
    assert asked("ueCapHexNr", "nr") == (71,)
    assert asked("nsgNr", "nr") == (41, 71)
    assert asked("ueCapHexMrdcSplit", "lte") == (1, 3, 7, 20)
    assert asked("exportedPduMrdcMixedSplit", "nr") == (3, 7, 78)
    # B3 and B7 were asked for in all, and only one of the answers has them
    assert asked("exportedPduMrdcMixedSplit", "lte") is None


def test_flags_of_the_samples(folder):
    found = read(files(folder, "ueCapHexMrdcSplit")).observations
    assert [(o.dl, o.ul, o.legacy) for o in found if isinstance(o, UeCategory)] == [(20, 18, 4)]
    assert [o.supported for o in found if isinstance(o, MfbiSupport)] == [True]
    assert {o.power_class for o in found if isinstance(o, PowerClass)} <= {1.0, 1.5, 2.0, 3.0}


# --- damage ---------------------------------------------------------------------------------------------------------


def certain(reading: Reading) -> tuple[set[tuple[str, int]], set[object]]:
    """Bands and combinations that a verdict may rest on."""
    bands = {
        ("lte" if item.rat == "lte" else "nr", band)
        for item in reading.observations
        if isinstance(item, SupportedBands)
        for band in set(item.bands or ()) - set(item.told_once)
    }
    combos = {
        canonical(combo)
        for item in reading.observations
        if isinstance(item, BandCombinations)
        for place, combo in enumerate(item.combinations)
        if place not in set(item.told_once)
    }
    return bands, combos


def all_told(reading: Reading) -> tuple[set[tuple[str, int]], set[object]]:
    """Bands, and combinations with all their fallbacks."""
    bands, combos = set(), set()
    for item in reading.observations:
        if isinstance(item, SupportedBands):
            bands |= {("lte" if item.rat == "lte" else "nr", band) for band in item.bands or ()}
        elif isinstance(item, BandCombinations):
            waiting = [canonical(combo) for combo in item.combinations]
            while waiting:
                combo = waiting.pop()
                if combo not in combos:
                    combos.add(combo)
                    waiting += fallbacks(combo)
    return bands, combos


def damaged(parts, chance, cut):
    place = chance.randrange(len(parts))
    data = bytearray(parts[place][1])
    if cut:
        del data[chance.randrange(len(data)) :]
    else:
        bit = chance.randrange(len(data) * 8)
        data[bit // 8] ^= 1 << bit % 8
    return [(name, bytes(data) if place == number else whole) for number, (name, whole) in enumerate(parts)]


@pytest.mark.parametrize("cut", [False, True], ids=["flipped", "cut"])
@pytest.mark.parametrize(
    ("sample", "form"),
    [(name, "octets") for name in SAMPLES] + [(name, "file") for name in SAMPLES if SAMPLES[name][0].endswith(".hex")],
)
def test_damage_never_makes_certain_what_the_whole_sample_does_not_tell(sample, form, cut, folder):
    parts = octets(folder, sample) if form == "octets" else files(folder, sample)
    bands, combos = all_told(read(parts))
    chance = random.Random(f"{sample} {form} {cut}")
    slowest = 0.0
    for _ in range(FLIPS if form == "octets" else FLIPS // 4):
        broken = damaged(parts, chance, cut)
        started = time.process_time()  # the work, not the wait for a busy machine
        try:
            reading = read(broken)
        except BandproofError:
            continue
        finally:
            slowest = max(slowest, time.process_time() - started)
        assert reading.warnings
        assert all(is_band(rat, band) for rat, band in all_told(reading)[0])
        sure_bands, sure_combos = certain(reading)
        assert sure_bands <= bands
        assert sure_combos <= combos
    assert slowest < 2


# --- size -----------------------------------------------------------------------------------------------------------


def large_mrdc() -> bytes:
    """A UE-MRDC-Capability of 30 kB."""
    lte = (1, 2, 3, 4, 5, 7, 8, 12, 13, 17, 18, 19, 20, 25, 26, 28, 38, 39, 40, 41, 66, 71)
    combos = [
        (("eutra", a, "a", "a"), ("eutra", b, "a", None), ("eutra", c, "c", None), ("nr", n, "a", "a"))
        for a in lte
        for b in lte[:8]
        for c in lte[3:12]
        for n in (28, 78)
        if a != b != c != a
    ]
    return samples.mrdc(combos=combos[:2600])


MEASURE = """
import sys, time
from harness.probes.uecap import read
from pycrate_asn1dir import RRCNR  # where nothing compiled is kept, this compiles 7 MB: the installation's cost
started = time.process_time()
files = [(name, open(name, "rb").read()) for name in sys.argv[1:]]
found = read(files)
took = time.process_time() - started
# Not ru_maxrss: that begins with what the process had that started this one.
memory = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
print(took, memory, len(found.observations[0].combinations))
"""


def test_a_segmented_message_of_30_kb_is_read_in_2_s_and_200_mb(tmp_path):
    message = samples.nr_message(("eutra-nr", large_mrdc()))
    assert 30_000 <= len(message) < 40_000
    names = []
    for number, part in enumerate(samples.segments(message, 9000)):
        names.append(str(tmp_path / f"{number}.hex"))
        (tmp_path / f"{number}.hex").write_text(part.hex())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *names], capture_output=True, text=True, check=True
    ).stdout.split()
    assert float(done[0]) < 2
    assert float(done[1]) < 200
    assert int(done[2]) > 2000


def test_100_messages_in_one_process_take_less_than_10_s(folder):
    parts = [data for _, data in octets(folder, "ueCapHexEutra") + octets(folder, "ueCapHexNr")]
    started = time.process_time()
    for place in range(100):
        _decoded.cache_clear()
        assert read([("a", parts[place % 2])]).observations
    assert time.process_time() - started < 10
