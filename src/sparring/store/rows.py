"""This file defines what the store keeps: one frozen value for each kind of row.

Answers, grades, overrides, reviews and undos are a log: they are added and never changed. All times are aware.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sparring.grading.grade import Grade, Verdict
from sparring.scheduling.card import Card
from sparring.settings import Preferences

Id = Annotated[str, Meta(min_length=1)]
Via = Literal["typed", "spoken", "terminal"]


class Answer(Struct, frozen=True, kw_only=True):
    """What a candidate answered to a question, or to its follow-up of the id `follow_up`; `seconds` it took."""

    id: Id
    question: Id
    follow_up: str | None = None
    text: str
    seconds: float | None = None
    via: Via
    at: datetime


class GradeRow(Struct, frozen=True, kw_only=True):
    """The grade that `grader` gave the answer of the id `answer`."""

    id: Id
    answer: Id
    grade: Grade
    grader: str
    at: datetime


class Override(Struct, frozen=True, kw_only=True):
    """The candidate's own verdict on one criterion of an answer's grade."""

    id: Id
    answer: Id
    criterion: str
    verdict: Verdict
    at: datetime


class Review(Struct, frozen=True, kw_only=True):
    """One rating of a question, 1 to 4, with its card as it was `before` and as it became `after`.

    `answer` is None where the candidate rated without answering. A question that was never reviewed has no card in the
    store; `before` is then the card that a new question starts with.
    """

    id: Id
    question: Id
    answer: str | None = None
    rating: Annotated[int, Meta(ge=1, le=4)]
    at: datetime
    before: Card
    after: Card


class Undo(Struct, frozen=True, kw_only=True):
    """The candidate took back the review of the id `review`."""

    id: Id
    review: Id
    at: datetime


class Judged(Struct, frozen=True, kw_only=True):
    """An answer to a question whose grade the candidate rated or corrected; `rating` is None where it was not rated."""

    answer: Id
    question: Id
    grade: Grade
    rating: int | None


class Draft(Struct, frozen=True, kw_only=True):
    """An answer in the making; a question has at most one."""

    question: Id
    text: str
    at: datetime


class Request(Struct, frozen=True, kw_only=True):
    """A request that was carried out under an idempotency key, and the `resource` it made."""

    key: Id
    fingerprint: str
    resource: str
    at: datetime


class Contents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a store holds, in the order in which it may be put back."""

    answers: tuple[Answer, ...] = ()
    grades: tuple[GradeRow, ...] = ()
    overrides: tuple[Override, ...] = ()
    reviews: tuple[Review, ...] = ()
    undos: tuple[Undo, ...] = ()
    cards: tuple[Card, ...] = ()
    drafts: tuple[Draft, ...] = ()
    requests: tuple[Request, ...] = ()
    preferences: Preferences | None = None
