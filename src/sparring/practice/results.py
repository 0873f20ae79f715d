"""This file defines what practising yields: the values that pages, API and command line show, and the refusals."""

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from sparring.content import FollowUp, Question
from sparring.grading.calibration import Pair, Table
from sparring.grading.grade import Basis, Grade, Rating
from sparring.grading.rubric import Rubric
from sparring.scheduling.card import Card
from sparring.scheduling.forecast import Mastery, Readiness, Streak
from sparring.scheduling.plan import Plan
from sparring.store import Answer, GradeRow, Override, Review


class Unknown(LookupError):
    """There is nothing of that kind with that id."""


class Refused(ValueError):
    """The request is understood and cannot be carried out; `field` names the input at fault."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Conflict(RuntimeError):
    """What is asked for was already done, or contradicts what was done."""


class Result(Struct, frozen=True, kw_only=True):
    """An answer with all that is known of it.

    `grade` has the candidate's overrides applied; `graded` is the grade as it was first given. `intervals` say how long
    until the next review after each rating, and `review` is the rating that was given, if it was.
    """

    answer: Answer
    question: Question
    rubric: Rubric
    graded: GradeRow
    grade: Grade
    overrides: tuple[Override, ...]
    follow_ups: tuple[FollowUp, ...]
    intervals: Mapping[Rating, dt.timedelta]
    review: Review | None


class Listed(Struct, frozen=True, kw_only=True):
    """A question in the bank list, with what the candidate has done about it."""

    question: Question
    card: Card | None
    last: GradeRow | None


class Today(Struct, frozen=True, kw_only=True):
    """What the first page shows: the plan of the day and where the candidate stands."""

    plan: Plan
    streak: Streak
    readiness: Readiness
    weakest: tuple[tuple[str, Mastery], ...]
    days: Mapping[dt.date, int]
    came_back_wrong: tuple[str, ...]


class Fit(Struct, frozen=True, kw_only=True):
    """How the scores of the grader in use, `basis`, fit the candidate.

    `judged` answers were rated or corrected; of the `rated` ones, `kept` got the rating that was suggested. `pairs` are
    each judged answer's raw score and the score that the candidate's judgement says. There is a `table` once there are
    enough of them; it shifts new grades if it is `used`, as the candidate has chosen.
    """

    basis: Basis
    judged: int
    rated: int
    kept: int
    pairs: tuple[Pair, ...]
    table: Table | None
    used: bool


class Progress(Struct, frozen=True, kw_only=True):
    """Where the candidate stands and what is coming."""

    days: Mapping[dt.date, int]
    due: tuple[int, ...]
    mastery: Mapping[str, Mastery]
    readiness: Readiness
    streak: Streak
    weak_points: tuple[tuple[str, str], ...]
    fit: Fit
