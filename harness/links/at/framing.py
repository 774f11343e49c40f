"""Framing of AT answers (V.250 clause 5.7, TS 27.007 clause 4): pure, fed with bytes as they come.

Line ends may be CR LF, CR CR LF, LF or a bare CR; the echo may be on or off and may come after unsolicited codes;
those may stand before, between and after the lines of the answer. Lines are never counted.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

FINAL = re.compile(
    rb"OK|ERROR|\+CM[ES] ERROR\s?:.*|ABORTED|COMMAND NOT SUPPORT(?:ED)?|TOO MANY PARAMETERS",
)
CALL_RESULT = re.compile(rb"NO CARRIER|BUSY|NO ANSWER|NO DIAL ?TONE|CONNECT(?: .*)?")
"""Final only for a command that dials, answers or goes online (V.250 clauses 6.3.1, 6.3.5, 6.3.7); to all others
they come unasked, when a call ends."""
FINAL_DIGIT = re.compile(rb"[0-8]")
"""Result codes after ATV0 (V.250 table 1). Only looked for where ATV0 is known: else a lone digit is an answer."""

LONGEST_FINAL = 300

_ERRORS = frozenset({"+CME", "+CMS"})
_LINE_END = re.compile(rb"[\r\n]")
_CALLS = re.compile(r"(?:^AT|;)(?:[BCE-NP-Z]\d*|&[A-Z]\d*|S\d+=\d*)*[ADO]")
"""D, A or O, alone or behind other basic commands (`ATE0D*99#`), in a line without blanks and quoted text."""
_RECORD = re.compile(rb"\s*([+^#$%*!&][A-Za-z0-9_]{2,})\s?[:=]")

UNSOLICITED = frozenset(
    {
        "+CREG",
        "+CGREG",
        "+CEREG",
        "+C5GREG",
        "+CPIN",
        "+CFUN",
        "+CSQ",
        "+CESQ",
        "%CESQ",
        "^HCSQ",
        "^RSSI",
        "^MODE",
        "^SIMST",
    }
    | {
        "^SRVST",
        "+CTZV",
        "+CTZE",
        "+CGEV",
        "+CIEV",
        "+CUSD",
        "+CMTI",
        "+CSCON",
        "+QIND",
        "+QUSIM",
        "#QSS",
        "#PSNT",
        "*CNTI",
    }
    | {"+CNSMOD", "+ZPASR", "+ZPSTM", "+ZDONR", "+ZUSIMR", "+CIREGU", "+CRING", "+CLIP", "%CTZV"}
)
"""Records that also come unasked: in a stranger's answer they prove nothing."""


class AnswerReader:
    """Collects the answer to one command.

    With `echo` True nothing counts before the command's echo: a late answer to an earlier command cannot be taken for
    this one's. With None the echo is cut out where it comes. `numeric`: result codes are digits (after ATV0).
    """

    def __init__(self, command: str, *, echo: bool | None = None, numeric: bool = False) -> None:
        self._command = command.strip().encode("ascii", "replace")
        self._needs_echo = bool(echo)
        self._numeric = numeric
        self._final, self._final_line = _finals(_calls(command))
        self._data = bytearray()
        self._start = 0
        """Where the answer begins: behind the echo."""
        self._line = 0
        """Where the first line begins that has not been looked at."""
        self._scanned = 0
        """How far no line end stands in that line."""
        self._may_be_echoed = False
        """Whether the command stands somewhere in what came."""
        self._end: int | None = None
        self.echo_seen = False
        self.final = b""

    def feed(self, data: bytes) -> bool:
        """Take what came; True when the answer is complete."""
        self._data += data
        if not self.echo_seen and not self._may_be_echoed:
            known = max(self._line, self._scanned - len(self._command))
            self._may_be_echoed = self._data.find(self._command, known) >= 0
        if self._numeric or (self._may_be_echoed and not self.echo_seen):
            self._by_lines(to_echo=not self._numeric)
        if not self._numeric and (self.echo_seen or not self._may_be_echoed):
            self._skip_to_final()
        self._scanned = len(self._data)
        return self.complete

    def _skip_to_final(self) -> None:
        """As `_by_lines`, where no line can be the echo: one search for all lines."""
        if self._end is not None:
            return
        since = max(self._scanned, self._line)
        if not (end := max(self._data.rfind(b"\n", since), self._data.rfind(b"\r", since)) + 1):
            return
        found = None if self._needs_echo else self._final_line.search(self._data, self._line, end)
        if found is None:
            self._line = end
        else:
            self.final = found[1].strip()
            self._end = self._line = found.end()

    def _by_lines(self, *, to_echo: bool) -> None:
        """Line by line up to the final result code, or `to_echo`, behind which `_skip_to_final` can go on."""
        while self._end is None and (match := _LINE_END.search(self._data, max(self._scanned, self._line))) is not None:
            line = bytes(self._data[self._line : match.start()])
            self._line = match.end()
            if not self.echo_seen and line.strip() == self._command:
                self._cut_echo(match.end())
            elif self._is_final(line.strip()):
                self.final = line.strip()
                self._end = match.end()
                self._needs_echo = False
            elif self._is_echo_behind_a_rest(line):
                self._cut_echo(match.end())
            if to_echo and self.echo_seen:
                return

    def __len__(self) -> int:
        return len(self._data)

    @property
    def complete(self) -> bool:
        """Whether the final result code is here, with the LF behind its CR where this modem sends one."""
        if self._end is None:
            return False
        if self._data[self._end - 1 : self._end] == b"\r":
            after = self._end
            while self._data[after : after + 1] == b"\r":
                after += 1
            if self._data[after : after + 1] == b"\n":
                self._end = after + 1
            elif after == len(self._data) and not self._numeric and b"\n" in self._data[self._start :]:
                return False
        return True

    @property
    def nearly_complete(self) -> bool:
        """Whether what stands last is a final result code that only lacks its line end."""
        if self._end is None and len(self._data) - self._line > LONGEST_FINAL:
            return False
        tail = bytes(self._data[self._line :]).strip()
        return self._end is not None or (not self._needs_echo and bool(tail) and self._is_final(tail))

    def finish(self) -> None:
        """Take a final result code without line end for the end."""
        if self._end is None and self.nearly_complete:
            self.final = bytes(self._data[self._line :]).strip()
            self._end = len(self._data)

    @property
    def response(self) -> bytes:
        """The answer as received, from behind the echo to the final result code (or all there is so far)."""
        start = self._start
        if start and self._data[start - 1 : start + 1] == b"\r\n":
            start += 1
        return bytes(self._data[start : self._end])

    @property
    def raw(self) -> bytes:
        """All that was received."""
        return bytes(self._data)

    @property
    def rest(self) -> bytes:
        """What came behind the answer: unsolicited codes, or trouble."""
        return b"" if self._end is None else bytes(self._data[self._end :])

    def _is_echo_behind_a_rest(self, line: bytes) -> bool:
        """Whether the echo stands behind the rest of a line that never ended."""
        return not self.echo_seen and len(self._command) > 4 and line.endswith(self._command)

    def _cut_echo(self, end: int) -> None:
        self.echo_seen = True
        following = bytes(self._data[end : end + 1])
        # "\r\r\n": the second CR begins the answer. "\r\n": both belong to the echo.
        if self._data[end - 1 : end] == b"\r" and following == b"\n":
            end += 1
            self._line = end
        self._start = end
        self._needs_echo = False

    def _is_final(self, line: bytes) -> bool:
        if self._needs_echo:
            return False
        return self._final.fullmatch(line) is not None or (self._numeric and FINAL_DIGIT.fullmatch(line) is not None)


