"""What a run leaves in its folder: what was asked, the profiles it judged by, the reports, the manifest."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from harness import __version__
from harness.errors import LinkError
from harness.links.addresses import parse_address
from harness.recording.scrubbing.scrub import hide_address, scrub, scrub_address
from harness.reports.document.lab_entries import LabEntry
from harness.reports.run.declared_files import keep_papers, kept_papers
from harness.reports.run.folder import WAIVERS_FILE, AskedDevice, AskedRun, keep_profiles, plan_of
from harness.reports.run.photographs import page_picture

from .photographs import for_the_page, require_pictures, stripped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from harness.carriers.store import Profiles
    from harness.reports.document.document import Document
    from harness.reports.document.entries import OwnCaseEntry
    from harness.suite.declared import DeclaredFiles
    from harness.survey.bench import Bench
    from harness.survey.targets import Target
    from harness.verdicts.plan import Run
    from harness.verdicts.verdict import Verdict


ADB_VERSION_S = 2.0


class RunFolder:
    """The folder of one run, from its first second on: killed at any moment, it tells what was asked."""

    def __init__(self, directory: Path, run: Run, id_: str, started: datetime) -> None:
        self.directory = directory
        self._run = run
        self._remarks: tuple[str, ...] = ()
        self._as_taken = False
        self.warnings: tuple[str, ...] = ()
        """What the operator should know of what was written."""
        self._asked = AskedRun(
            id=id_,
            started=_time(started),
            tool=f"bandproof {__version__}",
            policy=run.policy,
            require_grade=run.require_grade.word,
            as_of=run.as_of.isoformat() if run.as_of else None,
            max_evidence_age=run.max_evidence_age,
        )

    def asked_for(self, carriers: Sequence[str], command: Sequence[str], notes: Sequence[str]) -> None:
        """Keep the carriers that were named, the command line, and the operator's notes."""
        self._remarks = tuple(notes)
        words = ("pytest", *(_shown(word) for word in command))
        self._asked = replace(self._asked, carriers=tuple(carriers), command=words)

    def begin(self, targets: Sequence[Target], bench: Bench | None) -> None:
        """Before anything is read. Raises UsageError for a photograph that cannot be kept, OSError."""
        self._as_taken = bench is not None and bench.photographs == "as_taken"
        if not self._as_taken:
            require_pictures(one for target in targets for one in target.photographs)
        shared = bench is not None and bench.evidence == "shared"
        (self.directory / "evidence").mkdir(exist_ok=True, mode=0o777 if shared else 0o700)
        self._asked = replace(
            self._asked,
            devices={
                one.device: AskedDevice(
                    scrub_address(one.address),
                    one.sheet,
                    bands=one.given_bands.by_rat if one.given_bands else {},
                    bands_source=one.given_bands.source if one.given_bands else "",
                    sample=one.sample,
                )
                for one in targets
            },
            lab=_lab_entry(bench),
            bench=bench.name if bench else None,
            report=bench.report if bench else None,
        )
        self._asked.write(self.directory)

    def declared(self, targets: Sequence[Target], files: DeclaredFiles) -> None:
        """When the devices are read: their papers, as the folder keeps them from now on. Raises OSError, FileError."""
        for target, name in zip(targets, self._run.surveys, strict=True):
            if target.device in files:
                keep_papers(self.directory, name, files[target.device])
                self._run.papers[name] = kept_papers(self.directory, name, target.supplied.get("fcc_id", ""))

    def chosen(self, targets: Sequence[Target], profiles: Profiles, waivers: Path | None) -> None:
        """When the devices are read and the cases are known: with the profiles they rest on. Raises OSError."""
        from harness.carriers.sheets import Sheets

        devices, photographs = {}, {}
        notes = self._notes_by_subject({one.device: name for one, name in zip(targets, self._run.surveys, strict=True)})
        for target, (name, survey) in zip(targets, self._run.surveys.items(), strict=True):
            devices[name] = AskedDevice(
                address=scrub_address(survey.address),
                sheet=target.sheet,
                bands=target.given_bands.by_rat if target.given_bands else {},
                bands_source=target.given_bands.source if target.given_bands else "",
                trouble=hide_address(survey.trouble, survey.address) if survey.trouble else None,
                unread=bool(survey.trouble) and not survey.observations,
                supplied=dict(target.supplied),
                sample=survey.sample,
                key=survey.key,
                unknown_plmns=tuple(sorted(self._run.bound[name].binding.sims.unknown)),
                answered=survey.kind is not None,
                elapsed_s=round(survey.elapsed_s, 3),
                happened=tuple(hide_address(one, survey.address) for one in survey.happened),
            )
            if target.notes:
                notes[name] = (*(self._scrubbed(one, name) for one in target.notes), *notes.get(name, ()))
            photographs[name] = self._copied(name, target.photographs)
        if waivers is not None:
            shutil.copyfile(waivers, self.directory / WAIVERS_FILE)
        keep_profiles(self.directory, self._run, profiles, Sheets())
        self._asked = replace(
            self._asked,
            adb=_adb_version(targets),
            devices=devices,
            notes=notes,
            photographs=photographs,
            plan=plan_of(self._run),
        )
        self._asked.write(self.directory)

    def heard(self, testimonies: Sequence[tuple[str, str]]) -> None:
        """Keep what persons said, as (device, sentence): told, not measured."""
        told = dict(self._asked.told)
        for about, text in testimonies:
            told[about] = (*told.get(about, ()), self._scrubbed(text, about))
        self._asked = replace(self._asked, told=told)

    def fill_ics(self) -> None:
        """Write the filled ICS of each device beside the report. Raises OSError."""
        from harness.reports.run.filled_ics import write_ics

        lab = self._asked.lab.name or ""
        said = write_ics(self.directory, self._run.surveys.values(), date=self._asked.started[:10], laboratory=lab)
        self._asked = replace(self._asked, filled_ics=said)
        self._asked.write(self.directory)

    def own_cases(self, cases: tuple[OwnCaseEntry, ...]) -> None:
        """Keep what came of the laboratory's own cases."""
        self._asked = replace(self._asked, own_cases=cases)

    def end(self, verdicts: Sequence[Verdict], selected: Sequence[str], forms: Sequence[str]) -> tuple[Document, Path]:
        """Write `report.json`, the other forms from it, and the manifest; answer the document and the file to open.

        Raises OSError.
        """
        from harness.reports.run.render import write_reports
        from harness.reports.run.seals import signing
        from harness.reports.run.seals.manifest import write_manifest

        if len(selected) < len(self._run.cases):
            self._asked = replace(self._asked, cases=tuple(selected))
        finished = _time(datetime.now(UTC))
        self._asked = replace(self._asked, finished=finished)
        self._asked.write(self.directory)
        written = write_reports(self.directory, self._run, self._asked, verdicts, finished=finished, forms=forms)
        write_manifest(self.directory, run_id=self._asked.id, tool=self._asked.tool, key=signing.key_path())
        return written

    def _notes_by_subject(self, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """`DEVICE: text` and `CASE: text` are about that device or case, all else is about the run."""
        known = {*names.values(), *(case.id for case in self._run.cases)}
        found: dict[str, tuple[str, ...]] = {}
        for remark in self._remarks:
            subject, colon, text = remark.partition(":")
            about = names.get(subject.strip(), subject.strip())
            about, text = (about, text) if colon and about in known else ("", remark)
            found[about] = (*found.get(about, ()), self._scrubbed(text.strip(), about))
        return found

    def _scrubbed(self, note: str, about: str) -> str:
        """A note without personal data; what was taken out is told to the operator."""
        text, kinds = scrub(note)
        if kinds:
            whose = f"the note on {about}" if about else "a note"
            self.warnings = (*self.warnings, f"taken out of {whose}: {', '.join(sorted(kinds))}")
        return text

    def _copied(self, device: str, photographs: Sequence[Path]) -> tuple[str, ...]:
        names = []
        for number, source in enumerate(photographs, 1):
            kept = self.directory / "attachments" / device / f"photograph-{number}{source.suffix.lower()}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            if self._as_taken:
                shutil.copyfile(source, kept)
            else:
                data, suffix = stripped(source)
                kept = kept.with_suffix(suffix)
                kept.write_bytes(data)
            if (small := for_the_page(kept)) is not None:
                page_picture(kept).write_bytes(small)
            names.append(kept.relative_to(self.directory).as_posix())
        return tuple(names)


def _lab_entry(bench: Bench | None) -> LabEntry:
    """What the bench file says of the laboratory, the customer and the plan."""
    if bench is None:
        return LabEntry()
    told = msgspec.to_builtins(bench.lab) if bench.lab else {}
    parts = {"customer": bench.customer, "plan": bench.plan, "amends": bench.amends}
    return msgspec.convert(told | {name: msgspec.to_builtins(part) for name, part in parts.items() if part}, LabEntry)


def _shown(word: str) -> str:
    """A word of the command line without a serial number or an IP address."""
    option, equals, value = word.partition("=")
    if equals and option in {"--evidence", "--declared"}:
        found = re.fullmatch(r"(.+?)(:(?:uecap|ics|fcc)=.*)", value, re.DOTALL)
        return f"{option}={scrub_address(found[1])}{found[2]}" if found else word
    if equals and option in {"--note", "--bands-source", "--sweep-data"}:
        return f"{option}={scrub(value)[0]}"
    if equals and option == "--cells":
        return f"{option}={value.partition(':')[0]}"  # Where the laboratory's instruments are is nobody's business.
    return f"{option}={scrub_address(value)}" if equals and option in {"--device", "--dut"} else word


def _adb_version(targets: Sequence[Target]) -> str | None:
    """What the adb server says of itself, where a handset was read through one."""
    named = [
        parsed.value for target in targets for one in target.addresses if (parsed := parse_address(one)).kind == "adb"
    ]
    if not named:
        return None
    from harness.links.adb.server import AdbServer, ask_server, server_from_environment
    from harness.links.addresses import handset_on

    there = handset_on(named[0])
    server = AdbServer(there[0], there[1], own=True) if there else server_from_environment()
    try:
        told = ask_server(server, "host:version", time.monotonic() + ADB_VERSION_S)
        return f"server protocol {int(told, 16)}"
    except (LinkError, ValueError):
        return None


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
