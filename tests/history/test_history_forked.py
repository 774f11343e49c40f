"""A process that is forked from one that wrote a history: DuckDB's threads did not come along."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

FORKED = """
import os
from harness.history.store import kept
assert kept().sql("SELECT 1").fetchall() == [(1,)]
child = os.fork()
if not child:
    # Neither crashes nor uses what is not its own.
    os._exit(0 if kept().sql("SELECT 2").fetchall() == [(2,)] else 9)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), kept().sql("SELECT 3").fetchall())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_a_database_of_its_own() -> None:
    told = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=False)
    assert (told.stdout.split(), told.returncode) == (["0", "[(3,)]"], 0), told.stderr
