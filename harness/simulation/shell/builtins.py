"""The commands of a handset's shell that touch the shell itself, and the shell's own variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.simulation.shell.ends import Exit, LoopEnd, Return

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from harness.simulation.shell.host import Scope
    from harness.simulation.shell.streams import Streams

    Builtin = Callable[[Scope, list[str], Streams, Mapping[str, str]], Awaitable[int]]


async def call_builtin(shell: Scope, words: list[str], streams: Streams, values: Mapping[str, str]) -> int | None:
    """Run a builtin; None for a name that is none. `values`: assignments in front of it."""
    builtin = _BUILTINS.get(words[0])
    return None if builtin is None else await builtin(shell, words[1:], streams, values)


async def _eval(shell: Scope, rest: list[str], streams: Streams, _: Mapping[str, str]) -> int:
    await shell.source(" ".join(rest), streams)
    return shell.status


async def _sh(shell: Scope, rest: list[str], streams: Streams, _: Mapping[str, str]) -> int:
    child = shell.child()
    if rest[:1] == ["-c"] and len(rest) > 1:
        child.arguments = rest[3:]
        return await child.run_script(rest[1], streams)
    if rest and rest[0] not in shell.host.files:
        await streams.stderr.write(f"/system/bin/sh: {rest[0]}: No such file or directory\n".encode())
        return 127
    script = shell.host.files[rest[0]] if rest else await streams.stdin.read_all()
    child.arguments = rest[1:]
    return await child.run_script(script.decode("utf-8", "surrogateescape"), streams)


async def _su(shell: Scope, rest: list[str], streams: Streams, values: Mapping[str, str]) -> int:
    """`su -c SCRIPT`, as Magisk and SuperSU have it."""
    if not (shell.host.su or shell.is_root):
        await streams.stderr.write(b"/system/bin/sh: su: inaccessible or not found\n")
        return 127
    if len(rest) < 2 or rest[0] != "-c":
        await streams.stderr.write(b"su: usage: su -c SCRIPT\n")
        return 1
    child = shell.child()
    child.root = True
    return await child.run_script(rest[1], streams)


async def _exit(shell: Scope, rest: list[str], _: Streams, __: Mapping[str, str]) -> int:
    raise Exit(int(rest[0]) & 255 if rest and rest[0].isdigit() else shell.status)


async def _return(shell: Scope, rest: list[str], _: Streams, __: Mapping[str, str]) -> int:
    raise Return(int(rest[0]) & 255 if rest and rest[0].isdigit() else shell.status)


async def _break(_: Scope, rest: list[str], __: Streams, ___: Mapping[str, str]) -> int:
    raise LoopEnd(int(rest[0]) if rest and rest[0].isdigit() else 1, again=False)


async def _continue(_: Scope, rest: list[str], __: Streams, ___: Mapping[str, str]) -> int:
    raise LoopEnd(int(rest[0]) if rest and rest[0].isdigit() else 1, again=True)


async def _export(shell: Scope, rest: list[str], _: Streams, __: Mapping[str, str]) -> int:
    shell.variables.update(dict(word.split("=", 1) for word in rest if "=" in word))
    return 0


async def _unset(shell: Scope, rest: list[str], _: Streams, __: Mapping[str, str]) -> int:
    for word in rest:
        shell.variables.pop(word, None)
    return 0


async def _shift(shell: Scope, rest: list[str], _: Streams, __: Mapping[str, str]) -> int:
    count = int(rest[0]) if rest and rest[0].isdigit() else 1
    if count > len(shell.arguments):
        return 1
    del shell.arguments[:count]
    return 0


async def _read(shell: Scope, rest: list[str], streams: Streams, values: Mapping[str, str]) -> int:
    """`read [-r] [-t SECONDS] [NAME ...]`: status 1 where no whole line came."""
    timeout_s: float | None = None
    names = []
    words = iter(rest)
    for word in words:
        if word == "-t":
            timeout_s = float(next(words, "0"))
        elif not word.startswith("-"):
            names.append(word)
    line = await streams.stdin.read_line(timeout_s)
    text = line.decode("utf-8", "surrogateescape").removesuffix("\n")
    if values.get("IFS") != "":
        text = text.strip(" \t")
    pieces = text.split(None, len(names) - 1) if len(names) > 1 else [text]
    for number, name in enumerate(names):
        shell.variables[name] = pieces[number] if number < len(pieces) else ""
    return 0 if line.endswith(b"\n") else 1


async def _trap(shell: Scope, rest: list[str], _: Streams, __: Mapping[str, str]) -> int:
    if len(rest) == 2 and rest[1] in ("EXIT", "0"):
        shell.at_exit = "" if rest[0] == "-" else rest[0]
    return 0


async def _kill(shell: Scope, rest: list[str], _: Streams, __: Mapping[str, str]) -> int:
    killed = [shell.jobs.kill(int(word)) for word in rest if word.isdigit()]
    return int(not killed or not all(killed))


async def _command(shell: Scope, rest: list[str], streams: Streams, _: Mapping[str, str]) -> int:
    if rest[:1] == ["-v"]:
        return await _where(shell, rest[1:], streams)
    return await shell.call_command(rest, streams) if rest else 0


async def _where(shell: Scope, names: list[str], streams: Streams) -> int:
    request = f"command -v {' '.join(names)}"
    if shell.host.holds(request):
        return await shell.host.run(request, streams)
    if (status := await shell.host.tool(["command", "-v", *names], streams)) is not None:
        return status
    own = [name for name in names if name in _BUILTINS and name not in ("su", "/system/bin/sh")]
    await streams.stdout.write("".join(f"{name}\n" for name in own).encode())
    return 0 if own and own == names else 1


async def _exec(shell: Scope, rest: list[str], streams: Streams, values: Mapping[str, str]) -> int:
    if not rest:
        return 0
    status = await call_builtin(shell, rest, streams, values)
    raise Exit(await shell.call_command(rest, streams) if status is None else status)


async def _time(shell: Scope, rest: list[str], streams: Streams, values: Mapping[str, str]) -> int:
    if not rest or not re.match(r"[\w/.]", rest[0]):
        return 0
    status = await call_builtin(shell, rest, streams, values)
    return await shell.call_command(rest, streams) if status is None else status


_BUILTINS: dict[str, Builtin] = {
    "eval": _eval,
    "sh": _sh,
    "/system/bin/sh": _sh,
    "su": _su,
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _continue,
    "export": _export,
    "local": _export,
    "readonly": _export,
    "unset": _unset,
    "shift": _shift,
    "read": _read,
    "trap": _trap,
    "kill": _kill,
    "command": _command,
    "exec": _exec,
    "nohup": _time,
    "time": _time,
}


def _own_number(shell: Scope) -> str:
    shell.jobs.numbered = True
    return str(shell.pid)


OWN_VARIABLES: dict[str, Callable[[Scope], str]] = {
    "?": lambda shell: str(shell.status),
    "$": lambda _: "4242",
    "!": lambda shell: str(shell.last_job or ""),
    "#": lambda shell: str(len(shell.arguments)),
    "@": lambda shell: " ".join(shell.arguments),
    "*": lambda shell: " ".join(shell.arguments),
    "BASHPID": _own_number,
}
"""What they are, by name."""
