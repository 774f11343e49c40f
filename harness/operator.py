"""Questions to the person at the bench: asked by a case, answered at the terminal or on the bench page, by one of them.

A question is a file in a folder of the user's own, its answer another one that can be made only once: who comes second
is told so. An answer is testimony (who, when, from where), never a measurement; no answer in time is no answer.

    PROMPTS/<id>.json          the question, until when it stands, and the process that waits
    PROMPTS/<id>.answer.json   the answer; of a question whose time is over, that it is over
"""

from __future__ import annotations

import json
import os
import secrets
import select
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from harness.errors import BandproofError, UsageError
from harness.plain_text import one_line
from harness.processes import born
from harness.recording.writer import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VARIABLE = "BANDPROOF_PROMPTS"
_LOOK_S = 0.1
_LONGEST = 2000

Given = Literal["taken", "second", "over"]


class Unanswered(BandproofError):
    """Nobody answered in time: what was asked is not known."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that stands."""

    id: str
    text: str
    choices: tuple[str, ...]
    until: float
    """Seconds since 1970."""
    device: str = ""
    run: str = ""
    pid: int = 0
    born: str = ""

    @property
    def stands(self) -> bool:
        """Whether somebody still waits for the answer."""
        return time.time() < self.until and born(self.pid) == self.born


@dataclass(frozen=True, slots=True)
class Testimony:
    """What a person said. Its grade is `told`: it is never taken for a measurement."""

    __test__ = False  # pytest takes what begins so for a class of tests.

    question: str
    choice: str
    by: str
    """Who, as they told or as they are logged in."""
    at: str
    """When, ISO 8601 in UTC."""
    where: str
    """`terminal`, or `page, ADDRESS`."""
    device: str = ""
    grade: Literal["told"] = "told"

    @property
    def sentence(self) -> str:
        """As a report keeps it."""
        who = self.by or "somebody"
        return f"{self.question} — {self.choice} (told by {who}, {self.at}, {self.where})"


