"""A call box of ours on a socket: its cell takes time, its items are coupled, it hangs, refuses and loses answers as told."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress

_LTE = {
    "SOURce:LTE:SIGN:CELL:STATe": "cell",
    "CONFigure:LTE:SIGN:DL:PCC:RSEPre:LEVel": "power",
    "CONFigure:LTE:SIGN:RFSettings:PCC:CHANnel:DL": "channel",
    "CONFigure:LTE:SIGN:CELL:BANDwidth:PCC:DL": "bandwidth",
    "CONFigure:LTE:SIGN:PCC:BAND": "band",
    "CONFigure:LTE:SIGN:PCC:DMODe": "duplex",
}
_CHANNELS = {2: 900, 3: 1575, 12: 5095, 38: 38000, 66: 66886}
"""What the box sets of itself when its band is changed, and the only bands that it has."""


class BoxLogic:
    """What the box does with a command, and what it holds."""

    def __init__(self, *, takes_s=0.0, identity="Rohde&Schwarz,CMW,1201.0002k50/117,3.8.10"):
        self.identity = identity
        self.takes_s = takes_s
        self.set_ = {
            "cell": "OFF",
            "power": "-8.500000E+01",
            "channel": "1575",
            "bandwidth": "B050",
            "band": "OB3",
            "duplex": "FDD",
        }
        self.device = "ON"
        self.errors = []
        self.refuse = []
        self.on_write = lambda name, value: None
        self._ready = 0.0

    @property
    def state(self):
        """What can be changed of it."""
        return dict(self.set_)

    def _once(self, patterns, command):
        found = next((one for one in patterns if re.search(one, command)), None)
        if found is not None:
            patterns.remove(found)
        return found is not None

    def _answer(self, command):
        if command == "*IDN?":
            return self.identity
        if command == "SYSTem:ERRor?":
            return self.errors.pop(0) if self.errors else '0,"No error"'
        if command == "SOURce:LTE:SIGN:CELL:STATe:ALL?":
            return f"{self.set_['cell']},{'ADJ' if time.monotonic() >= self._ready else 'PEND'}"
        if command == "FETCh:LTE:SIGN:PSWitched:STATe?":
            return "OFF" if self.set_["cell"] == "OFF" else self.device
        if command.endswith("?"):
            name = _LTE.get(command[:-1])
            return self.set_[name] if name else self._error(command)
        self._write(command)
        return None

    def _error(self, command):
        self.errors.append(f'-113,"Undefined header;{command}"')

    def _write(self, command):
        header, _, value = command.rpartition(" ")
        name = _LTE.get(header)
        if name is None:
            self._error(command)
        elif self._once(self.refuse, command):
            self.errors.append('-221,"Settings conflict"')
        elif name == "cell":
            if value != self.set_["cell"]:
                self._ready = time.monotonic() + self.takes_s
            self.set_["cell"] = value
        elif self.set_["cell"] == "ON":
            self.errors.append('-221,"Settings conflict;cell is on"')
        elif not self._fits(name, value):
            self.errors.append('-222,"Data out of range"')
        else:
            self.set_[name] = f"{float(value):E}" if name == "power" else value
            if name == "band":
                self.set_["channel"] = str(_CHANNELS[int(value[2:])])
        self.on_write(name, value)

    def _fits(self, name, value):
        """A channel fits only its band, and a band only its duplex mode."""
        if name == "band":
            return int(value[2:]) in _CHANNELS and (int(value[2:]) == 38) == (self.set_["duplex"] == "TDD")
        if name == "channel":
            return abs(int(value) - _CHANNELS[int(self.set_["band"][2:])]) <= 600
        return True


class CallBox(BoxLogic):
    """A CMW500 as far as its map goes. `hang`, `refuse`, `drop`: expressions of commands that it treats so, once each."""

    def __init__(self, *, takes_s=0.0, identity="Rohde&Schwarz,CMW,1201.0002k50/117,3.8.10"):
        super().__init__(takes_s=takes_s, identity=identity)
        self.asked = []
        self.hang, self.drop, self.late = [], [], []
        self.late_s = 0.5
        self._stop = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.05)
        self._clients = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def resource(self):
        return f"TCPIP0::127.0.0.1::{self._server.getsockname()[1]}::SOCKET"

    def close(self):
        self._stop.set()
        self._server.close()
        for one in self._clients:
            with suppress(OSError):
                one.close()

    def _accept(self):
        while not self._stop.is_set():
            with suppress(OSError):
                client, _ = self._server.accept()
                self._clients.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        data = b""
        with suppress(OSError):
            while chunk := client.recv(4096):
                data += chunk
                while b"\n" in data:
                    line, _, data = data.partition(b"\n")
                    command = line.decode().strip()
                    self.asked.append(command)
                    if self._once(self.drop, command):
                        client.close()
                        return
                    if self._once(self.hang, command):
                        continue
                    if self._once(self.late, command):
                        time.sleep(self.late_s)
                    if (answer := self._answer(command)) is not None:
                        client.sendall(answer.encode() + b"\n")
