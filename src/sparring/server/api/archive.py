"""This file serves everything out as one JSON document, and takes it back in."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import RawBody
from msgspec import Struct

from sparring.practice import Practice
from sparring.server.api.bodies import JSON, UPLOAD_MAX, check_media_type
from sparring.server.problems import declared


class Restored(Struct, frozen=True, kw_only=True):
    """What was brought back, in words."""

    message: str


@dataclass
class _RestoreOperation(Operation):
    """The body is read by the practice in a thread, since it is large; so it is described here."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.OBJECT, description="what `GET /export` gave")
        self.request_body = RequestBody(content={JSON: OpenAPIMediaType(schema=schema)}, required=True)


def _is_json(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    check_media_type(connection, JSON)


@get(
    "/export",
    operation_id="exportAll",
    summary="Everything as JSON",
    response_headers=[
        ResponseHeader(name="Content-Disposition", documentation_only=True, description="names the file", value="")
    ],
    sync_to_thread=True,
)
def export(practice: NamedDependency[Practice]) -> Response[dict[str, Any]]:
    """Return the whole log, the cards, drafts and preferences, and the questions that imports wrote."""
    from sparring.practice import archive  # as below

    name = f"sparring-{practice.now().date()}.json"
    body: Any = archive.export(practice, "json")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=JSON, headers=headers)


@post(
    "/restore",
    operation_id="restoreAll",
    summary="Bring an export back",
    status_code=200,
    operation_class=_RestoreOperation,
    request_max_body_size=UPLOAD_MAX,
    guards=[_is_json],
    responses=declared(s422="it is no export, or has a fault, which is named; nothing was changed"),
    sync_to_thread=True,
)
def restore(practice: NamedDependency[Practice], body: RawBody) -> Restored:
    """Add what an export holds; what is there already stays as it is, so that restoring twice adds nothing."""
    from sparring.practice import archive  # loads every format, and is seldom needed

    return Restored(message=archive.restore(practice, "json", body, "the body"))


router = Router("/", route_handlers=[export, restore], tags=["archive"])
