"""`bandproof serve`: the bench page."""

from __future__ import annotations

import ipaddress
import os
import secrets
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, UsageError

if TYPE_CHECKING:
    import argparse

    from harness.serve.app import Room
    from harness.serve.guard import Role

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof serve`."""
    serve = commands.add_parser(
        "serve",
        help="the bench page: devices now, runs, questions, history",
        description="Needs pip install 'bandproof[serve]'. For this machine alone, unless --host names another address: "
        "then a token and TLS must be given.",
    )
    serve.add_argument("--bench", metavar="FILE", help="the bench file (default: bench.yaml here, BANDPROOF_BENCH)")
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1")
    serve.add_argument("--port", type=int, default=8765, metavar="N", help="default: 8765; 0: any that is free")
    serve.add_argument("--name", action="append", default=[], metavar="HOST", help="a name by which browsers know it")
    serve.add_argument("--token-file", metavar="FILE", help="the token of those who may act: one line")
    serve.add_argument("--reader-token-file", metavar="FILE", help="the token of those who may only look: one line")
    serve.add_argument("--tls-cert", metavar="FILE", help="certificate, PEM")
    serve.add_argument("--tls-key", metavar="FILE", help="its key, PEM")
    serve.add_argument("--reports", default="reports", metavar="DIR", help="where runs lie (default: reports)")
    serve.add_argument(
        "--history", metavar="URI", help="the history (default: that of the bench file, BANDPROOF_HISTORY)"
    )
    serve.set_defaults(run=serve_page)


def serve_page(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    if any(find_spec(name) is None for name in ("starlette", "uvicorn")):
        raise UsageError("the page needs two more packages", way_out="pip install 'bandproof[serve]'")
    tokens = _tokens(options)
    _require_safe(options, tokens)
    import uvicorn

    from harness.serve.app import BenchPage
    from harness.serve.guard import Guard

    room = _room(options)
    is_secure = bool(options.tls_cert)
    hosts = {*options.name, options.host, *(_LOOPBACK if _is_loopback(options.host) else ())}
    app = Guard(BenchPage(room).application(), hosts=hosts, tokens=tokens, is_secure=is_secure)
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        ssl_certfile=options.tls_cert,
        ssl_keyfile=options.tls_key,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    socket.listen(128)  # Who opens the address that is printed now is not refused.
    _say(options, socket.getsockname()[1], is_secure)
    server.run(sockets=[socket])
    return 0


def _say(options: argparse.Namespace, port: int, is_secure: bool) -> None:
    host = options.name[0] if options.name else options.host
    shown = f"[{host}]" if ":" in host else host
    more = " (open it once with ?token=… of the token file)" if options.token_file else ""
    sys.stdout.write(f"bench page: http{'s' if is_secure else ''}://{shown}:{port}/{more}\n")
    sys.stdout.flush()


def _room(options: argparse.Namespace) -> Room:
    from harness.history.place import chosen
    from harness.serve.app import Room
    from harness.serve.feed import live_folder
    from harness.survey.bench import default_path, load_bench

    found = load_bench(options.bench) if options.bench or default_path().is_file() else None
    bench, file = found or (None, None)
    live = live_folder()
    try:
        live.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FileError(f"cannot be made: {error.strerror}", path=str(live), way_out="set BANDPROOF_LIVE") from None
    history = chosen(options.history, bench.history if bench else None, file.parent if file else Path())
    return Room(live, Path(options.reports).absolute(), bench, file, history)


def _tokens(options: argparse.Namespace) -> dict[str, Role]:
    found: dict[str, Role] = {}
    if options.reader_token_file:
        found[_token(options.reader_token_file)] = "reader"
    if options.token_file:
        found[_token(options.token_file)] = "operator"
    if found and not options.token_file:
        found[secrets.token_urlsafe(24)] = "operator"  # Nobody knows it: nobody may act.
    return found


def _token(name: str) -> str:
    try:
        text = Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"cannot be read: {error}", path=name) from None
    if len(text) < 16 or not text.isascii() or any(sign.isspace() for sign in text):
        raise UsageError(
            f"the token in {name} can be guessed, or holds more than one word", way_out="openssl rand -hex 24 > FILE"
        )
    return text


def _require_safe(options: argparse.Namespace, tokens: dict[str, Role]) -> None:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise UsageError("TLS needs --tls-cert and --tls-key")
    for file in filter(None, (options.tls_cert, options.tls_key)):
        if not os.access(file, os.R_OK):
            raise FileError("cannot be read", path=file)
    if not _is_loopback(options.host) and not (tokens and options.tls_cert):
        raise UsageError(
            f"{options.host} is open to others: whoever reaches the page starts runs on the devices",
            way_out="--token-file, --tls-cert and --tls-key; or stay at 127.0.0.1",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
