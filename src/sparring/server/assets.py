"""This file serves the static files of the pages."""

import hashlib
import mimetypes
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter

from sparring.server.rendering import STATIC

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class Asset(msgspec.Struct, frozen=True):
    """A static file as it is sent."""

    body: bytes
    digest: str
    media_type: str


@get("/static/{path:path}", include_in_schema=False, sync_to_thread=True)
def show(
    request: Request[Any, Any, Any], path: FromPath[str], v: Annotated[str, QueryParameter(max_length=64)] = ""
) -> Response[bytes]:
    """Return a static file; under its content's hash, `?v=`, it may be kept for ever."""
    asset = _assets().get(path.lstrip("/"))
    if asset is None:
        raise NotFoundException
    headers = {
        "ETag": f'"{asset.digest}"',
        "Cache-Control": FOR_EVER if v and asset.digest.startswith(v) else ASK_AGAIN,
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


@cache
def _assets() -> dict[str, Asset]:
    """Return every static file by its path; only these are served, so no path can lead out of the folder."""
    files = (path for path in STATIC.rglob("*") if path.is_file())
    return {path.relative_to(STATIC).as_posix(): _read(path) for path in files}


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, hashlib.sha256(body).hexdigest(), kind)
