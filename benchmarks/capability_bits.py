"""Wrong bits in real capabilities: does any of them make certain what the whole message does not tell?

    python -m benchmarks.capability_bits FOLDER... [--every=5] [--count=20000] [--seed=1] [--first=0]

Folders hold a manifest.yaml of capability captures. Of the `--every` smallest sets all single bits are flipped; of the
others `--count` bits in all, drawn by `--seed`, of which `--first` leaves out those that were tried before. Hex is
flipped as octets. Printed: each gain, then counts and the slowest reading in seconds of CPU. 1 where anything was gained.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from harness.capability_facts import BandCombinations
from harness.errors import BandproofError
from harness.observations import Reading, SupportedBands
from harness.probes.uecap import read
from harness.probes.uecap.account import Combination, canonical
from harness.probes.uecap.implied import fallbacks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Files = list[tuple[str, bytes]]
Told = tuple[set[tuple[str, int]], set[Combination]]


def certain(reading: Reading) -> Told:
    """Bands and combinations that a verdict may rest on."""
    bands: set[tuple[str, int]] = set()
    combos: set[Combination] = set()
    for item in reading.observations:
        if isinstance(item, SupportedBands):
            bands |= {(_family(item), band) for band in set(item.bands or ()) - set(item.told_once)}
        elif isinstance(item, BandCombinations):
            once = set(item.told_once)
            combos |= {canonical(combo) for place, combo in enumerate(item.combinations) if place not in once}
    return bands, combos


def all_told(reading: Reading) -> Told:
    """Bands, and combinations with all their fallbacks."""
    bands: set[tuple[str, int]] = set()
    combos: set[Combination] = set()
    for item in reading.observations:
        if isinstance(item, SupportedBands):
            bands |= {(_family(item), band) for band in item.bands or ()}
        elif isinstance(item, BandCombinations):
            waiting = [canonical(combo) for combo in item.combinations]
            while waiting:
                combo = waiting.pop()
                if combo not in combos:
                    combos.add(combo)
                    waiting += fallbacks(combo)
    return bands, combos


def _family(item: SupportedBands) -> str:
    return "lte" if item.rat == "lte" else "nr"


def sets(folder: Path) -> Iterator[tuple[str, Files]]:
    """Name and files of each set of a manifest, hex as octets."""
    import yaml

    for capture in yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))["captures"]:
        files = [(one["file"], (folder / one["file"]).read_bytes()) for one in capture["inputs"]]
        yield str(capture["id"]), [(name, _octets(name, data)) for name, data in files]


def _octets(name: str, data: bytes) -> bytes:
    return bytes.fromhex(re.sub(r"\s", "", data.decode())) if name.endswith(".hex") else data


def bits(files: Files) -> int:
    """How many bits the files have."""
    return 8 * sum(len(data) for _, data in files)


def flipped(files: Files, bit: int) -> Files:
    """The files with one bit of all of them flipped."""
    out = []
    for name, data in files:
        content = bytearray(data)
        if 0 <= bit < 8 * len(data):
            content[bit // 8] ^= 0x80 >> bit % 8
        out.append((name, bytes(content)))
        bit -= 8 * len(data)
    return out


def whole(files: Files) -> Told:
    """What the files tell as they are; nothing where they are refused."""
    try:
        return all_told(read(files))
    except BandproofError:
        return set(), set()


def gain(files: Files, told: Told) -> str:
    """What is certain by these files and not told; empty where nothing is."""
    try:
        bands, combos = certain(read(files))
    except BandproofError:
        return ""
    more = [*sorted(bands - told[0]), *sorted(combos - told[1], key=repr)]
    return repr(more) if more else ""


def chosen(found: Sequence[tuple[str, Files]], options: argparse.Namespace) -> Iterator[tuple[str, Files, list[int]]]:
    """Each set with the bits to flip."""
    ordered = sorted(found, key=lambda one: bits(one[1]))
    for name, files in ordered[: options.every]:
        yield name, files, list(range(bits(files)))
    others = ordered[options.every :]
    chance = random.Random(options.seed)
    drawn: dict[str, list[int]] = {name: [] for name, _ in others}
    for number in range(options.first + options.count if others else 0):
        name, files = chance.choice(others)
        bit = chance.randrange(bits(files))
        if number >= options.first:
            drawn[name].append(bit)
    for name, files in others:
        yield name, files, drawn[name]


def main() -> int:
    """Flip, print, and say by the status whether anything was gained."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capability_bits", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--every", type=int, default=5, help="so many of the smallest sets are flipped in whole")
    parser.add_argument("--count", type=int, default=20_000, help="so many bits of the others")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="leave out so many of the bits drawn")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    found = [one for folder in options.folders for one in sets(folder)]
    gains = tried = 0
    slowest = 0.0
    for name, files, places in chosen(found, options):
        told = whole(files)
        for bit in places:
            started = time.process_time()
            more = gain(flipped(files, bit), told)
            slowest = max(slowest, time.process_time() - started)
            gains += bool(more)
            if more:
                print(f"{name} bit {bit}: {more}", flush=True)
        tried += len(places)
        print(f"{name}: {len(places)} of {bits(files)} bits; {gains} gains of {tried} in all", flush=True)
    print(f"slowest reading {slowest:.2f} s CPU")
    return 1 if gains else 0


if __name__ == "__main__":
    sys.exit(main())
