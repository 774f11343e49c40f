"""A made-up machine: a sysfs tree and device files that are links to pseudo-terminals."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import tty
from pathlib import Path


class Tty:
    """One pseudo-terminal. It answers by `behave(command)` (None: not at all) and keeps every byte that it was sent."""

    def __init__(self, behave=None, chatter: bytes = b"") -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.path = os.ttyname(self.slave)
        self.got = b""
        self._behave, self._chatter = behave, chatter
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        done = 0
        while not self._stop.is_set():
            if self._chatter:
                with contextlib.suppress(BlockingIOError):
                    os.write(self.master, self._chatter)
            if not select.select([self.master], [], [], 0.02)[0]:
                continue
            try:
                self.got += os.read(self.master, 4096)
            except OSError:
                return
            while (end := self.got.find(b"\r", done)) >= 0:
                answer = self._behave(self.got[done:end].decode()) if self._behave else None
                done = end + 1
                if answer is Vanish:
                    os.close(self.slave)
                    os.close(self.master)
                    self.master = self.slave = -1
                    return
                if answer:
                    os.write(self.master, answer)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        for file in (self.master, self.slave):
            if file >= 0:
                os.close(file)


class Vanish:
    """The answer of a port whose cable is pulled."""


class Machine:
    """`sys` and `dev` are the roots of a made-up Linux."""

    def __init__(self, root: Path) -> None:
        self.sys, self.dev = root / "sys", root / "dev"
        (self.sys / "class/tty/console").mkdir(parents=True)
        (self.dev / "serial/by-id").mkdir(parents=True)
        self.ttys: list[Tty] = []

    def pty(self, behave=None, chatter: bytes = b"") -> Tty:
        self.ttys.append(Tty(behave, chatter))
        return self.ttys[-1]

    def port(self, name: str, target: str | None = None, **usb) -> str:
        """A port in sysfs and its device file. `usb`: ids="2c7c:0125", bus="1-4", number=2, code, words, acm."""
        entry = self.sys / "class/tty" / name
        entry.mkdir()
        if usb:
            place = self._usb(name, **usb)
        else:
            place = self.sys / "devices/platform/serial8250"
            place.mkdir(parents=True, exist_ok=True)
        (entry / "device").symlink_to(place)
        device = self.dev / name
        if target:
            device.symlink_to(target)
        return str(device)

    def link(self, name: str, port: str) -> str:
        path = self.dev / "serial/by-id" / name
        path.symlink_to(f"../../{port}")
        return str(path)

    def close(self) -> None:
        for one in self.ttys:
            one.close()

    def _usb(self, name, *, ids, bus="1-4", number=0, code="ffffff", words="", acm=False, maker="", product="") -> Path:
        vendor, _, model = ids.partition(":")
        device = self.sys / "devices/pci0000:00/usb1" / bus
        interface = device / f"{bus}:1.{number}"
        place = interface if acm else interface / name
        place.mkdir(parents=True)
        files = {"idVendor": vendor, "idProduct": model, "manufacturer": maker, "product": product}
        for file, text in files.items():
            if text:
                (device / file).write_text(f"{text}\n")
        parts = {"Number": f"{number:02x}", "Class": code[:2], "SubClass": code[2:4], "Protocol": code[4:]}
        for part, text in parts.items():
            (interface / f"bInterface{part}").write_text(f"{text}\n")
        if words:
            (interface / "interface").write_text(f"{words}\n")
        return place
