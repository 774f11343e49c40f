"""What is told of a run after its report is written: its history. Nothing here delays a run or changes its status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from harness.history.deliver import Delivery
    from harness.reports.document.document import Document
    from harness.survey.bench import Bench


class AfterRun:
    """Who is told of a run, as its options, its bench file and the environment say."""

    def __init__(self, config: pytest.Config, bench: Bench | None, bench_file: Path | None) -> None:
        """Raises UsageError for an address that cannot be one."""
        from harness.history.place import chosen

        folder = bench_file.parent if bench_file else Path()
        self._history = chosen(config.getoption("history"), bench.history if bench else None, folder)
        self._delivery: Delivery | None = None
        self._said: list[str] = []

    def begin(self, document: Document) -> None:
        """Start telling; what goes wrong is a line of `lines`."""
        if self._history is None:
            return
        from harness.history.deliver import Delivery
        from harness.history.rows import encoded_rows, key_of

        try:
            self._delivery = Delivery(self._history, key_of(document), encoded_rows(document))
        except Exception as error:  # noqa: BLE001 - whatever it is, the run is not the worse for it
            self._said.append(f"not in the history: the run cannot be kept for it: {error}")

    def lines(self) -> Iterator[str]:
        """Warnings for the operator, when all else is written."""
        yield from (f"warning: {one_line(words, 600)}" for words in self._said)
        if self._delivery is not None:
            yield from (f"warning: {one_line(words, 600)}" for words in self._delivery.word())
