"""This file weighs what was measured about a key point into how likely it was made, touched, missed or denied."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple

from sparring.grading.grade import Verdict
from sparring.grading.inference import Relation
from sparring.grading.score import VALUES

LEAST = 1e-4
"""Probability below which the model's doubt counts no further."""

MET, PARTLY, AGAINST = 0.5, 0.5, 0.4
"""Probabilities from which a point is shown as made, as made or touched, and as contradicted."""

WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "bias": (-2.483, 1.204, 2.653, -0.264),
    "own": (0.048, -0.023, 0.003, -0.019),
    "rival": (-0.087, -0.015, 0.144, -0.027),
    "contrary": (-0.253, -0.065, -0.107, 0.347),
    "close": (1.796, -0.592, -1.681, 0.100),
    "subject": (-0.434, 0.460, 0.837, -0.734),
    "said": (1.685, 0.288, -3.434, 0.831),
    "denied": (-0.569, -0.151, -0.792, 1.390),
    "says": (0.042, 0.077, -0.048, -0.062),
    "touches": (-0.060, 0.226, -0.077, -0.023),
    "denies": (-0.122, -0.117, -0.183, 0.391),
    "elsewhere": (-0.249, -0.072, 0.146, 0.188),
    "all own": (0.457, -0.124, 0.409, -0.642),
    "all say": (1.453, -0.990, -1.546, 0.108),
    "all deny": (0.219, -1.829, 0.148, 1.122),
    "all elsewhere": (0.904, -1.074, 0.779, -0.633),
}
"""What each sign adds to the log-odds of met, partly, missed and contradicted; "all" are means over all points."""

TABLE = ((0.0, 0.0), (0.212, 0.25), (0.557, 0.7), (0.884, 1.0))
"""What the points are worth on average, and the share it stands for; strictly monotone."""


class Signs(Struct, frozen=True):
    """What the words of an answer tell about a point, before the two are read together."""

    own: float
    """Evidence, a log-odds, of the stretch that says most of it."""
    rival: float
    """The strongest evidence that this stretch says another point."""
    contrary: float
    """The strongest evidence for a wording that contradicts the point."""
    close: float
    """Similarity of the stretch with the point."""
    subject: float
    """Similarity of the whole answer with what the rubric is about."""
    said: float
    """Probability by these alone that the point is made."""
    denied: float
    """Probability by these alone that it is denied."""


class Likely(Struct, frozen=True):
    """How likely each verdict about a point is; the four add up to 1."""

    met: float
    partly: float
    missed: float
    contradicted: float

    @property
    def worth(self) -> float:
        """What the point is worth on average."""
        return self.met * VALUES["met"] + self.partly * VALUES["partly"] + self.contradicted * VALUES["contradicted"]

    @property
    def variance(self) -> float:
        """How far what it is worth may be from that, squared."""
        verdicts: tuple[Verdict, ...] = ("met", "partly", "missed", "contradicted")
        squared = sum(each * VALUES[verdict] ** 2 for each, verdict in zip(astuple(self), verdicts, strict=True))
        return float(squared - self.worth**2)


TURNED_ROUND = Likely(met=0.0, partly=0.0, missed=0.0, contradicted=1.0)
"""What a point is that was copied with one word turned: the words themselves say so."""


def judge(signs: Sequence[Signs], relations: Sequence[Relation]) -> list[Likely]:
    """Return how likely each verdict about each point is: a multinomial logistic model, fitted as `training/` says.

    Args:
        signs: what the words of the answer tell about each point.
        relations: what the nearest stretch of the answer does to each point.
    """
    if not signs:
        return []
    own = np.array([astuple(each) for each in signs])
    read = np.maximum([astuple(each) for each in relations], LEAST)
    whole = np.tile([own[:, 0].mean(), *read[:, (0, 2, 3)].mean(axis=0)], (len(own), 1))
    logits = np.column_stack([np.ones(len(own)), own, np.log(read), whole]) @ np.array(list(WEIGHTS.values()))
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return [Likely(*map(float, row)) for row in odds / odds.sum(axis=1, keepdims=True)]


def verdict_of(likely: Likely) -> Verdict:
    """Return the verdict that is shown for a point."""
    if likely.contradicted >= max(likely.met, AGAINST):
        return "contradicted"
    if likely.met >= MET:
        return "met"
    return "partly" if likely.met + likely.partly >= PARTLY else "missed"


def share_of(worth: float) -> float:
    """Return the share of the points that an average worth stands for."""
    worths, shares = zip(*TABLE, strict=True)
    return float(np.interp(worth, worths, shares))
