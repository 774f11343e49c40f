"""Amarisoft's eNB and gNB: cells that run already are faded in and out over the remote API (WebSocket, JSON).

Which bands there are is its configuration's; a cell is put on air by its gain (0 dB) and taken off by the lowest (-200 dB).
The core's remote API, where one is named, says which devices are registered. Identities are compared, never kept or shown.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import (
    AnswerGarbled,
    AnswerTimeout,
    CommandRefused,
    DeviceAbsent,
    DeviceGone,
    LinkError,
    StateError,
    UsageError,
)
from harness.radio.tables import band_label
from harness.recording.exchange import Exchange, now
from harness.state.item import StateItem
from harness.state.journal import device_key

from .changing import Changer
from .maps import plain_number
from .source import AirWord, NetworkWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OPEN_S = 10.0
ASK_S = 10.0
OFF_DB = "-200"
CONFIG = '{"message":"config_get"}'
DEVICES = '{"message":"ue_get"}'
LONGEST = 8 * 2**20
_NR_ARFCN, _EARFCN = ("dl_nr_arfcn", "ssb_nr_arfcn"), ("dl_earfcn",)


class AmarisoftChannel:
    """One remote API. `ask` takes a message as JSON; the answer comes as lines `path: value`, one a leaf.

    Raises AnswerTimeout, AnswerGarbled, DeviceGone, DeviceAbsent, and CommandRefused for a message that was refused.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._one = threading.Lock()
        self._socket: Any = None
        self._held = ExitStack()
        self._number = 0
        self.greeting: Mapping[str, Any] = {}
        """What it said when it was opened: its type, name and version."""
        with self._one:
            self._open()

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        """Send one message; its answer, flat."""
        at, start = now(), time.monotonic()
        told = self.tell(json.loads(command), deadline_s=deadline_s)
        text = "".join(f"{line}\n" for line in flat(told))
        return Exchange(command, text.encode(), elapsed_ms=round((time.monotonic() - start) * 1000, 3), at=at)

    def tell(self, message: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any]:
        """Send one message; the answer that bears its number, whatever else comes before."""
        with self._one:
            if self._socket is None:
                self._open()
            self._number += 1
            number = f"bandproof-{self._number}"
            self._guard(lambda: self._socket.send(json.dumps({**message, "message_id": number})), str(message))
            while True:
                answer = self._receive(deadline_s, str(message["message"]))
                if answer.get("message_id") == number:
                    break
        if "error" in answer:
            raise CommandRefused(
                f"{self._url}: {message['message']}: {str(answer['error'])[:200]}", command=str(message)
            )
        return answer

    def close(self) -> None:
        """Let go of it."""
        with self._one:
            self._drop()

    def _receive(self, deadline_s: float, what: str) -> Mapping[str, Any]:
        left = deadline_s - time.monotonic()
        if left <= 0:
            raise self._broken(AnswerTimeout(f"{self._url} did not answer {what} in time", command=what))
        told = self._guard(lambda: self._socket.recv(timeout=left), what)
        try:
            answer = json.loads(told)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self._broken(AnswerGarbled(f"{self._url} answered {what} with no JSON object", command=what))
        return answer

    def _guard(self, do: Any, what: str) -> Any:
        from websockets.exceptions import WebSocketException

        try:
            return do()
        except TimeoutError:
            raise self._broken(AnswerTimeout(f"{self._url} did not answer {what} in time", command=what)) from None
        except (WebSocketException, OSError) as error:
            raise self._broken(DeviceGone(f"{self._url}: the connection was lost: {error}", command=what)) from None

    def _broken(self, error: LinkError) -> LinkError:
        self._drop()
        return error

    def _drop(self) -> None:
        from websockets.exceptions import WebSocketException

        self._socket = None
        with suppress(WebSocketException, OSError):
            self._held.close()

    def _open(self) -> None:
        """Connect, and hear its greeting. The API asks for an Origin."""
        try:
            from websockets.exceptions import WebSocketException
            from websockets.sync.client import connect
            from websockets.typing import Origin
        except ImportError:
            raise UsageError("Amarisoft's API needs websockets", way_out="pip install 'bandproof[cells]'") from None
        try:
            link = connect(
                self._url,
                origin=Origin("http://bandproof"),
                open_timeout=OPEN_S,
                close_timeout=1,
                max_size=LONGEST,
                compression=None,
            )
            self._socket = self._held.enter_context(link)
        except (WebSocketException, OSError, ValueError) as error:
            raise DeviceAbsent(
                f"{self._url} cannot be reached: {error}", way_out="check address and remote API"
            ) from None
        greeting = self._receive(time.monotonic() + OPEN_S, "the greeting")
        if greeting.get("message") != "ready":
            self._drop()
            raise UsageError(f"{self._url} does not greet as Amarisoft's remote API does")
        self.greeting = greeting


