"""Where the marks of a chart go follows from what it shows."""

import pytest

from sparring.grading.calibration import Pair, fit
from sparring.server.charts import fit_plot

RAISED: list[Pair] = [(0.5, 0.75)] * 40
LOWERED: list[Pair] = [(0.75, 0.5)] * 40


def test_answers_that_were_judged_alike_are_one_dot_that_counts_them() -> None:
    plot = fit_plot(fit(RAISED), [*RAISED, (0.2, 0.2)])
    assert [each.label for each in plot.dots] == [
        "1 answer: graded 20 %, yours 20 %",
        "40 answers: graded 50 %, yours 75 %",
    ]
    assert plot.dots[0].radius < plot.dots[1].radius


@pytest.mark.parametrize(("pairs", "upper", "way"), [(RAISED, "for you", "raised"), (LOWERED, "as graded", "lowered")])
def test_the_upper_line_is_named_above_and_the_lower_one_below(pairs: list[Pair], upper: str, way: str) -> None:
    plot = fit_plot(fit(pairs), pairs)
    below, above = plot.names
    assert above[3] == upper
    assert {above[3], below[3]} == {"for you", "as graded"}
    assert above[1] < below[1]
    assert f" is {way} to " in plot.label


def test_every_mark_lies_on_the_plot() -> None:
    pairs: list[Pair] = [(0.0, 1.0), (1.0, 0.0), (0.5, 0.5)]
    plot = fit_plot(fit(pairs), pairs)
    points = [tuple(map(float, point.split(","))) for point in plot.line.split()]
    for x, y in [*points, *((each.x, each.y) for each in plot.dots)]:
        assert 0 <= x <= plot.width
        assert 0 <= y <= plot.height
    assert points == sorted(points)
    assert [row[0] for row in plot.rows] == list(range(0, 101, 10))
    assert sum(row[2] for row in plot.rows) == 3
