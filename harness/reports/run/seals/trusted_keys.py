"""The public keys that are trusted here: one a line, with the name of whose it is behind it."""

from __future__ import annotations

import os
from pathlib import Path

from harness.errors import FileError, UsageError
from harness.recording.writer import write_atomically

from .signing import fingerprint, key_path, public_key, require_public

VARIABLE = "BANDPROOF_TRUSTED_KEYS"


def trusted_path() -> Path:
    """The list: `BANDPROOF_TRUSTED_KEYS`, else a file of the user's configuration."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "bandproof" / "trusted-keys"


def trusted_keys() -> dict[str, str]:
    """Public key -> whose it is. Raises FileError for a list that cannot be read, with the line."""
    path = trusted_path()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"cannot be read: {error}", path=str(path)) from None
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        told, _, name = line.strip().partition(" ")
        if not told or told.startswith("#"):
            continue
        try:
            found[require_public(told)] = name.strip()
        except UsageError as error:
            raise FileError(error.message, path=str(path), line=number) from None
    return found


def own_key() -> str | None:
    """The public half of this laboratory's own key, which it trusts. Raises FileError for a key that is none."""
    return public_key(key_path())


def trust(text: str, name: str) -> str:
    """Put a key on the list, or give it another name; answer it. Raises UsageError for what is no key, OSError."""
    public = require_public(text)
    _write(trusted_keys() | {public: " ".join(name.split())})
    return public


def distrust(text: str) -> str:
    """Take a key off the list, by itself or by its fingerprint. Raises UsageError where it is not on it, OSError."""
    known = trusted_keys()
    wanted = "".join(text.split())
    public = next((one for one in known if wanted in {one, "".join(fingerprint(one).split())}), None)
    if public is None:
        raise UsageError("this key is not trusted here", way_out="`bandproof keys list` shows those that are")
    _write({one: name for one, name in known.items() if one != public})
    return public


def _write(keys: dict[str, str]) -> None:
    path = trusted_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = ["# Public keys that `bandproof verify` trusts: one a line, whose it is behind it.\n"]
    lines += [f"{public} {name}".rstrip() + "\n" for public, name in keys.items()]
    write_atomically(path, "".join(lines).encode("utf-8", "replace"), private=True)
