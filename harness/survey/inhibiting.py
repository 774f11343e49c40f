"""ModemManager kept off a modem while it is changed: `mmcli --inhibit-device`, which holds as long as its process lives.

The process is none of ours to take along: where this run is killed it lives on, so that nobody writes to the modem before it
is put back. Its pid stands in the journal, and whoever carries that out lets go of it last.
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ASK_S = 5.0
HOLD_S = 10.0
WORDS = "ModemManager is kept off the modem (mmcli --inhibit-device)"


def managed_device(url: str) -> str:
    """ModemManager's name of the device that a port is of; empty where it has none, or is not there."""
    name = os.path.basename(os.path.realpath(url)) if url.startswith("/") else ""  # noqa: PTH119
    if not name:
        return ""
    for path in _asked("-L", "-J").get("modem-list") or ():
        number = re.search(r"/Modem/(\d{1,4})$", str(path))
        told = _asked("-m", number[1], "-J") if number else {}
        generic = told.get("modem", {}).get("generic", {})
        if name in {str(port).split(" ")[0] for port in generic.get("ports") or ()}:
            return str(generic.get("device") or "")
    return ""


def _asked(*words: str) -> dict[str, Any]:
    with suppress(OSError, subprocess.SubprocessError, ValueError):
        told = subprocess.run(["mmcli", *words], capture_output=True, timeout=ASK_S, check=False).stdout
        found = json.loads(told)
        return found if isinstance(found, dict) else {}
    return {}


@contextmanager
def inhibited(url: str) -> Iterator[tuple[tuple[str, int], ...]]:
    """ModemManager kept off the modem of a port: what holds it, in words and by pid; nothing where it does not manage it."""
    device = managed_device(url)
    process = _held(device) if device else None
    try:
        yield ((WORDS, process.pid),) if process is not None else ()
    finally:
        if process is not None:
            process.terminate()
            process.wait()


def _held(device: str) -> subprocess.Popen[bytes] | None:
    """The process that holds it, once it says so; None where ModemManager does not let it."""
    process = subprocess.Popen(
        ["mmcli", f"--inhibit-device={device}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # A signal for this run is none for it.
        start_new_session=True,
    )
    told: queue.SimpleQueue[bool] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(process, told), daemon=True)
    listener.start()
    with suppress(queue.Empty):
        if told.get(timeout=HOLD_S):
            return process
    process.kill()
    process.wait()
    listener.join()
    return None


def _listen(process: subprocess.Popen[bytes], told: queue.SimpleQueue[bool]) -> None:
    """Tell that it holds the device, then that it ended. Read to its end: a full pipe would stop it."""
    if process.stdout is not None:
        with process.stdout as lines:
            for line in lines:
                if b"successfully inhibited" in line:
                    told.put(True)
    told.put(False)
