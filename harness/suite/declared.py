"""`--declared [DEVICE:]ics=FILE` and `fcc=FILE`: whose papers they are, and that they can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UnknownName, UsageError
from harness.reports.run.declared_files import KINDS, papers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.survey.targets import Target

DeclaredFiles = dict[str, dict[str, tuple[Path, ...]]]
_OPTION = re.compile(rf"(?:(.+?):)??({'|'.join(KINDS)})=(.+)", re.DOTALL)
_WAY_OUT = "write --declared ics=FILE or --declared fcc=FILE, with DEVICE: in front where there are several"


def declared_files(targets: Sequence[Target], options: Iterable[str] = ()) -> DeclaredFiles:
    """Per device of the run the files of each kind, of its bench entry and of the options, each read once.

    Raises UsageError for an option that names no device of the run, FileError for a file that cannot be read.
    """
    found: DeclaredFiles = {one.device: {kind: tuple(paths) for kind, paths in one.declared.items()} for one in targets}
    for text in options:
        match = _OPTION.fullmatch(text)
        if not match:
            raise UsageError(f"--declared {text!r} names no paper and file", way_out=_WAY_OUT)
        own = found[_device(match[1] or "", targets, text)]
        own[match[2]] = (*own.get(match[2], ()), Path(match[3]))
    for files in found.values():
        papers_of(files)
    return {device: files for device, files in found.items() if files}


def _device(named: str, targets: Sequence[Target], text: str) -> str:
    if not named:
        if len(targets) == 1:
            return targets[0].device
        raise UsageError(f"--declared {text}: which of the {len(targets)} devices?", way_out=_WAY_OUT)
    plain = named.removeprefix("bench:")
    found = [one.device for one in targets if plain == one.device or named in one.addresses]
    if not found:
        raise UnknownName("device of this run", named, tuple(one.device for one in targets)[:3])
    return found[0]
