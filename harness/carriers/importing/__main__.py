"""Make the profiles again: `python -m harness.carriers.importing --carriers FILE… --second-source FILE… --sunsets FILE`.

Files that someone has edited are left alone and named. A second run changes nothing. `--history` adds when each band
was first seen, `--gid1` renews the table that tells resellers' SIMs from their hosts'.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError

from . import generated, history, profile, sims, tables, voice
from .decisions import ENDED, HAND_MADE, HOSTS
from .profile import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when all profiles were written or were already so, 4 where a table cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m harness.carriers.importing", description=__doc__)
    parser.add_argument("--carriers", type=Path, required=True, nargs="+", help="CSVs of carriers and their bands")
    parser.add_argument(
        "--second-source", type=Path, required=True, nargs="+", help="CSVs of second lists and proposed levels"
    )
    parser.add_argument("--sunsets", type=Path, required=True, help="CSV of shutdowns of older networks")
    parser.add_argument("--history", type=Path, help="CSV of dated listings and launches")
    parser.add_argument("--gid1", type=Path, help="CSV of GID1 values by PLMN; renews harness/carriers/tables/gid1.csv")
    parser.add_argument("--into", type=Path, default=Path("profiles"), help="directory (default: profiles)")
    options = parser.parse_args(arguments)
    try:
        rows = gather(options.carriers, options.second_source, options.sunsets, options.history)
        rows = sims.sharing(rows, options.into)
        if options.gid1:
            sims.write_gid1(options.gid1, rows, options.into)
    except FileError as error:
        sys.stderr.write(f"{error}\n")
        return 4
    outcome = generated.WriteOutcome()
    for one in rows:
        generated.write(options.into / "carriers" / f"{one.id}.yaml", profile.profile_text(one), outcome)
    for path in outcome.kept:
        sys.stdout.write(f"kept {path}: edited by hand\n")
    made = {*outcome.written, *outcome.same, *outcome.kept}
    for path in sorted((options.into / "carriers").glob("*/*.yaml")):
        if path not in made and generated.is_ours(path.read_text(encoding="utf-8")):
            sys.stdout.write(f"left over {path}: no row makes it any more, delete it\n")
    sys.stdout.write(f"{len(outcome.written)} written, {len(outcome.same)} unchanged, {len(outcome.kept)} kept\n")
    return 0


def gather(
    carriers: Sequence[Path], second_source: Sequence[Path], sunsets: Path, dated: Path | None = None
) -> list[Sources]:
    """All rows of each carrier that has no file by hand, sorted by id. Raises FileError."""
    listed = tables.listed(*carriers)
    second = tables.confirmed(*second_source)
    current = [row for row in listed if row.status == "current" or (row.country, row.brand) in ENDED]
    slugs = _names(current)
    ends = voice.by_carrier([*tables.shutdowns(sunsets), *voice.more_shutdowns(slugs)], slugs)
    events = history.events(dated) if dated else {}
    plmns = sims.missing_plmns()
    found = []
    for row in current:
        id_ = profile.carrier_id(row)
        if id_ in HAND_MADE:
            continue
        older = [
            one for one in listed if one.status == "historical" and (one.country, one.brand) == (row.country, row.brand)
        ]
        found.append(
            Sources(
                row,
                tuple(sorted(older, key=lambda one: one.as_of)),
                second.get((row.country, f"{row.carrier} [{row.brand}]")),
                ends.get(id_, []),
                listings=tuple(history.listings(events.get(id_, []))),
                more_plmns=plmns.get(id_, ()),
            )
        )
    by_id = {one.id: one for one in found}
    return [_with_host(by_id[id_], by_id) for id_ in sorted(by_id)]


def _with_host(one: Sources, all_rows: dict[str, Sources]) -> Sources:
    host = HOSTS.get(one.key)
    if host is None or host.own or host.carrier not in all_rows:
        return one
    return replace(one, host_networks=profile.networks_of(all_rows[host.carrier]))


def _names(rows: list[tables.Listed]) -> dict[str, str]:
    """Carrier ids by `country/name`, for each word by which a shutdown row may name them. Raises FileError."""
    found: dict[str, str] = {}
    ids: set[str] = set()
    for row in rows:
        id_ = profile.carrier_id(row)
        if id_ in ids:
            raise FileError(
                f'two rows make the id "{id_}"', path="carriers", way_out="name one in SLUGS of importing/decisions.py"
            )
        ids.add(id_)
        for name in (row.carrier, row.brand, id_.partition("/")[2]):
            found.setdefault(f"{row.country}/{name}".casefold(), id_)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
