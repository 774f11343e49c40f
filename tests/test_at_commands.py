"""One grammar of AT commands for the gate, the session and the readers."""

from __future__ import annotations

import pytest

from harness.at_commands import at_key, has_second_at, spelled, split_joined
from harness.links.read_only import is_read, single_commands


@pytest.mark.parametrize(
    ("command", "parts"),
    [
        ("AT+A?;+B?", ("AT+A?", "AT+B?")),
        ("at+qnwinfo ; +qcainfo", ("AT+QNWINFO", "AT+QCAINFO")),
        ('AT+QENG="servingcell";+QCAINFO', ('AT+QENG="servingcell"', "AT+QCAINFO")),
        ('AT+X="a;b",1', ('AT+X="a;b",1',)),
        ('AT+X="a;b', ('AT+X="a;b',)),
        ("+CEREG", ("AT+CEREG",)),
        ("AT+A?;;", ("AT+A?",)),
        ("", ()),
        ("AT+A?;AT+B?", ("AT+A?", "AT+B?")),
    ],
)
def test_a_joined_line_is_split_where_no_quote_is(command: str, parts: tuple[str, ...]) -> None:
    assert split_joined(command) == parts


def test_the_gate_sees_what_the_readers_see() -> None:
    line = 'at+qeng="servingcell" ;+CEREG ?'
    assert single_commands(line) == tuple(part.upper() for part in split_joined(line))
    assert is_read(line)


@pytest.mark.parametrize("line", ["AT+CSQ;AT+CEREG?", "AT+CSQ; at+cereg?", 'AT+QCFG="band";ATA'])
def test_an_at_behind_a_semicolon_is_never_sent(line: str) -> None:
    """A modem takes the A for the command that answers a call."""
    assert has_second_at(line)
    assert not is_read(line)


def test_a_quoted_at_is_text() -> None:
    assert not has_second_at('AT+X="a;ATB"')


def test_case_and_blanks_count_between_quotes_only() -> None:
    assert at_key(' at+x = "a B" ') == 'AT+X="a B"'
    assert spelled("+cereg ?") == "AT+CEREG?"
