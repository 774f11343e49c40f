"""A fault of a file as the checks find it: by its path in the value, before it has a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the path of the value, what is wrong, and how bad it is."""

    path: Path
    message: str
    severity: Literal["error", "warning"] = "error"
