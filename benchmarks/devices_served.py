"""The simulated bench, in a process of its own: `python -m benchmarks.devices_served RECORDING COUNT LATENCY_MS ON PER`.

Says one line of JSON when it is up, and answers each line of input with the CPU time that it has used until then and
the number of requests that its devices were asked. It goes down when its input ends. PER is what takes so long:
`command`, every command that a device was asked, or `shell`, every shell that is opened on a handset, whatever it runs.
RECORDING may be a folder of several: then there are COUNT of each.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.simulation.handset import handset as served_handset
from harness.simulation.kit import HandsetOptions, ModemOptions, Rack, plan

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    recording, count, latency, on, per = sys.argv[1:]
    thinks = float(latency) / 1000
    if per == "shell":
        served_handset.serve_shell = _late(served_handset.serve_shell, thinks)  # type: ignore[attr-defined]
        thinks = 0.0
    place = Path(recording)
    devices = plan([place] if (place / "recording.yaml").exists() else sorted(place.iterdir()), int(count))
    options = HandsetOptions(latency_s=thinks), ModemOptions(latency_s=thinks)
    with Rack(devices, on=on, handset=options[0], modem=options[1]) as bench:  # type: ignore[arg-type]
        _say(
            {
                "addresses": [one.address for one in bench.served],
                "environment": bench.environment,
                "adb": bench.server.adb if bench.server else "",
                "server": bench.server.pid if bench.server else 0,
            }
        )
        for _ in sys.stdin:
            _say({"cpu": time.process_time(), "asked": sum(len(_asked(one.device)) for one in bench.served)})


def _asked(device: Any) -> list[str]:
    asked: list[str] = device.state.asked
    return asked


def _late(serve: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    async def later(*arguments: Any) -> None:
        await asyncio.sleep(seconds)
        await serve(*arguments)

    return later


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
