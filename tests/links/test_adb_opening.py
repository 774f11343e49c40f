"""Finding a handset and opening it: its states, its names, the server behind it, and who else has it."""

import os
import socket
import threading
import time
from pathlib import Path

import pytest
from fake_adb_server import COMMANDS, PHONE, within

from harness.errors import (
    AnswerTimeout,
    DeviceAbsent,
    DeviceAmbiguous,
    DeviceGone,
    DeviceOffline,
    DeviceUnauthorized,
    LinkError,
    NoAdbServer,
    NoPermission,
    PortBusy,
)
from harness.links.adb import server as adb_server
from harness.links.adb.server import AdbServer, list_handsets, parse_listing, server_from_environment
from harness.links.adb.shell import open_adb


def test_a_rack_that_is_opened_at_once_is_listed_once(serve, monkeypatch):
    monkeypatch.setattr(adb_server, "RECENT_S", 5.0)
    serials = [f"R58M12ABC{number:02}" for number in range(20)]
    fake = serve(listing="".join(PHONE.replace("R58M12ABCDE", one) for one in serials))
    threads = [threading.Thread(target=open_adb, args=(one,), kwargs={"server": fake.server}) for one in serials]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert fake.requests == ["host:devices-l"]


def test_bad_news_are_never_taken_from_an_old_listing(serve, monkeypatch):
    monkeypatch.setattr(adb_server, "RECENT_S", 5.0)
    fake = serve(listing=PHONE.replace("device usb", "unauthorized usb"))
    with pytest.raises(DeviceUnauthorized):
        open_adb("R58M12ABCDE", server=fake.server)
    fake.listing = PHONE
    assert open_adb("R58M12ABCDE", server=fake.server).handset.ready


@pytest.mark.parametrize(
    ("state", "kind", "word"),
    [
        ("unauthorized usb:1-1 transport_id:2", DeviceUnauthorized, "Allow"),
        ("authorizing transport_id:2", DeviceUnauthorized, "Allow"),
        ("offline transport_id:2", DeviceOffline, "replug"),
        ("connecting transport_id:2", DeviceOffline, "replug"),
        ("bootloader", DeviceOffline, "boot"),
        (
            "no permissions (missing udev rules? user is in the plugdev group); see [http://x/device.html] usb:1-1",
            NoPermission,
            "udev",
        ),
        ("no permissions; see [http://developer.android.com/tools/device.html]", NoPermission, "udev"),
    ],
)
def test_every_state_has_its_own_error(serve, state, kind, word):
    fake = serve(listing=f"R58M12ABCDE            {state}\n")
    with pytest.raises(kind) as caught:
        open_adb("R58M12ABCDE", server=fake.server)
    assert word in caught.value.way_out
    assert caught.value.device == "R58M12ABCDE"


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        ("device 'R58M12ABCDE' not found", DeviceAbsent),
        ("device offline", DeviceOffline),
        ("device unauthorized.", DeviceUnauthorized),
        ("closed", DeviceGone),
        ("insufficient permissions for device: user in plugdev group", NoPermission),
        ("more than one device/emulator", DeviceAmbiguous),
        ("something new", LinkError),
    ],
)
def test_what_the_server_refuses_is_mapped(serve, why, kind):
    fake = serve()
    link = open_adb("R58M12ABCDE", server=fake.server)
    fake.fail["shell" if why == "closed" else "host:transport"] = why
    with pytest.raises(kind):
        link.run(COMMANDS, deadline_s=within(2))


def test_an_absent_handset_lists_what_is_there(serve):
    with pytest.raises(DeviceAbsent, match=r"R58M12ABCDE \(Pixel_5, device\)"):
        open_adb("absent", server=serve().server)
    with pytest.raises(DeviceAbsent, match="USB debugging"):
        open_adb("absent", server=serve(listing="").server)


@pytest.mark.parametrize("name", ["Pixel_5", "Pixel 5", "model:pixel_5", "redfin", "usb:1-1"])
def test_a_model_or_usb_path_names_a_handset(serve, name):
    link = open_adb(name, server=serve().server)
    assert (link.handset.serial, link.address) == ("R58M12ABCDE", name)


def test_two_handsets_of_one_model_need_a_serial(serve):
    two = PHONE + PHONE.replace("R58M12ABCDE", "R58M99ZZZZZ").replace("usb:1-1", "usb:1-2")
    with pytest.raises(DeviceAmbiguous, match=r"R58M12ABCDE.*R58M99ZZZZZ"):
        open_adb("Pixel_5", server=serve(listing=two).server)
    assert open_adb("R58M99ZZZZZ", server=serve(listing=two).server).handset.usb == "usb:1-2"


