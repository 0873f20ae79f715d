"""This file has the measures that the grading benchmark prints, and the isotonic fit that its protocols ask for."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Names = NDArray[np.str_]


def correlation(left: Values, right: Values) -> float:
    """Return Pearson's r, or 0 where one side is constant."""
    if left.std() < 1e-12 or right.std() < 1e-12:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def correlation_inside(predicted: Values, true: Values, groups: Names) -> float:
    """Return the mean of Pearson's r inside each group whose true values differ."""
    parts = [(predicted[groups == name], true[groups == name]) for name in np.unique(groups)]
    return float(np.mean([correlation(left, right) for left, right in parts if right.std() > 0]))


def rmse(predicted: Values, true: Values) -> float:
    """Return the root of the mean squared error."""
    return float(np.sqrt(np.mean(np.square(predicted - true))))


def auc(scores: Values, positive: NDArray[np.bool_]) -> float:
    """Return the probability that a positive scores above a negative; ties count half (Mann and Whitney, 1947)."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        same = scores == value
        ranks[same] = ranks[same].mean()
    ones = int(positive.sum())
    return float((ranks[positive].sum() - ones * (ones + 1) / 2) / (ones * (len(scores) - ones)))


def f1(predicted: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """Return the harmonic mean of precision and recall."""
    hits = int((predicted & true).sum())
    return 2 * hits / max(int(predicted.sum()) + int(true.sum()), 1)


def macro_f1(predicted: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """Return the mean of the F1 of both classes."""
    return (f1(predicted, true) + f1(~predicted, ~true)) / 2


def isotonic(raw: Values, true: Values) -> Callable[[Values], Values]:
    """Return the non-decreasing map from `raw` to `true` with the least squared error (pool adjacent violators)."""
    order = np.argsort(raw, kind="stable")
    blocks: list[list[float]] = []
    for x, y in zip(raw[order], true[order], strict=True):
        blocks.append([float(y), 1.0, float(x), float(x)])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean, weight, _, last = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + mean * weight) / (before[1] + weight)
            before[1], before[3] = before[1] + weight, last
    knots = np.array([x for block in blocks for x in block[2:]])
    values = np.repeat([block[0] for block in blocks], 2)
    return lambda asked: np.interp(asked, knots, values)


def leave_one_out(raw: Values, true: Values, groups: Names) -> Values:
    """Return predictions for each group by the isotonic map of all other groups."""
    predicted = np.empty(len(raw))
    for name in np.unique(groups):
        out = groups == name
        predicted[out] = isotonic(raw[~out], true[~out])(raw[out])
    return predicted


def best_cut(raw: Values, positive: NDArray[np.bool_]) -> float:
    """Return the threshold with the highest macro-F1."""
    cuts: Sequence[float] = np.quantile(raw, np.linspace(0.02, 0.98, 97)).tolist()
    return max(cuts, key=lambda cut: macro_f1(raw >= cut, positive))
