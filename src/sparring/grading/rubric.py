"""This file defines the Rubric, what an answer is judged against, and how a question yields one."""

from msgspec import Struct

from sparring.content import Choice, FollowUp, Kind, Point, Question, RedFlag


class Rubric(Struct, frozen=True, kw_only=True):
    """What an answer to `prompt` is judged against.

    `proposed` says that nobody wrote the key points: they were taken from the reference answer's sentences.
    """

    prompt: str
    reference: str
    kind: Kind = "concept"
    points: tuple[Point, ...]
    choices: tuple[Choice, ...] = ()
    flags: tuple[RedFlag, ...] = ()
    proposed: bool = False


def rubric_of(question: Question) -> Rubric:
    """Return the rubric of a question."""
    return Rubric(
        prompt=question.prompt,
        reference=question.answer,
        kind=question.kind,
        points=question.points,
        choices=question.choices,
        flags=question.flags,
        proposed=question.draft,
    )


def rubric_of_follow_up(follow: FollowUp) -> Rubric:
    """Return the short rubric of a follow-up question; its points all weigh the same."""
    points = tuple(Point(id=f"{follow.id}-{index}", says=says) for index, says in enumerate(follow.points, start=1))
    return Rubric(prompt=follow.ask, reference=" ".join(follow.points), points=points)