def test_a_handset_on_the_network_is_connected(serve):
    def connect(fake, address):
        fake.listing = f"{address}         device product:x model:y device:z transport_id:7\n"
        return f"connected to {address}"

    fake = serve(listing="", connect=connect)
    assert open_adb("127.0.0.1:4711", server=fake.server).handset.serial == "127.0.0.1:4711"
    assert "host:connect:127.0.0.1:4711" in fake.requests


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("failed to connect to '127.0.0.1:1': Connection refused", DeviceAbsent),
        ("failed to authenticate to 127.0.0.1:1", DeviceUnauthorized),
    ],
)
def test_a_failed_connect_is_no_success_though_the_server_says_okay(serve, text, kind):
    with pytest.raises(kind):
        open_adb("127.0.0.1:1", server=serve(listing="", connect=lambda fake, address: text).server)


def test_no_server_is_told_and_none_is_started_in_its_place(monkeypatch):
    monkeypatch.setattr(adb_server, "_start_server", lambda _: pytest.fail("started a server"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
    with pytest.raises(NoAdbServer, match=str(port)):
        list_handsets()


def test_what_is_no_adb_server_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            stream, _ = server.accept()
            with stream:
                stream.recv(100)
                stream.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(NoAdbServer, match="no adb server"):
            list_handsets(AdbServer(port=server.getsockname()[1], own=True))
        thread.join()


def test_a_server_that_never_answers_meets_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as server:
        start = time.monotonic()
        with pytest.raises(AnswerTimeout):
            list_handsets(AdbServer(port=server.getsockname()[1], own=True), deadline_s=within(0.2))
        assert time.monotonic() - start < 0.5


def test_a_server_on_a_unix_socket_is_reached(tmp_path):
    path = str(tmp_path / "adb")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()

        def serve():
            stream, _ = server.accept()
            with stream:
                stream.recv(100)
                stream.sendall(b"OKAY%04x" % len(PHONE) + PHONE.encode())

        thread = threading.Thread(target=serve)
        thread.start()
        assert list_handsets(AdbServer(path=path, own=True))[0].model == "Pixel_5"
        thread.join()


@pytest.mark.parametrize(
    ("environment", "server"),
    [
        ({}, AdbServer()),
        ({"ANDROID_ADB_SERVER_PORT": "6000"}, AdbServer(port=6000, own=True)),
        ({"ADB_SERVER_SOCKET": "tcp:6001"}, AdbServer(port=6001, own=True)),
        ({"ADB_SERVER_SOCKET": "tcp:lab:6001"}, AdbServer("lab", 6001, own=True)),
        ({"ADB_SERVER_SOCKET": "localfilesystem:/run/adb"}, AdbServer(path="/run/adb", own=True)),
        ({"ANDROID_ADB_SERVER_ADDRESS": "lab"}, AdbServer("lab", 5037, own=True)),
        ({"ANDROID_ADB_SERVER_PORT": "5037"}, AdbServer()),
        ({"ANDROID_ADB_SERVER_PORT": "x"}, AdbServer()),
    ],
)
def test_the_environment_names_the_server(environment, server, monkeypatch):
    for name in ("ADB_SERVER_SOCKET", *(f"ANDROID_ADB_SERVER_{word}" for word in ("ADDRESS", "HOST", "PORT"))):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert server_from_environment() == server


def test_every_line_of_a_listing_is_read():
    found = parse_listing(
        PHONE + "????????????           no permissions (missing udev rules?); see [http://x] usb:1-2 transport_id:4\n"
        "emulator-5554          offline transport_id:9\n127.0.0.1:4000\tdevice\n"
        "localfilesystem:/a b/c device product:x model:y device:z transport_id:1\n\n"
    )
    assert [(h.serial, h.state.split(" (")[0], h.model) for h in found] == [
        ("R58M12ABCDE", "device", "Pixel_5"),
        ("????????????", "no permissions", ""),
        ("emulator-5554", "offline", ""),
        ("127.0.0.1:4000", "device", ""),
        ("localfilesystem:/a b/c", "device", "y"),
    ]


def test_of_a_serial_that_is_here_only_its_own_lines_are_read(serve):
    twin = PHONE.replace("transport_id:3", "transport_id:5")
    longer = PHONE.replace("R58M12ABCDE ", "R58M12ABCDEF")
    server = serve(listing=PHONE + longer + twin).server
    assert [one.transport_id for one in list_handsets(server, name="R58M12ABCDE")] == ["3", "5"]
    assert [one.serial for one in list_handsets(server, name="R58M12ABCDEF")] == ["R58M12ABCDEF"]
    for other in ("R58M12ABCD", "Pixel_5", "usb:1-1", ""):
        assert len(list_handsets(server, name=other)) == 3


def test_no_descriptor_leaks(serve):
    link = open_adb("R58M12ABCDE", server=serve().server)
    link.run(["true"], deadline_s=within(5))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        link.run(["true"], deadline_s=within(5))
    time.sleep(0.2)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


def test_two_runs_never_have_one_handset_and_closing_lets_go(serve):
    fake = serve()
    first = open_adb("R58M12ABCDE", server=fake.server, exclusive=True)
    with pytest.raises(PortBusy, match=rf"held by .* \({os.getpid()}\)"):
        open_adb("R58M12ABCDE", server=fake.server, exclusive=True)
    first.close()
    open_adb("R58M12ABCDE", server=fake.server, exclusive=True).close()
