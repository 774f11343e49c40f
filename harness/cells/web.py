"""Short questions to instruments that speak HTTP: one GET, a deadline, an answer that is not too long."""

from __future__ import annotations

import http.client
import time
import urllib.parse
from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, AnswerTimeout, DeviceAbsent, DeviceGone, UsageError
from harness.recording.exchange import Exchange, now

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 4 * 2**20


class WebChannel:
    """One HTTP server. `ask` takes what stands behind the host. No proxy, no redirect: instruments are on the bench's net."""

    def __init__(self, base: str) -> None:
        parts = urllib.parse.urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(
                f"{base!r} is no address of an instrument", way_out="write http://HOST or http://HOST:PORT"
            )
        self._parts = parts
        self.base = base.rstrip("/")

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        """GET it. Raises AnswerTimeout, AnswerGarbled (another status than 200), DeviceAbsent, DeviceGone."""
        at, start = now(), time.monotonic()
        left = deadline_s - start
        if left <= 0:
            raise AnswerTimeout(f"no time left to ask {self.base}", command=command)
        body = self._got(command, left)
        return Exchange(command, body, elapsed_ms=round((time.monotonic() - start) * 1000, 3), at=at)

    def _got(self, command: str, left: float) -> bytes:
        parts, kinds = self._parts, {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        link = kinds[parts.scheme](str(parts.hostname), parts.port, timeout=left)
        try:
            link.connect()
        except OSError as error:
            raise DeviceAbsent(f"{self.base} cannot be reached: {error}", way_out="check the address") from None
        try:
            link.request("GET", f"{parts.path.rstrip('/')}{command}")
            answer = link.getresponse()
            body: bytes = answer.read(LONGEST + 1)
        except TimeoutError:
            raise AnswerTimeout(f"{self.base}{command} was not answered in time", command=command) from None
        except (OSError, http.client.HTTPException) as error:
            raise DeviceGone(f"{self.base}{command}: {error}", command=command) from None
        finally:
            link.close()
        if answer.status != http.client.OK or len(body) > LONGEST:
            raise AnswerGarbled(f"{self.base}{command} answered with status {answer.status}", command=command)
        return body


def numbered(pairs: Mapping[str, str], name: str, usual: float, low: float, high: float) -> float:
    """A number of an option's pairs within its limits. Raises UsageError."""
    text = pairs.get(name)
    try:
        value = usual if text is None else float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise UsageError(f"{name}={text} is no number from {low:g} to {high:g}")
    return value
