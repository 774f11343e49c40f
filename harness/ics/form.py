"""One form in which a proforma travels: how it is recognised, read and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .answers import FilledIcs
    from .declaration import IcsDeclaration


@dataclass(frozen=True, slots=True)
class IcsForm:
    """One form. `recognise` looks at a file's octets; `read` and `write` are None where the form cannot.

    `read` takes octets and the file's name and raises FileError; `write` gives octets. Both are pure.
    """

    name: str
    recognise: Callable[[bytes], bool]
    read: Callable[[bytes, str], IcsDeclaration] | None = None
    write: Callable[[FilledIcs], bytes] | None = None
    suffix: str = ""
    """Of files that it writes: `.xlsx`. Empty: the form's name."""
