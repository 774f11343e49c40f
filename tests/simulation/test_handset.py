"""A simulated handset behind real adb servers: what adb's own client, adbutils and the harness see."""

import socket
import struct
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from recordings import handset_recording

from harness.errors import DeviceGone, DeviceOffline, DeviceUnauthorized, LinkError
from harness.links.adb.shell import open_adb
from harness.recording.exchange import Exchange, Recording, RecordingInfo
from harness.recording.files import find_recordings, load_recording
from harness.simulation import kit
from harness.survey.reading import read_device
from harness.survey.targets import Target

MIX = "fixture:xiaomi-mi-mix-2-global"
OLD = kit.HandsetOptions(latency_s=0, shell_v2=False)


def in_s(seconds):
    return time.monotonic() + seconds


def test_adb_lists_it_by_name(handset, adb_server, adb):
    served = handset(MIX)
    line = next(x for x in adb_server.ask("host:devices-l").splitlines() if served.address in x)
    assert "product:chiron model:Mi_MIX_2 device:chiron" in line
    assert adb(served, "get-state").stdout == b"device\n"


def test_output_error_and_exit_code_are_apart(handset, adb):
    done = adb(handset(MIX), "shell", "echo hi; echo err >&2; exit 7")
    assert (done.stdout, done.stderr, done.returncode) == (b"hi\n", b"err\n", 7)


def test_without_shell_v2_there_is_one_stream_and_no_exit_code(handset, adb):
    served = handset(MIX, OLD)
    done = adb(served, "shell", "echo hi; echo err >&2; false")
    assert (done.stdout, done.returncode) == (b"hi\r\nerr\r\n", 0)
    assert (
        adb(served, "exec-out", "echo a").stdout == b"error: closed\n" or adb(served, "exec-out", "echo a").returncode
    )


def test_exec_out_is_raw(handset, adb):
    assert adb(handset(MIX), "exec-out", "echo a; echo b >&2").stdout == b"a\nb\n"


def test_input_reaches_the_command_and_a_session_runs_lines(handset, adb):
    served = handset(MIX)
    assert adb(served, "shell", "cat", input=b"typed\n").stdout == b"typed\n"
    done = adb(served, "shell", input=b"echo one\nfalse\nexit 5\n")
    assert b"one\n" in done.stdout
    assert done.returncode == 5


def test_five_megabytes_come_whole(handset, adb):
    big = bytes(range(256)) * 20480
    served = handset(handset_recording("big", {"cat /big": big}))
    assert adb(served, "exec-out", "cat /big").stdout == big
    [exchange] = open_adb(served.address).run(["cat /big"], deadline_s=in_s(20))
    assert exchange.response == big


