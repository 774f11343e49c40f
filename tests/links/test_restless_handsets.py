"""Handsets that come back, and handsets that never stop, behind real adb servers of both generations."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest

from harness.errors import DeviceAbsent
from harness.links.adb import shell as adb
from harness.links.adb.shell import open_adb
from harness.simulation import kit

MIX = "fixture:xiaomi-mi-mix-2-global"
REGISTRY = "dumpsys telephony.registry"
COMMANDS = ["getprop", REGISTRY, "pm list packages"]
pytestmark = pytest.mark.skipif(not kit.adb_binaries(), reason="no adb here")


@pytest.fixture(params=sorted(kit.adb_binaries()))
def handset(request):
    with ExitStack() as stack:
        server = stack.enter_context(kit.private_adb_server(kit.adb_binaries()[request.param]))
        stack.enter_context(kit.adb_environment(server))

        def serve(*faults, **options):
            how = kit.HandsetOptions(latency_s=0.0, **options)
            return stack.enter_context(kit.serve_handset(MIX, server=server, options=how, faults=faults))

        yield serve


def test_a_handset_on_the_network_that_was_away_is_had_as_soon_as_it_is_back(handset):
    """By itself adb 36 takes 3 s to find it again and adb 29 takes 10 s; both say meanwhile that it is connected."""
    served = handset()
    assert served.server is not None
    served.call(_away(served.handset))
    assert served.server.wait_for(served.address, "offline")
    served.call(served.handset._listen())
    start = time.monotonic()
    with open_closing(served.address, start + 5) as shell:
        (answer,) = shell.run(["getprop"], deadline_s=start + 5)
    assert answer.exit_code == 0
    assert time.monotonic() - start < 2.5


def test_one_that_is_still_away_is_absent(handset):
    served = handset()
    served.call(_away(served.handset))
    assert served.server.wait_for(served.address, "offline")
    with pytest.raises(DeviceAbsent):
        open_adb(served.address, deadline_s=time.monotonic() + 3)


@pytest.mark.parametrize("shell_v2", [True, False])
def test_an_answer_without_end_ends_before_it_fills_the_memory(handset, monkeypatch, shell_v2):
    monkeypatch.setattr(adb, "LONGEST_ANSWER", 50_000)
    served = handset(f"chatter@{REGISTRY}", shell_v2=shell_v2)
    start = time.monotonic()
    with open_closing(served.address, start + 30) as shell:
        whole, endless, after = shell.run(COMMANDS, deadline_s=start + 30)
    assert time.monotonic() - start < 15
    assert whole.error is None
    assert str(endless.error) == f"{served.address} answers {REGISTRY!r} without end"
    assert 50_000 < len(endless.response) < 2**20
    assert (after.response, after.error) == (b"", endless.error)


def test_the_limit_is_that_of_one_answer_and_not_of_all(handset, monkeypatch):
    served = handset()
    with open_closing(served.address, time.monotonic() + 10) as shell:
        sizes = [len(one.response) for one in shell.run(COMMANDS, deadline_s=time.monotonic() + 10)]
        monkeypatch.setattr(adb, "LONGEST_ANSWER", max(sizes) + 4096)
        assert sum(sizes) * 20 > adb.LONGEST_ANSWER
        again = shell.run(COMMANDS * 20, deadline_s=time.monotonic() + 10)
    assert [one.error for one in again] == [None] * len(again)


async def _away(handset):
    await handset._unlisten()
    handset.drop()


def open_closing(address, deadline_s):
    from contextlib import closing

    return closing(open_adb(address, deadline_s=deadline_s))
