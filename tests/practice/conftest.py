"""This file lends a practice with a clock that the test sets, over the shipped questions and a fresh data folder."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparring import wiring
from sparring.grading.embedding import Encoder
from sparring.practice import Practice
from sparring.settings import read_settings

NOW = dt.datetime(2026, 11, 20, 19, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**span)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The embedding model, loaded once."""
    return Encoder()


@pytest.fixture
def clock() -> Clock:
    """The clock of the practices of a test."""
    return Clock()


@pytest.fixture
def open_practice(encoder: Encoder, clock: Clock) -> Iterator[Callable[[Path], Practice]]:
    """Open practices over data folders, as starting the program would."""
    opened: list[Practice] = []

    def open_one(home: Path) -> Practice:
        practice = wiring.practice(read_settings({}, str(home)), encoder)
        practice.now = clock
        opened.append(practice)
        return practice

    yield open_one
    for each in opened:
        each.store.close()


@pytest.fixture
def practice(tmp_path: Path, open_practice: Callable[[Path], Practice]) -> Practice:
    """A fresh practice."""
    return open_practice(tmp_path / "home")
