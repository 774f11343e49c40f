"""Which band of a list, and which combination, could be another one with one wrong bit.

Two lists of a device that name the same NR bands vouch for each other. Where one of them lacks a band, a band of it that
is near the missing one in its bits may be that band: it is then told by the other list alone. Two bits are near: one
that is wrong, and one for the band that the other list may have lost in the same way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.probes.uecap.account import Combination, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NEAR = 2


def doubtful(lists: Sequence[Sequence[int]]) -> list[set[int]]:
    """For each list the bands that could be a band which it lacks and another list has.

    Where all lists rise, one that stood in the place of another must have kept that order.
    """
    every = {band for listed in lists for band in listed}
    rising = all(list(listed) == sorted(listed) for listed in lists)
    out = []
    for listed in lists:
        missing = every - set(listed)
        out.append({b for place, b in enumerate(listed) if any(_fits(listed, place, m, rising) for m in missing)})
    return out


def _fits(listed: Sequence[int], place: int, missing: int, rising: bool) -> bool:
    """PER codes band n as n - 1 (FreqBandIndicator begins with 1)."""
    if ((listed[place] - 1) ^ (missing - 1)).bit_count() > _NEAR:
        return False
    before, after = listed[max(place - 1, 0)], listed[min(place + 1, len(listed) - 1)]
    return not rising or ((place == 0 or before < missing) and (place + 1 == len(listed) or missing < after))


def shaky(combos: Iterable[Combination], *, decimal: bool = False) -> frozenset[Combination]:
    """Combinations (in canonical order) that one wrong bit could have made of one that the message lacks.

    A phone tells the same carriers several times, with the uplink on each of them in turn. So where a combination is one
    bit from a member of such a family that is not there, it may be that member. One carrier alone is no combination.
    `decimal`: a text tells the numbers.
    """
    told = {canonical(combo) for combo in combos}
    families = {_without_uplinks(combo) for combo in told}
    used: dict[str, set[tuple[int, str | None]]] = {}
    for combo in told:
        for part in combo:
            used.setdefault(part.rat, set()).add((part.band, part.dl_class))
    near = {
        (rat, *one): [other for other in ones if _one_step(one, other, decimal=decimal)]
        for rat, ones in used.items()
        for one in ones
    }
    return frozenset(
        combo
        for combo in told
        if (len(combo) > 1 or combo[0].dl_class not in {"A", None})
        and any(other not in told and _without_uplinks(other) in families for other in _variants(combo, near))
    )


def _variants(
    combo: Combination, near: dict[tuple[str, int, str | None], list[tuple[int, str | None]]]
) -> Iterator[Combination]:
    for place, part in enumerate(combo):
        for band, letter in near[part.rat, part.band, part.dl_class]:
            yield canonical((*combo[:place], replace(part, band=band, dl_class=letter), *combo[place + 1 :]))


def _without_uplinks(combo: Combination) -> tuple[tuple[str, int, str], ...]:
    return tuple(sorted((part.rat, part.band, part.dl_class or "") for part in combo))


def _one_step(one: tuple[int, str | None], other: tuple[int, str | None], *, decimal: bool) -> bool:
    """Whether one bit makes the one of the other: of the band or of its class, in PER or in decimal digits."""
    if one[1] == other[1]:
        return ((one[0] - 1) ^ (other[0] - 1)).bit_count() == 1 or (decimal and _one_sign(str(one[0]), str(other[0])))
    if one[0] != other[0] or not one[1] or not other[1]:
        return False
    places = [ord(letter) - ord("A") for letter in (one[1], other[1])]
    if (places[0] ^ places[1]).bit_count() == 1:
        return True
    return decimal and (_one_sign(one[1], other[1]) or _one_sign(str(places[0] + 1), str(places[1] + 1)))


def _one_sign(one: str, other: str) -> bool:
    """Whether two texts of one length differ in one bit of one character."""
    changed = [ord(a) ^ ord(b) for a, b in zip(one, other, strict=False) if a != b]
    return len(one) == len(other) and len(changed) == 1 and changed[0].bit_count() == 1
