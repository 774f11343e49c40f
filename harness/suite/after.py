"""Who is told of a run: the bench page while it lasts, hooks and a history after it. Nothing here changes its status."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from harness.plain_text import one_line
from harness.suite.live import LiveRun
from harness.suite.options import option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from harness.history.deliver import Delivery
    from harness.hooks.calling import Calls
    from harness.reports.document.document import Document
    from harness.survey.bench import Bench
    from harness.survey.targets import Target

HISTORY = "BANDPROOF_HISTORY"


class AfterRun:
    """Who is told of a run, as its options, its bench file and the environment say."""

    def __init__(self, config: pytest.Config, found: tuple[Bench, Path] | None, key: str) -> None:
        """`found`: the bench and where its file stands. Raises UsageError for an address that cannot be one."""
        bench = found[0] if found else None
        self._base = found[1].parent if found else Path()
        self._live = LiveRun(key, bench.name if bench else None)
        if self._live.is_watched:
            config.pluginmanager.register(self._live, "bandproof-live")
        self._history = _history(option(config, "history"), bench.history if bench else None, self._base)
        self._hooks = bench.hooks if bench else None
        self._delivery: Delivery | None = None
        self._calls: Calls | None = None
        self._said: list[str] = []

    def begin(self, folder: Path, targets: Sequence[Target]) -> LiveRun:
        """The devices are read now; what is told of each."""
        self._live.begin(folder, targets)
        return self._live

    def end(self, folder: Path, document: Document) -> None:
        """The report is written; what goes wrong is a line of `lines`."""
        try:
            self._live.end(document)
            if self._hooks is not None and any((self._hooks.command, self._hooks.webhook, self._hooks.textfile)):
                from harness.hooks.calling import Calls

                self._calls = Calls(self._hooks, self._base, folder, document)
            if self._history is not None:
                from harness.history.deliver import Delivery
                from harness.history.rows import encoded_rows, key_of

                self._delivery = Delivery(self._history, key_of(document), encoded_rows(document))
        except Exception as error:  # noqa: BLE001 - whatever it is, the run is not the worse for it
            self._said.append(f"others cannot be told of the run: {error}")

    def lines(self) -> Iterator[str]:
        """Warnings for the operator, when all else is written."""
        told = [*self._said]
        if self._delivery is not None:
            told += self._delivery.word()
        if self._calls is not None:
            told += self._calls.lines()
        yield from (f"warning: {one_line(words, 600)}" for words in told)


def _history(option: str | None, bench: str | None, base: Path) -> str | None:
    """Where the run is kept. Raises UsageError."""
    if not (option or bench or os.environ.get(HISTORY)):
        return None
    from harness.history.place import chosen

    return chosen(option, bench, base)
