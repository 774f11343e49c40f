"""A call box driven by its map: set up, read back, its error queue, delays, hangs, refusals, and put back by the journal."""

from __future__ import annotations

import sys
import time

import pytest
from call_box import CallBox

from harness.cells.instrument import InstrumentCells
from harness.cells.maps import ITEMS, load_map, plain_number, shipped_maps
from harness.cells.scpi import ScpiChannel
from harness.errors import AnswerTimeout, CommandRefused, DeviceAbsent, FileError, StateError, UnknownName, UsageError
from harness.state.journal import Journal, left_over

pytest.importorskip("pyvisa_py")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets as on Linux")


@pytest.fixture
def box():
    served = CallBox()
    yield served
    served.close()


@pytest.fixture
def cells(box, tmp_path):
    opened = []

    def make(**how):
        told = load_map("cmw500")
        channel = ScpiChannel(box.resource, told)
        reached = f"scpi:{box.resource},map=cmw500"
        opened.append(InstrumentCells(channel, told, reached=reached, journals=tmp_path / "journal", **how))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_a_cell_is_set_up_read_back_and_put_back(box, cells, tmp_path):
    before = box.state
    source = cells(power_dbm=-80)
    air = source.on("lte", 12)
    assert air.on is True
    assert "band 12" in air.words
    assert box.state | {"power": ""} == {
        "cell": "ON", "channel": "5094", "bandwidth": "B100", "band": "OB12", "duplex": "FDD", "power": "",
    }  # fmt: skip
    assert float(box.state["power"]) == -80
    (left,) = left_over(tmp_path / "journal")
    assert left.held
    assert left.page.reached.startswith("scpi:TCPIP0")
    source.off("lte", 12)
    assert box.state["cell"] == "OFF"
    source.reset()
    assert box.state == before
    assert left_over(tmp_path / "journal") == ()


def test_a_tdd_band_sets_the_duplex_first_and_goes_back_in_an_order_that_fits(box, cells):
    before = box.state
    source = cells()
    source.on("lte", 38)
    assert box.state["duplex"] == "TDD"
    source.reset()
    assert box.state == before
    assert box.errors == []


def test_every_write_is_followed_by_a_look_at_the_error_queue(box, cells):
    source = cells()
    source.on("lte", 12)
    writes = [place for place, one in enumerate(box.asked) if "?" not in one]
    assert writes
    assert all(box.asked[place + 1] == "SYSTem:ERRor?" for place in writes)


def test_a_cell_that_was_on_is_on_again(box, cells):
    box.set_["cell"] = "ON"
    before = box.state
    source = cells()
    source.on("lte", 12)
    source.off("lte", 12)
    source.reset()
    assert box.state == before


def test_a_cell_is_ready_when_it_says_so_and_not_before(box, cells):
    box.takes_s = 1.0
    began = time.monotonic()
    assert cells().on("lte", 12).on is True
    assert time.monotonic() - began >= 1.0


def test_a_refused_setting_is_no_cell_on_air(box, cells):
    source = cells()
    box.refuse.append("BAND OB12")
    with pytest.raises(StateError, match="refused the write"):
        source.on("lte", 12)
    assert box.state["cell"] == "OFF"
    source.reset()
    assert box.state["band"] == "OB3"


def test_errors_of_before_are_not_told_of_a_write(box, cells):
    box.errors += ['-100,"old"'] * 3
    assert cells().on("lte", 12).on is True
    assert box.errors == []


def test_an_error_queue_without_end_is_told(box, monkeypatch):
    monkeypatch.setattr(CallBox, "_answer", lambda self, c: '-350,"Queue overflow"' if "ERR" in c else self.identity)
    with pytest.raises(Exception, match="does not end"):
        ScpiChannel(box.resource, load_map("cmw500"))


def test_a_hang_is_a_timeout_and_the_late_answer_belongs_to_nothing(box, cells):
    source = cells()
    channel = source._channel
    box.late.append(r"PCC:BAND\?")
    with pytest.raises(AnswerTimeout):
        channel.ask("CONFigure:LTE:SIGN:PCC:BAND?", deadline_s=time.monotonic() + 0.2)
    time.sleep(box.late_s)
    told = channel.ask("CONFigure:LTE:SIGN:PCC:DMODe?", deadline_s=time.monotonic() + 5)
    assert told.text == "FDD"


def test_a_dropped_connection_costs_one_band_and_no_more(box, cells):
    source = cells()
    box.drop.append("PCC:BAND OB12")
    with pytest.raises(StateError, match="did not put B12 on air"):
        source.on("lte", 12)
    assert source.on("lte", 2).on is True
    source.reset()
    assert box.state["band"] == "OB3"


def test_what_a_box_does_not_have_is_refused_and_nothing_is_sent(box, cells):
    source = cells(only=frozenset({("lte", 12)}))
    asked = len(box.asked)
    for rat, band in (("lte", 2), ("nr", 71), ("lte_m", 12)):
        with pytest.raises(CommandRefused):
            source.on(rat, band)
    assert len(box.asked) == asked


@pytest.mark.parametrize(
    ("device", "attached"), [("ON", False), ("ATT", True), ("CEST", True), ("SIGN", None), ("", None), ("OFF", None)]
)
def test_what_the_box_says_of_the_device_and_nothing_more(box, cells, device, attached):
    source = cells()
    source.on("lte", 12)
    box.device = device
    assert source.network("lte", 12).attached is attached


