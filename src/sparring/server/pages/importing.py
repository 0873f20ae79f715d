"""This file serves the import: drop a file, see what was found, keep it."""

from typing import Annotated, Any

from anyio.to_thread import run_sync
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from sparring.practice import Practice, Refused, imports
from sparring.server.api.bodies import UPLOAD_MAX

Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]
FATES = {"new": "new", "merged": "merged into", "asked": "the bank has it:", "known": "imported before:"}


@get("/import")
async def ask() -> Template:
    """Ask for a file."""
    return Template("import.html", context={"here": "/import"})


@post("/import", request_max_body_size=UPLOAD_MAX)
async def receive(practice: NamedDependency[Practice], data: Upload) -> Template | Redirect:
    """Keep the file, find its questions, and lead to what would happen."""
    file = data.get("file")
    if file is None or not file.filename:
        return _again("Choose a file first.")
    content = await file.read()
    try:
        upload = await run_sync(lambda: imports.receive(practice, file.filename, content))
    except Refused as refused:
        return _again(f"{refused}. Nothing was changed.")
    return Redirect(f"/import/{upload}", status_code=303)


def _again(problem: str) -> Template:
    return Template("import.html", context={"here": "/import", "problem": problem}, status_code=400)


@get("/import/{upload:str}", sync_to_thread=True)
def preview(practice: NamedDependency[Practice], upload: FromPath[str]) -> Template:
    """Show what was found and what would happen with each question."""
    plan = imports.preview(practice, upload)
    rows = [_row(each) for each in imports.fates(plan)]
    new = sum(each["change"] for each in rows)
    context = {
        "here": "/import",
        "upload": upload,
        "rows": rows,
        "changes": new,
        "headline": f"{len(rows)} questions found",
        "summary": imports.summary(plan, dry_run=True),
        "action": f"Keep {new} of them" if new < len(rows) else f"Keep all {len(rows)}",
    }
    return Template("import_preview.html", context=context)


def _row(fate: imports.Fate) -> dict[str, Any]:
    found = fate.found
    return {
        "number": found.number,
        "text": found.text,
        "answer": found.answer,
        "kind": found.kind,
        "years": "" if found.years is None else found.years,
        "where": f"line {found.line}" + (f", under “{found.section}”" if found.section else ""),
        "fate": FATES[fate.what],
        "into": fate.question if fate.what != "new" else "",
        "change": fate.what != "known",
    }


@post("/import/{upload:str}", sync_to_thread=True)
def keep(practice: NamedDependency[Practice], upload: FromPath[str]) -> Redirect:
    """Keep what was found."""
    imports.keep(practice, upload)
    return Redirect("/bank?pack=imported", status_code=303)


handlers = [ask, receive, preview, keep]
