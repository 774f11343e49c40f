"""One text cut for many readers: each is shown what it is shown alone, whoever asked before it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from at_transcripts import of_samples

from harness.probes.at.dialect import Dialect, Reader
from harness.probes.at.language.answer import AnswerText, AtRecord, Modem, read_answer
from harness.probes.at.readers import readers_of

SAMPLES = Path(__file__).with_name("samples.yaml")


def test_every_reader_is_shown_what_it_is_shown_alone() -> None:
    chance = random.Random(19)
    several = 0
    for item in of_samples(SAMPLES):
        unasked = item.family.records.unsolicited
        names = list({reader.names for reader in item.family.readers})
        chance.shuffle(names)
        said = AnswerText(item.text, item.modem, unasked)
        for own in (*names, *names):
            alone = read_answer(item.text, item.request, item.modem, own, unasked)
            assert said.answer(item.request, own) == alone, (item.request, own)
        several += len({said.answer(item.request, own).records for own in names}) > 1
    assert several, "no sample tells the names of one reader from another's"


def test_one_text_may_be_the_answer_to_two_commands() -> None:
    said = AnswerText("AT+A?\r\n+A: 1\r\nOK\r\n", Modem(), frozenset())
    assert [one.name for one in said.answer("AT+A?").records] == ["+A"]
    assert [one.name for one in said.answer("AT+B?").records] == []
    assert [one.name for one in said.answer("AT+B?", ("+a",)).records] == ["+A"]


def test_the_fields_of_a_changed_record_are_its_own() -> None:
    record = AtRecord("+A", "1,2", 1, "+A: 1,2")
    assert record.fields == ("1", "2")
    assert replace(record, text="3").fields == ("3",)
    assert record == AtRecord("+A", "1,2", 1, "+A: 1,2")
    assert hash(record) == hash(AtRecord("+A", "1,2", 1, "+A: 1,2"))


def test_two_families_of_one_name_have_readers_of_their_own() -> None:
    def family(read: Reader) -> Dialect:
        return Dialect(name="nova", claims=lambda _: True, readers=(read,), plan=lambda _: ())

    one, other = (Reader(r"AT\+NOVA\?", lambda _, n=n: [str(n)]) for n in (1, 2))  # type: ignore[misc]
    assert readers_of("AT+NOVA?", family(one)) == (one,)
    assert readers_of("AT+NOVA?", family(other)) == (other,)
    assert readers_of("AT+NOVA?", None) == ()
