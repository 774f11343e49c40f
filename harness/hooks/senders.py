"""The three ways to tell: each has a deadline, and each answers a line for the operator, or None where all went well."""

from __future__ import annotations

import http.client
import os
import signal
import ssl
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness import __version__
from harness.recording.writer import write_atomically

from .event import CONTENT_TYPE
from .metrics import metrics_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.reports.document.document import Document

HOOK_S = 10.0
"""How long all hooks of a run may take."""
TOKEN = "BANDPROOF_WEBHOOK_TOKEN"  # noqa: S105 - the name of a variable
_TRIES = 2


def call_program(words: Sequence[str], report: Path, folder: Path, within_s: float = HOOK_S) -> str | None:
    """Run a program with the run's JSON on its standard input and the run's folder in BANDPROOF_RUN."""
    told = {**os.environ, "BANDPROOF_RUN": str(folder.absolute())}
    try:
        with report.open("rb") as given:
            process = subprocess.Popen(
                words,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=told,
                start_new_session=True,
            )
    except OSError as error:
        return f"the hook {words[0]} cannot be started: {error.strerror or error}"
    try:
        _, said = process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"the hook {words[0]} took longer than {within_s:g} s and was ended"
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        return f"the hook {words[0]} ended with {process.returncode}{': ' if last else ''}{''.join(last)}"
    return None


def post(url: str, event: bytes, within_s: float = HOOK_S) -> str | None:
    """Send an event; once more where that fails, with the same id, so that a receiver knows it for the same."""
    end, why = time.monotonic() + within_s, ""
    # The rest of an address may hold a secret: it is never told.
    place = f"the webhook at {urlsplit(url).hostname}"
    for left in reversed(range(_TRIES)):
        remaining = (end - time.monotonic()) / (left + 1)
        if remaining <= 0:
            break
        try:
            status = _posted(url, event, remaining)
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = f"{place} cannot be reached: {getattr(error, 'strerror', None) or error or type(error).__name__}"
            continue
        if 200 <= status < 300:
            return None
        why = f"{place} answered {status}"
        if status < 500:
            break
    return why or f"{place} did not answer in {within_s:g} s"


def _posted(url: str, event: bytes, within_s: float) -> int:
    parts = urlsplit(url)
    if parts.scheme == "https":
        link: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=within_s, context=ssl.create_default_context()
        )
    else:
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=within_s)
    headers = {"Content-Type": CONTENT_TYPE, "User-Agent": f"bandproof/{__version__}", "Connection": "close"}
    if token := os.environ.get(TOKEN):
        headers["Authorization"] = f"Bearer {token}"
    try:
        link.request("POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", event, headers)
        return link.getresponse().status
    finally:
        link.close()


def write_metrics(file: Path, document: Document) -> str | None:
    """Write the textfile that node_exporter collects: beside it, then renamed, as it may be read at any time."""
    try:
        write_atomically(file, metrics_of(document).encode("utf-8", "replace"))
        file.chmod(0o644)
    except OSError as error:
        return f"the metrics cannot be written to {file}: {error.strerror or error}"
    return None
