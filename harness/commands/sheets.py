"""`bandproof sheet new`: a device sheet out of a survey, linted; and what `profiles` tells of sheets."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.commands.views.page import tell
from harness.errors import UnknownName, UsageError
from harness.plain_text import one_line, plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from harness.carriers.edition import Variant
    from harness.survey.survey import Survey

MOST_MEANT = 5
"""Names that are offered for one that is not known."""
_RATS = ("gsm", "umts", "lte", "nr")
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/-]{3,}")
"""What looks like a model number, and not like a name or a platform."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof sheet`."""
    from harness.commands.survey import add_address

    sheet = commands.add_parser("sheet", help="device sheets: what a maker declares of a model")
    verbs = sheet.add_subparsers(metavar="VERB", required=True)
    new = verbs.add_parser("new", help="a sheet filled from a survey, to be completed by hand")
    add_address(new)
    new.add_argument("--id", metavar="MAKER/MODEL", help="its id, such as xiaomi/mi-mix-2 (default: of the identity)")
    new.add_argument(
        "--variant", metavar="NAME", help="the variant, such as global (default: the ROM region, or `one`)"
    )
    new.add_argument(
        "-o", "--output", metavar="FILE", help="write here; a sheet lies in profiles/devices/MAKER/MODEL.yaml"
    )
    new.set_defaults(run=new_sheet)


def list_sheets(names: list[str], *, as_json: bool) -> int:
    """All sheets with their variants, or those whose id, maker or model holds one of the words. Raises UnknownName."""
    from harness.carriers.sheets import Sheets

    store = Sheets()
    chosen = [id_ for id_ in store.ids() if not names or any(_meant(name, id_, store) for name in names)]
    if names and not chosen:
        raise UnknownName("device sheet", names[0], nearest(names[0], store.ids()))
    rows = [
        {
            "id": one.id,
            "maker": one.maker,
            "model": one.model,
            "variants": [variant.id for variant in one.variants],
        }
        for one in map(store.sheet, chosen)
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows) + "\n")
        return 0
    width = max(len(str(row["id"])) for row in rows)
    for row in rows:
        tell([f"{row['id']:<{width}}  {row['maker']} {row['model']}  ({', '.join(row['variants'])})"])
    return 0


def _meant(name: str, id_: str, store: Any) -> bool:
    word = name.casefold()
    if word in id_:
        return True
    sheet = store.sheet(id_)
    return any(word in told.casefold() for told in (sheet.maker, sheet.model, *sheet.aliases))


