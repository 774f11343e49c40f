"""One AT answer as text, cut into records. Framing of what devices really send; no vendor's grammar.

3GPP TS 27.007 and ITU-T V.250: lines between CR LF, one final result code. Real answers come with or without the
echo, with CR, LF, CR CR LF, blank lines, unsolicited codes between the lines, and without the final code where a
recorder dropped it (reference at-dialects.md section 0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.errors import ParseError
from harness.patterns import late

from .echo import behind_echo
from .pasted import without_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_ANSWER_CHARACTERS = 4_000_000
"""No modem answers more; a longer text is another command's output."""

_FINAL = late(
    r"(?:OK|ERROR|ABORTED|COMMAND NOT SUPPORT(?:ED)?|TOO MANY PARAMETERS|\+CM[ES] ERROR\s?:.*)", re.IGNORECASE
)
_UNSOLICITED = late(
    r"""(?:RING|NO\ CARRIER|BUSY|NO\ ANSWER|NO\ DIALTONE|RDY|POWERED\ DOWN|PB\ DONE|SMS\ DONE|SMS\ READY|CALL\ READY|
        NORMAL\ POWER\ DOWN|APP\ RDY|NETWORK\ (?:DISCONNECTED|CONNECTED).*)$
      | (?:\+CRING|\+CLIP|\+CMTI?|\+CDSI?|\+CUSD|\+CTZV|\+CTZE|\+CTZDST|\+CTZEU|\+CIEV|\+CGEV|\+CSCON|\+CSSU|\+CSSI
        |\+CCWA|\+COLP|\+NITZ|\*PSUTTZ|DST
        |\+QIND|\+QUSIM|\+QNETDEVSTATUS|\+QUSBCFG|\+QIURC|\+QSIMVOL|\+QSTKURC
        |\+CNSMOD|\*ATREADY|\*ISIMAID|\#QSS|\#PSNT|\*CNTI|!SCACT|\+UU[A-Z0-9]+|\^SYSSTART|\^SYSLOADING|\^SBC|\^SHUTDOWN
        |%XMODEMSLEEP|%MDMEV|%CESQ|%NCELLMEAS|%XT3412|\+SYSSTART|\+SHUTDOWN
        |\+ZPASR|\+ZPSTM|\+ZDONR|\+ZUSIMR|\+ZEND|\+ZCONSTAT|\+ZUSLOT
        |\^RSSI|\^RSSILVL|\^HRSSILVL|\^MODE|\^DSFLOWRPT|\^NDISSTAT|\^SIMST|\^SRVST|\^STIN|\^LTERSRP|\^CSNR|\^LWURC
        |\^BOOT|\^EONS|\^ECCLIST|\^RFSWITCH|\^PDPDEACT|\^NDISEND|\+CUSATP|\+CUSATEND|\^THERM|\^ORIG|\^CONF|\^CONN|\^CEND
        |\+PACSP\d*|\+SIM|\+XCIEV|\+XCESQI|\+XREG|\+PBREADY|\+EIND|\+EUSIM|\+ESIMS|\+EGREG|\+ECELLINFO|\+SPNBFREQ
        |\+QCELLINFO|!DSFLOW|\+WIND|\+MSTKINFO|\+CIREPI|\+CIREPH|\+CPSI_URC)(?![A-Z0-9]).*
      | (?:\+CREG|\+CGREG|\+CEREG|\+C5GREG|\+CFUN|\+CPIN|\^HCSQ):.*""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_SUCH_REQUEST = late(
    r"(?:ERROR|COMMAND NOT SUPPORT(?:ED)?|TOO MANY PARAMETERS"
    r"|\+CME ERROR\s?:\s*(?:[34]|50|58|100|operation not (?:allowed|supported)|incorrect parameters"
    r"|invalid command line|unknown))",
    re.IGNORECASE,
)
"""Refusals by a modem that has no such request (TS 27.007 clause 9.2.1), and not for the state that it is in."""
_RECORD = late(r"\s*([+^#%*!$&@][0-9]?[A-Z][A-Z0-9_]*)\s*(?::|(?=\?)|=|$)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Modem:
    """What is known of the modem that answered; each part may be unknown."""

    manufacturer: str | None = None
    model: str | None = None
    firmware: str | None = None

    def is_model(self, *patterns: str) -> bool:
        """Whether model or firmware matches one of the patterns (regular expressions, ignoring case)."""
        return _is_named(" ".join(part for part in (self.model, self.firmware) if part), patterns)


@lru_cache(maxsize=1024)
def _is_named(names: str, patterns: tuple[str, ...]) -> bool:
    return any(re.search(pattern, names, re.IGNORECASE) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class AtRecord:
    """One information line: its name (`+QNWINFO`, or empty), the text behind it, its number from 1."""

    name: str
    text: str
    line: int
    raw: str
    _cut: list[tuple[str, ...]] = field(init=False, repr=False, compare=False, default_factory=list)

    @property
    def fields(self) -> tuple[str, ...]:
        """Comma-separated fields, blanks and quotes stripped; commas in quotes or parentheses do not separate."""
        if not self._cut:
            self._cut.append(split_fields(self.text))
        return self._cut[0]


@dataclass(frozen=True, slots=True)
class AtAnswer:
    """The answer to one request.

    `records` are the information lines without echo, blank lines and final code; neither are lines among them that
    bear another command's name or an unsolicited code's. `final` is the result code, None where the text has none.
    `whole` is False where the last line has no line end and no final code: it may be cut. Such a last line is not
    among the records. `mixed` tells that lines of another command's answer may be among those without a name.
    """

    command: str
    records: tuple[AtRecord, ...]
    final: str | None
    whole: bool
    modem: Modem = Modem()
    mixed: bool = False

    def named(self, *names: str) -> Iterator[AtRecord]:
        """The records that carry one of the names, ignoring case, in order."""
        wanted = {name.upper() for name in names}
        return (record for record in self.records if record.name in wanted)

    def sole(self, name: str) -> AtRecord | None:
        """The one record of the name; None where several differ: one of them came unasked, and which one is open."""
        found = list(self.named(name))
        return found[0] if found and all(record.text == found[0].text for record in found) else None

    @property
    def closed(self) -> bool:
        """Whether a final code came: without one, further lines may be missing."""
        return self.final is not None

    @property
    def bare(self) -> tuple[AtRecord, ...]:
        """Lines that are no unsolicited code and carry no record name: free text, continuation lines."""
        return tuple(r for r in self.records if not r.name)

    def without_bare(self) -> AtAnswer:
        """The answer without the lines that bear no name."""
        return replace(self, records=tuple(record for record in self.records if record.name))

    @property
    def failed(self) -> bool:
        """Whether the modem refused the command."""
        return self.final is not None and self.final.upper() != "OK"

    @property
    def unknown_to_modem(self) -> bool:
        """Whether the modem refused the command as one that it does not have: there is then nothing to tell."""
        return self.final is not None and _NO_SUCH_REQUEST.fullmatch(self.final.strip()) is not None

    @property
    def error_code(self) -> int | None:
        """The number of a `+CME ERROR: 10`, None where there is none or it may be cut."""
        match = re.fullmatch(r"\+CME ERROR\s?:\s*(\d{1,4})", self.final or "", re.IGNORECASE)
        return int(match[1]) if match and self.whole else None


def is_unsolicited(line: str, unasked: frozenset[str] = frozenset()) -> bool:
    """Whether a line can be an unsolicited code; `+CEREG:` and its kin, `+CPIN:`, `+CFUN:`, `^HCSQ:` can be answers too.

    `unasked`: names, in capitals, of further codes, with their sign in front or without one (`+NWIND`, `NWREADY`).
    """
    line = line.strip()
    if _UNSOLICITED.match(line) is not None:
        return True
    return bool(unasked) and re.split(r"[^\w+^#%*!$&@]", line.upper(), maxsplit=1)[0] in unasked


def split_fields(text: str) -> tuple[str, ...]:
    """Cut at commas outside quotes and parentheses; strip blanks and a pair of quotes.

    Where the quotes do not balance, they do not protect commas.
    """
    if "(" not in text:
        pieces = text.split('"')
        if len(pieces) % 2 == 0 or not any("," in quoted for quoted in pieces[1::2]):
            return tuple(field.strip().strip('"').strip() for field in text.split(","))
    fields: list[str] = []
    start = depth = 0
    quoted = False
    balanced = text.count('"') % 2 == 0
    for index, sign in enumerate(text):
        if sign == '"' and balanced:
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        elif sign == "," and depth == 0:
            fields.append(text[start:index])
            start = index + 1
    fields.append(text[start:])
    return tuple(field.strip().strip('"').strip() for field in fields)


def read_answer(
    text: str,
    command: str,
    modem: Modem = Modem(),
    names: Iterable[str] = (),
    unasked: frozenset[str] = frozenset(),
) -> AtAnswer:
    """Cut the text that followed a request into an Answer. `names` are record names beside the command's own.

    `unasked` are records, in capitals, that this family sends unasked, beyond those of modems at large.

    Where several answers run together (several final codes, no echo between them), the one that bears the command's
    name is taken. Raises ParseError where the text cannot be an AT answer (longer than any modem answers, or
    binary), and where it holds several answers and nothing tells which one is the command's.
    """
    return AnswerText(text, modem, unasked).answer(command, names)


class AnswerText:
    """A text that is cut into one Answer for each of its readers; what is the same for all of them is done once.

    Raises ParseError, and its `answer` too: see `read_answer`.
    """

    def __init__(self, text: str, modem: Modem, unasked: frozenset[str]) -> None:
        if len(text) > MAX_ANSWER_CHARACTERS:
            raise ParseError(f"{len(text)} characters cannot be an AT answer")
        if "\0" in text and text.count("\0") > len(text) // 8:
            raise ParseError("binary data, not an AT answer")
        text = without_prefixes(text.lstrip("\ufeff").replace("\0", ""))
        self._modem, self._unasked = modem, unasked
        self._ended = not text or text[-1] in "\r\n"
        self._numbered = [(number, line) for number, line in enumerate(_numbered(text), start=1) if line]
        self._behind_echo: dict[str, list[tuple[int, str]]] = {}
        self._answers: dict[tuple[str, frozenset[str]], AtAnswer] = {}

    def answer(self, command: str, names: Iterable[str] = ()) -> AtAnswer:
        """The answer to a command as a reader of these record names is shown it."""
        own = frozenset(name.upper() for name in (*names, *names_of(command)))
        known = self._answers.get((command, own))
        if known is None:
            known = self._answers[command, own] = self._cut(command, own)
        return known

    def _cut(self, command: str, own: frozenset[str]) -> AtAnswer:
        lines = self._behind_echo.get(command)
        if lines is None:
            lines = self._behind_echo[command] = behind_echo(self._numbered, command)
        chosen, mixed = _own_block(_blocks(lines, self._ended, own, self._unasked), own, command)
        return AtAnswer(command, chosen.records, chosen.final, chosen.whole, self._modem, mixed)


@lru_cache(maxsize=512)
def names_of(command: str) -> tuple[str, ...]:
    """Names that the records of a (joined) command bear: `+QENG` of `AT+QENG="servingcell"`."""
    found = (re.match(r"AT([+^#%*!$&][A-Z0-9_]+)", part) for part in split_joined(command))
    return tuple(match[1] for match in found if match)


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines up to one final code."""

    records: tuple[AtRecord, ...]
    final: str | None
    whole: bool


def _blocks(lines: list[tuple[int, str]], ended: bool, own: frozenset[str], unasked: frozenset[str]) -> list[_Block]:
    """The lines between final codes; blocks behind the first only where they hold more than unsolicited codes."""
    blocks: list[_Block] = []
    kept: list[AtRecord] = []
    for index, (number, line) in enumerate(lines):
        last = index + 1 == len(lines)
        if _FINAL.fullmatch(line):
            cut = last and not ended and ":" in line
            blocks.append(_Block(tuple(kept), line, not cut))
            kept = []
        elif last and not ended:
            blocks.append(_Block(tuple(kept), None, False))
            told = any(not is_unsolicited(record.raw, unasked) for record in kept)
            return blocks if told or len(blocks) == 1 else blocks[:-1]
        else:
            record = _record(number, line)
            if record.name in own or not (record.name or is_unsolicited(line, unasked)):
                kept.append(record)
    if not blocks or not all(is_unsolicited(record.raw, unasked) for record in kept):
        blocks.append(_Block(tuple(kept), None, True))
    return blocks


def _in_order(holders: list[set[str]], parts: Sequence[str]) -> bool:
    """Whether the blocks tell in the order in which a joined line asks: an answer that comes late comes out of it."""
    told = [n for held in holders for n, part in enumerate(parts) if any(part[2:].startswith(name) for name in held)]
    return told == sorted(told)


def _own_block(blocks: list[_Block], own: frozenset[str], command: str) -> tuple[_Block, bool]:
    """The block that answers the command, and whether lines without a name may be another's."""
    if len(blocks) == 1:
        return blocks[0], False
    holders = [{record.name for record in block.records if record.name} for block in blocks]
    crossed = any(one & other for index, one in enumerate(holders) for other in holders[:index])
    crossed = crossed or not _in_order(holders, split_joined(command))
    if len(split_joined(command)) > 1 and not crossed:
        records = tuple(record for block in blocks for record in block.records)
        failed = next((b.final for b in blocks if b.final and b.final.upper() != "OK"), None)
        return _Block(records, failed or blocks[-1].final, blocks[-1].whole), True
    if not crossed and (holders[-1] or not any(block.records for block in blocks)):
        return blocks[-1], True
    raise ParseError(f"several answers run together: which one is that to {command.strip()} cannot be told")


def _numbered(text: str) -> list[str]:
    """Lines as an editor counts them: CR LF, CR CR LF, LF and a bare CR each end one line."""
    return [line.strip() for part in text.split("\n") for line in part.rstrip("\r").split("\r")]


def _record(number: int, line: str) -> AtRecord:
    match = _RECORD.match(line)
    if match is None:
        return AtRecord("", line, number, line)
    return AtRecord(match[1].upper(), line[match.end() :].strip(), number, line)
