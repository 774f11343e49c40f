"""Answers of Quectel modems, as LTE and 5G modules print them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.at_commands import split_joined
from harness.errors import ParseError
from harness.observations import ServingCell
from harness.probes.at import read, read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.makers.quectel.family import claims, plan
from harness.probes.at.registry import dialect

QENG = 'AT+QENG="servingcell"'


def told(text: str, command: str, kind: str, **modem: str) -> list[dict[str, Any]]:
    reading = read(text + "\r\nOK\r\n", command, "quectel", **modem)
    return [item.as_json() for item in reading.observations if item.kind == kind]


def test_limited_service_is_a_cell_without_registration() -> None:
    text = '+QENG: "servingcell","LIMSRV","LTE","FDD",460,00,C558C84,251,1300,3,5,5,2835,-96,-18,-58,-5,23'
    [cell] = told(text, QENG, "serving_cell")
    assert cell["registered"] is False
    assert (cell["band"], cell["pci"], cell["tac"], cell["bandwidth_khz"]) == (3, 251, 0x2835, 20000)


def test_an_idle_cell_does_not_claim_registration() -> None:
    text = '+QENG: "servingcell","NOCONN","NR5G-SA","TDD", 460,11,94203C105,543,8EB001,627264,78,12,-90,-11,12,1,-'
    [cell] = told(text, QENG, "serving_cell")
    assert cell["registered"] is None
    assert (cell["rat"], cell["plmn"], cell["band"], cell["bandwidth_khz"]) == ("nr", "46011", 78, 100000)


def test_searching_has_no_cell() -> None:
    text = '+QENG: "servingcell","SEARCH"'
    assert told(text, QENG, "serving_cell") == []
    assert told(text, QENG, "registration")[0]["state"] == "searching"


@pytest.mark.parametrize("state", ['"LIMSRV', '"****', '"', ""])
def test_a_cell_in_endc_without_a_state_that_is_known_is_no_cell(state: str) -> None:
    cells = [
        '+QENG: "LTE","FDD",310,260,0A1B2C3,214,66786,66,5,5,2A3F,-93,-10,-63,15,11,200,-',
        '+QENG: "NR5G-NSA",310,260,625,-98,17,-11,520110,41,12,1',
    ]
    whole = "\r\n".join(['+QENG: "servingcell","NOCONN"', *cells])
    assert [(cell["role"], cell.get("registered")) for cell in told(whole, QENG, "serving_cell")] == [
        ("pcell", None),
        ("pscell", None),
    ]
    first = [f'+QENG: "servingcell",{state}"'] if state else []
    rest = read_parts("\r\n".join([*first, *cells, "OK", ""]), QENG, dialect("quectel"), Modem())
    if state == '"LIMSRV':
        assert rest.observations[0].registered is False
    else:
        assert rest.told == ()
        assert "whether it serves is open" in rest.warnings[0]


@pytest.mark.parametrize("leg", ['"NR5G-NSA",460,00,65535,-32768,-32768,-32768', '"NR5G-NSA",'])
def test_a_placeholder_is_no_nr_leg(leg: str) -> None:
    lte = '+QENG: "LTE","FDD",460,00,1A2D001,1,1300,3,5,5,1,-55,-6,-29,19,0,-,84'
    text = f'+QENG: "servingcell","NOCONN"\r\n{lte}\r\n+QENG:{leg}'
    assert [cell["role"] for cell in told(text, QENG, "serving_cell")] == ["pcell"]
    assert told(text, QENG, "nr_state")[0]["mode"] == "none"


def test_nr_on_an_lte_anchor_is_a_pscell_and_configured_is_not_active() -> None:
    text = (
        '+QCAINFO: "PCC",275,75,"LTE BAND 1",1,280,-99,-14,-67,-4\r\n'
        '+QCAINFO: "SCC",1350,100,"LTE BAND 3",1,240,-95,-18,-68,-10,0,-,-\r\n'
        '+QCAINFO: "SCC",9485,75,"LTE BAND 28",2,135,-108,-10,-89,0,0,-,-\r\n'
        '+QCAINFO: "SCC",648768,10,"NR5G BAND 78",920'
    )
    cells = told(text, "AT+QCAINFO", "serving_cell")
    assert [(c["role"], c["band"], c["active"], c["pci"]) for c in cells] == [
        ("pcell", 1, None, 280),
        ("scell", 3, False, 240),
        ("scell", 28, True, 135),
        ("pscell", 78, None, 920),
    ]


def test_two_records_in_one_line_are_two_carriers() -> None:
    text = (
        '+QCAINFO: "PCC",501390,12,"NR5G BAND 41",153,-11,-11,2549\r\n'
        '+QCAINFO: "SCC",126270,2,"NR5G BAND 71",1,93,0,-,-+QCAINFO: "SCC",521310,11,"NR5G BAND 41",1,153,0,-,-'
    )
    cells = told(text, "AT+QCAINFO", "serving_cell")
    assert [(c["role"], c["arfcn"], c["pci"]) for c in cells] == [
        ("pcell", 501390, 153),
        ("scell", 126270, 93),
        ("scell", 521310, 153),
    ]


def test_the_model_decides_what_the_masks_of_qcfg_mean() -> None:
    text, command = '+QCFG: "band",0xf,0x80084,0x8', 'AT+QCFG="band"'
    iot = {b["rat"]: b["bands"] for b in told(text, command, "enabled_bands", model="BG95-M3")}
    assert iot == {"gsm": [850, 900, 1800, 1900], "lte_m": [3, 8, 20], "nb_iot": [4]}
    lte = {b["rat"]: b["bands"] for b in told(text, command, "enabled_bands", model="EC25-E")}
    assert lte["lte"] == [3, 8, 20]
    with pytest.raises(ParseError, match="model"):
        read(text + "\r\nOK\r\n", command, "quectel")


def test_a_mask_with_a_band_that_does_not_exist_is_unreadable_and_all_ones_are_no_restriction() -> None:
    command = 'AT+QCFG="band"'
    strange = told('+QCFG: "band",0xd0,0x4001,0x0', command, "enabled_bands", model="EC25")
    assert "lte" not in {b["rat"] for b in strange}
    every = told('+QCFG: "band",0xd0,0x7fffffffffffffff,0x0', command, "enabled_bands", model="EC25")
    assert [(b["bands"], b["unlimited"]) for b in every if b["rat"] == "lte"] == [(None, True)]


@pytest.mark.parametrize(
    ("asked", "layer"), [("policy_band", "policy"), ("ue_capability_band", "advertised"), ("rf_band", "hardware")]
)
def test_the_request_decides_the_layer_and_zero_is_an_empty_list(asked: str, layer: str) -> None:
    text = '+QNWPREFCFG: "lte_band",1:3:28\r\n+QNWPREFCFG: "nr5g_band",0'
    bands = told(text, f'AT+QNWPREFCFG="{asked}"', "supported_bands")
    # Of the hardware an empty set is not told: it is no proof of a modem that has none.
    empty = [] if layer == "hardware" else [("nr_sa", [], layer)]
    assert [(b["rat"], b["bands"], b["layer"]) for b in bands] == [("lte", [1, 3, 28], layer), *empty]


def test_lists_of_two_layers_in_one_answer_are_not_told_apart() -> None:
    with pytest.raises(ParseError, match="one at a time"):
        read(
            '+QNWPREFCFG: "lte_band",1:3\r\n+QNWPREFCFG: "lte_band",1\r\nOK\r\n',
            'AT+QNWPREFCFG="policy_band";+QNWPREFCFG="lte_band"',
            "quectel",
        )


def test_a_damaged_list_is_not_read() -> None:
    with pytest.raises(ParseError, match="unreadable"):
        read('+QNWPREFCFG: "lte_band",1:3:2841\r\nOK\r\n', 'AT+QNWPREFCFG="lte_band"', "quectel")


def test_capability_lists_are_advertised() -> None:
    text = "+QGETCAPABILITY:NR:n41,n78\r\n+QGETCAPABILITY:LTE-FDD:B1,B3\r\n+QGETCAPABILITY:LTE-TDD:B40"
    bands = told(text, "AT+QGETCAPABILITY", "supported_bands")
    assert [(b["rat"], b["bands"], b["layer"]) for b in bands] == [
        ("nr", [41, 78], "advertised"),
        ("lte", [1, 3, 40], "advertised"),
    ]


@pytest.mark.parametrize("model", ["EC25-E", "BG95-M3", "RM520N-GL", "RM500U-CNV", "EM12-G"])
def test_the_plan_is_short_and_never_joins_lists_of_the_same_names(model: str) -> None:
    requests = plan(Modem("Quectel", model))
    assert len(requests) <= 7
    for request in requests:
        layered = [p for p in split_joined(request) if any(w in p for w in ("policy", "capability", '"rf_'))]
        assert not layered or len(split_joined(request)) == 1


@pytest.mark.parametrize(
    ("model", "ours"), [("EM7455", False), ("EM12-G", True), ("RM520N-GL", True), ("MC7455", False)]
)
def test_a_model_of_another_maker_is_not_claimed(model: str, ours: bool) -> None:
    assert claims(Modem(model=model)) is ours


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet='+QENGCAINFO:"-,0123456789LTEBAND NR5GSPCW\r\n', max_size=200),
    st.sampled_from(
        [
            QENG,
            "AT+QCAINFO",
            "AT+QNWINFO",
            'AT+QCFG="band"',
            'AT+QNWPREFCFG="lte_band"',
            "AT+QGETCAPABILITY",
            "AT+QSPN",
        ]
    ),
)
def test_any_text_is_read_or_refused_in_our_words(text: str, command: str) -> None:
    name = command[2:].split("=", maxsplit=1)[0]
    with suppress(ParseError):  # any other error fails
        read(f"{name}: {text}", command, "quectel", model="EC25")


def test_the_nr_line_in_front_of_the_lte_line_is_the_leg_all_the_same() -> None:
    text = (
        '+QNWINFO: "TDD NR5G","26201","NR5G BAND 78",627264\r\n+QNWINFO: "FDD LTE","26201","LTE BAND 3",1300\r\nOK\r\n'
    )
    found = read(text, "AT+QNWINFO", "quectel", model="RM520N-GL").observations
    assert [(o.role, o.band) for o in found if isinstance(o, ServingCell)] == [("pscell", 78), ("pcell", 3)]


@pytest.mark.parametrize(("value", "sa", "nsa"), [("0", "on", "on"), ("1", "off", "on"), ("2", "on", "off")])
def test_what_is_disabled_of_nr_is_off_and_the_other_is_on(value: str, sa: str, nsa: str) -> None:
    text = f'+QNWPREFCFG: "nr5g_disable_mode",{value}\r\nOK\r\n'
    told = read(text, 'AT+QNWPREFCFG="nr5g_disable_mode"', "quectel").observations
    assert {one.name: one.state for one in told} == {"nr_sa": sa, "nr_nsa": nsa}
