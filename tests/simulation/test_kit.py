"""The public test kit, as someone else's test-suite uses it."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from recordings import TELIT, handset_recording, modem_recording

from harness.simulation import kit

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not kit.adb_binaries(), reason="no adb here")


def test_the_documented_fixtures_work_in_a_suite_of_ones_own(tmp_path):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["harness.simulation.fixtures"]\n')
    (tmp_path / "test_mine.py").write_text(
        "import subprocess, serial\n"
        "def test_handset(simulated_handset, simulated_adb_server):\n"
        "    served = simulated_handset('fixture:xiaomi-mi-mix-2-global')\n"
        "    line = [simulated_adb_server.adb, '-P', str(simulated_adb_server.port), '-s', served.address, 'shell']\n"
        "    assert subprocess.check_output([*line, 'getprop ro.product.model']) == b'Mi MIX 2\\n'\n"
        "def test_modem(simulated_modem):\n"
        "    served = simulated_modem('fixture:quectel-rm520n-gl')\n"
        "    with serial.Serial(served.address, timeout=2) as port:\n"
        "        port.write(b'AT\\r')\n"
        "        assert port.read_until(b'OK\\r\\n') == b'AT\\r\\r\\nOK\\r\\n'\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()
    assert b"2 passed" in done.stdout


def test_a_server_that_is_killed_can_be_started_again_on_its_port():
    with (
        kit.private_adb_server() as server,
        kit.serve_handset(handset_recording("x", {"id": b"1\n"}), server=server) as one,
    ):
        assert server.devices() == {one.address: "device"}
        port = server.port
        server.kill()
        assert server.pid is None
        server.start(port)
        assert server.port == port
        server.connect(one.address)
        assert server.devices() == {one.address: "device"}
    assert not Path(server.home or "/nonexistent").exists()


def test_all_devices_share_one_thread_that_ends_with_the_last():
    with kit.serve_modem(modem_recording("a", TELIT)), kit.serve_modem(modem_recording("b", TELIT), "tcp"):
        with kit.serve_handset("fixture:xiaomi-mi-mix-2-global"):
            assert _threads() == 1
        assert _threads() == 1
    assert _threads() == 0


@pytest.mark.parametrize("adb", sorted(kit.adb_binaries().values()))
def test_a_hundred_handsets_and_a_hundred_modems_live_in_one_thread(adb):
    from harness.links.adb.shell import open_adb
    from harness.links.at.port import open_at

    options = kit.HandsetOptions(latency_s=0.03)
    handsets = [kit.RackPlan(f"h{n}", "adb", handset_recording("h", {"id": b"%d\n" % n})) for n in range(100)]
    modems = [kit.RackPlan(f"m{n}", "at", modem_recording("m", {"ATI": (str(n),)})) for n in range(100)]
    bench = kit.Rack([*handsets, *modems], adb=adb, handset=options, modem=kit.ModemOptions(latency_s=0.03))
    found = {}

    def read(one):
        until = time.monotonic() + 20
        if one.link == "adb":
            answers = open_adb(one.address, deadline_s=until).run(["id"], deadline_s=until)
            found[one.name] = answers[0].text.strip()
        else:
            with open_at(one.address) as port:
                found[one.name] = port.ask("ATI", deadline_s=until).text.split()[0]

    with bench, kit.adb_environment(bench.server):
        start = time.monotonic()
        for group in (bench.served[:50], bench.served[50:100], bench.served[100:]):
            threads = [threading.Thread(target=read, args=(one,)) for one in group]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert time.monotonic() - start < 10
    assert found == {f"{kind}{n}": str(n) for n in range(100) for kind in "hm"}


def _threads():
    return sum(thread.name == "bandproof-simulation" for thread in threading.enumerate())
