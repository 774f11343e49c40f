"""Which device sheet, and which of its variants, a device is.

A model name is not a device: a variant is chosen by model number or codename, narrowed by the ROM region where the
sheet says that the ROM tells. Where more than one fits and they declare different bands, nothing is declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from harness.errors import FileError, UnknownName
from harness.yamlfiles import places

from . import files
from .edition import Bands, DeviceSheet, Variant
from .sheet_signs import against_hardware, differing, foreign_codename, strange_codename, unlisted, unproven_rom
from .store import near_words, yaml_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from harness.observations import Identity, IdentitySign

    from .words import AppsWord


@dataclass(frozen=True, slots=True)
class SheetMatch:
    """The variants that fit a device. `bands` only where all of them declare the same."""

    status: Literal["found", "ambiguous", "contradicted", "none"]
    """`contradicted`: the device's signs name several devices, or another one than the sheet that was named."""
    fits: tuple[tuple[DeviceSheet, Variant], ...] = ()
    by: tuple[str, ...] = ()
    """What chose them, in words: `model number MDE5`, `codename chiron`, `ROM region global`."""
    reason: str = ""
    """Where nothing is declared: why."""
    own: bool = False
    """A bench or recording names it, and it is none of those that are shipped: the laboratory's own."""

    @property
    def refs(self) -> tuple[str, ...]:
        """`xiaomi/mi-mix-2#global`, one a variant."""
        return tuple(f"{sheet.id}#{variant.id}" for sheet, variant in self.fits)

    @property
    def sheet(self) -> DeviceSheet | None:
        """The sheet, where all variants are of one."""
        ids = {sheet.id for sheet, _ in self.fits}
        return self.fits[0][0] if len(ids) == 1 else None

    @property
    def variant(self) -> Variant | None:
        """The variant, where it is one."""
        return self.fits[0][1] if len(self.fits) == 1 else None

    @property
    def bands(self) -> Bands | None:
        """What the maker declares; None where no list was published or the variant is not certain."""
        if self.status != "found" or self.fits[0][1].bands.unknown:
            return None
        return self.fits[0][1].bands

    @property
    def google_apps(self) -> AppsWord | None:
        """Whether the ROM ships with Google's apps, where all variants that fit say the same."""
        words = {variant.google_apps for _, variant in self.fits}
        return words.pop() if len(words) == 1 else None


