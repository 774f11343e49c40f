"""The ways of the peers: `python -m benchmarks.peers_ways` in their environment. Nothing of this project is imported.

They only fetch the answers; nothing is read of them.
"""

from __future__ import annotations

import os
from functools import partial

from benchmarks.devices_turns import Turn, at_once, serve


def adbutils(turn: Turn) -> None:
    """adbutils' `shell()` for each command, one thread a handset."""
    import adbutils

    client = adbutils.AdbClient(host="127.0.0.1", port=int(os.environ["ANDROID_ADB_SERVER_PORT"]))

    def read(address: str) -> None:
        device = client.device(serial=address)
        for command in turn.commands:
            device.shell(command)

    at_once(read, turn.addresses)


def mobly(turn: Turn) -> None:
    """Mobly's AdbProxy for each command, one thread a handset: less than its AndroidDevice does."""
    at_once(partial(_proxy, commands=turn.commands), turn.addresses)


def _proxy(address: str, commands: tuple[str, ...]) -> None:
    from mobly.controllers.android_device_lib import adb  # type: ignore[import-not-found]

    proxy = adb.AdbProxy(address)
    for command in commands:
        try:
            proxy.shell(command)
        except adb.AdbError as error:
            if error.stderr:  # A command that answers by its exit code is no trouble.
                raise


if __name__ == "__main__":
    serve({"adbutils": adbutils, "mobly": mobly})
