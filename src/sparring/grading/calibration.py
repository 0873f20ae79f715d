"""This file fits the grader's scores to one candidate, from the answers that the candidate judged."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum

from msgspec import Struct
from msgspec.structs import replace

from sparring.grading.grade import RATING_CUTS, Grade, Raw, moved, rating_of
from sparring.grading.score import FLAG_CAP, confidence_of

Pair = tuple[float, float]
"""The grader's raw score of an answer, and the score that the candidate's judgement of it says."""

ANSWERS_MIN = 30
CHANGED_MIN = 5
"""Judged answers, and changed ones among them, below which there is no table: too little would move a score."""

CELLS = 10
"""The scores 0, 1 / CELLS, ..., 1 that pairs are gathered at; the rating cuts are among them."""

IDENTITY = 3.0
"""How many answers the grader's own score counts for at each of those scores. It is what keeps a table of few answers
near the grader: docs/decisions/0007-corrections.md has the simulation that chose it."""

LARGEST = 0.25
"""The most that a table shifts a score, whatever it was told: less than one of the wider rating bands."""

INSIDE = 0.05
"""How far inside the band of a rating the score lies that a changed rating says: half of the narrowest band."""


class Table(Struct, frozen=True, kw_only=True):
    """What the grader's score becomes for this candidate: straight lines between `knots`, (raw score, score).

    The knots cover 0 to 1 and rise or stay level, so that a better answer never scores less. `answers` were judged,
    `changed` of them otherwise than the grader did.
    """

    knots: tuple[Pair, ...]
    answers: int
    changed: int

    def __call__(self, raw: float) -> float:
        """Return the score that a raw score becomes."""
        for (left, low), (right, high) in pairwise(self.knots):
            if raw <= right:
                value = low + (high - low) * (raw - left) / (right - left)
                return round(min(high, max(low, value)), 4)
        return self.knots[-1][1]


class _Cell(Struct, frozen=True):
    """The answers of about one raw score: what they weigh, and their mean point."""

    weight: float
    raw: float
    score: float


def said(raw: float, rating: int) -> float:
    """Return the score that a rating says of an answer with this raw score.

    It is the raw score itself where the rating is its own. Otherwise it is the nearest score of the rating's band,
    but for INSIDE: the edge itself, averaged with anything, would never reach the band.
    """
    high = 1.0
    for low, name in RATING_CUTS:
        if name == rating and name != rating_of(raw):
            return round(min(high - INSIDE, max(low + INSIDE, raw)), 4)
        high = low
    return raw


def changed(pairs: Iterable[Pair]) -> int:
    """Return how many answers the candidate judged otherwise than the grader did."""
    return sum(raw != score for raw, score in pairs)


def enough(pairs: Sequence[Pair]) -> bool:
    """Tell whether there are answers enough for a table."""
    return len(pairs) >= ANSWERS_MIN and changed(pairs) >= CHANGED_MIN


def fit(pairs: Sequence[Pair]) -> Table:
    """Return the table that fits the pairs best among those that never fall.

    It is isotonic regression by pool-adjacent-violators (Barlow, Bartholomew, Bremner and Brunk, Statistical Inference
    under Order Restrictions, 1972): the pairs are gathered in cells, each cell also holds IDENTITY answers on which
    grader and candidate agree, and cells whose means fall are pooled until none does. No score moves further than
    LARGEST. Exact sums make the table the same in whatever order the pairs come.
    """
    pools: list[list[_Cell]] = []
    for cell in _cells(pairs):
        pools.append([cell])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    points = [(cell.raw, _mean(pool)) for pool in pools for cell in pool]
    return Table(knots=_knots(points), answers=len(pairs), changed=changed(pairs))


def _cells(pairs: Iterable[Pair]) -> list[_Cell]:
    gathered: list[list[Pair]] = [[] for _ in range(CELLS + 1)]
    for pair in pairs:
        gathered[round(pair[0] * CELLS)].append(pair)
    return [_cell(index / CELLS, own) for index, own in enumerate(gathered)]


def _cell(middle: float, own: Sequence[Pair]) -> _Cell:
    weight = IDENTITY + len(own)
    raw = fsum([IDENTITY * middle, *(each[0] for each in own)]) / weight
    score = fsum([IDENTITY * middle, *(each[1] for each in own)]) / weight
    return _Cell(weight, raw, score)


def _mean(pool: Sequence[_Cell]) -> float:
    return fsum(each.weight * each.score for each in pool) / fsum(each.weight for each in pool)


def _knots(points: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return the points, none shifted too far, with ends at 0 and 1 that are shifted as the nearest point is."""
    points = [(raw, min(raw + LARGEST, max(raw - LARGEST, score))) for raw, score in points]
    (first_raw, first), (last_raw, last) = points[0], points[-1]
    ends = (0.0, max(0.0, first - first_raw)), (1.0, min(1.0, last + (1.0 - last_raw)))
    inner = [each for each in points if 0.0 < each[0] < 1.0]
    return (ends[0], *inner, ends[1])


def apply(table: Table, grade: Grade) -> Grade:
    """Return the grade with its score shifted by the table, and rating, interval, confidence and notes in line.

    The interval keeps its width: the table moves a score and makes none surer. Where nothing was found, nothing is
    shifted, and an answer with a red flag stays below the cap. `raw` keeps what the grader gave, and the first note
    tells of the shift; a grade that is shifted already is shifted from there.
    """
    grade = grade.unshifted()
    score = table(grade.score) if grade.score else 0.0
    if any(each.kind == "red-flag" and each.verdict == "present" for each in grade.findings):
        score = min(score, FLAG_CAP)
    if score == grade.score:
        return grade
    interval = moved(grade.interval, score - grade.score)
    return replace(
        grade,
        score=score,
        rating=rating_of(score),
        interval=interval,
        confidence=confidence_of(interval, proposed=grade.confidence == "low"),
        notes=(_note(table, grade.score, score), *grade.notes),
        raw=Raw(score=grade.score, interval=grade.interval, confidence=grade.confidence),
    )


def _note(table: Table, raw: float, score: float) -> str:
    before, after = round(100 * raw), round(100 * score)
    way = "Raised" if score > raw else "Lowered"
    how = f"from {before} % to {after} %" if before != after else "by less than 1 %"
    return f"{way} {how} by your own corrections: you judged {table.answers} answers and changed {table.changed}."
