"""Who may come in: known hosts, forms of this page alone, a token where the page is open to a network, two roles."""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Role = Literal["operator", "reader"]
COOKIE = "bandproof"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would make browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_DAY_S = 86_400


class Guard:
    """The door of the page."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], tokens: dict[str, Role], is_secure: bool) -> None:
        """`tokens` empty: whoever reaches the page is the operator, which is for this machine alone."""
        self._app = app
        self._hosts = {host.lower() for host in hosts}
        self._tokens = tokens
        self._is_secure = is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    told.setdefault(name, value)
                told.setdefault("Content-Security-Policy", POLICY)
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | RedirectResponse | None:
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            return PlainTextResponse("this page is not known by that name\n", 400)
        is_form = scope["method"] not in {"GET", "HEAD"}
        if is_form and not _is_ours(headers, host):
            return PlainTextResponse("forms are taken from this page alone\n", 403)
        role: Role | None = "operator"
        if self._tokens:
            given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token")
            if given is not None and not is_form:
                return self._welcome(scope, given)
            role = self._role(headers)
        if role is None:
            return PlainTextResponse("a token is needed: open the address that `bandproof serve` printed\n", 401)
        if is_form and role != "operator":
            return PlainTextResponse("this token may look, not act\n", 403)
        scope["role"] = role
        return None

    def _welcome(self, scope: Scope, token: str) -> PlainTextResponse | RedirectResponse:
        """A token in the address becomes a cookie, and leaves the address."""
        if self._known(token) is None:
            return PlainTextResponse("that token is not known here\n", 401)
        rest = [one for one in parse_qsl(scope["query_string"].decode("latin-1")) if one[0] != "token"]
        # Only the path: an address that begins with two slashes would lead to another host.
        place = "/" + scope["path"].lstrip("/")
        answer = RedirectResponse(f"{place}?{urlencode(rest)}" if rest else place, 303)
        answer.set_cookie(
            COOKIE, token, max_age=_DAY_S, httponly=True, samesite="strict", secure=self._is_secure, path="/"
        )
        return answer

    def _role(self, headers: Headers) -> Role | None:
        word, _, bearer = headers.get("authorization", "").partition(" ")
        if word.lower() == "bearer":
            return self._known(bearer.strip())
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        return self._known(cookie.value) if cookie else None

    def _known(self, token: str) -> Role | None:
        found: Role | None = None
        for known, role in self._tokens.items():
            if secrets.compare_digest(known.encode(), token.encode("utf-8", "replace")):
                found = role
        return found


def _name(host: str) -> str:
    """A host without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_ours(headers: Headers, host: str) -> bool:
    """Whether a form was sent by this page, or by a program, which sends no origin."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    return urlsplit(origin).netloc.lower() == host.lower() and urlsplit(origin).scheme in {"http", "https"}
