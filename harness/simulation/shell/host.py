"""What a shell runs on, and what its builtins ask of a shell: the two seams of the simulated handset's shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from harness.simulation.shell.jobs import Jobs
    from harness.simulation.shell.streams import DeviceFile, Streams


class Host(Protocol):
    """What the shell runs on: the recorded commands, the files and the device nodes of a handset."""

    files: dict[str, bytes]

    @property
    def rooted(self) -> bool:
        """Whether every shell is root's."""

    @property
    def su(self) -> bool:
        """Whether there is a su that grants root."""

    def open_node(self, path: str) -> DeviceFile | None:
        """A device node, opened; None where there is none of that name."""

    def holds(self, request: str) -> bool:
        """Whether this very command was recorded."""

    async def run(self, request: str, streams: Streams) -> int:
        """Play a recorded command; answers its exit code."""

    async def tool(self, words: Sequence[str], streams: Streams) -> int | None:
        """A command that every handset has; None where there is none of that name."""


class Scope(Protocol):
    """A shell as its builtins see it: variables, arguments, status, and shells below it."""

    host: Host
    variables: dict[str, str]
    arguments: list[str]
    jobs: Jobs
    root: bool
    pid: int
    last_job: int
    at_exit: str
    status: int

    @property
    def is_root(self) -> bool:
        """Whether commands run as root."""

    def child(self) -> Self:
        """A shell below this one."""

    async def source(self, text: str, streams: Streams) -> None:
        """Run a text in this shell."""

    async def run_script(self, text: str, streams: Streams) -> int:
        """Run a whole script; answers its exit code."""

    async def call_command(self, words: list[str], streams: Streams) -> int:
        """Run a command that is neither a function nor a builtin."""
