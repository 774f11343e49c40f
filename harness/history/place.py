"""Where a history lies: a folder here, or a store that delta-rs speaks (`s3://`, `az://`, `gs://` …)."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from harness.errors import BandproofError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "BANDPROOF_HISTORY"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_ODD = '?*[]{}#%<>^|\\"`\n'
"""Signs by which the libraries mean patterns or parts of an address."""


class HistoryError(BandproofError):
    """The history cannot be read or written."""

    exit_status = 3


class DamagedRun(HistoryError):
    """What is told of a run fits no column: a day that there is not, a number too large."""

    exit_status = 4


class NoHistory(UsageError):
    """The packages that keep a history are not installed, or nobody said where it lies."""


def chosen(option: str | None, bench: str | None, folder: Path, environ: Mapping[str, str] | None = None) -> str | None:
    """Where runs are appended: the option, else the bench file (paths from its `folder`), else the environment.

    Raises UsageError for an address with a password in it.
    """
    if option:
        return normal(option)
    if bench:
        return normal(bench if _SCHEME.match(bench) else str(folder / Path(bench).expanduser()))
    named = (os.environ if environ is None else environ).get(VARIABLE)
    return normal(named) if named else None


def normal(named: str) -> str:
    """One spelling of an address: an absolute path for a folder. Raises UsageError."""
    if named.startswith("file://") or not _SCHEME.match(named):
        path = unquote(urlsplit(named).path) if named.startswith("file://") else named
        return _folder(str(Path(path).expanduser().absolute()))
    parts = urlsplit(named)
    if parts.username or parts.password or parts.query:
        raise UsageError(
            "the address of the history holds a secret, which reports and process lists would show",
            way_out="give keys in the environment of the store (AWS_ACCESS_KEY_ID and its like)",
        )
    return named.rstrip("/")


def _folder(path: str) -> str:
    if odd := next((sign for sign in path if sign in _ODD), None):
        raise UsageError(f"the history cannot lie in {path}: {odd!r} means something else there")
    return path


def is_local(uri: str) -> bool:
    """Whether it is a folder of this machine."""
    return not _SCHEME.match(uri)


def is_installed() -> bool:
    """Whether the packages of the extra are there; imports nothing."""
    try:
        return find_spec("deltalake") is not None and find_spec("duckdb") is not None
    except ImportError:
        return False


def require_installed() -> None:
    """Raises NoHistory where the extra is not installed."""
    if not is_installed():
        raise NoHistory("a history needs two more packages", way_out="pip install 'bandproof[history]'")
