"""This file takes documents and finds the questions in them."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePath
from typing import Annotated, Any, Literal

from litestar import Router, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import Body, QueryParameter
from msgspec import Struct

from sparring.practice import Practice
from sparring.server.api.bodies import UPLOAD_MAX
from sparring.server.problems import Fault, Refusal, declared

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
_SCHEMA = Schema(
    type=OpenAPIType.OBJECT,
    properties={"file": Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, description="the document")},
    required=["file"],
)


class Imported(Struct, frozen=True, kw_only=True):
    """A question found in the document, and what was, or would be, done with it.

    `question` is the id in the bank that it became, was merged into, or is asked by already; it is empty where the same
    was imported before. `kind` and `section` are as the document has them; `years` is null where it states none.
    """

    number: str
    text: str
    kind: str
    section: str
    years: int | None
    line: int
    fate: Literal["new", "merged", "asked", "known"]
    question: str


class Import(Struct, frozen=True, kw_only=True):
    """What a document had, in its order, and what became of it in one sentence."""

    items: tuple[Imported, ...]
    summary: str


@dataclass
class _ImportOperation(Operation):
    """Litestar cannot say that the form must have a file, so it is said here."""

    def __post_init__(self) -> None:
        media_type = RequestEncodingType.MULTI_PART.value
        self.request_body = RequestBody(content={media_type: OpenAPIMediaType(schema=_SCHEMA)}, required=True)


@post(
    "/",
    operation_class=_ImportOperation,
    operation_id="importDocument",
    summary="Import a document",
    request_max_body_size=UPLOAD_MAX,
    responses=declared(
        s400="there is no file in the body, or a parameter is bad",
        s422="the document cannot be read, or has no question; nothing was changed",
    ),
    sync_to_thread=True,
)
def add(
    practice: NamedDependency[Practice],
    data: Upload,
    dry_run: Annotated[bool, QueryParameter(description="only say what would be done")] = False,  # noqa: FBT002 - a query parameter
) -> Import:
    """Find the questions in an HTML, Markdown, text, PDF or DOCX file and keep them as drafts; twice adds nothing."""
    from sparring.practice import imports  # the readers of all formats are loaded when one is needed

    found = imports.find([_document(data)])
    planned = imports.plan(practice, found)
    if not dry_run:
        imports.apply(practice, planned)
    return Import(
        items=tuple(_imported(each) for each in imports.fates(planned)),
        summary=imports.summary(planned, dry_run=dry_run),
    )


def _document(data: dict[str, Any]) -> tuple[str, bytes]:
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise Refusal(HTTPStatus.BAD_REQUEST, "/file: is missing", errors=[Fault("/file", "is missing")])
    return PurePath(file.filename).name or "document", file.file.read()


def _imported(fate: Any) -> Imported:
    found = fate.found
    return Imported(
        number=found.number,
        text=found.text,
        kind=found.kind,
        section=found.section,
        years=found.years,
        line=found.line,
        fate=fate.what,
        question=fate.question,
    )


router = Router("/imports", route_handlers=[add], tags=["imports"])
