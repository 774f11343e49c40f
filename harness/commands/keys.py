"""`bandproof keys`: the lab's signing key, and the public keys of others that are trusted here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, UsageError

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof keys`."""
    keys = commands.add_parser("keys", help="the lab's signing key, and the keys that are trusted here")
    verbs = keys.add_subparsers(metavar="VERB", required=True)
    new = verbs.add_parser("new", help="make a key; from then on every run is signed")
    new.set_defaults(run=make_key)
    show = verbs.add_parser("show", help="the public key, to give to those who verify")
    show.set_defaults(run=show_key)
    trust = verbs.add_parser("trust", help="trust a public key: what it signed verifies")
    trust.add_argument(
        "public", metavar="PUBLIC", help="as `keys show` prints it; ask for the fingerprint by other means"
    )
    trust.add_argument("name", metavar="NAME", nargs="*", help="whose it is")
    trust.set_defaults(run=trust_key)
    distrust = verbs.add_parser("distrust", help="trust a key no longer")
    distrust.add_argument("public", metavar="PUBLIC", help="the key or its fingerprint")
    distrust.set_defaults(run=distrust_key)
    stamp = verbs.add_parser("stamp", help="a time token (RFC 3161) for a finished run, from outside")
    stamp.add_argument("run_folder", metavar="RUN", help="the folder that the run wrote")
    how = stamp.add_mutually_exclusive_group(required=True)
    how.add_argument("--tsa", metavar="URL", help="ask this time stamping authority")
    how.add_argument("--request", metavar="FILE", help="write the request, to be carried to an authority")
    how.add_argument("--response", metavar="FILE", help="take the answer that an authority gave to it")
    stamp.set_defaults(run=stamp_run)
    listed = verbs.add_parser("list", help="the keys that are trusted here")
    listed.set_defaults(run=list_keys)


def make_key(_: argparse.Namespace) -> int:
    """Make the lab's key where it is looked for."""
    from harness.reports.run.seals import signing

    path = signing.key_path()
    try:
        public = signing.new_key(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", way_out="set BANDPROOF_KEY") from None
    sys.stdout.write(f"private key {path} (keep it secret, keep a copy)\n")
    return _tell(public)


def show_key(_: argparse.Namespace) -> int:
    """Print the public key."""
    from harness.reports.run.seals import signing

    path = signing.key_path()
    public = signing.public_key(path)
    if public is None:
        raise FileError("there is no key", path=str(path), way_out="make one: bandproof keys new")
    return _tell(public)


def trust_key(options: argparse.Namespace) -> int:
    """Put a key on the list of those that are trusted."""
    from harness.reports.run.seals import trusted_keys

    try:
        public = trusted_keys.trust(options.public, " ".join(options.name))
    except OSError as error:
        raise _not_written(error) from None
    return _tell(public)


def distrust_key(options: argparse.Namespace) -> int:
    """Take a key off the list."""
    from harness.reports.run.seals import trusted_keys

    try:
        public = trusted_keys.distrust(options.public)
    except OSError as error:
        raise _not_written(error) from None
    return _tell(public)


def stamp_run(options: argparse.Namespace) -> int:
    """Get a time token over the manifest of a run: at once, or by way of files where there is no network."""
    from harness.recording.writer import write_atomically
    from harness.reports.run.seals import time_token

    folder = Path(options.run_folder)
    if options.request:
        try:
            write_atomically(Path(options.request), time_token.request(folder))
        except OSError as error:
            raise UsageError(f"{options.request} cannot be written: {error.strerror}") from None
        sys.stdout.write(f"{options.request}: {time_token.REQUEST_TYPE}, over {folder}\n")
        return 0
    if options.response:
        try:
            answer = Path(options.response).read_bytes()
        except OSError as error:
            raise FileError(f"cannot be read: {error.strerror}", path=options.response) from None
    else:
        answer = time_token.ask(options.tsa, time_token.request(folder))
    sys.stdout.write(f"{folder}: time token of {time_token.keep(folder, answer)}\n")
    return 0


def list_keys(_: argparse.Namespace) -> int:
    """Print the keys that are trusted, one a line."""
    from harness.plain_text import one_line
    from harness.reports.run.seals.signing import fingerprint
    from harness.reports.run.seals.trusted_keys import trusted_keys

    for public, name in trusted_keys().items():
        sys.stdout.write(f"{public}  {fingerprint(public)}  {one_line(name)}".rstrip() + "\n")
    return 0


def _not_written(error: OSError) -> UsageError:
    from harness.reports.run.seals.trusted_keys import VARIABLE, trusted_path

    return UsageError(f"{trusted_path()} cannot be written: {error.strerror}", way_out=f"set {VARIABLE}")


def _tell(public: str) -> int:
    from harness.reports.run.seals import signing

    sys.stdout.write(f"public key  {public}\nfingerprint {signing.fingerprint(public)}\n")
    return 0
