"""The adb link against a server that speaks adb's host protocol: every way a handset can fail has its own name."""

import contextlib
import os
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

from harness.errors import (
    AnswerGarbled,
    AnswerTimeout,
    CommandRefused,
    DeviceAbsent,
    DeviceAmbiguous,
    DeviceGone,
    DeviceOffline,
    DeviceUnauthorized,
    LinkError,
    NoAdbServer,
    NoPermission,
    PortBusy,
    UsageError,
)
from harness.links import adb_server
from harness.links.adb import open_adb
from harness.links.adb_server import AdbServer, list_handsets, parse_listing, server_from_environment
from harness.links.base import ShellLink
from harness.links.opening import recorded
from harness.recording.files import load_recording
from harness.recording.model import RecordingInfo
from harness.recording.writer import RecordingWriter

PHONE = "R58M12ABCDE            device usb:1-1 product:redfin model:Pixel_5 device:redfin transport_id:3\n"
COMMANDS = ["getprop ro.product.model", "uname -s", "echo done"]


def packet(kind, data):
    return struct.pack("<BI", kind, len(data)) + data


class FakeServer:
    """An adb server whose handsets run /bin/sh; `shell` may replace what a handset does with a script."""

    def __init__(self, listing=PHONE, features="shell_v2,cmd", shell=None, fail=None, connect=None, lenient=False):
        self.lenient = lenient
        self.listing, self.features, self.fail, self.connect = listing, features, fail or {}, connect
        self.shell = shell or self.run_shell
        self.requests = []
        self.half_closed = False
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.server = AdbServer("127.0.0.1", self.socket.getsockname()[1], own=True)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                stream, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _serve(self, stream):
        with stream:
            try:
                while (size := self._take(stream, 4)) and self._request(
                    stream, self._take(stream, int(size, 16)).decode()
                ):
                    pass
            except OSError:
                pass

    def _take(self, stream, size):
        data = b""
        while len(data) < size and (chunk := stream.recv(size - len(data))):
            data += chunk
        return data

    def _request(self, stream, request):
        self.requests.append(request)
        for start, why in self.fail.items():
            if request.startswith(start):
                stream.sendall(b"FAIL%04x" % len(why) + why.encode())
                return False
        if request.startswith("shell,v2") and "shell_v2" not in self.features and not self.lenient:
            stream.sendall(b"FAIL0006closed")
            return False
        stream.sendall(b"OKAY")
        if request == "host:devices-l":
            self._block(stream, self.listing)
        elif request.startswith("host:connect:"):
            self._block(stream, self.connect(self, request[13:]))
        elif request.endswith(":features"):
            self._block(stream, self.features)
        elif request.endswith("wait-for-any-device"):
            stream.sendall(b"OKAY")
        elif request.startswith("host:transport:"):
            return True
        elif request.startswith("shell"):
            self.shell(stream, request)
        return False

    def _block(self, stream, text):
        stream.sendall(b"%04x" % len(text) + text.encode())

    def run_shell(self, stream, request):
        kind, _, script = request.partition(":")
        v2 = kind == "shell,v2,raw"
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if v2 else subprocess.STDOUT,
            check=False,
        )
        if v2:
            stream.sendall(packet(2, done.stderr) + packet(1, done.stdout) + packet(3, bytes([done.returncode & 255])))
            stream.settimeout(0.05)
            with contextlib.suppress(OSError):
                self.half_closed = stream.recv(1) == b"" and self._still_open(stream)
        else:
            stream.sendall(done.stdout.replace(b"\n", b"\r\n"))

    def _still_open(self, stream):
        """Whether only the other's write side is shut."""
        try:
            stream.sendall(packet(1, b"x"))
            time.sleep(0.02)
            stream.sendall(packet(1, b"x"))
        except OSError:
            return False
        return True


@pytest.fixture
def serve():
    made = []

    def make(**options):
        made.append(FakeServer(**options))
        return made[-1]

    yield make
    for one in made:
        one.socket.close()


def within(seconds):
    return time.monotonic() + seconds


def test_all_commands_take_one_shell_round_trip(serve):
    fake = serve()
    link = open_adb("R58M12ABCDE", server=fake.server, allow_changes=True)
    assert isinstance(link, ShellLink)
    found = link.run(["echo out; echo err >&2; exit 3", "printf x", "false", "cat"], deadline_s=within(5))
    assert [(e.response, e.stderr, e.exit_code, e.error) for e in found] == [
        (b"out\n", b"err\n", 3, None),
        (b"x", b"", 0, None),
        (b"", b"", 1, None),
        (b"", b"", 0, None),
    ]
    assert [e.request for e in found][1] == "printf x"
    assert found[0].at.endswith("Z")
    assert found[0].elapsed_ms >= 0
    assert sum(request.startswith("shell") for request in fake.requests) == 1
    assert not fake.half_closed
    assert link.run([], deadline_s=within(1)) == []


def test_a_handset_without_shell_v2_still_tells_exit_codes(serve):
    fake = serve(features="cmd,stat_v2")
    link = open_adb("R58M12ABCDE", server=fake.server, allow_changes=True)
    found = link.run(["echo out; echo err >&2; exit 3", "printf x"], deadline_s=within(5))
    assert [(e.response, e.stderr, e.exit_code) for e in found] == [(b"out\nerr\n", None, 3), (b"x", None, 0)]
    assert fake.requests[-1].startswith("shell:")


