"""Shell scripts as trees (POSIX XCU 2.9, without here documents). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from harness.simulation.shell.words import ScriptError, ShellToken, WordPart, tokens

Word = tuple[WordPart, ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """`fd op target`: `<`, `>`, `>>`, `>|`, `>&`, `<&`."""

    fd: int
    op: str
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command: assignments and words."""

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Compound:
    """`( list )`, `{ list; }`, `if`, `while`, `until` or `for`."""

    kind: str
    lists: tuple[Sequence_, ...]
    redirects: tuple[Redirect, ...] = ()
    name: str = ""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseClause:
    """`case word in pattern|pattern) list;; ... esac`."""

    word: Word
    clauses: tuple[tuple[tuple[Word, ...], Sequence_], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """`name() command`."""

    name: str
    body: Command


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by `|`; `source` is its text, for what was recorded with its filters; `background`: ended by `&`."""

    commands: tuple[Command, ...]
    negated: bool
    source: str
    background: bool = False


@dataclass(frozen=True, slots=True)
class Sequence_:  # noqa: N801  `Sequence` is a name of the standard library
    """Pipelines, each with the operator before it: `;`, `&&` or `||`."""

    items: tuple[tuple[str, Pipeline], ...]


Command = Simple | Compound | CaseClause | Function

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
DEEPEST = 60
"""How deep compound commands may nest."""
_CLOSERS = frozenset({"then", "else", "elif", "fi", "do", "done", "}", "esac"})


@lru_cache(maxsize=256)
def parse(source: str) -> Sequence_:
    """Read a script. Raises ScriptError."""
    parser = _Parser(source)
    tree = parser.sequence(frozenset())
    if parser.token is not None:
        raise ScriptError(f"syntax error: unexpected {source[parser.token.start : parser.token.end]!r}")
    return tree


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = tokens(source)
        self._at = 0
        self._depth = 0

    @property
    def token(self) -> ShellToken | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def sequence(self, closers: frozenset[str]) -> Sequence_:
        items: list[tuple[str, Pipeline]] = []
        operator = ";"
        while True:
            while self._op("\n"):
                pass
            token = self.token
            if token is None or token.op in (")", ";;") or (token.plain in _CLOSERS and token.plain in closers):
                break
            if token.plain in _CLOSERS:
                raise ScriptError(f"syntax error: unexpected {token.plain!r}")
            items.append((operator, self._pipeline()))
            operator = next((op for op in ("&&", "||", ";", "&", "\n") if self._op(op)), "")
            if operator == "&":
                items[-1] = (items[-1][0], replace(items[-1][1], background=True))
            if operator == "":
                break
            operator = operator if operator in ("&&", "||") else ";"
        if operator in ("&&", "||"):
            raise ScriptError("syntax error: unexpected end")
        return Sequence_(tuple(items))

    def _pipeline(self) -> Pipeline:
        negated = self._word("!")
        start = self.token.start if self.token else len(self._source)
        commands = [self._command()]
        while self._op("|"):
            while self._op("\n"):
                pass
            commands.append(self._command())
        return Pipeline(tuple(commands), negated, self._source[start : self._tokens[self._at - 1].end])

    def _command(self) -> Command:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ScriptError("nested too deeply")
        command = self._any_command()
        self._depth -= 1
        return command

    def _any_command(self) -> Command:
        token = self.token
        if token is None:
            raise ScriptError("syntax error: unexpected end")
        if self._op("("):
            inner = self.sequence(frozenset())
            self._need_op(")")
            return Compound("(", (inner,), self._redirects())
        word = token.plain
        if word == "{":
            self._at += 1
            inner = self.sequence(frozenset({"}"}))
            self._need("}")
            return Compound("{", (inner,), self._redirects())
        if word == "if":
            self._at += 1
            return self._if()
        if word in ("while", "until"):
            self._at += 1
            condition = self.sequence(frozenset({"do"}))
            return Compound(word, (condition, self._body()), self._redirects())
        if word == "for":
            self._at += 1
            return self._for()
        if word == "case":
            self._at += 1
            return self._case()
        if word and self._is_function():
            self._at += 3
            while self._op("\n"):
                pass
            return Function(word, self._command())
        return self._simple()

    def _is_function(self) -> bool:
        return [token.op for token in self._tokens[self._at + 1 : self._at + 3]] == ["(", ")"]

    def _if(self) -> Compound:
        lists = [self.sequence(frozenset({"then"}))]
        self._need("then")
        lists.append(self.sequence(frozenset({"else", "elif", "fi"})))
        if self._word("elif"):
            self._depth += 1
            if self._depth > DEEPEST:
                raise ScriptError("nested too deeply")
            inner = self._if()
            self._depth -= 1
            return Compound("if", (*lists, Sequence_(((";", Pipeline((inner,), negated=False, source="")),))))
        if self._word("else"):
            lists.append(self.sequence(frozenset({"fi"})))
        self._need("fi")
        return Compound("if", tuple(lists), self._redirects())

    def _case(self) -> CaseClause:
        word = self._any_word()
        while self._op("\n"):
            pass
        self._need("in")
        clauses: list[tuple[tuple[Word, ...], Sequence_]] = []
        while True:
            while self._op("\n"):
                pass
            if self._word("esac"):
                return CaseClause(word, tuple(clauses))
            self._op("(")
            patterns = [self._any_word()]
            while self._op("|"):
                patterns.append(self._any_word())
            self._need_op(")")
            clauses.append((tuple(patterns), self.sequence(frozenset({"esac"}))))
            if not self._op(";;"):
                self._need("esac")
                return CaseClause(word, tuple(clauses))

    def _any_word(self) -> Word:
        token = self.token
        if token is None or not token.parts:
            raise ScriptError("syntax error: a word is missing")
        self._at += 1
        return token.parts

    def _for(self) -> Compound:
        name = self.token.plain if self.token else None
        if not name or not name.isidentifier():
            raise ScriptError("syntax error: for without a name")
        self._at += 1
        words = []
        if self._word("in"):
            while self.token is not None and self.token.parts:
                words.append(_joined(self.token.parts))
                self._at += 1
        while self._op(";") or self._op("\n"):
            pass
        return Compound("for", (self._body(),), self._redirects(), name, tuple(words))

    def _body(self) -> Sequence_:
        self._need("do")
        body = self.sequence(frozenset({"done"}))
        self._need("done")
        return body

    def _simple(self) -> Simple:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while (token := self.token) is not None:
            if token.fd >= 0:
                redirects += self._redirects()
            elif not token.parts:
                break
            else:
                self._at += 1
                first = token.parts[0]
                match = None if words or first.quoted or first.kind != "text" else _ASSIGNMENT.fullmatch(first.text)
                if match:
                    assignments.append((match[1], (WordPart("text", match[2], quoted=True), *token.parts[1:])))
                else:
                    words.append(_joined(token.parts))
        if not (assignments or words or redirects):
            shown = self._source[token.start : token.end] if token else "end"
            raise ScriptError(f"syntax error: unexpected {shown!r}")
        return Simple(tuple(assignments), tuple(words), tuple(redirects))

    def _redirects(self) -> tuple[Redirect, ...]:
        out = []
        while (token := self.token) is not None and token.fd >= 0:
            self._at += 1
            target = self.token
            if target is None or not target.parts:
                raise ScriptError("syntax error: redirection without a name")
            self._at += 1
            out.append(Redirect(token.fd, token.op, target.parts))
        return tuple(out)

    def _op(self, op: str) -> bool:
        if self.token is not None and self.token.op == op and self.token.fd < 0:
            self._at += 1
            return True
        return False

    def _word(self, word: str) -> bool:
        if self.token is not None and self.token.parts and self.token.plain == word:
            self._at += 1
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._word(word):
            raise ScriptError(f"syntax error: {word!r} is missing")

    def _need_op(self, op: str) -> None:
        if not self._op(op):
            raise ScriptError(f"syntax error: {op!r} is missing")


def _joined(word: Word) -> Word:
    """A word with as few parts as become the same fields: no text has to be put together each time that it runs."""
    told = [part for part in word if part.kind != "text" or part.text]
    if len(told) == 1 and (told[0].quoted or (told[0].kind, told[0].text) == ("variable", "@")):
        return tuple(told)
    out: list[WordPart] = []
    for part in word:
        if part.kind == "text" and out and out[-1].kind == "text":
            out[-1] = WordPart("text", out[-1].text + part.text, quoted=True)
        else:
            out.append(part)
    if len(out) > 1 and out[0] == WordPart("text", "", quoted=True) and out[1].quoted:
        del out[0]
    return tuple(out)
