"""`bandproof lock` and `bandproof restore` of a modem on a tty."""

from __future__ import annotations

import sys

import pytest

from harness import cli
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES
from harness.state.folder import VARIABLE
from harness.state.journal import Journal, device_key, left_over

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")
IMEI = "490154203237518"


@pytest.fixture(autouse=True)
def journals(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "journal"))
    return tmp_path / "journal"


@pytest.fixture
def modem():
    with serve_radio(TONGUES["quectel-5g"](), Air([cell_on("lte", 2), cell_on("lte", 12)])) as served:
        yield served


def lists(served):
    return {key: served.radio.memory.nv[key] for key in ("lte_band", "mode_pref")}


def test_a_lock_stays_until_it_is_put_back(modem, capsys, journals):
    before = lists(modem)
    assert cli.main(["lock", modem.address, "12", "--yes"]) == 0
    assert lists(modem) == {"lte_band": "12", "mode_pref": "LTE"}
    assert "bandproof restore" in capsys.readouterr().out
    assert left_over(journals)[0].page.kept
    # A look at what is plugged in leaves it, and says so.
    assert cli.main(["devices", "--timeout=0.5"]) == 0
    assert "locked by `bandproof lock`" in capsys.readouterr().out
    assert lists(modem)["lte_band"] == "12"
    assert cli.main(["restore", modem.address, "--wait=0"]) == 0
    assert "put back to" in capsys.readouterr().out
    assert lists(modem) == before
    assert left_over(journals) == ()


def test_a_band_of_en_dc_is_held_beside_lte_and_put_back(capsys, journals):
    with serve_radio(TONGUES["quectel-5g"](), Air([cell_on("lte", 2), cell_on("nr_nsa", 79)])) as served:
        before = dict(served.radio.memory.nv)
        assert cli.main(["lock", served.address, "n79", "--yes"]) == 0
        held = {key: value for key, value in served.radio.memory.nv.items() if before[key] != value}
        assert held == {"nsa_nr5g_band": "79", "mode_pref": "LTE:NR5G", "nr5g_disable_mode": "1"}
        assert cli.main(["restore", served.address, "--wait=0"]) == 0
        assert served.radio.memory.nv == before
    assert left_over(journals) == ()


def test_it_is_not_locked_twice(modem, capsys):
    assert cli.main(["lock", modem.address, "12", "--yes"]) == 0
    assert cli.main(["lock", modem.address, "2", "--yes"]) == 5
    assert "bandproof restore" in capsys.readouterr().err
    assert lists(modem)["lte_band"] == "12"


def test_a_modem_that_takes_its_list_at_a_restart_is_held_and_put_back(capsys, journals):
    with serve_radio(TONGUES["altair"](), Air([cell_on("lte", 2), cell_on("lte", 12)])) as served:
        before = served.radio.memory.nv["bands"]
        assert cli.main(["lock", served.address, "12", "--yes"]) == 0
        assert served.radio.memory.nv["bands"] == "12"
        assert served.radio.memory.now["force"] == {"lte": [12]}
        assert cli.main(["restore", served.address, "--wait=0"]) == 0
        assert "the device was restarted for it" in capsys.readouterr().out
        assert served.radio.memory.nv["bands"] == before
        # It holds, and the modem is there for whatever comes next.
        assert len(served.radio.memory.now["force"]["lte"]) == len(before.split(","))
        assert cli.main(["survey", served.address]) == 0
    assert left_over(journals) == ()


def test_without_a_yes_nothing_is_changed(modem, monkeypatch):
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    before = lists(modem)
    assert cli.main(["lock", modem.address, "12"]) == 2
    assert lists(modem) == before


def test_a_lock_that_does_not_come_true_is_undone(capsys, journals):
    with serve_radio(TONGUES["quectel-5g"](), Air([cell_on("lte", 2)]), quirks=Quirks(other_mask=True)) as served:
        before = lists(served)
        assert cli.main(["lock", served.address, "12", "--yes"]) == 5
        assert lists(served) == before
    assert left_over(journals) == ()


@pytest.mark.parametrize("band", ["30", "n75", "12,66", "x"])
def test_what_cannot_be_locked_is_told(modem, band):
    before = lists(modem)
    assert cli.main(["lock", modem.address, band, "--yes"]) in {2, 5}
    assert lists(modem) == before


def test_another_modem_at_the_port_is_left_alone(modem, capsys, journals):
    other = Journal(
        device_key("at", "356938035643809"), words="another modem", firmware="EG25GGBR07A08M2G", opened_by="--sweep",
        reached=modem.address,
    )  # fmt: skip
    other.intend("lte_band", "at", "1:3", "12")
    other.close()
    asked = len(modem.modem.state.asked)
    assert cli.main(["restore", "--wait=0"]) == 5
    assert "not plugged in" in capsys.readouterr().out
    assert not any("=" in one for one in modem.modem.state.asked[asked:])
    assert len(left_over(journals)) == 1


def test_a_modem_is_found_under_another_name_and_put_back(modem, capsys, journals, monkeypatch):
    before = lists(modem)
    cli.main(["lock", modem.address, "12", "--yes"])
    (left,) = left_over(journals)
    text = left.path.read_text().replace(modem.address, "/dev/ttyNOWHERE")
    left.path.write_text(text)
    from harness.links.usb import serial_ports
    from harness.links.usb.serial_ports import SerialPort

    ports = [SerialPort(modem.address, "unit", "modem", "at", "Quectel")]
    monkeypatch.setattr(serial_ports, "list_serial_ports", lambda *_: ports)
    assert cli.main(["restore", "--wait=0"]) == 0
    assert lists(modem) == before


def test_another_firmware_is_left_to_a_person(modem, capsys, journals):
    cli.main(["lock", modem.address, "12", "--yes"])
    modem.radio.tongue.revision = "RM520NGLAAR99"
    assert cli.main(["restore", modem.address, "--wait=0"]) == 5
    assert "another firmware" in capsys.readouterr().out
    assert lists(modem)["lte_band"] == "12"
