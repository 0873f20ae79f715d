"""This file answers conditional requests: ETag, If-None-Match and If-Match (RFC 9110, section 13)."""

import hashlib
from http import HTTPStatus
from typing import Annotated, Any, TypeVar, cast

import msgspec
from litestar import MediaType, Response
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter

from sparring.server.problems import Refusal

T = TypeVar("T")
HEADER = ResponseHeader(name="ETag", documentation_only=True, description="changes with the content", value="")
NOT_MODIFIED = {304: ResponseSpec(None, generate_examples=False, description="it is still what If-None-Match names")}
IfNoneMatch = Annotated[str, HeaderParameter(name="If-None-Match", description="the ETag of what the client has")]
IfMatch = Annotated[str, HeaderParameter(name="If-Match", description="the ETag of what the change is meant for")]


def tagged(value: T, if_none_match: str = "") -> Response[T]:
    """Return `value` as JSON with its tag, or 304 where the client has it already."""
    body = msgspec.json.encode(value)
    tag = tag_of(body)
    if _names(if_none_match, tag):
        return Response(cast("T", None), status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    return Response(cast("T", body), media_type=MediaType.JSON, headers={"ETag": tag})


def check_match(current: Any, if_match: str) -> None:
    """Refuse a change of something that the client has not seen as it is now.

    Raises:
        Refusal: 412 when If-Match is sent and does not name the tag of `current`.
    """
    tag = tag_of(msgspec.json.encode(current))
    if if_match and tag not in _tags(if_match) and if_match.strip() != "*":
        raise Refusal(
            HTTPStatus.PRECONDITION_FAILED,
            "it was changed since you read it; read it again, then change it",
            headers={"ETag": tag},
        )


def tag_of(body: bytes) -> str:
    """Return the strong entity tag of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _names(header: str, tag: str) -> bool:
    """Compare weakly, as If-None-Match wants it."""
    return header.strip() == "*" or tag in {each.removeprefix("W/") for each in _tags(header)}


def _tags(header: str) -> list[str]:
    return [each.strip() for each in header.split(",")]
