"""Two runs never have one port or handset: by the system's locks, and by a lock file where there are none."""

import os
import subprocess
import sys

import pytest

from harness.errors import PortBusy
from harness.links import port_lock
from harness.links.port_lock import PortLock


@pytest.fixture(params=["posix", "library"])
def locks(request, monkeypatch, tmp_path):
    """Both ways; the library's own is that of this system, as it is Windows' there."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    if request.param == "library":
        pytest.importorskip("filelock")
        monkeypatch.setattr(port_lock, "_has_posix_locks", lambda: False)
    return request.param


def test_the_second_is_told_who_has_it(locks):
    first = PortLock("adb://R58M12ABCDE")
    with pytest.raises(PortBusy, match=rf"R58M12ABCDE is held by .* \({os.getpid()}\)"):
        PortLock("adb://R58M12ABCDE")
    PortLock("adb://R58M99ZZZZZ").release()
    first.release()
    PortLock("adb://R58M12ABCDE").release()


HOLD = """
import sys
from harness.links import port_lock
if sys.argv[1] == "library":
    port_lock._has_posix_locks = lambda: False
lock = port_lock.PortLock("adb://R58M12ABCDE")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_process_that_is_killed_lets_go(locks):
    command = [sys.executable, "-c", HOLD, locks]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(PortBusy, match=rf"\({other.pid}\)"):
            PortLock("adb://R58M12ABCDE")
        other.kill()
        other.wait()
        PortLock("adb://R58M12ABCDE").release()
