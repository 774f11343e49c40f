"""The hooks of one run, all at the same time, each in a thread: a run waits no longer than their one deadline."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from .event import encoded_event
from .senders import HOOK_S, call_program, post, write_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.reports.document.document import Document
    from harness.survey.bench import Hooks

_GRACE_S = 1.0


class Calls:
    """Hooks that have been called."""

    def __init__(self, hooks: Hooks, base: Path, folder: Path, document: Document) -> None:
        """Call them. Relative paths of `hooks` start from `base`; `folder` is the run's."""
        self._said: dict[str, str | None] = {}
        self._end = time.monotonic() + HOOK_S + _GRACE_S
        self._threads = [
            threading.Thread(target=self._call, args=(name, call), name=f"hook {name}", daemon=True)
            for name, call in _calls(hooks, base, folder, document)
        ]
        for one in self._threads:
            one.start()

    def _call(self, name: str, call: Callable[[], str | None]) -> None:
        try:
            self._said[name] = call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the run is not the worse for it
            self._said[name] = f"the hook {name} failed: {error}"

    def lines(self) -> Iterator[str]:
        """What a person should know, when all have ended or their time is over."""
        for one in self._threads:
            one.join(max(0.0, self._end - time.monotonic()))
            if one.is_alive():
                yield f"the {one.name} has not ended"
        yield from (words for words in self._said.values() if words)


def _calls(
    hooks: Hooks, base: Path, folder: Path, document: Document
) -> Iterator[tuple[str, Callable[[], str | None]]]:
    if hooks.command:
        words = [hooks.command] if isinstance(hooks.command, str) else list(hooks.command)
        program = base / words[0] if "/" in words[0] else words[0]
        yield "command", partial(call_program, [str(program), *words[1:]], folder / "report.json", folder)
    if hooks.webhook:
        yield "webhook", partial(post, hooks.webhook, encoded_event(document))
    if hooks.textfile:
        yield "textfile", partial(write_metrics, base / hooks.textfile, document)
