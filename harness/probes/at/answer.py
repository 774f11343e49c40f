"""One AT answer as text, cut into records. Framing of what devices really send; no vendor's grammar.

3GPP TS 27.007 and ITU-T V.250: lines between CR LF, one final result code. Real answers come with or without the
echo, with CR, LF, CR CR LF, blank lines, unsolicited codes between the lines, and without the final code where a
recorder dropped it (reference at-dialects.md section 0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ANSWER_CHARACTERS = 4_000_000
"""No modem answers more; a longer text is another command's output."""

_FINAL = re.compile(r"(?:OK|ERROR|ABORTED|COMMAND NOT SUPPORT|TOO MANY PARAMETERS|\+CM[ES] ERROR:.*)", re.IGNORECASE)
_UNSOLICITED = re.compile(
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
_RECORD = re.compile(r"\s*([+^#%*!$&@][A-Z][A-Z0-9_]*)\s*(?::|(?=\?)|=|$)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Modem:
    """What is known of the modem that answered; each part may be unknown."""

    manufacturer: str | None = None
    model: str | None = None
    firmware: str | None = None

    def is_model(self, *patterns: str) -> bool:
        """Whether model or firmware matches one of the patterns (regular expressions, ignoring case)."""
        names = " ".join(part for part in (self.model, self.firmware) if part)
        return any(re.search(pattern, names, re.IGNORECASE) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Record:
    """One information line: its name (`+QNWINFO`, or empty), the text behind it, its number from 1."""

    name: str
    text: str
    line: int
    raw: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Comma-separated fields, blanks and quotes stripped; commas in quotes or parentheses do not separate."""
        return split_fields(self.text)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request.

    `records` are the information lines without echo, blank lines and final code. `final` is the result code, None
    where the text has none. `whole` is False where the last line has no line end and no final code: it may be cut.
    Such a last line is not among the records.
    """

    command: str
    records: tuple[Record, ...]
    final: str | None
    whole: bool
    modem: Modem = Modem()

    def named(self, *names: str) -> Iterator[Record]:
        """The records that carry one of the names, ignoring case, in order."""
        wanted = {name.upper() for name in names}
        return (record for record in self.records if record.name in wanted)

    @property
    def bare(self) -> tuple[Record, ...]:
        """Lines that are no unsolicited code and carry no record name: free text, continuation lines."""
        return tuple(r for r in self.records if not r.name and not is_unsolicited(r.raw))

    @property
    def failed(self) -> bool:
        """Whether the modem refused the command."""
        return self.final is not None and self.final.upper() != "OK"


def is_unsolicited(line: str) -> bool:
    """Whether a line can be an unsolicited code; `+CEREG:` and its kin, `+CPIN:`, `+CFUN:`, `^HCSQ:` can be answers too."""
    return _UNSOLICITED.match(line.strip()) is not None


def normal_command(command: str) -> str:
    """A command in one spelling: no blanks round it, upper case outside quotes, with its AT."""
    text = "".join(part if index % 2 else part.upper() for index, part in enumerate(_quoted_parts(command.strip())))
    return text if text.startswith("AT") else "AT" + text


def _quoted_parts(text: str) -> list[str]:
    first, *rest = text.split('"')
    return [first, *('"' + part for part in rest)]


def split_joined(command: str) -> tuple[str, ...]:
    """The single commands of a joined one: `AT+A?;+B?` is `AT+A?` and `AT+B?`. Semicolons in quotes do not join."""
    parts, current, quoted = [], "", False
    for sign in command.strip():
        if sign == '"':
            quoted = not quoted
        if sign == ";" and not quoted:
            parts.append(current)
            current = ""
        else:
            current += sign
    parts.append(current)
    return tuple(normal_command(part) for part in parts if part.strip())


def split_fields(text: str) -> tuple[str, ...]:
    """Cut at commas outside quotes and parentheses; strip blanks and a pair of quotes.

    Where the quotes do not balance, they do not protect commas.
    """
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


def read_answer(text: str, command: str, modem: Modem = Modem()) -> Answer:
    """Cut the text that followed a request into an Answer.

    Raises ParseError where the text cannot be an AT answer (longer than any modem answers, or binary).
    """
    if len(text) > MAX_ANSWER_CHARACTERS:
        raise ParseError(f"{len(text)} characters cannot be an AT answer")
    if "\0" in text and text.count("\0") > len(text) // 8:
        raise ParseError("binary data, not an AT answer")
    text = text.lstrip("\ufeff").replace("\0", "")
    ended = not text or text[-1] in "\r\n"
    numbered = [(number, line) for number, line in enumerate(_numbered(text), start=1) if line]
    numbered = _behind_echo(numbered, command)
    final = None
    kept: list[tuple[int, str]] = []
    for number, line in numbered:
        if _FINAL.fullmatch(line):
            final = line
            break
        kept.append((number, line))
    whole = ended or final is not None
    if not whole and kept:
        kept.pop()
    return Answer(command, tuple(_record(number, line) for number, line in kept), final, whole, modem)


def _numbered(text: str) -> list[str]:
    """Lines as an editor counts them: CR LF, CR CR LF, LF and a bare CR each end one line."""
    return [line.strip() for line in re.split(r"\r*\n|\r(?!\r*\n)", text)]


def _behind_echo(lines: list[tuple[int, str]], command: str) -> list[tuple[int, str]]:
    """Drop everything up to the last echo of the command; take an answer glued to its echo apart."""
    sent = _squeeze(command)
    bare = sent[2:] if sent.startswith("AT") else sent
    start = 0
    glued: tuple[int, str] | None = None
    for index, (number, line) in enumerate(lines):
        squeezed = _squeeze(line)
        if squeezed in {sent, "AT" + bare}:
            start, glued = index + 1, None
        elif len(sent) > 2 and squeezed.startswith(sent) and squeezed[len(sent) : len(sent) + 1] in set("+^#%*!$"):
            start, glued = index + 1, (number, _after(line, len(sent)))
    kept = lines[start:]
    kept = [(number, line) for number, line in kept if not re.match(r"AT[+^#%*!$&][A-Z]", line, re.IGNORECASE)]
    return [glued, *kept] if glued else kept


def _squeeze(line: str) -> str:
    return re.sub(r"\s+", "", line).upper()


def _after(line: str, squeezed_length: int) -> str:
    """The rest of a line behind so many characters that are no blanks."""
    seen = 0
    for index, sign in enumerate(line):
        if seen == squeezed_length:
            return line[index:].strip()
        seen += not sign.isspace()
    return ""


def _record(number: int, line: str) -> Record:
    match = _RECORD.match(line)
    if match is None:
        return Record("", line, number, line)
    return Record(match[1].upper(), line[match.end() :].strip(), number, line)


def integer(text: str | None) -> int | None:
    """A decimal integer, sign allowed; None for anything else ("-", "", "---")."""
    if text is None or not re.fullmatch(r"[+-]?\d{1,20}", text.strip()):
        return None
    return int(text)


def hexadecimal(text: str | None) -> int | None:
    """A hexadecimal integer with or without 0x; None for anything else."""
    if text is None or not re.fullmatch(r"(?:0[xX])?[0-9a-fA-F]{1,64}", text.strip()):
        return None
    return int(text.strip(), 16)


def decimal_number(text: str | None) -> float | None:
    """A decimal number with or without a fraction; None for anything else."""
    if text is None or not re.fullmatch(r"[+-]?\d{1,12}(?:\.\d{1,6})?", text.strip()):
        return None
    return float(text)


def within(value: int | None, low: int, high: int) -> int | None:
    """The value where it lies in the range, else None: an unset value or a damaged field."""
    return value if value is not None and low <= value <= high else None


def pci(value: int | None, *, rat: str) -> int | None:
    """A physical cell identity: 0..503 for LTE (TS 36.211 6.11), 0..1007 for NR (TS 38.211 7.4.2.1)."""
    return within(value, 0, 1007 if rat.startswith("nr") else 503)


def tac(value: int | None, *, rat: str) -> int | None:
    """A tracking area code: 16 bits on LTE, 24 on NR; 0, FFFE and all ones mean none (TS 23.003 19.4.2.3, 28.2.6)."""
    top = 0xFFFFFF if rat.startswith("nr") else 0xFFFF
    value = within(value, 1, top)
    return None if value in {top, top - 1} else value