def flat(value: Any, path: str = "") -> Iterator[str]:
    """`cells.1.gain: 0`: each leaf of a JSON value as a line."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from flat(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from flat(one, f"{path}.{place}")
    else:
        yield f"{path}: {value}"


@dataclass(frozen=True, slots=True)
class _Cell:
    number: str
    rat: str
    band: int
    gain: float | None


class AmarisoftCells:
    """The cells of one eNB or gNB, and what its core says of devices."""

    name = "Amarisoft"

    def __init__(
        self,
        radio: AmarisoftChannel,
        *,
        reached: str,
        core: AmarisoftChannel | None = None,
        gain_db: float = 0.0,
        journals: Path | None = None,
    ) -> None:
        self._radio = radio
        self._core = core
        self._gain = plain_number(str(gain_db))
        self._before: frozenset[str] | None = None
        name, version = (str(radio.greeting.get(key, "")) for key in ("name", "version"))
        self.changer = Changer(
            radio,
            {item.name: item for item in map(gain_item, (one.number for one in self._cells()))},
            kind="amarisoft",
            key=device_key("amarisoft", f"{reached.partition(',')[0]} {name}"),
            words=f"{self.name} {name}".strip(),
            firmware=version,
            reached=reached,
            journals=journals,
        )

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """The bands of its configuration."""
        return frozenset((one.rat, one.band) for one in self._cells())

    def on(self, rat: str, band: int) -> AirWord:
        """Its cells of the band to their gain. Raises StateError, CommandRefused where it has none."""
        mine = [one for one in self._cells() if (one.rat, one.band) == (rat, band)]
        if not mine:
            raise CommandRefused(f"{self.name} is configured without a cell of {band_label(rat, band)}")
        self._before = self._registered()
        try:
            for one in mine:
                self.changer.set(_item_name(one.number), self._gain)
        except LinkError as error:
            raise StateError(f"{self.name} did not put {band_label(rat, band)} on air: {error.message}") from None
        return self.on_air(rat, band)

    def off(self, rat: str, band: int) -> None:
        """Its cells of the band to the lowest gain. Raises StateError, LinkError."""
        for one in self._cells():
            if (one.rat, one.band) == (rat, band):
                self.changer.set(_item_name(one.number), OFF_DB)

    def on_air(self, rat: str, band: int) -> AirWord:
        """By the gain of its cells: on at what was asked, off at the lowest; in between nobody knows."""
        try:
            mine = [one for one in self._cells() if (one.rat, one.band) == (rat, band)]
        except LinkError as error:
            return AirWord(None, f"{self.name} could not be asked: {error.message}")
        gains = {None if one.gain is None else plain_number(str(one.gain)) for one in mine}
        words = f"{self.name}: " + ", ".join(
            f"cell {one.number} {one.gain:g} dB" for one in mine if one.gain is not None
        )
        if not mine or gains == {OFF_DB}:
            return AirWord(False, words)
        return AirWord(True if self._gain in gains else None, words)

    def network(self, rat: str, band: int) -> NetworkWord:
        """Whether its core has a registered device that it had not before; one that it had before may be another."""
        registered = self._registered()
        if registered is None or self._before is None:
            return NetworkWord(None)
        new = registered - self._before
        attached = True if new else False if not registered else None
        return NetworkWord(attached, f"{self.name}'s core: {len(registered)} registered, {len(new)} of them new")

    def reset(self) -> None:
        """As it was found. Raises StateError where something is not."""
        self.changer.put_back()

    def close(self) -> None:
        """Let go of both."""
        self._radio.close()
        if self._core is not None:
            self._core.close()

    def _cells(self) -> list[_Cell]:
        told = self._radio.tell(json.loads(CONFIG), deadline_s=time.monotonic() + ASK_S)
        return [
            *_cells_of(told, "cells", "lte"),
            *_cells_of(told, "nr_cells", "nr"),
            *_cells_of(told, "nb_cells", "nb_iot"),
        ]

    def _registered(self) -> frozenset[str] | None:
        """The registered devices as hashes; None where there is no core, or it cannot be asked."""
        if self._core is None:
            return None
        try:
            told = self._core.tell(json.loads(DEVICES), deadline_s=time.monotonic() + ASK_S)
        except LinkError:
            return None
        devices = told.get("ue_list")
        if not isinstance(devices, list) or not all(isinstance(one, dict) and "registered" in one for one in devices):
            return None
        return frozenset(_hashed(one) for one in devices if one["registered"] is True)


def _cells_of(told: Mapping[str, Any], key: str, rat: str) -> Iterator[_Cell]:
    cells = told.get(key)
    for number, one in cells.items() if isinstance(cells, dict) else ():
        if not isinstance(one, dict) or not str(number).isdigit():
            continue
        band, gain = _band_of(one, rat), one.get("gain")
        if band is not None:
            yield _Cell(str(number), rat, band, float(gain) if isinstance(gain, int | float) else None)


def _band_of(cell: Mapping[str, Any], rat: str) -> int | None:
    """Its band as it says, else by its channel where only one band has that (TS 36.101 clause 5.7.3)."""
    if isinstance(cell.get("band"), int):
        return int(cell["band"])
    if rat == "nr":
        return None
    from harness.radio.channels import lte_band_of

    found = [lte_band_of(cell[name]) for name in _EARFCN if isinstance(cell.get(name), int)]
    return next((one for one in found if one is not None), None)


def _hashed(device: Mapping[str, Any]) -> str:
    told = str(device.get("imsi") or device.get("supi") or device.get("guti") or device)
    return hashlib.sha256(told.encode()).hexdigest()


def _item_name(number: str) -> str:
    return f"gain_{number}"


def gain_item(number: str) -> StateItem:
    """The gain of one cell, in dB."""
    return StateItem(
        name=_item_name(number),
        words=f"the gain of cell {number}",
        channel="amarisoft",
        read=CONFIG,
        answer=rf"^(?:nr_|nb_)?cells\.{number}\.gain: (?P<value>-?\d+(?:\.\d+)?)$",
        normal=plain_number,
        write=f'{{"message":"cell_gain","cell_id":{number},"gain":{{value}}}}',
        values=r"-?\d{1,3}(?:\.\d+)?",
    )
