"""This file decides which requests the server answers at all, and which headers every response has.

There are no cookies and no sessions, so what protects a candidate's data from other sites in the same browser is the
origin of each request; docs/decisions/0005-csrf-without-tokens.md has the reasoning.
"""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.utils.path import normalize_path

from sparring.server.problems import MEDIA_TYPE, problem_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
STATIC = "/static/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Dictation needs the microphone; nothing here needs the rest.
    "permissions-policy": "microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()",
}
_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_NO_STORE = (b"cache-control", b"no-store")

RawHeaders = Iterable[tuple[bytes, bytes]]


def secured(app: ASGIApp, *, port: int, hosts: Iterable[str] = ()) -> ASGIApp:
    """Return `app` behind the checks of host and origin, with the security headers on all that it answers.

    Args:
        app: what answers the requests that pass.
        port: where the server listens; a Host may name it or leave it out.
        hosts: further hosts under which the server is reached; one without a port stands for every port.
    """
    allowed = frozenset(each.lower() for each in hosts if each)

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        reply = _with_headers(send, scope["path"])
        if refusal := refusal_of(scope["method"], scope["path"], scope["headers"], port, allowed):
            await _refuse(reply, *refusal)
        else:
            await app(scope, receive, reply)

    return handle


def refusal_of(
    method: str, path: str, headers: RawHeaders, port: int, allowed: frozenset[str]
) -> tuple[HTTPStatus, str] | None:
    """Return why a request is not answered, as a status and a sentence, or None."""
    host = _only(headers, b"host")
    if not _is_ours(host, port, allowed):
        return HTTPStatus.MISDIRECTED_REQUEST, (
            f"this server does not answer for the host `{host or 'none'}`; open it as http://localhost:{port}, "
            "or name the host when you start Sparring"
        )
    # What changes something, and all of the data, is for our own pages and for programs that are no browsers.
    if (method not in SAFE_METHODS or normalize_path(path).startswith("/api/")) and _is_foreign(host, headers):
        return HTTPStatus.FORBIDDEN, "the request comes from another site; only Sparring's own pages may make it"
    return None


def _is_ours(host: str, port: int, allowed: frozenset[str]) -> bool:
    name = host.lower()
    loopback = any(name in {each, f"{each}:{port}"} for each in LOOPBACK)
    return bool(name) and (loopback or name in allowed or name.rpartition(":")[0] in allowed)


def _is_foreign(host: str, headers: RawHeaders) -> bool:
    """Say whether a browser made the request for another origin's page.

    Every browser since 2023 sends Sec-Fetch-Site (W3C Fetch Metadata), and no script can forge it. Where it is missing,
    Origin decides; where both are, no browser made the request. The scheme of the origin is not compared: it is not
    known here behind a proxy that ends TLS. Go 1.25 does the same (net/http.CrossOriginProtection), except that here a
    foreign Origin is refused whatever Sec-Fetch-Site says.
    """
    site, origin = _only(headers, b"sec-fetch-site"), _only(headers, b"origin")
    if site not in {"", "same-origin", "none"}:
        return True
    return bool(origin) and not _is_origin_of(origin, host)


def _is_origin_of(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


def _only(headers: RawHeaders, name: bytes) -> str:
    """Return the header's value, nothing where it is missing, and what no check accepts where it is sent twice."""
    values = [value for key, value in headers if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else "sent twice" if values else ""


def _with_headers(send: Send, path: str) -> Send:
    async def reply(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], *_RAW_HEADERS]
            if not path.startswith(STATIC):
                headers.append(_NO_STORE)
            message["headers"] = headers
        await send(message)

    return reply


async def _refuse(send: Send, status: HTTPStatus, detail: str) -> None:
    body = msgspec.json.encode(problem_of(status, detail))
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
