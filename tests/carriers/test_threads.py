"""Profiles that many threads read at once: the first use of each type is the dangerous one, so each try is a process."""

import subprocess
import sys

import pytest

SCRIPT = """
from concurrent.futures import ThreadPoolExecutor
from harness.carriers.store import Profiles
ids = ["us/att", "us/verizon", "us/t-mobile", "cn/china-mobile", "de/telekom", "jp/docomo", "gb/ee", "in/jio"]
with ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda id_: Profiles().carrier(id_), ids * 4))
"""


@pytest.mark.parametrize("number", range(6))
def test_many_threads_read_profiles_at_once(number: int) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
