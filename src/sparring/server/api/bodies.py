"""This file reads JSON bodies strictly, and names every bad field of one at once."""

from http import HTTPStatus
from typing import Any, cast

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler
from litestar.params import BodyKwarg
from litestar.typing import FieldDefinition
from msgspec import Struct

from sparring.server.problems import NOT_JSON, Fault, Refusal, explained

JSON = RequestEncodingType.JSON.value
BODY_MAX = 1_000_000
UPLOAD_MAX = 25_000_000
"""Bytes a body may have: of a file or an export, and of everything else it is BODY_MAX."""


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body is read as JSON Schema sees it."""

    async def json(self) -> Any:
        """Return the JSON value of the body; a number without a fraction is an integer, however it is written.

        Raises:
            Refusal: 422 when the body holds none.
        """
        value = read_json(await self.body())
        return {name: _whole(each) for name, each in value.items()} if isinstance(value, dict) else value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


async def check_body(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a body that is not what the handler takes; a guard, so that it runs before anything else.

    Litestar's own conversion would take `"3"` for 3 and stop at the first bad field.

    Raises:
        Refusal: 415 for another media type, 422 for what is no JSON, 400 with every bad field.
    """
    field = handler.parsed_data_field
    if field is None:
        return
    wanted = _media_type(field)
    check_media_type(connection, wanted)
    if wanted == JSON:
        request = cast("StrictRequest", connection)
        faults = faults_of(field.annotation, await request.json())
        if faults:
            detail = "; ".join(f"{each.field or 'the body'}: {each.message}" for each in faults)
            raise Refusal(HTTPStatus.BAD_REQUEST, detail, errors=faults)


def check_media_type(connection: ASGIConnection[Any, Any, Any, Any], wanted: str) -> None:
    """Refuse a body of another media type than `wanted` (RFC 9110, section 15.5.16).

    Raises:
        Refusal: 415.
    """
    sent = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != wanted:
        detail = f"the body must be {wanted}, not {sent or 'of no stated type'}"
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept": wanted})


def read_json(body: bytes) -> Any:
    """Return the JSON value that `body` holds.

    Raises:
        Refusal: 422 with the reason why it holds none.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(NOT_JSON, f"the body is not JSON: {error}") from error


def faults_of(wanted: type[Struct], raw: Any) -> list[Fault]:
    """Return what is wrong with the JSON value `raw` as a `wanted`, field by field; msgspec stops at the first."""
    if not isinstance(raw, dict):
        return [Fault("", "must be a JSON object")]
    known = {each.encode_name: each for each in msgspec.structs.fields(wanted)}
    faults = [
        Fault(_pointer(name), f"is not known here; use {', '.join(known)}")
        for name in sorted(raw.keys() - known.keys())
    ]
    for name, each in known.items():
        if name in raw:
            faults += _mismatch(name, each.type, raw[name])
        elif each.required:
            faults.append(Fault(_pointer(name), "is missing"))
    return faults


def _mismatch(name: str, wanted: Any, raw: Any) -> list[Fault]:
    try:
        msgspec.convert(raw, wanted)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").replace("[", "/").replace("]", "")
        return [Fault(_pointer(name) + place, explained(message, wanted))]
    return []


def _pointer(name: str) -> str:
    """Return the JSON pointer to a field of the body (RFC 6901)."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _media_type(field: FieldDefinition) -> str:
    kwarg = field.kwarg_definition
    kind = kwarg.media_type if isinstance(kwarg, BodyKwarg) else RequestEncodingType.JSON
    return str(kind.value if isinstance(kind, RequestEncodingType) else kind)
