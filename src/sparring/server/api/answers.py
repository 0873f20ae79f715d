"""This file takes answers, shows them graded, and takes the candidate's own verdicts and ratings of them."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from sparring.content import FollowUp, Slug
from sparring.grading.grade import Grade, Rating, Verdict
from sparring.grading.rubric import Rubric
from sparring.practice import ANSWER_LENGTH_MAX, Practice, Result
from sparring.server.api import cursors
from sparring.server.api.idempotency import Key, once
from sparring.server.api.questions import Cursor, Limit
from sparring.server.problems import declared
from sparring.store import Answer, GradeRow, Override, Review
from sparring.store.rows import Via

SECONDS_MAX = 24 * 3600
Id = Annotated[str, PathParameter(max_length=80, pattern=r"^[A-Za-z0-9_-]+$", description="the answer's id")]
Seconds = Annotated[float, Meta(ge=0, le=SECONDS_MAX)]
_LOCATION = ResponseHeader(name="Location", documentation_only=True, description="of the answer", value="")
_MISSING = "there is no such answer, or its question is gone"


class NewAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a candidate answers to a question, or to its follow-up of the id `follow_up`; `seconds` it took."""

    question: Annotated[Slug, Meta(examples=["idempotency"])]
    text: Annotated[str, Meta(max_length=ANSWER_LENGTH_MAX, pattern=r"^[^\x00]*$")]
    seconds: Seconds | None = None
    via: Via = "typed"
    follow_up: Slug | None = None


class NewOverride(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The candidate's own verdict on one criterion of the grade."""

    criterion: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
    verdict: Verdict


class NewReview(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How well it went: 1 Again, 2 Hard, 3 Good, 4 Easy."""

    rating: Rating


class Graded(Struct, frozen=True, kw_only=True):
    """An answer with all that is known of it.

    `grade` has the candidate's overrides applied, `graded` is the grade as it was first given. `follow_ups` are asked
    next. `intervals` say when the question comes back after each rating; `review` is the rating that was given.
    """

    answer: Answer
    grade: Grade
    graded: GradeRow
    overrides: tuple[Override, ...]
    rubric: Rubric
    follow_ups: tuple[FollowUp, ...]
    intervals: Mapping[Rating, dt.timedelta]
    review: Review | None


class AnswerPage(Struct, frozen=True, kw_only=True):
    """A page of answers, newest first; `next` is the cursor of the next page, null on the last one."""

    items: tuple[Answer, ...]
    next: str | None


@post(
    "/",
    operation_id="addAnswer",
    summary="Answer a question",
    response_headers=[_LOCATION],
    responses=declared(
        s400="the body or the Idempotency-Key is bad",
        s404="there is no such question or follow-up",
        s422="the key was used for another request, or the body is no JSON",
    ),
    sync_to_thread=True,
)
def add(
    request: Request[Any, Any, Any],
    practice: NamedDependency[Practice],
    data: JSONBody[NewAnswer],
    idempotency_key: Key = "",
) -> Response[Graded]:
    """Keep an answer and grade it; it is on disk before it is graded, and the grade follows even after a crash."""

    def submit() -> str:
        answer = practice.submit(data.question, data.text, seconds=data.seconds, via=data.via, follow_up=data.follow_up)
        return answer.id

    return _made(practice, once(practice, request, idempotency_key, data, submit))


@get(
    "/",
    operation_id="listAnswers",
    summary="Answers given so far",
    responses=declared(s400="a parameter is bad", s422="the cursor is of another list"),
    sync_to_thread=True,
)
def find(
    practice: NamedDependency[Practice],
    question: Annotated[str, QueryParameter(max_length=80, pattern=r"^[a-z0-9-]*$", description="of this one")] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> AnswerPage:
    """Return answers, newest first: of one question, or of all."""
    before = cursors.read(cursor, question) if cursor else None
    rows = practice.store.answers(question=question or None, before=before, limit=limit + 1)
    more = len(rows) > limit
    return AnswerPage(items=tuple(rows[:limit]), next=cursors.write(rows[limit - 1].id, question) if more else None)


@get(
    "/{answer_id:str}",
    operation_id="getAnswer",
    summary="One answer with its grade",
    responses=declared(s400="the id is bad", s404=_MISSING),
    sync_to_thread=True,
)
def show(practice: NamedDependency[Practice], answer_id: Id) -> Graded:
    """Return an answer with its grade."""
    return _graded(practice.result(answer_id))


@post(
    "/{answer_id:str}/overrides",
    operation_id="overrideFinding",
    summary="Correct the grader",
    response_headers=[_LOCATION],
    responses=declared(
        s400="the id, the body or the Idempotency-Key is bad",
        s404=_MISSING,
        s422="the grade has no such criterion, the verdict does not fit it, the key was used for another request, "
        "or the body is no JSON",
    ),
    sync_to_thread=True,
)
def override(
    request: Request[Any, Any, Any],
    practice: NamedDependency[Practice],
    answer_id: Id,
    data: JSONBody[NewOverride],
    idempotency_key: Key = "",
) -> Response[Graded]:
    """Keep the candidate's own verdict on one finding; the grader's stays in the log."""

    def act() -> str:
        return practice.override(answer_id, data.criterion, data.verdict).answer.id

    return _made(practice, once(practice, request, idempotency_key, data, act))


@post(
    "/{answer_id:str}/review",
    operation_id="rateAnswer",
    summary="Rate an answer",
    response_headers=[_LOCATION],
    responses=declared(
        s400="the id, the body or the Idempotency-Key is bad",
        s404=_MISSING,
        s409="the answer was rated already",
        s422="it answers a follow-up, the key was used for another request, or the body is no JSON",
    ),
    sync_to_thread=True,
)
def rate(
    request: Request[Any, Any, Any],
    practice: NamedDependency[Practice],
    answer_id: Id,
    data: JSONBody[NewReview],
    idempotency_key: Key = "",
) -> Response[Graded]:
    """Schedule the question by the rating of this answer."""

    def act() -> str:
        return practice.rate(answer_id, data.rating).answer or answer_id

    return _made(practice, once(practice, request, idempotency_key, data, act))


def _made(practice: Practice, answer_id: str) -> Response[Graded]:
    location = f"/api/v1/answers/{answer_id}"
    return Response(_graded(practice.result(answer_id)), headers={"Location": location})


def _graded(result: Result) -> Graded:
    return Graded(
        answer=result.answer,
        grade=result.grade,
        graded=result.graded,
        overrides=result.overrides,
        rubric=result.rubric,
        follow_ups=result.follow_ups,
        intervals=result.intervals,
        review=result.review,
    )


router = Router("/answers", route_handlers=[add, find, show, override, rate], tags=["answers"])
