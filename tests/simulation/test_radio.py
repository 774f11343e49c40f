"""A radio as a command line names it, and as programs meet it on a port."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from harness.errors import LinkError, UnknownName, UsageError
from harness.links.at.port import open_at
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.plan import quirks_of, radio_plan
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")


def soon(seconds=10.0):
    return time.monotonic() + seconds


def test_cells_are_named_by_their_bands():
    plan = radio_plan("quectel-5g", "2, 12!15,n71,m12", "deaf")
    assert [(one.rat, one.band, one.reject) for one in plan.cells] == [
        ("lte", 2, 0), ("lte", 12, 15), ("nr", 71, 0), ("lte_m", 12, 0),
    ]  # fmt: skip
    assert plan.quirks.deaf


@pytest.mark.parametrize("cells", ["x", "n", "29x", "12!", "999", "n999"])
def test_what_can_be_no_cell_is_refused(cells):
    with pytest.raises(UsageError):
        radio_plan("quectel-5g", cells)


def test_unknown_names_are_told_with_the_known_ones():
    with pytest.raises(UnknownName, match="quectel-6g"):
        radio_plan("quectel-6g", "2")
    with pytest.raises(UnknownName, match="sulky"):
        radio_plan("quectel-5g", "2", "sulky")


def test_a_misbehaviour_is_named_with_its_number_where_it_has_one():
    assert quirks_of("").wiped_after_s == 0
    assert quirks_of("wiped_after_s=20").wiped_after_s == 20
    assert quirks_of("restarts_at=7").restarts_at == 7
    for wrong in ("deaf=1", "wiped_after_s", "wiped_after_s=soon", "bars_card"):
        with pytest.raises(UsageError):
            quirks_of(wrong)
    with pytest.raises(UnknownName) as told:
        quirks_of("help")
    assert {"hidden_lock", "another_list_after_s=N"} <= set(told.value.nearest)


@pytest.mark.parametrize("family", [name for name, one in TONGUES.items() if one.restarts])
def test_a_modem_that_restarts_goes_away_and_its_list_holds_behind_it(family):
    tongue = TONGUES[family]()
    rat = next(iter(tongue.enabled(tongue.memory())))
    with serve_radio(tongue, Air([cell_on(rat, 12)]), reset_s=0.05) as served:
        with open_at(served.address, allow_changes=True) as port:
            assert "OK" in port.ask("AT+CEREG=2", deadline_s=soon()).text
            with pytest.raises(LinkError):
                # Its port goes with the answer, or behind it.
                [port.ask(one, deadline_s=soon(2)) for one in (tongue.restarts, *["AT+CEREG?"] * 20)]
        until = soon()
        while not os.path.exists(served.address) and until > soon(0):  # noqa: PTH110  a link to a tty
            time.sleep(0.01)
        with open_at(served.address, deadline_s=soon()) as port:
            assert "+CEREG: 0" in port.ask("AT+CEREG?", deadline_s=soon()).text


@pytest.mark.parametrize("family", TONGUES)
def test_it_attaches_says_so_and_keeps_what_lasts_over_a_power_cycle(family):
    tongue = TONGUES[family]()
    rat = next(iter(tongue.enabled(tongue.memory())))
    with serve_radio(tongue, Air([cell_on(rat, 12)]), reset_s=0.05) as served:
        with open_at(served.address, allow_changes=True) as port:
            assert "OK" in port.ask("AT+CEREG=2", deadline_s=soon()).text
            port.ask("AT+CFUN=4", deadline_s=soon())
            assert re.search(r"\+CEREG: 2,0", port.ask("AT+CEREG?", deadline_s=soon()).text)
            port.ask("AT+CFUN=1", deadline_s=soon())
            assert b"+CEREG: 1" in port.listen(deadline_s=soon())
            assert re.search(r"\+CEREG: 2,1", port.ask("AT+CEREG?", deadline_s=soon()).text)
        for key in tongue.lists:
            served.radio.memory.put(key, served.radio.memory.get(key))
        served.radio.memory.power_cycle()
        assert served.radio.memory.get("CEREG") == "0"
        lasting = {key: served.radio.memory.nv[key] for key in served.radio.memory.nv}
        assert lasting == {key: served.radio.memory.found[key] for key in lasting}


def test_the_command_serves_one_and_prints_how_to_read_it():
    command = [sys.executable, "-m", "harness.cli", "simulate", "--radio=quectel-lte", "--cells=2,12", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as served:
        told = json.loads(served.stdout.readline())
        with open_at(told["devices"][0]["address"]) as port:
            assert "EG25-G" in port.ask("ATI", deadline_s=soon()).text
        served.send_signal(signal.SIGINT)
        assert served.wait(10) == 0


def test_nothing_to_simulate_is_wrong_usage(capsys):
    from harness import cli

    assert cli.main(["simulate"]) == 2
    assert "--radio" in capsys.readouterr().err
