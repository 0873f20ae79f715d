"""This file makes a POST that is sent twice under one Idempotency-Key count once.

After draft-ietf-httpapi-idempotency-key-header-07. The key is kept in the transaction of what it did, so a client that
got no answer, because the connection broke or the server died, sends the same again and gets what it would have got.
A key says nothing about a request that was refused: that one changed nothing and is tried anew.
"""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import HeaderParameter

from sparring import store
from sparring.practice import Practice
from sparring.server.problems import Fault, Refusal

HEADER = "Idempotency-Key"
Key = Annotated[
    str,
    HeaderParameter(
        name=HEADER,
        max_length=255,
        pattern=r"^[\x20-\x7e]*$",
        schema_extra={"min_length": 1},
        description="makes sending the same request again safe; chosen by the client, such as a UUID",
    ),
]
"""The key, empty where none is sent. (As `str | None` it would be lost when it is the word "null".)"""


def once(practice: Practice, request: Request[Any, Any, Any], key: str, data: Any, act: Callable[[], str]) -> str:
    """Carry `act` out, unless it was already under this key, and return the id of what it made then.

    Args:
        practice: what is acted on.
        request: whose method and path the key is bound to.
        key: the Idempotency-Key, or nothing to act every time.
        data: the body, which the key is bound to as well.
        act: does it and returns the id of what it made.

    Raises:
        Refusal: 400 for an empty key, 422 when the key was used for another request.
    """
    if not key:
        if HEADER in request.headers:
            raise _refused(HTTPStatus.BAD_REQUEST, "must have 1 to 255 characters")
        return act()
    fingerprint = _fingerprint(request, data)
    # One writing transaction at a time: of two requests at once under one key the second one finds the first one's.
    with practice.store.transaction():
        if done := practice.store.request(key):
            return _same(done, fingerprint)
        made = act()
        practice.store.add_request(store.Request(key=key, fingerprint=fingerprint, resource=made, at=practice.now()))
    return made


def _same(done: store.Request, fingerprint: str) -> str:
    if done.fingerprint != fingerprint:
        reason = "was used for another request; send every new request with a key of its own"
        raise _refused(HTTPStatus.UNPROCESSABLE_ENTITY, reason)
    return done.resource


def _refused(status: HTTPStatus, reason: str) -> Refusal:
    return Refusal(status, f"{HEADER}: {reason}", errors=[Fault(HEADER, reason)])


def _fingerprint(request: Request[Any, Any, Any], data: Any) -> str:
    body = msgspec.json.encode(data, order="deterministic")
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).hexdigest()