class Sheets:
    """All device sheets of some directories (as `Profiles`): `devices/<maker>/<model>.yaml`."""

    def __init__(self, directories: Sequence[Path] | None = None, *, extra: Sequence[Path] = ()) -> None:
        self.directories = (*extra, *(places.search_path("profiles") if directories is None else directories))
        self._read: dict[str, DeviceSheet] = {}
        self._texts: dict[str, str] = {}

    @cached_property
    def paths(self) -> dict[str, Path]:
        """The file of each sheet id, sorted by id."""
        return yaml_files(self.directories, "devices")

    def ids(self) -> tuple[str, ...]:
        """All sheet ids, sorted."""
        return tuple(self.paths)

    def sheet(self, id_: str) -> DeviceSheet:
        """The sheet of this exact id. Raises UnknownName, FileError."""
        if id_ not in self._read:
            if id_ not in self.paths:
                raise UnknownName("device sheet", id_, near_words(id_, self.paths))
            path = self.paths[id_]
            sheet = files.sheet_from_text(self._text(id_), str(path))
            if sheet.id != id_:
                raise FileError(f'id "{sheet.id}" does not fit the file\'s place: "{id_}"', path=str(path))
            self._read[id_] = sheet
        return self._read[id_]

    def lookup(self, ref: str) -> SheetMatch:
        """The sheet that a bench or a recording names: `maker/model#variant`, or `maker/model` for all its variants.

        Raises UnknownName, FileError.
        """
        id_, _, wanted = ref.strip().partition("#")
        sheet = self.sheet(id_)
        if not wanted:
            found = _settle([(sheet, variant) for variant in sheet.variants], (f"named {ref}",))
            return replace(found, own=not self.is_shipped(id_))
        try:
            fits = ((sheet, sheet.variant(wanted)),)
            return SheetMatch("found", fits, (f"named {ref}",), own=not self.is_shipped(id_))
        except KeyError:
            known = tuple(f"{id_}#{variant.id}" for variant in sheet.variants)
            near = near_words(ref, known) or known
            raise UnknownName("device sheet variant", ref, near) from None

    def is_shipped(self, id_: str) -> bool:
        """Whether a sheet is the one that is shipped under this id: by its text, wherever a run keeps it."""
        file = places.shipped("profiles") / "devices" / f"{id_}.yaml"
        try:
            return file.read_text(encoding="utf-8") == self._text(id_)
        except OSError:
            return False

    def match(self, identity: Identity, signs: Sequence[IdentitySign] = ()) -> SheetMatch:
        """The variants that this device can be. Raises FileError for a broken sheet that could be meant.

        `signs` are those that say otherwise than the identity: one that names another device leaves no sheet to speak.
        """
        words = _words(identity)
        likely = [self.sheet(id_) for id_ in self.paths if any(word in self._text(id_).casefold() for word in words)]
        sheets = [sheet for sheet in likely if _made_by(sheet, identity)]
        fits, by = _by_number_or_codename(sheets, identity)
        if not fits:
            fits, by = _by_name(sheets, identity)
        if not fits:
            return SheetMatch("none", reason="no sheet has this model number or codename")
        if why := _ruled_out(fits, by, identity, signs, sheets):
            return SheetMatch("contradicted", tuple(fits), by, why)
        return _narrowed(fits, by, identity)

    def named(self, ref: str, identity: Identity, signs: Sequence[IdentitySign] = ()) -> SheetMatch:
        """The sheet that a bench or a recording names, for this device: it fills what the device does not tell.

        Where the device tells another maker, model number, codename or ROM than the sheet has, nothing is declared: the
        list of one device is never lent to another. Raises UnknownName, FileError.
        """
        named = self.lookup(ref)
        own = self.match(identity, signs)
        told = own.status in {"found", "ambiguous"}
        same = set(own.refs) & set(named.refs) or (named.bands and own.bands == named.bands)
        if told and not same:
            why = f"the device says that it is {' or '.join(own.refs)} ({' and '.join(own.by)})"
        elif own.status == "contradicted" or (own.status == "none" and own.by):
            why = own.reason
        else:
            why = _not_this(named.fits, identity, signs)
        if not why:
            return named
        return replace(named, status="contradicted", reason=f"the sheet {ref} is named, but {why}")

    def _text(self, id_: str) -> str:
        if id_ not in self._texts:
            self._texts[id_] = files.read(self.paths[id_])
        return self._texts[id_]


def match(identity: Identity, store: Sheets) -> SheetMatch:
    """The variants of the store's sheets that this device can be."""
    return store.match(identity)


_Fits = list[tuple[DeviceSheet, Variant]]


def _words(identity: Identity) -> tuple[str, ...]:
    codename = identity.codename or ""
    given = (identity.model, identity.market_name, codename, codename.partition("_")[0], *_numbers(identity))
    return tuple({word.strip().casefold() for word in given if word and word.strip()})


def _numbers(identity: Identity) -> tuple[str, ...]:
    """What may be a model number: the model as given and its parts (SM-G960F/DS), and the hardware word."""
    given = [word for word in (identity.model, identity.hardware) if word]
    parts = [part for word in given for part in re.split(r"[/,;\s]+", word) if len(part) > 3]
    return tuple(dict.fromkeys([*given, *parts]))


def _made_by(sheet: DeviceSheet, identity: Identity) -> bool:
    said = {word.strip().casefold() for word in (identity.manufacturer, identity.brand) if word and word.strip()}
    return not said or any(_same_maker(word, name) for word in said for name in (sheet.maker, *sheet.brands))


def _same_maker(word: str, name: str) -> bool:
    """ "Quectel Wireless Solutions" is Quectel: the maker's name is the first word or the whole."""
    own = name.casefold()
    return word == own or re.match(rf"{re.escape(own)}\b", word) is not None


def _by_number_or_codename(sheets: list[DeviceSheet], identity: Identity) -> tuple[_Fits, tuple[str, ...]]:
    numbers = {number.casefold(): number for number in _numbers(identity)}
    pairs = [(sheet, variant) for sheet in sheets for variant in sheet.variants]
    met = {
        number: numbers[number.casefold()]
        for _, variant in pairs
        for number in variant.model_numbers
        if number.casefold() in numbers
    }
    if met:
        fits = [(sheet, variant) for sheet, variant in pairs if met.keys() & set(variant.model_numbers)]
        return fits, tuple(f"model number {number}" for number in sorted(met))
    codename = (identity.codename or "").strip().casefold()
    fits = [(s, v) for s, v in pairs if codename and codename in {name.casefold() for name in v.codenames}]
    return fits, ((f"codename {identity.codename}",) if fits else ())


