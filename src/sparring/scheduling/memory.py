"""This file predicts the memory of many questions at once: FSRS-6's formulas over numpy arrays.

The `fsrs` package answers for one card at a time; the planner asks about every card and every rating. The formulas are
those of https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm, and the tests hold them to the
package's own results.
"""

from typing import cast

import fsrs
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sparring.scheduling.card import STABILITY_MIN

Floats = NDArray[np.float64]
Days = NDArray[np.float64] | float

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
WEIGHTS: tuple[float, ...] = fsrs.Scheduler(enable_fuzzing=False).parameters
"""The package's default parameters, w0 to w20."""


class Memory(Struct, frozen=True):
    """The memory of many questions: stability in days, and difficulty from 1 to 10."""

    stability: Floats
    difficulty: Floats


def recall(memory: Memory, days: Days, weights: tuple[float, ...] = WEIGHTS) -> Floats:
    """Return the probability of recall `days` after the last review."""
    factor = 0.9 ** (-1 / weights[20]) - 1
    return cast("Floats", (1 + factor * np.maximum(days, 0) / memory.stability) ** -weights[20])


def first(rating: int, count: int, weights: tuple[float, ...] = WEIGHTS) -> Memory:
    """Return the memory of `count` questions after their first answer, rated 1 to 4."""
    difficulty = float(np.clip(weights[4] - np.exp(weights[5] * (rating - 1)) + 1, 1, 10))
    return Memory(np.full(count, max(weights[rating - 1], STABILITY_MIN)), np.full(count, difficulty))


def reviewed(memory: Memory, days: Days, rating: int, weights: tuple[float, ...] = WEIGHTS) -> Memory:
    """Return the memory after a review rated 1 to 4, `days` (whole days; 0 on the same day) after the last one."""
    apart = _missed(memory, days, weights) if rating == AGAIN else _recalled(memory, days, rating, weights)
    stability = np.where(np.less(days, 1), _same_day(memory, rating, weights), apart)
    return Memory(np.maximum(stability, STABILITY_MIN), _difficulty(memory, rating, weights))


def _recalled(memory: Memory, days: Days, rating: int, w: tuple[float, ...]) -> Floats:
    penalty = w[15] if rating == HARD else 1.0
    bonus = w[16] if rating == EASY else 1.0
    forgotten = np.exp((1 - recall(memory, days, w)) * w[10]) - 1
    growth = np.exp(w[8]) * (11 - memory.difficulty) * memory.stability ** -w[9] * forgotten * penalty * bonus
    return cast("Floats", memory.stability * (1 + growth))


def _missed(memory: Memory, days: Days, w: tuple[float, ...]) -> Floats:
    kept = (memory.stability + 1) ** w[13] - 1
    left = w[11] * memory.difficulty ** -w[12] * kept * np.exp((1 - recall(memory, days, w)) * w[14])
    return cast("Floats", np.minimum(left, memory.stability / np.exp(w[17] * w[18])))


def _same_day(memory: Memory, rating: int, w: tuple[float, ...]) -> Floats:
    growth = np.exp(w[17] * (rating - GOOD + w[18])) * memory.stability ** -w[19]
    return cast("Floats", memory.stability * (growth if rating == AGAIN else np.maximum(growth, 1.0)))


def _difficulty(memory: Memory, rating: int, w: tuple[float, ...]) -> Floats:
    easiest = w[4] - np.exp(w[5] * (EASY - 1)) + 1
    moved = memory.difficulty - w[6] * (rating - GOOD) * (10 - memory.difficulty) / 9
    return cast("Floats", np.clip(w[7] * easiest + (1 - w[7]) * moved, 1, 10))
