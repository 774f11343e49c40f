"""Software networks and attenuators, each against a stand-in: what they put on air, what they witness, what is put back."""

from __future__ import annotations

import json
import time

import pytest
from stand_ins import Attenuator, RemoteApi, Web

from harness.cells.amarisoft import AmarisoftChannel, flat
from harness.cells.open5gs import registered_of
from harness.cells.specs import open_spec, parse_spec
from harness.cells.web import WebChannel
from harness.errors import (
    AnswerGarbled,
    AnswerTimeout,
    CommandRefused,
    DeviceAbsent,
    StateError,
    UnknownName,
    UsageError,
)
from harness.state.journal import left_over

pytest.importorskip("websockets")


@pytest.fixture
def journals(tmp_path):
    return tmp_path / "journal"


@pytest.fixture
def made():
    open_ = []

    def make(what):
        open_.append(what)
        return what

    yield make
    for one in reversed(open_):
        one.close()


@pytest.fixture
def radio(made):
    return made(RemoteApi({"1": {"band": 2, "dl_earfcn": 900, "gain": -200}, "2": {"dl_earfcn": 5095, "gain": -200}}))


@pytest.fixture
def core(made):
    return made(RemoteApi(devices=[]))


@pytest.fixture
def amarisoft(made, radio, core, journals):
    return made(open_spec(parse_spec(f"amarisoft:{radio.url},core={core.url}"), journals=journals))


# Amarisoft.


def test_a_cell_is_faded_in_by_its_band_and_put_back(amarisoft, radio, journals):
    assert amarisoft.possible() == {("lte", 2), ("lte", 12)}
    assert amarisoft.on_air("lte", 12).on is False
    assert amarisoft.on("lte", 12).on is True
    assert [one["gain"] for one in radio.cells.values()] == [-200, 0]
    assert left_over(journals)[0].held
    amarisoft.off("lte", 12)
    assert radio.cells["2"]["gain"] == -200
    amarisoft.on("lte", 2)
    amarisoft.reset()
    assert [one["gain"] for one in radio.cells.values()] == [-200, -200]
    assert left_over(journals) == ()


def test_a_band_that_is_not_configured_is_refused(amarisoft, radio):
    with pytest.raises(CommandRefused, match="B66"):
        amarisoft.on("lte", 66)
    assert radio.writes == []


def test_a_gain_in_between_is_not_known(amarisoft, radio):
    radio.cells["2"]["gain"] = -60
    assert amarisoft.on_air("lte", 12).on is None


def test_a_radio_that_tells_no_gain_is_not_changed(made, radio, journals):
    del radio.cells["2"]["gain"]
    source = made(open_spec(parse_spec(f"amarisoft:{radio.url}"), journals=journals))
    with pytest.raises(StateError, match="cannot be read"):
        source.on("lte", 12)
    assert radio.writes == []
    assert left_over(journals) == ()


def registered(*names, registered=True):
    return [{"imsi": f"00101{name}", "registered": registered} for name in names]


@pytest.mark.parametrize(
    ("before", "after", "attached"),
    [
        ([], registered("1"), True),
        (registered("1"), registered("1", "2"), True),
        ([], [], False),
        (registered("1"), [], False),
        ([], registered("1", registered=False), False),
        # It may be ours, or another one that was there all the time.
        (registered("1"), registered("1"), None),
        ([], [{"imsi": "001011"}], None),
        ([], "no list", None),
    ],
)
def test_what_the_core_witnesses(amarisoft, core, before, after, attached):
    core.devices = before
    amarisoft.on("lte", 12)
    core.devices = after
    word = amarisoft.network("lte", 12)
    assert word.attached is attached
    assert "00101" not in word.words


def test_without_a_core_nobody_witnesses(made, radio, journals):
    source = made(open_spec(parse_spec(f"amarisoft:{radio.url}"), journals=journals))
    source.on("lte", 12)
    assert source.network("lte", 12).attached is None


def test_messages_between_are_no_answers_and_a_late_one_is_none(made, radio):
    radio.chatter = True
    channel = made(AmarisoftChannel(radio.url))
    told = channel.ask('{"message":"config_get"}', deadline_s=time.monotonic() + 5)
    assert "cells.2.gain: -200" in told.text.splitlines()
    radio.slow_s = 0.5
    with pytest.raises(AnswerTimeout):
        channel.ask('{"message":"ue_get"}', deadline_s=time.monotonic() + 0.1)
    radio.slow_s = 0
    assert "cells.1.band: 2" in channel.ask('{"message":"config_get"}', deadline_s=time.monotonic() + 5).text


def test_what_greets_otherwise_or_is_not_there_is_refused(made, radio):
    radio.greeting = {"message": "hello"}
    with pytest.raises(UsageError, match="does not greet"):
        AmarisoftChannel(radio.url)
    with pytest.raises(DeviceAbsent):
        AmarisoftChannel("ws://127.0.0.1:1")


def test_a_refused_message_is_an_error(made, radio):
    channel = made(AmarisoftChannel(radio.url))
    with pytest.raises(CommandRefused, match="cell not found"):
        channel.ask('{"message":"cell_gain","cell_id":9,"gain":0}', deadline_s=time.monotonic() + 5)


def test_json_as_lines():
    assert list(flat({"a": [{"b": 1}, "x"], "c": None})) == ["a.0.b: 1", "a.1: x", "c: None"]


