"""This file writes everything a store holds as one JSON document, and reads such a document back."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from sparring.store.errors import BadExport
from sparring.store.rows import Contents

FORMAT = "sparring-export"
VERSION = 1

QUERIES = {
    "answers": ("add_answer", "id"),
    "grades": ("add_grade", "id"),
    "overrides": ("add_override", "id"),
    "reviews": ("add_review", "id"),
    "undos": ("add_undo", "review"),
    "cards": ("put_card", "question"),
    "drafts": ("put_draft", "question"),
    "requests": ("add_request", "key"),
}
"""For each list of a document, in the order of adding: the statement that adds a row, and the field that names it."""


def dump(contents: Contents) -> dict[str, Any]:
    """Return `contents` as a JSON document."""
    # Through JSON, so that the values are those that a reader of the file gets.
    return {"format": FORMAT, "version": VERSION, **msgspec.json.decode(msgspec.json.encode(contents))}


def read(document: dict[str, Any]) -> Contents:
    """Return what `document` holds.

    Raises:
        BadExport: naming the faulty place, or the version that is too new.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadExport(f'$.format: is not "{FORMAT}"; choose a file that Sparring exported')
    version = document.get("version")
    if version != VERSION:
        raise BadExport(f"$.version: is {version!r}, this Sparring reads {VERSION}; update Sparring")
    tables = {name: value for name, value in document.items() if name not in ("format", "version")}
    try:
        return msgspec.convert(tables, Contents)
    except (msgspec.ValidationError, ValueError) as error:
        raise BadExport(_placed(str(error))) from error


def missing(contents: Contents, there: Contents) -> Iterator[tuple[str, str, Struct]]:
    """Yield each row of `contents` that is not `there`: its place in the document, its adding statement, and itself."""
    for name, (query, key) in QUERIES.items():
        known = {getattr(row, key) for row in getattr(there, name)}
        for index, row in enumerate(getattr(contents, name)):
            if getattr(row, key) not in known:
                yield f"$.{name}[{index}]", query, row


def _placed(message: str) -> str:
    """Put the place that msgspec names last to the front."""
    found = re.fullmatch(r"(.*) - at `(.*)`", message, re.DOTALL)
    return f"{found[2]}: {found[1]}; correct it there, or export again" if found else message
