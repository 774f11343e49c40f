"""Finding profiles by name, country, PLMN and date, without reading more files than asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, UnknownName, UsageError
from harness.yamlfiles import places

from . import dates, files, resellers
from .compiled import Compiled
from .edition import inherit
from .files import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .edition import Carrier, Edition


@dataclass(frozen=True, slots=True)
class Selected:
    """One carrier at one edition, and the day that was asked about."""

    carrier: Carrier
    edition: Edition
    """With the requirements that it inherits from its host."""
    asked: date

    @property
    def ref(self) -> str:
        """`us/att@2017-03`, as reports and test ids write it."""
        return f"{self.carrier.id}@{self.edition.as_of}"

    def stale(self, on: date | None = None) -> bool:
        """Whether the edition is older than twelve months on that day (the day asked about where none is given)."""
        return self.edition.stale(on or self.asked)

    def ended(self, on: date | None = None) -> bool:
        """Whether the network had ended by that day (the day asked about where none is given)."""
        return self.carrier.ended_by(on or self.asked)


MANY = 8
"""From so many carriers on it is cheaper to fetch the whole cache at once."""
_ID = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")


class Profiles:
    """All carrier profiles of some directories; in two of them the same id means the first one's.

    A directory holds `carriers/<country>/<carrier>.yaml`. Without directories: those of BANDPROOF_PROFILES and the
    shipped ones. `extra` directories are looked in first. Files are read when their carrier is asked for.
    """

    def __init__(self, directories: Sequence[Path] | None = None, *, extra: Sequence[Path] = ()) -> None:
        self.directories = (*extra, *(places.search_path("profiles") if directories is None else directories))
        self._read: dict[str, Carrier] = {}
        self._given: dict[str, Path] = {}
        self._texts: dict[str, str] = {}
        self._compiled = Compiled()

    @cached_property
    def paths(self) -> dict[str, Path]:
        """The file of each carrier id, sorted by id."""
        return yaml_files(self.directories, "carriers")

    def source(self, id_: str) -> Path | None:
        """The file that this carrier was read from: one that was named by its path, else that of the directories."""
        return self._given.get(id_) or self.paths.get(id_)

    def ids(self) -> tuple[str, ...]:
        """All carrier ids, sorted."""
        return tuple(self.paths)

    def countries(self) -> tuple[str, ...]:
        """All countries, as ids write them: us, mx, intl."""
        return tuple(sorted({id_.partition("/")[0] for id_ in self.paths}))

    def country_ids(self, name: str) -> tuple[str, ...]:
        """The carriers of a country or territory ("us", "Germany", "intl"), those that serve it from elsewhere too.

        Empty where the name is no country's, or nobody there has a profile.
        """
        from . import countries

        group = name.strip().casefold()
        if group not in self.countries():
            code = countries.code_of(name)
            if code is None:
                return ()
            group = code.casefold()
        territory = countries.territories().get(group.upper())
        own = [id_ for id_ in self.paths if id_.partition("/")[0] == group]
        return (*own, *(id_ for id_ in (territory.carriers if territory else ()) if id_ in self.paths))

    def near_countries(self, name: str) -> tuple[str, ...]:
        """Codes and names of countries that may have been meant."""
        from . import countries

        known = {name_.casefold(): name_ for name_ in countries.names()} | {code: code for code in self.countries()}
        return tuple(known[word] for word in near_words(name.casefold(), known))

    def carrier(self, id_: str) -> Carrier:
        """The carrier of this exact id. Raises UnknownName, FileError."""
        if id_ not in self._read:
            if self._path(id_) is None:
                raise UnknownName("carrier", id_, self._nearest(id_))
            self._read[id_] = self._parsed(id_)
            self._compiled.save()
        return self._read[id_]

    def carriers(self, ids: Iterable[str]) -> list[Carrier]:
        """The carriers of these ids, read together. Raises UnknownName, FileError."""
        wanted = list(ids)
        if len(wanted) > MANY:
            self._compiled.load_all()
        try:
            for id_ in wanted:
                if id_ not in self._read and id_ in self.paths:
                    self._read[id_] = self._parsed(id_)
        finally:
            self._compiled.save()
        return [self.carrier(id_) for id_ in wanted]

    def _parsed(self, id_: str) -> Carrier:
        text, path = self._text(id_), str(self._path(id_))
        carrier = self._compiled.find(text)
        if carrier is None:
            carrier = files.carrier_from_text(text, path)
            self._compiled.keep(text, carrier)
        if carrier.id != id_:
            raise FileError(f'id "{carrier.id}" does not fit the file\'s place: "{id_}"', path=path)
        return carrier

    def _path(self, id_: str) -> Path | None:
        """The file of one id; the directories are listed only where it is not found at its place."""
        if "paths" not in self.__dict__ and _ID.fullmatch(id_):
            group, _, name = id_.partition("/")
            places_ = (folder / "carriers" / group / f"{name}.yaml" for folder in self.directories)
            return next((path for path in places_ if path.is_file()), None)
        return self.paths.get(id_)

    def select(self, names: Iterable[str], as_of: date | None = None) -> list[Selected]:
        """The editions that the names mean, in their order, each once.

        A name is an id (`us/att`), a country (`us`, `Germany`), the last part of an id or a brand where only one carrier has it
        (`att`, `AT&T`), or a profile's path; with `@2017-03` the latest edition that had begun by the end of that
        period. Otherwise the edition of `as_of` (default today) counts. A country leaves out carriers that had ended
        or have no edition by that day. Raises UnknownName, UsageError (no edition that early), FileError.
        """
        found: dict[str, Selected] = {}
        for name in names:
            for selected in self._select(name, as_of or date.today()):
                found.setdefault(selected.ref, selected)
        return list(found.values())

    def by_plmn(self, plmn: str, on: date | None = None) -> list[str]:
        """Ids of the carriers that use this PLMN ("310410") and had not ended by that day (default today)."""
        return [one.id for one in self._users(plmn) if not one.ended_by(on or date.today())]

    def ended_of_plmn(self, plmn: str, on: date | None = None) -> list[Carrier]:
        """The carriers that used this PLMN and had ended by that day (default today)."""
        return [one for one in self._users(plmn) if one.ended_by(on or date.today())]

    def knows_plmn(self, plmn: str) -> bool:
        """Whether any profile has this PLMN, be it of a carrier that has ended."""
        return any(True for _ in self._users(plmn))

    def _users(self, plmn: str) -> Iterator[Carrier]:
        holders = (self.carrier(id_) for id_ in self.paths if plmn in self._text(id_))
        return (one for one in holders if plmn in one.plmns)

    def by_sim(
        self, plmn: str | None, gid1: str | None = None, carrier_id: int | None = None, on: date | None = None
    ) -> list[str]:
        """Ids of the carriers that a SIM can belong to: by AOSP carrier id where it is told, else by PLMN and GID1.

        Of carriers on one PLMN, those whose GID1 prefix fits win over those that name none; a carrier that names
        prefixes of which none fits is out. A GID1 of a reseller that is known is not its host's, and one that tells a
        brand only beside the SIM's name is nobody's. A GID1 that was not read rules nobody out.
        """
        day = on or date.today()
        known = [] if carrier_id is None else self.by_android_carrier_id(carrier_id)
        living = [id_ for id_ in known if not self.carrier(id_).ended_by(day)]
        if living:
            return living
        found = [self.carrier(id_) for id_ in (self.by_plmn(plmn, day) if plmn else [])]
        fits = [] if gid1 is None else [one.id for one in found if one.has_gid1(gid1)]
        if fits:
            return fits
        from .gid1 import brand_of, resellers

        if carrier_id is not None and carrier_id in resellers():
            return []
        brand = brand_of(plmn, gid1)
        if brand is None:
            return [one.id for one in found if gid1 is None or not one.gid1]
        there = brand.certain and brand.carrier in self.paths and not self.carrier(brand.carrier).ended_by(day)
        return [brand.carrier] if there else []

    def by_android_carrier_id(self, number: int) -> list[str]:
        """Ids of the carriers with this AOSP carrier id (1187: us/att)."""
        written = re.compile(rf"android_carrier_id[\"']?\s*:[^\n#]*\b{number}\b|^\s*-\s*{number}\s*$", re.MULTILINE)
        holders = [self.carrier(id_) for id_ in self.paths if written.search(self._text(id_))]
        return [one.id for one in holders if number in one.android_carrier_ids]

    def edition(self, carrier: Carrier, on: date) -> Edition | None:
        """The latest edition that had begun by that day, its inherited requirements filled in; None if none had."""
        begun = [edition for edition in carrier.editions if edition.first_day <= on]
        return self._whole(carrier, begun[-1]).held_on(on) if begun else None

    def exactly(self, ref: str, asked: date) -> Selected:
        """The edition that a report names, `us/att@2017-03`, as it was selected on that day.

        Raises UnknownName for a carrier or an edition that is not there, FileError.
        """
        id_, _, as_of = ref.partition("@")
        carrier = self.carrier(id_)
        found = next((one for one in carrier.editions if one.as_of == as_of), None)
        if found is None:
            raise UnknownName("edition", ref, tuple(f"{id_}@{one.as_of}" for one in carrier.editions))
        return Selected(carrier, self._whole(carrier, found).held_on(asked), asked)

    def lint(self) -> list[Finding]:
        """All faults of all profiles, those that show only between two files included."""
        found = files.lint(self.paths.values())
        broken = {finding.path for finding in found if finding.severity == "error"}
        sound = {id_: path for id_, path in self.paths.items() if str(path) not in broken}
        for id_, path in sound.items():
            found += self._inheritance_faults(self.carrier(id_), path)
        return found + self._twins([(self.carrier(id_), path) for id_, path in sound.items()])

    def lint_files(self, paths: Iterable[Path]) -> list[Finding]:
        """All faults of these files (a directory: of all below it), and what they share with other profiles."""
        named = list(files.yaml_below(paths))
        found = files.lint(named)
        broken = {finding.path for finding in found if finding.severity == "error"}
        sound = [path for path in named if str(path) not in broken and files.is_profile(path)]
        return found + self._twins([(files.load_carrier(path), path) for path in sound])

    def _twins(self, checked: Sequence[tuple[Carrier, Path]]) -> list[Finding]:
        from .publishers import one_in_two_names
        from .twins import KnownCarriers

        carriers = {carrier.id: carrier for id_ in self.paths if (carrier := self._sound(id_)) is not None}
        known = KnownCarriers((carriers | {carrier.id: carrier for carrier, _ in checked}).values())
        out = []
        for carrier, path in checked:
            for problem in (*known.problems(carrier), *one_in_two_names(carrier)):
                line, column = files.place_of(files.read(path), str(path), problem.path)
                out.append(Finding(str(path), line, column, problem.severity, problem.message))
        return out

    def _sound(self, id_: str) -> Carrier | None:
        try:
            return self.carrier(id_)
        except FileError:
            return None

    def _inheritance_faults(self, carrier: Carrier, path: Path) -> Iterator[Finding]:
        if carrier.host is not None and carrier.host not in self.paths:
            line, column = files.place_of(self._text(carrier.id), str(path), ("host",))
            yield Finding(str(path), line, column, "error", f'no carrier named "{carrier.host}"')
        for index, edition in enumerate(carrier.editions):
            try:
                self._whole(carrier, edition)
            except (FileError, UnknownName) as error:
                line, column = files.place_of(self._text(carrier.id), str(path), ("editions", index, "inherits"))
                message = error.bare_message if isinstance(error, FileError) else error.message
                yield Finding(str(path), line, column, "error", message)

    def _select(self, name: str, day: date) -> list[Selected]:
        bare, _, asked = name.strip().partition("@")
        if asked:
            if not dates.is_date(asked):
                raise UsageError(
                    f"no date: {asked!r} in {name!r}", way_out="write CARRIER@2017, @2017-03 or @2017-03-24"
                )
            day = dates.last_day(asked)
        if bare.endswith((".yaml", ".yml")):
            carrier = files.load_carrier(Path(bare))
            self._given[carrier.id] = Path(bare)
            return [self._at(carrier, day)]
        if _ID.fullmatch(bare) and self._path(bare) is not None:
            return [self._at(self.carrier(bare), day)]
        if ids := self.country_ids(bare):
            return self._country(bare, ids, day)
        return [self._at(self.carrier(self._resolve(bare)), day)]

    def living(self, ids: Iterable[str], day: date) -> list[Selected]:
        """The edition of that day of each of these carriers; without those that had none yet or had ended."""
        return [
            Selected(carrier, edition, day)
            for carrier in self.carriers(ids)
            if not carrier.ended_by(day) and (edition := self.edition(carrier, day)) is not None
        ]

    def _country(self, country: str, ids: Sequence[str], day: date) -> list[Selected]:
        found = self.living(ids, day)
        if not found:
            raise UsageError(f"no carrier of {country!r} has an edition as early as {day}")
        return found

    def _at(self, carrier: Carrier, day: date) -> Selected:
        edition = self.edition(carrier, day)
        if edition is None:
            first = carrier.editions[0].as_of
            raise UsageError(
                f"{carrier.id} has no edition as early as {day}", way_out=f"its first edition is {carrier.id}@{first}"
            )
        return Selected(carrier, edition, day)

    def _resolve(self, name: str) -> str:
        wanted = name.casefold()
        if wanted in self.paths:
            return wanted
        fits = [id_ for id_ in self.paths if id_.partition("/")[2] == wanted] or self._branded(wanted)
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise UsageError(f"{name!r} names more than one carrier", way_out=f"write one of {', '.join(fits)}")
        if (host := resellers.reseller(name)) is not None and host.carrier in self.paths:
            return host.carrier
        raise UnknownName("carrier", name, self._nearest(wanted))

    def _branded(self, wanted: str) -> list[str]:
        if not wanted:
            return []
        # The text tells cheaply which few files are worth reading.
        likely = [self.carrier(id_) for id_ in self.paths if wanted in self._text(id_).casefold()]
        return [one.id for one in likely if wanted in {word.casefold() for word in (one.name, *one.aliases)}]

    def _nearest(self, name: str) -> tuple[str, ...]:
        from . import countries

        known = {id_: id_ for id_ in self.paths} | {id_.partition("/")[2]: id_ for id_ in self.paths}
        words = (*self.countries(), *countries.names(), *resellers.names())
        known |= {one.casefold(): one for one in words}
        return tuple(dict.fromkeys(known[word] for word in near_words(name.casefold(), known)))

    def _text(self, id_: str) -> str:
        if id_ not in self._texts:
            path = self._path(id_)
            self._texts[id_] = files.read(self.paths[id_] if path is None else path)
        return self._texts[id_]

    def _whole(self, carrier: Carrier, edition: Edition) -> Edition:
        taken = edition.inherits
        if taken is None:
            return edition
        host = self.carrier(taken.carrier)
        source = next((one for one in host.editions if one.as_of == taken.edition), None)
        if source is None or source.inherits is not None:
            why = "does not exist" if source is None else "inherits itself: one step too many"
            place = str(self.paths.get(carrier.id, carrier.id))
            raise FileError(f'inherits "{host.id}@{taken.edition}", which {why}', path=place)
        return inherit(edition, source)


def near_words(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three known words that may have been meant, the nearest first."""
    import difflib

    return tuple(difflib.get_close_matches(word, list(known), 3, 0.5))


def yaml_files(directories: Sequence[Path], kind: str) -> dict[str, Path]:
    """`<directory>/<kind>/<group>/<name>.yaml` by id `group/name`, sorted; of two the first directory's."""
    found: dict[str, Path] = {}
    for directory in directories:
        for path in (directory / kind).glob("*/*.yaml"):
            found.setdefault(f"{path.parent.name}/{path.stem}", path)
    return dict(sorted(found.items()))
