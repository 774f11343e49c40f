"""Compiled templates, kept as Python keeps its compiled modules: in `__pycache__` beside them, where it can be written."""

from __future__ import annotations

import hashlib
import pickle
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2.compiler

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


def cache_of(templates: Path, *, rules: Path) -> jinja2.FileSystemBytecodeCache | None:
    """The cache of a folder's templates; None where Python is told to write no bytecode.

    `rules` is the module that sets up the environment. Code is taken only where the template, that module and Jinja's
    compiler are what they were when it was made.
    """
    return None if sys.dont_write_bytecode else _Beside(templates, rules)


class _Beside(jinja2.FileSystemBytecodeCache):
    def __init__(self, templates: Path, rules: Path) -> None:
        folder = Path(cache_from_source(str(templates / "template.py"))).parent
        super().__init__(str(folder), f"%s.{sys.implementation.cache_tag}.jinja")
        self._makers = rules.read_bytes() + Path(jinja2.compiler.__file__).read_bytes()

    def get_source_checksum(self, source: str) -> str:
        return hashlib.sha256(self._makers + source.encode("utf-8", "replace")).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        # What cannot be read is compiled anew.
        with suppress(OSError, EOFError, ValueError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
