"""A ModemManager of the test's own, on a bus of its own: an AT client that nobody here wrote."""

import os
import re
import shutil
import subprocess
import time

NEEDED = ("ModemManager", "mmcli", "dbus-daemon", "dbus-send")
PLACES = "/usr/sbin:/usr/bin:/sbin:/bin"


def missing():
    """What is not installed here."""
    return [name for name in NEEDED if shutil.which(name, path=f"{os.environ['PATH']}:{PLACES}") is None]


class CannotStart(Exception):
    """The daemon or its bus does not run on this machine."""


class ModemManager:
    def __init__(self, folder):
        self.folder = folder
        self.bus = self.daemon = None
        self.env = {"PATH": f"{os.environ['PATH']}:{PLACES}", "HOME": str(folder)}

    def __enter__(self):
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--print-address=1", "--nofork", "--nopidfile"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.env,
        )
        address = self.bus.stdout.readline().decode().strip()
        if not address:
            self.__exit__()
            raise CannotStart("no bus can be started here")
        self.env |= {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address}
        auto_scan = "--test-no-auto-scan" if b"--test-no-auto-scan" in self._help() else "--no-auto-scan"
        self.daemon = subprocess.Popen(
            [
                *("ModemManager", "--test-session", "--test-enable", "--test-no-udev", auto_scan),
                *("--test-no-suspend-resume", "--test-no-qrtr", "--debug", f"--log-file={self.folder}/mm.log"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.env,
        )
        names = ("org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames")
        try:
            self._until(
                lambda: self.daemon.poll() is not None or b"org.freedesktop.ModemManager1" in self._send(*names)
            )
        finally:
            if self.daemon.poll() is not None:
                self.__exit__()
                raise CannotStart(f"ModemManager ends at once with status {self.daemon.returncode}")
        return self

    def __exit__(self, *_):
        for process in (self.daemon, self.bus):
            if process is not None:
                process.terminate()
                process.wait(10)
        self.bus.stdout.close()

    def adopt(self, name, plugin, socket):
        """Show it a modem behind a UNIX socket; answers what it says of it."""
        self._send(
            "org.freedesktop.ModemManager1",
            "/org/freedesktop/ModemManager1",
            "org.freedesktop.ModemManager1.Test.SetProfile",
            f"string:{name}",
            f"string:{plugin}",
            f"array:string:{socket}",
        )
        return self._until(self._modem)

    def _modem(self):
        done = subprocess.run(["mmcli", "-m", "any", "-K"], capture_output=True, check=False, env=self.env, timeout=10)
        text = done.stdout.decode()
        return Facts(text) if "modem.generic.current-bands" in text else None

    def _send(self, to, path, method, *arguments):
        words = ["dbus-send", "--session", "--print-reply", f"--dest={to}", path, method, *arguments]
        return subprocess.run(words, capture_output=True, check=False, env=self.env, timeout=10).stdout

    def _help(self):
        return subprocess.run(
            ["ModemManager", "--help-all"], capture_output=True, check=False, env=self.env, timeout=10
        ).stdout

    def _until(self, condition):
        until = time.monotonic() + 30
        while not (found := condition()):
            if time.monotonic() > until:
                log = (self.folder / "mm.log").read_text(errors="replace")[-3000:]
                raise AssertionError(f"ModemManager did not come that far:\n{log}")
            time.sleep(0.02)
        return found


class Facts:
    """What mmcli tells of one modem."""

    def __init__(self, text):
        self.text = text

    def value(self, key):
        found = re.search(rf"^{re.escape(key)}\s*: (.*)$", self.text, re.MULTILINE)
        return found[1].strip() if found else None

    def bands(self, which, rat="eutran"):
        """The LTE band numbers among its `supported` or `current` bands."""
        found = re.findall(rf"modem\.generic\.{which}-bands\.value\[\d+\]\s*: {rat}-(\d+)", self.text)
        return tuple(sorted(map(int, found)))