# Open5GS.


def devices(*names, state="registered", **pager):
    items = [{"supi": name, "rm_state": state, "cm_state": "idle"} for name in names]
    return json.dumps({"items": items, "pager": {"page": 0, "page_size": 100, "count": len(items), **pager}})


@pytest.mark.parametrize(
    ("before", "after", "attached"),
    [
        (devices(), devices("imsi-1"), True),
        (devices(), devices(), False),
        (devices("imsi-1"), devices("imsi-1"), None),
        (devices(), devices("imsi-1", state="deregistered"), False),
        (devices(), devices("imsi-1", state="odd"), None),
        (devices(), devices(page=1), None),
        (devices(), devices("a", "b", page_size=2), None),
        (devices(), "<html>", None),
        (devices(), None, None),
        (None, devices("imsi-1"), None),
    ],
)
def test_open5gs_witnesses_what_its_list_tells_and_no_more(made, before, after, attached):
    said = [before, after]
    web = made(Web(lambda path: said.pop(0) if path == "/ue-info" else None))
    source = open_spec(parse_spec(f"open5gs:{web.url}"))
    assert source.on("lte", 12).on is None
    word = source.network("lte", 12)
    assert word.attached is attached
    assert "imsi" not in word.words


def test_an_mme_is_no_witness_of_nr(made):
    web = made(Web(lambda path: devices()))
    source = open_spec(parse_spec(f"open5gs:{web.url}"))
    source.on("nr", 71)
    assert source.network("nr", 71).attached is None
    assert web.asked == []
    amf = open_spec(parse_spec(f"open5gs:{web.url},nr=yes"))
    amf.on("nr", 71)
    assert amf.network("nr", 71).attached is False


def test_an_mme_witnesses_the_anchor_of_an_nr_leg_and_an_amf_does_not(made):
    said = [devices(), devices("imsi-1")]
    web = made(Web(lambda path: said.pop(0)))
    source = open_spec(parse_spec(f"open5gs:{web.url}"))
    source.on("nr_nsa", 79)
    assert source.network("nr_nsa", 79).attached is True
    amf = open_spec(parse_spec(f"open5gs:{web.url},nr=yes"))
    amf.on("nr_nsa", 79)
    assert amf.network("nr_nsa", 79).attached is None


def test_a_list_of_another_form_tells_nothing():
    assert registered_of([{"supi": "1", "rm_state": "registered"}]) is not None
    assert registered_of({"items": "x"}) is None
    assert registered_of(7) is None


# Attenuators.


@pytest.fixture
def attenuator(made):
    return made(Attenuator())


@pytest.fixture
def fading(attenuator, journals):
    return open_spec(parse_spec(f"minicircuits:{attenuator.url},ports=1:2/12+2:n71"), journals=journals)


def test_a_port_is_opened_and_the_others_are_shut_and_all_is_put_back(fading, attenuator, journals):
    attenuator.db = {1: 30.25, 2: 40.0, 3: 5.0, 4: 5.0}
    before = dict(attenuator.db)
    fading.on("lte", 12)
    assert attenuator.db == {1: 0.0, 2: 95.0, 3: 5.0, 4: 5.0}
    fading.on("nr", 71)
    assert (attenuator.db[1], attenuator.db[2]) == (95.0, 0.0)
    fading.reset()
    assert attenuator.db == before
    assert left_over(journals) == ()


def test_an_attenuator_knows_no_cell(fading):
    fading.on("lte", 12)
    assert fading.on_air("lte", 12).on is None
    assert fading.network("lte", 12).attached is None
    with pytest.raises(CommandRefused):
        fading.on("lte", 66)


def test_a_refused_attenuation_is_told(fading, attenuator):
    attenuator.refuses = True
    with pytest.raises(StateError, match="refused the write"):
        fading.on("lte", 12)


def test_another_thing_behind_the_address_is_refused(attenuator, journals):
    attenuator.model = "MN=RC-8SPDT-A18"
    with pytest.raises(UsageError, match="no attenuator"):
        open_spec(parse_spec(f"minicircuits:{attenuator.url},ports=1:12"), journals=journals)


def test_web_errors_are_ours(made):
    web = made(Web(lambda path: None))
    channel = WebChannel(web.url)
    with pytest.raises(AnswerGarbled, match="404"):
        channel.ask("/x", deadline_s=time.monotonic() + 5)
    with pytest.raises(DeviceAbsent):
        WebChannel("http://127.0.0.1:1").ask("/x", deadline_s=time.monotonic() + 5)
    for base in ("ftp://x", "http://", "x", "http://a/?q"):
        with pytest.raises(UsageError):
            WebChannel(base)


# Names.


@pytest.mark.parametrize(
    "text",
    ["scpi:", "scpi:X,mop=1", "open5gs:http://x,nr=maybe", "minicircuits:http://x", "minicircuits:http://x,ports=0:2",
     "minicircuits:http://x,ports=1:999", "amarisoft:ws://x,gain=7", "scpi:X", "scpi:X,map=cmw500,power=99",
     "scpi:X,map=cmw500,bands=x"],
)  # fmt: skip
def test_wrong_names_are_wrong_usage(text):
    with pytest.raises(UsageError):
        open_spec(parse_spec(text))


def test_an_unknown_kind_names_the_known():
    with pytest.raises(UnknownName, match="scpy"):
        parse_spec("scpy:X")
