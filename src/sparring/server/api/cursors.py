"""This file writes and reads cursors: where the next page of a list begins.

A cursor names the last row of its page, not a count of rows, so that rows which come or go in between neither repeat
nor hide one that was there all along.
"""

import base64
import binascii
import hashlib
from http import HTTPStatus

import msgspec

from sparring.server.problems import Fault, Refusal


def write(last: str, *filters: object) -> str:
    """Return the cursor after the row of the id `last`, good for the same filters only."""
    return base64.urlsafe_b64encode(msgspec.json.encode((last, _digest(filters)))).decode().rstrip("=")


def read(cursor: str, *filters: object) -> str:
    """Return the id of the row after which the page begins.

    Raises:
        Refusal: 422 for what is no cursor of a list with these filters.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        last, digest = msgspec.json.decode(text, type=tuple[str, str])
    except (binascii.Error, msgspec.DecodeError, UnicodeError, ValueError) as error:
        raise refused("is no cursor; take it from `next` of the page before") from error
    if digest != _digest(filters):
        raise refused("belongs to other filters; begin again without it")
    return last


def refused(message: str) -> Refusal:
    """Return what a bad cursor is answered with."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"cursor: {message}", errors=[Fault("cursor", message)])


def _digest(filters: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(filters).encode()).hexdigest()[:8]
