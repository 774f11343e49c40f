"""Commands that every handset has, for what clients put around recorded ones: echo, test, filters. Pure of I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Outcome = tuple[bytes, bytes, int]
"""Standard output, standard error, exit code."""


_READERS = frozenset({"grep", "egrep", "fgrep", "cat", "head", "tail", "wc", "sort", "uniq", "tr"})


class ToolError(ValueError):
    """Arguments that the tool does not take."""


def run_tool(words: Sequence[str], stdin: bytes, files: dict[str, bytes]) -> Outcome | None:
    """Run a tool by its words on input and the handset's files; None for a name that is no tool."""
    tool = _TOOLS.get(words[0].rpartition("/")[2])
    if tool is None:
        return None
    try:
        return tool(list(words), stdin, files)
    except ToolError as error:
        return b"", f"{words[0]}: {error}\n".encode(), 1


def needs_input(words: Sequence[str]) -> bool:
    """Whether the tool reads standard input."""
    name = words[0].rpartition("/")[2]
    if name not in _READERS:
        return False
    rest = words[1:]
    if name in ("grep", "egrep", "fgrep"):
        return len([word for word in rest if not word.startswith("-")]) < 2
    named = [word for word in rest if not word.startswith("-") and not word.isdigit()]
    return not named or name == "tr"


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _echo(words: list[str], _: bytes, __: dict[str, bytes]) -> Outcome:
    rest, end = words[1:], "\n"
    while rest and rest[0].startswith("-") and re.fullmatch(r"-[ne]+", rest[0]):
        end = "" if "n" in rest.pop(0) else end
    return _encode(" ".join(rest) + end), b"", 0


def _printf(words: list[str], _: bytes, __: dict[str, bytes]) -> Outcome:
    if len(words) < 2:
        raise ToolError("no format")
    values = iter(words[2:])
    escapes = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "0": "\0"}

    def piece(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        return escapes.get(match[0][1], match[0]) if match[0][0] == "\\" else next(values, "")

    return _encode(re.sub(r"\\.|%[sd%]", piece, words[1])), b"", 0


def _test(words: list[str], _: bytes, files: dict[str, bytes]) -> Outcome:
    rest = words[1:]
    if words[0].endswith("["):
        if rest[-1:] != ["]"]:
            raise ToolError("missing ]")
        rest = rest[:-1]
    negated = rest[:1] == ["!"]
    result = _condition(rest[1:] if negated else rest, files)
    return b"", b"", int(result == negated)


def _condition(rest: list[str], files: dict[str, bytes]) -> bool:
    match rest:
        case []:
            return False
        case [text]:
            return text != ""
        case ["-n", text]:
            return text != ""
        case ["-z", text]:
            return text == ""
        case ["-e" | "-f" | "-r", path]:
            return path in files
        case ["-d", path]:
            return any(name.startswith(path.rstrip("/") + "/") for name in files)
        case [left, "=" | "==", right]:
            return left == right
        case [left, "!=", right]:
            return left != right
        case [left, "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" as operator, right]:
            try:
                first, second = int(left), int(right)
            except ValueError:
                raise ToolError(f"{left} {operator} {right}: not a number") from None
            order = (first > second) - (first < second)
            return {"-eq": order == 0, "-ne": order != 0, "-lt": order < 0}.get(
                operator, {"-le": order <= 0, "-gt": order > 0, "-ge": order >= 0}.get(operator, False)
            )
    raise ToolError(f"{' '.join(rest)}: not served")


def _input(names: Sequence[str], stdin: bytes, files: dict[str, bytes]) -> tuple[bytes, bytes]:
    """The named files one after the other, or standard input; and what is said of those that are not there."""
    if not names:
        return stdin, b""
    data, errors = b"", b""
    for name in names:
        if name == "-":
            data += stdin
        elif name in files:
            data += files[name]
        elif name != "/dev/null":
            errors += _encode(f"{name}: No such file or directory\n")
    return data, errors


def _cat(words: list[str], stdin: bytes, files: dict[str, bytes]) -> Outcome:
    data, errors = _input([word for word in words[1:] if word != "-u"], stdin, files)
    return data, b"".join(b"cat: " + line for line in errors.splitlines(keepends=True)), int(bool(errors))


def _grep(words: list[str], stdin: bytes, files: dict[str, bytes]) -> Outcome:
    flags = "".join(word[1:] for word in words[1:] if re.fullmatch(r"-[a-zA-Z]+", word) and word != "-e")
    rest = [word for word in words[1:] if not re.fullmatch(r"-[a-zA-Z]+", word)]
    if not rest or set(flags) - set("ivEFcoqwxnhsa"):
        raise ToolError(f"{' '.join(words[1:])}: not served")
    pattern = re.escape(rest[0]) if "F" in flags or words[0].endswith("fgrep") else rest[0]
    if "F" not in flags and not ("E" in flags or words[0].endswith("egrep")):
        # Basic expressions: \| and \( are signs there, | and ( letters.
        pattern = re.sub(r"\\?[|(){}+?]", lambda m: m[0][1:] if m[0][0] == "\\" else "\\" + m[0], pattern)
    pattern = rf"\b(?:{pattern})\b" if "w" in flags else rf"^(?:{pattern})$" if "x" in flags else pattern
    try:
        wanted = re.compile(_encode(pattern), re.IGNORECASE if "i" in flags else 0)
    except re.error as error:
        raise ToolError(f"bad expression: {error}") from None
    data, errors = _input(rest[1:], stdin, files)
    lines = data.splitlines()
    found = [(n, line) for n, line in enumerate(lines, 1) if (wanted.search(line) is None) == ("v" in flags)]
    status = 2 if errors else int(not found)
    if "q" in flags:
        return b"", errors, status
    if "c" in flags:
        return b"%d\n" % len(found), errors, status
    if "o" in flags:
        return b"".join(m[0] + b"\n" for _, line in found for m in wanted.finditer(line) if m[0]), errors, status
    return b"".join((b"%d:" % n if "n" in flags else b"") + line + b"\n" for n, line in found), errors, status


def _ends(words: list[str], stdin: bytes, files: dict[str, bytes]) -> Outcome:
    text = " ".join(words[1:])
    match = re.fullmatch(r"(?:-(n|c)? ?\+?(\d+) ?)?((?:[^-\s]\S* ?)*)", text)
    if match is None:
        raise ToolError(f"{text}: not served")
    data, errors = _input(match[3].split(), stdin, files)
    count, first = int(match[2] or 10), words[0].endswith("head")
    if match[1] == "c":
        return data[:count] if first else data[-count:] if count else b"", errors, int(bool(errors))
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:count] if first else lines[-count:] if count else []), errors, int(bool(errors))


