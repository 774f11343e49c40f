"""Logs of a baseband's diagnostic port (.qmdl, .hdf, .dlf, .sdm, .lpd) through the program SCAT, if it is installed.

SCAT (PyPI: signalcat) is GPL; it is called as a program and never imported. It also sends its packets to a UDP port of
a host; that is pointed at the discard port of this one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from harness.errors import InputError

SUFFIXES = {".qmdl": "qc", ".qmdl2": "qc", ".hdf": "qc", ".dlf": "qc", ".sdm": "sec", ".lpd": "hisi"}
DEADLINE_S = 120.0


def is_diagnostic_log(name: str) -> bool:
    """Whether a file is such a log, by the end of its name."""
    return Path(name).suffix.lower() in SUFFIXES


def to_pcap(data: bytes, name: str, *, deadline_s: float = DEADLINE_S) -> tuple[bytes, bytes]:
    """The log as a pcap file with GSMTAP packets, and what SCAT printed (raw CA tables are in there).

    Raises InputError where SCAT is not installed, fails, or does not end before the deadline.
    """
    program = shutil.which(os.environ.get("BANDPROOF_SCAT") or "scat")
    if program is None:
        raise InputError(
            f"{name}: a diagnostic log is read through SCAT, which is not installed", way_out="pip install signalcat"
        )
    suffix = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="bandproof-scat-") as folder:
        log, pcap = Path(folder) / f"log{suffix}", Path(folder) / "out.pcap"
        log.write_bytes(data)
        command = [program, "-t", SUFFIXES[suffix], "-d", str(log), "-F", str(pcap), "-L", "rrc", "-P", "9"]
        if SUFFIXES[suffix] == "qc":
            command.append("--cacombos")
        try:
            done = subprocess.run(
                command, capture_output=True, stdin=subprocess.DEVNULL, timeout=deadline_s, check=False, cwd=folder
            )
        except subprocess.TimeoutExpired as error:
            raise InputError(f"{name}: SCAT did not end within {deadline_s:.0f} s") from error
        except OSError as error:
            raise InputError(f"{name}: SCAT cannot be run: {error.strerror or error}") from error
        if not pcap.is_file() or (done.returncode != 0 and pcap.stat().st_size <= 24):
            said = (done.stderr or done.stdout).decode("utf-8", errors="replace").strip().splitlines()
            raise InputError(f"{name}: SCAT failed (exit {done.returncode})" + (f": {said[-1][:200]}" if said else ""))
        return pcap.read_bytes(), done.stdout
