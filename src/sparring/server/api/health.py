"""This file says that the server runs, which version it is, and whether it can grade at once."""

from importlib.metadata import version
from typing import Literal

from litestar import get
from litestar.di import NamedDependency
from msgspec import Struct

from sparring.practice import Practice

VERSION = version("sparring")


class Health(Struct, frozen=True, kw_only=True):
    """The state of the server; while the model is loading, a graded answer waits for it."""

    status: Literal["ok"] = "ok"
    version: str = VERSION
    model: Literal["ready", "loading"]


@get("/health", operation_id="getHealth", summary="Whether the server runs", tags=["server"], sync_to_thread=False)
def show(practice: NamedDependency[Practice]) -> Health:
    """Return the version, and whether the embedding model is loaded."""
    return Health(model="ready" if practice.encoder.ready else "loading")
