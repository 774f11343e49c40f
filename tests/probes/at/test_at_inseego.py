from __future__ import annotations

from harness.observations import Identity
from harness.probes.at.language.answer import Modem, read_answer
from harness.probes.at.makers.inseego import DIALECT


def test_ati_names_maker_model_and_build() -> None:
    (reader,) = (reader for reader in DIALECT.readers if reader.reads("ATI"))
    text = "ATI\r\nManufacturer: Inseego Corp.\r\nModel: M2000A\r\nRevision: 1.36  SVN 1 [x]\r\nSVN: 01\r\nOK\r\n"
    (found,) = reader.read(read_answer(text, "ATI"))
    assert isinstance(found, Identity)
    assert (found.manufacturer, found.model, found.svn) == ("Inseego Corp.", "M2000A", "01")
    assert found.build == "1.36  SVN 1 [x]"


def test_inseego_claims_its_own_and_no_other_modem() -> None:
    assert DIALECT.claims(Modem("Inseego Corp.", "M2000A"))
    assert DIALECT.claims(Modem("Novatel Wireless", "MiFi"))
    assert not DIALECT.claims(Modem("QUALCOMM INCORPORATED", "334"))


def test_what_is_planned_can_be_read() -> None:
    for request in DIALECT.plan(Modem()):
        assert any(reader.reads(request) for reader in DIALECT.readers)