@lru_cache(maxsize=1024)
def _calls(command: str) -> bool:
    """Whether a command dials, answers a call or goes online."""
    return _CALLS.search(re.sub(r'"[^"]*"?|\s', "", command.upper())) is not None


@cache
def _finals(calls: bool) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What a final result code is, and the line that is one."""
    final = re.compile(FINAL.pattern + b"|" + CALL_RESULT.pattern) if calls else FINAL
    # Without line ends a line is no longer than itself: whatever stands for any sign stands for none of those.
    line = final.pattern.replace(rb"\s", rb"[ \t\v\f]").replace(b".*", rb"[^\r\n]*")
    return final, re.compile(rb"(?<![^\r\n])[ \t\v\f]*(" + line + rb")[ \t\v\f]*[\r\n]")


def holds_final(data: bytes) -> bool:
    """Whether a final result code stands in data that nobody asked for: an answer that came late."""
    return bool(data) and any(FINAL.fullmatch(line.strip()) for line in re.split(rb"[\r\n]+", data))


def is_quiet(answer: bytes, but_for: set[str]) -> bool:
    """Whether an answer holds nothing but a final result code and unsolicited records; none of `but_for` among them."""
    for line in filter(None, (line.strip() for line in re.split(rb"[\r\n]+", answer))):
        record = _RECORD.match(line)
        if FINAL.fullmatch(line) or FINAL_DIGIT.fullmatch(line) or CALL_RESULT.fullmatch(line):
            continue
        if record is None or record[1].decode("ascii").upper() in but_for:
            return False
    return True


def records(answer: bytes) -> set[str]:
    """The record names that an answer carries, such as `+CEREG`."""
    found = (_RECORD.match(line) for line in re.split(rb"[\r\n]+", answer))
    names = {match[1].decode("ascii").upper() for match in found if match}
    return names - _ERRORS


@lru_cache(maxsize=1024)
def record_names(command: str) -> frozenset[str]:
    """The record names that the answer to a command may carry: one for each command joined in it."""
    return frozenset(
        match.upper() for match in re.findall(r"(?:^\s*AT|;)\s*([+^#$%*!&][A-Za-z0-9_]{2,})", command, re.IGNORECASE)
    )


@lru_cache(maxsize=1024)
def _marks(command: str) -> tuple[bytes, ...]:
    """How a line of the answer to a command begins, as most modems write it."""
    return tuple(f"\n{name}:".encode("ascii", "replace") for name in record_names(command) - _ERRORS)


def answers_another(command: str, answer: bytes, asked_before: set[str]) -> bool:
    """Whether an answer belongs to another command of ours: it lacks the record asked for and has one of theirs."""
    if not asked_before or any(mark in answer for mark in _marks(command)):
        return False
    wanted, found = record_names(command), records(answer)
    if not found or found & wanted:
        return False
    return bool((found & asked_before) - wanted - UNSOLICITED)
