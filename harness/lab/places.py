"""Places of a labgrid lab: acquired under a name of this run's own, turned into addresses, released whatever happens.

Of labgrid there is the client session and its stub, no driver, no target and no resource class. The way to a device (an
adb server, a TCP port) never passes through it: what befalls exporters and the coordinator turns no verdict.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from harness.errors import LinkError, PortBusy, UnknownName, UsageError
from harness.plain_text import one_line
from harness.processes import born

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence

COORDINATOR = "LG_COORDINATOR"
_MARK = ":bandproof-"
START_S, ACQUIRE_S, RELEASE_S = 10.0, 15.0, 5.0
"""How long a coordinator may be silent; it gives up on a frozen exporter after ten seconds."""
LONGEST_S = 60.0
"""How long one that answers may take for all places of a run."""
_TO_PART_S = 1.0
"""What is left of RELEASE_S for the session itself."""
_SILENT = "the lab's coordinator does not answer"


@dataclass(frozen=True, slots=True)
class AcquiredPlace:
    """A place that this run has. `lost` says why nothing of it can be reached; then there is no address."""

    wanted: str
    name: str
    addresses: tuple[str, ...] = ()
    lost: str = ""


@dataclass(slots=True)
class LabSession:
    """The session of a run with the coordinator: labgrid takes one a process, with as many places as are wanted."""

    address: str
    run: str
    notes: list[str] = field(default_factory=list)
    """What the operator should know."""
    _session: Any = None
    _loop: asyncio.AbstractEventLoop | None = None
    _held: dict[str, None] = field(default_factory=dict)

    @property
    def me(self) -> str:
        """Under which name places are held: refusals name the run, and who finds the place knows whether it lives."""
        return f"{socket.gethostname()}/{self._user}"

    @property
    def _user(self) -> str:
        try:
            who = getpass.getuser()
        except (OSError, KeyError):
            who = "somebody"
        return f"{who}{_MARK}{self.run}.{os.getpid()}.{born(os.getpid())}"

    def open(self) -> None:
        """Meet the coordinator. Raises UsageError without the extra, LinkError where nobody answers."""
        if find_spec("labgrid") is None:
            raise UsageError("labgrid places need a package", way_out="pip install 'bandproof[labgrid]'")
        from labgrid.remote.client import ServerError

        self._loop = asyncio.new_event_loop()
        try:
            with _named(self._user):
                self._session = self._wait(self._started(), START_S)
        except (OSError, TimeoutError, RuntimeError, ServerError) as error:
            self._loop.close()
            raise LinkError(
                f"no labgrid coordinator answers at {self.address}: {one_line(str(error) or type(error).__name__)}",
                way_out=f"start it, or name another: {COORDINATOR}=HOST:PORT",
            ) from None

    async def _started(self) -> Any:
        """A session, as `start_session` makes it, but that its wait has an end."""
        from labgrid.remote.client import ClientSession

        host, _, port = self.address.rpartition(":")
        place = f"{host or self.address}:{port if host else 20408}"
        session = ClientSession(place, asyncio.get_running_loop())
        await session.start()
        return session

    def acquire(self, wanted: str) -> AcquiredPlace:
        """The place of that name, or a free one with those tags (`model=x,kind=handset`).

        Raises UnknownName, PortBusy with the owner's name. What the lab cannot give is lost, and told so.
        """
        names = self._candidates(wanted)
        refusals = []
        for name in names:
            if name in self._held:
                refusals.append(f"{name} is another device of this run")
                continue
            try:
                self._free_dead(name)
                return self._came_of(wanted, name, self._ask_for([name])[name])
            except PortBusy as error:
                refusals.append(error.message)
            except (LinkError, TimeoutError) as error:
                return AcquiredPlace(wanted, name, lost=str(error) or _SILENT)
        raise PortBusy("; ".join(refusals), way_out="wait for it, or ask who has it")

    def acquire_all(self, wanted: Sequence[str]) -> list[AcquiredPlace]:
        """As `acquire` for each, in this order; places that are named and free are asked for at once.

        What was acquired before one is refused is held, and released when the session ends.
        """
        named = list(dict.fromkeys(one for one in wanted if "=" not in one))
        free = [name for name in named for one in self._candidates(name) if self._session.places[one].acquired is None]
        # Those that are held are refused before the others are asked for, or freed.
        found = {name: self.acquire(name) for name in named if name not in free}
        ends = self._ask_for(free) if free else {}
        found |= {name: self._came_of(name, name, error) for name, error in ends.items()}
        return [found.pop(one) if one in found else self.acquire(one) for one in wanted]

    def _candidates(self, wanted: str) -> list[str]:
        places = self._session.places
        if "=" not in wanted:
            if wanted not in places:
                import difflib

                raise UnknownName("place in the lab", wanted, tuple(difflib.get_close_matches(wanted, places, 3, 0.4)))
            return [wanted]
        tags = dict(one.partition("=")[::2] for one in wanted.split(","))
        found = sorted(name for name, place in places.items() if tags.items() <= place.tags.items())
        if not found:
            raise UsageError(
                f"no place of the lab has the tags {wanted}", way_out="labgrid-client places -v lists them"
            )
        # Free ones first, the same one each time.
        return sorted(found, key=lambda name: places[name].acquired is not None)

    def _ask_for(self, names: Sequence[str]) -> dict[str, Exception | None]:
        """Acquire places at once; what went wrong with each. Those that are ours now, or may become it, are held."""
        from labgrid.remote.generated import labgrid_coordinator_pb2 as messages

        async def ask(name: str) -> None:
            await self._session.stub.AcquirePlace(messages.AcquirePlaceRequest(placename=name))

        ends = self._at_once(ask, names, ACQUIRE_S)
        self._held.update({name: None for name, error in ends.items() if isinstance(error, TimeoutError)})
        self._sync()
        self._held.update({name: None for name in names if self._session.places[name].acquired == self.me})
        return ends

    def _came_of(self, wanted: str, name: str, error: Exception | None) -> AcquiredPlace:
        """What came of one. Raises PortBusy where somebody else has it."""
        place = self._session.places[name]
        if name in self._held and error is None:
            return self._found(wanted, name)
        if isinstance(error, TimeoutError):
            return AcquiredPlace(wanted, name, lost=_SILENT)
        if place.acquired is not None:
            raise PortBusy(f"{name} {_holding(str(place.acquired), place)}")
        details = one_line(getattr(error, "details", str)() or "")
        if place.reservation:
            raise PortBusy(f"{name} is reserved for somebody else (reservation {place.reservation}): {details}")
        return AcquiredPlace(wanted, name, lost=f"the lab does not give {name}: {details}")

    def _free_dead(self, name: str) -> None:
        """Release what a run of ours that was killed on this host still holds. Raises PortBusy where it lives."""
        if self._session.places[name].acquired is None:
            return
        owner = str(self._session.places[name].acquired)
        if not _is_dead(owner):
            raise PortBusy(f"{name} {_holding(owner, self._session.places[name])}")
        self._release(name, owner)
        self._sync()
        self.notes.append(f"{name} was still held by a run that was killed ({owner}); it is free again")

    def _found(self, wanted: str, name: str) -> AcquiredPlace:
        place = self._session.places[name]
        addresses: list[str] = []
        others: list[str] = []
        for exporter, group, cls, resource in place.acquired_resources:
            entry = self._session.resources.get(exporter, {}).get(group, {}).get(resource)
            # Of an exporter that died an empty entry is left, which has no parts to ask for.
            if entry is None or "params" not in entry.data or not entry.avail:
                return AcquiredPlace(wanted, name, lost=f"its exporter {exporter} is gone")
            address = address_of(str(cls), dict(entry.args))
            (addresses if address else others).append(address or str(cls))
        if not addresses:
            what = f"holds {', '.join(others)}" if others else "has no resource that is there"
            return AcquiredPlace(wanted, name, lost=f"{what}: no handset and no modem")
        return AcquiredPlace(wanted, name, tuple(addresses))

    def close(self) -> None:
        """Release what is held, and part. What goes wrong is a note; a silent coordinator costs RELEASE_S."""
        if self._session is None or self._loop is None:
            return
        for name, error in self._released().items():
            if error is None:
                del self._held[name]
            else:
                why = str(error) or "no answer"
                self.notes.append(f"{name} could not be released ({why}): the next run here frees it")
        for part in (self._session.stop, self._session.close):
            with suppress(*_ended()):
                self._wait(part(), _TO_PART_S / 2)
        self._session = None
        self._drain()

    def _released(self) -> dict[str, Exception | None]:
        """Release all that is held at once; why one could not be."""
        names = list(self._held)
        try:
            return self._at_once(lambda name: self._releasing(name, self.me), names, RELEASE_S - _TO_PART_S)
        except (LinkError, TimeoutError, RuntimeError) as error:
            return dict.fromkeys(names, error)

    def _at_once(
        self, ask: Callable[[str], Coroutine[Any, Any, None]], names: Sequence[str], silence_s: float
    ) -> dict[str, Exception | None]:
        """What each of the questions raised. Where none is answered for so long, the rest are TimeoutErrors."""

        async def ask_all() -> dict[str, Exception | None]:
            tasks = {name: asyncio.ensure_future(ask(name)) for name in names}
            left = set(tasks.values())
            while left:
                done, left = await asyncio.wait(left, timeout=silence_s, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    break
            for one in left:
                one.cancel()
            return {name: TimeoutError() if one in left else _raised(one) for name, one in tasks.items()}

        return dict(self._wait(ask_all(), silence_s + LONGEST_S))

    def _drain(self) -> None:
        """End what the session has left running in its loop, and the loop."""
        loop = self._loop
        if loop is None:
            return
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        with suppress(TimeoutError, RuntimeError):
            loop.run_until_complete(_until_ended(left))
        loop.close()
        self._loop = None

    def _release(self, name: str, owner: str) -> None:
        self._wait(self._releasing(name, owner), RELEASE_S)

    async def _releasing(self, name: str, owner: str) -> None:
        """Raises LinkError."""
        import grpc
        from labgrid.remote.generated import labgrid_coordinator_pb2 as messages

        # Without `fromuser` a coordinator releases anybody's place.
        request = messages.ReleasePlaceRequest(placename=name, fromuser=owner)
        try:
            await self._session.stub.ReleasePlace(request)
        except grpc.aio.AioRpcError as error:
            raise LinkError(one_line(error.details() or str(error.code()))) from None

    def _sync(self) -> None:
        self._wait(self._session.sync_with_coordinator(), ACQUIRE_S)

    def _wait(self, what: Awaitable[Any], within_s: float) -> Any:
        if self._loop is None:
            raise LinkError("the lab's session has ended")
        return self._loop.run_until_complete(asyncio.wait_for(_awaited(what), within_s))


def _raised(task: asyncio.Future[None]) -> Exception | None:
    error = task.exception()
    if error is not None and not isinstance(error, Exception):
        raise error
    return error


def _ended() -> tuple[type[Exception], ...]:
    """What parting from a coordinator that is gone raises."""
    import grpc

    return (grpc.RpcError, grpc.aio.UsageError, OSError, TimeoutError, RuntimeError, LinkError, AssertionError)


async def _until_ended(tasks: set[asyncio.Task[Any]]) -> None:
    await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 0.5)


async def _awaited(what: Awaitable[Any]) -> Any:
    return await what


ADBD_PORT = 5555
"""Where adbd listens (`adb tcpip 5555`)."""


def address_of(cls: str, told: dict[str, Any]) -> str:
    """The address of an exported resource, by its class and parameters; empty for one that is no way to a device."""
    host, port = told.get("host"), told.get("port")
    if cls == "NetworkADBDevice":
        serial = told.get("serial") or told.get("serialno")
        return f"adb://{host}:{port or 5037}/{serial}" if host and serial else ""
    if cls == "NetworkService":
        # A service of a host, SSH where no port is named; at adbd's own port it is a handset on the network.
        return f"{told.get('address')}:{port}" if told.get("address") and port == ADBD_PORT else ""
    if not host or not port:
        return ""
    if cls == "RemoteADBDevice":
        return f"{host}:{port}"
    if cls == "NetworkSerialPort":
        return f"{'socket' if told.get('protocol') == 'raw' else 'rfc2217'}://{host}:{port}"
    return ""


def _is_dead(owner: str) -> bool:
    """Whether it was a run of ours, on this host, that lives no more."""
    host, _, user = owner.partition("/")
    who = user.rpartition(_MARK)[2] if _MARK in user else ""
    parts = who.rsplit(".", 2)
    if host != socket.gethostname() or len(parts) != 3 or not parts[1].isdigit():
        return False
    return born(int(parts[1])) != parts[2]


def _holding(owner: str, place: Any) -> str:
    since = datetime.fromtimestamp(float(place.changed), UTC)
    return f"is held by {owner} since {since:%Y-%m-%d %H:%M:%S} UTC"


@contextmanager
def _named(user: str) -> Iterator[None]:
    """labgrid asks the environment who it is, when a session starts."""
    before = {name: os.environ.get(name) for name in ("LG_USERNAME", "LG_HOSTNAME")}
    os.environ.update({"LG_USERNAME": user, "LG_HOSTNAME": socket.gethostname()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
