"""What runs in a handset's shell under a process number: subshells and background commands."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine

KILLED = 137
"""The status of a shell that was killed: 128 and the number of SIGKILL."""


class Jobs:
    """The jobs of all related shells."""

    def __init__(self) -> None:
        self.numbered = False
        """Whether a shell has looked up its own number: from then on it may be killed by it."""
        self._jobs: dict[int, asyncio.Task[int] | _Subshell] = {}

    def begin(self, number: int, work: Coroutine[Any, Any, int]) -> None:
        """Run in the background."""
        self._jobs[number] = asyncio.ensure_future(work)

    async def run(self, number: int, work: Coroutine[Any, Any, int]) -> int:
        """Run a subshell to its end; answers its status. It is killed by its number, also from within.

        A task of its own costs more than most commands do. It needs one where others run beside it, or may kill it.
        """
        beside = self._jobs and any(isinstance(job, asyncio.Task) and not job.done() for job in self._jobs.values())
        if self.numbered or beside:
            return await self._run_task(number, work)
        job = self._jobs[number] = _Subshell()
        try:
            return await job.run(work)
        finally:
            self._jobs.pop(number, None)

    async def _run_task(self, number: int, work: Coroutine[Any, Any, int]) -> int:
        task = self._jobs[number] = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task})
            return KILLED if task.cancelled() else task.result()
        finally:
            task.cancel()
            self._jobs.pop(number, None)

    def kill(self, number: int) -> bool:
        """End one; False where none has that number."""
        job = self._jobs.pop(number, None)
        if job is not None:
            job.cancel()
        return job is not None

    def end(self) -> None:
        """End all that still run."""
        for job in self._jobs.values():
            job.cancel()


class _Subshell:
    """A subshell within the task of its shell."""

    def __init__(self) -> None:
        self._task = asyncio.current_task()
        self._killed = False

    def cancel(self) -> None:
        """End the subshell, and not the shell around it."""
        if self._task is not None and not self._killed:
            self._killed = True
            self._task.cancel()

    async def run(self, work: Coroutine[Any, Any, int]) -> int:
        try:
            status = await work
        except asyncio.CancelledError:
            if not self._killed:
                raise
        except BaseException:
            await self._struck()
            raise
        else:
            if not await self._struck():
                return status
        if self._task is not None and self._task.uncancel():  # What is around it ends as well.
            raise asyncio.CancelledError
        return KILLED

    async def _struck(self) -> bool:
        """Whether it was killed; that strikes where it waits for something, here at the latest."""
        if self._killed:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0)
        return self._killed
