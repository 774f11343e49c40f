"""An adb server of the test's own, that speaks adb's host protocol and whose handsets run /bin/sh."""

import contextlib
import socket
import struct
import subprocess
import threading
import time

from harness.links.adb.server import AdbServer

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


def within(seconds):
    return time.monotonic() + seconds
