"""This file computes where the marks of a chart go; the templates draw them as SVG."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from sparring.grading.calibration import CELLS, Pair, Table

WEEKS = 18
STEP = 15
LEFT = 32
TOP = 18


class Cell(Struct, frozen=True):
    """One day of the heat map."""

    x: int
    y: int
    level: int
    label: str


class Heat(Struct, frozen=True, kw_only=True):
    """Reviews per day over the last weeks, a column a week, Monday on top."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    months: tuple[tuple[int, str], ...]
    weekdays: tuple[tuple[int, str], ...]
    label: str


class Bar(Struct, frozen=True, kw_only=True):
    """One day of the forecast."""

    x: float
    y: float
    width: float
    height: float
    day: str
    count: int
    label: str


class Bars(Struct, frozen=True, kw_only=True):
    """How many questions come back on each day."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    label: str


class Dot(Struct, frozen=True):
    """Judged answers that share a raw score and the candidate's own."""

    x: float
    y: float
    radius: float
    label: str


class Plot(Struct, frozen=True, kw_only=True):
    """The grader's score against the candidate's: a dot per judgement, the table as a line, and the diagonal.

    `names` stand beside the two lines where they are furthest apart. `rows` are the same in figures: a raw score, what
    it becomes, and how many judged answers are near it.
    """

    width: int
    height: int
    dots: tuple[Dot, ...]
    line: str
    diagonal: tuple[float, float, float, float]
    names: tuple[tuple[float, float, str, str], ...]
    ticks: tuple[tuple[float, float, str], ...]
    rows: tuple[tuple[int, int, int], ...]
    label: str


def heat_map(days: Mapping[dt.date, int], today: dt.date) -> Heat:
    """Return the heat map of reviews per day that ends today."""
    first = today - dt.timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    dates = [first + dt.timedelta(days=n) for n in range((today - first).days + 1)]
    cells = tuple(_cell(date, (date - first).days, days.get(date, 0)) for date in dates)
    months = tuple(
        (LEFT + STEP * ((date - first).days // 7), f"{date:%b}")
        for date in dates
        if date.day <= 7 and date.weekday() == 0  # noqa: PLR2004 - the first Monday of a month
    )
    weekdays = tuple((TOP + STEP * n + 10, name) for n, name in ((0, "Mon"), (2, "Wed"), (4, "Fri")))
    total = sum(days.get(date, 0) for date in dates)
    label = f"{total} reviews in the last {WEEKS} weeks"
    width, height = LEFT + STEP * WEEKS, TOP + STEP * 7
    return Heat(width=width, height=height, cells=cells, months=months, weekdays=weekdays, label=label)


def _cell(date: dt.date, index: int, count: int) -> Cell:
    level = sum(count >= least for least in (1, 3, 6, 12))
    words = f"{count} review{'s' if count != 1 else ''} on {date:%A %-d %B}"
    return Cell(LEFT + STEP * (index // 7), TOP + STEP * (index % 7), level, words)


def forecast_bars(due: Sequence[int], today: dt.date) -> Bars:
    """Return the bars of the next days' reviews."""
    width, height, bottom, left = 640, 180, 156, 28
    most = max(*due, 4)
    slot = (width - left) / len(due)
    bars = []
    for index, count in enumerate(due):
        date, tall = today + dt.timedelta(days=index), (bottom - 12) * count / most
        label = f"{count} question{'s' if count != 1 else ''} on {date:%A %-d %B}"
        x = left + slot * index + 2
        bars.append(
            Bar(x=x, y=bottom - tall, width=slot - 4, height=tall, day=f"{date:%a %-d %b}", count=count, label=label)
        )
    ticks = tuple((bottom - (bottom - 12) * n / most, str(n)) for n in sorted({0, most // 2, most}))
    days = tuple((bar.x + slot / 2 - 2, "today" if n == 0 else bar.day[4:]) for n, bar in enumerate(bars) if n % 7 == 0)
    label = f"{sum(due)} questions come back in the next {len(due)} days, {due[0]} of them today"
    return Bars(width=width, height=height, bars=tuple(bars), ticks=ticks, days=days, label=label)


SIDE, EDGE = 260, 36
"""Of the plot: the length of both axes, and the room for what is written along them."""


def fit_plot(table: Table, pairs: Sequence[Pair]) -> Plot:
    """Return the plot of how the grader's scores fit the candidate."""
    dots = tuple(_dot(pair, count) for pair, count in sorted(Counter(pairs).items()))
    line = " ".join("{:.1f},{:.1f}".format(*_at(*knot)) for knot in table.knots)
    near = Counter(round(raw * CELLS) for raw, _ in pairs)
    steps = [(n, n / CELLS) for n in range(CELLS + 1)]
    rows = tuple((round(100 * raw), round(100 * table(raw)), near[n]) for n, raw in steps)
    furthest = max(steps, key=lambda step: abs(table(step[1]) - step[1]))[1]
    moves = "raised" if table(furthest) > furthest else "lowered"
    return Plot(
        width=EDGE + SIDE + 12,
        height=12 + SIDE + EDGE,
        dots=dots,
        line=line,
        diagonal=(*_at(0, 0), *_at(1, 1)),
        names=_names(table, min(0.7, max(0.3, furthest))),
        ticks=tuple((*_at(n / 100, n / 100), str(n)) for n in (0, 40, 70, 90, 100)),
        rows=rows,
        label=f"A score of {100 * furthest:.0f} % is {moves} to {100 * table(furthest):.0f} %, the largest shift",
    )


def _at(raw: float, score: float) -> tuple[float, float]:
    return EDGE + SIDE * raw, 12 + SIDE * (1 - score)


def _dot(pair: Pair, count: int) -> Dot:
    answers = f"{count} answer{'s' if count > 1 else ''}"
    return Dot(
        *_at(*pair), min(8, 3 + count / 4), f"{answers}: graded {100 * pair[0]:.0f} %, yours {100 * pair[1]:.0f} %"
    )


def _names(table: Table, raw: float) -> tuple[tuple[float, float, str, str], ...]:
    """Return the lines' names with their place: the upper line's to the left above it, the lower one's right below."""
    lines = sorted([(table(raw), "for you"), (raw, "as graded")])
    (x, low), (_, high) = _at(raw, lines[0][0]), _at(raw, lines[1][0])
    return (x + 10, low + 16, "start", lines[0][1]), (x - 10, high - 8, "end", lines[1][1])
