"""The shell script that asks a rooted handset's AT node and its qmicli, and the reading of its output. Pure.

Opening and closing a node for each command loses the answer (reference adb-reading-paths.md section 4): a node is
opened once, in both directions. The script runs in mksh, which every Android has as `sh` (BASHPID and `read -t` are
its own); in it no quote of the single kind may stand. Every wait in it ends by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.links.host_tool import is_query
from harness.links.read_only import is_read

if TYPE_CHECKING:
    from collections.abc import Sequence

SILENCE_S = 3
"""How long a node may be silent before its answer counts as ended."""
NODE_S = 25
"""How long one node, or one run of qmicli, may take in all."""
_MOST_LINES = 300

_FUNCTIONS = r"""
m=@NONCE@
ask() {
 printf "%s ask %s\n" "$m" "$1"
 printf "%s\r" "$1" >&3
 n=0; f=cut
 while [ $n -lt @LINES@ ] && IFS= read -r -t @SILENCE@ l <&3; do
  printf "%s\n" "$l"
  n=$((n+1))
  case "$l" in OK|OK[!A-Za-z]*|ERROR|ERROR[!A-Za-z]*|"+CME ERROR"*|"+CMS ERROR"*) f=end; break;; esac
 done
 printf "%s %s\n" "$m" "$f"
}
node() {
 [ -c "$1" ] || return 1
 r=$(readlink -f "$1")
 if ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q -e "-> $r\$"; then printf "%s held %s\n" "$m" "$1"; return 1; fi
 exec 3<>"$1" || return 1
 s=$(stty -g <&3 2>/dev/null) && stty raw -echo <&3 2>/dev/null
 printf "%s node %s\n" "$m" "$1"
 ask AT
 if [ $f = end ]; then
@ASKS@  :
 fi
 [ -n "$s" ] && stty "$s" <&3 2>/dev/null
 [ $f = end ]
}
tool() {
 printf "%s tool %s\n" "$m" "$1"
 "$q" -d qrtr://0 "$1" 2>/dev/null
 printf "%s exit %s\n" "$m" "$?"
}
run() {
 (
  p=$BASHPID
  ( exec </dev/null >/dev/null 2>&1 3>&-; sleep @NODE@; kill -9 $p ) &
  w=$!
  "$@"
  e=$?
  kill $w 2>/dev/null
  exit $e
 )
}
"""


_FORMS = (r'AT\+SP5GCMDS="GET NR SUPPORT_BAND"',)
"""Unisoc's set form that reads: this text and no other."""


@dataclass(frozen=True, slots=True)
class RootQuestion:
    """One question of the script: an AT command of a node, or a query of qmicli; whole where its end was seen."""

    kind: Literal["at", "qmi"]
    request: str
    response: bytes
    whole: bool
    node: str
    exit_code: int | None = None


def compose(nonce: str, *, nodes: Sequence[str], commands: Sequence[str], queries: Sequence[str], su: bool) -> str:
    """The script: the first node that answers is asked the commands, and qmicli the queries where it is installed.

    `su`: the shell is not root and becomes it. Raises ValueError for a command or query that is no read form, for a
    node outside /dev, and for anything that cannot be quoted.
    """
    for command in commands:
        if not is_read(command, _FORMS) or "'" in command:
            raise ValueError(f"{command!r} is no read form")
    for query in queries:
        if not is_query(f"qmicli {query}"):
            raise ValueError(f"{query!r} is no query")
    for node in nodes:
        if not re.fullmatch(r"/dev/[\w/-]+", node):
            raise ValueError(f"{node!r} is no device node")
    asks = "".join(f'  ask "{_quoted(command)}"\n' for command in commands)
    text = _FUNCTIONS.lstrip("\n")
    for name, value in (
        ("NONCE", nonce),
        ("LINES", _MOST_LINES),
        ("SILENCE", SILENCE_S),
        ("NODE", NODE_S),
        ("ASKS", asks),
    ):
        text = text.replace(f"@{name}@", str(value))
    if nodes:
        text += " || ".join(f"run node {node}" for node in nodes) + "\n"
    if queries:
        text += (
            'for q in qmicli /data/local/tmp/qmicli ""; do [ -z "$q" ] || command -v "$q" >/dev/null && break; done\n'
        )
        text += 'if [ -n "$q" ]; then\n' + "".join(f" run tool {query}\n" for query in queries) + "fi\n"
    text += ":\n"
    return _as_root(text) if su else text


def _quoted(text: str) -> str:
    """For a place between double quotes."""
    return re.sub(r'(["$`\\])', r"\\\1", text)


def _as_root(script: str) -> str:
    """Magisk and SuperSU take `su -c SCRIPT`; the su of AOSP's userdebug builds takes `su 0 PROGRAM`."""
    return (
        f"s='{script}'\n"
        'if [ "$(su -c "id -u" 2>/dev/null)" = 0 ]; then su -c "$s"\n'
        'elif [ "$(su 0 id -u 2>/dev/null)" = 0 ]; then su 0 sh -c "$s"\n'
        "fi\n"
    )


def read_output(output: bytes, nonce: str) -> tuple[list[RootQuestion], list[str]]:
    """What was asked and answered, in order, and the nodes that another program holds.

    Output that was cut off leaves its last question without a whole answer.
    """
    found: list[RootQuestion] = []
    held: list[str] = []
    node, request, body = "", "", bytearray()
    kind: Literal["at", "qmi"] = "at"
    mark = nonce.encode() + b" "
    for row in output.split(b"\n"):
        at = row.find(mark)
        if at < 0:
            body += row + b"\n"
            continue
        body += row[:at]
        word, _, rest = row[at + len(mark) :].decode("utf-8", "replace").rstrip("\r").partition(" ")
        if word in {"end", "cut", "exit"} and request:
            code = int(rest) if word == "exit" and rest.isdecimal() else None
            found.append(RootQuestion(kind, request, bytes(body), word != "cut", node, code))
            request = ""
        elif word == "held":
            held.append(rest)
        elif word == "node":
            node = rest
        elif word in {"ask", "tool"}:
            kind = "at" if word == "ask" else "qmi"
            request = rest if word == "ask" else f"qmicli {rest}"
        body.clear()
    if request:
        found.append(RootQuestion(kind, request, bytes(body), False, node))
    return [one for one in found if one.request != "AT"], held
