"""A mask in the wrong number base is never read as other bands: the right ones, or nothing and a warning."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.language.bases import bands_of_model
from harness.probes.at.registry import dialect
from harness.radio.masks import mask_of_bands
from harness.radio.tables import lte_bands as lte_table

DECIMAL = {"telit": ("LE910-EU V2", "LE940B6"), "u-blox": ("SARA-R410M-02B", "SARA-R510S")}
HEXADECIMAL = {"telit": ("LE910C1-EU", "LE910C4-NF", "LE910C1", "LM940"), "u-blox": ()}


def telit(mask: int, base: int) -> tuple[str, str]:
    return "AT#BND?", f"#BND: 0,0,{mask}" if base == 10 else f"#BND: 0,0,{mask:X}"


def u_blox(mask: int, base: int) -> tuple[str, str]:
    return "AT+UBANDMASK?", f"+UBANDMASK: 0,{mask}" if base == 10 else f"+UBANDMASK: 0,{mask:x}"


ENCODERS = {"telit": telit, "u-blox": u_blox}


def lte_bands(name: str, model: str | None, request: str, text: str) -> tuple[tuple[int, ...] | None, tuple[str, ...]]:
    reading = read_parts(f"{text}\r\nOK\r\n", request, dialect(name), Modem(model=model))
    found = [
        o
        for o in reading.observations
        if isinstance(o, EnabledBands | SupportedBands) and o.rat in {"lte", "lte_m", "nb_iot"}
    ]
    assert not any(o.unlimited for o in found)
    return (found[0].bands if found else None), reading.warnings


@pytest.mark.parametrize("name", ["telit", "u-blox"])
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_answer_of_the_other_base_is_the_right_bands_or_nothing(name: str, data: st.DataObject) -> None:
    """Sets that a modem of the model can have, written in the base that the model does not use."""
    base, model = data.draw(
        st.sampled_from([(16, model) for model in DECIMAL[name]] + [(10, model) for model in HEXADECIMAL[name]])
    )
    known = bands_of_model(Modem(model=model), "lte")
    assert known
    bands = data.draw(st.sets(st.sampled_from(sorted(b for b in known if b <= 64)), min_size=1))
    found, warnings = lte_bands(name, model, *ENCODERS[name](mask_of_bands(bands), base))
    assert found in {None, tuple(sorted(bands))}
    assert found is not None or warnings


@pytest.mark.parametrize("name", ["telit", "u-blox"])
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_answer_of_the_own_base_is_read_unless_the_other_base_would_do(name: str, data: st.DataObject) -> None:
    base, model = data.draw(
        st.sampled_from([(10, model) for model in DECIMAL[name]] + [(16, model) for model in HEXADECIMAL[name]])
    )
    known = bands_of_model(Modem(model=model), "lte")
    assert known
    bands = data.draw(st.sets(st.sampled_from(sorted(b for b in known if b <= 64)), min_size=1))
    mask = mask_of_bands(bands)
    found, warnings = lte_bands(name, model, *ENCODERS[name](mask, base))
    other = int(str(mask), 16) if base == 10 else int(f"{mask:X}") if f"{mask:X}".isdigit() else None
    open_question = other not in {None, mask} and {b for b in range(1, 100) if (other or 0) >> (b - 1) & 1} <= known
    assert found == (None if open_question else tuple(sorted(bands)))
    assert bool(warnings) == open_question


@pytest.mark.parametrize(
    ("model", "digits", "bands"),
    [
        ("LM940", "1A03B0918DF", (1, 2, 3, 4, 5, 7, 8, 12, 13, 17, 20, 25, 26, 28, 29, 30, 38, 40, 41)),
        ("LE910-EU V2", "524356", (3, 7, 20)),
        ("LE910C1-EU", "80800C5", (1, 3, 7, 8, 20, 28)),
        ("LE910C1", "134742042", None),
        ("LE910C1-EU", "134742149", None),
        ("LE910-EU V2", "80800C5", None),
        ("LM940", "1788964960479", None),
        ("LM940", "1", (1,)),
        ("LM940", "10", None),
    ],
)
def test_masks_that_were_seen(model: str, digits: str, bands: tuple[int, ...] | None) -> None:
    found, warnings = lte_bands("telit", model, "AT#BND?", f"#BND: 0,0,{digits}")
    assert found == bands
    assert bool(warnings) == (bands is None)


def test_the_firmware_tells_the_model_of_le910c() -> None:
    reading = read_parts("#BND: 0,0,80800C5\r\nOK\r\n", "AT#BND?", dialect("telit"), Modem(None, None, "25.20.001"))
    assert [o.bands for o in reading.observations if isinstance(o, EnabledBands) and o.rat == "lte"] == [
        (1, 3, 7, 8, 20, 28)
    ]


@pytest.mark.parametrize(
    ("name", "request_", "text"),
    [
        ("telit", "AT#BND?", "#BND: 0,0,80800C5"),
        ("telit", "AT#BND=?", "#BND: (0-5),(0-11),(1-1A03B0918DF)"),
        ("u-blox", "AT+UBANDMASK?", "+UBANDMASK: 0,185473183"),
        ("u-blox", "AT+UBANDMASK=?", "+UBANDMASK: (0,1),185473183,1048578"),
        ("u-blox", "AT+UBANDSEL?", "+UBANDSEL: 800,1800"),
    ],
)
def test_without_a_model_nothing_is_read_and_the_warning_asks_for_it(name: str, request_: str, text: str) -> None:
    reading = read_parts(f"{text}\r\nOK\r\n", request_, dialect(name), Modem())
    assert reading.told == ()
    assert any("model" in warning for warning in reading.warnings)


@settings(max_examples=200, deadline=None)
@given(bands=st.sets(st.sampled_from([band for band in lte_table() if band <= 85]), min_size=1, max_size=20))
def test_a_quectel_mask_without_its_sign_is_the_right_one_or_nothing(bands: set[int]) -> None:
    mask = mask_of_bands(bands)
    for digits in (f"{mask:x}", str(mask)):
        found, _ = lte_bands("quectel", "EG25-G", 'AT+QCFG="band"', f'+QCFG: "band",0x93,{digits},0x0')
        if found is not None:
            assert found == tuple(sorted(bands))


CHANNELS = st.sampled_from([100, 300, 900, 1300, 1500, 1849, 2525, 2850, 3350, 5110, 5230, 6300, 9260, 38950, 40340])


@pytest.mark.parametrize(("model", "written"), [("FM350-GL", 16), ("FM160-EAU", 10), (None, 10), (None, 16)])
@settings(max_examples=60, deadline=None)
@given(channel=CHANNELS, pci=st.integers(0, 503))
def test_a_channel_in_the_other_base_does_not_change_the_band(
    model: str | None, written: int, channel: int, pci: int
) -> None:
    from harness.radio.channels import lte_band_of

    band = lte_band_of(channel)
    assert band
    one, two = (str(channel), str(pci)) if written == 10 else (f"{channel:X}", f"{pci:X}")
    text = f"+GTCCINFO:\r\n1,4,262,1,1A2B,01B2C3D,{one},{two},{100 + band},100,10,50,50,20\r\nOK\r\n"
    reading = read_parts(text, "AT+GTCCINFO?", dialect("fibocom"), Modem(model=model))
    for found in (o for o in reading.observations if isinstance(o, ServingCell)):
        assert found.band in {None, band}
        assert found.band is not None or reading.warnings
