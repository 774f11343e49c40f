"""Where shipped profiles and fixtures lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

Kind = Literal["profiles", "fixtures"]

_VARIABLE = {"profiles": "BANDPROOF_PROFILES", "fixtures": "BANDPROOF_FIXTURES"}


def shipped(kind: Kind) -> Path:
    """The directory of the shipped profiles or fixtures (which a broken installation may lack)."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent
    # A wheel unpacks into a directory shared with strangers: only a checkout may look beside the package.
    if (checkout / "pyproject.toml").is_file() and (checkout / kind).is_dir():
        return checkout / kind
    return package / "_shipped" / kind


def search_path(kind: Kind) -> tuple[Path, ...]:
    """The directories to look in, first hit wins: BANDPROOF_PROFILES or BANDPROOF_FIXTURES, then the shipped one."""
    own = os.environ.get(_VARIABLE[kind], "")
    return (*(Path(part).expanduser() for part in own.split(os.pathsep) if part), shipped(kind))
