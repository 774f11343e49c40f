from __future__ import annotations

from harness.observations import Identity
from harness.probes.at.language.answer import Modem, read_answer
from harness.probes.at.makers.askey import DIALECT

LINES = (
    "Manufacturer: QUALCOMM INCORPORATED",
    "Model: 334",
    "Revision:",
    "OEM_VER: RTL6300_X_V0.0.3",
    "QC_VER: MPSS.HI.2.0.c3-00246-SDX55_CPEALL_PACK-1",
    "+GCAP: +CGSM",
)


def identity(*lines: str) -> Identity | None:
    (reader,) = (reader for reader in DIALECT.readers if reader.reads("ATI"))
    items = list(reader.read(read_answer("\r\n".join(["ATI", *lines, "OK", ""]), "ATI")))
    return next((item for item in items if isinstance(item, Identity)), None)


def test_an_empty_revision_leaves_the_build_to_the_makers_line() -> None:
    found = identity(*LINES)
    assert found is not None
    assert (found.manufacturer, found.model) == ("QUALCOMM INCORPORATED", "334")
    assert found.build == "RTL6300_X_V0.0.3"
    assert found.baseband == "MPSS.HI.2.0.c3-00246-SDX55_CPEALL_PACK-1"


def test_of_the_imei_only_the_type_is_kept_and_zeros_are_none() -> None:
    kept, zeros = identity(*LINES, "IMEI: 358240051111110"), identity(*LINES, "IMEI: 000000000000000")
    assert kept is not None
    assert kept.tac_imei == "35824005"
    assert zeros is not None
    assert zeros.tac_imei is None


def test_an_answer_without_labels_tells_nothing() -> None:
    assert identity("something else") is None


def test_the_chip_vendors_name_is_no_claim_but_the_product_is() -> None:
    assert not DIALECT.claims(Modem("QUALCOMM INCORPORATED", "334"))
    assert DIALECT.claims(Modem("QUALCOMM INCORPORATED", "334", "RTL6300_X_V0.0.3"))