def test_a_cell_that_went_off_by_itself_is_not_on_air(box, cells):
    source = cells()
    source.on("lte", 12)
    box.set_["cell"] = "OFF"
    assert source.on_air("lte", 12).on is False


def test_another_band_than_asked_is_not_on_air(box, cells):
    source = cells()
    source.on("lte", 12)
    box.set_["band"], box.set_["channel"] = "OB2", "900"
    assert source.on_air("lte", 12).on is False
    box.set_["band"] = "?"
    assert source.on_air("lte", 12).on is not True


def test_a_box_that_cannot_be_asked_is_not_known(box, cells):
    source = cells()
    source.on("lte", 12)
    box.close()
    assert source.on_air("lte", 12).on is None
    assert source.network("lte", 12).attached is None


def test_another_instrument_is_not_driven(box):
    box.identity = "Rohde&Schwarz,SMW200A,1,1"
    with pytest.raises(UsageError, match="SMW200A"):
        ScpiChannel(box.resource, load_map("cmw500"))
    with pytest.raises(DeviceAbsent):
        ScpiChannel("TCPIP0::127.0.0.1::1::SOCKET", load_map("cmw500"))


def test_somebody_elses_setting_is_not_overwritten_at_the_end(box, cells, tmp_path):
    source = cells()
    source.on("lte", 12)
    source.off("lte", 12)
    box.set_["bandwidth"] = "B200"
    with pytest.raises(StateError, match="somebody else"):
        source.reset()
    (left,) = left_over(tmp_path / "journal")
    assert [one.state for one in left.page.open] == ["blocked"]


def test_one_run_at_a_time_changes_a_box(box, cells, tmp_path):
    source, other = cells(), cells()
    source.on("lte", 12)
    with pytest.raises(Exception, match="another run is changing"):
        other.on("lte", 2)
    source.reset()


@pytest.mark.parametrize("name", shipped_maps())
def test_shipped_maps_say_what_the_driver_needs(name):
    told = load_map(name)
    assert told.errors.ask or told.errors.behind
    for rat, cell in told.cells.items():
        assert {"cell"} < set(cell.items)
        assert cell.device is not None
        items = told.state_items()
        order = [items[f"{rat}_{one}"].order for one in ITEMS if one in cell.items]
        assert order == sorted(order, reverse=True)
        for item in items.values():
            assert item.read.isascii()
            value = {"cell": "on"}.get(item.name.split("_")[-1], "12")
            request = item.request(value)
            assert request is None or item.value_set_by(request) == value


def test_a_map_with_faults_is_refused_with_its_place(tmp_path):
    text = shipped_maps()["cmw500"].read_text(encoding="utf-8")
    for old, new, why in (
        ('ask: "SYSTem:ERRor?", ', "", "how errors are read"),
        ('read: "CONFigure:LTE:SIGN:PCC:BAND?"', 'read: "CONFigure:LTE:SIGN:PCC:BAND 3"', "no question mark"),
        (r"'^OB(?P<value>\d{1,3})$'", r"'^OB\d+$'", "no group"),
        (r"'^OB(?P<value>\d{1,3})$'", r"'^OB(?P<value>'", "no expression"),
        ("words: the band\n", "words: the band\n        typo: 1\n", "typo"),
        ('ask: "FETCh:LTE:SIGN:PSWitched:STATe?"', 'ask: "CALL:LTE:SIGN:PSWitched:ACTion DETach"', "no query"),
    ):
        file = tmp_path / "own.yaml"
        assert old in text, old
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(FileError, match=why):
            load_map(str(file))
    with pytest.raises(UnknownName):
        load_map("cmw50")
    with pytest.raises(UsageError):
        load_map(str(tmp_path / "none.yaml"))


@pytest.mark.parametrize(("text", "plain"), [("-8.500000E+001", "-85"), ("20", "20"), ("1.40", "1.4"), ("x", "x")])
def test_numbers_have_one_spelling(text, plain):
    assert plain_number(text) == plain


def test_what_a_killed_run_left_is_put_back_by_the_next(box, cells, tmp_path):
    """The journal alone, taken over as after a kill: the box reads as before."""
    before = box.state
    source = cells()
    source.on("lte", 12)
    journal = source.changer._journal
    path = journal.path
    journal.close()
    source.changer._journal = None
    taken = Journal.taken_over(path)
    fresh = cells().changer
    fresh._journal = taken
    fresh.put_back()
    assert box.state == before


def test_a_map_of_ones_own_is_found_again_from_any_folder(box, tmp_path, monkeypatch):
    from harness.cells.specs import open_spec, parse_spec
    from harness.survey.restoring.putting_back import carry_out_all

    (tmp_path / "own.yaml").write_text(shipped_maps()["cmw500"].read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = box.state
    source = open_spec(parse_spec(f"scpi:{box.resource},map=own.yaml"), journals=tmp_path / "journal")
    source.on("lte", 12)
    source.changer._journal.close()
    source.close()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert [one.trouble for one in carry_out_all(tmp_path / "journal")] == [""]
    assert box.state == before
