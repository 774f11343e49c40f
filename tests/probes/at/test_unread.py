"""What a modem was asked and did not tell: a fact of its own for every family, so that no verdict takes it for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from harness.at_commands import split_joined
from harness.observations import EnabledBands, SupportedBands, Unread
from harness.probes.at import read, read_parts
from harness.probes.at.dialect import Dialect, Reader
from harness.probes.at.language.answer import Modem
from harness.probes.at.readers import readers_of
from harness.probes.at.registry import all_dialects, dialect, our_dialects
from harness.probes.at.session import read_modem, requests_of
from harness.probes.at.standard.readers import READERS
from harness.recording.exchange import Exchange, Interruption

GARBAGE = "\x07\x50\x14"
KINDS = [
    pytest.param(family.name, kind.model, id=f"{family.name}-{kind.model}")
    for family in our_dialects()
    for kind in family.kinds
]


class Port:
    """A modem that identifies itself and answers all else in one way, but for what is given."""

    address = "test"

    def __init__(self, identity: str, otherwise: str, **answers: str) -> None:
        self.answers = {"ATI": f"{identity}\r\nOK", **answers}
        self.otherwise = otherwise

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        return Exchange(command, f"{self.answers.get(command, self.otherwise)}\r\n".encode())

    def allow_reads(self, forms: Any) -> None:
        """Nothing is refused."""

    def learn_records(self, records: Any) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """Nothing is open."""


def asked_for(name: str, model: str, topic: str) -> set[str]:
    family = dialect(name)
    parts = [part for request in requests_of(family, Modem(None, model)) for part in split_joined(request)]
    return {part for part in parts for reader in readers_of(part, family) if topic in (reader.tells or ())}


def lost(items: Any, what: str) -> set[str]:
    return {item.request for item in items if isinstance(item, Unread) and item.what == what}


def answered(monkeypatch: pytest.MonkeyPatch, name: str, model: str, answer: str) -> Any:
    family = dialect(name)
    monkeypatch.setattr("harness.probes.at.registry.dialect_for", lambda modem: family)
    return read_modem(Port(f"Model: {model}\r\nRevision: 1.0", answer), deadline_s=1e9).reading.observations


@pytest.mark.parametrize(("name", "model"), KINDS)
@pytest.mark.parametrize("answer", [f"{GARBAGE}\r\nOK", "+CME ERROR: 14", "+CME ERROR: SIM busy", "OK"])
def test_every_family_says_which_lists_it_lost(
    monkeypatch: pytest.MonkeyPatch, name: str, model: str, answer: str
) -> None:
    told = answered(monkeypatch, name, model, answer)
    for topic in ("supported", "enabled", "serving", "registration"):
        assert lost(told, topic) == asked_for(name, model, topic), topic
    assert asked_for(name, model, "supported") | asked_for(name, model, "enabled") or name in {"mikrotik"}


@pytest.mark.parametrize(("name", "model"), KINDS)
@pytest.mark.parametrize("answer", ["ERROR", "+CME ERROR: 4", "+CME ERROR: operation not supported"])
def test_a_modem_that_has_no_such_command_lost_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, model: str, answer: str
) -> None:
    assert not [item for item in answered(monkeypatch, name, model, answer) if isinstance(item, Unread)]


def test_every_reader_of_ours_says_what_it_tells() -> None:
    ours = [reader for family in all_dialects() for reader in family.readers]
    assert [reader.command for reader in (*ours, *READERS) if reader.tells is None] == []


def test_a_second_answer_makes_good_what_the_first_lost() -> None:
    class Twice(Port):
        def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
            if command == 'AT+QNWPREFCFG="lte_band"':
                return Exchange(command, b'+QNWPREFCFG: "lte_band",2:66\r\nOK\r\n')
            return super().ask(command, deadline_s=deadline_s)

    # The joined request is refused, so its parts are asked alone.
    told = read_modem(Twice("Quectel\r\nRM520N-GL\r\nRevision: 1", "+CME ERROR: 14"), deadline_s=1e9).reading
    assert 'AT+QNWPREFCFG="lte_band"' not in lost(told.observations, "enabled")
    assert 'AT+QNWPREFCFG="nr5g_band"' in lost(told.observations, "enabled")


def test_a_list_that_lost_one_technology_says_so() -> None:
    rf = '+QNWPREFCFG: "lte_band",2:66\r\n+QNWPREFCFG: "nr5g_band",71\r\nOK'
    port = Port(
        "Quectel\r\nRM520N-GL\r\nRevision: 1",
        "ERROR",
        **{'AT+QNWPREFCFG="rf_band"': rf, 'AT+QNWPREFCFG="policy_band"': '+QNWPREFCFG: "lte_band",2:66\r\nOK'},
    )
    told = read_modem(port, deadline_s=1e9).reading.observations
    narrow = [(item.request, item.rat) for item in told if isinstance(item, Unread) and item.what == "supported"]
    assert narrow == [('AT+QNWPREFCFG="policy_band"', "nr_sa")]


def test_a_list_of_one_technology_lacks_no_other() -> None:
    answer = '+QNWPREFCFG: "lte_band",2:66\r\nOK\r\n'
    told = read_parts(answer, 'AT+QNWPREFCFG="lte_band"', dialect("quectel"), Modem()).observations
    assert [type(item) for item in told] == [EnabledBands]


def test_what_was_not_asked_of_a_modem_that_went_away_is_lost_with_it() -> None:
    class Gone(Port):
        left = False

        def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
            if self.left:
                return None
            if "lte_band" in command:
                self.left = True
                return Exchange(command, b"", error=Interruption("DeviceGone", "it went away"))
            return super().ask(command, deadline_s=deadline_s)

    told = read_modem(Gone("Quectel\r\nRM520N-GL\r\nRevision: 1", "ERROR"), deadline_s=1e9).reading.observations
    assert lost(told, "supported") == asked_for("quectel", "RM520N-GL", "supported")
    assert lost(told, "registration") == asked_for("quectel", "RM520N-GL", "registration")


@pytest.mark.parametrize("tells", [("supported",), None])
def test_a_reader_of_another_package_that_finds_nothing_leaves_its_list_unread(tells: Any) -> None:
    reader = Reader(r"AT\+ACMELIST", lambda _: (), tells=tells)
    acme = Dialect("acme", lambda _: True, (reader,), lambda _: ("AT+ACMELIST",))
    told = read_parts(f"{GARBAGE}\r\nOK\r\n", "AT+ACMELIST", acme, Modem()).observations
    assert lost(told, "supported") == {"AT+ACMELIST"}


def test_a_reader_that_says_nothing_of_itself_and_finds_something_lost_nothing() -> None:
    reader = Reader(r"AT\+ACMELIST", lambda _: (SupportedBands(rat="lte", bands=(2,)),))
    acme = Dialect("acme", lambda _: True, (reader,), lambda _: ("AT+ACMELIST",))
    assert lost(read_parts("2\r\nOK\r\n", "AT+ACMELIST", acme, Modem()).observations, "enabled") == set()


def test_pasted_text_tells_what_is_unread_in_words() -> None:
    reading = read(
        f'+QNWPREFCFG: "lte_band",2\r\n+QNWPREFCFG: "nr5g_band",{GARBAGE}\r\nOK\r\n', QUECTEL_LISTS, "quectel"
    )
    assert not [item for item in reading.observations if isinstance(item, Unread)]
    assert any("nr5g_band" in warning for warning in reading.warnings)


QUECTEL_LISTS = 'AT+QNWPREFCFG="lte_band";+QNWPREFCFG="nr5g_band"'


@pytest.mark.parametrize(
    ("text", "is_lost"),
    [
        ('+QCAINFO: "PCC",5110,50,"LTE BAN', True),
        ("+QCAINFO", True),
        ('+QCAINFO: "SCC",9820,50,"LTE BAND 30",2,215,-93,-10,-63,15\r\nOK\r\n', True),
        ('+QCAINFO: "PCC",5110,50,"LTE BAND 12",1,214,-93,-10,-63,15\r\n+QCAINFO: "SC', False),
        ('+QCAINFO: "PCC",5110,50,"LTE BAND 12",1,214,-93,-10,-63,15\r\nOK\r\n', False),
        ("OK\r\n", False),
        ("", False),
    ],
)
def test_a_list_of_carriers_that_is_cut_before_the_primary_one_is_lost(text: str, is_lost: bool) -> None:
    told = read_parts(text, "AT+QCAINFO", dialect("quectel"), Modem("Quectel", "EG25-G")).observations
    assert any(isinstance(one, Unread) and one.what == "serving" for one in told) is is_lost
