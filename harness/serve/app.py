"""The bench page: an ASGI application. One task follows the bench, every client is shown what it found."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from harness.errors import BandproofError, UnknownName, UsageError
from harness.operator import answer, standing

from .board import Board
from .finished import FinishedRuns
from .hub import Hub
from .pages import STATIC, notice, page, part
from .past import Past
from .presence import look
from .starting import Order, Starter, abort

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request

    from harness.survey.bench import Bench

FOLLOW_S = 0.025
_SLOW_S = 0.4
"""How often questions and processes are looked at."""
_PRESENCE_S = 2.0
_LARGEST_FORM = 64 * 1024
_REPORT_POLICY = "sandbox; base-uri 'none'; frame-ancestors 'none'"
"""A report brings a policy of its own; nothing in it runs, and it reaches nothing of the page."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page is of."""

    live: Path
    reports: Path
    bench: Bench | None = None
    bench_file: Path | None = None
    history: str | None = None

    @property
    def name(self) -> str:
        """What stands at the top."""
        return (self.bench.name if self.bench else None) or "Bench"


class BenchPage:
    """The page of one bench."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.board = Board(room.live, room.bench.devices if room.bench else ())
        self.hub = Hub()
        self.past = Past(room.history)
        self._starter = Starter(room.bench, room.bench_file, room.live)
        self._finished = FinishedRuns(room.reports, self.board)

    def application(self) -> Starlette:
        """The routes."""
        return Starlette(
            routes=[
                Route("/", self.bench),
                Route("/events", self.events),
                Route("/runs", self.runs),
                Route("/runs", self.start, methods=["POST"]),
                Route("/runs/{key}/abort", self.abort, methods=["POST"]),
                Route("/runs/{key}/{file}", self.report),
                Route("/prompts/{id}", self.answer, methods=["POST"]),
                Route("/diff", self.diff),
                Route("/history", self.history),
                Mount("/static", StaticFiles(directory=STATIC)),
            ],
            lifespan=self._life,
            exception_handlers={BandproofError: self._told},
        )

    @asynccontextmanager
    async def _life(self, _: Starlette) -> AsyncIterator[None]:
        self.look()
        tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._see())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()

    async def _follow(self) -> None:
        slow = 0.0
        while True:
            if time.monotonic() >= slow:
                slow = time.monotonic() + _SLOW_S
                self.look()
            else:
                self.board.follow()
                self._show()
            await asyncio.sleep(FOLLOW_S)

    def look(self) -> None:
        """Look at everything that is quick to look at."""
        self.board.follow()
        self.board.bury()
        self.board.ask(standing())
        self.hub.put("notice", notice(self._starter.reap({run.pid for run in self.board.runs.values()})))
        self._show()

    async def _see(self) -> None:
        while True:
            # In a thread: an adb server may take its time.
            self.board.see(await asyncio.to_thread(look, self.room.bench))
            await asyncio.sleep(_PRESENCE_S)

    def _show(self) -> None:
        changed, self.board.changed = self.board.changed, set()
        # Devices in the order of the bench file, and of those that came later.
        order = {name: number for number, name in enumerate(self.board.seats)}
        for kind, key in sorted(changed, key=lambda one: (one[0], order.get(one[1], 0), one[1])):
            self.hub.put(*part(self.board, kind, key))

    def _page(self, request: Request, template: str, here: str, status: int = 200, **more: object) -> HTMLResponse:
        role = request.scope.get("role", "reader")
        return HTMLResponse(page(template, name=self.room.name, role=role, here=here, **more), status)

    async def _told(self, request: Request, error: Exception) -> Response:
        words = (
            f"{error.message}{f'; {error.way_out}' if error.way_out else ''}"
            if isinstance(error, BandproofError)
            else ""
        )
        status = 400 if isinstance(error, UsageError) and not isinstance(error, UnknownName) else 404
        return self._page(request, "message.html.j2", "", status, title="That cannot be done", words=words)

    async def bench(self, request: Request) -> Response:
        """What is now."""
        return self._page(request, "bench.html.j2", "bench", parts=self.hub.parts(), bench=self.room.bench)

    async def events(self, _: Request) -> Response:
        """What changes, as it does."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self.hub.frames(), media_type="text/event-stream", headers=headers)

    async def start(self, request: Request) -> Response:
        """Start a run."""
        form = await _form(request)
        preset = form.get("preset", [""])[0]
        tab = form.get("tab", [""])[0]
        if preset:
            known = self.room.bench.presets.get(preset) if self.room.bench else None
            if known is None or self.room.bench is None:
                raise UsageError(f"there is no preset {preset!r}")
            devices = known.devices or tuple(self.room.bench.devices)
            order = Order(devices, known.carriers, known.policy, tab, known.sweep)
        else:
            carriers = tuple(" ".join(form.get("carriers", [])).replace(",", " ").split())
            policy, sweep = form.get("policy", ["strict"])[0], form.get("sweep", [""])[0].strip()
            order = Order(tuple(form.get("device", [])), carriers, policy, tab, sweep)
        self._starter.start(order)
        self.look()
        return RedirectResponse("/", 303)

    async def abort(self, request: Request) -> Response:
        """Stop a run as Ctrl-C does."""
        run = self.board.runs.get(request.path_params["key"])
        if run is None or not abort(run):
            return self._page(
                request, "message.html.j2", "", 409, title="It has ended", words="There is no such run under way."
            )
        return RedirectResponse("/", 303)

    async def answer(self, request: Request) -> Response:
        """Answer a question."""
        form = await _form(request)
        host = request.client.host if request.client else "somewhere"
        given = answer(
            request.path_params["id"],
            form.get("choice", [""])[0],
            by=form.get("by", [""])[0],
            where=f"page, {host}",
        )
        self.board.ask(standing())
        self._show()
        if given == "taken":
            return RedirectResponse("/", 303)
        words = {"second": "Somebody else has answered before.", "over": "Nobody waits for this answer any more."}[
            given
        ]
        return self._page(request, "message.html.j2", "", 409, title="Not taken", words=words)

    async def runs(self, request: Request) -> Response:
        """The runs that have ended."""
        return self._page(request, "runs.html.j2", "runs", runs=await asyncio.to_thread(self._finished.listed))

    async def report(self, request: Request) -> Response:
        """A file of a run, as the run left it."""
        file = await asyncio.to_thread(self._finished.file, request.path_params["key"], request.path_params["file"])
        return FileResponse(file, headers={"Content-Security-Policy": _REPORT_POLICY})

    async def diff(self, request: Request) -> Response:
        """Two runs compared."""
        before, after = (request.query_params.get(name, "") for name in ("before", "after"))
        html = await asyncio.to_thread(self._finished.diff, before, after)
        return HTMLResponse(html, headers={"Content-Security-Policy": _REPORT_POLICY})

    async def history(self, request: Request) -> Response:
        """All runs together."""
        question = request.query_params.get("question", "")
        of = request.query_params.get("of", "")
        told = await asyncio.to_thread(self.past.asked, question, of)
        return self._page(request, "history.html.j2", "history", **told)


async def _form(request: Request) -> dict[str, list[str]]:
    """The fields of a form. Raises UsageError for one that no page of ours sends."""
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _LARGEST_FORM:
            raise UsageError("the form is larger than any of this page")
    try:
        return parse_qs(data.decode(), keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise UsageError("that is no form of this page") from None
