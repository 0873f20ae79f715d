"""This file serves the OpenAPI document of the API."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from inspect import cleandoc
from typing import Any, get_args

import msgspec
from litestar import Litestar, Response, Router, get
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Tag
from msgspec import Struct

from sparring.server.api.health import VERSION
from sparring.server.problems import MEDIA_TYPE, NOT_JSON, Problem

PREFIX = "/api/v1"
CONFIG = OpenAPIConfig(
    title="Sparring",
    version=VERSION,
    description="Everything the pages can do. Errors are problem details (RFC 9457) that name every bad field.",
    use_handler_docstrings=True,
    tags=[
        Tag("questions", "The bank, drafts, and what is left out of the plan"),
        Tag("answers", "Answers, their grades, corrections and ratings"),
        Tag("plan", "What to practise, and where the candidate stands"),
        Tag("preferences", "What the candidate has chosen"),
        Tag("imports", "Questions from documents"),
        Tag("archive", "Everything out, and back in"),
        Tag("server", "The server itself"),
    ],
)
_ALWAYS = {
    "403": ("Foreign", "the request comes from another site"),
    "421": ("Misdirected", "this server does not answer for that host"),
    "500": ("Fault", "a fault of the server; `id` finds it in the log"),
    "503": ("Unavailable", "the database does not answer now; try again"),
}
_WITH_BODY = {
    "413": ("TooLarge", "the body is too large"),
    "415": ("WrongType", "the body is of another media type"),
    str(int(NOT_JSON)): ("Unreadable", "the body cannot be read"),
}
"""What every operation may answer, and what every one that takes a body may: name and description by status."""


def serving(nouns: Sequence[Router | HTTPRouteHandler]) -> HTTPRouteHandler:
    """Return the handler that serves the OpenAPI 3.1 document of `nouns`, written at the first request.

    Litestar would serve pages beside it that load scripts from other hosts; nothing here leaves the machine.
    """

    @cache
    def written() -> bytes:
        return msgspec.json.encode(document(nouns))

    @get("/openapi.json", include_in_schema=False, sync_to_thread=True)
    def show_document() -> Response[bytes]:
        return Response(written(), media_type="application/json")

    return show_document


def document(nouns: Sequence[Router | HTTPRouteHandler]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of `nouns`.

    The schemas are msgspec's own: Litestar's leave out that unknown fields are refused. What every operation may answer
    is added here, once.
    """
    app = Litestar(
        [Router(PREFIX, route_handlers=nouns)],
        dependencies={"practice": Provide(_nothing, sync_to_thread=False)},
        openapi_config=CONFIG,
        logging_config=None,
    )
    document = app.openapi_schema.to_schema()
    _, schemas = msgspec.json.schema_components(_structs(app), ref_template="#/components/schemas/{name}")
    for schema in schemas.values():
        schema["description"] = cleandoc(schema.get("description", "").partition("Raises:")[0])
    document["components"] = {"schemas": schemas, "responses": _responses()}
    for item in document["paths"].values():
        for operation in item.values():
            _complete(operation)
    return document


def _responses() -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    named = [("Invalid", "a parameter is bad"), *(_ALWAYS | _WITH_BODY).values()]
    return {name: {"description": description, "content": content} for name, description in named}


def _nothing() -> None:
    """Stand in for the practice, of which a document needs only to know that it is no parameter."""


def _complete(operation: dict[str, Any]) -> None:
    """Add what every operation may answer; take empty defaults away, which say only that a parameter is optional."""
    for status, (name, _) in (_ALWAYS | (_WITH_BODY if "requestBody" in operation else {})).items():
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})
    if "application/json" in operation["responses"].get("400", {}).get("content", {}):  # Litestar's own
        operation["responses"]["400"] = {"$ref": "#/components/responses/Invalid"}
    for parameter in operation.get("parameters", ()):
        if parameter["schema"].get("default") == "":
            del parameter["schema"]["default"]


def _structs(app: Litestar) -> list[type[Struct]]:
    """Return every struct that a handler takes or returns."""
    found: dict[str, type[Struct]] = {"Problem": Problem}
    for handler in _handlers(app):
        signature = handler.parsed_fn_signature
        fields = [signature.return_type, *(each for name, each in signature.parameters.items() if name == "data")]
        for each in fields:
            for kind in (each.annotation, *get_args(each.annotation)):
                if isinstance(kind, type) and issubclass(kind, Struct):
                    found[kind.__name__] = kind
    return list(found.values())


def _handlers(app: Litestar) -> Iterator[HTTPRouteHandler]:
    for route in app.routes:
        handlers: Mapping[Any, Any] = getattr(route, "route_handler_map", {})
        for handler, _ in handlers.values():
            if handler.resolve_include_in_schema():
                yield handler