def prompts_folder() -> Path:
    """Where questions lie: BANDPROOF_PROMPTS, else the user's state folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "bandproof" / "prompts"


def ask(
    text: str, *, within_s: float, choices: Sequence[str] = ("yes", "no"), device: str = "", run: str = ""
) -> Testimony:
    """Ask the person at the bench, and wait for the answer, at the terminal (also under pytest's capture) or on the page.

    `within_s`: how long, in seconds; the case says it, as only it knows what it asks for. Raises Unanswered when it is
    over, UsageError for a question without choices.
    """
    if not 1 <= len(choices) <= 20 or len(set(choices)) < len(choices):
        raise UsageError("a question needs choices that differ, twenty at most")
    prompt = Prompt(
        id=secrets.token_hex(8),
        text=one_line(text, _LONGEST),
        choices=tuple(one_line(one, 100) for one in choices),
        until=time.time() + within_s,
        device=device,
        run=run,
        pid=os.getpid(),
        born=born(os.getpid()),
    )
    folder = prompts_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    question = folder / f"{prompt.id}.json"
    write_atomically(question, json.dumps(asdict(prompt)).encode("utf-8", "replace"), lasting=False, private=True)
    try:
        with _terminal() as terminal:
            told = _wait(prompt, folder, terminal, time.monotonic() + within_s)
    finally:
        question.unlink(missing_ok=True)
        _answer_file(folder, prompt.id).unlink(missing_ok=True)
    if told is None:
        raise Unanswered(
            f"nobody answered in {within_s:g} s: {prompt.text}", way_out="answer at the terminal or on the bench page"
        )
    return told


def standing() -> list[Prompt]:
    """The questions that wait for an answer, the oldest first."""
    folder = prompts_folder()
    found = []
    for file in folder.glob("*.json") if folder.is_dir() else ():
        if file.name.endswith(".answer.json"):
            continue
        with suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(file.read_bytes())
            prompt = Prompt(**{**told, "choices": tuple(told["choices"])})
            if prompt.stands and not _answer_file(folder, prompt.id).exists():
                found.append(prompt)
    return sorted(found, key=lambda one: one.until)


def answer(id_: str, choice: str, *, by: str, where: str) -> Given:
    """Answer a question that stands. `second`: somebody was first; `over`: nobody waits. Raises UsageError."""
    folder = prompts_folder()
    if not id_.isalnum():
        return "over"
    if _answer_file(folder, id_).exists():
        return "second"
    prompt = next((one for one in standing() if one.id == id_), None)
    if prompt is None:
        return "second" if _answer_file(folder, id_).exists() else "over"
    if choice not in prompt.choices:
        raise UsageError(f"{choice!r} is none of the choices", way_out=f"one of {', '.join(prompt.choices)}")
    told = Testimony(prompt.text, choice, one_line(by, 100), _now(), where, prompt.device)
    return "taken" if _put(folder, id_, asdict(told)) else "second"


def _put(folder: Path, id_: str, told: dict[str, Any]) -> bool:
    """Whether this is the one answer: a second link of that name cannot be made."""
    beside = folder / f".{id_}.{secrets.token_hex(4)}.tmp"
    beside.write_text(json.dumps(told), encoding="utf-8")
    beside.chmod(0o600)
    try:
        os.link(beside, _answer_file(folder, id_))
    except FileExistsError:
        return False
    finally:
        beside.unlink(missing_ok=True)
    return True


def _answer_file(folder: Path, id_: str) -> Path:
    return folder / f"{id_}.answer.json"


def _wait(prompt: Prompt, folder: Path, terminal: IO[str] | None, end: float) -> Testimony | None:
    """The answer from wherever it comes first; None where time is over."""
    if terminal is not None:
        _show(terminal, prompt)
    while (left := end - time.monotonic()) > 0:
        if (told := _told(folder, prompt.id)) is not None:
            if terminal is not None and told.where != "terminal":
                print(f"answered: {told.choice} ({told.where})", file=terminal, flush=True)
            return told
        _listen(terminal, prompt, folder, min(left, _LOOK_S))
    if _put(folder, prompt.id, {"over": True}):
        return None
    return _told(folder, prompt.id)


def _told(folder: Path, id_: str) -> Testimony | None:
    try:
        told = json.loads(_answer_file(folder, id_).read_bytes())
        return None if "over" in told else Testimony(**told)
    except FileNotFoundError:
        return None


def _listen(terminal: IO[str] | None, prompt: Prompt, folder: Path, seconds: float) -> None:
    """Wait a moment for a line of the terminal; what is no choice is told so."""
    if terminal is None:
        select.select([], [], [], seconds)
        return
    ready, _, _ = select.select([terminal], [], [], seconds)
    if not ready:
        return
    word = terminal.readline().strip()
    chosen = _choice(word, prompt.choices)
    if chosen is None:
        print(f"  {one_line(word, 40)!r} is none of them: {_numbered(prompt.choices)}", file=terminal, flush=True)
        return
    told = Testimony(prompt.text, chosen, _user(), _now(), "terminal", prompt.device)
    _put(folder, prompt.id, asdict(told))


def _choice(word: str, choices: Sequence[str]) -> str | None:
    if word.isdigit() and 1 <= int(word) <= len(choices):
        return choices[int(word) - 1]
    return next((one for one in choices if one.casefold() == word.casefold()), None)


def _show(terminal: IO[str], prompt: Prompt) -> None:
    about = f"{prompt.device}: " if prompt.device else ""
    left = prompt.until - time.time()
    words = f"\n{about}{prompt.text}\n  {_numbered(prompt.choices)}   (within {left:.0f} s)"
    print(words, file=terminal, flush=True)


def _numbered(choices: Sequence[str]) -> str:
    return "  ".join(f"[{number}] {one}" for number, one in enumerate(choices, 1))


@contextmanager
def _terminal() -> Iterator[IO[str] | None]:
    """The terminal itself, past whatever captures standard output; None where there is none."""
    try:
        # Unbuffered below, so that `select` sees every line.
        raw = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        yield None
        return
    with os.fdopen(raw, "r+b", buffering=0) as port:
        yield _Tty(port)  # type: ignore[misc]


class _Tty:
    """Reading and writing lines of a terminal: it cannot be sought in, so no text stream goes both ways on it."""

    def __init__(self, port: IO[bytes]) -> None:
        self._port = port

    def fileno(self) -> int:
        return self._port.fileno()

    def readline(self) -> str:
        # In its usual mode a terminal hands out whole lines.
        return self._port.read(1000).decode("utf-8", "replace")

    def write(self, text: str) -> int:
        return self._port.write(text.encode("utf-8", "replace"))

    def flush(self) -> None:
        pass


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
