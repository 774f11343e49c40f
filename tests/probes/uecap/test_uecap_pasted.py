"""Real capability texts as people paste them, and cut anywhere: the same bands and combinations, or fewer, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from pastes import PASTES

from harness.capability_facts import BandCombinations
from harness.errors import BandproofError
from harness.observations import SupportedBands
from harness.probes.uecap import read
from harness.probes.uecap.account import canonical
from harness.probes.uecap.implied import fallbacks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Files = list[tuple[str, bytes]]
CUTS = 24
"""So many places where each file is cut, spread over its length."""


def sets(place: Path) -> Iterator[tuple[str, Files]]:
    for folder in ("uecap", "uecap-2"):
        manifest = place / folder / "manifest.yaml"
        if not manifest.is_file():
            pytest.skip("no UE capability captures")
        for one in yaml.safe_load(manifest.read_text(encoding="utf-8"))["captures"]:
            yield one["id"], [(name["file"], (manifest.parent / name["file"]).read_bytes()) for name in one["inputs"]]


def told(files: Files) -> tuple[frozenset[object], frozenset[object]]:
    """Bands and combinations that are certain; none where the files are refused."""
    try:
        observations = read(files).observations
    except BandproofError:
        return frozenset(), frozenset()
    bands: set[object] = set()
    combos: set[object] = set()
    for item in observations:
        if isinstance(item, SupportedBands):
            bands |= {(item.rat[:2], band) for band in set(item.bands or ()) - set(item.told_once)}
        elif isinstance(item, BandCombinations):
            combos |= {canonical(one) for place, one in enumerate(item.combinations) if place not in item.told_once}
    return frozenset(bands), frozenset(combos)


def everything(files: Files) -> tuple[set[object], set[object]]:
    """Bands, and combinations with all their fallbacks, certain or not."""
    try:
        observations = read(files).observations
    except BandproofError:
        return set(), set()
    bands: set[object] = set()
    combos: set[object] = set()
    for item in observations:
        if isinstance(item, SupportedBands):
            bands |= {(item.rat[:2], band) for band in item.bands or ()}
        elif isinstance(item, BandCombinations):
            waiting = [canonical(one) for one in item.combinations]
            while waiting:
                if (one := waiting.pop()) not in combos:
                    combos.add(one)
                    waiting += fallbacks(one)
    return bands, combos


def as_text(files: Files) -> list[tuple[str, str]] | None:
    """The files as text; None where one of them is octets."""
    try:
        texts = [(name, data.decode("utf-8")) for name, data in files]
    except UnicodeDecodeError:
        return None
    return texts if all("\0" not in text for _, text in texts) else None


@pytest.mark.parametrize("kind", PASTES)
def test_a_capture_that_was_pasted_says_the_same_or_nothing(kind, captures_dir):
    texts = [(name, found) for name, files in sets(captures_dir) if (found := as_text(files)) is not None]
    assert len(texts) >= 27
    telling = alike = 0
    for name, text in texts:
        whole = told([(file, one.encode()) for file, one in text])
        found = told([(file, PASTES[kind](one).encode()) for file, one in text])
        assert found in (whole, (frozenset(), frozenset())), (name, kind)
        telling += bool(whole[0] or whole[1])
        alike += bool(whole[0] or whole[1]) and found == whole
    # "1:3C 03 08" may be a number of grep and an offset of a dump: what is open is not read.
    assert alike >= telling * 0.6, (kind, alike, telling)


def test_a_capture_that_is_cut_anywhere_makes_nothing_else_certain(captures_dir):
    for name, files in sets(captures_dir):
        bands, combos = everything(files)
        for number, (file, data) in enumerate(files):
            step = max(1, len(data) // CUTS)
            for end in range(step // 2, len(data), step):
                cut = [*files[:number], (file, data[:end]), *files[number + 1 :]]
                found_bands, found_combos = told(cut)
                assert found_bands <= bands, (name, file, end)
                assert found_combos <= combos, (name, file, end)
