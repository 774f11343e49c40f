"""A run that changes a device of `file_device` and is killed at a given step; started by `test_killed` as a process."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from file_device import BANDS, ITEMS, MODE, SWITCH, FileDevice, gated

from harness.state.change import change_item
from harness.state.gate import unique_items
from harness.state.journal import Journal, device_key
from harness.state.restore import put_back

WORK = ((SWITCH, "on"), (BANDS, "3"), (BANDS, "7"), (MODE, "LTE"), (BANDS, "1"))


def main(folder: Path, point: int) -> None:
    """Every system call that a crash can fall between is a step: writes of files, renames, requests to the device."""
    steps = 0

    def step(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if event in {"os.rename", "os.remove"} or (event == "open" and str(folder) in str(arguments[0])):
            steps += 1
            if steps == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    until = time.monotonic() + 30
    channel = gated(FileDevice(folder / "device"))
    journal = Journal(device_key("at", "1"), words="a modem", firmware="A", opened_by="a test", folder=folder / "j")
    for item, value in WORK:
        change_item(channel, item, value, journal, items=unique_items(ITEMS), deadline_s=until)
    put_back(journal, {"at": channel}, unique_items(ITEMS), firmware="A", deadline_s=until)
    journal.close()
    print(steps)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
