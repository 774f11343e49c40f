"""The options of the plugin. They are added when all plugins and conftests have added theirs: a name that one of them
took is left to it, and ours gets another. Light: every run of every project that has bandproof installed loads this."""

from __future__ import annotations

import argparse
import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

Add = "Callable[..., None]"
PREFIX = "bandproof_"
OTHER_SPELLINGS = {"device": ("--dut", "--device")}
"""Options with more than one name; where the second is taken, the first is ours."""


def option(config: pytest.Config, name: str) -> Any:
    """The value of one of our options, whatever name it was given on the command line."""
    value = getattr(config.option, PREFIX + name, None)
    return config.getoption(name) if value is None else value


def devices_of(config: pytest.Config) -> list[str]:
    """The addresses that were named, each once: an xdist worker is told them twice."""
    return list(dict.fromkeys(getattr(config.option, f"{PREFIX}device", None) or ()))


class Options:
    """What `describe` adds, kept until all others have added theirs."""

    def __init__(self, describe: Callable[[Callable[..., None]], None]) -> None:
        self._all: list[tuple[str, dict[str, Any]]] = []
        describe(lambda name, **attrs: self._all.append((name, attrs)))
        self.renamed: dict[str, str] = {}
        """Names that others have taken -> ours."""

    def hide_values(self, config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
        """Keep values of our options from being taken for paths while conftests are looked for."""
        taken = _names(parser)
        ours = {
            one
            for name, attrs in self._all
            if "action" not in attrs or attrs["action"] == "append"
            for one in OTHER_SPELLINGS.get(name.lstrip("-"), (name,))
            if one not in taken
        }
        words, skip = [], False
        for word in args:
            if not skip and word not in ours:
                words.append(word)
            skip = not skip and word in ours
        namespace = parser.parse_known_args(words, namespace=copy.copy(config.option))
        config.known_args_namespace.file_or_dir = namespace.file_or_dir

    def add(self, parser: pytest.Parser) -> None:
        """Add them all."""
        group = parser.getgroup("bandproof", "cellular bands of a device against carrier profiles")
        for name, attrs in self._all:
            word = name.lstrip("-")
            taken = _names(parser)
            names = [one for one in OTHER_SPELLINGS.get(word, (name,)) if one not in taken]
            more = attrs
            if word in OTHER_SPELLINGS or not names:
                more = attrs | {"dest": PREFIX + word.replace("-", "_")}
            if len(names) < len(OTHER_SPELLINGS.get(word, (name,))):
                self.renamed[name] = names[0] if names else f"--bandproof-{word}"
            for tried in (names or [f"--bandproof-{word}"], [f"--bandproof-{word}"]):
                try:
                    group.addoption(*tried, **more)
                    break
                except (ValueError, argparse.ArgumentError):
                    more = attrs | {"dest": PREFIX + word.replace("-", "_")}
                    self.renamed[name] = f"--bandproof-{word}"


def _names(parser: pytest.Parser) -> set[str]:
    """All names of options that there are."""
    groups = {id(one): one for one in (*getattr(parser, "_groups", ()), getattr(parser, "_anonymous", None)) if one}
    return {name for group in groups.values() for one in group.options for name in one.names()}


def split_arguments(config: pytest.Config) -> tuple[list[str], list[str]]:
    """What was named on the command line: paths, and ids of cases of ours. Values of options are neither.

    Raises pytest.UsageError for a path that is not there: a device is not asked for nothing.
    """
    import pytest

    paths: list[str] = []
    picked: list[str] = []
    for word in getattr(config.option, "file_or_dir", None) or ():
        place, colons, _ = str(word).partition("::")
        there = Path(config.invocation_params.dir, place).exists()
        ours = colons and not place.endswith(".py") and not there
        if not (there or ours or config.option.pyargs):
            raise pytest.UsageError(f"file or directory not found: {place}")
        (picked if ours else paths).append(str(word))
    return paths, picked
