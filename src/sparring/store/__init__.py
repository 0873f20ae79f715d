"""This file names what other parts may use of the store: the rows, the errors and the store itself."""

from sparring.store.errors import (
    BadExport,
    CannotOpen,
    Missing,
    Stale,
    StoreError,
    Taken,
    Unreachable,
    Unstorable,
)
from sparring.store.rows import Answer, Draft, GradeRow, Judged, Override, Request, Review, Undo
from sparring.store.store import Store, open_store

__all__ = [
    "Answer",
    "BadExport",
    "CannotOpen",
    "Draft",
    "GradeRow",
    "Judged",
    "Missing",
    "Override",
    "Request",
    "Review",
    "Stale",
    "Store",
    "StoreError",
    "Taken",
    "Undo",
    "Unreachable",
    "Unstorable",
    "open_store",
]
