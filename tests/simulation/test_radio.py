"""A radio as a command line names it, and as programs meet it on a port."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from harness.errors import UnknownName, UsageError
from harness.links.at.port import open_at
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.plan import radio_plan
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")


def soon(seconds=10.0):
    import time

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