def _wc(words: list[str], stdin: bytes, files: dict[str, bytes]) -> Outcome:
    flags = [word for word in words[1:] if word.startswith("-")]
    data, errors = _input([word for word in words[1:] if not word.startswith("-")], stdin, files)
    counts = {"-l": data.count(b"\n"), "-w": len(data.split()), "-c": len(data)}
    if set(flags) - set(counts):
        raise ToolError(f"{' '.join(flags)}: not served")
    return _encode(" ".join(str(counts[flag]) for flag in flags or counts) + "\n"), errors, int(bool(errors))


def _sort(words: list[str], stdin: bytes, files: dict[str, bytes]) -> Outcome:
    flags = "".join(word[1:] for word in words[1:] if word.startswith("-"))
    data, errors = _input([word for word in words[1:] if not word.startswith("-")], stdin, files)
    lines = sorted(set(data.splitlines()) if "u" in flags else data.splitlines(), reverse="r" in flags)
    return b"".join(line + b"\n" for line in lines), errors, int(bool(errors))


def _uniq(words: list[str], stdin: bytes, files: dict[str, bytes]) -> Outcome:
    data, errors = _input(words[1:], stdin, files)
    lines = data.splitlines()
    kept = [line for n, line in enumerate(lines) if n == 0 or line != lines[n - 1]]
    return b"".join(line + b"\n" for line in kept), errors, int(bool(errors))


def _tr(words: list[str], stdin: bytes, _: dict[str, bytes]) -> Outcome:
    signs = {"\\r": "\r", "\\n": "\n", "\\t": "\t"}
    sets = [signs.get(word, word) for word in words[1:] if word != "-d"]
    if "-d" in words and len(sets) == 1:
        return stdin.translate(None, _encode(sets[0])), b"", 0
    if len(sets) == 2 and len(sets[0]) == len(sets[1]):
        return stdin.translate(bytes.maketrans(_encode(sets[0]), _encode(sets[1]))), b"", 0
    raise ToolError(f"{' '.join(words[1:])}: not served")


def _remove(words: list[str], _: bytes, files: dict[str, bytes]) -> Outcome:
    force = any(word.startswith("-") and "f" in word for word in words[1:])
    missing = [word for word in words[1:] if not word.startswith("-") and files.pop(word, None) is None]
    if missing and not force:
        return b"", _encode("".join(f"rm: {name}: No such file or directory\n" for name in missing)), 1
    return b"", b"", 0


def _fixed(status: int) -> Callable[[list[str], bytes, dict[str, bytes]], Outcome]:
    return lambda _, __, ___: (b"", b"", status)


_TOOLS: dict[str, Callable[[list[str], bytes, dict[str, bytes]], Outcome]] = {
    "echo": _echo,
    "printf": _printf,
    "test": _test,
    "[": _test,
    "cat": _cat,
    "grep": _grep,
    "egrep": _grep,
    "fgrep": _grep,
    "head": _ends,
    "tail": _ends,
    "wc": _wc,
    "sort": _sort,
    "uniq": _uniq,
    "tr": _tr,
    "rm": _remove,
    "true": _fixed(0),
    ":": _fixed(0),
    "false": _fixed(1),
    "chmod": _fixed(0),
    "sync": _fixed(0),
    "set": _fixed(0),
}
