"""`bandproof verify RUN`: is a finished run what it was, does its evidence give its report, and who signed it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.views.page import tell

if TYPE_CHECKING:
    import argparse

    from harness.reports.run.sources import SourceRun
    from harness.reports.run.verify import Examination

NOT_TRUSTED = 6
"""Exit status of a run that agrees with itself, but that anyone can have made."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof verify`."""
    verify = commands.add_parser("verify", help="check a run: every hash, the signature, the whole report again")
    verify.add_argument("run_folder", metavar="RUN", help="the folder that the run wrote")
    verify.add_argument("--key", metavar="PUBLIC", help="the lab's public key: a run that it did not sign fails")
    verify.add_argument(
        "--tsa-root", metavar="FILE", help="root certificates (PEM) of time stamping authorities that are trusted"
    )
    verify.add_argument("--json", action="store_true", help="one JSON object")
    verify.set_defaults(run=verify_run)


def verify_run(options: argparse.Namespace) -> int:
    """0 everything agrees and a trusted key signed it, 1 something does not agree, 4 there is no run to check.

    6: everything agrees, but nothing shows who made it: it is not signed, or by a key that is not trusted here; or a
    form of the report could not be checked.
    """
    from harness.reports.run.seals import signing
    from harness.reports.run.seals.time_token import roots_path
    from harness.reports.run.verify import examine

    folder = Path(options.run_folder)
    key = signing.require_public(options.key) if options.key is not None else None
    found = examine(folder, trusted=key, tsa_roots=roots_path(options.tsa_root))
    name = _trusted_name(found.signer, key)
    shows = _shows(found, name)
    if options.json:
        sys.stdout.write(json.dumps(_as_json(found, name, shows), indent=1) + "\n")
    else:
        _print(folder, found, shows)
    if found.faults:
        return 1
    return NOT_TRUSTED if name is None or found.open else 0


def _trusted_name(signer: str | None, key: str | None) -> str | None:
    """Whose key it is, where it is trusted: named on the command line, on the list, or this laboratory's own."""
    from harness.reports.run.seals.trusted_keys import own_key, trusted_keys

    if signer is None:
        return None
    if signer == key:
        return "the key that was named"
    if (name := trusted_keys().get(signer)) is not None:
        return name or "a trusted key"
    return "this laboratory's own key" if signer == own_key() else None


def _shows(found: Examination, name: str | None) -> str:
    """What the check proves about who made the run, and what it cannot."""
    from harness.reports.run.seals import signing

    if found.signer is None:
        return (
            "not signed: it agrees with itself, but anyone can have made it; "
            "nothing proves who read the devices, or when"
        )
    by = f"signed by {signing.fingerprint(found.signer)}"
    if name is None:
        return (
            f"{by}, a key that is not trusted here: it agrees with itself, but anyone can have made such a key; "
            f"if you know whose it is: bandproof keys trust {found.signer} NAME"
        )
    return f"{by} ({name}): who holds that key answers for what was read and for the time; no third party attests them"


def _as_json(found: Examination, name: str | None, shows: str) -> dict[str, object]:
    return {
        "schema": "bandproof.verify/1",
        "agrees": not found.faults,
        "signed_by": found.signer,
        "trusted": name is not None,
        "shows": None if found.faults else shows,
        "time_token": None if found.faults else found.token.words or None,
        "attested": None if found.faults else found.token.time,
        "faults": [{"file": one.file, "message": one.message} for one in found.faults],
        "not_checked": list(found.open),
        "sources": [{"run": one.key, "signed_by": one.signer} for one in found.sources],
    }


def _of_source(source: SourceRun) -> str:
    """Who sealed one of the runs that a run was joined from."""
    from harness.reports.run.seals import signing

    if source.signer is None:
        return f"joined from {source.key}: not signed"
    name = _trusted_name(source.signer, None)
    return f"joined from {source.key}: signed by {signing.fingerprint(source.signer)} ({name or 'not trusted here'})"


def _print(folder: Path, found: Examination, shows: str) -> None:
    from harness.plain_text import one_line, plural

    for fault in found.faults:
        tell([one_line(str(fault), 500)])
    for source in found.sources:
        tell([_of_source(source)])
    for words in found.open:
        tell([f"not checked: {one_line(words, 500)}"])
    if found.faults:
        tell([f"{folder}: does NOT verify, {plural(len(found.faults), 'fault')}"])
    else:
        tell([f"{folder}: {plural(found.files, 'file')}, the report and every verdict agree", *shows.split("\n")])
        if found.token.words:
            tell([found.token.words])
