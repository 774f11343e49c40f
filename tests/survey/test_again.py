"""A device that goes away while it is read, and returns: as itself, under another name, as another, or never."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_machine import Machine

from harness.links import returning, schemes
from harness.links.addresses import parse_address
from harness.links.port_lock import PortLock
from harness.links.returning import wait_until_back, whereabouts
from harness.links.usb import serial_ports
from harness.observations import Identity, SupportedBands
from harness.recording.files import load_recording, resolve_recording
from harness.simulation import kit
from harness.survey import again
from harness.survey.again import ATTEMPT, read_and_retry
from harness.survey.reading import read_device
from harness.survey.targets import Target
from harness.survey.together import read_devices

RM520 = "fixture:quectel-rm520n-gl"
MIX = "fixture:xiaomi-mi-mix-2-global"
BANDS = 'AT+QNWPREFCFG="lte_band"'
REGISTRY = "dumpsys telephony.registry"
needs_adb = pytest.mark.skipif(not kit.adb_binaries(), reason="no adb here")


@pytest.fixture(autouse=True)
def own_locks(tmp_path, monkeypatch):
    (tmp_path / "locks").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "locks"))


@pytest.fixture
def modem():
    with ExitStack() as stack:
        quick = kit.ModemOptions(latency_s=0.0)

        def serve(*faults, on="pty", recording=RM520):
            return stack.enter_context(kit.serve_modem(recording, on, options=quick, faults=faults))

        yield serve


@pytest.fixture(params=sorted(kit.adb_binaries()))
def handset(request):
    with ExitStack() as stack:
        server = stack.enter_context(kit.private_adb_server(kit.adb_binaries()[request.param]))
        stack.enter_context(kit.adb_environment(server))
        quick = kit.HandsetOptions(latency_s=0.0)

        def serve(*faults):
            return stack.enter_context(kit.serve_handset(MIX, server=server, options=quick, faults=faults))

        yield serve


def read(address, evidence, seconds=10.0, **how):
    start = time.monotonic()
    target = Target("one", (address,) if isinstance(address, str) else address)
    survey = read_and_retry(target, evidence=evidence / "one", deadline_s=start + seconds, **how)
    return survey, time.monotonic() - start


def whole(survey, fixture):
    """Whether a survey holds every fact that the replay of the recording gives."""
    return [replace(item, source=None) for item in survey.observations] == [
        replace(item, source=None) for item in read_device(fixture).observations
    ]


def assert_kept(evidence, fault):
    first, second = load_recording(evidence / f"one{ATTEMPT}"), load_recording(evidence / "one")
    assert not first.info.complete
    assert second.info.complete
    cut = [one for held in first.links.values() for one in held if one.error]
    assert cut
    assert fault in cut[0].request
    assert not [one for held in second.links.values() for one in held if one.error]


@pytest.mark.parametrize("on", ["pty", "tcp"])
def test_a_modem_that_resets_is_read_again_from_the_beginning(modem, tmp_path, on):
    survey, took = read(modem(f"reset=400ms@{BANDS}", on=on).address, tmp_path)
    assert survey.trouble is None
    assert whole(survey, RM520)
    assert "returned and was read again" in survey.warnings[0]
    assert 0.4 <= survey.elapsed_s <= took < 8
    assert_kept(tmp_path, BANDS)


def test_an_address_is_looked_up_once_a_device(modem, tmp_path, monkeypatch):
    """Each look is one into the file system, and one at a scheme of another package, which may ask its rack."""
    looked = []
    monkeypatch.setattr(schemes, "resolved", looked.append)
    served = modem()
    survey = read_devices([Target("one", (served.address,))], evidence=tmp_path)["one"]
    assert survey.trouble is None
    assert looked == [served.address]


@needs_adb
@pytest.mark.parametrize("fault", ["reboot=400ms", "reboot=1500ms"])
def test_a_handset_that_reboots_is_read_again_behind_servers_of_both_generations(handset, tmp_path, fault):
    served = handset(f"{fault}@{REGISTRY}")
    survey, took = read(served.address, tmp_path)
    assert survey.trouble is None
    assert whole(survey, MIX)
    assert took < 6, "adb 29 finds it by itself only after 10 s"
    assert_kept(tmp_path, REGISTRY)


@needs_adb
def test_a_handset_unplugged_in_its_answer_and_plugged_in_again_is_read_again(handset, tmp_path):
    served = handset(f"half,times=1@{REGISTRY}")
    stop = []

    def asking(_):
        if not stop:
            stop.append(1)
            served.loop.loop.call_soon_threadsafe(lambda: served.handset.later(pull()))

    async def pull():
        import asyncio

        while REGISTRY not in served.handset.state.asked:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        served.handset.drop()

    survey, _ = read(served.address, tmp_path, asking=asking)
    assert survey.trouble is None
    assert whole(survey, MIX)
    assert_kept(tmp_path, REGISTRY)


@pytest.mark.parametrize(
    ("fault", "on"), [("unplug", "pty"), ("unplug", "tcp"), ("move=100ms", "pty"), ("move", "tcp")]
)
def test_a_modem_that_does_not_return_keeps_what_it_told_and_ends_at_the_deadline(modem, tmp_path, fault, on):
    survey, took = read(modem(f"{fault}@{BANDS}", on=on).address, tmp_path, seconds=1.5)
    assert "went away" in survey.trouble
    assert survey.lost
    assert survey.identity.model == "RM520N-GL"
    assert survey.all(SupportedBands) == ()
    assert 1.3 < took < 3
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("one")] == ["one"]


def test_nothing_waits_longer_than_the_time_to_return(modem, tmp_path, monkeypatch):
    monkeypatch.setattr(again, "RETURN_S", 0.5)
    survey, took = read(modem(f"unplug@{BANDS}").address, tmp_path, seconds=60)
    assert survey.lost
    assert took < 3


def test_a_modem_that_resets_endlessly_ends_after_the_second_attempt(modem, tmp_path):
    served = modem(f"reset=200ms,times=1000@{BANDS}")
    survey, took = read(served.address, tmp_path, seconds=20)
    assert survey.lost
    assert survey.all(SupportedBands) == ()
    assert took < 5
    assert sum(BANDS in one for one in served.modem.state.asked) == 2
    assert len(list(tmp_path.glob("one*"))) == 2


def test_a_device_that_was_never_there_is_not_waited_for(tmp_path):
    survey, took = read("/dev/shm/no-such-port", tmp_path, seconds=20)
    assert "there is no port" in survey.trouble
    assert not survey.lost
    assert took < 2


def test_a_silent_modem_is_not_one_that_went_away(modem, tmp_path):
    survey, _ = read(modem(f"silent@{BANDS}").address, tmp_path, seconds=1)
    assert not survey.lost
    assert not list(tmp_path.glob(f"*{ATTEMPT}"))


def test_another_device_in_its_place_gives_trouble_and_no_facts(modem, tmp_path):
    recording = load_recording(resolve_recording(RM520))
    other = replace(
        recording,
        links={
            "at": tuple(
                replace(one, response=one.response.replace(b"RM520N-GL", b"EC25-AFFA")) for one in recording.links["at"]
            )
        },
    )
    served = modem(f"reset=200ms@{BANDS}")
    swapped = []

    def asking(request):
        if request.startswith("waits for its return") and not swapped:
            swapped.append(1)
            state = served.modem.state
            for exchange in other.links["at"]:
                state.tape.put(exchange)

    survey, _ = read(served.address, tmp_path, asking=asking)
    assert survey.trouble == "another device came back: model was RM520N-GL, is EC25-AFFA"
    assert survey.observations == ()
    assert load_recording(tmp_path / f"one{ATTEMPT}").links["at"]


def test_a_stop_ends_the_wait(modem, tmp_path):
    stopped = []

    def asking(request):
        if request.startswith("waits for its return"):
            stopped.append(time.monotonic())

    survey, _ = read(
        modem(f"unplug@{BANDS}").address, tmp_path, seconds=60, asking=asking, stopped=lambda: bool(stopped)
    )
    assert survey.lost
    assert time.monotonic() - stopped[0] < 1


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path)
    monkeypatch.setattr(
        returning, "_ports", lambda: serial_ports.list_serial_ports(sys_root=made.sys, dev_root=made.dev)
    )
    monkeypatch.setattr(returning, "_port", lambda device: serial_ports.serial_port_at(device, made.sys, made.dev))
    yield made
    made.close()


QUECTEL = {"ids": "2c7c:0800", "bus": "1-4", "number": 2}


def test_a_tty_that_is_back_under_another_name_is_known_by_its_usb_place(machine, modem, tmp_path):
    served = modem(f"move=300ms@{BANDS}")
    moved = f"{served.address}-moved"
    port = machine.port("ttyUSB2", served.address, **QUECTEL)

    def asking(request):
        if request.startswith("waits for its return"):
            (machine.sys / "class/tty/ttyUSB2/device").unlink()
            (machine.sys / "class/tty/ttyUSB2").rmdir()
            Path(port).unlink()
            # A second modem of the same make now has the old name.
            machine.port("ttyUSB2", served.address, **{**QUECTEL, "bus": "1-5"})
            entry = machine.sys / "class/tty/ttyUSB6"
            entry.mkdir()
            (entry / "device").symlink_to(machine.sys / "devices/pci0000:00/usb1/1-4/1-4:1.2")
            (machine.dev / "ttyUSB6").symlink_to(moved)

    survey, _ = read(port, tmp_path / "evidence", asking=asking)
    assert survey.trouble is None
    assert whole(survey, RM520)
    assert survey.address == port
    assert_kept(tmp_path / "evidence", BANDS)


def test_a_stable_name_is_followed_to_the_new_tty(modem, tmp_path):
    served = modem()
    link = tmp_path / "usb-Quectel-if02"
    link.symlink_to(served.address)
    was = whereabouts(parse_address(str(link)))
    link.unlink()
    assert wait_until_back(was, deadline_s=time.monotonic() + 0.3) is None
    link.symlink_to(modem().address)
    assert wait_until_back(was, deadline_s=time.monotonic() + 2).value == str(link)


def test_a_port_that_somebody_took_meanwhile_is_not_back_before_it_is_let_go(modem):
    """ModemManager probes a modem that comes back for some seconds."""
    served = modem()
    was = whereabouts(parse_address(served.address))
    lock = PortLock(served.address)
    assert wait_until_back(was, deadline_s=time.monotonic() + 0.4) is None
    lock.release()
    assert wait_until_back(was, deadline_s=time.monotonic() + 2) == was.address


def test_an_identity_that_was_not_read_refutes_nothing():
    from harness.survey.survey import Survey

    def survey(**parts):
        return Survey("d", "a", "modem", (Identity(**parts),))

    assert again._another(survey(), survey(model="X")) is None
    assert again._another(survey(model="X"), survey()) is None
    assert again._another(survey(tac_imei="49015420"), survey(tac_imei="49015421")) is not None


@needs_adb
@pytest.mark.parametrize(
    ("request_", "v2"), [("host-serial:", False), ("host:transport:", False), ("host:transport:", True)]
)
def test_a_server_that_dies_while_the_handset_is_opened_is_waited_for(tmp_path, monkeypatch, request_, v2):
    """Its death may fall between any two requests, not only into an answer."""
    from harness.links.adb import server as adb_server

    real, killed = adb_server.send_request, []

    def send(connection, request, deadline_s, **how):
        if request.startswith(request_) and not killed:
            killed.append(request)
            port = server.port
            server.kill()
            try:
                real(connection, request, deadline_s, **how)
            finally:
                server.start(port)
        real(connection, request, deadline_s, **how)

    with (
        kit.private_adb_server() as server,
        kit.adb_environment(server),
        kit.serve_handset(MIX, server=server, options=kit.HandsetOptions(latency_s=0.0, shell_v2=v2)) as served,
    ):
        monkeypatch.setattr(adb_server, "send_request", send)
        survey, _ = read(served.address, tmp_path)
    assert killed
    assert survey.trouble is None
    assert whole(survey, MIX)
