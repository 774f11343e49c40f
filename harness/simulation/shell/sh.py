"""A handset's shell, in this process: enough of mksh for batched scripts and for what adb's clients send.

Nothing that a client sends runs on this machine: commands are the recorded ones, and a few that every handset has
(`sh_tools`). What this shell cannot read ends with a syntax error and status 2, never with a guess.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from typing import TYPE_CHECKING

from harness.simulation.shell import expand
from harness.simulation.shell.builtins import OWN_VARIABLES, call_builtin
from harness.simulation.shell.ends import Exit, LoopEnd, Return
from harness.simulation.shell.grammar import DEEPEST, CaseClause, Compound, Function, Simple, parse
from harness.simulation.shell.jobs import Jobs
from harness.simulation.shell.streams import Buffer, Nowhere, Streams
from harness.simulation.shell.words import ScriptError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from harness.simulation.shell.grammar import Command, Pipeline, Redirect, Sequence_, Word
    from harness.simulation.shell.host import Host
    from harness.simulation.shell.streams import DeviceFile, Input, Sink


_PLAIN_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=([\w.-]*)\n")


class Shell:
    """One shell: variables, functions, the last status. Subshells are copies."""

    _pids = itertools.count(4242)

    def __init__(self, host: Host, parent: Shell | None = None) -> None:
        self.host = host
        self.variables: dict[str, str] = dict(parent.variables) if parent else {}
        self.functions: dict[str, Command] = dict(parent.functions) if parent else {}
        self.arguments: list[str] = list(parent.arguments) if parent else []
        self.open_files: dict[int, DeviceFile] = dict(parent.open_files) if parent else {}
        self.jobs: Jobs = parent.jobs if parent else Jobs()
        self.root: bool = parent.root if parent else False
        self.pid: int = next(self._pids)
        self.last_job: int = 0
        self.at_exit = ""
        self.status: int = parent.status if parent else 0
        self._depth: int = parent._depth + 1 if parent else 0

    @property
    def is_root(self) -> bool:
        """Whether commands run as root."""
        return self.root or self.host.rooted

    async def run_script(self, text: str, streams: Streams) -> int:
        """Run a whole script; answers its exit code."""
        return await self._to_its_end(lambda: self.source(text, streams), streams)

    async def source(self, text: str, streams: Streams) -> None:
        """Run a text in this shell, as `eval` does. A syntax error ends the shell (POSIX XCU 2.8.1)."""
        if not self.root and self.host.holds(text):
            self.status = await self.host.run(text, streams)
            return
        # Batched scripts differ in a first line that sets their marker: the rest is the same tree each time.
        if match := _PLAIN_ASSIGNMENT.match(text):
            self.variables[match[1]] = match[2]
            text = text[match.end() :]
        try:
            if self._depth > DEEPEST:
                raise ScriptError("nested too deeply")
            tree = parse(text)
        except ScriptError as error:
            await streams.stderr.write(f"/system/bin/sh: {error}\n".encode())
            raise Exit(2) from None
        self._depth += 1
        try:
            await self._sequence(tree, streams)
        finally:
            self._depth -= 1

    def end_jobs(self) -> None:
        """End what still runs in the background."""
        self.jobs.end()

    def child(self) -> Shell:
        """A shell below this one."""
        return Shell(self.host, self)

    async def alone(self, command: Command, streams: Streams) -> int:
        """Run one command as a shell of its own."""
        return await self._to_its_end(lambda: self._command(command, streams), streams)

    async def inside(self, tree: Sequence_, streams: Streams) -> int:
        """Run what stands in brackets as a shell of its own."""
        return await self._to_its_end(lambda: self._sequence(tree, streams), streams)

    async def background(self, pipeline: Pipeline, streams: Streams) -> int:
        """Run what stands before `&` as a shell of its own."""
        return await self._to_its_end(lambda: self._pipeline(pipeline, streams), streams)

    async def _to_its_end(self, work: Callable[[], Awaitable[None]], streams: Streams) -> int:
        try:
            await work()
        except Exit as end:
            self.status = end.status
        except LoopEnd:
            pass
        except ScriptError as error:
            await streams.stderr.write(f"/system/bin/sh: {error}\n".encode())
            self.status = 2
        if self.at_exit:
            text, self.at_exit, status = self.at_exit, "", self.status
            await self.run_script(text, streams)
            self.status = status
        return self.status

    async def _sequence(self, tree: Sequence_, streams: Streams) -> None:
        for operator, pipeline in tree.items:
            if operator == ";" or (operator == "&&") == (self.status == 0):
                if pipeline.background:
                    child = self.child()
                    self.last_job = child.pid
                    self.jobs.begin(child.pid, child.background(pipeline, streams))
                    self.status = 0
                else:
                    await self._pipeline(pipeline, streams)

    async def _pipeline(self, pipeline: Pipeline, streams: Streams) -> None:
        if len(pipeline.commands) == 1:
            await self._command(pipeline.commands[0], streams, pipeline.source)
        elif not self.root and self.host.holds(pipeline.source):
            self.status = await self.host.run(pipeline.source, streams)
        else:
            source = streams.stdin
            for command in pipeline.commands[:-1]:
                pipe, child = Buffer(), self.child()
                inner = Streams(source, pipe, streams.stderr)
                await child.alone(command, inner)
                source = pipe
            child, inner = self.child(), Streams(source, streams.stdout, streams.stderr)
            self.status = await child.alone(pipeline.commands[-1], inner)
        if pipeline.negated:
            self.status = int(self.status == 0)

    async def _command(self, command: Command, streams: Streams, text: str = "") -> None:
        if isinstance(command, Simple):
            if text and not self.root and self.host.holds(text):
                self.status = await self.host.run(text, streams)
            else:
                await self._simple(command, streams)
        elif isinstance(command, Function):
            self.functions[command.name] = command.body
            self.status = 0
        elif isinstance(command, CaseClause):
            await self._case(command, streams)
        else:
            await self._brackets(command, streams)

    async def _brackets(self, command: Compound, streams: Streams) -> None:
        redirected = await self._redirected(command.redirects, streams)
        if redirected is None:
            return
        inner, files = redirected
        self._depth += 1
        if self._depth > DEEPEST:
            raise ScriptError("nested too deeply")
        try:
            await (self._subshell if command.kind == "(" else self._compound)(command, inner)
        finally:
            self._depth -= 1
            self._keep(files)

    async def _subshell(self, command: Compound, streams: Streams) -> None:
        child = self.child()
        self.status = await self.jobs.run(child.pid, child.inside(command.lists[0], streams))

    async def _compound(self, command: Compound, streams: Streams) -> None:
        if command.kind == "{":
            await self._sequence(command.lists[0], streams)
        elif command.kind == "if":
            await self._sequence(command.lists[0], streams)
            branch = 1 if self.status == 0 else 2
            self.status = 0
            if branch < len(command.lists):
                await self._sequence(command.lists[branch], streams)
        else:
            try:
                await (self._for(command, streams) if command.kind == "for" else self._while(command, streams))
            except LoopEnd as end:
                self.status = 0
                if end.levels > 1:
                    raise LoopEnd(end.levels - 1, again=end.again) from None

    async def _for(self, command: Compound, streams: Streams) -> None:
        for value in [text for word in command.words for text in await self._expand(word, streams)]:
            self.variables[command.name] = value
            await self._once(command.lists[0], streams)

    async def _while(self, command: Compound, streams: Streams) -> None:
        last = 0
        while True:
            await self._sequence(command.lists[0], streams)
            if (self.status == 0) != (command.kind == "while"):
                break
            await self._once(command.lists[1], streams)
            last = self.status
        self.status = last

    async def _once(self, body: Sequence_, streams: Streams) -> None:
        await asyncio.sleep(0)
        try:
            await self._sequence(body, streams)
        except LoopEnd as end:
            if not end.again or end.levels > 1:
                raise

    async def _case(self, command: CaseClause, streams: Streams) -> None:
        text = "".join(await self._whole(command.word, streams))
        self.status = 0
        for patterns, body in command.clauses:
            for pattern in patterns:
                pieces = [(await self._value(p.kind, p.text, streams), p.quoted or p.kind != "text") for p in pattern]
                if expand.matches(text, pieces):
                    await self._sequence(body, streams)
                    return

    async def _simple(self, command: Simple, streams: Streams) -> None:
        words: list[str] = []
        for word in command.words:
            words += await self._expand(word, streams)
        redirected = await self._redirected(command.redirects, streams, forever=words == ["exec"])
        if redirected is None:
            return
        inner, files = redirected
        values = {name: await self._whole(word, streams) for name, word in command.assignments}
        if words:
            self.status = await self._call(words, inner, values)
        else:
            self.variables.update(values)
            self.status = self.status if _substitutes(command) else 0
        self._keep(files)

    async def _call(self, words: list[str], streams: Streams, values: Mapping[str, str]) -> int:
        name = words[0]
        if (body := self.functions.get(name)) is not None:
            return await self._function(body, words[1:], streams)
        status = await call_builtin(self, words, streams, values)
        return await self.call_command(words, streams) if status is None else status

    async def _function(self, body: Command, arguments: list[str], streams: Streams) -> int:
        before, self.arguments = self.arguments, arguments
        self._depth += 1
        if self._depth > DEEPEST:
            raise ScriptError("nested too deeply")
        try:
            await self._command(body, streams)
        except Return as end:
            self.status = end.status
        finally:
            self._depth -= 1
            self.arguments = before
        return self.status

    async def call_command(self, words: list[str], streams: Streams) -> int:
        """A command that is neither a function nor the shell's own."""
        text = " ".join(words)
        if self.host.holds(text) and not (self.is_root and words[0] in ("id", "whoami")):
            return await self.host.run(text, streams)
        if self.is_root and words in (["id"], ["id", "-u"], ["whoami"]):
            said = {"id": b"uid=0(root) gid=0(root)\n", "id -u": b"0\n", "whoami": b"root\n"}[text]
            await streams.stdout.write(said)
            return 0
        status = await self.host.tool(words, streams)
        if status is None:
            await streams.stderr.write(f"/system/bin/sh: {words[0]}: inaccessible or not found\n".encode())
            return 127
        return status

    async def _expand(self, word: Word, streams: Streams) -> list[str]:
        """The fields that a word becomes."""
        if len(word) == 1:
            [part] = word
            if part.kind == "text":
                return [part.text]
            if part.kind == "variable" and part.text == "@":
                return list(self.arguments)
        return expand.fields(
            [
                (self.variable(part.text), part.quoted)
                if part.kind == "variable"
                else (await self._value(part.kind, part.text, streams), part.quoted or part.kind == "text")
                for part in word
            ]
        )

    async def _whole(self, word: Word, streams: Streams) -> str:
        return "".join([await self._value(part.kind, part.text, streams) for part in word])

    async def _value(self, kind: str, text: str, streams: Streams) -> str:
        if kind == "text":
            return text
        if kind == "variable":
            return self.variable(text)
        if kind == "arithmetic":
            return str(expand.reckon(text, self.variable))
        pipe, child = Buffer(), self.child()
        self.status = await child.run_script(text, Streams(streams.stdin, pipe, streams.stderr))
        return bytes(pipe.data).decode("utf-8", "surrogateescape").rstrip("\n")

    def variable(self, name: str) -> str:
        """The value of a variable or of one of the shell's own; empty where it is unset."""
        if (own := OWN_VARIABLES.get(name)) is not None:
            return own(self)
        if name.isdigit():
            number = int(name)
            return "/system/bin/sh" if number == 0 else "".join(self.arguments[number - 1 : number])
        return self.variables.get(name, "")

    async def _redirected(
        self, redirects: tuple[Redirect, ...], streams: Streams, *, forever: bool = False
    ) -> tuple[Streams, dict[str, Buffer]] | None:
        """The streams after the redirections, and the files they write; None where one names no file."""
        if not (redirects or self.open_files):
            return streams, {}
        out: dict[int, Sink] = {1: streams.stdout, 2: streams.stderr, **self.open_files}
        sources: dict[int, Input] = {0: streams.stdin, **self.open_files}
        files: dict[str, Buffer] = {}
        for redirect in redirects:
            first, *more = redirect.target
            name = await self._whole(redirect.target, streams) if more or first.kind != "text" else first.text
            node = self.host.open_node(name) if redirect.op in ("<>", "<", ">") and name.startswith("/dev/") else None
            if redirect.op == "<>" and node is not None:
                sources[redirect.fd] = out[redirect.fd] = node
                if forever:
                    self.open_files[redirect.fd] = node
            elif redirect.op in ("<", "<>"):
                if node is None and name != "/dev/null" and name not in self.host.files:
                    text = f"/system/bin/sh: can't open {name}: No such file or directory\n"
                    await streams.stderr.write(text.encode())
                    self.status = 1
                    return None
                sources[redirect.fd] = node or Buffer(self.host.files.get(name, b""))
            elif redirect.op == "<&":
                sources[redirect.fd] = sources.get(int(name), Buffer()) if name.isdigit() else Buffer()
            elif redirect.op == ">&":
                out[redirect.fd] = out.get(int(name), Nowhere()) if name.isdigit() else Nowhere()
            elif name == "/dev/null" or node is not None:
                out[redirect.fd] = node or Nowhere()
            else:
                before = self.host.files.get(name, b"") if redirect.op == ">>" else b""
                files[name] = files.get(name) or Buffer(before)
                out[redirect.fd] = files[name]
        return Streams(sources[0], out[1], out[2]), files

    def _keep(self, files: dict[str, Buffer]) -> None:
        for name, buffer in files.items():
            self.host.files[name] = bytes(buffer.data)


def _substitutes(command: Simple) -> bool:
    """Whether a command without a name has values from other commands: then their status is its own."""
    words = [*command.words, *(word for _, word in command.assignments)]
    return any(part.kind == "command" for word in words for part in word)