def test_many_streams_at_once_do_not_mix(handset):
    served = handset(handset_recording("many", {f"cat /{n}": b"%d" % n * 200_000 for n in range(12)}))
    shell = open_adb(served.address)
    found = {}

    def read(n):
        found[n] = shell.run([f"cat /{n}"], deadline_s=in_s(20))[0].response

    threads = [threading.Thread(target=read, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: b"%d" % n * 200_000 for n in range(12)}
    assert _streams_end(served)


def test_a_client_that_hangs_up_ends_the_command(handset, adb_server):
    served = handset(handset_recording("slow", {"cat /x": b"x"}), kit.HandsetOptions(latency_s=30))
    with socket.create_connection(("127.0.0.1", adb_server.port)) as stream:
        for request in (f"host:transport:{served.address}", "shell,v2,raw:cat /x"):
            stream.sendall(b"%04x%s" % (len(request), request.encode()))
            assert stream.recv(4) == b"OKAY"
        assert served.handset.open_streams == 1
    assert _streams_end(served)


def test_files_are_pushed_pulled_listed_and_missed(handset, adb, tmp_path):
    served = handset(MIX, kit.HandsetOptions(latency_s=0, files={"/sdcard/log.txt": b"log\n"}))
    big = tmp_path / "big"
    big.write_bytes(bytes(range(256)) * 1000)
    assert adb(served, "push", str(big), "/data/local/tmp/big").returncode == 0
    assert adb(served, "pull", "/data/local/tmp/big", str(tmp_path / "back")).returncode == 0
    assert (tmp_path / "back").read_bytes() == big.read_bytes()
    assert adb(served, "push", str(big), "/data/local/tmp").returncode == 0, "into a folder"
    listing = adb(served, "ls", "/data/local/tmp").stdout
    assert [line.split()[1:4:2] for line in listing.splitlines()] == [[b"%08x" % 256_000, b"big"]]
    assert adb(served, "pull", "/sdcard/log.txt", str(tmp_path / "log")).returncode == 0
    assert (tmp_path / "log").read_bytes() == b"log\n"
    missing = adb(served, "pull", "/sdcard/none", str(tmp_path / "none"))
    assert missing.returncode == 1
    assert b"No such file" in missing.stdout + missing.stderr or b"does not exist" in missing.stdout + missing.stderr


def test_files_work_on_an_old_handset(handset, adb, tmp_path):
    served = handset(MIX, OLD)
    (tmp_path / "small").write_bytes(b"x" * 100_000)
    assert adb(served, "push", str(tmp_path / "small"), "/sdcard/small").returncode == 0
    assert adb(served, "pull", "/sdcard/small", str(tmp_path / "back")).returncode == 0
    assert (tmp_path / "back").read_bytes() == b"x" * 100_000


def test_root_is_granted_only_where_the_build_allows_it(handset, adb, adb_server):
    assert b"production builds" in adb(handset(MIX), "root").stdout
    served = handset(MIX, kit.HandsetOptions(latency_s=0, rootable=True))
    assert adb(served, "root").stdout == b"restarting adbd as root\n"
    assert adb_server.wait_for(served.address, "device", 20)
    assert _until(lambda: adb(served, "shell", "whoami").stdout == b"root\n", 20)
    assert adb(served, "unroot").stdout == b"restarting adbd as non root\n"
    assert _until(lambda: adb(served, "shell", "id -u").stdout == b"2000\n", 20)


def test_tcpip_answers_and_begins_anew(handset, adb, adb_server):
    served = handset(MIX)
    assert adb(served, "tcpip", "5555").stdout == b"restarting in TCP mode port: 5555\n"
    assert _until(lambda: adb(served, "shell", "echo a").stdout == b"a\n", 20)


def test_a_reboot_takes_it_away_and_brings_it_back(handset, adb):
    served = handset(MIX, kit.HandsetOptions(latency_s=0, reboot_s=0.1))
    assert adb(served, "reboot").returncode == 0
    assert _until(lambda: not served.handset.connections, 5)
    # Servers wait 3 s or 10 s before they try again.
    assert _until(lambda: adb(served, "shell", "echo back").stdout == b"back\n", 25)


def test_a_key_that_is_not_accepted_is_unauthorized_until_somebody_allows_it(handset, adb_server):
    served = handset(MIX, kit.HandsetOptions(latency_s=0, authorisation="never"))
    with pytest.raises(DeviceUnauthorized):
        open_adb(served.address, deadline_s=in_s(15))
    assert _until(lambda: adb_server.devices().get(served.address) == "unauthorized", 5)
    survey = read_device(served.address, deadline_s=in_s(15))
    assert "has not accepted this computer" in survey.trouble
    assert not survey.observations
    served.authorise()
    assert _until(lambda: adb_server.devices().get(served.address) == "device", 20)


def test_a_handset_that_never_says_hello_is_offline(handset, adb_server):
    served = handset(MIX, kit.HandsetOptions(latency_s=0, authorisation="silent"))
    threading.Thread(target=_try_connect, args=(adb_server, served.address), daemon=True).start()
    assert _until(lambda: adb_server.devices().get(served.address) == "offline", 5)
    with pytest.raises(LinkError) as caught:
        open_adb(served.address, deadline_s=in_s(1))
    assert not isinstance(caught.value, DeviceGone)
    served.authorise()
    assert _until(lambda: adb_server.devices().get(served.address) == "device", 15)


def test_a_handset_that_is_gone_is_offline(handset, adb_server):
    served = handset(MIX)
    shell = open_adb(served.address)
    served.call(served.handset.unplug())
    assert _until(lambda: adb_server.devices().get(served.address) != "device", 5)
    with pytest.raises((DeviceOffline, LinkError)):
        shell.run(["getprop"], deadline_s=in_s(5))


def test_track_devices_tells_of_a_handset_that_comes_back(handset, adb_server):
    served = handset(MIX)
    with socket.create_connection(("127.0.0.1", adb_server.port), 20) as stream:
        stream.sendall(b"0012host:track-devices")
        assert stream.recv(4) == b"OKAY"
        served.drop()
        told = b""
        until = in_s(20)
        while f"{served.address}\tdevice".encode() not in told.partition(b"offline")[2] and time.monotonic() < until:
            told += stream.recv(65536)
    assert b"offline" in told
    assert f"{served.address}\tdevice".encode() in told.partition(b"offline")[2]


def test_a_cut_in_mid_answer_is_never_a_whole_answer(handset, adb_server):
    served = handset(handset_recording("cut", {"cat /a": b"a" * 1000, "cat /b": b"b" * 1000}), faults=["unplug@cat /b"])
    first, second = open_adb(served.address).run(["cat /a", "cat /b"], deadline_s=in_s(10))
    assert (first.response, first.error) == (b"a" * 1000, None)
    assert second.error.kind == "DeviceGone"
    assert second.response == b"b" * 500


def test_answers_come_in_recorded_order_and_the_last_repeats(handset):
    recording = Recording(
        RecordingInfo("order", "composed"), {"adb": (Exchange("id", b"1\n", 0), Exchange("id", b"2\n", 0))}
    )
    shell = open_adb(handset(recording).address)
    assert [e.response for e in shell.run(["id"] * 4, deadline_s=in_s(5))] == [b"1\n", b"2\n", b"2\n", b"2\n"]


def test_latency_is_as_recorded_unless_it_is_given(handset):
    recording = handset_recording("slow", {"id": b"x\n"}, elapsed_ms=250)
    [slow] = open_adb(handset(recording, None).address).run(["id"], deadline_s=in_s(5))
    [quick] = open_adb(handset(recording).address).run(["id"], deadline_s=in_s(5))
    assert quick.elapsed_ms < 240 <= slow.elapsed_ms


def test_adbutils_reads_it(handset, adb_server):
    import adbutils

    served = handset(MIX)
    device = adbutils.AdbClient("127.0.0.1", adb_server.port).device(served.address)
    assert device.shell("getprop ro.product.model") == "Mi MIX 2"
    found = device.shell2("echo out; (exit 3)")
    assert (found.returncode, found.output.strip()) == (3, "out")
    assert device.shell2("echo out; echo e >&2; exit 3", v2=True).stderr.strip() == "e"
    assert device.sync.stat("/nothing").size == 0


@pytest.mark.parametrize("options", [None, OLD], ids=["shell v2", "shell v1"])
@pytest.mark.parametrize("name", [n for n, p in find_recordings().items() if "adb" in load_recording(p).links])
def test_what_is_read_and_recorded_is_what_is_served(handset, simulated_modem, tmp_path, name, options):
    """The survey equals that of the replay, and the evidence holds the served exchanges, byte for byte."""
    recording = load_recording(find_recordings()[name])
    served = handset(recording, options or kit.HandsetOptions(latency_s=0))
    ports = [simulated_modem(recording, options=kit.ModemOptions(latency_s=0)) for one in kit.plan([recording])[1:]]
    live = read_device(
        Target(name, (served.address, *(port.address for port in ports))), evidence=tmp_path / "evidence"
    )
    replayed = read_device(f"fixture:{name}")
    # What a sweep told stands in its exchanges alone: nobody sweeps here.
    told = tuple(one for one in replayed.observations if one.source is None or one.source.link != "sweep")
    replayed = replace(replayed, observations=told)
    assert live.trouble is None
    assert _facts(live) == _facts(replayed)
    # A modem answers ERROR to what the recording does not hold; a replay does not ask it.
    held = {exchange.request for exchange in recording.links.get("at", ())}
    refused = {
        f"{e.request} was refused: ERROR" for link, e in live.exchanges if link == "at" and e.request not in held
    }
    assert tuple(one for one in live.warnings if one not in refused) == replayed.warnings
    heard = {e.request: e for e in load_recording(tmp_path / "evidence").links["adb"]}
    for exchange in recording.links["adb"]:
        written = heard.pop(exchange.request)
        output, errors = exchange.response, exchange.stderr or b""
        if options is OLD:  # One stream for both.
            output, errors = output + errors, b""
        assert (written.response, written.exit_code, written.error) == (output, exchange.exit_code, None)
        assert (written.stderr or b"") == errors
    heard.pop("id -u", None)  # Every handset has an answer to that.
    assert {(e.exit_code, e.error) for e in heard.values()} <= {(127, None), (1, None)}, "not recorded: not found"


def test_the_server_of_others_is_left_alone(adb_server):
    """Ours has a port, a home and keys of its own, and no emulator or USB device of this machine."""
    assert adb_server.port != 5037
    assert all(serial.startswith("127.0.0.1:") for serial in adb_server.devices())
    environment = Path(f"/proc/{adb_server.pid}/environ").read_bytes().split(b"\0")
    assert f"HOME={adb_server.home}".encode() in environment


def test_a_server_that_runs_already_keeps_its_devices(adb_server, adb):
    """A bench comes and goes beside it."""
    with kit.private_adb_server() as theirs, kit.serve_handset(MIX, server=theirs) as phone:
        before = (theirs.pid, theirs.ask("host:devices-l"))
        with kit.Rack(kit.plan([MIX], 2), adb=adb_server.adb) as bench:
            assert phone.address not in bench.server.devices()
            assert len(bench.server.devices()) == 2
            subprocess.run(
                [adb_server.adb, "-P", str(bench.server.port), "kill-server"], capture_output=True, check=False
            )
        assert (theirs.pid, theirs.ask("host:devices-l")) == before


def test_a_port_that_is_taken_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as taken, kit.shared_loop() as loop:
        device = kit.SimulatedHandset(kit.read_recording(MIX))
        with pytest.raises(OSError, match="in use"):
            loop.call(device.start(port=taken.getsockname()[1]))
        loop.call(device.stop())


def test_a_socket_of_the_file_system_is_a_handset_too(adb_server, tmp_path):
    with kit.shared_loop() as loop:
        device = kit.SimulatedHandset(kit.read_recording(MIX))
        try:
            address = loop.call(device.start(path=str(tmp_path / "SIM1")))
            assert address == f"localfilesystem:{tmp_path}/SIM1"
            adb_server.connect(address)
            line = [adb_server.adb, "-P", str(adb_server.port), "-s", address, "shell", "echo", "a"]
            assert subprocess.run(line, capture_output=True, check=True).stdout == b"a\n"
        finally:
            loop.call(device.stop())


def test_what_speaks_no_adb_is_dropped(handset):
    served = handset(MIX)
    host, port = served.address.split(":")
    with socket.create_connection((host, int(port)), 5) as stream:
        stream.sendall(b"GET / HTTP/1.1\r\nHost: nowhere\r\n\r\n")
        with suppress(ConnectionResetError):
            assert stream.recv(100) == b""
    with socket.create_connection((host, int(port)), 5) as stream:
        stream.sendall(struct.pack("<I", 1))  # Half a header, then silence: it waits, and other clients go on.
        assert open_adb(served.address).run(["getprop ro.product.model"], deadline_s=in_s(5))[0].text == "Mi MIX 2\n"


def _try_connect(server, address):
    with suppress(OSError, LinkError):
        server.ask(f"host:connect:{address}")


def _facts(survey):
    return [
        replace(item, source=replace(item.source, exchange=None)) if getattr(item, "source", None) else item
        for item in survey.observations
    ]


def _streams_end(served):
    return _until(lambda: served.handset.open_streams == 0, 5)


def _until(condition, seconds):
    until = in_s(seconds)
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
