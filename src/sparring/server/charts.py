"""This file computes where the marks of a chart go; the templates draw them as SVG."""

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct

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
