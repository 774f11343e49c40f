"""Devices are read in threads of one process: decoding in them for the first time must not hang, whatever meets whatever."""

from __future__ import annotations

import subprocess
import sys

import uecap_samples as samples

FIRST_USE = """
import sys, threading
from harness.probes.uecap.wire.rrc import decode

barrier, found = threading.Barrier(4), []

def first(coding, octets):
    barrier.wait()
    found.append(bool(decode(bytes.fromhex(octets), coding)))

given = zip(sys.argv[1::2], sys.argv[2::2])
threads = [threading.Thread(target=first, args=one, daemon=True) for one in given]
[one.start() for one in threads]
[one.join(60) for one in threads]
print(found)
"""


def test_first_use_in_several_threads_at_once_ends():
    given = [
        "lte_ul", samples.lte_message(("eutra", samples.eutra())).hex(),
        "nr_ul", samples.nr_message(("nr", samples.nr())).hex(),
        "eutra", samples.eutra().hex(),
        "mrdc", samples.mrdc().hex(),
    ]  # fmt: skip
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", FIRST_USE, *given], capture_output=True, text=True, timeout=100, check=False
        )
        assert done.stdout == "[True, True, True, True]\n", done.stderr