def _by_name(sheets: list[DeviceSheet], identity: Identity) -> tuple[_Fits, tuple[str, ...]]:
    """By marketing name, where maker and name are all the device told: then all variants of the sheet are meant."""
    if not (identity.manufacturer or identity.brand):
        return [], ()
    said = {word.strip().casefold() for word in (identity.model, identity.market_name) if word}
    named = [s for s in sheets if said & {name.casefold() for name in (s.model, *s.aliases)}]
    fits = [
        (sheet, variant)
        for sheet in named
        for variant in sheet.variants
        if not (identity.codename and variant.codenames)
    ]
    return fits, (("model name alone",) if fits else ())


def _ruled_out(
    fits: _Fits,
    by: tuple[str, ...],
    identity: Identity,
    signs: Sequence[IdentitySign],
    sheets: Sequence[DeviceSheet],
) -> str:
    """Why the device is none of the variants that were chosen, in words; else empty."""
    variants = [variant for _, variant in fits]
    chosen = " and ".join(by)
    if number := unlisted(_numbers(identity), variants):
        return f"{chosen} fits, but the device tells the model number {number}, which that sheet does not list"
    if sign := differing(signs, variants, _names(fits)):
        return f"{chosen} fits, but {sign}: the device's signs contradict each other"
    known = ((sheet, variant) for sheet in sheets for variant in sheet.variants)
    if codename := foreign_codename(identity, variants, known):
        return f"{chosen} fits, but {codename}: the device's signs contradict each other"
    return against_hardware(identity)


def _not_this(fits: Iterable[tuple[DeviceSheet, Variant]], identity: Identity, signs: Sequence[IdentitySign]) -> str:
    """What the device tells that the named variants are not, in words; else empty."""
    pairs = list(fits)
    variants = [variant for _, variant in pairs]
    if not any(_made_by(sheet, identity) for sheet, _ in pairs):
        return f"the device is made by {identity.manufacturer or identity.brand}"
    if number := unlisted(_numbers(identity), variants):
        return f"the device tells the model number {number}"
    if codename := strange_codename(identity, variants):
        return f"the device tells the codename {codename}"
    if sign := differing(signs, variants, _names(pairs)):
        return sign
    return against_hardware(identity)


def _names(fits: Iterable[tuple[DeviceSheet, Variant]]) -> set[str]:
    """The marketing names of the sheets, with and without the maker before them."""
    given = {name for sheet, _ in fits for name in (sheet.model, *sheet.aliases)}
    return given | {f"{sheet.maker} {sheet.model}" for sheet, _ in fits}


def _sold_with(variant: Variant, region: str) -> bool:
    return not variant.rom_regions or region in {word.casefold() for word in variant.rom_regions}


def _narrowed(fits: _Fits, by: tuple[str, ...], identity: Identity) -> SheetMatch:
    region = (identity.rom_region or "").strip().casefold()
    if not region or by == ("model name alone",):
        return _settle(fits, by)
    narrowed = [(sheet, variant) for sheet, variant in fits if _sold_with(variant, region)]
    if not narrowed:
        known = sorted({word for _, variant in fits for word in variant.rom_regions})
        return SheetMatch(
            "none", by=by, reason=f"no variant for ROM region {region}; the sheets know {', '.join(known)}"
        )
    if len(narrowed) == len(fits):
        return _settle(narrowed, by)
    by = (*by, f"ROM region {region}")
    if (why := unproven_rom(identity)) and _settle(fits, by).status != "found":
        return SheetMatch("contradicted", tuple(fits), by, why)
    return _settle(narrowed, by)


def _settle(fits: _Fits, by: tuple[str, ...]) -> SheetMatch:
    lists = {tuple(variant.bands.of(rat) for rat in ("gsm", "umts", "lte", "nr")) for _, variant in fits}
    if len(lists) == 1:
        return SheetMatch("found", tuple(fits), by)
    names = ", ".join(f"{sheet.id}#{variant.id}" for sheet, variant in fits)
    chosen = " and ".join(by)
    return SheetMatch("ambiguous", tuple(fits), by, f"{chosen} fits {names}, which declare different bands")
