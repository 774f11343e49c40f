"""Where a capability says one thing twice: what must agree in every message, and what only a regular one keeps.

PER has no checksum, so one wrong bit can give another message that decodes. What it then breaks is the redundancy of the
message. `doubts` are breaks of what TS 36.331 clause 6.3.6 and TS 38.331 clause 6.3.3 demand: such a message proves
nothing. `habits` are what every message seen keeps and no clause demands: a message without them is no worse, but two
of its entries do not vouch for each other.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from harness.probes.uecap.account import MessagePlace
from harness.probes.uecap.texts import tree
from harness.radio.bandwidth_classes import CARRIERS, ClassRange, carriers_of, class_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harness.probes.uecap.account import Combination
    from harness.probes.uecap.texts.tree import Tree

Names = dict[str, list["Tree"]]

_BESIDE_LTE_BANDS = (
    # each: one entry for each band of supportedBandListEUTRA, in its order (TS 36.331 6.3.6, field descriptions)
    "supportedBandListEUTRA-v9e0",
    "supportedBandListEUTRA-v1250",
    "supportedBandListEUTRA-v1310",
    "supportedBandListEUTRA-v1320",
    "bandListEUTRA",
    "interFreqBandList",
    "nonContiguousUL-RA-WithinCC-List-r10",
)
_BESIDE_COMBINATIONS = (
    # a list of combinations, and those that have its entries in its order (the same clauses)
    ("supportedBandCombination-r10", r"supportedBandCombination(?:-v\w+|Ext-r10)|bandCombinationListEUTRA-r10"),
    ("supportedBandCombinationAdd-r11", r"supportedBandCombinationAdd-v\w+"),
    ("supportedBandCombinationReduced-r13", r"supportedBandCombinationReduced-v\w+"),
    ("supportedBandCombinationList", r"supportedBandCombinationList-v1[56]\w+"),
)
_BAND_LISTS = ("bandParameterList-", "bandList")
ENOUGH = 2
"""So many combinations with a band cannot all come from one wrong bit."""


def first(names: Names, name: str) -> list[Tree]:
    """The items of the first list of that name."""
    return tree.items(names.get(name, [None])[0])


def lte_doubts(names: Names, bands: Sequence[int], used: Iterable[int]) -> Iterator[str]:
    """What a UE-EUTRA-Capability says of its own damage. `bands` as listed, `used` those of its combinations."""
    count = len(first(names, "supportedBandListEUTRA"))
    for name in _BESIDE_LTE_BANDS:
        for length in sorted({len(tree.items(value)) for value in names.get(name, ())} - {0, count}):
            if count:
                yield f"{name} has {length} entries beside {count} bands"
    if len({len(tree.items(value)) for value in names.get("interRAT-BandList", ())} - {0}) > 1:
        yield "interRAT-BandList has different lengths"
    yield from list_doubts("LTE band list", bands, used)
    yield from combination_doubts(names)
    if not _carriers_agree(names):
        yield "intraBandContiguousCC-InfoList does not have an entry for each carrier of the bandwidth class"


def list_doubts(name: str, bands: Sequence[int], used: Iterable[int] = ()) -> Iterator[str]:
    """A band twice in a list; a band of a combination that the list has not (TS 36.331: it includes all of them)."""
    if len(set(bands)) != len(bands):
        yield f"the {name} names a band twice"
    if bands and not set(used) <= set(bands):
        yield f"combinations have bands that the {name} has not"


def combination_doubts(names: Names) -> Iterator[str]:
    """Lists that go with a list of combinations have as many entries, and each as many bands."""
    for base, pattern in _BESIDE_COMBINATIONS:
        entries = first(names, base)
        sizes = [_size(entry) for entry in entries]
        for name in sorted(key for key in names if entries and re.fullmatch(pattern, key)):
            beside = first(names, name)
            if beside and len(beside) != len(entries):
                yield f"{name} has {len(beside)} entries beside {len(entries)} combinations"
            elif name.startswith("supported") and any(
                _size(one) not in {0, size} for one, size in zip(beside, sizes, strict=False)
            ):
                yield f"{name} has other numbers of bands than its combinations"


def _size(entry: Tree) -> int:
    """How many bands the entry of a list of combinations has; 0 where it lists none."""
    if isinstance(entry, dict):
        named = next((value for key, value in entry.items() if key.startswith(_BAND_LISTS)), None)
        if named is None and not any(key[:1].isupper() for key in entry):
            return 0
        entry = entry if named is None else named
    return len(tree.items(entry))


def _lte_parts(names: Names) -> Iterator[Tree]:
    for entry in first(names, "supportedBandCombinationReduced-r13"):
        if isinstance(entry, dict):
            yield from tree.items(entry.get("bandParameterList-r13"))


def _carriers_agree(names: Names) -> bool:
    """TS 36.331: intraBandContiguousCC-InfoList has as many entries as the class has carriers.

    Modems of two makers give one entry whatever the class. A message is taken to be theirs where several blocks of more
    than one carrier have one entry, and none has more: one wrong bit makes one such block.
    """
    told = [(entries, carriers) for part in _lte_parts(names) for entries, carriers in _block(part)]
    if all(entries == carriers for entries, carriers in told):
        return True
    many = [entries for entries, carriers in told if carriers > 1]
    return len(many) >= ENOUGH and all(entries == 1 for entries, _ in told)


def _block(part: Tree) -> Iterator[tuple[int, int]]:
    """Entries of the list, and carriers of the class, where both are told."""
    down = part.get("bandParametersDL-r13") if isinstance(part, dict) else None
    if not isinstance(down, dict):
        return
    carriers = CARRIERS["lte"].get(tree.bandwidth_class(down.get("ca-BandwidthClassDL-r13")) or "")
    entries = len(tree.items(down.get("intraBandContiguousCC-InfoList-r13")))
    if entries and carriers:
        yield entries, carriers


# --- NR and MR-DC ---------------------------------------------------------------------------------------------------

_SETS = {"lte": ("eutra", "downlinkSetEUTRA", "uplinkSetEUTRA"), "nr": ("nr", "downlinkSetNR", "uplinkSetNR")}


def nr_doubts(
    names: Names, combos: Sequence[Combination | None], asked: dict[str, frozenset[int]] | None
) -> Iterator[str]:
    """What a UE-NR-Capability or UE-MRDC-Capability says of its own damage.

    `combos` in the order of the message (None: not read), `asked` the filter that it repeats, by RAT.
    """
    yield from combination_doubts(names)
    for rat, bands in (asked or {}).items():
        # TS 38.331 5.6.1.4 and appliedFreqBandListFilter: combinations are filtered by the list that is repeated
        if bands and any(part.rat == rat and part.band not in bands for combo in combos for part in combo or ()):
            yield "combinations have bands that the filter of the enquiry has not"
    matrix = _matrix(names)
    if matrix and any(not _fits(combo, row) for combo, row in zip(combos, _rows(names, matrix), strict=False)):
        # TS 38.331 FeatureSetCombination: an entry for each band entry of the band combination
        yield "feature set combinations do not fit the bands of their combinations"


def _matrix(names: Names) -> list[Tree]:
    """featureSetCombinations: for each combination of feature sets, for each band, its feature sets."""
    return first(names, "featureSetCombinations")


def _rows(names: Names, matrix: list[Tree], *, dual: bool = False) -> list[list[list[Tree]] | None]:
    """The feature sets of each combination by its featureSetCombination; None where there are none of that number.

    `dual`: those of its NR-DC, where it has any: in those of its NR-CA the sets of the other cell group are 0.
    """
    out: list[list[list[Tree]] | None] = []
    other = _dual_rows(names) if dual else []
    for number, entry in enumerate(first(names, "supportedBandCombinationList")):
        place = tree.number(entry.get("featureSetCombination")) if isinstance(entry, dict) else None
        if number < len(other) and other[number] is not None:
            place = other[number]
        row = matrix[place] if place is not None and place < len(matrix) else None
        out.append(None if row is None else [_listed(one) for one in _listed(row)])
    return out


def _listed(value: Tree) -> list[Tree]:
    return value if isinstance(value, list) else tree.items(value)


def _fits(combo: Combination | None, row: list[list[Tree]] | None) -> bool:
    if combo is None:
        return True
    if row is None or len(row) != len(combo) or len({len(sets) for sets in row}) > 1:
        return False
    return all(all(_chosen(one, part.rat) is not None for one in sets) for part, sets in zip(combo, row, strict=True))


def _chosen(one: Tree, rat: str) -> Tree:
    """What a FeatureSet of this RAT holds; TEMS prints the CHOICE (`FeatureSet : eutra`) beside its fields."""
    choice, *fields = _SETS[rat]
    if not isinstance(one, dict):
        return None
    return one.get(choice, one if any(name in one for name in fields) else None)


def nr_habits(names: Names, combos: Sequence[Combination | None]) -> Iterator[str]:
    """What no clause demands: a feature set goes with one number of carriers, 0 with none, and all of them are used."""
    yield from order_habits([combo for combo in combos if combo])
    matrix = _matrix(names)
    if not matrix:
        return
    classes: dict[tuple[str, str, int], set[tuple[ClassRange, str] | None]] = {}
    for combo, row in zip(combos, _rows(names, matrix, dual=True), strict=False):
        for part, sets in zip(combo or (), row or [], strict=False):
            for field, letter in zip(_SETS[part.rat][1:], (part.dl_class, part.ul_class), strict=True):
                for number in _numbers(sets, part.rat, field):
                    block = (class_range(part.rat, part.band), letter) if letter else None
                    classes.setdefault((part.rat, field, number), set()).add(block)
    if any(not _one_size(found) or (number == 0) != (None in found) for (_, _, number), found in classes.items()):
        yield "a feature set stands with bandwidth classes of different sizes"
    if len(_used_rows(names)) != len(matrix):
        yield "feature set combinations stand there that no combination uses"


def _one_size(blocks: set[tuple[ClassRange, str] | None]) -> bool:
    """Whether classes can share a feature set: it has an entry for each carrier, so they have as many of them.

    Classes that are one bit apart do not count as such: one of them may be the other with that bit wrong.
    """
    told = sorted(block for block in blocks if block)
    if told and None in blocks:
        return False
    sizes = {carriers_of(*block) for block in told}
    near = any((ord(one[1]) - 65 ^ ord(other[1]) - 65).bit_count() < 2 for one, other in combinations(told, 2))
    return len(told) < 2 or (len(sizes) == 1 and None not in sizes and not near)


def _used_rows(names: Names) -> set[int | None]:
    """The feature set combinations that combinations name, also for NR-DC."""
    used = {tree.number(e.get("featureSetCombination")) for e in first(names, "supportedBandCombinationList")}
    return used | {number for number in _dual_rows(names) if number is not None}


def _dual_rows(names: Names) -> list[int | None]:
    """For each combination the feature set combination of its NR-DC (TS 38.331, CA-ParametersNRDC); None without one."""
    out: list[int | None] = []
    for entry in first(names, "supportedBandCombinationList-v1560"):
        dual = entry.get("ca-ParametersNRDC") if isinstance(entry, dict) else None
        out.append(tree.number(dual.get("featureSetCombinationDC")) if isinstance(dual, dict) else None)
    return out


def _numbers(sets: list[Tree], rat: str, field: str) -> Iterator[int]:
    for one in sets:
        inner = _chosen(one, rat)
        number = tree.number(inner.get(field)) if isinstance(inner, dict) else None
        if number is not None:
            yield number


# --- any ------------------------------------------------------------------------------------------------------------


def order_habits(combos: Sequence[Combination]) -> Iterator[str]:
    """The components of all combinations stand in one order of their bands, rising or falling."""
    keys = [[(part.rat, part.band) for part in combo] for combo in combos]
    if any(key != sorted(key) for key in keys) and any(key != sorted(key, reverse=True) for key in keys):
        yield "the bands of the combinations stand in no one order"


def vouched(combos: Sequence[Combination], rat: str, bands: Iterable[int], *, loose: bool) -> MessagePlace:
    """The bands for which combinations vouch: all that they name where these are just `bands` in a regular message.

    Elsewhere those that `ENOUGH` combinations name: a phone need not list each band in a combination (TS 36.331
    5.6.3.3), and then one wrong bit in a single entry could add a band to those that the list has.
    """
    count: dict[int, int] = {}
    for combo in combos:
        for band in {part.band for part in combo if part.rat == rat}:
            count[band] = count.get(band, 0) + 1
    regular = not loose and set(count) == set(bands)
    return MessagePlace("combinations", tuple(sorted(band for band in count if regular or count[band] >= ENOUGH)))
