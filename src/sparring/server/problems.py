"""This file tells what went wrong: programs as application/problem+json (RFC 9457), people who browse as a page."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import ParameterKwarg
from litestar.response import Template
from litestar.typing import FieldDefinition
from msgspec import Struct

from sparring.grading.session import ModelError
from sparring.practice import Conflict, Refused, Unknown
from sparring.store import CannotOpen, Missing, Stale, Taken, Unreachable, Unstorable

MEDIA_TYPE = "application/problem+json"
PAGE_TITLES = {404: "Not here", 409: "That does not fit", 413: "That is too large", 500: "Sparring failed here"}
"""What a page that tells of a problem is headed, where it is not simply that something cannot be done."""
NOT_JSON = HTTPStatus.UNPROCESSABLE_ENTITY
"""What a body that cannot be read is answered with; a readable body with bad fields is a 400."""

_log = logging.getLogger("sparring.server")
_STATUS: Mapping[type[Exception], HTTPStatus] = {
    Unknown: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    Taken: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.CONFLICT,
    Missing: HTTPStatus.CONFLICT,
    Unstorable: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    CannotOpen: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of what the parts below say; everything else that they raise is a fault of ours."""


class Fault(Struct, frozen=True):
    """One bad field: a JSON pointer into the body (RFC 6901), or the name of a parameter, and what is wrong with it."""

    field: str
    message: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem details object (RFC 9457); its type is `about:blank`, so the title is that of the status.

    `errors` has every bad field of the request. `id` finds a fault of ours in the server's log.
    """

    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    id: str = ""


class Refusal(Exception):
    """A request that is answered with a problem; raised by what lies around the handlers."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, tuple(errors), dict(headers or {})


def problem_of(status: int, detail: str, errors: Sequence[Fault] = ()) -> Problem:
    """Return the problem of a status."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=tuple(errors))


def declared(**details: str) -> dict[int, ResponseSpec]:
    """Return problems for the OpenAPI document, given as `s404="there is no such question"`."""
    return {
        int(name[1:]): ResponseSpec(Problem, generate_examples=False, description=detail, media_type=MEDIA_TYPE)
        for name, detail in details.items()
    }


def handlers(new_id: Callable[[], str]) -> dict[int | type[Exception], Any]:
    """Return the exception handlers of the app; `new_id` makes the id under which a fault of ours is logged."""

    def unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        name = new_id()
        # The path alone: a query may hold what the candidate typed.
        _log.error("%s %s failed (id %s)", request.method, request.url.path, name, exc_info=error)
        detail = f"Sparring failed here; what it acknowledged is kept. Its log has the reason under {name}"
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return _response(request, Problem(title=status.phrase, status=status, detail=detail, id=name))

    return {
        **dict.fromkeys(_STATUS, _expected),
        Refusal: _refused,
        HTTPException: _http,
        Exception: unexpected,
    }


def _expected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    errors = [Fault(f"/{error.field}", str(error))] if isinstance(error, Refused) and error.field else []
    headers = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return _response(request, problem_of(status, str(error), errors), headers)


def _refused(request: Request[Any, Any, Any], error: Refusal) -> Response[Any]:
    return _response(request, problem_of(error.status, error.detail, error.errors), error.headers)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    errors = _parameter_faults(request, error)
    detail = "; ".join(f"{each.field}: {each.message}" for each in errors)
    problem = problem_of(error.status_code, detail or _explanation(request, error), errors)
    return _response(request, problem, error.headers or {})


def _parameter_faults(request: Request[Any, Any, Any], error: HTTPException) -> list[Fault]:
    """Return what Litestar says of each parameter that it could not convert, under the name that the client knows."""
    if not isinstance(error, ValidationException) or not isinstance(error.extra, list):
        return []
    known = request.route_handler.parsed_fn_signature.parameters
    return [_parameter_fault(known.get(each.get("key", "")), each) for each in error.extra]


def _parameter_fault(field: FieldDefinition | None, extra: Mapping[str, str]) -> Fault:
    if field is None:
        return Fault(extra.get("key", ""), extra["message"])
    kwarg = field.kwarg_definition
    alias = kwarg.name if isinstance(kwarg, ParameterKwarg) else None
    return Fault(alias or field.name, explained(extra["message"], field.annotation))


def explained(message: str, wanted: Any) -> str:
    """Return msgspec's message about a value that is no `wanted`, with the values that are where they are few."""
    allowed = list(_allowed(msgspec.json.schema(wanted))) if "enum" in message else []
    use = f"; use {', '.join(map(str, allowed))}" if allowed else ""
    return message[:1].lower() + message[1:] + use


def _allowed(schema: Any) -> Iterator[Any]:
    """Yield the values that a JSON Schema lists, wherever it does."""
    if isinstance(schema, dict):
        yield from schema.get("enum", ())
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            if isinstance(each, dict | list):
                yield from _allowed(each)


def _explanation(request: Request[Any, Any, Any], error: HTTPException) -> str:
    path = request.url.path
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return f"there is nothing at {path}"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return f"{request.method} is not possible at {path}; the Allow header says what is"
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return "the body is too large: imports and restores may have 25 MB, everything else 1 MB"
        case _:
            return error.detail


def _response(
    request: Request[Any, Any, Any], problem: Problem, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    if not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        detail = f"{problem.detail[:1].upper()}{problem.detail[1:].rstrip('.')}."
        context = {"title": PAGE_TITLES.get(problem.status, "That cannot be done"), "detail": detail}
        return Template("problem.html", context=context, status_code=problem.status, headers=dict(headers or {}))
    body = msgspec.json.encode(problem)
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=dict(headers or {}))