def nearest(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """At most five names that may have been meant: by the whole, or by their last part."""
    import difflib

    words = {one.rpartition("/")[2]: one for one in known} | {one: one for one in known}
    near = difflib.get_close_matches(name.casefold(), list(words), 2 * MOST_MEANT, 0.4)
    return tuple(dict.fromkeys(words[one] for one in near))[:MOST_MEANT]


def is_sheet(name: str) -> bool:
    """Whether a name is that of a device sheet, with or without a variant."""
    from harness.carriers.sheets import Sheets

    return name.strip().partition("#")[0] in Sheets().paths


def show_sheet(name: str, *, as_json: bool) -> int:
    """What a sheet declares, variant by variant. Raises UnknownName."""
    from harness.carriers.sheets import Sheets

    match = Sheets().lookup(name)
    if as_json:
        import msgspec

        told = [{"sheet": sheet.id, "variant": msgspec.to_builtins(variant)} for sheet, variant in match.fits]
        sys.stdout.write(json.dumps(told) + "\n")
        return 0
    sheet = match.fits[0][0]
    tell(_head(sheet).splitlines())
    for _, variant in match.fits:
        tell(_variant(sheet.id, variant))
    return 0


def _head(sheet: Any) -> str:
    also = f", also {', '.join(sheet.aliases)}" if sheet.aliases else ""
    note = f"\n  {sheet.note}" if sheet.note else ""
    return f"{sheet.id}  {sheet.maker} {sheet.model}{also}{note}\n"


def _variant(id_: str, variant: Variant) -> Iterator[str]:
    from harness.radio.tables import band_label

    yield f"{id_}#{variant.id}  confidence {variant.confidence}"
    told = (("model numbers", variant.model_numbers), ("codenames", variant.codenames), ("ROM", variant.rom_regions))
    yield from (f"  {what:<14} {', '.join(words)}" for what, words in told if words)
    for rat in _RATS:
        bands = variant.bands.of(rat)
        listed = "not published" if bands is None else " ".join(band_label(rat, one) for one in bands) or "none"
        if bands is not None or rat == "lte":
            yield f"  {rat.upper():<14} {listed}"
    for part in variant.partial_bands:
        yield f"  {'in part':<14} {band_label(part.rat, part.band)}: uplink {part.ul_mhz[0]:g} to {part.ul_mhz[1]:g} MHz"
    if variant.note:
        yield f"  {'note':<14} {variant.note}"
    yield from (f"  {'source':<14} {one}" for one in variant.sources)


def new_sheet(options: argparse.Namespace) -> int:
    """Read a device, write its sheet, lint it; 4 where the sheet has a fault, 3 where the device told nothing."""
    from harness.carriers import files
    from harness.commands.survey import deadline_of, target_of
    from harness.survey.reading import read_device

    target = target_of(options)
    survey = read_device(target, deadline_s=deadline_of(target))
    if not survey.observations:
        sys.stderr.write(f"bandproof: nothing could be read of it: {one_line(survey.trouble or 'it told nothing')}\n")
        return 3
    id_ = options.id or _id_of(survey)
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", id_):
        raise UsageError(
            f"--id {id_!r} is no id of a sheet", way_out="write MAKER/MODEL in small letters: xiaomi/mi-mix-2"
        )
    text = sheet_text(survey, id_, options.variant)
    path = Path(options.output) if options.output else Path("profiles") / "devices" / f"{id_}.yaml"
    findings = files.lint_text(text, str(path))
    if options.output:
        if path.exists():
            raise UsageError(f"{path} is there already", way_out="name another file; nothing was changed")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    for finding in findings:
        sys.stderr.write(f"{finding}\n")
    faults = sum(one.severity == "error" for one in findings)
    where = f"{path}: " if options.output else "linted: "
    rest = len(findings) - faults
    sys.stderr.write(
        f"{where}{plural(faults, 'fault')}, {plural(rest, 'warning')}; complete what stands behind `fill in`\n"
    )
    return 4 if faults else 0


def _id_of(survey: Survey) -> str:
    identity = survey.identity
    maker, model = identity.manufacturer or identity.brand or "", identity.market_name or identity.model or ""
    words = [re.sub(r"[^a-z0-9]+", "-", one.casefold()).strip("-") for one in (maker, model)]
    if not all(words):
        raise UsageError("the device does not tell its maker and model", way_out="name the sheet: --id=MAKER/MODEL")
    return "/".join(words)


def sheet_text(survey: Survey, id_: str, variant: str | None) -> str:
    """The sheet as YAML: what the device told, and what a person must fill in. Bands are those that were measured or given."""
    from harness.recording.yaml_text import scalar

    identity = survey.identity
    region = (identity.rom_region or "").casefold()
    name = variant or (region if re.fullmatch(r"[a-z0-9-]+", region) else "one")
    bands, source = _bands(survey)
    told = [one for one in (identity.model, identity.hardware) if one]
    numbers = [one for one in told if _NUMBER.fullmatch(one)] or told[:1]
    lines = [
        "format: bandproof.sheet/1",
        f"id: {id_}",
        f"maker: {scalar(identity.manufacturer or identity.brand or id_.partition('/')[0])}",
        f"model: {scalar(identity.market_name or identity.model or id_.partition('/')[2])}",
        "variants:",
        f"  - id: {name}",
        f"    model_numbers: [{', '.join(map(_quoted, numbers))}]"
        + ("" if survey.kind == "modem" else "   # fill in: the number on the box, if that is another"),
    ]
    if identity.codename:
        lines.append(f"    codenames: [{_quoted(identity.codename)}]")
    if region:
        lines.append(f"    rom_regions: [{_quoted(region)}]")
    if bands:
        lines.append("    bands:")
        lines += [f"      {rat}: [{', '.join(map(str, bands[rat]))}]" for rat in _RATS if rat in bands]
    else:
        lines.append("    # fill in, from the maker's page:  bands: {lte: [2, 4, 12], nr: [41]}")
    lines += [
        "    sources:",
        f"      - {_quoted(source)}",
        "    confidence: C   # A: the maker's own page; B: lists that agree",
    ]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)


def _bands(survey: Survey) -> tuple[dict[str, tuple[int, ...]], str]:
    """The bands by RAT, and where they are from: what was given, else the modem's own innermost lists."""
    day = date.today().isoformat()
    if survey.given_bands is not None:
        return dict(survey.given_bands.by_rat), f"{survey.given_bands.source} ({day})"
    found: dict[str, set[int]] = {}
    for layer in ("hardware", None, "advertised"):
        for one in survey.supported:
            if one.layer == layer and one.bands:
                rat = "nr" if one.rat.startswith("nr") else one.rat
                if rat in _RATS and (layer != "advertised" or rat not in found):
                    found.setdefault(rat, set()).update(one.bands)
    told = {rat: tuple(sorted(bands)) for rat, bands in found.items()}
    what = "the lists of one piece, read" if told else "the identity of one piece, read"
    return told, f"{what} by bandproof ({day})"
