"""This file takes the newest rating back."""

from http import HTTPStatus
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from msgspec import Struct

from sparring.practice import Practice
from sparring.server.api.idempotency import Key, once
from sparring.server.problems import declared


class Undone(Struct, frozen=True, kw_only=True):
    """The question whose newest rating was taken back, and the answer that was rated, to be rated anew."""

    question: str
    answer: str | None


@post(
    "/undo",
    operation_id="undoReview",
    summary="Take the newest rating back",
    tags=["answers"],
    status_code=HTTPStatus.OK,
    responses=declared(
        s400="the Idempotency-Key is bad",
        s409="there is no rating to take back",
        s422="the key was used for another request",
    ),
    sync_to_thread=True,
)
def undo(request: Request[Any, Any, Any], practice: NamedDependency[Practice], idempotency_key: Key = "") -> Undone:
    """Take the newest rating back; the question's card is as it was before."""

    def act() -> str:
        review = practice.undo()
        return f"{review.question}/{review.answer or ''}"

    question, _, answer = once(practice, request, idempotency_key, None, act).partition("/")
    return Undone(question=question, answer=answer or None)
