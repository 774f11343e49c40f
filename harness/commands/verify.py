"""`bandproof verify RUN` and `bandproof keys`: is a finished run what it was, and does its evidence give its verdicts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, UsageError

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parsers of `bandproof verify` and `bandproof keys`."""
    verify = commands.add_parser("verify", help="check a run: every hash, the signature, every verdict again")
    verify.add_argument("run_folder", metavar="RUN", help="the folder that the run wrote")
    verify.add_argument("--key", metavar="PUBLIC", help="the lab's public key: a run that it did not sign fails")
    verify.add_argument("--json", action="store_true", help="one JSON object")
    verify.set_defaults(run=verify_run)
    keys = commands.add_parser("keys", help="the lab's signing key")
    verbs = keys.add_subparsers(metavar="VERB", required=True)
    new = verbs.add_parser("new", help="make a key; from then on every run is signed")
    new.set_defaults(run=make_key)
    show = verbs.add_parser("show", help="the public key, to give to those who verify")
    show.set_defaults(run=show_key)


def verify_run(options: argparse.Namespace) -> int:
    """0 where everything agrees, 1 where something does not, 4 where there is no run to check."""
    from harness.plain_text import one_line
    from harness.reports.run import signing
    from harness.reports.run.manifest import MANIFEST
    from harness.reports.run.verify import verify

    folder = Path(options.run_folder)
    faults = verify(folder, trusted=options.key)
    signer = None
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        signer = document.get("public_key")
    except (OSError, ValueError, AttributeError):
        document = {}
    if options.json:
        rows = [{"file": one.file, "message": one.message} for one in faults]
        out = {"schema": "bandproof.verify/1", "agrees": not faults, "signed_by": signer, "faults": rows}
        sys.stdout.write(json.dumps(out, indent=1) + "\n")
    elif faults:
        for fault in faults:
            sys.stdout.write(f"{one_line(str(fault), 500)}\n")
        sys.stdout.write(f"{folder}: does NOT verify, {len(faults)} faults\n")
    else:
        by = f"signed by {signing.fingerprint(signer)}" if signer else "not signed"
        sys.stdout.write(f"{folder}: {len(document.get('files', []))} files and every verdict agree; {by}\n")
    return 1 if faults else 0


def make_key(_: argparse.Namespace) -> int:
    """Make the lab's key where it is looked for."""
    from harness.reports.run import signing

    path = signing.key_path()
    try:
        public = signing.new_key(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", way_out="set BANDPROOF_KEY") from None
    sys.stdout.write(f"private key {path} (keep it secret, keep a copy)\n")
    return _tell(public)


def show_key(_: argparse.Namespace) -> int:
    """Print the public key."""
    from harness.reports.run import signing

    path = signing.key_path()
    public = signing.public_key(path)
    if public is None:
        raise FileError("there is no key", path=str(path), way_out="make one: bandproof keys new")
    return _tell(public)


def _tell(public: str) -> int:
    from harness.reports.run import signing

    sys.stdout.write(f"public key  {public}\nfingerprint {signing.fingerprint(public)}\n")
    return 0