def test_a_handset_that_takes_any_word_for_a_shell_is_asked_again_in_the_old_way(serve):
    def shell(stream, request):
        if request.startswith("shell,v2"):
            stream.sendall(b"/system/bin/sh: raw: not found\n")
        else:
            fake.run_shell(stream, request)

    fake = serve(features="", lenient=True, shell=shell)
    heard = []
    link = open_adb("R58M12ABCDE", server=fake.server)
    found = link.run_each(COMMANDS, deadline_s=within(5), on_exchange=lambda *one: heard.append(one))
    assert [e.error for e in found] == [None] * 3
    assert heard == list(enumerate(found))
    assert link.run(COMMANDS[2:], deadline_s=within(5))[0].text == "done\n"
    asked = [request.split(":")[0] for request in fake.requests if request.startswith("shell")]
    assert asked == ["shell,v2,raw", "shell", "shell"]


def test_what_may_change_something_is_sent_once_only(serve):
    fake = serve(features="")
    open_adb("R58M12ABCDE", server=fake.server, allow_changes=True).run(["setprop a b"], deadline_s=within(5))
    assert [request.split(":")[0] for request in fake.requests if request.startswith("shell")] == ["shell"]


def test_a_handset_that_has_shell_v2_is_not_asked_twice(serve):
    fake = serve(shell=lambda stream, request: stream.sendall(b"no packets"))
    open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5))
    assert sum(request.startswith("shell") for request in fake.requests) == 1


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


def test_long_batches_are_split_and_stay_in_order(serve):
    fake = serve(features="")
    link = open_adb("R58M12ABCDE", server=fake.server)
    commands = [f"echo {'x' * 300}.{number}" for number in range(40)]
    assert [e.text.strip().split(".")[1] for e in link.run(commands, deadline_s=within(10))] == [
        str(n) for n in range(40)
    ]
    assert sum(request.startswith("shell:") for request in fake.requests) > 3
    with pytest.raises(UsageError):
        link.run(["echo " + "x" * 5000], deadline_s=within(1))


def first_answers_then(rest):
    """A handset that answers its first command whole, says half of the second, and then does `rest(stream)`."""

    def shell(stream, request):
        nonce = request.split("bp_m=")[1].split("\n")[0].encode()
        stream.sendall(packet(1, b"whole\n" + nonce + b":0:0:\nhalf") + packet(2, nonce + b":0:\noops"))
        rest(stream)

    return shell


def assert_cut_off(found, word):
    assert (found[0].response, found[0].error, found[0].exit_code) == (b"whole\n", None, 0)
    assert (found[1].response, found[1].stderr, found[1].exit_code) == (b"half", b"oops", None)
    assert (found[2].response, found[2].exit_code) == (b"", None)
    assert all(e.error.startswith(word) for e in found[1:])


def test_a_handset_that_drops_cuts_off_what_is_under_way_and_all_after_it(serve):
    fake = serve(shell=first_answers_then(lambda stream: None))
    assert_cut_off(open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5)), "DeviceGone: ")


def test_a_handset_that_hangs_meets_the_total_deadline(serve):
    def trickle(stream):
        for _ in range(200):
            stream.sendall(packet(1, b""))
            time.sleep(0.02)

    fake = serve(shell=first_answers_then(trickle))
    link = open_adb("R58M12ABCDE", server=fake.server)
    start = time.monotonic()
    found = link.run(COMMANDS, deadline_s=within(0.4))
    assert time.monotonic() - start < 0.8
    assert_cut_off(found, "AnswerTimeout: ")


def test_a_shell_that_ends_early_is_no_answer(serve):
    fake = serve(shell=first_answers_then(lambda stream: stream.sendall(packet(3, b"\x89"))))
    assert_cut_off(open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5)), "AnswerGarbled: ")


def test_garbage_instead_of_packets_is_garbled(serve):
    fake = serve(shell=lambda stream, request: stream.sendall(b"/system/bin/sh: not found\n" * 3))
    found = open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5))
    assert [e.error.split(":")[0] for e in found] == [AnswerGarbled.__name__] * 3


def test_v1_without_last_marker_is_cut_off(serve):
    fake = serve(features="", shell=lambda stream, request: stream.sendall(b"half an answer"))
    found = open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS[:1], deadline_s=within(5))
    assert (found[0].error.split(":")[0], found[0].response) == (DeviceGone.__name__, b"half an answer")


def test_exchanges_are_handed_out_and_written_as_they_complete(serve, tmp_path):
    going_on, seen = threading.Event(), []

    def wait(stream):
        going_on.wait(5)

    fake = serve(shell=first_answers_then(wait))
    writer = RecordingWriter(tmp_path, RecordingInfo(id="x", provenance="recorded"))
    link = recorded(open_adb("R58M12ABCDE", server=fake.server), writer)
    thread = threading.Thread(target=lambda: seen.extend(link.run(COMMANDS, deadline_s=within(5))))
    thread.start()
    until = within(3)
    while not load_recording(tmp_path).links.get("adb") and time.monotonic() < until:
        time.sleep(0.01)
    assert [e.response for e in load_recording(tmp_path).links["adb"]] == [b"whole\n"]
    assert thread.is_alive()
    going_on.set()
    thread.join()
    writer.finish()
    assert_cut_off(seen, "DeviceGone")
    assert list(load_recording(tmp_path).links["adb"]) == seen


def test_closing_ends_what_is_under_way(serve):
    fake = serve(shell=first_answers_then(lambda stream: time.sleep(1)))
    link = open_adb("R58M12ABCDE", server=fake.server)
    threading.Timer(0.2, link.close).start()
    assert link.run(COMMANDS, deadline_s=within(5))[2].error


def test_changing_commands_are_refused_and_nothing_is_sent(serve):
    fake = serve()
    link = open_adb("R58M12ABCDE", server=fake.server)
    with pytest.raises(CommandRefused, match="reboot"):
        link.run(["getprop", "reboot"], deadline_s=within(1))
    assert not any(request.startswith("shell") for request in fake.requests)


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
