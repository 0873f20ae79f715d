"""This file defines the Grade, the one result that everything a candidate does ends in."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Basis = Literal["rule", "model", "executed", "simulated", "self", "human"]
Criterion = Literal["key-point", "red-flag", "structure", "requirement", "objective", "prediction"]
Verdict = Literal["met", "partly", "missed", "contradicted", "present", "not-assessed", "inconclusive"]
Confidence = Literal["low", "medium", "high"]
Rating = Literal[1, 2, 3, 4]

AGAIN: Rating = 1
HARD: Rating = 2
GOOD: Rating = 3
EASY: Rating = 4
RATING_NAMES: dict[Rating, str] = {AGAIN: "Again", HARD: "Hard", GOOD: "Good", EASY: "Easy"}
RATING_CUTS: tuple[tuple[float, Rating], ...] = ((0.90, EASY), (0.70, GOOD), (0.40, HARD), (0.0, AGAIN))
"""Lowest score of each suggested rating."""


class Finding(Struct, frozen=True, kw_only=True):
    """What was found about one criterion of the rubric.

    `quote` is an exact slice of the answer, `answer[start:end]`, or empty with start = end = 0 where nothing in the
    answer speaks to the criterion.
    """

    criterion: str
    kind: Criterion
    verdict: Verdict
    quote: str = ""
    start: int = 0
    end: int = 0
    basis: Basis = "rule"


class Offline(Struct, frozen=True, kw_only=True):
    """What the rules alone made of an answer that a model graded, to be shown beside it; `verdicts` by criterion."""

    score: float
    rating: Rating
    verdicts: dict[str, Verdict]


class Cost(Struct, frozen=True, kw_only=True):
    """What asking a model took: calls, seconds and tokens in all.

    `uncounted` is how many of the calls came without a count of their tokens, which are then in no sum. `money` is at
    the prices of that day, in their currency, or None where the candidate has set none.
    """

    calls: int
    seconds: float
    tokens_in: int = 0
    tokens_out: int = 0
    uncounted: int = 0
    money: float | None = None


class Raw(Struct, frozen=True, kw_only=True):
    """What a grader itself gave, where the candidate's corrections of other answers shifted it."""

    score: float
    interval: tuple[float, float]
    confidence: Confidence


class Grade(Struct, frozen=True, kw_only=True):
    """The judgement of one attempt.

    `score` is 0 to 1; `interval` holds the true score in 4 of 5 cases; `rating` 1 to 4 is the suggested review (Again,
    Hard, Good, Easy); `notes` say in plain words what limited the score or could not be assessed. Where a model was
    asked, `cost` says what that took, and where its findings count, `offline` what the rules alone had found. Where
    `raw` is set, the score is shifted from there, and the first note says so.
    """

    score: float
    rating: Rating
    basis: Basis
    confidence: Confidence
    interval: tuple[float, float]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    offline: Offline | None = None
    cost: Cost | None = None
    raw: Raw | None = None

    def finding(self, criterion: str) -> Finding | None:
        """Return the finding about `criterion`, or None."""
        return next((each for each in self.findings if each.criterion == criterion), None)

    def with_finding(self, changed: Finding) -> "Grade":
        """Return this grade with the finding of the same criterion replaced; the score stays."""
        findings = tuple(changed if each.criterion == changed.criterion else each for each in self.findings)
        return replace(self, findings=findings)

    def unshifted(self) -> "Grade":
        """Return this grade as the grader gave it."""
        if self.raw is None:
            return self
        return replace(
            self,
            score=self.raw.score,
            rating=rating_of(self.raw.score),
            interval=self.raw.interval,
            confidence=self.raw.confidence,
            notes=self.notes[1:],
            raw=None,
        )


def rating_of(score: float) -> Rating:
    """Return the suggested rating of a score from 0 to 1."""
    return next(rating for lowest, rating in RATING_CUTS if score >= lowest)


def moved(interval: tuple[float, float], by: float) -> tuple[float, float]:
    """Return the interval moved with its score, within 0 to 1."""
    low, high = (min(1.0, max(0.0, bound + by)) for bound in interval)
    return round(low, 4), round(high, 4)
