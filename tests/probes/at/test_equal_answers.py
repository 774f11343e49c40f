"""An answer that another modem gave before, word by word, is read as if it were the first."""

import pytest

from harness.errors import ParseError
from harness.observations import Identity
from harness.probes.at import _told, read_parts, registry
from harness.probes.at.dialect import Dialect, Reader
from harness.probes.at.language.answer import Modem
from harness.recording.files import find_recordings, load_recording

RECORDED = [
    (name, one)
    for name, folder in find_recordings().items()
    for one in load_recording(folder).links.get("at", ())
    if one.error is None
]
OTHER = Modem("Telit", "LE910C1-NF", "25.20.001")


@pytest.mark.parametrize("family", [None, "quectel", "telit", "u_blox", "sierra"])
def test_every_recorded_answer_is_read_again_as_it_was(family):
    dialect = family and registry.dialect(family)
    for _, one in RECORDED:
        for modem in (Modem(), OTHER):
            for exchange in (None, 7):
                asked = (one.text, one.request, dialect, modem, exchange)
                try:
                    first = repr(_told(*asked))
                except ParseError as error:
                    first = repr(error)
                for _ in range(2):
                    try:
                        again = repr(read_parts(*asked[:-1], exchange=exchange))
                    except ParseError as error:
                        again = repr(error)
                    assert again == first


def family_of(word):
    reader = Reader(r"AT\+WORD\?", lambda answer: [Identity(model=f"{word} {answer.modem.model}")])
    return Dialect(word, lambda modem: False, (reader,), lambda modem: ())


def test_another_family_model_or_number_is_another_question():
    one, other = family_of("one"), family_of("other")
    asked = ("+WORD: 1\r\nOK\r\n", "AT+WORD?")
    told = [
        read_parts(*asked, family, Modem(model=model), exchange=number).observations[0]
        for family in (one, other)
        for model in ("A", "B")
        for number in (None, 0, 1)
    ]
    assert [fact.model for fact in told] == [
        f"{name} {model}" for name in ("one", "other") for model in "AB" for _ in "123"
    ]
    assert [fact.source.exchange for fact in told] == [None, 0, 1] * 4


def test_a_command_that_one_family_alone_reads_is_asked_of_whoever_is_there(monkeypatch):
    asked = ("+WORD: 1\r\nOK\r\n", "AT+WORD?", None, Modem())
    monkeypatch.setattr(registry, "all_dialects", lambda: (family_of("one"),))
    assert [fact.model for fact in read_parts(*asked).observations] == ["one None"]
    monkeypatch.setattr(registry, "all_dialects", lambda: (family_of("other"),))
    assert [fact.model for fact in read_parts(*asked).observations] == ["other None"]
